//! The commit that is checked out, read from git's own files; and, where there is a `git` program, whether files of the site
//! were changed since, and which of two commits is the older.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Child;

use super::git::{Failed, Git};
use crate::source::Digest;

/// What a site is made of, beside its `site.toml`.
const SOURCES: [&str; 4] = ["content", "static", "templates", "themes"];

/// Git looking through the work tree, beside whatever else is done.
pub struct Status(Asked);

enum Asked {
    /// There is no commit that anything could be compared with.
    Nothing,
    /// There is no git to ask.
    Nobody,
    Git(Child),
}

/// What the files of the site have beyond the commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Those that are not as the commit has them, from the top of the repository.
    pub files: Vec<String>,
    /// There is a repository, and git could not tell: there is no such program or no commit, it refuses the repository, or
    /// that is damaged.
    pub is_unknown: bool,
}

impl Changes {
    /// Each by the first 16 digits of the SHA-256 of its path, sorted.
    pub fn names(&self) -> Vec<String> {
        let name = |path: &String| Digest::of(path.as_bytes()).sha256[..16].to_owned();
        let names: BTreeSet<String> = self.files.iter().map(name).collect();
        names.into_iter().collect()
    }

    /// Whether the site may hold what the commit does not.
    pub fn any(&self) -> bool {
        self.is_unknown || !self.files.is_empty()
    }
}

impl Status {
    /// `config`: the site's `site.toml`, from the root. Nothing is looked at where there is no commit.
    pub fn begin(root: &Path, config: &Path, commit: &str) -> Self {
        if commit.is_empty() {
            // nothing was committed yet, or what was cannot be read
            return Self(if repository(root).is_some() { Asked::Nobody } else { Asked::Nothing });
        }
        let mut command = Git::of_work_tree(root).command(["status", "--porcelain", "-z", "--no-renames"]);
        command.args(["--untracked-files=normal", "--"]).args(SOURCES).arg(config);
        Self(command.spawn().map_or(Asked::Nobody, Asked::Git))
    }

    pub fn end(self) -> Changes {
        let child = match self.0 {
            Asked::Nothing => return Changes::default(),
            Asked::Nobody => None,
            Asked::Git(child) => child.wait_with_output().ok(),
        };
        let Some(output) = child.filter(|output| output.status.success()) else {
            return Changes { files: Vec::new(), is_unknown: true };
        };
        // two letters and a space before each path
        let paths = output.stdout.split(|byte| *byte == 0).filter_map(|line| line.get(3..));
        Changes { files: paths.map(|path| String::from_utf8_lossy(path).into_owned()).collect(), is_unknown: false }
    }
}

/// How the commit that is checked out stands to the one that is live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lineage {
    /// The live one was made from it.
    Older,
    /// It was made from the live one, or is it.
    Follows,
    Apart(Apart),
    /// git reads nothing of a repository that belongs to another user: its settings may name programs to run.
    Refused,
    /// Nothing can be said: no git, no commit.
    Unknown,
}

/// Neither commit is known to be made from the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Apart {
    /// When ours was made, in seconds since 1970.
    pub committed: i64,
    /// The live one is in this repository.
    pub is_here: bool,
    /// History is cut off here, as in many a machine that publishes by itself: nothing can be told of what is missing.
    pub is_shallow: bool,
}

/// `ours` and `live` are full names of commits; of a release that was made without git, empty.
pub fn lineage(root: &Path, ours: &str, live: &str) -> Lineage {
    let Some(ours) = hash(ours) else { return Lineage::Unknown };
    let git = Git::of_work_tree(root);
    if is_refused(&git) {
        return Lineage::Refused;
    }
    let Some(live) = hash(live) else { return Lineage::Unknown };
    if ours == live {
        return Lineage::Follows;
    }
    match (is_made_from(&git, &ours, &live), is_made_from(&git, &live, &ours)) {
        (Some(true), _) => Lineage::Follows,
        (_, Some(true)) => Lineage::Older,
        _ => apart(&git, &ours, &live).map_or(Lineage::Unknown, Lineage::Apart),
    }
}

/// Whether a commit has an earlier one in its history, as far as that is here: of a shallow clone nobody can tell.
pub fn has(root: &Path, ours: &str, earlier: &str) -> bool {
    let (Some(ours), Some(earlier)) = (hash(ours), hash(earlier)) else { return false };
    let git = Git::of_work_tree(root);
    let is_shallow = || git.line(["rev-parse", "--is-shallow-repository"]).is_ok_and(|answer| answer == "true");
    ours == earlier || is_made_from(&git, &ours, &earlier).unwrap_or_else(is_shallow)
}

fn is_refused(git: &Git) -> bool {
    let is_refusal = |words: &str| words.contains("safe.directory");
    matches!(git.run(["rev-parse", "--git-dir"]), Err(Failed::Ended { words, .. }) if is_refusal(&words))
}

/// `None`: one of the two is not here, or git cannot tell.
fn is_made_from(git: &Git, commit: &str, earlier: &str) -> Option<bool> {
    match git.run(["merge-base", "--is-ancestor", earlier, commit]) {
        Ok(_) => Some(true),
        Err(Failed::Ended { code: Some(1), .. }) => Some(false),
        Err(_) => None,
    }
}

fn apart(git: &Git, ours: &str, live: &str) -> Option<Apart> {
    let committed = git.line(["log", "-1", "--no-show-signature", "--format=%ct", ours]).ok()?.parse().ok()?;
    let is_here = git.run(["cat-file", "-e", &format!("{live}^{{commit}}")]).is_ok();
    let is_shallow = git.line(["rev-parse", "--is-shallow-repository"]).ok()? == "true";
    Some(Apart { committed, is_here, is_shallow })
}

/// The commit of the work tree that the folder lies in; empty without git, and before the first commit.
pub fn commit(root: &Path) -> String {
    let Some(git) = repository(root) else { return String::new() };
    // the program knows forms of references that are not known here
    let by_program = || hash(&Git::of_work_tree(root).line(["rev-parse", "--verify", "--quiet", "HEAD"]).ok()?);
    read(&git).or_else(by_program).unwrap_or_default()
}

/// The `.git` of the work tree that a folder lies in.
fn repository(root: &Path) -> Option<PathBuf> {
    let root = fs::canonicalize(root).ok()?;
    root.ancestors().find_map(|folder| git_folder(&folder.join(".git")))
}

fn read(git: &Path) -> Option<String> {
    let head = line(&git.join("HEAD"))?;
    let Some(name) = head.strip_prefix("ref: ") else { return hash(&head) };
    // a further work tree has its HEAD to itself and shares the branches
    let shared = line(&git.join("commondir")).map_or_else(|| git.to_owned(), |path| git.join(path));
    let is_inside = !name.split('/').any(|part| matches!(part, "" | "." | ".."));
    is_inside.then_some(())?;
    let loose = [git, &shared].into_iter().find_map(|folder| hash(&line(&folder.join(name))?));
    loose.or_else(|| packed(&fs::read_to_string(shared.join("packed-refs")).ok()?, name))
}

/// `.git` is a folder, or a file that says where the folder is.
fn git_folder(path: &Path) -> Option<PathBuf> {
    if path.is_dir() {
        return Some(path.to_owned());
    }
    let target = line(path)?;
    Some(path.parent()?.join(target.strip_prefix("gitdir: ")?))
}

fn line(path: &Path) -> Option<String> {
    Some(fs::read_to_string(path).ok()?.lines().next()?.trim_end().to_owned())
}

fn packed(text: &str, wanted: &str) -> Option<String> {
    let of_line = |line: &str| {
        let (hash, name) = line.split_once(' ')?;
        (name == wanted).then(|| hash.to_owned())
    };
    hash(&text.lines().find_map(of_line)?)
}

fn hash(text: &str) -> Option<String> {
    let is_hash = matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then(|| text.to_owned())
}
