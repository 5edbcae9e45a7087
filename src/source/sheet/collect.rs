//! Cells, as a reader of some format meets them → the grid, with notes about what the office program would not show.

use super::error::{Kind, Note, NoteKind, Place, SheetError};
use super::range::{Area, Window};
use super::{MOST_COLUMNS, MOST_ROWS, Sheet};
use crate::model::grid::{Cell, Extent, Grid, Value};
use crate::model::hidden;

/// Merged areas beyond this many are not counted any more.
const MOST_MERGES: usize = 1_000_000;

/// The first character that nobody sees.
fn invisible(text: &str) -> Option<char> {
    hidden::may_be_in(text).then(|| text.chars().find(|c| hidden::is_hidden(*c)))?
}

/// What has been met of one sheet.
pub struct Collector {
    sheet: String,
    window: Window,
    cells: Vec<(u32, u32, Cell)>,
    used: Option<Area>,
    merges: Vec<Area>,
    hidden_rows: Vec<u32>,
    /// First and last.
    hidden_columns: Vec<(u32, u32)>,
    odd_formats: Vec<(String, u32, u32)>,
    /// Cells that are not empty and show nothing.
    masked: Vec<(u32, u32)>,
}

impl Collector {
    pub fn new(sheet: &str, window: Window) -> Self {
        Self {
            sheet: sheet.to_owned(),
            window,
            cells: Vec::new(),
            used: None,
            merges: Vec::new(),
            hidden_rows: Vec::new(),
            hidden_columns: Vec::new(),
            odd_formats: Vec::new(),
            masked: Vec::new(),
        }
    }

    /// Whether a cell may be in the table at all.
    pub fn wants(&self, row: u32, column: u32) -> bool {
        self.window.area.holds(row, column)
    }

    pub fn place(&self, row: u32, column: u32) -> Place {
        Place::Cell { sheet: self.sheet.clone(), row, column }
    }

    /// A cell that is wanted and not empty. Blanks alone are nothing.
    pub fn push(&mut self, row: u32, column: u32, cell: Cell) -> Result<(), SheetError> {
        if cell.value == Value::Text && !cell.text.is_empty() && cell.text.trim().is_empty() {
            return Ok(());
        }
        let used = self.used.map_or(Area::one(row, column), |used| used.around(Area::one(row, column)));
        if used.is_too_large() {
            let message = format!(
                "表格太大：到这里已有 {} 行、{} 列，最多 {MOST_ROWS} 行、{MOST_COLUMNS} 列",
                used.rows(),
                used.columns()
            );
            let advice = "删去远处多余的内容，写明区域（如 range: A1:F20），或分成几个表";
            return Err(SheetError::new(Kind::TooLarge, self.place(row, column), message, advice));
        }
        if let Some(c) = invisible(&cell.text) {
            let message = format!("里面有看不见的字符 U+{:04X}", u32::from(c));
            let advice = "在 WPS 或 Excel 里把这一格的内容重新键入";
            return Err(SheetError::new(Kind::Invisible, self.place(row, column), message, advice));
        }
        if cell.text.is_empty() {
            self.masked.push((row, column));
        }
        self.used = Some(used);
        self.cells.push((row, column, cell));
        Ok(())
    }

    pub fn merge(&mut self, area: Area) -> Result<(), SheetError> {
        if self.merges.len() >= MOST_MERGES {
            return Err(SheetError::damaged("合并单元格多得不合理"));
        }
        self.merges.push(area);
        Ok(())
    }

    pub fn hide_row(&mut self, row: u32) {
        self.hidden_rows.push(row);
    }

    pub fn hide_columns(&mut self, first: u32, last: u32) {
        self.hidden_columns.push((first, last));
    }

    /// A number format that was not understood, met in this cell.
    pub fn odd_format(&mut self, code: &str, row: u32, column: u32) {
        if !self.odd_formats.iter().any(|(known, ..)| known == code) {
            self.odd_formats.push((code.to_owned(), row, column));
        }
    }

    /// The table; `notes` are what is known of the file so far.
    pub fn finish(mut self, notes: Vec<Note>) -> Result<Sheet, SheetError> {
        let Some(used) = self.used else { return Err(self.empty()) };
        let area = self.extent(used);
        let columns = area.columns() as usize;
        let at = |row: u32, column: u32| (row - area.top) as usize * columns + (column - area.left) as usize;
        let mut cells = vec![Cell::default(); columns * area.rows() as usize];
        for (row, column, cell) in std::mem::take(&mut self.cells) {
            let slot = &mut cells[at(row, column)];
            if *slot != Cell::default() {
                return Err(SheetError::damaged("同一个单元格出现两次").at(self.place(row, column)));
            }
            *slot = cell;
        }
        let mut covered = Vec::new();
        for merge in
            self.merges.iter().filter_map(|merge| merge.common(area)).filter(|m| *m != Area::one(m.top, m.left))
        {
            for row in merge.top..=merge.bottom {
                for column in merge.left..=merge.right {
                    let cell = &mut cells[at(row, column)];
                    if cell.extent != Extent::One {
                        return Err(SheetError::damaged("合并的单元格互相重叠").at(self.place(row, column)));
                    }
                    if (row, column) == (merge.top, merge.left) {
                        cell.extent = Extent::First { rows: merge.rows(), columns: merge.columns() };
                        continue;
                    }
                    if *cell != Cell::default() {
                        covered.push((row, column));
                    }
                    *cell = Cell { extent: Extent::Covered, ..Cell::default() };
                }
            }
        }
        let notes = notes.into_iter().chain(self.notes(area, &covered)).collect();
        let grid = Grid { sheet: self.sheet.into(), top: area.top, left: area.left, columns, cells };
        Ok(Sheet { grid, notes })
    }

    /// The area of the table: what is used, or what was named.
    fn extent(&self, used: Area) -> Area {
        let asked = self.window.area;
        let (top, bottom) = if self.window.keeps_rows { (asked.top, asked.bottom) } else { (used.top, used.bottom) };
        let (left, right) = if self.window.keeps_columns { (asked.left, asked.right) } else { (used.left, used.right) };
        Area { top, left, bottom, right }
    }

    fn empty(&self) -> SheetError {
        let place = if self.sheet.is_empty() { Place::File } else { Place::Sheet(self.sheet.clone()) };
        let (message, advice) = match self.window == Window::ALL {
            true => ("里面没有内容", "写明有内容的工作表（sheet），或换成有内容的文件"),
            false => ("所写的区域里没有内容", "对照表格改正区域（range）"),
        };
        SheetError::new(Kind::Empty, place, message, advice)
    }

    fn notes(&self, area: Area, covered: &[(u32, u32)]) -> Vec<Note> {
        let sheet = || self.sheet.clone();
        let mut notes = Vec::new();
        for row in self.hidden_rows.iter().copied().filter(|row| (area.top..=area.bottom).contains(row)) {
            let message = "这一行在表格文件里是隐藏的，网页上会显示出来".into();
            notes.push(Note { kind: NoteKind::HiddenRow, place: Place::Row { sheet: sheet(), row }, message });
        }
        for (first, last) in &self.hidden_columns {
            for column in (*first).max(area.left)..=(*last).min(area.right) {
                let message = "这一列在表格文件里是隐藏的，网页上会显示出来".into();
                notes.push(Note {
                    kind: NoteKind::HiddenColumn,
                    place: Place::Column { sheet: sheet(), column },
                    message,
                });
            }
        }
        for (row, column) in covered {
            let message = "这个单元格被合并的单元格盖住，里面的内容没有显示，但仍在文件里".into();
            notes.push(Note { kind: NoteKind::Covered, place: self.place(*row, *column), message });
        }
        for (row, column) in &self.masked {
            let message = "这个单元格的数字格式不显示内容，但内容仍在文件里".into();
            notes.push(Note { kind: NoteKind::Masked, place: self.place(*row, *column), message });
        }
        for (code, row, column) in &self.odd_formats {
            let message = format!("数字格式“{code}”没有完全支持，按常规格式显示");
            notes.push(Note { kind: NoteKind::Format, place: self.place(*row, *column), message });
        }
        notes
    }
}
