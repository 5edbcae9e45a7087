//! A channel's `_index.md`: what the folder is called, what its documents share, what else it lists, how it looks.

use std::sync::Arc;

use super::counts;
use super::front;
use super::keys::{self, Names, twice, unknown_key};
use super::records;
use super::statute;
use super::yaml::{Key, Kind, Node};
use crate::diag::{Code, Diagnostic, Severity};
use crate::model::{
    Axis, Body, ChannelFile, Condition, Front, Hash128, Located, Moment, Select, Sort, SortKey, SourcePath, Span, Text,
};

/// Keys of `_index.md` with their Chinese labels.
const KEYS: [(&str, &[&str]); 13] = [
    ("title", &["标题", "栏目名称"]),
    ("column_type", &["栏目类别"]),
    ("description", &["栏目描述", "描述"]),
    ("keywords", &["栏目关键词", "关键词"]),
    ("defaults", &["缺省值", "默认值"]),
    ("sort", &["排序"]),
    ("order", &["顺序"]),
    ("page_size", &["每页条数"]),
    ("select", &["组配规则", "组配"]),
    ("blocks", &["区块"]),
    ("articles", &["法定依据"]),
    ("counts", &["自动计数"]),
    ("records", &["记录"]),
];

/// The channel that an `_index.md` states.
pub fn read(
    source: SourcePath,
    hash: Hash128,
    node: Node,
    body: Body,
    path: &Arc<str>,
    findings: &mut Vec<Diagnostic>,
) -> ChannelFile {
    let before = findings.len();
    let mut reader = Reader { path, findings };
    let start = Span::new(0, 3);
    let mut title = None;
    let mut channel = unread(source, hash, body);
    for (name, key, value) in reader.entries(node, "栏目的头信息", &KEYS) {
        match name {
            // one that could not be read is not missing, and the documents below still have their channel
            "title" if value.kind == Kind::Broken => title = Some(Located::new("".into(), value.span)),
            "title" => title = reader.text(&key, value),
            "column_type" => channel.column_type = reader.text(&key, value).map(|text| text.value),
            "description" => channel.description = reader.text(&key, value).map(|text| text.value),
            "keywords" => channel.keywords = reader.texts(&key, value).into_iter().map(|text| text.value).collect(),
            "defaults" => channel.defaults = front::defaults(value, path, reader.findings),
            "sort" => channel.sort = reader.sort(&key, value, channel.sort),
            "order" => reader.order(&key, value, &mut channel),
            "page_size" => channel.page_size = reader.number(&key, value, 1, 500),
            "select" => channel.select = reader.selects(value),
            "blocks" => channel.blocks = Some(reader.blocks(value)),
            "articles" => {
                let written = reader.texts(&key, value);
                channel.articles = statute::items(written, Code::G020, path, reader.findings);
            }
            "counts" => channel.counts = counts::read(value, path, reader.findings),
            "records" => channel.records = records::read(&key, value, path, reader.findings).map(Box::new),
            _ => {}
        }
    }
    if title.is_none() {
        reader.push(Code::G014, start, "栏目缺少标题（title）", "在 _index.md 的头信息里写上 title: 栏目名称");
    }
    // one without a title still is a channel, and what it gives its documents is not missing there
    channel.title = title.unwrap_or_default();
    channel.is_whole = findings[before..].iter().all(|finding| finding.severity != Severity::Error);
    channel
}

/// A channel of which nothing but its place is known.
pub fn unread(source: SourcePath, hash: Hash128, body: Body) -> ChannelFile {
    ChannelFile {
        source,
        hash,
        title: Located::default(),
        is_whole: false,
        column_type: None,
        description: None,
        keywords: Vec::new(),
        defaults: Front::default(),
        sort: Sort::default(),
        position: None,
        page_size: None,
        select: Vec::new(),
        blocks: None,
        articles: Vec::new(),
        counts: Vec::new(),
        records: None,
        body,
    }
}

/// One rule, or a list of rules of which any suffices.
pub(super) fn selects(node: Node, path: &Arc<str>, findings: &mut Vec<Diagnostic>) -> Vec<Select> {
    Reader { path, findings }.selects(node)
}

pub(super) struct Reader<'a> {
    path: &'a Arc<str>,
    pub(super) findings: &'a mut Vec<Diagnostic>,
}

impl<'n> Reader<'_> {
    pub(super) fn push(&mut self, code: Code, span: Span, message: impl Into<String>, help: &str) {
        self.findings.push(Diagnostic::new(code, self.path.clone(), span, message).help(help));
    }

    fn pairs(&mut self, node: Node<'n>, what: &str) -> Vec<(Key<'n>, Node<'n>)> {
        match node.kind {
            Kind::Map(pairs) => pairs,
            Kind::Null | Kind::Broken => Vec::new(),
            _ => {
                let message = format!("{what}应当是“字段: 值”，这里却是{}", node.what());
                self.push(Code::G013, node.span, message, "每行写一个“字段: 值”");
                Vec::new()
            }
        }
    }

    pub(super) fn entries<'k>(
        &mut self,
        node: Node<'n>,
        what: &str,
        keys: &[Names<'k>],
    ) -> Vec<(&'k str, Key<'n>, Node<'n>)> {
        let pairs = self.pairs(node, what);
        keys::entries(pairs, keys, self.path, self.findings)
    }

    pub(super) fn text(&mut self, key: &Key, node: Node) -> Option<Located<Text>> {
        match &node.kind {
            Kind::Null | Kind::Broken => None,
            Kind::Scalar(text) if text.trim().is_empty() => None,
            Kind::Scalar(text) => {
                Some(Located::new(text.split_whitespace().collect::<Vec<_>>().join(" ").into(), node.span))
            }
            _ => {
                self.push(
                    Code::G013,
                    node.span,
                    format!("“{}”应当是文字，这里却是{}", key.name, node.what()),
                    "写成一行文字",
                );
                None
            }
        }
    }

    fn item(&mut self, key: &Key, node: Node) -> Option<Located<Text>> {
        if node.is_empty() {
            let message = format!("“{}”的列表里有空的一项", key.name);
            self.push(Code::G013, node.span, message, "写上内容，或删去这一项（多余的逗号、短横）");
        }
        self.text(key, node)
    }

    pub(super) fn texts(&mut self, key: &Key, node: Node) -> Vec<Located<Text>> {
        match node.kind {
            Kind::List(items) => items.into_iter().filter_map(|item| self.item(key, item)).collect(),
            _ => self.text(key, node).into_iter().collect(),
        }
    }

    pub(super) fn number(&mut self, key: &Key, node: Node, least: usize, most: usize) -> Option<usize> {
        let span = node.span;
        let text = self.text(key, node)?.value;
        let number = text.parse().ok().filter(|n| (least..=most).contains(n));
        if number.is_none() {
            let message = format!("“{}”应当是 {least} 到 {most} 的整数，这里是“{text}”", key.name);
            self.push(Code::G020, span, message, "写一个整数");
        }
        number
    }

    fn sort(&mut self, key: &Key, node: Node, sort: Sort) -> Sort {
        let Some(Located { value: text, span }) = self.text(key, node) else { return sort };
        let by = match &*text {
            "published" | "公开日期" => SortKey::Published,
            "written" | "成文日期" => SortKey::Written,
            "title" | "标题" => SortKey::Title,
            "index_no" | "索引号" => SortKey::IndexNo,
            "issue" | "期号" => SortKey::Issue,
            _ => {
                let message = format!("排序方式“{text}”不在允许范围");
                self.push(Code::G020, span, message, "可以写：published、written、title、index_no、issue");
                return sort;
            }
        };
        Sort { key: by, ..sort }
    }

    /// `order:` is the direction of the list (asc, desc), or the channel's place among its siblings (a number).
    fn order(&mut self, key: &Key, node: Node, channel: &mut ChannelFile) {
        let Some(Located { value: text, span }) = self.text(key, node) else { return };
        match (&*text, text.parse()) {
            ("asc" | "升序", _) => channel.sort.ascending = true,
            ("desc" | "降序", _) => channel.sort.ascending = false,
            (_, Ok(position)) => channel.position = Some(position),
            _ => self.push(
                Code::G020,
                span,
                format!("顺序“{text}”不在允许范围"),
                "写整数（栏目在同级中的位置），或 asc、desc（列表的方向）",
            ),
        }
    }

    /// One rule, or a list of rules of which any suffices.
    pub(super) fn selects(&mut self, node: Node) -> Vec<Select> {
        match node.kind {
            Kind::List(items) => items.into_iter().map(|item| self.select(item)).collect(),
            Kind::Null | Kind::Broken => Vec::new(),
            _ => vec![self.select(node)],
        }
    }

    fn select(&mut self, node: Node) -> Select {
        let span = node.span;
        let mut select = Select { span, ..Select::default() };
        let before = self.findings.len();
        let (mut from, mut to) = (None, None);
        let mut named: Vec<(Condition, String)> = Vec::new();
        for (key, value) in self.pairs(node, "组配规则") {
            let at = value.span;
            let condition = match &*key.name {
                "kind" | "信息类型" => Some(Condition::Kind),
                "series" | "期刊" => Some(Condition::Series),
                "keywords" | "keyword" | "关键词" => Some(Condition::Keyword),
                "channel" | "栏目" => Some(Condition::Channel),
                name => Axis::from_key(name).map(Condition::Axis),
            };
            match (condition, &*key.name) {
                (Some(condition), _) if named.iter().any(|(other, _)| *other == condition) => {
                    let first = named.iter().find(|(other, _)| *other == condition).map_or("", |(_, name)| name);
                    self.findings.push(twice(&key, first, self.path));
                }
                (Some(condition), _) => {
                    named.push((condition, key.name.to_string()));
                    let values = self.texts(&key, value);
                    match values.is_empty() {
                        true => self.push(
                            Code::G060,
                            at,
                            format!("组配条件“{}”没有值", key.name),
                            "写一个值或一个列表，或删去这一行",
                        ),
                        false => select.conditions.push((condition, values)),
                    }
                }
                (None, "from" | "自") if from.is_some() => self.findings.push(twice(&key, "from", self.path)),
                (None, "to" | "至") if to.is_some() => self.findings.push(twice(&key, "to", self.path)),
                (None, "from" | "自") => from = self.day(&key, value),
                (None, "to" | "至") => to = self.day(&key, value),
                _ => {
                    let axes = Axis::ALL.into_iter().flat_map(|axis| [axis.key(), axis.label()]);
                    let known = axes.chain(["kind", "series", "keywords", "channel", "from", "to"]);
                    self.findings.push(unknown_key(&key.name, key.span, self.path, known));
                }
            }
        }
        // what was refused is not missing
        let is_wrong = self.findings.len() > before;
        if let (Some((from, _)), Some((to, at))) = (from, to)
            && to < from
        {
            self.push(
                Code::G060,
                at,
                format!("组配规则的 to（{to}）早于 from（{from}），什么也选不到"),
                "核对这两个日期",
            );
        }
        select.from = from.map(|(day, _)| day);
        select.to = to.map(|(day, _)| day);
        if !is_wrong && select.conditions.is_empty() && select.from.is_none() && select.to.is_none() {
            self.push(Code::G060, span, "组配规则没有条件", "至少写一个条件，如 genre: 公示");
        }
        select
    }

    fn day(&mut self, key: &Key, node: Node) -> Option<(Moment, Span)> {
        let Located { value: text, span } = self.text(key, node)?;
        let moment = Moment::parse(&text).map(Moment::day);
        if moment.is_none() {
            self.push(Code::G015, span, format!("日期“{text}”无法识别"), "写成 2014-12-04");
        }
        moment.map(|moment| (moment, span))
    }
}
