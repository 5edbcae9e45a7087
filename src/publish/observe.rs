//! What a target is now: its chain, its live release, and whatever somebody else changed in it.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::io;
use std::path::Path;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::chain::Chain;
use super::cleared::Cleared;
use super::disk;
use super::folder::Folder;
use super::hashes::Memory;
use super::manifest::{self, Entry, Manifest};
use super::{Failure, Share, at, release};
use crate::model::Hash128;
use crate::source::Stamp;

/// A target as it was found.
#[derive(Debug, Default)]
pub struct State {
    pub chain: Chain,
    pub live: Option<Live>,
    /// Live files that are not what their manifest says.
    pub differences: Vec<Difference>,
    /// What else does not fit together, in Chinese.
    pub faults: Vec<String>,
    /// Releases that lie there and that the chain does not name: nobody can go back to them.
    pub unnamed: Vec<String>,
    /// A release was begun and not finished, and nobody is at work.
    pub interrupted: bool,
    /// If it is an earlier one that somebody was going back to, which.
    pub back: Option<String>,
    /// Files of which every byte was read.
    pub read: usize,
    /// Files of others stay when a release is made: the target is not made anew for each.
    pub keeps_strangers: bool,
    /// Such files that somebody has accepted, from the site's root; they are no differences.
    pub accepted: Vec<String>,
    /// What else is to be known and is no fault, in Chinese.
    pub notes: Vec<String>,
    pub cleared: Cleared,
    /// Every release that lies there, the live one too.
    pub kept: Vec<String>,
    /// Files that were withdrawn and are still there, from the site's root; the next run deletes them.
    pub left: Vec<String>,
    /// Files that were live and lie aside since others took their place; whoever works there next deletes them.
    pub aside: Vec<String>,
}

impl State {
    /// Whether anything was ever published there, as far as can be told.
    pub fn has_releases(&self) -> bool {
        self.live.is_some() || !self.kept.is_empty() || self.chain.last().is_some()
    }

    /// The live release, if its own manifest tells of it.
    pub fn believed(&self) -> Option<&Manifest> {
        self.live.as_ref().filter(|live| !live.hash.is_empty()).map(|live| &live.manifest)
    }

    /// The commit that the live site was made of, as far as that is known; of a manifest that is lost the chain tells it.
    pub fn live_commit(&self) -> &str {
        let of_chain = || self.chain.last().map_or("", |line| &line.commit);
        self.believed().map_or_else(of_chain, |manifest| &manifest.commit)
    }

    /// Whether the live site was published with changes that nobody had committed.
    pub fn is_dirty(&self) -> bool {
        let of_chain = || self.chain.last().is_some_and(|line| line.dirty);
        self.believed().map_or_else(of_chain, |manifest| manifest.dirty)
    }

    /// Whether the live site may hold what its commit does not.
    pub fn may_be_dirty(&self) -> bool {
        self.has_releases() && self.believed().is_none_or(|manifest| manifest.dirty)
    }
}

/// The live release, of which there is a manifest.
#[derive(Debug)]
pub struct Live {
    pub release: String,
    pub manifest: Manifest,
    /// SHA-256 of the manifest's file; empty: it is not its own, another stands in for it.
    pub hash: String,
    /// Of each file of the manifest.
    found: Vec<Found>,
}

impl Live {
    /// `found`: of each file of the manifest.
    pub(super) fn new(release: String, manifest: Manifest, hash: String, found: Vec<Found>) -> Self {
        Self { release, manifest, hash, found }
    }

    /// With nothing of it found: every file of the next release is sent anew.
    pub(super) fn unbelieved(release: &str, manifest: Manifest) -> Self {
        let found = vec![Found::Missing; manifest.files.len()];
        Self { release: release.to_owned(), manifest, hash: String::new(), found }
    }

    /// Whether the live file of this path has the bytes that are wanted, and was found to have them.
    pub fn has_bytes(&self, wanted: &Entry) -> bool {
        self.sound(wanted).is_some_and(|entry| entry.sha256 == wanted.sha256)
    }

    /// The same, and whether it is served as it is to be served.
    pub fn has(&self, wanted: &Entry) -> bool {
        self.sound(wanted).is_some_and(|entry| entry.is_same(wanted))
    }

    /// The live file of the same path, if it is what its manifest says.
    fn sound(&self, wanted: &Entry) -> Option<&Entry> {
        let at = self.manifest.files.binary_search_by(|entry| entry.path.cmp(&wanted.path)).ok()?;
        self.found[at].is_sound().then(|| &self.manifest.files[at])
    }

    /// The stamps of files that are what the manifest says, and that would show a later change, by their paths.
    pub fn stamps(&self) -> impl Iterator<Item = (&Entry, Stamp)> {
        let all = self.manifest.files.iter().zip(&self.found);
        all.filter_map(|(entry, found)| match found {
            Found::Sound(stamp) => Some((entry, (*stamp)?)),
            _ => None,
        })
    }
}

/// How a live file differs from its manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    Changed,
    Missing,
    Strange,
}

impl Way {
    pub fn label(self) -> &'static str {
        match self {
            Way::Changed => "内容不对",
            Way::Missing => "不见了",
            Way::Strange => "不是发布的",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// From the site's root.
    pub path: String,
    pub way: Way,
}

/// Looks at the target. Nothing was published: an empty state.
pub fn observe(folder: &Folder, share: Share, memory: &Memory) -> Result<State, Failure> {
    let live = folder.live()?;
    let chain = release::chain(folder, live.as_deref())?;
    let (cleared, fault) = folder.cleared(&chain)?;
    let faults = fault.into_iter().collect();
    let mut state = State { chain, cleared, faults, kept: folder.whole()?, ..State::default() };
    // the chain as it is on the disk: a line that an interrupted run owes is not in it
    let written = Chain::of(disk::read(&folder.chain())?.unwrap_or_default());
    let seals = disk::read(&folder.seals())?.unwrap_or_default();
    let is_sealed = seals.lines().any(|seal| seal == written.seal());
    match (seals.is_empty(), is_sealed) {
        (_, true) => {}
        (true, _) if written.seal().is_empty() => {}
        (true, _) => state.faults.push("发布记录的封印 .gongkai-seal 不见了，最后一行有没有被改动查不出来".into()),
        (false, _) => state.faults.push("发布记录 releases.jsonl 的最后一行被改动或删去".into()),
    }
    let last = state.chain.last().map(|line| line.release.clone());
    if live != last {
        let name = |id: Option<&str>| id.unwrap_or("（没有）").to_owned();
        let message =
            format!("current 指向 {}，而发布记录的最后一行是 {}", name(live.as_deref()), name(last.as_deref()));
        state.faults.push(message);
    }
    // what was published last is what the next one takes the place of, wherever somebody has led `current` meanwhile
    let newest = || state.kept.iter().max().cloned();
    if let Some(id) = last.or(live).or_else(newest) {
        match examine(folder, &id, &state.chain, share, memory)? {
            Ok((live, differences, read)) => {
                (state.live, state.differences, state.read) = (Some(live), differences, read)
            }
            Err(fault) => {
                state.faults.push(fault);
                state.live = Some(stand_in(folder, &id, &state.chain)?);
            }
        }
    }
    let begun = release::pending(folder)?.map(|line| line.release);
    let is_known = |id: &String| begun.as_ref() == Some(id) || state.chain.names(id);
    state.unnamed = state.kept.iter().filter(|id| !is_known(id)).cloned().collect();
    state.notes = not_whole(folder, &state)?;
    Ok(state)
}

/// Releases that cannot be gone back to because a part of them is not there, and what is none, in Chinese.
fn not_whole(folder: &Folder, state: &State) -> Result<Vec<String>, Failure> {
    let live = state.live.as_ref().map(|live| &live.release);
    let is_part = |id: &String| state.chain.names(id) && !state.kept.contains(id) && live != Some(id);
    let parts: BTreeSet<String> = folder.taken()?.into_iter().filter(is_part).collect();
    let told = |id: String| format!("不能再回退到批次 {id}：它的文件夹或清单不见了");
    let strange = |name: String| {
        format!("releases/{name} 不是 gongkai 的：里面可能有撤下的内容，撤下时也不删它；不要的请自己删去")
    };
    Ok(parts.into_iter().map(told).chain(folder.strangers()?.into_iter().map(strange)).collect())
}

/// In place of a live release that is gone, its manifest; of one whose manifest nobody can believe, the one before it, else what can be read of its own, and
/// whatever else lies there, since the next release takes that away. Of its files nothing is believed.
fn stand_in(folder: &Folder, live: &str, chain: &Chain) -> Result<Live, Failure> {
    let read = |id: &str| disk::read(&folder.manifest(id));
    if let Ok((manifest, hash)) = chain.believe(live, read(live)?) {
        return Ok(Live { hash, ..Live::unbelieved(live, manifest) });
    }
    let before = chain.stand_ins(live, read).next().transpose()?;
    let own = || Ok(read(live)?.and_then(|text| Manifest::parse(&text)));
    let manifest = before.map_or_else(own, |before| Ok(Some(before)))?.unwrap_or_else(Manifest::unknown);
    let root = folder.release(live);
    // what is a link would not be gone through
    let is_there = fs::symlink_metadata(&root).is_ok_and(|meta| meta.is_dir());
    let lying = if is_there { below(&root, &|_| true)? } else { Vec::new() };
    Ok(Live::unbelieved(live, manifest.and_unknown(lying.into_iter())))
}

/// A release beside its manifest; the inner `Err`: its manifest cannot be trusted.
pub type Examined = Result<(Live, Vec<Difference>, usize), String>;

pub fn examine(folder: &Folder, id: &str, chain: &Chain, share: Share, memory: &Memory) -> Result<Examined, Failure> {
    let (manifest, hash) = match chain.believe(id, disk::read(&folder.manifest(id))?) {
        Ok(believed) => believed,
        Err(fault) => return Ok(Err(fault)),
    };
    if !fs::symlink_metadata(folder.release(id)).is_ok_and(|meta| meta.is_dir()) {
        return Ok(Err(format!("发布批次 {id} 的文件夹不见了，或被换成了链接")));
    }
    let (found, differences, read) = compare(&folder.release(id), &manifest, share, memory)?;
    Ok(Ok((Live { release: id.to_owned(), manifest, hash, found }, differences, read)))
}

/// What became of each file, all differences, and how many files were read.
type Compared = (Vec<Found>, Vec<Difference>, usize);

fn compare(root: &Path, manifest: &Manifest, share: Share, memory: &Memory) -> Result<Compared, Failure> {
    let found: Vec<Found> = manifest
        .files
        .par_iter()
        .with_max_len(64)
        .map(|entry| look(root, entry, share, memory))
        .collect::<Result<_, _>>()?;
    let (differences, read) = told(manifest, &found, strangers(root, manifest)?);
    Ok((found, differences, read))
}

/// All differences, those `beside` the manifest's files included, and how many files were read.
pub(super) fn told(manifest: &Manifest, found: &[Found], beside: Vec<Difference>) -> (Vec<Difference>, usize) {
    let mut differences = beside;
    for (entry, found) in manifest.files.iter().zip(found) {
        let way = match found {
            Found::Missing => Way::Missing,
            Found::Changed => Way::Changed,
            Found::Sound(_) | Found::Unread => continue,
        };
        differences.push(Difference { path: entry.path.clone(), way });
    }
    differences.sort_by(|a, b| a.path.cmp(&b.path));
    let read = found.iter().filter(|found| matches!(found, Found::Sound(_) | Found::Changed)).count();
    (differences, read)
}

/// What became of a file of the manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// With its stamp, if a later change will show in that.
    Sound(Option<Stamp>),
    Changed,
    Missing,
    /// There, and of the right size.
    Unread,
}

impl Found {
    fn is_sound(self) -> bool {
        matches!(self, Found::Sound(_))
    }
}

fn look(root: &Path, entry: &Entry, share: Share, memory: &Memory) -> Result<Found, Failure> {
    let path = root.join(&entry.path);
    let meta = match fs::symlink_metadata(&path) {
        Ok(meta) => meta,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(Found::Missing);
        }
        Err(error) => return Err(at(&path)(error)),
    };
    match () {
        _ if !meta.is_file() || meta.len() != entry.size => Ok(Found::Changed),
        _ if !is_chosen(&entry.path, share) => Ok(Found::Unread),
        _ => match memory.digest(&entry.path, &path) {
            Ok((digest, stamp)) if digest.sha256 == entry.sha256 => Ok(Found::Sound(stamp)),
            Ok(_) => Ok(Found::Changed),
            // whoever may not read it cannot tell what it holds, and neither can a web server
            Err(Failure::Io { error, .. }) if error.kind() == io::ErrorKind::PermissionDenied => Ok(Found::Changed),
            Err(failure) => Err(failure),
        },
    }
}

pub fn is_chosen(path: &str, share: Share) -> bool {
    let hash = Hash128::of(&(path, share.seed));
    share.percent >= 100 || u16::from_le_bytes([hash.0[0], hash.0[1]]) % 100 < u16::from(share.percent)
}

/// Everything below a release that its manifest does not name; of a folder of them, the folder.
fn strangers(root: &Path, manifest: &Manifest) -> Result<Vec<Difference>, Failure> {
    let folders: HashSet<&str> = manifest::folders(manifest).into_iter().collect();
    let mut strange = below(root, &|folder| folders.contains(folder))?;
    strange.retain(|path| manifest.entry(path).is_none());
    Ok(strange.into_iter().map(|path| Difference { path, way: Way::Strange }).collect())
}

/// What lies below a folder, from there, but for the folders that are gone into. No link is followed.
fn below(root: &Path, is_entered: &dyn Fn(&str) -> bool) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    let mut waiting = vec![String::new()];
    while let Some(folder) = waiting.pop() {
        let path = root.join(&folder);
        let entries = match fs::read_dir(&path) {
            Ok(entries) => entries,
            // every file of it is told as missing
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(at(&path)(error)),
        };
        for entry in entries {
            let entry = entry.map_err(at(&path))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let below = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            let is_folder = entry.file_type().map_err(at(&path))?.is_dir();
            if is_folder && is_entered(&below) { waiting.push(below) } else { found.push(below) }
        }
    }
    Ok(found)
}
