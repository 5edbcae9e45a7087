//! Which sheet of a workbook becomes the table.

use super::Choice;
use super::error::{Kind, Note, NoteKind, Place, SheetError};

/// A sheet as its workbook lists it.
#[derive(Clone, Debug)]
pub struct Listed {
    pub name: String,
    pub is_hidden: bool,
    /// Not a chart, a macro sheet or a dialog.
    pub is_table: bool,
    /// Known to have nothing in it.
    pub is_empty: bool,
}

/// The place of the sheet in the list: the one that is named, else the first that readers see; and what is worth knowing
/// of the others.
pub fn pick(sheets: &[Listed], choice: Option<&Choice>) -> Result<(usize, Vec<Note>), SheetError> {
    let visible: Vec<usize> = (0..sheets.len()).filter(|at| !sheets[*at].is_hidden).collect();
    let missing = |message: String| {
        let names: Vec<&str> = visible.iter().map(|at| sheets[*at].name.as_str()).collect();
        let advice = format!("文件里有：{}", names.join("、"));
        SheetError::file(Kind::NoSheet, message, advice)
    };
    let at = match choice {
        Some(Choice::Name(name)) => sheets
            .iter()
            .position(|sheet| sheet.name == *name)
            .or_else(|| sheets.iter().position(|sheet| sheet.name.trim().eq_ignore_ascii_case(name.trim())))
            .ok_or_else(|| missing(format!("没有名为“{name}”的工作表")))?,
        Some(Choice::Number(number)) => number
            .checked_sub(1)
            .and_then(|index| visible.get(index))
            .copied()
            .ok_or_else(|| missing(format!("没有第 {number} 个工作表，看得见的有 {} 个", visible.len())))?,
        None => (visible.iter().copied().find(|at| sheets[*at].is_table))
            .ok_or_else(|| missing("没有看得见的工作表".into()))?,
    };
    let sheet = &sheets[at];
    let place = Place::Sheet(sheet.name.clone());
    if sheet.is_hidden {
        let advice = "确定要公开的，在 WPS 或 Excel 里取消隐藏，保存后再提交";
        return Err(SheetError::new(Kind::Hidden, place, "这个工作表是隐藏的", advice));
    }
    if !sheet.is_table {
        return Err(SheetError::new(Kind::NoSheet, place, "这是图表或宏，不是表格", "写明放数据的工作表"));
    }
    Ok((at, notes(sheets, at, choice.is_some())))
}

fn notes(sheets: &[Listed], picked: usize, is_chosen: bool) -> Vec<Note> {
    let of = |sheet: &Listed, kind, message: &str| Note {
        kind,
        place: Place::Sheet(sheet.name.clone()),
        message: message.to_owned(),
    };
    let others = sheets.iter().enumerate().filter(|(at, _)| *at != picked).map(|(_, sheet)| sheet);
    others
        .filter_map(|sheet| match sheet {
            Listed { is_empty: true, .. } => None,
            Listed { is_hidden: true, .. } => {
                Some(of(sheet, NoteKind::HiddenSheet, "这个工作表是隐藏的，没有印出，但下载文件的人能看到"))
            }
            Listed { is_table: true, .. } if !is_chosen => Some(of(sheet, NoteKind::OtherSheet, "这个工作表没有印出")),
            _ => None,
        })
        .collect()
}
