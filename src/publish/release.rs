//! Making a release and switching to it. Before the switch whatever fails leaves the target as it was; after it the
//! release is live, and what is left undone the next run does.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::chain::{Action, Chain, Line};
use super::disk;
use super::folder::{self, Folder};
use super::hashes::{self, Known, Memory};
use super::manifest::{self, Entry, Manifest};
use super::observe::{Difference, examine};
use super::{Failure, Prepared, Share, Step, Ticks, at, refused};
use crate::model::{Moment, json};
use crate::source::{Stamp, digest};

/// What became of a site.
#[derive(Debug)]
pub enum Done {
    /// What is live is byte by byte what was built.
    Unchanged,
    Published(Published),
}

/// A release that is live.
#[derive(Debug)]
pub struct Published {
    pub release: String,
    /// Files that were written; the others are shared with the release before.
    pub written: usize,
    /// Old releases that were removed.
    pub removed: Vec<String>,
    /// What went wrong after the switch.
    pub late: Option<Failure>,
}

/// An earlier release that is live again.
#[derive(Debug)]
pub struct Returned {
    pub release: String,
    /// What went wrong after the switch.
    pub late: Option<Failure>,
    /// It was live already; what an earlier run had left to do is done.
    pub finished: bool,
}

/// What stands in the way of a rollback.
#[derive(Debug)]
pub enum Refusal {
    /// There is no such release, in Chinese.
    None(String),
    /// The release is not what its manifest says.
    Damaged {
        release: String,
        differences: Vec<Difference>,
        faults: Vec<String>,
    },
    /// The live release is not whole, and cannot be put right with what is kept.
    Unfinished {
        release: String,
        /// To which one somebody was going back.
        back: Option<String>,
        differences: Vec<Difference>,
        faults: Vec<String>,
    },
    Failure(Failure),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Refusal::Failure(failure)
    }
}

/// Completes or sweeps what an interrupted run left. The folder is locked.
pub fn recover(folder: &Folder) -> Result<(), Failure> {
    let live = folder.live()?;
    let chain = Chain::of(disk::read(&folder.chain())?.unwrap_or_default());
    if let Some(line) = pending(folder)? {
        let is_live = live.as_deref() == Some(line.release.as_str());
        if is_live && chain.next(line.clone()) == line {
            write_chain(folder, &chain, &line)?;
        }
        if !is_live && line.action == Action::Publish && !chain.names(&line.release) {
            disk::remove_file(&folder.manifest(&line.release))?;
        }
        disk::remove_file(&folder.pending())?;
    }
    folder.sweep(live.as_deref(), &chain)
}

/// The line that was about to be written to the chain when a run was interrupted.
pub fn pending(folder: &Folder) -> Result<Option<Line>, Failure> {
    let line = disk::read(&folder.pending())?.and_then(|text| json::parse::<Line>(&text));
    Ok(line.filter(|line| folder::is_id(&line.release)))
}

/// The chain with the line that an interrupted run could not write any more, if its release is live.
pub fn chain(folder: &Folder, live: Option<&str>) -> Result<Chain, Failure> {
    let chain = Chain::of(disk::read(&folder.chain())?.unwrap_or_default());
    Ok(match pending(folder)? {
        Some(line) if live == Some(line.release.as_str()) && chain.next(line.clone()) == line => {
            Chain::of(chain.with(&line))
        }
        _ => chain,
    })
}

/// Makes what was prepared live. The folder is locked; `now` in seconds since 1970.
pub fn publish(
    prepared: &Prepared,
    memory: &Memory,
    folder: &Folder,
    now: i64,
    progress: &(dyn Fn(Step) + Sync),
) -> Result<Done, Failure> {
    if prepared.is_live() {
        if let Some(live) = &prepared.state.live {
            remember(memory, folder, &live.release, live.stamps().collect(), &[]);
        }
        return Ok(Done::Unchanged);
    }
    let id = folder::new_id(now, &prepared.plan.manifest, &folder.taken()?);
    let line = prepared.state.chain.next(line_of(prepared, &id, now, !prepared.is_sound()));
    let made = stage(prepared, folder, &id, progress).and_then(|written| {
        make_live(folder, &line, Some(&prepared.text))?;
        Ok(written)
    });
    let written = made.inspect_err(|_| {
        // the failure is what to tell; what cannot be swept now is swept by the next run
        let _ = recover(folder);
    })?;
    let (new, written) = (written.as_slice(), written.len());
    let (removed, late) = match finish(folder, &prepared.state.chain, &line) {
        Ok(removed) => (removed, None),
        Err(failure) => (Vec::new(), Some(failure)),
    };
    let linked =
        prepared.state.live.iter().flat_map(|live| live.stamps().filter(|(entry, _)| stays(entry, &prepared.manifest)));
    remember(memory, folder, &id, linked.collect(), new);
    Ok(Done::Published(Published { release: id, written, removed, late }))
}

pub fn line_of(prepared: &Prepared, id: &str, time: i64, has_changes: bool) -> Line {
    let Prepared { manifest, plan, state, .. } = prepared;
    Line {
        number: 0,
        action: Action::Publish,
        release: id.to_owned(),
        time: Moment::in_china(time),
        commit: manifest.commit.clone(),
        dirty: manifest.dirty,
        manifest: plan.manifest.clone(),
        files: manifest.files.len(),
        bytes: manifest.bytes(),
        added: plan.added.len(),
        changed: plan.changed(),
        withdrawn: plan.withdrawn(),
        accepted: has_changes || state.chain.open_faults().next().is_some(),
        cleared: prepared.clearing.owed().known.len(),
        site: manifest.site.place_hash(),
        accepts: String::new(),
        previous: String::new(),
    }
}

/// Whether the next release has the same bytes there.
fn stays(entry: &Entry, manifest: &Manifest) -> bool {
    manifest.entry(&entry.path).is_some_and(|next| next.sha256 == entry.sha256)
}

/// Keeps the stamps of a live release: of files that were linked the time of the link is new, and nothing else; files that
/// were written look as they did when they were read back.
fn remember(memory: &Memory, folder: &Folder, id: &str, linked: Vec<(&Entry, Stamp)>, new: &[(&Entry, Option<Stamp>)]) {
    let root = folder.release(id);
    let stamp = |entry: &Entry| fs::symlink_metadata(root.join(&entry.path)).ok().map(|meta| Stamp::of(&meta));
    let known = |entry: &Entry, stamp| (entry.path.clone(), Known { stamp, sha256: entry.sha256.clone() });
    let linked = linked.par_iter().filter_map(|(entry, before)| {
        let now = stamp(entry).filter(|now| now.has_same_bytes(before))?;
        Some(known(entry, now))
    });
    let new = new.par_iter().filter_map(|(entry, before)| {
        let before = (*before)?;
        stamp(entry).filter(|now| *now == before).map(|now| known(entry, now))
    });
    let mut all: Vec<(String, Known)> = linked.chain(new).collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all.dedup_by(|a, b| a.0 == b.0);
    memory.keep(all);
}

/// Files that were written, each with its stamp if a later change will show in that.
type Written<'p> = Vec<(&'p Entry, Option<Stamp>)>;

/// Writes the release beside the others and reads it back.
fn stage<'p>(
    prepared: &'p Prepared,
    folder: &Folder,
    id: &str,
    progress: &(dyn Fn(Step) + Sync),
) -> Result<Written<'p>, Failure> {
    let files = &prepared.manifest.files;
    let staging = folder.staging(id);
    let below = manifest::folders(&prepared.manifest).into_iter().map(|below| staging.join(below));
    let folders: Vec<PathBuf> = std::iter::once(staging.clone()).chain(below).collect();
    folders.iter().try_for_each(|path| {
        fs::create_dir(path).map_err(at(path))?;
        disk::open_to_all(path, 0o755);
        Ok(())
    })?;
    let step = Ticks::new("写入文件", files.len(), progress);
    let place = |entry: &'p Entry| {
        let is_new = place(prepared, folder, entry, &staging)?;
        step.tick();
        Ok(is_new.then_some(entry))
    };
    let new: Vec<Option<&Entry>> = files.par_iter().with_max_len(64).map(place).collect::<Result<_, Failure>>()?;
    step.end();
    let new: Vec<&Entry> = new.into_iter().flatten().collect();
    // all are written before the first is waited for: by then the disk has most of them
    let fresh = Memory::default().starting_now(&folder.probe())?;
    let step = Ticks::new("核对写入的文件", new.len(), progress);
    let settle = |entry: &&'p Entry| {
        let stamp = settle(&staging.join(&entry.path), entry, &fresh)?;
        step.tick();
        Ok((*entry, stamp))
    };
    let written: Written = new.par_iter().with_max_len(64).map(settle).collect::<Result<_, Failure>>()?;
    step.end();
    folders.iter().try_for_each(|path| disk::sync(path))?;
    fs::rename(&staging, folder.release(id)).map_err(at(&staging))?;
    disk::sync(&folder.releases())?;
    Ok(written)
}

/// Puts a file into a release: the live one, if it has the bytes that are wanted, else a copy. Whether it is a copy.
fn place(prepared: &Prepared, folder: &Folder, entry: &Entry, staging: &Path) -> Result<bool, Failure> {
    let to = staging.join(&entry.path);
    let shared = prepared.state.live.as_ref().filter(|live| live.has_bytes(entry));
    let is_linked = shared.is_some_and(|live| {
        // where links are not possible, or there are too many of one file, it is copied
        fs::hard_link(folder.release(&live.release).join(&entry.path), &to).is_ok()
    });
    if !is_linked {
        copy(&prepared.files.path(entry), &to, entry)?;
    }
    Ok(!is_linked)
}

fn copy(from: &Path, to: &Path, entry: &Entry) -> Result<(), Failure> {
    let mut source = hashes::open(from)?;
    let mut copy = File::create_new(to).map_err(at(to))?;
    let copied = digest(&mut source, &mut copy).map_err(at(to))?;
    disk::open_to_all(to, 0o644);
    match copied.sha256 == entry.sha256 {
        true => Ok(()),
        false => Err(refused(from, "发布期间它被改动了。请再运行一次")),
    }
}

/// Waits until the disk has the file, and reads it back.
fn settle(path: &Path, entry: &Entry, fresh: &Memory) -> Result<Option<Stamp>, Failure> {
    File::open(path).and_then(|file| file.sync_all()).map_err(at(path))?;
    let (digest, stamp) = fresh.digest(&entry.path, path)?;
    match digest.sha256 == entry.sha256 {
        true => Ok(stamp),
        false => {
            let error = io::Error::new(io::ErrorKind::InvalidData, "what was read back is not what was written");
            Err(at(path)(error))
        }
    }
}

/// `manifest`: of a new release.
fn make_live(folder: &Folder, line: &Line, manifest: Option<&str>) -> Result<(), Failure> {
    disk::replace(&folder.pending(), &json::to_string(line))?;
    if let Some(text) = manifest {
        disk::replace(&folder.manifest(&line.release), text)?;
    }
    folder.switch(&line.release)
}

/// Appends a line. What the last line may be is noted before (the one that it was, and the new one) and after.
fn write_chain(folder: &Folder, chain: &Chain, line: &Line) -> Result<(), Failure> {
    let text = chain.with(line);
    let next = Chain::of(text.clone());
    disk::replace(&folder.seals(), &format!("{}\n{}\n", chain.seal(), next.seal()))?;
    disk::replace(&folder.chain(), &text)?;
    disk::replace(&folder.seals(), &format!("{}\n", next.seal()))
}

/// What comes after the switch. Returns which old releases were removed.
fn finish(folder: &Folder, chain: &Chain, line: &Line) -> Result<Vec<String>, Failure> {
    write_chain(folder, chain, line)?;
    disk::remove_file(&folder.pending())?;
    folder.prune(&line.release, &Chain::of(chain.with(line)))
}

/// Makes an earlier release live again, once all its bytes are found to be what they were. The folder is locked.
pub fn rollback(folder: &Folder, wanted: Option<&str>, now: i64) -> Result<(String, Option<Failure>), Refusal> {
    // what `current` leads to may be the very thing to be put right
    let live = match folder.live() {
        Ok(live) => {
            recover(folder)?;
            live
        }
        Err(_) => None,
    };
    let chain = chain(folder, live.as_deref())?;
    // where somebody led `current` elsewhere, the way back is to what was published last
    let turned = chain.last().map(|line| line.release.as_str()).filter(|last| live.as_deref() != Some(last));
    let id = target(&folder.all(&chain)?, &chain, live.as_deref(), wanted.or(turned))?;
    let (release, differences, _) = match examine(folder, &id, &chain, Share::ALL, &Memory::default())? {
        Ok(examined) => examined,
        Err(fault) => return Err(Refusal::Damaged { release: id, differences: Vec::new(), faults: vec![fault] }),
    };
    if !differences.is_empty() {
        return Err(Refusal::Damaged { release: id, differences, faults: Vec::new() });
    }
    let before = live.and_then(|live| Manifest::parse(&disk::read(&folder.manifest(&live)).ok()??));
    let line = chain.next(line_back(&id, (&release.manifest, &release.hash), before.as_ref(), now));
    // what the last line should be stands in the seal: that it is another is to be seen for ever, not only until now
    let sealed = disk::read(&folder.seals())?.unwrap_or_default();
    let is_sealed = sealed.is_empty() || sealed.lines().any(|seal| seal == line.previous);
    let previous = if is_sealed { line.previous.clone() } else { sealed.lines().last().unwrap_or_default().to_owned() };
    let line = Line { previous, ..line };
    make_live(folder, &line, None)?;
    let written = write_chain(folder, &chain, &line);
    Ok((id, written.and_then(|()| disk::remove_file(&folder.pending())).err()))
}

/// The line of a rollback: `to` a release, with the SHA-256 of its manifest, from what was live `before`.
pub fn line_back(id: &str, to: (&Manifest, &str), before: Option<&Manifest>, now: i64) -> Line {
    let (manifest, hash) = to;
    let (added, changed, withdrawn) = counts(before, manifest);
    Line {
        number: 0,
        action: Action::Rollback,
        release: id.to_owned(),
        time: Moment::in_china(now),
        commit: manifest.commit.clone(),
        dirty: manifest.dirty,
        manifest: hash.to_owned(),
        files: manifest.files.len(),
        bytes: manifest.bytes(),
        added,
        changed,
        withdrawn,
        accepted: false,
        cleared: 0,
        site: manifest.site.place_hash(),
        accepts: String::new(),
        previous: String::new(),
    }
}

/// The release that is wanted; unless it is said which, the one before the live one.
pub fn target(all: &[String], chain: &Chain, live: Option<&str>, wanted: Option<&str>) -> Result<String, Refusal> {
    let none = |words: String| Refusal::None(words);
    match wanted {
        Some(wanted) if live == Some(wanted) => Err(none(format!("发布批次 {wanted} 就是现在的网站"))),
        Some(wanted) if all.iter().any(|id| id == wanted) => Ok(wanted.to_owned()),
        Some(wanted) => Err(none(format!("没有发布批次 {wanted}"))),
        None => chain.before(all, live).ok_or_else(|| none("没有更早的发布批次".into())),
    }
}

pub fn counts(before: Option<&Manifest>, after: &Manifest) -> (usize, usize, usize) {
    let Some(before) = before else { return (after.files.len(), 0, 0) };
    let added = after.files.iter().filter(|entry| before.entry(&entry.path).is_none()).count();
    let gone = before.files.iter().filter(|entry| after.entry(&entry.path).is_none()).count();
    let others = after.files.iter().filter_map(|entry| Some((entry, before.entry(&entry.path)?)));
    let others: Vec<_> = others.filter(|(entry, known)| !known.is_same(entry)).collect();
    let is_withdrawn = |(entry, known): &&(&Entry, &Entry)| known.withdrawn.is_empty() && !entry.withdrawn.is_empty();
    let replaced = others.iter().filter(is_withdrawn).count();
    (added, others.len() - replaced, gone + replaced)
}
