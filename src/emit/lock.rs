//! One writer at a time: a lock on a file of the state folder, which the system drops when its holder dies.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;

use super::failure::{Failure, at};

/// Held until it is dropped.
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock on the file, which is created if need be; if another holds it, calls `waiting` once and waits.
    pub fn take(path: &Path, waiting: &dyn Fn()) -> Result<Self, Failure> {
        let mut told = false;
        loop {
            let file = File::options().create(true).truncate(false).write(true).open(path).map_err(at(path))?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    if !told {
                        waiting();
                    }
                    told = true;
                    file.lock().map_err(at(path))?;
                }
                // Some network file systems have no locks; building there alone is better than not at all.
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
                Err(TryLockError::Error(error)) => return Err(at(path)(error)),
            }
            if is_still_at(&file, path) {
                return Ok(Self { _file: file });
            }
        }
    }
}

/// Whether the file was not replaced while we waited: `clean` removes it, and the next build makes a new one.
#[cfg(unix)]
fn is_still_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |meta: io::Result<fs::Metadata>| meta.ok().map(|meta| (meta.dev(), meta.ino()));
    let held = id(file.metadata());
    held.is_some() && held == id(fs::metadata(path))
}

/// Elsewhere an open file cannot be removed.
#[cfg(not(unix))]
fn is_still_at(_: &File, path: &Path) -> bool {
    fs::metadata(path).is_ok()
}
