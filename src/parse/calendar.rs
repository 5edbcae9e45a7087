//! `_data/calendar/2027.yaml`: the days off and the weekend days that are worked of a year, as the State Council announced them.

use std::sync::Arc;

use super::keys::{self, Names};
use super::yaml::{self, Kind, Node};
use crate::diag::{Code, Diagnostic};
use crate::model::{Moment, YearOfWork};

const KEYS: [Names; 2] = [("off", &["放假"]), ("on", &["上班"])];

/// The year that a file declares, by its name below `_data/`.
pub fn year_of(file: &str) -> Option<i16> {
    file.strip_prefix("calendar/")?.strip_suffix(".yaml")?.parse().ok().filter(|year| (1990..=2100).contains(year))
}

/// A year: `{off: [days], on: [days]}`.
pub fn read(year: i16, text: &str, path: &Arc<str>, findings: &mut Vec<Diagnostic>) -> YearOfWork {
    let node = yaml::read(text, super::tables::start_of(text), text.len(), path, findings);
    let mut read = YearOfWork { year, ..YearOfWork::default() };
    let pairs = match node.kind {
        Kind::Map(pairs) => pairs,
        Kind::Null | Kind::Broken => Vec::new(),
        _ => {
            let message = format!("日历应当是“放假: […]”“上班: […]”，这里却是{}", node.what());
            findings.push(Diagnostic::new(Code::G062, path.clone(), node.span, message).help("写 off: [2027-01-01]"));
            Vec::new()
        }
    };
    for (name, _, value) in keys::entries(pairs, &KEYS, path, findings) {
        let days = days(year, name == "on", value, path, findings);
        if name == "on" { read.on = days } else { read.off = days }
    }
    read
}

/// Days of the year: weekdays, or days of a weekend.
fn days(year: i16, of_weekend: bool, node: Node, path: &Arc<str>, findings: &mut Vec<Diagnostic>) -> Vec<Moment> {
    let items = match node.kind {
        Kind::List(items) => items,
        Kind::Null | Kind::Broken => return Vec::new(),
        _ => vec![node],
    };
    let mut day = |node: Node| {
        let span = node.span;
        let Kind::Scalar(text) = node.kind else { return None };
        let day = Moment::parse(&text);
        let problem = match day {
            None => "无法识别，或没有这一天".to_owned(),
            Some(day) if day.year() != year => format!("不在 {year} 年"),
            Some(day) if day.is_weekend() && !of_weekend => "是周末，本来就休息，不用写在放假里".to_owned(),
            Some(day) if !day.is_weekend() && of_weekend => "不是周末，本来就上班，不用写在上班里".to_owned(),
            Some(_) => return day,
        };
        let finding = Diagnostic::new(Code::G062, path.clone(), span, format!("日期“{text}”{problem}"));
        findings.push(finding.help("照国务院办公厅的放假通知核对；写成 2027-01-01"));
        None
    };
    items.into_iter().filter_map(&mut day).collect()
}
