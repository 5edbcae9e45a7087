//! Commits made from files by `git fast-import`: no work tree, no index, no filter. Bytes go in as they are, whatever a
//! `.gitattributes` among them says; files that the branch has already are named and not sent.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use super::Branch;
use super::objects::Node;
use crate::model::Moment;
use crate::pipeline::Failure;
use crate::publish::git::Git;
use crate::publish::hashes;
use crate::publish::refused;
use crate::source::{Digest, digest};

/// Where the bytes of a file come from.
pub enum Bytes<'a> {
    /// It is in the repository.
    Blob(&'a Node),
    Text(&'a str),
    /// A file that must have this digest.
    File(std::path::PathBuf, Digest),
}

/// A commit to be made.
pub struct Commit<'a> {
    pub reference: &'a str,
    pub parent: Option<&'a str>,
    pub message: &'a str,
    /// Seconds since 1970.
    pub time: i64,
    /// All of its tree.
    pub files: Vec<(&'a str, Bytes<'a>)>,
}

impl Branch {
    /// Makes the commit and returns its name. `tick` is called for each file that was sent.
    pub fn commit(&self, git: &Git, commit: Commit, tick: &dyn Fn()) -> Result<String, Failure> {
        let who = self.who();
        let io = |error| git.io(error);
        git.feed(&["fast-import", "--quiet", "--done", "--force", "--date-format=raw"], |input| {
            head(input, &commit, &who).map_err(io)?;
            for (path, bytes) in &commit.files {
                file(input, path, bytes, git)?;
                if matches!(bytes, Bytes::File(..)) {
                    tick();
                }
            }
            input.write_all(b"\ndone\n").map_err(io)
        })?;
        git.line(["rev-parse", "--verify", commit.reference]).map_err(|failed| git.failure("rev-parse", failed))
    }

    /// Whose commits they are: the user's, if git knows him, else the program's.
    pub fn who(&self) -> (String, String) {
        let of_user = Git::of_work_tree(&self.root);
        let find = |key: &str| {
            let value = of_user.line(["config", "--get", key]).unwrap_or_default();
            value.chars().filter(|c| !c.is_control() && !matches!(c, '<' | '>')).collect::<String>().trim().to_owned()
        };
        match (find("user.name"), find("user.email")) {
            (name, email) if !name.is_empty() && !email.is_empty() => (name, email),
            _ => ("gongkai".into(), "gongkai@localhost".into()),
        }
    }
}

/// A day that git takes, with the zone of the office.
pub fn date(time: i64) -> String {
    format!("{} +0800", time.max(0))
}

/// The first line of a message.
pub fn title(action: &str, release: &str, time: i64) -> String {
    format!("{action} {release}\n\n{}\n", Moment::in_china(time))
}

fn head(input: &mut impl Write, commit: &Commit, (name, email): &(String, String)) -> io::Result<()> {
    writeln!(input, "commit {}", commit.reference)?;
    writeln!(input, "committer {name} <{email}> {}", date(commit.time))?;
    writeln!(input, "data {}\n{}", commit.message.len(), commit.message)?;
    if let Some(parent) = commit.parent {
        writeln!(input, "from {parent}")?;
    }
    writeln!(input, "deleteall")
}

fn file(input: &mut impl Write, path: &str, bytes: &Bytes, git: &Git) -> Result<(), Failure> {
    let io = |error| git.io(error);
    match bytes {
        Bytes::Blob(node) => writeln!(input, "M 100644 {} {}", node.id, quoted(path)).map_err(io),
        Bytes::Text(text) => {
            writeln!(input, "M 100644 inline {}\ndata {}\n{text}", quoted(path), text.len()).map_err(io)
        }
        Bytes::File(from, wanted) => {
            writeln!(input, "M 100644 inline {}\ndata {}", quoted(path), wanted.size).map_err(io)?;
            copy(input, from, wanted, git)?;
            writeln!(input).map_err(io)
        }
    }
}

fn copy(input: &mut impl Write, from: &Path, wanted: &Digest, git: &Git) -> Result<(), Failure> {
    let mut file: File = hashes::open(from)?;
    let copied = digest(&mut file, input).map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => git.io(error),
        _ => Failure::Io { path: from.to_owned(), error },
    })?;
    match copied == *wanted {
        true => Ok(()),
        false => Err(refused(from, "发布期间它被改动了。请再运行一次")),
    }
}

/// A path as `fast-import` reads it.
fn quoted(path: &str) -> String {
    let mut text = String::from('"');
    for c in path.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            '\n' => text += "\\n",
            c => text.push(c),
        }
    }
    text.push('"');
    text
}
