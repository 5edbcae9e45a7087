//! Rules that were made, on this machine, in the target's folder below `host/` of the site's state folder. Each file has its name of the release; one
//! that is right is left alone, one that is no longer made is removed.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Made;
use crate::publish::{Failure, at};

/// Keeps exactly these; where each lies, by its path. Where nothing was made no folder is made either.
pub fn keep(folder: &Path, made: &[Made]) -> Result<HashMap<String, PathBuf>, Failure> {
    let root = folder.join("rules");
    let kept: HashMap<String, PathBuf> = made.iter().map(|made| (made.path.clone(), root.join(&made.path))).collect();
    let wanted: HashSet<&Path> = kept.values().map(PathBuf::as_path).collect();
    sweep(&root, &wanted)?;
    for made in made {
        put(&root.join(&made.path), &made.bytes)?;
    }
    Ok(kept)
}

/// Writes a file unless it is right.
pub fn put(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if fs::read(path).is_ok_and(|before| before == bytes) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(at(folder))?;
    fs::write(path, bytes).map_err(at(path))
}

/// Removes every file below a folder that is not wanted.
pub fn sweep(folder: &Path, wanted: &HashSet<&Path>) -> Result<(), Failure> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(at(folder)(error)),
    };
    for entry in entries {
        let entry = entry.map_err(at(folder))?;
        let path = entry.path();
        match entry.file_type().map_err(at(&path))?.is_dir() {
            true => sweep(&path, wanted)?,
            false if wanted.contains(path.as_path()) => {}
            false => fs::remove_file(&path).map_err(at(&path))?,
        }
    }
    Ok(())
}
