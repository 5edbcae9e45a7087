//! `.gongkai/cache-site`: something that was made from what the store holds, kept beside it and good for nothing else: a first
//! line with the program, the hash of all that follows, the state of the store, the length of the head (8 bytes), the head,
//! and a heap of pieces that the head knows the places of.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::store::{pack, unpack};
use crate::model::Hash128;

/// Where it lies, and what program it is for.
pub struct Beside<'a> {
    pub folder: &'a Path,
    pub engine: &'a str,
    /// Of the store.
    pub state: Hash128,
}

impl Beside<'_> {
    /// What was kept for just this state of the store.
    pub fn load<T: DeserializeOwned>(&self) -> Option<(T, Vec<u8>)> {
        let bytes = fs::read(self.path()).ok()?;
        let header = self.header();
        let rest = bytes.strip_prefix(header.as_bytes())?;
        let (hash, content) = rest.split_first_chunk::<16>()?;
        (self.hash(&[content]) == Hash128(*hash)).then_some(())?;
        let (length, content) = content.split_first_chunk::<8>()?;
        let (head, _) = content.split_at_checked(u64::from_le_bytes(*length) as usize)?;
        let head_end = header.len() + 16 + 8 + head.len();
        let head = unpack(head)?;
        let mut bytes = bytes;
        Some((head, bytes.split_off(head_end)))
    }

    /// Keeps it; if that fails there is none, and the next build takes longer.
    pub fn save<T: Serialize>(&self, head: &T, heap: &[Vec<u8>]) {
        let path = self.path();
        let temporary = path.with_file_name(format!("cache-site-{}.tmp", std::process::id()));
        let write = || -> io::Result<()> {
            let head = pack(head);
            let length = (head.len() as u64).to_le_bytes();
            // not put together: at 100,000 documents that would be twenty megabytes more
            let content: Vec<&[u8]> = [&length[..], &head].into_iter().chain(heap.iter().map(Vec::as_slice)).collect();
            let mut file = fs::File::create(&temporary)?;
            file.write_all(self.header().as_bytes())?;
            file.write_all(&self.hash(&content).0)?;
            content.iter().try_for_each(|piece| file.write_all(piece))?;
            fs::rename(&temporary, &path)
        };
        if write().is_err() {
            let _ = fs::remove_file(&temporary);
            let _ = fs::remove_file(&path);
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.join("cache-site")
    }

    fn header(&self) -> String {
        format!("gongkai site {}\n", self.engine.replace('\n', " "))
    }

    /// Of another program's, or made from another state, the same bytes have another hash.
    fn hash(&self, content: &[&[u8]]) -> Hash128 {
        Hash128::of(&(self.engine, self.state, Hash128::of_pieces(content)))
    }
}
