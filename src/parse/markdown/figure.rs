//! Numbers in a text that count themselves: `{count: 名称}`, or `{计数：名称}`.

use std::ops::Range;

use super::super::counts::is_name;

/// How it begins, with either colon.
const WORDS: [&str; 2] = ["count", "计数"];

/// Whether there may be one: a text without has nothing to look for.
pub fn may_be_in(text: &str) -> bool {
    WORDS.iter().any(|word| text.contains(&["{", word].concat()))
}

/// One of them.
#[derive(Debug, PartialEq, Eq)]
pub struct Figure<'t> {
    /// Where in the text it stands, braces and all.
    pub at: Range<usize>,
    /// `None` if it has no end, or says no name.
    pub name: Option<&'t str>,
}

/// Those of a text, in their order.
pub fn of(text: &str) -> Vec<Figure<'_>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(open) = text[from..].find('{').map(|at| from + at) {
        from = open + 1;
        let Some(rest) = WORDS.iter().find_map(|word| text[from..].strip_prefix(word)) else { continue };
        let Some(rest) = rest.trim_start().strip_prefix([':', '：']) else { continue };
        let start = text.len() - rest.len();
        let end = rest.find('}').map(|at| start + at);
        let name = end.map(|end| text[start..end].trim()).filter(|name| is_name(name));
        let to = end.filter(|_| name.is_some()).map_or(start, |end| end + 1);
        found.push(Figure { at: open..to, name });
        from = to;
    }
    found
}

/// The text with its numbers; a name that has none stays as it is written.
pub fn counted(number: &dyn Fn(&str) -> Option<usize>, text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut done = 0;
    for figure in of(text) {
        let Some(count) = figure.name.and_then(number) else { continue };
        whole.push_str(&text[done..figure.at.start]);
        whole.push_str(&count.to_string());
        done = figure.at.end;
    }
    whole.push_str(&text[done..]);
    whole
}
