//! A finding as one line of JSON, for editors and scripts.

use serde::Serialize;

use super::position::position;
use super::{Diagnostic, Lookup};
use crate::model::json;

/// The published shape (design §7); field order is part of it.
#[derive(Serialize)]
struct Line<'a> {
    code: &'a str,
    severity: &'a str,
    message: &'a str,
    /// From the site's root.
    path: &'a str,
    /// From 1; `null` if the finding is about the file itself, or the file cannot be read.
    line: Option<usize>,
    /// From 1, in characters.
    column: Option<usize>,
    help: Option<&'a str>,
}

/// The finding as one JSON object without a line break.
pub fn to_line(finding: &Diagnostic, lookup: Lookup) -> String {
    let place = finding.span.and_then(|span| Some(position(&lookup(&finding.path)?, span.start as usize)));
    json::to_string(&Line {
        code: finding.code.as_str(),
        severity: finding.severity.key(),
        message: &finding.message,
        path: &finding.path,
        line: place.map(|place| place.line),
        column: place.map(|place| place.column),
        help: finding.help.as_deref(),
    })
}
