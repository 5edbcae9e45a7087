//! What was withdrawn and is still there, where nothing vouches for the note of it: the seal was damaged, the note is gone.
//! Then the releases themselves tell. A file that lies where an earlier one had it, byte by byte, and that the live one does
//! not have, is no stranger's.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Remote;
use super::look::Seen;
use super::wire::Inner;
use crate::pipeline::Failure;
use crate::publish::chain::Chain;
use crate::publish::manifest::Manifest;

impl Remote {
    /// Such files with their sizes.
    pub(super) fn withdrawn(&self, seen: &Seen, chain: &Chain, live: &Manifest) -> Result<Vec<(String, u64)>, Failure> {
        let id = chain.last().map_or("", |line| line.release.as_str());
        let is_there = |id: &str| seen.manifests.iter().any(|kept| kept == id);
        let earlier = chain.stand_ins(id, |id| if is_there(id) { self.manifest_text(id) } else { Ok(None) });
        let mut had: BTreeMap<String, (u64, Vec<String>)> = BTreeMap::new();
        for manifest in earlier {
            for entry in manifest?.files {
                let is_left = seen.files.get(&entry.path).is_some_and(|there| {
                    there.size == entry.size && !there.is_link && live.entry(&entry.path).is_none()
                });
                if is_left {
                    had.entry(entry.path).or_insert((entry.size, Vec::new())).1.push(entry.sha256);
                }
            }
        }
        let to_read = had.into_iter().map(|(path, (size, hashes))| (self.live(&path), path, size, hashes)).collect();
        let read = |store: Arc<Inner>, (full, path, size, hashes): (String, String, u64, Vec<String>)| async move {
            let found = store.digest(&full, size).await?;
            Ok(found.filter(|found| hashes.contains(&found.sha256)).map(|_| (path, size)))
        };
        Ok(self.store.each(to_read, read, &|_| ())?.into_iter().flatten().collect())
    }
}
