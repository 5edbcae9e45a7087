//! What was sent and found to be whole, line by line, on this machine: a run that was interrupted need not send it again.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use crate::pipeline::Failure;
use crate::publish::at;

pub struct Journal {
    path: PathBuf,
    /// SHA-256 and tag by path from the service's top.
    sent: HashMap<String, (String, String)>,
    /// Paths to which something was about to be sent.
    begun: HashSet<String>,
}

/// Begins a line of such a path.
const BEGUN: &str = "begun ";

/// Stands for the tag of a file where the server gives none.
const NO_TAG: &str = "-";

/// Where lines are added, from many transfers at once.
#[derive(Clone)]
pub struct Pen(Option<Arc<File>>);

impl Journal {
    pub fn load(path: PathBuf) -> Self {
        let text = fs::read(&path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
        // a line that was cut off has no break, and is no line
        let lines = text.split_inclusive('\n').filter_map(|line| {
            let (sha256, rest) = line.strip_suffix('\n')?.split_once(' ')?;
            let (tag, path) = rest.split_once(' ')?;
            (sha256.len() == 64).then(|| (path.to_owned(), (sha256.to_owned(), tag.to_owned())))
        });
        let sent = lines.collect();
        let begun = text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')?.strip_prefix(BEGUN));
        let begun = begun.map(str::to_owned).collect();
        Self { path, sent, begun }
    }

    /// Whether something was sent to this path, whatever became of it.
    pub fn has_begun(&self, path: &str) -> bool {
        self.begun.contains(path)
    }

    /// What was last put at this path.
    pub fn sha256(&self, path: &str) -> Option<&str> {
        self.sent.get(path).map(|(sha256, _)| sha256.as_str())
    }

    /// The same, if the server's tag tells that nobody has changed it since.
    pub fn unchanged(&self, path: &str, tag: &str) -> Option<&str> {
        let (sha256, noted) = self.sent.get(path)?;
        (noted != NO_TAG && noted.trim_matches('"') == tag.trim_matches('"')).then_some(sha256)
    }

    /// Whether the server told a tag when it was put there.
    pub fn has_tag(&self, path: &str) -> bool {
        self.sent.get(path).is_some_and(|(_, tag)| tag != NO_TAG)
    }

    /// Whether the work of a run was not done.
    pub fn is_open(&self) -> bool {
        self.path.exists()
    }

    pub fn pen(&self) -> Result<Pen, Failure> {
        let file = File::options().create(true).append(true).open(&self.path).map_err(at(&self.path))?;
        // behind a line that was cut off
        (&file).write_all(b"\n").map_err(at(&self.path))?;
        Ok(Pen(Some(Arc::new(file))))
    }

    /// The work is done.
    pub fn close(&self) {
        let _ = fs::remove_file(&self.path);
    }
}

impl Pen {
    /// Something is about to be sent there: what is found afterwards may be a half of it, or what a server made of it.
    pub fn begin(&self, path: &str) {
        if let Some(mut file) = self.0.as_deref() {
            let _ = file.write_all(format!("{BEGUN}{path}\n").as_bytes());
        }
    }

    /// What cannot be noted is sent again, should it come to that.
    pub fn note(&self, path: &str, sha256: &str, tag: Option<&str>) {
        let tag = tag.filter(|tag| !tag.contains(' ')).unwrap_or(NO_TAG);
        if let Some(mut file) = self.0.as_deref() {
            let _ = file.write_all(format!("{sha256} {tag} {path}\n").as_bytes());
        }
    }
}
