//! Reading one file, with the limits and the encodings that content may have. The home of `simdutf8`.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use crate::diag::{Code, Diagnostic};
use crate::model::{Hash128, Span};

/// Largest Markdown file, in bytes.
const LARGEST_TEXT: u64 = 4 * 1024 * 1024;

/// A UTF-8 text of at most 4 MiB, lent to `then` with the hash of its bytes; `path` is from the site's root.
pub fn text<T>(root: &Path, path: &str, then: impl FnOnce(&str, Hash128) -> T) -> Result<T, Diagnostic> {
    let unreadable = |error: io::Error| super::unreadable(path, &error);
    let problem = |code, message: String| Diagnostic::new(code, Arc::<str>::from(path), None, message);
    let mut file = open(root, path).map_err(unreadable)?;
    let size = file.metadata().map_err(unreadable)?.len();
    if size > LARGEST_TEXT {
        return Err(problem(Code::G005, format!("文件有 {} MiB，超过 4 MiB", size / (1024 * 1024)))
            .help("把大表格、图片改成附件"));
    }
    let bytes = bytes(&mut file, size).map_err(unreadable)?;
    match simdutf8::basic::from_utf8(&bytes) {
        Ok(text) => Ok(then(text, Hash128::of_bytes(&bytes))),
        Err(_) => Err(not_utf8(path, &bytes)),
    }
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

fn not_utf8(path: &str, bytes: &[u8]) -> Diagnostic {
    let at = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
    let guess = match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "UTF-16",
        _ if is_gb18030(bytes) => "GB18030（GBK、GB2312）",
        _ => "别的编码，或已损坏",
    };
    Diagnostic::new(Code::G001, Arc::<str>::from(path), Span::at(at, 1), format!("文件不是 UTF-8 编码，看来是 {guess}"))
        .help("在编辑器里另存为 UTF-8；或用 iconv -f GB18030 -t UTF-8 转换")
}

/// Whether the bytes read as GB18030 text throughout (GB 18030—2022: one, two and four byte forms).
fn is_gb18030(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let mut double = 0;
    while let [first, tail @ ..] = rest {
        rest = match (first, tail) {
            (0x00..=0x7f, _) => tail,
            (0x81..=0xfe, [0x40..=0x7e | 0x80..=0xfe, tail @ ..]) => {
                double += 1;
                tail
            }
            (0x81..=0xfe, [0x30..=0x39, 0x81..=0xfe, 0x30..=0x39, tail @ ..]) => tail,
            _ => return false,
        };
    }
    double > 0
}
