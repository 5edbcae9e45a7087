//! 台账: what was written last time, from which fingerprint, and how it looked on disk afterwards.
//!
//! A text file: a first line with the engine, one line a file (fingerprint, size, time of change in nanoseconds, path,
//! with tabs between, sorted by path), and a last line with their number and the hash of all lines before. A ledger that
//! is anything else is as good as none: all files are rendered and compared.

use std::fs;
use std::io::{self, Write};
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
    /// Why it cannot be used, in Chinese, if the text is damaged, cut off, or of another engine.
    fn parse(text: &'a str, engine: &str) -> Result<Self, &'static str> {
        let body = text.strip_prefix(header(engine).as_str()).ok_or(OTHER)?;
        Self::entries_of(text, body).ok_or(DAMAGED)
    }

    fn entries_of(text: &str, body: &'a str) -> Option<Self> {
        let body = body.strip_suffix('\n')?;
        let (lines, last) = body.rsplit_once('\n').unwrap_or(("", body));
        let entries = lines.lines().map(entry).collect::<Option<Vec<_>>>()?;
        let ascending = entries.windows(2).all(|pair| pair[0].0 < pair[1].0);
        let before = &text.as_bytes()[..text.len() - last.len() - 1];
        (ascending && last == closing(entries.len(), sum(before.chunks(PIECE)))).then_some(Self { entries })
    }

    /// Sorted by path.
    pub fn entries(&self) -> &[(&'a str, Entry)] {
        &self.entries
    }
}

const DAMAGED: &str = "生成记录（台账）已损坏，这一次重新生成全部网页；网站不受影响";
const OTHER: &str = "生成记录（台账）来自另一个版本的 gongkai，或已损坏，这一次重新生成全部网页；网站不受影响";

/// The ledger's text; `None` if there is no ledger. Why it cannot be read, in Chinese.
pub fn read(path: &Path) -> Result<Option<String>, &'static str> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(_) => Err(DAMAGED),
    }
}

/// The ledger in what was read, if there is one. Why it cannot be used, in Chinese.
pub fn usable<'a>(
    read: &'a Result<Option<String>, &'static str>,
    engine: &str,
) -> Result<Option<Ledger<'a>>, &'static str> {
    match read {
        Ok(Some(text)) => Ledger::parse(text, engine).map(Some),
        Ok(None) => Ok(None),
        Err(why) => Err(why),
    }
}

/// Writes a ledger with these entries, which are sorted by path. Its text is never in memory as a whole: it comes when
/// most is.
pub fn write<'a>(
    engine: &str,
    entries: impl ExactSizeIterator<Item = (&'a str, Entry)>,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let count = entries.len();
    let (mut text, mut sums) = (header(engine).into_bytes(), Vec::new());
    for (path, Entry { fingerprint, stat }) in entries {
        push_hex(&mut text, fingerprint);
        writeln!(text, "\t{}\t{}\t{path}", stat.size, stat.mtime)?;
        if text.len() >= PIECE {
            put_whole(&mut text, &mut sums, out)?;
        }
    }
    sums.extend(text.chunks(PIECE).map(Hash128::of_bytes));
    out.write_all(&text)?;
    writeln!(out, "{}", closing(count, Hash128::of(&sums)))
}

/// Bytes that are hashed at a time.
const PIECE: usize = 1 << 16;

/// Writes the whole pieces at the beginning of the text, and leaves the rest.
fn put_whole(text: &mut Vec<u8>, sums: &mut Vec<Hash128>, out: &mut impl io::Write) -> io::Result<()> {
    let whole = text.len() / PIECE * PIECE;
    sums.extend(text[..whole].chunks(PIECE).map(Hash128::of_bytes));
    out.write_all(&text[..whole])?;
    text.drain(..whole);
    Ok(())
}

fn sum<'p>(pieces: impl Iterator<Item = &'p [u8]>) -> Hash128 {
    Hash128::of(&pieces.map(Hash128::of_bytes).collect::<Vec<_>>())
}

fn header(engine: &str) -> String {
    format!("gongkai ledger {}\n", engine.replace('\n', " "))
}

fn closing(count: usize, sum: Hash128) -> String {
    format!("end {count} {sum}")
}

fn entry(line: &str) -> Option<(&str, Entry)> {
    let mut parts = line.splitn(4, '\t');
    let fingerprint = Hash128::from_hex(parts.next()?)?;
    let stat = Stat { size: parts.next()?.parse().ok()?, mtime: parts.next()?.parse().ok()? };
    Some((parts.next()?, Entry { fingerprint, stat }))
}

/// Ten times as fast as `Display`, which matters for a hundred thousand lines after every edit.
fn push_hex(text: &mut Vec<u8>, hash: Hash128) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in hash.0 {
        text.push(DIGITS[usize::from(byte >> 4)]);
        text.push(DIGITS[usize::from(byte & 15)]);
    }
}
