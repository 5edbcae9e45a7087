//! What browsers are told a file is, and opening one without following a link out of the site.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use crate::model::file::{FileType, extension, media_type};
use crate::model::path;

/// A file of the site to be read.
pub type Opened = File;

/// How a file is handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manner {
    pub kind: &'static str,
    /// `Content-Disposition`, of files that are no part of pages.
    pub disposition: Option<String>,
}

/// By a fixed table, whatever the file holds.
pub fn manner(out: &str) -> Manner {
    let name = out.rsplit('/').next().unwrap_or(out);
    let kind = media_type(out);
    let is_shown = match extension(out).as_str() {
        "html" | "htm" | "css" | "js" | "json" | "xml" | "csv" | "txt" | "svg" | "ico" | "woff2" => return plain(kind),
        "pdf" | "png" | "jpg" | "jpeg" | "gif" | "webp" => true,
        _ => false,
    };
    let how = if is_shown { "inline" } else { "attachment" };
    // the second form alone can hold a Chinese name
    let disposition = format!("{how}; filename*=UTF-8''{}", strictly(name));
    Manner { kind, disposition: Some(disposition) }
}

/// An attachment, which pages are not made of, though its name says it might be.
pub fn attachment(out: &str) -> Manner {
    let manner = manner(out);
    let name = out.rsplit('/').next().unwrap_or(out);
    let is_attachment = FileType::of(name).is_some();
    match manner.disposition {
        None if is_attachment => {
            Manner { disposition: Some(format!("attachment; filename*=UTF-8''{}", strictly(name))), ..manner }
        }
        _ => manner,
    }
}

fn plain(kind: &'static str) -> Manner {
    Manner { kind, disposition: None }
}

/// Percent-encoded for a parameter of a header, in which less may stand as it is than in addresses.
fn strictly(name: &str) -> String {
    path::encode(name)
        .chars()
        .map(|c| match c {
            '(' => "%28".into(),
            ')' => "%29".into(),
            '*' => "%2A".into(),
            ',' | ';' | '=' | '@' | ':' => format!("%{:02X}", u32::from(c)),
            _ => c.to_string(),
        })
        .collect()
}

/// A file of the site, with its size. What was a file when it was read may be a link by now, or lie behind one.
pub fn open(root: &Path, file: &Path) -> io::Result<(Opened, u64)> {
    let refused = || io::Error::new(io::ErrorKind::PermissionDenied, "not a file of the site");
    let is_itself = || fs::canonicalize(file).is_ok_and(|real| real == file && real.starts_with(root));
    if !is_itself() {
        return Err(refused());
    }
    let opened = File::open(file)?;
    let meta = opened.metadata()?;
    // and still is, or what was opened may be what a link led to
    match meta.is_file() && is_itself() && is_same(&meta, &fs::symlink_metadata(file)?) {
        true => Ok((opened, meta.len())),
        false => Err(refused()),
    }
}

#[cfg(unix)]
fn is_same(a: &fs::Metadata, b: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

#[cfg(not(unix))]
fn is_same(a: &fs::Metadata, b: &fs::Metadata) -> bool {
    a.len() == b.len()
}
