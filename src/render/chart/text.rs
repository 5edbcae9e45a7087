//! How wide words are, and how they are broken into lines. Nobody can ask the reader's fonts at build time, so widths are
//! estimates from above: what fits here fits in the fonts that sites are read with.

/// Advance of the printable ASCII characters in thousandths of the font size: the wider of Liberation Sans (the metrics of
/// Arial and Helvetica) and Noto Sans CJK SC, as Chromium 140 measured them at 1000 px.
const ASCII: [u16; 95] = [
    278, 323, 474, 556, 556, 921, 680, 278, 338, 338, 467, 584, 278, 347, 278, 392, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 728, 293, 535, 667, 556, 833,
    723, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 338, 392, 338, 555, 559, 606, 563, 618, 510, 620,
    556, 325, 564, 607, 275, 275, 552, 284, 926, 610, 606, 620, 620, 388, 500, 377, 607, 521, 802, 500, 521, 500, 338,
    270, 338, 584,
];

/// Space that browsers put between Chinese and Western characters (`text-autospace`), in thousandths of the font size.
const BETWEEN: u32 = 125;

/// Width of a text in user units. A Chinese character is one em, as is all that is not known better.
pub fn width(text: &str, size: f64) -> f64 {
    let mut total = 0;
    let mut before = None;
    for c in text.chars() {
        let joins = before.is_some_and(|b| is_western(b) && is_han(c) || is_han(b) && is_western(c));
        total += advance(c) + if joins { BETWEEN } else { 0 };
        before = Some(c);
    }
    f64::from(total) * size / 1000.0
}

fn advance(c: char) -> u32 {
    match c {
        ' '..='~' => u32::from(ASCII[c as usize - 0x20]),
        '²' | '³' | '¹' | '°' => 500,
        'µ' | 'μ' | '–' => 640,
        'À'..='ɏ' => 800,
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' | '\u{202a}'..='\u{202e}' => 0,
        '\u{1f000}'.. if c < '\u{20000}' => 1400,
        _ => 1000,
    }
}

fn is_western(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, 'µ' | 'À'..='ɏ')
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{2fff}' | '\u{3041}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..)
}

/// The text in one line: white space of any kind is one space, and a text of more than `LONGEST` characters ends in `…`.
pub fn tidy(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => line[..end].chars().chain(['…']).collect(),
        None => line,
    }
}

/// Characters of the longest label; a longer text is a sentence, and stands in the table beside the chart.
pub const LONGEST: usize = 60;

/// Broken into lines of at most `most` units, of about the same length. Words and numbers stay whole where they can, no
/// line begins with a mark that closes. A single character may be wider than the line.
pub fn wrap(text: &str, size: f64, most: f64) -> Vec<String> {
    let lines = greedy(text, size, most);
    let shorter = (1..).map(|step| most - f64::from(step) * size / 2.0);
    let shorter = shorter.take_while(|narrow| *narrow > size && !breaks(text, size, *narrow));
    let same = shorter.map(|narrow| greedy(text, size, narrow)).take_while(|other| other.len() == lines.len());
    same.last().unwrap_or(lines)
}

/// Whether a word or a number would have to be broken to fit into such lines.
pub fn breaks(text: &str, size: f64, most: f64) -> bool {
    pieces(text).into_iter().any(|piece| width(piece.trim_end(), size) > most)
}

/// Width of the widest line.
pub fn widest(lines: &[String], size: f64) -> f64 {
    lines.iter().map(|line| width(line, size)).fold(0.0, f64::max)
}

fn greedy(text: &str, size: f64, most: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for piece in pieces(text).into_iter().flat_map(|piece| split(piece, size, most)) {
        let longer = [line.as_str(), piece].concat();
        if line.is_empty() || width(longer.trim_end(), size) <= most {
            line = longer;
        } else {
            lines.push(line.trim_end().to_owned());
            line = piece.trim_start().to_owned();
        }
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// What is not broken: words and numbers with the marks around them, else single characters.
fn pieces(text: &str) -> Vec<&str> {
    let mut starts = vec![0];
    let mut before = None;
    for (at, c) in text.char_indices() {
        let is_glued = before.is_some_and(|b: char| {
            is_word(b) && is_word(c)
                || b.is_ascii_digit() && counts(c)
                || opens(b)
                || closes(c)
                || c == ' '
                || advance(c) == 0
        });
        if at > 0 && !is_glued {
            starts.push(at);
        }
        before = Some(c);
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(start, end)| &text[*start..end]).collect()
}

/// A piece that is too wide by itself is broken between any two characters.
fn split(piece: &str, size: f64, most: f64) -> Vec<&str> {
    if width(piece.trim_end(), size) <= most {
        return vec![piece];
    }
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, c) in piece.char_indices() {
        if at > start && width(&piece[start..at + c.len_utf8()], size) > most {
            parts.push(&piece[start..at]);
            start = at;
        }
    }
    parts.push(&piece[start..]);
    parts
}

fn is_word(c: char) -> bool {
    c.is_ascii_graphic() || is_western(c)
}

/// What stays with the number before it.
fn counts(c: char) -> bool {
    "年月日时周期季号旬".contains(c)
}

fn opens(c: char) -> bool {
    "（《〈「『【〔“‘([".contains(c)
}

fn closes(c: char) -> bool {
    "，。、；：？！）》〉」』】〕”’…%％)],.;:!?".contains(c)
}
