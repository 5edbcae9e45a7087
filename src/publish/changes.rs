//! From what is live to what was built: what is added, changed, withdrawn, and why.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::manifest::{Entry, Kind, Manifest};
use super::observe::{Difference, State};
use crate::catalogue::{Catalogue, Reason};
use crate::model::json;
use crate::source::Digest;

/// What a release would do to what is live.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Names the plan: who runs it with `--plan` gets this plan or none.
    pub hash: String,
    /// The live release; `None`: nothing is live.
    pub live: Option<String>,
    /// SHA-256 of the manifest that would be live.
    pub manifest: String,
    pub added: Vec<Change>,
    pub changed: Vec<Change>,
    pub withdrawn: Vec<Gone>,
    /// Documents with another address, to which the old one leads; the old ones are among the changed.
    pub moved: Vec<Gone>,
    /// Documents that were withdrawn since, and at whose address something is left; they are among the changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaced: Vec<Gone>,
    /// Earlier releases that hold what was withdrawn for the sake of privacy: they go.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purged: Vec<String>,
    /// What somebody else changed at the target, and what is put right, or goes with it, if that is accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<Difference>,
    pub unchanged: usize,
    /// Titles of the channels, by folder.
    #[serde(skip)]
    pub titles: HashMap<String, String>,
}

/// A file that comes, or comes to be another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub path: String,
    pub channel: String,
    pub size: u64,
    /// Made for whoever serves the site.
    #[serde(default, skip_serializing_if = "is_false")]
    pub host: bool,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

/// A file that goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    pub path: String,
    pub channel: String,
    /// In Chinese.
    pub reason: String,
    /// The address of a document that nobody withdrew and that leads nowhere.
    pub lost: bool,
    /// Made for whoever serves the site: nobody reads it there.
    #[serde(default, skip_serializing_if = "is_false")]
    pub host: bool,
}

impl Plan {
    /// Files that are withdrawn, and those in whose place something is left.
    pub fn withdrawn(&self) -> usize {
        self.withdrawn.len() + self.replaced.len()
    }

    /// Files that change, and are not withdrawn.
    pub fn changed(&self) -> usize {
        let is_replaced = |change: &&Change| self.replaced.iter().any(|gone| gone.path == change.path);
        self.changed.len() - self.changed.iter().filter(is_replaced).count()
    }

    /// Whether the next manifest is the live one.
    pub(super) fn is_same_manifest(&self, state: &State) -> bool {
        state.live.as_ref().is_some_and(|live| live.hash == self.manifest)
    }

    /// Whether what is live would stay byte by byte.
    pub fn is_empty(&self) -> bool {
        self.live.is_some() && self.added.is_empty() && self.changed.is_empty() && self.withdrawn.is_empty()
    }
}

/// Compares; `text` is the manifest's. `clears`: every earlier release goes.
pub fn plan(manifest: &Manifest, text: &str, state: &State, words: &dyn Words, clears: bool) -> Plan {
    let live = state.live.as_ref();
    let known = |path: &str| live.and_then(|live| live.manifest.entry(path));
    let change = |entry: &Entry| Change {
        path: entry.path.clone(),
        channel: entry.channel.clone(),
        size: entry.size,
        host: entry.kind == Kind::Host,
    };
    let (old, added): (Vec<&Entry>, Vec<&Entry>) =
        manifest.files.iter().partition(|entry| known(&entry.path).is_some());
    // what somebody damaged is put right, though the manifests agree
    let is_same = |entry: &Entry| live.is_some_and(|live| live.has(entry));
    let changed: Vec<Change> = old.iter().filter(|entry| !is_same(entry)).map(|entry| change(entry)).collect();
    let left = live.into_iter().flat_map(|live| &live.manifest.files);
    let withdrawn = left
        .filter(|entry| manifest.entry(&entry.path).is_none())
        .map(|entry| gone(entry, words.reason(entry)))
        .collect();
    let is_new = |entry: &&&Entry| {
        known(&entry.path).is_some_and(|before| (before.kind, &before.withdrawn) != (entry.kind, &entry.withdrawn))
    };
    let replaced = old.iter().filter(is_new).filter_map(|entry| words.replaced(entry)).collect();
    let is_moved = |entry: &&&Entry| {
        entry.kind == Kind::Redirect && known(&entry.path).is_some_and(|before| before.kind == Kind::Document)
    };
    let moved = old.iter().filter(is_moved).filter_map(|entry| words.moved(entry)).collect();
    let mut plan = Plan {
        hash: String::new(),
        live: live.map(|live| live.release.clone()),
        manifest: Digest::of(text.as_bytes()).sha256,
        added: added.into_iter().map(change).collect(),
        unchanged: old.len() - changed.len(),
        changed,
        withdrawn,
        moved,
        replaced,
        purged: Vec::new(),
        differences: state.differences.clone(),
        titles: words.titles(),
    };
    if clears {
        let stays = plan.live.clone().filter(|_| plan.is_empty() && plan.is_same_manifest(state));
        plan.purged = state.kept.iter().filter(|id| stays.as_ref() != Some(id)).cloned().collect();
    }
    Plan { hash: Digest::of(json::to_string(&plan).as_bytes()).sha256[..16].to_owned(), ..plan }
}

/// Why files go, whoever knows it: the site that was built, or a bundle that was made of it.
pub trait Words {
    /// Why a file goes, in Chinese, and whether it is a document's address that goes without a word.
    fn reason(&self, entry: &Entry) -> (String, bool);
    /// Of a file that is replaced by what a withdrawal leaves.
    fn replaced(&self, entry: &Entry) -> Option<Gone>;
    /// Of an old address that leads on from now on.
    fn moved(&self, entry: &Entry) -> Option<Gone>;
    /// Of the channels, by folder.
    fn titles(&self) -> HashMap<String, String>;
}

fn gone(entry: &Entry, (reason, lost): (String, bool)) -> Gone {
    let host = entry.kind == Kind::Host;
    Gone { path: entry.path.clone(), channel: entry.channel.clone(), reason, lost, host }
}

/// What the site says of the sources, by their paths.
pub struct Facts<'c> {
    /// Where public documents and files are.
    public: HashMap<&'c str, &'c str>,
    /// Why others are not, in Chinese, and whether that is for no other reason than their day.
    withheld: HashMap<&'c str, (String, bool)>,
    /// Of addresses of withdrawn documents at which something is left: when and why, in Chinese.
    withdrawn: HashMap<&'c str, String>,
    titles: HashMap<String, String>,
}

impl<'c> Facts<'c> {
    /// `is_dated_back`: the day of the build is earlier than that of what is live.
    pub fn of(catalogue: &'c Catalogue, is_dated_back: bool) -> Self {
        let docs = catalogue.docs.iter().map(|doc| (doc.source.as_str(), doc.out.as_str()));
        let files = catalogue.files.iter();
        let shown = files.clone().filter_map(|file| Some((file.source.as_str(), file.out.as_ref()?.as_str())));
        let is_early = |reason: Reason| matches!(reason, Reason::NotYet(_)) && !is_dated_back;
        let held = catalogue.withheld.iter();
        let held = held.map(|held| (held.doc.source.as_str(), (held.reason.text(), is_early(held.reason))));
        let unused = files.filter(|file| file.out.is_none()).map(|file| {
            let reason = file.kept.map(|reason| format!("它的文件没有公开：{}", reason.text()));
            (file.source.as_str(), (reason.unwrap_or_else(|| "没有文件再用到它".into()), false))
        });
        let banners = catalogue.docs.iter().filter_map(|doc| {
            let banner = doc.withdrawn.as_ref()?;
            Some((doc.out.as_str(), banner.what.state()))
        });
        let gone = catalogue.tombstones.iter();
        let gone = gone.flat_map(|gone| gone.outs().map(|out| (out.as_str(), gone.state())));
        let channels = catalogue.channels.iter();
        Self {
            public: docs.chain(shown).collect(),
            withheld: held.chain(unused).collect(),
            withdrawn: banners.chain(gone).collect(),
            titles: channels.map(|channel| (channel.folder.to_string(), channel.title().to_owned())).collect(),
        }
    }
}

impl Words for Facts<'_> {
    /// A page in whose place something else stands now, because its document was withdrawn.
    fn replaced(&self, entry: &Entry) -> Option<Gone> {
        let reason = self.withdrawn.get(entry.path.as_str())?.clone();
        let is_own = entry.kind != Kind::Redirect;
        let reason = if is_own { reason } else { format!("{reason}，这里跳转") };
        Some(gone(entry, (reason, false)))
    }

    fn moved(&self, entry: &Entry) -> Option<Gone> {
        if self.withdrawn.contains_key(entry.path.as_str()) {
            return None;
        }
        let source = entry.sources.first().map(String::as_str).unwrap_or_default();
        let to = self.public.get(source).copied().unwrap_or_default();
        Some(gone(entry, (format!("移到了 /{to}，这里跳转过去"), false)))
    }

    /// Why a file goes, and whether it is a document's address that goes without a word.
    fn reason(&self, entry: &Entry) -> (String, bool) {
        let is_document = entry.kind.is_document();
        if entry.kind == Kind::Host {
            return ("服务器规则或压缩副本，不再需要".into(), false);
        }
        if entry.kind == Kind::Unknown {
            return ("它不在能相信的清单里，是什么查不出来".into(), false);
        }
        // the withdrawal has been published: nobody need be told of it for ever
        if entry.kind == Kind::Tombstone || (entry.kind == Kind::Redirect && entry.sources.is_empty()) {
            return ("撤下的说明或跳转不再保留".into(), false);
        }
        if !is_document && entry.kind != Kind::File {
            return ("列表、数据或分页不再需要".into(), false);
        }
        let source = entry.sources.first().map(String::as_str).unwrap_or_default();
        if let Some((reason, is_early)) = self.withheld.get(source) {
            // nobody withdraws by another day: a slip of the pen
            return (reason.clone(), *is_early && is_document);
        }
        match self.public.get(source) {
            Some(_) if entry.kind == Kind::Redirect => (format!("{source} 不再写这个旧网址"), true),
            Some(out) => (format!("移到了 /{out}，没有跳转"), is_document),
            None => (format!("源文件 {source} 已删除"), is_document),
        }
    }

    fn titles(&self) -> HashMap<String, String> {
        self.titles.clone()
    }
}
