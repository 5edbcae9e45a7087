//! A sheet that may be shown to the public: nothing in it is hidden, and no formula failed.

use std::path::Path;

use super::error::NoteKind;
use super::{Choice, Sheet, Wanted, open};
use crate::model::Grid;
use crate::model::grid::Value;

/// Why a sheet is not shown, in Chinese.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// With the name of the file, and the place in it.
    pub message: String,
    pub advice: String,
}

impl Wanted {
    /// What an author wrote: the name or the number of a sheet, and a range.
    pub fn of(sheet: Option<&str>, range: Option<&str>) -> Self {
        let choice = |name: &str| match name.parse() {
            Ok(number) => Choice::Number(number),
            Err(_) => Choice::Name(name.to_owned()),
        };
        Self { sheet: sheet.map(choice), range: range.map(str::to_owned) }
    }
}

/// Reads a file; `path` is from the site's root. All that is wrong is told.
pub fn checked(root: &Path, path: &str, wanted: &Wanted) -> Result<Grid, Vec<Fault>> {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let Sheet { grid, notes } = open(root, path, wanted)
        .map_err(|error| vec![Fault { message: format!("{name}：{error}"), advice: error.advice }])?;
    // whoever downloads the file has all of its sheet, not only the range that is shown
    let whole = Wanted { range: None, ..wanted.clone() };
    let rest = wanted.range.as_ref().and_then(|_| open(root, path, &whole).ok());
    let is_told = |kind: NoteKind| !matches!(kind, NoteKind::OtherSheet | NoteKind::Format);
    let mut hidden: Vec<String> = notes
        .iter()
        .chain(rest.iter().flat_map(|whole| &whole.notes))
        .filter(|note| is_told(note.kind))
        .map(|note| format!("{name}：{}：{}", note.place, note.message))
        .collect();
    hidden.sort();
    hidden.dedup();
    let advice = "下载的人看得见它：取消隐藏或删去，另存后再放上来";
    let mut faults: Vec<Fault> =
        hidden.into_iter().map(|message| Fault { message, advice: advice.to_owned() }).collect();
    for (row, cells) in grid.rows().enumerate() {
        for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| cell.value == Value::Error) {
            let message = format!("{name}：{}：公式出错（{}）", grid.name(row, column), cell.text);
            faults.push(Fault { message, advice: "在电子表格里改正公式，重新保存".to_owned() });
        }
    }
    if faults.is_empty() { Ok(grid) } else { Err(faults) }
}
