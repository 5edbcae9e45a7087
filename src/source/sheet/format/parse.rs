//! The code of a format → its sections.

use super::{Condition, Format, Section, Sign, Token};

/// Longer codes are none that an office program writes.
const LONGEST: usize = 1024;

impl Format {
    pub fn parse(code: &str) -> Self {
        if code.len() > LONGEST {
            let cut = code.chars().take(40).collect();
            return Self { code: cut, is_odd: true, ..Self::parse("General") };
        }
        let sections: Vec<Section> = split(code).into_iter().map(section).collect();
        let is_odd = sections.iter().any(|section| section.is_odd);
        Self { code: code.to_owned(), sections, is_odd }
    }
}

/// Sections of a code: at semicolons outside quotes and brackets.
fn split(code: &str) -> Vec<&str> {
    let (mut sections, mut start, mut chars) = (Vec::new(), 0, code.char_indices());
    let mut within = None;
    while let Some((at, c)) = chars.next() {
        match (within, c) {
            (Some(end), _) => within = (c != end).then_some(end),
            (None, '"') => within = Some('"'),
            (None, '[') => within = Some(']'),
            (None, '\\' | '!' | '_' | '*') => _ = chars.next(),
            (None, ';') => {
                sections.push(&code[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    sections.push(&code[start..]);
    sections
}

fn section(code: &str) -> Section {
    let mut section = Section::default();
    let mut rest = code;
    while let Some(c) = rest.chars().next() {
        let tail = &rest[c.len_utf8()..];
        rest = match c {
            '"' => {
                let (text, after) = tail.split_once('"').unwrap_or((tail, ""));
                section.literal(text);
                after
            }
            // `!` escapes in the formats of Chinese programs: `0!.0,` shows ten thousands
            '\\' | '!' | '_' | '*' => {
                let (next, after) = first(tail);
                match c {
                    '\\' | '!' => section.literal(next),
                    '_' => section.literal(" "),
                    // fills the column: as wide as nothing here
                    _ => {}
                }
                after
            }
            '[' => {
                let (inside, after) = tail.split_once(']').unwrap_or((tail, ""));
                section.bracket(inside);
                after
            }
            _ => section.plain(c, rest),
        };
    }
    section.settle();
    section
}

/// The first character and what is behind it.
fn first(text: &str) -> (&str, &str) {
    text.split_at(text.chars().next().map_or(0, char::len_utf8))
}

/// What is behind `prefix`, whatever the case of its letters.
fn behind<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

const HALVES: [(&str, &str, &str); 3] = [("AM/PM", "AM", "PM"), ("A/P", "A", "P"), ("上午/下午", "上午", "下午")];

impl Section {
    fn literal(&mut self, text: &str) {
        match self.tokens.last_mut() {
            Some(Token::Literal(before)) => before.push_str(text),
            _ if text.is_empty() => {}
            _ => self.tokens.push(Token::Literal(text.to_owned())),
        }
    }

    /// A character outside quotes and brackets, and perhaps some behind it; what is left.
    fn plain<'a>(&mut self, c: char, rest: &'a str) -> &'a str {
        if let Some(after) = behind(rest, "General").or_else(|| behind(rest, "G/通用格式")) {
            self.tokens.push(Token::General);
            return after;
        }
        if let Some((after, am, pm)) = HALVES.iter().find_map(|(code, am, pm)| Some((behind(rest, code)?, am, pm))) {
            self.tokens.push(Token::Half(am, pm));
            return after;
        }
        if let Some(after) = behind(rest, "E+").or_else(|| behind(rest, "E-")) {
            self.tokens.push(Token::Exponent(rest[1..].starts_with('+')));
            return after;
        }
        let run = rest.chars().take_while(|other| other.eq_ignore_ascii_case(&c)).count();
        match c.to_ascii_lowercase() {
            letter @ ('y' | 'm' | 'd' | 'h' | 's' | 'e' | 'a') if letter != 'a' || run >= 3 => {
                let letter = if letter == 'e' { 'y' } else { letter };
                let count = if c.eq_ignore_ascii_case(&'e') { 4 } else { run };
                self.tokens.push(Token::Part(letter, count));
                &rest[run..]
            }
            '.' if self.is_behind_seconds() && rest[1..].starts_with('0') => {
                let zeros = rest[1..].bytes().take_while(|byte| *byte == b'0').count();
                self.tokens.push(Token::Fraction(zeros));
                &rest[1 + zeros..]
            }
            '0' | '#' | '?' => self.token(Token::Digit(c), rest),
            '.' => self.token(Token::Point, rest),
            ',' => self.token(Token::Comma, rest),
            '%' => self.token(Token::Percent, rest),
            '@' => self.token(Token::Text, rest),
            '/' if self.tokens.iter().any(|token| matches!(token, Token::Digit(_))) => {
                // a fraction, if digits follow
                self.is_odd |= rest[1..].starts_with(['?', '#', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
                self.literal("/");
                &rest[1..]
            }
            _ => {
                let (text, after) = first(rest);
                self.literal(text);
                after
            }
        }
    }

    fn token<'a>(&mut self, token: Token, rest: &'a str) -> &'a str {
        self.tokens.push(token);
        &rest[1..]
    }

    fn is_behind_seconds(&self) -> bool {
        matches!(self.tokens.last(), Some(Token::Part('s', _) | Token::Elapsed('s', _)))
    }

    fn bracket(&mut self, inside: &str) {
        let lower = inside.to_ascii_lowercase();
        let run = |letter: char| !lower.is_empty() && lower.chars().all(|c| c == letter);
        match lower.as_str() {
            _ if run('h') || run('m') || run('s') => {
                let letter = lower.chars().next().unwrap_or('h');
                self.tokens.push(Token::Elapsed(letter, lower.len()));
            }
            "$-f800" | "$-x-sysdate" => self.replaced("yyyy\"年\"m\"月\"d\"日\""),
            "$-f400" | "$-x-systime" => self.replaced("h:mm:ss"),
            "dbnum1" => self.is_chinese = true,
            "dbnum2" | "dbnum3" | "dbnum4" => self.is_odd = true,
            _ if lower.starts_with('$') => {
                let sign = inside[1..].split('-').next().unwrap_or("");
                self.literal(sign);
            }
            _ if lower.starts_with(['<', '>', '=']) => self.condition = condition(inside).or(self.condition),
            // a colour, or a language
            _ => {}
        }
    }

    /// The system's own long date or time: what follows in the code is for systems without one, and is dropped in `settle`.
    fn replaced(&mut self, code: &str) {
        let Section { tokens, .. } = section(code);
        self.tokens = tokens;
        self.tokens.push(Token::Elapsed('-', 0));
    }

    /// What can be told only when all is read: which `m` are minutes, and whether small Chinese numerals are in place.
    fn settle(&mut self) {
        if let Some(end) = self.tokens.iter().position(|token| *token == Token::Elapsed('-', 0)) {
            self.tokens.truncate(end);
        }
        let parts: Vec<(usize, char)> = self
            .tokens
            .iter()
            .enumerate()
            .filter_map(|(at, token)| match token {
                Token::Part(letter, _) | Token::Elapsed(letter, _) => Some((at, *letter)),
                _ => None,
            })
            .collect();
        for (index, (at, letter)) in parts.iter().enumerate() {
            let is_behind_hours = index > 0 && parts[index - 1].1 == 'h';
            let is_before_seconds = parts.get(index + 1).is_some_and(|next| next.1 == 's');
            if let Token::Part(own, count) = &mut self.tokens[*at]
                && *letter == 'm'
                && *count <= 2
                && (is_behind_hours || is_before_seconds)
            {
                *own = 'n';
            }
        }
        self.is_odd |= self.is_chinese && !self.is_moment();
    }
}

fn condition(inside: &str) -> Option<Condition> {
    let signs = [
        ("<=", Sign::AtMost),
        (">=", Sign::AtLeast),
        ("<>", Sign::Unlike),
        ("<", Sign::Less),
        (">", Sign::More),
        ("=", Sign::Equal),
    ];
    let (rest, sign) = signs.iter().find_map(|(text, sign)| Some((inside.strip_prefix(text)?, *sign)))?;
    Some(Condition { sign, limit: rest.trim().parse().ok()? })
}
