//! Colours, and the second cue beside each: a dash and a marker for lines, a hatch for areas. Whoever sees no colours, or
//! has a black-and-white print, tells the series apart by it.
//!
//! The colours are those of Okabe and Ito (2008), which people with the common colour blindnesses can tell apart. Orange,
//! sky blue and yellow are darkened until they reach 3 : 1 on white (WCAG 1.4.11); the tests compute it.

use super::mark::{Mark, line, path, rect};

/// Blue, vermilion, green, reddish purple, orange (from #E69F00), sky blue (from #56B4E9), black, yellow (from #F0E442).
pub const COLOURS: [&str; 8] = ["#0072b2", "#d55e00", "#009e73", "#b85c91", "#b87f00", "#3b96c9", "#1f1f1f", "#857c00"];

/// Most series that one picture tells apart.
pub const MOST: usize = COLOURS.len();

const DASHES: [&str; 8] = ["", "9 5", "2 4", "10 4 2 4", "14 4", "5 3", "1 3", "10 3 2 3 2 3"];

pub fn colour(series: usize) -> &'static str {
    COLOURS[series % MOST]
}

/// The dash of a line; the first has none.
pub fn dashed(mark: Mark, series: usize) -> Mark {
    match DASHES[series % MOST] {
        "" => mark,
        dash => mark.with("stroke-dasharray", dash),
    }
}

/// The marker of a series around a point: round, square, triangle, diamond, then the same hollow.
pub fn marker(series: usize, (x, y): (f64, f64), size: f64) -> Mark {
    let shape = match series % 4 {
        0 => Mark::new("circle").at("cx", x).at("cy", y).at("r", size),
        1 => rect((x - size * 0.9, y - size * 0.9), (x + size * 0.9, y + size * 0.9)),
        2 => path(&polygon(&[
            (x, y - size * 1.15),
            (x + size * 1.1, y + size * 0.85),
            (x - size * 1.1, y + size * 0.85),
        ])),
        _ => path(&polygon(&[(x, y - size * 1.3), (x + size * 1.3, y), (x, y + size * 1.3), (x - size * 1.3, y)])),
    };
    let is_hollow = series % MOST >= 4;
    let shape = shape.with("fill", if is_hollow { "#fff" } else { colour(series) });
    shape.with("stroke", colour(series)).with("stroke-width", if is_hollow { "2" } else { "1" })
}

fn polygon(points: &[(f64, f64)]) -> String {
    [super::mark::through(points).as_str(), "Z"].concat()
}

/// The fill of an area: the first series is solid, the others refer to a hatch of `hatches`.
pub fn filled(mark: Mark, series: usize, id: &str) -> Mark {
    let fill = match series % MOST {
        0 => colour(0).to_owned(),
        hatch => ["url(#", id, "-h", &hatch.to_string(), ")"].concat(),
    };
    mark.with("fill", fill).with("stroke", colour(series))
}

/// The hatches of the first `count` series, to be defined once a picture.
pub fn hatches(count: usize, id: &str) -> Vec<Mark> {
    (1..count.min(MOST)).map(|series| hatch(series, id)).collect()
}

/// Light ones (the colour on white) and dark ones (white on the colour) take turns, so that grey values differ, too.
fn hatch(series: usize, id: &str) -> Mark {
    let is_dark = matches!(series, 2 | 4 | 6);
    let (ground, ink) = if is_dark { (colour(series), "#fff") } else { ("#fff", colour(series)) };
    let name = [id, "-h", &series.to_string()].concat();
    let pattern = Mark::new("pattern").with("id", name).with("patternUnits", "userSpaceOnUse");
    let pattern = pattern.with("width", "8").with("height", "8");
    let whole = rect((0.0, 0.0), (8.0, 8.0)).with("fill", ground);
    let ink_of = |mark: Mark| mark.with("stroke", ink).with("stroke-width", if is_dark { "1.8" } else { "2" });
    let rising = "M-2 2L2 -2M0 8L8 0M6 10L10 6";
    let falling = "M-2 6L2 10M0 0L8 8M6 -2L10 2";
    let strokes = match series {
        1 => vec![ink_of(path(rising))],
        2 => vec![Mark::new("circle").at("cx", 4.0).at("cy", 4.0).at("r", 1.8).with("fill", ink)],
        3 => vec![ink_of(line((0.0, 4.0), (8.0, 4.0)))],
        4 => vec![ink_of(path(falling))],
        5 => vec![ink_of(path(&[rising, falling].concat()))],
        6 => vec![ink_of(line((4.0, 0.0), (4.0, 8.0)))],
        _ => vec![Mark::new("circle").at("cx", 4.0).at("cy", 4.0).at("r", 2.2).with("fill", ink)],
    };
    pattern.holding([whole].into_iter().chain(strokes))
}

/// A short line with the marker of a series in its middle, for the legend.
pub fn sample_of_line(series: usize, (x, y): (f64, f64), length: f64) -> Vec<Mark> {
    let stroke = line((x, y), (x + length, y)).with("stroke", colour(series)).with("stroke-width", "2.5");
    vec![dashed(stroke, series), marker(series, (x + length / 2.0, y), 4.0)]
}
