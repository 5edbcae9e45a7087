//! Dates and times: a number of days → what a section shows for it.
//!
//! Files count from 1899-12-31 as day 0, and take 1900 for a leap year (a fault kept since 1983, so that day 60 is
//! 1900-02-29); or from 1904-01-01 as day 0.

use super::{Section, Token};

/// 9999-12-31, the last day that office programs show.
const LAST_DAY: i64 = 2_958_465;
/// Days between the two beginnings.
const FROM_1904: f64 = 1462.0;

/// A moment, taken apart.
struct Clock {
    year: i64,
    month: i64,
    day: i64,
    /// 0 is Sunday.
    weekday: usize,
    hour: i64,
    minute: i64,
    second: i64,
    /// Parts of a second, as many as the section shows.
    fraction: i64,
    /// All seconds since day 0.
    total: i64,
}

/// `None` for what is no date: negative, or too far.
pub fn moment(section: &Section, stored: f64, is_1904: bool) -> Option<String> {
    let days = if is_1904 { stored + FROM_1904 } else { stored };
    if !(days >= 0.0 && stored >= 0.0 && days < (LAST_DAY + 1) as f64) {
        return None;
    }
    let elapsed = section.tokens.iter().any(|token| matches!(token, Token::Elapsed(..)));
    let clock = Clock::of(section, if elapsed { stored } else { days })?;
    let has_halves = section.tokens.iter().any(|token| matches!(token, Token::Half(..)));
    let mut text = String::new();
    for token in &section.tokens {
        match token {
            Token::Literal(literal) => text.push_str(literal),
            Token::Part(letter, count) => clock.part(*letter, *count, has_halves, section.is_chinese, &mut text),
            Token::Elapsed(letter, count) => {
                let unit = match letter {
                    'h' => 3600,
                    'm' => 60,
                    _ => 1,
                };
                text.push_str(&padded(clock.total / unit, *count));
            }
            Token::Fraction(places) => text.push_str(&format!(".{:0>places$}", clock.fraction)),
            Token::Half(am, pm) => text.push_str(if clock.hour < 12 { am } else { pm }),
            Token::Comma => text.push(','),
            Token::Point => text.push('.'),
            Token::Percent => text.push('%'),
            _ => {}
        }
    }
    Some(text)
}

impl Clock {
    fn of(section: &Section, days: f64) -> Option<Self> {
        let has = |letter: char| {
            section.tokens.iter().any(|t| matches!(t, Token::Part(l, _) | Token::Elapsed(l, _) if *l == letter))
        };
        let places = section.tokens.iter().find_map(|token| match token {
            Token::Fraction(places) => Some(*places as u32),
            _ => None,
        });
        // seconds that are shown are rounded; a clock that shows none does not run ahead
        let places = places.unwrap_or(if has('s') { 0 } else { 3 }).min(6);
        let unit = 10i64.pow(places);
        let ticks = (days * 86_400.0 * unit as f64).round() as i64;
        let (total, fraction) = (ticks / unit, ticks % unit);
        let (day_number, in_day) = (total / 86_400, total % 86_400);
        let (year, month, day) = date(day_number)?;
        Some(Self {
            year,
            month,
            day,
            weekday: ((day_number + 6) % 7) as usize,
            hour: in_day / 3600,
            minute: in_day / 60 % 60,
            second: in_day % 60,
            fraction,
            total,
        })
    }

    fn part(&self, letter: char, count: usize, has_halves: bool, is_chinese: bool, text: &mut String) {
        let number = match letter {
            'y' if count <= 2 => return text.push_str(&digits(self.year % 100, 2, is_chinese)),
            'y' => return text.push_str(&digits(self.year, 4, is_chinese)),
            'm' if count >= 3 => return text.push_str(name(&MONTHS, self.month as usize - 1, count)),
            'd' if count >= 3 => return text.push_str(name(&DAYS, self.weekday, count)),
            'a' => {
                text.push_str(if count > 3 { "星期" } else { "" });
                return text.push(['日', '一', '二', '三', '四', '五', '六'][self.weekday]);
            }
            'm' => self.month,
            'd' => self.day,
            'h' if has_halves => (self.hour + 11) % 12 + 1,
            'h' => self.hour,
            'n' => self.minute,
            _ => self.second,
        };
        match is_chinese {
            true => text.push_str(&counted(number)),
            false => text.push_str(&padded(number, count.min(2))),
        }
    }
}

fn padded(number: i64, width: usize) -> String {
    format!("{number:0>width$}")
}

const CHINESE: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// Digit by digit, as years are written: 二〇一四.
fn digits(number: i64, width: usize, is_chinese: bool) -> String {
    let text = padded(number, width);
    if !is_chinese {
        return text;
    }
    text.bytes().map(|digit| CHINESE[usize::from(digit - b'0') % 10]).collect()
}

/// As months and days are written: 二十一.
fn counted(number: i64) -> String {
    let (tens, ones) = ((number / 10) as usize % 10, (number % 10) as usize);
    let tens_text = match tens {
        0 => String::new(),
        1 => "十".into(),
        _ => format!("{}十", CHINESE[tens]),
    };
    let ones_text = if ones == 0 && tens > 0 { String::new() } else { CHINESE[ones].to_string() };
    tens_text + &ones_text
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// Three letters, the whole name, or (five times the letter) the first one.
fn name(names: &[&'static str], index: usize, count: usize) -> &'static str {
    let name = names.get(index).copied().unwrap_or("");
    match count {
        3 => name.get(..3).unwrap_or(name),
        5 => name.get(..1).unwrap_or(name),
        _ => name,
    }
}

/// Year, month and day of a day number, counted as if 1900 were a leap year.
fn date(number: i64) -> Option<(i64, i64, i64)> {
    match number {
        0 => Some((1900, 1, 0)),
        60 => Some((1900, 2, 29)),
        1..60 => Some(civil(number + 1)),
        61..=LAST_DAY => Some(civil(number)),
        _ => None,
    }
}

/// The calendar's date of a number of days since 1899-12-30 (the usual arithmetic with years that begin in March).
fn civil(days: i64) -> (i64, i64, i64) {
    // from 0000-03-01 to 1899-12-30
    let z = days + 693_899;
    let era = z / 146_097;
    let in_era = z % 146_097;
    let year_of_era = (in_era - in_era / 1460 + in_era / 36_524 - in_era / 146_096) / 365;
    let in_year = in_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * in_year + 2) / 153;
    let day = in_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}
