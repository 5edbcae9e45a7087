//! Stage 6: makes the output folder hold exactly the planned files. The only code that writes into it.
//!
//! In come the plan (every file with its fingerprint) and a function that renders one of them; out goes a folder in
//! which fresh files were left alone, stale ones replaced, vanished ones removed, and what gongkai did not make was
//! never touched. If a page cannot be rendered or the disk fails, the folder is as it was before.
//!
//! | module | holds |
//! |---|---|
//! | `target` | where to write; refuses folders that hold sources |
//! | `lock` | one writer at a time |
//! | `list` | `.gongkai-files`: what in the folder is ours |
//! | `ledger` | what was written from which fingerprint |
//! | `disk` | what lies in the folder now |
//! | `survey` | what is to be done, and what must be refused |
//! | `put` | one file to disk |
//! | `hold` | keeps an output as it is while it is published |
//! | `clean` | removes it all |
//!
//! **Killed at any moment, the next build repairs.** Before the first file is written, the list is extended by the new
//! names, so that whatever is found later is known to be ours. Only a finished build writes the ledger. A file that
//! the ledger knows is never written in place: it is written under a temporary name, with a time of change that
//! differs from the ledger's, and renamed. So a ledger entry that still fits its file tells the truth, everything else
//! is rendered again, and temporary names are swept up.

mod clean;
mod disk;
mod failure;
mod hold;
mod ledger;
mod list;
mod lock;
mod put;
mod survey;
mod target;

use std::borrow::Cow;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::diag::{self, Diagnostic};
use crate::model::{Hash128, OutPath};

pub use clean::clean;
pub use failure::{Failure, Flaw};
pub use hold::Hold;
pub use target::{STATE, Target};

use failure::at;
use ledger::Entry;
use lock::Lock;
use put::Outcome;
use survey::{Job, Place, Wanted, Work};

/// A file that the site will have.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Planned {
    pub out: OutPath,
    /// Equal to the ledger's: the file is what it should be.
    pub fingerprint: Hash128,
}

/// What a planned file will hold.
#[derive(Clone, Debug)]
pub enum Content {
    Bytes(Vec<u8>),
    /// A file that is copied as it is: an attachment, a static file.
    Copy(PathBuf),
}

/// What `write` did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    pub outputs: usize,
    pub written: usize,
    pub removed: usize,
}

/// Gives the content of the planned file at this place, or says why it cannot.
pub type Render<'a> = &'a (dyn Fn(usize) -> Result<Content, Vec<Diagnostic>> + Sync);

/// Makes the output folder hold exactly `planned`. `engine` names the program and its version: what another engine
/// wrote is rendered anew. `render` is called only for stale files, on several threads. `waiting` is called once if
/// another build is at work, before waiting for it; `lost` is told why more is rendered than there was need for, in Chinese.
pub fn write(
    target: &Target,
    engine: &str,
    planned: &[Planned],
    render: Render,
    waiting: &dyn Fn(),
    lost: &mut Option<&'static str>,
) -> Result<Summary, Failure> {
    target.create_state()?;
    let _lock = Lock::take(&target.lock(), waiting)?;
    let made = make_folders(target.output())?;
    let result = update(target, engine, planned, render, lost);
    if result.is_err() {
        // Only empty ones go; a failure must not leave more than there was.
        made.iter().rev().for_each(|folder| _ = fs::remove_dir(folder));
    }
    result
}

fn update(
    target: &Target,
    engine: &str,
    planned: &[Planned],
    render: Render,
    lost: &mut Option<&'static str>,
) -> Result<Summary, Failure> {
    let output = target.output();
    let wanted = Wanted::new(planned, output)?;
    let list_after = list::compose(wanted.paths());
    let list_before = list::read(output)?;
    let listed = match list_before.as_deref() {
        None => refuse_occupied(output).map(|()| Vec::new())?,
        Some(text) if text == list_after => wanted.paths().collect(),
        Some(text) => list::parse(text, output)?,
    };
    // Without the list nothing in the folder is ours, and the ledger speaks of files that are gone.
    let known = if list_before.is_some() { ledger::read(&target.ledger()) } else { Ok(None) };
    let ledger = ledger::usable(&known, engine).unwrap_or_else(|why| {
        *lost = Some(why);
        None
    });
    let work = survey::survey(output, planned, &wanted, &listed, ledger.as_ref())?;

    if ledger.is_none() {
        remove_if_there(&target.ledger())?;
    }
    work.leftovers.iter().try_for_each(|path| remove_if_there(path))?;
    let list_during: Option<Cow<str>> = match &list_before {
        Some(text) if *text == list_after => None,
        _ if listed.is_empty() => Some(Cow::Borrowed(&list_after)),
        _ => Some(union(&wanted, &listed).into()),
    };
    let staged = stage(output, &work, list_before.as_deref(), list_during.as_deref(), render)?;
    let removed = commit(output, &work, &staged)?;

    let list_now = list_during.as_deref().or(list_before.as_deref());
    if list_now != Some(&list_after) {
        list::write(output, &list_after)?;
    }
    let changed = !work.jobs.is_empty() || ledger.is_none_or(|ledger| ledger.entries().len() != planned.len());
    if changed {
        let stats = stats(&work, &staged);
        let entries = wanted
            .files
            .iter()
            .zip(stats)
            .map(|(&(path, index), stat)| (path, Entry { fingerprint: planned[index].fingerprint, stat }));
        list::replace(&target.ledger(), |out| ledger::write(engine, entries, out))?;
    }
    let written = staged.iter().filter(|outcome| !matches!(outcome, Outcome::Kept(_))).count();
    Ok(Summary { outputs: planned.len(), written, removed })
}

/// Renders every stale file and writes it under its first name. If anything fails, undoes all it did.
fn stage(
    output: &Path,
    work: &Work,
    list_before: Option<&str>,
    list_during: Option<&str>,
    render: Render,
) -> Result<Vec<Outcome>, Failure> {
    let prepare = || -> Result<(), Failure> {
        list_during.map_or(Ok(()), |text| list::write(output, text))?;
        work.folders.iter().try_for_each(|folder| make_folder(&output.join(folder)))
    };
    let results = match prepare() {
        Ok(()) => put_all(output, &work.jobs, render),
        Err(failure) => vec![Err(failure)],
    };
    let failed = results.iter().any(Result::is_err);
    if !failed {
        return Ok(results.into_iter().flatten().collect());
    }
    // The failure itself is what to tell; undoing goes as far as the disk lets it, the next build does the rest.
    for (job, result) in work.jobs.iter().zip(&results) {
        if matches!(result, Ok(Outcome::Created(_) | Outcome::Staged(_))) {
            let _ = fs::remove_file(job.first_path(output));
        }
    }
    work.folders.iter().rev().for_each(|folder| _ = fs::remove_dir(output.join(folder)));
    if list_during.is_some() {
        let _ = list_before.map_or_else(|| list::remove(output), |text| list::write(output, text));
    }
    Err(failure_of(results))
}

/// Files that a thread takes at once. They differ in size a hundredfold: with larger pieces one thread works alone at the end.
const PIECE: usize = 16;

/// After a failure of the disk no more files are rendered. After a page that cannot be rendered the others still are,
/// so that all findings are told at once, but no more are written.
fn put_all(output: &Path, jobs: &[Job], render: Render) -> Vec<Result<Outcome, Failure>> {
    let broken = AtomicBool::new(false);
    let flawed = AtomicBool::new(false);
    let one = |job: &Job| {
        if broken.load(Relaxed) {
            return Ok(Outcome::Skipped);
        }
        let content = render(job.index).map_err(|findings| {
            flawed.store(true, Relaxed);
            let of_job = |finding| Flaw { finding, files: vec![job.index] };
            Failure::Findings(findings.into_iter().map(of_job).collect())
        })?;
        if flawed.load(Relaxed) {
            return Ok(Outcome::Skipped);
        }
        put::put(output, job, &content).inspect_err(|_| broken.store(true, Relaxed))
    };
    jobs.par_iter().with_max_len(PIECE).map(one).collect()
}

/// The first failure of the disk, else all findings.
fn failure_of(results: Vec<Result<Outcome, Failure>>) -> Failure {
    let mut flaws: Vec<Flaw> = Vec::new();
    for failure in results.into_iter().filter_map(Result::err) {
        match failure {
            Failure::Findings(more) => flaws.extend(more),
            other => return other,
        }
    }
    flaws.sort_by(|a, b| diag::order(&a.finding, &b.finding));
    flaws.dedup_by(|later, first| {
        let is_same = later.finding == first.finding;
        if is_same {
            first.files.append(&mut later.files);
        }
        is_same
    });
    for flaw in &mut flaws {
        flaw.files.sort_unstable();
        flaw.files.dedup();
    }
    Failure::Findings(flaws)
}

/// Puts the staged files in their places and removes what is no longer planned; returns how many files went. What
/// fails here leaves a mixture that the next build sorts out: no ledger entry fits a file that was replaced.
fn commit(output: &Path, work: &Work, staged: &[Outcome]) -> Result<usize, Failure> {
    let rename = |job: &Job| {
        let to = output.join(job.path);
        fs::rename(job.first_path(output), &to).map_err(at(&to))
    };
    let is_staged = |(_, outcome): &(&Job, &Outcome)| matches!(outcome, Outcome::Staged(_));
    let jobs = work.jobs.iter().zip(staged).filter(is_staged).map(|(job, _)| job);
    let (now, late): (Vec<&Job>, Vec<&Job>) = jobs.partition(|job| job.place == Place::Beside);

    now.into_par_iter().try_for_each(rename)?;
    work.vanished.iter().try_for_each(|path| remove_if_there(&output.join(path)))?;
    work.old_folders.iter().try_for_each(|folder| remove_if_empty(&output.join(folder)))?;
    work.late_folders.iter().try_for_each(|folder| make_folder(&output.join(folder)))?;
    late.into_iter().try_for_each(rename)?;
    Ok(work.vanished.len())
}

/// How each sorted file looks on disk now.
fn stats(work: &Work, staged: &[Outcome]) -> Vec<disk::Stat> {
    let mut stats = work.fresh.clone();
    for (job, outcome) in work.jobs.iter().zip(staged) {
        stats[job.rank] = match outcome {
            Outcome::Kept(stat) | Outcome::Created(stat) | Outcome::Staged(stat) => Some(*stat),
            Outcome::Skipped => None,
        };
    }
    // Nothing is skipped when nothing failed; a time that no file has makes the next build look again.
    stats.into_iter().map(|stat| stat.unwrap_or(disk::Stat { size: 0, mtime: 0 })).collect()
}

/// The list while files are being written: what is ours, and what will be.
fn union(wanted: &Wanted, listed: &[&str]) -> String {
    let mut paths: Vec<&str> = listed.iter().copied().chain(wanted.paths()).collect();
    // Two sorted runs, which this sort merges.
    paths.sort();
    paths.dedup();
    list::compose(paths.into_iter())
}

/// A folder without a list holds only what others put there, if it holds anything.
fn refuse_occupied(output: &Path) -> Result<(), Failure> {
    let Some(name) = stranger(output)? else { return Ok(()) };
    let reason = format!(
        "输出目录里已经有不是 gongkai 生成的文件（例如 {name}），为免误删，没有写入。请用 -o 另选一个空目录，或自己清空它"
    );
    Err(Failure::refused(output, reason))
}

/// Something in a folder without a list that no build left there, if there is anything.
fn stranger(output: &Path) -> Result<Option<String>, Failure> {
    for entry in fs::read_dir(output).map_err(at(output))? {
        let name = entry.map_err(at(output))?.file_name();
        if !name.to_str().is_some_and(list::is_temporary) {
            return Ok(Some(name.to_string_lossy().into_owned()));
        }
    }
    Ok(None)
}

/// Makes the folder and those above it that are missing; returns what it made, parents first.
fn make_folders(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let missing: Vec<&Path> = folder.ancestors().take_while(|folder| fs::symlink_metadata(folder).is_err()).collect();
    let made = missing.iter().rev().try_for_each(|folder| make_folder(folder));
    match made {
        Ok(()) if folder.is_dir() => Ok(missing.into_iter().rev().map(Path::to_path_buf).collect()),
        Ok(()) => Err(Failure::refused(folder, "输出目录的位置上是一个文件。请把它移走，或另选输出目录")),
        Err(failure) => {
            missing.iter().for_each(|folder| _ = fs::remove_dir(folder));
            Err(failure)
        }
    }
}

fn make_folder(folder: &Path) -> Result<(), Failure> {
    fs::create_dir(folder).map_err(at(folder))
}

fn remove_if_there(path: &Path) -> Result<(), Failure> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(at(path)(error)),
        _ => Ok(()),
    }
}

/// A folder in which others keep files stays.
fn remove_if_empty(folder: &Path) -> Result<(), Failure> {
    match fs::remove_dir(folder) {
        Err(error) if !matches!(error.kind(), io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::NotFound) => {
            Err(at(folder)(error))
        }
        _ => Ok(()),
    }
}
