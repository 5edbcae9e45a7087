//! `.gongkai/cache`: what is remembered, on disk. The home of `postcard`.
//!
//! A first line names the program. Then come runs of files: two lengths (4 bytes each, little end first), hash of program and
//! content, content: first path, stamp and length of every reading, then the readings. Of these only those are decoded that
//! somebody asks for. A later run beats an earlier one, so that an edit appends a few bytes instead of writing all anew.
//! A run that is not what its hash says ends what is believed; the next build writes the file anew, under a temporary
//! name that it is then renamed from.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Kept, Known, Reading};
use crate::model::{Hash128, SourcePath};
use crate::source::{Instant, Stamp};

/// Files of a run: enough to share the work of reading among threads.
const RUN: usize = 1000;
/// Files that the store may hold in vain, besides as many as there are.
const SPARE: usize = 1000;

/// Where it lies, and what is in it.
#[derive(Default)]
pub struct Store {
    path: PathBuf,
    engine: String,
    /// Files that its runs hold, outdated ones among them; `None`: it must be written anew.
    files: Option<usize>,
    /// What was read of it, in which the readings lie that nobody asked for yet.
    bytes: Vec<u8>,
    /// Of all its runs, as this process knows them: what was made from them is kept beside it.
    state: Hash128,
}

/// What is known of a file, before its reading.
type Head = (SourcePath, Option<Stamp>, u32);

/// What was found: the store, runs of files in their order, and what to tell the user.
type Opened = (Store, Vec<Vec<(SourcePath, Known)>>, Option<&'static str>);

impl Store {
    /// Reads it as far as it can be believed.
    pub fn open(state: &Path, engine: &str) -> Opened {
        let path = state.join("cache");
        let mut store = Self { path, engine: engine.to_owned(), ..Self::default() };
        let bytes = match fs::read(&store.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return (store, Vec::new(), None),
            Err(_) => return (store, Vec::new(), Some("缓存无法读取，这一次重新读取全部文件；网站不受影响")),
        };
        let header = store.header();
        if !bytes.starts_with(header.as_bytes()) {
            let notice = "缓存来自另一个版本的 gongkai，或已损坏，这一次重新读取全部文件；网站不受影响";
            return (store, Vec::new(), Some(notice));
        }
        let (runs, is_whole) = split(&bytes, header.len());
        let read: Vec<Option<Vec<(SourcePath, Known)>>> = runs.par_iter().map(|run| store.heads(run, &bytes)).collect();
        let is_sound = is_whole && read.iter().all(Option::is_some);
        // what comes after a damaged run may be older than what that run held
        let believed: Vec<Vec<(SourcePath, Known)>> = read.into_iter().map_while(|run| run).collect();
        store.files = is_sound.then(|| believed.iter().map(Vec::len).sum());
        store.bytes = bytes;
        runs.iter().for_each(|run| store.goes_on(run.hash));
        let notice = "缓存已损坏，读不出的部分这一次重新读取；网站不受影响";
        (store, believed, (!is_sound).then_some(notice))
    }

    /// A reading that it holds; `None` if the program that wrote it was another after all.
    pub fn reading(&self, place: &Range<usize>) -> Option<Reading> {
        postcard::from_bytes(&self.bytes[place.clone()]).ok()
    }

    /// Whether it can be believed as it is, and need not be written anew.
    pub fn is_whole(&self) -> bool {
        self.files.is_some()
    }

    /// Two stores of one state hold the same.
    pub fn state(&self) -> Hash128 {
        self.state
    }

    fn goes_on(&mut self, run: Hash128) {
        self.state = Hash128::of(&(self.state, run));
    }

    /// Lets go of what was read: nobody will ask for more of it.
    pub fn close(&mut self) {
        self.bytes = Vec::new();
    }

    /// Makes it hold what is known; `news` are the files that it does not hold yet.
    pub fn save(&mut self, known: &HashMap<SourcePath, Known>, news: &[SourcePath]) -> io::Result<()> {
        match self.files {
            Some(_) if news.is_empty() => Ok(()),
            Some(files) if files + news.len() <= 2 * known.len() + SPARE => {
                let news: Vec<_> = news.iter().filter_map(|path| known.get_key_value(path)).collect();
                // until it is done nobody knows how far it came
                self.files = None;
                let runs = self.encode(&news);
                OpenOptions::new().append(true).open(&self.path)?.write_all(&runs.concat())?;
                runs.iter().for_each(|run| self.goes_on(hash_of(run)));
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
        let mut all: Vec<_> = known.iter().collect();
        all.par_sort_unstable_by(|a, b| a.0.cmp(b.0));
        let temporary = self.temporary();
        self.state = Hash128::default();
        let written = File::create(&temporary).and_then(|mut file| {
            file.write_all(self.header().as_bytes())?;
            // a few runs at a time, so that there is never a second copy of everything
            all.chunks(8 * RUN).try_for_each(|some| {
                let runs = self.encode(some);
                runs.iter().for_each(|run| self.goes_on(hash_of(run)));
                runs.iter().try_for_each(|run| file.write_all(run))
            })
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

    fn encode(&self, files: &[(&SourcePath, &Known)]) -> Vec<Vec<u8>> {
        files.par_chunks(RUN).map(|run| self.run(run)).collect()
    }

    fn run(&self, files: &[(&SourcePath, &Known)]) -> Vec<u8> {
        let mut readings = Vec::new();
        let mut heads: Vec<Head> = Vec::with_capacity(files.len());
        for (path, known) in files {
            let before = readings.len();
            match &known.reading {
                Kept::Here(reading) => readings.extend(pack(reading)),
                Kept::Stored(place) => readings.extend_from_slice(&self.bytes[place.clone()]),
            }
            heads.push(((*path).clone(), known.stamp, length(readings.len() - before)));
        }
        let heads = pack(&heads);
        let lengths = [length(heads.len()).to_le_bytes(), length(readings.len()).to_le_bytes()].concat();
        let content = [heads, readings].concat();
        [&lengths[..], &self.hash(&content).0, &content].concat()
    }

    fn heads(&self, run: &Run, bytes: &[u8]) -> Option<Vec<(SourcePath, Known)>> {
        (self.hash(&bytes[run.heads.start..run.readings.end]) == run.hash).then_some(())?;
        let heads: Vec<Head> = postcard::from_bytes(&bytes[run.heads.clone()]).ok()?;
        let mut at = run.readings.start;
        let known = heads.into_iter().map(|(path, stamp, length)| {
            let place = at..at + length as usize;
            at = place.end;
            (path, Known { stamp, reading: Kept::Stored(place) })
        });
        let known = known.collect();
        (at == run.readings.end).then_some(known)
    }

    /// Of another program's run the same bytes have another hash.
    fn hash(&self, content: &[u8]) -> Hash128 {
        Hash128::of(&(&self.engine, Hash128::of_bytes(content)))
    }
}

/// Plain data as bytes.
pub fn pack<T: Serialize>(value: &T) -> Vec<u8> {
    postcard::to_allocvec(value).expect("plain data can always be written")
}

/// Plain data from what `pack` made of it.
pub fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

/// The hash in a run.
fn hash_of(run: &[u8]) -> Hash128 {
    Hash128(*run[8..].first_chunk().expect("a run begins with two lengths and a hash"))
}

fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).expect("a run is far below 4 GiB")
}

/// Where the parts of a run lie, and the hash that it should have.
struct Run {
    hash: Hash128,
    heads: Range<usize>,
    readings: Range<usize>,
}

/// The runs from a place on, and whether there is nothing but runs.
fn split(bytes: &[u8], start: usize) -> (Vec<Run>, bool) {
    let (mut runs, mut at) = (Vec::new(), start);
    while let Some(run) = first(bytes, at) {
        at = run.readings.end;
        runs.push(run);
    }
    (runs, at == bytes.len())
}

/// The run at a place; `None` if there is no whole one.
fn first(bytes: &[u8], at: usize) -> Option<Run> {
    let (heads, rest) = bytes[at..].split_first_chunk::<4>()?;
    let (readings, rest) = rest.split_first_chunk::<4>()?;
    let (hash, rest) = rest.split_first_chunk::<16>()?;
    let (heads, readings) = (u32::from_le_bytes(*heads) as usize, u32::from_le_bytes(*readings) as usize);
    (heads.checked_add(readings)? <= rest.len()).then(|| {
        let start = at + 24;
        let middle = start + heads;
        Run { hash: Hash128(*hash), heads: start..middle, readings: middle..middle + readings }
    })
}
