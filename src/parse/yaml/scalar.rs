//! Scalars and lists of simple words, as far as they are complete in their line; what is more than that is a piece for
//! `serde_yaml`.

use std::borrow::Cow;

use super::comment;
use super::outline::{Line, Reader};
use super::{Kind, Node};
use crate::model::Span;

impl<'a> Reader<'a, '_> {
    /// A scalar or flow collection that begins at `from`; it runs on over the lines that are indented deeper.
    pub(super) fn scalar(&mut self, from: usize, to: usize, indent: usize) -> Node<'a> {
        let first = &self.text[from..to];
        let mut end = to;
        while let Some(line) = self.lines.get(self.at).copied().filter(|line| self.continues(*line, indent, first)) {
            end = line.to;
            self.at += 1;
        }
        if let Some(tight) = comment::tight(&self.text[from..end]) {
            return self.unless_lost(Node { span: Span::new(from, end), kind: Kind::Broken }, Some(from + tight));
        }
        if first.starts_with(['|', '>']) {
            // what a block scalar ends with matters: its blank lines and comments belong to it
            let limit = self.lines.get(self.at).map_or(self.text.len(), |line| line.start);
            let tail = &self.text[end..limit];
            end += tail.find("\n---").map_or(tail.len(), |at| at + 1);
            return self.chunk(from, end);
        }
        let node = match one_line(first, from).filter(|_| end == to) {
            Some(kind) => {
                let end = match &kind {
                    Kind::Scalar(Cow::Borrowed(text)) if first.starts_with(*text) => from + text.len(),
                    _ => to,
                };
                Node { span: Span::new(from, end), kind }
            }
            None => self.chunk(from, end),
        };
        let tight = self.tight_line_after(end, indent);
        self.unless_lost(node, tight)
    }

    fn continues(&self, line: Line, indent: usize, first: &str) -> bool {
        let closing = first.starts_with(['[', '{']) && self.text[line.from..line.to].starts_with([']', '}']);
        line.indent > indent || (line.indent == indent && closing)
    }
}

/// A value that is complete in its line, if it is of the simple kinds; `None` sends it to `serde_yaml`.
fn one_line(text: &str, from: usize) -> Option<Kind<'_>> {
    match text.as_bytes()[0] {
        quote @ (b'"' | b'\'') => {
            let inner = text.strip_prefix(quote as char)?.strip_suffix(quote as char)?;
            let simple = !inner.bytes().any(|b| b == quote || (quote == b'"' && b == b'\\'));
            simple.then_some(Kind::Scalar(Cow::Borrowed(inner)))
        }
        b'[' => one_line_list(text, from),
        _ => plain(text),
    }
}

/// A plain scalar without a comment.
fn plain(text: &str) -> Option<Kind<'_>> {
    let text = match text.find(" #") {
        Some(comment) => text[..comment].trim_end(),
        None => text,
    };
    let first = *text.as_bytes().first()?;
    let rest_is_word = text.len() > 1 && text.as_bytes()[1] != b' ';
    let starts_well = match first {
        b'&' | b'*' | b'!' | b'|' | b'>' | b'%' | b'@' | b'`' | b'"' | b'\'' | b'[' | b']' | b'{' | b'}' | b','
        | b'#' => false,
        b'-' | b'?' | b':' => rest_is_word,
        _ => true,
    };
    let ends_well = !text.ends_with(':') && !text.contains(": ") && !text.contains(":\t") && !text.contains('\t');
    match text {
        "~" | "null" | "Null" | "NULL" => Some(Kind::Null),
        _ => (starts_well && ends_well).then_some(Kind::Scalar(Cow::Borrowed(text))),
    }
}

/// `[a, "b"]` with simple items; `from` is where the text begins in its file.
fn one_line_list(text: &str, from: usize) -> Option<Kind<'_>> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?.trim();
    let mut items = Vec::new();
    let mut rest = inner;
    while !rest.is_empty() {
        let (item, tail) = match rest.as_bytes()[0] {
            quote @ (b'"' | b'\'') => {
                let end = rest[1..].find(quote as char)? + 1;
                let item = &rest[1..end];
                if item.contains('\\') || rest[end + 1..].starts_with(quote as char) {
                    return None;
                }
                (item, rest[end + 1..].trim_start())
            }
            _ => {
                let end = rest.find(',').unwrap_or(rest.len());
                let item = rest[..end].trim_end();
                match plain(item)? {
                    Kind::Scalar(_) if !item.contains(['[', ']', '{', '}', '"', '\'', '#', ':']) => {
                        (item, &rest[end..])
                    }
                    _ => return None,
                }
            }
        };
        let at = from + (item.as_ptr() as usize - text.as_ptr() as usize);
        items.push(Node { span: Span::at(at, item.len()), kind: Kind::Scalar(Cow::Borrowed(item)) });
        rest = match tail.strip_prefix(',') {
            Some(tail) => tail.trim_start(),
            None if tail.is_empty() => tail,
            None => return None,
        };
    }
    Some(Kind::List(items))
}
