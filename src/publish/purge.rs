//! Earlier releases that hold what was withdrawn for the sake of privacy: they are removed, so that no rollback and nobody
//! who looks into the target finds it. Every run does it again, whatever became of the one before.

use std::collections::BTreeSet;

use super::Failure;
use super::folder::{self, Folder};
use super::manifest::Manifest;

/// The releases that hold anything of these sources. One whose manifest cannot be read may hold anything, and nobody can go
/// back to it anyway.
pub fn holding(folder: &Folder, private: &BTreeSet<String>) -> Result<Vec<String>, Failure> {
    if private.is_empty() {
        return Ok(Vec::new());
    }
    let mut holding = Vec::new();
    for id in folder.all()? {
        let manifest = folder::read(&folder.manifest(&id))?.and_then(|text| Manifest::parse(&text));
        if manifest.is_none_or(|manifest| manifest.holds(private)) {
            holding.push(id);
        }
    }
    Ok(holding)
}

/// Removes them, but never the live one. Returns which. The folder is locked.
pub fn purge(folder: &Folder, private: &BTreeSet<String>) -> Result<Vec<String>, Failure> {
    let mut gone = holding(folder, private)?;
    if !gone.is_empty() {
        let live = folder.live()?;
        gone.retain(|id| live.as_ref() != Some(id));
    }
    for id in &gone {
        // the bytes first: while there is a manifest, a run that was interrupted is known to be unfinished
        folder::remove_folder(&folder.release(id))?;
        folder::remove_file(&folder.manifest(id))?;
    }
    Ok(gone)
}
