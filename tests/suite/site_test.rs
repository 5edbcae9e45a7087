//! A tiny site in a temporary folder, built by the library, and what a test says of the result.
//!
//! ```text
//! SiteTest::new().file("content/a.md", doc("甲", "2014-12-04", "")).build().clean().page("a.html").has("甲");
//! ```

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use gongkai::diag::{Diagnostic, Severity, json};
use gongkai::model::Moment;
use gongkai::pipeline::{self, Failure, Options, Report};
use tempfile::TempDir;

/// "Today" unless a test says otherwise.
pub const TODAY: &str = "2026-01-01";

pub const SITE_TOML: &str = "\
[site]
name = \"示例县人民政府\"
base_url = \"https://www.example.gov.cn\"
id_code = \"3713220000\"
organizer = \"示例县人民政府办公室\"
";

/// A document's text: title, day of publication, further lines of front matter.
pub fn doc(title: &str, day: &str, more: &str) -> String {
    let more = if more.is_empty() || more.ends_with('\n') { more.to_owned() } else { format!("{more}\n") };
    format!("---\ntitle: {title}\nissuer: 县政府办\npublished: {day}\n{more}---\n\n{title}的正文。\n")
}

/// A document with its own body.
pub fn doc_with(title: &str, day: &str, more: &str, body: &str) -> String {
    let text = doc(title, day, more);
    format!("{}\n{body}\n", text[..text.rfind("---\n").expect("a fence") + 4].trim_end())
}

/// A channel's `_index.md`.
pub fn channel(title: &str, more: &str) -> String {
    let more = if more.is_empty() || more.ends_with('\n') { more.to_owned() } else { format!("{more}\n") };
    format!("---\ntitle: {title}\n{more}---\n")
}

/// Bytes of a PDF, as far as anyone looks.
pub const PDF: &[u8] = b"%PDF-1.4\n%%EOF\n";
/// A PNG of 2 by 3 pixels, as far as anyone looks.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x03\x08\x02\0\0\0\0\0\0\0";

/// An archive of empty files of these names.
pub fn zip(names: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    for name in names {
        let start = bytes.len() as u32;
        bytes.extend_from_slice(b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
        bytes.extend_from_slice(&(name.len() as u16).to_le_bytes());
        bytes.extend_from_slice(b"\0\0");
        bytes.extend_from_slice(name.as_bytes());
        directory.extend_from_slice(b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
        directory.extend_from_slice(&(name.len() as u16).to_le_bytes());
        directory.extend_from_slice(&[0; 12]);
        directory.extend_from_slice(&start.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
    }
    let (start, count) = (bytes.len() as u32, names.len() as u16);
    bytes.extend_from_slice(&directory);
    bytes.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    bytes.extend_from_slice(&[count.to_le_bytes(), count.to_le_bytes()].concat());
    bytes.extend_from_slice(&[(directory.len() as u32).to_le_bytes(), start.to_le_bytes()].concat());
    bytes.extend_from_slice(b"\0\0");
    bytes
}

/// Path → bytes of every file of an output, without the list of what gongkai wrote.
pub type Tree = BTreeMap<String, Vec<u8>>;

/// A site under test. It is edited and built as often as the test likes.
pub struct SiteTest {
    folder: TempDir,
    pub options: Options,
}

impl SiteTest {
    /// A `site.toml` and a home page.
    pub fn new() -> Self {
        Self::empty().file("site.toml", SITE_TOML).file("content/_index.md", channel("首页", ""))
    }

    pub fn empty() -> Self {
        let folder = temporary();
        let options = Options {
            root: folder.path().to_owned(),
            config: "site.toml".into(),
            output: "public".into(),
            base_url: None,
            as_of: Moment::parse(TODAY).unwrap(),
            drafts: false,
            preview: false,
            strict: false,
        };
        Self { folder, options }
    }

    /// A copy of a folder that counts from the crate's root.
    pub fn from_dir(folder: &str) -> Self {
        let site = Self::empty();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        // what a site is made of, and no more: beside it there may be gigabytes of what was compiled
        for top in ["content", "static", "templates", "themes"] {
            let folder = from.join(top);
            if folder.is_dir() {
                tree(&folder).into_iter().for_each(|(path, bytes)| site.put(&format!("{top}/{path}"), bytes));
            }
        }
        site.put("site.toml", fs::read(from.join("site.toml")).expect("site.toml"));
        site
    }

    pub fn file(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        self.put(path, text);
        self
    }

    /// Lines at the end of `site.toml`.
    pub fn config(self, more: &str) -> Self {
        let text = self.read("site.toml");
        self.put("site.toml", text + more);
        self
    }

    #[allow(clippy::wrong_self_convention, reason = "named like the option")]
    pub fn as_of(mut self, day: &str) -> Self {
        self.options.as_of = Moment::parse(day).expect("a day");
        self
    }

    pub fn drafts(mut self) -> Self {
        self.options.drafts = true;
        self
    }

    pub fn strict(mut self) -> Self {
        self.options.strict = true;
        self
    }

    pub fn output(mut self, folder: &str) -> Self {
        self.options.output = folder.into();
        self
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub fn put(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub fn remove(&self, path: &str) {
        let path = self.path(path);
        if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
    }

    pub fn rename(&self, from: &str, to: &str) {
        let to = self.path(to);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::rename(self.path(from), to).unwrap();
    }

    /// Replaces a text that is there once.
    #[track_caller]
    pub fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert_eq!(text.matches(from).count(), 1, "{from:?} in {path}");
        self.put(path, text.replace(from, to));
    }

    pub fn try_build(&self) -> Result<Report, Failure> {
        pipeline::build(&self.options, &mut pipeline::remembered(self.root()), &|| {})
    }

    /// Errors and warnings of a build by somebody who may not read everything. The tests' own user is such a one, unless it
    /// is root: then the program builds as nobody. `None`, with a note, where root may not do that.
    #[track_caller]
    pub fn build_unprivileged(&self, unreadable: &str) -> Option<Vec<String>> {
        use std::os::unix::process::CommandExt;
        if fs::read(self.path(unreadable)).is_err() {
            return Some(shown(&self.try_build().expect("it runs").findings, self.root()));
        }
        const NOBODY: u32 = 65534;
        for folder in [self.root(), &self.path(".gongkai"), &self.path("public")] {
            if folder.exists() {
                fs::set_permissions(folder, fs::Permissions::from_mode(0o777)).unwrap();
            }
        }
        // where it lies nobody may come
        let program = tempfile::tempdir().unwrap();
        fs::set_permissions(program.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let copy = program.path().join("gongkai");
        fs::copy(env!("CARGO_BIN_EXE_gongkai"), &copy).unwrap();
        let day = self.options.as_of.to_string();
        let mut command = std::process::Command::new(&copy);
        command.args(["build", "--message-format", "json", "--as-of", &day]);
        let Ok(output) = command.current_dir(self.root()).uid(NOBODY).gid(NOBODY).output() else {
            println!("skipped: this user reads everything and may not become another");
            return None;
        };
        let lines = String::from_utf8(output.stdout).unwrap();
        let findings = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let text = |value: &serde_json::Value| value.as_str().unwrap_or("").to_owned();
        let show = |finding: serde_json::Value| {
            (finding["severity"] == "error")
                .then(|| format!("{} {} {}", text(&finding["code"]), text(&finding["path"]), text(&finding["message"])))
        };
        Some(findings.filter_map(show).collect())
    }

    /// Builds; a failure to run at all fails the test.
    #[track_caller]
    pub fn build(&self) -> Built {
        let output = self.root().join(&self.options.output);
        let before = stamps(&output);
        let report = self.try_build().unwrap_or_else(|failure| panic!("could not run: {failure:?}"));
        let (now, tree) = (stamps(&output), tree(&output));
        let written = now.iter().filter(|(path, stamp)| before.get(*path) != Some(stamp)).map(|(path, _)| path.clone());
        let removed = before.keys().filter(|path| !now.contains_key(*path)).cloned();
        let (written, removed) = (written.collect(), removed.collect());
        Built { findings: shown(&report.findings, self.root()), report, tree, written, removed }
    }

    /// What a build of the same files in a new folder comes to.
    #[track_caller]
    pub fn clean_tree(&self) -> Tree {
        let mut other = Self::empty();
        other.options = Options { root: other.options.root, ..self.options.clone() };
        for (path, bytes) in tree(self.root()) {
            if !path.starts_with("public/") && !path.starts_with(".gongkai/") {
                other.put(&path, bytes);
            }
        }
        other.build().built().tree
    }
}

/// A temporary folder, in memory where there is such a place: thousands of small files are written here.
pub fn temporary() -> TempDir {
    let memory = Path::new("/dev/shm");
    let in_memory = memory.is_dir().then(|| tempfile::tempdir_in(memory).ok()).flatten();
    in_memory.unwrap_or_else(|| tempfile::tempdir().unwrap())
}

/// What a build came to.
pub struct Built {
    pub report: Report,
    pub tree: Tree,
    /// `G011 content/a.md:3:1 未知字段“tilte”`, hints left out.
    pub findings: Vec<String>,
    /// Files that were made or replaced by this build.
    pub written: Vec<String>,
    pub removed: Vec<String>,
}

impl Built {
    /// Without error or warning.
    #[track_caller]
    pub fn clean(self) -> Self {
        assert!(self.findings.is_empty(), "{:#?}", self.findings);
        self.built()
    }

    /// There is an output.
    #[track_caller]
    pub fn built(self) -> Self {
        assert!(self.report.done.is_some(), "not built: {:#?}", self.findings);
        self
    }

    /// Nothing was written.
    #[track_caller]
    pub fn refused(self) -> Self {
        assert!(self.report.done.is_none(), "built: {:#?}", self.findings);
        assert!(self.written.is_empty() && self.removed.is_empty(), "{:?} {:?}", self.written, self.removed);
        self
    }

    /// Exactly these errors and warnings, in order; of each its beginning.
    #[track_caller]
    pub fn finds(self, expected: &[&str]) -> Self {
        let same = self.findings.len() == expected.len()
            && self.findings.iter().zip(expected).all(|(found, expected)| found.starts_with(expected));
        assert!(same, "found {:#?}\nexpected {expected:#?}", self.findings);
        self
    }

    /// A finding that begins so, hints too.
    #[track_caller]
    pub fn names(self, expected: &str) -> Self {
        let all: Vec<String> =
            self.report.findings.iter().map(|d| format!("{} {} {}", d.code.as_str(), d.path, d.message)).collect();
        assert!(all.iter().any(|found| found.starts_with(expected)), "{expected} is not in {all:#?}");
        self
    }

    /// Every error and warning ends so.
    #[track_caller]
    pub fn names_end(self, expected: &str) -> Self {
        assert!(self.findings.iter().all(|found| found.ends_with(expected)), "{:#?}", self.findings);
        self
    }

    #[track_caller]
    pub fn page(&self, path: &str) -> Page<'_> {
        let bytes = self.tree.get(path);
        let bytes = bytes.unwrap_or_else(|| panic!("no {path} among {:#?}", self.tree.keys().collect::<Vec<_>>()));
        Page { path: path.to_owned(), text: std::str::from_utf8(bytes).expect("UTF-8"), built: self }
    }

    #[track_caller]
    pub fn lacks_file(self, path: &str) -> Self {
        assert!(!self.tree.contains_key(path), "{path} is there");
        self
    }

    /// The text occurs nowhere, neither in a name nor in a file.
    #[track_caller]
    pub fn lacks_everywhere(self, text: &str) -> Self {
        let encoded = gongkai::model::path::encode(text);
        for needle in [text, &encoded] {
            let holds = |bytes: &[u8]| bytes.windows(needle.len()).any(|window| window == needle.as_bytes());
            let found: Vec<_> = self
                .tree
                .iter()
                .filter(|(path, bytes)| path.contains(needle) || holds(bytes))
                .map(|(path, _)| path)
                .collect();
            assert!(found.is_empty(), "{needle:?} is in {found:?}");
        }
        self
    }

    /// Exactly these files were made or replaced.
    #[track_caller]
    pub fn written(self, expected: &[&str]) -> Self {
        assert_eq!(self.written, expected, "written");
        assert_eq!(self.report.done.expect("built").written, expected.len(), "the summary's count");
        self
    }

    #[track_caller]
    pub fn removed(self, expected: &[&str]) -> Self {
        assert_eq!(self.removed, expected, "removed");
        assert_eq!(self.report.done.expect("built").removed, expected.len(), "the summary's count");
        self
    }

    /// Files under a folder, sorted.
    pub fn files(&self, folder: &str) -> Vec<&str> {
        self.tree.keys().filter_map(|path| path.strip_prefix(folder)).collect()
    }
}

/// A text file of an output.
#[derive(Clone)]
pub struct Page<'a> {
    pub path: String,
    pub text: &'a str,
    built: &'a Built,
}

impl<'a> Page<'a> {
    #[track_caller]
    pub fn has(self, text: &str) -> Self {
        assert!(self.text.contains(text), "{text:?} is not in {}:\n{}", self.path, self.text);
        self
    }

    #[track_caller]
    pub fn lacks(self, text: &str) -> Self {
        assert!(!self.text.contains(text), "{text:?} is in {}:\n{}", self.path, self.text);
        self
    }

    /// The texts occur in this order.
    #[track_caller]
    pub fn has_in_order(self, texts: &[&str]) -> Self {
        let mut rest = self.text;
        for text in texts {
            let at = rest.find(text).unwrap_or_else(|| panic!("{text:?} is not next in {}:\n{}", self.path, self.text));
            rest = &rest[at + text.len()..];
        }
        self
    }

    /// Addresses of the links in `<main>` that lead to documents of a list, in order, from the page's folder.
    pub fn cards(&self) -> Vec<&'a str> {
        let main = self.text.split("<main").nth(1).unwrap_or("").split("</main>").next().unwrap_or("");
        let item = |item: &'a str| item.split("<a href=\"").nth(1)?.split('"').next();
        match main.split("<ul class=\"list\">").nth(1) {
            Some(list) => list.split("</ul>").next().unwrap_or("").split("<li>").skip(1).filter_map(item).collect(),
            None => main.split("<tbody>").nth(1).unwrap_or("").split("<tr>").skip(1).filter_map(item).collect(),
        }
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(self.text).expect("JSON")
    }

    /// Back to the build, for the next file.
    #[track_caller]
    pub fn page(self, path: &str) -> Page<'a> {
        self.built.page(path)
    }
}

/// `G011 content/a.md:3:1 message` of every error and warning.
pub fn shown(findings: &[Diagnostic], root: &Path) -> Vec<String> {
    findings.iter().filter(|finding| finding.severity != Severity::Hint).map(|finding| show(finding, root)).collect()
}

/// `G011 content/a.md:3:1 message`
pub fn show(finding: &Diagnostic, root: &Path) -> String {
    let lookup = |path: &str| fs::read(root.join(path)).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let line: serde_json::Value = serde_json::from_str(&json::to_line(finding, &lookup)).expect("JSON");
    let mut shown = format!("{} {}", finding.code.as_str(), finding.path);
    if let (Some(line), Some(column)) = (line["line"].as_u64(), line["column"].as_u64()) {
        write!(shown, ":{line}:{column}").unwrap();
    }
    format!("{shown} {}", finding.message)
}

/// Every file below a folder, but for the list of what gongkai wrote.
pub fn tree(folder: &Path) -> Tree {
    let mut tree = Tree::new();
    for entry in
        walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok).filter(|entry| entry.file_type().is_file())
    {
        let path = entry.path().strip_prefix(folder).unwrap().to_str().expect("UTF-8").to_owned();
        if path != ".gongkai-files" {
            tree.insert(path, fs::read(entry.path()).unwrap());
        }
    }
    tree
}

/// What tells that a file is the same one: inode and time of change.
fn stamps(folder: &Path) -> BTreeMap<String, (u64, i64, i64)> {
    let entries =
        walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok).filter(|entry| entry.file_type().is_file());
    entries
        .map(|entry| {
            let meta = entry.metadata().unwrap();
            let path = entry.path().strip_prefix(folder).unwrap().to_str().expect("UTF-8").to_owned();
            (path, (meta.ino(), meta.mtime(), meta.mtime_nsec()))
        })
        .filter(|(path, _)| path != ".gongkai-files")
        .collect()
}

/// Two trees are the same; if not, says where they differ first.
#[track_caller]
pub fn assert_same(one: &Tree, other: &Tree) {
    let paths: std::collections::BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    for path in paths {
        match (one.get(path), other.get(path)) {
            (Some(a), Some(b)) if a == b => {}
            (Some(a), Some(b)) => {
                let at = a.iter().zip(b).take_while(|(a, b)| a == b).count();
                let from = at.saturating_sub(60);
                let part = |bytes: &[u8]| String::from_utf8_lossy(&bytes[from..bytes.len().min(at + 120)]).into_owned();
                panic!("{path} differs at {at}:\n{}\n-----\n{}", part(a), part(b));
            }
            (Some(_), None) => panic!("{path} is only in the first"),
            _ => panic!("{path} is only in the second"),
        }
    }
}
