//! Number formats: a stored number → what the office program shows for it.
//!
//! In: the code of a format (`#,##0.00;[Red]-#,##0.00`) or the number of a built-in one, as a Chinese office program
//! takes it. Out: the text. Known: sections and conditions, digits, thousands, scaling, percent, exponents, dates and
//! times with Chinese literals, lengths of time, padding, colours, currency signs, text. Not known, and said so by
//! `is_odd`: fractions (`# ?/?`), large Chinese numerals (`[DBNum2]`), small ones outside dates. Such numbers are shown
//! as 常规 shows them. A column that is too narrow (`####`) is not modelled: every column is wide enough.

mod builtin;
mod general;
mod moment;
mod number;
mod parse;

pub use builtin::builtin;

use crate::model::Decimal;
use crate::model::grid::Value;

/// A format, parsed.
#[derive(Clone, Debug, PartialEq)]
pub struct Format {
    code: String,
    sections: Vec<Section>,
    is_odd: bool,
}

/// What stands between semicolons.
#[derive(Clone, Debug, Default, PartialEq)]
struct Section {
    condition: Option<Condition>,
    tokens: Vec<Token>,
    /// Chinese numerals, in dates.
    is_chinese: bool,
    is_odd: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Condition {
    sign: Sign,
    limit: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Sign {
    Less,
    AtMost,
    More,
    AtLeast,
    Equal,
    Unlike,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Literal(String),
    /// `0`, `#` or `?`
    Digit(char),
    Point,
    Comma,
    Percent,
    /// `E+`, `E-`: whether a plus is shown.
    Exponent(bool),
    General,
    /// `@`
    Text,
    /// y, m, d, h, s, a (weekday in Chinese), n (minutes), and how often the letter stands there.
    Part(char, usize),
    /// `[h]`, `[mm]`, `[s]`: not carried over into the next larger unit.
    Elapsed(char, usize),
    /// `.00` behind seconds.
    Fraction(usize),
    /// What stands for the forenoon and the afternoon.
    Half(&'static str, &'static str),
}

impl Format {
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Whether something in it is not known.
    pub fn is_odd(&self) -> bool {
        self.is_odd
    }

    /// The text and the worth of a number; `is_1904` tells from which day the file counts.
    pub fn show(&self, stored: f64, exact: Option<Decimal>, is_1904: bool) -> (String, Value) {
        let (section, hides_sign) = self.section(stored);
        let plain = || general::general(stored, exact);
        if section.is_moment() {
            let text = moment::moment(section, stored, is_1904).unwrap_or_else(plain);
            return (trimmed(text), Value::Moment);
        }
        let value = exact.map_or(Value::Text, Value::Number);
        let text = match exact {
            Some(exact) if !section.is_odd && !section.is_plain() => {
                let sign = if exact.is_negative() && !hides_sign { "-" } else { "" };
                number::number(section, exact.abs()).map_or_else(plain, |digits| [sign, &digits].concat())
            }
            _ => plain(),
        };
        (trimmed(text), value)
    }

    /// A text as it is shown: as it is, mostly.
    pub fn show_text(&self, text: &str) -> String {
        let own = match self.sections.as_slice() {
            [_, _, _, text, ..] => Some(text),
            [.., last] if last.has_text() => Some(last),
            _ => None,
        };
        // padding on both sides is for the eye in a grid; what is left is nearly always the text alone
        match own {
            Some(section) if !section.is_only_text() => {
                section.tokens.iter().map(|token| token.as_text(text)).collect()
            }
            _ => text.to_owned(),
        }
    }

    /// The section for a number, and whether it shows negative numbers in its own way.
    fn section(&self, stored: f64) -> (&Section, bool) {
        let sections = &self.sections[..self.sections.len().min(3)];
        let sections = match sections {
            [rest @ .., last] if !rest.is_empty() && last.has_text() => rest,
            all => all,
        };
        if sections.iter().any(|section| section.condition.is_some()) {
            let fits = |section: &&Section| section.condition.is_none_or(|condition| condition.holds(stored));
            let found = sections.iter().find(fits).unwrap_or(&sections[0]);
            return (found, found.condition.is_some_and(Condition::is_of_negatives));
        }
        match sections {
            [_, negative, ..] if stored < 0.0 => (negative, true),
            [_, _, zero] if stored == 0.0 => (zero, false),
            _ => (&sections[0], false),
        }
    }
}

/// Blanks at the ends pad a number to a column; a page has no use for them.
fn trimmed(text: String) -> String {
    let kept = text.trim_matches(' ');
    if kept.len() == text.len() { text } else { kept.to_owned() }
}

impl Condition {
    fn holds(self, value: f64) -> bool {
        match self.sign {
            Sign::Less => value < self.limit,
            Sign::AtMost => value <= self.limit,
            Sign::More => value > self.limit,
            Sign::AtLeast => value >= self.limit,
            Sign::Equal => value == self.limit,
            Sign::Unlike => value != self.limit,
        }
    }

    fn is_of_negatives(self) -> bool {
        matches!(self.sign, Sign::Less) && self.limit <= 0.0 || matches!(self.sign, Sign::AtMost) && self.limit < 0.0
    }
}

impl Section {
    fn is_moment(&self) -> bool {
        self.tokens.iter().any(|token| matches!(token, Token::Part(..) | Token::Elapsed(..) | Token::Half(..)))
    }

    fn has_text(&self) -> bool {
        self.tokens.contains(&Token::Text)
    }

    /// Whether a number is shown as 常规 shows it, with nothing around.
    fn is_plain(&self) -> bool {
        matches!(self.tokens.as_slice(), [Token::General | Token::Text])
    }

    /// `@` with nothing around it but blanks.
    fn is_only_text(&self) -> bool {
        let is_blank = |token: &Token| matches!(token, Token::Literal(text) if text.trim_matches(' ').is_empty());
        self.tokens.iter().filter(|token| !is_blank(token)).eq([&Token::Text])
    }
}

impl Token {
    fn as_text<'a>(&'a self, text: &'a str) -> &'a str {
        match self {
            Token::Text => text,
            Token::Literal(literal) => literal,
            _ => "",
        }
    }
}
