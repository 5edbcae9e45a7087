//! `.gongkai/cache-site`: something that was made from what the store holds, kept beside it and good for nothing else: a first
//! line with the program, the hash of all that follows, the state of the store, the length of the head (8 bytes), the head,
//! and a heap of pieces that the head knows the places of. What was made from another state is passed over; what is not what
//! its hash says is damaged, which is told.

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
    /// What was kept for just this state of the store; that it is damaged, in Chinese.
    pub fn load<T: DeserializeOwned>(&self) -> Result<Option<(T, Vec<u8>)>, &'static str> {
        let bytes = match fs::read(self.path()) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(_) => return Err(DAMAGED),
        };
        // the store beside it is of this program, or nobody would ask
        let (state, head_end) = self.parts(&bytes).ok_or(DAMAGED)?;
        if state != self.state {
            return Ok(None);
        }
        let head = unpack(&bytes[self.head_start()..head_end]).ok_or(DAMAGED)?;
        let mut bytes = bytes;
        Ok(Some((head, bytes.split_off(head_end))))
    }

    /// The state that it was made from, and where its head ends, if it is what its hash says.
    fn parts(&self, bytes: &[u8]) -> Option<(Hash128, usize)> {
        let rest = bytes.strip_prefix(self.header().as_bytes())?;
        let (hash, content) = rest.split_first_chunk::<16>()?;
        (self.hash(&[content]) == Hash128(*hash)).then_some(())?;
        let (state, content) = content.split_first_chunk::<16>()?;
        let (length, content) = content.split_first_chunk::<8>()?;
        let (head, _) = content.split_at_checked(u64::from_le_bytes(*length) as usize)?;
        Some((Hash128(*state), self.head_start() + head.len()))
    }

    fn head_start(&self) -> usize {
        self.header().len() + 16 + 16 + 8
    }

    /// Keeps it; if that fails there is none, and the next build takes longer.
    pub fn save<T: Serialize>(&self, head: &T, heap: &[Vec<u8>]) {
        let path = self.path();
        let temporary = path.with_file_name(format!("cache-site-{}.tmp", std::process::id()));
        let write = || -> io::Result<()> {
            let head = pack(head);
            let length = (head.len() as u64).to_le_bytes();
            // not put together: at 100,000 documents that would be twenty megabytes more
            let pieces = [&self.state.0[..], &length, &head].into_iter();
            let content: Vec<&[u8]> = pieces.chain(heap.iter().map(Vec::as_slice)).collect();
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

    /// Of another program's the same bytes have another hash.
    fn hash(&self, content: &[&[u8]]) -> Hash128 {
        Hash128::of(&(self.engine, Hash128::of_pieces(content)))
    }
}

const DAMAGED: &str = "缓存（cache-site）已损坏，这一次重新汇总全站；网站不受影响";
