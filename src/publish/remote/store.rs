//! Transfers, many at once, for the rest of publishing, which knows nothing of waiting for one another.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::future::Future;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::task::{JoinHandle, JoinSet};

use super::listing::Listed;
use super::secrets::Secrets;
use super::service::Talents;
use super::wire::{Headers, Inner};
use crate::config::Service;
use crate::pipeline::Failure;
use crate::publish::{Step, refused};

/// A connection to a folder of a service. Paths count from there, without `/` at either end.
pub struct Store {
    runtime: Runtime,
    inner: Arc<Inner>,
    workers: usize,
}

impl Store {
    /// `base`: the folder of the service below which everything happens.
    pub fn open(service: &Service, base: &str, secrets: Secrets) -> Result<Self, Failure> {
        let inner = Inner::open(service, base, secrets)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.map_err(|error| inner.io("", error))?;
        Ok(Self { runtime, inner: Arc::new(inner), workers: service.workers })
    }

    pub fn talents(&self) -> Talents {
        self.inner.talents
    }

    pub fn place(&self) -> &str {
        &self.inner.place
    }

    /// Does the work for each item, several at once. After a failure nothing more is begun, what was begun is waited for,
    /// and the failure is returned.
    pub fn each<T, R, F, Fut>(&self, items: Vec<T>, work: F, done: &dyn Fn(&R)) -> Result<Vec<R>, Failure>
    where
        T: Send + 'static,
        R: Send + 'static,
        F: Fn(Arc<Inner>, T) -> Fut,
        Fut: Future<Output = Result<R, Failure>> + Send + 'static,
    {
        let count = items.len();
        self.runtime.block_on(async {
            let (mut items, mut running) = (items.into_iter().enumerate(), JoinSet::new());
            let mut results: Vec<Option<R>> = std::iter::repeat_with(|| None).take(count).collect();
            let mut failed = None;
            loop {
                while failed.is_none() && running.len() < self.workers {
                    let Some((at, item)) = items.next() else { break };
                    let task = work(self.inner.clone(), item);
                    running.spawn(async move { (at, task.await) });
                }
                match running.join_next().await {
                    None => break,
                    Some(Ok((at, Ok(result)))) => {
                        done(&result);
                        results[at] = Some(result);
                    }
                    Some(Ok((_, Err(failure)))) => failed = failed.or(Some(failure)),
                    Some(Err(panic)) => failed = failed.or(Some(self.inner.io("", io::Error::other(panic)))),
                }
            }
            match failed {
                Some(failure) => Err(failure),
                None => Ok(results.into_iter().flatten().collect()),
            }
        })
    }

    pub fn run<R>(&self, work: impl Future<Output = R>) -> R {
        self.runtime.block_on(work)
    }

    /// Waits until whatever was given up is over.
    pub fn settle(&self) {
        self.run(self.inner.settle());
    }

    /// The same, and says every second how long it is still: it may be minutes.
    pub fn settle_aloud(&self, progress: &dyn Fn(Step)) {
        let total = self.inner.late.rest().as_secs() as usize;
        while let left = self.inner.late.rest()
            && !left.is_zero()
        {
            let done = total.saturating_sub(left.as_secs() as usize);
            progress(Step { label: "没有做成，等没有回答的请求过去（秒）", done, total });
            std::thread::sleep(left.min(Duration::from_secs(1)));
        }
    }

    pub fn inner(&self) -> &Arc<Inner> {
        &self.inner
    }

    /// Starts work that goes on beside everything else, until it ends or is aborted.
    pub fn beside<R: Send + 'static>(&self, work: impl Future<Output = R> + Send + 'static) -> JoinHandle<R> {
        self.runtime.spawn(work)
    }

    pub fn read(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, Failure> {
        self.run(self.inner.read(path, most))
    }

    pub fn put(&self, path: &str, bytes: Vec<u8>) -> Result<(), Failure> {
        let headers = Headers { media: "application/json".into(), ..Headers::default() };
        self.run(self.inner.replace_with(path, bytes, &headers))
    }

    /// The files of a folder, without those of folders in it.
    pub fn beside_each_other(&self, folder: &str) -> Result<HashSet<String>, Failure> {
        let listed = self.run(self.inner.list(folder, false))?;
        Ok(listed.into_iter().map(|(path, _)| path).collect())
    }

    /// The same, those of them that are links.
    pub fn links(&self, folder: &str) -> Result<BTreeSet<String>, Failure> {
        let listed = self.run(self.inner.list(folder, false))?;
        Ok(listed.into_iter().filter(|(_, listed)| listed.is_link).map(|(path, _)| path).collect())
    }

    /// Deletes, and makes sure that nothing of it is there any more: a server's word is not enough. Nothing that was given up
    /// comes after it, or goes after somebody has looked.
    pub fn remove(&self, paths: Vec<String>, done: &dyn Fn(usize)) -> Result<(), Failure> {
        self.settle();
        self.delete(paths.clone(), done)?;
        self.settle();
        let look = |store: Arc<Inner>, path: String| async move { Ok(store.is_there(&path).await?.then_some(path)) };
        self.are_gone(self.each(paths, look, &|_| ())?.into_iter().flatten().collect())
    }

    /// `left`: what was deleted and is there all the same.
    pub fn are_gone(&self, left: Vec<String>) -> Result<(), Failure> {
        match left.first() {
            None => Ok(()),
            Some(first) => {
                let more = if left.len() > 1 { format!("，共 {} 个", left.len()) } else { String::new() };
                let reason = format!("没有删掉：服务器说删了，它还在{more}。请再运行一次；还不行的，请服务商删去");
                Err(refused(Path::new(&format!("{}/{first}", self.place())), reason))
            }
        }
    }

    pub fn delete(&self, paths: Vec<String>, done: &dyn Fn(usize)) -> Result<(), Failure> {
        let size = if self.inner.talents.is_object_store { 500 } else { 1 };
        let chunks: Vec<Vec<String>> = paths.chunks(size).map(<[String]>::to_vec).collect();
        self.each(chunks, |store, chunk| async move { store.delete(chunk).await }, &|count: &usize| done(*count))?;
        Ok(())
    }

    /// Makes the folders of these files that are not known to be there: one level after the other, because servers do not
    /// like to be asked for one folder twice at once. Object stores have none.
    pub fn make_folders<'a>(&self, files: impl Iterator<Item = &'a str>, known: &HashSet<&str>) -> Result<(), Failure> {
        if self.inner.talents.is_object_store {
            return Ok(());
        }
        let mut levels: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
        for file in files {
            let mut folder = file;
            while let Some((above, _)) = folder.rsplit_once('/') {
                let is_new = !known.contains(above)
                    && levels.entry(above.matches('/').count()).or_default().insert(above.to_owned());
                if !is_new {
                    break;
                }
                folder = above;
            }
        }
        for (_, folders) in levels {
            let make = |store: Arc<Inner>, folder: String| async move { store.make_folder(&folder).await };
            self.each(folders.into_iter().collect(), make, &|()| ())?;
        }
        Ok(())
    }

    /// Everything below a folder, by path from the top. Of the files of an object store of which the listing tells no tag
    /// (OBS, as OpenDAL reads it) each is asked for: without one nobody would see that it was changed.
    pub fn list(&self, folder: &str) -> Result<Vec<(String, Listed)>, Failure> {
        let listed = self.run(self.inner.list(folder, true))?;
        let is_told = |(_, listed): &(String, Listed)| !self.inner.talents.is_object_store || !listed.stamp.is_empty();
        let (mut told, silent): (Vec<_>, Vec<_>) = listed.into_iter().partition(is_told);
        let ask = |store: Arc<Inner>, (path, _): (String, Listed)| async move {
            let listed = store.stat(&path).await?;
            Ok(listed.map(|listed| (path, listed)))
        };
        told.extend(self.each(silent, ask, &|_| ())?.into_iter().flatten());
        Ok(told)
    }
}
