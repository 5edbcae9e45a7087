//! Markdown that was typed into raw HTML, where nothing reads it: only what is certainly meant. Names and numbers are masked
//! with asterisks (`张**、李**`, `139****1234`), notes stand in brackets (`[1]`), minutes of arc are written with `` ` ``.

use std::ops::Range;

use super::missed;

/// Most bytes of what is looked for.
const LONGEST: usize = 1000;

/// What looks like strong emphasis, a link or an image in a piece of text, and what to call it.
pub fn markup(text: &str) -> Vec<(Range<usize>, &'static str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = text[at..].find(['*', '[']) {
        let from = at + next;
        let rest = &text[from..];
        let one = if rest.starts_with('*') { strong(text, from) } else { link(text, from) };
        at = match one {
            Some((range, what)) => {
                let end = range.end;
                found.push((range, what));
                end
            }
            None => from + run(rest).max(1),
        };
    }
    found
}

/// Asterisks that a text begins with.
fn run(text: &str) -> usize {
    text.bytes().take_while(|byte| *byte == b'*').count()
}

fn strong(text: &str, from: usize) -> Option<(Range<usize>, &'static str)> {
    let (before, inner) = (&text[..from], text[from..].strip_prefix("**")?);
    let (first, last) = (inner.chars().next()?, before.chars().next_back());
    let joins = last.is_some_and(char::is_alphanumeric);
    if first == '*' || first.is_whitespace() || (joins && !first.is_alphanumeric()) || is_mask(before) {
        return None;
    }
    let length = inner.bytes().take(LONGEST).position(|byte| matches!(byte, b'*' | b'\n'))?;
    let content = &inner[..length];
    let is_closed = run(&inner[length..]) == 2 && !content.ends_with(char::is_whitespace);
    let is_word = content.contains(char::is_alphanumeric);
    (is_closed && is_word).then_some((from..from + length + 4, "加粗"))
}

/// Whether asterisks behind a text hide a part of it: digits or Latin letters before them, or a surname alone.
fn is_mask(before: &str) -> bool {
    let mut characters = before.chars().rev().take_while(|c| c.is_alphanumeric());
    match characters.next() {
        Some(c) if c.is_ascii() => true,
        Some(_) => characters.next().is_none(),
        None => false,
    }
}

fn link(text: &str, from: usize) -> Option<(Range<usize>, &'static str)> {
    let inner = &text[from + 1..];
    let length = inner.bytes().take(LONGEST).position(|byte| matches!(byte, b'[' | b']' | b'\n'))?;
    let written = inner[length..].strip_prefix("](")?;
    let end = written.bytes().take(LONGEST).position(|byte| matches!(byte, b'(' | b')' | b'\n'))?;
    let destination = &written[..end];
    let leads = missed::leads_somewhere(destination) || destination.starts_with(['/', '#']);
    let is_link = written[end..].starts_with(')') && leads;
    let is_image = text[..from].ends_with('!');
    let start = from - usize::from(is_image);
    is_link.then_some((start..from + 1 + length + 2 + end + 1, if is_image { "图片" } else { "链接" }))
}
