//! Cards, pagers and feeds.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};

use serde::{Serialize, Serializer};

use super::super::World;
use super::kind::{self, RowView};
use super::withdrawn::MARK;
use crate::catalogue::{Card, DocId, Reason};
use crate::model::{Moment, path};
use crate::plan::List;
use crate::theme::Value;

/// The cards of documents: a fingerprint holds their hashes, a template sees their fields.
pub struct Cards<'a> {
    pub docs: Cow<'a, [DocId]>,
    pub world: &'a World,
}

impl Hash for Cards<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_usize(self.docs.len());
        self.docs.iter().for_each(|id| self.world.catalogue.cards[*id as usize].hash(state));
    }
}

impl Serialize for Cards<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.docs.iter().map(|id| CardView::new(self.world.catalogue.card(*id), self.world)))
    }
}

/// With no more fields than a hash table of 16 places holds: there are millions of them. `pending` is one too many, and
/// there in previews alone; so are `columns` and `withdrawn`, which few documents have.
#[derive(Serialize)]
pub struct CardView<'a> {
    title: &'a str,
    url: Encoded<'a>,
    index_no: &'a str,
    doc_no: &'a str,
    issuer: &'a str,
    issuer_short: &'a str,
    published: Moment,
    day: Moment,
    formed: Moment,
    summary: &'a str,
    validity: &'a Value,
    kind: &'a str,
    place: &'a str,
    pinned: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pending: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    columns: Vec<RowView<'a>>,
}

impl<'a> CardView<'a> {
    pub fn new(card: Card<'a>, world: &'a World) -> Self {
        Self {
            title: card.title(),
            url: Encoded(card.out()),
            index_no: card.index_no(),
            doc_no: card.doc_no(),
            issuer: card.issuer(),
            issuer_short: card.issuer_short(),
            published: card.published(),
            day: card.published().day(),
            formed: card.formed(),
            summary: card.summary(),
            validity: world.frame.validity(card.validity()),
            kind: card.kind(),
            place: card.place(),
            pinned: card.pinned(),
            pending: card.pending().map(Reason::mark),
            withdrawn: card.withdrawn().map(|_| MARK),
            columns: card.columns().filter_map(|(field, value)| kind::row(field, value)).collect(),
        }
    }
}

/// An address, percent-encoded.
pub struct Encoded<'a>(pub &'a str);

impl Serialize for Encoded<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match path::stands_as_it_is(self.0) {
            true => serializer.serialize_str(self.0),
            false => serializer.serialize_str(&path::encode(self.0)),
        }
    }
}

/// How a title that is invented begins.
pub const EXAMPLES: [&str; 3] = ["【示例】", "［示例］", "[示例]"];

/// Whether a title says that the document is invented.
pub fn is_example(title: &str) -> bool {
    EXAMPLES.iter().any(|mark| title.starts_with(mark))
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
    let has_older = listing.docs.len() > listing.page_size && number != Some(1);
    let oldest = if has_older { archive(1) } else { String::new() };
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
