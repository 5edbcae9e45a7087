//! Bars that stand, with their labels below.

use super::super::axis::Axis;
use super::super::labels::{Along, grid, head, tick_width};
use super::super::line::{Plot, haloed, zero};
use super::super::mark::{Anchor, Mark, text};
use super::super::text::width;
use super::super::{Chart, Colouring, Kind, Picture, Sheet};
use super::{Bar, Tag, abreast, bar_mark, class, figures, legend, short, tags};

/// The thickest bar: a single one does not fill the sheet.
const THICKEST: f64 = 64.0;

pub fn draw(chart: &Chart, bars: &[Bar], axis: Axis, defs: Vec<Mark>, sheet: &Sheet) -> Picture {
    let ticks = axis.ticks();
    let left = tick_width(&ticks, sheet);
    let band = (sheet.width - 4.0 - left) / chart.labels.len() as f64;
    let tags = tags(chart, bars);
    let is_short = is_short(chart, band, sheet);
    let texts = fitting(chart, &tags, &axis, band, sheet);
    let head = head(chart, &axis.scale.unit(&chart.unit), legend(chart, is_short, sheet), sheet);
    let pad = texts.iter().map(Vec::len).max().unwrap_or(0) as f64 * sheet.leading + sheet.size * 0.3;
    let has_negative = bars.iter().any(|bar| bar.along.1 < 0.0);
    let top = head.height + pad.max(sheet.size * 0.9);
    let plot = Plot { axis, left, right: sheet.width - 4.0, top, bottom: top + sheet.plot, count: chart.labels.len() };
    let floor = plot.bottom + if has_negative { pad } else { sheet.size * 0.2 };
    let along = Along { labels: &chart.labels, centre: &|at| plot.x(at), band, ends: (2.0, sheet.width - 2.0) };
    let below = along.below(floor, sheet);
    let mut marks = head.marks;
    marks.extend(grid(&ticks, &|value| plot.y(value), (plot.left, plot.right), true, sheet));
    marks.extend(bars.iter().map(|bar| {
        let (from, to) = x(bar.category, bar.across, &plot, chart);
        bar_mark((from, plot.y(bar.along.0)), (to, plot.y(bar.along.1)), bar, chart, sheet)
    }));
    marks.extend(zero(&plot));
    let words = tags.iter().zip(&texts).flat_map(|(tag, rows)| words(tag, rows, &plot, chart, sheet));
    marks.extend(haloed(words.collect()));
    marks.extend(below.marks);
    Picture { height: floor + below.height, defs, marks }
}

/// From left to right, no thicker than `THICKEST`.
fn x(category: usize, (from, to): (f64, f64), plot: &Plot, chart: &Chart) -> (f64, f64) {
    let count = abreast(chart) as f64;
    let narrowed = (THICKEST * count / (plot.band() * super::FULL)).min(1.0);
    let place = |share: f64| plot.x(category) + plot.band() * (share - 0.5) * narrowed;
    (place(from), place(to))
}

fn words(tag: &Tag, rows: &[String], plot: &Plot, chart: &Chart, sheet: &Sheet) -> Vec<Mark> {
    let (from, to) = x(tag.category, tag.across, plot, chart);
    let end = plot.y(tag.at);
    let first = match tag.at < 0.0 {
        true => end + sheet.size * 1.15,
        false => end - sheet.size * 0.4 - (rows.len().saturating_sub(1)) as f64 * sheet.leading,
    };
    let row =
        |(at, row): (usize, &String)| text((from + to) / 2.0, first + at as f64 * sheet.leading, Anchor::Middle, row);
    rows.iter().enumerate().map(row).collect()
}

/// Whether classes are named by one character, since the longest name does not fit.
fn is_short(chart: &Chart, band: f64, sheet: &Sheet) -> bool {
    let longest = chart.values().map(|aqi| width(class(aqi).name(), sheet.size)).fold(0.0, f64::max);
    chart.colouring == Colouring::Aqi && longest > band - 4.0
}

/// The words of every tag: all of them or, where one does not fit, none; but a class is always named.
fn fitting(chart: &Chart, tags: &[Tag], axis: &Axis, band: f64, sheet: &Sheet) -> Vec<Vec<String>> {
    let figure = figures(chart, axis);
    let values: Vec<String> = tags.iter().map(|tag| tag.value.map_or("—".to_owned(), &figure)).collect();
    let room = match chart.kind {
        Kind::Bar if chart.series.len() > 1 => band * super::FULL / chart.series.len() as f64 - 2.0,
        _ => band - 4.0,
    };
    let fits = values.iter().all(|value| width(value, sheet.size) <= room);
    let is_short = is_short(chart, band, sheet);
    let name = |tag: &Tag| match (chart.colouring, tag.value) {
        (Colouring::Aqi, Some(aqi)) if is_short => Some(short(class(aqi))),
        (Colouring::Aqi, Some(aqi)) => Some(class(aqi).name().to_owned()),
        (Colouring::Aqi, None) if !fits => Some("—".to_owned()),
        _ => None,
    };
    tags.iter().zip(values).map(|(tag, value)| name(tag).into_iter().chain(fits.then_some(value)).collect()).collect()
}
