//! A folder as a target: where what lies in it, who may work in it, and what an interrupted run left behind.
//!
//! ```text
//! .gongkai-publish       that the folder is ours
//! .gongkai-lock          who is at work
//! .gongkai-pending       the line of the chain that is about to be written
//! .gongkai-seal          what the last line of the chain may be
//! releases/ID/           the files of a release, nothing else
//! manifests/ID.json      what they should be
//! releases.jsonl         the chain
//! cleared.json           what was withdrawn for privacy
//! current                → releases/ID, what a web server serves
//! ```

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::chain::Chain;
use super::cleared::Cleared;
use super::disk::{
    make_folder, names, of_temporary, read, remove_file, remove_folder, replace, supported, sync, temporary,
};
use super::{Failure, at, failure, refused};
use crate::emit;
use crate::model::Moment;

const MARKER: &str = ".gongkai-publish";
const MARK: &str = "gongkai 发布目标";
const MARKER_TEXT: &str = "gongkai 发布目标：这个文件夹由 gongkai publish 写入，网站服务器的根目录指向其中的 current。\n请不要改动这里的文件；检查用 gongkai verify，回退用 gongkai rollback。\n";
const LOCK: &str = ".gongkai-lock";

/// A folder that sites are published to.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
    /// How many releases stay.
    pub keep: usize,
}

/// Held until it is dropped, or its process dies.
pub struct Lock {
    /// None: of a target that somebody copied without it, and that is only read.
    _file: Option<File>,
}

impl Folder {
    /// `output` counts from `root`, the site's folder. Refused if the target is, holds or lies in what the site is made
    /// of, or where it is built.
    pub fn new(root: &Path, output: &Path, path: &str, keep: usize) -> Result<Self, Failure> {
        let Some(folder) = emit::Target::beside(root, Path::new(path)).map_err(failure)? else {
            let reason = "发布目标不能是网站的文件夹本身或它的上级，也不能与网站的 content 等文件夹重叠。请改 [publish] 的 path，例如 /srv/www/xian";
            return Err(refused(&root.join(path), reason));
        };
        let output = emit::Target::new(root, output).map_err(failure)?.output().to_owned();
        if folder.starts_with(&output) || output.starts_with(&folder) {
            return Err(refused(&folder, "发布目标与输出目录重叠。请为 [publish] 另选一个文件夹"));
        }
        Ok(Self { root: folder, keep })
    }

    /// A folder that no site is beside.
    pub fn at(path: &Path, keep: usize) -> Self {
        Self { root: path.to_owned(), keep }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn current(&self) -> PathBuf {
        self.root.join("current")
    }

    pub fn chain(&self) -> PathBuf {
        self.root.join("releases.jsonl")
    }

    pub fn pending(&self) -> PathBuf {
        self.root.join(".gongkai-pending")
    }

    /// What the last line of the chain may be, by SHA-256, a line each.
    pub fn seals(&self) -> PathBuf {
        self.root.join(".gongkai-seal")
    }

    /// What was withdrawn for privacy.
    fn cleared_file(&self) -> PathBuf {
        self.root.join("cleared.json")
    }

    /// With what is wrong with it, in Chinese.
    pub fn cleared(&self, chain: &Chain) -> Result<(Cleared, Option<String>), Failure> {
        Ok(Cleared::read(read(&self.cleared_file())?.as_deref(), chain))
    }

    pub fn note(&self, cleared: &Cleared) -> Result<(), Failure> {
        replace(&self.cleared_file(), &cleared.text())
    }

    /// A name for a file by which the clock of the file system is read.
    pub fn probe(&self) -> PathBuf {
        self.root.join(temporary("probe"))
    }

    pub fn releases(&self) -> PathBuf {
        self.root.join("releases")
    }

    pub fn release(&self, id: &str) -> PathBuf {
        self.releases().join(id)
    }

    /// Where a release is made.
    pub fn staging(&self, id: &str) -> PathBuf {
        self.releases().join(temporary(id))
    }

    pub fn manifest(&self, id: &str) -> PathBuf {
        self.root.join("manifests").join(format!("{id}.json"))
    }

    /// Whether anything was ever published here. Refused if others keep files here.
    pub fn is_ours(&self) -> Result<bool, Failure> {
        let marker = self.root.join(MARKER);
        match fs::symlink_metadata(&marker) {
            Ok(meta) if meta.is_file() && read(&marker)?.is_some_and(|text| text.starts_with(MARK)) => return Ok(true),
            Ok(_) => {
                return Err(refused(
                    &marker,
                    "它不是 gongkai 写的。请查明是谁放在这里的，或为 [publish] 另选一个文件夹",
                ));
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound) => {}
            Err(error) => return Err(at(&marker)(error)),
        }
        if self.is_copy()? {
            return Ok(true);
        }
        let first = match fs::read_dir(&self.root) {
            Ok(mut entries) => entries.find_map(Result::ok),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(at(&self.root)(error)),
        };
        match first.map(|entry| entry.file_name().to_string_lossy().into_owned()) {
            // a first run that was killed
            None => Ok(false),
            Some(name) if name == temporary(MARKER) => Ok(false),
            Some(name) => {
                let reason = format!(
                    "发布目标里已经有不是 gongkai 发布的文件（例如 {name}），什么也没有写入。请改 [publish] 的 path，指向一个空文件夹"
                );
                Err(refused(&self.root, reason))
            }
        }
    }

    /// Whether it is one of ours though nothing says so any more: who copies `*` leaves out what begins with a dot.
    fn is_copy(&self) -> Result<bool, Failure> {
        let is_folder = |path: PathBuf| fs::symlink_metadata(path).is_ok_and(|meta| meta.is_dir());
        let has_folders = is_folder(self.releases()) && is_folder(self.root.join("manifests"));
        Ok(has_folders && read(&self.chain())?.is_some_and(|text| Chain::of(text).last().is_some()))
    }

    /// For one who writes: the folder is made if need be. If another is at work, calls `waiting` and waits.
    pub fn lock(&self, waiting: &dyn Fn()) -> Result<Lock, Failure> {
        if !self.is_ours()? || !self.root.join(MARKER).exists() {
            make_folder(&self.root)?;
            // of two who come first at once, one finds that the other has done it
            let marked = replace(&self.root.join(MARKER), MARKER_TEXT);
            if !matches!(self.is_ours(), Ok(true)) {
                marked?;
            }
        }
        for folder in [self.releases(), self.root.join("manifests")] {
            make_folder(&folder)?;
        }
        self.is_plain()?;
        let path = self.root.join(LOCK);
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(at(&path))?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                waiting();
                file.lock().map_err(at(&path))?;
            }
            other => supported(other).map_err(at(&path))?,
        }
        Ok(Lock { _file: Some(file) })
    }

    /// For one who reads: nobody writes meanwhile. `None`: nothing was ever published here.
    pub fn read(&self, waiting: &dyn Fn()) -> Result<Option<Lock>, Failure> {
        let path = self.root.join(LOCK);
        if !self.is_ours()? {
            return Ok(None);
        }
        self.is_plain()?;
        if !path.exists() {
            let is_published = self.chain().exists() || fs::symlink_metadata(self.current()).is_ok();
            return Ok(is_published.then_some(Lock { _file: None }));
        }
        let file = File::open(&path).map_err(at(&path))?;
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => {
                waiting();
                file.lock_shared().map_err(at(&path))?;
            }
            other => supported(other).map_err(at(&path))?,
        }
        Ok(Some(Lock { _file: Some(file) }))
    }

    /// Whether the folders of our own are folders, and the lock a file: a link in place of one of them would lead what is
    /// written, or removed, to somewhere else.
    fn is_plain(&self) -> Result<(), Failure> {
        let folders = [self.releases(), self.root.join("manifests")].map(|path| (path, true));
        for (path, is_folder) in folders.into_iter().chain([(self.root.join(LOCK), false)]) {
            let is_right = match fs::symlink_metadata(&path) {
                Ok(meta) => {
                    if is_folder {
                        meta.is_dir()
                    } else {
                        meta.is_file()
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => true,
                Err(error) => return Err(at(&path)(error)),
            };
            if !is_right {
                return Err(refused(&path, "它被别人换成了链接或别的东西。请查明原因，把它移走"));
            }
        }
        Ok(())
    }

    /// The release that `current` leads to.
    pub fn live(&self) -> Result<Option<String>, Failure> {
        let current = self.current();
        match fs::symlink_metadata(&current) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(at(&current)(error)),
            Ok(meta) if meta.is_symlink() => {}
            Ok(_) => {
                return Err(refused(&current, "它应当是指向一个发布批次的链接，被别人换掉了。请查明原因，把它移走"));
            }
        }
        let link = fs::read_link(&current).map_err(at(&current))?;
        let id = link.strip_prefix("releases").ok().and_then(Path::to_str).filter(|id| is_id(id));
        match id {
            Some(id) => Ok(Some(id.to_owned())),
            None => {
                let reason =
                    format!("它被别人改为指向 {}。请查明原因，再用 gongkai rollback 选定一个发布批次", link.display());
                Err(refused(&current, reason))
            }
        }
    }

    /// The releases that can be gone back to, the oldest first: those that are whole and that the chain names. What lies there
    /// beside them somebody else has put there.
    pub fn all(&self, chain: &Chain) -> Result<Vec<String>, Failure> {
        let mut all = self.whole()?;
        all.retain(|id| chain.names(id));
        Ok(all)
    }

    /// All releases that have a folder and a manifest.
    pub fn whole(&self) -> Result<Vec<String>, Failure> {
        let folders = names(&self.releases())?;
        let whole = names(&self.root.join("manifests"))?.into_iter().filter_map(|name| {
            let id = name.strip_suffix(".json")?;
            (is_id(id) && folders.contains(id)).then(|| id.to_owned())
        });
        Ok(whole.collect())
    }

    /// What lies among the releases and is none, put there by somebody else.
    pub fn strangers(&self) -> Result<Vec<String>, Failure> {
        let all = names(&self.releases())?.into_iter();
        Ok(all.filter(|name| !is_id(name) && of_temporary(name).is_none()).collect())
    }

    /// Every name that a release has, whole or not: the live one may have lost its manifest.
    pub fn taken(&self) -> Result<Vec<String>, Failure> {
        let manifests = names(&self.root.join("manifests"))?;
        let of_manifests = manifests.iter().filter_map(|name| name.strip_suffix(".json")).map(str::to_owned);
        Ok(names(&self.releases())?.into_iter().chain(of_manifests).filter(|name| is_id(name)).collect())
    }

    /// Makes `current` lead to the release, at once: at no moment does it lead nowhere.
    #[cfg(unix)]
    pub fn switch(&self, id: &str) -> Result<(), Failure> {
        let aside = self.root.join(temporary("current"));
        remove_file(&aside)?;
        std::os::unix::fs::symlink(Path::new("releases").join(id), &aside).map_err(at(&aside))?;
        fs::rename(&aside, self.current()).map_err(at(&self.current()))?;
        sync(&self.root)
    }

    #[cfg(not(unix))]
    pub fn switch(&self, _: &str) -> Result<(), Failure> {
        Err(refused(&self.current(), "这个系统上没有可以原子切换的链接，目前不能发布到文件夹"))
    }

    /// Removes what runs left that were interrupted: temporary names, and releases that are not whole and were never live.
    /// Of one that was, somebody else has taken a part away, and may bring it back.
    pub fn sweep(&self, live: Option<&str>, chain: &Chain) -> Result<(), Failure> {
        let whole: BTreeSet<String> = self.whole()?.into_iter().collect();
        // where the chain is lost nobody knows which releases were live
        let is_lost = chain.last().is_none() && (live.is_some() || self.seals().exists());
        let is_rest = |id: &str| is_id(id) && !whole.contains(id) && live != Some(id) && !chain.names(id) && !is_lost;
        for name in names(&self.releases())? {
            if is_rest(&name) || of_temporary(&name).is_some_and(is_id) {
                remove_folder(&self.releases().join(&name))?;
            }
        }
        let manifests = self.root.join("manifests");
        for name in names(&manifests)? {
            if of_temporary(&name).is_some() || name.strip_suffix(".json").is_some_and(is_rest) {
                remove_file(&manifests.join(&name))?;
            }
        }
        ["current", "releases.jsonl", "cleared.json", ".gongkai-pending", ".gongkai-seal", "probe", MARKER]
            .into_iter()
            .try_for_each(|name| remove_file(&self.root.join(temporary(name))))
    }

    /// Removes every release but the live one, whoever put it there, and whatever is left of one. Returns which.
    pub fn purge(&self) -> Result<Vec<String>, Failure> {
        let live = self.live()?;
        let gone: BTreeSet<String> = self.taken()?.into_iter().filter(|id| live.as_ref() != Some(id)).collect();
        gone.iter().try_for_each(|id| self.remove(id))?;
        Ok(gone.into_iter().collect())
    }

    /// Whoever is interrupted leaves a temporary name, which the next run sweeps, or a manifest without a release.
    fn remove(&self, id: &str) -> Result<(), Failure> {
        let (release, aside) = (self.release(id), self.staging(id));
        remove_folder(&aside)?;
        match fs::rename(&release, &aside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(at(&release)(error)),
            _ => {}
        }
        remove_file(&self.manifest(id))?;
        remove_folder(&aside)
    }

    /// Removes releases of which there are too many, `chain` with the line of the live one; never that. Returns which.
    pub fn prune(&self, live: &str, chain: &Chain) -> Result<Vec<String>, Failure> {
        let all = self.all(chain)?;
        let stay = chain.stay(&all, live, self.keep);
        let oldest = stay.iter().map(String::as_str).chain([live]).min().unwrap_or(live);
        // and what is left of others that are older than all that stay
        let is_over = |id: &String| all.contains(id) || id.as_str() < oldest;
        let is_old = |id: &String| id != live && !stay.contains(id) && chain.names(id) && is_over(id);
        let gone: BTreeSet<String> = self.taken()?.into_iter().filter(is_old).collect();
        gone.iter().try_for_each(|id| self.remove(id))?;
        Ok(gone.into_iter().collect())
    }
}

/// `20261126T021500-0123abcd`
pub fn is_id(name: &str) -> bool {
    name.split_once('-').is_some_and(|(time, hash)| {
        let is_hash = hash.len() == 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hash && time.len() == 15 && Moment::of_compact(time).is_some()
    })
}

/// The name for a release of this manifest; later than all others whatever the clock says, so that names sort.
pub fn new_id(now: i64, manifest: &str, others: &[String]) -> String {
    let last = others.iter().filter_map(|id| Moment::of_compact(id.split_once('-')?.0)).max();
    let time = last.map_or(now, |last| now.max(last + 1));
    format!("{}-{}", Moment::compact(time), &manifest[..8])
}
