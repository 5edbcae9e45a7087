//! What cannot be drawn. The caller makes a finding of it, or prints the words in place of the picture.

use std::fmt;

use super::{Chart, Colouring, Kind, palette};

/// Parts of a pie that can be told apart at a glance.
const PARTS: usize = 6;
/// Small charts of one picture.
const SMALL: usize = 24;
/// Labels along an axis: the days of a year.
const LABELS: usize = 366;
/// The largest value; above it floating point no longer holds every whole number.
const LARGEST: f64 = 1e15;

/// Why there is no picture; `Display` says it in Chinese, with what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing to draw: no label, no series, or no value at all; of a pie, nothing but zeros.
    NoData,
    /// A pie of more than six parts.
    TooManyParts(usize),
    TooManySeries {
        count: usize,
        most: usize,
    },
    TooManyLabels(usize),
    /// A part of a pie that is less than nothing.
    NegativePart(String),
    /// Infinite, not a number, or larger than 10¹⁵.
    Unprintable(String),
    /// A series that has another number of values than there are labels.
    Uneven {
        series: String,
        values: usize,
        labels: usize,
    },
    /// AQI colours for what is not bars of one series with values from 0 on.
    NotAqi,
}

impl Refusal {
    /// Whether an author has to mend something; data that is not there yet is no fault.
    pub fn is_fault(&self) -> bool {
        *self != Self::NoData
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::NoData => write!(f, "暂无数据"),
            Self::TooManyParts(parts) => {
                write!(f, "饼图最多 {PARTS} 个部分，这里有 {parts} 个；把小的并为“其他”，或者改用条形图")
            }
            Self::TooManySeries { count, most } => {
                write!(f, "一张图最多 {most} 组数据，这里有 {count} 组；分成几张图，或者改用小图组")
            }
            Self::TooManyLabels(labels) => write!(f, "一张图最多 {LABELS} 个标签，这里有 {labels} 个；按月或按年汇总"),
            Self::NegativePart(label) => write!(f, "饼图的各部分不能是负数（“{label}”）；改用条形图"),
            Self::Unprintable(label) => write!(f, "“{label}”的数值太大或者不是数；换一个大些的单位"),
            Self::Uneven { series, values, labels } => {
                write!(f, "“{series}”有 {values} 个数值，标签有 {labels} 个；缺少的数值要留空位")
            }
            Self::NotAqi => write!(f, "空气质量颜色只用于一组数据的条形图，数值是 AQI，从 0 到 500"),
        }
    }
}

/// The first reason why there would be no picture.
pub fn check(chart: &Chart) -> Option<Refusal> {
    let most = if chart.kind == Kind::Multiples { SMALL } else { palette::MOST };
    let label = |at: usize| chart.labels.get(at).cloned().unwrap_or_default();
    let find = |is_bad: &dyn Fn(f64) -> bool| {
        let mut all = chart.series.iter().flat_map(|series| series.values.iter().enumerate());
        all.find(|(_, value)| value.is_some_and(is_bad)).map(|(at, _)| label(at))
    };
    let uneven = chart.series.iter().find(|series| series.values.len() != chart.labels.len());
    let parts = chart.labels.len();
    let sum: f64 = chart.series.first().map_or(0.0, |series| series.values.iter().flatten().sum());
    match chart.kind {
        _ if chart.labels.is_empty() || chart.series.is_empty() => Some(Refusal::NoData),
        Kind::Pie if parts > PARTS => Some(Refusal::TooManyParts(parts)),
        Kind::Pie if chart.series.len() > 1 => Some(Refusal::TooManySeries { count: chart.series.len(), most: 1 }),
        _ if chart.series.len() > most => Some(Refusal::TooManySeries { count: chart.series.len(), most }),
        _ if parts > LABELS => Some(Refusal::TooManyLabels(parts)),
        _ => None,
    }
    .or_else(|| {
        uneven.map(|series| Refusal::Uneven {
            series: series.name.clone(),
            values: series.values.len(),
            labels: chart.labels.len(),
        })
    })
    .or_else(|| find(&|value| !value.is_finite() || value.abs() > LARGEST).map(Refusal::Unprintable))
    .or_else(|| (chart.values().next().is_none()).then_some(Refusal::NoData))
    .or_else(|| match chart.kind {
        Kind::Pie => find(&|value| value < 0.0).map(Refusal::NegativePart).or((sum <= 0.0).then_some(Refusal::NoData)),
        kind => {
            let is_aqi =
                kind == Kind::Bar && chart.series.len() == 1 && find(&|aqi| !(0.0..=500.0).contains(&aqi)).is_none();
            (chart.colouring == Colouring::Aqi && !is_aqi).then_some(Refusal::NotAqi)
        }
    })
}
