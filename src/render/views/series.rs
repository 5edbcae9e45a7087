//! 期刊: the page of all series, the page of one with its issues, gaps and trends, and what a document's own page says of it.

use std::hash::Hash;

use serde::Serialize;

use super::super::{Handed, World};
use super::catalogue::{Give, crumbs, index_url};
use super::data::Drawing;
use super::document::{feed_link, link};
use super::frame::Link;
use super::list::Cards;
use super::page::{self, Head};
use crate::catalogue::series::{Run, gap_label};
use crate::catalogue::{DocId, FactValue, Series, SeriesId};
use crate::diag::Diagnostic;
use crate::model::document::{ChartKind, ChartLook, DataBlock};
use crate::model::hash::Hasher128;
use crate::model::{Field, KindField, Text};
use crate::theme::{self, Value};

const LABEL: &str = "期刊";
const ALL: &str = "catalogue/series/index.html";
/// Issues whose figures are drawn: the newest.
const DRAWN: usize = 60;

/// What a document's own page says: its series, and the issues before and after.
#[derive(Serialize)]
struct Place {
    title: String,
    url: String,
    earlier: Link,
    later: Link,
}

pub struct PlaceView<'a> {
    id: DocId,
    world: &'a World,
}

pub fn place(id: DocId, world: &World) -> PlaceView<'_> {
    PlaceView { id, world }
}

impl Handed for PlaceView<'_> {
    fn feed(&self, hasher: &mut Hasher128) {
        let Some(place) = self.world.catalogue.in_series.get(&self.id) else { return };
        place.out.hash(hasher);
        feed_link(place.earlier, self.world, hasher);
        feed_link(place.later, self.world, hasher);
    }

    fn value(&self) -> Result<Value, Diagnostic> {
        let catalogue = &self.world.catalogue;
        let Some(place) = catalogue.in_series.get(&self.id) else { return Ok(theme::value(&())) };
        let title = catalogue.doc(self.id).front.text(Field::Series).unwrap_or_default().to_owned();
        let (earlier, later) = (link(place.earlier, self.world), link(place.later, self.world));
        Ok(theme::value(&Place { title, url: index_url(&place.out), earlier, later }))
    }
}

/// A series in the list of all.
#[derive(Hash, Serialize)]
struct Item<'a> {
    title: &'a str,
    url: String,
    count: usize,
    /// Numbers that are missing, over all years.
    missing: usize,
    newest: Cards<'a>,
}

/// Issues that are numbered together.
#[derive(Default, Hash, Serialize)]
struct RunView<'a> {
    /// `2014年`; empty if numbers go on from year to year.
    label: String,
    gaps: Vec<String>,
    rows: Vec<RowView<'a>>,
}

/// An issue, or several that are missing.
#[derive(Hash, Serialize)]
struct RowView<'a> {
    label: String,
    /// None if it is missing.
    cards: Cards<'a>,
    figures: Vec<String>,
}

#[derive(Hash, Serialize)]
struct ColumnView<'a> {
    label: &'a str,
    unit: &'a str,
}

/// The page of all series.
pub fn hand_all(world: &World, give: Give) {
    hand_head("期刊目录", ALL, Vec::new(), world, give);
    let items: Vec<Item> = world.catalogue.series.iter().map(|series| item(series, world)).collect();
    give("items", &items);
    give("runs", &Vec::<RunView>::new());
    give("columns", &Vec::<ColumnView>::new());
    give("others", &Cards { docs: Vec::new().into(), world });
    give("content", &Trends { blocks: Vec::new(), world });
}

fn item<'a>(series: &'a Series, world: &'a World) -> Item<'a> {
    let newest = series.issues().next_back().map(|(_, _, id)| id).or(series.unnumbered.first().copied());
    let gaps = series.runs.iter().flat_map(|run| &run.gaps);
    Item {
        title: &series.name,
        url: index_url(&series.out),
        count: series.count(),
        missing: gaps.map(|(from, to)| (to - from + 1) as usize).sum(),
        newest: Cards { docs: newest.into_iter().collect::<Vec<_>>().into(), world },
    }
}

/// The page of one series.
pub fn hand(id: SeriesId, world: &World, give: Give) {
    let series = &world.catalogue.series[id as usize];
    let url = index_url(&series.out);
    let own = vec![Link { title: series.name.to_string(), url: url.clone() }];
    hand_head(&series.name, &format!("{}index.html", series.out), own, world, give);
    let trend = trend(series, world);
    let runs: Vec<RunView> = series.runs.iter().map(|run| run_view(run, &trend, world)).collect();
    let columns: Vec<ColumnView> =
        trend.iter().map(|(_, field)| ColumnView { label: &field.label, unit: field.shape.unit() }).collect();
    give("items", &Vec::<Item>::new());
    give("runs", &runs);
    give("columns", &columns);
    give("others", &Cards { docs: series.unnumbered.as_slice().into(), world });
    give("content", &Trends { blocks: blocks(series, &trend, world), world });
}

fn hand_head(heading: &str, out: &str, own: Vec<Link>, world: &World, give: Give) {
    let description = format!("{}：{heading}各期", world.config.site.name);
    page::hand(Head { heading, description: &description, out, ..Head::default() }, world, give);
    let all = Link { title: LABEL.into(), url: ALL.into() };
    let line = std::iter::once(all).chain(own).collect();
    page::hand_tags(page::catalogue_tags(heading, description.clone()), &crumbs(line), world, give);
}

/// The fields that the kind follows from issue to issue, with their places among its fields.
fn trend<'a>(series: &Series, world: &'a World) -> Vec<(usize, &'a KindField)> {
    let Some(kind) = series.kind.map(|kind| world.catalogue.kinds.get(kind)) else { return Vec::new() };
    kind.series.trend.iter().filter_map(|name| kind.field(name)).collect()
}

/// What a document says in each of these fields.
fn figures(id: DocId, series_kind: &[(usize, &KindField)], world: &World) -> Vec<String> {
    let facts = &world.catalogue.doc(id).facts;
    let figure = |at: usize| {
        facts.iter().find_map(|fact| match &fact.value {
            FactValue::Number(figure) if usize::from(fact.field) == at => Some(figure.to_string()),
            _ => None,
        })
    };
    series_kind.iter().map(|(at, _)| figure(*at).unwrap_or_default()).collect()
}

/// Newest first; what is missing stands where it would.
fn run_view<'a>(run: &Run, trend: &[(usize, &KindField)], world: &'a World) -> RunView<'a> {
    let mut gaps = run.gaps.iter().rev().peekable();
    let mut rows = Vec::with_capacity(run.issues.len() + run.gaps.len());
    for (issue, id) in run.issues.iter().rev() {
        while let Some(gap) = gaps.next_if(|(from, _)| *from > issue.last) {
            rows.push(RowView {
                label: gap_label(*gap),
                cards: Cards { docs: Vec::new().into(), world },
                figures: vec![String::new(); trend.len()],
            });
        }
        rows.push(RowView {
            label: issue.label(),
            cards: Cards { docs: vec![*id].into(), world },
            figures: figures(*id, trend, world),
        });
    }
    RunView {
        label: run.year.map(|year| format!("{year}年")).unwrap_or_default(),
        gaps: run.gaps.iter().map(|gap| gap_label(*gap)).collect(),
        rows,
    }
}

/// The charts of a series, as HTML.
struct Trends<'a> {
    blocks: Vec<DataBlock>,
    world: &'a World,
}

impl Handed for Trends<'_> {
    fn feed(&self, hasher: &mut Hasher128) {
        self.blocks.hash(hasher);
    }

    fn value(&self) -> Result<Value, Diagnostic> {
        let drawn = self.blocks.iter().enumerate().map(|(at, block)| {
            let drawing =
                Drawing { block, at, file: None, answer: None, root: "", path: "site.toml", world: self.world };
            drawing.html().map_err(|mut findings| findings.swap_remove(0))
        });
        let drawn: Vec<String> = drawn.collect::<Result<_, _>>()?;
        Ok(theme::safe_html(&drawn.concat()))
    }
}

/// A chart for the fields of each unit: what is measured alike is drawn on one scale.
fn blocks(series: &Series, trend: &[(usize, &KindField)], world: &World) -> Vec<DataBlock> {
    let issues = series.course();
    let issues = &issues[issues.len().saturating_sub(DRAWN)..];
    let none = || vec![String::new(); trend.len()];
    let row =
        |(label, id): &(String, Option<DocId>)| (label.clone(), id.map_or_else(none, |id| figures(id, trend, world)));
    let rows: Vec<(String, Vec<String>)> = issues.iter().map(row).collect();
    let has_figures = |at: usize| rows.iter().filter(|(_, figures)| !figures[at].is_empty()).count() > 1;
    let mut units: Vec<&str> = Vec::new();
    for (at, (_, field)) in trend.iter().enumerate() {
        if has_figures(at) && !units.contains(&field.shape.unit()) {
            units.push(field.shape.unit());
        }
    }
    let block = |unit: &str| {
        let of_unit = |at: &usize| trend[*at].1.shape.unit() == unit && has_figures(*at);
        let shown: Vec<usize> = (0..trend.len()).filter(of_unit).collect();
        let labels = shown.iter().map(|at| trend[*at].1.label.clone());
        let head: Box<[Text]> = std::iter::once("期号".into()).chain(labels.clone()).collect();
        let body = rows.iter().map(|(label, figures)| {
            std::iter::once(label.as_str().into()).chain(shown.iter().map(|at| figures[*at].as_str().into())).collect()
        });
        let names: Vec<Text> = labels.collect();
        let kind = if shown.len() == 1 { ChartKind::Line } else { ChartKind::Multiples };
        DataBlock {
            rows: std::iter::once(head).chain(body).collect(),
            head: 1,
            caption: format!("{}：各期{}", series.name, names.join("、")).into(),
            unit: unit.into(),
            chart: Some(ChartLook { kind, ..ChartLook::default() }),
            ..DataBlock::default()
        }
    };
    units.into_iter().map(block).collect()
}
