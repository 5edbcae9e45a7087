//! Numbers as text: coordinates, and figures for readers. Only operations that give the same bits on every machine: no
//! logarithm, no power.

/// A coordinate with at most two decimals, without trailing zeros and without `-0`.
pub fn coordinate(value: f64) -> String {
    trimmed(&format!("{value:.2}"))
}

fn trimmed(text: &str) -> String {
    let short = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text };
    if short == "-0" { "0".to_owned() } else { short.to_owned() }
}

/// `-1,234,567.50`, with as many decimals as asked for. The sign is the minus of the keyboard, which copies well.
pub fn grouped(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
    let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut out = String::from(if digits.bytes().any(|b| b.is_ascii_digit() && b != b'0') { sign } else { "" });
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out.push_str(rest);
    out
}

/// A figure for a label: no more than `decimals` decimals, no trailing zeros.
pub fn figure(value: f64, decimals: usize) -> String {
    let text = grouped(value, decimals);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Decimals that a figure of this size deserves: enough for four significant digits, at least two, at most nine.
pub fn decimals_for(value: f64) -> usize {
    let exponent = exponent(value);
    usize::try_from((3 - exponent).clamp(2, 9)).unwrap_or(2)
}

/// The power of ten of the first digit; 0 for 0.
pub fn exponent(value: f64) -> i32 {
    let text = format!("{value:e}");
    text.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0)
}

/// 10 to the power, rounded as a reader of decimals rounds it.
pub fn power_of_ten(exponent: i32) -> f64 {
    format!("1e{exponent}").parse().unwrap_or(1.0)
}

/// By what figures are divided, and the word for it before the unit: 12,000,000 元 are 1,200 万元.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    pub exponent: i32,
    pub word: &'static str,
}

/// From 100,000 on figures are in 万, from 100,000,000 on in 亿, as statistics are printed in China.
pub fn scale(largest: f64) -> Scale {
    match largest.abs() {
        large if large >= 1e13 => Scale { exponent: 12, word: "万亿" },
        large if large >= 1e8 => Scale { exponent: 8, word: "亿" },
        large if large >= 1e5 => Scale { exponent: 4, word: "万" },
        _ => Scale { exponent: 0, word: "" },
    }
}

impl Scale {
    pub fn apply(self, value: f64) -> f64 {
        value / power_of_ten(self.exponent)
    }

    /// `万` and `元` are `万元`; `万` and `万元` are `亿元`; a percentage or a concentration keeps a space: `万 µg/m³`.
    pub fn unit(self, unit: &str) -> String {
        match (self.word, unit) {
            ("", _) => unit.to_owned(),
            ("万", _) if unit.starts_with('万') => ["亿", unit.trim_start_matches('万')].concat(),
            ("亿", _) if unit.starts_with('万') => ["万亿", unit.trim_start_matches('万')].concat(),
            (word, _) if unit.starts_with(|c: char| c.is_ascii() || c == 'µ' || c == 'μ') => [word, unit].join(" "),
            (word, _) => [word, unit].concat(),
        }
    }
}
