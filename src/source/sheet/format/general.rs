//! 常规: a number as it is typed, as long as eleven characters hold it.

use crate::model::Decimal;

pub fn general(stored: f64, exact: Option<Decimal>) -> String {
    let Some(exact) = exact else { return scientific(stored) };
    let magnitude = exact.magnitude();
    match magnitude {
        _ if exact.is_zero() => "0".into(),
        -4..=-1 => exact.rounded(9).to_string(),
        0..=9 => exact.rounded(9 - magnitude as u32).to_string(),
        10 => exact.rounded(0).to_string(),
        // 0.00001 fits, 0.0000123456789 does not
        -9..=-5 if exact.places() <= 9 => exact.to_string(),
        _ => scientific(stored),
    }
}

/// `1.23457E+11`
fn scientific(stored: f64) -> String {
    let text = format!("{stored:.5e}");
    let Some((mantissa, exponent)) = text.split_once('e') else { return text };
    let mantissa = mantissa.trim_end_matches('0').trim_end_matches('.');
    let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
    format!("{mantissa}E{sign}{digits:0>2}")
}
