//! The block structure of YAML: lines, maps and lists by indentation.

use std::borrow::Cow;
use std::sync::Arc;

use super::comment;
use super::piece::closing;
use super::{DEEPEST, Key, Kind, Node};
use crate::diag::{Code, Diagnostic};
use crate::model::Span;

/// A line that is neither blank nor a comment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Where the line begins.
    pub(super) start: usize,
    /// Where its content begins and ends, without white space around it.
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) indent: usize,
}

impl Line {
    pub(super) fn span(self) -> Span {
        Span::new(self.from, self.to)
    }
}

/// Reads a block of lines from its first to its last; `at` is the next.
pub(super) struct Reader<'a, 'f> {
    pub(super) text: &'a str,
    path: &'f Arc<str>,
    findings: &'f mut Vec<Diagnostic>,
    pub(super) lines: Vec<Line>,
    /// Comments that may have been meant as text.
    pub(super) tight_lines: Vec<Line>,
    pub(super) at: usize,
}

/// Lets a finding that was just pushed be given its advice.
pub(super) trait HelpWith {
    fn help_with(self, help: &str);
}

impl HelpWith for &mut Diagnostic {
    fn help_with(self, help: &str) {
        self.help = Some(help.to_owned());
    }
}

impl<'a, 'f> Reader<'a, 'f> {
    pub(super) fn new(
        text: &'a str,
        start: usize,
        end: usize,
        path: &'f Arc<str>,
        findings: &'f mut Vec<Diagnostic>,
    ) -> Self {
        let mut reader = Self { text, path, findings, lines: Vec::new(), tight_lines: Vec::new(), at: 0 };
        reader.outline(start, end);
        reader
    }

    /// All lines as one value; `start` is where they begin.
    pub(super) fn whole(&mut self, start: usize) -> Node<'a> {
        let indent = self.lines.first().map_or(0, |line| line.indent);
        let node = self.block(indent, 0, Span::new(start, start));
        if let Some(line) = self.lines.get(self.at).copied() {
            self.problem(line.span(), "这一行的缩进与上文对不上").help_with("同一层的字段要从同一列开始，用空格缩进");
        }
        node
    }

    pub(super) fn problem(&mut self, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.finding(Code::G013, span, message)
    }

    pub(super) fn finding(&mut self, code: Code, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.findings.push(Diagnostic::new(code, self.path.clone(), span, message));
        self.findings.last_mut().expect("just pushed")
    }

    /// The lines that carry something, with their indentation.
    fn outline(&mut self, start: usize, end: usize) {
        let mut at = start;
        for line in self.text[start..end].split_inclusive('\n') {
            let bare = line.trim_end_matches(['\n', '\r']);
            let content = bare.trim_start_matches(' ');
            let indent = bare.len() - content.len();
            let from = at + indent;
            let to = from + content.trim_end().len();
            if content.starts_with('\t') && !content.trim().is_empty() {
                self.problem(Span::at(from, 1), "缩进用了制表符").help_with("YAML 只能用空格缩进");
            } else if from < to {
                let line = Line { start: at, from, to, indent };
                match content.starts_with('#') {
                    false => self.lines.push(line),
                    true if comment::is_tight_line(content.trim_end()) => self.tight_lines.push(line),
                    true => {}
                }
            }
            at += line.len();
        }
    }

    /// The value that begins at the current line, whose lines all have this indentation.
    fn block(&mut self, indent: usize, depth: usize, at: Span) -> Node<'a> {
        match self.lines.get(self.at).copied() {
            Some(line) if depth > DEEPEST => {
                self.at = self.lines.len();
                self.problem(line.span(), format!("嵌套超过 {DEEPEST} 层")).help_with("头信息只写一两层");
                Node { span: line.span(), kind: Kind::Null }
            }
            Some(line) if is_item(&self.text[line.from..line.to]) => self.items(indent, depth),
            Some(line) if self.key_of(line.from, line.to, depth == 0).is_some() => self.pairs(indent, depth),
            Some(line) => {
                self.at += 1;
                self.skip_deeper(indent);
                let text = &self.text[line.from..line.to];
                if text.starts_with(['&', '*', '!']) {
                    self.refuse_anchor(line.span());
                } else {
                    self.problem(line.span(), "这一行不是“字段: 值”")
                        .help_with("冒号用半角，后面空一格；值里有冒号时整个加引号");
                }
                self.block_after_error(indent, depth, at)
            }
            None => Node { span: at, kind: Kind::Map(Vec::new()) },
        }
    }

    /// After a line that is neither key nor item, what follows at the same level may still be read.
    fn block_after_error(&mut self, indent: usize, depth: usize, at: Span) -> Node<'a> {
        match self.lines.get(self.at) {
            Some(line) if line.indent == indent => self.block(indent, depth, at),
            _ => Node { span: at, kind: Kind::Map(Vec::new()) },
        }
    }

    fn skip_deeper(&mut self, indent: usize) {
        while self.lines.get(self.at).is_some_and(|line| line.indent > indent) {
            self.at += 1;
        }
    }

    /// `- item` lines.
    fn items(&mut self, indent: usize, depth: usize) -> Node<'a> {
        let first = self.lines[self.at];
        let mut items = Vec::new();
        while let Some(line) = self.lines.get(self.at).copied() {
            if line.indent != indent || !is_item(&self.text[line.from..line.to]) {
                break;
            }
            let content = &self.text[line.from + 1..line.to];
            let from = line.to - content.trim_start().len();
            let inner = line.indent + (from - line.from);
            if from == line.to || self.text[from..].starts_with('#') {
                self.at += 1;
                items.push(self.nested(indent, false, depth, (from, line.to), line.span()));
            } else if is_item(&self.text[from..line.to]) || self.starts_map(from, line.to) {
                // `- key: value`: the rest of the line is the first line of a map that is indented so far
                self.lines[self.at] = Line { from, indent: inner, ..line };
                items.push(self.block(inner, depth + 1, line.span()));
            } else {
                self.at += 1;
                items.push(self.scalar(from, line.to, indent));
            }
        }
        let end = items.last().map_or(first.to, |node| node.span.end as usize);
        Node { span: Span::new(first.from, end), kind: Kind::List(items) }
    }

    fn starts_map(&self, from: usize, to: usize) -> bool {
        !self.text[from..to].starts_with(['[', '{', '|', '>', '&', '*', '!', '#'])
            && self.key_of(from, to, false).is_some()
    }

    /// `key: value` lines.
    fn pairs(&mut self, indent: usize, depth: usize) -> Node<'a> {
        let first = self.lines[self.at];
        let mut pairs: Vec<(Key<'a>, Node<'a>)> = Vec::new();
        while let Some(line) = self.lines.get(self.at).copied() {
            if line.indent != indent {
                if line.indent > indent {
                    self.problem(line.span(), "这一行的缩进与上文对不上")
                        .help_with("同一层的字段要从同一列开始，用空格缩进");
                    self.at += 1;
                    continue;
                }
                break;
            }
            let Some((key, value_from)) = self.key_of(line.from, line.to, depth == 0) else {
                let text = &self.text[line.from..line.to];
                let (message, help) = match text.split_once(':') {
                    _ if is_item(text) => ("列表项“- ”前面没有字段名".to_owned(), "在列表上面另起一行写“字段:”"),
                    Some((name, _)) => (format!("“{name}:”的冒号后面缺少空格"), "写成“字段: 值”，半角冒号后空一格"),
                    None => ("这一行不是“字段: 值”".to_owned(), "冒号用半角，后面空一格；接着上一行的文字要缩进"),
                };
                self.problem(line.span(), message).help_with(help);
                self.at += 1;
                self.skip_deeper(indent);
                continue;
            };
            self.at += 1;
            self.check_key(&key);
            let value = match self.text[value_from..line.to].starts_with('#') || value_from == line.to {
                true => self.nested(indent, true, depth, (value_from, line.to), Span::new(line.to, line.to)),
                false => self.scalar(value_from, line.to, indent),
            };
            match pairs.iter().find(|(other, _)| other.name == key.name) {
                Some(_) => self.twice(&key),
                None => pairs.push((key, value)),
            }
        }
        let end = pairs.last().map_or(first.to, |(_, node)| node.span.end as usize);
        Node { span: Span::new(first.from, end), kind: Kind::Map(pairs) }
    }

    fn check_key(&mut self, key: &Key<'a>) {
        if key.name == "<<" || key.name.starts_with(['&', '*', '!']) {
            self.refuse_anchor(key.span);
        }
        if self.text[key.span.end as usize..].starts_with('：') {
            let message = format!("字段“{}”后面是全角冒号，已按半角冒号读入", key.name);
            self.finding(Code::G017, key.span, message).help_with("改成半角冒号加一个空格");
        }
    }

    /// The key of a line and where its value begins: `key: value`, `key:`, `"key": value`, and, where `full_width` allows
    /// it, `key：value`.
    fn key_of(&self, from: usize, to: usize, full_width: bool) -> Option<(Key<'a>, usize)> {
        let line = &self.text[from..to];
        let quoted = line.chars().next().filter(|c| matches!(c, '"' | '\''));
        let name_end = match quoted {
            Some(quote) => closing(line, quote)? + 1,
            None => 0,
        };
        let mut colon = None;
        for (at, c) in line[name_end..].char_indices().map(|(at, c)| (at + name_end, c)) {
            let after = &line[at + c.len_utf8()..];
            match c {
                ':' if after.is_empty() || after.starts_with([' ', '\t']) => colon = Some((at, 1)),
                '：' if full_width => colon = Some((at, '：'.len_utf8())),
                '#' if line[..at].ends_with(' ') => return None,
                _ => continue,
            }
            break;
        }
        let (at, width) = colon?;
        let raw = line[..at].trim_end();
        let name = if quoted.is_some() && raw.len() == name_end { &raw[1..raw.len() - 1] } else { raw };
        let value = &line[at + width..];
        let value_from = to - value.trim_start().len();
        // a full-width colon in running text is no key: keys are short and hold no other colon
        let is_key = width == 1 || (name.chars().count() <= 12 && !name.contains(':'));
        (!name.is_empty() && is_key)
            .then(|| (Key { name: Cow::Borrowed(name), span: Span::at(from, raw.len()) }, value_from))
    }

    /// The value of a key with nothing after its colon, or of a bare `-`. `rest` is what stands there all the same: a
    /// comment, or nothing.
    fn nested(&mut self, indent: usize, of_key: bool, depth: usize, rest: (usize, usize), at: Span) -> Node<'a> {
        if let Some(tight) = comment::tight(&self.text[rest.0..rest.1]) {
            self.tell_comment(rest.0 + tight);
            self.skip_deeper(indent);
            return Node { span: at, kind: Kind::Broken };
        }
        match self.lines.get(self.at).copied() {
            Some(line) if line.indent > indent => {
                let text = &self.text[line.from..line.to];
                if is_item(text) || self.starts_map(line.from, line.to) {
                    self.block(line.indent, depth + 1, at)
                } else {
                    let tight = self.tight_line_after(rest.1, indent);
                    self.at += 1;
                    let node = self.scalar(line.from, line.to, indent);
                    self.unless_lost(node, tight)
                }
            }
            // a list may stand at its key's own column
            Some(line) if of_key && line.indent == indent && is_item(&self.text[line.from..line.to]) => {
                self.items(indent, depth + 1)
            }
            _ => {
                let tight = self.tight_line_after(rest.1, indent);
                self.unless_lost(Node { span: at, kind: Kind::Null }, tight)
            }
        }
    }

    /// The node, unless a comment took a part of it.
    pub(super) fn unless_lost(&mut self, node: Node<'a>, comment: Option<usize>) -> Node<'a> {
        let Some(at) = comment else { return node };
        self.tell_comment(at);
        Node { kind: Kind::Broken, ..node }
    }
}

/// Whether a line is a list item.
fn is_item(line: &str) -> bool {
    line == "-" || line.starts_with("- ")
}
