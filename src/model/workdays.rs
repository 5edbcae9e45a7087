//! 工作日: which days are worked in China. Public holidays and the weekend days that are worked in exchange are decided anew each
//! autumn for the next year; beyond what is known, Monday to Friday is an estimate.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::moment::Moment;

/// 2007 to 2026.
const EMBEDDED: &str = include_str!("embedded/workdays.txt");

/// One year's days that are not what their weekday says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct YearOfWork {
    pub year: i16,
    /// Weekdays that are free.
    pub off: Vec<Moment>,
    /// Days of weekends that are worked.
    pub on: Vec<Moment>,
}

/// The years that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Workdays {
    /// Day → whether it is worked, where the weekday does not tell.
    odd: BTreeMap<Moment, bool>,
    years: Vec<i16>,
}

/// A number of days, or a day, that may rest on a year that is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted<T> {
    pub value: T,
    pub is_estimate: bool,
}

impl Workdays {
    /// What is embedded, with years that a site adds or states otherwise.
    pub fn with(years: &[YearOfWork]) -> Self {
        let mut all = Self::embedded();
        years.iter().for_each(|year| all.add(year));
        all
    }

    fn embedded() -> Self {
        let mut all = Self::default();
        EMBEDDED.lines().filter(|line| !line.starts_with('#')).filter_map(year_of).for_each(|year| all.add(&year));
        all
    }

    fn add(&mut self, year: &YearOfWork) {
        self.odd.retain(|day, _| day.year() != year.year);
        self.odd.extend(year.off.iter().map(|day| (*day, false)));
        self.odd.extend(year.on.iter().map(|day| (*day, true)));
        if !self.years.contains(&year.year) {
            self.years.push(year.year);
        }
    }

    pub fn is_worked(&self, day: Moment) -> bool {
        self.odd.get(&day.day()).copied().unwrap_or(!day.is_weekend())
    }

    /// The last day up to which working days are known and no estimate.
    pub fn known_through(&self) -> Option<Moment> {
        let first = *self.years.iter().min()?;
        let last = (first..).take_while(|year| self.years.contains(year)).last()?;
        Moment::parse(&format!("{last:04}-12-31"))
    }

    fn is_known(&self, day: Moment) -> bool {
        self.years.contains(&day.year())
    }

    /// Working days after `from` up to and with `to`: the first day does not count (民法典 art. 201).
    pub fn between(&self, from: Moment, to: Moment) -> Counted<usize> {
        let days = || std::iter::successors(from.day().next(), |day| day.next()).take_while(|day| *day <= to.day());
        Counted {
            value: days().filter(|day| self.is_worked(*day)).count(),
            is_estimate: days().any(|day| !self.is_known(day)),
        }
    }

    /// The day that is so many working days after `from`, which does not count; `None` beyond the calendar.
    pub fn after(&self, from: Moment, count: usize) -> Option<Counted<Moment>> {
        let days = std::iter::successors(from.day().next(), |day| day.next());
        let value = days.filter(|day| self.is_worked(*day)).nth(count.checked_sub(1)?)?;
        let is_known = |year: i16| self.years.contains(&year);
        Some(Counted { value, is_estimate: !(from.year()..=value.year()).all(is_known) })
    }
}

/// `2014 - 0101 0131 + 0126`
fn year_of(line: &str) -> Option<YearOfWork> {
    let (year, days) = line.split_once(" - ")?;
    let (off, on) = days.split_once('+')?;
    let day = |text: &str| Moment::parse(&format!("{year}-{}-{}", text.get(..2)?, text.get(2..)?));
    let days = |text: &str| text.split_ascii_whitespace().filter_map(day).collect();
    Some(YearOfWork { year: year.parse().ok()?, off: days(off), on: days(on) })
}
