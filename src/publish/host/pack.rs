//! Precompressed copies beside texts. A copy lies in the state folder under the SHA-256 of what it is a copy of, with what
//! came of it in an index, so that nothing is compressed twice; the same bytes on every machine.

use std::collections::HashMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use miniz_oxide::deflate::compress_to_vec;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{PACKED, store};
use crate::config::Packing;
use crate::memory::{pack, unpack};
use crate::model::Hash128;
use crate::model::file::extension;
use crate::publish::disk::{remove_file, remove_folder};
use crate::publish::files::Files;
use crate::publish::manifest::{Entry, Kind, Manifest};
use crate::publish::{Failure, Step, Ticks, at, refused};
use crate::source::{Digest, Instant, Stamp, crc32};

/// What is smaller fits into a packet or two anyway.
const LEAST: u64 = 1024;
/// What other settings make is compressed anew.
const VERSION: u32 = 1;

/// Copies as files of the release, and where each lies, by its path.
pub type Copies = (Vec<Entry>, HashMap<String, PathBuf>);

/// What came of compressing a text: `None` if it did not become smaller. The stamp is that of the copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    source: String,
    end: String,
    copy: Option<(u64, String, Stamp)>,
}

/// One text in one form.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Job<'e> {
    source: &'e str,
    packing: Packing,
}

/// What came of a job, and whether that was known.
struct Done<'e> {
    job: Job<'e>,
    copy: Option<Digest>,
    is_known: bool,
}

/// Copies of every text of the site that become smaller; `folder` is the target's in the state folder.
pub fn copies(
    forms: &[Packing],
    manifest: &Manifest,
    files: &Files,
    folder: &Path,
    progress: &(dyn Fn(Step) + Sync),
) -> Result<Copies, Failure> {
    let root = folder.join("packed");
    let texts: Vec<&Entry> = manifest.files.iter().filter(|entry| is_text(entry)).collect();
    let wanted = texts.iter().flat_map(|entry| forms.iter().map(move |form| (*form, *entry)));
    let mut jobs: HashMap<Job, &Entry> = HashMap::new();
    for (packing, entry) in wanted {
        jobs.entry(Job { source: &entry.sha256, packing }).or_insert(entry);
    }
    let index = Index::load(folder, &root);
    let mut jobs: Vec<(Job, &Entry)> = jobs.into_iter().collect();
    // large ones first, so that no thread is left with one at the end
    jobs.sort_by(|(a, one), (b, other)| {
        (other.size, a.source, a.packing.key()).cmp(&(one.size, b.source, b.packing.key()))
    });
    let step = Ticks::new("压缩", jobs.len(), progress);
    let work = |(job, entry)| {
        let done = match index.copy(job) {
            Some(copy) => Done { job, copy, is_known: true },
            None => Done { job, copy: compress(job, entry, files, &root)?, is_known: false },
        };
        step.tick();
        Ok(done)
    };
    let done: Vec<Done> = jobs.into_par_iter().with_max_len(8).map(work).collect::<Result<_, Failure>>()?;
    step.end();
    index.keep(&done)?;
    let done: HashMap<Job, Digest> = done.into_iter().filter_map(|done| Some((done.job, done.copy?))).collect();
    Ok(listed(&texts, forms, manifest, &done, &root))
}

fn is_text(entry: &Entry) -> bool {
    entry.size >= LEAST && entry.kind != Kind::Host && PACKED.contains(&extension(&entry.path).as_str())
}

fn place(root: &Path, job: Job) -> PathBuf {
    let (above, name) = job.source.split_at_checked(2).unwrap_or(("", job.source));
    root.join(above).join(format!("{name}.{}", job.packing.key()))
}

/// Every copy under the name of its file.
fn listed(
    texts: &[&Entry],
    forms: &[Packing],
    manifest: &Manifest,
    done: &HashMap<Job, Digest>,
    root: &Path,
) -> Copies {
    let (mut entries, mut places) = (Vec::new(), HashMap::new());
    for (entry, packing) in texts.iter().flat_map(|entry| forms.iter().map(move |form| (entry, *form))) {
        let job = Job { source: &entry.sha256, packing };
        let path = format!("{}.{}", entry.path, packing.key());
        // what somebody put there is left
        let Some(copy) = done.get(&job).filter(|_| manifest.entry(&path).is_none()) else { continue };
        places.insert(path.clone(), place(root, job));
        entries.push(Entry {
            path,
            size: copy.size,
            sha256: copy.sha256.clone(),
            media: if packing == Packing::Gzip { "application/gzip" } else { "application/octet-stream" }.to_owned(),
            cache: entry.cache.clone(),
            kind: Kind::Host,
            channel: String::new(),
            sources: Vec::new(),
            withdrawn: String::new(),
        });
    }
    (entries, places)
}

/// Compresses a file of the site and writes the copy, if it is smaller.
fn compress(job: Job, entry: &Entry, files: &Files, root: &Path) -> Result<Option<Digest>, Failure> {
    let from = files.path(entry);
    let bytes = fs::read(&from).map_err(at(&from))?;
    if Digest::of(&bytes).sha256 != job.source {
        return Err(refused(&from, "发布期间它被改动了。请再运行一次"));
    }
    let copy = match job.packing {
        Packing::Gzip => gzip(&bytes),
        Packing::Brotli => brotli(&bytes),
    };
    if copy.len() >= bytes.len() {
        return Ok(None);
    }
    store::put(&place(root, job), &copy)?;
    Ok(Some(Digest::of(&copy)))
}

/// Removes what was kept of copies: none are wanted any more.
pub fn forget(folder: &Path) -> Result<(), Failure> {
    remove_file(&folder.join("packed.index"))?;
    remove_folder(&folder.join("packed"))
}

/// A gzip file (RFC 1952) without name and time: the same bytes for the same text.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    // magic, deflate, no flags, no time, hardest compression, no system
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];
    out.extend(compress_to_vec(bytes, 9));
    out.extend(crc32(bytes).to_le_bytes());
    out.extend((bytes.len() as u32).to_le_bytes());
    out
}

#[cfg(feature = "publish")]
fn brotli(bytes: &[u8]) -> Vec<u8> {
    let window = (usize::BITS - bytes.len().leading_zeros()).clamp(10, 22);
    let params = brotli::enc::BrotliEncoderParams {
        quality: 9,
        lgwin: window as i32,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut out = Vec::with_capacity(bytes.len() / 4);
    brotli::BrotliCompress(&mut &*bytes, &mut out, &params).expect("memory is read and written without fail");
    out
}

/// Whoever leaves the feature out is refused by `config`.
#[cfg(not(feature = "publish"))]
fn brotli(bytes: &[u8]) -> Vec<u8> {
    bytes.to_owned()
}

/// What earlier runs made.
struct Index {
    path: PathBuf,
    root: PathBuf,
    known: HashMap<(String, String), Known>,
}

impl Index {
    fn load(folder: &Path, root: &Path) -> Self {
        let path = folder.join("packed.index");
        let bytes = fs::read(&path).unwrap_or_default();
        let (sum, body) = bytes.split_at_checked(32).unwrap_or_default();
        let is_whole = Hash128::of_bytes(body).to_string().as_bytes() == sum;
        let read: Option<(u32, Vec<Known>)> = is_whole.then(|| unpack(body)).flatten();
        let known = read.filter(|(version, _)| *version == VERSION).map(|(_, known)| known).unwrap_or_default();
        let by_job = known.into_iter().map(|known| ((known.source.clone(), known.end.clone()), known));
        Self { path, root: root.to_owned(), known: by_job.collect() }
    }

    /// What came of it before, if the copy is what it was then; `None`: it is to be made.
    fn copy(&self, job: Job) -> Option<Option<Digest>> {
        let Some((size, sha256, stamp)) = &self.of(job)?.copy else { return Some(None) };
        let meta = fs::symlink_metadata(place(&self.root, job)).ok()?;
        let is_as_it_was = meta.is_file() && Stamp::of(&meta) == *stamp;
        is_as_it_was.then(|| Some(Digest { size: *size, sha256: sha256.clone() }))
    }

    fn of(&self, job: Job) -> Option<&Known> {
        self.known.get(&(job.source.to_owned(), job.packing.key().to_owned()))
    }

    /// Keeps this and nothing else, the copies that are no longer wanted included.
    fn keep(&self, done: &[Done]) -> Result<(), Failure> {
        if done.len() == self.known.len() && done.iter().all(|done| done.is_known) {
            return Ok(());
        }
        let copies = done.iter().filter(|done| done.copy.is_some());
        let places: Vec<PathBuf> = copies.map(|done| place(&self.root, done.job)).collect();
        store::sweep(&self.root, &places.iter().map(PathBuf::as_path).collect())?;
        let began = self.now()?;
        let mut all: Vec<Known> = done.iter().filter_map(|done| self.known(done, began)).collect();
        all.sort_by(|a, b| (&a.source, &a.end).cmp(&(&b.source, &b.end)));
        let body = pack(&(VERSION, all));
        let sum = Hash128::of_bytes(&body).to_string();
        fs::write(&self.path, [sum.as_bytes(), &body].concat()).map_err(at(&self.path))
    }

    /// What to keep of a job; `None` if its copy, which was just written, might still change without a trace.
    fn known(&self, done: &Done, began: Instant) -> Option<Known> {
        let stamp = |job| fs::symlink_metadata(place(&self.root, job)).ok().map(|meta| Stamp::of(&meta));
        let copy = match &done.copy {
            None => None,
            Some(copy) => {
                let stamp = stamp(done.job).filter(|stamp| began.is_settled(stamp))?;
                Some((copy.size, copy.sha256.clone(), stamp))
            }
        };
        Some(Known { source: done.job.source.to_owned(), end: done.job.packing.key().to_owned(), copy })
    }

    /// Where the clock of the file system stands.
    fn now(&self) -> Result<Instant, Failure> {
        let folder = self.path.parent().unwrap_or(&self.path);
        fs::create_dir_all(folder).map_err(at(folder))?;
        let probe = folder.join("probe");
        let file = File::create(&probe).map_err(at(&probe))?;
        let now = Instant::of(&file).map_err(at(&probe))?;
        fs::remove_file(&probe).map_err(at(&probe))?;
        Ok(now)
    }
}
