//! Reading one file, with the limits and the encodings that content may have. The home of `simdutf8`.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use super::stamp::Stamp;
use crate::diag::{self, Code, Diagnostic};
use crate::model::Hash128;

/// Largest Markdown file, in bytes.
const LARGEST_TEXT: u64 = 4 * 1024 * 1024;

/// A UTF-8 text of at most 4 MiB, lent to `then` with the hash of its bytes and the stamp that the file had before it was read;
/// `path` is from the site's root.
pub fn text<T>(root: &Path, path: &str, then: impl FnOnce(&str, Hash128, Stamp) -> T) -> Result<T, Diagnostic> {
    let unreadable = |error: io::Error| super::unreadable(path, &error);
    let problem = |code, message: String| Diagnostic::new(code, Arc::<str>::from(path), None, message);
    let mut file = open(root, path).map_err(unreadable)?;
    let meta = file.metadata().map_err(unreadable)?;
    let size = meta.len();
    if size > LARGEST_TEXT {
        // in bytes: a file of a byte too many has 4 MiB, too
        let message = format!("文件有 {size} 字节，超过 4 MiB（{LARGEST_TEXT} 字节）");
        return Err(problem(Code::G005, message).help("把大表格、图片改成附件"));
    }
    let bytes = bytes(&mut file, size).map_err(unreadable)?;
    match as_text(&bytes) {
        Some(text) => Ok(then(text, Hash128::of_bytes(&bytes), Stamp::of(&meta))),
        None => Err(diag::encoding::not_utf8(path, &bytes)),
    }
}

/// The bytes as text, if they are UTF-8.
pub fn as_text(bytes: &[u8]) -> Option<&str> {
    simdutf8::basic::from_utf8(bytes).ok()
}

/// A file's bytes; `size` is how many there were. One call of the system if it is so still: a regular file that gives all
/// it had, and less than there was room for, has no more.
pub fn bytes(file: &mut File, size: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; size as usize + 1];
    let mut length = 0;
    loop {
        match file.read(&mut bytes[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        }
        if length as u64 == size {
            break;
        }
        if length == bytes.len() {
            bytes.resize(length * 2, 0);
        }
    }
    bytes.truncate(length);
    Ok(bytes)
}

/// Opens a file of the site's sources.
pub fn open(root: &Path, path: &str) -> io::Result<File> {
    File::open(root.join(path))
}
