//! The first two stages for every file: read and parsed, or recalled.

use std::path::Path;

use rayon::prelude::*;

use crate::catalogue::Sources;
use crate::diag::{Code, Diagnostic};
use crate::memory::{Memory, Parsed, Reading};
use crate::model::{Axis, Hash128, SourcePath};
use crate::parse::{self, markdown};
use crate::source::{self, Aside, FileKind, Instant, SourceFile, Stamp, Tree};

/// What is to be remembered of a file that was read: `None` if it was recalled.
type Fresh = Option<(SourcePath, Option<Stamp>, Reading)>;

/// What the site's files came to.
pub struct All {
    pub sources: Sources,
    pub findings: Vec<Diagnostic>,
    /// Files that were read, to be remembered.
    pub fresh: Vec<(SourcePath, Option<Stamp>, Reading)>,
    /// When reading began.
    pub began: Option<Instant>,
}

/// Reads and parses in parallel every file that is not remembered as it is; a text is dropped as soon as it is parsed. With
/// somewhere to put texts aside, bodies are written as HTML at once, which saves reading and parsing them again.
pub fn all(tree: &Tree, memory: &Memory, aside: Option<&Aside>) -> All {
    let began = memory.now();
    let readings: Vec<(Reading, Fresh)> =
        tree.files.par_iter().map(|file| recall_or_read(&tree.root, file, memory, aside)).collect();
    let mut sources = Sources { documents: Vec::new(), channels: Vec::new(), tables: Vec::new(), files: Vec::new() };
    let mut findings = tree.findings.clone();
    let mut fresh = Vec::new();
    for (file, (reading, read)) in tree.files.iter().zip(readings) {
        fresh.extend(read);
        findings.extend(reading.findings);
        match reading.parsed {
            Parsed::Document(document) => sources.documents.push(document),
            Parsed::Channel(channel) => sources.channels.push(*channel),
            Parsed::Table(axis, table) => sources.tables.push((axis, table)),
            Parsed::File(facts) => sources.files.push((file.path.clone(), facts)),
            Parsed::Nothing => {}
        }
    }
    for axis in [Axis::Subject, Axis::Genre, Axis::Audience] {
        if !sources.tables.iter().any(|(declared, _)| *declared == axis) {
            sources.tables.push((axis, parse::tables::embedded(axis)));
        }
    }
    All { sources, findings, fresh, began }
}

fn recall_or_read(root: &Path, file: &SourceFile, memory: &Memory, aside: Option<&Aside>) -> (Reading, Fresh) {
    let look = || source::stamp(root, &file.path).ok();
    if let Some(reading) = memory.recall(&file.path, look) {
        return (reading.clone(), None);
    }
    let (reading, stamp) = read_safely(root, file, aside);
    (reading.clone(), Some((file.path.clone(), stamp, reading)))
}

/// What a file came to, and the stamp it had then; none if it could not be read, which another time it may be.
type Read = (Reading, Option<Stamp>);

/// A file that makes the program fail is a finding like any other, and hides none.
fn read_safely(root: &Path, file: &SourceFile, aside: Option<&Aside>) -> Read {
    std::panic::catch_unwind(|| read_one(root, file, aside)).unwrap_or_else(|_| {
        let message = "程序处理这个文件时出错，这是 gongkai 的缺陷";
        let finding = Diagnostic::new(Code::G099, file.path.as_str(), None, message);
        let finding = finding.help("请把这个文件和出错信息告诉 gongkai 的维护者；改动文件或许可以绕开");
        (Reading { parsed: Parsed::Nothing, findings: vec![finding] }, None)
    })
}

fn read_one(root: &Path, file: &SourceFile, aside: Option<&Aside>) -> Read {
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
            let read = |text: &str, hash, stamp| (read_text(file, text, hash, aside, &mut findings), stamp);
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
    aside: Option<&Aside>,
    findings: &mut Vec<Diagnostic>,
) -> Parsed {
    let parsed = match file.kind {
        FileKind::Document => {
            let put = aside.map(|aside| move |html: &str| aside.put(html));
            let put = put.as_ref().map(|put| put as markdown::Put);
            parse::document(&file.path, text, hash, put, findings).map(Parsed::Document)
        }
        FileKind::Channel => {
            parse::channel(&file.path, text, hash, findings).map(|channel| Parsed::Channel(Box::new(channel)))
        }
        FileKind::Data => {
            let name = file.path.in_content().strip_prefix("_data/").unwrap_or_default();
            let path = file.path.as_str().into();
            let table = |axis| Parsed::Table(axis, parse::tables::read(text, &path, findings));
            parse::tables::axis_of(name).map(table).or_else(|| unused(file, findings))
        }
        _ => unused(file, findings),
    };
    parsed.unwrap_or(Parsed::Nothing)
}

fn unused(file: &SourceFile, findings: &mut Vec<Diagnostic>) -> Option<Parsed> {
    findings.push(source::unused_table(file.path.as_str()));
    None
}
