//! What comes after a release is live: what is withdrawn goes, and what is no longer needed.

use std::collections::HashSet;

use super::half::Names;
use super::look::BEGUN;
use super::transfer::{Counter, Put, Transfer};
use crate::pipeline::Failure;
use crate::publish::chain::Chain;

impl Transfer<'_> {
    /// What comes after: withdrawn files, staged ones, and releases that are too old. Returns which releases went, and what
    /// was to go and is others' by now.
    pub(super) fn clear(
        &self,
        changed: &[Put],
        gone: &[String],
        kept: HashSet<String>,
    ) -> Result<(Vec<String>, Vec<String>), Failure> {
        let step = Counter::new("删除撤下的文件", gone.len(), self.progress);
        let theirs = self.delete(gone, &|count| step.tick(count))?;
        self.clear_staged(changed)?;
        self.clear_aside()?;
        self.sweep_halves()?;
        let removed = self.prune(kept);
        // until now half-sent files are known for ours
        self.remote.store.remove(vec![self.remote.own(BEGUN)], &|_| ())?;
        Ok((removed?, theirs))
    }

    /// What was sent aside, and what was on its way when a run was interrupted.
    fn clear_staged(&self, changed: &[Put]) -> Result<(), Failure> {
        let store = &self.remote.store;
        let folder = self.remote.own("staged");
        // what was moved into its place is no longer there, but for what a try had that was given up
        store.settle();
        let is_copied = store.talents().is_object_store;
        let is_left = |_: &&Put| is_copied && self.files.is_some();
        let staged = changed.iter().filter(is_left).map(|put| &put.staged).chain(self.seen.staged.keys());
        let mut staged: HashSet<String> = staged.map(|name| format!("{folder}/{name}")).collect();
        if !is_copied && store.inner().has_stumbled() {
            staged.extend(store.list(&folder)?.into_iter().map(|(path, _)| path));
        }
        let rest = staged.into_iter().chain(self.seen.scraps.iter().cloned());
        if !is_copied {
            return store.remove(rest.collect(), &|_| ());
        }
        // one listing tells of all, without a question for each
        store.delete(rest.collect(), &|_| ())?;
        store.settle();
        let left = store.list(&folder)?.into_iter().map(|(path, _)| path).collect();
        store.are_gone(left)
    }

    /// What was out of the way for what is live now, where it could not be removed at once.
    fn clear_aside(&self) -> Result<(), Failure> {
        let store = &self.remote.store;
        let talents = store.talents();
        if !talents.renames || talents.replaces || !store.inner().has_stumbled() {
            return Ok(());
        }
        let left = store.list(&store.inner().aside)?.into_iter().map(|(path, _)| path);
        store.remove(left.collect(), &|_| ())
    }

    /// What this run itself left half-sent before a further try went well.
    fn sweep_halves(&self) -> Result<(), Failure> {
        let store = &self.remote.store;
        if !self.remote.sends_under_other_names || !store.inner().has_stumbled() {
            return Ok(());
        }
        let names = Names::of(self.live.into_iter().chain([self.next]));
        let listed = self.remote.listed()?;
        // what was there before it is others'
        let in_site = listed.files.into_keys().filter(|path| !self.seen.files.contains_key(path));
        let outside = listed.outside.into_iter().filter(|path| !self.seen.outside.contains(path));
        let in_site = in_site.filter(|path| names.is_half_sent(path, true)).map(|path| self.remote.live(&path));
        let outside = outside.filter(|path| names.is_half_sent(path, true));
        store.remove(in_site.chain(outside).collect(), &|_| ())
    }

    fn prune(&self, kept: HashSet<String>) -> Result<Vec<String>, Failure> {
        if self.clears {
            return Ok(Vec::new());
        }
        let live = &self.line.release;
        let (stay, removed) = self.stays()?;
        // an earlier release that somebody was going back to stays one
        let begun = self.seen.begun.iter().map(|(id, _)| id);
        let unfinished = begun.filter(|id| *id != live && !self.chain.names(id));
        let manifests = removed.iter().chain(unfinished).map(|id| self.remote.own(&format!("manifests/{id}.json")));
        self.remote.store.remove(manifests.collect(), &|_| ())?;
        // while a manifest is missing, nobody knows what it needs; who accepts that gives the release up
        let lost = self.seen.lost().filter(|_| !self.line.accepted);
        let needed: Vec<String> = stay.iter().chain(lost).cloned().collect();
        // who goes back has nothing more to do for it: the next release tells
        if self.files.is_none() && !self.remote.unbelieved(&needed, self.chain)?.is_empty() {
            return Ok(removed);
        }
        self.remote.forget(&kept, &needed, self.chain)?;
        Ok(removed)
    }

    /// Which earlier releases stay, and which go.
    pub(super) fn stays(&self) -> Result<(Vec<String>, Vec<String>), Failure> {
        let live = &self.line.release;
        let is_named = |id: &&String| *id != live && self.chain.names(id);
        let named: Vec<String> = self.seen.manifests.iter().filter(is_named).cloned().collect();
        let keep = if self.clears { 1 } else { self.remote.keep };
        let mut stay = Chain::of(self.chain.with(self.line)).stay(&named, live, keep);
        if self.line.accepted {
            // to one whose manifest somebody changed nobody goes back
            let faulty = self.remote.unbelieved(&stay, self.chain)?;
            stay.retain(|id| !faulty.contains(id));
        }
        let removed = named.into_iter().filter(|id| !stay.contains(id)).collect();
        Ok((stay, removed))
    }
}
