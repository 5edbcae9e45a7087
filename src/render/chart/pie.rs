//! Pies of at most six parts, clockwise from the top, each named beside it or, on narrow sheets, in a list below.

use super::labels::{Block, spread, swatch};
use super::mark::{Anchor, Mark, lines, path, through};
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

impl Part<'_> {
    /// Where its label is: of nearly the whole pie, at the right.
    fn middle(&self) -> f64 {
        if self.end - self.begin > 0.9 { 0.25 } else { (self.begin + self.end) / 2.0 }
    }
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
        let [above, below] = [0, 1].map(|end| sides.iter().map(|side| side.reach[end]).fold(radius + KNEE, f64::max));
        let middle = (sheet.width / 2.0, top + above);
        marks.extend(parts.iter().map(|part| slice(part, middle, radius, sheet)));
        marks.extend(sides.iter().flat_map(|side| side.marks(middle, radius, sheet)));
        top + above + below
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
    labels: Vec<SideLabel>,
    /// How far they reach above and below the middle of the pie
    reach: [f64; 2],
}

struct SideLabel {
    /// Where the leader begins, as a share of a turn
    share: f64,
    rows: Vec<String>,
    /// Its middle, from the middle of the pie
    y: f64,
}

/// Between the pie and the words beside it.
const LEADER: f64 = 34.0;
/// How far a leader goes straight away from the pie.
const KNEE: f64 = 12.0;

fn side(parts: &[Part], is_left: bool, radius: f64, sheet: &Sheet) -> Side {
    let room = sheet.width / 2.0 - radius - LEADER - 4.0;
    let words = |part: &Part| -> Vec<String> {
        let rows = [part.name, &part.figures].map(|text| wrap(text, sheet.size, room));
        rows.concat().into_iter().filter(|line| !line.is_empty()).collect()
    };
    let mut own: Vec<(f64, Vec<String>)> =
        parts.iter().map(|part| (part.middle(), words(part))).filter(|(share, _)| (*share > 0.5) == is_left).collect();
    if is_left {
        own.reverse();
    }
    let heights: Vec<f64> = own.iter().map(|(_, rows)| rows.len() as f64 * sheet.leading + sheet.size * 0.4).collect();
    let wanted: Vec<f64> = own.iter().map(|(share, _)| on_circle((0.0, 0.0), radius + KNEE, *share).1).collect();
    // no ends: leaders that go up or down beside the pie do not cross it
    let places = spread(&wanted, &heights, (f64::NEG_INFINITY, f64::INFINITY));
    let ends = places.iter().zip(&heights).map(|(y, height)| [height / 2.0 - y, height / 2.0 + y]);
    let reach = ends.fold([0.0, 0.0], |[above, below], [over, under]| [f64::max(above, over), f64::max(below, under)]);
    let label = |((share, rows), y)| SideLabel { share, rows, y };
    Side { is_left, labels: own.into_iter().zip(places).map(label).collect(), reach }
}

impl Side {
    fn marks(&self, middle: (f64, f64), radius: f64, sheet: &Sheet) -> Vec<Mark> {
        let (sign, anchor) = if self.is_left { (-1.0, Anchor::End) } else { (1.0, Anchor::Start) };
        let x = middle.0 + sign * (radius + LEADER);
        let mut marks = Vec::new();
        for SideLabel { share, rows, y } in &self.labels {
            let place = middle.1 + y;
            let [edge, knee] = [2.0, KNEE].map(|beyond| on_circle(middle, radius + beyond, *share));
            let leader = path(&through(&[edge, knee, (x - sign * 5.0, place)])).with("fill", "none");
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
