//! What looks like a link, an image, a footnote or a tag and came out as text: its author takes it for one, and readers cannot
//! click on it.

use std::collections::HashSet;
use std::ops::Range;

use pulldown_cmark::LinkType;

use super::element;
use super::precheck::has;
use super::report::Report;
use crate::diag::Code;
use crate::model::file::FileType;

/// Longest text and longest destination of a link that is looked for, in bytes.
const LONGEST: usize = 1000;
/// Longest mark of a footnote, in characters.
const LONGEST_MARK: usize = 10;
/// Extensions that no attachment may have and a link may be meant to have.
const OTHER_EXTENSIONS: [&str; 6] = ["md", "html", "htm", "svg", "bmp", "tif"];
const BEGINNINGS: [&str; 8] = ["http://", "https://", "mailto:", "tel:", "./", "../", "索引号:", "索引号："];

/// Whether a body could hold anything of the kind.
pub fn may_be_in(text: &str) -> bool {
    has(text, b'[') && (text.contains("](") || text.contains("[^"))
}

/// Links in a piece of text whose destination is cut by a space: CommonMark sees no link in them.
pub fn links(text: &str, piece: Range<usize>, report: &mut Report) {
    // the bracket may be the last of this piece and the parenthesis the first of the next one
    for at in piece.filter(|at| text.as_bytes()[*at..].starts_with(b"](") && !is_escaped(text, *at)) {
        let from = at + 2;
        let Some(written) = destination(&text[from..]) else { continue };
        let Some(open) = opening(text, at).filter(|_| leads_somewhere(written)) else { continue };
        let what = if text[..open].ends_with('!') { "图片" } else { "链接" };
        let message = format!("{what}的地址“{written}”里有空格，没有成为{what}");
        let help = format!("写作 (<{written}>)，或把空格写作 %20；若是文字，写作 \\[");
        report.add(Code::G043, from..from + written.len(), message, help);
    }
}

/// What stands between the parentheses if it has a space, without a title behind it.
fn destination(rest: &str) -> Option<&str> {
    let mut open = 0;
    for (at, byte) in rest.bytes().take(LONGEST).enumerate() {
        match byte {
            b'\n' | b'<' => return None,
            // another link begins
            b']' if rest[at..].starts_with("](") => return None,
            b'(' => open += 1,
            b')' if open > 0 => open -= 1,
            b')' => {
                let written = rest[..at].trim();
                let titled = written.strip_suffix(['"', '\'']).and_then(|text| text.rsplit_once([' ', '\t']));
                let written = titled
                    .filter(|(_, title)| title.starts_with(['"', '\'']))
                    .map_or(written, |(before, _)| before.trim());
                return written.contains([' ', '\t']).then_some(written);
            }
            _ => {}
        }
    }
    None
}

/// Whether a text in parentheses is an address rather than a remark: `图 1.png`, `../政策 文件/`, not `见附件 3.2 节`.
pub fn leads_somewhere(written: &str) -> bool {
    let path = written.split(['#', '?']).next().unwrap_or(written);
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    FileType::of(path).is_some()
        || OTHER_EXTENSIONS.contains(&extension.as_str())
        || BEGINNINGS.iter().any(|beginning| written.starts_with(beginning))
}

/// Where the bracket stands that the one at `close` closes, in the same paragraph.
fn opening(text: &str, close: usize) -> Option<usize> {
    let mut closed = 0;
    let bytes = text.as_bytes();
    for at in (close.saturating_sub(LONGEST)..close).rev() {
        match bytes[at] {
            b'\n' if at > 0 && bytes[at - 1] == b'\n' => return None,
            b']' if !is_escaped(text, at) => closed += 1,
            b'[' if is_escaped(text, at) => {}
            b'[' if closed > 0 => closed -= 1,
            b'[' => return Some(at),
            _ => {}
        }
    }
    None
}

/// Marks of footnotes in a piece of text: `[^1]`, and `[^1]: …` with a text that is no destination.
pub fn footnotes(text: &str, piece: Range<usize>, report: &mut Report) {
    for at in piece.filter(|at| text.as_bytes()[*at..].starts_with(b"[^") && !is_escaped(text, *at)) {
        if let Some(length) = mark(&text[at..]) {
            footnote(at..at + length, report);
        }
    }
}

/// Whether a link is a footnote's mark: `[^1]: 说明` gives `[^1]` a destination, as any `[a]: b` would.
pub fn is_footnote(link: &str, link_type: LinkType) -> bool {
    let is_short = matches!(link_type, LinkType::Shortcut | LinkType::Collapsed);
    is_short && link.starts_with("[^") && mark(link).is_some()
}

pub fn footnote(at: Range<usize>, report: &mut Report) {
    let help = "改成括号里的说明，或在文末写“注 1：……”；若是文字，写作 \\[^";
    report.add(Code::G043, at, "不支持脚注", help);
}

/// Link definitions (`[a]: b`) that no link uses: readers do not see them, and their author may have meant a text.
pub fn definitions(definitions: Vec<(String, Range<usize>)>, used: &HashSet<String>, report: &mut Report) {
    for (label, place) in definitions.into_iter().filter(|(label, _)| !used.contains(&label.to_lowercase())) {
        let message = format!("“[{label}]: …”是链接的定义，没有链接用到它，这一行不会显示");
        report.add(Code::G043, place, message, format!("若是文字，写作 \\[{label}]: …；若是注释，写在 <!-- --> 里"));
    }
}

/// Length of the mark that a text begins with. Marks are short words or numbers: `[^0-9]` is none.
fn mark(text: &str) -> Option<usize> {
    let (name, _) = text.strip_prefix("[^")?.split_once(']').filter(|(name, _)| name.len() <= 4 * LONGEST_MARK)?;
    let is_word = !name.is_empty() && name.chars().all(char::is_alphanumeric) && name.chars().count() <= LONGEST_MARK;
    is_word.then_some(name.len() + 3)
}

/// Whether the author took the meaning off the character.
fn is_escaped(text: &str, at: usize) -> bool {
    text.as_bytes()[..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

/// A `<` that the parser takes for text: it may have been meant for a comment or a tag, unless it is escaped.
pub fn angles(text: &str, range: Range<usize>, report: &mut Report) {
    for (at, _) in text[range.clone()].match_indices('<') {
        let at = range.start + at;
        let backslashes = text[..at].bytes().rev().take_while(|b| *b == b'\\').count();
        let rest = &text[at..];
        if backslashes % 2 == 1 {
            continue;
        }
        if rest.starts_with("<!--") {
            let help = "在注释末尾写 -->，中间不能空行；若是正文，写作 \\<!--";
            report.add(Code::G037, at..at + 4, "注释没有结束", help);
        } else if let Some(name) = element::meant(rest) {
            // Not searched to the end of the text: there may be a hundred thousand of them.
            let end = rest.bytes().take(100).take_while(|b| *b != b'\n').position(|b| b == b'>');
            let end = end.map_or(1 + name.len(), |end| end + 1);
            let message = format!("这里像是 HTML 标签 <{name}>，但写法不完整");
            report.add(Code::G030, at..at + end, message, "删去它；若是正文，写作 \\<");
        }
    }
}
