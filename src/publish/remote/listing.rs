//! What lies in a folder, as a server tells it. What is deleted later is chosen from listings, so an answer to another
//! question than was asked is no answer.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_core::Stream;
use opendal::{Entry, EntryMode, ErrorKind, Metadata, Operator};
use tokio::task::JoinSet;

use super::service::Talents;
use super::wire::Inner;
use super::words::{has_died, is_nowhere, silent};
use crate::pipeline::Failure;

/// A file as a listing tells of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    pub size: u64,
    /// The entity tag, else the time of change: if it is the same, so is the file, as far as the server can tell.
    pub stamp: String,
    /// It is none, nor a folder, but leads to another place. Only told by listings, and by no HTTP server.
    pub is_link: bool,
}

impl Listed {
    /// Whether it is told to be what it was. Of what has neither tag nor time nobody can say.
    pub fn is_still(&self, size: u64, stamp: &str) -> bool {
        !stamp.is_empty() && (self.size, self.stamp.as_str()) == (size, stamp)
    }

    /// Whether a server may mean the same file by both. Apache calls tags weak while a file is a second old.
    pub fn looks_like(&self, other: &Self) -> bool {
        let tag = |stamp: &str| stamp.trim_start_matches("W/").trim_matches('"').to_owned();
        self.size == other.size && tag(&self.stamp) == tag(&other.stamp)
    }

    fn of(meta: &Metadata) -> Self {
        let time = || meta.last_modified().map(|time| time.to_string());
        let stamp = meta.etag().map(str::to_owned).or_else(time).unwrap_or_default();
        Self { size: meta.content_length(), stamp, is_link: meta.mode() == EntryMode::Unknown }
    }
}

/// A listing may take as long as a transfer of so many bytes.
const LISTING: u64 = 16 << 20;

/// No site has more files: a listing beyond this has no end, or is of something else.
const MOST: usize = 5_000_000;

/// As many files as a service tells of at once. OSS gives a hundred to whoever does not ask for more.
const PAGE: usize = 1000;

/// A question for what is in a folder.
#[derive(Clone)]
struct Question {
    operator: Operator,
    lister: Operator,
    /// See `Inner`.
    pages: Arc<AtomicU64>,
    talents: Talents,
    /// With `/` at its end.
    folder: String,
    deep: bool,
    /// Nobody waits longer for the next file that is told of.
    patience: Duration,
}

impl Inner {
    /// `deep`: with the folders in it.
    pub async fn list(&self, folder: &str, deep: bool) -> Result<Vec<(String, Listed)>, Failure> {
        let folder = if folder.is_empty() { "/".to_owned() } else { format!("{folder}/") };
        let (operator, lister, pages) = (self.operator.clone(), self.lister.clone(), self.pages.clone());
        let (talents, patience) = (self.talents, patience(self.talents, self.timeout));
        let question = Question { operator, lister, pages, talents, folder: folder.clone(), deep, patience };
        let found = match self.again(&folder, LISTING, || question.clone().answer()).await {
            Ok(found) => found,
            Err(error) if error.kind() == ErrorKind::NotFound && is_nowhere(&error) => Vec::new(),
            Err(error) => return Err(self.failure(&folder, &error)),
        };
        // what is neither a file nor a folder is there too; a link to a folder has the name of a file
        let files = found.into_iter().filter(|entry| !entry.path().ends_with('/'));
        let listed = files.map(|entry| {
            let (path, meta) = entry.into_parts();
            (path, Listed::of(&meta))
        });
        Ok(listed.collect())
    }

    /// A file as the server tells of it alone; `None`: it is not there.
    pub async fn stat(&self, path: &str) -> Result<Option<Listed>, Failure> {
        match self.again(path, 0, || self.operator.stat(path)).await {
            Ok(meta) => Ok(Some(Listed::of(&meta))),
            Err(error) if is_nowhere(&error) => Ok(None),
            Err(error) => Err(self.failure(path, &error)),
        }
    }
}

/// How long the next file of a listing is waited for. By HTTP a file may come many pages later, so each page has a limit of
/// its own (`transport`). FTP hands over a folder as a whole: that of a slow line gets twice the time.
fn patience(talents: Talents, timeout: Duration) -> Duration {
    match talents.is_object_store || talents.replaces {
        true => Duration::MAX,
        false => timeout * 2,
    }
}

impl Question {
    /// OpenDAL panics over a path that is not below the folder where everything happens.
    async fn answer(self) -> Result<Vec<Entry>, opendal::Error> {
        let (folder, mut task) = (self.folder.clone(), JoinSet::new());
        task.spawn(self.ask_or_say_why_not());
        match task.join_next().await {
            Some(Ok(answer)) => answer,
            _ => Err(foreign(&folder, "别的文件夹里的")),
        }
    }

    async fn ask_or_say_why_not(self) -> Result<Vec<Entry>, opendal::Error> {
        match self.ask().await {
            Err(error) if has_died(&error) => Err(self.unreadable().await.unwrap_or(error)),
            answer => answer,
        }
    }

    /// The client of SFTP gives up its connection over a name that is not UTF-8, and says no more than when the line is cut.
    /// The folder is the one of which it does so again, on a new connection that is there to be asked.
    async fn unreadable(&self) -> Option<opendal::Error> {
        let mut folders = vec![self.folder.clone()];
        while let Some(folder) = folders.pop() {
            let one = Self { folder: folder.clone(), deep: false, ..self.clone() };
            match one.ask().await {
                Ok(found) => {
                    let paths = found.iter().map(Entry::path).filter(|path| self.deep && *path != folder);
                    folders.extend(paths.filter(|path| path.ends_with('/')).map(str::to_owned));
                }
                Err(error) if has_died(&error) => {
                    self.next(self.operator.stat(&folder)).await.ok()?.ok()?;
                    return one.ask().await.is_err_and(|error| has_died(&error)).then(|| not_utf8(&folder));
                }
                Err(_) => return None,
            }
        }
        None
    }

    async fn next<T>(&self, work: impl Future<Output = T>) -> Result<T, opendal::Error> {
        tokio::time::timeout(self.patience, work).await.map_err(|_| silent(self.patience))
    }

    async fn ask(&self) -> Result<Vec<Entry>, opendal::Error> {
        let folder = self.folder.as_str();
        // to list a folder that is not there some servers (and OpenDAL, of FTP) never come to an end
        if folder != "/" && !self.talents.is_object_store && !self.next(self.operator.exists(folder)).await?? {
            return Ok(Vec::new());
        }
        self.pages.store(0, Ordering::SeqCst);
        let lister = self.lister.lister_with(folder).recursive(self.deep);
        let mut lister = if self.talents.is_object_store { lister.limit(PAGE).await? } else { lister.await? };
        let mut found = Vec::new();
        while let Some(entry) = self.next(poll_fn(|context| Pin::new(&mut lister).poll_next(context))).await? {
            let entry = entry?;
            if !is_in(entry.path(), folder, self.deep) {
                return Err(foreign(folder, entry.path()));
            }
            found.push(entry);
            self.pages.store(0, Ordering::SeqCst);
            if found.len() > MOST {
                return Err(opendal::Error::new(ErrorKind::ConfigInvalid, "文件超过 500 万个，检查 path 和 bucket"));
            }
        }
        Ok(found)
    }
}

/// Whether what a listing names is the folder that was asked for, or lies in it: directly, if not `deep`.
fn is_in(path: &str, folder: &str, deep: bool) -> bool {
    if path == folder {
        return true;
    }
    let name = if folder == "/" { Some(path) } else { path.strip_prefix(folder) };
    let is_name = |part: &str| !["", ".", ".."].contains(&part);
    name.map(|name| name.strip_suffix('/').unwrap_or(name))
        .is_some_and(|name| name.split('/').all(is_name) && (deep || !name.contains('/')))
}

/// Another try would be answered in the same way.
fn foreign(folder: &str, path: &str) -> opendal::Error {
    let words = format!(
        "问的是 {folder} 里有什么，回答里却有 {path}，不在那里面。多半是服务器前面的缓存或代理答错了，没有照办，什么也没有删。\
         请服务商检查；真有这样的名称的，请把它删去"
    );
    opendal::Error::new(ErrorKind::ConfigInvalid, words)
}

/// Another try would end in the same way.
fn not_utf8(folder: &str) -> opendal::Error {
    let folder = if folder == "/" { "最上面的文件夹".into() } else { format!("文件夹 {folder} ") };
    let words = format!(
        "{folder}的内容 SFTP 的程序读不出来，多半里面有文件或文件夹的名称不是 UTF-8（旧系统上常是 GBK），不属于网站的也一样。\
         请在服务器上把名称改成 UTF-8，或把它移到别处，移出网站所在的文件夹"
    );
    opendal::Error::new(ErrorKind::ConfigInvalid, words)
}
