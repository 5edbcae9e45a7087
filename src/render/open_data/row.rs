//! A document as a row of open data, in JSON.

use serde::{Serialize, Serializer};

use crate::catalogue::Card;
use crate::model::{Axis, Moment};

/// A document as a row; dates are `2014-12-04` or `2014-12-04 09:30`. What a document does not state is left out.
#[derive(Serialize)]
pub struct Row<'a> {
    index_no: &'a str,
    title: &'a str,
    summary: &'a str,
    /// 生成日期: the day of writing, else of publication.
    formed: Moment,
    /// From the site's root.
    url: Url<'a>,
    #[serde(skip_serializing_if = "str::is_empty")]
    doc_no: &'a str,
    issuer: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<Moment>,
    published: Moment,
    #[serde(skip_serializing_if = "Option::is_none")]
    effective: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<Moment>,
    #[serde(skip_serializing_if = "str::is_empty")]
    validity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn: Option<Moment>,
    #[serde(skip_serializing_if = "str::is_empty")]
    withdrawn_reason: &'static str,
    #[serde(skip_serializing_if = "Names::is_empty")]
    subject: Names<'a>,
    #[serde(skip_serializing_if = "Names::is_empty")]
    genre: Names<'a>,
    #[serde(skip_serializing_if = "Names::is_empty")]
    category: Names<'a>,
    #[serde(skip_serializing_if = "Names::is_empty")]
    audience: Names<'a>,
    #[serde(skip_serializing_if = "Names::is_empty")]
    place: Names<'a>,
    #[serde(skip_serializing_if = "str::is_empty")]
    kind: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    series: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    issue: &'a str,
    #[serde(skip_serializing_if = "Words::is_empty")]
    keywords: Words<'a>,
    /// What it states in the fields of its kind, by their keys.
    #[serde(skip_serializing_if = "Stated::is_empty")]
    fields: Stated<'a>,
}

struct Stated<'a>(Card<'a>);

impl Stated<'_> {
    fn is_empty(&self) -> bool {
        self.0.data().next().is_none()
    }
}

impl Serialize for Stated<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.data().map(|(field, value)| (&field.name, value.shown())))
    }
}

/// `/zwgk/a.html`
pub struct Url<'a>(pub &'a str);

impl Serialize for Url<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("/{}", self.0))
    }
}

/// The full names of a card's terms on an axis.
struct Names<'a>(Card<'a>, Axis);

impl Names<'_> {
    fn is_empty(&self) -> bool {
        self.0.terms(self.1).next().is_none()
    }
}

impl Serialize for Names<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.terms(self.1))
    }
}

struct Words<'a>(Card<'a>);

impl Words<'_> {
    fn is_empty(&self) -> bool {
        self.0.keywords().next().is_none()
    }
}

impl Serialize for Words<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.keywords())
    }
}

impl<'a> Row<'a> {
    pub fn of(card: Card<'a>) -> Self {
        Self {
            index_no: card.index_no(),
            title: card.title(),
            summary: card.summary(),
            formed: card.formed(),
            url: Url(card.out()),
            doc_no: card.doc_no(),
            issuer: card.issuer(),
            written: card.written(),
            published: card.published(),
            effective: card.effective(),
            expires: card.expires(),
            validity: card.validity().map_or("", |validity| validity.label()),
            withdrawn: card.withdrawn().map(|what| what.day),
            withdrawn_reason: card.withdrawn().map_or("", |what| what.cause.label()),
            subject: Names(card, Axis::Subject),
            genre: Names(card, Axis::Genre),
            category: Names(card, Axis::Category),
            audience: Names(card, Axis::Audience),
            place: Names(card, Axis::Place),
            kind: card.kind(),
            series: card.series(),
            issue: card.issue(),
            keywords: Words(card),
            fields: Stated(card),
        }
    }
}
