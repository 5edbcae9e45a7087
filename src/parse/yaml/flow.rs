//! What `serde_yaml` makes of a flow collection, `[a, b]`, `{file: x.pdf}`, and where each of its items stands.
//!
//! `serde_yaml` says what a collection holds, and knows no places. `Place` finds them by brackets, commas and quotes alone;
//! should the two ever disagree on how many items there are, the items stand where their collection does.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::piece::closing;
use super::{DEEPEST, Key, Kind, Node};
use crate::model::Span;

/// What `serde_yaml` makes of a flow collection.
pub enum Flow {
    Null,
    Scalar(String),
    /// What YAML takes for a number or a truth value: its text is what the author wrote. Comes with the value as text.
    Plain(String),
    List(Vec<Flow>),
    Map(Vec<(String, Flow)>),
}

impl Flow {
    pub fn depth(&self) -> usize {
        match self {
            Flow::Null | Flow::Scalar(_) | Flow::Plain(_) => 0,
            Flow::List(items) => 1 + items.iter().map(Flow::depth).max().unwrap_or(0),
            Flow::Map(pairs) => 1 + pairs.iter().map(|(_, value)| value.depth()).max().unwrap_or(0),
        }
    }

    /// As nodes, each at its place in `text`, which is the file.
    pub fn into_node<'a>(self, place: &Place, text: &'a str) -> Node<'a> {
        let kind = match self {
            Flow::Null => Kind::Null,
            Flow::Scalar(text) => Kind::Scalar(Cow::Owned(text)),
            // where the places disagree with the values, this is the place of the whole collection
            Flow::Plain(value) => Kind::Scalar(match text.get(place.span.range()).map(str::trim) {
                Some(written) if !written.starts_with(['[', '{']) => Cow::Borrowed(written),
                _ => Cow::Owned(value),
            }),
            Flow::List(items) => {
                let places = place.of_items(items.len());
                Kind::List(items.into_iter().zip(places).map(|(item, place)| item.into_node(place, text)).collect())
            }
            Flow::Map(pairs) => {
                let mut places = place.of_items(2 * pairs.len());
                let mut next = || places.next().expect("as many as asked for");
                let mut pair = |(key, value): (String, Flow)| {
                    let key = Key { name: Cow::Owned(key), span: next().span };
                    (key, value.into_node(next(), text))
                };
                Kind::Map(pairs.into_iter().map(&mut pair).collect())
            }
        };
        Node { span: place.span, kind }
    }
}

/// Where a value stands, and what is in it: the items of a list; key, value, key, value of a map.
#[derive(Debug, PartialEq)]
pub struct Place {
    span: Span,
    inner: Vec<Place>,
}

impl Place {
    /// Of a value without parts.
    pub fn whole(span: Span) -> Self {
        Self { span, inner: Vec::new() }
    }

    /// Of the collection that `text` is; `start` is where it begins in its file.
    pub fn of_collection(text: &str, start: usize) -> Self {
        let place = Scanner { text, start, at: 0 }.value(0);
        Self { span: Span::at(start, text.trim_end().len()), inner: place.inner }
    }

    /// As many places as there are items.
    fn of_items(&self, count: usize) -> impl Iterator<Item = &Place> {
        (0..count).map(move |at| if self.inner.len() == count { &self.inner[at] } else { self })
    }
}

/// Reads the places of a flow collection off its text.
struct Scanner<'t> {
    text: &'t str,
    start: usize,
    at: usize,
}

impl Scanner<'_> {
    /// The value that comes next, or the empty place where one is missing.
    fn value(&mut self, depth: usize) -> Place {
        self.skip_blanks();
        let from = self.at;
        let inner = match self.peek() {
            Some(b'[' | b'{') if depth < DEEPEST => self.items(depth + 1),
            Some(b'"' | b'\'') => {
                self.quoted();
                Vec::new()
            }
            _ => {
                self.plain();
                Vec::new()
            }
        };
        let length = self.text[from..self.at].trim_end().len();
        Place { span: Span::at(self.start + from, length), inner }
    }

    /// What stands between two brackets.
    fn items(&mut self, depth: usize) -> Vec<Place> {
        let is_map = self.peek() == Some(b'{');
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_blanks();
            match self.peek() {
                None => break,
                Some(b']' | b'}') => {
                    self.at += 1;
                    break;
                }
                Some(b',') => self.at += 1,
                _ => {
                    let from = self.at;
                    items.push(self.value(depth));
                    if is_map {
                        items.push(self.value_of_key(depth, from));
                    }
                    // what begins nothing is passed over, so that there is an end
                    self.at = self.at.max(from + 1);
                }
            }
        }
        items
    }

    /// What follows a key and its colon; if nothing does, the place is that of the key, which begins at `from`.
    fn value_of_key(&mut self, depth: usize, from: usize) -> Place {
        let end = self.at;
        self.skip_blanks();
        if self.peek() == Some(b':') {
            self.at += 1;
        }
        let value = self.value(depth);
        let is_missing = value.span.start == value.span.end;
        if is_missing { Place::whole(Span::new(self.start + from, self.start + end)) } else { value }
    }

    fn quoted(&mut self) {
        let rest = &self.text[self.at..];
        let quote = rest.chars().next().unwrap_or('"');
        self.at += closing(rest, quote).map_or(rest.len(), |end| end + 1);
    }

    /// Up to what ends a plain scalar in a collection.
    fn plain(&mut self) {
        let bytes = self.text.as_bytes();
        while let Some(byte) = self.peek() {
            let next = bytes.get(self.at + 1).copied().unwrap_or(b' ');
            match byte {
                b',' | b'[' | b']' | b'{' | b'}' => break,
                b':' if is_blank(next) || matches!(next, b',' | b'[' | b']' | b'{' | b'}') => break,
                b'#' if self.at > 0 && is_blank(bytes[self.at - 1]) => break,
                _ => self.at += 1,
            }
        }
    }

    /// White space, line breaks and comments.
    fn skip_blanks(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b'#' => self.at += self.text[self.at..].find('\n').unwrap_or(self.text.len() - self.at),
                _ if is_blank(byte) => self.at += 1,
                _ => break,
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
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
        Ok(Flow::Plain(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Flow, E> {
        Ok(Flow::Plain(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Flow, E> {
        Ok(Flow::Plain(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Flow, E> {
        Ok(Flow::Plain(value.to_string()))
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
