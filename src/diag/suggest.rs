//! "Did you mean": the nearest of the names in use.

/// The candidate nearest to `word`, if near enough to be a slip: at most a third of its characters differ.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    near(word, candidates).min().map(|(_, candidate)| candidate)
}

fn near<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> impl Iterator<Item = ((usize, usize, usize), &'a str)> {
    let length = word.chars().count();
    let within = (length / 3).max(1);
    candidates
        .into_iter()
        .filter(move |candidate| candidate.chars().count().abs_diff(length) <= within || contains(candidate, word))
        .map(move |candidate| (score(word, candidate), candidate))
        .filter(move |((_, distance, _), candidate)| *distance <= within || contains(candidate, word))
}

/// `你是不是想写“…”？` for the nearest candidate.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(word, candidates).map(|name| format!("你是不是想写“{name}”？"))
}

/// Whether either contains the other (县财政局 for 郯城县财政局), or the word is a short form (县国土局 for 县国土资源局).
fn contains(candidate: &str, word: &str) -> bool {
    let length = word.chars().count();
    (length >= 2 && (candidate.contains(word) || word.contains(candidate)))
        || (length >= 3 && is_short_for(word, candidate))
}

/// Whether the candidate has all characters of the word, in their order, beginning and ending alike.
fn is_short_for(word: &str, candidate: &str) -> bool {
    let mut rest = candidate.chars();
    let same_ends = word.chars().next() == candidate.chars().next() && word.chars().last() == candidate.chars().last();
    same_ends && word.chars().all(|c| rest.any(|other| other == c))
}

/// What is near comes first: one edit, then names of which one is in the other, then two edits and more. The edits too,
/// and how much longer or shorter the candidate is.
fn score(word: &str, candidate: &str) -> (usize, usize, usize) {
    let edits = distance(word, candidate);
    let rank = if contains(candidate, word) { 3.min(2 * edits) } else { 2 * edits };
    (rank, edits, candidate.chars().count().abs_diff(word.chars().count()))
}

/// Edits (insert, delete, replace, swap of neighbours) from one to the other, in characters.
fn distance(a: &str, b: &str) -> usize {
    Meter::new(a).edits(b, usize::MAX).expect("no number of edits is too many")
}

/// Measures how far other words are from one: a hundred thousand take a few hundredths of a second.
pub struct Meter {
    word: Vec<char>,
    other: Vec<char>,
    /// Edits from the beginnings of the word to a beginning of the other: to those that are two characters and one
    /// shorter, and to this one.
    rows: [Vec<usize>; 3],
}

impl Meter {
    pub fn new(word: &str) -> Self {
        let word: Vec<char> = word.chars().collect();
        let row = vec![0; word.len() + 1];
        Self { word, other: Vec::new(), rows: [row.clone(), row.clone(), row] }
    }

    /// Edits to the other word, if they are not more than so many.
    pub fn edits(&mut self, other: &str, most: usize) -> Option<usize> {
        self.other.clear();
        self.other.extend(other.chars());
        let (a, b) = without_same_ends(&self.word, &self.other);
        if a.len().abs_diff(b.len()) > most {
            return None;
        }
        let [before, last, row] = &mut self.rows;
        last.iter_mut().enumerate().for_each(|(at, edits)| *edits = at);
        let mut least_before = 0;
        for j in 1..=b.len() {
            // what lies further from the diagonal takes more edits than there may be
            let (from, to) = (j.saturating_sub(most).max(1), a.len().min(j.saturating_add(most)));
            row[from - 1] = if from == 1 { j } else { FAR };
            let mut least = row[from - 1];
            for i in from..=to {
                let replaced = last[i - 1] + usize::from(a[i - 1] != b[j - 1]);
                let mut edits = replaced.min(last[i] + 1).min(row[i - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    edits = edits.min(before[i - 2] + 1);
                }
                row[i] = edits;
                least = least.min(edits);
            }
            // a swap leaps over one row
            if least.min(least_before) > most {
                return None;
            }
            if let Some(beyond) = row.get_mut(to + 1) {
                *beyond = FAR;
            }
            least_before = least;
            std::mem::swap(before, last);
            std::mem::swap(last, row);
        }
        Some(last[a.len()]).filter(|edits| *edits <= most)
    }
}

/// More edits than any word takes.
const FAR: usize = usize::MAX / 2;

/// What is left of two words without the characters with which both begin and end: it takes as many edits.
fn without_same_ends<'w>(a: &'w [char], b: &'w [char]) -> (&'w [char], &'w [char]) {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    let same = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    (&a[..a.len() - same], &b[..b.len() - same])
}
