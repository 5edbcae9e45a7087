//! Decimal numbers as people write them: money and measurements are added exactly, never in binary fractions.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Digits in all that a number may have; far more than any budget of a county.
const MOST_DIGITS: usize = 24;

/// `digits` × 10^-`scale`, as written: `12.50` keeps its two decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Decimal {
    digits: i128,
    scale: u8,
}

impl Decimal {
    pub const ZERO: Self = Self { digits: 0, scale: 0 };

    /// Reads `1234.5`, `1,234.50`, `-3`, `−3`, full-width digits too. `None` if it is anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text.trim().chars().map(narrow).collect();
        let (negative, body) = match text.strip_prefix('-') {
            Some(body) => (true, body),
            None => (false, text.strip_prefix('+').unwrap_or(&text)),
        };
        let (whole, fraction) = body.split_once('.').unwrap_or((body, ""));
        let is_number = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit());
        let ungrouped = ungroup(whole)?;
        let ends_in_point = body.ends_with('.');
        if ungrouped.is_empty() || ends_in_point || !is_number(&ungrouped) || !is_number(fraction) {
            return None;
        }
        if ungrouped.len() + fraction.len() > MOST_DIGITS {
            return None;
        }
        let digits: i128 = format!("{ungrouped}{fraction}").parse().ok()?;
        Some(Self { digits: if negative { -digits } else { digits }, scale: fraction.len() as u8 })
    }

    /// Decimals that are written.
    pub fn scale(self) -> u8 {
        self.scale
    }

    /// The same number with more decimals.
    fn at(self, scale: u8) -> i128 {
        self.digits * 10_i128.pow(u32::from(scale - self.scale))
    }

    pub fn plus(self, other: Self) -> Self {
        let scale = self.scale.max(other.scale);
        Self { digits: self.at(scale) + other.at(scale), scale }
    }

    pub fn minus(self, other: Self) -> Self {
        self.plus(Self { digits: -other.digits, ..other })
    }

    pub fn abs(self) -> Self {
        Self { digits: self.digits.abs(), ..self }
    }

    /// One unit of the last decimal.
    pub fn last_digit(scale: u8) -> Self {
        Self { digits: 1, scale }
    }

    /// For drawings; exact enough for any picture.
    pub fn to_f64(self) -> f64 {
        self.digits as f64 / 10_f64.powi(i32::from(self.scale))
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let scale = self.scale.max(other.scale);
        Some(self.at(scale).cmp(&other.at(scale)))
    }
}

impl fmt::Display for Decimal {
    /// With commas between thousands: `1,234.50`.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let power = 10_u128.pow(u32::from(self.scale));
        let (whole, fraction) = (self.digits.unsigned_abs() / power, self.digits.unsigned_abs() % power);
        let digits = whole.to_string();
        if self.digits < 0 {
            f.write_str("-")?;
        }
        for (at, digit) in digits.char_indices() {
            if at > 0 && (digits.len() - at) % 3 == 0 {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        match self.scale {
            0 => Ok(()),
            scale => write!(f, ".{fraction:0width$}", width = usize::from(scale)),
        }
    }
}

/// Full-width forms as the common ones.
fn narrow(c: char) -> char {
    match c {
        '０'..='９' | '．' | '，' | '－' | '＋' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '−' | '–' => '-',
        _ => c,
    }
}

/// The digits without the commas between thousands; `None` if a comma stands elsewhere.
fn ungroup(whole: &str) -> Option<String> {
    if !whole.contains(',') {
        return Some(whole.to_owned());
    }
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let is_grouped = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    is_grouped.then(|| whole.replace(',', ""))
}
