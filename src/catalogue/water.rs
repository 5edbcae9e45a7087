//! Sections of surface water: the class follows from the worst single factor (GB 3838), and whether the target is met from the
//! class. What is judged is what is written.

use crate::model::water::{Class, FACTORS, Factor, class};
use crate::model::{Amount, Column, Text};

/// What does not follow in a row, and whether it must be wrong: a class that is worse may follow from what the table does not
/// show. Nothing is said of what is not stated.
pub fn faults(columns: &[Column], row: &[Text]) -> Option<(String, bool)> {
    let section = Section { columns, row };
    let measured = section.measured();
    let real = measured.as_deref().and_then(class);
    let stated = Class::parse(section.cell("class"));
    let name = section.name();
    if let (Some(stated), Some((real, factors))) = (stated, &real)
        && stated != *real
    {
        let factors: Vec<String> = factors.iter().map(|factor| section.shown(*factor)).collect();
        // whether the target is met follows from the slip
        let message = format!(
            "{name}的水质类别写的是“{}”，按 GB 3838—2002 从监测值（{}）得出的是“{}”",
            stated.name(),
            factors.join("、"),
            real.name()
        );
        return Some((message, stated < *real));
    }
    let class = stated.or(real.map(|(class, _)| class));
    let (Some(class), Some(target)) = (class, Class::parse(section.cell("target"))) else { return None };
    let wanted = if class <= target { "达标" } else { "不达标" };
    let verdict = section.cell("verdict");
    let is_known = matches!(verdict, "达标" | "不达标" | "未达标" | "超标");
    if !is_known || (verdict == "达标") == (class <= target) {
        return None;
    }
    let message =
        format!("{name}的评价写的是“{verdict}”，水质{}，目标{}，应当是“{wanted}”", class.name(), target.name());
    Some((message, true))
}

struct Section<'a> {
    columns: &'a [Column],
    row: &'a [Text],
}

impl Section<'_> {
    fn cell(&self, name: &str) -> &str {
        let at = self.columns.iter().position(|column| *column.name == *name);
        at.and_then(|at| self.row.get(at)).map_or("", |text| text.trim())
    }

    /// `沂河示例断面一`, the row's first cells.
    fn name(&self) -> String {
        let name = format!("{}{}", self.cell("river"), self.cell("section"));
        if name.is_empty() { self.row.first().map_or_else(String::new, |text| text.to_string()) } else { name }
    }

    /// The factors that were measured; `None` if one of them cannot be read, of which another finding tells.
    fn measured(&self) -> Option<Vec<(Factor, Amount)>> {
        let there = FACTORS.iter().map(|(name, factor)| (self.cell(name), factor));
        let there = there.filter(|(text, _)| !text.is_empty() && !matches!(*text, "-" | "—" | "——" | "/"));
        there.map(|(text, factor)| Some((*factor, factor.amount(text)?))).collect()
    }

    /// `氨氮 1.14`
    fn shown(&self, factor: Factor) -> String {
        let column = FACTORS.iter().find(|(_, other)| *other == factor).map_or("", |(name, _)| name);
        format!("{} {}", factor.name(), self.cell(column))
    }
}
