//! The picture in words, for those who do not see it: what it is, from when to when, and where the extremes are.

use super::labels::is_sequence;
use super::number::{decimals_for, figure};
use super::{Chart, Colouring, Kind, Series};
use crate::model::aqi::Class;

/// White space of any kind is one space.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `折线图，2015年至2024年，共10项。PM2.5：最高85 µg/m³（2015年），最低46 µg/m³（2024年）。`
pub fn describe(chart: &Chart) -> String {
    let kind = match chart.kind {
        Kind::Line => "折线图",
        Kind::Bar => "条形图",
        Kind::Stacked => "堆叠条形图",
        Kind::Pie => "饼图",
        Kind::Multiples => "小图组",
    };
    let parts = if chart.kind == Kind::Pie { pie(chart) } else { extremes(chart) };
    [kind, "，", &range(chart), "。", &parts].concat()
}

/// From when to when, if the labels are in an order that readers know.
fn range(chart: &Chart) -> String {
    let count = ["共", &chart.labels.len().to_string(), if chart.kind == Kind::Pie { "部分" } else { "项" }].concat();
    match chart.labels.as_slice() {
        [only] => only.clone(),
        [first, .., last] if is_sequence(&chart.labels) => [first, "至", last, "，", &count].concat(),
        _ => count,
    }
}

fn extremes(chart: &Chart) -> String {
    chart.series.iter().map(|series| of_series(chart, series)).collect()
}

fn of_series(chart: &Chart, series: &Series) -> String {
    let values = || series.values.iter().enumerate().filter_map(|(at, value)| Some((at, (*value)?)));
    let highest = values().reduce(|a, b| if b.1 > a.1 { b } else { a });
    let lowest = values().reduce(|a, b| if b.1 < a.1 { b } else { a });
    let name = if series.name.is_empty() { String::new() } else { [&series.name, "："].concat() };
    let (Some(highest), Some(lowest)) = (highest, lowest) else { return [&name, "没有数据。"].concat() };
    let say = |(at, value): (usize, f64)| {
        let label = chart.labels.get(at).map_or("", String::as_str);
        let class = match chart.colouring {
            Colouring::Aqi => ["，", Class::of(value.clamp(0.0, 500.0).ceil() as u16).name()].concat(),
            Colouring::Series => String::new(),
        };
        [&with_unit(value, &chart.unit), "（", label, &class, "）"].concat()
    };
    let missing = series.values.iter().filter(|value| value.is_none()).count();
    let gaps = if missing == 0 { String::new() } else { ["，", &missing.to_string(), "项没有数据"].concat() };
    let spread = match () {
        _ if series.values.len() == 1 => with_unit(highest.1, &chart.unit),
        _ if highest.1 == lowest.1 => ["都是", &with_unit(highest.1, &chart.unit)].concat(),
        _ => ["最高", &say(highest), "，最低", &say(lowest)].concat(),
    };
    [&name, &spread, &gaps, "。"].concat()
}

fn pie(chart: &Chart) -> String {
    let values = chart.series.first().map_or(&[][..], |series| &series.values);
    let sum: f64 = values.iter().flatten().sum();
    let part = |(label, value): (&String, &Option<f64>)| match value {
        Some(value) => [label, &percent(value / sum), "（", &with_unit(*value, &chart.unit), "）"].concat(),
        None => [label, "没有数据"].concat(),
    };
    let parts: Vec<String> = chart.labels.iter().zip(values).map(part).collect();
    [&parts.join("，"), "；合计", &with_unit(sum, &chart.unit), "。"].concat()
}

/// `12.3%`
pub fn percent(share: f64) -> String {
    let text = [&figure(share * 100.0, 1), "%"].concat();
    if text == "0%" && share > 0.0 { "<0.1%".to_owned() } else { text }
}

/// `85 µg/m³`, `1,200万元`, `45.6%`
pub fn with_unit(value: f64, unit: &str) -> String {
    let figure = figure(value, decimals_for(value));
    let space = if unit.starts_with(|c: char| c.is_ascii_alphabetic() || c == 'µ' || c == 'μ') { " " } else { "" };
    [&figure, space, unit].concat()
}
