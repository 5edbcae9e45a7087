//! Tables and charts in a body: the spreadsheet is read again when the page is made, like the body itself.

use std::hash::Hash;

use super::super::World;
use super::super::chart::{self, Chart, Colouring, Format, Series};
use super::withdrawn;
use crate::catalogue::{Answer, DocId, FileEntry, Href};
use crate::diag::suggest::did_you_mean;
use crate::diag::{Code, Diagnostic};
use crate::model::document::{ChartKind, ChartLook, DataBlock, Total};
use crate::model::file::{FileType, readable_size};
use crate::model::grid::{Cell, Value};
use crate::model::hash::Hasher128;
use crate::model::{Decimal, Figure, Grid, Located, Span, Text, path};
use crate::parse::markdown::sheet::{self, Listed, Source};
use crate::source::sheet::{Wanted, checked};

/// The file that a block shows; none if its rows are written in it.
pub fn file<'a>(block: &DataBlock, links: &[Href], world: &'a World) -> Option<&'a FileEntry> {
    match links.get(block.link as usize)? {
        Href::File(id) => Some(world.catalogue.file(*id)),
        _ => None,
    }
}

/// What a page shows of an answer.
pub fn feed(answer: Option<&Answer>, world: &World, hasher: &mut Hasher128) {
    let Some(Answer { rows, total, unit, docs }) = answer else { return };
    (rows, total, unit).hash(hasher);
    docs.iter().flatten().for_each(|id| world.catalogue.cards[*id as usize].hash(hasher));
}

/// The block with the rows that it asked for.
fn filled(block: &DataBlock, answer: &Answer) -> DataBlock {
    let unit = if block.unit.is_empty() { &answer.unit } else { &block.unit };
    DataBlock { rows: answer.rows.clone(), unit: unit.clone(), ..block.clone() }
}

/// A block on its way to the page.
pub struct Drawing<'a> {
    pub block: &'a DataBlock,
    /// Which of the body's blocks it is.
    pub at: usize,
    pub file: Option<&'a FileEntry>,
    /// What the site answers if the block asks.
    pub answer: Option<&'a Answer>,
    /// The way to the site's root.
    pub root: &'a str,
    /// The source that the findings are about.
    pub path: &'a str,
    pub world: &'a World,
}

impl Drawing<'_> {
    /// As HTML, or all that is wrong.
    pub fn html(&self) -> Result<String, Vec<Diagnostic>> {
        match self.answer {
            Some(answer) => {
                let shown = match answer.rows.is_empty() {
                    true => sheet::count(&self.block.caption, answer.total, &self.block.unit),
                    false => Drawing { block: &filled(self.block, answer), answer: None, ..*self }.html()?,
                };
                Ok(shown + &self.listed(answer))
            }
            None => self.drawn(),
        }
    }

    /// The documents that were counted, to be unfolded.
    fn listed(&self, answer: &Answer) -> String {
        let Some(docs) = &answer.docs else { return String::new() };
        let catalogue = &self.world.catalogue;
        let item = |id: &DocId| {
            let card = catalogue.card(*id);
            let href = format!("{}{}", self.root, path::encode(card.out()));
            let title = match card.withdrawn() {
                Some(_) => format!("{}（{}）", card.title(), withdrawn::MARK).into(),
                None => card.title().into(),
            };
            Listed { href, title, day: card.published().day().to_string() }
        };
        sheet::list(&docs.iter().map(item).collect::<Vec<_>>())
    }

    fn drawn(&self) -> Result<String, Vec<Diagnostic>> {
        let grid = match self.file {
            Some(file) => self.read(file)?,
            None => grid_of(&self.block.rows),
        };
        let findings = self.doubts(&grid);
        if !findings.is_empty() {
            return Err(findings);
        }
        let href = self.file.and_then(|file| file.out.as_ref()).map(|out| format!("{}{}", self.root, out.encoded()));
        let href = href.unwrap_or_default();
        let about = self.file.map(|file| {
            let label = FileType::of(file.source.name()).map_or("", |kind| kind.label);
            format!("{label}，{}", readable_size(file.facts.size))
        });
        let source = self.file.zip(about.as_ref());
        let source = source.map(|(file, about)| Source { href: &href, name: file.source.name(), about });
        match &self.block.chart {
            None => Ok(sheet::table(&grid, self.block, source.as_ref())),
            Some(look) => {
                let chart = self.chart(look, &grid)?;
                let draw = |format| chart::draw(&chart, format);
                let pictures = draw(Format::Wide).and_then(|wide| Ok(vec![wide, draw(Format::Narrow)?]));
                let pictures =
                    pictures.map_err(|refusal| vec![self.problem(self.block.span, refusal.to_string(), "")])?;
                Ok(sheet::figure(&pictures, &grid, self.block, source.as_ref()))
            }
        }
    }

    fn problem(&self, span: Span, message: String, help: &str) -> Diagnostic {
        let finding = Diagnostic::new(Code::G047, self.path, span, message);
        if help.is_empty() { finding } else { finding.help(help) }
    }

    /// What the spreadsheet holds; what is hidden in it, or does not add up, is told.
    fn read(&self, file: &FileEntry) -> Result<Grid, Vec<Diagnostic>> {
        let wanted = Wanted::of(self.block.sheet.as_deref(), self.block.range.as_deref());
        checked(&self.world.root, file.source.as_str(), &wanted).map_err(|faults| {
            let told = faults.into_iter();
            told.map(|fault| self.problem(self.block.span, fault.message, &fault.advice)).collect()
        })
    }

    /// What the reader of a table would be misled by: totals that are none, cells that reach from the head into the body.
    fn doubts(&self, grid: &Grid) -> Vec<Diagnostic> {
        let name = self.file.map_or("", |file| file.source.name());
        let name = if name.is_empty() { String::new() } else { format!("{name}：") };
        let mut findings = Vec::new();
        let head = usize::from(self.block.head);
        if head >= grid.height() && grid.height() > 0 && self.file.is_some() {
            let message = format!("{name}表头写了 {head} 行，这里一共只有 {} 行", grid.height());
            findings.push(self.problem(self.block.span, message, "改正 head 或 range"));
        }
        if let Some(empty) = self.empty_column(grid) {
            let message = format!("{name}{} 列以后都是空的，range 写得过宽", grid.name(0, empty));
            findings.push(self.problem(self.block.span, message, "range 只写有内容的格子"));
        }
        if let Some((row, column)) = grid.reaching(head) {
            let place = grid.name(row, column);
            let rows = row + grid.cell(row, column).map_or(1, Cell::rowspan) as usize;
            let message = format!("{name}{place} 是合并的单元格，跨过了表头（{head} 行）");
            let help = format!("写 head: {rows}，或在电子表格里取消合并");
            findings.push(self.problem(self.block.span, message, &help));
        }
        if let Some(total) = &self.block.total {
            findings.extend(self.totals(grid, total, &name));
        }
        findings
    }

    /// The first of the columns at the right of a stated range that hold nothing.
    fn empty_column(&self, grid: &Grid) -> Option<usize> {
        self.block.range.as_ref()?;
        let is_empty = |column: usize| {
            (0..grid.height())
                .all(|row| grid.cell(row, column).is_none_or(|cell| cell.text.trim().is_empty() && !cell.is_covered()))
        };
        (0..grid.columns).rev().take_while(|column| is_empty(*column)).last()
    }

    /// Columns whose figures do not add up to the row of totals.
    fn totals(&self, grid: &Grid, total: &Total, name: &str) -> Vec<Diagnostic> {
        let head = usize::from(self.block.head);
        let is_total = |row: usize| match total.is_last {
            true => row + 1 == grid.height(),
            false => grid.cell(row, 0).is_some_and(|cell| bare(&cell.text) == bare(&total.label)),
        };
        let Some(at) = (head..grid.height()).find(|row| is_total(*row)) else {
            let message = format!("{name}没有第一格是“{}”的行", total.label);
            return vec![self.problem(total.span, message, "照表里合计那一行第一格的文字写，或写 last")];
        };
        let is_subtotal = |row: usize| grid.cell(row, 0).is_some_and(|cell| bare(&cell.text).contains("小计"));
        let has_subtotals = (head..at).any(is_subtotal);
        let is_money = self.block.unit.contains('元');
        let column = |column: usize| {
            // rates are no parts of a whole
            if is_rate(grid, head, column) {
                return None;
            }
            let of = |row: usize| grid.cell(row, column).and_then(figure);
            let stated = of(at)?;
            let parts = (head..grid.height()).filter(|row| *row != at && !is_subtotal(*row)).filter_map(of);
            let subtotals = (head..grid.height()).filter(|row| has_subtotals && is_subtotal(*row)).filter_map(of);
            let real = sum(parts.clone())?;
            let off = stated.plus(real.negated())?.abs();
            // each figure is rounded for itself
            let places = parts.map(Decimal::places).max().unwrap_or(0).max(stated.places());
            let is_rounding = (places > 0 || is_money) && Decimal::new(1, places).is_some_and(|last| off <= last);
            let is_of_subtotals = has_subtotals && sum(subtotals) == Some(stated);
            if off.is_zero() || is_rounding || is_of_subtotals {
                return None;
            }
            let place = grid.name(at, column);
            let message = format!("{name}{place} 的合计是 {stated}，各行之和是 {real}，相差 {off}");
            let finding = Diagnostic::new(Code::G026, self.path, total.span, message);
            Some(finding.help("核对原表；分级合计而没有写“小计”的表，不写 total"))
        };
        (0..grid.columns).filter_map(column).collect()
    }

    fn chart(&self, look: &ChartLook, grid: &Grid) -> Result<Chart, Vec<Diagnostic>> {
        let head = usize::from(self.block.head).max(1).min(grid.height());
        let names: Vec<String> = (0..grid.columns).map(|column| grid.heading(head, column).to_owned()).collect();
        let mut findings = Vec::new();
        let mut find = |wanted: &Located<Text>| {
            let found = names.iter().position(|name| *name == *wanted.value);
            if found.is_none() {
                let help = did_you_mean(&wanted.value, names.iter().map(String::as_str))
                    .unwrap_or_else(|| format!("表头有：{}", names.join("、")));
                findings.push(self.problem(wanted.span, format!("表里没有“{}”这一列", wanted.value), &help));
            }
            found
        };
        let labels = look.labels.as_ref().map_or(Some(0), &mut find).unwrap_or(0);
        let rows = head..grid.height();
        let has_figures = |column: &usize| rows.clone().any(|row| grid.cell(row, *column).and_then(figure).is_some());
        let columns: Vec<usize> = match look.series.is_empty() {
            true => {
                let others = (0..grid.columns).filter(|column| *column != labels);
                let figures: Vec<usize> = others.clone().filter(has_figures).collect();
                if figures.is_empty() { others.collect() } else { figures }
            }
            false => look.series.iter().filter_map(&mut find).collect(),
        };
        for (row, column) in rows.clone().flat_map(|row| columns.iter().map(move |column| (row, *column))) {
            let Some(cell) = grid.cell(row, column).filter(|cell| figure(cell).is_none() && !is_missing(&cell.text))
            else {
                continue;
            };
            let label = grid.cell(row, labels).map_or("", |cell| &*cell.text);
            let message = format!("“{label}”的“{}”是“{}”，不是数，画不出来", names[column], cell.text);
            findings.push(self.problem(self.block.span, message, "只写数字，单位写在 unit 里；没有数据的格空着或写 -"));
        }
        if !findings.is_empty() {
            return Err(findings);
        }
        let value = |row: usize, column: usize| grid.cell(row, column).and_then(figure).map(Decimal::as_float);
        let series = columns.iter().map(|column| Series {
            name: names[*column].clone(),
            values: rows.clone().map(|row| value(row, *column)).collect(),
        });
        Ok(Chart {
            id: format!("chart-{}", self.at + 1),
            kind: kind(look.kind),
            title: if self.block.caption.is_empty() { "统计图".into() } else { self.block.caption.to_string() },
            desc: String::new(),
            labels: rows
                .clone()
                .map(|row| grid.cell(row, labels).map_or_else(String::new, |cell| cell.text.to_string()))
                .collect(),
            series: series.collect(),
            unit: self.block.unit.to_string(),
            source: look.source.to_string(),
            colouring: if look.is_aqi { Colouring::Aqi } else { Colouring::Series },
        })
    }
}

fn kind(kind: ChartKind) -> chart::Kind {
    match kind {
        ChartKind::Line => chart::Kind::Line,
        ChartKind::Bar => chart::Kind::Bar,
        ChartKind::Stacked => chart::Kind::Stacked,
        ChartKind::Pie => chart::Kind::Pie,
        ChartKind::Multiples => chart::Kind::Multiples,
    }
}

fn sum(mut figures: impl Iterator<Item = Decimal>) -> Option<Decimal> {
    figures.try_fold(Decimal::ZERO, |sum, part| sum.plus(part))
}

/// Whether a column holds rates, which nobody adds up.
fn is_rate(grid: &Grid, head: usize, column: usize) -> bool {
    let says = |text: &str| text.contains(['%', '％']) || text.ends_with(['率', '比']) || text.contains("比例");
    let in_head =
        (0..head).filter_map(|row| grid.cell(row, column)).any(|cell| says(bare(&cell.text).trim_end_matches(')')));
    let in_body =
        || (head..grid.height()).filter_map(|row| grid.cell(row, column)).any(|cell| cell.text.contains(['%', '％']));
    in_head || in_body()
}

/// Rows that are written in a block, as a grid.
fn grid_of(rows: &[Box<[Text]>]) -> Grid {
    let cell = |text: &Text| {
        let value = match Decimal::of_shown(text) {
            Some(number) => Value::Number(number),
            None if text.is_empty() => Value::Empty,
            None => Value::Text,
        };
        Cell { text: text.clone(), value, ..Cell::default() }
    };
    let columns = rows.first().map_or(0, |row| row.len());
    Grid { columns, cells: rows.iter().flat_map(|row| row.iter().map(cell)).collect(), ..Grid::default() }
}

/// A text without white space, of which official tables have plenty: 合　计
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Whether a cell says that there is no figure.
fn is_missing(text: &str) -> bool {
    matches!(text.trim(), "" | "-" | "--" | "—" | "——" | "－" | "–" | "/" | "…" | "……" | "无" | "NA" | "N/A")
}

/// The figure in a cell; offices often store figures as texts.
fn figure(cell: &Cell) -> Option<Decimal> {
    cell.number().or_else(|| Decimal::of_shown(&cell.text)).or_else(|| Some(Figure::parse(&cell.text)?.value))
}
