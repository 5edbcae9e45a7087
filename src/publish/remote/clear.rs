//! What comes after a release is live: what is withdrawn goes, and what is no longer needed.

use std::collections::HashSet;

use super::half::Names;
use super::look::BEGUN;
use super::transfer::{Counter, Put, Transfer};
use crate::pipeline::Failure;

impl Transfer<'_> {
    /// What comes after: withdrawn files, staged ones, and releases that are too old. Returns which releases went.
    pub(super) fn clear(
        &self,
        changed: &[Put],
        gone: &[String],
        kept: HashSet<String>,
    ) -> Result<Vec<String>, Failure> {
        let step = Counter::new("删除撤下的文件", gone.len(), self.progress);
        let gone = gone.iter().map(|path| self.remote.live(path)).collect();
        self.remote.store.remove(gone, &|count| step.tick(count))?;
        // what was moved into its place is no longer there
        let is_left = |_: &&Put| self.remote.store.talents().is_object_store && self.files.is_some();
        let staged = changed.iter().filter(is_left).map(|put| &put.staged).chain(self.seen.staged.keys());
        let staged: HashSet<String> = staged.map(|name| self.remote.own(&format!("staged/{name}"))).collect();
        self.remote.store.delete(staged.into_iter().chain(self.seen.scraps.iter().cloned()).collect(), &|_| ())?;
        self.sweep_halves()?;
        let removed = self.prune(kept)?;
        // until now half-sent files are known for ours
        self.remote.store.delete(vec![self.remote.own(BEGUN)], &|_| ())?;
        Ok(removed)
    }

    /// What this run itself left half-sent before a further try went well.
    fn sweep_halves(&self) -> Result<(), Failure> {
        let store = &self.remote.store;
        if !self.remote.sends_under_other_names || !store.inner().has_stumbled() {
            return Ok(());
        }
        let names = Names::of(self.live.into_iter().chain([self.next]));
        let listed = self.remote.listed()?.files.into_keys();
        // what was there before it is others'
        let halves = listed.filter(|path| names.is_half_sent(path, true) && !self.seen.files.contains_key(path));
        store.delete(halves.map(|path| self.remote.live(&path)).collect(), &|_| ())
    }

    fn prune(&self, kept: HashSet<String>) -> Result<Vec<String>, Failure> {
        let live = &self.line.release;
        let mut named: Vec<&String> = self.chain.lines.iter().map(|line| &line.release).collect();
        named.retain(|id| self.seen.manifests.contains(id) && *id != live);
        named.sort();
        named.dedup();
        let stay: Vec<String> = named.iter().rev().take(self.remote.keep - 1).map(|id| (*id).clone()).collect();
        let unfinished = self.seen.begun.iter().map(|(id, _)| id).filter(|id| *id != live);
        let removed: Vec<String> = named.into_iter().filter(|id| !stay.contains(id)).cloned().collect();
        let manifests = removed.iter().chain(unfinished).map(|id| self.remote.own(&format!("manifests/{id}.json")));
        self.remote.store.delete(manifests.collect(), &|_| ())?;
        self.remote.forget(&kept, &stay)?;
        Ok(removed)
    }
}
