//! Compares the plan with the ledger, the list and the disk, and decides what is to be done. Refuses whatever would
//! touch something that gongkai did not make, before anything is written.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use super::Planned;
use super::disk::{self, Disk, Kind, Stat, parent, seek};
use super::failure::Failure;
use super::ledger::Ledger;
use super::list;
use crate::model::Hash128;

/// How many names a refusal gives as examples.
const NAMED: usize = 5;

/// The planned files by path: (path, place in the plan), ascending.
pub struct Wanted<'a> {
    pub files: Vec<(&'a str, usize)>,
    pub folders: BTreeSet<&'a str>,
}

/// A file that must be rendered.
pub struct Job<'a> {
    pub path: &'a str,
    /// Its place in the plan.
    pub index: usize,
    /// Its place among the sorted files.
    pub rank: usize,
    /// The file that lies there now: it stays if its bytes are right.
    pub present: Option<Stat>,
    /// The time of change that the ledger knows; the new file must have another one, so that a ledger which outlives
    /// a killed build never takes the new file for the old.
    pub avoid: Option<u64>,
    pub place: Place,
}

/// Where a rendered file is written first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// To its final name: no file has that name, and the ledger knows of none.
    Direct,
    /// Beside its final place, under a temporary name.
    Beside,
    /// A file of ours must become a folder first, or a folder a file: into the nearest folder that stays, which is
    /// the first so many bytes of the path.
    Aside(usize),
}

/// All that is to be done.
pub struct Work<'a> {
    /// What is known of each sorted file that is fresh; `None` for a job's.
    pub fresh: Vec<Option<Stat>>,
    pub jobs: Vec<Job<'a>>,
    /// Files of ours that are no longer planned, and are still there.
    pub vanished: Vec<&'a str>,
    /// What an interrupted build left behind.
    pub leftovers: Vec<PathBuf>,
    /// Folders to make before rendering, parents first.
    pub folders: Vec<&'a str>,
    /// Folders to make after a file of ours has made way for them, parents first.
    pub late_folders: Vec<&'a str>,
    /// Folders that held something of ours and will not any more, children first.
    pub old_folders: Vec<&'a str>,
}

impl<'a> Wanted<'a> {
    pub fn new(planned: &'a [Planned], output: &Path) -> Result<Self, Failure> {
        let mut files: Vec<_> = planned.iter().enumerate().map(|(index, file)| (file.out.as_str(), index)).collect();
        files.sort_unstable();
        let folders = disk::folders(files.iter().map(|(path, _)| *path));
        let twice = files.windows(2).find(|pair| pair[0].0 == pair[1].0).map(|pair| pair[0].0);
        let both = folders.iter().find(|folder| files.binary_search_by(|(path, _)| path.cmp(folder)).is_ok());
        let taken = |path: &&str| *path == list::NAME || list::is_temporary(name(path));
        let taken = files.iter().map(|(path, _)| *path).find(taken);
        match (twice.or(both.copied()), taken) {
            (Some(path), _) => {
                Err(Failure::refused(output.join(path), "有两个产出要用这个路径。请修改其中一个的网址名"))
            }
            (_, Some(path)) => Err(Failure::refused(output.join(path), "这个名称留给 gongkai 自己用。请换一个文件名")),
            _ => Ok(Self { files, folders }),
        }
    }

    pub fn paths(&self) -> impl ExactSizeIterator<Item = &'a str> {
        self.files.iter().map(|(path, _)| *path)
    }

    fn contains(&self, path: &str) -> bool {
        self.files.binary_search_by(|(own, _)| (*own).cmp(path)).is_ok()
    }
}

/// `listed` are the sorted paths that are ours on disk.
pub fn survey<'a>(
    output: &Path,
    planned: &[Planned],
    wanted: &Wanted<'a>,
    listed: &[&'a str],
    ledger: Option<&Ledger>,
) -> Result<Work<'a>, Failure> {
    let listed_folders = disk::folders(listed.iter().copied());
    let folders = wanted.folders.union(&listed_folders).copied().collect();
    let disk = Disk::look(output, &folders)?;
    let ours = Ours { output, disk: &disk, listed, listed_folders: &listed_folders };

    let missing = ours.missing_folders(&wanted.folders)?;
    let mut known = ledger.map_or(&[][..], Ledger::entries);
    let mut own = listed;
    let mut there = disk.walk();
    let mut foreign = Vec::new();
    let mut fresh = Vec::with_capacity(wanted.files.len());
    let mut jobs = Vec::new();
    for (rank, &(path, index)) in wanted.files.iter().enumerate() {
        let entry = seek(&mut known, |(known, _)| known, path).map(|(_, entry)| *entry);
        let is_own = seek(&mut own, |own| own, path).is_some();
        let mut job =
            Job { path, index, rank, present: None, avoid: entry.map(|e| e.stat.mtime), place: Place::Beside };
        match there.seek(path) {
            Some(Kind::File(stat)) if is_own => {
                if entry.is_some_and(|e| e.fingerprint == planned[index].fingerprint && e.stat == stat) {
                    fresh.push(Some(stat));
                    continue;
                }
                job.present = Some(stat);
            }
            Some(Kind::Folder) if ours.folder_is_ours(path) => job.place = Place::Aside(parent(path).len()),
            Some(_) => foreign.push(path),
            None if missing.late.contains(parent(path)) => job.place = Place::Aside(ours.nearest(path).len()),
            None if entry.is_none() => job.place = Place::Direct,
            None => {}
        }
        fresh.push(None);
        jobs.push(job);
    }
    refuse_foreign(output, &foreign)?;

    let gone = |path: &&&str| !wanted.contains(path) && matches!(disk.get(path), Some(Kind::File(_)));
    let vanished = listed.iter().filter(gone).copied().collect();
    let is_left =
        |(_, entry): &(&str, &disk::Entry)| matches!(entry.kind, Kind::File(_)) && list::is_temporary(&entry.name);
    let leftovers = disk.all().filter(is_left).map(|(folder, entry)| output.join(folder).join(&*entry.name)).collect();
    let is_old = |folder: &&&str| !wanted.folders.contains(*folder) && disk.entries(folder).is_some();
    let old_folders = listed_folders.iter().rev().filter(is_old).copied().collect();
    let late_folders = wanted.folders.iter().copied().filter(|folder| missing.late.contains(folder)).collect();
    Ok(Work { fresh, jobs, vanished, leftovers, folders: missing.now, late_folders, old_folders })
}

/// Tells what is ours among what lies on disk.
struct Ours<'s, 'a> {
    output: &'s Path,
    disk: &'s Disk<'a>,
    listed: &'s [&'a str],
    listed_folders: &'s BTreeSet<&'a str>,
}

struct Missing<'a> {
    /// Can be made at once, parents first.
    now: Vec<&'a str>,
    /// A file of ours is in the way.
    late: HashSet<&'a str>,
}

impl Ours<'_, '_> {
    fn missing_folders<'p>(&self, wanted: &BTreeSet<&'p str>) -> Result<Missing<'p>, Failure> {
        let mut missing = Missing { now: Vec::new(), late: HashSet::new() };
        for &folder in wanted.iter().filter(|folder| self.disk.entries(folder).is_none()) {
            match self.disk.get(folder) {
                None if missing.late.contains(parent(folder)) => _ = missing.late.insert(folder),
                None => missing.now.push(folder),
                Some(Kind::File(_)) if self.is_listed(folder) => _ = missing.late.insert(folder),
                Some(_) => {
                    let reason =
                        "这里要放文件夹，但有一个不是 gongkai 生成的文件或链接占着。请把它移走，或改栏目的文件夹名";
                    return Err(Failure::refused(self.output.join(folder), reason));
                }
            }
        }
        Ok(missing)
    }

    /// Whether nothing but files of ours lies below, so that removing these makes the folder go.
    fn folder_is_ours(&self, folder: &str) -> bool {
        let is_ours = |entry: &disk::Entry| {
            let path = format!("{folder}/{}", entry.name);
            match entry.kind {
                Kind::File(_) => self.is_listed(&path) || list::is_temporary(&entry.name),
                Kind::Folder => self.folder_is_ours(&path),
                Kind::Other => false,
            }
        };
        self.listed_folders.contains(folder) && self.disk.entries(folder).is_some_and(|all| all.iter().all(is_ours))
    }

    fn is_listed(&self, path: &str) -> bool {
        self.listed.binary_search(&path).is_ok()
    }

    /// The nearest folder above that is there.
    fn nearest<'p>(&self, path: &'p str) -> &'p str {
        let folder = parent(path);
        if self.disk.entries(folder).is_some() { folder } else { self.nearest(folder) }
    }
}

impl Job<'_> {
    /// Where the file is written first.
    pub fn first_path(&self, output: &Path) -> PathBuf {
        match self.place {
            Place::Direct => output.join(self.path),
            Place::Beside => output.join(parent(self.path)).join(list::temporary(name(self.path))),
            Place::Aside(folder) => {
                let unique = Hash128::of_bytes(self.path.as_bytes()).to_string();
                output.join(&self.path[..folder]).join(list::temporary(&unique))
            }
        }
    }
}

fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

fn refuse_foreign(output: &Path, foreign: &[&str]) -> Result<(), Failure> {
    if foreign.is_empty() {
        return Ok(());
    }
    let more = if foreign.len() > NAMED { format!("等 {} 个", foreign.len()) } else { String::new() };
    let names = foreign[..foreign.len().min(NAMED)].join("、");
    let reason =
        format!("网站要在这些地方写文件，但那里有不是 gongkai 生成的东西：{names}{more}。请把它们移走，或另选输出目录");
    Err(Failure::refused(output, reason))
}
