//! Lines and columns of byte offsets. Safe for every offset: one behind the end counts as the end, one inside a
//! character as the character.

/// A place as editors count it: line and column from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// The place of a byte offset. A byte order mark is no column, and neither is the CR of a CRLF.
pub fn position(text: &str, offset: usize) -> Position {
    let offset = floor(text, offset);
    let start = line_start(text, offset);
    let line = 1 + text.as_bytes()[..start].iter().filter(|&&byte| byte == b'\n').count();
    let before = &text[start..offset.min(line_end(text, offset)).max(start)];
    let before = if start == 0 { before.strip_prefix(BOM).unwrap_or(before) } else { before };
    Position { line, column: 1 + before.chars().count() }
}

pub const BOM: char = '\u{feff}';

/// The nearest character boundary at or before the offset.
pub fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Where the line of this offset begins.
pub fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |at| at + 1)
}

/// Where the line of this offset ends, before its LF or CRLF.
pub fn line_end(text: &str, offset: usize) -> usize {
    // The offset may lie between the CR and the LF.
    let end = text[offset..].find('\n').map_or(text.len(), |at| offset + at);
    if end < text.len() && text[..end].ends_with('\r') { end - 1 } else { end }
}
