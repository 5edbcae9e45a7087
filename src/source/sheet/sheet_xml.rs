//! One sheet of an xlsx: cells with what they show, merged areas, hidden rows and columns.

use super::collect::Collector;
use super::error::{Kind, SheetError};
use super::range::{self, LAST_COLUMN, LAST_ROW, Window};
use super::xlsx::Shared;
use super::xml::{Node, Tag, Xml};
use crate::model::Decimal;
use crate::model::grid::{Cell, Extent, Value};

/// Longest text that a cell holds in an office program; longer ones are no cell's.
const LONGEST: usize = 32_767 * 4;

pub fn read(bytes: &[u8], name: &str, shared: &Shared, window: Window) -> Result<Collector, SheetError> {
    let label = format!("工作表“{name}”");
    let mut reader = Reader {
        xml: Xml::new(bytes, &label),
        shared,
        found: Collector::new(name, window),
        row: 0,
        column: 0,
        stored: String::new(),
        text: String::new(),
    };
    reader.sheet()?;
    Ok(reader.found)
}

/// The text of rich text: of a shared string, or of a cell that holds its own.
pub fn rich_text(xml: &mut Xml, into: &mut String) -> Result<(), SheetError> {
    xml.text(b"rPh", into)?;
    if into.len() > LONGEST {
        return Err(SheetError::damaged("有的文字比单元格能放下的还长"));
    }
    if into.contains("_x") {
        *into = unescaped(into);
    }
    if into.contains('\r') {
        *into = into.replace("\r\n", "\n").replace('\r', "\n");
    }
    Ok(())
}

/// `_x000D_` is how xlsx writes a character that XML has no room for.
fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        out.push_str(&rest[..at]);
        let code = rest.get(at + 2..at + 6).filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'));
        let code = code.filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match code.and_then(|code| char::from_u32(u32::from_str_radix(code, 16).ok()?)) {
            Some(c) => {
                out.push(c);
                rest = &rest[at + 7..];
            }
            None => {
                out.push_str("_x");
                rest = &rest[at + 2..];
            }
        }
    }
    out + rest
}

struct Reader<'a, 's> {
    xml: Xml<'a>,
    shared: &'s Shared,
    found: Collector,
    /// Where the next row and cell stand that do not say it.
    row: u32,
    column: u32,
    stored: String,
    text: String,
}

/// What the file says of a cell beside its value.
#[derive(Clone, Copy, PartialEq)]
enum Type {
    Number,
    Shared,
    Inline,
    Computed,
    Bool,
    Error,
    Date,
}

impl Reader<'_, '_> {
    fn sheet(&mut self) -> Result<(), SheetError> {
        loop {
            match self.xml.next()? {
                Node::Open(tag) if tag.is(b"row") => self.start_row(&tag)?,
                Node::Open(tag) if tag.is(b"c") => self.cell(&tag)?,
                Node::Open(tag) if tag.is(b"col") => self.columns(&tag),
                Node::Open(tag) if tag.is(b"mergeCell") => {
                    let area = tag.with(b"ref", |name| range::area(std::str::from_utf8(name).ok()?));
                    let area = area.ok_or_else(|| SheetError::damaged("合并单元格的位置看不懂"))?;
                    self.found.merge(area)?;
                }
                Node::End => return Ok(()),
                _ => {}
            }
        }
    }

    fn columns(&mut self, tag: &Tag) {
        let is_hidden = tag.is_set(b"hidden") || tag.number(b"width") == Some(0.0);
        if let (Some(first), Some(last), true) = (tag.number::<u32>(b"min"), tag.number::<u32>(b"max"), is_hidden) {
            self.found.hide_columns(first.saturating_sub(1), last.saturating_sub(1).min(LAST_COLUMN));
        }
    }

    fn start_row(&mut self, tag: &Tag) -> Result<(), SheetError> {
        if let Some(number) = tag.number::<u32>(b"r") {
            self.row = number.wrapping_sub(1);
        }
        if self.row > LAST_ROW {
            return Err(SheetError::damaged("行号超出表格"));
        }
        if tag.is_set(b"hidden") || tag.is_set(b"zeroHeight") || tag.number(b"ht") == Some(0.0) {
            self.found.hide_row(self.row);
        }
        self.column = 0;
        self.row += 1;
        Ok(())
    }

    fn cell(&mut self, tag: &Tag) -> Result<(), SheetError> {
        let (mut named, mut style, mut kind) = (None, 0usize, Type::Number);
        tag.each(|name, value| match name {
            b"r" => named = Some(std::str::from_utf8(value).ok().and_then(range::cell)),
            b"s" => style = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok()).unwrap_or(0),
            b"t" => kind = Type::of(value),
            _ => {}
        });
        let (row, column) = match named {
            Some(place) => place.ok_or_else(|| SheetError::damaged("单元格的位置看不懂"))?,
            None => (self.row.saturating_sub(1), self.column),
        };
        if column > LAST_COLUMN {
            return Err(SheetError::damaged("列号超出表格"));
        }
        self.column = column + 1;
        let (has_formula, has_value) = self.content(kind)?;
        if !self.found.wants(row, column) {
            return Ok(());
        }
        if has_formula && !has_value && kind != Type::Computed {
            let message = "这里是公式，文件里没有算好的结果";
            let advice = "用 WPS 或 Excel 打开，等公式算完，保存后再提交；或把公式粘贴成数值";
            return Err(SheetError::new(Kind::Uncomputed, self.found.place(row, column), message, advice));
        }
        if !has_value || (kind == Type::Number && self.stored.is_empty()) {
            return Ok(());
        }
        let shown = self.shown(kind, style, row, column).map_err(|error| error.at(self.found.place(row, column)))?;
        match shown {
            Some((text, value)) => {
                self.found.push(row, column, Cell { text: text.into_boxed_str(), value, extent: Extent::One })
            }
            None => Ok(()),
        }
    }

    /// Reads a cell's elements; whether there was a formula, and a value, which is left in `stored`.
    fn content(&mut self, kind: Type) -> Result<(bool, bool), SheetError> {
        let (mut has_formula, mut has_value, mut level) = (false, false, 0usize);
        self.stored.clear();
        loop {
            match self.xml.next()? {
                Node::Open(tag) if level == 0 && tag.is(b"v") => {
                    self.xml.text(b"", &mut self.stored)?;
                    has_value = true;
                }
                Node::Open(tag) if level == 0 && tag.is(b"is") && kind == Type::Inline => {
                    rich_text(&mut self.xml, &mut self.stored)?;
                    has_value = true;
                }
                Node::Open(tag) => {
                    has_formula |= level == 0 && tag.is(b"f");
                    level += 1;
                }
                Node::Close if level == 0 => return Ok((has_formula, has_value)),
                Node::Close => level -= 1,
                Node::Text(_) => {}
                Node::End => return Err(self.xml.broken()),
            }
        }
    }

    /// What a cell shows; `None` if it is empty.
    fn shown(
        &mut self,
        kind: Type,
        style: usize,
        row: u32,
        column: u32,
    ) -> Result<Option<(String, Value)>, SheetError> {
        let format = self.shared.styles.get(style).copied().unwrap_or(0);
        let format = &self.shared.formats[format];
        let text = match kind {
            Type::Number => {
                let number = self.stored.trim();
                let value: f64 = number.parse().map_err(|_| SheetError::damaged("数字看不懂"))?;
                if format.is_odd() {
                    self.found.odd_format(format.code(), row, column);
                }
                return Ok(Some(format.show(value, Decimal::of_stored(number), self.shared.is_1904)));
            }
            Type::Bool => {
                let is_true = self.stored.trim() == "1";
                return Ok(Some((if is_true { "TRUE" } else { "FALSE" }.into(), Value::Bool(is_true))));
            }
            Type::Error => return Ok(Some((self.stored.trim().to_owned(), Value::Error))),
            // a date as text (ISO 8601), which no program of today writes: shown as it is
            Type::Date => return Ok(Some((self.stored.trim().to_owned(), Value::Moment))),
            Type::Shared => {
                let index: Option<usize> = self.stored.trim().parse().ok();
                let text = index.and_then(|index| self.shared.strings.get(index));
                text.ok_or_else(|| SheetError::damaged("文字不在文件里"))?
            }
            Type::Inline => self.stored.as_str(),
            Type::Computed => {
                self.text = unescaped(&self.stored);
                self.text.as_str()
            }
        };
        Ok((!text.is_empty()).then(|| (format.show_text(text), Value::Text)))
    }
}

impl Type {
    fn of(name: &[u8]) -> Self {
        match name {
            b"s" => Type::Shared,
            b"inlineStr" => Type::Inline,
            b"str" => Type::Computed,
            b"b" => Type::Bool,
            b"e" => Type::Error,
            b"d" => Type::Date,
            _ => Type::Number,
        }
    }
}
