//! What lies in the output folder now. Only folders that hold (or held, or will hold) something of ours are looked
//! into, each once; links are never followed.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};
use std::fs::{self, Metadata};
use std::io;
use std::path::Path;
use std::time::UNIX_EPOCH;

use rayon::prelude::*;

use super::failure::{Failure, at};

/// How a file looks from outside: if neither changed, its content did not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    pub size: u64,
    /// Nanoseconds since 1970.
    pub mtime: u64,
}

impl Stat {
    pub fn of(meta: &Metadata) -> Self {
        let since = meta.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        Self { size: meta.len(), mtime: since.map_or(0, |since| since.as_nanos() as u64) }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    File(Stat),
    Folder,
    /// A link, a device, a name that is not UTF-8: nothing that gongkai makes.
    Other,
}

#[derive(Debug)]
pub struct Entry {
    pub name: Box<str>,
    pub kind: Kind,
}

/// The entries of each folder by its path from the output folder (`""` is the output folder itself), sorted by name.
#[derive(Debug)]
pub struct Disk<'a> {
    folders: HashMap<&'a str, Vec<Entry>>,
}

impl<'a> Disk<'a> {
    /// Looks into these folders, of which a parent comes before its children. Those that are not there, or are not
    /// folders, or lie behind a link, are left out.
    pub fn look(output: &Path, folders: &BTreeSet<&'a str>) -> Result<Self, Failure> {
        let folders: Vec<&str> = folders.iter().copied().collect();
        let listed = folders.par_iter().map(|folder| list(&output.join(folder))).collect::<Result<Vec<_>, _>>()?;
        let mut disk = Self { folders: HashMap::with_capacity(folders.len()) };
        for (folder, entries) in folders.into_iter().zip(listed) {
            let real = folder.is_empty() || disk.get(folder) == Some(Kind::Folder);
            if let (true, Some(entries)) = (real, entries) {
                disk.folders.insert(folder, entries);
            }
        }
        Ok(disk)
    }

    pub fn get(&self, path: &str) -> Option<Kind> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let entries = self.folders.get(folder)?;
        let at = entries.binary_search_by(|entry| (*entry.name).cmp(name)).ok()?;
        Some(entries[at].kind)
    }

    /// For looking up many paths in ascending order, which is several times as fast as `get`.
    pub fn walk(&self) -> Walk<'_> {
        Walk { rest: self.folders.iter().map(|(folder, entries)| (*folder, entries.as_slice())).collect() }
    }

    /// The folder's entries; `None` if it was not looked into or is no real folder.
    pub fn entries(&self, folder: &str) -> Option<&[Entry]> {
        self.folders.get(folder).map(Vec::as_slice)
    }

    /// Every entry with the folder it lies in, in no order.
    pub fn all(&self) -> impl Iterator<Item = (&'a str, &Entry)> {
        self.folders.iter().flat_map(|(folder, entries)| entries.iter().map(move |entry| (*folder, entry)))
    }
}

/// Of each folder, the entries that come after those asked for.
pub struct Walk<'d> {
    rest: HashMap<&'d str, &'d [Entry]>,
}

impl Walk<'_> {
    /// What has this path. Paths must be asked for in ascending order, each once.
    pub fn seek(&mut self, path: &str) -> Option<Kind> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        seek(self.rest.get_mut(folder)?, |entry| &entry.name, name).map(|entry| entry.kind)
    }
}

/// The item with this key in what is left of a sorted list; what comes before it is dropped.
pub fn seek<'s, T>(rest: &mut &'s [T], key: impl Fn(&T) -> &str, wanted: &str) -> Option<&'s T> {
    while let Some((first, tail)) = rest.split_first() {
        match key(first).cmp(wanted) {
            Ordering::Less => *rest = tail,
            Ordering::Equal => return Some(first),
            Ordering::Greater => return None,
        }
    }
    None
}

/// The folders that the paths lie in, all the way up.
pub fn folders<'a>(paths: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let mut folders = BTreeSet::from([""]);
    let mut last = "";
    for path in paths {
        let mut folder = parent(path);
        // Neighbours mostly share a folder: no need to look it up again.
        if folder == last {
            continue;
        }
        last = folder;
        while folders.insert(folder) {
            folder = parent(folder);
        }
    }
    folders
}

/// `a/b` of `a/b/c.html`; an empty string of `c.html`.
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn list(folder: &Path) -> Result<Option<Vec<Entry>>, Failure> {
    let reader = match fs::read_dir(folder) {
        Ok(reader) => reader,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(at(folder)(error)),
    };
    let read = || -> io::Result<Vec<Entry>> {
        let mut entries = reader.map(|entry| describe(&entry?)).collect::<io::Result<Vec<_>>>()?;
        entries.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    };
    read().map(Some).map_err(at(folder))
}

fn describe(entry: &fs::DirEntry) -> io::Result<Entry> {
    let kind = entry.file_type()?;
    let name = entry.file_name();
    let kind = match name.to_str() {
        Some(_) if kind.is_dir() => Kind::Folder,
        Some(_) if kind.is_file() => match entry.metadata() {
            Ok(meta) => Kind::File(Stat::of(&meta)),
            // It went away while we looked; whoever removed it also wants it gone from what we know.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Kind::Other,
            Err(error) => return Err(error),
        },
        _ => Kind::Other,
    };
    Ok(Entry { name: name.to_string_lossy().into(), kind })
}
