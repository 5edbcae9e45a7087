//! A branch of a git repository as a target, for hosts that serve one. What is live is the branch's tip; what publishing
//! keeps is in a second branch beside it, so that the host serves the site alone.
//!
//! ```text
//! BRANCH                       the site, a commit for each time that another release became live; and `.nojekyll`
//! BRANCH-gongkai
//!   releases.jsonl             the chain, whose last line is live
//!   manifests/ID.json          releases that are kept
//!   commits.json               where each of them lies in BRANCH
//!   cleared.json               what was withdrawn for privacy
//! .gongkai/git-HASH/           on this machine: a repository without a work tree, which can be lost
//! ```
//!
//! Both branches are pushed at once (`--atomic`), each only if it is as it was found (`--force-with-lease`): so the site
//! switches in a moment, of two who publish at the same time the later one hears of it, and whoever is killed leaves the
//! old release or the new one.
//!
//! | module | holds |
//! |---|---|
//! | `cache` | the repository on this machine, and what is done when it is damaged |
//! | `objects` | trees, and the bytes of blobs |
//! | `look` | what is there now, beside what should be |
//! | `import` | commits made from files, without a work tree |
//! | `push` | the switch, and what an interrupted one left |
//! | `release` | what a release, going back, and forgetting come to |

mod cache;
mod import;
mod look;
mod objects;
mod push;
mod release;

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::disk::supported;
use super::git::{Account, Git, without_passwords};
use super::{at, failure, refused};
use crate::emit;
use crate::model::Hash128;
use crate::pipeline::Failure;

pub use look::Seen;

/// A branch that sites are published to.
pub struct Branch {
    /// The target's, for who is told to run a command.
    name: String,
    /// As `site.toml` says, an address or a path from the site's folder.
    repository: String,
    branch: String,
    /// How many releases stay.
    pub keep: usize,
    git: Git,
    /// The site's folder, and ours on this machine: a repository, and beside it a file for the lock.
    root: PathBuf,
    cache: PathBuf,
    lock: Arc<File>,
}

/// Held until it is dropped: nobody of this machine publishes there meanwhile. Who does so on another one is found out when
/// the branches are pushed.
pub struct Lock {
    file: Arc<File>,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // the file stays open longer than the lock is wanted
        let _ = self.file.unlock();
    }
}

/// The tips of both branches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refs {
    pub site: Option<String>,
    pub state: Option<String>,
}

/// Where the tips lie in the repository on this machine.
const SITE: &str = "refs/gongkai/site";
const STATE: &str = "refs/gongkai/state";

impl Branch {
    /// `output`: where the site is built. `name`: that of the target. `env` reads a variable of the environment.
    pub fn open(
        (root, output): (&Path, &emit::Target),
        name: &str,
        (repository, branch, keep): (&str, &str, usize),
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, Failure> {
        let root = fs::canonicalize(root).map_err(at(root))?;
        let hash = Hash128::of(&(repository, branch)).to_string();
        let cache = output.state().join(format!("git-{}", &hash[..16]));
        output.create_state().map_err(failure)?;
        let path = cache.with_extension("lock");
        let lock = File::options().create(true).truncate(false).write(true).open(&path).map_err(at(&path))?;
        let lock = Arc::new(lock);
        let place = format!("{}（分支 {branch}）", without_passwords(repository));
        let git = Git::new(&root, &cache, account(name, repository, env), Some(lock.clone()), &place);
        let (name, repository, branch) = (name.to_owned(), repository.to_owned(), branch.to_owned());
        Ok(Self { name, repository, branch, keep, git, root, cache, lock })
    }

    /// For people.
    pub fn place(&self) -> String {
        format!("{}（分支 {}）", without_passwords(&self.repository), self.branch)
    }

    fn site_ref(&self) -> String {
        format!("refs/heads/{}", self.branch)
    }

    fn state_ref(&self) -> String {
        format!("refs/heads/{}-gongkai", self.branch)
    }

    fn refused(&self, reason: impl Into<String>) -> Failure {
        refused(Path::new(&self.place()), reason)
    }

    /// For one who writes; an interrupted switch is completed. If another is at work, calls `waiting` and waits.
    pub fn lock(&self, waiting: &dyn Fn()) -> Result<Lock, Failure> {
        let lock = self.take(waiting)?;
        self.ready(true)?;
        Ok(lock)
    }

    /// For one who reads. `None`: nothing was ever published here.
    pub fn read(&self, waiting: &dyn Fn()) -> Result<Option<Lock>, Failure> {
        let lock = self.take(waiting)?;
        Ok(self.ready(false)?.state.map(|_| lock))
    }

    fn take(&self, waiting: &dyn Fn()) -> Result<Lock, Failure> {
        match self.lock.try_lock() {
            Err(TryLockError::WouldBlock) => {
                waiting();
                self.lock.lock().map_err(|error| self.git.io(error))?;
            }
            other => supported(other).map_err(|error| self.git.io(error))?,
        }
        let lock = Lock { file: self.lock.clone() };
        self.sweep()?;
        Ok(lock)
    }

    /// The tips at the repository.
    fn listed(&self, git: &Git) -> Result<Refs, Failure> {
        let (site, state) = (self.site_ref(), self.state_ref());
        let printed = git.run(["ls-remote", "--refs", "--", &self.repository, &site, &state]);
        let printed = printed.map_err(|failed| git.failure("ls-remote", failed))?;
        let printed = String::from_utf8_lossy(&printed).into_owned();
        let tip = |name: &str| {
            let of_line =
                |line: &str| line.split_once('\t').filter(|(_, found)| *found == name).map(|(id, _)| id.to_owned());
            printed.lines().find_map(of_line)
        };
        Ok(Refs { site: tip(&site), state: tip(&state) })
    }

    /// The tips as they were fetched last.
    fn fetched(&self, git: &Git) -> Result<Refs, Failure> {
        let tip = |name: &str| git.line(["rev-parse", "--verify", "--quiet", name]).ok().filter(|id| !id.is_empty());
        Ok(Refs { site: tip(SITE), state: tip(STATE) })
    }

    /// Brings the tips here, without what was before them.
    fn fetch(&self, git: &Git) -> Result<Refs, Failure> {
        let (there, here) = (self.listed(git)?, self.fetched(git)?);
        if there == here {
            return Ok(here);
        }
        let mut wanted = Vec::new();
        for (tip, from, to) in [(&there.site, self.site_ref(), SITE), (&there.state, self.state_ref(), STATE)] {
            match tip {
                Some(_) => wanted.push(format!("+{from}:{to}")),
                None => {
                    git.run(["update-ref", "-d", to]).map_err(|failed| git.failure("update-ref", failed))?;
                }
            }
        }
        if !wanted.is_empty() {
            let how = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--depth=1", "--", &self.repository];
            let arguments = how.into_iter().map(str::to_owned).chain(wanted);
            git.run(arguments).map_err(|failed| git.failure("fetch", failed))?;
        }
        self.fetched(git)
    }

    /// The same. Refused if the branches are somebody else's.
    fn ours(&self, git: &Git) -> Result<Refs, Failure> {
        let refs = self.fetch(git)?;
        self.is_ours(git, &refs)?;
        Ok(refs)
    }

    fn is_ours(&self, git: &Git, refs: &Refs) -> Result<(), Failure> {
        match (&refs.site, &refs.state) {
            (Some(site), None) => {
                if let Some(path) = objects::tree(git, site)?.into_keys().next() {
                    let reason = format!(
                        "这个分支里已经有不是 gongkai 发布的文件（例如 {path}），什么也没有写入。请改 [publish] 的 branch，写一个还没有的分支"
                    );
                    return Err(self.refused(reason));
                }
            }
            (_, Some(state)) if objects::text(git, &format!("{state}:releases.jsonl"))?.is_none() => {
                let reason = format!("分支 {}-gongkai 不是 gongkai 写的。请改 [publish] 的 branch", self.branch);
                return Err(self.refused(reason));
            }
            _ => {}
        }
        Ok(())
    }
}

/// Name and password of a repository that is reached by HTTP; other ways have their own.
fn account(target: &str, repository: &str, env: &dyn Fn(&str) -> Option<String>) -> Option<Account> {
    let (scheme, rest) = repository.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https"))?;
    let host = rest.split('/').next()?.rsplit('@').next()?;
    let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    let own: String = target.chars().map(letter).collect();
    let find = |name: &str| {
        let found = env(&format!("GONGKAI_{own}_{name}")).or_else(|| env(&format!("GONGKAI_{name}")));
        found.filter(|value| !value.is_empty())
    };
    let password = find("PASSWORD")?;
    // whoever takes a token for a password takes any name
    let user = find("USER").unwrap_or_else(|| "git".into());
    Some(Account { address: format!("{scheme}://{host}/"), user, password })
}
