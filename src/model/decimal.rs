//! Numbers as people write them: digits and a decimal point, without the errors of binary fractions, so that a total can be checked.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Most digits behind the point, and most digits of all that are read: far more than any account has.
const DEEPEST: u32 = 30;
const LONGEST: usize = 34;

/// An exact decimal number: `digits` × 10^-`scale`. Without trailing zeros behind the point, so that equal numbers are equal values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Decimal {
    digits: i128,
    scale: u32,
}

impl Decimal {
    pub const ZERO: Self = Self { digits: 0, scale: 0 };

    /// `digits` × 10^-`scale`; `None` beyond `DEEPEST`.
    pub fn new(digits: i128, scale: u32) -> Option<Self> {
        let (mut digits, mut scale) = (digits, scale);
        // nearly all numbers fit 64 bits, in which division is ten times as fast
        if let Ok(mut short) = i64::try_from(digits) {
            while scale > 0 && short % 10 == 0 {
                (short, scale) = (short / 10, scale - 1);
            }
            digits = i128::from(short);
        }
        while scale > 0 && digits % 10 == 0 {
            (digits, scale) = (digits / 10, scale - 1);
        }
        (scale <= DEEPEST && digits.unsigned_abs() < 10u128.pow(LONGEST as u32)).then_some(Self { digits, scale })
    }

    /// Reads `-12.50`, `1.5E-3`: what a program writes. No space, no thousands separators.
    pub fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (is_negative, unsigned) = match mantissa.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
        };
        let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() + part.len() == 0 || whole.len() + part.len() > LONGEST || !is_digits(whole) || !is_digits(part)
        {
            return None;
        }
        let digits = whole.bytes().chain(part.bytes()).fold(0i128, |sum, byte| sum * 10 + i128::from(byte - b'0'));
        let scale = (part.len() as i32).checked_sub(exponent)?;
        let digits = if is_negative { -digits } else { digits };
        match scale {
            0.. => Self::new(digits, u32::try_from(scale).ok()?),
            _ if digits == 0 => Some(Self::ZERO),
            _ => Self::new(digits.checked_mul(10i128.checked_pow(scale.unsigned_abs())?)?, 0),
        }
    }

    /// What an office program takes a stored number for: its 15 first digits. `None` for what is not finite, or too large or small.
    pub fn of_float(value: f64) -> Option<Self> {
        if value.is_finite() && value.fract() == 0.0 && value.abs() < 1e15 {
            return Self::new(value as i128, 0);
        }
        value.is_finite().then(|| Self::parse(&format!("{value:.14e}")))?
    }

    /// As `of_float`, from a stored text: the way that costs nothing if it is short, as nearly all are.
    pub fn of_stored(text: &str) -> Option<Self> {
        if text.len() <= 15 && !text.contains(['e', 'E']) {
            Self::parse(text)
        } else {
            Self::of_float(text.parse().ok()?)
        }
    }

    /// The number that a text shows: `1234.5`, `-1,234.50`, `12.5%`. Codes (`0010`) and dates are none.
    pub fn of_shown(text: &str) -> Option<Self> {
        let text = text.trim();
        let (text, power) = text.strip_suffix('%').map_or((text, 0), |rest| (rest, -2));
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (whole, part) = unsigned.split_once('.').map_or((unsigned, None), |(whole, part)| (whole, Some(part)));
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let mut groups = whole.split(',');
        let first = groups.next()?;
        let is_grouped = whole.contains(',');
        let is_whole = is_digits(first)
            && (first == "0" || !first.starts_with('0'))
            && (!is_grouped || first.len() <= 3)
            && groups.all(|group| group.len() == 3 && is_digits(group));
        if !is_whole || !part.is_none_or(is_digits) {
            return None;
        }
        let plain = if is_grouped { text.replace(',', "") } else { text.to_owned() };
        Self::parse(&plain)?.shifted(power)
    }

    pub fn is_zero(self) -> bool {
        self.digits == 0
    }

    pub fn is_negative(self) -> bool {
        self.digits < 0
    }

    pub fn abs(self) -> Self {
        Self { digits: self.digits.abs(), ..self }
    }

    pub fn negated(self) -> Self {
        Self { digits: -self.digits, ..self }
    }

    /// How many digits stand behind the point.
    pub fn places(self) -> u32 {
        self.scale
    }

    /// Exponent of the first digit: 0 for 7, 2 for 123, -2 for 0.05; 0 for zero.
    pub fn magnitude(self) -> i32 {
        self.digits.unsigned_abs().checked_ilog10().map_or(0, |log| log as i32 - self.scale as i32)
    }

    /// Sum; `None` if it has no room.
    pub fn plus(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        Self::new(self.raised(scale)?.checked_add(other.raised(scale)?)?, scale)
    }

    /// Times ten to a power.
    pub fn shifted(self, power: i32) -> Option<Self> {
        let scale = (self.scale as i32).checked_sub(power)?;
        match scale {
            0.. => Self::new(self.digits, scale as u32),
            _ => Self::new(self.digits.checked_mul(10i128.checked_pow(scale.unsigned_abs())?)?, 0),
        }
    }

    /// Rounded to so many digits behind the point, halves away from zero, as office programs round.
    pub fn rounded(self, places: u32) -> Self {
        if self.scale <= places {
            return self;
        }
        let Some(unit) = 10i128.checked_pow(self.scale - places) else { return Self::ZERO };
        let (whole, rest) = match (i64::try_from(self.digits), i64::try_from(unit)) {
            (Ok(digits), Ok(unit)) => (i128::from(digits / unit), i128::from(digits % unit)),
            _ => (self.digits / unit, self.digits % unit),
        };
        let up = if rest.abs() * 2 >= unit { self.digits.signum() } else { 0 };
        Self::new(whole + up, places).unwrap_or_default()
    }

    /// Digits before the point and behind it, without a sign; `"0"` before the point of 0.5.
    pub fn parts(self) -> (String, String) {
        let width = self.scale as usize + 1;
        let digits = match u64::try_from(self.digits.unsigned_abs()) {
            Ok(short) => format!("{short:0>width$}"),
            Err(_) => format!("{:0>width$}", self.digits.unsigned_abs()),
        };
        let (whole, part) = digits.split_at(digits.len() - self.scale as usize);
        (whole.to_owned(), part.to_owned())
    }

    pub fn as_float(self) -> f64 {
        self.digits as f64 / 10f64.powi(self.scale as i32)
    }

    fn raised(self, scale: u32) -> Option<i128> {
        self.digits.checked_mul(10i128.checked_pow(scale - self.scale)?)
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let scale = self.scale.max(other.scale);
        match (self.raised(scale), other.raised(scale)) {
            (Some(a), Some(b)) => a.cmp(&b),
            // one is so much larger that they cannot stand on one scale: signs and magnitudes tell
            _ => {
                let key = |n: &Self| n.digits.signum() * (n.magnitude() as i128 + 100);
                key(self).cmp(&key(other))
            }
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (whole, part) = self.parts();
        let sign = if self.is_negative() { "-" } else { "" };
        let point = if part.is_empty() { "" } else { "." };
        write!(f, "{sign}{whole}{point}{part}")
    }
}
