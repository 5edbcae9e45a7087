//! Which characters are punctuation to pulldown-cmark, and on which side of a word they stand.

/// On which side of the words it marks a punctuation character stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// `（ 《 “`: text begins with it and never ends with it.
    Opening,
    /// `） 》 ” ： 。 ％`: text ends with it and never begins with it.
    Closing,
    /// Straight quotes and the marks of Markdown itself: text begins and ends with them.
    Both,
    /// `— … / + ￥ ★`: either, but rarely.
    Neutral,
}

/// Beyond ASCII: what pulldown-cmark takes for punctuation (Unicode `P*` and `S*`) in the blocks that a Chinese text may
/// use. `tests/suite/markdown.rs` compares it with pulldown-cmark itself, character by character.
const PUNCTUATION: &[(u32, u32)] = &[
    (0x00a1, 0x00a9),
    (0x00ab, 0x00ac),
    (0x00ae, 0x00b1),
    (0x00b4, 0x00b4),
    (0x00b6, 0x00b8),
    (0x00bb, 0x00bb),
    (0x00bf, 0x00bf),
    (0x00d7, 0x00d7),
    (0x00f7, 0x00f7),
    (0x2010, 0x2027),
    (0x2030, 0x205e),
    (0x207a, 0x207e),
    (0x208a, 0x208e),
    (0x20a0, 0x20c0),
    (0x2100, 0x2101),
    (0x2103, 0x2106),
    (0x2108, 0x2109),
    (0x2114, 0x2114),
    (0x2116, 0x2118),
    (0x211e, 0x2123),
    (0x2125, 0x2125),
    (0x2127, 0x2127),
    (0x2129, 0x2129),
    (0x212e, 0x212e),
    (0x213a, 0x213b),
    (0x2140, 0x2144),
    (0x214a, 0x214d),
    (0x214f, 0x214f),
    (0x218a, 0x218b),
    (0x2190, 0x2426),
    (0x2440, 0x244a),
    (0x249c, 0x24e9),
    (0x2500, 0x2775),
    (0x2794, 0x2b73),
    (0x2b76, 0x2b95),
    (0x2b97, 0x2bff),
    (0x2e00, 0x2e2e),
    (0x2e30, 0x2e5d),
    (0x2e80, 0x2e99),
    (0x2e9b, 0x2ef3),
    (0x2f00, 0x2fd5),
    (0x2ff0, 0x2fff),
    (0x3001, 0x3004),
    (0x3008, 0x3020),
    (0x3030, 0x3030),
    (0x3036, 0x3037),
    (0x303d, 0x303f),
    (0x309b, 0x309c),
    (0x30a0, 0x30a0),
    (0x30fb, 0x30fb),
    (0x3190, 0x3191),
    (0x3196, 0x319f),
    (0x31c0, 0x31e3),
    (0x31ef, 0x31ef),
    (0x3200, 0x321e),
    (0x322a, 0x3247),
    (0x3250, 0x3250),
    (0x3260, 0x327f),
    (0x328a, 0x32b0),
    (0x32c0, 0x33ff),
    (0x4dc0, 0x4dff),
    (0xa490, 0xa4c6),
    (0xfe10, 0xfe19),
    (0xfe30, 0xfe52),
    (0xfe54, 0xfe66),
    (0xfe68, 0xfe6b),
    (0xff01, 0xff0f),
    (0xff1a, 0xff20),
    (0xff3b, 0xff40),
    (0xff5b, 0xff65),
    (0xffe0, 0xffe6),
    (0xffe8, 0xffee),
    (0xfffc, 0xfffd),
    (0x1f000, 0x1f02b),
    (0x1f030, 0x1f093),
    (0x1f0a0, 0x1f0ae),
    (0x1f0b1, 0x1f0bf),
    (0x1f0c1, 0x1f0cf),
    (0x1f0d1, 0x1f0f5),
    (0x1f10d, 0x1f1ad),
    (0x1f1e6, 0x1f202),
    (0x1f210, 0x1f23b),
    (0x1f240, 0x1f248),
    (0x1f250, 0x1f251),
    (0x1f260, 0x1f265),
    (0x1f300, 0x1f6d7),
    (0x1f6dc, 0x1f6ec),
    (0x1f6f0, 0x1f6fc),
    (0x1f700, 0x1f776),
    (0x1f77b, 0x1f7d9),
    (0x1f7e0, 0x1f7eb),
    (0x1f7f0, 0x1f7f0),
    (0x1f800, 0x1f80b),
    (0x1f810, 0x1f847),
    (0x1f850, 0x1f859),
    (0x1f860, 0x1f887),
    (0x1f890, 0x1f8ad),
    (0x1f8b0, 0x1f8b1),
    (0x1f900, 0x1fa53),
    (0x1fa60, 0x1fa6d),
    (0x1fa70, 0x1fa7c),
    (0x1fa80, 0x1fa88),
    (0x1fa90, 0x1fabd),
    (0x1fabf, 0x1fac5),
    (0x1face, 0x1fadb),
    (0x1fae0, 0x1fae8),
    (0x1faf0, 0x1faf8),
    (0x1fb00, 0x1fb92),
    (0x1fb94, 0x1fbca),
];

/// Whether pulldown-cmark takes the character for punctuation. A character of a block that is not in the table is taken
/// for a letter here: then nothing is repaired beside it.
pub fn is_punctuation(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_punctuation();
    }
    let code = u32::from(c);
    let after = PUNCTUATION.partition_point(|(first, _)| *first <= code);
    after > 0 && code <= PUNCTUATION[after - 1].1
}

/// Chinese, Japanese and Korean letters, and the punctuation and full-width forms that only they use. Not those that
/// other languages use too: “ ” ‘ ’ … — ·
pub fn is_cjk(c: char) -> bool {
    matches!(
        c,
        '\u{2e80}'..='\u{a4cf}'
            | '\u{1100}'..='\u{11ff}'
            | '\u{ac00}'..='\u{d7a3}'
            | '\u{f900}'..='\u{faff}'
            | '\u{fe10}'..='\u{fe1f}'
            | '\u{fe30}'..='\u{fe6f}'
            | '\u{ff01}'..='\u{ffef}'
            | '\u{20000}'..='\u{3fffd}'
    )
}

/// On which side a punctuation character stands.
pub fn side(c: char) -> Side {
    match c {
        '(' | '[' | '{' | '<' | '«' | '‘' | '“' | '〈' | '《' | '「' | '『' | '【' | '〔' | '〖' | '〘' | '〚'
        | '〝' | '（' | '＜' | '［' | '｛' | '｟' | '｢' | '︵' | '︷' | '︹' | '︻' | '︽' | '︿' | '﹁' | '﹃'
        | '﹙' | '﹛' | '﹝' => Side::Opening,
        ')' | ']' | '}' | '>' | '»' | '’' | '”' | '〉' | '》' | '」' | '』' | '】' | '〕' | '〗' | '〙' | '〛'
        | '〞' | '〟' | '）' | '＞' | '］' | '｝' | '｠' | '｣' | '︶' | '︸' | '︺' | '︼' | '︾' | '﹀' | '﹂'
        | '﹄' | '﹚' | '﹜' | '﹞' => Side::Closing,
        ',' | '.' | ';' | ':' | '!' | '?' | '%' | '，' | '．' | '；' | '：' | '！' | '？' | '％' | '。' | '、'
        | '｡' | '､' | '‰' | '‱' | '℃' | '℉' | '°' | '′' | '″' | '︰' | '﹐' | '﹑' | '﹒' | '﹔' | '﹕' | '﹖'
        | '﹗' | '﹪' => Side::Closing,
        '"' | '\'' | '`' | '*' | '_' | '~' | '\\' | '＂' | '＇' => Side::Both,
        _ => Side::Neutral,
    }
}
