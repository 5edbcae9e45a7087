//! The axis of values: from the data to a range whose ends are ticks, at steps of 1, 2 or 5 times a power of ten.

use super::number::{Scale, exponent, grouped, power_of_ten, scale};

/// A range of whole steps. Ticks are products of whole numbers, so that 0.1 × 3 is printed as 0.3.
#[derive(Clone, Copy, Debug)]
pub struct Axis {
    /// 1, 2 or 5
    digit: i64,
    exponent: i32,
    first: i64,
    last: i64,
    pub scale: Scale,
}

impl Axis {
    /// Around all values, with about `wanted` steps. The axis begins at 0 if `from_zero` (bars: their length is what is
    /// compared), or if the values are not far from it or hardly differ.
    pub fn around(values: impl Iterator<Item = f64> + Clone, from_zero: bool, wanted: usize) -> Self {
        let are_counts = values.clone().all(|value| value.fract() == 0.0);
        let low = values.clone().fold(f64::INFINITY, f64::min);
        let high = values.fold(f64::NEG_INFINITY, f64::max);
        let (low, high) = if low.is_finite() && high.is_finite() { (low, high) } else { (0.0, 0.0) };
        let largest = low.abs().max(high.abs());
        let hardly_differ = high - low <= largest / 100_000.0;
        let is_near_zero = low > 0.0 && low <= high * 0.7 || high < 0.0 && high >= low * 0.7;
        let zero = from_zero || hardly_differ || is_near_zero;
        let (low, high) = if zero { (low.min(0.0), high.max(0.0)) } else { (low, high) };
        let high = if high - low <= 1e-9 { low + 1.0 } else { high };
        let (digit, exponent) = step((high - low) / wanted.max(1) as f64);
        // nobody sees a fifth of a complaint
        let (digit, exponent) = if are_counts && exponent < 0 { (1, 0) } else { (digit, exponent) };
        Self::of_range(low, high, (digit, exponent))
    }

    fn of_range(low: f64, high: f64, (digit, exponent): (i64, i32)) -> Self {
        let size = |value: f64| {
            if exponent >= 0 {
                value / (digit as f64 * power_of_ten(exponent))
            } else {
                value * power_of_ten(-exponent) / digit as f64
            }
        };
        // what floating point adds or takes does not make a step of its own
        let (first, last) = ((size(low) + 1e-9).floor() as i64, (size(high) - 1e-9).ceil() as i64);
        let axis = Self { digit, exponent, first, last: last.max(first + 1), scale: Scale { exponent: 0, word: "" } };
        let scale = scale(axis.low().abs().max(axis.high().abs()));
        // where the steps are small beside the figures, scaling would only add decimals
        if scale.exponent - exponent > 4 { axis } else { Self { scale, ..axis } }
    }

    fn at(&self, step: i64) -> f64 {
        let count = (step * self.digit) as f64;
        match self.exponent {
            exponent if exponent >= 0 => count * power_of_ten(exponent),
            exponent => count / power_of_ten(-exponent),
        }
    }

    pub fn low(&self) -> f64 {
        self.at(self.first)
    }

    pub fn high(&self) -> f64 {
        self.at(self.last)
    }

    /// Where a value lies between the ends: 0 at the lower, 1 at the upper.
    pub fn share(&self, value: f64) -> f64 {
        ((value - self.low()) / (self.high() - self.low())).clamp(0.0, 1.0)
    }

    /// Every tick with its label.
    pub fn ticks(&self) -> Vec<(f64, String)> {
        let decimals = usize::try_from(self.scale.exponent - self.exponent).unwrap_or(0);
        (self.first..=self.last)
            .map(|step| (self.at(step), grouped(self.scale.apply(self.at(step)), decimals)))
            .collect()
    }
}

/// The nearest of 1, 2, 5 × a power of ten, at least 10⁻⁹. Between them the limits are the geometric means.
fn step(raw: f64) -> (i64, i32) {
    let exponent = exponent(raw).max(-9);
    match raw / power_of_ten(exponent) {
        mantissa if mantissa < 1.414 => (1, exponent),
        mantissa if mantissa < 3.162 => (2, exponent),
        mantissa if mantissa < 7.071 => (5, exponent),
        _ => (1, exponent + 1),
    }
}
