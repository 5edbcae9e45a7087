//! The card: all that *another* page may see of a document. Editing a text changes no card.

use std::hash::{Hash, Hasher};

use super::gate::Reason;
use super::kinds::Kinds;
use super::terms::AxisIndex;
use super::{Entry, FactValue};
use crate::model::{Axis, Field, Kind, KindField, Moment, Validity, Withdrawal};

/// 条目: a document seen from another page, borrowed. Its hash is what lists depend on.
#[derive(Clone, Copy)]
pub struct Card<'a> {
    doc: &'a Entry,
    axes: &'a [AxisIndex],
    kinds: &'a Kinds,
}

/// The axes that a card tells besides issuer, year and validity.
const SHOWN: [Axis; 5] = [Axis::Subject, Axis::Genre, Axis::Category, Axis::Audience, Axis::Place];

impl<'a> Card<'a> {
    pub fn of(doc: &'a Entry, axes: &'a [AxisIndex], kinds: &'a Kinds) -> Self {
        Self { doc, axes, kinds }
    }

    pub fn title(self) -> &'a str {
        self.doc.title()
    }

    /// From the site's root, not encoded.
    pub fn out(self) -> &'a str {
        self.doc.out.as_str()
    }

    pub fn index_no(self) -> &'a str {
        self.doc.front.index_no().map_or("", |number| number.as_str())
    }

    pub fn doc_no(self) -> &'a str {
        self.doc.front.doc_no().map_or("", |number| number.as_str())
    }

    pub fn issuer(self) -> &'a str {
        &self.doc.issuer
    }

    /// The issuer's short name if its table has one.
    pub fn issuer_short(self) -> &'a str {
        let first = self.doc.terms_of(Axis::Issuer).next();
        let short = first.and_then(|term| self.axes[Axis::Issuer.index()].term(term).organization.short.as_deref());
        short.unwrap_or(&self.doc.issuer)
    }

    pub fn written(self) -> Option<Moment> {
        self.doc.front.moment(Field::Written)
    }

    pub fn published(self) -> Moment {
        self.doc.published
    }

    pub fn effective(self) -> Option<Moment> {
        self.doc.front.moment(Field::Effective)
    }

    pub fn expires(self) -> Option<Moment> {
        self.doc.front.moment(Field::Expires)
    }

    pub fn validity(self) -> Option<Validity> {
        self.doc.validity
    }

    pub fn summary(self) -> &'a str {
        self.text(Field::Summary)
    }

    pub fn kind(self) -> &'a str {
        self.text(Field::Kind)
    }

    /// What readers call its kind.
    pub fn kind_label(self) -> &'a str {
        self.doc.kind.map_or(self.kind(), |kind| &self.kinds.get(kind).label)
    }

    pub fn series(self) -> &'a str {
        self.text(Field::Series)
    }

    pub fn issue(self) -> &'a str {
        self.text(Field::Issue)
    }

    /// Why the document is not public yet, in previews.
    pub fn pending(self) -> Option<Reason> {
        self.doc.pending
    }

    /// Its withdrawal, if it stays to be read.
    pub fn withdrawn(self) -> Option<Withdrawal> {
        self.doc.withdrawn.as_ref().map(|banner| banner.what)
    }

    pub fn pinned(self) -> bool {
        self.doc.front.flag(Field::Pinned) && self.doc.withdrawn.is_none()
    }

    pub fn keywords(self) -> impl Iterator<Item = &'a str> {
        self.doc.front.list(Field::Keywords).iter().map(|word| &*word.value)
    }

    /// Full names of its terms on an axis: `综合政务/政务公开`.
    pub fn terms(self, axis: Axis) -> impl Iterator<Item = &'a str> {
        let index = &self.axes[axis.index()];
        self.doc.terms_of(axis).map(|term| &*index.term(term).full)
    }

    /// The deepest place named.
    pub fn place(self) -> &'a str {
        self.terms(Axis::Place).next().unwrap_or_default().rsplit('/').next().unwrap_or_default()
    }

    /// 生成日期, the fourth statutory column of a catalogue: the day of writing, else of publication.
    pub fn formed(self) -> Moment {
        self.written().unwrap_or(self.published()).day()
    }

    /// What catalogues show of the fields of its kind.
    pub fn columns(self) -> impl Iterator<Item = (&'a KindField, &'a FactValue)> {
        self.stated()
            .into_iter()
            .flat_map(move |kind| kind.columns.iter().filter_map(move |name| self.fact(kind, name)))
    }

    /// What open data holds of the fields of its kind, in the order of `data_fields`.
    pub fn data(self) -> impl Iterator<Item = (&'a KindField, &'a FactValue)> {
        self.stated()
            .into_iter()
            .flat_map(move |kind| kind.data_fields().filter_map(move |field| self.fact(kind, &field.name)))
    }

    /// The kind, if it has one and says something in its fields.
    fn stated(self) -> Option<&'a Kind> {
        self.doc.kind.filter(|_| !self.doc.facts.is_empty()).map(|kind| self.kinds.get(kind))
    }

    fn fact(self, kind: &'a Kind, name: &str) -> Option<(&'a KindField, &'a FactValue)> {
        let (at, field) = kind.field(name)?;
        let fact = self.doc.facts.iter().find(|fact| usize::from(fact.field) == at)?;
        Some((field, &fact.value))
    }

    fn text(self, field: Field) -> &'a str {
        self.doc.front.text(field).unwrap_or_default()
    }
}

impl Hash for Card<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let texts = [
            self.title(),
            self.out(),
            self.index_no(),
            self.doc_no(),
            self.issuer(),
            self.issuer_short(),
            self.summary(),
            self.kind(),
            self.kind_label(),
            self.series(),
            self.issue(),
        ];
        texts.hash(state);
        (self.written(), self.published(), self.effective(), self.expires(), self.validity(), self.pinned())
            .hash(state);
        (self.pending(), self.withdrawn()).hash(state);
        self.keywords().for_each(|word| word.hash(state));
        // each with its end: a field that moves from one to the other is a change
        let hash = |facts: &mut dyn Iterator<Item = (&'_ KindField, &'_ FactValue)>, state: &mut H| {
            facts.for_each(|(field, value)| (true, &field.name, &field.label, field.shape.unit(), value).hash(state));
            false.hash(state);
        };
        hash(&mut self.columns(), state);
        hash(&mut self.data(), state);
        for axis in SHOWN {
            axis.hash(state);
            self.terms(axis).for_each(|term| term.hash(state));
        }
    }
}
