//! xls: a compound file with a stream of BIFF8 records ([MS-XLS]). The first part of the stream is about the workbook,
//! then follows one part for every sheet.
//!
//! A formula whose result is an empty text, and one that its program never computed, look the same in such a file: both
//! are read as empty.

use super::biff::{Record, Records};
use super::bytes::array;
use super::collect::Collector;
use super::error::{Kind, SheetError};
use super::format::Format;
use super::ole::{self, Ole};
use super::pick::{self, Listed};
use super::range::{Area, Window};
use super::{Choice, Sheet};
use crate::model::Decimal;
use crate::model::grid::{Cell, Extent, Value};

/// Numbers of records.
mod id {
    pub const FORMULA: u16 = 0x06;
    pub const EOF: u16 = 0x0a;
    pub const DATE_MODE: u16 = 0x22;
    pub const FILE_PASS: u16 = 0x2f;
    pub const COLUMN: u16 = 0x7d;
    pub const BOUND_SHEET: u16 = 0x85;
    pub const MUL_RK: u16 = 0xbd;
    pub const RICH_STRING: u16 = 0xd6;
    pub const XF: u16 = 0xe0;
    pub const MERGE_CELLS: u16 = 0xe5;
    pub const STRINGS: u16 = 0xfc;
    pub const LABEL_SST: u16 = 0xfd;
    pub const NUMBER: u16 = 0x203;
    pub const LABEL: u16 = 0x204;
    pub const BOOL_ERROR: u16 = 0x205;
    pub const STRING: u16 = 0x207;
    pub const ROW: u16 = 0x208;
    pub const RK: u16 = 0x27e;
    pub const FORMAT: u16 = 0x41e;
    pub const BOF: u16 = 0x809;
}

pub fn read(bytes: &[u8], choice: Option<&Choice>, window: Window) -> Result<Sheet, SheetError> {
    let ole = Ole::open(bytes).ok_or_else(|| SheetError::damaged("复合文档的目录不完整"))?;
    let disguised = |message: &str| SheetError::file(Kind::Disguised, message, "用 WPS 或 Excel 打开，另存为 xlsx");
    if ole.has("EncryptedPackage") {
        return Err(ole::encrypted());
    }
    if !ole.has("Workbook") {
        return Err(match ole.has("Book") {
            true => disguised("这是 Excel 97 以前的格式，不支持"),
            false => disguised("文件的扩展名是 xls，里面却没有工作簿"),
        });
    }
    let stream = ole.stream("Workbook").ok_or_else(|| SheetError::damaged("工作簿的数据不完整"))?;
    let workbook = Workbook::read(&stream)?;
    let listed: Vec<Listed> = workbook.sheets.iter().map(|(listed, _)| listed.clone()).collect();
    let (at, notes) = pick::pick(&listed, choice)?;
    let (listed, start) = &workbook.sheets[at];
    let mut reader = Reader { workbook: &workbook, found: Collector::new(&listed.name, window), pending: None };
    reader.sheet(&stream, *start)?;
    reader.found.finish(notes)
}

/// What all sheets share.
struct Workbook {
    sheets: Vec<(Listed, usize)>,
    strings: Vec<Box<str>>,
    styles: Vec<usize>,
    formats: Vec<Format>,
    is_1904: bool,
}

fn cut() -> SheetError {
    SheetError::damaged("有的记录不完整")
}

impl Workbook {
    fn read(stream: &[u8]) -> Result<Self, SheetError> {
        let (mut sheets, mut strings, mut is_1904) = (Vec::new(), Vec::new(), false);
        let (mut codes, mut ids, mut is_first) = (Vec::<(u16, String)>::new(), Vec::new(), true);
        for record in Records::new(stream, 0) {
            let record = record.ok_or_else(cut)?;
            if is_first && (record.id != id::BOF || record.u16(0) != Some(0x600)) {
                return Err(SheetError::damaged("工作簿不是 Excel 97 以后的格式"));
            }
            is_first = false;
            match record.id {
                id::FILE_PASS => return Err(ole::encrypted()),
                id::DATE_MODE => is_1904 = record.u16(0) == Some(1),
                id::FORMAT => codes.push((record.u16(0).ok_or_else(cut)?, record.cursor(2).text().ok_or_else(cut)?)),
                id::XF => ids.push(record.u16(2).ok_or_else(cut)?),
                id::STRINGS => strings = texts(&record).ok_or_else(|| SheetError::damaged("文字表不完整"))?,
                id::BOUND_SHEET => sheets.push(bound(stream, &record).ok_or_else(cut)?),
                id::EOF => break,
                _ => {}
            }
        }
        let code = |id| codes.iter().find(|(known, _)| *known == id).map(|(_, code)| code.as_str());
        let (styles, formats) = super::format_table(&ids, code);
        Ok(Self { sheets, strings, styles, formats, is_1904 })
    }
}

/// A sheet in the list of sheets, and where it begins.
fn bound(stream: &[u8], record: &Record) -> Option<(Listed, usize)> {
    let start = record.u32(0)? as usize;
    let (is_hidden, is_table) = (record.data.get(4)? & 3 != 0, *record.data.get(5)? == 0);
    let name = record.cursor(6).short_text()?;
    let is_cell = |record: Record| {
        matches!(
            record.id,
            id::FORMULA
                | id::MUL_RK
                | id::RICH_STRING
                | id::LABEL_SST
                | id::NUMBER
                | id::LABEL
                | id::BOOL_ERROR
                | id::RK
        )
    };
    // up to the end of the sheet, or of what can be read of it
    let records = Records::new(stream, start).map_while(|record| record.filter(|record| record.id != id::EOF));
    let is_empty = !records.into_iter().any(is_cell);
    Some((Listed { name, is_hidden, is_table, is_empty }, start))
}

/// The texts that cells refer to by number.
fn texts(record: &Record) -> Option<Vec<Box<str>>> {
    let count = record.u32(4)? as usize;
    let mut cursor = record.cursor(8);
    // the count may be a lie: texts are read until there are no more
    let mut texts = Vec::new();
    while texts.len() < count {
        texts.push(lines(cursor.text()?).into_boxed_str());
    }
    Some(texts)
}

fn lines(text: String) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}

struct Reader<'a> {
    workbook: &'a Workbook,
    found: Collector,
    /// A formula whose text stands in a record behind it: row, column, style.
    pending: Option<(u32, u32, u16)>,
}

impl Reader<'_> {
    fn sheet(&mut self, stream: &[u8], start: usize) -> Result<(), SheetError> {
        // charts within the sheet are sheets in it
        let mut depth = 0;
        for (index, record) in Records::new(stream, start).enumerate() {
            let record = record.ok_or_else(cut)?;
            match record.id {
                id::BOF => depth += 1,
                _ if index == 0 => return Err(SheetError::damaged("工作表不在它该在的地方")),
                id::EOF if depth <= 1 => return Ok(()),
                id::EOF => depth -= 1,
                _ if depth == 1 => self.record(&record)?,
                _ => {}
            }
        }
        Err(SheetError::damaged("工作表没有结束"))
    }

    fn record(&mut self, record: &Record) -> Result<(), SheetError> {
        match record.id {
            id::ROW => self.row(record),
            id::COLUMN => self.column(record),
            id::MERGE_CELLS => self.merges(record)?,
            id::MUL_RK => self.many(record)?,
            id::STRING => {
                if let Some((row, column, style)) = self.pending.take() {
                    let text = lines(record.cursor(0).text().ok_or_else(cut)?);
                    self.text(row, column, style, &text)?;
                }
            }
            id::LABEL_SST | id::LABEL | id::RICH_STRING | id::NUMBER | id::RK | id::BOOL_ERROR | id::FORMULA => {
                self.cell(record)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn row(&mut self, record: &Record) {
        let is_hidden = record.u16(12).is_some_and(|flags| flags & 0x20 != 0) || record.u16(6) == Some(0);
        if let (Some(row), true) = (record.u16(0), is_hidden) {
            self.found.hide_row(u32::from(row));
        }
    }

    fn column(&mut self, record: &Record) {
        let is_hidden = record.u16(8).is_some_and(|flags| flags & 1 != 0) || record.u16(4) == Some(0);
        if let (Some(first), Some(last), true) = (record.u16(0), record.u16(2), is_hidden) {
            self.found.hide_columns(u32::from(first), u32::from(last));
        }
    }

    fn merges(&mut self, record: &Record) -> Result<(), SheetError> {
        for index in 0..usize::from(record.u16(0).ok_or_else(cut)?) {
            let number = |at: usize| record.u16(2 + index * 8 + at).map(u32::from).ok_or_else(cut);
            let (top, bottom, left, right) = (number(0)?, number(2)?, number(4)?, number(6)?);
            if top > bottom || left > right {
                return Err(SheetError::damaged("合并单元格的位置看不懂"));
            }
            self.found.merge(Area { top, left, bottom, right })?;
        }
        Ok(())
    }

    /// Short numbers in a row of cells.
    fn many(&mut self, record: &Record) -> Result<(), SheetError> {
        let row = u32::from(record.u16(0).ok_or_else(cut)?);
        let first = u32::from(record.u16(2).ok_or_else(cut)?);
        for index in 0..record.data.len().saturating_sub(6) / 6 {
            let (style, number) = (record.u16(4 + index * 6), record.u32(6 + index * 6));
            let (value, exact) = short(number.ok_or_else(cut)?);
            self.number(row, first + index as u32, style.ok_or_else(cut)?, value, exact)?;
        }
        Ok(())
    }

    fn cell(&mut self, record: &Record) -> Result<(), SheetError> {
        let number = |at: usize| record.u16(at).ok_or_else(cut);
        let (row, column, style) = (u32::from(number(0)?), u32::from(number(2)?), number(4)?);
        match record.id {
            id::LABEL_SST => {
                let index = record.u32(6).ok_or_else(cut)? as usize;
                let missing = || SheetError::damaged("文字不在文件里").at(self.found.place(row, column));
                let workbook = self.workbook;
                let text = workbook.strings.get(index).ok_or_else(missing)?;
                self.text(row, column, style, text)
            }
            id::LABEL | id::RICH_STRING => {
                let text = lines(record.cursor(6).text().ok_or_else(cut)?);
                self.text(row, column, style, &text)
            }
            id::NUMBER => {
                let value = array(record.data, 6).map(f64::from_le_bytes).ok_or_else(cut)?;
                self.number(row, column, style, value, Decimal::of_float(value))
            }
            id::RK => {
                let (value, exact) = short(record.u32(6).ok_or_else(cut)?);
                self.number(row, column, style, value, exact)
            }
            id::BOOL_ERROR => {
                let [value, is_error] = array(record.data, 6).ok_or_else(cut)?;
                self.bool_or_error(row, column, value, is_error == 1)
            }
            _ => self.formula(record, row, column, style),
        }
    }

    fn formula(&mut self, record: &Record, row: u32, column: u32, style: u16) -> Result<(), SheetError> {
        let result: [u8; 8] = array(record.data, 6).ok_or_else(cut)?;
        self.pending = None;
        match result {
            [0, .., 0xff, 0xff] => self.pending = Some((row, column, style)),
            [1, _, value, .., 0xff, 0xff] => self.bool_or_error(row, column, value, false)?,
            [2, _, value, .., 0xff, 0xff] => self.bool_or_error(row, column, value, true)?,
            [.., 0xff, 0xff] => {}
            _ => {
                let value = f64::from_le_bytes(result);
                self.number(row, column, style, value, Decimal::of_float(value))?;
            }
        }
        Ok(())
    }

    fn format(&self, style: u16) -> Result<&Format, SheetError> {
        let format = self.workbook.styles.get(usize::from(style)).and_then(|place| self.workbook.formats.get(*place));
        format.ok_or_else(|| SheetError::damaged("单元格的格式不在文件里"))
    }

    fn number(
        &mut self,
        row: u32,
        column: u32,
        style: u16,
        value: f64,
        exact: Option<Decimal>,
    ) -> Result<(), SheetError> {
        if !self.found.wants(row, column) {
            return Ok(());
        }
        let place = |error: SheetError| error.at(self.found.place(row, column));
        let format = self.format(style).map_err(place)?;
        let (text, value) = format.show(value, exact, self.workbook.is_1904);
        if format.is_odd() {
            let code = format.code().to_owned();
            self.found.odd_format(&code, row, column);
        }
        self.push(row, column, text, value)
    }

    fn text(&mut self, row: u32, column: u32, style: u16, text: &str) -> Result<(), SheetError> {
        if text.is_empty() || !self.found.wants(row, column) {
            return Ok(());
        }
        let place = |error: SheetError| error.at(self.found.place(row, column));
        let text = self.format(style).map_err(place)?.show_text(text);
        self.push(row, column, text, Value::Text)
    }

    fn bool_or_error(&mut self, row: u32, column: u32, value: u8, is_error: bool) -> Result<(), SheetError> {
        if !self.found.wants(row, column) {
            return Ok(());
        }
        match is_error {
            true => self.push(row, column, error_name(value).to_owned(), Value::Error),
            false if value != 0 => self.push(row, column, "TRUE".to_owned(), Value::Bool(true)),
            false => self.push(row, column, "FALSE".to_owned(), Value::Bool(false)),
        }
    }

    fn push(&mut self, row: u32, column: u32, text: String, value: Value) -> Result<(), SheetError> {
        self.found.push(row, column, Cell { text: text.into_boxed_str(), value, extent: Extent::One })
    }
}

/// A number in 30 bits (RK): an integer or the upper bits of a float, perhaps in hundredths.
fn short(packed: u32) -> (f64, Option<Decimal>) {
    let is_hundredths = packed & 1 == 1;
    if packed & 2 != 0 {
        let whole = packed as i32 >> 2;
        let scale = if is_hundredths { 2 } else { 0 };
        return (f64::from(whole) / if is_hundredths { 100.0 } else { 1.0 }, Decimal::new(i128::from(whole), scale));
    }
    let float = f64::from_bits(u64::from(packed & !3) << 32);
    let value = if is_hundredths { float / 100.0 } else { float };
    (value, Decimal::of_float(value))
}

fn error_name(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0f => "#VALUE!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        0x2a => "#N/A",
        _ => "#ERROR!",
    }
}
