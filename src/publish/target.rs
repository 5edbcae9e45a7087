//! The target of a command, whatever it is: what each sort of target does for itself, under one name.

use std::path::Path;

use super::branch::{self, Branch};
#[cfg(feature = "publish")]
use super::bundle::Bundle;
use super::chain::Chain;
use super::cleared::{Cleared, Clearing};
use super::folder::{self, Folder};
use super::hashes::Memory;
use super::observe::{self, State};
use super::release::{self, Done, Refusal, Returned};
#[cfg(feature = "publish")]
use super::remote::{self, Remote, Secrets};
use super::{At, Prepared, Share, Step, refused};
use crate::config::{Place, Publish};
use crate::emit;
use crate::pipeline::Failure;

pub enum Target {
    Folder(Folder),
    Branch(Box<Branch>),
    #[cfg(feature = "publish")]
    Remote(Box<Remote>),
    /// A file that is carried to the target.
    #[cfg(feature = "publish")]
    Bundle(Bundle),
}

/// Held until it is dropped, or its process dies.
pub enum Lock<'t> {
    Folder(folder::Lock),
    Branch(branch::Lock),
    #[cfg(feature = "publish")]
    Remote(Box<remote::Lock<'t>>),
    /// Of one who only reads what has no locks for readers.
    None(std::marker::PhantomData<&'t ()>),
}

impl Target {
    /// `env` reads a variable of the environment: secrets are there.
    pub fn open(
        root: &Path,
        output: &Path,
        target: &Publish,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, Failure> {
        match &target.place {
            Place::Folder(path) => Ok(Self::Folder(Folder::new(root, output, path, target.keep)?)),
            Place::Branch { repository, branch } => {
                let place = emit::Target::new(root, output).map_err(super::failure)?;
                let at = (repository.as_str(), branch.as_str(), target.keep);
                let branch = Branch::open((root, &place), &target.name, at, env)?;
                Ok(Self::Branch(Box::new(branch)))
            }
            #[cfg(feature = "publish")]
            Place::Service(service) => {
                let place = emit::Target::new(root, output).map_err(super::failure)?;
                let secrets = Secrets::find(&target.name, service, root, env)?;
                let remote = Remote::open(&target.name, service, target.keep, secrets, place.state())?;
                Ok(Self::Remote(Box::new(remote)))
            }
            #[cfg(not(feature = "publish"))]
            Place::Service(service) => {
                let _ = env;
                let reason = format!("这个 gongkai 编译时没有带网络发布的功能，不能发布到 {}", service.kind.name());
                Err(refused(root, reason))
            }
        }
    }

    /// A folder that no `site.toml` names.
    pub fn folder(path: &Path, keep: usize) -> Self {
        Self::Folder(Folder::at(path, keep))
    }

    /// A bundle for a target, instead of it. `state`: the site's state folder.
    #[cfg(feature = "publish")]
    pub fn bundle(file: &Path, target: &str, full: bool, root: &Path, output: &Path) -> Result<Self, Failure> {
        let place = emit::Target::new(root, output).map_err(super::failure)?;
        is_beside(file, root, place.output())?;
        Ok(Self::Bundle(Bundle::new(file, target, full, place.state())))
    }

    /// Whether what is published is carried by somebody, and not live yet.
    pub fn is_carried(&self) -> bool {
        match self {
            Self::Folder(_) | Self::Branch(_) => false,
            #[cfg(feature = "publish")]
            Self::Remote(_) => false,
            #[cfg(feature = "publish")]
            Self::Bundle(_) => true,
        }
    }

    /// Whether what a rollback could not finish is finished by the same rollback once more.
    pub fn finishes_by_rollback(&self) -> bool {
        match self {
            Self::Folder(_) | Self::Branch(_) => false,
            #[cfg(feature = "publish")]
            Self::Remote(_) => true,
            #[cfg(feature = "publish")]
            Self::Bundle(_) => false,
        }
    }

    /// Where it is, for people.
    pub fn place(&self) -> String {
        match self {
            Self::Folder(folder) => folder.root().display().to_string(),
            Self::Branch(branch) => branch.place(),
            #[cfg(feature = "publish")]
            Self::Remote(remote) => remote.place(),
            #[cfg(feature = "publish")]
            Self::Bundle(bundle) => bundle.place(),
        }
    }

    /// Where readers find the site, for people.
    pub fn live_place(&self) -> String {
        match self {
            Self::Folder(folder) => folder.current().display().to_string(),
            Self::Branch(branch) => branch.place(),
            #[cfg(feature = "publish")]
            Self::Remote(remote) => remote.place(),
            #[cfg(feature = "publish")]
            Self::Bundle(bundle) => bundle.place(),
        }
    }

    /// For one who writes: whatever an interrupted run left is completed or swept. If another is at work, calls `waiting`
    /// and waits.
    pub fn lock(&self, waiting: &dyn Fn()) -> Result<Lock<'_>, Failure> {
        match self {
            Self::Folder(folder) => {
                let lock = folder.lock(waiting)?;
                Ok(Lock::Folder(lock))
            }
            Self::Branch(branch) => Ok(Lock::Branch(branch.lock(waiting)?)),
            #[cfg(feature = "publish")]
            Self::Remote(remote) => Ok(Lock::Remote(Box::new(remote.lock(waiting)?))),
            #[cfg(feature = "publish")]
            Self::Bundle(bundle) => {
                bundle.is_free()?;
                Ok(Lock::None(std::marker::PhantomData))
            }
        }
    }

    /// For one who reads. `None`: nothing was ever published here.
    pub fn read(&self, waiting: &dyn Fn()) -> Result<Option<Lock<'_>>, Failure> {
        match self {
            Self::Folder(folder) => Ok(folder.read(waiting)?.map(Lock::Folder)),
            Self::Branch(branch) => Ok(branch.read(waiting)?.map(Lock::Branch)),
            #[cfg(feature = "publish")]
            Self::Remote(remote) => Ok(remote.is_ours()?.then_some(Lock::None(std::marker::PhantomData))),
            #[cfg(feature = "publish")]
            Self::Bundle(_) => Ok(None),
        }
    }

    pub fn recover(&self) -> Result<(), Failure> {
        match self {
            Self::Folder(folder) => release::recover(folder),
            // done by whoever locks it
            Self::Branch(_) => Ok(()),
            #[cfg(feature = "publish")]
            Self::Remote(_) | Self::Bundle(_) => Ok(()),
        }
    }

    /// Looks at what is live. `state`: the site's state folder; `traces`: whether something may be noted at the target;
    /// `doubts`: whether what looks as it did is read all the same, because whatever was changed is to be put right.
    pub(super) fn observe(&self, state: &Path, traces: bool, doubts: bool) -> Result<(State, At), Failure> {
        #[cfg(not(feature = "publish"))]
        let _ = doubts;
        match self {
            Self::Folder(folder) => {
                let memory = Memory::load(state, folder.root());
                let memory = if traces { memory.starting_now(&folder.probe())? } else { memory };
                Ok((observe::observe(folder, Share::ALL, &memory)?, At::Folder(memory)))
            }
            Self::Branch(branch) => {
                let (state, seen) = branch.observe()?;
                Ok((state, At::Branch(Box::new(seen))))
            }
            #[cfg(feature = "publish")]
            Self::Remote(remote) => {
                let (state, seen) = remote.observe(doubts)?;
                Ok((state, At::Remote(Box::new(seen))))
            }
            #[cfg(feature = "publish")]
            Self::Bundle(bundle) => Ok((bundle.observe()?, At::Bundle)),
        }
    }

    /// Reads what is live and compares it with its manifest; nothing is believed because it was so before.
    pub fn verify(&self, share: Share) -> Result<State, Failure> {
        match self {
            Self::Folder(folder) => observe::observe(folder, share, &Memory::default()),
            Self::Branch(branch) => branch.verify(share),
            #[cfg(feature = "publish")]
            Self::Remote(remote) => remote.verify(share),
            #[cfg(feature = "publish")]
            Self::Bundle(bundle) => bundle.observe(),
        }
    }

    /// Makes what was prepared live. The target is locked; `now` in seconds since 1970.
    pub fn publish(
        &self,
        prepared: &Prepared,
        lock: &Lock,
        now: i64,
        progress: &(dyn Fn(Step) + Sync),
    ) -> Result<Done, Failure> {
        if !prepared.stops.is_empty() {
            return Err(refused(Path::new(&self.place()), "有不能发布的理由，没有发布"));
        }
        self.owe(prepared)?;
        match (self, &prepared.at, lock) {
            (Self::Folder(folder), At::Folder(memory), _) => release::publish(prepared, memory, folder, now, progress),
            (Self::Branch(branch), At::Branch(seen), Lock::Branch(lock)) => {
                branch.publish(prepared, seen, lock, now, progress)
            }
            #[cfg(feature = "publish")]
            (Self::Remote(remote), At::Remote(seen), Lock::Remote(lock)) => {
                remote.publish(prepared, seen, lock, now, progress)
            }
            #[cfg(feature = "publish")]
            (Self::Bundle(bundle), ..) => bundle.publish(prepared, now, progress),
            _ => unreachable!("what was prepared for one target is not published to another"),
        }
    }

    /// Makes an earlier release live again. The target is locked.
    pub fn rollback(
        &self,
        wanted: Option<&str>,
        lock: &Lock,
        now: i64,
        progress: &dyn Fn(Step),
    ) -> Result<Returned, Refusal> {
        #[cfg(not(feature = "publish"))]
        let _ = progress;
        if self.cleared()?.due {
            let words = "旧批次还没有删完（有文件因涉及个人信息撤下，或用了 --clear-earlier），不能回退。先运行 gongkai publish 删完";
            return Err(Refusal::None(words.into()));
        }
        let (release, late) = match (self, lock) {
            (Self::Folder(folder), _) => release::rollback(folder, wanted, now)?,
            (Self::Branch(branch), Lock::Branch(lock)) => branch.rollback(wanted, lock, now)?,
            #[cfg(feature = "publish")]
            (Self::Remote(remote), Lock::Remote(lock)) => return remote.rollback(wanted, lock, now, progress),
            _ => unreachable!("a lock of another target"),
        };
        Ok(Returned { release, late, finished: false })
    }

    fn cleared(&self) -> Result<Cleared, Failure> {
        match self {
            Self::Folder(folder) => {
                // whatever `current` leads to: only what is written down counts
                let chain = release::chain(folder, None)?;
                Ok(folder.cleared(&chain)?.0)
            }
            Self::Branch(branch) => branch.cleared(),
            #[cfg(feature = "publish")]
            Self::Remote(remote) => Ok(remote.cleared(&remote.chain()?)?.0),
            #[cfg(feature = "publish")]
            Self::Bundle(_) => Ok(Cleared::default()),
        }
    }

    /// Notes before the switch that the earlier releases are to be removed after it.
    fn owe(&self, prepared: &Prepared) -> Result<(), Failure> {
        let Clearing { before, .. } = &prepared.clearing;
        let owed = prepared.clearing.owed();
        match self {
            _ if owed == *before => Ok(()),
            Self::Folder(folder) => folder.note(&owed),
            // it goes with the release
            Self::Branch(_) => Ok(()),
            #[cfg(feature = "publish")]
            Self::Remote(remote) => remote.note(&owed),
            // whoever applies it will owe it
            #[cfg(feature = "publish")]
            Self::Bundle(_) => Ok(()),
        }
    }

    /// Removes the earlier releases, if something was withdrawn for the sake of privacy; which they were. The target is
    /// locked, and what was prepared is live.
    pub fn purge(&self, prepared: &Prepared, lock: &Lock, now: i64) -> Result<Vec<String>, Failure> {
        let Clearing { before, after, is_due, .. } = &prepared.clearing;
        let is_new = *is_due || before != after;
        match (self, lock) {
            _ if !is_new => Ok(Vec::new()),
            (Self::Folder(folder), _) => {
                let gone = if *is_due { folder.purge()? } else { Vec::new() };
                folder.note(after)?;
                Ok(gone)
            }
            (Self::Branch(branch), Lock::Branch(lock)) if *is_due => {
                // a host may refuse it: then the next run still knows that it has to be done
                branch.note_cleared(&prepared.clearing.owed(), lock, now)?;
                branch.forget_history(after, lock, now)
            }
            (Self::Branch(branch), Lock::Branch(lock)) => branch.note_cleared(after, lock, now).map(|()| Vec::new()),
            #[cfg(feature = "publish")]
            (Self::Remote(remote), _) => {
                let gone = if *is_due { remote.purge()? } else { Vec::new() };
                remote.note(after)?;
                Ok(gone)
            }
            #[cfg(feature = "publish")]
            (Self::Bundle(_), _) => Ok(Vec::new()),
            _ => unreachable!("a lock of another target"),
        }
    }

    /// The chain, the live release, and those that can be gone back to: none while some are to be removed.
    pub fn releases(&self) -> Result<(Chain, Option<String>, Vec<String>), Failure> {
        let (chain, live, all) = self.kept()?;
        let all = if self.cleared()?.due { Vec::new() } else { all };
        Ok((chain, live, all))
    }

    fn kept(&self) -> Result<(Chain, Option<String>, Vec<String>), Failure> {
        match self {
            Self::Folder(folder) => {
                let live = folder.live()?;
                let chain = release::chain(folder, live.as_deref())?;
                let all = folder.all(&chain)?;
                Ok((chain, live, all))
            }
            Self::Branch(branch) => branch.releases(),
            #[cfg(feature = "publish")]
            Self::Remote(remote) => {
                let chain = remote.chain()?;
                let live = chain.last().map(|line| line.release.clone());
                Ok((chain, live, remote.all()?))
            }
            #[cfg(feature = "publish")]
            Self::Bundle(_) => Ok((Chain::default(), None, Vec::new())),
        }
    }
}

/// A bundle is no part of the site: it lies in no folder that the site is made of, or that is made of it.
#[cfg(feature = "publish")]
fn is_beside(file: &Path, root: &Path, output: &Path) -> Result<(), Failure> {
    let folder = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = std::fs::canonicalize(folder).map_err(super::at(folder))?;
    let root = std::fs::canonicalize(root).map_err(super::at(root))?;
    let of_site = folder.strip_prefix(&root).ok().and_then(|below| below.components().next());
    let is_source = of_site.is_some_and(|first| {
        let name = first.as_os_str().to_string_lossy();
        name.starts_with('.') || ["content", "static", "templates", "themes"].contains(&&*name)
    });
    match is_source || folder.starts_with(output) {
        true => Err(refused(file, "离线包不能写在网站自己的文件夹里。请写到别处")),
        false => Ok(()),
    }
}
