//! Comments that may have been meant as text. YAML takes ` #` for the beginning of a comment wherever it stands, so that
//! `关于 #3 井的批复` ends before the well. A comment has a space after its `#`; what has none is refused.

use super::outline::{HelpWith, Line, Reader};
use crate::model::Span;

/// The rest of a line after a `#` that begins a comment, and whether it may have been meant as text.
fn is_text(after: &str) -> bool {
    !after.starts_with([' ', '\t'])
}

/// A line that is nothing but a comment, and may have been meant as text. Rows of `#` are drawn for the eye.
pub(super) fn is_tight_line(content: &str) -> bool {
    let words = content.trim_start_matches('#');
    !words.is_empty() && is_text(words)
}

/// Where in a value a comment begins that may have been meant as text. `piece` is the value as written, over all its
/// lines.
pub(super) fn tight(piece: &str) -> Option<usize> {
    if !piece.contains('#') {
        return None;
    }
    let is_block = piece.starts_with(['|', '>']);
    let is_flow = piece.starts_with(['[', '{']);
    let bytes = piece.as_bytes();
    let (mut at, mut may_quote) = (0, true);
    while at < bytes.len() {
        match bytes[at] {
            // the text of a block scalar has no comments, only its first line may have one
            b'\n' if is_block => return None,
            b'#' if at == 0 || bytes[at - 1].is_ascii_whitespace() => {
                if is_text(line_from(piece, at + 1)) {
                    return Some(at);
                }
                at += line_from(piece, at).len();
                continue;
            }
            quote @ (b'"' | b'\'') if may_quote => {
                at += super::piece::closing(&piece[at..], quote as char)?;
                may_quote = false;
            }
            b'[' | b'{' | b',' | b':' if is_flow => may_quote = true,
            byte if byte.is_ascii_whitespace() => {}
            _ => may_quote = false,
        }
        at += 1;
    }
    None
}

fn line_from(text: &str, at: usize) -> &str {
    text[at..].lines().next().unwrap_or("")
}

impl Reader<'_, '_> {
    /// Tells of the comment that begins at `at`, whose line ends with the text.
    pub(super) fn tell_comment(&mut self, at: usize) {
        let lost = line_from(self.text, at).trim_end();
        let shown: String = lost.chars().take(20).collect();
        let dots = if shown.len() < lost.len() { "…" } else { "" };
        self.problem(Span::at(at, lost.len()), format!("“{shown}{dots}”会被当作注释而丢失"))
            .help_with("若是文字，把整个值用双引号括起来；若是注释，# 后面空一格");
    }

    /// The first line after `from`, and before the next line that carries something, that is indented deeper and may have
    /// been meant as a part of the value.
    pub(super) fn tight_line_after(&self, from: usize, indent: usize) -> Option<usize> {
        let end = self.lines.get(self.at).map_or(usize::MAX, |line| line.start);
        let first = self.tight_lines.partition_point(|line| line.from < from);
        let mut lines = self.tight_lines[first..].iter().take_while(|line| line.start < end);
        lines.find(|line: &&Line| line.indent > indent).map(|line| line.from)
    }
}
