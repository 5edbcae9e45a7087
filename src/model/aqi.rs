//! 环境空气质量指数（AQI）, daily: HJ 633—2012, and HJ 633—2026 from 2026-03-01. Exact: amounts are whole thousandths, so
//! that rounding up never makes 101 of 100.
//!
//! | | |
//! |---|---|
//! | `Standard::on` | the standard in force on a day |
//! | `iaqi` | one pollutant's index: linear between the breakpoints, rounded up |
//! | `report` | AQI, class and 首要污染物 of a day, or that there is none |
//! | `Class` | the six classes with their names and colours |

use crate::model::{Amount, Moment};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standard {
    Hj633Of2012,
    Hj633Of2026,
}

impl Standard {
    /// `None` before HJ 633—2012 was issued: reports of that time state an API (空气污染指数), which is another thing.
    pub fn on(day: Moment) -> Option<Self> {
        let since = |date: &str| Moment::parse(date).is_some_and(|first| day.day() >= first);
        match () {
            _ if since("2026-03-01") => Some(Self::Hj633Of2026),
            _ if since("2012-02-29") => Some(Self::Hj633Of2012),
            _ => None,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Hj633Of2012 => "HJ 633—2012",
            Self::Hj633Of2026 => "HJ 633—2026",
        }
    }
}

/// What is measured: means of 24 hours, of ozone the highest mean of 8 hours. In the order of the standard's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pollutant {
    So2,
    No2,
    Pm10,
    /// In mg/m³; all others in µg/m³.
    Co,
    /// O3-8h
    O3,
    Pm25,
}

impl Pollutant {
    pub const ALL: [Self; 6] = [Self::So2, Self::No2, Self::Pm10, Self::Co, Self::O3, Self::Pm25];

    pub fn name(self) -> &'static str {
        match self {
            Self::So2 => "SO2",
            Self::No2 => "NO2",
            Self::Pm10 => "PM10",
            Self::Co => "CO",
            Self::O3 => "O3-8h",
            Self::Pm25 => "PM2.5",
        }
    }

    pub fn unit(self) -> &'static str {
        if self == Self::Co { "mg/m³" } else { "µg/m³" }
    }
}

/// Indexes to which the breakpoints below belong.
pub const INDEXES: [u16; 8] = [0, 50, 100, 150, 200, 300, 400, 500];

/// Concentrations that stand for `INDEXES`, in the pollutant's unit. Of ozone there are six: above its last one the index
/// of eight hours stays at 300.
pub fn breakpoints(standard: Standard, pollutant: Pollutant) -> &'static [u16] {
    match (pollutant, standard) {
        (Pollutant::So2, _) => &[0, 50, 150, 475, 800, 1600, 2100, 2620],
        (Pollutant::No2, _) => &[0, 40, 80, 180, 280, 565, 750, 940],
        (Pollutant::Pm10, Standard::Hj633Of2012) => &[0, 50, 150, 250, 350, 420, 500, 600],
        (Pollutant::Pm10, Standard::Hj633Of2026) => &[0, 50, 120, 250, 350, 420, 500, 600],
        (Pollutant::Co, _) => &[0, 2, 4, 14, 24, 36, 48, 60],
        (Pollutant::O3, _) => &[0, 100, 160, 215, 265, 800],
        (Pollutant::Pm25, Standard::Hj633Of2012) => &[0, 35, 75, 115, 150, 250, 350, 500],
        (Pollutant::Pm25, Standard::Hj633Of2026) => &[0, 35, 60, 115, 150, 250, 350, 500],
    }
}

/// 空气质量分指数: linear between two breakpoints, rounded up; above the last one it does not grow.
pub fn iaqi(standard: Standard, pollutant: Pollutant, amount: Amount) -> u16 {
    let points = breakpoints(standard, pollutant);
    let steps = points.windows(2).zip(INDEXES.windows(2));
    let step = steps.into_iter().find(|(limits, _)| amount <= Amount::whole(limits[1]));
    let Some((limits, indexes)) = step else { return INDEXES[points.len() - 1] };
    let [low, high] = [limits[0], limits[1]].map(|limit| u64::from(Amount::whole(limit).in_thousandths()));
    let above = u64::from(amount.in_thousandths()) - low;
    let rise = (u64::from(indexes[1] - indexes[0]) * above).div_ceil(high - low);
    indexes[0] + rise as u16
}

/// The day's result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    Index {
        aqi: u16,
        class: Class,
        /// 首要污染物: all that reach the AQI, if it is above 50.
        primary: Vec<Pollutant>,
        /// 超标污染物: all whose own index is above 100.
        exceeding: Vec<Pollutant>,
    },
    /// To be published as `NA`.
    NotAvailable,
}

/// AQI = the highest of the indexes. A pollutant that is not among `measured`, or without an amount, is missing; then an
/// AQI of at most 100 proves nothing, and HJ 633—2026 §5.3 wants NA. HJ 633—2012 has no such rule: what is there counts.
pub fn report(standard: Standard, measured: &[(Pollutant, Option<Amount>)]) -> Report {
    let amount = |pollutant| measured.iter().find(|(name, _)| *name == pollutant).and_then(|(_, amount)| *amount);
    let index = |pollutant| Some((pollutant, iaqi(standard, pollutant, amount(pollutant)?)));
    let indexes: Vec<(Pollutant, u16)> = Pollutant::ALL.into_iter().filter_map(index).collect();
    let is_complete = indexes.len() == Pollutant::ALL.len();
    let Some(aqi) = indexes.iter().map(|(_, index)| *index).max() else { return Report::NotAvailable };
    if standard == Standard::Hj633Of2026 && !is_complete && aqi <= 100 {
        return Report::NotAvailable;
    }
    let those = |wanted: &dyn Fn(u16) -> bool| -> Vec<Pollutant> {
        indexes.iter().filter(|(_, index)| wanted(*index)).map(|(pollutant, _)| *pollutant).collect()
    };
    Report::Index {
        aqi,
        class: Class::of(aqi),
        primary: those(&|index| index == aqi && aqi > 50),
        exceeding: those(&|index| index > 100),
    }
}

/// 空气质量级别、类别 and colour; both standards have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    Excellent,
    Good,
    Light,
    Moderate,
    Heavy,
    Severe,
}

impl Class {
    pub const ALL: [Self; 6] = [Self::Excellent, Self::Good, Self::Light, Self::Moderate, Self::Heavy, Self::Severe];

    pub fn of(aqi: u16) -> Self {
        match aqi {
            0..=50 => Self::Excellent,
            51..=100 => Self::Good,
            101..=150 => Self::Light,
            151..=200 => Self::Moderate,
            201..=300 => Self::Heavy,
            _ => Self::Severe,
        }
    }

    /// 类别
    pub fn name(self) -> &'static str {
        ["优", "良", "轻度污染", "中度污染", "重度污染", "严重污染"][self as usize]
    }

    /// 级别
    pub fn rank(self) -> &'static str {
        ["一级", "二级", "三级", "四级", "五级", "六级"][self as usize]
    }

    /// The range of AQI, as tables print it.
    pub fn range(self) -> &'static str {
        ["0～50", "51～100", "101～150", "151～200", "201～300", ">300"][self as usize]
    }

    /// 绿、黄、橙、红、紫、褐红. On white some of them are hardly seen: draw an outline.
    pub fn colour(self) -> &'static str {
        ["#00e400", "#ffff00", "#ff7e00", "#ff0000", "#99004c", "#7e0023"][self as usize]
    }
}
