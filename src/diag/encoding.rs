//! What a file is that is no UTF-8: said of documents, tables, settings and themes alike.

use std::sync::Arc;

use super::{Code, Diagnostic};
use crate::model::Span;

/// `G001`, with a guess.
pub fn not_utf8(path: &str, bytes: &[u8]) -> Diagnostic {
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
