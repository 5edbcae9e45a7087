//! What a document states in the fields of its kind: raw values become typed facts, and whatever does not fit is told.

use std::sync::Arc;

use super::gate::Placed;
use super::kinds::{KindId, Kinds};
use super::shapes::{advice, meant, typed, typed_cell};
use super::{air, annual, deadlines, water};
use crate::diag::suggest::did_you_mean;
use crate::diag::{Code, Diagnostic, Severity};
use crate::model::annual::Filled;
use crate::model::{
    Column, Decimal, Extra, Field, Figure, Form, Front, Kind, KindField, Link, LinkKind, Located, Moment, Raw, Shape,
    Span, Text, Workdays,
};

/// Most rows of a table field.
const MOST_ROWS: usize = 20_000;

/// A field of the document's kind that has a value, and its place among the kind's fields.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fact {
    pub field: u16,
    pub value: FactValue,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FactValue {
    Text(Text),
    Day(Moment),
    Number(Figure),
    List(Box<[Text]>),
    /// Another document or a file, as written; where it leads stands after the links of the body.
    Link(Text),
    /// Cells as readers see them, row by row.
    Table(Box<[Box<[Text]>]>),
    Annual(Filled),
}

impl Fact {
    /// A table of the annual report.
    pub fn annual(&self) -> Option<&Filled> {
        match &self.value {
            FactValue::Annual(filled) => Some(filled),
            _ => None,
        }
    }
}

/// What a channel gives to its documents besides the common fields: a field of its kind, or of any if it names none. What
/// its value must be, is told of the channel.
pub fn check_extras(kinds: &Kinds, front: &Front, path: &str, findings: &mut Vec<Diagnostic>) {
    let kind = front.text(Field::Kind).and_then(|name| kinds.find(name)).map(|id| kinds.get(id));
    let of_any = |key: &str| kinds.all().find(|kind| kind.field(key).is_some());
    for extra in front.extras().iter().filter(|extra| extra.key.span.is_somewhere()) {
        match kind.or_else(|| of_any(&extra.key.value)) {
            None => unknown(extra, None, path, findings),
            Some(kind) => {
                let alone = Front::default().with_extras(vec![extra.clone()]);
                Reader { kind, workdays: &kinds.workdays, path, findings }.facts(&alone, false);
            }
        }
    }
}

/// A document's kind and what it states in the kind's fields, with the kind's defaults. `is_complete`: whether what is
/// required must be there.
pub fn of(doc: Placed, kinds: &Kinds, is_complete: bool, findings: &mut Vec<Diagnostic>) -> Placed {
    let path = doc.source.as_str();
    kinds.check_name(&doc.front, path, findings);
    let (front, kind) = kinds.complete(doc.front.clone());
    if doc.body.data.iter().any(|block| block.annual.is_some()) {
        let form = kind.map(|id| kinds.get(id)).filter(|kind| kind.form == Some(Form::AnnualReport));
        let parts = form.map(|kind| annual::parts(kind, &front)).unwrap_or_default();
        annual::check_blocks(&doc.body, &parts, form.is_some(), path, findings);
    }
    let Some(id) = kind else {
        front.extras().iter().for_each(|extra| unknown(extra, None, path, findings));
        return doc;
    };
    let facts = Reader { kind: kinds.get(id), workdays: &kinds.workdays, path, findings }.facts(&front, is_complete);
    if is_complete {
        deadlines::check(kinds.get(id), &facts, &front, &kinds.workdays, path, findings);
    }
    let named = named(kinds.get(id), &facts, &front);
    Placed { front, kind, facts, named, ..doc }
}

/// Where references and files lead, as links of a body would.
fn named(kind: &Kind, facts: &[Fact], front: &Front) -> Box<[Link]> {
    let stated = |at: usize| {
        let is_of = |extra: &&Extra| kind.field(&extra.key.value).is_some_and(|(other, _)| other == at);
        front.extras().iter().find(is_of).map(|extra| extra.value.span)
    };
    let link = |fact: &Fact| {
        let FactValue::Link(text) = &fact.value else { return None };
        let at = usize::from(fact.field);
        if !kind.fields[at].public {
            return None;
        }
        let is_number = kind.fields[at].shape == Shape::Reference && !text.ends_with(".md");
        let mark = if is_number && !text.starts_with("索引号") { "索引号:" } else { "" };
        // it is a name, not an address
        let target = [mark, &text.replace('%', "%25").replace('#', "%23")].concat();
        let target = Located::new(target.into(), stated(at).unwrap_or_default());
        Some(Link { kind: LinkKind::Link, target })
    };
    facts.iter().filter_map(link).collect()
}

/// The same of a document whose findings are known already.
pub fn again(front: &Front, id: KindId, kinds: &Kinds) -> Arc<[Fact]> {
    let (kind, workdays) = (kinds.get(id), &kinds.workdays);
    Reader { kind, workdays, path: "", findings: &mut Vec::new() }.facts(front, false)
}

/// `G011`; of what a channel gives the channel is told.
fn unknown(extra: &Extra, kind: Option<&Kind>, path: &str, findings: &mut Vec<Diagnostic>) {
    let Extra { key, .. } = extra;
    if !key.span.is_somewhere() {
        return;
    }
    let core: Vec<&str> = Field::all_names().collect();
    let of_kind = kind.map(|kind| kind.names().collect::<Vec<_>>()).unwrap_or_default();
    let help = did_you_mean(&key.value, core.into_iter().chain(of_kind))
        .unwrap_or_else(|| "删去这个字段，或改用已有的字段，见 gongkai explain G011".into());
    findings.push(Diagnostic::new(Code::G011, path, key.span, format!("未知字段“{}”", key.value)).help(help));
}

pub(super) struct Reader<'a> {
    pub(super) kind: &'a Kind,
    pub(super) workdays: &'a Workdays,
    pub(super) path: &'a str,
    pub(super) findings: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    /// Nothing is told of what stands in another file.
    pub(super) fn push(&mut self, code: Code, span: Span, message: String, help: String) {
        if span.is_somewhere() {
            self.findings.push(Diagnostic::new(code, self.path, span, message).help(help));
        }
    }

    fn facts(&mut self, front: &Front, is_complete: bool) -> Arc<[Fact]> {
        let mut facts: Vec<(Fact, Span)> = Vec::new();
        let mut stated: Vec<(usize, &Extra)> = Vec::new();
        for extra in front.extras() {
            match self.kind.field(&extra.key.value) {
                None => unknown(extra, Some(self.kind), self.path, self.findings),
                Some((at, _)) => match stated.iter().find(|(other, _)| *other == at) {
                    Some((_, first)) => {
                        let (key, first) = (&extra.key.value, &first.key.value);
                        let message = format!("字段“{key}”与前面的“{first}”是同一个字段，写了两次");
                        self.push(Code::G012, extra.key.span, message, "只保留一行".into());
                    }
                    None => stated.push((at, extra)),
                },
            }
        }
        stated.sort_by_key(|(at, _)| *at);
        for (at, extra) in &stated {
            let field = &self.kind.fields[*at];
            if let Some(value) = self.value(field, &extra.value) {
                facts.push((Fact { field: *at as u16, value }, extra.value.span));
            }
        }
        if is_complete {
            self.missing(&stated);
        }
        self.sums(&facts);
        self.notices(&facts);
        self.order(&facts);
        self.air(&facts);
        self.water(&facts, &stated);
        let tables = annual::Stated::among(self.kind, &stated);
        if !tables.is_empty() {
            let year = stated.iter().find(|(at, _)| *self.kind.fields[*at].name == *Form::YEAR);
            let year = year.map(|(_, extra)| &extra.value);
            facts.extend(annual::read(&tables, year, is_complete, self.path, self.findings));
        }
        facts.into_iter().map(|(fact, _)| fact).collect()
    }

    fn missing(&mut self, stated: &[(usize, &Extra)]) {
        let is_there =
            |at: usize| stated.iter().any(|(other, extra)| *other == at && extra.value.value != Raw::Nothing);
        for (at, field) in self.kind.fields.iter().enumerate().filter(|(_, field)| field.required) {
            if !is_there(at) {
                let message = format!("缺少必填字段：{}（{}）", field.label, field.name);
                let help = format!("在头信息里写上 {}: …（{}）", field.name, advice(field));
                self.push(Code::G014, Span::new(0, 3), message, help);
            }
        }
    }

    fn value(&mut self, field: &KindField, stated: &Located<Raw>) -> Option<FactValue> {
        match (&field.shape, &stated.value) {
            (_, Raw::Nothing | Raw::Refused) | (Shape::Annual(_), _) => None,
            (Shape::Table(columns), raw) => self.table(field, columns, raw, stated.span),
            (Shape::List, Raw::List(items)) => {
                let texts: Vec<Text> = items.iter().filter_map(|item| self.scalar(field, item)).collect();
                (!texts.is_empty()).then(|| FactValue::List(texts.into()))
            }
            (Shape::List, _) => self.scalar(field, stated).map(|text| FactValue::List([text].into())),
            (shape, _) => {
                let text = self.scalar(field, stated)?;
                match typed(shape, &text) {
                    Ok(value) => Some(value),
                    Err(problem) => {
                        let message = format!("字段“{}”{problem}", field.label);
                        let help = meant(shape, &text).unwrap_or_else(|| advice(field));
                        self.push(Code::G025, stated.span, message, help);
                        None
                    }
                }
            }
        }
    }

    fn scalar(&mut self, field: &KindField, stated: &Located<Raw>) -> Option<Text> {
        match &stated.value {
            Raw::Text(text) => Some(text.split_whitespace().collect::<Vec<_>>().join(" ").into()),
            Raw::Nothing | Raw::Refused => None,
            other => {
                let message =
                    format!("字段“{}”应当是{}，这里却是{}", field.label, field.shape.describe(), other.what());
                self.push(Code::G025, stated.span, message, advice(field));
                None
            }
        }
    }

    fn table(&mut self, field: &KindField, columns: &[Column], raw: &Raw, span: Span) -> Option<FactValue> {
        let Raw::List(rows) = raw else {
            let message = format!("字段“{}”应当是表（每行一个“- ”），这里却是{}", field.label, raw.what());
            self.push(Code::G025, span, message, advice(field));
            return None;
        };
        if let Some(extra) = rows.get(MOST_ROWS) {
            let message = format!("字段“{}”超过 {MOST_ROWS} 行", field.label);
            self.push(Code::G025, extra.span, message, "列为附件".into());
            return None;
        }
        let rows: Vec<Box<[Text]>> = rows.iter().filter_map(|row| self.row(field, columns, row)).collect();
        (!rows.is_empty()).then(|| FactValue::Table(rows.into()))
    }

    fn row(&mut self, field: &KindField, columns: &[Column], row: &Located<Raw>) -> Option<Box<[Text]>> {
        let empty = Located::new(Raw::Nothing, Span::default());
        let cells: Vec<&Located<Raw>> = match &row.value {
            Raw::List(cells) if cells.len() == columns.len() => cells.iter().collect(),
            Raw::List(cells) => {
                let message = format!("“{}”的这一行有 {} 格，应当是 {} 格", field.label, cells.len(), columns.len());
                self.push(Code::G025, row.span, message, advice(field));
                return None;
            }
            Raw::Map(pairs) => {
                let is_of = |column: &Column, key: &str| *column.name == *key || *column.label == *key;
                for (key, _) in pairs.iter().filter(|(key, _)| !columns.iter().any(|column| is_of(column, &key.value)))
                {
                    let labels = columns.iter().flat_map(|column| [&*column.name, &*column.label]);
                    let help = did_you_mean(&key.value, labels).unwrap_or_else(|| advice(field));
                    self.push(Code::G011, key.span, format!("“{}”没有“{}”这一列", field.label, key.value), help);
                }
                let cell = |column: &Column| pairs.iter().find(|(key, _)| is_of(column, &key.value));
                columns.iter().map(|column| cell(column).map_or(&empty, |(_, value)| value)).collect()
            }
            Raw::Nothing | Raw::Refused => return None,
            Raw::Text(_) => {
                let message = format!("“{}”的这一行应当写成 [值, 值] 或 {{列: 值}}", field.label);
                self.push(Code::G025, row.span, message, advice(field));
                return None;
            }
        };
        Some(columns.iter().zip(cells).map(|(column, cell)| self.cell(field, column, cell)).collect())
    }

    fn cell(&mut self, field: &KindField, column: &Column, cell: &Located<Raw>) -> Text {
        let Some(text) = self.scalar(field, cell) else { return Text::default() };
        match typed_cell(&column.shape, &text) {
            Ok(value) => value.shown(),
            Err(problem) => {
                let message = format!("“{}”的“{}”{problem}", field.label, column.label);
                let help = meant(&column.shape, &text).unwrap_or_else(|| format!("写{}", column.shape.describe()));
                self.push(Code::G025, cell.span, message, help);
                text
            }
        }
    }

    /// Sums of what is stated; one that lacks a part says nothing.
    fn sums(&mut self, facts: &[(Fact, Span)]) {
        for sum in &self.kind.sums {
            let number = |name: &Text| {
                let (at, _) = self.kind.field(name)?;
                facts.iter().find_map(|(fact, span)| match fact.value {
                    FactValue::Number(number) if usize::from(fact.field) == at => Some((number, *span)),
                    _ => None,
                })
            };
            let Some((total, span)) = number(&sum.total) else { continue };
            let parts: Option<Vec<Figure>> = sum.parts.iter().map(|part| Some(number(part)?.0)).collect();
            let Some(parts) = parts else { continue };
            let sum_of_parts = parts.iter().try_fold(Decimal::ZERO, |sum, part| sum.plus(part.value));
            let Some(real) = sum_of_parts else { continue };
            let places = parts.iter().chain([&total]).map(|figure| figure.places).max().unwrap_or(0);
            let Some(off) = total.value.plus(real.negated()).map(Decimal::abs).filter(|off| !off.is_zero()) else {
                continue;
            };
            let real = Figure { value: real, places };
            let off_by = Figure { value: off, places };
            let label = |name: &Text| self.kind.field(name).map_or("", |(_, field)| &*field.label);
            let names: Vec<&str> = sum.parts.iter().map(label).collect();
            let message =
                format!("“{}”是 {total}，各项（{}）之和是 {real}，相差 {off_by}", label(&sum.total), names.join("、"));
            // each part is rounded for itself: the last digit may differ
            // amounts are rounded whatever their unit, counts are not
            let is_money = self.kind.field(&sum.total).is_some_and(|(_, field)| matches!(field.shape, Shape::Money(_)));
            let is_rounding = (places > 0 || is_money) && Decimal::new(1, places).is_some_and(|last| off <= last);
            let severity = if is_rounding { Severity::Hint } else { Severity::Error };
            if span.is_somewhere() {
                let finding = Diagnostic::new(Code::G026, self.path, span, message);
                let finding = finding.help("核对原件；四舍五入引起的末位之差可以保留");
                self.findings.push(Diagnostic { severity, ..finding });
            }
        }
    }
}

impl Reader<'_> {
    fn air(&mut self, facts: &[(Fact, Span)]) {
        let Some((at, field)) = self.kind.air.as_ref().and_then(|name| self.kind.field(name)) else { return };
        let Some((Fact { value: FactValue::Table(rows), .. }, span)) =
            facts.iter().find(|(fact, _)| usize::from(fact.field) == at)
        else {
            return;
        };
        let Shape::Table(columns) = &field.shape else { return };
        for message in air::faults(columns, rows) {
            self.push(Code::G029, *span, message, "对照监测报告核对浓度和结果，见 gongkai explain G029".into());
        }
    }

    fn water(&mut self, facts: &[(Fact, Span)], stated: &[(usize, &Extra)]) {
        let Some((at, field)) = self.kind.water.as_ref().and_then(|name| self.kind.field(name)) else { return };
        let table = facts.iter().find(|(fact, _)| usize::from(fact.field) == at);
        let (Some((Fact { value: FactValue::Table(rows), .. }, span)), Shape::Table(columns)) = (table, &field.shape)
        else {
            return;
        };
        let written = stated.iter().find(|(other, _)| *other == at).map(|(_, extra)| &extra.value.value);
        for (number, row) in rows.iter().enumerate() {
            // if every row could be read, the n-th is the n-th that was written
            let span = match written {
                Some(Raw::List(written)) if written.len() == rows.len() => written[number].span,
                _ => *span,
            };
            let Some((message, is_sure)) = water::faults(columns, row).filter(|_| span.is_somewhere()) else {
                continue;
            };
            let help = match is_sure {
                true => "对照监测报告核对，见 gongkai explain G085",
                false => "对照监测报告核对；由表里没有列出的项目决定类别的，可以保留",
            };
            let finding = Diagnostic::new(Code::G085, self.path, span, message).help(help);
            let severity = if is_sure { Severity::Error } else { Severity::Warning };
            self.findings.push(Diagnostic { severity, ..finding });
        }
    }
}

impl FactValue {
    /// As readers see it, without a unit; nothing for a table.
    pub fn shown(&self) -> Text {
        match self {
            FactValue::Text(text) | FactValue::Link(text) => text.clone(),
            FactValue::Day(day) => day.text().into(),
            FactValue::Number(number) => number.to_string().into(),
            FactValue::List(texts) => texts.join("、").into(),
            FactValue::Table(_) | FactValue::Annual(_) => Text::default(),
        }
    }
}
