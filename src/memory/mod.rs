//! What a build remembers of the ones before, so that a file that is as it was is not read again. In comes the stamp of a
//! file, out comes what reading it came to. Forgetting any of it changes nothing but time.
//!
//! | module | holds |
//! |---|---|
//! | `store` | the file in `.gongkai/` in which it outlives the process |
//! | `beside` | what was made from all of it, kept for as long as nothing else changes |

mod beside;
mod store;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::Path;

use rayon::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::diag::Diagnostic;
use crate::model::file::FileFacts;
use crate::model::table::Table;
use crate::model::{Axis, ChannelFile, Document, Kind, SourcePath, YearOfWork};
use crate::source::{Instant, Stamp, Tree};
use beside::Beside;
use store::Store;
pub use store::{pack, unpack};

/// What one source file came to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Parsed {
    Document(Document),
    Channel(Box<ChannelFile>),
    Table(Axis, Table),
    Kind(Box<Kind>),
    Calendar(YearOfWork),
    File(FileFacts),
    /// It could not be used; a finding says why.
    Nothing,
}

/// What reading a file came to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reading {
    pub parsed: Parsed,
    pub findings: Vec<Diagnostic>,
}

/// What is known of a file.
#[derive(Clone, Debug)]
struct Known {
    /// `None`: it changed too shortly before it was read for its stamp to tell a later change.
    stamp: Option<Stamp>,
    reading: Kept,
}

#[derive(Clone, Debug)]
enum Kept {
    Here(Reading),
    /// Where it lies in the store.
    Stored(Range<usize>),
}

/// A file that was read, and what it came to.
#[derive(Clone, Debug)]
pub struct Fresh {
    pub path: SourcePath,
    /// As it was before it was read; `None` if it could not be, which another time it may.
    pub stamp: Option<Stamp>,
    pub reading: Reading,
}

/// What builds of one site remember of its files.
#[derive(Default)]
pub struct Memory {
    known: HashMap<SourcePath, Known>,
    store: Option<Store>,
    /// What the store had to say, in Chinese.
    notice: Option<&'static str>,
    /// Only one build will ask.
    once: bool,
    /// The store is not written.
    is_fixed: bool,
}

impl Memory {
    /// What earlier builds left in a site's state folder. `engine` names the program: what another one left is not used.
    pub fn load(state: &Path, engine: &str) -> Self {
        let (store, known, notice) = Store::open(state, engine);
        let mut all = HashMap::with_capacity(known.iter().map(Vec::len).sum());
        all.extend(known.into_iter().flatten());
        Self { known: all, store: Some(store), notice, once: false, is_fixed: false }
    }

    /// The same for a process that only looks: what is found out is not written to disk.
    pub fn fixed(self) -> Self {
        Self { is_fixed: true, notice: None, ..self }
    }

    /// The same for a process that builds once: what is in the store need not be held any longer.
    pub fn once(self) -> Self {
        Self { once: true, ..self }
    }

    /// Tells once why less is remembered than there might be.
    pub fn take_notice(&mut self) -> Option<&'static str> {
        self.notice.take()
    }

    /// Notes why less was remembered than there might be, unless something of the kind is to be told already: after an
    /// upgrade nothing of what the last version left is used, and one word of it is enough.
    pub fn tell(&mut self, notice: Option<&'static str>) {
        self.notice = self.notice.or(notice);
    }

    /// Whether the file is as it was when it was read. `look` gives its stamp, if it is asked.
    pub fn is_as_it_was(&self, path: &SourcePath, look: impl FnOnce() -> Option<Stamp>) -> bool {
        self.known.get(path).is_some_and(|known| known.stamp.is_some() && known.stamp == look())
    }

    /// What reading the file came to.
    pub fn reading(&self, path: &SourcePath) -> Option<Cow<'_, Reading>> {
        match &self.known.get(path)?.reading {
            Kept::Here(reading) => Some(Cow::Borrowed(reading)),
            Kept::Stored(place) => self.store.as_ref()?.reading(place).map(Cow::Owned),
        }
    }

    /// Holds every reading ready, for a process that will ask for all of them again and again.
    pub fn hold(&mut self) {
        if self.once {
            return;
        }
        let Some(store) = &mut self.store else { return };
        self.known.par_iter_mut().for_each(|(_, known)| {
            if let Kept::Stored(place) = &known.reading {
                match store.reading(place) {
                    Some(reading) => known.reading = Kept::Here(reading),
                    None => known.stamp = None,
                }
            }
        });
        let lost = |known: &Known| matches!(known.reading, Kept::Stored(_));
        self.known.retain(|_, known| !lost(known));
        store.close();
    }

    /// Remembers what these files came to, and forgets what is not in the tree any more. `began`: when they began to be
    /// read.
    pub fn keep(&mut self, tree: &Tree, began: Option<Instant>, fresh: Vec<Fresh>) {
        let settled = |stamp: &Stamp| began.is_some_and(|began| began.is_settled(stamp));
        let mut news = Vec::with_capacity(fresh.len());
        for Fresh { path, stamp, reading } in fresh {
            news.push(path.clone());
            self.known.insert(path, Known { stamp: stamp.filter(settled), reading: Kept::Here(reading) });
        }
        if self.known.len() > tree.files.len() {
            let there: HashSet<&SourcePath> = tree.files.iter().map(|file| &file.path).collect();
            self.known.retain(|path, _| there.contains(path));
        }
        if let Some(store) = self.store.as_mut().filter(|_| !self.is_fixed)
            && store.save(&self.known, &news).is_err()
        {
            self.notice = Some("缓存没有写成，下一次生成会慢一些；网站不受影响");
        }
        if self.once {
            self.known = HashMap::new();
            self.store.iter_mut().for_each(Store::close);
        }
    }

    /// What was made from all that is remembered, as it is now, in an earlier process; and a heap of pieces.
    pub fn beside<T: DeserializeOwned>(&mut self, folder: &Path, engine: &str) -> Option<(T, Vec<u8>)> {
        let store = self.store.as_ref().filter(|store| store.is_whole() && !self.is_fixed)?;
        let loaded = Beside { folder, engine, state: store.state() }.load();
        self.tell(loaded.as_ref().err().copied());
        loaded.ok().flatten()
    }

    /// Keeps what was made from all that is remembered now. The pieces of the heap are put one after the other.
    pub fn put_beside<T: Serialize>(&self, folder: &Path, engine: &str, head: &T, heap: &[Vec<u8>]) {
        if let Some(store) = self.store.as_ref().filter(|_| !self.is_fixed) {
            Beside { folder, engine, state: store.state() }.save(head, heap);
        }
    }

    /// Forgets everything, on disk too.
    pub fn forget(&mut self) {
        self.known.clear();
        if let Some(store) = self.store.as_mut().filter(|_| !self.is_fixed) {
            store.remove();
        }
    }

    /// The time on the file system's clock; `None` if nothing can be written beside the store.
    pub fn now(&self) -> Option<Instant> {
        self.store.as_ref().filter(|_| !self.is_fixed)?.now().ok()
    }
}
