//! What a target remembers beyond its releases, `cleared.json`: what was withdrawn for the sake of somebody's privacy, so
//! that it is removed from there once and for all, whatever becomes of the run that does it and of the sources.
//!
//! Where a document is withdrawn for privacy of which the target does not know yet, every earlier release goes. Which of
//! them hold anything of it nobody can say for sure: it may have had another name, another address, another file, and its
//! title stands in lists. Too much may go, never too little; what somebody wants back he publishes again.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::manifest::Manifest;
use crate::source::Digest;

/// Names of sources, each by its SHA-256: nothing may be left of the names either.
pub type Names = BTreeSet<String>;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cleared {
    /// The earlier releases are still to be removed. Written before the switch, so that it is known to whoever comes next.
    pub due: bool,
    /// Private sources of which the target was cleared, whether or not they are in the repository any more.
    pub sources: Names,
    /// Sources that were among them and are public again.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub restored: Names,
    /// Of a target that no network reaches, the bundle that it got last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bundle: Option<Turn>,
}

/// Which of several bundles it is: of two that begin with the same one, the later has the greater number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// SHA-256 of the manifest of the first one.
    pub first: String,
    /// From 1.
    pub number: u64,
}

impl Turn {
    /// Whether the other one was made later.
    pub fn is_before(&self, other: &Self) -> bool {
        self.first == other.first && self.number < other.number
    }
}

/// What is known of privacy when a site is to be published.
#[derive(Clone, Debug, Default)]
pub struct News {
    /// Sources that are withdrawn for privacy now.
    pub private: Names,
    /// Sources that were, and of which it is known that they may be public again.
    pub restored: Names,
    /// If it comes in a bundle.
    pub bundle: Option<Turn>,
}

/// What a release does to what the target remembers.
#[derive(Clone, Debug)]
pub struct Clearing {
    pub before: Cleared,
    pub after: Cleared,
    /// Every earlier release goes.
    pub is_due: bool,
    /// Sources that would be public again though the target was cleared of them, and nobody said so.
    pub returned: Vec<String>,
}

impl Clearing {
    /// `has_earlier`: whether there is any release at the target.
    pub fn of(before: &Cleared, has_earlier: bool, news: News, next: &Manifest) -> Self {
        let known: Names = before.sources.union(&news.private).chain(&news.restored).cloned().collect();
        let is_known = |(_, name): &(&String, String)| known.contains(name);
        // without anything private, which is as it should be, nothing need be looked up
        let of_next = next.files.iter().filter(|_| !known.is_empty()).flat_map(|entry| &entry.sources);
        let public: BTreeSet<(&String, String)> =
            of_next.map(|source| (source, name(source))).filter(is_known).collect();
        let is_public = |name: &String| public.iter().any(|(_, known)| known == name);
        let sources: Names = before.sources.union(&news.private).filter(|name| !is_public(name)).cloned().collect();
        let restored =
            before.restored.union(&news.restored).chain(before.sources.iter().filter(|name| is_public(name)));
        let restored = restored.filter(|name| !sources.contains(*name)).cloned().collect();
        let returned = public.iter().filter(|(_, name)| before.sources.contains(name) && !news.restored.contains(name));
        Self {
            is_due: before.due || has_earlier && !news.private.is_subset(&before.sources),
            returned: returned.map(|(source, _)| (*source).clone()).collect(),
            after: Cleared { due: false, sources, restored, bundle: news.bundle.or_else(|| before.bundle.clone()) },
            before: before.clone(),
        }
    }

    /// What is to be noted at the target before the switch.
    pub fn owed(&self) -> Cleared {
        Cleared { due: self.before.due || self.is_due, ..self.before.clone() }
    }
}

/// The names of sources.
pub fn names<'s>(sources: impl IntoIterator<Item = &'s String>) -> Names {
    sources.into_iter().map(|source| name(source)).collect()
}

fn name(source: &str) -> String {
    Digest::of(source.as_bytes()).sha256
}
