//! Publishing: a site that was built → a release at a target, planned, guarded, verified, switched to, and taken back.
//!
//! In come a built `Site` and a target of `site.toml`; out goes what became of it. Nothing of a target that is live is
//! ever written to or removed: a release is made beside the others, read back, and then `current` is switched to it.
//!
//! | module | holds |
//! |---|---|
//! | `manifest` | what a site consists of: every file with size, SHA-256, type and source |
//! | `commit` | the commit that is checked out, whether files were changed since, and which of two is the older |
//! | `git` | the `git` program, run in a fixed way |
//! | `host` | what is made for whoever serves the site: cache, types, rules, copies |
//! | `files` | where the bytes of a release lie before it is published |
//! | `hashes` | SHA-256 of many files, remembered between runs |
//! | `changes` | from the live manifest to the next: added, changed, withdrawn and why |
//! | `guards` | what stops a release |
//! | `disk` | files that are written whole, or not at all |
//! | `folder` | the target on disk: its layout, its lock, releases that come and go |
//! | `chain` | `releases.jsonl`: who was live when, each line sealed by the next |
//! | `observe` | what the target is now, and what somebody else changed in it |
//! | `release` | making a release in a folder and switching to it |
//! | `branch` | a branch of a git repository as a target |
//! | `bundle` | a release on a disk, for hosts that no network reaches |
//! | `remote` | services on the network as targets |
//! | `cleared` | what was withdrawn for privacy, so that a target is cleared of it once and for all |
//! | `target` | what all targets do, under one name |
//!
//! **Killed at any moment**, the live site is the old release or the new one. A release counts once its manifest is
//! there; before the switch the line for the chain is put into `.gongkai-pending`; the next run sweeps the first and
//! completes the second.

mod branch;
#[cfg(feature = "publish")]
mod bundle;
pub mod chain;
mod changes;
mod cleared;
mod commit;
mod disk;
mod files;
mod folder;
mod git;
mod guards;
mod hashes;
mod host;
pub mod manifest;
mod observe;
mod release;
#[cfg(feature = "publish")]
mod remote;
mod target;

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::config;
use crate::emit;
use crate::pipeline::{self, Failure, Options, Site};

#[cfg(feature = "publish")]
pub use bundle::{Bundle, unpack};
pub use changes::{Change, Gone, Plan};
pub use files::Files;
pub use guards::{Allowed, Stop, listing};
pub use manifest::Manifest;
pub use observe::{Difference, State, Way};
pub use release::{Done, Published, Refusal};
pub use target::{Lock, Target};

use cleared::{Clearing, News};

/// How much of the live files is read; all of them are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    pub percent: u8,
    /// Another seed, another choice.
    pub seed: u64,
}

impl Share {
    pub const ALL: Self = Self { percent: 100, seed: 0 };
}

/// How far a piece of work has come, for who waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// In Chinese.
    pub label: &'static str,
    pub done: usize,
    pub total: usize,
}

/// Counts what many do at once.
struct Ticks<'a> {
    label: &'static str,
    total: usize,
    done: AtomicUsize,
    progress: &'a (dyn Fn(Step) + Sync),
}

impl<'a> Ticks<'a> {
    fn new(label: &'static str, total: usize, progress: &'a (dyn Fn(Step) + Sync)) -> Self {
        Self { label, total, done: AtomicUsize::new(0), progress }
    }

    /// One more is nearly done: that all are, nobody says while others may still speak.
    fn tick(&self) {
        self.tell(self.done.fetch_add(1, Relaxed));
    }

    fn end(&self) {
        self.tell(self.total);
    }

    fn tell(&self, done: usize) {
        (self.progress)(Step { label: self.label, done, total: self.total });
    }
}

/// Whoever waits for the work to be done.
pub struct Ears<'a> {
    /// Hears that somebody else is at work first.
    pub waiting: &'a dyn Fn(),
    pub progress: &'a (dyn Fn(Step) + Sync),
}

/// What a target has to know of itself, beyond its `State`.
enum At {
    /// What is remembered of the live files.
    Folder(hashes::Memory),
    Branch(Box<branch::Seen>),
    #[cfg(feature = "publish")]
    Remote(Box<remote::Seen>),
    #[cfg(feature = "publish")]
    Bundle,
}

/// A site that is ready to be published, compared with what is live.
pub struct Prepared {
    pub manifest: Manifest,
    /// The manifest as it will be kept.
    text: String,
    pub state: State,
    pub plan: Plan,
    /// Why it must not go on; empty: it may.
    pub stops: Vec<Stop>,
    /// What is to be known and stops nothing, in Chinese.
    pub notes: Vec<String>,
    /// Where the bytes of the manifest's files lie.
    pub files: Files,
    clearing: Clearing,
    at: At,
    _hold: Option<emit::Hold>,
}

impl Prepared {
    /// Every earlier release goes, because something was withdrawn for the sake of privacy, or somebody asks for it.
    pub fn clears(&self) -> bool {
        self.clearing.is_due
    }

    /// They go because somebody asks for it.
    pub fn is_asked_to_clear(&self) -> bool {
        self.clearing.is_asked
    }

    /// Nobody else changed anything at the target.
    fn is_sound(&self) -> bool {
        self.state.differences.is_empty() && self.state.faults.is_empty()
    }

    /// Nothing would be another after a release, and nothing has to be accepted, or dated back.
    fn is_live(&self) -> bool {
        let is_dated_back = self.state.live.as_ref().is_some_and(|live| self.manifest.as_of < live.manifest.as_of);
        let has_faults = self.state.chain.open_faults().next().is_some();
        // the manifest of what is live names sources, too
        let keeps_names = self.clears() && !self.plan.is_same_manifest(&self.state);
        let is_same = self.plan.is_empty() && !self.is_now_committed();
        is_same && self.is_sound() && !has_faults && !is_dated_back && !keeps_names
    }

    /// What is live was made of changes that nobody had committed, and now it is made of a commit alone: from now on others
    /// can follow it.
    fn is_now_committed(&self) -> bool {
        let is_committed = !self.manifest.dirty && !self.manifest.commit.is_empty();
        is_committed && self.state.live.as_ref().is_some_and(|live| live.manifest.dirty)
    }
}

/// Compares a site that was just built with the target, which is locked (of a dry run: it may not exist yet).
pub fn prepare(
    options: &Options,
    (site, written): (&Site, &[emit::Planned]),
    (config, to): (&config::Publish, &Target),
    allowed: &Allowed,
    dry_run: bool,
    ears: &Ears,
) -> Result<Prepared, Failure> {
    let target = emit::Target::new(&options.root, &options.output).map_err(failure)?;
    let Some(hold) = pipeline::hold(options, written, ears.waiting)? else {
        let reason = "生成之后它又被改动了（可能另一个 gongkai 也在生成）。请再运行一次";
        return Err(refused(target.output(), reason));
    };
    let commit = commit::commit(&options.root);
    let status = commit::Status::begin(&options.root, &options.config, &commit);
    let paths: Vec<&str> = site.plan.pages.iter().map(|page| page.out.as_str()).collect();
    let digests = hashes::of_output(target.output(), &paths, target.state())?;
    let changed = status.end();
    let manifest = manifest::of(site, options.as_of, (commit, &changed), digests);
    let host::Dressed { manifest, files, notes: of_host, stops } =
        host::dress(config, site, manifest, &target, ears.progress)?;
    let text = manifest.text();
    // only who has the target to himself may leave a trace in it
    let (state, at) = to.observe(target.state(), !dry_run, allowed.changes)?;
    let private = cleared::names(&*site.world.catalogue.private);
    let has = |earlier: &&String| commit::has(&options.root, &manifest.commit, earlier);
    let commits = state.cleared.commits(&private).into_iter().filter(has).cloned().collect();
    let news = News { private, commits, clears: allowed.clears, ..News::default() };
    let clearing = Clearing::of(&state.cleared, state.has_releases(), news, &manifest);
    let is_dated_back = state.live.as_ref().is_some_and(|live| manifest.as_of < live.manifest.as_of);
    let facts = changes::Facts::of(&site.world.catalogue, is_dated_back);
    let plan = changes::plan(&manifest, &text, &state, &facts, clearing.is_due);
    let live = state.live_commit();
    let lineage = commit::lineage(&options.root, &manifest.commit, live);
    let guards = guards::guards(&manifest, &plan, (&state, &clearing), lineage, allowed);
    let stops: Vec<Stop> = stops.into_iter().chain(guards).collect();
    let staying = guards::staying(&manifest, &state, allowed);
    let of_target = state.notes.iter().cloned();
    let taken_back = guards::taken_back(&manifest, &plan, &state, &stops);
    let of_commit = guards::notes(&changed, lineage, live).into_iter().chain(taken_back);
    let of_commit = of_commit.chain(guards::public_again(&clearing, &stops));
    let notes = of_commit.chain(of_host).chain(of_target).chain(staying).collect();
    Ok(Prepared { manifest, text, state, plan, stops, notes, files, clearing, at, _hold: Some(hold) })
}

/// Compares what a bundle holds with the target, which is locked unless this is a dry run.
#[cfg(feature = "publish")]
pub fn receive(
    bundle: bundle::Unpacked,
    to: &Target,
    state_folder: &Path,
    allowed: &Allowed,
    dry_run: bool,
) -> Result<Prepared, Failure> {
    let (state, at) = to.observe(state_folder, !dry_run, allowed.changes)?;
    let replayed = guards::replayed(&bundle.manifest_hash(), bundle.news.bundle.as_ref(), &state);
    let news = News { clears: allowed.clears, ..bundle.news.clone() };
    let clearing = Clearing::of(&state.cleared, state.has_releases(), news, &bundle.manifest);
    let plan = changes::plan(&bundle.manifest, &bundle.text, &state, &bundle.words, clearing.is_due);
    let missing = guards::base(bundle.missing(&state), &bundle.base, &state);
    let guards = guards::guards(&bundle.manifest, &plan, (&state, &clearing), commit::Lineage::Unknown, allowed);
    let replayed = replayed.filter(|_| !allowed.earlier);
    let stops: Vec<Stop> = missing.into_iter().chain(replayed).chain(guards).collect();
    let (manifest, text, files) = (bundle.manifest, bundle.text, bundle.files);
    let notes = state.notes.iter().cloned().chain(guards::public_again(&clearing, &stops)).collect();
    Ok(Prepared { manifest, text, state, plan, stops, notes, files, clearing, at, _hold: None })
}

fn failure(failure: emit::Failure) -> Failure {
    match failure {
        emit::Failure::Io { path, error } => Failure::Io { path, error },
        emit::Failure::Refused { path, reason } => Failure::Refused { path, reason },
        emit::Failure::Findings(_) => unreachable!("no page is rendered here"),
    }
}

/// Says of an IO error which path it is about.
fn at(path: &Path) -> impl FnOnce(io::Error) -> Failure + use<'_> {
    move |error| Failure::Io { path: path.to_path_buf(), error }
}

fn refused(path: &Path, reason: impl Into<String>) -> Failure {
    Failure::Refused { path: path.to_path_buf(), reason: reason.into() }
}
