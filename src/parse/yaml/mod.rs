//! The YAML of front matter and data tables, as nodes that know their place and keep every scalar as written.
//!
//! Block structure (maps and lists by indentation) and one-line scalars are read here, because a clerk needs the line
//! of *each* field, because codes must stay text (`0010`, `1e5`), and because nearly all front matter is nothing else.
//! Whatever is more than that (quotes with escapes, flow collections, block scalars, folded lines) is handed to
//! `serde_yaml`, piece by piece. Anchors, aliases, tags and merge keys are refused: a document has no program.
//!
//! | module | reads |
//! |---|---|
//! | `outline` | lines, maps and lists |
//! | `scalar` | values that are complete in their line |
//! | `piece` | all other values, with `serde_yaml` |
//! | `comment` | comments that may have been meant as text |
//! | `flow` | what `serde_yaml` makes of a flow collection, and where its items stand |

mod comment;
mod flow;
mod outline;
mod piece;
mod scalar;

use std::borrow::Cow;
use std::sync::Arc;

use crate::diag::{self, Diagnostic};
use crate::model::{Span, hidden};
use outline::Reader;

/// Deepest nesting of maps and lists.
pub const DEEPEST: usize = 16;

/// A YAML value and where it stands in its file.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<'a> {
    pub span: Span,
    pub kind: Kind<'a>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Kind<'a> {
    /// Nothing, `~` or `null`.
    Null,
    /// Something that a finding says is wrong.
    Broken,
    /// The text as written (plain) or as meant (quoted): never converted to a number or a truth value.
    Scalar(Cow<'a, str>),
    List(Vec<Node<'a>>),
    Map(Vec<(Key<'a>, Node<'a>)>),
}

/// A key of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Key<'a> {
    pub name: Cow<'a, str>,
    pub span: Span,
}

impl<'a> Node<'a> {
    /// Whether nothing is written there: an item of a list must not be so.
    pub fn is_empty(&self) -> bool {
        matches!(&self.kind, Kind::Null) || matches!(&self.kind, Kind::Scalar(text) if text.trim().is_empty())
    }

    /// What the node is, for messages.
    pub fn what(&self) -> &'static str {
        match self.kind {
            Kind::Null | Kind::Broken => "空值",
            Kind::Scalar(_) => "文字",
            Kind::List(_) => "列表",
            Kind::Map(_) => "表（键: 值）",
        }
    }
}

/// Reads `text[range]`, a block of YAML that begins at the start of a line. Findings are about the file `path`.
pub fn read<'a>(text: &'a str, start: usize, end: usize, path: &Arc<str>, findings: &mut Vec<Diagnostic>) -> Node<'a> {
    let is_hiding = hidden::may_be_in(&text[start..end]);
    if is_hiding {
        diag::hidden::characters(&text[start..end], start, path, findings);
    }
    let mut node = Reader::new(text, start, end, path, findings).whole(start);
    Seen { text, is_hiding, path, findings }.node(&mut node);
    node
}

/// Takes the characters that nobody sees out of what was read, so that what else is wrong is told for itself. Those that
/// stand in the text have been told of; others are written as escapes.
struct Seen<'t, 'f> {
    text: &'t str,
    /// Whether any may stand in the text.
    is_hiding: bool,
    path: &'f Arc<str>,
    findings: &'f mut Vec<Diagnostic>,
}

impl Seen<'_, '_> {
    fn node(&mut self, node: &mut Node) {
        match &mut node.kind {
            Kind::Null | Kind::Broken => {}
            Kind::Scalar(text) => self.scalar(text, node.span),
            Kind::List(items) => items.iter_mut().for_each(|item| self.node(item)),
            Kind::Map(pairs) => {
                for (key, value) in pairs {
                    self.scalar(&mut key.name, key.span);
                    self.node(value);
                }
            }
        }
    }

    fn scalar(&mut self, text: &mut Cow<str>, span: Span) {
        if !self.is_hiding && matches!(text, Cow::Borrowed(_)) {
            return;
        }
        let Some((_, first)) = hidden::places(text).next() else { return };
        let is_told = self.text.get(span.range()).is_some_and(|written| hidden::places(written).next().is_some());
        if !is_told {
            self.findings.push(diag::hidden::finding(first, span, self.path));
        }
        *text = Cow::Owned(text.chars().filter(|c| !hidden::is_hidden(*c)).collect());
    }
}
