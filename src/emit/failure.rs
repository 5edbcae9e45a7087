//! Why nothing (or not all) was written, in words for the one who started the build.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::diag::{self, Diagnostic};

/// What stopped `write` or `clean`.
#[derive(Debug)]
pub enum Failure {
    /// Something is wrong with the machine: disk full, no permission.
    Io { path: PathBuf, error: io::Error },
    /// Something lies there that gongkai must not touch. The reason is in Chinese and says what to do.
    Refused { path: PathBuf, reason: String },
    /// Pages that could not be rendered; sorted, each finding once.
    Findings(Vec<Flaw>),
}

/// Why files could not be rendered.
#[derive(Debug)]
pub struct Flaw {
    pub finding: Diagnostic,
    /// Places of these files in the plan, ascending.
    pub files: Vec<usize>,
}

impl Failure {
    pub(super) fn refused(path: impl Into<PathBuf>, reason: impl Into<String>) -> Self {
        Failure::Refused { path: path.into(), reason: reason.into() }
    }
}

/// Says of an IO error which path it is about: `fs::read(path).map_err(at(path))`.
pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> Failure + use<'_> {
    move |error| Failure::Io { path: path.to_path_buf(), error }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Failure::Io { path, error } => write!(f, "{}：{}", path.display(), diag::io::reason(error)),
            Failure::Refused { path, reason } => write!(f, "{}：{reason}", path.display()),
            Failure::Findings(findings) => write!(f, "生成页面时发现 {} 个问题", findings.len()),
        }
    }
}

impl std::error::Error for Failure {}
