//! What a document's front matter says: only the fields that are there, typed.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::field::Field;
use super::moment::Moment;
use super::numbers::{DocNumber, IndexNumber};
use super::span::{Located, Span, Text};
use super::words::{Disclosure, RelationKind, Validity};

/// A field's value, read once, as its type in `FIELDS` says.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Value {
    Text(Text),
    List(Box<[Located<Text>]>),
    Moment(Moment),
    IndexNo(IndexNumber),
    DocNo(Box<DocNumber>),
    Validity(Validity),
    Disclosure(Disclosure),
    Flag(bool),
    Attachments(Box<[AttachmentRef]>),
    /// Stated, but refused: a finding says why.
    Refused,
    /// Of a field that no reader may see; only that it was written is known.
    Private,
}

/// An attachment as its document names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AttachmentRef {
    /// Path beside the document, or from `static/` if it begins with `/`.
    pub file: Located<Text>,
    /// The name readers see; the file's own name if left out.
    pub title: Option<Text>,
}

/// The fields a document (or a channel's `defaults:`) states, in the order of `FIELDS`, each once.
/// Equality and hash ignore where in the file they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Front(Box<[(Field, Located<Value>)]>);

impl Front {
    /// Of two values for one field the first counts.
    pub fn new(mut fields: Vec<(Field, Located<Value>)>) -> Self {
        fields.sort_by_key(|(field, _)| *field);
        fields.dedup_by_key(|(field, _)| *field);
        Self(fields.into())
    }

    /// These fields, and those of `defaults` that are missing here. What comes from the defaults stands in another file
    /// and so has no place in this one.
    pub fn or(self: Arc<Self>, defaults: &Front) -> Arc<Self> {
        let missing = |(field, _): &&(Field, Located<Value>)| self.get(*field).is_none();
        let added: Vec<_> =
            defaults.0.iter().filter(missing).map(|(field, value)| (*field, without_place(value))).collect();
        match added.is_empty() {
            true => self,
            false => Arc::new(Self::new(self.0.iter().cloned().chain(added).collect())),
        }
    }

    /// With other texts where `change` has one for the text at a place.
    pub fn map_texts(mut self, change: impl Fn(Span, &str) -> Option<Text>) -> Self {
        for (_, Located { value, span }) in &mut self.0 {
            if let Value::Text(text) = value
                && let Some(better) = change(*span, text)
            {
                *text = better;
            }
        }
        self
    }

    pub fn get(&self, field: Field) -> Option<&Located<Value>> {
        self.0.binary_search_by_key(&field, |(key, _)| *key).ok().map(|at| &self.0[at].1)
    }

    /// Where the field's value stands; the start of the file if it is not stated (a channel's default, say).
    pub fn span(&self, field: Field) -> Span {
        self.get(field).map_or(Span::default(), |located| located.span)
    }

    pub fn fields(&self) -> impl Iterator<Item = Field> {
        self.0.iter().map(|(field, _)| *field)
    }

    pub fn text(&self, field: Field) -> Option<&str> {
        match self.get(field)?.value {
            Value::Text(ref text) => Some(text),
            _ => None,
        }
    }

    pub fn list(&self, field: Field) -> &[Located<Text>] {
        match self.get(field).map(|located| &located.value) {
            Some(Value::List(items)) => items,
            _ => &[],
        }
    }

    pub fn moment(&self, field: Field) -> Option<Moment> {
        match self.get(field)?.value {
            Value::Moment(moment) => Some(moment),
            _ => None,
        }
    }

    pub fn flag(&self, field: Field) -> bool {
        matches!(self.get(field), Some(Located { value: Value::Flag(true), .. }))
    }

    pub fn index_no(&self) -> Option<&IndexNumber> {
        match &self.get(Field::IndexNo)?.value {
            Value::IndexNo(number) => Some(number),
            _ => None,
        }
    }

    pub fn doc_no(&self) -> Option<&DocNumber> {
        match &self.get(Field::DocNo)?.value {
            Value::DocNo(number) => Some(number),
            _ => None,
        }
    }

    pub fn validity(&self) -> Option<Validity> {
        match self.get(Field::Validity)?.value {
            Value::Validity(validity) => Some(validity),
            _ => None,
        }
    }

    /// 主动公开 unless stated otherwise.
    pub fn disclosure(&self) -> Disclosure {
        match self.get(Field::Disclosure) {
            Some(Located { value: Value::Disclosure(disclosure), .. }) => *disclosure,
            _ => Disclosure::Proactive,
        }
    }

    pub fn attachments(&self) -> &[AttachmentRef] {
        match self.get(Field::Attachments).map(|located| &located.value) {
            Some(Value::Attachments(items)) => items,
            _ => &[],
        }
    }

    /// Every relation stated, with its target as written.
    pub fn relations(&self) -> impl Iterator<Item = (RelationKind, &Located<Text>)> {
        RelationKind::ALL.into_iter().flat_map(|kind| self.list(kind.field()).iter().map(move |to| (kind, to)))
    }
}

fn without_place(located: &Located<Value>) -> Located<Value> {
    let nowhere = Span::default();
    let value = match &located.value {
        Value::List(items) => Value::List(items.iter().map(|item| Located::new(item.value.clone(), nowhere)).collect()),
        Value::Attachments(items) => Value::Attachments(
            items
                .iter()
                .map(|item| AttachmentRef {
                    file: Located::new(item.file.value.clone(), nowhere),
                    title: item.title.clone(),
                })
                .collect(),
        ),
        other => other.clone(),
    };
    Located::new(value, nowhere)
}
