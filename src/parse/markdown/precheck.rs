//! What is looked for in the text itself, before it is parsed: characters that nobody sees, and nesting so deep that the
//! parser would take more than linear time.

use std::ops::Range;

use super::html::Fragment;
use super::report::Report;
use super::write::reference_length;
use crate::diag::Code;
use crate::model::hidden::{ends_noncharacter, is_noncharacter};

/// Whether a text holds an ASCII character. Every body is asked several times, most have none: all bytes are looked at,
/// many at once, which is faster than a search that may stop.
pub fn has(text: &str, character: u8) -> bool {
    text.bytes().fold(false, |any, byte| any | (byte == character))
}

/// Where the next byte is that fits, from a place on. Few do, so they are looked at 32 at once.
pub fn find(bytes: &[u8], from: usize, fits: impl Fn(u8) -> bool) -> Option<usize> {
    let any = |bytes: &[u8]| bytes.iter().fold(false, |any, byte| any | fits(*byte));
    let rest = &bytes[from..];
    let skipped = rest.chunks_exact(32).take_while(|chunk| !any(chunk)).count() * 32;
    rest[skipped..].iter().position(|byte| fits(*byte)).map(|found| from + skipped + found)
}

/// The characters that a body must not hold, each with its place and what it is.
pub fn hidden_characters(text: &str) -> Vec<(Range<usize>, char, &'static str)> {
    if !may_have_hidden(text.as_bytes()) {
        return Vec::new();
    }
    let characters = text.char_indices();
    characters.filter_map(|(at, c)| hidden(c).map(|kind| (at..at + c.len_utf8(), c, kind))).collect()
}

/// What is wrong with a character, if anything is. Joiners (U+200C, U+200D) stay: emoji and other scripts need them.
pub fn hidden(c: char) -> Option<&'static str> {
    match c {
        '\n' | '\t' | '\r' => None,
        c if c.is_control() => Some("控制字符"),
        '\u{feff}' => Some("字节序标记（BOM）"),
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some("双向文字控制符"),
        '\u{200b}' => Some("零宽空格"),
        c if is_noncharacter(c) => Some("非字符"),
        _ => None,
    }
}

/// Whether some bytes look like one of the characters that `hidden` knows: a pass over every body, written so that the
/// compiler takes many bytes at once.
fn may_have_hidden(bytes: &[u8]) -> bool {
    let single = |b: u8| (b < 0x20) & (b != b'\n') & (b != b'\t') & (b != b'\r') | (b == 0x7f);
    let triple = |a: u8, b: u8, c: u8| {
        (a == 0xc2) & (b < 0xa0)
            | (a == 0xe2) & (b == 0x80) & ((c == 0x8b) | (0xaa..=0xae).contains(&c))
            | (a == 0xe2) & (b == 0x81) & (0xa6..=0xa9).contains(&c)
            | (a == 0xef) & (b == 0xbb) & (c == 0xbf)
            | ends_noncharacter(a, b, c)
    };
    let singles = bytes.iter().fold(false, |any, b| any | single(*b));
    let seconds = bytes.get(1..).unwrap_or_default();
    // A control character U+0080 to U+009F at the end has no third byte.
    let thirds = bytes.get(2..).unwrap_or_default();
    let triples = bytes.iter().zip(seconds).zip(thirds).fold(false, |any, ((a, b), c)| any | triple(*a, *b, *c));
    singles | triples | matches!(bytes, [.., 0xc2, 0x80..=0x9f])
}

/// Markers of quotes and lists that one line may begin with, before anything is parsed.
const MOST_MARKERS: usize = 100;
/// Columns of white space that one line may begin with: two of them can be a level of a list.
const MOST_INDENT: usize = 1000;

/// The first line whose beginning nests deeper than any text needs. The parser looks at every open quote for every line.
pub fn too_deep(text: &str) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    if !may_be_deep(bytes) {
        return None;
    }
    let mut start = 0;
    while start < bytes.len() {
        let rest = &bytes[start..];
        if matches!(rest[0], b' ' | b'\t' | b'>' | b'*' | b'+' | b'-' | b'0'..=b'9') {
            let (markers, indent, length) = beginning(rest);
            if markers > MOST_MARKERS || indent > MOST_INDENT {
                return Some(start..start + length);
            }
        }
        start = find(bytes, start, |b| b == b'\n')? + 1;
    }
    None
}

/// How many bytes fit. They are counted in pieces whose count fits a byte, so that the compiler counts many at once.
fn count(bytes: &[u8], fits: impl Fn(u8) -> bool) -> usize {
    let of_piece = |piece: &[u8]| usize::from(piece.iter().fold(0_u8, |sum, b| sum + u8::from(fits(*b))));
    bytes.chunks(128).map(of_piece).sum()
}

/// Whether a text has as many markers, or as much white space, in all as one line must not have: few texts do.
fn may_be_deep(bytes: &[u8]) -> bool {
    let markers = count(bytes, |b| matches!(b, b'>' | b'*' | b'+' | b'-' | b'.' | b')'));
    let blanks = count(bytes, |b| b == b' ');
    let tabs = count(bytes, |b| b == b'\t');
    markers > MOST_MARKERS || blanks + 4 * tabs > MOST_INDENT
}

/// Markers and columns of white space that a line begins with, and the length of it all. A line of nothing but one mark
/// is a rule, not a nest: `- - - - -`.
fn beginning(line: &[u8]) -> (usize, usize, usize) {
    let (mut markers, mut indent, mut at) = (0, 0, 0);
    let mut only = None;
    let mut is_rule = true;
    loop {
        match line.get(at) {
            Some(b' ') => indent += 1,
            Some(b'\t') => indent += 4,
            Some(b @ (b'>' | b'*' | b'+' | b'-')) => {
                markers += 1;
                is_rule &= *only.get_or_insert(b) == b && matches!(b, b'*' | b'-');
            }
            Some(b'0'..=b'9' | b'.' | b')') => {
                markers += usize::from(matches!(line[at], b'.' | b')'));
                is_rule = false;
            }
            Some(b'\n' | b'\r') | None => break,
            Some(_) => {
                is_rule = false;
                break;
            }
        }
        at += 1;
    }
    (if is_rule { 0 } else { markers }, indent, at)
}

/// `&#x202e;` in raw HTML, where the parser resolves nothing.
pub fn hidden_references(fragment: &Fragment, report: &mut Report) {
    for (at, _) in fragment.text().match_indices("&#") {
        let length = reference_length(&fragment.text()[at..]);
        if let Some(kind) = referenced(&fragment.text()[at..at + length]).and_then(hidden) {
            hidden_reference(fragment.place(at..at + length), kind, report);
        }
    }
}

pub fn hidden_reference(at: Range<usize>, kind: &str, report: &mut Report) {
    report.add(Code::G007, at, format!("这里用字符编号写了看不见的{kind}"), "删去它");
}

/// The character that a reference by number stands for.
fn referenced(reference: &str) -> Option<char> {
    let digits = reference.strip_prefix("&#")?.strip_suffix(';')?;
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => digits.parse(),
    };
    char::from_u32(code.ok()?)
}
