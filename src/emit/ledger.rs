//! 台账: what was written last time, from which fingerprint, and how it looked on disk afterwards.
//!
//! A text file: a first line with the engine, one line a file (fingerprint, size, time of change in nanoseconds, path,
//! with tabs between, sorted by path), and a last line with their number. A ledger that is anything else is as good
//! as none: all files are rendered and compared.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::Path;

use super::disk::Stat;
use crate::model::Hash128;

/// What the ledger knows of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub fingerprint: Hash128,
    pub stat: Stat,
}

/// Entries strictly ascending by path.
#[derive(Debug, Default)]
pub struct Ledger<'a> {
    entries: Vec<(&'a str, Entry)>,
}

impl<'a> Ledger<'a> {
    /// `None` if the text is damaged, cut off, or of another engine.
    pub fn parse(text: &'a str, engine: &str) -> Option<Self> {
        let body = text.strip_prefix(header(engine).as_str())?.strip_suffix('\n')?;
        let (lines, last) = body.rsplit_once('\n').unwrap_or(("", body));
        let entries = lines.lines().map(entry).collect::<Option<Vec<_>>>()?;
        let ascending = entries.windows(2).all(|pair| pair[0].0 < pair[1].0);
        (ascending && last == closing(entries.len())).then_some(Self { entries })
    }

    /// Sorted by path.
    pub fn entries(&self) -> &[(&'a str, Entry)] {
        &self.entries
    }
}

/// The ledger's text; `None` if there is no ledger that can be read.
pub fn read(path: &Path) -> Option<String> {
    fs::read_to_string(path).ok()
}

/// Writes a ledger with these entries, which are sorted by path. Its text is never in memory as a whole: it comes when
/// most is.
pub fn write<'a>(
    engine: &str,
    entries: impl ExactSizeIterator<Item = (&'a str, Entry)>,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let closing = closing(entries.len());
    out.write_all(header(engine).as_bytes())?;
    let mut line = String::with_capacity(256);
    for (path, Entry { fingerprint, stat }) in entries {
        line.clear();
        push_hex(&mut line, fingerprint);
        // Writing to a string cannot fail.
        let _ = writeln!(line, "\t{}\t{}\t{path}", stat.size, stat.mtime);
        out.write_all(line.as_bytes())?;
    }
    out.write_all(closing.as_bytes())?;
    out.write_all(b"\n")
}

fn header(engine: &str) -> String {
    format!("gongkai ledger {}\n", engine.replace('\n', " "))
}

fn closing(count: usize) -> String {
    format!("end {count}")
}

fn entry(line: &str) -> Option<(&str, Entry)> {
    let mut parts = line.splitn(4, '\t');
    let fingerprint = Hash128::from_hex(parts.next()?)?;
    let stat = Stat { size: parts.next()?.parse().ok()?, mtime: parts.next()?.parse().ok()? };
    Some((parts.next()?, Entry { fingerprint, stat }))
}

/// Ten times as fast as `Display`, which matters for a hundred thousand lines after every edit.
fn push_hex(text: &mut String, hash: Hash128) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in hash.0 {
        text.push(DIGITS[usize::from(byte >> 4)] as char);
        text.push(DIGITS[usize::from(byte & 15)] as char);
    }
}
