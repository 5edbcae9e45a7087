//! Dates as documents write them, with a time of day where the author gave one. The home of `jiff`.

use std::fmt;

use jiff::civil::{Date, Time};
use jiff::tz::{Offset, TimeZone};

/// A calendar day, with hour and minute if the author stated them (PubDate, 国办发〔2017〕47号: `YYYY-MM-DD HH:MM`).
/// A time is never invented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    date: Date,
    time: Option<Time>,
}

impl Moment {
    /// Today in Asia/Shanghai, which has had no daylight saving since 1991.
    pub fn today() -> Self {
        let zone = TimeZone::fixed(Offset::constant(8));
        Self { date: jiff::Timestamp::now().to_zoned(zone).date(), time: None }
    }

    /// The time of day in Asia/Shanghai, `09:30:15`, for whoever watches the program at work.
    pub fn clock() -> String {
        let zone = TimeZone::fixed(Offset::constant(8));
        jiff::Timestamp::now().to_zoned(zone).strftime("%H:%M:%S").to_string()
    }

    /// A second since 1970 by universal time, as names that sort by time have it: `20261126T021500`.
    pub fn compact(seconds: i64) -> String {
        jiff::Timestamp::from_second(seconds).unwrap_or_default().strftime("%Y%m%dT%H%M%S").to_string()
    }

    /// The second of such a name.
    pub fn of_compact(text: &str) -> Option<i64> {
        let time = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%S", text).ok()?;
        TimeZone::UTC.to_timestamp(time).ok().map(jiff::Timestamp::as_second)
    }

    /// The same second for people and programs: `2026-11-26T10:15:00+08:00`, in China.
    pub fn in_china(seconds: i64) -> String {
        let zone = TimeZone::fixed(Offset::constant(8));
        let time = jiff::Timestamp::from_second(seconds).unwrap_or_default().to_zoned(zone);
        time.strftime("%Y-%m-%dT%H:%M:%S+08:00").to_string()
    }

    /// Reads `2014-12-04`, `2014/12/4`, `2014.12.4`, `2014年12月4日`, each with an optional `09:30` or `09:30:15`
    /// (seconds are dropped: the standard has none). `None` if it is no such date or the day does not exist.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (year, rest) = number(text, 4)?;
        let (rest, closing) = match rest.chars().next()? {
            mark @ ('-' | '/' | '.') => (&rest[1..], mark),
            '年' => (&rest['年'.len_utf8()..], '月'),
            _ => return None,
        };
        let (month, rest) = number(rest, 2)?;
        let (day, rest) = number(rest.strip_prefix(closing)?, 2)?;
        let rest = if closing == '月' { rest.strip_prefix('日')? } else { rest };
        let date = Date::new(i16::try_from(year).ok()?, month as i8, day as i8).ok()?;
        let time = match rest {
            "" => None,
            _ if rest.starts_with([' ', 'T', '\u{3000}']) || closing == '月' => {
                Some(time_of_day(rest.trim_start_matches([' ', 'T', '\u{3000}']))?)
            }
            _ => return None,
        };
        (1000..=9999).contains(&year).then_some(Self { date, time })
    }

    /// 1 to 12.
    pub fn month(self) -> i8 {
        self.date.month()
    }

    /// 1 to 31.
    pub fn day_of_month(self) -> i8 {
        self.date.day()
    }

    pub fn year(self) -> i16 {
        self.date.year()
    }

    /// The day alone, for comparing with days.
    pub fn day(self) -> Moment {
        Self { date: self.date, time: None }
    }

    /// The day after; `None` at the end of the calendar.
    pub fn next(self) -> Option<Moment> {
        self.date.tomorrow().ok().map(|date| Self { date, time: None })
    }

    pub fn is_weekend(self) -> bool {
        use jiff::civil::Weekday;
        matches!(self.date.weekday(), Weekday::Saturday | Weekday::Sunday)
    }

    /// Calendar days from this day to another; negative if that is earlier.
    pub fn days_until(self, other: Moment) -> i64 {
        self.date.until(other.date).map_or(0, |span| i64::from(span.get_days()))
    }

    pub fn has_time(self) -> bool {
        self.time.is_some()
    }

    /// RFC 822 as RSS 2.0 wants it; a day without a time is midnight in China.
    pub fn rfc822(self) -> String {
        let at = self.date.to_datetime(self.time.unwrap_or(Time::midnight()));
        at.strftime("%a, %d %b %Y %H:%M:%S +0800").to_string()
    }

    /// W3C date for `lastmod` and `<time datetime>`.
    pub fn w3c(self) -> String {
        match self.time {
            None => self.text(),
            Some(time) => format!("{}T{:02}:{:02}+08:00", self.date, time.hour(), time.minute()),
        }
    }

    /// `2014年12月4日`, as the text of an official document writes it (GB/T 9704—2012: no zero padding).
    pub fn chinese(self) -> String {
        format!("{}年{}月{}日", self.date.year(), self.date.month(), self.date.day())
    }
}

/// `2014-12-04` or `2014-12-04 09:30`.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.with_text(|text| f.write_str(text))
    }
}

impl Moment {
    /// As `to_string`, but written digit by digit: lists print millions of dates.
    pub fn text(self) -> String {
        self.with_text(str::to_owned)
    }

    fn with_text<T>(self, then: impl FnOnce(&str) -> T) -> T {
        let mut text = *b"0000-00-00 00:00";
        let mut put = |at: usize, digits: usize, number: i16| {
            let mut rest = number.unsigned_abs();
            for place in (at..at + digits).rev() {
                text[place] = b'0' + (rest % 10) as u8;
                rest /= 10;
            }
        };
        put(0, 4, self.date.year());
        put(5, 2, i16::from(self.date.month()));
        put(8, 2, i16::from(self.date.day()));
        if let Some(time) = self.time {
            put(11, 2, i16::from(time.hour()));
            put(14, 2, i16::from(time.minute()));
        }
        let length = if self.time.is_some() { text.len() } else { 10 };
        then(std::str::from_utf8(&text[..length]).expect("digits are ASCII"))
    }
}

impl<'de> serde::Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <&str>::deserialize(deserializer)?;
        Self::parse(text).ok_or_else(|| serde::de::Error::custom("not a date"))
    }
}

impl serde::Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.with_text(|text| serializer.serialize_str(text))
    }
}

/// Leading ASCII digits, at most `most` of them, and what follows.
fn number(text: &str, most: usize) -> Option<(u16, &str)> {
    let len = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=most).contains(&len).then(|| (text[..len].parse().expect("few digits"), &text[len..]))
}

fn time_of_day(text: &str) -> Option<Time> {
    let (hour, rest) = number(text, 2)?;
    let (minute, rest) = number(rest.strip_prefix([':', '：'])?, 2)?;
    let second = match rest {
        "" => 0,
        _ => match number(rest.strip_prefix([':', '：'])?, 2)? {
            (second, "") => second,
            _ => return None,
        },
    };
    let valid = Time::new(hour as i8, minute as i8, second as i8, 0).ok()?;
    Time::new(valid.hour(), valid.minute(), 0, 0).ok()
}
