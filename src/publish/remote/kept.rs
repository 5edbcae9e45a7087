//! Bytes of earlier releases: which of them a release still needs, and that nothing is left of those that must go. A listing
//! may leave something out, so what must go is deleted by the names that manifests give it, and asked for by them.

use std::collections::{BTreeSet, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::Remote;
use super::half::FIXED;
use super::look::Seen;
use super::wire::Inner;
use crate::model::Hash128;
use crate::pipeline::Failure;
use crate::publish::Share;
use crate::publish::chain::Chain;
use crate::publish::manifest::{Entry, Manifest};
use crate::publish::observe::State;
use crate::publish::refused;

impl Remote {
    /// Removes every release but the live one, with all bytes that are kept or were sent aside. Returns which.
    pub fn purge(&self) -> Result<Vec<String>, Failure> {
        let chain = self.chain()?;
        let live = chain.last().map(|line| line.release.clone());
        let seen = self.listed()?;
        let of_chain = chain.lines.iter().map(|line| &line.release);
        let all: BTreeSet<String> = of_chain.chain(&seen.manifests).cloned().collect();
        let (of_live, gone): (Vec<_>, Vec<_>) =
            self.texts(all)?.into_iter().partition(|(id, _)| live == Some(id.clone()));
        let public = of_live.iter().filter_map(|(_, text)| Manifest::parse(text)).flat_map(|manifest| manifest.files);
        let public: HashSet<String> = public.map(|entry| entry.sha256).collect();
        let mut paths: BTreeSet<String> = self.rest(&seen).into_iter().collect();
        for (id, text) in &gone {
            // nobody can say what was sent for a release that the chain does not name
            let is_begun = !chain.names(id);
            let files = Manifest::parse(text).into_iter().flat_map(|manifest| manifest.files);
            for entry in files.filter(|entry| !public.contains(&entry.sha256)) {
                paths.insert(self.own(&format!("kept/{}", entry.sha256)));
                if is_begun && !self.sends_under_other_names {
                    paths.insert(self.own(&format!("staged/{}", staged(&entry))));
                }
            }
        }
        // the bytes first: while there is a manifest, the next run knows what they are called
        self.store.remove(paths.into_iter().collect(), &|_| ())?;
        if self.store.talents().replaces {
            // a server of WebDAV removes folders with all that is in them, listed or not
            let folders = ["kept/", "staged/"].map(|name| self.own(name));
            self.store.remove(folders.to_vec(), &|_| ())?;
        }
        let named = gone.iter().map(|(id, _)| id).chain(&seen.manifests).filter(|id| live.as_ref() != Some(*id));
        let named: BTreeSet<String> = named.cloned().collect();
        let manifests = named.iter().map(|id| self.manifest_path(id)).collect();
        self.store.remove(manifests, &|_| ())?;
        // what was left out of the first listing may be in this one
        let after = self.listed()?;
        let manifests = after.manifests.iter().filter(|id| live.as_ref() != Some(*id)).map(|id| self.manifest_path(id));
        self.store.are_gone(self.rest(&after).into_iter().chain(manifests).collect())?;
        if let Some(record) = self.record()? {
            self.write_record(&super::look::Record { releases: live.into_iter().collect(), ..record })?;
        }
        self.memory("kept").forget();
        Ok(named.into_iter().collect())
    }

    /// What is kept, was sent aside, was on its way, or was put out of the way.
    fn rest(&self, seen: &Seen) -> Vec<String> {
        let kept = seen.kept.keys().map(|sha256| self.own(&format!("kept/{sha256}")));
        let staged = seen.staged.keys().map(|name| self.own(&format!("staged/{name}")));
        let aside = seen.aside.iter().map(|path| self.own(&format!("aside/{path}")));
        kept.chain(staged).chain(aside).chain(seen.scraps.iter().cloned()).collect()
    }

    fn manifest_path(&self, id: &str) -> String {
        self.own(&format!("manifests/{id}.json"))
    }

    /// The manifests of these releases, as far as they are there.
    fn texts(&self, ids: BTreeSet<String>) -> Result<Vec<(String, String)>, Failure> {
        let ids: Vec<(String, String)> = ids.into_iter().map(|id| (self.manifest_path(&id), id)).collect();
        let read = |store: Arc<Inner>, (path, id): (String, String)| async move {
            let bytes = store.read(&path, super::TEXT).await?;
            Ok(bytes.map(|bytes| (id, String::from_utf8_lossy(&bytes).into_owned())))
        };
        Ok(self.store.each(ids, read, &|_| ())?.into_iter().flatten().collect())
    }

    /// Removes kept bytes that none of these releases needs; none if one of them cannot tell what it needs.
    pub fn forget(&self, kept: &HashSet<String>, stay: &[String], chain: &Chain) -> Result<(), Failure> {
        let (wanted, faults) = self.wanted(stay, chain)?;
        if let Some(fault) = faults.first() {
            let reason = format!(
                "{fault}，不知道它要用哪些保留的文件，一个也没有删。运行 gongkai verify 查看；不再要它的，加 --accept-changes 发布"
            );
            return Err(refused(&PathBuf::from(format!("{}/{}", self.store.place(), self.state)), reason));
        }
        let old = kept.iter().filter(|sha256| !wanted.contains(*sha256));
        let old = old.map(|sha256| self.own(&format!("kept/{sha256}")));
        self.store.remove(old.collect(), &|_| ())
    }

    /// SHA-256 of all files of these releases, and of which of them the manifest cannot be believed, in Chinese.
    fn wanted(&self, ids: &[String], chain: &Chain) -> Result<(HashSet<String>, Vec<String>), Failure> {
        let (mut wanted, mut faults) = (HashSet::new(), Vec::new());
        for id in ids {
            match chain.believe(id, self.manifest_text(id)?) {
                Ok((manifest, _)) => wanted.extend(manifest.files.into_iter().map(|entry| entry.sha256)),
                Err(fault) => faults.push(fault),
            }
        }
        Ok((wanted, faults))
    }

    /// What is wrong with earlier releases.
    pub(super) fn look_back(&self, seen: &Seen, share: Share, state: &mut State) -> Result<(), Failure> {
        let (orphans, mut faults) = self.orphans(seen, &state.chain)?;
        faults.extend(self.left(seen));
        faults.extend(seen.lost().map(|id| format!("发布批次 {id} 的清单不见了，不能再回退到它")));
        // while a manifest is missing, nobody knows what it needs
        if !orphans.is_empty() && faults.is_empty() {
            let words = "个保留的文件没有批次用到，运行 gongkai publish 删去";
            faults.push(format!("{}/kept 里有 {} {words}", self.state, orphans.len()));
        }
        if share == Share::ALL {
            let (of_kept, notes) = self.ways_back(seen, &state.chain)?;
            faults.extend(of_kept);
            state.notes.extend(notes);
        }
        // of the live release it is told already
        faults.retain(|fault| !state.faults.contains(fault));
        state.faults.extend(faults);
        Ok(())
    }

    /// What somebody left on its way and nobody is at work with, in Chinese. Who is dead holds no lock of this machine any more;
    /// of a claim of another one nobody can say at once.
    fn left(&self, seen: &Seen) -> Vec<String> {
        if !self.is_idle(&seen.claims) {
            return Vec::new();
        }
        // one that was about to be a text that is not there is read in its place, and put there by the next who writes
        let stands_in = |path: &&String| {
            let name = path.rsplit('/').next().unwrap_or(path);
            FIXED.iter().any(|text| !seen.texts.contains(*text) && name.starts_with(&format!("{text}.")))
        };
        // and what was on its way outside is told by name
        let is_in_state = |path: &&String| path.starts_with(&self.own(""));
        let scraps = seen.scraps.iter().filter(is_in_state).filter(|path| !stands_in(path)).count();
        let left = [("staged/…", seen.staged.len()), ("aside/…", seen.aside.len()), ("….tmp", scraps)];
        let words = "个文件，是没有做完的那一次留下的，下一次发布或回退时删去";
        let fault = |(what, count): (&str, usize)| format!("{}/{what} 还有 {count} {words}", self.state);
        left.into_iter().filter(|(_, count)| *count > 0).map(fault).collect()
    }

    /// Whether there is still a way back to each release that is kept: kept bytes that are others by now, and releases that
    /// lack some, in Chinese.
    fn ways_back(&self, seen: &Seen, chain: &Chain) -> Result<(Vec<String>, Vec<String>), Failure> {
        let to_read: Vec<(String, String, u64)> = seen
            .kept
            .iter()
            .map(|(sha256, size)| (sha256.clone(), self.own(&format!("kept/{sha256}")), *size))
            .collect();
        let read = |store: Arc<Inner>, (sha256, path, size): (String, String, u64)| async move {
            let found = store.digest(&path, size).await?;
            Ok(found.is_none_or(|found| found.sha256 != sha256).then_some(sha256))
        };
        let mut damaged: Vec<String> = self.store.each(to_read, read, &|_| ())?.into_iter().flatten().collect();
        damaged.sort();
        let fault = |sha256: &String| {
            let path = self.own(&format!("kept/{sha256}"));
            format!("为回退保留的 {path} 被改动了。请删去它；不能再回退到用到它的批次")
        };
        let faults = damaged.iter().map(fault).collect();
        let is_there = |entry: &Entry| {
            let is_kept = seen.kept.get(&entry.sha256) == Some(&entry.size) && !damaged.contains(&entry.sha256);
            is_kept || seen.holds.get(&entry.path) == Some(&entry.sha256)
        };
        let live = chain.last().map(|line| &line.release);
        let mut notes = Vec::new();
        for id in seen.manifests.iter().filter(|id| live != Some(*id)) {
            let Ok((manifest, _)) = chain.believe(id, self.manifest_text(id)?) else { continue };
            match manifest.files.iter().filter(|entry| !is_there(entry)).count() {
                0 => {}
                count => notes.push(format!("不能再回退到批次 {id}：它的 {count} 个文件没有保留，或被改动了")),
            }
        }
        Ok((faults, notes))
    }

    /// Which of these releases have manifests that cannot be believed.
    pub(super) fn unbelieved(&self, ids: &[String], chain: &Chain) -> Result<Vec<String>, Failure> {
        let look = |id: &String| {
            let believed = chain.believe(id, self.manifest_text(id)?);
            Ok(believed.is_err().then(|| id.clone()))
        };
        Ok(ids.iter().map(look).collect::<Result<Vec<_>, Failure>>()?.into_iter().flatten().collect())
    }

    /// Kept bytes that no release needs, and what is wrong with the manifests that should tell, in Chinese.
    fn orphans(&self, seen: &Seen, chain: &Chain) -> Result<(Vec<String>, Vec<String>), Failure> {
        let named: Vec<String> = seen.manifests.iter().filter(|id| chain.names(id)).cloned().collect();
        let (mut wanted, faults) = self.wanted(&named, chain)?;
        let of_begun = seen.begun.iter().flat_map(|(_, begun)| &begun.files);
        wanted.extend(of_begun.map(|entry| entry.sha256.clone()));
        let mut orphans: Vec<String> = seen.kept.keys().filter(|sha256| !wanted.contains(*sha256)).cloned().collect();
        orphans.sort();
        Ok((orphans, faults))
    }

    /// The same are removed, by a run that finds nothing else to do. Whether there are any is found out once for what is kept
    /// now; while a manifest is missing or cannot be believed, nobody knows.
    pub(super) fn sweep_orphans(&self, seen: &Seen, chain: &Chain) -> Result<(), Failure> {
        let mut names: Vec<&String> = seen.kept.keys().collect();
        names.sort();
        let now = Hash128::of(&names).to_string();
        let memory = self.memory("kept");
        if names.is_empty() || seen.lost().next().is_some() || memory.text() == now {
            return Ok(());
        }
        let (orphans, faults) = self.orphans(seen, chain)?;
        if !faults.is_empty() {
            return Ok(());
        }
        let paths: Vec<String> = orphans.iter().map(|sha256| self.own(&format!("kept/{sha256}"))).collect();
        self.store.remove(paths, &|_| ())?;
        if orphans.is_empty() { memory.note(&now) } else { Ok(()) }
    }

    /// Notes the last line of the chain, by its seal.
    pub(super) fn remember(&self, seal: &str) -> Result<(), Failure> {
        self.memory("last").note(seal)
    }

    /// Whether this machine wrote the line of this seal, and no later one.
    pub(super) fn is_last(&self, seal: &str) -> bool {
        !seal.is_empty() && self.memory("last").text() == seal
    }

    /// Whether a line that this machine wrote is in the chain no longer.
    pub(super) fn is_set_back(&self, chain: &Chain) -> bool {
        let last = self.memory("last").text();
        !last.is_empty() && chain.seal() != last && !chain.lines.iter().any(|line| line.previous == last)
    }

    /// A line that this machine remembers of the target.
    pub(super) fn memory(&self, name: &str) -> Memory {
        Memory(self.local.join(format!("publish-{}.{name}", self.label())))
    }
}

/// What a file is called while it is aside.
pub fn staged(entry: &Entry) -> String {
    format!("{}-{}", entry.sha256, &Hash128::of(&entry.path).to_string()[..8])
}

/// A small file on this machine, of which nothing depends but time and what is noticed.
pub struct Memory(PathBuf);

impl Memory {
    pub fn text(&self) -> String {
        std::fs::read_to_string(&self.0).unwrap_or_default().trim_end().to_owned()
    }

    pub fn note(&self, text: &str) -> Result<(), Failure> {
        std::fs::write(&self.0, format!("{text}\n")).map_err(crate::publish::at(&self.0))
    }

    pub fn forget(&self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
