//! Lines: one for each series, with gaps where values are missing.

use super::axis::Axis;
use super::labels::{Along, grid, head, lines_of, spread, tick_width, value_label};
use super::mark::{Anchor, Mark, line, path, text, through};
use super::number::decimals_for;
use super::text::width;
use super::{Chart, Format, Picture, Sheet, palette};

/// Series that may be named at the ends of their lines.
const NAMED: usize = 6;
/// The marker, its gaps, before a name at the end of a line.
const BEFORE_NAME: f64 = 40.0;

/// The area of values: from values and positions to places.
pub struct Plot {
    pub axis: Axis,
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
    pub count: usize,
}

impl Plot {
    pub fn band(&self) -> f64 {
        (self.right - self.left) / self.count.max(1) as f64
    }

    pub fn x(&self, at: usize) -> f64 {
        self.left + self.band() * (at as f64 + 0.5)
    }

    pub fn y(&self, value: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * self.axis.share(value)
    }
}

pub fn draw(chart: &Chart, sheet: &Sheet) -> Picture {
    let axis = Axis::around(chart.values(), false, 5);
    let ticks = axis.ticks();
    let names = are_named_at_ends(chart, sheet);
    let has_legend = !names && chart.series.len() > 1;
    let head = head(chart, &axis.scale.unit(&chart.unit), if has_legend { lines_of(chart) } else { Vec::new() }, sheet);
    let name_width = chart.series.iter().map(|series| width(&series.name, sheet.size)).fold(0.0, f64::max);
    let plot = Plot {
        axis,
        left: tick_width(&ticks, sheet),
        right: sheet.width - if names { name_width + BEFORE_NAME } else { 4.0 },
        top: head.height + sheet.size * 1.6,
        bottom: head.height + sheet.size * 1.6 + sheet.plot,
        count: chart.labels.len(),
    };
    // figures of valleys stand below their points
    let floor = plot.bottom + sheet.size * if chart.series.len() == 1 { 1.7 } else { 1.0 };
    let along =
        Along { labels: &chart.labels, centre: &|at| plot.x(at), band: plot.band(), ends: (2.0, sheet.width - 2.0) };
    let below = along.below(floor - sheet.size * 0.6, sheet);
    let mut marks = head.marks;
    marks.extend(grid(&ticks, &|value| plot.y(value), (plot.left, plot.right), true, sheet));
    marks.extend(zero(&plot));
    marks.extend(below.marks);
    for (at, series) in chart.series.iter().enumerate() {
        marks.extend(series_of(&series.values, at, &plot));
    }
    match names {
        true => marks.extend(names_at_ends(chart, &plot, sheet)),
        false if chart.series.len() == 1 => marks.extend(figures(chart, &plot, sheet)),
        false => {}
    }
    Picture { height: floor + below.height, defs: Vec::new(), marks }
}

/// The axis itself, where it is in the picture.
pub fn zero(plot: &Plot) -> Option<Mark> {
    let is_inside = plot.axis.low() <= 0.0 && plot.axis.high() >= 0.0;
    let rule = line((plot.left, plot.y(0.0)), (plot.right, plot.y(0.0)));
    is_inside.then(|| rule.with("stroke", "currentColor").with("stroke-width", "1.2"))
}

/// A path through each run of values, and markers: at every point if there is room, at points without neighbours always.
pub fn series_of(values: &[Option<f64>], series: usize, plot: &Plot) -> Vec<Mark> {
    let points: Vec<Option<(f64, f64)>> =
        values.iter().enumerate().map(|(at, value)| value.map(|value| (plot.x(at), plot.y(value)))).collect();
    let runs = points.split(Option::is_none).map(|run| run.iter().flatten().copied().collect::<Vec<_>>());
    let d: String = runs.filter(|run| run.len() > 1).map(|run| through(&run)).collect();
    let stroke = path(&d).with("fill", "none").with("stroke", palette::colour(series)).with("stroke-width", "2.5");
    let stroke = palette::dashed(stroke.with("stroke-linejoin", "round"), series);
    let every = (11.0 / plot.band()).ceil().max(1.0) as usize;
    let has = |at: Option<usize>| at.and_then(|at| points.get(at)).is_some_and(Option::is_some);
    let is_alone = |at: usize| !has(at.checked_sub(1)) && !has(Some(at + 1));
    let shown = points.iter().enumerate().filter(|(at, _)| at % every == 0 || is_alone(*at));
    let markers = shown.filter_map(|(_, point)| Some(palette::marker(series, (*point)?, 4.0)));
    (!d.is_empty()).then_some(stroke).into_iter().chain(markers).collect()
}

/// Whether names stand at the ends of lines: on wide sheets, where all lines go to the end and the names are short.
fn are_named_at_ends(chart: &Chart, sheet: &Sheet) -> bool {
    let ends = chart.series.iter().all(|series| series.values.last().is_some_and(Option::is_some));
    let short = chart.series.iter().all(|series| width(&series.name, sheet.size) <= sheet.size * 9.0);
    sheet.format == Format::Wide && (2..=NAMED).contains(&chart.series.len()) && ends && short
}

fn names_at_ends(chart: &Chart, plot: &Plot, sheet: &Sheet) -> Vec<Mark> {
    let end = |series: &super::Series| series.values.last().copied().flatten().map(|value| plot.y(value));
    let mut ends: Vec<(usize, f64)> =
        chart.series.iter().enumerate().filter_map(|(at, series)| Some((at, end(series)?))).collect();
    ends.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    let wanted: Vec<f64> = ends.iter().map(|(_, y)| *y).collect();
    let places =
        spread(&wanted, &vec![sheet.leading; wanted.len()], (plot.top - sheet.size, plot.bottom + sheet.size * 0.5));
    let from = plot.x(plot.count.saturating_sub(1)) + 7.0;
    let named = |((series, y), place): (&(usize, f64), f64)| {
        let x = plot.right + 20.0;
        let leader = line((from, *y), (x - 9.0, place)).with("stroke", palette::colour(*series));
        [
            leader.with("stroke-width", "1"),
            palette::marker(*series, (x, place), 4.0),
            text(x + 12.0, place + sheet.size * 0.35, Anchor::Start, &chart.series[*series].name),
        ]
    };
    ends.iter().zip(places).flat_map(named).collect()
}

/// Figures at the points of a single line, above peaks and below valleys, if each fits into its band.
fn figures(chart: &Chart, plot: &Plot, sheet: &Sheet) -> Option<Mark> {
    let values = &chart.series[0].values;
    let largest = chart.values().map(f64::abs).fold(0.0, f64::max);
    let decimals = decimals_for(plot.axis.scale.apply(largest));
    let label = |value: f64| value_label(value, plot.axis.scale, decimals);
    if chart.values().any(|value| width(&label(value), sheet.size) > plot.band() - 6.0) {
        return None;
    }
    let near = |at: Option<usize>| at.and_then(|at| values.get(at).copied().flatten());
    let put = |at: usize, value: f64| {
        let beside: Vec<f64> = [near(at.checked_sub(1)), near(Some(at + 1))].into_iter().flatten().collect();
        let is_valley = !beside.is_empty() && beside.iter().sum::<f64>() / beside.len() as f64 > value;
        let y = plot.y(value) + if is_valley { sheet.size * 1.35 } else { -sheet.size * 0.7 };
        text(plot.x(at), y, Anchor::Middle, &label(value))
    };
    haloed(values.iter().enumerate().filter_map(|(at, value)| Some(put(at, (*value)?))).collect())
}

/// Words with a white rim, so that they are read over a line.
pub fn haloed(words: Vec<Mark>) -> Option<Mark> {
    let group = Mark::new("g").with("stroke", "#fff").with("stroke-width", "4").with("stroke-linejoin", "round");
    (!words.is_empty()).then(|| group.with("paint-order", "stroke").holding(words))
}
