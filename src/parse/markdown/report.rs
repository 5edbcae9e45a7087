//! Where the findings of one body are gathered.

use std::ops::Range;
use std::sync::Arc;

use crate::diag::{Code, Diagnostic};
use crate::model::Span;

/// Findings of one body that are listed one by one. A body with more is broken as a whole; the rest is counted, so that
/// four megabytes of `<b>` do not become four hundred of findings.
const MOST: usize = 1000;

/// Deepest nesting of quotes, lists, emphasis and raw HTML.
pub const DEEPEST: usize = 50;

/// Gathers findings; places are ranges of the body's text.
pub struct Report<'a> {
    path: &'a Arc<str>,
    /// Where in the file the body begins.
    start: usize,
    findings: &'a mut Vec<Diagnostic>,
    listed: usize,
    /// The first that was not listed, and how many there are.
    more: Option<(Code, Range<usize>, usize)>,
}

impl<'a> Report<'a> {
    pub fn new(path: &'a Arc<str>, start: usize, findings: &'a mut Vec<Diagnostic>) -> Self {
        Self { path, start, findings, listed: 0, more: None }
    }

    pub fn add(&mut self, code: Code, at: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        if self.listed < MOST {
            self.listed += 1;
            self.push(code, at, message.into(), help.into());
        } else {
            let (_, _, count) = self.more.get_or_insert((code, at, 0));
            *count += 1;
        }
    }

    pub fn too_deep(&mut self, at: Range<usize>) {
        let help = "减少引用、列表、强调的层数；一长串 > 或 - 不是正文时放进代码块";
        self.add(Code::G035, at, format!("嵌套超过 {DEEPEST} 层"), help);
    }

    /// Tells of what was not listed.
    pub fn finish(mut self) {
        if let Some((code, at, count)) = self.more.take() {
            let message = format!("从这里起还有 {count} 处问题没有一一列出");
            self.push(code, at, message, "先改正前面列出的问题，再检查一遍".to_owned());
        }
    }

    pub fn path(&self) -> &'a Arc<str> {
        self.path
    }

    /// A finding of another reader, at its place in the body.
    pub fn push_again(&mut self, finding: Diagnostic, at: Range<usize>) {
        let span = Some(self.span(at));
        self.findings.push(Diagnostic { span, ..finding });
    }

    fn push(&mut self, code: Code, at: Range<usize>, message: String, help: String) {
        self.findings.push(Diagnostic::new(code, self.path.clone(), self.span(at), message).help(help));
    }

    pub fn span(&self, at: Range<usize>) -> Span {
        Span::new(at.start, at.end).shifted(self.start)
    }
}
