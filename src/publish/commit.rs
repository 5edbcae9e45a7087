//! The commit that is checked out, read from git's own files: a build runs no other program.
//!
//! Whether files were changed since that commit is not told: that would take git's index and its objects.

use std::fs;
use std::path::{Path, PathBuf};

/// The commit of the work tree that the folder lies in; empty without git, before the first commit, or where git keeps
/// its references in a form that is not known here.
pub fn commit(root: &Path) -> String {
    read(root).unwrap_or_default()
}

fn read(root: &Path) -> Option<String> {
    let root = fs::canonicalize(root).ok()?;
    let git = root.ancestors().find_map(|folder| git_folder(&folder.join(".git")))?;
    let head = line(&git.join("HEAD"))?;
    let Some(name) = head.strip_prefix("ref: ") else { return hash(&head) };
    // a further work tree has its HEAD to itself and shares the branches
    let shared = line(&git.join("commondir")).map_or_else(|| git.clone(), |path| git.join(path));
    let is_inside = !name.split('/').any(|part| matches!(part, "" | "." | ".."));
    is_inside.then_some(())?;
    let loose = [&git, &shared].into_iter().find_map(|folder| hash(&line(&folder.join(name))?));
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
