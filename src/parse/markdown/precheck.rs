//! What is looked for in the text itself, before it is parsed: characters that nobody sees, and nesting so deep that the
//! parser would take more than linear time.

use std::ops::Range;

/// The characters that a body must not hold, each with its place and what it is.
pub fn hidden_characters(text: &str) -> impl Iterator<Item = (Range<usize>, char, &'static str)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(found) = bytes[at..].iter().position(|b| SUSPECT[usize::from(*b)]) {
            let start = at + found;
            // A suspect byte begins a character: continuation bytes are not suspect.
            let c = text[start..].chars().next()?;
            at = start + c.len_utf8();
            if let Some(kind) = hidden(c) {
                return Some((start..at, c, kind));
            }
        }
        at = bytes.len();
        None
    })
}

/// What is wrong with a character, if anything is.
pub fn hidden(c: char) -> Option<&'static str> {
    match c {
        '\n' | '\t' | '\r' => None,
        c if c.is_control() => Some("控制字符"),
        '\u{feff}' => Some("字节序标记（BOM）"),
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some("双向文字控制符"),
        _ => None,
    }
}

/// First bytes of the characters that `hidden` knows.
static SUSPECT: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = !matches!(byte as u8, b'\n' | b'\t' | b'\r');
        byte += 1;
    }
    table[0x7f] = true;
    table[0xc2] = true;
    table[0xe2] = true;
    table[0xef] = true;
    table
};

/// Markers of quotes and lists that one line may begin with, before anything is parsed.
const MOST_MARKERS: usize = 100;
/// Columns of white space that one line may begin with: two of them can be a level of a list.
const MOST_INDENT: usize = 1000;

/// The first line whose beginning nests deeper than any text needs. The parser looks at every open quote for every line.
pub fn too_deep(text: &str) -> Option<Range<usize>> {
    let mut start = 0;
    while start < text.len() {
        let rest = &text.as_bytes()[start..];
        if matches!(rest[0], b' ' | b'\t' | b'>' | b'*' | b'+' | b'-' | b'0'..=b'9') {
            let (markers, indent, length) = beginning(rest);
            if markers > MOST_MARKERS || indent > MOST_INDENT {
                return Some(start..start + length);
            }
        }
        start += text[start..].find('\n')? + 1;
    }
    None
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
