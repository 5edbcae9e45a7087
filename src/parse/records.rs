//! `records:` of a channel: which spreadsheet, and how its rows are shown.

use std::sync::Arc;

use super::keys::{self, Names};
use super::yaml::{Key, Kind, Node};
use crate::diag::{Code, Diagnostic};
use crate::model::records::RecordsSpec;
use crate::model::{Located, Span, Text};

const KEYS: [Names; 11] = [
    ("file", &["文件"]),
    ("sheet", &["工作表"]),
    ("range", &["范围"]),
    ("head", &["表头行数"]),
    ("caption", &["表题"]),
    ("unit", &["单位"]),
    ("title", &["名称列"]),
    ("key", &["编号列"]),
    ("pages", &["每条成页"]),
    ("columns", &["列"]),
    ("group", &["分组列"]),
];
/// Most rows of a head.
const MOST_HEAD: u8 = 10;
/// What of spreadsheets can be read.
const EXTENSIONS: [&str; 3] = ["xlsx", "xls", "csv"];

/// The records that a channel declares; `None` if there is no file that could hold any. `key` is the one they stand under.
pub fn read(key: &Key, node: Node, path: &Arc<str>, findings: &mut Vec<Diagnostic>) -> Option<RecordsSpec> {
    let mut reader = Reader { path, findings };
    let mut stated = RecordsSpec { span: key.span, head: 1, ..RecordsSpec::default() };
    let pairs = match node.kind {
        Kind::Map(pairs) => pairs,
        Kind::Null | Kind::Broken => return None,
        _ => {
            stated.file = reader.text(node)?;
            return reader.is_sheet(&stated.file).then_some(stated);
        }
    };
    let mut file = None;
    let before = reader.findings.len();
    for (name, _, value) in keys::entries(pairs, &KEYS, path, reader.findings) {
        match name {
            "file" => file = reader.text(value),
            "sheet" => stated.sheet = reader.text(value).map(|text| text.value),
            "range" => stated.range = reader.text(value).map(|text| text.value),
            "head" => stated.head = reader.head(value).unwrap_or(1),
            "caption" => stated.caption = reader.text(value).map(|text| text.value).unwrap_or_default(),
            "unit" => stated.unit = reader.text(value).map(|text| text.value).unwrap_or_default(),
            "title" => stated.title = reader.text(value),
            "key" => stated.key = reader.text(value),
            "pages" => stated.pages = reader.flag(value).unwrap_or(false),
            "columns" => stated.columns = reader.texts(value).into(),
            "group" => stated.group = reader.text(value),
            _ => {}
        }
    }
    // a file or a key that was refused is not missing
    let is_wrong = reader.findings.len() > before;
    if file.is_none() && !is_wrong {
        reader.push(key.span, "记录表没有写文件（file）", "写上 file: 权责清单.xlsx，文件放在 _index.md 旁边");
    }
    if stated.pages && stated.key.is_none() && !is_wrong {
        let help = "写上 key: 列名，那一列的值各不相同，作网页的网址，如 key: 编号";
        reader.push(key.span, "每条记录成一页（pages）要有编号列（key）", help);
    }
    stated.file = file?;
    reader.is_sheet(&stated.file).then_some(stated)
}

struct Reader<'a> {
    path: &'a Arc<str>,
    findings: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn push(&mut self, span: Span, message: impl Into<String>, help: &str) {
        self.findings.push(Diagnostic::new(Code::G064, self.path.clone(), span, message).help(help));
    }

    fn text(&mut self, node: Node) -> Option<Located<Text>> {
        match node.kind {
            Kind::Scalar(text) if !text.trim().is_empty() => Some(Located::new(text.trim().into(), node.span)),
            Kind::Scalar(_) | Kind::Null | Kind::Broken => None,
            _ => {
                self.push(node.span, format!("这里应当是文字，却是{}", node.what()), "写成一行文字");
                None
            }
        }
    }

    fn texts(&mut self, node: Node) -> Vec<Located<Text>> {
        let items = match node.kind {
            Kind::List(items) => items,
            _ => return self.text(node).into_iter().collect(),
        };
        let mut texts: Vec<Located<Text>> = Vec::new();
        for item in items {
            if item.is_empty() {
                self.push(item.span, "列表里有空的一项", "写上列名，或删去这一项（多余的逗号、短横）");
            }
            let Some(text) = self.text(item) else { continue };
            match texts.contains(&text) {
                true => self.push(text.span, format!("列“{}”写了两次", text.value), "只保留一处"),
                false => texts.push(text),
            }
        }
        texts
    }

    fn head(&mut self, node: Node) -> Option<u8> {
        let Located { value, span } = self.text(node)?;
        let rows = value.parse().ok().filter(|rows| (1..=MOST_HEAD).contains(rows));
        if rows.is_none() {
            let message = format!("表头行数应当是 1 到 {MOST_HEAD} 的整数，这里是“{value}”");
            self.push(span, message, "写表头占几行，如 head: 2；没有表头的，先在表里加上一行列名");
        }
        rows
    }

    fn flag(&mut self, node: Node) -> Option<bool> {
        let Located { value, span } = self.text(node)?;
        match &*value {
            "true" | "True" | "TRUE" | "是" | "yes" => Some(true),
            "false" | "False" | "FALSE" | "否" | "no" => Some(false),
            _ => {
                self.push(span, format!("pages 的值“{value}”不在允许范围"), "写 true（每条记录成一页）或 false");
                None
            }
        }
    }

    fn is_sheet(&mut self, file: &Located<Text>) -> bool {
        let extension = file.value.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        let is_sheet = extension.is_some_and(|extension| EXTENSIONS.contains(&extension.as_str()));
        if !is_sheet {
            self.push(file.span, format!("“{}”不是电子表格", file.value), "可以用 xlsx、xls、csv 文件");
        }
        is_sheet
    }
}
