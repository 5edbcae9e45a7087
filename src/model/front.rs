//! What a document's front matter says: only the fields that are there, typed.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::document::Count;
use super::field::Field;
use super::moment::Moment;
use super::numbers::{DocNumber, IndexNumber};
use super::span::{Located, Span, Text};
use super::withdrawal::{Cause, Remains, Withdrawal};
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
    Cause(Cause),
    Remains(Remains),
    Flag(bool),
    Attachments(Box<[AttachmentRef]>),
    Counts(Box<[Count]>),
    /// Stated, but refused: a finding says why.
    Refused,
    /// Of a field that no reader may see; only that it was written is known.
    Private,
}

impl Value {
    pub fn is_refused(&self) -> bool {
        matches!(self, Value::Refused)
    }
}

/// An attachment as its document names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AttachmentRef {
    /// Path beside the document, or from `static/` if it begins with `/`.
    pub file: Located<Text>,
    /// The name readers see; the file's own name if left out.
    pub title: Option<Text>,
}

/// A key that is no core field, with its value as written: what it means, the document's kind says, which its file alone does
/// not know.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Extra {
    pub key: Located<Text>,
    pub value: Located<Raw>,
}

/// A value that nobody has judged yet.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Raw {
    Nothing,
    /// A finding says what is wrong with it.
    Refused,
    Text(Text),
    List(Box<[Located<Raw>]>),
    Map(Box<[(Located<Text>, Located<Raw>)]>),
}

impl Raw {
    /// What it is, for messages.
    pub fn what(&self) -> &'static str {
        match self {
            Raw::Nothing | Raw::Refused => "空值",
            Raw::Text(_) => "文字",
            Raw::List(_) => "列表",
            Raw::Map(_) => "表（键: 值）",
        }
    }
}

/// The fields a document (or a channel's `defaults:`) states, in the order of `FIELDS`, each once.
/// Equality and hash ignore where in the file they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Front {
    fields: Box<[(Field, Located<Value>)]>,
    /// Keys that are none of `FIELDS`: the document's kind may know them.
    extras: Box<[Extra]>,
}

impl Front {
    /// Of two values for one field the first counts.
    pub fn new(mut fields: Vec<(Field, Located<Value>)>) -> Self {
        fields.sort_by_key(|(field, _)| *field);
        fields.dedup_by_key(|(field, _)| *field);
        Self { fields: fields.into(), extras: Box::default() }
    }

    /// With the keys that are no core fields.
    pub fn with_extras(self, extras: Vec<Extra>) -> Self {
        Self { extras: extras.into(), ..self }
    }

    pub fn extras(&self) -> &[Extra] {
        &self.extras
    }

    /// These fields, and those of `defaults` that are missing here. What comes from the defaults stands in another file
    /// and so has no place in this one.
    pub fn or(self: Arc<Self>, defaults: &Front) -> Arc<Self> {
        let missing = |(field, _): &&(Field, Located<Value>)| self.get(*field).is_none();
        let added: Vec<_> =
            defaults.fields.iter().filter(missing).map(|(field, value)| (*field, without_place(value))).collect();
        let is_new = |extra: &&Extra| !self.extras.iter().any(|own| own.key == extra.key);
        let more: Vec<_> = defaults.extras.iter().filter(is_new).map(Extra::without_place).collect();
        match added.is_empty() && more.is_empty() {
            true => self,
            false => Arc::new(Self {
                extras: self.extras.iter().cloned().chain(more).collect(),
                ..Self::new(self.fields.iter().cloned().chain(added).collect())
            }),
        }
    }

    /// With another text for a field that is there.
    pub fn with_text(mut self, field: Field, text: &str) -> Self {
        if let Ok(at) = self.fields.binary_search_by_key(&field, |(key, _)| *key) {
            self.fields[at].1.value = Value::Text(text.into());
        }
        self
    }

    /// With other texts where `change` has one for the text at a place.
    pub fn map_texts(mut self, change: impl Fn(Span, &str) -> Option<Text>) -> Self {
        for (_, Located { value, span }) in &mut self.fields {
            if let Value::Text(text) = value
                && let Some(better) = change(*span, text)
            {
                *text = better;
            }
        }
        self
    }

    pub fn get(&self, field: Field) -> Option<&Located<Value>> {
        self.fields.binary_search_by_key(&field, |(key, _)| *key).ok().map(|at| &self.fields[at].1)
    }

    /// Where the field's value stands; the start of the file if it is not stated (a channel's default, say).
    pub fn span(&self, field: Field) -> Span {
        self.get(field).map_or(Span::default(), |located| located.span)
    }

    pub fn fields(&self) -> impl Iterator<Item = Field> {
        self.fields.iter().map(|(field, _)| *field)
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

    /// What it says of its withdrawal, whenever that is; `None` unless it says both when and why.
    pub fn withdrawal(&self) -> Option<Withdrawal> {
        let day = self.moment(Field::Withdrawn)?.day();
        let Value::Cause(cause) = self.get(Field::WithdrawnReason)?.value else { return None };
        let remains = match self.get(Field::WithdrawnShow) {
            Some(Located { value: Value::Remains(remains), .. }) => *remains,
            _ => cause.remains(),
        };
        Some(Withdrawal { day, cause, remains })
    }

    pub fn attachments(&self) -> &[AttachmentRef] {
        match self.get(Field::Attachments).map(|located| &located.value) {
            Some(Value::Attachments(items)) => items,
            _ => &[],
        }
    }

    /// 自动计数 that the text may show.
    pub fn counts(&self) -> &[Count] {
        match self.get(Field::Counts).map(|located| &located.value) {
            Some(Value::Counts(counts)) => counts,
            _ => &[],
        }
    }

    /// Every relation stated, with its target as written.
    pub fn relations(&self) -> impl Iterator<Item = (RelationKind, &Located<Text>)> {
        RelationKind::ALL.into_iter().flat_map(|kind| self.list(kind.field()).iter().map(move |to| (kind, to)))
    }
}

impl Extra {
    /// As a channel gives it to a document: it stands nowhere in that file, and what is wrong with it is told of the channel.
    fn without_place(&self) -> Self {
        let nowhere = Span::default();
        Self {
            key: Located::new(self.key.value.clone(), nowhere),
            value: Located::new(self.value.value.clone(), nowhere),
        }
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
