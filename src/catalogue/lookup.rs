//! Finding documents by the names that authors use.

use std::collections::HashMap;
use std::sync::Arc;

use super::DocId;
use super::gate::{Placed, Reason, When, Withheld};
use crate::diag::{Code, Diagnostic};
use crate::model::{Field, path};

/// A document that a name leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Found {
    Public(DocId),
    /// Place in the list of those that are not public.
    Withheld(usize),
}

/// Source paths and 索引号 of the whole site.
pub struct Finder {
    by_source: HashMap<Arc<str>, Found>,
    by_number: HashMap<Box<str>, Found>,
    /// Why each of those is held back that are not public.
    reasons: Vec<Reason>,
    /// Why those are not public yet that are only shown.
    pending: HashMap<DocId, Reason>,
}

impl Finder {
    /// Two documents of one 索引号 are a finding that names both.
    pub fn new(admitted: &[Placed], withheld: &[Withheld], findings: &mut Vec<Diagnostic>) -> Self {
        let public = admitted.iter().enumerate().map(|(id, doc)| (&doc.source, &doc.front, Found::Public(id as DocId)));
        let others =
            withheld.iter().enumerate().map(|(at, held)| (&held.doc.source, &held.doc.front, Found::Withheld(at)));
        let mut by_source = HashMap::new();
        let mut by_number: HashMap<Box<str>, Found> = HashMap::new();
        for (source, front, found) in public.chain(others) {
            by_source.insert(Arc::from(source.in_content()), found);
            let Some(number) = front.index_no() else { continue };
            if let Some(first) = by_number.insert(number.as_str().into(), found) {
                let first = match first {
                    Found::Public(id) => &admitted[id as usize].source,
                    Found::Withheld(at) => &withheld[at].doc.source,
                };
                let message = format!("索引号“{}”与 {first} 重复", number.as_str());
                findings.push(
                    Diagnostic::new(Code::G050, source.as_str(), front.span(Field::IndexNo), message)
                        .help("索引号全站唯一；核对原件，改正其中一份"),
                );
            }
        }
        let pending = admitted.iter().enumerate().filter_map(|(id, doc)| Some((id as DocId, doc.pending?)));
        let reasons = withheld.iter().map(|held| held.reason).collect();
        Self { by_source, by_number, reasons, pending: pending.collect() }
    }

    /// Whether what is public from a day on may refer to the document.
    pub fn is_open(&self, found: Found, when: When) -> bool {
        match found {
            Found::Public(id) => self.pending.get(&id).is_none_or(|reason| reason.is_over(when)),
            Found::Withheld(at) => self.reasons[at].is_over(when),
        }
    }

    /// Whether a document is public today, not only shown.
    pub fn is_public(&self, id: DocId) -> bool {
        !self.pending.contains_key(&id)
    }

    pub fn is_withdrawn(&self, found: Found) -> bool {
        matches!(found, Found::Withheld(at) if matches!(self.reasons[at], Reason::Withdrawn(_)))
    }

    /// A document by its path below `content/`.
    pub fn source(&self, path: &str) -> Option<Found> {
        self.by_source.get(path).copied()
    }

    pub fn number(&self, number: &str) -> Option<Found> {
        self.by_number.get(number.trim()).copied()
    }

    /// A document as `relative` names it from inside `folder`: a path that ends in `.md` (from `content/` if it begins
    /// with `/`), else an 索引号.
    pub fn document(&self, folder: &str, relative: &str) -> Option<Found> {
        let relative = relative.trim();
        match relative.strip_suffix(".md") {
            Some(_) => self.beside(folder, relative),
            None => {
                self.number(relative.strip_prefix("索引号:").or(relative.strip_prefix("索引号：")).unwrap_or(relative))
            }
        }
    }

    /// A document by a path from inside `folder`, or else from `content/`, as `list` prints it.
    pub fn beside(&self, folder: &str, relative: &str) -> Option<Found> {
        let from_content = relative.strip_prefix("content/").unwrap_or(relative);
        resolve(folder, relative).and_then(|path| self.source(&path)).or_else(|| self.source(from_content))
    }

    /// Every path and number, for "did you mean".
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_source.keys().map(|path| &**path).chain(self.by_number.keys().map(|number| &**number))
    }
}

/// A path below `content/`, from a path relative to `folder` or, with a leading `/`, to `content/`.
pub fn resolve(folder: &str, relative: &str) -> Option<String> {
    match relative.strip_prefix('/') {
        Some(absolute) => path::join("", absolute.strip_prefix("content/").unwrap_or(absolute)),
        None => path::join(folder, relative),
    }
}
