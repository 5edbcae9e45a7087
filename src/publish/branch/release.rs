//! What becomes of a site that was prepared, of an earlier release that somebody wants back, and of a history that must go.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::cache::remove;
use super::import::{Bytes, Commit, date, title};
use super::look::{CLEARED, NO_JEKYLL, Seen, compare};
use super::objects::{self, Known};
use super::{Branch, Lock};
use crate::model::json;
use crate::pipeline::Failure;
use crate::publish::chain::{Chain, Line};
use crate::publish::cleared::Cleared;
use crate::publish::folder::new_id;
use crate::publish::manifest::{Entry, Manifest};
use crate::publish::observe::State;
use crate::publish::release::{Done, Published, Refusal, line_back, line_of, target};
use crate::publish::{Prepared, Share, Step};
use crate::source::Digest;

/// Commits that are made and not pushed yet.
const NEXT_SITE: &str = "refs/gongkai/next-site";
const NEXT_STATE: &str = "refs/gongkai/next-state";

const README: &str = "这个分支由 gongkai publish 写入：发布记录 releases.jsonl、各批次的清单 manifests/ 和它们的提交 commits.json。\n请不要改动；检查用 gongkai verify，回退用 gongkai rollback。\n";

/// What the second branch is to keep beside the chain.
struct Kept<'a> {
    /// The release that is live, and where it lies.
    live: &'a str,
    commit: &'a str,
    /// Its manifest, if it is a new one.
    manifest: Option<&'a str>,
    /// How many releases stay.
    keep: usize,
    cleared: &'a Cleared,
    parent: Option<&'a str>,
    time: i64,
}

impl Branch {
    pub fn observe(&self) -> Result<(State, Seen), Failure> {
        let look = || {
            self.init(&self.git, &self.cache)?;
            let refs = self.ours(&self.git)?;
            self.look(&self.git, refs, Known::load(&self.memory()), Share::ALL)
        };
        // of what looks as if somebody had changed it, the cache may be the cause
        self.sound(look, |(state, _)| !state.differences.is_empty() || !state.faults.is_empty())
    }

    /// Fetches anew what is live, reads it and compares it with its manifest.
    pub fn verify(&self, share: Share) -> Result<State, Failure> {
        let folder = self.cache.with_extension("verify");
        remove(&folder)?;
        let git = self.git.with(&folder);
        let looked = self.init(&git, &folder).and_then(|()| {
            let refs = self.ours(&git)?;
            self.look(&git, refs, Known::default(), share)
        });
        remove(&folder)?;
        Ok(looked?.0)
    }

    /// The chain, the live release, and those that can be gone back to, as they were fetched last.
    pub fn releases(&self) -> Result<(Chain, Option<String>, Vec<String>), Failure> {
        let (state, seen) = self.heads()?;
        let live = state.chain.last().map(|line| line.release.clone());
        let all = seen.all(&state.chain);
        Ok((state.chain, live, all))
    }

    /// Makes what was prepared live; `now` in seconds since 1970.
    pub fn publish(
        &self,
        prepared: &Prepared,
        seen: &Seen,
        _lock: &Lock,
        now: i64,
        progress: &dyn Fn(Step),
    ) -> Result<Done, Failure> {
        if prepared.is_live() {
            seen.known.keep(&self.memory(), &seen.tree);
            return Ok(Done::Unchanged);
        }
        // a switch that failed and left one branch behind is completed before the cache is made anew
        self.sound(|| self.release(prepared, seen, now, progress), |_| false).map(Done::Published)
    }

    fn release(
        &self,
        prepared: &Prepared,
        seen: &Seen,
        now: i64,
        progress: &dyn Fn(Step),
    ) -> Result<Published, Failure> {
        let Prepared { manifest, text, state, plan, .. } = prepared;
        let id = new_id(now, &plan.manifest, &seen.taken(&state.chain));
        let line = state.chain.next(line_of(prepared, &id, now, !prepared.is_sound()));
        let (commit, written) = self.site(prepared, seen, &line, now, progress)?;
        let (tree, known) = self.read_back(&commit, manifest, &seen.known)?;
        let parent = seen.refs.state.as_deref();
        // a branch without history has nothing to clear; else it is cleared after the switch
        let owes = prepared.clearing.is_due && seen.refs.site.is_some();
        let cleared = if owes { &prepared.clearing.owed() } else { &prepared.clearing.after };
        let kept =
            Kept { live: &id, commit: &commit, manifest: Some(text), keep: self.keep, cleared, parent, time: now };
        let (next, removed) = self.note(seen, &state.chain, &line, &kept)?;
        self.switch(&seen.refs, &commit, &next)?;
        known.keep(&self.memory(), &tree);
        self.tidy();
        Ok(Published { release: id, written, removed, late: None })
    }

    /// The commit of a new release, and how many files were sent for it.
    fn site(
        &self,
        prepared: &Prepared,
        seen: &Seen,
        line: &Line,
        time: i64,
        progress: &dyn Fn(Step),
    ) -> Result<(String, usize), Failure> {
        let Prepared { manifest, state, files, .. } = prepared;
        let bytes = |entry: &Entry| match seen.tree.get(&entry.path) {
            Some(node) if state.live.as_ref().is_some_and(|live| live.has_bytes(entry)) => Bytes::Blob(node),
            _ => Bytes::File(files.path(entry), Digest { size: entry.size, sha256: entry.sha256.clone() }),
        };
        let mut all: Vec<(&str, Bytes)> =
            manifest.files.iter().map(|entry| (entry.path.as_str(), bytes(entry))).collect();
        let total = all.iter().filter(|(_, bytes)| matches!(bytes, Bytes::File(..))).count();
        if manifest.entry(NO_JEKYLL).is_none() {
            all.push((NO_JEKYLL, Bytes::Text("")));
        }
        let message = format!(
            "{}\n新增 {}，修改 {}，撤下 {}\n{}",
            title(line.action.label(), &line.release, time),
            line.added,
            line.changed,
            line.withdrawn,
            if line.commit.is_empty() { String::new() } else { format!("来自提交 {}\n", line.commit) }
        );
        let parent = seen.refs.site.as_deref();
        let commit = Commit { reference: NEXT_SITE, parent, message: &message, time, files: all };
        let done = Cell::new(0);
        let tick = || {
            done.set(done.get() + 1);
            progress(Step { label: "写入 git", done: done.get(), total });
        };
        Ok((self.commit(&self.git, commit, &tick)?, total))
    }

    /// Reads a commit that was made, before anybody else can: it holds the release, all of it and nothing else.
    fn read_back(&self, commit: &str, manifest: &Manifest, known: &Known) -> Result<(objects::Tree, Known), Failure> {
        let tree = objects::tree(&self.git, commit)?;
        let compared = compare(&self.git, &tree, manifest, known, Share::ALL)?;
        match compared.differences.first() {
            None => Ok((tree, known.clone().with(compared.sha256))),
            Some(found) => {
                let reason = format!("写入 git 以后核对不上：/{}：{}。没有发布", found.path, found.way.label());
                Err(self.refused(reason))
            }
        }
    }

    /// The commit of the second branch, and the releases that are no longer kept.
    fn note(&self, seen: &Seen, chain: &Chain, line: &Line, kept: &Kept) -> Result<(String, Vec<String>), Failure> {
        let (mut manifests, mut commits) = (seen.manifests.clone(), seen.commits.clone());
        commits.insert(kept.live.to_owned(), kept.commit.to_owned());
        let others = manifests.keys().filter(|id| *id != kept.live && chain.names(id));
        let others: Vec<String> = others.cloned().collect();
        let stay = Chain::of(chain.with(line)).stay(&others, kept.live, kept.keep);
        let removed: Vec<String> = others.iter().filter(|id| !stay.contains(id)).cloned().collect();
        manifests.retain(|id, _| id == kept.live || others.contains(id) && !removed.contains(id));
        commits.retain(|id, _| id == kept.live || manifests.contains_key(id));
        let paths: BTreeMap<String, &objects::Node> =
            manifests.iter().map(|(id, node)| (format!("manifests/{id}.json"), node)).collect();
        let own = format!("manifests/{}.json", kept.live);
        let (chain, commits) = (chain.with(line), json::to_pretty(&commits));
        let mut files = vec![
            ("README.txt", Bytes::Text(README)),
            ("releases.jsonl", Bytes::Text(&chain)),
            ("commits.json", Bytes::Text(&commits)),
        ];
        files.extend(paths.iter().map(|(path, node)| (path.as_str(), Bytes::Blob(node))));
        files.extend(kept.manifest.map(|text| (own.as_str(), Bytes::Text(text))));
        let cleared = kept.cleared.text();
        files.extend((*kept.cleared != Cleared::default()).then_some((CLEARED, Bytes::Text(&cleared))));
        let message = title(line.action.label(), kept.live, kept.time);
        let Kept { parent, time, .. } = *kept;
        let commit = Commit { reference: NEXT_STATE, parent, message: &message, time, files };
        Ok((self.commit(&self.git, commit, &|| ())?, removed))
    }

    /// Makes an earlier release live again, once all its bytes are found to be what they were: a new commit with the tree of
    /// the old one, so that whoever follows the branch can go on.
    pub fn rollback(&self, wanted: Option<&str>, _lock: &Lock, now: i64) -> Result<(String, Option<Failure>), Refusal> {
        Ok((self.sound(|| self.back(wanted, now), |_| false)?, None))
    }

    fn back(&self, wanted: Option<&str>, now: i64) -> Result<String, Refusal> {
        let (state, seen) = self.heads()?;
        let live = state.chain.last().map(|line| line.release.clone());
        let id = target(&seen.all(&state.chain), &state.chain, live.as_deref(), wanted)?;
        let damaged = |differences, faults| Refusal::Damaged { release: id.clone(), differences, faults };
        let (manifest, hash) = match self.manifest(&self.git, &seen, &state.chain, &id)? {
            Ok(found) => found,
            Err(fault) => return Err(damaged(Vec::new(), vec![fault])),
        };
        let Some(commit) = seen.commits.get(&id).filter(|commit| self.has(commit)) else {
            return Err(damaged(Vec::new(), vec![format!("发布批次 {id} 的提交不在仓库里")]));
        };
        let tree = objects::tree(&self.git, commit)?;
        let compared = compare(&self.git, &tree, &manifest, &Known::default(), Share::ALL)?;
        if !compared.differences.is_empty() {
            return Err(damaged(compared.differences, Vec::new()));
        }
        let before = live.map(|live| self.manifest(&self.git, &seen, &state.chain, &live)).transpose()?;
        let before = before.and_then(Result::ok).map(|(before, _)| before);
        let line = state.chain.next(line_back(&id, (&manifest, &hash), before.as_ref(), now));
        let again = self.again(commit, seen.refs.site.as_deref(), &title(line.action.label(), &id, now), now)?;
        let parent = seen.refs.state.as_deref();
        let cleared = &seen.cleared;
        let kept = Kept { live: &id, commit: &again, manifest: None, keep: usize::MAX, cleared, parent, time: now };
        let (next, _) = self.note(&seen, &state.chain, &line, &kept)?;
        self.switch(&seen.refs, &again, &next)?;
        Known::default().with(compared.sha256).keep(&self.memory(), &tree);
        Ok(id)
    }

    pub fn cleared(&self) -> Result<Cleared, Failure> {
        Ok(self.heads()?.1.cleared)
    }

    /// Notes it beside what is kept, if it is not there yet.
    pub fn note_cleared(&self, cleared: &Cleared, _lock: &Lock, now: i64) -> Result<(), Failure> {
        self.sound(|| self.put_cleared(cleared, now), |()| false)
    }

    fn put_cleared(&self, cleared: &Cleared, now: i64) -> Result<(), Failure> {
        let (_, seen) = self.heads()?;
        let (Some(site), Some(tip), true) = (&seen.refs.site, &seen.refs.state, seen.cleared != *cleared) else {
            return Ok(());
        };
        let kept = objects::tree(&self.git, tip)?;
        let others = kept.iter().filter(|(path, _)| *path != CLEARED);
        let mut files: Vec<(&str, Bytes)> = others.map(|(path, node)| (path.as_str(), Bytes::Blob(node))).collect();
        let text = cleared.text();
        files.push((CLEARED, Bytes::Text(&text)));
        let message = "记下执行过的离线包";
        let commit = Commit { reference: NEXT_STATE, parent: Some(tip), message, time: now, files };
        let next = self.commit(&self.git, commit, &|| ())?;
        self.switch(&seen.refs, site, &next)
    }

    /// Makes the site branch one commit without any before it, and forgets every release but the live one: for withdrawals
    /// after which nobody may find the bytes in the history either (somebody's privacy). What no branch leads to any more a
    /// host keeps for a while, and gives to whoever knows its name; its own support has to clear that. `now` in seconds since
    /// 1970. Returns the releases that cannot be gone back to any more.
    pub fn forget_history(&self, cleared: &Cleared, _lock: &Lock, now: i64) -> Result<Vec<String>, Failure> {
        let forgotten = self.sound(|| self.forget(cleared, now), |_| false)?;
        // the repository on this machine has the bytes, too
        self.discard()?;
        Ok(forgotten)
    }

    fn forget(&self, cleared: &Cleared, now: i64) -> Result<Vec<String>, Failure> {
        let (state, seen) = self.heads()?;
        let (Some(site), Some(last)) = (&seen.refs.site, state.chain.last()) else {
            return Err(self.refused("还没有发布过"));
        };
        let id = &last.release;
        let message = title("清除历史，现在的网站是", id, now);
        let only = self.again(site, None, &message, now)?;
        let mut forgotten = seen.all(&state.chain);
        forgotten.retain(|known| known != id);
        // the chain stays as it is: what was live when is no secret, and each line seals the one before
        let chain = self.text(&seen, "releases.jsonl")?;
        let commits = json::to_pretty(&BTreeMap::from([(id, &only)]));
        let own = format!("manifests/{id}.json");
        let mut files = vec![
            ("README.txt", Bytes::Text(README)),
            ("releases.jsonl", Bytes::Text(&chain)),
            ("commits.json", Bytes::Text(&commits)),
        ];
        files.extend(seen.manifests.get(id).map(|node| (own.as_str(), Bytes::Blob(node))));
        let cleared = cleared.text();
        files.push((CLEARED, Bytes::Text(&cleared)));
        let commit = Commit { reference: NEXT_STATE, parent: None, message: &message, time: now, files };
        let next = self.commit(&self.git, commit, &|| ())?;
        self.switch(&seen.refs, &only, &next)?;
        Ok(forgotten)
    }

    /// A commit with the tree of another one.
    fn again(&self, commit: &str, parent: Option<&str>, message: &str, time: i64) -> Result<String, Failure> {
        let (name, email) = self.who();
        let tree = format!("{commit}^{{tree}}");
        let mut arguments = vec!["commit-tree", &tree, "-m", message];
        arguments.extend(parent.into_iter().flat_map(|parent| ["-p", parent]));
        let mut command = self.git.command(arguments);
        let date = format!("@{}", date(time));
        command.env("GIT_AUTHOR_NAME", &name).env("GIT_AUTHOR_EMAIL", &email).env("GIT_AUTHOR_DATE", &date);
        command.env("GIT_COMMITTER_NAME", &name).env("GIT_COMMITTER_EMAIL", &email).env("GIT_COMMITTER_DATE", &date);
        let printed = self.git.finish(command).map_err(|failed| self.git.failure("commit-tree", failed))?;
        Ok(String::from_utf8_lossy(&printed).trim().to_owned())
    }

    /// The chain and what is kept, as they were fetched last.
    fn heads(&self) -> Result<(State, Seen), Failure> {
        let read = || {
            let refs = self.fetched(&self.git)?;
            let chain = self.chain(&self.git, &refs)?;
            let kept = self.kept(&self.git, &refs, &chain)?;
            let mut seen = Seen { refs, ..kept };
            seen.cleared.due |= !self.brought_back(&self.git, &seen, &chain).is_empty();
            Ok((State { chain, ..State::default() }, seen))
        };
        self.sound(read, |_| false)
    }

    fn text(&self, seen: &Seen, path: &str) -> Result<String, Failure> {
        let tip = seen.refs.state.as_deref().unwrap_or_default();
        Ok(objects::text(&self.git, &format!("{tip}:{path}"))?.unwrap_or_default())
    }

    /// Whether a commit of an earlier release can be had, with its files.
    fn has(&self, commit: &str) -> bool {
        let how = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--depth=1", "--"];
        let fetch = || self.git.run(how.into_iter().chain([self.repository.as_str(), commit]));
        self.holds(commit) || fetch().is_ok() && self.holds(commit)
    }

    /// Whether a commit is on this machine, with its files.
    pub(super) fn holds(&self, commit: &str) -> bool {
        let printed = self.git.run(["rev-list", "--objects", "--missing=print", "--no-walk", commit]);
        printed.is_ok_and(|printed| !printed.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"?")))
    }

    /// Keeps the repository on this machine small; that it could not be done nobody need hear of.
    fn tidy(&self) {
        let settings = ["-c", "gc.auto=6700", "-c", "gc.autoDetach=false"];
        let _ = self.git.run(settings.into_iter().chain(["gc", "--auto", "--quiet"]));
    }
}
