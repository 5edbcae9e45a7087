//! Headings: their levels and the ids that links may lead to.

use std::collections::{HashMap, HashSet};

use crate::model::Heading;

/// Every id of a body begins so, and no id of a theme does: a heading cannot pose as a part of the page.
const PREFIX: &str = "s-";
/// Longest id, in characters, without its prefix and number.
const LONGEST: usize = 40;
/// So many headings are compared one by one, which is faster than in a table.
const FEW: usize = 16;

/// The headings of a body, in order, as they are met.
#[derive(Debug, Default)]
pub struct Outline {
    met: Vec<(u8, String)>,
}

impl Outline {
    pub fn push(&mut self, level: u8, text: String) {
        self.met.push((level, text.trim().to_owned()));
    }

    /// Levels and ids depend on all headings, so they are known only at the end.
    pub fn finish(self) -> Vec<Heading> {
        let natural: Vec<String> = self.met.iter().map(|(_, text)| natural_id(text)).collect();
        let ids = unique(natural);
        let levels = levels(self.met.iter().map(|(level, _)| *level));
        self.met
            .into_iter()
            .zip(ids)
            .zip(levels)
            .map(|(((_, text), id), level)| Heading { id: id.into(), text: text.into(), level })
            .collect()
    }
}

/// A heading stands one level below the nearest one before it that was written with fewer `#`; below the page's title,
/// which is the only one of level 1, if there is none. So no level is left out, however the author counts, and whoever
/// walks through the headings of a page by ear misses nothing.
fn levels(written: impl Iterator<Item = u8>) -> Vec<u8> {
    let mut above: Vec<u8> = Vec::new();
    let one = |level: u8| {
        while above.pop_if(|other| *other >= level).is_some() {}
        above.push(level);
        (above.len() as u8 + 1).min(6)
    };
    written.map(one).collect()
}

/// `一、总体 要求` → `s-一总体-要求`; `s-` alone if nothing is left.
fn natural_id(text: &str) -> String {
    let mut id = String::from(PREFIX);
    for c in text.chars() {
        match c {
            '一'..='龥' => id.push(c),
            c if c.is_alphanumeric() => id.push(c.to_ascii_lowercase()),
            c if (c.is_whitespace() || c == '-') && !id.ends_with('-') => id.push('-'),
            _ => {}
        }
    }
    let end = id.char_indices().nth(PREFIX.len() + LONGEST).map_or(id.len(), |(at, _)| at);
    let kept = id[..end].trim_end_matches('-').len().max(PREFIX.len());
    id.truncate(kept);
    id
}

/// The first heading of a name has its natural id; later ones, and those without a name, are numbered past every
/// natural id, so that adding one never gives another's away.
fn unique(natural: Vec<String>) -> Vec<String> {
    let is_new = |at: usize| natural[at] != PREFIX && !natural[..at].contains(&natural[at]);
    if natural.len() <= FEW && (0..natural.len()).all(is_new) {
        return natural;
    }
    let taken: HashSet<&str> = natural.iter().map(String::as_str).collect();
    let mut next: HashMap<&str, usize> = HashMap::new();
    natural
        .iter()
        .map(|id| {
            let number = next.entry(id).or_insert(usize::from(id == PREFIX));
            if *number == 0 {
                *number = 2;
                return id.clone();
            }
            let base = id.trim_end_matches('-');
            loop {
                let numbered = format!("{base}-{number}");
                *number += 1;
                if !taken.contains(numbered.as_str()) {
                    return numbered;
                }
            }
        })
        .collect()
}
