//! Findings: what is wrong with the site's content or configuration, as data; one file per way to show them.
//!
//! A stage returns its findings beside its value and never stops at the first. Lines and columns are computed by the
//! renderers, from the text of the file that a `Lookup` gives them.

use serde::{Deserialize, Serialize};

pub mod codes;
pub mod encoding;
pub mod hidden;
pub mod html;
pub mod human;
pub mod io;
pub mod json;
pub mod sarif;
mod position;
pub mod suggest;

use std::cmp::Ordering;
use std::sync::Arc;

pub use codes::Code;

use crate::model::Span;

/// How bad a finding is. An error stops the build before anything is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    Error,
    Warning,
    /// Worth knowing: a document that is not public, and why.
    Hint,
}

impl Severity {
    /// The word in machine output.
    pub fn key(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "hint",
        }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    pub code: Code,
    pub severity: Severity,
    /// From the site's root: `content/zwgk/a.md`, `site.toml`.
    pub path: Arc<str>,
    /// Where in the file; `None` if the finding is about the file itself.
    pub span: Option<Span>,
    /// What is wrong, in Chinese.
    pub message: String,
    /// What to do about it, in Chinese.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A finding of the code's own severity.
    pub fn new(
        code: Code,
        path: impl Into<Arc<str>>,
        span: impl Into<Option<Span>>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code,
            severity: code.severity(),
            path: path.into(),
            span: span.into(),
            message: message.into(),
            help: None,
        }
    }

    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    pub fn maybe_help(self, help: Option<String>) -> Self {
        Self { help, ..self }
    }
}

/// Gives the renderers a file's text by its path from the site's root; `None` if it cannot be read.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Sorts by path, then place, then code: the same order whatever the threads did.
pub fn sort(findings: &mut [Diagnostic]) {
    findings.sort_by(order);
}

/// The order of findings in a report.
pub fn order(a: &Diagnostic, b: &Diagnostic) -> Ordering {
    let key = |d: &Diagnostic| (d.path.clone(), d.span.map_or(0, |s| s.start), d.code, d.message.clone());
    key(a).cmp(&key(b))
}

/// (errors, warnings)
pub fn count(findings: &[Diagnostic]) -> (usize, usize) {
    let of = |severity| findings.iter().filter(|d| d.severity == severity).count();
    (of(Severity::Error), of(Severity::Warning))
}
