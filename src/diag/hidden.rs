//! `G007` for texts in which no character may be hidden: front matter, tables, settings, words of a theme.

use std::sync::Arc;

use super::{Code, Diagnostic};
use crate::model::{Span, hidden};

/// Findings of one text that are listed one by one.
const MOST: usize = 100;
const HELP: &str = "删去这个字符，重新输入这一行；不要再次从原处粘贴";

/// One for each line that has such characters; `start` is where the text begins in its file.
pub fn characters(text: &str, start: usize, path: &Arc<str>, findings: &mut Vec<Diagnostic>) {
    let mut end = 0;
    let mut lines = 0;
    for (at, c) in hidden::places(text) {
        if at < end {
            continue;
        }
        end = text[at..].find('\n').map_or(text.len(), |length| at + length);
        lines += 1;
        let span = Span::at(start + at, c.len_utf8());
        if lines <= MOST {
            findings.push(finding(c, span, path));
        } else {
            let message = "从这里起还有别的行有看不见的字符，没有一一列出";
            findings
                .push(Diagnostic::new(Code::G007, path.clone(), span, message).help("先改正前面列出的，再检查一遍"));
            return;
        }
    }
}

/// The finding for one of them.
pub fn finding(c: char, span: Span, path: &Arc<str>) -> Diagnostic {
    let message = format!("这里有控制字符或看不见的字符（U+{:04X}）", u32::from(c));
    Diagnostic::new(Code::G007, path.clone(), span, message).help(HELP)
}
