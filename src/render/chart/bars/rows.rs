//! Bars that lie, with their labels at the left: for long labels, and for many bars.

use super::super::axis::Axis;
use super::super::labels::{Along, head};
use super::super::mark::{Anchor, Mark, line, lines, text};
use super::super::text::{widest, width, wrap};
use super::super::{Chart, Colouring, Picture, Sheet};
use super::{Bar, Tag, abreast, bar_mark, class, figures, legend, tags};

/// Between the rows.
const GAP: f64 = 12.0;
/// Between a label or the end of a bar and what is beside it.
const SPACE: f64 = 7.0;
/// More bars than this are thin and without figures.
const MANY: usize = 90;

/// The rows: labels with their lines, and from where to where each goes.
struct Rows {
    labels: Vec<Vec<String>>,
    /// (upper end, lower end) of each
    ends: Vec<(f64, f64)>,
    /// Of one bar
    thick: f64,
    count: usize,
}

impl Rows {
    fn middle(&self, row: usize) -> f64 {
        (self.ends[row].0 + self.ends[row].1) / 2.0
    }

    /// From where to where a bar goes that takes this part of its band.
    fn across(&self, row: usize, (from, to): (f64, f64)) -> (f64, f64) {
        let place = |share: f64| self.middle(row) + (share - 0.5) / super::FULL * self.thick * self.count as f64;
        (place(from), place(to))
    }
}

pub fn draw(chart: &Chart, bars: &[Bar], axis: Axis, defs: Vec<Mark>, sheet: &Sheet) -> Picture {
    let head = head(chart, &axis.scale.unit(&chart.unit), legend(chart, false, sheet), sheet);
    let has_tags = chart.colouring == Colouring::Aqi || chart.labels.len() * abreast(chart) <= MANY;
    let tags = if has_tags { tags(chart, bars) } else { Vec::new() };
    let texts = texts(chart, &tags, &axis);
    let rows = rows(chart, has_tags, head.height + sheet.size * 0.4, sheet);
    let beside = widest(&texts, sheet.size) + if texts.is_empty() { 0.0 } else { SPACE };
    let has_negative = bars.iter().any(|bar| bar.along.1 < 0.0);
    let labels = rows.labels.iter().map(|label| widest(label, sheet.size)).fold(0.0, f64::max);
    let left = labels + SPACE + 4.0 + if has_negative { beside } else { 0.0 };
    let right = sheet.width - 4.0 - beside;
    let x = |value: f64| left + (right - left) * axis.share(value);
    let floor = rows.ends.last().map_or(head.height, |(_, lower)| *lower) + GAP / 2.0;
    let top = rows.ends.first().map_or(head.height, |(upper, _)| *upper) - GAP / 2.0;
    let scale = scale(&axis, &x, floor, sheet);
    let rule = |value: f64| line((x(value), top), (x(value), floor));
    let mut marks = head.marks;
    marks.push(super::super::mark::grid(axis.ticks().iter().map(|(value, _)| rule(*value)).collect()));
    for (row, label) in rows.labels.iter().enumerate() {
        let first = rows.middle(row) - label.len() as f64 * sheet.leading / 2.0 + sheet.size;
        marks.extend(lines(labels + 4.0, first, Anchor::End, label, sheet.leading));
    }
    marks.extend(bars.iter().map(|bar| {
        let (upper, lower) = rows.across(bar.category, bar.across);
        bar_mark((x(bar.along.0), upper), (x(bar.along.1), lower), bar, chart, sheet)
    }));
    marks.push(rule(0.0).with("stroke", "currentColor").with("stroke-width", "1.2"));
    for (tag, words) in tags.iter().zip(&texts) {
        let (upper, lower) = rows.across(tag.category, tag.across);
        let y = (upper + lower) / 2.0 + sheet.size * 0.35;
        marks.push(match tag.at < 0.0 {
            true => text(x(tag.at) - SPACE, y, Anchor::End, words),
            false => text(x(tag.at) + SPACE, y, Anchor::Start, words),
        });
    }
    marks.extend(scale.marks);
    Picture { height: floor + scale.height, defs, marks }
}

/// The words of the value axis; some are left out where they would touch.
fn scale(axis: &Axis, x: &dyn Fn(f64) -> f64, floor: f64, sheet: &Sheet) -> super::super::labels::Block {
    let (values, words): (Vec<f64>, Vec<String>) = axis.ticks().into_iter().unzip();
    let centre = |at: usize| values.get(at).map_or(0.0, |value| x(*value));
    let longest = words.iter().map(|word| width(word, sheet.size)).fold(0.0, f64::max);
    Along { labels: &words, centre: &centre, band: longest, ends: (2.0, sheet.width - 2.0) }.below(floor, sheet)
}

fn rows(chart: &Chart, has_tags: bool, top: f64, sheet: &Sheet) -> Rows {
    let room = sheet.width * 0.38;
    let count = abreast(chart);
    let thick = if has_tags { sheet.leading } else { 8.0 };
    let labels: Vec<Vec<String>> = chart.labels.iter().map(|label| wrap(label, sheet.size, room)).collect();
    let mut upper = top + GAP / 2.0;
    let mut ends = Vec::new();
    for label in &labels {
        let lower = upper + (label.len() as f64 * sheet.leading).max(thick * count as f64);
        ends.push((upper, lower));
        upper = lower + GAP;
    }
    Rows { labels, ends, thick, count }
}

fn texts(chart: &Chart, tags: &[Tag], axis: &Axis) -> Vec<String> {
    let figure = figures(chart, axis);
    let words = |tag: &Tag| match (chart.colouring, tag.value) {
        (_, None) => "—".to_owned(),
        (Colouring::Aqi, Some(aqi)) => [&figure(aqi), " ", class(aqi).name()].concat(),
        (Colouring::Series, Some(value)) => figure(value),
    };
    tags.iter().map(words).collect()
}
