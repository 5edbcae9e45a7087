//! What lies at a service now, beside what its manifest says, and what somebody else changed there.
//!
//! A listing tells of each file how large it is and its tag or time of change. One that looks as it did after the last
//! publishing is believed to be the same; every other one is read. `verify` believes nothing.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::Remote;
use super::journal::Journal;
use super::listing::Listed;
use crate::model::json;
use crate::pipeline::Failure;
use crate::publish::chain::Chain;
use crate::publish::folder::is_id;
use crate::publish::manifest::{Entry, Manifest};
use crate::publish::observe::{Difference, Found, Live, State, Way, is_chosen};
use crate::publish::{Share, at};
use crate::source::Digest;

/// A target as publishing has to know it, beyond its `State`. Paths count from the site's root.
#[derive(Default)]
pub struct Seen {
    pub files: HashMap<String, Listed>,
    /// SHA-256 of what lies at a path, as far as it is known.
    pub holds: HashMap<String, String>,
    /// Sizes of kept bytes, by SHA-256.
    pub kept: HashMap<String, u64>,
    /// What lies in the folder of staged files.
    pub staged: HashMap<String, Listed>,
    /// Live files that are out of the way for others, from the store's top.
    pub aside: HashSet<String>,
    /// Every manifest that lies there.
    pub manifests: Vec<String>,
    /// As the listing tells of them.
    pub manifest_files: HashMap<String, Listed>,
    /// Those of earlier releases that are believed, as lines that are noted.
    pub believed: Vec<String>,
    /// Releases that were begun and not finished.
    pub begun: Vec<(String, Manifest)>,
    /// Files of ours that no live manifest names: a deletion that was not done, a release that was not finished.
    pub leftovers: Vec<String>,
    /// Files of others.
    pub strangers: Vec<String>,
    /// Files of publishing's own that were on their way when a run was interrupted, from the store's top.
    pub scraps: Vec<String>,
    /// What lies beside the folders of site and state, where FTP servers get what is on its way (see `Remote::outside`).
    pub outside: Vec<String>,
    /// Releases that `begun` names.
    pub goes_back: Vec<String>,
    /// Texts of publishing's own that have a name of their own.
    pub texts: HashSet<String>,
    /// Names of the claims of whoever is at work, or was killed.
    pub claims: Vec<String>,
    /// Links, from the store's top.
    pub links: BTreeSet<String>,
    /// Releases of which there should be manifests.
    pub should_be: Vec<String>,
    /// The seal as it is, and the line in it that vouches for what is to be deleted.
    pub seals: String,
    pub mark: Option<String>,
}

impl Seen {
    /// Whether a run left something that is to be deleted.
    pub fn is_unfinished(&self) -> bool {
        let is_left = !self.leftovers.is_empty() || !self.staged.is_empty() || !self.scraps.is_empty();
        is_left || !self.goes_back.is_empty()
    }

    /// Releases of which there should be manifests, and are none.
    pub fn lost(&self) -> impl Iterator<Item = &String> {
        self.should_be.iter().filter(|id| !self.manifests.contains(id))
    }

    /// The release that somebody was going back to.
    pub fn back(&self) -> Option<String> {
        let is_begun = |id: &&String| self.begun.iter().any(|(begun, _)| begun == *id);
        self.goes_back.iter().rfind(is_begun).cloned()
    }

    /// Whether a path holds already what a release that was begun puts there.
    fn is_in_flight(&self, entry: &Entry) -> bool {
        self.begun.iter().any(|(_, begun)| {
            let next = begun.entry(&entry.path).map(|next| &next.sha256);
            next.is_some() && next == self.holds.get(&entry.path)
        })
    }

    /// Whether a release that was begun moves another file to this path, or none: some servers remove what is there before
    /// they move, and were stopped in between.
    fn may_be_away(&self, entry: &Entry) -> bool {
        let stays = |begun: &Manifest| begun.entry(&entry.path).is_some_and(|next| next.sha256 == entry.sha256);
        self.begun.iter().any(|(_, begun)| !stays(begun))
    }
}

/// What the last line of the chain may be, by SHA-256, a line each.
pub const SEAL: &str = "seal";

/// What was withdrawn for privacy.
pub const CLEARED: &str = "cleared.json";

/// Names the releases that are being made live, a line each, from before anything is sent until all is cleared away: earlier
/// ones that somebody goes back to, and where half-sent files stay under other names, every one. One that was given up for
/// another stays there until that other one is done, because its files lie among the live ones.
pub const BEGUN: &str = "begun";

/// What is noted after a release, `record.json`.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    pub release: String,
    /// Path, size, stamp.
    pub live: Vec<(String, u64, String)>,
    /// Files of others that somebody accepted.
    pub others: Vec<(String, u64, String)>,
    /// Files that were withdrawn and may still be there, with their sizes.
    pub undone: Vec<(String, u64)>,
    /// Releases that are kept, the live one too.
    pub releases: Vec<String>,
}

impl Record {
    /// A line for the seal: what is to be deleted is only believed if it stands there.
    pub fn mark(&self) -> Option<String> {
        (!self.undone.is_empty()).then(|| Digest::of(json::to_string(&self.undone).as_bytes()).sha256)
    }
}

/// How far what was so before is believed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    Stamps,
    Nothing(Share),
}

impl Remote {
    pub fn journal(&self) -> Journal {
        Journal::load(self.local.join(format!("publish-{}.journal", self.label())))
    }

    /// Looks at the target.
    pub fn look(&self, trust: Trust) -> Result<(State, Seen), Failure> {
        let mut seen = self.listed()?;
        let chain = self.chain()?;
        let (seals, record) = (self.seals()?, self.record()?);
        let is_lost = self.chain_is_lost(&seen, &seals, record.as_ref())?;
        let has_none = record.is_none();
        let mut record = record.unwrap_or_default();
        seen.mark = record.mark().filter(|mark| seals.lines().any(|line| line == mark));
        let is_doubtful = seen.mark.is_none() && (has_none || !record.undone.is_empty() || !seen.goes_back.is_empty());
        let ((cleared, fault), kept) = (self.cleared(&chain)?, seen.manifests.clone());
        let faults = fault.into_iter().collect();
        let mut state = State { chain, keeps_strangers: true, cleared, faults, kept, ..State::default() };
        seen.begun = self.begun(&seen, &state.chain)?;
        seen.seals = seals.clone();
        if record.release == state.chain.last().map_or("", |line| &line.release) {
            seen.should_be = std::mem::take(&mut record.releases);
        }
        let is_empty = state.chain.last().is_none() && seen.files.is_empty() && seen.manifests.is_empty();
        match !is_lost && self.is_set_back(&state.chain) {
            // a new disk, a new bucket: there is nothing that could be lost
            true if is_empty => state.notes.push("这台机器发布过的目标现在是空的，按第一次发布".into()),
            true => state
                .faults
                .push("发布记录里没有这台机器上一次发布的那一行：目标恢复到了较早的备份，或被换成了别的".into()),
            false => {}
        }
        let is_replaced = |path: &&String| seen.files.contains_key(self.below(path));
        state.aside = seen.aside.iter().filter(is_replaced).map(|path| self.own(&format!("aside/{path}"))).collect();
        state.interrupted = !seen.begun.is_empty() || state.aside.len() < seen.aside.len();
        state.back = seen.back();
        if is_lost {
            state.faults.push("发布记录 releases.jsonl 不见了".into());
        } else if seals.trim().is_empty() && state.chain.last().is_some() {
            state.faults.push(format!("发布记录的封条 {}/{SEAL} 不见了，或是空的", self.state));
        } else if !seals.is_empty() && !seals.lines().any(|seal| seal == state.chain.seal()) {
            state.faults.push("发布记录 releases.jsonl 的最后几行被改动或删去".into());
        }
        if has_none && state.chain.last().is_some() {
            // it is written before the first line of the chain
            state.faults.push(format!("发布目标的 {}/record.json 不见了，或读不出来", self.state));
        }
        state.faults.extend(self.own_links(&seen));
        let (live, stand_in) = match self.live_manifest(&state.chain)? {
            Ok(live) => (live, None),
            Err(fault) => {
                state.faults.push(fault);
                (None, self.stand_in(&seen, &state.chain)?)
            }
        };
        let manifest = live.as_ref().map(|(_, manifest, _)| manifest);
        if seen.mark.is_none() {
            let live = manifest.or(stand_in.as_ref()).filter(|_| is_doubtful);
            record.undone = live.map_or(Ok(Vec::new()), |live| self.withdrawn(&seen, &state.chain, live))?;
        }
        let found = self.compare(&mut seen, manifest, stand_in.as_ref(), &record, trust)?;
        self.sort_strangers(&mut seen, manifest.or(stand_in.as_ref()), &record, &mut state);
        if let (None, Some(line)) = (&live, state.chain.last()) {
            // what lies there of no manifest stays, and so need not be counted
            let manifest = stand_in.unwrap_or_else(Manifest::unknown);
            state.live = Some(Live::unbelieved(&line.release, manifest));
        }
        if let Some((release, manifest, hash)) = live {
            for (entry, found) in manifest.files.iter().zip(&found) {
                let way = match found {
                    Found::Missing if !seen.may_be_away(entry) && !seen.aside.contains(&self.live(&entry.path)) => {
                        Way::Missing
                    }
                    Found::Changed if !seen.is_in_flight(entry) => Way::Changed,
                    _ => continue,
                };
                state.differences.push(Difference { path: entry.path.clone(), way });
            }
            state.read = found.iter().filter(|found| matches!(found, Found::Sound(_) | Found::Changed)).count();
            state.live = Some(Live::new(release, manifest, hash, found));
        }
        state.differences.sort_by(|a, b| a.path.cmp(&b.path));
        state.notes.extend(self.told_links(&seen, &state));
        Ok((state, seen))
    }

    /// Everything that is there, sorted into what it is for.
    pub fn listed(&self) -> Result<Seen, Failure> {
        let mut seen = Seen::default();
        let mut all = self.store.list(&self.site)?;
        let own = format!("{}/", self.state);
        if !own.starts_with(&self.live("")) {
            all.extend(self.store.list(&self.state)?);
        }
        for (path, listed) in all {
            if listed.is_link {
                seen.links.insert(path.clone());
            }
            let Some(name) = path.strip_prefix(&own) else {
                let path = if self.site.is_empty() { Some(path.as_str()) } else { path.strip_prefix(&self.site) };
                let Some(path) = path.map(|path| path.trim_start_matches('/')) else { continue };
                if !self.ignore.iter().any(|glob| glob.matches(path)) {
                    seen.files.insert(path.to_owned(), listed);
                }
                continue;
            };
            match name.split_once('/') {
                _ if name.ends_with(".tmp") => seen.scraps.push(path.clone()),
                Some(("kept", sha256)) => _ = seen.kept.insert(sha256.to_owned(), listed.size),
                Some(("staged", name)) => _ = seen.staged.insert(name.to_owned(), listed),
                Some(("claims", name)) => seen.claims.push(name.to_owned()),
                Some(("aside", path)) => _ = seen.aside.insert(path.to_owned()),
                Some(("manifests", name)) => {
                    let Some(id) = name.strip_suffix(".json") else { continue };
                    seen.manifests.push(id.to_owned());
                    seen.manifest_files.insert(id.to_owned(), listed);
                }
                None => _ = seen.texts.insert(name.to_owned()),
                _ => {}
            }
        }
        if seen.texts.contains(BEGUN) {
            seen.goes_back = self.text(BEGUN)?.unwrap_or_default().trim_end().split('\n').map(str::to_owned).collect();
        }
        seen.manifests.retain(|id| is_id(id));
        seen.manifests.sort();
        seen.outside = self.outside()?;
        Ok(seen)
    }

    /// Releases that no line of the chain names, and an earlier one that somebody was going back to.
    fn begun(&self, seen: &Seen, chain: &Chain) -> Result<Vec<(String, Manifest)>, Failure> {
        let live = chain.last().map(|line| line.release.as_str());
        let is_begun = |id: &&String| !chain.names(id) || seen.goes_back.contains(*id) && live != Some(id.as_str());
        let read = |id: &String| Ok(self.manifest(id)?.map(|manifest| (id.clone(), manifest)));
        let found: Vec<Option<(String, Manifest)>> =
            seen.manifests.iter().filter(is_begun).map(read).collect::<Result<_, Failure>>()?;
        Ok(found.into_iter().flatten().collect())
    }

    pub fn manifest_text(&self, id: &str) -> Result<Option<String>, Failure> {
        self.text(&format!("manifests/{id}.json"))
    }

    /// A manifest. `None`: it is not there, or none that can be read.
    pub fn manifest(&self, id: &str) -> Result<Option<Manifest>, Failure> {
        Ok(self.manifest_text(id)?.and_then(|text| Manifest::parse(&text)))
    }

    /// The release that is live, with its manifest and the SHA-256 of that; the inner `Err`: nobody can believe it.
    #[allow(clippy::type_complexity)]
    fn live_manifest(&self, chain: &Chain) -> Result<Result<Option<(String, Manifest, String)>, String>, Failure> {
        let Some(id) = chain.last().map(|line| &line.release) else { return Ok(Ok(None)) };
        let believed = chain.believe(id, self.manifest_text(id)?);
        Ok(believed.map(|(manifest, hash)| Some((id.clone(), manifest, hash))))
    }

    /// In place of a live release whose manifest nobody can believe: the one before it, with what is still there of those
    /// before that.
    fn stand_in(&self, seen: &Seen, chain: &Chain) -> Result<Option<Manifest>, Failure> {
        let live = chain.last().map_or("", |line| line.release.as_str());
        let is_there = |id: &str| seen.manifests.iter().any(|kept| kept == id);
        let mut all = chain.stand_ins(live, |id| if is_there(id) { self.manifest_text(id) } else { Ok(None) });
        let Some(mut last) = all.next().transpose()? else { return Ok(None) };
        for manifest in all {
            let is_more = |entry: &Entry| seen.files.contains_key(&entry.path) && last.entry(&entry.path).is_none();
            let more: Vec<Entry> = manifest?.files.into_iter().filter(is_more).collect();
            last.files.extend(more);
            last.files.sort_by(|a, b| a.path.cmp(&b.path));
        }
        Ok(Some(last))
    }

    /// What became of each file of the live manifest; notes what every path of ours holds.
    fn compare(
        &self,
        seen: &mut Seen,
        live: Option<&Manifest>,
        stand_in: Option<&Manifest>,
        record: &Record,
        trust: Trust,
    ) -> Result<Vec<Found>, Failure> {
        let journal = self.journal();
        let known: HashMap<&str, (u64, &str)> =
            record.live.iter().map(|(path, size, stamp)| (path.as_str(), (*size, stamp.as_str()))).collect();
        let entries: HashMap<&str, Vec<&Entry>> = entries(live.or(stand_in), &seen.begun);
        let mut unknown = Vec::new();
        for (path, candidates) in &entries {
            let Some(listed) = seen.files.get(*path).filter(|listed| !listed.is_link) else {
                if self.sends_under_other_names && is_hidden(path) && !seen.files.contains_key(*path) {
                    let size = candidates.iter().map(|entry| entry.size).max().unwrap_or(0);
                    unknown.push(((*path).to_owned(), self.live(path), size));
                }
                continue;
            };
            let of_size: Vec<&&Entry> = candidates.iter().filter(|entry| entry.size == listed.size).collect();
            let is_as_it_was = known.get(path).is_some_and(|(size, stamp)| listed.is_still(*size, stamp));
            let first = live.and_then(|live| live.entry(path));
            // where times are told by the minute, what a run of ours put there looks like what it took the place of
            let may_be_other =
                of_size.iter().map(|entry| entry.sha256.as_str()).chain(journal.sha256(&self.live(path)));
            let is_sure = first.is_some_and(|first| may_be_other.clone().all(|sha256| sha256 == first.sha256));
            let of_journal = journal.unchanged(&self.live(path), &listed.stamp);
            match trust {
                _ if of_size.is_empty() => {}
                Trust::Nothing(share) if !is_chosen(path, share) => {}
                Trust::Stamps if is_as_it_was && is_sure => {
                    seen.holds.insert((*path).to_owned(), first.map(|entry| entry.sha256.clone()).unwrap_or_default());
                }
                Trust::Stamps if of_size.iter().any(|entry| Some(entry.sha256.as_str()) == of_journal) => {
                    seen.holds.insert((*path).to_owned(), of_journal.unwrap_or_default().to_owned());
                }
                _ => unknown.push(((*path).to_owned(), self.live(path), listed.size)),
            }
        }
        unknown.sort();
        let read = self.store.each(
            unknown,
            |store, (path, full, size)| async move { Ok((path, store.digest(&full, size).await?)) },
            &|_| (),
        )?;
        for (path, digest) in read.into_iter().filter_map(|(path, digest)| Some((path, digest?))) {
            let hidden = || Listed { size: digest.size, ..Listed::default() };
            seen.files.entry(path.clone()).or_insert_with(hidden);
            seen.holds.insert(path, digest.sha256);
        }
        let files = live.map(|live| live.files.as_slice()).unwrap_or_default();
        Ok(files.iter().map(|entry| became(entry, seen, trust)).collect())
    }

    pub fn write_record(&self, record: &Record) -> Result<(), Failure> {
        self.put("record.json", &json::to_string(record))
    }

    /// For messages about the folder on this machine.
    pub fn pen(&self) -> Result<super::journal::Pen, Failure> {
        std::fs::create_dir_all(&self.local).map_err(at(&self.local))?;
        self.journal().pen()
    }
}

/// Whether FTP servers leave it out of their listings.
pub fn is_hidden(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.'))
}

/// All that a path may rightly hold: of the live release, and of those that were begun.
fn entries<'m>(live: Option<&'m Manifest>, begun: &'m [(String, Manifest)]) -> HashMap<&'m str, Vec<&'m Entry>> {
    let mut entries: HashMap<&str, Vec<&Entry>> = HashMap::new();
    for manifest in live.into_iter().chain(begun.iter().map(|(_, begun)| begun)) {
        for entry in &manifest.files {
            entries.entry(entry.path.as_str()).or_default().push(entry);
        }
    }
    entries
}

fn became(entry: &Entry, seen: &Seen, trust: Trust) -> Found {
    let Some(listed) = seen.files.get(&entry.path) else { return Found::Missing };
    match seen.holds.get(&entry.path) {
        Some(sha256) if *sha256 == entry.sha256 => Found::Sound(None),
        None if listed.size == entry.size && !listed.is_link && trust != Trust::Stamps => Found::Unread,
        _ => Found::Changed,
    }
}
