//! Earlier releases that hold what was withdrawn for the sake of privacy: they are removed, so that no rollback and nobody
//! who looks into the target finds it. Every run does it again, whatever became of the one before.

use std::collections::{BTreeSet, HashSet};

use super::Failure;
use super::folder::{self, Folder};
use super::manifest::{Entry, Kind, Manifest};
use crate::catalogue::Private;

/// What must not be left, and the release in which nothing of it is.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    pub private: &'a Private,
    pub next: &'a Manifest,
}

/// Those of the releases that hold anything of it, the surest last: while one of them is left, the next run finds the
/// others, too. One whose manifest cannot be read may hold anything, and nobody can go back to it anyway.
pub fn holding(
    releases: &[String],
    read: &dyn Fn(&str) -> Result<Option<Manifest>, Failure>,
    wanted: Wanted,
) -> Result<Vec<String>, Failure> {
    let mut held = Vec::new();
    if wanted.private.is_empty() {
        return Ok(held);
    }
    let (public, mut traces) = (Public::of(wanted.next), Traces::of(wanted));
    loop {
        let before = traces.count();
        for id in releases {
            if read(id)?.is_none_or(|manifest| traces.follow(&manifest, &public)) && !held.contains(id) {
                held.push(id.clone());
            }
        }
        // what was found under another name may lead to others
        if traces.count() == before {
            held.reverse();
            return Ok(held);
        }
    }
}

/// By what the documents and files are known again in releases that were made when they had other names.
struct Traces {
    sources: BTreeSet<String>,
    paths: BTreeSet<String>,
    digests: HashSet<String>,
}

/// What is public in the next release.
struct Public<'a> {
    sources: HashSet<&'a str>,
    digests: HashSet<&'a str>,
}

impl<'a> Public<'a> {
    fn of(next: &'a Manifest) -> Self {
        let sources = next.files.iter().flat_map(|entry| &entry.sources);
        Self {
            sources: sources.map(String::as_str).collect(),
            digests: next.files.iter().map(|entry| entry.sha256.as_str()).collect(),
        }
    }
}

impl Traces {
    fn of(Wanted { private, next }: Wanted) -> Self {
        // another document may stand there by now
        let is_free = |path: &&String| next.entry(path).is_none_or(|entry| entry.sources.is_empty());
        Self {
            sources: private.sources.clone(),
            paths: private.addresses.iter().filter(is_free).cloned().collect(),
            digests: HashSet::new(),
        }
    }

    fn count(&self) -> usize {
        self.sources.len() + self.paths.len() + self.digests.len()
    }

    /// Whether the release holds anything of it; by whatever name it is called there, it is known from now on.
    fn follow(&mut self, manifest: &Manifest, public: &Public) -> bool {
        let found: Vec<&Entry> = manifest.files.iter().filter(|entry| self.is_in(entry)).collect();
        for entry in &found {
            let sources = entry.sources.iter().filter(|source| !public.sources.contains(source.as_str()));
            self.sources.extend(sources.cloned());
            if is_own(entry) {
                self.paths.insert(entry.path.clone());
                if !public.digests.contains(entry.sha256.as_str()) {
                    self.digests.insert(entry.sha256.clone());
                }
            }
        }
        !found.is_empty()
    }

    fn is_in(&self, entry: &Entry) -> bool {
        entry.holds(&self.sources)
            || !entry.sources.is_empty() && self.paths.contains(&entry.path)
            || is_own(entry) && self.digests.contains(&entry.sha256)
    }
}

/// A document's page or a file: not a list, and not an old address, which looks like any other.
fn is_own(entry: &Entry) -> bool {
    matches!(entry.kind, Kind::Document | Kind::File)
}

impl Folder {
    /// The releases that hold anything of it.
    pub fn holding(&self, wanted: Wanted) -> Result<Vec<String>, Failure> {
        let read = |id: &str| Ok(folder::read(&self.manifest(id))?.and_then(|text| Manifest::parse(&text)));
        holding(&self.whole()?, &read, wanted)
    }

    /// Removes them, but never the live one. Returns which. The folder is locked.
    pub fn purge(&self, wanted: Wanted) -> Result<Vec<String>, Failure> {
        let mut gone = self.holding(wanted)?;
        if !gone.is_empty() {
            let live = self.live()?;
            gone.retain(|id| live.as_ref() != Some(id));
        }
        for id in &gone {
            // the bytes first: while there is a manifest, a run that was interrupted is known to be unfinished
            folder::remove_folder(&self.release(id))?;
            folder::remove_file(&self.manifest(id))?;
        }
        Ok(gone)
    }
}
