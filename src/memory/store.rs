//! `.gongkai/cache`: what is remembered, on disk. The home of `postcard`.
//!
//! A first line names the program. Then come runs of files: length (4 bytes, little end first), hash of program and
//! content, content. A later run beats an earlier one, so that an edit appends a few bytes instead of writing all anew.
//! A run that is not what its hash says ends what is believed; the next build writes the file anew, under a temporary
//! name that it is then renamed from.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::Known;
use crate::model::{Hash128, SourcePath};
use crate::source::Instant;

/// Files of a run: enough to share the work of reading among threads.
const RUN: usize = 1000;
/// Files that the store may hold in vain, besides as many as there are.
const SPARE: usize = 1000;

/// Where it lies, and what is in it.
pub struct Store {
    path: PathBuf,
    engine: String,
    /// Files that its runs hold, outdated ones among them; `None`: it must be written anew.
    files: Option<usize>,
}

/// What was found: the store, runs of files in their order, and what to tell the user.
type Opened = (Store, Vec<Vec<Known>>, Option<&'static str>);

impl Store {
    /// Reads it as far as it can be believed.
    pub fn open(state: &Path, engine: &str) -> Opened {
        let path = state.join("cache");
        let mut store = Self { path, engine: engine.to_owned(), files: None };
        let bytes = match fs::read(&store.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return (store, Vec::new(), None),
            Err(_) => return (store, Vec::new(), Some("缓存无法读取，这一次重新读取全部文件；网站不受影响")),
        };
        let Some(runs) = bytes.strip_prefix(store.header().as_bytes()) else {
            let notice = "缓存来自另一个版本的 gongkai，或已损坏，这一次重新读取全部文件；网站不受影响";
            return (store, Vec::new(), Some(notice));
        };
        let (runs, is_whole) = split(runs);
        let read: Vec<Option<Vec<Known>>> = runs.par_iter().map(|run| store.decode(run)).collect();
        let is_sound = is_whole && read.iter().all(Option::is_some);
        // what comes after a damaged run may be older than what that run held
        let believed: Vec<Vec<Known>> = read.into_iter().map_while(|run| run).collect();
        store.files = is_sound.then(|| believed.iter().map(Vec::len).sum());
        let notice = "缓存已损坏，读不出的部分这一次重新读取；网站不受影响";
        (store, believed, (!is_sound).then_some(notice))
    }

    /// Makes it hold what is known; `news` are the files that it does not hold yet.
    pub fn save(&mut self, known: &HashMap<SourcePath, Known>, news: &[SourcePath]) -> io::Result<()> {
        match self.files {
            Some(_) if news.is_empty() => Ok(()),
            Some(files) if files + news.len() <= 2 * known.len() + SPARE => {
                let news: Vec<&Known> = news.iter().filter_map(|path| known.get(path)).collect();
                // until it is done nobody knows how far it came
                self.files = None;
                OpenOptions::new().append(true).open(&self.path)?.write_all(&self.encode(&news))?;
                self.files = Some(files + news.len());
                Ok(())
            }
            _ => self.replace(known),
        }
    }

    /// Takes it away; what cannot be removed is at least written anew.
    pub fn remove(&mut self) {
        self.files = None;
        let _ = fs::remove_file(&self.path);
    }

    fn replace(&mut self, known: &HashMap<SourcePath, Known>) -> io::Result<()> {
        let mut all: Vec<&Known> = known.values().collect();
        all.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
        let temporary = self.temporary();
        let written = File::create(&temporary).and_then(|mut file| {
            file.write_all(self.header().as_bytes())?;
            // a few runs at a time, so that there is never a second copy of everything
            all.chunks(8 * RUN).try_for_each(|some| file.write_all(&self.encode(some)))
        });
        match written.and_then(|()| fs::rename(&temporary, &self.path)) {
            Ok(()) => {
                self.files = Some(all.len());
                Ok(())
            }
            Err(error) => {
                let _ = fs::remove_file(&temporary);
                Err(error)
            }
        }
    }

    /// What the file system's clock shows.
    pub fn now(&self) -> io::Result<Instant> {
        let temporary = self.temporary();
        let now = File::create(&temporary).and_then(|file| Instant::of(&file));
        let _ = fs::remove_file(&temporary);
        now
    }

    /// Beside the store, another one for each process.
    fn temporary(&self) -> PathBuf {
        self.path.with_file_name(format!("cache-{}.tmp", std::process::id()))
    }

    fn header(&self) -> String {
        format!("gongkai cache {}\n", self.engine.replace('\n', " "))
    }

    fn encode(&self, files: &[&Known]) -> Vec<u8> {
        let runs: Vec<Vec<u8>> = files.par_chunks(RUN).map(|run| self.run(run)).collect();
        runs.concat()
    }

    fn run(&self, files: &[&Known]) -> Vec<u8> {
        let content = postcard::to_allocvec(files).expect("plain data can always be written");
        let length = u32::try_from(content.len()).expect("a run is far below 4 GiB");
        [&length.to_le_bytes()[..], &self.hash(&content).0, &content].concat()
    }

    fn decode(&self, (hash, content): &Run) -> Option<Vec<Known>> {
        (self.hash(content) == *hash).then(|| postcard::from_bytes(content).ok()).flatten()
    }

    /// Of another program's run the same bytes have another hash.
    fn hash(&self, content: &[u8]) -> Hash128 {
        Hash128::of(&(&self.engine, Hash128::of_bytes(content)))
    }
}

/// The hash that a run should have, and its content.
type Run<'a> = (Hash128, &'a [u8]);

/// The runs, and whether there is nothing but runs.
fn split(mut bytes: &[u8]) -> (Vec<Run<'_>>, bool) {
    let mut runs = Vec::new();
    while let Some(run) = first(&mut bytes) {
        runs.push(run);
    }
    (runs, bytes.is_empty())
}

/// Takes the first run off; `None` if there is no whole one.
fn first<'a>(bytes: &mut &'a [u8]) -> Option<Run<'a>> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (hash, rest) = rest.split_first_chunk::<16>()?;
    let (content, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    *bytes = rest;
    Some((Hash128(*hash), content))
}
