//! Whether a release that was sent is there as it was meant: nothing is noted for live that was not found right.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::journal::Pen;
use super::listing::Listed;
use super::look::{Record, is_hidden};
use super::transfer::{Copy, Put, Transfer};
use super::wire::Inner;
use crate::pipeline::Failure;
use crate::publish::manifest::Entry;
use crate::publish::refused;
use crate::source::Digest;

impl Transfer<'_> {
    /// Whether every file of the release is there, as the server lists it; what it lists is noted. Of what is to go, that
    /// is noted which is still what was looked at; the second: what is others' by now.
    pub(super) fn check(
        &self,
        (added, changed): (&[Put], &[Put]),
        gone: &[String],
        pen: &Pen,
    ) -> Result<(Record, Vec<String>), Failure> {
        let mut listed = self.listing()?;
        let is_lost = |put: &&Put| listed.get(&put.to).is_none_or(|there| there.size != put.wanted.size);
        let lost: Vec<Put> = added.iter().chain(changed).filter(is_lost).cloned().collect();
        // a request that came twice has taken away what the first one had brought
        if !lost.is_empty() && self.remote.store.talents().replaces {
            self.put_again(&lost, pen)?;
            self.remote.store.settle();
            listed = self.listing()?;
        }
        for entry in &self.next.files {
            self.is_there(entry, listed.get(&self.remote.live(&entry.path)))?;
        }
        self.are_copied(changed, &listed)?;
        self.are_tagged(added.iter().map(|put| (put.to.clone(), &put.wanted)).collect(), &listed)?;
        let put: HashSet<&str> = added.iter().chain(changed).map(|put| put.to.as_str()).collect();
        let live = self.next.files.iter().filter_map(|entry| {
            let path = self.remote.live(&entry.path);
            let there = listed.get(&path)?;
            // what was not touched is what it was when it was found right, or is read the next time
            let is_known = put.contains(path.as_str()) || self.seen.files.get(&entry.path) == Some(there);
            is_known.then(|| (entry.path.clone(), there.size, there.stamp.clone()))
        });
        let accepted = self.accepted.iter().filter(|path| self.next.entry(path).is_none());
        let others = accepted.filter_map(|path| {
            let listed = self.seen.files.get(path)?;
            Some((path.clone(), listed.size, listed.stamp.clone()))
        });
        let release = self.line.release.clone();
        let size = |path: &String| self.seen.files.get(path).map_or(0, |there| there.size);
        let (theirs, small) = (self.others(gone, &listed)?, self.small());
        let is_to_go = |path: &&String| !theirs.contains(path) && !self.became_another(path, &listed, &small);
        let undone = gone.iter().filter(is_to_go).map(|path| (path.clone(), size(path))).collect();
        let releases = self.stays()?.0.into_iter().chain([release.clone()]).collect();
        Ok((Record { release, live: live.collect(), others: others.collect(), undone, releases }, theirs))
    }

    fn listing(&self) -> Result<HashMap<String, Listed>, Failure> {
        Ok(self.remote.store.list(&self.remote.site)?.into_iter().collect())
    }

    fn is_there(&self, entry: &Entry, listed: Option<&Listed>) -> Result<(), Failure> {
        let what = match listed {
            Some(there) if there.size == entry.size => return Ok(()),
            None if self.remote.sends_under_other_names && is_hidden(&entry.path) => {
                let wanted = Digest { size: entry.size, sha256: entry.sha256.clone() };
                let store = &self.remote.store;
                return store.run(store.inner().is_arrived(&self.remote.live(&entry.path), &wanted));
            }
            Some(_) => "大小不对",
            None => "不见了",
        };
        let reason = format!("传完以后核对，{what}。没有完成发布，请再运行一次");
        Err(refused(&PathBuf::from(format!("{}/{}", self.remote.place(), entry.path)), reason))
    }

    /// Whether an object store has copied what it was told to. What other servers moved was read when it was moved, and
    /// what was sent when it was sent.
    fn are_copied(&self, changed: &[Put], listed: &HashMap<String, Listed>) -> Result<(), Failure> {
        if !self.remote.store.talents().is_object_store || !self.stages() {
            return Ok(());
        }
        let puts = changed.iter().map(|put| {
            let tag = listed.get(&put.to).map(|there| there.stamp.clone()).unwrap_or_default();
            (put.clone(), tag)
        });
        let look = |store: Arc<Inner>, (put, tag): (Put, String)| async move {
            store.is_as_sent(&put.to, &tag, put.from.as_deref(), &put.wanted).await
        };
        self.remote.store.each(puts.collect(), look, &|()| ()).map(drop)
    }

    /// Whether changed files lie aside as they were sent: before the first of them is put in its place.
    pub(super) fn are_staged(&self, changed: &[Put]) -> Result<(), Failure> {
        let store = &self.remote.store;
        let sent: Vec<&Put> = changed.iter().filter(|put| put.from.is_some()).collect();
        if sent.is_empty() || !store.talents().is_object_store || !self.stages() {
            return Ok(());
        }
        let listed = store.list(&self.remote.own("staged"))?.into_iter().collect();
        let path = |put: &Put| self.remote.own(&format!("staged/{}", put.staged));
        self.are_tagged(sent.into_iter().map(|put| (path(put), &put.wanted)).collect(), &listed)
    }

    /// Whether an object store lists what was sent with the tag that it answered then. What it lists with another one, or
    /// not at all, is read.
    fn are_tagged(&self, sent: Vec<(String, &Digest)>, listed: &HashMap<String, Listed>) -> Result<(), Failure> {
        if !self.remote.store.talents().is_object_store {
            return Ok(());
        }
        let journal = self.remote.journal();
        let is_sure = |path: &str, wanted: &Digest| {
            let there = listed.get(path).filter(|there| there.size == wanted.size);
            // what was sent in parts was read when it was sent
            there.is_some_and(|there| {
                journal.unchanged(path, &there.stamp) == Some(&wanted.sha256) || !journal.has_tag(path)
            })
        };
        let doubtful = sent.into_iter().filter(|(path, wanted)| !is_sure(path, wanted));
        let doubtful = doubtful.map(|(path, wanted)| (path, wanted.clone())).collect();
        let look =
            |store: Arc<Inner>, (path, wanted): (String, Digest)| async move { store.is_arrived(&path, &wanted).await };
        self.remote.store.each(doubtful, look, &|()| ()).map(drop)
    }

    /// Whether the bytes that are about to go are kept.
    pub(super) fn are_kept(&self, copies: Vec<Copy>) -> Result<(), Failure> {
        if copies.is_empty() || !self.remote.store.talents().is_object_store {
            return Ok(());
        }
        let look = |store: Arc<Inner>, (_, to, wanted): Copy| async move { store.is_arrived(&to, &wanted).await };
        self.remote.store.each(self.doubtful(copies)?, look, &|()| ()).map(drop)
    }

    /// An object store's copy has the tag of what it was made from, or is to be read.
    fn doubtful(&self, copies: Vec<Copy>) -> Result<Vec<Copy>, Failure> {
        let kept: HashMap<String, Listed> = self.remote.store.list(&self.remote.own("kept"))?.into_iter().collect();
        let was = |from: &str| {
            let path = from.strip_prefix(&self.remote.site).unwrap_or(from).trim_start_matches('/');
            self.seen.files.get(path)
        };
        let is_same = |was: &Listed, to: &str| kept.get(to).is_some_and(|copy| copy.is_still(was.size, &was.stamp));
        let is_sure = |from: &str, to: &str| was(from).is_some_and(|was| is_same(was, to));
        Ok(copies.into_iter().filter(|(from, to, _)| !is_sure(from, to)).collect())
    }

    /// Once more, after they have gone: a request to copy that was given up, or that came a second time, may have been done in
    /// between. Bytes that are others than their name says are worse than none. An object store tells of all in a listing;
    /// elsewhere each would have to be read, so it is done if anything was given up.
    pub(super) fn are_still_kept(&self, copies: Vec<Copy>) -> Result<(), Failure> {
        let store = &self.remote.store;
        let copies = match store.inner().late.has_any() {
            true => copies,
            false if copies.is_empty() || !store.talents().is_object_store => return Ok(()),
            false => self.doubtful(copies)?,
        };
        let look = |store: Arc<Inner>, (_, to, wanted): Copy| async move {
            Ok((store.digest(&to, wanted.size).await?.as_ref() != Some(&wanted)).then_some(to))
        };
        let others: Vec<String> = store.each(copies, look, &|_| ())?.into_iter().flatten().collect();
        let Some(first) = others.first().cloned() else { return Ok(()) };
        let reason = format!("为回退保留的 {} 个文件被改动了，已经删去，不能再回退到用到它们的批次", others.len());
        store.remove(others, &|_| ())?;
        Err(refused(&PathBuf::from(format!("{}/{first}", store.place())), reason))
    }
}
