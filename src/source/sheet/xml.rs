//! XML of office files, piece by piece. The home of `quick-xml` among the readers. A DTD is refused: it is where
//! entities come from that unpack without end, and no office program writes one.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

use super::error::SheetError;

pub struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    name: &'a str,
    depth: usize,
}

/// Deeper than any office program nests.
const DEEPEST: usize = 64;

/// One piece; names are without their prefix.
pub enum Node<'a> {
    Open(Tag<'a>),
    Close,
    /// Text as it stands in the file: references in it are not resolved yet, `text` does that.
    Text(Cow<'a, str>),
    End,
}

pub struct Tag<'a>(BytesStart<'a>);

impl<'a> Xml<'a> {
    /// `name` is what the part is called in messages.
    pub fn new(bytes: &'a [u8], name: &'a str) -> Self {
        let mut reader = Reader::from_reader(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
        reader.config_mut().expand_empty_elements = true;
        Self { reader, name, depth: 0 }
    }

    pub fn broken(&self) -> SheetError {
        SheetError::damaged(&format!("{} 不是完整的 XML", self.name))
    }

    pub fn next(&mut self) -> Result<Node<'a>, SheetError> {
        loop {
            let node = match self.reader.read_event() {
                Ok(Event::Start(start)) => {
                    self.depth += 1;
                    if self.depth > DEEPEST {
                        return Err(self.broken());
                    }
                    Node::Open(Tag(start))
                }
                Ok(Event::End(_)) => {
                    self.depth = self.depth.saturating_sub(1);
                    Node::Close
                }
                Ok(Event::Text(text)) => Node::Text(text.decode().map_err(|_| self.broken())?),
                Ok(Event::CData(text)) => {
                    let text = text.decode().map_err(|_| self.broken())?;
                    Node::Text(Cow::Owned(quick_xml::escape::escape(text).into_owned()))
                }
                Ok(Event::GeneralRef(name)) => {
                    let name = name.decode().map_err(|_| self.broken())?;
                    Node::Text(Cow::Owned(["&", &name, ";"].concat()))
                }
                Ok(Event::Eof) if self.depth == 0 => Node::End,
                Ok(Event::Comment(_) | Event::PI(_) | Event::Decl(_)) => continue,
                // the end within an element, a DTD, or an error
                _ => return Err(self.broken()),
            };
            return Ok(node);
        }
    }

    /// The text up to the end of the element that was just opened, with that of the elements in it; what stands in
    /// elements called `but` is left out.
    pub fn text(&mut self, but: &[u8], into: &mut String) -> Result<(), SheetError> {
        into.clear();
        let (mut level, mut without) = (0usize, None);
        loop {
            match self.next()? {
                Node::Open(tag) => {
                    level += 1;
                    if without.is_none() && tag.is(but) {
                        without = Some(level);
                    }
                }
                Node::Close if level == 0 => break,
                Node::Close => {
                    if without == Some(level) {
                        without = None;
                    }
                    level -= 1;
                }
                Node::Text(text) if without.is_none() => into.push_str(&text),
                Node::Text(_) => {}
                Node::End => return Err(self.broken()),
            }
        }
        if into.contains('&') {
            *into = unescape(into).map_err(|_| self.broken())?.into_owned();
        }
        Ok(())
    }
}

impl Tag<'_> {
    pub fn is(&self, name: &[u8]) -> bool {
        self.0.local_name().as_ref() == name
    }

    /// An attribute's value; `name` is without its prefix.
    pub fn get(&self, name: &[u8]) -> Option<String> {
        self.with(name, |value| Some(unescape(std::str::from_utf8(value).ok()?).ok()?.into_owned()))
    }

    /// Whether an attribute says yes.
    pub fn is_set(&self, name: &[u8]) -> bool {
        self.with(name, |value| matches!(value, b"1" | b"true" | b"on").then_some(())).is_some()
    }

    pub fn number<T: std::str::FromStr>(&self, name: &[u8]) -> Option<T> {
        self.with(name, |value| std::str::from_utf8(value).ok()?.parse().ok())
    }

    /// What `then` makes of an attribute's bytes.
    pub fn with<T>(&self, name: &[u8], then: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
        let mut attributes = self.0.attributes();
        let found = attributes.with_checks(false).flatten().find(|a| a.key.local_name().as_ref() == name);
        then(&found?.value)
    }

    /// Hands over all attributes in one pass: names without their prefix, and bytes.
    pub fn each(&self, mut then: impl FnMut(&[u8], &[u8])) {
        let mut attributes = self.0.attributes();
        for attribute in attributes.with_checks(false).flatten() {
            then(attribute.key.local_name().as_ref(), &attribute.value);
        }
    }
}
