//! csv: text in UTF-8 or GB18030, with commas, tabs or semicolons, which the first line tells. The home of `encoding_rs`.
//!
//! Nothing is guessed beyond that: bytes that are neither encoding, quotes that are not closed and rows that differ in
//! length are refused with their line.

use std::borrow::Cow;

use encoding_rs::GB18030;

use super::collect::Collector;
use super::error::{Kind, Place, SheetError};
use super::range::Window;
use super::{MOST_COLUMNS, MOST_ROWS, Sheet};
use crate::model::Decimal;
use crate::model::grid::{Cell, Extent, Value};
use crate::source::read;

/// Lines that are looked through, blank ones included: more than a table may have rows, so that its limit is what is named.
const MOST_LINES: u64 = MOST_ROWS as u64 + 1;

pub fn read(bytes: &[u8], window: Window) -> Result<Sheet, SheetError> {
    let text = decoded(bytes)?;
    let delimiter = delimiter(&text);
    let mut fields = Fields { rest: &text, line: 1, delimiter };
    let mut found = Collector::new("", window);
    let (mut width, mut row) = (None, 0u32);
    while let Some((line, values)) = fields.row()? {
        let expected = *width.get_or_insert(values.len());
        if values.len() != expected {
            // an empty line at the end is no row
            if fields.rest.trim().is_empty() && values.iter().all(|value| value.trim().is_empty()) {
                break;
            }
            let message = format!("这一行有 {} 格，第一行有 {expected} 格", values.len());
            let advice = "补齐或删去多余的分隔符；内容里有逗号的，用英文双引号括起来";
            return Err(SheetError::new(Kind::Ragged, Place::Line(line), message, advice));
        }
        if values.len() > MOST_COLUMNS as usize || u64::from(row) >= MOST_LINES {
            let message = format!("表格太大，最多 {MOST_COLUMNS} 列、{MOST_ROWS} 行");
            return Err(SheetError::new(Kind::TooLarge, Place::Line(line), message, "分成几个表"));
        }
        for (column, text) in values.into_iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            if found.wants(row, column as u32) {
                let value = Decimal::of_shown(&text).map_or(Value::Text, Value::Number);
                let cell = Cell { text: text.into(), value, extent: Extent::One };
                found
                    .push(row, column as u32, cell)
                    .map_err(|error| SheetError { place: Place::Line(line), ..error })?;
            }
        }
        row += 1;
    }
    found.finish(Vec::new())
}

/// The text: UTF-8, else GB18030, else a refusal.
fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, SheetError> {
    let refused = |at: usize, message: &str, advice: &str| {
        let line = bytes[..at.min(bytes.len())].iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
        SheetError::new(Kind::Encoding, Place::Line(line), message, advice)
    };
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(refused(0, "文件是 UTF-16 编码", "在 Excel 里另存为“CSV UTF-8（逗号分隔）”"));
    }
    let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = match read::as_text(body) {
        Some(text) => Cow::Borrowed(text),
        None if body.len() < bytes.len() => {
            return Err(refused(3 + valid_up_to(body), "文件标明是 UTF-8，这里的字节却不是", "换成原件，另存为 UTF-8"));
        }
        None => GB18030.decode_without_bom_handling_and_without_replacement(body).ok_or_else(|| {
            refused(
                first_fault(body),
                "既不是 UTF-8，也不是 GB18030 编码",
                "在 Excel 里另存为“CSV UTF-8（逗号分隔）”；已损坏的换成原件",
            )
        })?,
    };
    match text.char_indices().find(|(_, c)| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        Some((at, _)) => {
            let line = text[..at].bytes().filter(|byte| *byte == b'\n').count() as u64 + 1;
            let message = "有控制字符，不像文字";
            Err(SheetError::new(Kind::Encoding, Place::Line(line), message, "换成原件，另存为 UTF-8 的 CSV"))
        }
        None => Ok(text),
    }
}

fn valid_up_to(bytes: &[u8]) -> usize {
    std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len)
}

/// About where bytes stop being GB18030: the end of the last line that is.
fn first_fault(bytes: &[u8]) -> usize {
    let mut at = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if GB18030.decode_without_bom_handling_and_without_replacement(line).is_none() {
            break;
        }
        at += line.len();
    }
    at
}

/// What is most frequent in the first line, outside quotes.
fn delimiter(text: &str) -> char {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    let mut is_quoted = false;
    let mut counts = [(',', 0), ('\t', 0), (';', 0)];
    for c in line.chars() {
        is_quoted ^= c == '"';
        counts.iter_mut().filter(|(mark, _)| *mark == c && !is_quoted).for_each(|(_, count)| *count += 1);
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    counts.iter().find(|(_, count)| *count == most).map_or(',', |(mark, _)| *mark)
}

/// The line a row begins on, and its cells.
type Row<'a> = (u64, Vec<Cow<'a, str>>);

struct Fields<'a> {
    rest: &'a str,
    line: u64,
    delimiter: char,
}

impl<'a> Fields<'a> {
    /// The next row; `None` at the end.
    fn row(&mut self) -> Result<Option<Row<'a>>, SheetError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let line = self.line;
        let mut values = Vec::new();
        loop {
            values.push(if self.rest.starts_with('"') { self.quoted()? } else { self.bare()? });
            if let Some(rest) = self.rest.strip_prefix(self.delimiter) {
                self.rest = rest;
                if values.len() > MOST_COLUMNS as usize {
                    let message = format!("这一行超过 {MOST_COLUMNS} 列");
                    return Err(SheetError::new(Kind::TooLarge, Place::Line(line), message, "分成几个表"));
                }
                continue;
            }
            let rest = self.rest.strip_prefix('\r').unwrap_or(self.rest);
            self.rest = rest.strip_prefix('\n').unwrap_or(rest);
            self.line += 1;
            return Ok(Some((line, values)));
        }
    }

    fn bare(&mut self) -> Result<Cow<'a, str>, SheetError> {
        let delimiter = self.delimiter;
        let end = self.rest.find([delimiter, '\n', '\r']).unwrap_or(self.rest.len());
        let (value, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok(Cow::Borrowed(value))
    }

    fn quoted(&mut self) -> Result<Cow<'a, str>, SheetError> {
        let wrong = |line, message: &str| {
            let advice = "内容里的双引号写两个，整格用一对英文双引号括起来";
            SheetError::new(Kind::Ragged, Place::Line(line), message, advice)
        };
        let line = self.line;
        self.rest = &self.rest[1..];
        let mut value = Cow::Borrowed("");
        loop {
            let Some((inside, rest)) = self.rest.split_once('"') else {
                return Err(wrong(line, "从这里开始的双引号没有结束"));
            };
            self.line += inside.bytes().filter(|byte| *byte == b'\n').count() as u64;
            value = if value.is_empty() { Cow::Borrowed(inside) } else { Cow::Owned(value.into_owned() + inside) };
            self.rest = rest;
            match rest.strip_prefix('"') {
                Some(rest) => {
                    value = Cow::Owned(value.into_owned() + "\"");
                    self.rest = rest;
                }
                None if rest.is_empty() || rest.starts_with([self.delimiter, '\n', '\r']) => break,
                None => return Err(wrong(self.line, "双引号后面还有文字")),
            }
        }
        let value =
            if value.contains('\r') { Cow::Owned(value.replace("\r\n", "\n").replace('\r', "\n")) } else { value };
        Ok(value)
    }
}
