//! What `serde_yaml` makes of a flow collection: `[a, b]`, `{file: x.pdf}`.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::yaml::{Key, Kind, Node};
use crate::model::Span;

/// What `serde_yaml` makes of a flow collection.
pub enum Flow {
    Null,
    Scalar(String),
    List(Vec<Flow>),
    Map(Vec<(String, Flow)>),
}

impl Flow {
    pub fn depth(&self) -> usize {
        match self {
            Flow::Null | Flow::Scalar(_) => 0,
            Flow::List(items) => 1 + items.iter().map(Flow::depth).max().unwrap_or(0),
            Flow::Map(pairs) => 1 + pairs.iter().map(|(_, value)| value.depth()).max().unwrap_or(0),
        }
    }

    /// As nodes, all at the place of the collection.
    pub fn into_node<'a>(self, span: Span) -> Node<'a> {
        let kind = match self {
            Flow::Null => Kind::Null,
            Flow::Scalar(text) => Kind::Scalar(Cow::Owned(text)),
            Flow::List(items) => Kind::List(items.into_iter().map(|item| item.into_node(span)).collect()),
            Flow::Map(pairs) => Kind::Map(
                pairs
                    .into_iter()
                    .map(|(key, value)| (Key { name: Cow::Owned(key), span }, value.into_node(span)))
                    .collect(),
            ),
        };
        Node { span, kind }
    }
}

impl<'de> Deserialize<'de> for Flow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FlowVisitor)
    }
}

struct FlowVisitor;

impl<'de> Visitor<'de> for FlowVisitor {
    type Value = Flow;

    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E>(self) -> Result<Flow, E> {
        Ok(Flow::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Flow, E> {
        Ok(Flow::Scalar(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Flow, E> {
        Ok(Flow::Scalar(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Flow, E> {
        Ok(Flow::Scalar(value.to_string()))
    }

    /// A code like `1e5` would come out as another text: refused, to be written in quotes.
    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Flow, E> {
        Err(E::invalid_type(serde::de::Unexpected::Float(value), &self))
    }

    fn visit_str<E>(self, value: &str) -> Result<Flow, E> {
        Ok(Flow::Scalar(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Flow, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Flow::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Flow, A::Error> {
        let mut pairs: Vec<(String, Flow)> = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            pairs.push((key, map.next_value()?));
        }
        Ok(Flow::Map(pairs))
    }
}
