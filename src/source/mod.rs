//! Stage 1: disk → `SourceFile`s. The only reader of content; symlinks are never followed.
//!
//! In: the site's root. Out: every entry below `content/` and `static/`, sorted by path, and a finding for each that
//! cannot be used. What editors leave behind is ignored by a fixed list, and counted.

mod aside;
mod crc;
mod digest;
mod probe;
mod read;
pub mod sheet;
mod stamp;
mod tree;
mod zip;

pub use aside::{Aside, Place};
pub use crc::crc32;
pub use digest::{Digest, digest};
pub use probe::probe;
pub use read::text;
pub use stamp::{Instant, Stamp, stamp};
pub use tree::{SourceFile, Tree, scan};

use crate::diag::{self, Code, Diagnostic};

/// What a source file is, by its name and place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// `*.md`
    Document,
    /// `_index.md`
    Channel,
    /// `content/_data/**/*.yaml`
    Data,
    /// `content/_kinds/*.yaml`
    Kind,
    /// Anything else under `content/`: attachments, images.
    Attachment,
    /// A file under `static/`, copied as it is.
    Static,
}

/// `G003` for a file whose bytes could not be had.
pub fn unreadable(path: &str, error: &std::io::Error) -> Diagnostic {
    Diagnostic::new(Code::G003, path, None, format!("文件无法读取：{}", diag::io::reason(error)))
        .help("检查文件权限和磁盘")
}

/// `G006` for a file of `_kinds/` whose name is no kind's.
pub fn unused_kind(path: &str) -> Diagnostic {
    Diagnostic::new(Code::G006, path, None, "这个文件不是信息类型，没有读入")
        .help("用英文键作文件名，扩展名 .yaml，直接放在 _kinds/ 里，如 content/_kinds/homes.yaml")
}

/// `G006` for a table that nothing reads (yet).
pub fn unused_table(path: &str) -> Diagnostic {
    let known = ["organizations", "subjects", "genres", "categories", "audiences", "places"];
    let stem = path.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or("").to_ascii_lowercase();
    let help = match known.iter().find(|known| **known == stem) {
        Some(known) => format!("改名为 _data/{known}.yaml，直接放在 _data/ 里"),
        None => format!("_data/ 里可以放：{}（.yaml），和 calendar/年份.yaml", known.join("、")),
    };
    Diagnostic::new(Code::G006, path, None, "这个数据表目前没有用到，没有读入").help(help)
}
