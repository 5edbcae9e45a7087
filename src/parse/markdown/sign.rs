//! 落款: who signs, and the day, at the right end of an official text.

use std::ops::Range;

/// Longest signature, in bytes, and most paragraphs it may consist of.
const LONGEST: usize = 240;
const MOST: usize = 8;
/// Most characters of a name.
const LONGEST_NAME: usize = 36;
/// What the name of a body ends with.
const ENDS: [&str; 30] = [
    "政府",
    "办公室",
    "委员会",
    "公司",
    "中心",
    "法院",
    "检察院",
    "局",
    "委",
    "院",
    "厅",
    "部",
    "处",
    "站",
    "所",
    "署",
    "社",
    "会",
    "队",
    "校",
    "学",
    "组",
    "行",
    "馆",
    "园",
    "区",
    "场",
    "厂",
    "办",
    "科",
];
/// What the name of a person who signs begins with.
const OFFICES: [&str; 8] = ["总理", "主席", "省长", "市长", "县长", "区长", "部长", "局长"];
/// What stands before a signature and is none of it.
const BEFORE: [&str; 5] = ["特此", "此复", "此致", "附件", "抄送"];

/// Whether a paragraph is a signature: names of bodies that are followed by a date, or the date itself.
pub fn is_signature(text: &str, paragraph: &Range<usize>) -> bool {
    let own = &text[paragraph.clone()];
    // nearly all paragraphs are long or end with a full stop
    if own.len() > LONGEST || own.trim_end().ends_with(['。', '；', '：', '！', '？', '，', '、', '.', ';', ':'])
    {
        return false;
    }
    if !(paragraph.start == 0 || text.as_bytes()[paragraph.start - 1] == b'\n') {
        return false;
    }
    match part(own) {
        Part::Dated => true,
        Part::Names => {
            let rest = blocks(&text[paragraph.end..]).take(MOST).map(part);
            rest.skip_while(|part| matches!(part, Part::Names)).map(|part| matches!(part, Part::Dated)).next()
                == Some(true)
        }
        Part::Other => false,
    }
}

enum Part {
    /// Names and a date, or a date alone.
    Dated,
    Names,
    Other,
}

fn part(paragraph: &str) -> Part {
    if paragraph.len() > LONGEST {
        return Part::Other;
    }
    let mut lines = paragraph.lines().map(|line| line.trim().trim_end_matches('\\')).rev();
    match lines.next() {
        Some(last) if is_date(last) && lines.all(is_name) => Part::Dated,
        Some(last) if is_name(last) && lines.all(is_name) => Part::Names,
        _ => Part::Other,
    }
}

/// The paragraphs of a text, without those that follow something else than blank lines.
fn blocks(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let block = rest.trim_start_matches(['\n', '\r', ' ', '\u{3000}']);
        let end = block.find("\n\n").or_else(|| block.find("\n\r\n")).unwrap_or(block.len());
        rest = &block[end..];
        (!block.is_empty()).then(|| &block[..end])
    })
}

fn is_name(line: &str) -> bool {
    let line = line.trim_matches(|c: char| c.is_whitespace());
    let bare = ["（章）", "（公章）", "（盖章）"].iter().find_map(|seal| line.strip_suffix(seal)).unwrap_or(line);
    let is_plain = |c: char| super::is_cjk(c) && !super::is_punctuation(c) || matches!(c, '（' | '）' | ' ' | '　');
    line.len() <= 3 * LONGEST_NAME
        && (ENDS.iter().any(|end| bare.ends_with(end)) || OFFICES.iter().any(|office| line.starts_with(office)))
        && line.chars().all(is_plain)
        && !BEFORE.iter().any(|before| line.starts_with(before))
}

/// `2014年12月4日`, `二〇一四年十二月四日`
fn is_date(line: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit() || "〇○零一二三四五六七八九十".contains(c);
    let mut rest = line.trim_matches(|c: char| c.is_whitespace());
    for (unit, most) in [('年', 4), ('月', 3), ('日', 3)] {
        let Some((number, after)) = rest.split_once(unit) else { return false };
        let number = number.trim();
        let count = number.chars().count();
        if count == 0 || count > most || !number.chars().all(digit) {
            return false;
        }
        rest = after;
    }
    rest.is_empty()
}
