//! Files on this machine's disk: written beside their place and renamed once the disk has them, read as what they are.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::Path;

use super::{Failure, at, refused};

const TEMPORARY: &str = ".gongkai-tmp";

/// Another name, for what is about to take the place of a file, or is on its way out.
pub fn temporary(name: &str) -> String {
    format!(".{}{TEMPORARY}", name.trim_start_matches('.'))
}

/// What such a name stands for.
pub fn of_temporary(name: &str) -> Option<&str> {
    name.strip_prefix('.').and_then(|name| name.strip_suffix(TEMPORARY))
}

/// Some network file systems have no locks; publishing there alone is better than not at all.
pub fn supported(taken: Result<(), TryLockError>) -> io::Result<()> {
    match taken {
        Err(TryLockError::Error(error)) if error.kind() != io::ErrorKind::Unsupported => Err(error),
        _ => Ok(()),
    }
}

/// The names in a folder; none, if there is no folder.
pub fn names(folder: &Path) -> Result<BTreeSet<String>, Failure> {
    match fs::read_dir(folder) {
        Ok(entries) => entries
            .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
            .collect::<io::Result<_>>()
            .map_err(at(folder)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(error) => Err(at(folder)(error)),
    }
}

/// A text file; `None` if there is none. What is no file is not opened: a pipe in its place would never end.
pub fn read(path: &Path) -> Result<Option<String>, Failure> {
    if fs::symlink_metadata(path).is_ok_and(|meta| !meta.is_file()) {
        return Err(refused(path, "它不是普通文件，被别人换掉了。请查明原因，把它移走"));
    }
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(at(path)(error)),
    }
}

/// Writes a file beside its place, and renames it once the disk has it.
pub fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let aside = path.with_file_name(temporary(&name));
    remove_file(&aside)?;
    let write = || {
        // new, so that nothing is written through a link
        let mut file = File::create_new(&aside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    write().map_err(at(&aside))?;
    fs::rename(&aside, path).map_err(at(path))?;
    path.parent().map_or(Ok(()), sync)
}

/// A folder, and those above it, that a web server can look into whatever this process may hide from others.
pub fn make_folder(path: &Path) -> Result<(), Failure> {
    if path.exists() {
        return Ok(());
    }
    fs::create_dir_all(path).map_err(at(path))?;
    open_to_all(path, 0o755);
    Ok(())
}

/// What is published is for everybody to read. Some shares have modes of their own that nobody can change; there whoever
/// mounted them sees to it.
#[cfg(unix)]
pub fn open_to_all(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    let is_open = fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & mode == mode);
    if !is_open {
        let _ = fs::set_permissions(path, fs::Permissions::from_mode(mode));
    }
}

#[cfg(not(unix))]
pub fn open_to_all(_: &Path, _: u32) {}

/// Makes the names in a folder last.
pub fn sync(folder: &Path) -> Result<(), Failure> {
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        // shares of other systems have folders that cannot be waited for
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        other => other.map_err(at(folder)),
    }
}

pub fn remove_file(path: &Path) -> Result<(), Failure> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(at(path)(error)),
        _ => Ok(()),
    }
}

pub fn remove_folder(path: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(at(path)(error)),
        _ => Ok(()),
    }
}
