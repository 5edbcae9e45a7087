//! Digits, thousands, percent and exponents.

use super::{Section, Token, general};
use crate::model::Decimal;

/// What a section shows for a number that is not negative; `None` if it has no room.
pub fn number(section: &Section, value: Decimal) -> Option<String> {
    let layout = Layout::of(section);
    let shifted = value.shifted(layout.shift)?;
    let (shown, exponent) = match layout.exponent {
        Some(_) => layout.normal(shifted)?,
        None => (shifted.rounded(layout.places), 0),
    };
    Some(layout.write(section, value, shown, exponent))
}

/// What the places of a section mean.
struct Layout {
    /// Digits before the point.
    whole: usize,
    /// Digits behind it.
    places: u32,
    has_thousands: bool,
    /// Power of ten: percent signs, and commas that scale.
    shift: i32,
    /// Where the exponent begins.
    exponent: Option<usize>,
    point: usize,
    /// Whether a digit before the point is shown even if it is zero.
    keeps_zero: bool,
}

impl Layout {
    fn of(section: &Section) -> Self {
        let tokens = &section.tokens;
        let exponent = tokens.iter().position(|token| matches!(token, Token::Exponent(_)));
        let mantissa = &tokens[..exponent.unwrap_or(tokens.len())];
        let point = mantissa.iter().position(|token| *token == Token::Point).unwrap_or(mantissa.len());
        let digits = |tokens: &[Token]| tokens.iter().filter(|token| matches!(token, Token::Digit(_))).count();
        let last = mantissa.iter().rposition(|token| matches!(token, Token::Digit(_))).unwrap_or(0);
        let last_whole = mantissa[..point].iter().rposition(|token| matches!(token, Token::Digit(_))).unwrap_or(0);
        let is_comma = |token: &&Token| **token == Token::Comma;
        // commas right behind the last digit, of the whole part or of all, scale
        let behind = |at: usize| mantissa.iter().skip(at + 1).take_while(is_comma).count();
        let scales = behind(last_whole) + if last > point { behind(last) } else { 0 };
        let first = mantissa.iter().position(|token| matches!(token, Token::Digit(_))).unwrap_or(0);
        let percents = tokens.iter().filter(|token| **token == Token::Percent).count();
        Self {
            whole: digits(&mantissa[..point]),
            places: digits(&mantissa[point..]) as u32,
            has_thousands: mantissa[first.min(last_whole)..last_whole].contains(&Token::Comma),
            shift: (2 * percents) as i32 - (3 * scales) as i32,
            exponent,
            point,
            keeps_zero: mantissa[..point].contains(&Token::Digit('0')),
        }
    }

    /// A number as a mantissa and an exponent that is a multiple of the digits before the point.
    fn normal(&self, value: Decimal) -> Option<(Decimal, i32)> {
        let step = self.whole.max(1) as i32;
        if value.is_zero() {
            return Some((value, 0));
        }
        let exponent = value.magnitude().div_euclid(step) * step;
        let mantissa = value.shifted(-exponent)?.rounded(self.places);
        if mantissa.magnitude() >= step {
            Some((mantissa.shifted(-step)?, exponent + step))
        } else {
            Some((mantissa, exponent))
        }
    }

    fn write(&self, section: &Section, value: Decimal, shown: Decimal, exponent: i32) -> String {
        let (whole, part) = shown.parts();
        // a zero before the point is shown by `0` alone
        let whole = if whole == "0" && !self.keeps_zero { "" } else { &whole };
        let (mut text, mut seen_whole, mut seen_part) = (String::new(), 0, 0);
        for (at, token) in section.tokens.iter().enumerate() {
            match token {
                Token::Literal(literal) => text.push_str(literal),
                Token::Percent => text.push('%'),
                Token::Point if at == self.point => text.push('.'),
                Token::General => text.push_str(&general::general(value.as_float(), Some(value))),
                Token::Exponent(shows_plus) => {
                    text.push_str(match exponent < 0 {
                        true => "E-",
                        false if *shows_plus => "E+",
                        false => "E",
                    });
                    let width = section.tokens[at..].iter().filter(|token| matches!(token, Token::Digit(_))).count();
                    text.push_str(&format!("{:0>width$}", exponent.unsigned_abs()));
                }
                Token::Digit(_) if self.exponent.is_some_and(|start| at > start) => {}
                Token::Digit(kind) if at < self.point => {
                    self.whole_digits(*kind, seen_whole, whole, &mut text);
                    seen_whole += 1;
                }
                Token::Digit(kind) => {
                    match (part.as_bytes().get(seen_part), kind) {
                        (Some(digit), _) => text.push(char::from(*digit)),
                        (None, '0') => text.push('0'),
                        (None, '?') => text.push(' '),
                        _ => {}
                    }
                    seen_part += 1;
                }
                _ => {}
            }
        }
        text
    }

    /// The digits of one place before the point; the first place takes all that have no place of their own.
    fn whole_digits(&self, kind: char, seen: usize, whole: &str, text: &mut String) {
        let place = self.whole - 1 - seen;
        let first = if seen == 0 { whole.len().max(place + 1) } else { place + 1 };
        for from_right in (place..first).rev() {
            let digit = whole.len().checked_sub(from_right + 1).map(|at| char::from(whole.as_bytes()[at]));
            match (digit, kind) {
                (Some(digit), _) => text.push(digit),
                (None, '0') => text.push('0'),
                (None, '?') => text.push(' '),
                _ => continue,
            }
            let is_digit = digit.is_some() || kind == '0';
            if self.has_thousands && is_digit && from_right > 0 && from_right % 3 == 0 {
                text.push(',');
            }
        }
    }
}
