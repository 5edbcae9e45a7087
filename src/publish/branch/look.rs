//! What the branches hold now, beside what the manifest says, and what somebody else changed there.
//!
//! A tree of git names every file by the hash of its bytes: a file whose bytes were read once under this name is not read
//! again. `verify` believes nothing: it fetches anew and reads every byte.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use super::objects::{self, Known, Node, Tree};
use super::{Branch, Refs};
use crate::model::json;
use crate::pipeline::Failure;
use crate::publish::Share;
use crate::publish::chain::Chain;
use crate::publish::cleared::Cleared;
use crate::publish::folder::is_id;
use crate::publish::git::Git;
use crate::publish::manifest::{Entry, Manifest};
use crate::publish::observe::{Difference, Found, Live, State, Way, is_chosen, told};

/// Beside the site, for hosts that would leave out what begins with `_` or `.`; no part of the manifest.
pub const NO_JEKYLL: &str = ".nojekyll";

/// What was withdrawn for privacy, in the second branch.
pub const CLEARED: &str = "cleared.json";

/// The branches as publishing has to know them, beyond the `State`.
#[derive(Default)]
pub struct Seen {
    pub refs: Refs,
    /// The site's files.
    pub tree: Tree,
    /// The manifests that are kept, by release.
    pub manifests: BTreeMap<String, Node>,
    /// Where each release that is kept lies.
    pub commits: BTreeMap<String, String>,
    pub cleared: Cleared,
    /// What is wrong with that, in Chinese.
    pub doubt: Option<String>,
    pub known: Known,
}

/// A tree beside its manifest.
pub struct Compared {
    pub found: Vec<Found>,
    pub differences: Vec<Difference>,
    /// Files of which the bytes were read now.
    pub read: usize,
    /// SHA-256 of what was read, by the names of the blobs.
    pub sha256: HashMap<String, String>,
}

impl Seen {
    /// Releases that the chain names and that are kept.
    pub fn all(&self, chain: &Chain) -> Vec<String> {
        let is_named = |id: &&String| chain.names(id);
        self.manifests.keys().filter(is_named).cloned().collect()
    }

    /// Every name that a release has or had.
    pub fn taken(&self, chain: &Chain) -> Vec<String> {
        chain.lines.iter().map(|line| line.release.clone()).chain(self.manifests.keys().cloned()).collect()
    }
}

impl Branch {
    /// What is remembered of blobs.
    pub fn memory(&self) -> PathBuf {
        self.cache.join("gongkai-blobs")
    }

    pub fn chain(&self, git: &Git, refs: &Refs) -> Result<Chain, Failure> {
        let text =
            refs.state.as_ref().map(|state| objects::text(git, &format!("{state}:releases.jsonl"))).transpose()?;
        Ok(Chain::of(text.flatten().unwrap_or_default()))
    }

    /// Looks at branches that were fetched.
    pub fn look(&self, git: &Git, refs: Refs, known: Known, share: Share) -> Result<(State, Seen), Failure> {
        let chain = self.chain(git, &refs)?;
        let tree = refs.site.as_ref().map(|site| objects::tree(git, site)).transpose()?.unwrap_or_default();
        let mut seen = Seen { tree, known, ..self.kept(git, &refs, &chain)? };
        let kept = seen.manifests.keys().cloned().collect();
        let faults = seen.doubt.iter().cloned().collect();
        let mut state = State { chain, kept, cleared: seen.cleared.clone(), faults, ..State::default() };
        seen.refs = refs;
        if seen.refs.state.is_none() {
            return Ok((state, seen));
        }
        let Some(line) = state.chain.last() else {
            state.faults.push("发布记录 releases.jsonl 是空的".into());
            return Ok((state, seen));
        };
        let id = line.release.clone();
        if seen.refs.site.is_none() {
            state.faults.push(format!("分支 {} 不见了", self.branch));
        }
        for branch in self.brought_back(git, &seen, &state.chain) {
            let words = "上有别人推送的提交，清除过的个人信息可能又在它的历史里；核实以后发布一次，会再次清除历史";
            state.faults.push(format!("分支 {branch} {words}"));
            state.cleared.due = true;
        }
        match self.manifest(git, &seen, &state.chain, &id)? {
            Err(fault) => {
                state.faults.push(fault);
                let before = state.chain.stand_ins(&id, |id| self.manifest_text(git, &seen, id)).next().transpose()?;
                let lying = seen.tree.keys().filter(|path| *path != NO_JEKYLL).cloned();
                let manifest = before.unwrap_or_else(Manifest::unknown).and_unknown(lying);
                state.live = Some(Live::unbelieved(&id, manifest));
            }
            Ok((manifest, hash)) => {
                let compared = compare(git, &seen.tree, &manifest, &seen.known, share)?;
                seen.known = seen.known.with(compared.sha256);
                state.read = compared.read;
                // of a branch that is not there nothing more need be told
                state.differences = if seen.refs.site.is_some() { compared.differences } else { Vec::new() };
                state.live = Some(Live::new(id, manifest, hash, compared.found));
            }
        }
        Ok((state, seen))
    }

    /// The branches to which somebody has pushed since their history was cleared: a colleague's old clone brings it back.
    pub fn brought_back(&self, git: &Git, seen: &Seen, chain: &Chain) -> Vec<String> {
        let (Some(line), Some(site), Some(state)) = (chain.last(), &seen.refs.site, &seen.refs.state) else {
            return Vec::new();
        };
        if seen.cleared.known.is_empty() && seen.cleared.asked == 0 {
            return Vec::new();
        }
        let is_other = seen.commits.get(&line.release) != Some(site);
        let brought = [(is_other, self.branch.clone()), (is_merge(git, state), format!("{}-gongkai", self.branch))];
        brought.into_iter().filter(|(is_so, _)| *is_so).map(|(_, branch)| branch).collect()
    }

    /// What the second branch keeps.
    pub fn kept(&self, git: &Git, refs: &Refs, chain: &Chain) -> Result<Seen, Failure> {
        let Some(tip) = &refs.state else { return Ok(Seen::default()) };
        let id = |path: String| Some(path.strip_prefix("manifests/")?.strip_suffix(".json")?.to_owned());
        let files = objects::tree(git, tip)?.into_iter();
        let manifests = files.filter_map(|(path, node)| Some((id(path).filter(|id| is_id(id))?, node))).collect();
        let commits = objects::text(git, &format!("{tip}:commits.json"))?;
        let commits = commits.and_then(|text| json::parse::<BTreeMap<String, String>>(&text)).unwrap_or_default();
        // what is not the name of a commit is handed to no program
        let is_name = |id: &String| matches!(id.len(), 40 | 64) && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        let commits = commits.into_iter().filter(|(_, commit)| is_name(commit)).collect();
        let cleared = objects::text(git, &format!("{tip}:{CLEARED}"))?;
        let (cleared, doubt) = Cleared::read(cleared.as_deref(), chain);
        Ok(Seen { manifests, commits, cleared, doubt, ..Seen::default() })
    }

    fn manifest_text(&self, git: &Git, seen: &Seen, id: &str) -> Result<Option<String>, Failure> {
        Ok(seen.manifests.get(id).map(|node| objects::text(git, &node.id)).transpose()?.flatten())
    }

    /// A manifest with its SHA-256; the inner `Err`: it cannot be believed.
    #[allow(clippy::type_complexity)]
    pub fn manifest(
        &self,
        git: &Git,
        seen: &Seen,
        chain: &Chain,
        id: &str,
    ) -> Result<Result<(Manifest, String), String>, Failure> {
        Ok(chain.believe(id, self.manifest_text(git, seen, id)?))
    }
}

/// Whether a commit has more than one parent: gongkai makes none such. The parents themselves need not be here.
fn is_merge(git: &Git, commit: &str) -> bool {
    let head = git.run(["cat-file", "commit", commit]).unwrap_or_default();
    head.split(|byte| *byte == b'\n')
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with(b"parent "))
        .count()
        > 1
}

/// Compares a tree with a manifest. What is `known` of a blob is not read again.
pub fn compare(git: &Git, tree: &Tree, manifest: &Manifest, known: &Known, share: Share) -> Result<Compared, Failure> {
    let is_to_read = |entry: &&Entry| is_chosen(&entry.path, share);
    let nodes = manifest.files.iter().filter(is_to_read).filter_map(|entry| tree.get(&entry.path));
    let mut ids: Vec<&str> = nodes.filter(|node| node.is_plain).map(|node| node.id.as_str()).collect();
    ids.retain(|id| known.get(id).is_none());
    ids.sort_unstable();
    ids.dedup();
    let sha256 = objects::sha256(git, &ids)?;
    let became = |entry: &Entry| match tree.get(&entry.path) {
        None => Found::Missing,
        Some(node) if !node.is_plain => Found::Changed,
        Some(_) if !is_chosen(&entry.path, share) => Found::Unread,
        Some(node) => match sha256.get(&node.id).or_else(|| known.get(&node.id)) {
            Some(found) if *found == entry.sha256 => Found::Sound(None),
            _ => Found::Changed,
        },
    };
    let found: Vec<Found> = manifest.files.iter().map(became).collect();
    let strange = tree.keys().filter(|path| manifest.entry(path).is_none() && *path != NO_JEKYLL);
    let strange = strange.map(|path| Difference { path: path.clone(), way: Way::Strange });
    let no_jekyll = (!tree.contains_key(NO_JEKYLL)).then(|| Difference { path: NO_JEKYLL.into(), way: Way::Missing });
    let (differences, read) = told(manifest, &found, strange.chain(no_jekyll).collect());
    Ok(Compared { found, differences, read, sha256 })
}
