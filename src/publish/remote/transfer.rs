//! Making a release live: sent, found to be whole, put in its place, found to be there, noted; and only then what is
//! withdrawn goes. A failure anywhere before the note leaves the release begun: the next run goes on where it stopped.

use std::collections::{BTreeSet, HashSet};
use std::path::PathBuf;

use super::claim::Claim;
use super::half::Names;
use super::journal::Pen;
use super::look::{BEGUN, Record, SEAL, Seen, is_hidden};
use super::wire::{Headers, Inner};
use super::{Lock, Remote};
use crate::model::Hash128;
use crate::pipeline::Failure;
use crate::publish::chain::{Chain, Line};
use crate::publish::files::Files;
use crate::publish::manifest::{Entry, Kind, Manifest};
use crate::publish::{Step, refused};
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
    /// Sources of which nothing must be kept.
    pub private: &'a BTreeSet<String>,
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
struct Put {
    /// On this machine; `None`: bytes that are kept at the target.
    from: Option<PathBuf>,
    kept: String,
    /// From the service's top.
    to: String,
    staged: String,
    wanted: Digest,
    headers: Headers,
    /// Of one turn all are there before the first of the next.
    turn: u8,
}

impl Transfer<'_> {
    pub fn carry_out(&self) -> Result<Transferred, Failure> {
        let id = &self.line.release;
        if self.files.is_some() && !self.seen.begun.iter().any(|(begun, _)| begun == id) {
            // whatever is found half-done from now on, it is known whose work it is
            self.remote.put(&format!("manifests/{id}.json"), self.text)?;
        }
        if self.files.is_none() {
            self.remote.put(BEGUN, id)?;
        }
        let todo: Vec<&Entry> = self.next.files.iter().filter(|entry| self.is_to_do(entry)).collect();
        let (changed, added): (Vec<&Entry>, Vec<&Entry>) =
            todo.into_iter().partition(|entry| self.live.is_some_and(|live| live.entry(&entry.path).is_some()));
        let (changed, added) = (self.puts(&changed), self.puts(&added));
        let gone = self.gone();
        let pen = self.remote.pen()?;
        self.make_folders(&changed, &added)?;
        let kept = self.keep(&changed, &gone)?;
        self.in_turns("上传新增的文件", &added, |put| self.send(put, &pen))?;
        self.stage(&changed, &pen)?;
        self.claim().stands()?;
        self.in_turns("切换改动的文件", &changed, |put| self.switch(put, &pen))?;
        let record = self.check(&gone)?;
        self.claim().stands()?;
        self.remote.write_record(&record)?;
        self.write_chain()?;
        self.remote.journal().close();
        let written = added.len() + changed.len();
        Ok(match self.clear(&changed, &gone, kept) {
            Ok(removed) => Transferred { written, removed, late: None },
            Err(failure) => Transferred { written, removed: Vec::new(), late: Some(failure) },
        })
    }

    /// Appends the line; from here on the release is live. What the last line may be is noted before and after.
    fn write_chain(&self) -> Result<(), Failure> {
        let text = self.chain.with(self.line);
        let seal = Chain::of(text.clone()).seal();
        self.remote.put(SEAL, &format!("{}\n{seal}\n", self.chain.seal()))?;
        self.remote.put("releases.jsonl", &text)?;
        self.remote.put(SEAL, &format!("{seal}\n"))
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
            staged: format!("{}-{}", entry.sha256, &Hash128::of(&entry.path).to_string()[..8]),
            wanted: Digest { size: entry.size, sha256: entry.sha256.clone() },
            headers: headers(entry),
            turn: turn(entry),
        });
        puts.collect()
    }

    fn make_folders(&self, changed: &[Put], added: &[Put]) -> Result<(), Failure> {
        let there: Vec<String> = self.seen.files.keys().map(|path| self.remote.live(path)).collect();
        let known: HashSet<&str> = there.iter().filter_map(|path| Some(path.rsplit_once('/')?.0)).collect();
        let own =
            if changed.is_empty() { Vec::new() } else { vec![self.remote.own("staged/x"), self.remote.own("kept/x")] };
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

    /// Keeps the bytes that go, so that there is a way back. Returns the SHA-256 of all that is kept.
    fn keep(&self, changed: &[Put], gone: &[String]) -> Result<HashSet<String>, Failure> {
        let mut kept: HashSet<String> = self.seen.kept.keys().cloned().collect();
        let Some(live) = self.live.filter(|_| self.remote.keep > 1) else { return Ok(kept) };
        let paths: HashSet<&str> =
            changed.iter().map(|put| put.to.as_str()).chain(gone.iter().map(String::as_str)).collect();
        let mut met = HashSet::new();
        let going = live.files.iter().filter(|entry| {
            let goes = paths.contains(entry.path.as_str()) || paths.contains(self.remote.live(&entry.path).as_str());
            let is_there = self.seen.holds.get(&entry.path) == Some(&entry.sha256);
            let is_kept = self.seen.kept.get(&entry.sha256) == Some(&entry.size);
            goes && is_there && !is_kept && !entry.holds(self.private) && met.insert(&entry.sha256)
        });
        let going: Vec<&Entry> = going.collect();
        kept.extend(going.iter().map(|entry| entry.sha256.clone()));
        let copies = going.iter().map(|entry| {
            let wanted = Digest { size: entry.size, sha256: entry.sha256.clone() };
            (self.remote.live(&entry.path), self.remote.own(&format!("kept/{}", entry.sha256)), wanted)
        });
        let copies: Vec<(String, String, Digest)> = copies.collect();
        let step = Counter::new("保留原来的文件", copies.len(), self.progress);
        let copy = |store: std::sync::Arc<Inner>, (from, to, wanted): (String, String, Digest)| async move {
            store.copy(&from, &to, &wanted).await
        };
        self.remote.store.each(copies, copy, &|()| step.tick(1))?;
        Ok(kept)
    }

    fn in_turns(&self, label: &'static str, puts: &[Put], one: impl Fn(Vec<Put>) -> Work) -> Result<(), Failure> {
        let step = Counter::new(label, puts.len(), self.progress);
        for turn in 0..=LAST_TURN {
            let of_turn: Vec<Put> = puts.iter().filter(|put| put.turn == turn).cloned().collect();
            if of_turn.is_empty() {
                continue;
            }
            one(of_turn)(self.remote, &|| step.tick(1))?;
        }
        Ok(())
    }

    /// Sends files to where they are read.
    fn send(&self, puts: Vec<Put>, pen: &Pen) -> Work {
        let pen = pen.clone();
        Box::new(move |remote, tick| {
            let put = move |store: std::sync::Arc<Inner>, put: Put| {
                let pen = pen.clone();
                async move { place(&store, &put, &put.to, &pen).await }
            };
            remote.store.each(puts, put, &|()| tick()).map(drop)
        })
    }

    /// Sends changed files aside; none of them is read there. Where the server neither copies nor moves, they are sent
    /// when their turn comes.
    fn stage(&self, changed: &[Put], pen: &Pen) -> Result<(), Failure> {
        let journal = self.remote.journal();
        let is_staged = |put: &&Put| {
            let path = self.remote.own(&format!("staged/{}", put.staged));
            self.seen.staged.contains(&put.staged) && journal.sha256(&path) == Some(put.wanted.sha256.as_str())
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
        let send = |store: std::sync::Arc<Inner>, (put, to): (Put, String)| {
            let pen = pen.clone();
            async move { place(&store, &put, &to, &pen).await }
        };
        self.remote.store.each(puts, send, &|()| step.tick(1)).map(drop)
    }

    fn stages(&self) -> bool {
        let talents = self.remote.store.talents();
        talents.renames || talents.is_object_store && talents.copies
    }

    /// Puts changed files into their places.
    fn switch(&self, puts: Vec<Put>, pen: &Pen) -> Work {
        if !self.stages() {
            return self.send(puts, pen);
        }
        let pen = pen.clone();
        Box::new(move |remote, tick| {
            let staged = remote.own("staged");
            let one = move |store: std::sync::Arc<Inner>, put: Put| {
                let (pen, staged) = (pen.clone(), format!("{staged}/{}", put.staged));
                async move {
                    match (store.talents.is_object_store, put.from.is_some()) {
                        (true, true) => store.copy(&staged, &put.to, &put.wanted).await?,
                        (true, false) => store.copy(&put.kept, &put.to, &put.wanted).await?,
                        (false, _) => store.rename(&staged, &put.to).await?,
                    }
                    pen.note(&put.to, &put.wanted.sha256);
                    Ok(())
                }
            };
            remote.store.each(puts, one, &|()| tick()).map(drop)
        })
    }

    /// Whether every file of the release is there, as the server lists it; what it lists is noted.
    fn check(&self, gone: &[String]) -> Result<Record, Failure> {
        let listed = self.remote.store.list(&self.remote.site)?;
        let listed: std::collections::HashMap<String, _> = listed.into_iter().collect();
        let release = self.line.release.clone();
        let mut record = Record { release, undone: gone.to_vec(), ..Record::default() };
        for entry in &self.next.files {
            match listed.get(&self.remote.live(&entry.path)) {
                Some(there) if there.size == entry.size => {
                    record.live.push((entry.path.clone(), there.size, there.stamp.clone()));
                }
                None if self.remote.sends_under_other_names && is_hidden(&entry.path) => {
                    let wanted = Digest { size: entry.size, sha256: entry.sha256.clone() };
                    let store = &self.remote.store;
                    store.run(store.inner().is_arrived(&self.remote.live(&entry.path), &wanted))?;
                }
                other => {
                    let what = if other.is_some() { "大小不对" } else { "不见了" };
                    let reason = format!("传完以后核对，{what}。没有完成发布，请再运行一次");
                    return Err(refused(&PathBuf::from(format!("{}/{}", self.remote.place(), entry.path)), reason));
                }
            }
        }
        record.others = self
            .seen
            .strangers
            .iter()
            .filter(|path| self.next.entry(path).is_none())
            .filter_map(|path| Some((path.clone(), self.seen.files.get(path)?)))
            .map(|(path, listed)| (path, listed.size, listed.stamp.clone()))
            .collect();
        Ok(record)
    }

    /// What comes after: withdrawn files, staged ones, and releases that are too old. Returns which releases went.
    fn clear(&self, changed: &[Put], gone: &[String], kept: HashSet<String>) -> Result<Vec<String>, Failure> {
        let step = Counter::new("删除撤下的文件", gone.len(), self.progress);
        let gone = gone.iter().map(|path| self.remote.live(path)).collect();
        self.remote.store.delete(vec![self.remote.own(BEGUN)], &|_| ())?;
        self.remote.store.delete(gone, &|count| step.tick(count))?;
        // what was moved into its place is no longer there
        let is_left = |_: &&Put| self.remote.store.talents().is_object_store && self.files.is_some();
        let staged = changed.iter().filter(is_left).map(|put| &put.staged).chain(&self.seen.staged);
        let staged: HashSet<String> = staged.map(|name| self.remote.own(&format!("staged/{name}"))).collect();
        self.remote.store.delete(staged.into_iter().chain(self.seen.scraps.iter().cloned()).collect(), &|_| ())?;
        self.sweep_halves()?;
        self.prune(kept)
    }

    /// What this run itself left half-sent before a further try went well.
    fn sweep_halves(&self) -> Result<(), Failure> {
        let store = &self.remote.store;
        if !self.remote.sends_under_other_names || !store.inner().has_stumbled() {
            return Ok(());
        }
        let names = Names::of(self.live.into_iter().chain([self.next]));
        let listed = self.remote.listed()?.files.into_keys().filter(|path| names.is_half_sent(path));
        store.delete(listed.map(|path| self.remote.live(&path)).collect(), &|_| ())
    }

    fn prune(&self, kept: HashSet<String>) -> Result<Vec<String>, Failure> {
        let live = &self.line.release;
        let mut named: Vec<&String> = self.chain.lines.iter().map(|line| &line.release).collect();
        named.retain(|id| self.seen.manifests.contains(id) && *id != live);
        named.sort();
        named.dedup();
        let stay: Vec<String> = named.iter().rev().take(self.remote.keep - 1).map(|id| (*id).clone()).collect();
        let unfinished = self.seen.begun.iter().map(|(id, _)| id).filter(|id| *id != live);
        let removed: Vec<String> = named.into_iter().filter(|id| !stay.contains(id)).cloned().collect();
        let manifests = removed.iter().chain(unfinished).map(|id| self.remote.own(&format!("manifests/{id}.json")));
        self.remote.store.delete(manifests.collect(), &|_| ())?;
        self.remote.forget(&kept, &stay)?;
        Ok(removed)
    }
}

/// Transfers of one turn, not begun yet.
type Work = Box<dyn FnOnce(&Remote, &dyn Fn()) -> Result<(), Failure>>;

async fn place(store: &Inner, put: &Put, to: &str, pen: &Pen) -> Result<(), Failure> {
    match &put.from {
        Some(from) => store.send(from, to, &put.wanted, &put.headers).await?,
        None => {
            store.copy(&put.kept, to, &put.wanted).await?;
            store.is_arrived(to, &put.wanted).await?;
        }
    }
    pen.note(to, &put.wanted.sha256);
    Ok(())
}

fn headers(entry: &Entry) -> Headers {
    Headers {
        media: entry.media.clone(),
        cache: (!entry.cache.is_empty()).then(|| entry.cache.clone()),
        encoding: None,
    }
}

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
struct Counter<'p> {
    label: &'static str,
    total: usize,
    done: std::cell::Cell<usize>,
    progress: &'p dyn Fn(Step),
}

impl<'p> Counter<'p> {
    fn new(label: &'static str, total: usize, progress: &'p dyn Fn(Step)) -> Self {
        Self { label, total, done: std::cell::Cell::new(0), progress }
    }

    fn tick(&self, count: usize) {
        self.done.set(self.done.get() + count);
        (self.progress)(Step { label: self.label, done: self.done.get(), total: self.total });
    }
}
