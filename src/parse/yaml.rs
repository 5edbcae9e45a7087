//! The YAML of front matter and data tables, as nodes that know their place and keep every scalar as written. The home
//! of `serde_yaml`.
//!
//! Block structure (maps and lists by indentation) and one-line scalars are read here, because a clerk needs the line
//! of *each* field, because codes must stay text (`0010`, `1e5`), and because nearly all front matter is nothing else.
//! Whatever is more than that (quotes with escapes, flow collections, block scalars, folded lines) is handed to
//! `serde_yaml`, piece by piece. Anchors, aliases, tags and merge keys are refused: a document has no program.

use std::borrow::Cow;
use std::sync::Arc;

use super::flow::{Flow, Place};
use crate::diag::{Code, Diagnostic};
use crate::model::Span;

/// Deepest nesting of maps and lists.
pub const DEEPEST: usize = 16;

/// A YAML value and where it stands in its file.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<'a> {
    pub span: Span,
    pub kind: Kind<'a>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Kind<'a> {
    /// Nothing, `~` or `null`.
    Null,
    /// Something that a finding says is wrong.
    Broken,
    /// The text as written (plain) or as meant (quoted): never converted to a number or a truth value.
    Scalar(Cow<'a, str>),
    List(Vec<Node<'a>>),
    Map(Vec<(Key<'a>, Node<'a>)>),
}

/// A key of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Key<'a> {
    pub name: Cow<'a, str>,
    pub span: Span,
}

impl<'a> Node<'a> {
    /// What the node is, for messages.
    pub fn what(&self) -> &'static str {
        match self.kind {
            Kind::Null | Kind::Broken => "空值",
            Kind::Scalar(_) => "文字",
            Kind::List(_) => "列表",
            Kind::Map(_) => "表（键: 值）",
        }
    }
}

/// Reads `text[range]`, a block of YAML that begins at the start of a line. Findings are about the file `path`.
pub fn read<'a>(text: &'a str, start: usize, end: usize, path: &Arc<str>, findings: &mut Vec<Diagnostic>) -> Node<'a> {
    let mut reader = Reader { text, path, findings, lines: Vec::new(), at: 0 };
    reader.lines = reader.outline(start, end);
    let indent = reader.lines.first().map_or(0, |line| line.indent);
    let node = reader.block(indent, 0, Span::new(start, start));
    if let Some(line) = reader.lines.get(reader.at).copied() {
        reader.problem(line.span(), "这一行的缩进与上文对不上").help_with("同一层的字段要从同一列开始，用空格缩进");
    }
    node
}

/// A line that is neither blank nor a comment.
#[derive(Clone, Copy, Debug)]
struct Line {
    /// Where the line begins.
    start: usize,
    /// Where its content begins and ends, without white space around it.
    from: usize,
    to: usize,
    indent: usize,
}

impl Line {
    fn span(self) -> Span {
        Span::new(self.from, self.to)
    }
}

struct Reader<'a, 'f> {
    text: &'a str,
    path: &'f Arc<str>,
    findings: &'f mut Vec<Diagnostic>,
    lines: Vec<Line>,
    at: usize,
}

/// Lets a finding that was just pushed be given its advice.
trait HelpWith {
    fn help_with(self, help: &str);
}

impl HelpWith for &mut Diagnostic {
    fn help_with(self, help: &str) {
        self.help = Some(help.to_owned());
    }
}

impl<'a> Reader<'a, '_> {
    fn problem(&mut self, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.finding(Code::G013, span, message)
    }

    fn finding(&mut self, code: Code, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.findings.push(Diagnostic::new(code, self.path.clone(), span, message));
        self.findings.last_mut().expect("just pushed")
    }

    /// The lines that carry something, with their indentation.
    fn outline(&mut self, start: usize, end: usize) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut at = start;
        for line in self.text[start..end].split_inclusive('\n') {
            let bare = line.trim_end_matches(['\n', '\r']);
            let content = bare.trim_start_matches(' ');
            let indent = bare.len() - content.len();
            let from = at + indent;
            let to = from + content.trim_end().len();
            if content.starts_with('\t') && !content.trim().is_empty() {
                self.problem(Span::at(from, 1), "缩进用了制表符").help_with("YAML 只能用空格缩进");
            } else if from < to && !content.starts_with('#') {
                lines.push(Line { start: at, from, to, indent });
            }
            at += line.len();
        }
        lines
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
                items.push(self.nested(indent, false, depth, line.span()));
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
                true => self.nested(indent, true, depth, Span::new(line.to, line.to)),
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

    /// The value of a key with nothing after its colon, or of a bare `-`.
    fn nested(&mut self, indent: usize, of_key: bool, depth: usize, at: Span) -> Node<'a> {
        match self.lines.get(self.at).copied() {
            Some(line) if line.indent > indent => {
                let text = &self.text[line.from..line.to];
                if is_item(text) || self.starts_map(line.from, line.to) {
                    self.block(line.indent, depth + 1, at)
                } else {
                    self.at += 1;
                    self.scalar(line.from, line.to, indent)
                }
            }
            // a list may stand at its key's own column
            Some(line) if of_key && line.indent == indent && is_item(&self.text[line.from..line.to]) => {
                self.items(indent, depth + 1)
            }
            _ => Node { span: at, kind: Kind::Null },
        }
    }

    /// A scalar or flow collection that begins at `from`; it runs on over the lines that are indented deeper.
    fn scalar(&mut self, from: usize, to: usize, indent: usize) -> Node<'a> {
        let first = &self.text[from..to];
        let goes_on = self.lines.get(self.at).is_some_and(|line| self.continues(*line, indent, first));
        if !goes_on && let Some(kind) = one_line(first, from) {
            let end = if let Kind::Scalar(Cow::Borrowed(text)) = &kind
                && first.starts_with(*text)
            {
                from + text.len()
            } else {
                to
            };
            return Node { span: Span::new(from, end), kind };
        }
        let mut end = to;
        while let Some(line) = self.lines.get(self.at).copied().filter(|line| self.continues(*line, indent, first)) {
            end = line.to;
            self.at += 1;
        }
        // what a block scalar ends with matters: its blank lines and comments belong to it
        if first.starts_with(['|', '>']) {
            let limit = self.lines.get(self.at).map_or(self.text.len(), |line| line.start);
            let tail = &self.text[end..limit];
            end += tail.find("\n---").map_or(tail.len(), |at| at + 1);
        }
        self.chunk(from, end)
    }

    fn continues(&self, line: Line, indent: usize, first: &str) -> bool {
        let closing = first.starts_with(['[', '{']) && self.text[line.from..line.to].starts_with([']', '}']);
        line.indent > indent || (line.indent == indent && closing)
    }

    /// Hands a piece to `serde_yaml`.
    fn chunk(&mut self, from: usize, to: usize) -> Node<'a> {
        let piece = &self.text[from..to];
        let span = Span::at(from, piece.trim_end().len());
        if has_anchor(piece) {
            self.refuse_anchor(span);
            return Node { span, kind: Kind::Broken };
        }
        let is_flow = piece.starts_with(['[', '{']);
        let read = match is_flow {
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
                let node = flow.into_node(&Place::of_collection(piece, from));
                self.check_twice(&node);
                node
            }
            Ok(flow) => flow.into_node(&Place::whole(span)),
            Err(error) => {
                let place = error.location().map_or(span, |location| {
                    let mut at = (from + location.index()).min(to);
                    while !self.text.is_char_boundary(at) {
                        at -= 1;
                    }
                    Span::new(at, to.max(at))
                });
                let message = self.explain(piece, &error.to_string());
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

    fn twice(&mut self, key: &Key) {
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

    fn refuse_anchor(&mut self, span: Span) {
        self.finding(Code::G016, span, "这里用了 YAML 的锚点（&）、别名（*）、标签（!）或合并键（<<）")
            .help_with("这些写法不允许；如果是文字，请用双引号括起来");
    }
}

/// Where the quote that a text begins with is closed; `\"` and `''` do not close it.
pub fn closing(text: &str, quote: char) -> Option<usize> {
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

/// Whether a line is a list item.
fn is_item(line: &str) -> bool {
    line == "-" || line.starts_with("- ")
}

/// A value that is complete in its line, if it is of the simple kinds; `None` sends it to `serde_yaml`.
fn one_line(text: &str, from: usize) -> Option<Kind<'_>> {
    match text.as_bytes()[0] {
        quote @ (b'"' | b'\'') => {
            let inner = text.strip_prefix(quote as char)?.strip_suffix(quote as char)?;
            let simple = !inner.bytes().any(|b| b == quote || (quote == b'"' && b == b'\\'));
            simple.then_some(Kind::Scalar(Cow::Borrowed(inner)))
        }
        b'[' => one_line_list(text, from),
        _ => plain(text),
    }
}

/// A plain scalar without a comment.
fn plain(text: &str) -> Option<Kind<'_>> {
    let text = match text.find(" #") {
        Some(comment) => text[..comment].trim_end(),
        None => text,
    };
    let first = *text.as_bytes().first()?;
    let rest_is_word = text.len() > 1 && text.as_bytes()[1] != b' ';
    let starts_well = match first {
        b'&' | b'*' | b'!' | b'|' | b'>' | b'%' | b'@' | b'`' | b'"' | b'\'' | b'[' | b']' | b'{' | b'}' | b','
        | b'#' => false,
        b'-' | b'?' | b':' => rest_is_word,
        _ => true,
    };
    let ends_well = !text.ends_with(':') && !text.contains(": ") && !text.contains(":\t") && !text.contains('\t');
    match text {
        "~" | "null" | "Null" | "NULL" => Some(Kind::Null),
        _ => (starts_well && ends_well).then_some(Kind::Scalar(Cow::Borrowed(text))),
    }
}

/// `[a, "b"]` with simple items; `from` is where the text begins in its file.
fn one_line_list(text: &str, from: usize) -> Option<Kind<'_>> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?.trim();
    let mut items = Vec::new();
    let mut rest = inner;
    while !rest.is_empty() {
        let (item, tail) = match rest.as_bytes()[0] {
            quote @ (b'"' | b'\'') => {
                let end = rest[1..].find(quote as char)? + 1;
                let item = &rest[1..end];
                if item.contains('\\') || rest[end + 1..].starts_with(quote as char) {
                    return None;
                }
                (item, rest[end + 1..].trim_start())
            }
            _ => {
                let end = rest.find(',').unwrap_or(rest.len());
                let item = rest[..end].trim_end();
                match plain(item)? {
                    Kind::Scalar(_) if !item.contains(['[', ']', '{', '}', '"', '\'', '#', ':']) => {
                        (item, &rest[end..])
                    }
                    _ => return None,
                }
            }
        };
        let at = from + (item.as_ptr() as usize - text.as_ptr() as usize);
        items.push(Node { span: Span::at(at, item.len()), kind: Kind::Scalar(Cow::Borrowed(item)) });
        rest = match tail.strip_prefix(',') {
            Some(tail) => tail.trim_start(),
            None if tail.is_empty() => tail,
            None => return None,
        };
    }
    Some(Kind::List(items))
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
