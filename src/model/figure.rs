//! A figure as a document states it: its value, and how many decimals it was written with.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::decimal::Decimal;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Figure {
    pub value: Decimal,
    /// `12.50` is shown with two decimals.
    pub places: u32,
}

impl Figure {
    /// Reads `1234.5`, `1,234.50`, `-3`, `−3`, full-width digits too; neither codes (`0010`) nor percentages.
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text.trim().chars().map(narrow).collect();
        if text.ends_with('%') {
            return None;
        }
        let places = text.split_once('.').map_or(0, |(_, part)| part.len() as u32);
        Decimal::of_shown(&text).map(|value| Self { value, places })
    }

    /// Without commas, as forms have it: `1234.50`.
    pub fn plain(self) -> String {
        self.to_string().replace(',', "")
    }
}

impl fmt::Display for Figure {
    /// With commas between thousands: `1,234.50`.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (whole, part) = self.value.parts();
        if self.value.is_negative() {
            f.write_str("-")?;
        }
        for (at, digit) in whole.char_indices() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        match self.places as usize {
            0 if part.is_empty() => Ok(()),
            places => write!(f, ".{part:0<places$}"),
        }
    }
}

/// Full-width forms as the common ones.
fn narrow(c: char) -> char {
    match c {
        '０'..='９' | '．' | '，' | '－' | '＋' | '％' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '−' | '–' => '-',
        _ => c,
    }
}
