//! Folded lines. YAML joins them with a space, which is right between words and wrong between Chinese characters.

use std::borrow::Cow;

use super::yaml::{Kind, Node};
use crate::model::{Front, Span};

/// Fields whose lines are folded, joined as Chinese text is. `text` is the file.
pub fn front(front: Front, text: &str) -> Front {
    front.map_texts(|span, value| joined(at(text, span)?, value).map(Into::into))
}

/// The same for nodes.
pub fn node<'a>(node: Node<'a>, text: &str) -> Node<'a> {
    let Node { span, kind } = node;
    let kind = match kind {
        Kind::Scalar(value) => {
            let better = at(text, span).and_then(|piece| joined(piece, &value));
            Kind::Scalar(better.map_or(value, Cow::Owned))
        }
        Kind::List(items) => Kind::List(items.into_iter().map(|item| self::node(item, text)).collect()),
        Kind::Map(pairs) => Kind::Map(pairs.into_iter().map(|(key, value)| (key, self::node(value, text))).collect()),
        other => other,
    };
    Node { span, kind }
}

/// What stands at a place, if it is more than one line.
fn at(text: &str, span: Span) -> Option<&str> {
    text.get(span.start as usize..span.end as usize).filter(|piece| piece.contains('\n'))
}

/// The value of a piece without the spaces that stand for its line breaks, but for those between two ASCII characters;
/// `None` if there are none.
fn joined(piece: &str, value: &str) -> Option<String> {
    let mut lines = piece.lines().map(|line| line.trim().trim_matches(['"', '\''])).filter(|line| !line.is_empty());
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    let mut line = lines.next()?;
    for next in lines {
        // where the line ends in the value, a space and the next line follow; the head of `>` is in no value
        let break_at = rest.find(line).map(|at| at + line.len());
        let folded = break_at.filter(|at| rest[*at..].strip_prefix(' ').is_some_and(|after| after.starts_with(next)));
        if let Some(at) = folded {
            let is_between_words = line.ends_with(|c: char| c.is_ascii()) && next.starts_with(|c: char| c.is_ascii());
            out.push_str(&rest[..at]);
            out.push_str(if is_between_words { " " } else { "" });
            rest = &rest[at + 1..];
        }
        line = next;
    }
    out.push_str(rest);
    (out != value).then_some(out)
}
