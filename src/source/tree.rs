//! Which files there are. The home of `walkdir`.

use std::io::ErrorKind;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use super::FileKind;
use crate::diag::{self, Code, Diagnostic};
use crate::model::{SourcePath, slug};

/// The folders that hold sources.
const TOPS: [&str; 2] = ["content", "static"];

/// The file that makes its folder a channel.
const CHANNEL: &str = "_index.md";

/// A file of the site's sources.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SourceFile {
    pub path: SourcePath,
    pub kind: FileKind,
}

/// Everything that was found, sorted by path.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    pub root: PathBuf,
    /// The root without links on the way to it, as the system names it when it tells of changes.
    real: PathBuf,
    pub files: Arc<Vec<SourceFile>>,
    /// Dotfiles and editor temporaries.
    pub ignored: Vec<SourcePath>,
    pub findings: Vec<Diagnostic>,
}

/// Walks `content/` and `static/` once.
pub fn scan(root: &Path) -> Tree {
    let mut found = Found::default();
    found.walk(root, Path::new("content"));
    if root.join("static").symlink_metadata().is_ok() {
        found.walk(root, Path::new("static"));
    }
    found.sort();
    let real = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let Found { files, ignored, findings } = found;
    Tree { root: root.to_owned(), real, files: files.into(), ignored, findings }
}

impl Tree {
    /// Where a source lies on disk.
    pub fn on_disk(&self, path: &SourcePath) -> PathBuf {
        self.root.join(path.as_str())
    }

    /// A place in the site as a path from its root; `None` if it lies elsewhere.
    pub fn place(&self, path: &Path) -> Option<PathBuf> {
        path.strip_prefix(&self.root).or_else(|_| path.strip_prefix(&self.real)).map(Path::to_owned).ok()
    }

    /// The same as a new scan, if nothing but these places (paths from the root) can have changed: only they and what lies
    /// below them is looked at. Comes with the places where it had to look.
    pub fn again(&self, places: &[PathBuf]) -> (Tree, Vec<PathBuf>) {
        let places = topmost(places.iter().filter_map(|place| entrance(&self.root, place)));
        let mut tree = self.clone();
        for place in &places {
            let mut found = Found::default();
            if place == Path::new("content") || self.root.join(place).symlink_metadata().is_ok() {
                found.walk(&self.root, place);
                found.sort();
            }
            tree.replace(place, found);
        }
        (tree, places)
    }

    /// The files at and below a place.
    pub fn at(&self, place: &Path) -> impl Iterator<Item = &SourceFile> {
        let (own, below) = self.ranges(&slashes(place));
        own.map(|at| &self.files[at]).into_iter().chain(&self.files[below])
    }

    /// The file of this name, and those in the folder of this name: these stand together, because paths sort by their texts.
    fn ranges(&self, place: &str) -> (Option<usize>, Range<usize>) {
        let below = format!("{place}/");
        let start = self.files.partition_point(|file| file.path.as_str() < below.as_str());
        let end = start + self.files[start..].partition_point(|file| file.path.as_str().starts_with(&below));
        (self.files.binary_search_by(|file| file.path.as_str().cmp(place)).ok(), start..end)
    }

    fn replace(&mut self, place: &Path, found: Found) {
        let place = slashes(place);
        let is_there =
            |path: &str| path.strip_prefix(place.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        self.findings.retain(|finding| !is_there(&finding.path));
        self.findings.extend(found.findings);
        self.ignored.retain(|path| !is_there(path.as_str()));
        self.ignored.extend(found.ignored);
        self.ignored.sort();
        if self.at(Path::new(&place)).eq(&found.files) {
            return;
        }
        let (own, below) = self.ranges(&place);
        let files = Arc::make_mut(&mut self.files);
        files.drain(below);
        if let Some(at) = own {
            files.remove(at);
        }
        files.extend(found.files);
        files.sort_by(|a, b| a.path.cmp(&b.path));
    }
}

/// Where a look at a place must begin: the place itself, or what on the way to it is no plain folder of the sources and so
/// decides. `None` outside the sources.
fn entrance(root: &Path, place: &Path) -> Option<PathBuf> {
    let mut way = PathBuf::new();
    let mut names = place.iter();
    way.push(names.next().filter(|top| TOPS.iter().any(|own| top == own))?);
    for name in names {
        let is_folder = root.join(&way).symlink_metadata().is_ok_and(|meta| meta.is_dir());
        let is_plain = way.iter().count() == 1 || name_of(&way).is_some_and(|own| !is_ignored(own));
        if !is_folder || !is_plain {
            break;
        }
        way.push(name);
    }
    Some(way)
}

/// Without those that lie below another.
fn topmost(places: impl Iterator<Item = PathBuf>) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = places.collect();
    // by their names one by one, so that what lies below a place comes right after it
    all.sort();
    let mut top: Vec<PathBuf> = Vec::new();
    for place in all {
        if !top.last().is_some_and(|last| place.starts_with(last)) {
            top.push(place);
        }
    }
    top
}

/// What a walk came upon.
#[derive(Default)]
struct Found {
    files: Vec<SourceFile>,
    ignored: Vec<SourcePath>,
    findings: Vec<Diagnostic>,
}

impl Found {
    /// Everything at and below a place, which is a path from the root.
    fn walk(&mut self, root: &Path, place: &Path) {
        let is_missing = |error: std::io::Error| error.kind() == ErrorKind::NotFound;
        if place == Path::new("content") && root.join(place).symlink_metadata().is_err_and(is_missing) {
            let help = "新建 content/ 和其中的 _index.md，文件都放在那里；或用 -r 指定网站所在的文件夹";
            self.findings.push(finding(Code::G003, place, "没有 content/ 文件夹").help(help));
            return;
        }
        let folders = self.descend(root, place, 1);
        let below = |folder: &PathBuf| {
            let mut found = Found::default();
            found.descend(root, folder, usize::MAX);
            found
        };
        let below: Vec<Found> = folders.par_iter().map(below).collect();
        for found in below {
            self.files.extend(found.files);
            self.ignored.extend(found.ignored);
            self.findings.extend(found.findings);
        }
    }

    /// Everything at a place and so many levels below it; gives the folders at which it stopped.
    fn descend(&mut self, root: &Path, place: &Path, levels: usize) -> Vec<PathBuf> {
        let walk = WalkDir::new(root.join(place)).follow_links(false).follow_root_links(false).max_depth(levels);
        let mut entries = walk.into_iter();
        let mut folders = Vec::new();
        while let Some(entry) = entries.next() {
            match entry {
                Ok(entry) => {
                    let relative = entry.path().strip_prefix(root).expect("walked below the root").to_owned();
                    match (self.entry(&entry, &relative), entry.file_type().is_dir()) {
                        (true, true) if entry.depth() == levels => folders.push(relative),
                        (false, true) => entries.skip_current_dir(),
                        _ => {}
                    }
                }
                Err(error) => {
                    let path = error.path().and_then(|path| path.strip_prefix(root).ok()).unwrap_or(place);
                    let problem = error.io_error().map_or("文件夹绕成了一圈".to_owned(), |error| {
                        format!("文件夹无法读取：{}", diag::io::reason(error))
                    });
                    self.findings.push(finding(Code::G003, path, problem).help("检查文件权限和磁盘"));
                }
            }
        }
        folders
    }

    /// Whether to go on below.
    fn entry(&mut self, entry: &DirEntry, relative: &Path) -> bool {
        let is_top = relative.iter().count() == 1;
        let Some(name) = entry.file_name().to_str() else {
            let finding = finding(Code::G004, relative, "文件名不是 UTF-8 编码");
            self.findings.push(finding.help("重新命名，用 UTF-8 编码的系统打包或拷贝文件"));
            return false;
        };
        let is_well_known = relative.starts_with("static") && name == ".well-known";
        if !is_top && is_ignored(name) && !is_well_known {
            self.ignored.push(SourcePath::new(slashes(relative)));
            // what is copied as it is must not be missing without a word
            if relative.starts_with("static") && name.starts_with('.') && !is_leftover(name) {
                let finding = finding(Code::G006, relative, "以点开头的文件没有复制到网站");
                self.findings.push(finding.help("要公开的放进 static/.well-known/ 或改名；服务器的设置写在服务器上"));
            }
            return false;
        }
        let kind = entry.file_type();
        if kind.is_symlink() || !(kind.is_dir() || kind.is_file()) {
            let what = if kind.is_symlink() { "这是符号链接" } else { "这是设备、管道等特殊文件" };
            self.findings.push(finding(Code::G002, relative, what).help("换成文件本身；内容里不允许链接到别处"));
            return false;
        }
        if let Some(problem) = (!is_top).then(|| slug::name_problem(name)).flatten() {
            let message = format!("“{}”：{problem}", name.escape_debug());
            self.findings.push(finding(Code::G004, relative, message).help("重新命名"));
            return false;
        }
        if is_top && kind.is_file() {
            let message = format!("“{name}”应当是文件夹，这里却是文件");
            let help = "改名或移走这个文件，新建同名的文件夹";
            self.findings.push(finding(Code::G003, relative, message).help(help));
            return true;
        }
        if relative.starts_with("content") && kind.is_file() && name != CHANNEL && name.eq_ignore_ascii_case(CHANNEL) {
            // taken for a document, its folder would be no channel
            let message = format!("“{name}”不是栏目文件的名称");
            self.findings.push(finding(Code::G004, relative, message).help("改名为 _index.md，全部小写"));
            return true;
        }
        if kind.is_file() {
            let path = SourcePath::new(slashes(relative));
            if kind_of(&path) == FileKind::Document && path.in_content().split('/').any(|name| name.starts_with('_')) {
                // elsewhere such names mean what is not published, and an author may rely on it
                let message = "文件名或文件夹名以 _ 开头：这样的名称留给 _index.md、_data、_kinds";
                let help = "要公开的，改名去掉 _；不公开的草稿写 draft: true，或移出 content/";
                self.findings.push(finding(Code::G004, relative, message).help(help));
                return true;
            }
            self.files.push(SourceFile { kind: kind_of(&path), path });
        }
        true
    }

    fn sort(&mut self) {
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        self.ignored.sort();
    }
}

fn name_of(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()
}

/// A path as sources are named on every system.
fn slashes(path: &Path) -> String {
    let names: Vec<_> = path.iter().map(|name| name.to_string_lossy()).collect();
    names.join("/")
}

fn finding(code: Code, path: &Path, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(code, slashes(path), None, message)
}

fn kind_of(path: &SourcePath) -> FileKind {
    let name = path.name();
    let below = path.in_content();
    match () {
        _ if path.as_str().starts_with("static/") => FileKind::Static,
        // whatever lies there is a table or nothing, never an attachment
        _ if below.starts_with("_data/") => FileKind::Data,
        _ if below.starts_with("_kinds/") => FileKind::Kind,
        _ if name == CHANNEL => FileKind::Channel,
        _ if name.to_ascii_lowercase().ends_with(".md") => FileKind::Document,
        _ => FileKind::Attachment,
    }
}

/// A dotfile that nobody wants to publish.
fn is_leftover(name: &str) -> bool {
    name.starts_with(".git") || name.ends_with(".swp") || matches!(name, ".DS_Store" | ".directory" | ".editorconfig")
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
