//! Front matter: the `---` block of a file, and its fields as typed values.

use std::sync::Arc;

use super::counts;
use super::keys::{self, Names, twice};
use super::yaml::{self, Kind, Node};
use crate::diag::suggest::did_you_mean;
use crate::diag::{Code, Diagnostic, Severity};
use crate::model::front::{AttachmentRef, Extra, Raw};
use crate::model::{
    Cause, Disclosure, DocNumber, Field, FieldType, Front, IndexNumber, Located, Moment, Remains, Span, Text, Validity,
    Value,
};

/// Largest front matter, in bytes.
pub const LARGEST: usize = 64 * 1024;
/// Most items of a list field.
const MOST_ITEMS: usize = 200;

/// Years in which a document can have been written or published; others are slips. The end of a term may lie far ahead.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2100;

/// Where front matter and body lie in a file, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    pub front: (usize, usize),
    pub body: usize,
}

/// Finds the `---` lines. A byte-order mark before them is read over.
pub fn split(text: &str, path: &Arc<str>) -> Result<Parts, Diagnostic> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let is_fence = |line: &str| line.trim_end() == "---";
    let mut lines = text[start..].split_inclusive('\n');
    let first = lines.next().unwrap_or("");
    if !is_fence(first) {
        let span = Span::at(start, first.trim_end().len());
        return Err(Diagnostic::new(Code::G010, path.clone(), span, "文件开头没有头信息（第一行应当是 ---）")
            .help("文件以一行 --- 开始，写上标题、发布机构、公开日期等字段，再以一行 --- 结束"));
    }
    let front = start + first.len();
    let mut at = front;
    for line in lines {
        if is_fence(line) {
            return match at - front > LARGEST {
                true => {
                    Err(Diagnostic::new(Code::G005, path.clone(), Span::new(start, start + 3), "头信息超过 64 KiB")
                        .help("头信息只放字段，正文写在第二个 --- 之后"))
                }
                false => Ok(Parts { front: (front, at), body: at + line.len() }),
            };
        }
        at += line.len();
    }
    Err(Diagnostic::new(Code::G010, path.clone(), Span::at(start, 3), "头信息没有结束（缺少第二个 ---）")
        .help("在最后一个字段之后另起一行，写 ---"))
}

/// The fields of a map node as a document states them.
pub fn fields(node: Node, path: &Arc<str>, findings: &mut Vec<Diagnostic>) -> Front {
    fields_of(node, path, findings, |_| true)
}

/// The fields that a channel gives to its documents.
pub fn defaults(node: Node, path: &Arc<str>, findings: &mut Vec<Diagnostic>) -> Front {
    fields_of(node, path, findings, Field::may_be_shared)
}

fn fields_of(node: Node, path: &Arc<str>, findings: &mut Vec<Diagnostic>, may: fn(Field) -> bool) -> Front {
    let mut reader = Reader { path, findings };
    let Kind::Map(pairs) = node.kind else {
        if node.kind != Kind::Null {
            reader.wrong(node.span, format!("头信息应当是“字段: 值”，这里却是{}", node.what()));
        }
        return Front::default();
    };
    let mut read: Vec<(Field, Located<Value>)> = Vec::with_capacity(pairs.len());
    let mut extras = Vec::new();
    for (key, value) in pairs {
        let Some(field) = Field::from_key(&key.name) else {
            extras.push(Extra { key: Located::new((&*key.name).into(), key.span), value: raw(value) });
            continue;
        };
        if read.iter().any(|(other, _)| *other == field) {
            reader.findings.push(twice(&key, field.spec().key, path));
            continue;
        }
        if !may(field) {
            let message = format!("字段“{}”各个文件不同，不能写在栏目的 defaults 里", key.name);
            reader.push(Code::G013, key.span, message, "删去这一行，写到各个文件自己的头信息里");
            continue;
        }
        if let Some(value) = reader.value(field, value) {
            read.push((field, value));
        }
    }
    Front::new(read).with_extras(extras)
}

/// A value that only the document's kind can judge.
fn raw(node: Node) -> Located<Raw> {
    let value = match node.kind {
        Kind::Null => Raw::Nothing,
        Kind::Broken => Raw::Refused,
        Kind::Scalar(text) if text.trim().is_empty() => Raw::Nothing,
        Kind::Scalar(text) => Raw::Text(text.trim().into()),
        Kind::List(items) => Raw::List(items.into_iter().map(raw).collect()),
        Kind::Map(pairs) => {
            let pair = |(key, value): (yaml::Key, Node)| (Located::new((&*key.name).into(), key.span), raw(value));
            Raw::Map(pairs.into_iter().map(pair).collect())
        }
    };
    Located::new(value, node.span)
}

struct Reader<'a> {
    path: &'a Arc<str>,
    findings: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn push(&mut self, code: Code, span: Span, message: impl Into<String>, help: &str) {
        self.findings.push(Diagnostic::new(code, self.path.clone(), span, message).help(help));
    }

    fn wrong(&mut self, span: Span, message: String) {
        self.push(Code::G013, span, message, "见 gongkai explain G013");
    }

    /// The value as its field's type; `None` if it is empty (the field counts as not stated) or wrong.
    fn value(&mut self, field: Field, node: Node) -> Option<Located<Value>> {
        let span = node.span;
        let before = self.findings.len();
        let is_broken = node.kind == Kind::Broken;
        let value = match field.spec().kind {
            FieldType::Private => Some(Value::Private),
            FieldType::Counts => {
                let counts = counts::read(node, self.path, self.findings);
                (!counts.is_empty()).then(|| Value::Counts(counts.into()))
            }
            FieldType::Attachments => self.attachments(node).map(Value::Attachments),
            FieldType::List => self.list(field, node).map(Value::List),
            FieldType::LongText => self.scalar(field, node).map(|text| Value::Text(one_paragraph(&text))),
            FieldType::Text => self.line(field, node).map(Value::Text),
            FieldType::Moment => self.typed(field, node, Self::moment),
            FieldType::IndexNo => self.typed(field, node, Self::index_no),
            FieldType::DocNo => self.typed(field, node, Self::doc_no),
            FieldType::Validity => self.typed(field, node, Self::validity),
            FieldType::Disclosure => self.typed(field, node, Self::disclosure),
            FieldType::Cause => self.typed(field, node, Self::cause),
            FieldType::Remains => self.typed(field, node, Self::remains),
            FieldType::Flag => self.typed(field, node, Self::flag),
        };
        let is_refused = is_broken || self.findings[before..].iter().any(|finding| finding.severity == Severity::Error);
        value.or(is_refused.then_some(Value::Refused)).map(|value| Located::new(value, span))
    }

    /// A scalar's text, trimmed; `None` if empty or no scalar.
    fn scalar(&mut self, field: Field, node: Node) -> Option<Text> {
        match node.kind {
            Kind::Null | Kind::Broken => None,
            Kind::Scalar(text) => {
                let text = text.trim();
                (!text.is_empty()).then(|| text.into())
            }
            _ => {
                let message = format!("字段“{}”应当是文字，这里却是{}", field.spec().key, node.what());
                let quoted = matches!(node.kind, Kind::List(_) | Kind::Map(_));
                let quoted = if quoted { "；以 [ 或 { 开头的文字要加引号：\"[甲]乙\"" } else { "" };
                let help = format!("{}{quoted}", field.spec().help);
                self.push(Code::G013, node.span, message, &help);
                None
            }
        }
    }

    /// A scalar in one line; folded lines are joined.
    fn line(&mut self, field: Field, node: Node) -> Option<Text> {
        self.scalar(field, node).map(|text| match text.contains('\n') {
            true => one_paragraph(&text),
            false => text,
        })
    }

    fn typed(
        &mut self,
        field: Field,
        node: Node,
        read: fn(&mut Self, Field, &str, Span) -> Option<Value>,
    ) -> Option<Value> {
        let span = node.span;
        let text = self.scalar(field, node)?;
        read(self, field, &text, span)
    }

    fn moment(&mut self, field: Field, text: &str, span: Span) -> Option<Value> {
        let moment = Moment::parse(text);
        if let Some(day) = moment
            && matches!(field, Field::Written | Field::Published | Field::Updated | Field::Withdrawn)
            && !YEARS.contains(&day.year())
        {
            let message = format!("字段“{}”的年份 {} 不合理", field.spec().key, day.year());
            self.push(Code::G015, span, message, "核对原件，改正年份");
            return None;
        }
        if moment.is_none() {
            let message = format!("字段“{}”的日期“{text}”无法识别，或没有这一天", field.spec().key);
            self.push(Code::G015, span, message, "写成 2014-12-04、2014-12-04 09:30 或 2014年12月4日");
        }
        moment.map(Value::Moment)
    }

    fn index_no(&mut self, _: Field, text: &str, span: Span) -> Option<Value> {
        match IndexNumber::parse(text) {
            Ok(number) => Some(Value::IndexNo(number)),
            Err(problem) => {
                self.push(
                    Code::G018,
                    span,
                    problem,
                    "照原件填写索引号，不超过 64 个字符，中间不留空格，如 tcxzfb/2014-1204001",
                );
                None
            }
        }
    }

    fn doc_no(&mut self, _: Field, text: &str, span: Span) -> Option<Value> {
        match DocNumber::parse(text) {
            Ok(number) => {
                if let Some(oddity) = number.oddity() {
                    let standard = number.standard().unwrap_or_else(|| "郯政办发〔2014〕31号".into());
                    let help = format!("照 GB/T 9704—2012 写，如 {standard}；原件确是这样的，照原件写，可以不改");
                    self.push(Code::G024, span, format!("文号“{text}”{oddity}"), &help);
                }
                Some(Value::DocNo(Box::new(number)))
            }
            Err(problem) => {
                self.push(Code::G023, span, problem, "写成 郯政办发〔2014〕31号");
                None
            }
        }
    }

    fn validity(&mut self, _: Field, text: &str, span: Span) -> Option<Value> {
        let validity = Validity::from_label(text);
        if validity.is_none() {
            self.not_allowed(Field::Validity, text, span, Validity::ALL.map(Validity::label));
        }
        validity.map(Value::Validity)
    }

    fn disclosure(&mut self, _: Field, text: &str, span: Span) -> Option<Value> {
        let disclosure = Disclosure::from_label(text);
        if disclosure.is_none() {
            self.not_allowed(Field::Disclosure, text, span, Disclosure::ALL.map(Disclosure::label));
        }
        disclosure.map(Value::Disclosure)
    }

    fn cause(&mut self, field: Field, text: &str, span: Span) -> Option<Value> {
        let cause = Cause::from_label(text);
        if cause.is_none() {
            self.one_of(field, text, span, Cause::ALL.map(Cause::label));
        }
        cause.map(Value::Cause)
    }

    fn remains(&mut self, field: Field, text: &str, span: Span) -> Option<Value> {
        let remains = Remains::from_label(text);
        if remains.is_none() {
            self.one_of(field, text, span, Remains::ALL.map(Remains::label));
        }
        remains.map(Value::Remains)
    }

    /// `G020` that always lists the words: to guess why something was withdrawn is not ours.
    fn one_of<const N: usize>(&mut self, field: Field, text: &str, span: Span, allowed: [&'static str; N]) {
        let message = format!("字段“{}”的值“{text}”不在允许范围", field.spec().key);
        self.push(Code::G020, span, message, &format!("可以写：{}", allowed.join("、")));
    }

    fn flag(&mut self, field: Field, text: &str, span: Span) -> Option<Value> {
        match text {
            "true" | "True" | "TRUE" | "是" | "yes" => Some(Value::Flag(true)),
            "false" | "False" | "FALSE" | "否" | "no" => Some(Value::Flag(false)),
            _ => {
                self.not_allowed(field, text, span, ["true", "false"]);
                None
            }
        }
    }

    fn not_allowed<const N: usize>(&mut self, field: Field, text: &str, span: Span, allowed: [&'static str; N]) {
        let message = format!("字段“{}”的值“{text}”不在允许范围", field.spec().key);
        let help = did_you_mean(text, allowed).unwrap_or_else(|| format!("可以写：{}", allowed.join("、")));
        self.push(Code::G020, span, message, &help);
    }

    fn empty_item(&mut self, field: Field, span: Span) {
        let message = format!("字段“{}”的列表里有空的一项", field.spec().key);
        self.push(Code::G013, span, message, "写上内容，或删去这一项（多余的逗号、短横）");
    }

    /// A list, or a single text as a list of one.
    fn list(&mut self, field: Field, node: Node) -> Option<Box<[Located<Text>]>> {
        let is_list = matches!(node.kind, Kind::List(_));
        let items = match node.kind {
            Kind::List(items) => items,
            _ => vec![node],
        };
        if let Some(extra) = items.get(MOST_ITEMS) {
            let message = format!("字段“{}”超过 {MOST_ITEMS} 项", field.spec().key);
            self.push(Code::G013, extra.span, message, "分开写成几份文件");
            return None;
        }
        let mut texts: Vec<Located<Text>> = Vec::with_capacity(items.len());
        for item in items {
            let span = item.span;
            if is_list && item.is_empty() {
                self.empty_item(field, span);
            }
            if let Some(text) = self.line(field, item)
                && !texts.iter().any(|other| other.value == text)
            {
                texts.push(Located::new(text, span));
            }
        }
        (!texts.is_empty()).then(|| texts.into())
    }

    fn attachments(&mut self, node: Node) -> Option<Box<[AttachmentRef]>> {
        let items = match node.kind {
            Kind::Null | Kind::Broken => return None,
            Kind::List(items) => items,
            _ if node.is_empty() => return None,
            _ => vec![node],
        };
        if let Some(extra) = items.get(MOST_ITEMS) {
            self.push(
                Code::G013,
                extra.span,
                format!("附件超过 {MOST_ITEMS} 个"),
                "把附件打成压缩包，或分开写成几份文件",
            );
            return None;
        }
        let read: Vec<_> = items.into_iter().filter_map(|item| self.attachment(item)).collect();
        (!read.is_empty()).then(|| read.into())
    }

    fn attachment(&mut self, node: Node) -> Option<AttachmentRef> {
        let at = node.span;
        if node.is_empty() {
            self.empty_item(Field::Attachments, at);
            return None;
        }
        let Kind::Map(pairs) = node.kind else {
            let file = self.line(Field::Attachments, node)?;
            return Some(AttachmentRef { file: Located::new(file, at), title: None });
        };
        let (mut file, mut title) = (None, None);
        let keys: [Names; 2] = [("file", &["文件", "path"]), ("title", &["标题", "名称", "name"])];
        for (name, _, value) in keys::entries(pairs, &keys, self.path, self.findings) {
            let span = value.span;
            match name {
                "file" => file = self.line(Field::Attachments, value).map(|text| Located::new(text, span)),
                _ => title = self.line(Field::Attachments, value),
            }
        }
        if file.is_none() {
            self.push(Code::G014, at, "附件没有写文件名（file）", "写成 - {file: 表格.xlsx, title: 表格}");
        }
        Some(AttachmentRef { file: file?, title })
    }
}

/// Lines joined into one paragraph; between Han characters a line break is nothing, elsewhere a space.
fn one_paragraph(text: &str) -> Text {
    let mut joined = String::with_capacity(text.len());
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let between_ascii = |c: Option<char>| c.is_some_and(|c| c.is_ascii());
        if between_ascii(joined.chars().last()) && between_ascii(line.chars().next()) {
            joined.push(' ');
        }
        joined.push_str(line);
    }
    joined.into()
}

/// Reads the front matter between its fences.
pub fn read(text: &str, parts: Parts, path: &Arc<str>, findings: &mut Vec<Diagnostic>) -> Front {
    let node = yaml::read(text, parts.front.0, parts.front.1, path, findings);
    fields(node, path, findings)
}
