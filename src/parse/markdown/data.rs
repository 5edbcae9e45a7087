//! Fenced blocks that show data: ` ```table `, ` ```chart ` and ` ```count ` with YAML inside, which names a spreadsheet and
//! what of it is shown, holds the rows itself, or asks the site for them (`ask`).

use std::ops::Range;

use super::super::keys::{self, Names};
use super::super::yaml::{self, Key, Kind, Node};
use super::ask::{self, Asked};
use super::report::Report;
use crate::diag::Code;
use crate::diag::suggest::did_you_mean;
use crate::model::annual::Part;
use crate::model::document::{ChartKind, ChartLook, DataBlock, Total};
use crate::model::{Located, Text};

/// The words that make a fenced block one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    Table,
    Chart,
    Count,
    /// A table of the annual report, which the front matter states.
    Annual,
}

const COUNT_KEYS: [Names; 2] = [("caption", &["表题", "标题"]), ("unit", &["单位"])];
const TABLE_KEYS: [Names; 8] = [
    ("file", &["文件"]),
    ("sheet", &["工作表"]),
    ("range", &["范围"]),
    ("rows", &["数据"]),
    ("head", &["表头行数"]),
    ("caption", &["表题", "标题"]),
    ("unit", &["单位"]),
    ("total", &["合计"]),
];
const CHART_KEYS: [Names; 12] = [
    ("file", &["文件"]),
    ("sheet", &["工作表"]),
    ("range", &["范围"]),
    ("rows", &["数据"]),
    ("head", &["表头行数"]),
    ("caption", &["图题", "标题"]),
    ("unit", &["单位"]),
    ("type", &["类型"]),
    ("labels", &["标签列"]),
    ("series", &["数据列"]),
    ("source", &["来源"]),
    ("colours", &["颜色"]),
];
const ANNUAL_KEYS: [Names; 1] = [("table", &["表"])];
/// Kinds of charts with their Chinese names.
const KINDS: [(&str, &str, ChartKind); 5] = [
    ("line", "折线图", ChartKind::Line),
    ("bar", "柱状图", ChartKind::Bar),
    ("stacked", "堆积柱状图", ChartKind::Stacked),
    ("pie", "饼图", ChartKind::Pie),
    ("multiples", "分图", ChartKind::Multiples),
];
/// Most rows of a head, and most rows that may be written in a block.
const MOST_HEAD: usize = 10;
const MOST_ROWS: usize = 400;
/// What of a spreadsheet may be shown.
const EXTENSIONS: [&str; 3] = ["xlsx", "xls", "csv"];

/// The word that the info string of a fence begins with, if it is one of these.
pub fn word(info: &str) -> Option<Word> {
    match info.split_ascii_whitespace().next()? {
        "table" => Some(Word::Table),
        "chart" => Some(Word::Chart),
        "count" => Some(Word::Count),
        "annual" => Some(Word::Annual),
        _ => None,
    }
}

/// What a block states, and its file as a link of the body; without a file that can be used the target is empty.
/// `fence` is the whole block in the body.
pub fn block(text: &str, word: Word, fence: Range<usize>, report: &mut Report) -> (DataBlock, Located<Text>) {
    let first_line = fence.start..fence.start + text[fence.clone()].lines().next().unwrap_or("").len();
    let inside = inside(text, &fence).unwrap_or_else(|| {
        report.add(
            Code::G047,
            first_line.clone(),
            "表格或图没有结束",
            "在它的最后一行之后另起一行，写与开头相同的 ```",
        );
        fence.end..fence.end
    });
    let node = report.nested(|path, findings| yaml::read(text, inside.start, inside.end, path, findings));
    let (is_broken, is_closed) = (node.kind == Kind::Broken, inside.start < fence.end);
    let pairs = match node.kind {
        Kind::Map(pairs) => pairs,
        _ => Vec::new(),
    };
    let own: &[Names] = match word {
        Word::Table => &TABLE_KEYS,
        Word::Chart => &CHART_KEYS,
        Word::Count => &COUNT_KEYS,
        Word::Annual => &ANNUAL_KEYS,
    };
    let asks: &[Names] = if word == Word::Annual { &[] } else { &ask::KEYS };
    let known: Vec<Names> = own.iter().chain(asks).copied().collect();
    let entries = report.nested(|path, findings| keys::entries(pairs, &known, path, findings));
    let mut stated = DataBlock {
        span: report.span(first_line.clone()),
        head: 1,
        chart: (word == Word::Chart).then(ChartLook::default),
        ..DataBlock::default()
    };
    let (mut file, mut has_rows) = (None, is_broken || !is_closed);
    let mut asked = Asked::default();
    let mut reader = Reader { report };
    if word == Word::Annual {
        stated.annual = reader.part(entries, first_line.clone(), has_rows);
        return (stated, Located::new(Text::default(), report.span(fence)));
    }
    for (name, key, value) in entries {
        let at = value.span.range();
        match name {
            "file" => file = reader.scalar(value),
            "sheet" => stated.sheet = reader.text(value),
            "range" => stated.range = reader.text(value),
            "rows" => {
                has_rows = true;
                stated.rows = reader.rows(value);
            }
            "caption" => stated.caption = reader.text(value).unwrap_or_default(),
            "unit" => stated.unit = reader.text(value).unwrap_or_default(),
            "head" => stated.head = reader.head(value).unwrap_or(1),
            "total" => stated.total = reader.total(value, at),
            name if ask::KEYS.iter().any(|(key, _)| *key == name) => asked.take(name, &key, value, &mut reader),
            other => reader.look(other, value, stated.chart.get_or_insert_default()),
        }
    }
    stated.ask = asked.ask(word == Word::Count, &mut reader);
    if stated.ask.is_some() && (file.is_some() || has_rows) && is_closed && !is_broken {
        let help = "数据来自文件、写在 rows 里、或由网站计数，只能写一种";
        reader.push(first_line.clone(), "文件（file）、数据（rows）和计数（where、of）写在了一起", help);
    }
    let has_rows = has_rows || stated.ask.is_some();
    let target = reader.target(file, &stated, first_line.clone(), has_rows);
    if stated.chart.as_ref().is_some_and(|look| look.is_aqi && look.kind != ChartKind::Bar) {
        reader.push(first_line, "空气质量指数的颜色只用于柱状图", "写 type: bar，或删去 colours");
    }
    let at = target.as_ref().map_or(fence, |file| file.span.range());
    let target = Located::new(target.map(|file| file.value).unwrap_or_default(), report.span(at));
    (stated, target)
}

/// What stands between the two lines of a fence; `None` if the last is missing, and all that follows stands in it.
fn inside(text: &str, fence: &Range<usize>) -> Option<Range<usize>> {
    let whole = &text[fence.clone()];
    let start = whole.find('\n')? + 1;
    let end = whole.trim_end().rfind('\n')? + 1;
    let is_closed = whole[end.max(start)..].trim_start().starts_with(['`', '~']);
    is_closed.then_some(fence.start + start..fence.start + end.max(start))
}

pub struct Reader<'r, 'a> {
    report: &'r mut Report<'a>,
}

impl<'a> Reader<'_, 'a> {
    pub fn report(&mut self) -> &mut Report<'a> {
        self.report
    }

    pub fn push(&mut self, at: Range<usize>, message: impl Into<String>, help: &str) {
        self.report.add(Code::G047, at, message, help);
    }

    /// The file, if it is one; there must be a file or rows.
    fn target(
        &mut self,
        file: Option<Located<Text>>,
        stated: &DataBlock,
        first_line: Range<usize>,
        has_rows: bool,
    ) -> Option<Located<Text>> {
        let Some(file) = file else {
            if !has_rows {
                let help = "写上 file: 收支表.xlsx，或在 rows 里写数据；要显示代码的，换一个语言名";
                self.push(first_line, "没有写数据从哪里来（file、rows、where 或 of）", help);
            }
            return None;
        };
        if !stated.rows.is_empty() {
            self.push(file.span.range(), "文件（file）和数据（rows）只能写一个", "删去其中一个");
        }
        let extension =
            file.value.rsplit_once('.').map_or(String::new(), |(_, extension)| extension.to_ascii_lowercase());
        if !EXTENSIONS.contains(&extension.as_str()) {
            let message = format!("“{}”不是电子表格", file.value);
            self.push(file.span.range(), message, "可以用 xlsx、xls、csv 文件");
            return None;
        }
        Some(file)
    }

    /// Which table of the annual report. `is_told`: that the block cannot be read has been told.
    fn part(&mut self, entries: Vec<(&str, Key, Node)>, first_line: Range<usize>, is_told: bool) -> Option<Part> {
        let Some((_, _, value)) = entries.into_iter().next() else {
            if !is_told {
                self.push(first_line, "没有写是年度报告的哪一张表", "写上 table: 2（或 3、4）");
            }
            return None;
        };
        let at = value.span.range();
        let text = self.scalar(value);
        let part = text.as_ref().and_then(|text| Part::parse(&text.value));
        if part.is_none() && !is_told {
            let written = text.map(|text| text.value).unwrap_or_default();
            self.push(at, format!("年度报告没有表“{written}”"), "写 2、3 或 4");
        }
        part
    }

    pub fn scalar(&mut self, node: Node) -> Option<Located<Text>> {
        match node.kind {
            Kind::Scalar(text) if !text.trim().is_empty() => Some(Located::new(text.trim().into(), node.span)),
            Kind::Scalar(_) | Kind::Null | Kind::Broken => None,
            _ => {
                self.push(node.span.range(), format!("这里应当是文字，却是{}", node.what()), "写成一行文字");
                None
            }
        }
    }

    fn text(&mut self, node: Node) -> Option<Text> {
        self.scalar(node).map(|text| text.value)
    }

    pub fn texts(&mut self, node: Node) -> Vec<Located<Text>> {
        match node.kind {
            Kind::List(items) => items.into_iter().filter_map(|item| self.scalar(item)).collect(),
            _ => self.scalar(node).into_iter().collect(),
        }
    }

    fn head(&mut self, node: Node) -> Option<u8> {
        let Located { value, span } = self.scalar(node)?;
        let rows = value.parse::<usize>().ok().filter(|rows| *rows <= MOST_HEAD);
        if rows.is_none() {
            let message = format!("表头行数应当是 0 到 {MOST_HEAD} 的整数，这里是“{value}”");
            self.push(span.range(), message, "写表头占几行，如 head: 2");
        }
        rows.map(|rows| rows as u8)
    }

    /// `last`, or what the first cell of the row of totals says.
    fn total(&mut self, node: Node, at: Range<usize>) -> Option<Total> {
        let label = self.text(node)?;
        Some(Total { is_last: matches!(&*label, "last" | "最后一行"), label, span: self.report.span(at) })
    }

    /// Rows of as many cells as the first has.
    fn rows(&mut self, node: Node) -> Box<[Box<[Text]>]> {
        let Kind::List(rows) = node.kind else {
            self.push(node.span.range(), format!("数据应当是列表，这里却是{}", node.what()), "每行写 - [一月, 3.5]");
            return Box::default();
        };
        if let Some(extra) = rows.get(MOST_ROWS) {
            self.push(extra.span.range(), format!("数据超过 {MOST_ROWS} 行"), "放进电子表格，写 file");
            return Box::default();
        }
        let mut read: Vec<Box<[Text]>> = Vec::with_capacity(rows.len());
        for row in rows {
            let at = row.span.range();
            let Kind::List(cells) = row.kind else {
                self.push(at, format!("一行数据应当是列表，这里却是{}", row.what()), "写 - [一月, 3.5]");
                continue;
            };
            let cells: Box<[Text]> = cells.into_iter().map(|cell| self.text(cell).unwrap_or_default()).collect();
            match read.first() {
                Some(first) if first.len() != cells.len() => {
                    let message = format!("这一行有 {} 格，第一行有 {} 格", cells.len(), first.len());
                    self.push(at, message, "补上缺的格（没有数据的写 ~），或删去多余的");
                }
                _ => read.push(cells),
            }
        }
        read.into()
    }

    /// A text whose place is of the file: what is told of it when it is drawn.
    pub fn placed(&self, text: Located<Text>) -> Located<Text> {
        Located { span: self.report.span(text.span.range()), ..text }
    }

    /// A key of charts alone.
    fn look(&mut self, name: &str, node: Node, look: &mut ChartLook) {
        match name {
            "labels" => look.labels = self.scalar(node).map(|text| self.placed(text)),
            "series" => look.series = self.texts(node).into_iter().map(|text| self.placed(text)).collect(),
            "source" => look.source = self.text(node).unwrap_or_default(),
            "type" => {
                let Some(Located { value, span }) = self.scalar(node) else { return };
                match KINDS.iter().find(|(key, label, _)| *key == &*value || *label == &*value) {
                    Some((_, _, kind)) => look.kind = *kind,
                    None => {
                        let names: Vec<&str> = KINDS.iter().map(|(key, ..)| *key).collect();
                        let help = did_you_mean(&value, names.iter().copied())
                            .unwrap_or_else(|| format!("可以写：{}", names.join("、")));
                        self.push(span.range(), format!("没有图的类型“{value}”"), &help);
                    }
                }
            }
            _ => {
                let Some(Located { value, span }) = self.scalar(node) else { return };
                match &*value {
                    "aqi" => look.is_aqi = true,
                    _ => self.push(span.range(), format!("没有颜色“{value}”"), "只可以写 aqi：按空气质量指数的级别"),
                }
            }
        }
    }
}

impl Report<'_> {
    /// Reads a part of the body with a reader of files: places are of the body, as in all that is reported here.
    pub fn nested<T>(&mut self, read: impl FnOnce(&std::sync::Arc<str>, &mut Vec<crate::diag::Diagnostic>) -> T) -> T {
        let mut findings = Vec::new();
        let value = read(self.path(), &mut findings);
        for finding in findings {
            let at = finding.span.unwrap_or_default().range();
            self.push_again(finding, at);
        }
        value
    }
}
