//! Stage 1: disk → `SourceFile`s. The only reader of content; symlinks are never followed.
//!
//! In: the site's root. Out: every entry below `content/` and `static/`, sorted by path, and a finding for each that
//! cannot be used. What editors leave behind is ignored by a fixed list, and counted.

mod probe;
mod read;
mod stamp;
mod zip;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

pub use probe::probe;
pub use read::text;
pub use stamp::{Instant, Stamp, stamp};

use crate::diag::{self, Code, Diagnostic};
use crate::model::{SourcePath, slug};

/// What a source file is, by its name and place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// A file of the site's sources.
#[derive(Clone, Debug)]
pub struct SourceFile {
    pub path: SourcePath,
    pub kind: FileKind,
}

/// Everything that was found.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    pub root: PathBuf,
    pub files: Vec<SourceFile>,
    /// Dotfiles and editor temporaries.
    pub ignored: usize,
    pub findings: Vec<Diagnostic>,
}

impl Tree {
    /// Where a source lies on disk.
    pub fn on_disk(&self, path: &SourcePath) -> PathBuf {
        self.root.join(path.as_str())
    }
}

/// Walks `content/` and `static/` once.
pub fn scan(root: &Path) -> Tree {
    let mut tree = Tree { root: root.to_owned(), ..Tree::default() };
    match root.join("content").symlink_metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let help = "新建 content/ 和其中的 _index.md，文件都放在那里；或用 -r 指定网站所在的文件夹";
            tree.findings.push(finding(Code::G003, Path::new("content"), "没有 content/ 文件夹").help(help));
        }
        _ => walk(&mut tree, "content"),
    }
    if root.join("static").symlink_metadata().is_ok() {
        walk(&mut tree, "static");
    }
    tree.files.sort_by(|a, b| a.path.cmp(&b.path));
    tree
}

fn walk(tree: &mut Tree, top: &str) {
    let root = tree.root.clone();
    let mut entries = WalkDir::new(root.join(top)).follow_links(false).follow_root_links(false).into_iter();
    while let Some(entry) = entries.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().and_then(|path| path.strip_prefix(&root).ok()).unwrap_or(Path::new(top));
                let problem = error.io_error().map_or("文件夹绕成了一圈".to_owned(), |error| {
                    format!("文件夹无法读取：{}", diag::io::reason(error))
                });
                tree.findings.push(finding(Code::G003, path, problem).help("检查文件权限和磁盘"));
                continue;
            }
        };
        let relative = entry.path().strip_prefix(&root).expect("walked below the root");
        let Some(name) = entry.file_name().to_str() else {
            tree.findings.push(
                finding(Code::G004, relative, "文件名不是 UTF-8 编码")
                    .help("重新命名，用 UTF-8 编码的系统打包或拷贝文件"),
            );
            if entry.file_type().is_dir() {
                entries.skip_current_dir();
            }
            continue;
        };
        let is_well_known = top == "static" && name == ".well-known";
        if entry.depth() > 0 && is_ignored(name) && !is_well_known {
            tree.ignored += 1;
            if entry.file_type().is_dir() {
                entries.skip_current_dir();
            }
            continue;
        }
        let kind = entry.file_type();
        if kind.is_symlink() || !(kind.is_dir() || kind.is_file()) {
            let what = if kind.is_symlink() { "这是符号链接" } else { "这是设备、管道等特殊文件" };
            tree.findings.push(finding(Code::G002, relative, what).help("换成文件本身；内容里不允许链接到别处"));
        } else if let Some(problem) = (entry.depth() > 0).then(|| slug::name_problem(name)).flatten() {
            tree.findings
                .push(finding(Code::G004, relative, format!("“{}”：{problem}", name.escape_debug())).help("重新命名"));
            if kind.is_dir() {
                entries.skip_current_dir();
            }
        } else if entry.depth() == 0 && kind.is_file() {
            let help = "改名或移走这个文件，新建同名的文件夹";
            tree.findings.push(finding(Code::G003, relative, format!("“{top}”应当是文件夹，这里却是文件")).help(help));
        } else if top == "content" && kind.is_file() && name != "_index.md" && name.eq_ignore_ascii_case("_index.md") {
            // taken for a document, its folder would be no channel
            let message = format!("“{name}”不是栏目文件的名称");
            tree.findings.push(finding(Code::G004, relative, message).help("改名为 _index.md，全部小写"));
        } else if kind.is_file() {
            let path = SourcePath::new(relative.to_str().expect("checked name by name").replace('\\', "/"));
            tree.files.push(SourceFile { kind: kind_of(&path), path });
        }
    }
}

/// `G003` for a file whose bytes could not be had.
pub fn unreadable(path: &str, error: &std::io::Error) -> Diagnostic {
    Diagnostic::new(Code::G003, path, None, format!("文件无法读取：{}", diag::io::reason(error)))
        .help("检查文件权限和磁盘")
}

/// `G006` for a table that nothing reads (yet).
pub fn unused_table(path: &str) -> Diagnostic {
    let known = ["organizations", "subjects", "genres", "categories", "audiences", "places"];
    let stem = path.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or("").to_ascii_lowercase();
    let help = match known.iter().find(|known| **known == stem) {
        Some(known) => format!("改名为 _data/{known}.yaml，直接放在 _data/ 里"),
        None => format!("_data/ 里可以放：{}（.yaml）", known.join("、")),
    };
    Diagnostic::new(Code::G006, path, None, "这个数据表目前没有用到，没有读入").help(help)
}

fn finding(code: Code, path: &Path, message: impl Into<String>) -> Diagnostic {
    let names: Vec<_> = path.iter().map(|name| name.to_string_lossy()).collect();
    Diagnostic::new(code, names.join("/"), None, message)
}

fn kind_of(path: &SourcePath) -> FileKind {
    let name = path.name();
    let below = path.in_content();
    match () {
        _ if path.as_str().starts_with("static/") => FileKind::Static,
        // whatever lies there is a table or nothing, never an attachment
        _ if below.starts_with("_data/") => FileKind::Data,
        _ if below.starts_with("_kinds/") => FileKind::Kind,
        _ if name == "_index.md" => FileKind::Channel,
        _ if name.to_ascii_lowercase().ends_with(".md") => FileKind::Document,
        _ => FileKind::Attachment,
    }
}

/// What editors, file managers and version control leave beside documents.
fn is_ignored(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    name.starts_with('.')
        || name.starts_with("~$")
        || name.ends_with('~')
        || (name.starts_with('#') && name.ends_with('#'))
        || [".swp", ".swo", ".swx", ".tmp", ".bak", ".orig", ".crdownload", ".part"]
            .iter()
            .any(|end| lower.ends_with(end))
        || matches!(lower.as_str(), "thumbs.db" | "desktop.ini" | "ehthumbs.db" | "__macosx")
}
