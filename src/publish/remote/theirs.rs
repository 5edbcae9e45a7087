//! What was to be deleted and is no longer what was looked at: somebody else has put something there while new files were
//! being sent. It is his, and stays.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use super::listing::Listed;
use super::transfer::Transfer;
use super::wire::Inner;
use crate::pipeline::Failure;
use crate::publish::{listing, refused};

/// As many are looked at before they are deleted: not long before.
const AT_ONCE: usize = 300;

impl Transfer<'_> {
    /// Which of these paths others have filled since they were looked at. `now`: what is listed there by now; of what is not
    /// listed nobody says that it is another's.
    pub(super) fn others(&self, paths: &[String], now: &HashMap<String, Listed>) -> Result<Vec<String>, Failure> {
        let is_other = |path: &&String| {
            // of a link it is told what it leads to
            let was = self.seen.files.get(*path).filter(|was| !was.is_link);
            let now = now.get(&self.remote.live(path));
            was.zip(now).is_some_and(|(was, now)| !was.looks_like(now))
        };
        let doubtful = paths.iter().filter(is_other);
        // what has the bytes that were looked at is no less ours, whatever the server says of its time
        let asked = doubtful.map(|path| {
            let begun = self.seen.begun.iter().map(|(_, begun)| begun);
            let ours = self.live.into_iter().chain(begun).filter_map(|manifest| manifest.entry(path));
            let known = ours.map(|entry| entry.sha256.clone()).chain(self.seen.holds.get(path).cloned());
            let size = self.seen.files.get(path).map_or(0, |was| was.size);
            (path.clone(), self.remote.live(path), size, known.collect::<Vec<_>>())
        });
        let read = |store: Arc<Inner>, (path, full, size, known): (String, String, u64, Vec<String>)| async move {
            let found = store.digest(&full, size).await?;
            Ok(found.filter(|found| !known.contains(&found.sha256)).map(|_| path))
        };
        Ok(self.remote.store.each(asked.collect(), read, &|_| ())?.into_iter().flatten().collect())
    }

    /// Deletes what is still what was looked at; returns what is not.
    pub(super) fn delete(&self, gone: &[String], done: &dyn Fn(usize)) -> Result<Vec<String>, Failure> {
        let mut all = Vec::new();
        for some in gone.chunks(AT_ONCE) {
            let ask = |store: Arc<Inner>, path: String| async move {
                Ok(store.stat(&path).await?.map(|listed| (path, listed)))
            };
            let asked = some.iter().map(|path| self.remote.live(path)).collect();
            let now = self.remote.store.each(asked, ask, &|_| ())?.into_iter().flatten().collect();
            let others = self.others(some, &now)?;
            let ours = some.iter().filter(|path| !others.contains(path)).map(|path| self.remote.live(path));
            self.remote.store.remove(ours.collect(), done)?;
            all.extend(others);
        }
        Ok(all)
    }

    /// That they were left there.
    pub(super) fn left_to_others(&self, others: &[String]) -> Option<Failure> {
        let first = others.first()?;
        let reason = format!(
            "它本来要撤下，而别人在这期间换了那里的文件，没有删：{}。请查明是谁的；不要的请自己删去，要留着的，下一次加 --accept-changes",
            listing(others)
        );
        Some(refused(Path::new(&format!("{}/{first}", self.remote.place())), reason))
    }
}
