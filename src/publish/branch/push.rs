//! The switch: both branches pushed at once, each only if it is as it was found. What is about to be pushed is noted on
//! this machine before, so that the next run knows whose work it finds, should a server have taken one branch alone.

use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Branch, Refs, SITE, STATE};
use crate::model::json;
use crate::pipeline::Failure;
use crate::publish::at;
use crate::publish::disk::remove_file;
use crate::publish::git::Failed;

/// What is about to be pushed: from → to.
#[derive(Serialize, Deserialize)]
struct Pending {
    from: (String, String),
    to: (String, String),
}

impl Branch {
    fn pending(&self) -> PathBuf {
        self.cache.join("gongkai-pending")
    }

    /// Makes both branches what they shall be, or leaves both as they were.
    pub fn switch(&self, from: &Refs, site: &str, state: &str) -> Result<(), Failure> {
        let old = |id: &Option<String>| id.clone().unwrap_or_default();
        let pending = Pending { from: (old(&from.site), old(&from.state)), to: (site.to_owned(), state.to_owned()) };
        let path = self.pending();
        fs::write(&path, json::to_string(&pending)).map_err(at(&path))?;
        let Pending { from: (old_site, old_state), .. } = &pending;
        let moves = [(self.site_ref(), old_site.as_str(), site), (self.state_ref(), old_state.as_str(), state)];
        if let Err(failure) = self.push(&moves) {
            // the connection may have failed after the server had done it
            self.recover()?;
            let now = self.listed(&self.git)?;
            let now = (old(&now.site), old(&now.state));
            if now == pending.from {
                return Err(failure);
            }
            if now != pending.to {
                return Err(self.refused("发布期间别人也向这个分支发布了，这一次没有发布。请再运行一次"));
            }
        }
        for (name, id) in [(SITE, site), (STATE, state)] {
            self.git.run(["update-ref", name, id]).map_err(|failed| self.git.failure("update-ref", failed))?;
        }
        remove_file(&path)
    }

    /// Completes a switch of which one branch arrived and the other did not.
    pub fn recover(&self) -> Result<(), Failure> {
        let Some(pending) = self.waiting() else { return Ok(()) };
        if let Some(half) = self.half(&pending, &self.listed(&self.git)?) {
            match self.push(std::slice::from_ref(&half)) {
                // the cache was damaged: the run begins with what the repository has
                Err(_) if !self.holds(half.2) => {}
                pushed => pushed?,
            }
        }
        remove_file(&self.pending())
    }

    /// Whether one branch waits for what the other one has. `now`: the tips at the repository.
    pub fn is_half(&self, now: &Refs) -> bool {
        self.waiting().is_some_and(|pending| self.half(&pending, now).is_some())
    }

    fn waiting(&self) -> Option<Pending> {
        json::parse(&fs::read_to_string(self.pending()).unwrap_or_default())
    }

    /// The branch that was left behind, what it is and what it shall be.
    fn half<'p>(&self, Pending { from, to }: &'p Pending, now: &Refs) -> Option<(String, &'p str, &'p str)> {
        let now = (now.site.as_deref().unwrap_or_default(), now.state.as_deref().unwrap_or_default());
        let half = match () {
            _ if now == (to.0.as_str(), from.1.as_str()) => Some((self.state_ref(), from.1.as_str(), to.1.as_str())),
            _ if now == (from.0.as_str(), to.1.as_str()) => Some((self.site_ref(), from.0.as_str(), to.0.as_str())),
            _ => None,
        };
        half.filter(|_| from != to)
    }

    /// Pushes `to` to each branch that is at `from`; empty: that is not there.
    fn push(&self, moves: &[(String, &str, &str)]) -> Result<(), Failure> {
        let mut arguments: Vec<String> = ["push", "--quiet", "--atomic", "--no-verify"].map(str::to_owned).into();
        arguments.extend(moves.iter().map(|(name, from, _)| format!("--force-with-lease={name}:{from}")));
        arguments.extend(["--".to_owned(), self.repository.clone()]);
        arguments.extend(moves.iter().map(|(name, _, to)| format!("{to}:{name}")));
        self.git.run(arguments).map(drop).map_err(|failed| {
            let is_forbidden = matches!(&failed, Failed::Ended { words, .. } if is_forbidden(words))
                && moves.iter().any(|(_, from, to)| self.rewrites(from, to));
            match self.git.failure("push", failed) {
                Failure::Refused { reason, .. } if is_forbidden => self.keeps_history(&reason),
                failure => failure,
            }
        })
    }

    /// Whether a branch that goes from one commit to another loses its history.
    fn rewrites(&self, from: &str, to: &str) -> bool {
        let asked = || self.git.run(["merge-base", "--is-ancestor", from, to]);
        !from.is_empty() && matches!(asked(), Err(Failed::Ended { code: Some(1), .. }))
    }

    /// The host lets nobody rewrite a branch, and only whoever runs it can change that. A history is rewritten for the sake of
    /// privacy alone, and after the site was: what is live is well, and is said to be.
    fn keeps_history(&self, words: &str) -> Failure {
        let Self { branch, name, .. } = self;
        self.refused(format!(
            "仓库不允许改写分支的历史（分支受保护，拒绝强制推送）。网站已经更新，因涉及个人信息撤下的内容已经不在网站上；\
             但是分支的旧的历史还在，里面仍然有它。请仓库的管理员暂时允许向分支 {branch} 和 {branch}-gongkai 强制推送，\
             再运行一次 gongkai publish {name}，它会把历史清除完，之后可以恢复保护\n（{words}）"
        ))
    }
}

/// Whether a host says that a branch may not be pushed to in this way: git of its own settings, others of their rules.
fn is_forbidden(words: &str) -> bool {
    const SIGNS: [&str; 6] = ["non-fast-forward", "hook declined", "protected", "force", "保护", "强制"];
    let of_host = |line: &&str| line.trim_start().starts_with("remote:") || line.contains("[remote rejected]");
    let mut lines = words.lines().filter(of_host).map(str::to_lowercase);
    words.contains("[remote rejected]") && lines.any(|line| SIGNS.iter().any(|sign| line.contains(sign)))
}
