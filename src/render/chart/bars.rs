//! Bars, beside each other or stacked: what they are, and whether they stand (`columns`) or lie (`rows`). They always begin
//! at 0, since their length is what is compared.

mod columns;
mod rows;

use crate::model::aqi::Class;

use super::axis::Axis;
use super::labels::{Along, Entry, areas_of, is_sequence, swatch, tick_width, value_label};
use super::mark::{Mark, rect};
use super::number::decimals_for;
use super::{Chart, Colouring, Kind, Picture, Sheet, palette};

/// A bar: across, where it lies in the band of its category (0 to 1); along, from value to value.
struct Bar {
    category: usize,
    series: usize,
    across: (f64, f64),
    along: (f64, f64),
}

/// What is written at the end of a bar.
struct Tag {
    category: usize,
    across: (f64, f64),
    /// Where the bar ends
    at: f64,
    value: Option<f64>,
}

/// Part of a band that bars fill.
const FULL: f64 = 0.72;

fn draw_axis(bars: &[Bar]) -> Axis {
    Axis::around(bars.iter().flat_map(|bar| [bar.along.0, bar.along.1]), true, 5)
}

pub fn draw(chart: &Chart, sheet: &Sheet) -> Picture {
    let bars = bars(chart);
    let axis = draw_axis(&bars);
    let defs =
        if chart.colouring == Colouring::Aqi { Vec::new() } else { palette::hatches(chart.series.len(), &sheet.id) };
    match lie(chart, &axis, sheet) {
        true => rows::draw(chart, &bars, axis, defs, sheet),
        false => columns::draw(chart, &bars, axis, defs, sheet),
    }
}

/// Bars of one category that stand beside each other.
fn abreast(chart: &Chart) -> usize {
    if chart.kind == Kind::Stacked { 1 } else { chart.series.len() }
}

fn bars(chart: &Chart) -> Vec<Bar> {
    let mut bars = Vec::new();
    for category in 0..chart.labels.len() {
        let (mut above, mut below) = (0.0, 0.0);
        for (series, value) in chart.series.iter().map(|series| series.values[category]).enumerate() {
            let Some(value) = value else { continue };
            let along = match chart.kind {
                Kind::Stacked if value < 0.0 => (below, below + value),
                Kind::Stacked => (above, above + value),
                _ => (0.0, value),
            };
            if value < 0.0 {
                below = along.1
            } else {
                above = along.1
            }
            bars.push(Bar { category, series, across: across(series, chart), along });
        }
    }
    bars
}

fn across(series: usize, chart: &Chart) -> (f64, f64) {
    let count = abreast(chart);
    let share = |at: usize| (1.0 - FULL) / 2.0 + FULL * at as f64 / count as f64;
    let at = if chart.kind == Kind::Stacked { 0 } else { series };
    (share(at), share(at + 1))
}

/// What could be written at the bars: every value, of stacks the sums. None where stacks go both ways.
fn tags(chart: &Chart, bars: &[Bar]) -> Vec<Tag> {
    if chart.kind != Kind::Stacked {
        let of_series = |(series, values): (usize, &super::Series)| {
            let across = across(series, chart);
            let tag = |(category, value): (usize, &Option<f64>)| Tag {
                category,
                across,
                at: value.unwrap_or(0.0),
                value: *value,
            };
            values.values.iter().enumerate().map(tag).collect::<Vec<_>>()
        };
        return chart.series.iter().enumerate().flat_map(of_series).collect();
    }
    if chart.values().any(|value| value < 0.0) {
        return Vec::new();
    }
    let sum =
        |category: usize| bars.iter().filter(|bar| bar.category == category).map(|bar| bar.along.1).reduce(f64::max);
    let tag = |category: usize| Tag {
        category,
        across: across(0, chart),
        at: sum(category).unwrap_or(0.0),
        value: sum(category),
    };
    (0..chart.labels.len()).map(tag).collect()
}

/// How values are written in this chart.
fn figures(chart: &Chart, axis: &Axis) -> impl Fn(f64) -> String + use<> {
    let (scale, largest) = (axis.scale, chart.values().map(f64::abs).fold(0.0, f64::max));
    let decimals = decimals_for(scale.apply(largest));
    move |value| value_label(value, scale, decimals)
}

/// The class of an AQI; a value between two whole numbers is rounded up, as the standard does.
fn class(aqi: f64) -> Class {
    Class::of(aqi.clamp(0.0, 500.0).ceil() as u16)
}

/// A class in one character: 轻 for 轻度污染.
fn short(class: Class) -> String {
    class.name().chars().take(1).collect()
}

/// The bar as it is filled: with the colour and hatch of its series, or the colour of its class in an outline.
fn filled(mark: Mark, bar: &Bar, chart: &Chart, sheet: &Sheet) -> Mark {
    match chart.colouring {
        Colouring::Series => palette::filled(mark, bar.series, &sheet.id),
        Colouring::Aqi => mark.with("fill", class(bar.along.1).colour()).with("stroke", "currentColor"),
    }
}

fn bar_mark(from: (f64, f64), to: (f64, f64), bar: &Bar, chart: &Chart, sheet: &Sheet) -> Mark {
    filled(rect(from, to), bar, chart, sheet)
}

/// The legend: series if there are several, or the classes of the AQI that occur, where bars name them by one character.
fn legend(chart: &Chart, is_short: bool, sheet: &Sheet) -> Vec<Entry> {
    match chart.colouring {
        Colouring::Series if chart.series.len() > 1 => {
            areas_of(chart.series.iter().map(|series| series.name.as_str()), &sheet.id)
        }
        Colouring::Aqi if is_short => {
            let occurs = |name: &Class| chart.values().any(|aqi| class(aqi) == *name);
            let entry = |class: Class| Entry {
                name: [class.name(), " ", class.range()].concat(),
                sign: Box::new(move |place| {
                    vec![swatch(place).with("fill", class.colour()).with("stroke", "currentColor")]
                }),
            };
            Class::ALL.into_iter().filter(occurs).map(entry).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether bars lie: their labels do not fit below, or they would be too thin, or too thin to be named.
fn lie(chart: &Chart, axis: &Axis, sheet: &Sheet) -> bool {
    let left = tick_width(&axis.ticks(), sheet);
    let band = (sheet.width - 4.0 - left) / chart.labels.len() as f64;
    let along = Along {
        labels: &chart.labels,
        centre: &|at| left + band * (at as f64 + 0.5),
        band,
        ends: (2.0, sheet.width - 2.0),
    };
    let thinnest = if is_sequence(&chart.labels) { 1.2 } else { 5.0 };
    let is_thin = band * FULL / (abreast(chart) as f64) < thinnest;
    let is_nameless = chart.colouring == Colouring::Aqi && band < sheet.size * 1.2;
    is_thin || is_nameless || !along.fits(sheet) && !is_sequence(&chart.labels)
}
