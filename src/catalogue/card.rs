//! The card: all that *another* page may see of a document. Editing a text changes no card.

use super::terms::AxisIndex;
use super::{Entry, TermId};
use crate::model::{Axis, Field, Moment, Validity};

/// 条目, borrowed from its document. Its hash is what lists depend on.
#[derive(Clone, Debug, Hash)]
pub struct Card<'a> {
    pub title: &'a str,
    /// From the site's root, not encoded.
    pub out: &'a str,
    pub index_no: &'a str,
    pub doc_no: &'a str,
    pub issuer: &'a str,
    pub issuer_short: &'a str,
    pub written: Option<Moment>,
    pub published: Moment,
    pub effective: Option<Moment>,
    pub expires: Option<Moment>,
    pub summary: &'a str,
    pub validity: Option<Validity>,
    pub kind: &'a str,
    pub series: &'a str,
    pub issue: &'a str,
    pub terms: Vec<(Axis, Vec<&'a str>)>,
    pub keywords: Vec<&'a str>,
    pub pinned: bool,
    /// How many files go with it.
    pub attachments: usize,
}

impl<'a> Card<'a> {
    pub fn of(doc: &'a Entry, axes: &'a [AxisIndex]) -> Self {
        let text = |field| doc.front.text(field).unwrap_or_default();
        let issuer_short = doc
            .terms_of(Axis::Issuer)
            .next()
            .and_then(|term| axes[Axis::Issuer.index()].term(term).organization.short.as_deref())
            .unwrap_or_default();
        let shown = [Axis::Subject, Axis::Genre, Axis::Category, Axis::Audience, Axis::Place];
        Card {
            title: doc.title(),
            out: doc.out.as_str(),
            index_no: doc.front.index_no().map_or("", |number| number.as_str()),
            doc_no: doc.front.doc_no().map_or("", |number| number.as_str()),
            issuer: &doc.issuer,
            issuer_short,
            written: doc.front.moment(Field::Written),
            published: doc.published(),
            effective: doc.front.moment(Field::Effective),
            expires: doc.front.moment(Field::Expires),
            summary: text(Field::Summary),
            validity: doc.validity,
            kind: text(Field::Kind),
            series: text(Field::Series),
            issue: text(Field::Issue),
            terms: shown.into_iter().map(|axis| (axis, names(doc, axis, &axes[axis.index()]))).collect(),
            keywords: doc.front.list(Field::Keywords).iter().map(|word| &*word.value).collect(),
            pinned: doc.front.flag(Field::Pinned),
            attachments: doc.attachments.len(),
        }
    }

    /// The deepest place named.
    pub fn place(&self) -> &'a str {
        let places = self.terms.iter().find(|(axis, _)| *axis == Axis::Place);
        let full = places.and_then(|(_, names)| names.first().copied()).unwrap_or_default();
        full.rsplit('/').next().unwrap_or_default()
    }

    /// 生成日期, the fourth statutory column of a catalogue: the day of writing, else of publication.
    pub fn formed(&self) -> Moment {
        self.written.unwrap_or(self.published).day()
    }
}

fn names<'a>(doc: &Entry, axis: Axis, index: &'a AxisIndex) -> Vec<&'a str> {
    doc.terms_of(axis).map(|term: TermId| &*index.term(term).full).collect()
}
