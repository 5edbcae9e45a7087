//! Publishing: a site that was built → a release at a target, planned, guarded, verified, switched to, and taken back.
//!
//! In come a built `Site` and a target of `site.toml`; out goes what became of it. Nothing of a target that is live is
//! ever written to or removed: a release is made beside the others, read back, and then `current` is switched to it.
//!
//! | module | holds |
//! |---|---|
//! | `manifest` | what a site consists of: every file with size, SHA-256, type and source |
//! | `commit` | the commit that is checked out, read from git's own files |
//! | `hashes` | SHA-256 of many files, remembered between runs |
//! | `changes` | from the live manifest to the next: added, changed, withdrawn and why |
//! | `guards` | what stops a release |
//! | `folder` | the target on disk: its layout, its lock, releases that come and go |
//! | `chain` | `releases.jsonl`: who was live when, each line sealed by the next |
//! | `observe` | what the target is now, and what somebody else changed in it |
//! | `release` | making a release and switching to it |
//! | `purge` | earlier releases that hold what must not be left anywhere |
//!
//! **Killed at any moment**, the live site is the old release or the new one. A release counts once its manifest is
//! there; before the switch the line for the chain is put into `.gongkai-pending`; the next run sweeps the first and
//! completes the second.

pub mod chain;
mod changes;
mod commit;
mod folder;
mod guards;
mod hashes;
pub mod manifest;
mod observe;
mod purge;
mod release;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::emit;
use crate::pipeline::{self, Failure, Options, Site};

pub use changes::{Change, Gone, Plan};
pub use folder::Folder;
pub use guards::{Allowed, Stop};
pub use manifest::Manifest;
pub use observe::{Difference, State, Way};
pub use release::{Done, Published, Refusal, chain as chain_of, publish, recover, rollback};

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

/// A site that is ready to be published, compared with what is live.
pub struct Prepared {
    pub manifest: Manifest,
    /// The manifest as it will be kept.
    text: String,
    pub state: State,
    pub plan: Plan,
    /// Why it must not go on; empty: it may.
    pub stops: Vec<Stop>,
    /// Sources of which nothing may be left at the target.
    private: Arc<BTreeSet<String>>,
    /// What is remembered of the live files.
    memory: hashes::Memory,
    output: PathBuf,
    _hold: emit::Hold,
}

/// Compares a site that was just built with the target, which is locked (of a dry run: it may not exist yet).
pub fn prepare(
    options: &Options,
    (site, written): (&Site, &[emit::Planned]),
    folder: &Folder,
    allowed: &Allowed,
    dry_run: bool,
    waiting: &dyn Fn(),
) -> Result<Prepared, Failure> {
    let target = emit::Target::new(&options.root, &options.output).map_err(failure)?;
    let Some(hold) = pipeline::hold(options, written, waiting)? else {
        let reason = "生成之后它又被改动了（可能另一个 gongkai 也在生成）。请再运行一次";
        return Err(refused(target.output(), reason));
    };
    let paths: Vec<&str> = site.plan.pages.iter().map(|page| page.out.as_str()).collect();
    let digests = hashes::of_output(target.output(), &paths, target.state())?;
    let manifest = manifest::of(site, options.as_of, commit::commit(&options.root), digests);
    let text = manifest.text();
    let memory = hashes::Memory::load(target.state(), folder.root());
    // only who has the target to himself may leave a trace in it
    let memory = if dry_run { memory } else { memory.starting_now(&folder.probe())? };
    let state = observe::observe(folder, Share::ALL, &memory)?;
    let private = site.world.catalogue.private.clone();
    let purged = purge::holding(folder, &private)?;
    let plan = changes::plan(&manifest, &text, &state, site, purged);
    let stops = guards::guards(&manifest, &plan, &state, allowed);
    let output = target.output().to_owned();
    Ok(Prepared { manifest, text, state, plan, stops, private, memory, output, _hold: hold })
}

/// Removes the earlier releases that hold what was withdrawn for the sake of privacy; which they were. The folder is
/// locked, and what was prepared is live.
pub fn purge(prepared: &Prepared, folder: &Folder) -> Result<Vec<String>, Failure> {
    purge::purge(folder, &prepared.private)
}

/// Reads what is live and compares it with its manifest; nothing is believed because it was so before.
pub fn verify(folder: &Folder, share: Share) -> Result<State, Failure> {
    observe::observe(folder, share, &hashes::Memory::default())
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
