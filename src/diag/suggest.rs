//! "Did you mean": the nearest of the names in use.

/// The candidate nearest to `word`, if near enough to be a slip: at most a third of its characters differ.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    near(word, candidates).min().map(|(_, candidate)| candidate)
}

/// The candidates that are near enough, the nearest first, at most so many.
pub fn nearest_few<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>, most: usize) -> Vec<&'a str> {
    let mut near: Vec<_> = near(word, candidates).collect();
    near.sort_unstable();
    near.into_iter().take(most).map(|(_, candidate)| candidate).collect()
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
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    rows[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        rows[i][0] = i;
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            rows[i][j] = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                rows[i][j] = rows[i][j].min(rows[i - 2][j - 2] + 1);
            }
        }
    }
    rows[a.len()][b.len()]
}
