//! A release on a disk: for hosts that no network reaches. One file, `NAME.tar.zst`, holds what changed since the last one
//! (or everything), the manifest, checksums that `sha256sum -c` reads, and what is withdrawn and why:
//!
//! ```text
//! bundle.json     what it is, what it starts from, the plan
//! manifest.json   what the site will consist of
//! SHA256SUMS      of everything else in it
//! files/…
//! ```
//!
//! Nobody hears whether the disk arrived. The next bundle starts from the last one that was made; where the other side
//! has not got that, `apply` says so, and `--full` makes one that starts from nothing.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::changes::{Gone, Plan, Words};
use super::cleared::{self, Cleared, Clearing, Known, News, Now, Turn};
use super::disk;
use super::files::Files;
use super::folder::new_id;
use super::manifest::{Entry, Kind, Manifest};
use super::observe::{Found, Live, State};
use super::release::{Done, Published};
use super::{Prepared, Step, at, refused};
use crate::model::{Hash128, json};
use crate::pipeline::Failure;
use crate::source::{Digest, digest};

/// What this program writes and reads.
const FORMAT: u32 = 1;
const ABOUT: &str = "bundle.json";
const MANIFEST: &str = "manifest.json";
const SUMS: &str = "SHA256SUMS";
/// What is read of a text of a bundle at most: a manifest of a million files is 200 MB.
const LARGEST: u64 = 512 << 20;
/// More takes much longer and saves little.
const LEVEL: i32 = 9;

/// Where a bundle is written.
pub struct Bundle {
    file: PathBuf,
    /// Keeps the manifest of the last one.
    memory: PathBuf,
    full: bool,
}

/// `bundle.json`
#[derive(Serialize, Deserialize)]
struct About {
    format: u32,
    tool: String,
    release: String,
    /// SHA-256 of the manifest that it starts from; empty: of none.
    base: String,
    /// SHA-256 of its own.
    manifest: String,
    /// How many there are in it.
    files: usize,
    plan: Plan,
    /// Why addresses go, of this bundle and of all before it: one of those may have been lost.
    said: Said,
    titles: BTreeMap<String, String>,
    /// What was withdrawn for privacy, of this bundle and of all before it, and what of that is public again; which bundle it
    /// is.
    cleared: Cleared,
}

/// What is remembered of the bundles that were made, beside the manifest of the last one.
#[derive(Default, Serialize, Deserialize)]
struct Memory {
    said: Said,
    cleared: Cleared,
}

/// What was said of addresses of documents, each by its path, or by its name (`cleared`) if it was withdrawn for the sake of
/// privacy: the path may tell whom it is about.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Said {
    gone: BTreeMap<String, Gone>,
    replaced: BTreeMap<String, Gone>,
    moved: BTreeMap<String, Gone>,
}

impl Said {
    /// With what a plan says; what the next release gainsays is forgotten.
    fn and(mut self, plan: &Plan, live: Option<&Manifest>, next: &Manifest, known: &Known) -> Self {
        let was_document =
            |gone: &&Gone| live.and_then(|live| live.entry(&gone.path)).is_some_and(|entry| entry.kind.is_document());
        let is_private = |name: &String| known.get(name).is_some_and(|it| it.now == Now::Withdrawn);
        let by_path = |gone: &Gone| match cleared::name_of_address(&gone.path) {
            name if is_private(&name) => (name, Gone { path: String::new(), ..gone.clone() }),
            _ => (gone.path.clone(), gone.clone()),
        };
        self.gone.extend(plan.withdrawn.iter().filter(was_document).map(by_path));
        self.replaced.extend(plan.replaced.iter().map(by_path));
        self.moved.extend(plan.moved.iter().map(by_path));
        let is_over = |path: &String| known.get(path).is_some_and(|it| it.now != Now::Withdrawn);
        self.gone.retain(|path, _| next.entry(path).is_none() && !is_over(path));
        // where nothing is left of it any more, the other side may still have what was withdrawn: the bundle that left a word in
        // its place may be lost
        let is_left = |path: &String| next.entry(path).is_none_or(|entry| !entry.withdrawn.is_empty());
        self.replaced.retain(|path, _| is_private(path) || is_left(path));
        self.moved.retain(|path, _| next.entry(path).is_some_and(|entry| entry.kind == Kind::Redirect));
        self
    }
}

impl Bundle {
    /// `state`: the site's state folder; `target`: whose bundles they are.
    pub fn new(file: &Path, target: &str, full: bool, state: &Path) -> Self {
        let name = Hash128::of(&target).to_string();
        Self { file: file.to_owned(), memory: state.join(format!("bundle-{}", &name[..16])), full }
    }

    pub fn place(&self) -> String {
        self.file.display().to_string()
    }

    /// Refused where a file is already: it may be a bundle that nobody has carried yet, or anything.
    pub fn is_free(&self) -> Result<(), Failure> {
        match fs::symlink_metadata(&self.file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(at(&self.file)(error)),
            Ok(_) => {
                let reason = "已经有这个文件，没有覆盖。换一个名称（例如加上日期）；是已经带走的离线包的，先删去它";
                Err(refused(&self.file, reason))
            }
        }
    }

    fn remembered(&self) -> Result<Memory, Failure> {
        Ok(disk::read(&self.said())?.and_then(|text| json::parse(&text)).unwrap_or_default())
    }

    /// Beside the manifest of the last one.
    fn said(&self) -> PathBuf {
        self.memory.with_extension("said")
    }

    /// What the last bundle left on the other side, as far as is known here.
    pub fn observe(&self) -> Result<State, Failure> {
        let mut state = State { cleared: self.remembered()?.cleared, ..State::default() };
        let Some(text) = disk::read(&self.memory)? else { return Ok(state) };
        let Some((id, text)) = text.split_once('\n') else { return Ok(state) };
        if let Some(manifest) = Manifest::parse(text) {
            let found = manifest.files.iter().map(|_| Found::Sound(None)).collect();
            state.live = Some(Live::new(id.to_owned(), manifest, Digest::of(text.as_bytes()).sha256, found));
        }
        Ok(state)
    }

    pub fn publish(&self, prepared: &Prepared, now: i64, progress: &dyn Fn(Step)) -> Result<Done, Failure> {
        let Clearing { after, is_due, .. } = &prepared.clearing;
        let is_asked = prepared.is_asked_to_clear();
        if prepared.plan.is_empty() && !prepared.is_now_committed() && !is_due && !is_asked && !self.full {
            return Ok(Done::Unchanged);
        }
        let before = prepared.state.live.as_ref();
        let others: Vec<String> = before.into_iter().map(|live| live.release.clone()).collect();
        let release = new_id(now, &prepared.plan.manifest, &others);
        let base = before.filter(|_| !self.full);
        let is_in = |entry: &&Entry| base.is_none_or(|live| !live.has_bytes(entry));
        let files: Vec<&Entry> = prepared.manifest.files.iter().filter(is_in).collect();
        let Memory { said, cleared } = self.remembered()?;
        let live = before.map(|live| &live.manifest);
        let said = said.and(&prepared.plan, live, &prepared.manifest, &after.known);
        let first = || Turn { first: release.clone(), number: 1, made: release.clone() };
        let next = |last: Turn| Turn { number: last.number + 1, made: release.clone(), ..last };
        let turn = cleared.bundle.map_or_else(first, next);
        let cleared = Cleared { bundle: Some(turn), ..after.clone() };
        let about = About {
            said: said.clone(),
            cleared: cleared.clone(),
            format: FORMAT,
            tool: prepared.manifest.tool.clone(),
            release: release.clone(),
            base: base.map(|live| live.hash.clone()).unwrap_or_default(),
            manifest: prepared.plan.manifest.clone(),
            files: files.len(),
            plan: prepared.plan.clone(),
            titles: prepared.plan.titles.clone().into_iter().collect(),
        };
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        let aside = self.file.with_file_name(format!(".{name}.gongkai-tmp"));
        let written = self.write(&aside, &about, prepared, &files, progress);
        written.inspect_err(|_| _ = fs::remove_file(&aside))?;
        self.is_free()?;
        fs::rename(&aside, &self.file).map_err(at(&self.file))?;
        disk::replace(&self.said(), &json::to_string(&Memory { said, cleared }))?;
        disk::replace(&self.memory, &format!("{release}\n{}", prepared.text))?;
        Ok(Done::Published(Published { release, written: files.len(), removed: Vec::new(), late: None }))
    }

    fn write(
        &self,
        aside: &Path,
        about: &About,
        prepared: &Prepared,
        files: &[&Entry],
        progress: &dyn Fn(Step),
    ) -> Result<(), Failure> {
        // new, so that nothing is written through a link
        disk::remove_file(aside)?;
        let file = File::create_new(aside).map_err(at(aside))?;
        let pack = zstd::Encoder::new(BufWriter::new(file), LEVEL).map_err(at(aside))?;
        let mut tar = tar::Builder::new(pack);
        let about = json::to_string(about) + "\n";
        let sums = sums(&about, &prepared.text, files);
        for (name, text) in [(ABOUT, &about), (MANIFEST, &prepared.text), (SUMS, &sums)] {
            append(&mut tar, name, text.len() as u64, text.as_bytes()).map_err(at(aside))?;
        }
        for (done, entry) in (1..).zip(files) {
            let from = prepared.files.path(entry);
            let bytes = fs::read(&from).map_err(at(&from))?;
            if Digest::of(&bytes).sha256 != entry.sha256 {
                return Err(refused(&from, "打包期间它被改动了。请再运行一次"));
            }
            append(&mut tar, &format!("files/{}", entry.path), entry.size, &bytes[..]).map_err(at(aside))?;
            progress(Step { label: "打包", done, total: files.len() });
        }
        let pack = tar.into_inner().map_err(at(aside))?;
        let mut file = pack.finish().map_err(at(aside))?;
        file.flush().map_err(at(aside))?;
        file.get_ref().sync_all().map_err(at(aside))
    }
}

/// Heads without times and owners: the same site is the same bytes.
fn append(tar: &mut tar::Builder<impl Write>, name: &str, size: u64, bytes: impl Read) -> io::Result<()> {
    let mut head = tar::Header::new_ustar();
    head.set_size(size);
    head.set_mode(0o644);
    head.set_mtime(0);
    head.set_entry_type(tar::EntryType::Regular);
    tar.append_data(&mut head, name, bytes)
}

fn sums(about: &str, manifest: &str, files: &[&Entry]) -> String {
    let own = [(ABOUT, about), (MANIFEST, manifest)];
    let mut text: String =
        own.iter().map(|(name, text)| format!("{}  {name}\n", Digest::of(text.as_bytes()).sha256)).collect();
    files.iter().for_each(|entry| text += &format!("{}  files/{}\n", entry.sha256, entry.path));
    text
}

/// A bundle that was unpacked and found to be whole.
pub struct Unpacked {
    pub manifest: Manifest,
    pub text: String,
    /// SHA-256 of the manifest that it starts from; empty: of none.
    pub base: String,
    pub files: Files,
    pub words: Carried,
    pub news: News,
    /// Paths of the site that are in it.
    present: HashSet<String>,
}

impl Unpacked {
    pub fn manifest_hash(&self) -> String {
        Digest::of(self.text.as_bytes()).sha256
    }

    /// Files that are neither in the bundle nor live.
    pub fn missing(&self, state: &State) -> Vec<String> {
        let is_live = |entry: &Entry| state.live.as_ref().is_some_and(|live| live.has_bytes(entry));
        let missing = self.manifest.files.iter().filter(|entry| !self.present.contains(&entry.path) && !is_live(entry));
        missing.map(|entry| format!("/{}", entry.path)).collect()
    }
}

/// What was said of files when the bundle was made.
pub struct Carried {
    plan: Said,
    before: Said,
    titles: HashMap<String, String>,
}

impl Carried {
    /// What the plan of the bundle says, else what those before it said.
    fn of(&self, of: fn(&Said) -> &BTreeMap<String, Gone>, path: &str) -> Option<Gone> {
        let before = of(&self.before);
        let private = || before.get(&cleared::name_of_address(path));
        let found = of(&self.plan).get(path).or_else(|| before.get(path)).or_else(private)?;
        Some(Gone { path: path.to_owned(), ..found.clone() })
    }
}

impl Words for Carried {
    fn reason(&self, entry: &Entry) -> (String, bool) {
        let replaced = || self.of(|said| &said.replaced, &entry.path);
        match self.of(|said| &said.gone, &entry.path).or_else(replaced) {
            Some(gone) => (gone.reason, gone.lost),
            None => ("离线包里没有它，也没有说明".into(), entry.kind.is_document()),
        }
    }

    fn replaced(&self, entry: &Entry) -> Option<Gone> {
        self.of(|said| &said.replaced, &entry.path)
    }

    fn moved(&self, entry: &Entry) -> Option<Gone> {
        self.of(|said| &said.moved, &entry.path)
    }

    fn titles(&self) -> HashMap<String, String> {
        self.titles.clone()
    }
}

/// Behind the last file there are only zeros, as archives end; the rest would be seen by nobody who unpacks it here, and by
/// others perhaps.
fn has_ended(rest: impl Read) -> io::Result<()> {
    let mut end = Vec::new();
    rest.take(1 << 20).read_to_end(&mut end)?;
    match end.len() < 1 << 20 && end.iter().all(|byte| *byte == 0) {
        true => Ok(()),
        false => Err(io::Error::other("最后一个文件后面还有别的内容")),
    }
}

/// Unpacks a bundle into an empty folder and makes sure of every byte.
pub fn unpack(file: &Path, into: &Path) -> Result<Unpacked, Failure> {
    let broken = |reason: String| refused(file, format!("离线包不完整或被改动：{reason}"));
    let opened = File::open(file).map_err(at(file))?;
    let pack = zstd::Decoder::new(opened).map_err(|error| broken(error.to_string()))?;
    let mut tar = tar::Archive::new(pack);
    let mut entries = tar.entries().map_err(|error| broken(error.to_string()))?;
    let mut text = |wanted: &str| {
        let entry = entries.next().ok_or_else(|| broken(format!("没有 {wanted}")))?;
        let mut entry = entry.map_err(|error| broken(error.to_string()))?;
        let is_it = entry.path().is_ok_and(|path| path.as_ref() == Path::new(wanted));
        if !is_it || entry.size() > LARGEST {
            return Err(broken(format!("没有 {wanted}，或它太大")));
        }
        let mut text = String::new();
        entry.read_to_string(&mut text).map_err(|error| broken(error.to_string()))?;
        Ok(text)
    };
    let (about_text, manifest_text, sums_text) = (text(ABOUT)?, text(MANIFEST)?, text(SUMS)?);
    let about = json::parse::<About>(&about_text).filter(|about| about.format == FORMAT);
    let about = about.ok_or_else(|| broken("bundle.json 读不出来，可能是更新的 gongkai 写的".into()))?;
    if Digest::of(manifest_text.as_bytes()).sha256 != about.manifest {
        return Err(broken("清单与包里写的不符".into()));
    }
    let manifest = Manifest::parse(&manifest_text).ok_or_else(|| broken("清单读不出来".into()))?;
    let mut present = HashSet::new();
    for entry in entries {
        let mut entry = entry.map_err(|error| broken(error.to_string()))?;
        let path = entry.path().map_err(|error| broken(error.to_string()))?.to_string_lossy().into_owned();
        let wanted = path.strip_prefix("files/").and_then(|path| manifest.entry(path));
        let wanted = wanted.filter(|wanted| entry.header().entry_type().is_file() && wanted.size == entry.size());
        // the manifest holds no path that leads out of a release
        let Some(wanted) = wanted.filter(|wanted| present.insert(wanted.path.clone())) else {
            return Err(broken(format!("{path} 不是清单里的文件")));
        };
        let to = into.join(&wanted.path);
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).map_err(at(folder))?;
        }
        let mut copy = File::create_new(&to).map_err(at(&to))?;
        let found = digest(&mut entry, &mut copy).map_err(|error| match error.kind() {
            // nothing is wrong with the bundle
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                refused(into, "磁盘放不下解开的离线包。用 --work 指定一个有空间的文件夹")
            }
            _ => broken(format!("{path}：{error}")),
        })?;
        if found.sha256 != wanted.sha256 {
            return Err(broken(format!("{path} 的内容与清单不符")));
        }
    }
    has_ended(tar.into_inner()).map_err(|error| broken(error.to_string()))?;
    if present.len() != about.files {
        return Err(broken(format!("应有 {} 个文件，只有 {} 个", about.files, present.len())));
    }
    let in_it: Vec<&Entry> = manifest.files.iter().filter(|entry| present.contains(&entry.path)).collect();
    if sums(&about_text, &manifest_text, &in_it) != sums_text {
        return Err(broken("SHA256SUMS 与内容不符".into()));
    }
    let by_path = |gone: Vec<Gone>| gone.into_iter().map(|gone| (gone.path.clone(), gone)).collect();
    let Plan { withdrawn, replaced, moved, .. } = about.plan;
    let words = Carried {
        plan: Said { gone: by_path(withdrawn), replaced: by_path(replaced), moved: by_path(moved) },
        before: about.said,
        titles: about.titles.into_iter().collect(),
    };
    let files = Files::new(into, HashMap::new());
    let Cleared { known: carried, bundle, asked, .. } = about.cleared;
    let news = News { carried, bundle, asked, ..News::default() };
    Ok(Unpacked { manifest, text: manifest_text, base: about.base, files, words, news, present })
}
