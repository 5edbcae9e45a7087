//! Files that are half-sent: OpenDAL sends to FTP servers under the file's own name with a dot and eight letters behind
//! it, at the top, and gives it its place when it is whole. What was cut off stays there.

use std::collections::HashSet;

use crate::publish::folder::is_id;
use crate::publish::manifest::Manifest;

/// What publishing keeps under one name each.
const FIXED: [&str; 4] = ["releases.jsonl", "record.json", "seal", "begun"];

/// The last parts of all paths of ours.
pub struct Names<'m>(HashSet<&'m str>);

impl<'m> Names<'m> {
    pub fn of(manifests: impl Iterator<Item = &'m Manifest>) -> Self {
        let paths = manifests.flat_map(|manifest| &manifest.files).map(|entry| entry.path.as_str());
        Self(paths.map(|path| path.rsplit('/').next().unwrap_or(path)).collect())
    }

    /// Whether a path is where a file of ours was on its way: not whatever merely has such an ending.
    pub fn is_half_sent(&self, path: &str) -> bool {
        path.rsplit_once('.').is_some_and(|(name, ending)| {
            let is_of_transfer = ending.len() == 8 && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
            is_of_transfer && (self.0.contains(name) || is_own(name))
        })
    }
}

/// Whether publishing itself writes files of this name: the chain and what is beside it, manifests, kept bytes, claims.
fn is_own(name: &str) -> bool {
    let is_manifest = name.strip_suffix(".json").is_some_and(is_id);
    let is_claim = name.split_once('-').is_some_and(|(who, which)| is_hex(who, 32) && is_hex(which, 16));
    FIXED.contains(&name) || is_manifest || is_hex(name, 64) || is_claim
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}
