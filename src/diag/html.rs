//! A finding for pages: its parts as data, of which a template makes HTML. Nothing here is escaped; templates do that.

use serde::Serialize;

use super::human::Excerpt;
use super::{Diagnostic, Lookup, Severity};

/// What a page shows of a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    pub code: &'static str,
    /// `error`, `warning`, `hint`
    pub severity: &'static str,
    /// The same in Chinese.
    pub label: &'static str,
    pub message: String,
    pub path: String,
    /// `content/a.md:3:1`, or the path alone.
    pub place: String,
    /// The lines of the place in three parts, of which the second is the place itself; all empty if there is none.
    pub excerpt: [String; 3],
    pub help: String,
}

/// The finding's parts.
pub fn show(finding: &Diagnostic, lookup: Lookup) -> Shown {
    let excerpt = finding.span.and_then(|span| Some(Excerpt::new(&lookup(&finding.path)?, span)));
    let place = match &excerpt {
        Some(excerpt) => format!("{}:{}:{}", finding.path, excerpt.line, excerpt.column),
        None => finding.path.to_string(),
    };
    Shown {
        code: finding.code.as_str(),
        severity: finding.severity.key(),
        label: match finding.severity {
            Severity::Error => "错误",
            Severity::Warning => "警告",
            Severity::Hint => "提示",
        },
        message: finding.message.clone(),
        path: finding.path.to_string(),
        place,
        excerpt: excerpt.map(Excerpt::parts).unwrap_or_default(),
        help: finding.help.clone().unwrap_or_default(),
    }
}
