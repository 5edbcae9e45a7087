//! Cards, pagers and feeds.

use std::hash::Hash;

use serde::Serialize;

use super::super::{Handed, World};
use crate::catalogue::{Card, DocId};
use crate::diag::Diagnostic;
use crate::model::hash::Hasher128;
use crate::model::path;
use crate::plan::List;
use crate::theme::{self, Value};

/// The cards of documents: a fingerprint holds their hashes, a template sees their fields.
pub struct Cards<'a> {
    pub docs: Vec<DocId>,
    pub world: &'a World<'a>,
}

impl Handed for Cards<'_> {
    fn feed(&self, hasher: &mut Hasher128) {
        self.docs.len().hash(hasher);
        self.docs.iter().for_each(|id| self.world.catalogue.cards[*id as usize].hash(hasher));
    }

    fn value(&self) -> Result<Value, Diagnostic> {
        Ok(cards(&self.docs, self.world))
    }
}

/// The cards of documents, as templates see them.
pub fn cards(docs: &[DocId], world: &World) -> Value {
    Value::from(docs.iter().map(|id| card(world.catalogue.card(*id), world)).collect::<Vec<_>>())
}

/// Made without detour over a serializer, with no more than a hash table of 16 places holds: there are millions of them.
fn card(card: Card, world: &World) -> Value {
    theme::map([
        ("title", card.title().into()),
        ("url", path::encode(card.out()).into()),
        ("index_no", card.index_no().into()),
        ("doc_no", card.doc_no().into()),
        ("issuer", card.issuer().into()),
        ("issuer_short", card.issuer_short().into()),
        ("published", card.published().text().into()),
        ("day", card.published().day().text().into()),
        ("formed", card.formed().text().into()),
        ("summary", card.summary().into()),
        ("validity", world.frame.validity(card.validity())),
        ("kind", card.kind().into()),
        ("place", card.place().into()),
        ("pinned", card.pinned().into()),
    ])
}

/// Whether a title says that the document is invented.
pub fn is_example(title: &str) -> bool {
    title.starts_with("【示例】") || title.starts_with("［示例］") || title.starts_with("[示例]")
}

#[derive(Default, Hash, Serialize)]
pub struct Pager {
    number: usize,
    label: String,
    is_index: bool,
    total: usize,
    pages: usize,
    newest: String,
    newer: String,
    older: String,
    oldest: String,
    numbers: Vec<Number>,
}

#[derive(Hash, Serialize)]
struct Number {
    label: String,
    url: String,
    current: bool,
}

/// How many page links an index page shows.
const NUMBERS: usize = 8;

/// Links among the pages of a listing. Totals stand on the index page only, so that an archive page never changes.
pub fn pager(list: &List, number: Option<usize>, world: &World) -> Pager {
    let listing = world.catalogue.list(list);
    let folder = path::encode(&world.catalogue.folder(list));
    let index = format!("{folder}index.html");
    let archive = |number: usize| format!("{folder}list_{number}.html");
    let last = listing.archive_pages();
    let older = match number {
        None => listing.after_index(),
        Some(number) => (number > 1).then(|| number - 1),
    };
    let oldest = (listing.docs.len() > listing.page_size && number != Some(1)).then(|| archive(1)).unwrap_or_default();
    let older = older.map(archive).unwrap_or_default();
    match number {
        Some(number) => Pager {
            number,
            label: format!("第 {number} 页"),
            newest: index.clone(),
            newer: if number < last { archive(number + 1) } else { index },
            older,
            oldest,
            ..Pager::default()
        },
        None => {
            let after = listing.after_index().unwrap_or(0);
            let first = Number { label: "最新".into(), url: index, current: true };
            let shown = (1..=after).rev().take(NUMBERS);
            let rest = shown.map(|number| Number { label: number.to_string(), url: archive(number), current: false });
            Pager {
                is_index: true,
                total: listing.docs.len(),
                pages: after + 1,
                older,
                oldest,
                numbers: if after == 0 { Vec::new() } else { std::iter::once(first).chain(rest).collect() },
                ..Pager::default()
            }
        }
    }
}

#[derive(Default, Hash, Serialize)]
pub struct Feeds {
    rss: String,
    json: String,
    csv: String,
}

pub fn feeds(list: &List, world: &World) -> Feeds {
    let folder = path::encode(&world.catalogue.folder(list));
    let has_rows = !world.catalogue.list(list).docs.is_empty();
    let data = |name: &str| if has_rows { format!("{folder}{name}") } else { String::new() };
    Feeds {
        rss: if matches!(list, List::Channel(_)) { format!("{folder}rss.xml") } else { String::new() },
        json: data("index.json"),
        csv: data("index.csv"),
    }
}

/// Archive pages offer none.
pub fn no_feeds() -> Feeds {
    Feeds::default()
}
