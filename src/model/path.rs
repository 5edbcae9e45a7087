//! Paths of sources and of outputs, checked once, where they are made.

use serde::{Deserialize, Serialize};

use std::fmt;
use std::sync::Arc;

/// Where a source file lies, from the site's root, with `/`: `content/zwgk/czxx/a.md`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SourcePath(Arc<str>);

impl SourcePath {
    pub fn new(path: impl Into<Arc<str>>) -> Self {
        Self(path.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path below `content/`: `zwgk/czxx/a.md`.
    pub fn in_content(&self) -> &str {
        self.0.strip_prefix("content/").unwrap_or(&self.0)
    }

    /// The folder below `content/`: `zwgk/czxx`, or an empty string for `content/` itself.
    pub fn folder(&self) -> &str {
        self.in_content().rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The file's name: `a.md`.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&*self.0, |(_, name)| name)
    }

    /// `…/dk-31/index.md`: a document with its files beside it.
    pub fn is_bundle(&self) -> bool {
        self.name() == "index.md"
    }
}

impl fmt::Display for SourcePath {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where an output file lies, from the output folder, with `/` and without a leading one: `zwgk/czxx/a.html`.
/// Every component is a name that any host can hold; none is `..`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OutPath(Arc<str>);

impl OutPath {
    /// Longest path in bytes: what every host and file system takes.
    pub const LONGEST: usize = 1024;

    /// `Err` says in Chinese what is wrong with the path.
    pub fn new(path: impl Into<Arc<str>>) -> Result<Self, &'static str> {
        let path = path.into();
        if path.len() > Self::LONGEST {
            return Err("网址超过 1024 字节");
        }
        match path.split('/').find_map(super::slug::name_problem) {
            Some(problem) => Err(problem),
            None => Ok(Self(path)),
        }
    }

    /// A path made of parts that were checked before (slugs, checked folders, literals).
    pub fn of_checked(path: impl Into<Arc<str>>) -> Self {
        let path = path.into();
        debug_assert!(Self::new(path.clone()).is_ok(), "{path}");
        Self(path)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folder that relative addresses inside the file count from, with a closing `/` unless it is the root.
    pub fn folder(&self) -> &str {
        self.0.rfind('/').map_or("", |at| &self.0[..=at])
    }

    /// `../` as often as it takes to reach the site's root from inside the file.
    pub fn to_root(&self) -> String {
        "../".repeat(depth(&self.0))
    }

    /// Two paths with the same key would be one file on some host (case, Unicode form).
    pub fn collision_key(&self) -> String {
        match self.0.is_ascii() {
            true => self.0.to_ascii_lowercase(),
            false => super::slug::nfc(&self.0).to_lowercase(),
        }
    }

    /// Percent-encoded for HTML and XML (RFC 3986 path characters stay as they are).
    pub fn encoded(&self) -> String {
        encode(&self.0)
    }
}

impl fmt::Display for OutPath {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How many folders a path leads through.
pub fn depth(path: &str) -> usize {
    path.bytes().filter(|byte| *byte == b'/').count()
}

/// Percent-encodes all but RFC 3986 unreserved characters, sub-delimiters, `/`, `:` and `@`.
pub fn encode(path: &str) -> String {
    if stands_as_it_is(path) {
        return path.to_owned();
    }
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            _ if stands(byte) => out.push(byte as char),
            _ => {
                out.push('%');
                out.push(char::from_digit(u32::from(byte >> 4), 16).expect("a nibble").to_ascii_uppercase());
                out.push(char::from_digit(u32::from(byte & 15), 16).expect("a nibble").to_ascii_uppercase());
            }
        }
    }
    out
}

/// Whether there is nothing to encode in a path.
pub fn stands_as_it_is(path: &str) -> bool {
    path.bytes().all(stands)
}

fn stands(byte: u8) -> bool {
    STANDS[usize::from(byte)]
}

/// For each byte whether it stands as it is: every address of every page is looked up here.
const STANDS: [bool; 256] = {
    let mut stands = [false; 256];
    let others = b"-._~!$()*+,;=:@/";
    let mut byte = 0;
    while byte < 256 {
        stands[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let mut at = 0;
    while at < others.len() {
        stands[others[at] as usize] = true;
        at += 1;
    }
    stands
};

/// Undoes percent-encoding; `None` if it is broken or hides something that is not UTF-8.
pub fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        if byte == b'%' {
            let pair = std::str::from_utf8(tail.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(pair, 16).ok()?);
            rest = &tail[2..];
        } else {
            bytes.push(byte);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

/// Joins a relative path to a folder, both with `/`, resolving `.` and `..`; `None` if it leaves the root.
pub fn join(folder: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}
