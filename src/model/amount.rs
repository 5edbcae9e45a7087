//! Measured amounts with at most three decimals, as reports print them: exact, because limits are compared with them.

/// Thousandths of a unit (µg/m³, mg/m³, mg/L: whoever holds one knows which). Never negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(u32);

impl Amount {
    pub const fn thousandths(count: u32) -> Self {
        Self(count)
    }

    pub const fn whole(units: u16) -> Self {
        Self(units as u32 * 1000)
    }

    pub const fn in_thousandths(self) -> u32 {
        self.0
    }

    /// Reads `75`, `0.8`, `12.345`. `None` for signs, more than three decimals that are not 0, and a million or more.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, decimals) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
        let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let decimals_kept = decimals.trim_end_matches('0');
        if !is_number(whole) || !is_number(decimals) || whole.len() > 6 || decimals_kept.len() > 3 {
            return None;
        }
        let digits: String = decimals_kept.chars().chain("000".chars()).take(3).collect();
        Some(Self(whole.parse::<u32>().ok()? * 1000 + digits.parse::<u32>().ok()?))
    }
}
