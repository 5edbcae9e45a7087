//! What a zip archive is, by the names in its directory: office documents are archives of known parts.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use crate::model::file::Shape;

/// The end record, and the longest comment that may stand behind it.
const END: usize = 22;
const LONGEST_COMMENT: usize = 65_535;
/// A directory that is longer is not looked into: no office document has one.
const LONGEST_DIRECTORY: u64 = 8 * 1024 * 1024;

/// The shape of an archive of so many bytes; `Unknown` if it has no directory (cut off, mostly).
pub fn shape(file: &mut File, length: u64) -> io::Result<Shape> {
    let tail = length.min((END + LONGEST_COMMENT) as u64);
    let end = piece(file, length - tail, tail)?;
    let is_end = |at: &usize| end[*at..].starts_with(b"PK\x05\x06");
    let Some(at) = (0..end.len().saturating_sub(END - 1)).rev().find(is_end) else { return Ok(Shape::Unknown) };
    let number = |at: usize| u64::from(u32::from_le_bytes(end[at..at + 4].try_into().expect("four bytes")));
    let (size, start) = (number(at + 12), number(at + 16));
    if size > LONGEST_DIRECTORY || start == u64::from(u32::MAX) {
        return Ok(Shape::Zip);
    }
    if start + size > length {
        return Ok(Shape::Unknown);
    }
    let directory = piece(file, start, size)?;
    Ok(of_names(&names(&directory)))
}

fn piece(file: &mut File, start: u64, length: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::with_capacity(length as usize);
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Names of a directory, as far as it is sound.
fn names(directory: &[u8]) -> Vec<&[u8]> {
    let mut names = Vec::new();
    let mut rest = directory;
    while rest.starts_with(b"PK\x01\x02") && rest.len() >= 46 {
        let length = |at: usize| usize::from(u16::from_le_bytes([rest[at], rest[at + 1]]));
        let (name, extra, comment) = (length(28), length(30), length(32));
        let Some(found) = rest.get(46..46 + name) else { break };
        names.push(found);
        let Some(next) = rest.get(46 + name + extra + comment..) else { break };
        rest = next;
    }
    names
}

fn of_names(names: &[&[u8]]) -> Shape {
    let has = |wanted: &[u8]| names.iter().any(|name| name.eq_ignore_ascii_case(wanted));
    let below = |folder: &[u8]| names.iter().any(|name| name.starts_with(folder));
    match () {
        _ if names.iter().any(|name| name.to_ascii_lowercase().ends_with(b"vbaproject.bin")) => Shape::Macros,
        _ if has(b"[Content_Types].xml") && below(b"word/") => Shape::Word,
        _ if has(b"[Content_Types].xml") && below(b"xl/") => Shape::Excel,
        _ if has(b"[Content_Types].xml") && below(b"ppt/") => Shape::Slides,
        _ if has(b"OFD.xml") => Shape::Ofd,
        _ if has(b"mimetype") && has(b"content.xml") => Shape::OpenDocument,
        _ => Shape::Zip,
    }
}
