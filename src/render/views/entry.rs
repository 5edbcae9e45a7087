//! The rows of the catalogue's listings. A document stands in many of them with the same row, which is rendered once.

use std::borrow::Cow;
use std::hash::Hash;

use super::super::memo::Memo;
use super::super::{Handed, World};
use super::list::CardView;
use crate::catalogue::DocId;
use crate::diag::Diagnostic;
use crate::model::hash::Hasher128;
use crate::theme::{self, Context, Value};

/// The partial that makes a row.
const ENTRY: &str = "partials/entry.html";

/// Most documents whose rows are kept: beyond that memory is dearer than time.
const KEPT: usize = 16 * 1024;

/// A row as HTML, or why there is none.
type Entry = Result<Box<str>, Box<Diagnostic>>;

/// The rows that were rendered. What a row depends on besides its document: the depth of the page, which is the way to
/// the root, and whether the listing has a column for validity.
pub struct Entries {
    /// Two kinds for every depth.
    kinds: Memo<Memo<Entry>>,
    kept: usize,
}

impl Entries {
    /// No page lies deeper than `deepest`.
    pub fn new(docs: usize, deepest: usize) -> Self {
        Self { kinds: Memo::new(2 * (deepest + 1)), kept: docs.min(KEPT) }
    }
}

/// The rows of a page of a listing.
pub struct Listed<'a> {
    docs: Vec<DocId>,
    /// How deep the page lies.
    depth: usize,
    has_validity: bool,
    world: &'a World,
}

/// Hands the rows of documents, and whether any of them states its validity.
pub fn hand(docs: Vec<DocId>, depth: usize, world: &World, give: &mut dyn FnMut(&'static str, &dyn Handed)) {
    let has_validity = docs.iter().any(|id| world.catalogue.doc(*id).validity.is_some());
    give("has_validity", &has_validity);
    give("entries", &Listed { docs, depth, has_validity, world });
}

impl Handed for Listed<'_> {
    /// The cards, the way to the root and the strings are fed under their own names.
    fn feed(&self, hasher: &mut Hasher128) {
        self.world.theme.closure(ENTRY).hash.hash(hasher);
    }

    fn value(&self) -> Result<Value, Diagnostic> {
        let mut html = String::with_capacity(self.docs.len() * 1024);
        for id in &self.docs {
            html.push_str(&self.entry(*id)?);
        }
        Ok(theme::safe_html(&html))
    }
}

impl Listed<'_> {
    fn entry(&self, id: DocId) -> Result<Cow<'_, str>, Diagnostic> {
        let Entries { kinds, kept } = &self.world.entries;
        if id as usize >= *kept {
            return self.render(id).map(Cow::from);
        }
        let kind = kinds.get(2 * self.depth + usize::from(self.has_validity), || Memo::new(*kept));
        let entry = kind.get(id as usize, || self.render(id).map(String::into_boxed_str).map_err(Box::new));
        entry.as_deref().map(Cow::from).map_err(|finding| Diagnostic::clone(finding))
    }

    fn render(&self, id: DocId) -> Result<String, Diagnostic> {
        let mut context = Context::new();
        context.insert_value("root", Value::from("../".repeat(self.depth)));
        context.insert_value("t", self.world.frame.strings());
        context.insert_value("has_validity", Value::from(self.has_validity));
        context.insert_value("card", theme::value(&CardView::new(self.world.catalogue.card(id), self.world)));
        let html = self.world.theme.render(ENTRY, &context)?;
        Ok(String::from_utf8(html).expect("made of texts"))
    }
}
