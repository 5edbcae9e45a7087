//! Raw HTML as tokens: what a piece of a document consists of, without a judgement (that is `family`'s).

use std::borrow::Cow;
use std::ops::Range;

/// The HTML of one block, or one inline tag, and where in the document it stands. pulldown-cmark hands a block over line
/// by line, and a tag may run over several, so the lines are joined first.
#[derive(Debug, Default)]
pub struct Fragment<'a> {
    text: Cow<'a, str>,
    /// (place in `text`, place in the document) of each piece; the piece goes on to the next one.
    pieces: Vec<(usize, usize)>,
}

impl<'a> Fragment<'a> {
    pub fn new(text: Cow<'a, str>, start: usize) -> Self {
        Self { text, pieces: vec![(0, start)] }
    }

    pub fn push(&mut self, text: &str, start: usize) {
        self.pieces.push((self.text.len(), start));
        self.text.to_mut().push_str(text);
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// A range of `text` as a range of the document.
    pub fn place(&self, range: Range<usize>) -> Range<usize> {
        let place = |at: usize, piece: usize| self.pieces.get(piece).map_or(0, |(from, start)| start + at - from);
        let piece_of = |at: usize| self.pieces.partition_point(|(from, _)| *from <= at).saturating_sub(1);
        let start = place(range.start, piece_of(range.start));
        // The end belongs to the piece of the last byte, not to the next piece.
        let end = place(range.end, piece_of(range.end.saturating_sub(1).max(range.start)));
        start..end.max(start)
    }

    pub fn tokens(&self) -> Tokens<'_> {
        Tokens { text: &self.text, at: 0 }
    }
}

/// A token of raw HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    Text(&'a str),
    Comment {
        closed: bool,
    },
    Open {
        name: &'a str,
        attributes: Vec<Attribute<'a>>,
        /// Written `<br/>`.
        closes_itself: bool,
    },
    Close {
        name: &'a str,
    },
    /// `<!DOCTYPE …>`, `<?…?>`, `<![CDATA[…]]>`.
    Declaration,
    /// A tag without its `>`.
    Broken {
        name: &'a str,
    },
}

/// An attribute of a tag, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute<'a> {
    pub name: &'a str,
    pub value: Option<&'a str>,
    /// Where it stands in the fragment's text.
    pub range: Range<usize>,
}

/// The tokens of a fragment, each with its range in the fragment's text.
pub struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = (Token<'a>, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.text.len() {
            return None;
        }
        let start = self.at;
        let (token, end) = token(self.text, start);
        self.at = end;
        Some((token, start..end))
    }
}

/// The token at `start`, and where it ends.
fn token(text: &str, start: usize) -> (Token<'_>, usize) {
    let rest = &text[start..];
    let second = rest.as_bytes().get(1).copied().unwrap_or(b' ');
    let until = |end: &str| rest.find(end).map_or(text.len(), |at| start + at + end.len());
    match second {
        _ if !rest.starts_with('<') => text_token(text, start),
        b'!' if rest.starts_with("<!--") => comment(text, start),
        b'!' if rest.starts_with("<![CDATA[") => (Token::Declaration, until("]]>")),
        b'!' => (Token::Declaration, until(">")),
        b'?' => (Token::Declaration, until("?>")),
        b'/' if rest.as_bytes().get(2).is_some_and(u8::is_ascii_alphabetic) => close(text, start),
        b if b.is_ascii_alphabetic() => open(text, start),
        _ => text_token(text, start),
    }
}

/// Text up to the next `<` that could begin something else.
fn text_token(text: &str, start: usize) -> (Token<'_>, usize) {
    let next = text.as_bytes()[start + 1..].iter().position(|byte| *byte == b'<');
    let end = next.map_or(text.len(), |at| start + 1 + at);
    (Token::Text(&text[start..end]), end)
}

/// `<!-->` and `<!--->` are comments too (CommonMark 0.31, HTML 5).
fn comment(text: &str, start: usize) -> (Token<'_>, usize) {
    let short = ["<!-->", "<!--->"].into_iter().find(|short| text[start..].starts_with(short));
    let end = short.map(|s| start + s.len()).or_else(|| text[start + 4..].find("-->").map(|at| start + 4 + at + 3));
    (Token::Comment { closed: end.is_some() }, end.unwrap_or(text.len()))
}

fn close(text: &str, start: usize) -> (Token<'_>, usize) {
    let name = name(&text[start + 2..]);
    match text[start..].find('>') {
        Some(at) => (Token::Close { name }, start + at + 1),
        None => (Token::Broken { name }, text.len()),
    }
}

fn open(text: &str, start: usize) -> (Token<'_>, usize) {
    let name = name(&text[start + 1..]);
    let mut attributes = Vec::new();
    let mut at = start + 1 + name.len();
    let mut slash = false;
    while let Some(byte) = text.as_bytes().get(at) {
        match byte {
            b'>' => return (Token::Open { name, attributes, closes_itself: slash }, at + 1),
            b'/' => {
                slash = true;
                at += 1;
            }
            b if b.is_ascii_whitespace() => at += 1,
            _ => {
                slash = false;
                let Some(attribute) = attribute(text, at) else { break };
                at = attribute.range.end;
                attributes.push(attribute);
            }
        }
    }
    (Token::Broken { name }, text.len())
}

/// The attribute at `start`; `None` if its quotes are not closed.
fn attribute(text: &str, start: usize) -> Option<Attribute<'_>> {
    let ends_name = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '=');
    // A name may begin with `=` (HTML 5), so that every attribute has at least one character.
    let first = text[start..].chars().next()?.len_utf8();
    let name_end = find_or_end(text, start + first, ends_name);
    let name = &text[start..name_end];
    let equals = find_or_end(text, name_end, |c| !c.is_ascii_whitespace());
    if !text[equals..].starts_with('=') {
        return Some(Attribute { name, value: None, range: start..name_end });
    }
    let value = find_or_end(text, equals + 1, |c| !c.is_ascii_whitespace());
    match text[value..].chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let end = value + 1 + text[value + 1..].find(quote)?;
            Some(Attribute { name, value: Some(&text[value + 1..end]), range: start..end + 1 })
        }
        _ => {
            let end = find_or_end(text, value, |c| c.is_ascii_whitespace() || c == '>');
            Some(Attribute { name, value: Some(&text[value..end]), range: start..end })
        }
    }
}

fn find_or_end(text: &str, from: usize, test: impl Fn(char) -> bool) -> usize {
    text[from..].find(test).map_or(text.len(), |at| from + at)
}

fn name(text: &str) -> &str {
    &text[..find_or_end(text, 0, |c| c.is_ascii_whitespace() || matches!(c, '/' | '>'))]
}

/// Whether an inline tag is `<br>`.
pub fn is_break(html: &str) -> bool {
    html.get(1..3).is_some_and(|name| name.eq_ignore_ascii_case("br"))
        && html[3..].starts_with(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'))
}
