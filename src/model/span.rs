//! Places in a source file, in bytes; lines and columns are computed only when a finding is shown.

use serde::{Deserialize, Serialize};

use std::hash::{Hash, Hasher};
use std::ops::Range;

/// A byte range of one source file, counted from the start of the file (not of its front matter).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end.max(start) as u32 }
    }

    pub fn at(start: usize, len: usize) -> Self {
        Self::new(start, start + len)
    }

    /// Whether it is a place at all: what a channel gives to its documents stands nowhere in them.
    pub fn is_somewhere(self) -> bool {
        self != Self::default()
    }

    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The same place seen from a text that begins `offset` bytes further left.
    pub fn shifted(self, offset: usize) -> Self {
        Self::new(self.start as usize + offset, self.end as usize + offset)
    }
}

/// A value and where its author wrote it. Hash and equality ignore the place, so that moving a line changes no
/// fingerprint.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Located<T> {
    pub value: T,
    pub span: Span,
}

impl<T> Located<T> {
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Located<U> {
        Located { value: f(self.value), span: self.span }
    }
}

impl<T: Hash> Hash for Located<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}

impl<T: PartialEq> PartialEq for Located<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}
impl<T: Eq> Eq for Located<T> {}

/// Text of a document that lives long: no spare capacity.
pub type Text = Box<str>;
