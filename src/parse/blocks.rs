//! `blocks:` of a channel: what stands on its page beside the list of its documents.

use super::channel::Reader;
use super::keys::Names;
use super::markdown::{Refusal, judge};
use super::yaml::{Key, Kind, Node};
use crate::diag::Code;
use crate::model::block::{BlockLink, MatrixBlock, PlacesBlock, PlatformBlock};
use crate::model::{Axis, Block, BlockBody, Located, Select, Span, Text, years};

/// Cards of a list block, links of a terms block, unless the block says otherwise.
const DEFAULT_LIMIT: usize = 8;
const MOST_CARDS: usize = 100;

/// Keys of blocks with their Chinese labels, whatever the type.
const KEYS: [Names; 20] = [
    ("type", &["类型"]),
    ("title", &["标题"]),
    ("channel", &["栏目"]),
    ("select", &["组配规则"]),
    ("limit", &["条数"]),
    ("axis", &["分类轴"]),
    ("links", &["链接"]),
    ("kinds", &["信息类型"]),
    ("rows", &["行"]),
    ("year", &["年度字段", "年度"]),
    ("from", &["自"]),
    ("to", &["至"]),
    ("levels", &["级别"]),
    ("exempt", &["除外"]),
    ("project", &["项目字段", "项目"]),
    ("guide", &["指南"]),
    ("rules", &["制度"]),
    ("content", &["主动公开内容", "内容"]),
    ("reports", &["年报"]),
    ("request", &["依申请公开"]),
];

/// A type of blocks: its names, and the keys that it uses besides `type` and `title`.
struct Type {
    name: &'static str,
    label: &'static str,
    keys: &'static [&'static str],
}

const fn of(name: &'static str, label: &'static str, keys: &'static [&'static str]) -> Type {
    Type { name, label, keys }
}

const TYPES: [Type; 7] = [
    of("list", "列表", &["channel", "select", "limit"]),
    of("terms", "类目", &["axis", "limit"]),
    of("links", "链接", &["links"]),
    of("channels", "栏目", &["channel"]),
    of("matrix", "对照表", &["kinds", "rows", "year", "from", "to", "levels", "exempt"]),
    of("places", "镇村", &["kinds", "project"]),
    of("platform", "平台", &["guide", "rules", "content", "reports", "request"]),
];

/// The parts of the platform, in their order: their keys, and what they are called.
const PARTS: [(&str, &str); 4] =
    [("guide", "指南"), ("rules", "制度"), ("content", "法定主动公开内容"), ("reports", "年报")];

/// All that a block may state.
struct Stated {
    kind: Option<Located<Text>>,
    title: Option<Text>,
    channel: Option<Located<Text>>,
    select: Vec<Select>,
    limit: usize,
    axis: Option<Axis>,
    links: Vec<BlockLink>,
    matrix: MatrixBlock,
    project: Option<Located<Text>>,
    parts: [Option<Located<Text>>; 4],
    request: Option<Located<Text>>,
    /// What was written, whether it could be read or not.
    keys: Vec<(&'static str, Span)>,
    span: Span,
}

impl Stated {
    fn new(keys: Vec<(&'static str, Span)>, span: Span) -> Self {
        Self {
            kind: None,
            title: None,
            channel: None,
            select: Vec::new(),
            limit: DEFAULT_LIMIT,
            axis: None,
            links: Vec::new(),
            matrix: MatrixBlock::default(),
            project: None,
            parts: [const { None }; 4],
            request: None,
            keys,
            span,
        }
    }

    fn has(&self, name: &str) -> bool {
        self.keys.iter().any(|(other, _)| *other == name)
    }
}

impl<'n> Reader<'_> {
    pub(super) fn blocks(&mut self, node: Node<'n>) -> Vec<Block> {
        match node.kind {
            Kind::List(items) => items.into_iter().filter_map(|item| self.block(item)).collect(),
            Kind::Null | Kind::Broken => Vec::new(),
            _ => {
                self.push(
                    Code::G061,
                    node.span,
                    format!("区块应当是列表，这里却是{}", node.what()),
                    "每个区块以“- ”开头",
                );
                Vec::new()
            }
        }
    }

    fn block(&mut self, node: Node<'n>) -> Option<Block> {
        let span = node.span;
        if node.is_empty() {
            self.push(Code::G061, span, "区块是空的", "写上类型，如 - {type: list}，或删去这一项");
            return None;
        }
        let entries = self.entries(node, "区块", &KEYS);
        let mut stated = Stated::new(entries.iter().map(|(name, key, _)| (*name, key.span)).collect(), span);
        for (name, key, value) in entries {
            self.entry(name, &key, value, &mut stated);
        }
        let written = stated.kind.as_ref().map_or("list", |kind| &*kind.value);
        let Some(kind) = TYPES.iter().find(|kind| kind.name == written || kind.label == written) else {
            let message = format!("区块类型“{written}”不在允许范围");
            let names: Vec<&str> = TYPES.iter().map(|kind| kind.name).collect();
            let at = stated.kind.as_ref().map_or(span, |kind| kind.span);
            self.push(Code::G061, at, message, &format!("可以写：{}", names.join("、")));
            return None;
        };
        self.useless_keys(kind, &stated);
        let title = stated.title.take();
        self.body(kind, stated).map(|body| Block { span, title, body })
    }

    fn entry(&mut self, name: &str, key: &Key, value: Node<'n>, to: &mut Stated) {
        match name {
            "type" => to.kind = self.text(key, value),
            "title" => to.title = self.text(key, value).map(|text| text.value),
            "channel" => to.channel = self.text(key, value),
            "select" => to.select = self.selects(value),
            "limit" => to.limit = self.number(key, value, 1, MOST_CARDS).unwrap_or(to.limit),
            "axis" => to.axis = self.axis(key, value),
            "links" => to.links = self.links(value),
            "kinds" => to.matrix.kinds = self.texts(key, value),
            "rows" => self.rows(key, value),
            "year" => to.matrix.year = self.text(key, value),
            "from" => to.matrix.from = self.year(key, value),
            "to" => to.matrix.to = self.year(key, value),
            "levels" => to.matrix.levels = self.texts(key, value),
            "exempt" => to.matrix.exempt = self.texts(key, value),
            "project" => to.project = self.text(key, value),
            "request" => to.request = self.text(key, value),
            part => {
                if let Some(at) = PARTS.iter().position(|(name, _)| *name == part) {
                    to.parts[at] = self.text(key, value);
                }
            }
        }
    }

    /// What a block of the type holds; `None`: a finding says why not.
    fn body(&mut self, kind: &Type, stated: Stated) -> Option<BlockBody> {
        let (limit, span) = (stated.limit, stated.span);
        match kind.name {
            "terms" => match stated.axis {
                Some(axis) => Some(BlockBody::Terms { axis, limit }),
                None if stated.has("axis") => None,
                None => {
                    self.push(Code::G061, span, "terms 区块没有写 axis", "写上分类轴，如 axis: place");
                    None
                }
            },
            "links" if stated.links.is_empty() && !stated.has("links") => {
                let help = "写上 links，每行一个 - {title: 查征地, to: zwgk/tdzs/}";
                self.push(Code::G061, span, "links 区块没有写 links", help);
                None
            }
            "links" => Some(BlockBody::Links(stated.links)),
            "channels" => Some(BlockBody::Channels { channel: stated.channel }),
            "matrix" => {
                let help = "写上信息类型，如 kinds: [budget, final-account]";
                let has_kinds = self.has_kinds(kind, &stated.matrix, span, help);
                let is_in_order = self.years(&stated.matrix, &stated.keys);
                (has_kinds && is_in_order).then_some(BlockBody::Matrix(stated.matrix))
            }
            "places" => {
                let help = "写上信息类型，如 kinds: [land-pre-notice, land-notice]";
                let has_kinds = self.has_kinds(kind, &stated.matrix, span, help);
                let places = PlacesBlock { kinds: stated.matrix.kinds, project: stated.project };
                has_kinds.then_some(BlockBody::Places(places))
            }
            "platform" => self.platform(stated),
            _ => Some(BlockBody::List { channel: stated.channel, select: stated.select, limit }),
        }
    }

    fn has_kinds(&mut self, kind: &Type, matrix: &MatrixBlock, span: Span, help: &str) -> bool {
        if matrix.kinds.is_empty() {
            self.push(Code::G061, span, format!("{} 区块没有写 kinds", kind.name), help);
        }
        !matrix.kinds.is_empty()
    }

    /// What a block of another type could use and this one does not: its author expects something of it.
    fn useless_keys(&mut self, kind: &Type, stated: &Stated) {
        let is_useless = |name: &str| !matches!(name, "type" | "title") && !kind.keys.contains(&name);
        for (name, at) in stated.keys.iter().filter(|(name, _)| is_useless(name)) {
            let help = format!("删去它，或改 type；{} 区块可以写：title、{}", kind.name, kind.keys.join("、"));
            self.push(Code::G061, *at, format!("“{name}”在 {} 区块里没有用", kind.name), &help);
        }
    }

    fn axis(&mut self, key: &Key, node: Node) -> Option<Axis> {
        let Located { value: text, span } = self.text(key, node)?;
        let axis = Axis::from_key(&text);
        if axis.is_none() {
            let help = format!("可以写：{}", Axis::ALL.map(Axis::key).join("、"));
            self.push(Code::G061, span, format!("没有分类轴“{text}”"), &help);
        }
        axis
    }

    /// The rows of a matrix are organizations; the key says so to whoever reads the file.
    fn rows(&mut self, key: &Key, node: Node) {
        let Some(Located { value: text, span }) = self.text(key, node) else { return };
        if Axis::from_key(&text) != Some(Axis::Issuer) {
            self.push(
                Code::G061,
                span,
                format!("matrix 区块的行不能是“{text}”"),
                "写 rows: issuer（每个机构一行），或删去这一行",
            );
        }
    }

    fn year(&mut self, key: &Key, node: Node) -> Option<i16> {
        let Located { value: text, span } = self.text(key, node)?;
        let year = years::parse(&text);
        if year.is_none() {
            self.push(Code::G061, span, format!("“{}”应当是年份，这里是“{text}”", key.name), "写四位年份，如 2014");
        }
        year
    }

    /// Whether the years run forwards.
    fn years(&mut self, matrix: &MatrixBlock, keys: &[(&'static str, Span)]) -> bool {
        let (Some(from), Some(to)) = (matrix.from, matrix.to) else { return true };
        if to < from {
            let at = keys.iter().find(|(name, _)| *name == "to").map_or(Span::default(), |(_, at)| *at);
            self.push(Code::G061, at, format!("to（{to}）早于 from（{from}），没有一年"), "核对这两个年份");
        }
        from <= to
    }

    fn platform(&mut self, stated: Stated) -> Option<BlockBody> {
        let missing: Vec<String> = PARTS
            .iter()
            .zip(&stated.parts)
            .filter(|(_, part)| part.is_none())
            .map(|((name, label), _)| format!("{name}（{label}）"))
            .collect();
        let [Some(guide), Some(rules), Some(content), Some(reports)] = stated.parts else {
            let message = format!("platform 区块缺少 {}", missing.join("、"));
            let help = "四部分都要有，写栏目的路径，如 guide: zwgk/zhinan";
            self.push(Code::G061, stated.span, message, help);
            return None;
        };
        Some(BlockBody::Platform(PlatformBlock { parts: [guide, rules, content, reports], request: stated.request }))
    }

    fn links(&mut self, node: Node<'n>) -> Vec<BlockLink> {
        let Kind::List(items) = node.kind else {
            self.push(Code::G061, node.span, "links 应当是列表", "每行写 - {title: 查征地, to: zwgk/tdzs/}");
            return Vec::new();
        };
        items.into_iter().filter_map(|item| self.link(item)).collect()
    }

    fn link(&mut self, node: Node<'n>) -> Option<BlockLink> {
        let span = node.span;
        let (mut title, mut to, mut note) = (None, None, None);
        let keys: [Names; 3] = [("title", &["标题"]), ("to", &["去向"]), ("note", &["说明"])];
        for (name, key, value) in self.entries(node, "链接", &keys) {
            match name {
                "title" => title = self.text(&key, value).map(|text| text.value),
                "to" => to = self.text(&key, value),
                "note" => note = self.text(&key, value).map(|text| text.value),
                _ => {}
            }
        }
        if let Some(Located { value, span }) = &to
            && value.contains(':')
            && let Err(Refusal { code, message, help }) = judge(value, false)
        {
            self.push(code, *span, message, help);
            return None;
        }
        if title.is_none() || to.is_none() {
            self.push(Code::G061, span, "链接缺少 title 或 to", "写成 - {title: 查征地, to: zwgk/tdzs/}");
        }
        Some(BlockLink { title: title?, to: to?, note })
    }
}
