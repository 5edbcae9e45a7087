//! A table as a spreadsheet shows it: what stands in each cell, and what it is worth.

use serde::{Deserialize, Serialize};

use super::decimal::Decimal;

/// A rectangle of cells, row by row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Grid {
    /// Name of the sheet; empty if the file has no sheets (CSV).
    pub sheet: Box<str>,
    /// Row and column of the first cell in the sheet, from 0: by these a cell keeps the name that its author knows.
    pub top: u32,
    pub left: u32,
    /// Cells of a row.
    pub columns: usize,
    /// All rows, one after the other: `columns` × rows cells.
    pub cells: Vec<Cell>,
}

/// What stands in one place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cell {
    /// What the office program shows; of a text, the text as it is.
    pub text: Box<str>,
    pub value: Value,
    pub extent: Extent,
}

/// What a cell is, beyond how it looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Value {
    #[default]
    Empty,
    Text,
    /// The exact number that may be shown rounded; of 12.5%, it is 0.125.
    Number(Decimal),
    /// A date, a time or a length of time.
    Moment,
    Bool(bool),
    /// `#DIV/0!`, `#REF!` …: a formula that failed. The text is the error's name.
    Error,
}

/// The place a cell takes up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Extent {
    #[default]
    One,
    /// The first cell of merged ones: so many rows and columns, of which one is more than 1.
    First { rows: u32, columns: u32 },
    /// Covered by a merged cell that begins further up or left; it is empty.
    Covered,
}

impl Cell {
    pub fn rowspan(&self) -> u32 {
        match self.extent {
            Extent::First { rows, .. } => rows,
            _ => 1,
        }
    }

    pub fn colspan(&self) -> u32 {
        match self.extent {
            Extent::First { columns, .. } => columns,
            _ => 1,
        }
    }

    pub fn is_covered(&self) -> bool {
        self.extent == Extent::Covered
    }

    pub fn number(&self) -> Option<Decimal> {
        match self.value {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }
}

impl Grid {
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[Cell]> {
        self.cells.chunks_exact(self.columns.max(1))
    }

    pub fn height(&self) -> usize {
        self.cells.len() / self.columns.max(1)
    }

    /// The cell in a row and a column of the grid, from 0.
    pub fn cell(&self, row: usize, column: usize) -> Option<&Cell> {
        (column < self.columns).then(|| self.cells.get(row * self.columns + column))?
    }

    /// What a head of so many rows says of a column: its lowest cell that says anything.
    pub fn heading(&self, head: usize, column: usize) -> &str {
        let texts = (0..head).rev().filter_map(|row| self.cell(row, column)).map(|cell| cell.text.trim());
        texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
    }

    /// The first cell that reaches from a head of so many rows into what is below it, as row and column.
    pub fn reaching(&self, head: usize) -> Option<(usize, usize)> {
        let places = (0..head.min(self.height())).flat_map(|row| (0..self.columns).map(move |column| (row, column)));
        let end = |(row, column): (usize, usize)| row + self.cells[row * self.columns + column].rowspan() as usize;
        places.into_iter().find(|place| end(*place) > head && end(*place) <= self.height())
    }

    /// The name of a place of the grid in its sheet: `支出表!C7`, `C7` without a sheet.
    pub fn name(&self, row: usize, column: usize) -> String {
        let cell = cell_name(self.top + row as u32, self.left + column as u32);
        if self.sheet.is_empty() { cell } else { format!("{}!{cell}", self.sheet) }
    }
}

/// `A`, `Z`, `AA`: the letters of a column, from 0.
pub fn column_name(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// `C7`: the name of a cell, by its row and column from 0.
pub fn cell_name(row: u32, column: u32) -> String {
    format!("{}{}", column_name(column), u64::from(row) + 1)
}
