//! What a target remembers beyond its releases, `cleared.json`: what was withdrawn for the sake of somebody's privacy, so
//! that it is removed from there once and for all, whatever becomes of the run that does it and of the sources.
//!
//! Where a document is withdrawn for privacy and the target does not know of this withdrawal yet, every earlier release goes.
//! Which of them hold anything of it nobody can say for sure: it may have had another name, another address, another file,
//! and its title stands in lists. Too much may go, never too little; what somebody wants back he publishes again.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::chain::Chain;
use super::manifest::{Entry, Kind, Manifest};
use crate::model::json;
use crate::source::Digest;

/// What is known of withdrawn sources, and of the addresses that they had: each by the SHA-256 of its name, because nothing
/// may be left of the names either.
pub type Known = BTreeMap<String, Withdrawals>;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Cleared {
    /// The earlier releases are still to be removed. Written before the switch, so that it is known to whoever comes next.
    pub due: bool,
    /// Whatever was ever withdrawn for privacy, whether or not it is in the repository any more.
    pub known: Known,
    /// How often somebody asked for it that every earlier release goes; of a row of bundles, by its maker.
    #[serde(skip_serializing_if = "is_zero")]
    pub asked: u64,
    /// Of a target that no network reaches, the bundle that it got last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bundle: Option<Turn>,
}

/// What became of one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawals {
    /// How often it was withdrawn: of two who know of it, the one with the greater number has heard more.
    pub times: u32,
    pub now: Now,
    /// The commit from which it was first published as withdrawn: who has that knows of it. Empty: it was published with
    /// changes that nobody had committed. `None`: without git, or somebody has said that it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Now {
    Withdrawn,
    /// A release in which it is public again was begun: it may be live, or not.
    Returning,
    Public,
}

/// The record as it is kept, with the SHA-256 of what is in it: of another's hand that changes a word there should be a trace.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealed {
    cleared: Cleared,
    seal: String,
}

/// Which of several bundles it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turn {
    /// The release of the first one of those that follow each other.
    pub first: String,
    /// From 1.
    pub number: u64,
    /// Its own release, whose name begins with when it was made.
    pub made: String,
}

impl Turn {
    /// Whether the other one was made later. Whoever lost what he remembered of his bundles, or uses another machine, begins
    /// anew: then the clocks tell.
    pub fn is_before(&self, other: &Self) -> bool {
        let made = |turn: &Self| turn.made.split('-').next().map(str::to_owned);
        if self.first == other.first { self.number < other.number } else { made(self) < made(other) }
    }
}

/// What is known of privacy when a site is to be published.
#[derive(Clone, Debug, Default)]
pub struct News {
    /// Names of what is withdrawn for privacy now, by the repository.
    pub private: BTreeSet<String>,
    /// What whoever made a bundle knew when he made it.
    pub carried: Known,
    /// Those of the commits that the target knows of (`Withdrawals`) which are in the history of what is published.
    pub commits: BTreeSet<String>,
    /// If it comes in a bundle.
    pub bundle: Option<Turn>,
    /// Somebody asks for it that every earlier release goes.
    pub clears: bool,
    /// How often whoever made a bundle was asked for it.
    pub asked: u64,
}

/// What a release does to what the target remembers.
#[derive(Clone, Debug)]
pub struct Clearing {
    pub before: Cleared,
    pub after: Cleared,
    /// Every earlier release goes.
    pub is_due: bool,
    /// Because somebody asks for it.
    pub is_asked: bool,
    /// Sources, and addresses, that would be public again though they were withdrawn, and nobody said so.
    pub returned: Vec<String>,
    /// Whoever publishes now does not know of something that was withdrawn: with him it may have another name.
    pub has_unheard: bool,
}

impl Cleared {
    /// Out of the text that is kept of it, beside the chain, whose last line tells how much it has to hold. With what is wrong
    /// with it, in Chinese: then everything is to be cleared again, since nobody knows what was to be.
    pub fn read(text: Option<&str>, chain: &Chain) -> (Self, Option<String>) {
        let wanted = chain.last().map_or(0, |line| line.cleared);
        let doubt = |mut cleared: Self, what: &str| {
            let words = format!("因个人信息撤下的记录 cleared.json {what}，核实以后再发布一次，会删去全部旧批次");
            // that something is public again is not believed either
            cleared.known.values_mut().for_each(|it| it.now = Now::Withdrawn);
            (Self { due: true, ..cleared }, Some(words))
        };
        match text.map(json::parse::<Sealed>) {
            None if wanted == 0 => (Self::default(), None),
            None => doubt(Self::default(), "不见了"),
            Some(None) => doubt(Self::default(), "读不出来"),
            Some(Some(Sealed { cleared, seal })) if seal != cleared.seal() => doubt(cleared, "被改动了"),
            Some(Some(Sealed { cleared, .. })) if cleared.known.len() < wanted => doubt(cleared, "少了"),
            Some(Some(Sealed { cleared, .. })) => (cleared, None),
        }
    }

    /// The commits from which anything was withdrawn that is not among `private`, what is withdrawn here.
    pub fn commits(&self, private: &BTreeSet<String>) -> BTreeSet<&String> {
        let others = self.known.iter().filter(|(name, it)| it.now == Now::Withdrawn && !private.contains(*name));
        others.filter_map(|(_, it)| it.commit.as_ref()).filter(|commit| !commit.is_empty()).collect()
    }

    /// Whether whoever made a bundle had heard all that is known here of a name: only who made the one before it too has, and
    /// not on a copy of what he remembered. Another's may have been made before the last withdrawal.
    fn has_heard(&self, name: &String, theirs: &Withdrawals, bundle: Option<&Turn>) -> bool {
        let Some(ours) = self.known.get(name) else { return true };
        let follows = |(last, next): (&Turn, &Turn)| last.first == next.first && last.number < next.number;
        self.bundle.as_ref().zip(bundle).is_some_and(follows) && theirs.times >= ours.times
    }

    /// The text that is kept.
    pub fn text(&self) -> String {
        json::to_pretty(&Sealed { cleared: self.clone(), seal: self.seal() })
    }

    fn seal(&self) -> String {
        Digest::of(json::to_string(self).as_bytes()).sha256
    }
}

impl Clearing {
    /// `has_earlier`: whether there is any release at the target.
    pub fn of(before: &Cleared, has_earlier: bool, news: News, next: &Manifest) -> Self {
        let News { private, carried, commits, bundle, clears, asked } = news;
        let is_row = |(last, next): (&Turn, &Turn)| last.first == next.first;
        let has_asked = if before.bundle.as_ref().zip(bundle.as_ref()).is_some_and(is_row) { before.asked } else { 0 };
        let clears = clears || asked > has_asked;
        let asked = if bundle.is_some() { asked } else { before.asked + u64::from(clears) };
        let names: BTreeSet<&String> = before.known.keys().chain(&private).chain(carried.keys()).collect();
        let public = public(next, &names);
        let is_withdrawn = |known: &Known, name: &String| known.get(name).is_some_and(|it| it.now == Now::Withdrawn);
        let mut known = before.known.clone();
        // what stands at its address now may be another document
        let news = private.iter().filter(|name| !public.contains(*name) && !is_withdrawn(&before.known, name));
        let mut has_news = false;
        for name in news {
            has_news = true;
            let times = 1 + times(&known, name);
            known.insert(name.clone(), Withdrawals { times, now: Now::Withdrawn, commit: None });
        }
        let is_unheard = |name: &String, it: &Withdrawals| {
            let is_here = private.contains(name) || carried.contains_key(name);
            it.now == Now::Withdrawn && !is_here && it.commit.as_ref().is_some_and(|commit| !commits.contains(commit))
        };
        let mut has_unheard = false;
        for (name, it) in &mut known {
            if private.contains(name) {
                // a copy without git, of what nobody had committed, makes it no more known than it was
                it.commit = match it.commit.take() {
                    Some(commit) if !commit.is_empty() => Some(commit),
                    other => source_commit(next).or(other),
                };
            } else if is_unheard(name, it) {
                // if it is published all the same, somebody has said that it is over
                (has_unheard, it.commit) = (true, None);
            }
        }
        let is_heard = |name: &String, theirs: &Withdrawals| before.has_heard(name, theirs, bundle.as_ref());
        for (name, theirs) in &carried {
            let is_over = theirs.now == Now::Withdrawn && !is_withdrawn(&before.known, name);
            has_news |= theirs.times > times(&before.known, name) || is_over;
            let times = theirs.times.max(times(&known, name));
            let ours = before.known.get(name).filter(|_| theirs.now != Now::Withdrawn && !is_heard(name, theirs));
            let now = ours.map_or(theirs.now, |ours| ours.now);
            known.insert(name.clone(), Withdrawals { times, now, commit: theirs.commit.clone() });
        }
        let is_told = |name: &String| {
            carried.get(name).is_some_and(|theirs| theirs.now != Now::Withdrawn && is_heard(name, theirs))
        };
        let is_back = |name: &String| before.known.get(name).is_some_and(|it| it.now != Now::Public) && !is_told(name);
        let returned = next.files.iter().filter(|_| !public.is_empty()).flat_map(|entry| returning(entry, &is_back));
        let returned: BTreeSet<String> = returned.collect();
        known.iter_mut().filter(|(name, _)| public.contains(*name)).for_each(|(_, it)| it.now = Now::Public);
        let bundle = later(before.bundle.clone(), bundle);
        Self {
            is_due: before.due || has_earlier && (has_news || clears),
            is_asked: clears,
            returned: returned.into_iter().collect(),
            has_unheard,
            after: Cleared { due: false, known, asked, bundle },
            before: before.clone(),
        }
    }

    /// What is to be noted at the target before the switch. Withdrawals are noted with the duty to clear; that something is
    /// public again only when it is.
    pub fn owed(&self) -> Cleared {
        let returning = |(name, it): (&String, &Withdrawals)| {
            let before = self.before.known.get(name);
            let was_public = before.is_some_and(|before| before.now == Now::Public);
            let now = if it.now == Now::Public && !was_public { Now::Returning } else { it.now };
            // from which commit it is known counts once that is live
            let commit = before.map_or_else(|| it.commit.clone(), |before| before.commit.clone());
            (name.clone(), Withdrawals { times: it.times, now, commit })
        };
        let known = self.after.known.iter().map(returning).collect();
        Cleared { due: self.is_due, known, asked: self.after.asked, bundle: self.before.bundle.clone() }
    }
}

/// What is published from now is known from this commit; `None`: without git.
fn source_commit(next: &Manifest) -> Option<String> {
    match (next.dirty, next.commit.is_empty()) {
        (true, _) => Some(String::new()),
        (false, true) => None,
        (false, false) => Some(next.commit.clone()),
    }
}

/// The later one; an older one that somebody applies all the same does not make those in between new.
fn later(before: Option<Turn>, next: Option<Turn>) -> Option<Turn> {
    match (before, next) {
        (Some(before), Some(next)) if next.is_before(&before) => Some(before),
        (before, next) => next.or(before),
    }
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

fn times(known: &Known, name: &String) -> u32 {
    known.get(name).map_or(0, |it| it.times)
}

/// Which of these names the next site shows.
fn public(next: &Manifest, names: &BTreeSet<&String>) -> BTreeSet<String> {
    // without anything private, which is as it should be, nothing need be looked up
    let files = next.files.iter().filter(|_| !names.is_empty());
    let shown = files.flat_map(|entry| entry.sources.iter().cloned().chain(address(entry)));
    shown.map(|shown| name(&shown)).filter(|name| names.contains(name)).collect()
}

/// What a file brings back, by its sources, else by its address.
fn returning(entry: &Entry, is_back: &dyn Fn(&String) -> bool) -> Vec<String> {
    let is_known = |shown: &String| is_back(&name(shown));
    let sources: Vec<String> = entry.sources.iter().filter(|source| is_known(source)).cloned().collect();
    if sources.is_empty() { address(entry).filter(is_known).into_iter().collect() } else { sources }
}

/// The address of a document's own page.
fn address(entry: &Entry) -> Option<String> {
    let is_page = entry.kind == Kind::Document && entry.withdrawn.is_empty();
    is_page.then(|| format!("/{}", entry.path))
}

/// The names of sources, and of addresses that begin with `/`.
pub fn names<'s>(sources: impl IntoIterator<Item = &'s String>) -> BTreeSet<String> {
    sources.into_iter().map(|source| name(source)).collect()
}

/// The name of an address; `path` from the site's root, without `/`.
#[cfg(feature = "publish")]
pub fn name_of_address(path: &str) -> String {
    name(&format!("/{path}"))
}

fn name(source: &str) -> String {
    Digest::of(source.as_bytes()).sha256
}
