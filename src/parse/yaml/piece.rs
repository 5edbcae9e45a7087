//! Pieces of YAML that are more than one plain line: quotes with escapes, flow collections, block and folded scalars. The
//! home of `serde_yaml`.

use super::flow::{Flow, Place};
use super::outline::{HelpWith, Reader};
use super::{DEEPEST, Key, Kind, Node};
use crate::diag::Code;
use crate::model::Span;

impl<'a> Reader<'a, '_> {
    /// Hands a piece to `serde_yaml`.
    pub(super) fn chunk(&mut self, from: usize, to: usize) -> Node<'a> {
        let piece = &self.text[from..to];
        let span = Span::at(from, piece.trim_end().len());
        if has_anchor(piece) {
            self.refuse_anchor(span);
            return Node { span, kind: Kind::Broken };
        }
        let is_flow = piece.starts_with(['[', '{']);
        let read = match is_flow {
            // asked for texts it would give the text `~` for nothing
            true if piece.contains('~') || piece.contains("null") => serde_yaml::from_str::<Flow>(piece),
            true => serde_yaml::from_str::<Vec<String>>(piece)
                .map(|items| Flow::List(items.into_iter().map(Flow::Scalar).collect()))
                .or_else(|_| serde_yaml::from_str::<Flow>(piece)),
            // asked for a text it would give the word `null`
            false => match serde_yaml::from_str::<Option<String>>(piece) {
                Ok(None) => return Node { span, kind: Kind::Null },
                Ok(Some(text)) => Ok(Flow::Scalar(text)),
                Err(error) => Err(error),
            },
        };
        match read {
            Ok(flow) if flow.depth() > DEEPEST => {
                self.problem(span, format!("嵌套超过 {DEEPEST} 层")).help_with("头信息只写一两层");
                Node { span, kind: Kind::Broken }
            }
            Ok(flow) if is_flow => {
                let node = flow.into_node(&Place::of_collection(piece, from), self.text);
                self.check_twice(&node);
                node
            }
            Ok(flow) => flow.into_node(&Place::whole(span), self.text),
            Err(error) => {
                let place = error.location().map_or(span, |location| {
                    let mut at = (from + location.index()).min(to);
                    while !self.text.is_char_boundary(at) {
                        at -= 1;
                    }
                    Span::new(at, to.max(at))
                });
                let at_comma = is_flow && self.text[place.range()].starts_with(',');
                let message = match at_comma {
                    true => "列表里有空的一项（多余的逗号）".into(),
                    false => self.explain(piece, &error.to_string()),
                };
                self.problem(if place.start < place.end { place } else { span }, message)
                    .help_with("值里有冒号、井号、引号或方括号时，整个值用双引号括起来");
                Node { span, kind: Kind::Broken }
            }
        }
    }

    /// Keys that a map in a line has twice.
    fn check_twice(&mut self, node: &Node) {
        match &node.kind {
            Kind::List(items) => items.iter().for_each(|item| self.check_twice(item)),
            Kind::Map(pairs) => {
                for (at, (key, value)) in pairs.iter().enumerate() {
                    if pairs[..at].iter().any(|(other, _)| other.name == key.name) {
                        self.twice(key);
                    }
                    self.check_twice(value);
                }
            }
            Kind::Null | Kind::Broken | Kind::Scalar(_) => {}
        }
    }

    pub(super) fn twice(&mut self, key: &Key) {
        let message = format!("字段“{}”写了两次", key.name);
        self.finding(Code::G012, key.span, message).help_with("同一字段只能写一次，请删去多余的一处");
    }

    fn explain(&self, piece: &str, error: &str) -> String {
        let first = piece.chars().next().unwrap_or(' ');
        match first {
            '"' | '\'' => "引号没有配对，或引号后面还有文字".into(),
            '[' | '{' => "括号没有配对，或列表写法有误".into(),
            _ if error.contains("invalid type: map") || error.contains("mapping values") => {
                "值里有“冒号加空格”，却没有加引号".into()
            }
            _ => "这个值不是合法的 YAML".into(),
        }
    }

    pub(super) fn refuse_anchor(&mut self, span: Span) {
        self.finding(Code::G016, span, "这里用了 YAML 的锚点（&）、别名（*）、标签（!）或合并键（<<）")
            .help_with("这些写法不允许；如果是文字，请用双引号括起来");
    }
}

/// Where the quote that a text begins with is closed; `\"` and `''` do not close it.
pub(super) fn closing(text: &str, quote: char) -> Option<usize> {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' if quote == '"' => _ = chars.next(),
            '\'' if quote == '\'' && chars.peek().is_some_and(|(_, next)| *next == '\'') => _ = chars.next(),
            _ if c == quote => return Some(at),
            _ => {}
        }
    }
    None
}

/// Whether a piece has an anchor, alias, tag or merge key outside quotes, comments and block text.
fn has_anchor(piece: &str) -> bool {
    if piece.starts_with(['|', '>']) {
        return false;
    }
    let mut quote = None;
    let mut at_value = true;
    let mut previous = ' ';
    let flow = piece.starts_with(['[', '{']);
    for c in piece.chars() {
        match (quote, c) {
            (Some('"'), '\\') if previous == '\\' => {
                previous = ' ';
                continue;
            }
            (Some(open), _) if c == open && !(open == '"' && previous == '\\') => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if at_value => quote = Some(c),
            (None, '&' | '*' | '!') if at_value => return true,
            (None, '[' | '{' | ',') if flow => at_value = true,
            (None, ':') => at_value = true,
            (None, _) if c.is_whitespace() => {}
            _ => at_value = false,
        }
        previous = c;
    }
    piece.contains("<<:") && flow
}
