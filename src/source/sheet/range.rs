//! `A1:F20`, `B:D`, `3:20`: the part of a sheet that becomes a table.

use super::error::{Kind, Place, SheetError};
use super::{MOST_COLUMNS, MOST_ROWS};

/// Rows and columns of a sheet, both ends included, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    pub top: u32,
    pub left: u32,
    pub bottom: u32,
    pub right: u32,
}

/// No sheet of any program has more.
pub const LAST_ROW: u32 = 1_048_575;
pub const LAST_COLUMN: u32 = 16_383;

impl Area {
    pub const ALL: Self = Self { top: 0, left: 0, bottom: LAST_ROW, right: LAST_COLUMN };

    pub fn one(row: u32, column: u32) -> Self {
        Self { top: row, left: column, bottom: row, right: column }
    }

    pub fn holds(self, row: u32, column: u32) -> bool {
        (self.top..=self.bottom).contains(&row) && (self.left..=self.right).contains(&column)
    }

    /// The part that both have.
    pub fn common(self, other: Self) -> Option<Self> {
        let (top, left) = (self.top.max(other.top), self.left.max(other.left));
        let (bottom, right) = (self.bottom.min(other.bottom), self.right.min(other.right));
        (top <= bottom && left <= right).then_some(Self { top, left, bottom, right })
    }

    /// The smallest that holds both.
    pub fn around(self, other: Self) -> Self {
        Self {
            top: self.top.min(other.top),
            left: self.left.min(other.left),
            bottom: self.bottom.max(other.bottom),
            right: self.right.max(other.right),
        }
    }

    pub fn rows(self) -> u32 {
        self.bottom - self.top + 1
    }

    pub fn columns(self) -> u32 {
        self.right - self.left + 1
    }

    pub fn is_too_large(self) -> bool {
        self.rows() > MOST_ROWS || self.columns() > MOST_COLUMNS
    }
}

/// What was asked for: the corners, as far as they are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub area: Area,
    /// Whether the table has all the rows (columns) of the area, empty ones too, because they were named.
    pub keeps_rows: bool,
    pub keeps_columns: bool,
}

impl Window {
    pub const ALL: Self = Self { area: Area::ALL, keeps_rows: false, keeps_columns: false };

    pub fn parse(text: &str) -> Result<Self, SheetError> {
        let wrong = |message: String| {
            SheetError::file(Kind::Range, message, "写成左上角和右下角两个单元格，如 A1:F20；整列写 A:F，整行写 3:20")
        };
        let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '$').map(half_width).collect();
        let (first, last) = plain.split_once(':').unwrap_or((&plain, &plain));
        let (Some(first), Some(last)) = (corner(first), corner(last)) else {
            return Err(wrong(format!("区域“{text}”看不懂")));
        };
        if first.0.is_some() != last.0.is_some() || first.1.is_some() != last.1.is_some() {
            return Err(wrong(format!("区域“{text}”的两头写法不同")));
        }
        let area = Area {
            top: first.0.unwrap_or(0),
            left: first.1.unwrap_or(0),
            bottom: last.0.unwrap_or(LAST_ROW),
            right: last.1.unwrap_or(LAST_COLUMN),
        };
        if area.top > area.bottom || area.left > area.right {
            return Err(wrong(format!("区域“{text}”是空的：右下角在左上角的前面")));
        }
        let window = Self { area, keeps_rows: first.0.is_some(), keeps_columns: first.1.is_some() };
        let (rows, columns) = (area.rows(), area.columns());
        if window.keeps_rows && rows > MOST_ROWS || window.keeps_columns && columns > MOST_COLUMNS {
            let message = format!("区域“{text}”太大，最多 {MOST_COLUMNS} 列、{MOST_ROWS} 行");
            return Err(SheetError::new(Kind::TooLarge, Place::File, message, "写小一些的区域，或分成几个表"));
        }
        Ok(window)
    }
}

fn half_width(c: char) -> char {
    match c {
        '：' => ':',
        _ => c.to_ascii_uppercase(),
    }
}

/// (row, column) of `C7`, `C` or `7`, from 0; `None` if it is neither.
fn corner(text: &str) -> Option<(Option<u32>, Option<u32>)> {
    let split = text.find(|c: char| !c.is_ascii_uppercase()).unwrap_or(text.len());
    let (letters, digits) = text.split_at(split);
    let column = if letters.is_empty() { None } else { Some(column(letters)?) };
    let row = if digits.is_empty() { None } else { Some(row(digits)?) };
    (row.is_some() || column.is_some()).then_some((row, column))
}

fn row(digits: &str) -> Option<u32> {
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.len() <= 7;
    let number: u32 = is_number.then(|| digits.parse().ok())??;
    (1..=LAST_ROW + 1).contains(&number).then(|| number - 1)
}

fn column(letters: &str) -> Option<u32> {
    let number = letters.bytes().take(4).fold(0u32, |sum, letter| sum * 26 + u32::from(letter - b'A') + 1);
    (letters.len() <= 3 && number <= LAST_COLUMN + 1).then(|| number - 1)
}

/// The cell that a file names, `C7`.
pub fn cell(name: &str) -> Option<(u32, u32)> {
    match corner(name)? {
        (Some(row), Some(column)) => Some((row, column)),
        _ => None,
    }
}

/// The area that a file names, `A1:C3`.
pub fn area(name: &str) -> Option<Area> {
    let (first, last) = name.split_once(':').unwrap_or((name, name));
    let ((top, left), (bottom, right)) = (cell(first)?, cell(last)?);
    (top <= bottom && left <= right).then_some(Area { top, left, bottom, right })
}
