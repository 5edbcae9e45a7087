//! The one writer of HTML in this folder: what is not a literal of the program is escaped by it.

use std::ops::Range;

use crate::model::path;

/// Builds HTML. Only `'static` text is written as it is, so nothing from a document can become mark-up.
#[derive(Debug, Default)]
pub struct Html {
    out: String,
}

impl Html {
    pub fn with_capacity(bytes: usize) -> Self {
        Self { out: String::with_capacity(bytes) }
    }

    /// Mark-up that the program itself wrote.
    pub fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.out.push_str(markup);
        self
    }

    /// A whole that another `Html` wrote.
    pub fn drawn(&mut self, html: &str) -> &mut Self {
        self.out.push_str(html);
        self
    }

    /// Text between tags.
    pub fn text(&mut self, text: &str) -> &mut Self {
        // most texts hold none; all bytes are looked at, many at once, which is faster than a search that may stop
        let is_special = |byte| u8::from(byte == b'&') | u8::from(byte == b'<') | u8::from(byte == b'>');
        if text.bytes().fold(0, |any, byte| any | is_special(byte)) == 0 {
            self.out.push_str(text);
            return self;
        }
        escape(&mut self.out, text, |byte| match byte {
            b'&' => Some("&amp;"),
            b'<' => Some("&lt;"),
            b'>' => Some("&gt;"),
            _ => None,
        });
        self
    }

    /// Text in lines that are justified: an address in it may be broken, or the line before it would be torn apart.
    pub fn prose(&mut self, text: &str) -> &mut Self {
        let mut rest = text;
        while let Some(run) = long_run(rest) {
            self.text(&rest[..run.start]);
            let mut piece = run.start;
            for (at, byte) in rest.as_bytes()[run.clone()].iter().enumerate() {
                let end = run.start + at + 1;
                // behind `//`, not between the two
                let ends_punctuation = !byte.is_ascii_alphanumeric()
                    && end - piece > 3
                    && rest.as_bytes().get(end).is_some_and(u8::is_ascii_alphanumeric);
                if end < run.end && (ends_punctuation || end - piece == PIECE) {
                    self.text(&rest[piece..end]).raw("<wbr>");
                    piece = end;
                }
            }
            self.text(&rest[piece..run.end]);
            rest = &rest[run.end..];
        }
        self.text(rest)
    }

    /// Text of a raw HTML block: like `text`, but character references (`&nbsp;`, `&#8212;`) keep their meaning.
    pub fn html_text(&mut self, text: &str) -> &mut Self {
        self.with_references(text, |html, text| _ = html.text(text))
    }

    /// The same as a part of an attribute's value.
    pub fn html_text_in_attribute(&mut self, text: &str) -> &mut Self {
        self.with_references(text, |html, text| escape(&mut html.out, text, escape_in_attribute))
    }

    fn with_references(&mut self, text: &str, write: fn(&mut Self, &str)) -> &mut Self {
        let mut rest = text;
        while let Some(at) = rest.find('&') {
            write(self, &rest[..at]);
            let length = reference_length(&rest[at..]);
            if length == 0 {
                self.raw("&amp;");
            } else {
                self.out.push_str(&rest[at..at + length]);
            }
            rest = &rest[at + length.max(1)..];
        }
        write(self, rest);
        self
    }

    /// ` name="value"`.
    pub fn attribute(&mut self, name: &'static str, value: &str) -> &mut Self {
        self.attribute_start(name);
        escape(&mut self.out, value, escape_in_attribute);
        self.raw("\"")
    }

    /// An address that an author wrote, percent-encoded where a browser would have to; what is encoded stays so.
    pub fn address(&mut self, name: &'static str, value: &str) -> &mut Self {
        self.attribute_start(name);
        let mut plain = value;
        while let Some(at) = plain.find(|c: char| !is_address_character(c)) {
            let length = plain[at..].chars().next().map_or(1, char::len_utf8);
            escape(&mut self.out, &plain[..at], escape_in_attribute);
            self.out.push_str(&path::encode(&plain[at..at + length]));
            plain = &plain[at + length..];
        }
        escape(&mut self.out, plain, escape_in_attribute);
        self.raw("\"")
    }

    /// The `href` of an e-mail address.
    pub fn mail_address(&mut self, address: &str) -> &mut Self {
        self.attribute_start("href");
        self.raw("mailto:");
        escape(&mut self.out, address, escape_in_attribute);
        self.raw("\"")
    }

    /// ` name="17"`.
    pub fn number(&mut self, name: &'static str, value: u64) -> &mut Self {
        self.attribute(name, &value.to_string())
    }

    pub fn len(&self) -> usize {
        self.out.len()
    }

    /// Begins a new line unless one has begun.
    pub fn line(&mut self) -> &mut Self {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
        self
    }

    pub fn into_string(self) -> String {
        self.out
    }

    fn attribute_start(&mut self, name: &'static str) {
        self.raw(" ").raw(name).raw("=\"");
    }
}

/// From how many characters on a run without a space is no word any more, and how long the pieces are that it may be
/// broken into where it has no punctuation.
const RUN: usize = 24;
const PIECE: usize = 12;

/// The first long run of ASCII without a space.
fn long_run(text: &str) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let is_of_run = |byte: &u8| byte.is_ascii_graphic();
    // a run covers one of these places, whatever its beginning
    let mut at = RUN - 1;
    while at < bytes.len() {
        if is_of_run(&bytes[at]) {
            let before = bytes[..at].iter().rev().take_while(|byte| is_of_run(byte)).count();
            let after = bytes[at..].iter().take_while(|byte| is_of_run(byte)).count();
            if before + after >= RUN {
                return Some(at - before..at + after);
            }
            at += after;
        }
        at += RUN;
    }
    None
}

fn escape_in_attribute(byte: u8) -> Option<&'static str> {
    match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        b'\'' => Some("&#39;"),
        _ => None,
    }
}

/// Characters of an address that need no percent-encoding, `%` of what is encoded among them.
fn is_address_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/?#%[]".contains(c)
}

/// Appends `text`, replacing the bytes (all ASCII) for which `entity` has something.
fn escape(out: &mut String, text: &str, entity: impl Fn(u8) -> Option<&'static str>) {
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        if let Some(entity) = entity(byte) {
            out.push_str(&text[done..at]);
            out.push_str(entity);
            done = at + 1;
        }
    }
    out.push_str(&text[done..]);
}

/// Length in bytes of the character reference that `text` begins with; 0 if it is a lone `&`.
pub fn reference_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let run = |from: usize, most: usize, test: fn(&u8) -> bool| {
        bytes[from.min(bytes.len())..].iter().take(most).take_while(|b| test(b)).count()
    };
    let (head, body) = match (bytes.get(1), bytes.get(2)) {
        (Some(b'#'), Some(b'x' | b'X')) => (3, run(3, 6, u8::is_ascii_hexdigit)),
        (Some(b'#'), _) => (2, run(2, 7, u8::is_ascii_digit)),
        (Some(b), _) if b.is_ascii_alphabetic() => (1, run(1, 32, u8::is_ascii_alphanumeric)),
        _ => return 0,
    };
    if body > 0 && bytes.get(head + body) == Some(&b';') { head + body + 1 } else { 0 }
}
