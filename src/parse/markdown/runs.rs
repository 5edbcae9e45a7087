//! Runs of `*` and `~` beside Chinese punctuation: which of them CommonMark's rules misjudge.
//!
//! CommonMark lets a run open emphasis only if it stands before a letter, or after white space or punctuation; and the
//! other way round for closing. Chinese has no spaces, so `**注意：**内容` and `这是**“重点”**内容` come out with asterisks.
//! Here each run gets a verdict; `emphasis` carries it out.
//!
//! Asterisks are also characters that hide or count: `王**（男）`, `138****1234`, `1200*600*25`, `收入*（1-30%）*税率`.
//! Those verdicts keep them from becoming emphasis by a repair, and in a text with Chinese also by CommonMark's own
//! rules where they stand between digits or hide names: a figure that loses its asterisks is another figure.

use super::precheck::find;
use super::punct::{Side, is_cjk, is_punctuation, side};

/// What is to be done with a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing: CommonMark judges it well.
    Keep,
    /// It must be able to open: `是**“`.
    Open,
    /// It must be able to close: `：**内`.
    Close,
    /// It is text: `138****1234`.
    Literal,
}

/// A run of `*` or `~` and the characters beside it.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    pub start: usize,
    pub end: usize,
    mark: u8,
    /// The two characters before it, nearest first.
    before: [Option<char>; 2],
    /// The two characters after it, nearest first.
    after: [Option<char>; 2],
}

/// Whether a text has runs at all that could need a verdict: only white space and Latin letters need none.
pub fn any_suspect(text: &str) -> bool {
    let bytes = text.as_bytes();
    let suspect =
        |byte: Option<&u8>| byte.is_some_and(|b| !b.is_ascii() || b.is_ascii_digit() || b.is_ascii_punctuation());
    let mut at = 0;
    while let Some(start) = find(bytes, at, |b| matches!(b, b'*' | b'~')) {
        let length = bytes[start..].iter().take_while(|b| **b == bytes[start]).count();
        at = start + length;
        if suspect(start.checked_sub(1).and_then(|i| bytes.get(i))) || suspect(bytes.get(at)) {
            return true;
        }
    }
    false
}

/// All runs of a text with their verdicts.
pub fn judge(text: &str) -> Vec<(Run, Verdict)> {
    let runs = runs(text);
    (0..runs.len()).map(|at| (runs[at], verdict(text, &runs, at))).collect()
}

/// All runs that no backslash escapes.
fn runs(text: &str) -> Vec<Run> {
    let bytes = text.as_bytes();
    let mut runs = Vec::new();
    let mut at = 0;
    while let Some(start) = find(bytes, at, |b| matches!(b, b'\\' | b'*' | b'~')) {
        let mark = bytes[start];
        if mark == b'\\' {
            at = (start + 2).min(bytes.len());
            continue;
        }
        at = start + bytes[start..].iter().take_while(|b| **b == mark).count();
        runs.push(run(text, mark, start, at));
    }
    runs
}

fn run(text: &str, mark: u8, start: usize, end: usize) -> Run {
    let mut before = text[..start].chars().rev();
    let mut after = text[end..].chars();
    Run { start, end, mark, before: [before.next(), before.next()], after: [after.next(), after.next()] }
}

fn verdict(text: &str, runs: &[Run], at: usize) -> Verdict {
    let run = &runs[at];
    let neighbours = Neighbours {
        previous: at
            .checked_sub(1)
            .map(|i| &runs[i])
            .filter(|other| run.pairs_with(other, &text[other.end..run.start])),
        next: runs.get(at + 1).filter(|other| run.pairs_with(other, &text[run.end..other.start])),
    };
    match () {
        _ if run.mark == b'*' && (run.is_among_digits() || run.hides_names(neighbours)) => Verdict::Literal,
        _ if !(run.is_near_cjk() || neighbours.any(Run::is_near_cjk)) => Verdict::Keep,
        _ if run.must_open() && !(run.len() == 1 && is_formula(text, run)) => Verdict::Open,
        _ if run.must_close() && !(run.len() == 1 && (is_formula(text, run) || run.is_list_mark(neighbours))) => {
            Verdict::Close
        }
        _ => Verdict::Keep,
    }
}

/// The runs beside a run, if of the same kind and length and in the same paragraph.
#[derive(Clone, Copy)]
struct Neighbours<'a> {
    previous: Option<&'a Run>,
    next: Option<&'a Run>,
}

impl Neighbours<'_> {
    fn any(self, test: impl Fn(&Run) -> bool) -> bool {
        [self.previous, self.next].into_iter().flatten().any(test)
    }
}

impl Run {
    fn len(&self) -> usize {
        self.end - self.start
    }

    fn pairs_with(&self, other: &Run, between: &str) -> bool {
        self.mark == other.mark
            && self.len() == other.len()
            && !["\n\n", "\n\r\n"].iter().any(|blank| between.contains(blank))
    }

    /// A letter before and, after it, punctuation that text begins with.
    fn must_open(&self) -> bool {
        let (Some(letter), Some(mark)) = (self.before[0], self.after[0]) else { return false };
        let side = if mark == '!' && self.after[1] == Some('[') { Side::Opening } else { side(mark) };
        self.mark == b'*'
            && is_letter(letter)
            && is_punctuation(mark)
            && self.may_be_repaired(mark, side, Side::Opening)
    }

    /// Punctuation that text ends with before and, after it, a letter.
    fn must_close(&self) -> bool {
        let (Some(mark), Some(letter)) = (self.before[0], self.after[0]) else { return false };
        let is_kind = self.mark == b'*' || self.len() == 2;
        is_kind && is_letter(letter) && is_punctuation(mark) && self.may_be_repaired(mark, side(mark), Side::Closing)
    }

    /// One asterisk alone is more often an asterisk than emphasis, so it wants clear signs.
    fn may_be_repaired(&self, mark: char, stands: Side, wanted: Side) -> bool {
        let clear = stands == wanted || stands == Side::Both;
        clear || (stands == Side::Neutral && self.len() > 1 && mark != '|')
    }

    /// Whether the punctuation, the letter, or the character beyond the punctuation is Chinese: emphasis in Latin text
    /// keeps CommonMark's rules, unless its other end is beside Chinese.
    fn is_near_cjk(&self) -> bool {
        let [before, beyond_before] = self.before;
        let [after, beyond_after] = self.after;
        let beyond = if before.is_some_and(is_punctuation) { beyond_before } else { beyond_after };
        [before, after, beyond].into_iter().flatten().any(is_cjk)
    }

    /// `138****1234`, `1200*600`, `371322********`.
    fn is_among_digits(&self) -> bool {
        let [before, after] = [self.before[0], self.after[0]].map(|c| c.is_some_and(is_digit));
        (before && after) || (self.len() > 3 && (before || after))
    }

    /// `王**（男）、李**（女）`, `张*明、李*华`: this run and one beside it each follow a surname that begins a word. Where
    /// CommonMark sees no emphasis anyway, one of them may follow other words: `对象王*（男）、李*（女）`.
    fn hides_names(&self, neighbours: Neighbours) -> bool {
        let before_mark = |run: &Run| run.after[0].is_some_and(is_punctuation);
        self.follows_surname()
            && neighbours.any(|other| {
                let begin = (self.before_begins_word(), other.before_begins_word());
                other.follows_surname()
                    && (begin == (true, true) || (begin != (false, false) && before_mark(self) && before_mark(other)))
            })
    }

    fn follows_surname(&self) -> bool {
        self.before[0].is_some_and(|c| SURNAMES.contains(c))
    }

    /// Whether the character before the run begins a word, as far as one can tell.
    fn before_begins_word(&self) -> bool {
        self.before[1].is_none_or(|c| !is_letter(c) || "和与及或".contains(c))
    }

    /// `（1）*必填，（2）*必填`: the run before stands before the same letter.
    fn is_list_mark(&self, neighbours: Neighbours) -> bool {
        neighbours.previous.is_some_and(|run| run.after[0] == self.after[0])
    }
}

/// Whether a single asterisk stands in a formula: beside a Latin letter or digit, or in a line with `=`, `+`, `×`, `÷`.
fn is_formula(text: &str, run: &Run) -> bool {
    let letter_or_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || is_digit(c));
    letter_or_digit(run.before[0]) || letter_or_digit(run.after[0]) || {
        let operator = |c: &char| "=＝+＋×÷".contains(*c);
        let on_line = |c: &char| *c != '\n';
        text[..run.start].chars().rev().take(NEAR).take_while(on_line).any(|c| operator(&c))
            || text[run.end..].chars().take(NEAR).take_while(on_line).any(|c| operator(&c))
    }
}

/// How many characters around an asterisk may show that it multiplies.
const NEAR: usize = 40;

fn is_letter(c: char) -> bool {
    !c.is_whitespace() && !is_punctuation(c)
}

fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９')
}

/// The hundred most frequent surnames, some 85 of 100 people.
const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶\
                        阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文";
