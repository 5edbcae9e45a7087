//! Words around a picture, placed so that none lies on another and none is cut off: labels along an axis, the legend,
//! and labels beside points that are pushed apart.

use super::mark::{Anchor, Mark, lines, rect, text};
use super::number::figure;
use super::text::{breaks, widest, width, wrap};
use super::{Chart, Sheet, palette};

/// Marks and the height that they take.
pub struct Block {
    pub marks: Vec<Mark>,
    pub height: f64,
}

/// Where labels stand along a horizontal axis.
pub struct Along<'a> {
    pub labels: &'a [String],
    /// The x of each
    pub centre: &'a dyn Fn(usize) -> f64,
    /// From one to the next
    pub band: f64,
    /// Ends that no label may pass
    pub ends: (f64, f64),
}

/// A label that was given a place: its middle, and its lines.
type Placed = (f64, Vec<String>);

/// Lines that a label may have where none is left out.
const LINES: usize = 3;

impl Along<'_> {
    /// All labels, in one line or a few; `None` if some would have to be left out.
    fn all(&self, sheet: &Sheet) -> Option<Vec<Placed>> {
        let in_band = self.band - sheet.size * 0.5;
        let room = self.ends.1 - self.ends.0;
        self.every(1, f64::INFINITY, sheet).or_else(|| self.wrapped(in_band.min(room), sheet)).filter(|placed| {
            let fits = |(_, lines): &Placed| lines.len() <= LINES && widest(lines, sheet.size) <= room;
            placed.iter().all(fits)
        })
    }

    /// All labels in lines of this width, if that breaks no word.
    fn wrapped(&self, most: f64, sheet: &Sheet) -> Option<Vec<Placed>> {
        let breaks = self.labels.iter().any(|label| breaks(label, sheet.size, most));
        if breaks { None } else { self.every(1, most, sheet) }
    }

    /// Whether no label has to be left out.
    pub fn fits(&self, sheet: &Sheet) -> bool {
        self.all(sheet).is_some()
    }

    /// Below the axis whose y is given: all labels if they fit, else one in so many, with steps that readers can go on with.
    pub fn below(&self, y: f64, sheet: &Sheet) -> Block {
        let is_monthly = self.labels.iter().all(|label| label.ends_with('月'));
        let steps: &[usize] = if is_monthly { &[2, 3, 4, 6, 12, 24, 60] } else { &[2, 5, 10, 20, 50, 100] };
        let steps = steps.iter().copied().chain([self.labels.len()]);
        self.block(self.all(sheet).or_else(|| self.thinned(steps, sheet)), y, sheet)
    }

    /// The first label and the last; if they do not fit, the first alone.
    pub fn at_ends(&self, y: f64, sheet: &Sheet) -> Block {
        let last = self.labels.len().saturating_sub(1).max(1);
        self.block(self.thinned(last..=last + 1, sheet), y, sheet)
    }

    fn thinned(&self, mut steps: impl Iterator<Item = usize>, sheet: &Sheet) -> Option<Vec<Placed>> {
        let most = (sheet.size * 9.0).min(self.ends.1 - self.ends.0);
        steps.find_map(|step| self.every(step, most, sheet))
    }

    fn block(&self, placed: Option<Vec<Placed>>, y: f64, sheet: &Sheet) -> Block {
        let placed = placed.unwrap_or_default();
        let most = placed.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0);
        let put = |(x, rows): Placed| lines(x, y + sheet.size * 1.25, Anchor::Middle, &rows, sheet.leading);
        let height = sheet.size * 0.5 + most as f64 * sheet.leading;
        Block { marks: placed.into_iter().flat_map(put).collect(), height }
    }

    /// Every so-many-th label, wrapped to the width, if none touches the next.
    fn every(&self, step: usize, most: f64, sheet: &Sheet) -> Option<Vec<Placed>> {
        let mut end = f64::NEG_INFINITY;
        let mut placed = Vec::new();
        for at in (0..self.labels.len()).step_by(step.max(1)).filter(|at| !self.labels[*at].is_empty()) {
            let rows =
                if most.is_finite() { wrap(&self.labels[at], sheet.size, most) } else { vec![self.labels[at].clone()] };
            let half = widest(&rows, sheet.size) / 2.0;
            let x = (self.centre)(at).min(self.ends.1 - half).max(self.ends.0 + half);
            if x - half < end + sheet.size * 0.4 || x + half > self.ends.1 + 0.01 {
                return None;
            }
            end = x + half;
            placed.push((x, rows));
        }
        Some(placed)
    }
}

/// What stands above the picture: what the values are, and the legend.
pub fn head(chart: &Chart, unit: &str, legend: Vec<Entry>, sheet: &Sheet) -> Block {
    let name = match chart.series.as_slice() {
        [only] if chart.kind != super::Kind::Pie => only.name.as_str(),
        _ => "",
    };
    let caption = match (name, unit) {
        ("", "") => String::new(),
        ("", unit) => ["单位：", unit].concat(),
        (name, "") => name.to_owned(),
        (name, unit) => [name, "（", unit, "）"].concat(),
    };
    let caption = if caption.is_empty() { Vec::new() } else { wrap(&caption, sheet.size, sheet.width - 4.0) };
    let marks = lines(2.0, sheet.size, Anchor::Start, &caption, sheet.leading);
    let height = caption.len() as f64 * sheet.leading;
    let gap = if caption.is_empty() || legend.is_empty() { 0.0 } else { sheet.size * 0.35 };
    let entries = flow(legend, height + gap, sheet);
    let height = entries.height + if entries.height > 0.0 { sheet.size * 0.5 } else { 0.0 };
    Block { marks: marks.into_iter().chain(entries.marks).collect(), height }
}

/// An entry of a legend: its words, and the sign before them, `SIGN` wide, drawn around the given point at its left.
pub struct Entry {
    pub name: String,
    pub sign: Box<dyn Fn((f64, f64)) -> Vec<Mark>>,
}

const SIGN: f64 = 30.0;

/// An entry for each series of lines.
pub fn lines_of(chart: &Chart) -> Vec<Entry> {
    let entry = |(at, series): (usize, &super::Series)| Entry {
        name: series.name.clone(),
        sign: Box::new(move |place| palette::sample_of_line(at, place, SIGN)),
    };
    chart.series.iter().enumerate().map(entry).collect()
}

/// An entry for each name of areas.
pub fn areas_of<'a>(names: impl Iterator<Item = &'a str>, id: &str) -> Vec<Entry> {
    let entry = |(at, name): (usize, &str)| {
        let id = id.to_owned();
        let sign = move |place| vec![palette::filled(swatch(place), at, &id)];
        Entry { name: name.to_owned(), sign: Box::new(sign) }
    };
    names.enumerate().map(entry).collect()
}

/// The outline of a sample of an area.
pub fn swatch((x, y): (f64, f64)) -> Mark {
    rect((x + 2.0, y - 7.0), (x + SIGN - 2.0, y + 7.0))
}

/// Entries in rows below the given y, each row as full as it gets.
fn flow(entries: Vec<Entry>, top: f64, sheet: &Sheet) -> Block {
    let mut marks = Vec::new();
    let (mut x, mut y, mut rows) = (2.0, top, 0);
    for entry in entries {
        let words = wrap(&entry.name, sheet.size, sheet.width - SIGN - 12.0);
        let wide = SIGN + 6.0 + widest(&words, sheet.size);
        if rows > 0 && (x + wide > sheet.width - 2.0 || words.len() > 1) {
            (x, y) = (2.0, y + rows as f64 * sheet.leading + sheet.size * 0.2);
            rows = 0;
        }
        marks.extend((entry.sign)((x, y + sheet.leading - sheet.size * 0.72)));
        marks.extend(lines(
            x + SIGN + 6.0,
            y + sheet.leading - sheet.size * 0.36,
            Anchor::Start,
            &words,
            sheet.leading,
        ));
        rows = rows.max(words.len());
        x += wide + sheet.size * 1.3;
    }
    Block { marks, height: y + rows as f64 * sheet.leading }
}

/// Middles of boxes with the given heights, as near to where they want to be as the others and the ends allow (by least
/// squares). They must be sorted; if they do not fit they begin at the top.
pub fn spread(wanted: &[f64], heights: &[f64], (top, bottom): (f64, f64)) -> Vec<f64> {
    let above: Vec<f64> = heights.iter().scan(0.0, |sum, height| Some(std::mem::replace(sum, *sum + height))).collect();
    // where each box wants the whole stack to begin; boxes that want to pass each other agree on their mean
    let mut groups: Vec<(f64, usize)> = Vec::new();
    for ((wanted, height), above) in wanted.iter().zip(heights).zip(&above) {
        let mut group = (wanted - height / 2.0 - above, 1);
        while let Some((begin, count)) = groups.pop_if(|(begin, _)| *begin > group.0) {
            let sum = begin * count as f64 + group.0 * group.1 as f64;
            group = (sum / (count + group.1) as f64, count + group.1);
        }
        groups.push(group);
    }
    let last = (bottom - heights.iter().sum::<f64>()).max(top);
    let begins = groups.into_iter().flat_map(|(begin, count)| std::iter::repeat_n(begin.clamp(top, last), count));
    begins.zip(heights).zip(above).map(|((begin, height), above)| begin + above + height / 2.0).collect()
}

/// A figure for a bar or a point, in the scale of the axis.
pub fn value_label(value: f64, scale: super::number::Scale, decimals: usize) -> String {
    let text = figure(scale.apply(value), decimals);
    if text == "0" && value != 0.0 { "≈0".to_owned() } else { text }
}

/// The ticks of a vertical axis left of its grid lines, which go from `left` to `right`.
pub fn grid(
    ticks: &[(f64, String)],
    y: &dyn Fn(f64) -> f64,
    (left, right): (f64, f64),
    with_words: bool,
    sheet: &Sheet,
) -> Vec<Mark> {
    let rule = |value: &f64| super::mark::line((left, y(*value)), (right, y(*value)));
    let rules = super::mark::grid(ticks.iter().map(|(value, _)| rule(value)).collect());
    let words = ticks.iter().filter(|_| with_words);
    let words = words.map(|(value, word)| text(left - 8.0, y(*value) + sheet.size * 0.35, Anchor::End, word));
    [rules].into_iter().chain(words).collect()
}

/// The width that the words of ticks need, with the gap after them.
pub fn tick_width(ticks: &[(f64, String)], sheet: &Sheet) -> f64 {
    ticks.iter().map(|(_, word)| width(word, sheet.size)).fold(0.0, f64::max) + 10.0
}

/// Whether a reader knows the labels that are left out: years, months, numbered weeks.
pub fn is_sequence(labels: &[String]) -> bool {
    let is_time = |label: &String| {
        label.starts_with(|c: char| c.is_ascii_digit() || c == '第')
            || label.ends_with(['年', '月', '日', '周', '期', '时', '旬'])
    };
    labels.iter().all(is_time)
}
