//! Fields added to the front matter of a text that stays as it is in everything else: its lines, comments, line endings and
//! the language of its keys.

use std::sync::Arc;

use super::front;
use super::yaml::{self, Key, Kind};
use crate::model::{Field, Hash128, SourcePath, json};

/// Why fields cannot be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no front matter that could be read.
    Unread,
    /// The field's key stands there already, with a value or without.
    There(Field),
    /// What would come out is not what was there with these fields.
    Unsafe,
}

/// A text with more fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    pub text: String,
    /// The lines that came in, without their ends.
    pub lines: Vec<String>,
    /// Where they stand, in bytes.
    pub at: usize,
}

/// Writes fields with their values (in words, of one line) at the end of the front matter. What comes out is read again, and
/// refused unless every field is as it was.
pub fn with_fields(source: &SourcePath, text: &str, fields: &[(Field, String)]) -> Result<Edited, Refusal> {
    let path: Arc<str> = source.as_str().into();
    let parts = front::split(text, &path).map_err(|_| Refusal::Unread)?;
    let at = parts.front.1;
    let node = yaml::read(text, parts.front.0, at, &path, &mut Vec::new());
    let Kind::Map(pairs) = node.kind else { return Err(Refusal::Unread) };
    let keys: Vec<Key> = pairs.into_iter().map(|(key, _)| key).collect();
    let is_there = |field: &Field| keys.iter().any(|key| Field::from_key(&key.name) == Some(*field));
    if let Some((field, _)) = fields.iter().find(|(field, _)| is_there(field)) {
        return Err(Refusal::There(*field));
    }
    let indent = keys.first().map_or(0, |key| column(text, key.span.start as usize));
    let is_chinese = keys.iter().filter(|key| !key.name.is_ascii()).count() * 2 > keys.len();
    let line = |(field, value): &(Field, String)| {
        let spec = field.spec();
        let key = if is_chinese { spec.labels[0] } else { spec.key };
        format!("{}{key}: {}", " ".repeat(indent), scalar(value))
    };
    let lines: Vec<String> = fields.iter().map(line).collect();
    let end = if text[..at].ends_with("\r\n") { "\r\n" } else { "\n" };
    let mut new = String::with_capacity(text.len() + 512);
    new.push_str(&text[..at]);
    for line in &lines {
        new.push_str(line);
        new.push_str(end);
    }
    new.push_str(&text[at..]);
    let is_good = is_same_but(source, text, &new, fields);
    is_good.then_some(Edited { text: new, lines, at }).ok_or(Refusal::Unsafe)
}

/// How far from the beginning of its line a place is.
fn column(text: &str, at: usize) -> usize {
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    text[line..at].chars().filter(|c| *c == ' ').count()
}

/// A value as it stands in YAML: in quotes unless it can mean nothing but itself.
fn scalar(value: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '.');
    let begins = value.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '.'));
    // what others take for nothing or for a truth value
    let is_word =
        ["null", "true", "false", "yes", "no", "on", "off"].iter().any(|word| value.eq_ignore_ascii_case(word));
    match begins && !is_word && value.chars().all(is_plain) {
        true => value.to_owned(),
        // JSON's strings are YAML's, too
        false => json::to_string(value),
    }
}

/// Whether the new text states what the old one does, and these fields; the body is byte by byte the same anyway.
fn is_same_but(source: &SourcePath, old: &str, new: &str, added: &[(Field, String)]) -> bool {
    let read = |text: &str| {
        let mut findings = Vec::new();
        super::document(source, text, Hash128::default(), None, &mut findings).map(|document| document.front)
    };
    let (Some(old), Some(new)) = (read(old), read(new)) else { return false };
    let is_added = |field: Field| added.iter().any(|(other, _)| *other == field);
    let rest = new.fields().filter(|field| !is_added(*field));
    let is_stated = |(field, value): &(Field, String)| match new.text(*field) {
        Some(text) => text == value,
        None => new.get(*field).is_some_and(|read| !read.value.is_refused()),
    };
    old.fields().eq(rest)
        && old.fields().all(|field| old.get(field) == new.get(field))
        && old.extras() == new.extras()
        && added.iter().all(is_stated)
}
