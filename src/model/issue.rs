//! 期号: which issue of a series a document is, as it is written: `46`, `第46期`, `2014年第46期`, `第46-47期`, `总第103期`.

/// One issue, or several that came out as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Issue {
    /// The year that it names, if it names one.
    pub year: Option<i16>,
    pub first: u32,
    /// The same as `first` unless several came out as one (合刊).
    pub last: u32,
}

/// The highest number that is taken for one: more is a date or a code.
const HIGHEST: u32 = 99_999;

impl Issue {
    /// Reads an issue; `None` if it says no number, or more than can be told apart.
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).map(narrow).collect();
        let (year, rest) = match text.split_once('年') {
            Some((year, rest)) => (Some(year.parse().ok().filter(|year| (1900..=2999).contains(year))?), rest),
            None => (None, &*text),
        };
        // 2014年第46期（总第103期）: the number within the year is the one that goes on
        let rest = rest.split(['(', '（']).next().unwrap_or_default();
        let rest = rest.strip_prefix('总').unwrap_or(rest);
        let rest = rest.strip_prefix('第').unwrap_or(rest);
        let rest = rest.strip_suffix(['期', '号', '辑']).unwrap_or(rest);
        let (first, last) = rest.split_once(['-', '至', '、']).unwrap_or((rest, rest));
        let number = |text: &str| {
            let text = text.strip_prefix('第').unwrap_or(text);
            let text = text.strip_suffix('期').unwrap_or(text);
            if let Some(number) = chinese(text) {
                return Some(number);
            }
            let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse().ok().filter(|number| is_plain && (1..=HIGHEST).contains(number))
        };
        let (first, last) = (number(first)?, number(last)?);
        (first <= last && last - first < 100).then_some(Self { year, first, last })
    }

    /// `第46期`, `第46、47期`
    pub fn label(self) -> String {
        match self.last - self.first {
            0 => format!("第{}期", self.first),
            1 => format!("第{}、{}期", self.first, self.last),
            _ => format!("第{}至{}期", self.first, self.last),
        }
    }
}

/// `三十七`, `一百零五`, `二〇`; up to 999, as newsletters count.
fn chinese(text: &str) -> Option<u32> {
    const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digit = |c: char| DIGITS.iter().position(|digit| *digit == c).map(|at| at as u32);
    let text = text.replace('〇', "零").replace('两', "二");
    if text.chars().count() > 7 || text.is_empty() {
        return None;
    }
    let mut rest = &*text;
    let mut number = 0;
    for (sign, worth) in [('百', 100), ('十', 10)] {
        let Some((before, after)) = rest.split_once(sign) else { continue };
        let before = before.trim_start_matches('零');
        let mut digits = before.chars();
        let times = match (digits.next(), digits.next()) {
            // 十二, but no 百二
            (None, _) if worth == 10 => 1,
            (Some(c), None) => digit(c).filter(|times| *times > 0)?,
            _ => return None,
        };
        number += times * worth;
        rest = after;
    }
    let last: Vec<u32> = rest.chars().map(digit).collect::<Option<_>>()?;
    let last = match (number, last.as_slice()) {
        (0, digits) => digits.iter().fold(0, |sum, digit| sum * 10 + digit),
        (_, []) => 0,
        (_, [0, last] | [last]) => *last,
        _ => return None,
    };
    Some(number + last).filter(|number| (1..=999).contains(number))
}

/// Full-width forms as the common ones, and every dash as one.
fn narrow(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '—' | '–' | '－' | '～' | '~' | '−' => '-',
        _ => c,
    }
}
