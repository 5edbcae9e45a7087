//! Files that are half-sent: OpenDAL sends to FTP servers under the file's own name with a dot and eight letters behind
//! it, at the top, and gives it its place when it is whole. What was cut off stays there. Others' backups may have names
//! like these (`index.html.20261126`), so a file is only taken for ours where a run of ours was interrupted and the eight
//! letters are none that a person would choose.

use std::collections::HashSet;

use super::Remote;
use crate::pipeline::Failure;
use crate::publish::folder::is_id;
use crate::publish::manifest::Manifest;

/// What publishing keeps under one name each.
pub const FIXED: [&str; 5] = ["releases.jsonl", "record.json", "cleared.json", "seal", "begun"];

/// The last parts of all paths of ours.
pub struct Names<'m>(HashSet<&'m str>);

impl<'m> Names<'m> {
    pub fn of(manifests: impl Iterator<Item = &'m Manifest>) -> Self {
        let paths = manifests.flat_map(|manifest| &manifest.files).map(|entry| entry.path.as_str());
        Self(paths.map(|path| path.rsplit('/').next().unwrap_or(path)).collect())
    }

    /// Whether a path may be where a file of ours was on its way.
    pub fn may_be_half_sent(&self, path: &str) -> bool {
        path.rsplit_once('.').is_some_and(|(name, ending)| {
            let is_of_transfer = ending.len() == 8 && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
            is_of_transfer && (self.0.contains(name) || FIXED.contains(&name) || is_own(name))
        })
    }

    /// Whether it is. `interrupted`: whether it is known that a run of ours was, since the last one that was not.
    pub fn is_half_sent(&self, path: &str, interrupted: bool) -> bool {
        let is_sure = |(name, ending): (&str, &str)| is_own(name) || interrupted && is_random(ending);
        self.may_be_half_sent(path) && path.rsplit_once('.').is_some_and(is_sure)
    }
}

impl Remote {
    /// Names at the top of the connection where that is neither the site nor what publishing keeps, but what both lie in:
    /// there too a file may be half-sent, and it may be one that was withdrawn since. What lies in other folders there is
    /// nobody's concern.
    pub(super) fn outside(&self) -> Result<Vec<String>, Failure> {
        if !self.sends_under_other_names || self.site.is_empty() || self.state.is_empty() {
            return Ok(Vec::new());
        }
        let mut names: Vec<String> = self.store.beside_each_other("")?.into_iter().collect();
        names.sort();
        Ok(names)
    }
}

/// Neither a date nor a word: of 100 endings that are drawn 97 are so, and what else is half-sent is told and stays.
fn is_random(ending: &str) -> bool {
    let has_upper = ending.bytes().any(|byte| byte.is_ascii_uppercase());
    let rest_is_lower = ending.bytes().skip(1).all(|byte| byte.is_ascii_lowercase());
    let is_upper = ending.bytes().all(|byte| byte.is_ascii_uppercase());
    has_upper && !rest_is_lower && !is_upper
}

/// Whether only publishing itself writes files of this name: manifests, kept bytes, claims.
fn is_own(name: &str) -> bool {
    let is_manifest = name.strip_suffix(".json").is_some_and(is_id);
    let is_claim = name.split_once('-').is_some_and(|(who, which)| is_hex(who, 32) && is_hex(which, 16));
    is_manifest || is_hex(name, 64) || is_claim
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}
