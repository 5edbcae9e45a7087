//! XML by a writer that escapes. The home of `quick-xml`.

use std::borrow::Cow;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// An XML document in the making.
pub struct Xml(Writer<Vec<u8>>);

impl Xml {
    /// Begins with the declaration and opens the root element.
    pub fn new(root: &str, attributes: &[(&str, &str)]) -> Self {
        let mut xml = Self(Writer::new_with_indent(Vec::new(), b' ', 1));
        xml.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        xml.open(root, attributes);
        xml
    }

    /// Begins without a declaration, as part of a page: one element a line, not indented, since the text of SVG keeps spaces.
    pub fn fragment(root: &str, attributes: &[(&str, &str)]) -> Self {
        let mut xml = Self(Writer::new_with_indent(Vec::new(), b' ', 0));
        xml.open(root, attributes);
        xml
    }

    pub fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.event(Event::Start(BytesStart::new(name).with_attributes(attributes.iter().copied())));
    }

    pub fn close(&mut self, name: &str) {
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// `<name>text</name>`; nothing if the text is empty.
    pub fn leaf(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.leaf_with(name, &[], text);
        }
    }

    pub fn leaf_with(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.open(name, attributes);
        self.event(Event::Text(BytesText::new(&clean(text))));
        self.close(name);
    }

    /// `<name …/>`
    pub fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.event(Event::Empty(BytesStart::new(name).with_attributes(attributes.iter().copied())));
    }

    /// Closes the root element.
    pub fn finish(mut self, root: &str) -> Vec<u8> {
        self.close(root);
        let mut bytes = self.0.into_inner();
        bytes.push(b'\n');
        bytes
    }

    fn event(&mut self, event: Event) {
        self.0.write_event(event).expect("writing to memory cannot fail");
    }
}

/// The text without what XML cannot hold; mostly it is the text itself.
fn clean(text: &str) -> Cow<'_, str> {
    // control characters, and U+FFFE and U+FFFF, which begin with 0xef
    match text.bytes().any(|byte| byte < b' ' || byte == 0xef) {
        true => text.chars().filter(|c| is_xml(*c)).collect(),
        false => text.into(),
    }
}

/// Characters that XML 1.0 can hold.
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
}
