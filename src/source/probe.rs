//! What a file that is copied to the site is, by its bytes. The home of `sha2` and `imagesize`.

use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::read;
use super::stamp::Stamp;
use super::zip;
use crate::model::file::{FileFacts, Shape};
use crate::model::{Hash128, SourcePath};

/// How much of a file its type is told by.
const HEAD: usize = 1024;
/// Images are looked into no further than this for their width and height.
const IMAGE_HEAD: u64 = 16 * 1024 * 1024;

/// Reads a file once: size, SHA-256, shape, and the size of an image; and the stamp that it had before.
pub fn probe(root: &Path, path: &SourcePath) -> io::Result<(FileFacts, Stamp)> {
    let mut file = read::open(root, path.as_str())?;
    let meta = file.metadata()?;
    let size = meta.len();
    let mut hasher = Sha256::new();
    let mut head = Vec::new();
    let mut buffer = vec![0; (size.clamp(1, 256 * 1024)) as usize];
    let (mut length, mut has_nul) = (0, false);
    loop {
        let read = match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hasher.update(&buffer[..read]);
        has_nul |= buffer[..read].contains(&0);
        head.extend_from_slice(&buffer[..read.min(HEAD - head.len().min(HEAD))]);
        length += read as u64;
    }
    let digest: [u8; 32] = hasher.finalize().into();
    let shape = match shape_of(&head) {
        Shape::Zip => zip::shape(&mut file, length)?,
        // what is binary further down is no text
        Shape::Text if has_nul => Shape::Unknown,
        shape => shape,
    };
    let pixels = match shape {
        Shape::Png | Shape::Jpeg | Shape::Gif | Shape::Bmp | Shape::Webp => {
            let length = length.min(IMAGE_HEAD);
            let mut head = Vec::with_capacity(length as usize);
            read::open(root, path.as_str())?.take(length).read_to_end(&mut head)?;
            imagesize::blob_size(&head).ok().map(|size| (size.width as u32, size.height as u32))
        }
        _ => None,
    };
    let sha256 = digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into();
    let facts = FileFacts { size: length, sha256, hash: Hash128::of(&digest), shape, pixels };
    Ok((facts, Stamp::of(&meta)))
}

/// The shape that the first bytes tell (magic numbers of the formats).
fn shape_of(head: &[u8]) -> Shape {
    let starts = |magic: &[u8]| head.starts_with(magic);
    match () {
        _ if starts(b"%PDF-") || starts(b"\xef\xbb\xbf%PDF-") => Shape::Pdf,
        _ if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") => Shape::Zip,
        _ if starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") => Shape::Ole,
        _ if starts(b"\x89PNG\r\n\x1a\n") => Shape::Png,
        _ if starts(b"\xff\xd8\xff") => Shape::Jpeg,
        _ if starts(b"GIF87a") || starts(b"GIF89a") => Shape::Gif,
        _ if starts(b"BM") && head.len() > 26 => Shape::Bmp,
        _ if starts(b"RIFF") && head.get(8..12) == Some(b"WEBP") => Shape::Webp,
        _ if starts(b"Rar!\x1a\x07") => Shape::Rar,
        _ if starts(b"7z\xbc\xaf\x27\x1c") => Shape::SevenZip,
        _ if head.get(4..8) == Some(b"ftyp") => Shape::Mp4,
        _ if starts(b"ID3") || starts(b"\xff\xfb") || starts(b"\xff\xf3") => Shape::Mp3,
        _ if starts(b"{\\rtf") => Shape::Rtf,
        _ if is_markup(head) => Shape::Markup,
        _ if !head.contains(&0) => Shape::Text,
        _ => Shape::Unknown,
    }
}

/// HTML, SVG, XML: what a browser might run.
fn is_markup(head: &[u8]) -> bool {
    let text: Vec<u8> =
        head.iter().filter(|b| !b.is_ascii_whitespace() && **b != 0).take(300).map(u8::to_ascii_lowercase).collect();
    let text = text.strip_prefix(b"\xef\xbb\xbf").or(text.strip_prefix(b"\xff\xfe")).unwrap_or(&text);
    let tags: [&[u8]; 14] = [
        b"<!doctype",
        b"<html",
        b"<head",
        b"<body",
        b"<script",
        b"<svg",
        b"<?xml",
        b"<iframe",
        b"<!--",
        b"<img",
        b"<a",
        b"<div",
        b"<table",
        b"<meta",
    ];
    tags.iter().any(|tag| text.starts_with(tag))
}
