//! The first two stages: which files must be read, reading and parsing them, and what all files together came to.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::given::Given;
use super::{Failure, Memory, Options, Touched};

use crate::catalogue::records::Sheets;
use crate::catalogue::{Sources, files};
use crate::diag::{Code, Diagnostic};
use crate::emit::Target;
use crate::memory::{self, Fresh, Parsed, Reading};
use crate::model::records::RecordsSpec;
use crate::model::{Axis, ChannelFile, Hash128, SourcePath, slug};
use crate::parse::{self, markdown};
use crate::source::sheet::{Wanted, checked};
use crate::source::{self, Aside, FileKind, Instant, Place, SourceFile, Stamp, Tree};

/// Files of a site that is small enough for its bodies to wait in memory, and the bytes that they may have there.
const FEW: usize = 20_000;
const ROOM: usize = 48 * 1024 * 1024;

/// Files that a thread takes at once: short ones and long ones stand in folders of their own.
const PIECE: usize = 16;

/// What was seen of a site before anything of it is put together.
pub struct Look {
    pub given: Given,
    pub tree: Tree,
    /// When reading began.
    pub began: Option<Instant>,
    /// What was read now, in the order of the tree.
    pub fresh: Vec<Fresh>,
    /// Where texts are put aside, if every page may come to be rendered.
    pub aside: Option<Aside>,
    /// Where bodies were put aside, by the hash of the file.
    pub written: HashMap<Hash128, Place>,
}

impl Look {
    /// The same with another text of a document.
    pub fn with_text(mut self, source: &SourcePath, text: &str) -> Self {
        let Some(file) = self.tree.files.iter().find(|file| file.path == *source) else { return self };
        let mut findings = Vec::new();
        let parsed = read_text(file, text, Hash128::of_bytes(text.as_bytes()), None, &mut findings);
        let fresh = Fresh { path: source.clone(), stamp: None, reading: Reading { parsed, findings } };
        match self.fresh.binary_search_by(|fresh| fresh.path.cmp(source)) {
            Ok(at) => self.fresh[at] = fresh,
            Err(at) => self.fresh.insert(at, fresh),
        }
        self
    }
}

/// Looks where something may have changed, and reads it if it did. With a target whose pages must all be rendered, bodies are
/// written as HTML at once, which saves reading and parsing them again.
pub fn look(options: &Options, memory: &Memory, touched: &Touched, target: Option<&Target>) -> Result<Look, Failure> {
    let places = memory.places(options, touched);
    let given = Given::read(options, memory.seen.as_ref().map(|seen| &seen.given), places.as_deref())?;
    let (tree, places) = match (&memory.seen, &places) {
        (Some(seen), Some(places)) => {
            let (tree, places) = seen.tree.again(places);
            (tree, Some(places))
        }
        _ => (source::scan(&options.root), None),
    };
    let began = memory.files.now();
    let stale = stale(&tree, &memory.files, places.as_deref());
    let (mut fresh, mut written) = (Vec::with_capacity(stale.len()), HashMap::new());
    let room = if tree.files.len() <= FEW { ROOM } else { 0 };
    // where nothing can be put aside, texts are read again
    let aside = target.and_then(|target| Aside::create(target.state(), room).ok());
    let bodies = aside.as_ref().filter(|_| target.is_some_and(Target::is_new));
    for (file, place) in read(&tree.root, &stale, bodies) {
        if let (Parsed::Document(document), Some(place)) = (&file.reading.parsed, place) {
            written.insert(document.hash, place);
        }
        fresh.push(file);
    }
    Ok(Look { given, tree, began, fresh, aside, written })
}

/// The files that are not remembered as they are, in the order of the tree. With `places` (paths from the root, none of them
/// below another) only there.
fn stale<'t>(tree: &'t Tree, memory: &memory::Memory, places: Option<&[PathBuf]>) -> Vec<&'t SourceFile> {
    let is_stale = |file: &&SourceFile| !memory.is_as_it_was(&file.path, || source::stamp(&tree.root, &file.path).ok());
    match places {
        None => tree.files.par_iter().filter(is_stale).collect(),
        Some(places) => {
            let mut stale: Vec<_> = places.iter().flat_map(|place| tree.at(place)).filter(is_stale).collect();
            stale.sort_by(|a, b| a.path.cmp(&b.path));
            stale
        }
    }
}

/// Reads and parses files in parallel, each with the place where its body was put aside; a text is dropped as soon as it is
/// parsed.
fn read(root: &Path, files: &[&SourceFile], aside: Option<&Aside>) -> Vec<(Fresh, Option<Place>)> {
    let read = |file: &&SourceFile| {
        let place = Cell::new(None);
        let put = |html: String| place.set(aside.and_then(|aside| aside.put(html)));
        let (reading, stamp) = read_safely(root, file, aside.map(|_| &put as markdown::Put));
        (Fresh { path: file.path.clone(), stamp, reading }, place.into_inner())
    };
    files.par_iter().with_max_len(PIECE).map(read).collect()
}

/// What all files came to: those that were read now, in the order of the tree, and those that are remembered.
pub fn all(tree: &Tree, memory: &memory::Memory, fresh: &[Fresh]) -> (Sources, Vec<Diagnostic>) {
    let mut sources = Sources {
        documents: Vec::new(),
        channels: Vec::new(),
        tables: Vec::new(),
        kinds: Vec::new(),
        calendar: Vec::new(),
        files: Vec::new(),
        sheets: BTreeMap::new(),
    };
    let mut findings = Vec::new();
    for (file, reading) in tree.files.iter().zip(readings(tree, memory, fresh)) {
        let Reading { parsed, findings: found } = reading.into_owned();
        findings.extend(found);
        match parsed {
            Parsed::Document(document) => sources.documents.push(document),
            Parsed::Channel(channel) => sources.channels.push(*channel),
            Parsed::Table(axis, table) => sources.tables.push((axis, table)),
            Parsed::Kind(kind) => sources.kinds.push(*kind),
            Parsed::Calendar(year) => sources.calendar.push(year),
            Parsed::File(facts) => sources.files.push((file.path.clone(), facts)),
            Parsed::Nothing => {}
        }
    }
    for axis in [Axis::Subject, Axis::Genre, Axis::Audience] {
        if !sources.tables.iter().any(|(declared, _)| *declared == axis) {
            sources.tables.push((axis, parse::tables::embedded(axis)));
        }
    }
    let own: Vec<&str> = sources.kinds.iter().map(|kind| &*kind.name).collect();
    let embedded = parse::kinds::embedded(&own);
    sources.kinds.extend(embedded);
    sources.sheets = sheets(&tree.root, &sources);
    (sources, findings)
}

/// The spreadsheets whose rows channels show: how many pages there are depends on them.
fn sheets(root: &Path, sources: &Sources) -> Sheets {
    let shown: Vec<_> =
        sources.channels.iter().filter_map(|channel| Some((channel, channel.records.as_deref()?))).collect();
    if shown.is_empty() {
        return Sheets::new();
    }
    let names: HashMap<String, &SourcePath> =
        sources.files.iter().map(|(path, _)| (slug::nfc(path.as_str()), path)).collect();
    let read = |(channel, spec): (&ChannelFile, &RecordsSpec)| {
        let wanted = files::source_path(channel.source.folder(), &spec.file.value)?;
        let path = names.get(&slug::nfc(&wanted))?;
        let wanted = Wanted::of(spec.sheet.as_deref(), spec.range.as_deref());
        Some((channel.source.clone(), checked(root, path.as_str(), &wanted)))
    };
    shown.into_par_iter().filter_map(read).collect()
}

/// The reading of every file of the tree. One that the store does not give back after all is made again.
fn readings<'m>(tree: &Tree, memory: &'m memory::Memory, fresh: &'m [Fresh]) -> Vec<Cow<'m, Reading>> {
    let reading = |file: &SourceFile| match fresh.binary_search_by(|fresh| fresh.path.cmp(&file.path)) {
        Ok(at) => Cow::Borrowed(&fresh[at].reading),
        Err(_) => memory.reading(&file.path).unwrap_or_else(|| Cow::Owned(read_safely(&tree.root, file, None).0)),
    };
    tree.files.par_iter().map(reading).collect()
}

/// What a file came to, and the stamp it had then; none if it could not be read, which another time it may be.
type Read = (Reading, Option<Stamp>);

/// A file that makes the program fail is a finding like any other, and hides none.
fn read_safely(root: &Path, file: &SourceFile, put: Option<markdown::Put>) -> Read {
    let read = AssertUnwindSafe(|| read_one(root, file, put));
    std::panic::catch_unwind(read).unwrap_or_else(|_| {
        let message = "程序处理这个文件时出错，这是 gongkai 的缺陷";
        let finding = Diagnostic::new(Code::G099, file.path.as_str(), None, message);
        let finding = finding.help("请把这个文件和出错信息告诉 gongkai 的维护者；改动文件或许可以绕开");
        (Reading { parsed: Parsed::Nothing, findings: vec![finding] }, None)
    })
}

fn read_one(root: &Path, file: &SourceFile, put: Option<markdown::Put>) -> Read {
    let mut findings = Vec::new();
    let read = match file.kind {
        FileKind::Attachment | FileKind::Static => match source::probe(root, &file.path) {
            Ok((facts, stamp)) => Some((Parsed::File(facts), stamp)),
            Err(error) => {
                findings.push(source::unreadable(file.path.as_str(), &error));
                None
            }
        },
        _ => {
            let read = |text: &str, hash, stamp| (read_text(file, text, hash, put, &mut findings), stamp);
            let read = source::text(root, file.path.as_str(), read);
            read.map_err(|finding| findings.push(finding)).ok()
        }
    };
    match read {
        Some((parsed, stamp)) => (Reading { parsed, findings }, Some(stamp)),
        None => (Reading { parsed: Parsed::Nothing, findings }, None),
    }
}

fn read_text(
    file: &SourceFile,
    text: &str,
    hash: Hash128,
    put: Option<markdown::Put>,
    findings: &mut Vec<Diagnostic>,
) -> Parsed {
    let parsed = match file.kind {
        FileKind::Document => parse::document(&file.path, text, hash, put, findings).map(Parsed::Document),
        FileKind::Channel => Some(Parsed::Channel(Box::new(parse::channel(&file.path, text, hash, findings)))),
        FileKind::Data => {
            let name = file.path.in_content().strip_prefix("_data/").unwrap_or_default();
            let path = file.path.as_str().into();
            match (parse::calendar::year_of(name), parse::tables::axis_of(name)) {
                (Some(year), _) => Some(Parsed::Calendar(parse::calendar::read(year, text, &path, findings))),
                (None, Some(axis)) => Some(Parsed::Table(axis, parse::tables::read(text, &path, findings))),
                (None, None) => unused(file, findings),
            }
        }
        FileKind::Kind => {
            let name = file.path.in_content().strip_prefix("_kinds/").unwrap_or_default();
            let mut kind = |name| parse::kinds::read(name, text, &file.path.as_str().into(), findings);
            match parse::kinds::name_of(name) {
                Some(name) => kind(name).map(|kind| Parsed::Kind(Box::new(kind))),
                None => {
                    findings.push(source::unused_kind(file.path.as_str()));
                    None
                }
            }
        }
        _ => unused(file, findings),
    };
    parsed.unwrap_or(Parsed::Nothing)
}

fn unused(file: &SourceFile, findings: &mut Vec<Diagnostic>) -> Option<Parsed> {
    findings.push(source::unused_table(file.path.as_str()));
    None
}
