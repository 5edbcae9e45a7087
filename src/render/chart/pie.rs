//! Pies of at most six parts, clockwise from the top, each named beside it or, on narrow sheets, in a list below.

use super::labels::{Block, spread, swatch};
use super::mark::{Anchor, Mark, line, lines, path};
use super::number::{coordinate, decimals_for, scale};
use super::text::wrap;
use super::words::percent;
use super::{Chart, Format, Picture, Sheet, labels, palette};

/// A part that is drawn: its place among the labels, and where it begins and ends (shares of the whole).
struct Part<'a> {
    at: usize,
    name: &'a str,
    /// `34.5%（120）`
    figures: String,
    begin: f64,
    end: f64,
}

pub fn draw(chart: &Chart, sheet: &Sheet) -> Picture {
    let largest = chart.values().fold(0.0, f64::max);
    let head = labels::head(chart, &scale(largest).unit(&chart.unit), Vec::new(), sheet);
    let parts = parts(chart, largest);
    let (radius, beside) = match sheet.format {
        Format::Wide => (sheet.plot * 0.42, true),
        Format::Narrow => (sheet.plot * 0.45, false),
    };
    let top = head.height + sheet.size;
    let mut marks = head.marks;
    let height = if beside {
        let sides = [false, true].map(|is_left| side(&parts, is_left, radius, sheet));
        let tall = sides.iter().map(|side| side.height).fold(radius * 2.0, f64::max);
        let middle = (sheet.width / 2.0, top + tall / 2.0);
        marks.extend(parts.iter().map(|part| slice(part, middle, radius, sheet)));
        marks.extend(sides.iter().flat_map(|side| side.marks(middle, (top, top + tall), radius, sheet)));
        top + tall
    } else {
        let middle = (sheet.width / 2.0, top + radius);
        marks.extend(parts.iter().map(|part| slice(part, middle, radius, sheet)));
        let list = list(&parts, top + radius * 2.0 + sheet.size, sheet);
        marks.extend(list.marks);
        list.height
    };
    Picture { height: height + sheet.size * 0.5, defs: palette::hatches(chart.labels.len(), &sheet.id), marks }
}

/// Parts that have a size; what is 0 or missing stands in the table alone.
fn parts(chart: &Chart, largest: f64) -> Vec<Part<'_>> {
    let values = &chart.series[0].values;
    let sum: f64 = values.iter().flatten().sum();
    let scale = scale(largest);
    let mut end = 0.0;
    let mut parts = Vec::new();
    for (at, (name, value)) in chart.labels.iter().zip(values).enumerate() {
        let Some(value) = value.filter(|value| *value > 0.0) else { continue };
        let figure = labels::value_label(value, scale, decimals_for(scale.apply(largest)));
        let figures = [&percent(value / sum), "（", &figure, "）"].concat();
        let begin = end;
        end = begin + value / sum;
        parts.push(Part { at, name, figures, begin, end });
    }
    parts
}

fn slice(part: &Part, (x, y): (f64, f64), radius: f64, sheet: &Sheet) -> Mark {
    let shape = match part.end - part.begin {
        share if share > 0.9999 => Mark::new("circle").at("cx", x).at("cy", y).at("r", radius),
        share => {
            let [from, to] = [part.begin, part.end].map(|share| on_circle((x, y), radius, share));
            let far = if share > 0.5 { "1" } else { "0" };
            let [x, y, radius] = [x, y, radius].map(coordinate);
            let [from, to] = [from, to].map(|(x, y)| [coordinate(x), " ".to_owned(), coordinate(y)].concat());
            path(&["M", &x, " ", &y, "L", &from, "A", &radius, " ", &radius, " 0 ", far, " 1 ", &to, "Z"].concat())
        }
    };
    palette::filled(shape, part.at, &sheet.id).with("stroke-width", "1.5")
}

/// The labels of one side, from above to below.
struct Side {
    is_left: bool,
    labels: Vec<(f64, Vec<String>)>,
    heights: Vec<f64>,
    height: f64,
}

/// Between the pie and the words beside it.
const LEADER: f64 = 34.0;

fn side(parts: &[Part], is_left: bool, radius: f64, sheet: &Sheet) -> Side {
    let room = sheet.width / 2.0 - radius - LEADER - 4.0;
    let middle = |part: &Part| (part.begin + part.end) / 2.0;
    let words = |part: &Part| -> Vec<String> {
        let rows = [part.name, &part.figures].map(|text| wrap(text, sheet.size, room));
        rows.concat().into_iter().filter(|line| !line.is_empty()).collect()
    };
    let own = parts.iter().filter(|part| (middle(part) > 0.5) == is_left);
    let mut labels: Vec<(f64, Vec<String>)> = own.map(|part| (middle(part), words(part))).collect();
    if is_left {
        labels.reverse();
    }
    let heights: Vec<f64> =
        labels.iter().map(|(_, rows)| rows.len() as f64 * sheet.leading + sheet.size * 0.4).collect();
    Side { is_left, labels, height: heights.iter().sum(), heights }
}

impl Side {
    fn marks(&self, middle: (f64, f64), ends: (f64, f64), radius: f64, sheet: &Sheet) -> Vec<Mark> {
        let wanted: Vec<f64> = self.labels.iter().map(|(share, _)| on_circle(middle, radius, *share).1).collect();
        let places = spread(&wanted, &self.heights, ends);
        let (sign, anchor) = if self.is_left { (-1.0, Anchor::End) } else { (1.0, Anchor::Start) };
        let mut marks = Vec::new();
        for ((share, rows), place) in self.labels.iter().zip(places) {
            let x = middle.0 + sign * (radius + LEADER);
            let leader = line(on_circle(middle, radius + 3.0, *share), (x - sign * 5.0, place));
            marks.push(leader.with("stroke", "currentColor").with("stroke-width", "1"));
            let first = place - rows.len() as f64 * sheet.leading / 2.0 + sheet.size;
            marks.extend(lines(x, first, anchor, rows, sheet.leading));
        }
        marks
    }
}

/// A row for each part, below each other; the height is where the list ends.
fn list(parts: &[Part], top: f64, sheet: &Sheet) -> Block {
    let mut y = top;
    let mut marks = Vec::new();
    for part in parts {
        let rows = wrap(&[part.name, "　", &part.figures].concat(), sheet.size, sheet.width - 44.0);
        marks.push(palette::filled(swatch((0.0, y + sheet.size * 0.65)), part.at, &sheet.id));
        marks.extend(lines(38.0, y + sheet.size, Anchor::Start, &rows, sheet.leading));
        y += rows.len() as f64 * sheet.leading + sheet.size * 0.3;
    }
    Block { marks, height: y }
}

/// A point on a circle, by the share of a turn clockwise from the top.
fn on_circle((x, y): (f64, f64), radius: f64, share: f64) -> (f64, f64) {
    let quarter = (share * 4.0).floor();
    let (sin, cos) = sine_and_cosine((share * 4.0 - quarter) * std::f64::consts::FRAC_PI_2);
    let (dx, dy) = match quarter as i64 % 4 {
        0 => (sin, -cos),
        1 => (cos, sin),
        2 => (-sin, cos),
        _ => (-cos, -sin),
    };
    (x + radius * dx, y + radius * dy)
}

/// By their series, for angles up to a right one: the system's functions differ between machines in the last digit.
fn sine_and_cosine(angle: f64) -> (f64, f64) {
    let series = |first: f64, from: u32| {
        let steps = (0..12).scan(first, |term, step| {
            let now = *term;
            let next = f64::from(from + 2 * step);
            *term *= -angle * angle / ((next + 1.0) * (next + 2.0));
            Some(now)
        });
        steps.sum::<f64>()
    };
    (series(angle, 1), series(1.0, 0))
}
