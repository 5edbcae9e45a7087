//! The manifest of a release: what a site consists of. Its bytes depend on the files, `site.toml`, the theme, the as-of
//! day, the commit and whether files were changed since it alone: no clock, host, absolute path or order of threads is in it.

use std::collections::BTreeMap;
use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::commit::Changes;
use crate::catalogue::channels::Folders;
use crate::catalogue::{Catalogue, ChannelId};
use crate::model::file::media_type;
use crate::model::path::SourcePath;
use crate::model::{Moment, OutPath, Withdrawal, json};
use crate::pipeline::Site;
use crate::plan::{self, Input, List, Maker, Page};
use crate::source::Digest;

/// What this program writes and reads.
const FORMAT: u32 = 1;
const TOOL: &str = concat!("gongkai ", env!("CARGO_PKG_VERSION"));

/// A release as data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    pub tool: String,
    pub site: SiteName,
    /// Empty without git.
    pub commit: String,
    /// Files of the site were not as the commit has them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dirty: bool,
    /// Which they were, each by the first 16 digits of the SHA-256 of its path: a name may tell whom a document is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<String>,
    /// "Today" of the build.
    pub as_of: String,
    /// Public documents.
    pub documents: usize,
    /// By channel.
    pub totals: Vec<Total>,
    /// By path.
    pub files: Vec<Entry>,
}

/// Whose site it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteName {
    pub name: String,
    pub base_url: String,
    pub id_code: String,
}

impl SiteName {
    /// Host and folder: a site may go from http to https, but several sites may share a host.
    pub fn place(&self) -> (String, &str) {
        let (scheme, rest) = self.base_url.split_once("://").unwrap_or(("", &self.base_url));
        let (host, folder) = rest.split_once('/').unwrap_or((rest, ""));
        let host = host.to_ascii_lowercase();
        let port = if scheme.eq_ignore_ascii_case("http") { ":80" } else { ":443" };
        (host.strip_suffix(port).unwrap_or(&host).to_owned(), folder.trim_end_matches('/'))
    }

    /// SHA-256 of that, as the chain keeps it.
    pub fn place_hash(&self) -> String {
        let (host, folder) = self.place();
        Digest::of(format!("{host}/{folder}").as_bytes()).sha256
    }
}

/// What a channel comes to; an empty folder stands for the home page and what belongs to the whole site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Total {
    pub channel: String,
    pub documents: usize,
    pub files: usize,
    pub bytes: u64,
}

/// A file of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// From the site's root, not encoded.
    pub path: String,
    pub size: u64,
    /// 64 lower-case hex digits.
    pub sha256: String,
    #[serde(rename = "type")]
    pub media: String,
    /// `Cache-Control` that whoever serves it is to send; empty: none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cache: String,
    pub kind: Kind,
    /// Folder below `content/`.
    pub channel: String,
    /// Files that it is made from, of those that are its own; lists have none, and neither has what is left of a document
    /// that was withdrawn for the sake of privacy.
    pub sources: Vec<String>,
    /// `2026-01-01 privacy`: since when and why its document is withdrawn; empty if it is not.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub withdrawn: String,
}

/// What a file is to readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A document's own page.
    Document,
    /// An old address of a document.
    Redirect,
    /// A page that says which document was withdrawn from its address.
    Tombstone,
    /// An attachment, an image, a file of `static/`.
    File,
    /// Channels, lists, catalogues.
    Page,
    /// Open data, feeds, sitemap.
    Data,
    /// Of the theme.
    Asset,
    /// Made for whoever serves the site: rules, precompressed copies.
    Host,
    /// Of no manifest: it lies there, and what was known of it is lost.
    #[serde(skip)]
    Unknown,
}

impl Kind {
    /// Whether its address is one that people have noted down and laws want kept.
    pub fn is_document(self) -> bool {
        matches!(self, Kind::Document | Kind::Redirect)
    }
}

impl Entry {
    /// Whether both are the same to readers: the bytes, and what is said of them when they are served.
    pub fn is_same(&self, other: &Self) -> bool {
        self.sha256 == other.sha256 && self.media == other.media && self.cache == other.cache
    }
}

impl Manifest {
    /// Its bytes.
    pub fn text(&self) -> String {
        let mut text = json::to_string(self);
        text.push('\n');
        text
    }

    /// `None` if it is no manifest that this program can read, or names a path that leads out of a release.
    pub fn parse(text: &str) -> Option<Self> {
        let manifest: Self = json::parse(text)?;
        let is_inside = |entry: &Entry| OutPath::new(entry.path.as_str()).is_ok();
        let ascending = manifest.files.windows(2).all(|pair| pair[0].path < pair[1].path);
        (manifest.format == FORMAT && ascending && manifest.files.iter().all(is_inside)).then_some(manifest)
    }

    /// Of a site of which nothing is known any more.
    pub fn unknown() -> Self {
        let site = SiteName { name: String::new(), base_url: String::new(), id_code: String::new() };
        Self {
            format: FORMAT,
            tool: String::new(),
            site,
            commit: String::new(),
            dirty: true,
            changes: Vec::new(),
            as_of: String::new(),
            documents: 0,
            totals: Vec::new(),
            files: Vec::new(),
        }
    }

    /// With files of which there is no more than their paths.
    pub fn and_unknown(mut self, paths: impl Iterator<Item = String>) -> Self {
        let entry = |path: String| Entry {
            path,
            size: 0,
            sha256: String::new(),
            media: String::new(),
            cache: String::new(),
            kind: Kind::Unknown,
            channel: String::new(),
            sources: Vec::new(),
            withdrawn: String::new(),
        };
        let more: Vec<Entry> = paths.filter(|path| self.entry(path).is_none()).map(entry).collect();
        self.files.extend(more);
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        self
    }

    pub fn entry(&self, path: &str) -> Option<&Entry> {
        let at = self.files.binary_search_by(|entry| entry.path.as_str().cmp(path)).ok()?;
        Some(&self.files[at])
    }

    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|entry| entry.size).sum()
    }
}

/// The manifest of a site; `digests` are those of its planned outputs, in their order.
pub fn of(site: &Site, as_of: Moment, (commit, changes): (String, &Changes), digests: Vec<Digest>) -> Manifest {
    let (catalogue, config) = (&site.world.catalogue, &site.world.config.site);
    let folders = Folders::new(&catalogue.channels);
    let files: Vec<Entry> =
        site.plan.pages.iter().zip(digests).map(|(page, digest)| entry(page, digest, catalogue, &folders)).collect();
    Manifest {
        format: FORMAT,
        tool: TOOL.into(),
        site: SiteName {
            name: config.name.clone(),
            base_url: config.base_url.clone(),
            id_code: config.id_code.clone(),
        },
        commit,
        dirty: changes.any(),
        changes: changes.names(),
        as_of: as_of.to_string(),
        documents: catalogue.docs.len(),
        totals: totals(&files),
        files,
    }
}

fn entry(page: &Page, digest: Digest, catalogue: &Catalogue, folders: &Folders) -> Entry {
    let channel = channel(page, catalogue, folders);
    Entry {
        path: page.out.as_str().to_owned(),
        size: digest.size,
        sha256: digest.sha256,
        media: media_type(page.out.as_str()).to_owned(),
        cache: String::new(),
        kind: kind(page),
        channel: channel.map(|id| catalogue.channel(id).folder.to_string()).unwrap_or_default(),
        sources: sources(page, catalogue),
        withdrawn: withdrawn(page, catalogue)
            .map(|what| format!("{} {}", what.day, what.cause.key()))
            .unwrap_or_default(),
    }
}

/// The withdrawal of the document whose page it is, or is what is left of it.
fn withdrawn(page: &Page, catalogue: &Catalogue) -> Option<Withdrawal> {
    page.inputs.iter().find_map(|input| match input {
        Input::Document(id) => Some(catalogue.doc(*id).withdrawn.as_ref()?.what),
        Input::Tombstone(id) | Input::Moved(id) => Some(catalogue.tombstones[*id as usize].what),
        _ => None,
    })
}

/// Nothing is said of a source of which nothing may be left.
fn sources(page: &Page, catalogue: &Catalogue) -> Vec<String> {
    let source = plan::source(page, catalogue).map(|source| source.to_string());
    source.into_iter().filter(|source| !catalogue.private.contains(source)).collect()
}

fn kind(page: &Page) -> Kind {
    let has = |is: fn(&Input) -> bool| page.inputs.iter().any(is);
    match page.maker {
        Maker::Template(_) if has(|input| matches!(input, Input::Document(_))) => Kind::Document,
        Maker::Template(_) if has(|input| matches!(input, Input::Redirect(_) | Input::Moved(_))) => Kind::Redirect,
        Maker::Template(_) if has(|input| matches!(input, Input::Tombstone(_))) => Kind::Tombstone,
        Maker::Template(_) => Kind::Page,
        Maker::Copy if has(|input| matches!(input, Input::File(_))) => Kind::File,
        Maker::Copy => Kind::Asset,
        _ => Kind::Data,
    }
}

/// The channel that a file is counted with.
fn channel(page: &Page, catalogue: &Catalogue, folders: &Folders) -> Option<ChannelId> {
    page.inputs.iter().find_map(|input| match input {
        Input::Document(id) | Input::Redirect(id) => Some(catalogue.doc(*id).channel),
        Input::Tombstone(id) | Input::Moved(id) => Some(catalogue.tombstones[*id as usize].channel),
        Input::File(id) => nearest(&catalogue.file(*id).source, folders),
        Input::Channel(id, _)
        | Input::Town(id, _)
        | Input::Records(id, _)
        | Input::Record(id, _)
        | Input::AllRecords(id)
        | Input::Recent(id)
        | Input::Cards(List::Channel(id), _)
        | Input::Rows(List::Channel(id), _) => Some(*id),
        _ => None,
    })
}

fn nearest(source: &SourcePath, folders: &Folders) -> Option<ChannelId> {
    source.as_str().starts_with("content/").then(|| folders.nearest(source.folder())).flatten()
}

/// What the files come to, by channel.
pub fn totals(files: &[Entry]) -> Vec<Total> {
    let mut totals: BTreeMap<&str, Total> = BTreeMap::new();
    for file in files {
        let empty = || Total { channel: file.channel.clone(), documents: 0, files: 0, bytes: 0 };
        let total = totals.entry(&file.channel).or_insert_with(empty);
        total.documents += usize::from(file.kind == Kind::Document);
        total.files += 1;
        total.bytes += file.size;
    }
    totals.into_values().collect()
}

/// The folders that the files lie in, each without a closing `/`, parents first.
pub fn folders(manifest: &Manifest) -> Vec<&str> {
    let mut seen = HashSet::new();
    for entry in &manifest.files {
        let mut folder = entry.path.as_str();
        while let Some((above, _)) = folder.rsplit_once('/') {
            if !seen.insert(above) {
                break;
            }
            folder = above;
        }
    }
    let mut folders: Vec<&str> = seen.into_iter().collect();
    folders.sort_unstable();
    folders
}
