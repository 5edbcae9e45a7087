//! Characters that nobody sees: they make two texts look the same, or one text look like another.

/// Zero-width characters, bidirectional controls, fillers, tags, and what is no character. (Variation selectors belong to the character before them.)
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
        || is_noncharacter(c)
}

/// Code points that Unicode keeps free of characters for ever; XML has no room for some of them.
pub fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}

/// Whether three bytes are the last ones of such a code point.
pub fn ends_noncharacter(a: u8, b: u8, c: u8) -> bool {
    (a == 0xef) & (b == 0xb7) & (0x90..=0xaf).contains(&c)
        | ((a == 0xef) | (a & 0xcf == 0x8f)) & (b == 0xbf) & ((c == 0xbe) | (c == 0xbf))
}

/// What no value of a field, setting or table may hold: the invisible, and controls other than tab and line break.
pub fn is_hidden(c: char) -> bool {
    is_invisible(c) || (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

/// Whether some bytes look like one of these characters: a pass over every front matter, written so that the compiler takes
/// many bytes at once. Never false where `is_hidden` holds.
pub fn may_be_in(text: &str) -> bool {
    let bytes = text.as_bytes();
    let single = |b: u8| (b < 0x20) & (b != b'\n') & (b != b'\t') & (b != b'\r') | (b == 0x7f);
    let double =
        |a: u8, b: u8| (a == 0xc2) & ((b < 0xa0) | (b == 0xad)) | (a == 0xd8) & (b == 0x9c) | (a == 0xf3) & (b == 0xa0);
    let triple = |a: u8, b: u8, c: u8| {
        (a == 0xe1) & ((b == 0x85) | (b == 0xa0))
            | (a == 0xe2) & (b == 0x80) & ((0x8b..=0x8f).contains(&c) | (0xa8..=0xae).contains(&c))
            | (a == 0xe2) & (b == 0x81) & (0xa0..=0xa9).contains(&c)
            | (a == 0xe3) & (b == 0x85) & (c == 0xa4)
            | (a == 0xef)
                & ((b == 0xbb) & (c == 0xbf) | (b == 0xbe) & (c == 0xa0) | (b == 0xbf) & (0xb9..=0xbb).contains(&c))
            | ends_noncharacter(a, b, c)
    };
    let seconds = bytes.get(1..).unwrap_or_default();
    let thirds = bytes.get(2..).unwrap_or_default();
    let singles = bytes.iter().fold(false, |any, b| any | single(*b));
    let doubles = bytes.iter().zip(seconds).fold(false, |any, (a, b)| any | double(*a, *b));
    let triples = bytes.iter().zip(seconds).zip(thirds).fold(false, |any, ((a, b), c)| any | triple(*a, *b, *c));
    singles | doubles | triples
}

/// Each of them with its place.
pub fn places(text: &str) -> impl Iterator<Item = (usize, char)> {
    let all = may_be_in(text).then_some(text);
    all.into_iter().flat_map(str::char_indices).filter(|(_, c)| is_hidden(*c))
}
