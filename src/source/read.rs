//! Reading one file, with the limits and the encodings that content may have. The home of `simdutf8`.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use super::stamp::Stamp;
use crate::diag::{Code, Diagnostic};
use crate::model::{Hash128, Span};

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
        None => Err(not_utf8(path, &bytes)),
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

fn not_utf8(path: &str, bytes: &[u8]) -> Diagnostic {
    let at = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
    let (guess, help) = match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => ("不是 UTF-8 编码，看来是 UTF-16", "在编辑器里另存为 UTF-8"),
        _ if !is_text(bytes) => {
            ("不是文本，看来是图片、文档一类的数据，或已损坏", "换成 Markdown 文本；Word、PDF、图片列为附件")
        }
        _ if is_gb18030(bytes) => (
            "不是 UTF-8 编码，看来是 GB18030（GBK、GB2312）",
            "在编辑器里另存为 UTF-8；或用 iconv -f GB18030 -t UTF-8 转换",
        ),
        _ => (
            "不是 UTF-8 编码，看来是别的编码，或已损坏",
            "在编辑器里打开，看清文字无误，再另存为 UTF-8；已损坏的换成原件",
        ),
    };
    Diagnostic::new(Code::G001, Arc::<str>::from(path), Span::at(at, 1), format!("文件{guess}")).help(help)
}

/// Whether the bytes may be a text in any encoding that has ASCII: control characters are what other files are full of.
fn is_text(bytes: &[u8]) -> bool {
    !bytes.iter().any(|byte| matches!(byte, 0x00..=0x08 | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f))
}

/// Whether the bytes read as Chinese in GB18030 throughout (GB 18030—2022: one, two and four byte forms). Any bytes above
/// ASCII are likely to form pairs, so at least half of the pairs, marks left out, must be among the 3755 hanzi of common
/// use (rows 16 to 55 of GB 2312): in Chinese texts four of five are, of accidental pairs one in six.
fn is_gb18030(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let (mut pairs, mut common) = (0, 0);
    while let [first, tail @ ..] = rest {
        rest = match (first, tail) {
            (0x00..=0x7f, _) => tail,
            (0xa1..=0xa9, [0xa1..=0xfe, tail @ ..]) => tail,
            (0x81..=0xfe, [second @ (0x40..=0x7e | 0x80..=0xfe), tail @ ..]) => {
                pairs += 1;
                common += usize::from(matches!((first, second), (0xb0..=0xd7, 0xa1..=0xfe)));
                tail
            }
            (0x81..=0xfe, [0x30..=0x39, 0x81..=0xfe, 0x30..=0x39, tail @ ..]) => tail,
            _ => return false,
        };
    }
    common > 0 && 2 * common >= pairs
}
