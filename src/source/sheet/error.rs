//! What is wrong with a spreadsheet, or worth knowing about it, and where: in words of the program that wrote it.

use std::fmt;

use crate::model::grid::{cell_name, column_name};

/// Why there is no table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetError {
    pub kind: Kind,
    pub place: Place,
    /// What is wrong, in Chinese, without the place.
    pub message: String,
    /// What to do about it, in Chinese.
    pub advice: String,
}

/// Sorts of refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The file cannot be read from the disk.
    Unreadable,
    /// Not a spreadsheet, or not the one that its name says.
    Disguised,
    Damaged,
    Encrypted,
    TooLarge,
    /// A text in no encoding that is read.
    Encoding,
    /// Rows of a CSV that differ in length, quotes that are not closed.
    Ragged,
    /// The sheet that is asked for is not there, or no table.
    NoSheet,
    /// The sheet that is asked for is hidden.
    Hidden,
    /// A character in a cell that nobody sees.
    Invisible,
    /// A range that is none.
    Range,
    /// Nothing stands where the table should be.
    Empty,
    /// A formula whose result the file does not hold.
    Uncomputed,
}

/// Where in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    File,
    Sheet(String),
    /// Row and column from 0; the sheet's name is empty for CSV.
    Cell {
        sheet: String,
        row: u32,
        column: u32,
    },
    Row {
        sheet: String,
        row: u32,
    },
    Column {
        sheet: String,
        column: u32,
    },
    /// Line of a text, from 1.
    Line(u64),
}

/// What a reader of the table may not expect: not a fault, but a known way in which more is published than was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub kind: NoteKind,
    pub place: Place,
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoteKind {
    /// A hidden sheet is in the file. It is not in the table, but whoever downloads the file has it.
    HiddenSheet,
    /// A row or column of the table that the office program does not show.
    HiddenRow,
    HiddenColumn,
    /// Something stands under a merged cell; it is not in the table.
    Covered,
    /// A number format shows nothing of what the cell holds.
    Masked,
    /// Another sheet has content that is not in the table.
    OtherSheet,
    /// A number format that is not known in full: the number is shown plainly.
    Format,
}

impl SheetError {
    pub fn new(kind: Kind, place: Place, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { kind, place, message: message.into(), advice: advice.into() }
    }

    /// A fault of the whole file.
    pub fn file(kind: Kind, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::new(kind, Place::File, message, advice)
    }

    /// A file whose inside is broken; `what` says where.
    pub fn damaged(what: &str) -> Self {
        Self::file(
            Kind::Damaged,
            format!("表格文件已损坏：{what}"),
            "用 WPS 或 Excel 打开，另存一份再提交；打不开就换成原件",
        )
    }

    /// The same fault, of which the place is known better.
    pub fn at(self, place: Place) -> Self {
        if self.place == Place::File { Self { place, ..self } } else { self }
    }
}

impl fmt::Display for SheetError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match &self.place {
            Place::File => write!(f, "{}", self.message),
            place => write!(f, "{place}：{}", self.message),
        }
    }
}

impl std::error::Error for SheetError {}

impl fmt::Display for Place {
    /// `支出表!C7`, `第 5 行`; nothing for the file itself.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let prefix = |sheet: &str| if sheet.is_empty() { String::new() } else { format!("{sheet}!") };
        match self {
            Place::File => Ok(()),
            Place::Sheet(sheet) => write!(f, "工作表“{sheet}”"),
            Place::Cell { sheet, row, column } => write!(f, "{}{}", prefix(sheet), cell_name(*row, *column)),
            Place::Row { sheet, row } => write!(f, "{}第 {} 行", prefix(sheet), u64::from(*row) + 1),
            Place::Column { sheet, column } => write!(f, "{}{} 列", prefix(sheet), column_name(*column)),
            Place::Line(line) => write!(f, "第 {line} 行"),
        }
    }
}
