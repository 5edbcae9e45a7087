//! What is made for whoever serves the site, as `[publish.NAME]` asks: every file's `Cache-Control` and type, rules for
//! servers, precompressed copies.
//!
//! In comes the manifest of the site's own files; out goes the manifest of the release, which names them all. What is made
//! lies in the site's state folder, so that the output stays what was built, and is the same bytes wherever it is made.
//!
//! | module | holds |
//! |---|---|
//! | `cache` | how long what may be kept, and of which type it is |

mod cache;

use super::files::Files;
use super::guards::Stop;
use super::manifest::Manifest;
use crate::config;
use crate::emit::Target;
use crate::pipeline::{Failure, Site};

/// A site as its host gets it.
pub struct Dressed {
    pub manifest: Manifest,
    pub files: Files,
    /// What is to be known and stops nothing, in Chinese.
    pub notes: Vec<String>,
    pub stops: Vec<Stop>,
}

/// Gives the site's files what the target's host is to know of them, and adds the files that are made for it.
pub fn dress(config: &config::Publish, _site: &Site, manifest: Manifest, place: &Target) -> Result<Dressed, Failure> {
    let manifest = cache::with_rules(manifest, &config.host);
    let files = Files::new(place.output(), Default::default());
    Ok(Dressed { manifest, files, notes: Vec::new(), stops: Vec::new() })
}
