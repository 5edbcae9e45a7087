//! Small multiples: a small line chart for each series, all on one scale, in a grid.

use super::axis::Axis;
use super::labels::{Along, grid, head, tick_width};
use super::line::{Plot, series_of, zero};
use super::mark::{Anchor, Mark, lines};
use super::text::wrap;
use super::{Chart, Format, Picture, Sheet};

const GAP: f64 = 24.0;

pub fn draw(chart: &Chart, sheet: &Sheet) -> Picture {
    let axis = Axis::around(chart.values(), false, 2);
    let ticks = axis.ticks();
    let left = tick_width(&ticks, sheet);
    let columns = columns(chart.series.len(), left, sheet);
    let wide = (sheet.width - 4.0 - left - GAP * (columns - 1) as f64) / columns as f64;
    let head = head(chart, &axis.scale.unit(&chart.unit), Vec::new(), sheet);
    let mut marks = head.marks;
    let mut top = head.height + sheet.size * 0.5;
    for series in chart.series.chunks(columns) {
        let names: Vec<Vec<String>> = series.iter().map(|series| wrap(&series.name, sheet.size, wide)).collect();
        let name_lines = names.iter().map(Vec::len).max().unwrap_or(0) as f64;
        let plot_top = top + name_lines * sheet.leading + sheet.size * 0.9;
        let mut lowest: f64 = 0.0;
        for (column, (series, name)) in series.iter().zip(&names).enumerate() {
            let start = left + (wide + GAP) * column as f64;
            let plot = Plot {
                axis,
                left: start,
                right: start + wide,
                top: plot_top,
                bottom: plot_top + sheet.plot * 0.4,
                count: chart.labels.len(),
            };
            marks.extend(lines(start, top + sheet.size, Anchor::Start, name, sheet.leading));
            marks.extend(grid(&ticks, &|value| plot.y(value), (plot.left, plot.right), column == 0, sheet));
            lowest = lowest.max(cell(chart, &series.values, &plot, &mut marks, sheet));
        }
        top = plot_top + sheet.plot * 0.4 + lowest + sheet.size * 0.8;
    }
    Picture { height: top, defs: Vec::new(), marks }
}

/// The line of one series and the ends of its axis; how high the labels are.
fn cell(chart: &Chart, values: &[Option<f64>], plot: &Plot, marks: &mut Vec<Mark>, sheet: &Sheet) -> f64 {
    let along =
        Along { labels: &chart.labels, centre: &|at| plot.x(at), band: plot.band(), ends: (plot.left, plot.right) };
    let below = along.at_ends(plot.bottom + sheet.size * 0.3, sheet);
    marks.extend(zero(plot));
    marks.extend(below.marks);
    marks.extend(series_of(values, 0, plot));
    below.height + sheet.size * 0.3
}

/// As many columns as leave each chart some room; four are two and two.
fn columns(count: usize, left: f64, sheet: &Sheet) -> usize {
    let most = match sheet.format {
        Format::Wide if count == 4 => 2,
        Format::Wide => 3,
        Format::Narrow if left <= 50.0 => 2,
        Format::Narrow => 1,
    };
    count.clamp(1, most)
}
