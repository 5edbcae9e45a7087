//! Texts that a build puts aside while it reads, because they come to be needed only when pages are rendered: in memory while
//! they are few, else in a file without a name, which goes with the process however that ends.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

/// A file that only this process sees. Threads write and read it side by side, each in its own places.
#[derive(Debug)]
pub struct Aside {
    file: File,
    /// Where the next text goes.
    end: AtomicU64,
    /// Bytes that are still kept in memory.
    room: AtomicUsize,
}

/// Where a text was put.
#[derive(Debug)]
pub enum Place {
    Here(Box<str>),
    /// First byte and length in the file.
    There(u64, u32),
}

impl Aside {
    /// Bytes that it takes at most: beyond them texts are read from their sources again.
    const MOST: u64 = 4 << 30;

    /// In a folder of gongkai's own. The name lasts for an instant, so that nothing is left behind. `room`: bytes that are kept
    /// in memory first.
    pub fn create(folder: &Path, room: usize) -> io::Result<Self> {
        let path = folder.join(format!("cache-aside-{}.tmp", std::process::id()));
        let file = File::options().read(true).write(true).create(true).truncate(true).open(&path)?;
        fs::remove_file(&path)?;
        Ok(Self { file, end: AtomicU64::new(0), room: AtomicUsize::new(room) })
    }

    /// Makes room in memory for texts of another kind, whatever the earlier ones left.
    pub fn make_room(&self, bytes: usize) {
        self.room.store(bytes, Relaxed);
    }

    /// `None` if there is no room for the text.
    pub fn put(&self, text: String) -> Option<Place> {
        if self.room.fetch_update(Relaxed, Relaxed, |room| room.checked_sub(text.len())).is_ok() {
            return Some(Place::Here(text.into()));
        }
        let length = u32::try_from(text.len()).ok()?;
        let at = self.end.fetch_add(u64::from(length), Relaxed);
        (at + u64::from(length) <= Self::MOST).then_some(())?;
        write_all_at(&self.file, text.as_bytes(), at).ok().map(|()| Place::There(at, length))
    }

    /// Lends the text of a place to `then`; `None` if the disk does not give it back.
    pub fn get<T>(&self, place: &Place, then: impl FnOnce(&str) -> T) -> Option<T> {
        let (at, length) = match place {
            Place::Here(text) => return Some(then(text)),
            Place::There(at, length) => (*at, *length),
        };
        let mut bytes = vec![0; length as usize];
        read_exact_at(&self.file, &mut bytes, at).ok()?;
        super::read::as_text(&bytes).map(then)
    }
}

#[cfg(unix)]
use std::os::unix::fs::FileExt;

#[cfg(unix)]
fn write_all_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    file.write_all_at(bytes, at)
}

#[cfg(unix)]
fn read_exact_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    file.read_exact_at(bytes, at)
}

/// Elsewhere a short transfer is as good as none: the text is read from its source.
#[cfg(windows)]
fn write_all_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    let written = std::os::windows::fs::FileExt::seek_write(file, bytes, at)?;
    (written == bytes.len()).then_some(()).ok_or(io::ErrorKind::WriteZero.into())
}

#[cfg(windows)]
fn read_exact_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    let read = std::os::windows::fs::FileExt::seek_read(file, bytes, at)?;
    (read == bytes.len()).then_some(()).ok_or(io::ErrorKind::UnexpectedEof.into())
}
