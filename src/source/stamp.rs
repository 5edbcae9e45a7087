//! How a file looks without being read.

use std::fs::{self, Metadata};
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::model::SourcePath;

/// A file whose stamp is as it was has the bytes that it had, unless it was changed within one tick of the file system's
/// clock (`Instant::is_settled`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Bytes.
    size: u64,
    /// Time of change of its bytes, in nanoseconds.
    mtime: i64,
    /// Time of change of its bytes, name or rights, in nanoseconds.
    ctime: i64,
    inode: u64,
}

/// A point of time on the clock of the file system that holds the site, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instant(i64);

impl Instant {
    /// Steps of the clock: coarse ones (FAT) count whole seconds, fine ones do not show by their last digits.
    const SECOND: i64 = 1_000_000_000;
    const FINE: i64 = 20_000_000;

    /// When the file was last written.
    pub fn of(file: &fs::File) -> io::Result<Self> {
        Ok(Self(Stamp::of(&file.metadata()?).mtime))
    }

    /// Whether a file of this stamp, read from this point of time on, had been at rest before: a later change of it will
    /// show in its stamp (git calls the others racy).
    pub fn is_settled(self, stamp: &Stamp) -> bool {
        let last = stamp.mtime.max(stamp.ctime);
        let step = if last % Self::SECOND == 0 { 2 * Self::SECOND } else { Self::FINE };
        last + step < self.0
    }
}

impl Stamp {
    /// Whether at most the file's names or rights changed since: another link to it was made, or one was removed.
    pub fn has_same_bytes(&self, before: &Self) -> bool {
        Self { ctime: 0, ..*self } == Self { ctime: 0, ..*before }
    }

    /// Of a file that was opened or looked at.
    #[cfg(unix)]
    pub fn of(meta: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        let nanoseconds = |seconds: i64, rest: i64| seconds.saturating_mul(Instant::SECOND).saturating_add(rest);
        Self {
            size: meta.size(),
            mtime: nanoseconds(meta.mtime(), meta.mtime_nsec()),
            ctime: nanoseconds(meta.ctime(), meta.ctime_nsec()),
            inode: meta.ino(),
        }
    }

    /// Of a file that was opened or looked at.
    #[cfg(not(unix))]
    pub fn of(meta: &Metadata) -> Self {
        let since = meta.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        let mtime = since.map_or(0, |since| since.as_nanos() as i64);
        Self { size: meta.len(), mtime, ctime: mtime, inode: 0 }
    }
}

/// The stamp of a source; links are not followed.
pub fn stamp(root: &Path, path: &SourcePath) -> io::Result<Stamp> {
    Ok(Stamp::of(&fs::symlink_metadata(root.join(path.as_str()))?))
}
