//! Where the bytes of a release lie before it is published: the site's in its output folder, those that were made for whoever
//! serves it in its state folder. Nothing else of publishing knows that.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::manifest::{Entry, Kind};

/// The files of a manifest on this machine.
#[derive(Clone, Debug, Default)]
pub struct Files {
    output: PathBuf,
    /// Where files were made for the host, by their paths in the release.
    host: HashMap<String, PathBuf>,
}

impl Files {
    /// `output`: the folder in which the site was built.
    pub fn new(output: &Path, host: HashMap<String, PathBuf>) -> Self {
        Self { output: output.to_owned(), host }
    }

    /// The file that holds the bytes of an entry.
    pub fn path(&self, entry: &Entry) -> PathBuf {
        let made = (entry.kind == Kind::Host).then(|| self.host.get(&entry.path)).flatten();
        made.cloned().unwrap_or_else(|| self.output.join(&entry.path))
    }
}
