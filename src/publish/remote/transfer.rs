//! Making a release live: sent, found to be whole, put in its place, found to be there, noted; and only then what is
//! withdrawn goes. A failure anywhere before the note leaves the release begun: the next run goes on where it stopped.

use std::collections::HashSet;
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;

use super::claim::Claim;
use super::journal::Pen;
use super::kept::staged;
use super::look::{BEGUN, Record, SEAL, Seen};
use super::wire::{Headers, Inner};
use super::{Lock, Remote, random};
use crate::pipeline::Failure;
use crate::publish::Step;
use crate::publish::chain::{Chain, Line};
use crate::publish::files::Files;
use crate::publish::manifest::{Entry, Kind, Manifest};
use crate::source::Digest;

/// A release on its way.
pub struct Transfer<'a> {
    pub remote: &'a Remote,
    pub lock: &'a Lock<'a>,
    pub seen: &'a Seen,
    pub live: Option<&'a Manifest>,
    pub next: &'a Manifest,
    /// The next manifest as it is kept.
    pub text: &'a str,
    pub line: &'a Line,
    pub chain: &'a Chain,
    /// Where the bytes come from; `None`: from those that are kept at the target.
    pub files: Option<&'a Files>,
    /// Whether the bytes that go are kept for a way back.
    pub keeps: bool,
    /// Whether every earlier release goes, which is done afterwards.
    pub clears: bool,
    /// Files of others that somebody accepts, or accepted before.
    pub accepted: &'a [String],
    /// Whether the chain as it is now is vouched for.
    pub reseals: bool,
    pub progress: &'a dyn Fn(Step),
}

/// What has become of it.
pub struct Transferred {
    pub written: usize,
    /// Releases that are no longer kept.
    pub removed: Vec<String>,
    /// What went wrong after the release was live.
    pub late: Option<Failure>,
}

/// A file that is to be put at a path.
#[derive(Clone)]
pub(super) struct Put {
    /// On this machine; `None`: bytes that are kept at the target.
    pub from: Option<PathBuf>,
    kept: String,
    /// From the service's top.
    pub to: String,
    pub staged: String,
    pub wanted: Digest,
    headers: Headers,
    /// Of one turn all are there before the first of the next.
    turn: u8,
}

/// From where, to where, what.
pub(super) type Copy = (String, String, Digest);

impl Transfer<'_> {
    pub fn carry_out(&self) -> Result<Transferred, Failure> {
        self.all_steps().inspect_err(|_| self.remote.store.settle_aloud(self.progress))
    }

    fn all_steps(&self) -> Result<Transferred, Failure> {
        let todo: Vec<&Entry> = self.next.files.iter().filter(|entry| self.is_to_do(entry)).collect();
        let (changed, added): (Vec<&Entry>, Vec<&Entry>) =
            todo.into_iter().partition(|entry| self.live.is_some_and(|live| live.entry(&entry.path).is_some()));
        let (changed, added) = (self.puts(&changed), self.puts(&added));
        self.has_room(&added.iter().chain(&changed).collect::<Vec<_>>())?;
        let id = &self.line.release;
        if self.files.is_some() && !self.seen.begun.iter().any(|(begun, _)| begun == id) {
            // whatever is found half-done from now on, it is known whose work it is
            self.remote.put(&format!("manifests/{id}.json"), self.text)?;
        }
        if self.files.is_none() || self.remote.sends_under_other_names {
            let others = self.seen.goes_back.iter().filter(|begun| *begun != id);
            let lines = others.chain([id]).map(|id| format!("{id}\n"));
            self.remote.put(BEGUN, &lines.collect::<String>())?;
        }
        let gone = self.gone();
        let pen = self.remote.pen()?;
        self.make_folders(&changed, &added, &gone)?;
        let (kept, copies) = self.keep(&changed, &gone)?;
        self.send("上传新增的文件", &added, &pen)?;
        self.stage(&changed, &pen)?;
        // what is still being copied aside is what is live now
        self.remote.store.settle();
        self.are_staged(&changed)?;
        self.switch(&changed, &pen)?;
        // and nothing is still being moved when it is looked at
        self.remote.store.settle();
        let (record, theirs) = self.check((&added, &changed), &gone, &pen)?;
        self.claim().stands()?;
        self.write_chain(&record)?;
        self.remote.journal().close();
        let written = added.len() + changed.len();
        let are_kept = self.are_still_kept(copies);
        let gone: Vec<String> = record.undone.iter().map(|(path, _)| path.clone()).collect();
        Ok(match self.clear(&changed, &gone, kept).and_then(|cleared| are_kept.map(|()| cleared)) {
            Ok((removed, more)) => {
                let late = self.left_to_others(&[theirs, more].concat());
                Transferred { written, removed, late }
            }
            Err(failure) => Transferred { written, removed: Vec::new(), late: Some(failure) },
        })
    }

    /// Appends the line; from here on the release is live. What the last line may be is noted before everything else, so
    /// that a record without a chain is never one that is still to come, and after it.
    fn write_chain(&self, record: &Record) -> Result<(), Failure> {
        let text = self.chain.with(self.line);
        let seal = Chain::of(text.clone()).seal();
        let before: Vec<&str> = self.seen.seals.lines().collect();
        let (during, after) = match self.reseals {
            true => (vec![self.chain.seal(), seal.clone()], vec![seal.clone()]),
            false => (before.iter().map(|line| (*line).to_owned()).collect(), Vec::new()),
        };
        let mark = record.mark();
        let lines = |seals: Vec<String>| seals.into_iter().map(|seal| seal + "\n").collect::<String>();
        let marked = during.iter().cloned().chain(self.seen.mark.clone()).chain(mark.clone()).collect();
        if self.reseals || mark.is_some() {
            self.remote.put(SEAL, &lines(marked))?;
        }
        self.remote.write_record(record)?;
        self.remote.put("releases.jsonl", &text)?;
        if self.reseals {
            self.remote.remember(&seal)?;
            self.remote.put(SEAL, &lines(after.into_iter().chain(mark).collect()))?;
        }
        Ok(())
    }

    /// Whether everything can come to its place, and nothing else is there. Nothing was sent yet.
    fn has_room(&self, puts: &[&Put]) -> Result<(), Failure> {
        self.meets_no_link(puts)?;
        self.keeps_shape(puts)?;
        self.tells_capitals(puts)?;
        self.is_free(puts)
    }

    fn claim(&self) -> &Claim<'_> {
        &self.lock.claim
    }

    /// Whether a path does not hold yet what it shall.
    fn is_to_do(&self, entry: &Entry) -> bool {
        let is_there = self.seen.holds.get(&entry.path) == Some(&entry.sha256);
        // an object store serves a file as it was told when it was sent
        let is_told = !self.remote.store.talents().is_object_store
            || self.live.and_then(|live| live.entry(&entry.path)).is_none_or(|live| live.is_same(entry))
            || self.seen.begun.iter().any(|(id, _)| *id == self.line.release);
        !(is_there && is_told)
    }

    fn puts(&self, entries: &[&Entry]) -> Vec<Put> {
        let puts = entries.iter().map(|entry| Put {
            from: self.files.map(|files| files.path(entry)),
            kept: self.remote.own(&format!("kept/{}", entry.sha256)),
            to: self.remote.live(&entry.path),
            staged: staged(entry),
            wanted: Digest { size: entry.size, sha256: entry.sha256.clone() },
            headers: headers(entry),
            turn: turn(entry),
        });
        puts.collect()
    }

    fn make_folders(&self, changed: &[Put], added: &[Put], gone: &[String]) -> Result<(), Failure> {
        let there: Vec<String> = self.seen.files.keys().map(|path| self.remote.live(path)).collect();
        let known: HashSet<&str> = there.iter().filter_map(|path| Some(path.rsplit_once('/')?.0)).collect();
        let staged = (!changed.is_empty()).then(|| self.remote.own("staged/x"));
        let kept = (!changed.is_empty() || !gone.is_empty()).then(|| self.remote.own("kept/x"));
        let own: Vec<String> = staged.into_iter().chain(kept).collect();
        let files = added.iter().chain(changed).map(|put| put.to.as_str()).chain(own.iter().map(String::as_str));
        self.remote.store.make_folders(files, &known)
    }

    /// Files that are live or left over, and not of this release.
    fn gone(&self) -> Vec<String> {
        let live = self.live.into_iter().flat_map(|live| &live.files).map(|entry| &entry.path);
        let there = live.filter(|path| self.seen.files.contains_key(*path));
        let gone = there.chain(&self.seen.leftovers).filter(|path| self.next.entry(path).is_none());
        let gone: HashSet<&String> = gone.collect();
        let mut gone: Vec<String> = gone.into_iter().cloned().collect();
        gone.sort();
        gone
    }

    /// Keeps the bytes that go, so that there is a way back. Returns the SHA-256 of all that is kept, and what was copied.
    fn keep(&self, changed: &[Put], gone: &[String]) -> Result<(HashSet<String>, Vec<Copy>), Failure> {
        let mut kept: HashSet<String> = self.seen.kept.keys().cloned().collect();
        let Some(live) = self.live.filter(|_| self.keeps) else { return Ok((kept, Vec::new())) };
        let paths: HashSet<&str> =
            changed.iter().map(|put| put.to.as_str()).chain(gone.iter().map(String::as_str)).collect();
        let mut met = HashSet::new();
        let going = live.files.iter().filter(|entry| {
            let goes = paths.contains(entry.path.as_str()) || paths.contains(self.remote.live(&entry.path).as_str());
            let is_there = self.seen.holds.get(&entry.path) == Some(&entry.sha256);
            let is_kept = self.seen.kept.get(&entry.sha256) == Some(&entry.size);
            goes && is_there && !is_kept && met.insert(&entry.sha256)
        });
        let going: Vec<&Entry> = going.collect();
        kept.extend(going.iter().map(|entry| entry.sha256.clone()));
        let copies = going.iter().map(|entry| {
            let wanted = Digest { size: entry.size, sha256: entry.sha256.clone() };
            (self.remote.live(&entry.path), self.remote.own(&format!("kept/{}", entry.sha256)), wanted)
        });
        let copies: Vec<Copy> = copies.collect();
        let step = Counter::new("保留原来的文件", copies.len(), self.progress);
        let copy = |store: Arc<Inner>, (from, to, wanted): Copy| async move { store.copy(&from, &to, &wanted).await };
        self.each(copies.clone(), copy, &|()| step.tick(1))?;
        self.are_kept(copies.clone())?;
        Ok((kept, copies))
    }

    /// Does the work for each file; of one turn all are there before the first of the next.
    fn in_turns<Fut>(
        &self,
        label: &'static str,
        puts: &[Put],
        work: impl Fn(Arc<Inner>, Put) -> Fut,
    ) -> Result<(), Failure>
    where
        Fut: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        let step = Counter::new(label, puts.len(), self.progress);
        for turn in 0..=LAST_TURN {
            let of_turn = puts.iter().filter(|put| put.turn == turn).cloned().collect();
            self.each(of_turn, &work, &|()| step.tick(1))?;
        }
        Ok(())
    }

    /// Does the work for each item, and looks every now and then whether another publisher has begun meanwhile.
    fn each<T, R, Fut>(
        &self,
        items: Vec<T>,
        work: impl Fn(Arc<Inner>, T) -> Fut,
        done: &dyn Fn(&R),
    ) -> Result<Vec<R>, Failure>
    where
        T: Send + 'static,
        R: Send + 'static,
        Fut: Future<Output = Result<R, Failure>> + Send + 'static,
    {
        let (mut items, mut all) = (items.into_iter(), Vec::new());
        loop {
            let some: Vec<T> = items.by_ref().take(AT_ONCE).collect();
            if some.is_empty() {
                return Ok(all);
            }
            self.claim().stands()?;
            all.extend(self.remote.store.each(some, &work, done)?);
        }
    }

    /// Sends files to where they are read.
    fn send(&self, label: &'static str, puts: &[Put], pen: &Pen) -> Result<(), Failure> {
        self.in_turns(label, puts, |store, put| {
            let pen = pen.clone();
            async move { place(&store, &put, &put.to, &pen).await }
        })
    }

    /// Sends changed files aside; none of them is read there. Where the server neither copies nor moves, they are sent
    /// when their turn comes.
    fn stage(&self, changed: &[Put], pen: &Pen) -> Result<(), Failure> {
        let journal = self.remote.journal();
        let is_staged = |put: &&Put| {
            let path = self.remote.own(&format!("staged/{}", put.staged));
            let Some(listed) = self.seen.staged.get(&put.staged) else { return false };
            // what is moved into its place is looked at there; what is copied stays, and would be copied again
            let noted = match self.remote.store.talents().is_object_store {
                true => journal.unchanged(&path, &listed.stamp),
                false => journal.sha256(&path),
            };
            listed.size == put.wanted.size && noted == Some(put.wanted.sha256.as_str())
        };
        let stages = self.stages();
        let is_wanted = |put: &&Put| stages && !(put.from.is_none() && self.remote.store.talents().is_object_store);
        let puts: Vec<(Put, String)> = changed
            .iter()
            .filter(is_wanted)
            .filter(|put| !is_staged(put))
            .map(|put| (put.clone(), self.remote.own(&format!("staged/{}", put.staged))))
            .collect();
        let step = Counter::new("上传改动的文件", puts.len(), self.progress);
        let send = |store: Arc<Inner>, (put, to): (Put, String)| {
            let pen = pen.clone();
            async move { place(&store, &put, &to, &pen).await }
        };
        self.each(puts, send, &|()| step.tick(1)).map(drop)
    }

    pub(super) fn stages(&self) -> bool {
        let talents = self.remote.store.talents();
        talents.renames || talents.is_object_store && talents.copies
    }

    /// Puts changed files into their places. Those that an object store copies are looked at when all are there.
    fn switch(&self, puts: &[Put], pen: &Pen) -> Result<(), Failure> {
        const LABEL: &str = "切换改动的文件";
        if !self.stages() {
            return self.send(LABEL, puts, pen);
        }
        let staged = self.remote.own("staged");
        self.in_turns(LABEL, puts, |store, put| {
            let (pen, staged) = (pen.clone(), format!("{staged}/{}", put.staged));
            async move {
                match (store.talents.is_object_store, put.from.is_some()) {
                    (true, true) => store.copy(&staged, &put.to, &put.wanted).await,
                    (true, false) => store.copy(&put.kept, &put.to, &put.wanted).await,
                    (false, _) => take_place(&store, &put, Some(&staged), &staged, &pen).await,
                }
            }
        })
    }

    /// Sends files once more and puts them in their places.
    pub(super) fn put_again(&self, puts: &[Put], pen: &Pen) -> Result<(), Failure> {
        let staged = self.remote.own("staged");
        self.in_turns("补上不见的文件", puts, |store, put| {
            let (pen, staged) = (pen.clone(), format!("{staged}/{}", put.staged));
            async move { take_place(&store, &put, None, &staged, &pen).await }
        })
    }
}

/// Moves a file to its place: the one that was sent aside, `first`, or one that is sent now under a name of its own, which
/// begins with `staged`.
async fn take_place(store: &Inner, put: &Put, first: Option<&str>, staged: &str, pen: &Pen) -> Result<(), Failure> {
    let fresh = || async {
        let next = format!("{staged}.{}", random()?);
        place(store, put, &next, pen).await?;
        Ok(next)
    };
    let first = match first {
        Some(first) => first.to_owned(),
        None => fresh().await?,
    };
    store.rename(&first, &put.to, &put.wanted, fresh).await?;
    pen.note(&put.to, &put.wanted.sha256, None);
    Ok(())
}

async fn place(store: &Inner, put: &Put, to: &str, pen: &Pen) -> Result<(), Failure> {
    pen.begin(to);
    let tag = match &put.from {
        Some(from) => store.send(from, to, &put.wanted, &put.headers).await?,
        None => {
            store.copy(&put.kept, to, &put.wanted).await?;
            store.is_arrived(to, &put.wanted).await?;
            None
        }
    };
    pen.note(to, &put.wanted.sha256, tag.as_deref());
    Ok(())
}

fn headers(entry: &Entry) -> Headers {
    Headers {
        media: entry.media.clone(),
        cache: (!entry.cache.is_empty()).then(|| entry.cache.clone()),
        encoding: None,
    }
}

/// Transfers between one look at the claim and the next.
const AT_ONCE: usize = 300;

const LAST_TURN: u8 = 4;

/// Nobody is led to a file that is not there yet: files, documents, lists, the home page, the sitemap.
fn turn(entry: &Entry) -> u8 {
    match entry.kind {
        Kind::File | Kind::Asset => 0,
        _ if entry.path == "index.html" => 3,
        _ if entry.path.starts_with("sitemap") => 4,
        kind if kind.is_document() => 1,
        _ => 2,
    }
}

/// Tells how far a step has come.
pub(super) struct Counter<'p> {
    label: &'static str,
    total: usize,
    done: std::cell::Cell<usize>,
    progress: &'p dyn Fn(Step),
}

impl<'p> Counter<'p> {
    pub fn new(label: &'static str, total: usize, progress: &'p dyn Fn(Step)) -> Self {
        Self { label, total, done: std::cell::Cell::new(0), progress }
    }

    pub fn tick(&self, count: usize) {
        self.done.set(self.done.get() + count);
        (self.progress)(Step { label: self.label, done: self.done.get(), total: self.total });
    }
}
