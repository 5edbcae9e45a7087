//! Patterns of paths: `*` is anything within one folder, `**` also goes through folders, `?` is one character of a name.

/// `assets/**`, `**/*.pdf`, `index.html`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Glob {
    text: String,
    parts: Vec<Part>,
}

/// A step of a pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    Char(char),
    /// `?`
    One,
    /// `*`
    Name,
    /// `**/` at the beginning of a name: any number of folders.
    Folders,
    /// `**`
    All,
}

impl Glob {
    /// Longest pattern in bytes.
    const LONGEST: usize = 300;

    /// A leading `/` may stand or not. `Err` says in Chinese what is wrong.
    pub fn new(text: &str) -> Result<Self, &'static str> {
        let text = text.trim().trim_start_matches('/');
        match () {
            _ if text.is_empty() => return Err("是空的"),
            _ if text.len() > Self::LONGEST => return Err("超过 300 字节"),
            _ if text.chars().any(|c| c.is_control() || c == '\\' || c == '"') => {
                return Err("有反斜线、引号或看不见的字符");
            }
            _ if text.ends_with('/') => return Err("以 / 结尾；整个文件夹写成 文件夹/**"),
            _ if text.split('/').any(|name| matches!(name, "" | "." | "..")) => return Err("有空的一层，或 .、.."),
            _ if text.contains("***") => return Err("有连续三个 *"),
            _ => {}
        }
        Ok(Self { text: text.to_owned(), parts: parts(text) })
    }

    /// As it was written, without a leading `/`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Whether the whole path, from the site's root, is of this pattern.
    pub fn matches(&self, path: &str) -> bool {
        // what can have been read so far ends before one of these parts; one pass over the path, whatever the pattern
        let mut open = vec![false; self.parts.len() + 1];
        let mut next = open.clone();
        open[0] = true;
        self.skip(&mut open, true);
        for c in path.chars() {
            next.fill(false);
            for (at, part) in self.parts.iter().enumerate().filter(|(at, _)| open[*at]) {
                match part {
                    Part::Char(wanted) => next[at + 1] |= *wanted == c,
                    Part::One => next[at + 1] |= c != '/',
                    Part::Name => next[at] |= c != '/',
                    Part::All | Part::Folders => next[at] = true,
                }
            }
            self.skip(&mut next, c == '/');
            std::mem::swap(&mut open, &mut next);
        }
        open[self.parts.len()]
    }

    /// Opens what lies behind parts that may be nothing. `starts`: a name begins here.
    fn skip(&self, open: &mut [bool], starts: bool) {
        for (at, part) in self.parts.iter().enumerate() {
            let may_end = match part {
                Part::Name | Part::All => true,
                Part::Folders => starts,
                _ => false,
            };
            if open[at] && may_end {
                open[at + 1] = true;
            }
        }
    }
}

fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let begins = parts.is_empty() || matches!(parts.last(), Some(Part::Char('/') | Part::Folders));
        let (part, length) = match c {
            '*' if rest.starts_with("**/") && begins => (Part::Folders, 3),
            '*' if rest.starts_with("**") => (Part::All, 2),
            '*' => (Part::Name, 1),
            '?' => (Part::One, 1),
            c => (Part::Char(c), c.len_utf8()),
        };
        parts.push(part);
        rest = &rest[length..];
    }
    parts
}
