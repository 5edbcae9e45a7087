//! Tables of the annual report: read from what documents state, checked against each other within a table (勾稽关系) and from year
//! to year.

use std::collections::BTreeMap;

use super::facts::{Fact, FactValue};
use super::kinds::Kinds;
use super::{Channel, Entry};
use crate::diag::suggest::did_you_mean;
use crate::diag::{Code, Diagnostic, Severity};
use crate::model::annual::{Chain, Filled, Format, Part, Rule, Sheet};
use crate::model::{Body, Decimal, Extra, Figure, Form, Front, Kind, Located, Raw, Shape, Span, Text};

/// A table that a document states, with the place of its field.
pub struct Stated<'a> {
    part: Part,
    field: usize,
    extra: &'a Extra,
}

impl<'a> Stated<'a> {
    /// The tables among the fields that a document states.
    pub fn among(kind: &Kind, stated: &[(usize, &'a Extra)]) -> Vec<Self> {
        let table = |(field, extra): &(usize, &'a Extra)| match kind.fields[*field].shape {
            Shape::Annual(part) if extra.value.value != Raw::Nothing => Some(Self { part, field: *field, extra }),
            _ => None,
        };
        stated.iter().filter_map(table).collect()
    }
}

/// The tables that are whole, and all that is wrong. `year`: what the document says of it; `is_complete`: whether what belongs
/// together must be there.
pub fn read(
    tables: &[Stated],
    year: Option<&Located<Raw>>,
    is_complete: bool,
    path: &str,
    findings: &mut Vec<Diagnostic>,
) -> Vec<(Fact, Span)> {
    let Some(first) = tables.first() else { return Vec::new() };
    let mut reader = Reader { path, findings };
    let Some(year) = reader.year(year, first.extra.key.span) else { return Vec::new() };
    let Some(format) = Format::of(year) else {
        for table in tables {
            let message = format!("{year} 年度的报告没有{}：官方表格自 {} 年度起", table.part.label(), Format::first());
            reader.push(Code::G025, table.extra.key.span, message, "删去它，各项数字写在各自的字段里");
        }
        return Vec::new();
    };
    let missing: Vec<Part> =
        Part::ALL.into_iter().filter(|part| !tables.iter().any(|table| table.part == *part)).collect();
    if is_complete && !missing.is_empty() {
        let names: Vec<String> = missing.iter().map(|part| format!("{}（{}）", part.label(), part.key())).collect();
        let message = format!("年度报告缺少{}", names.join("、"));
        reader.push(Code::G014, first.extra.key.span, message, "三张表都要写，没有的填 0，见 gongkai explain G080");
    }
    let filled = tables.iter().filter_map(|table| {
        let Stated { field, extra, .. } = table;
        let value = FactValue::Annual(reader.table(format.sheet(table.part), year, extra)?);
        Some((Fact { field: *field as u16, value }, extra.value.span))
    });
    filled.collect()
}

/// `2025`, `2025年`, `2025年度`
pub fn year(text: &str) -> Option<i16> {
    let bare = text.trim().trim_end_matches('度').trim_end_matches('年').trim();
    (bare.len() == 4 && bare.bytes().all(|byte| byte.is_ascii_digit())).then(|| bare.parse().ok())?
}

/// A table on its way: the figures that could be read, with the place of each row.
type Rows = Vec<Option<(Vec<Option<Figure>>, Span)>>;

struct Reader<'a> {
    path: &'a str,
    findings: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn push(&mut self, code: Code, span: Span, message: String, help: &str) {
        self.push_as(code.severity(), code, span, message, help);
    }

    /// Nothing is told of what stands in another file.
    fn push_as(&mut self, severity: Severity, code: Code, span: Span, message: String, help: &str) {
        if span.is_somewhere() {
            let finding = Diagnostic::new(code, self.path, span, message).help(help);
            self.findings.push(Diagnostic { severity, ..finding });
        }
    }

    fn year(&mut self, stated: Option<&Located<Raw>>, table: Span) -> Option<i16> {
        let span = stated.map(|stated| stated.span).filter(|span| span.is_somewhere()).unwrap_or(table);
        let found = match stated.map(|stated| &stated.value) {
            Some(Raw::Text(text)) => year(text),
            Some(Raw::Refused) => return None,
            _ => None,
        };
        if found.is_none() {
            let message = "报告年度要写成年份：表的格式随年度而不同".into();
            self.push(Code::G025, span, message, "写上 year: 2025");
        }
        found
    }

    fn table(&mut self, sheet: &Sheet, year: i16, extra: &Extra) -> Option<Filled> {
        let label = sheet.part.label();
        let pairs = match &extra.value.value {
            Raw::Map(pairs) => pairs,
            Raw::Nothing | Raw::Refused => return None,
            other => {
                let message = format!("{label}应当每行写“行名: [数, 数, …]”，这里却是{}", other.what());
                self.push(Code::G025, extra.value.span, message, "照 gongkai explain G080 的样子写");
                return None;
            }
        };
        let mut rows: Rows = vec![None; sheet.rows().count()];
        let mut named = vec![false; rows.len()];
        for (key, value) in pairs {
            let Some(at) = sheet.find(&key.value) else {
                let names = sheet.rows().map(|row| row.name);
                let help = did_you_mean(&key.value, names).unwrap_or_else(|| {
                    format!("可以写：{}", sheet.rows().map(|row| row.name).collect::<Vec<_>>().join("、"))
                });
                self.push(Code::G011, key.span, format!("{label}没有“{}”这一行", key.value), &help);
                continue;
            };
            if std::mem::replace(&mut named[at], true) {
                let message = format!("{label}的“{}”写了两次", sheet.label(at));
                self.push(Code::G012, key.span, message, "只保留一行");
                continue;
            }
            rows[at] = self.row(sheet, at, value);
        }
        let missing: Vec<&str> =
            sheet.rows().zip(&named).filter(|(_, is_there)| !**is_there).map(|(row, _)| row.name).collect();
        if !missing.is_empty() {
            let message = format!("{label}缺少 {} 行：{}", missing.len(), missing.join("、"));
            self.push(Code::G025, extra.key.span, message, "补上；没有的填 0，不能空着");
        }
        for rule in sheet.rules {
            self.rule(sheet, rule, &rows);
        }
        let whole = rows.into_iter().map(|row| row?.0.into_iter().collect::<Option<Box<[Figure]>>>());
        Some(Filled { year, part: sheet.part, rows: whole.collect::<Option<_>>()? })
    }

    fn row(&mut self, sheet: &Sheet, at: usize, value: &Located<Raw>) -> Option<(Vec<Option<Figure>>, Span)> {
        let figures = sheet.row(at).figures;
        let cells: &[Located<Raw>] = match &value.value {
            Raw::List(cells) => cells,
            Raw::Refused => return None,
            _ if figures.len() == 1 => std::slice::from_ref(value),
            other => {
                let what = if *other == Raw::Nothing { "空的" } else { other.what() };
                let message = format!(
                    "{}的“{}”应当是 {} 个数，这里却是{what}",
                    sheet.part.label(),
                    sheet.label(at),
                    figures.len()
                );
                self.push(Code::G025, value.span, message, &format!("写 [{}]", figures.join(", ")));
                return None;
            }
        };
        if cells.len() != figures.len() {
            let (label, row) = (sheet.part.label(), sheet.label(at));
            let message = format!("{label}的“{row}”有 {} 格，应当是 {} 格", cells.len(), figures.len());
            self.push(Code::G025, value.span, message, &format!("依次写{}；没有的填 0", figures.join("、")));
            return None;
        }
        let read = cells.iter().enumerate().map(|(column, cell)| self.cell(sheet, at, column, cell));
        Some((read.collect(), value.span))
    }

    fn cell(&mut self, sheet: &Sheet, at: usize, column: usize, cell: &Located<Raw>) -> Option<Figure> {
        let row = sheet.row(at);
        let problem = match &cell.value {
            Raw::Refused => return None,
            Raw::Nothing => "空着".to_owned(),
            Raw::Text(text) => match Figure::parse(text) {
                None => format!("的“{text}”不是数"),
                Some(figure) if figure.value.is_negative() => format!("的“{text}”是负数"),
                Some(figure) if figure.places > 0 && !row.is_money => format!("的“{text}”不是整数"),
                Some(figure) if figure.value.magnitude() >= MOST_DIGITS => format!("的“{text}”过大"),
                Some(figure) => return Some(figure),
            },
            other => format!("应当是数，这里却是{}", other.what()),
        };
        // what stands nowhere in a line is told at the row
        let message = format!("{}的“{}”×“{}”{problem}", sheet.part.label(), sheet.label(at), row.figures[column]);
        let help =
            if row.is_money { "写数字，单位是万元；没有的填 0" } else { "写整数；没有的填 0" };
        self.push(Code::G025, cell.span, message, help);
        None
    }

    /// `G080`; nothing is said where a figure is not known.
    fn rule(&mut self, sheet: &Sheet, rule: &Rule, rows: &Rows) {
        let figure = |row: usize, column: usize| rows[row].as_ref().and_then(|(cells, _)| cells[column]);
        let value = |row: usize, column: usize| figure(row, column).map(|figure| figure.value);
        let span = |row: usize| rows[row].as_ref().map_or(Span::default(), |(_, span)| *span);
        let sum =
            |values: Vec<Option<Decimal>>| values.into_iter().try_fold(Decimal::ZERO, |sum, value| sum.plus(value?));
        let off = |a: Decimal, b: Decimal| a.plus(b.negated()).map(Decimal::abs).filter(|off| !off.is_zero());
        let (label, columns) = (sheet.part.label(), sheet.row(0).figures);
        let last = columns.len() - 1;
        match rule {
            Rule::LastIsSum => {
                for row in 0..rows.len() {
                    let parts = sum((0..last).map(|column| value(row, column)).collect());
                    let Some((total, real)) = value(row, last).zip(parts) else { continue };
                    let Some(off) = off(total, real) else { continue };
                    let (name, column) = (sheet.label(row), columns[last]);
                    let message =
                        format!("{label}的“{name}”×“{column}”是 {total}，前 {last} 格之和是 {real}，相差 {off}");
                    self.push(Code::G080, span(row), message, ADVICE);
                }
            }
            Rule::RowIsSum { total, of } => {
                for column in 0..last {
                    let parts = sum(of.clone().map(|row| value(row, column)).collect());
                    let Some((stated, real)) = value(*total, column).zip(parts) else { continue };
                    let Some(off) = off(stated, real) else { continue };
                    let message = format!(
                        "{label}的“{}”×“{}”是 {stated}，“{}”到“{}”各行之和是 {real}，相差 {off}",
                        sheet.label(*total),
                        columns[column],
                        sheet.label(*of.start()),
                        sheet.label(*of.end())
                    );
                    self.push(Code::G080, span(*total), message, ADVICE);
                }
            }
            Rule::Balance { left, right } => {
                for column in 0..last {
                    let side = |rows: &[usize; 2]| sum(rows.iter().map(|row| value(*row, column)).collect());
                    let Some((a, b)) = side(left).zip(side(right)) else { continue };
                    let Some(off) = off(a, b) else { continue };
                    let names = |rows: &[usize; 2]| rows.map(|row| format!("“{}”", sheet.label(row))).join("加");
                    let message = format!(
                        "{label}的“{}”一列：{}是 {a}，{}是 {b}，相差 {off}",
                        columns[column],
                        names(left),
                        names(right)
                    );
                    self.push(Code::G080, span(right[1]), message, ADVICE);
                }
            }
            Rule::Nothing { row } => {
                let names = sheet.row(*row).figures;
                for (column, name) in names.iter().enumerate() {
                    if let Some(stated) = value(*row, column).filter(|value| !value.is_zero()) {
                        let message =
                            format!("{label}的“{}”×“{name}”是 {stated}，县级政府和部门不能制定规章", sheet.label(*row));
                        let help = "规范性文件写在下一行，这里填 0";
                        self.push_as(Severity::Warning, Code::G080, span(*row), message, help);
                    }
                }
            }
        }
    }
}

const ADVICE: &str = "对照台账核对这一格和有关的各格，见 gongkai explain G080";
/// Figures have fewer digits before the point than this.
const MOST_DIGITS: i32 = 9;

/// `G047`: blocks of a body that show a table which its document does not state, or show it twice. `has`: what it states.
pub fn check_blocks(body: &Body, has: &[Part], is_report: bool, path: &str, findings: &mut Vec<Diagnostic>) {
    let mut shown: Vec<Part> = Vec::new();
    for (block, part) in body.data.iter().filter_map(|block| Some((block, block.annual?))) {
        let label = part.label();
        let (message, help) = match () {
            _ if !is_report => (
                format!("这里显示年度报告的{label}，但这不是年度报告"),
                "写 kind: annual-report，在头信息里填表；或删去这一块".to_owned(),
            ),
            _ if shown.contains(&part) => (format!("{label}已经放在前面了"), "只保留一处".to_owned()),
            _ if !has.contains(&part) => {
                (format!("头信息里没有{label}（{}）", part.key()), format!("在头信息里写上 {}", part.key()))
            }
            () => {
                shown.push(part);
                continue;
            }
        };
        findings.push(Diagnostic::new(Code::G047, path, block.span, message).help(help));
    }
}

/// The same of channels' introductions: a channel reports nothing.
pub fn check_intros(channels: &[Channel], findings: &mut Vec<Diagnostic>) {
    for channel in channels {
        check_blocks(&channel.file.body, &[], false, channel.file.source.as_str(), findings);
    }
}

/// The tables that a document's fields name, whether they can be read or not.
pub fn parts(kind: &Kind, front: &Front) -> Vec<Part> {
    let part = |extra: &Extra| match kind.field(&extra.key.value)?.1.shape {
        Shape::Annual(part) if extra.value.value != Raw::Nothing => Some(part),
        _ => None,
    };
    front.extras().iter().filter_map(part).collect()
}

/// `G081`: what must follow from the report of the year before, by the same body and public as well.
pub fn check_years(docs: &[Entry], kinds: &Kinds, findings: &mut Vec<Diagnostic>) {
    let is_report = |doc: &&Entry| {
        doc.pending.is_none() && doc.kind.is_some_and(|kind| kinds.get(kind).form == Some(Form::AnnualReport))
    };
    let mut reports: BTreeMap<(&str, Part, i16), Vec<(&Entry, &Filled)>> = BTreeMap::new();
    for doc in docs.iter().filter(is_report) {
        for fact in doc.facts.iter() {
            if let FactValue::Annual(filled) = &fact.value {
                reports.entry((&*doc.issuer, filled.part, filled.year)).or_default().push((doc, filled));
            }
        }
    }
    for ((issuer, part, year), of_year) in &reports {
        // of two reports of one year nobody can tell which is meant
        let Some([(before, old)]) = reports.get(&(*issuer, *part, *year - 1)).map(Vec::as_slice) else { continue };
        for (doc, new) in of_year {
            let span = |row: usize| row_span(doc, kinds, new, row);
            for (row, message) in new.sheet().chains.iter().flat_map(|chain| broken(chain, new, old)) {
                let Some(span) = span(row).filter(|span| span.is_somewhere()) else { continue };
                let help = format!("对照上年的报告（{}）核对；清理文件、更正上年数字的，在正文里说明", before.source);
                findings.push(Diagnostic::new(Code::G081, doc.source.as_str(), span, message).help(help));
            }
        }
    }
}

/// What does not follow from the year before: the row, and what is wrong.
fn broken(chain: &Chain, new: &Filled, old: &Filled) -> Vec<(usize, String)> {
    let (sheet, label) = (new.sheet(), new.part.label());
    let value = |filled: &Filled, row: usize, column: usize| filled.rows[row][column].value;
    match *chain {
        Chain::Carried { row, from } => {
            let columns = sheet.row(row).figures;
            let differs = |column: &usize| value(new, row, *column) != value(old, from, *column);
            let tell = |column: usize| {
                let (now, then) = (value(new, row, column), value(old, from, column));
                let (row_name, from) = (sheet.label(row), old.sheet().label(from));
                let message = format!(
                    "{label}的“{row_name}”×“{}”是 {now}，{} 年度的“{from}”是 {then}",
                    columns[column], old.year
                );
                (row, message)
            };
            // the total follows from the others
            let single: Vec<usize> = (0..columns.len() - 1).filter(differs).collect();
            single.into_iter().map(tell).collect()
        }
        Chain::Stock { row } => {
            let (now, then) = (value(new, row, 2), value(old, row, 2));
            let (made, repealed) = (value(new, row, 0), value(new, row, 1));
            let real = then.plus(made).and_then(|sum| sum.plus(repealed.negated()));
            let Some(real) = real.filter(|real| *real != now) else { return Vec::new() };
            let message = format!(
                "{label}的“{}”×“现行有效件数”是 {now}，{} 年度的 {then} 加本年制发 {made}、减本年废止 {repealed} 是 {real}",
                sheet.label(row),
                old.year
            );
            vec![(row, message)]
        }
    }
}

/// Where a document states a row of a table.
fn row_span(doc: &Entry, kinds: &Kinds, filled: &Filled, row: usize) -> Option<Span> {
    let kind = kinds.get(doc.kind?);
    let is_table = |extra: &&Extra| {
        kind.field(&extra.key.value).is_some_and(|(_, field)| field.shape == Shape::Annual(filled.part))
    };
    let Raw::Map(pairs) = &doc.front.extras().iter().find(is_table)?.value.value else { return None };
    let is_row = |(key, _): &&(Located<Text>, Located<Raw>)| filled.sheet().find(&key.value) == Some(row);
    pairs.iter().find(is_row).map(|(_, value)| value.span)
}
