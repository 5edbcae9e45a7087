//! The rows of the catalogue's listings. A document stands in many of them with the same row, which is rendered once.

use std::hash::Hash;

use memchr::memchr_iter;

use super::super::memo::Memo;
use super::super::{Handed, World};
use super::list::CardView;
use crate::catalogue::DocId;
use crate::diag::Diagnostic;
use crate::model::hash::Hasher128;
use crate::source::Place;
use crate::theme::{self, Context, Value};

/// The partial that makes a row.
const ENTRY: &str = "partials/entry.html";

/// Stands for the way to the root in a row that is kept, so that pages of every depth share it. No text of a site may
/// hold this character.
const ROOT: u8 = 1;

/// Where a row was put aside (nowhere, if there was no room), or why there is none.
type Entry = Result<Option<Place>, Box<Diagnostic>>;

/// The rows that were rendered. What a row depends on besides its document: the way to the root, which is put in later, and
/// whether the listing has a column for validity.
pub struct Entries {
    /// Without and with the column.
    kinds: [Memo<Memo<Entry>>; 2],
}

impl Entries {
    pub fn new() -> Self {
        Self { kinds: [Memo::new(1), Memo::new(1)] }
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
        let root = "../".repeat(self.depth);
        let mut html = String::with_capacity(self.docs.len() * 1024);
        let mut push = |entry: &str| {
            let mut done = 0;
            for at in memchr_iter(ROOT, entry.as_bytes()) {
                html.push_str(&entry[done..at]);
                html.push_str(&root);
                done = at + 1;
            }
            html.push_str(&entry[done..]);
        };
        for id in &self.docs {
            self.entry(*id, &mut push)?;
        }
        Ok(theme::safe_html(&html))
    }
}

impl Listed<'_> {
    /// Lends the row, with `ROOT` in place of the way to the root.
    fn entry(&self, id: DocId, push: &mut dyn FnMut(&str)) -> Result<(), Diagnostic> {
        let Some(aside) = &self.world.aside else { return self.render(id).map(|row| push(&row)) };
        let docs = self.world.catalogue.docs.len();
        let kind = self.world.entries.kinds[usize::from(self.has_validity)].get(0, || Memo::new(docs));
        let place = kind.get(id as usize, || self.render(id).map(|row| aside.put(row)).map_err(Box::new));
        let place = place.as_ref().map_err(|finding| Diagnostic::clone(finding))?;
        match place.as_ref().and_then(|place| aside.get(place, &mut *push)) {
            Some(()) => Ok(()),
            None => self.render(id).map(|row| push(&row)),
        }
    }

    fn render(&self, id: DocId) -> Result<String, Diagnostic> {
        let mut context = Context::new();
        context.insert_value("root", Value::from(char::from(ROOT).to_string()));
        context.insert_value("t", self.world.frame.strings());
        context.insert_value("has_validity", Value::from(self.has_validity));
        context.insert_value("card", theme::value(&CardView::new(self.world.catalogue.card(id), self.world)));
        let html = self.world.theme.render(ENTRY, &context)?;
        Ok(String::from_utf8(html).expect("made of texts"))
    }
}
