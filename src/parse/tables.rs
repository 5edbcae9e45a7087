//! Data tables: the terms of an axis, from `content/_data/*.yaml` or embedded in the binary.

use std::collections::HashMap;
use std::sync::Arc;

use super::keys::{self, Names, unknown_key};
use super::organizations;
use super::yaml::{self, Key, Kind, Node};
use crate::diag::{Code, Diagnostic, Severity};
use crate::model::table::{Organization, Table, TermSpec};
use crate::model::{Axis, Located, Moment, Span, Text, slug};

/// The state's subject classes (gov.cn, 22 classes) and the kinds of official documents (公文处理工作条例, 2012).
const SUBJECTS: &str = include_str!("embedded/subjects.yaml");
const GENRES: &str = include_str!("embedded/genres.yaml");
const AUDIENCES: &str = include_str!("embedded/audiences.yaml");

/// Keys of a term with their Chinese labels.
const TERM_KEYS: [Names; 12] = [
    ("name", &["名称"]),
    ("slug", &[]),
    ("aliases", &["别名"]),
    ("children", &["下级"]),
    ("short", &["简称"]),
    ("code", &["机构代码"]),
    ("level", &["级别"]),
    ("parent", &["上级"]),
    ("successor", &["承接机构"]),
    ("from", &["成立"]),
    ("to", &["撤销"]),
    ("contact", &["联系方式"]),
];

/// The axis that a file of `_data/` declares, by its name.
pub fn axis_of(file: &str) -> Option<Axis> {
    match file {
        "organizations.yaml" => Some(Axis::Issuer),
        "subjects.yaml" => Some(Axis::Subject),
        "genres.yaml" => Some(Axis::Genre),
        "categories.yaml" => Some(Axis::Category),
        "audiences.yaml" => Some(Axis::Audience),
        "places.yaml" => Some(Axis::Place),
        _ => None,
    }
}

/// The table an axis has if the site declares none.
pub fn embedded(axis: Axis) -> Table {
    let (text, name) = match axis {
        Axis::Subject => (SUBJECTS, "subjects.yaml"),
        Axis::Genre => (GENRES, "genres.yaml"),
        Axis::Audience => (AUDIENCES, "audiences.yaml"),
        _ => return Table { open: true, terms: Vec::new(), source: "".into() },
    };
    let mut findings = Vec::new();
    let table = read(text, &Arc::from(name), &mut findings);
    debug_assert!(findings.is_empty(), "embedded {name}: {findings:?}");
    table
}

/// A table: a list of terms, or `{open: true, terms: [...]}`. A term is a name or `{name, slug, aliases, children}` and,
/// for organizations, `{code, short, level, parent, contact, from, to, successor}`.
pub fn read(text: &str, path: &Arc<str>, findings: &mut Vec<Diagnostic>) -> Table {
    let start_of_findings = findings.len();
    let node = yaml::read(text, start_of(text), text.len(), path, findings);
    let mut reader = Reader { path, findings };
    let mut table = Table { open: false, terms: Vec::new(), source: path.clone() };
    match node.kind {
        Kind::Map(pairs) => {
            for (key, value) in pairs {
                match &*key.name {
                    "open" => table.open = reader.flag(&key, value),
                    "terms" => table.terms = reader.terms(value),
                    other => reader.findings.push(unknown_key(other, key.span, path, ["open", "terms"])),
                }
            }
        }
        _ => table.terms = reader.terms(node),
    }
    // of what could not be read, documents and other rows may speak: they are not judged by the rest
    let told = &findings[start_of_findings..];
    let is_unreadable = |finding: &Diagnostic| finding.severity == Severity::Error && finding.code != Code::G062;
    let is_whole = !told.iter().any(is_unreadable) && (!table.terms.is_empty() || told.is_empty());
    if !is_whole {
        table.open = true;
    }
    clashes(&table.terms, "", &mut HashMap::new(), &mut |term, message| {
        let finding = Diagnostic::new(Code::G062, path.clone(), term.name.span, message);
        findings.push(finding.help("一个名称或别名只能指一个类目；改正其中一个"));
    });
    if is_whole {
        organizations::check(&table, findings);
    }
    table
}

/// Where the YAML of a file begins: behind a byte-order mark, and behind the mark of a document that many write first.
pub fn start_of(text: &str) -> usize {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let first = text[start..].split_inclusive('\n').next().unwrap_or("");
    if first.trim_end() == "---" { start + first.len() } else { start }
}

/// Names and aliases that lead to two terms: a document that writes one of them would stand under the first.
fn clashes<'t>(
    terms: &'t [TermSpec],
    above: &str,
    seen: &mut HashMap<String, &'t TermSpec>,
    push: &mut dyn FnMut(&TermSpec, String),
) {
    for term in terms {
        for name in std::iter::once(&term.name.value).chain(&term.aliases) {
            match seen.insert(format!("{above}{name}"), term) {
                Some(other) if !std::ptr::eq(other, term) => {
                    push(term, format!("“{name}”既指“{}”，又指“{}”", other.name.value, term.name.value));
                }
                _ => {}
            }
        }
        clashes(&term.children, &format!("{above}{}/", term.name.value), seen, push);
    }
}

struct Reader<'a> {
    path: &'a Arc<str>,
    findings: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn push(&mut self, span: Span, message: impl Into<String>, help: &str) {
        self.findings.push(Diagnostic::new(Code::G062, self.path.clone(), span, message).help(help));
    }

    fn text(&mut self, key: &Key, node: Node) -> Option<Located<Text>> {
        match &node.kind {
            Kind::Scalar(text) if !text.trim().is_empty() => Some(Located::new(text.trim().into(), node.span)),
            Kind::Null | Kind::Broken | Kind::Scalar(_) => None,
            _ => {
                self.push(node.span, format!("“{}”应当是文字，这里却是{}", key.name, node.what()), "写成一行文字");
                None
            }
        }
    }

    fn flag(&mut self, key: &Key, node: Node) -> bool {
        let Some(Located { value, span }) = self.text(key, node) else { return false };
        match &*value {
            "true" | "True" | "TRUE" | "yes" | "是" => true,
            "false" | "False" | "FALSE" | "no" | "否" => false,
            _ => {
                self.push(span, format!("“{}”的值“{value}”不在允许范围", key.name), "写 true 或 false");
                false
            }
        }
    }

    fn terms(&mut self, node: Node) -> Vec<TermSpec> {
        let items = match node.kind {
            Kind::List(items) => items,
            Kind::Null | Kind::Broken => return Vec::new(),
            _ => {
                self.push(node.span, format!("数据表应当是列表，这里却是{}", node.what()), "每一项以“- ”开头");
                return Vec::new();
            }
        };
        let mut terms: Vec<TermSpec> = Vec::new();
        let (mut names, mut slugs) = (HashMap::new(), HashMap::new());
        for item in items {
            let Some(term) = self.term(item) else { continue };
            // one folder on a host that does not tell capitals from small letters
            let slug = term.slug().to_ascii_lowercase();
            match names.get(&term.name.value).or_else(|| slugs.get(&slug)) {
                Some(other) => {
                    let other: &TermSpec = &terms[*other];
                    let message = format!("类目“{}”与“{}”重名或网址名相同", term.name.value, other.name.value);
                    self.push(term.name.span, message, "同一层的名称和 slug 都不能重复，slug 只有大小写不同也算重复");
                }
                None => {
                    names.insert(term.name.value.clone(), terms.len());
                    slugs.insert(slug, terms.len());
                    terms.push(term);
                }
            }
        }
        terms
    }

    fn term(&mut self, node: Node) -> Option<TermSpec> {
        let span = node.span;
        let pairs = match node.kind {
            Kind::Map(pairs) => pairs,
            Kind::Scalar(name) if !name.trim().is_empty() => {
                return Some(TermSpec::named(Located::new(name.trim().into(), span)));
            }
            Kind::Broken => return None,
            _ => {
                self.push(span, "类目应当是名称，或 name、slug、children", "写成 - {name: 马头镇, slug: matou}");
                return None;
            }
        };
        let (mut name, mut is_broken) = (None, false);
        let mut term = TermSpec::named(Located::default());
        let mut body = Organization::default();
        for (canonical, key, value) in keys::entries(pairs, &TERM_KEYS, self.path, self.findings) {
            match canonical {
                "name" => {
                    is_broken = value.kind == Kind::Broken;
                    name = self.text(&key, value);
                }
                "slug" => term.slug = self.slug(&key, value),
                "aliases" => term.aliases = self.texts(&key, value),
                "children" => term.children = self.terms(value),
                "short" => body.short = self.text(&key, value).map(|text| text.value),
                "code" => body.code = self.text(&key, value).map(|text| text.value),
                "level" => body.level = self.text(&key, value).map(|text| text.value),
                "parent" => body.parent = self.text(&key, value),
                "successor" => body.successor = self.text(&key, value),
                "from" => body.from = self.day(&key, value),
                "to" => body.to = self.day(&key, value),
                _ => body.contact = self.contact(value),
            }
        }
        if name.is_none() && !is_broken {
            self.push(span, "类目没有名称（name）", "写上 name: 名称");
        }
        Some(TermSpec { name: name?, organization: body, ..term })
    }

    fn slug(&mut self, key: &Key, node: Node) -> Option<Text> {
        let Located { value, span } = self.text(key, node)?;
        let is_name = slug::is_plain(&value)
            && slug::name_problem(&value).is_none()
            && !value.starts_with('.')
            && value.len() <= 120;
        if !is_name || slug::is_reserved(&value) {
            self.push(
                span,
                format!("网址名“{value}”不能用"),
                "只用英文字母、数字、- 和 _，不用 index、list_N、rss 等保留名",
            );
            return None;
        }
        Some(value)
    }

    fn texts(&mut self, key: &Key, node: Node) -> Vec<Text> {
        match node.kind {
            Kind::List(items) => {
                for item in items.iter().filter(|item| item.is_empty()) {
                    self.push(item.span, format!("“{}”的列表里有空的一项", key.name), "写上内容，或删去这一项");
                }
                items.into_iter().filter_map(|item| self.text(key, item)).map(|text| text.value).collect()
            }
            _ => self.text(key, node).map(|text| text.value).into_iter().collect(),
        }
    }

    fn day(&mut self, key: &Key, node: Node) -> Option<Located<Moment>> {
        let Located { value, span } = self.text(key, node)?;
        let day = Moment::parse(&value);
        if day.is_none() {
            self.push(span, format!("日期“{value}”无法识别"), "写成 2014-12-04");
        }
        day.map(|day| Located::new(day, span))
    }

    /// (label, value) pairs, as the office writes them.
    fn contact(&mut self, node: Node) -> Vec<(Text, Text)> {
        match node.kind {
            Kind::Map(pairs) => pairs
                .into_iter()
                .filter_map(|(key, value)| Some((Text::from(&*key.name), self.text(&key, value)?.value)))
                .collect(),
            Kind::Null | Kind::Broken => Vec::new(),
            _ => {
                self.push(node.span, "联系方式应当是“字段: 值”", "写成 contact: {address: …, phone: …}");
                Vec::new()
            }
        }
    }
}
