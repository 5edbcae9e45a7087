//! The repository on this machine, which can be lost: whatever is wrong with it, it is made anew from what the branches hold,
//! and only what a new one says, too, is said of the branches.
//!
//! ```text
//! .gongkai/git-HASH/        the repository
//! .gongkai/git-HASH.new/    one that is being fetched to take its place
//! .gongkai/git-HASH.old/    one whose place was taken, or that has to be forgotten, on its way out
//! .gongkai/git-HASH.verify/ what `verify` fetched
//! ```
//!
//! It is never removed where it lies, because half a repository looks like a branch of somebody else's. What a killed run
//! left of the others, whoever takes the lock sweeps.

use std::fs;
use std::io;
use std::path::Path;

use super::{Branch, Refs};
use crate::pipeline::Failure;
use crate::publish::at;
use crate::publish::disk::remove_file;
use crate::publish::git::{Failed, Git};

/// What lies beside the repository for a while.
const ASIDE: [&str; 3] = ["new", "old", "verify"];

/// How closely a repository is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Check {
    /// All that its refs lead to is there: some milliseconds, for every run.
    There,
    /// And every byte is what its name says: for whoever has a reason to doubt it.
    Sound,
}

impl Branch {
    /// Sweeps what killed runs left. Only for who has the lock to himself: git holds it as long as it works here, so that
    /// none of its own locks can be anybody's any more.
    pub(super) fn sweep(&self) -> Result<(), Failure> {
        ASIDE.iter().try_for_each(|ending| remove(&self.cache.with_extension(ending)))?;
        unlock(&self.cache);
        Ok(())
    }

    /// Makes a repository, unless there is one; what is left of one that git does not take for one is used.
    pub(super) fn init(&self, git: &Git, folder: &Path) -> Result<(), Failure> {
        match git.line(["rev-parse", "--is-bare-repository"]) {
            Ok(answer) if answer == "true" => return Ok(()),
            Ok(_) | Err(Failed::Ended { .. }) => {}
            Err(failed) => return Err(git.failure("rev-parse", failed)),
        }
        fs::create_dir_all(folder).map_err(at(folder))?;
        // they say nothing that is not said anew, and objects that are still to be pushed lie beside them
        ["config", "HEAD"].iter().try_for_each(|name| remove_file(&folder.join(name)))?;
        let made = git.run(["init", "--bare", "--quiet", "--template="]);
        made.map(drop).map_err(|failed| git.failure("init", failed))
    }

    /// The tips, in a repository that can be worked with. Of one who `writes` an interrupted switch is completed. Refused if
    /// the branches are somebody else's.
    pub(super) fn ready(&self, writes: bool) -> Result<Refs, Failure> {
        let git = &self.git;
        let begun = self.init(git, &self.cache).and_then(|()| if writes { self.recover() } else { Ok(()) });
        match begun.and_then(|()| self.fetch(git)) {
            Ok(refs) if self.is_whole(Check::There) && self.is_ours(git, &refs).is_ok() => Ok(refs),
            Err(failure) if self.is_whole(Check::Sound) => Err(failure),
            _ => self.renew(),
        }
    }

    /// Does it in the repository on this machine. Should it fail there, or come to what is doubted, and the repository be
    /// damaged, it is done once more in a new one.
    pub(super) fn sound<T, E: From<Failure>>(
        &self,
        work: impl Fn() -> Result<T, E>,
        is_doubted: impl Fn(&T) -> bool,
    ) -> Result<T, E> {
        match work() {
            Ok(done) if !is_doubted(&done) => Ok(done),
            doubtful if self.is_whole(Check::Sound) => doubtful,
            _ => {
                self.renew()?;
                work()
            }
        }
    }

    /// Puts a new repository in the place of the one that is there, which stays if that cannot be done.
    fn renew(&self) -> Result<Refs, Failure> {
        let folder = self.cache.with_extension("new");
        remove(&folder)?;
        let git = self.git.with(&folder);
        let fetched = self.init(&git, &folder).and_then(|()| self.ours(&git)).and_then(|refs| {
            // who writes has pushed what was waiting, if it could be had
            match self.is_half(&refs) {
                true => Err(self.refused(format!(
                    "上一次发布没有做完（两个分支只更新了一个），这台机器上的缓存（.gongkai）也损坏了。请先运行一次 gongkai publish {}",
                    self.name
                ))),
                false => Ok(refs),
            }
        });
        let refs = match fetched {
            Ok(refs) => refs,
            Err(failure) => {
                remove(&folder)?;
                return Err(failure);
            }
        };
        self.discard()?;
        fs::rename(&folder, &self.cache).map_err(at(&self.cache))?;
        Ok(refs)
    }

    /// Removes the repository: under another name, so that whoever is killed here leaves none or all of it.
    pub(super) fn discard(&self) -> Result<(), Failure> {
        let aside = self.cache.with_extension("old");
        remove(&aside)?;
        match fs::rename(&self.cache, &aside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(at(&self.cache)(error)),
            _ => {}
        }
        remove(&aside)
    }

    /// What could not be asked counts as an answer: that there is no `git` is no damage.
    fn is_whole(&self, check: Check) -> bool {
        let fsck = ["fsck", "--no-dangling", "--no-progress"];
        let quick = (check == Check::There).then_some("--connectivity-only");
        !matches!(self.git.run(fsck.into_iter().chain(quick)), Err(Failed::Ended { .. }))
    }
}

/// Removes whatever is there, a folder or a file.
pub(super) fn remove(path: &Path) -> Result<(), Failure> {
    let removed = match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(at(path)(error)),
        _ => Ok(()),
    }
}

/// Removes git's locks; of one that stays git itself will speak.
fn unlock(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => unlock(&path),
            Ok(_) if path.extension().is_some_and(|ending| ending == "lock") => _ = fs::remove_file(&path),
            _ => {}
        }
    }
}
