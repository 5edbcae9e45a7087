//! How long what may be kept, and of which type it is: by what a file is to readers, then by the target's rules.

use crate::config::{Host, Rule};
use crate::publish::manifest::{Entry, Kind, Manifest};

/// Pages, lists, redirects: what is withdrawn or corrected is gone from every cache within a minute, and a burst of readers
/// of one notice is still one request a minute for each cache.
pub const PAGE: &str = "public, max-age=60, must-revalidate";
/// Open data, feeds, sitemap, robots: read by programs that come again on their own.
pub const DATA: &str = "public, max-age=600, must-revalidate";
/// Attachments and images: large, seldom changed, but of fixed names, and may have to be withdrawn.
pub const FILE: &str = "public, max-age=3600, must-revalidate";
/// What has a hash in its name never changes.
pub const HASHED: &str = "public, max-age=31536000, immutable";

/// The manifest with what its files are served with.
pub fn with_rules(manifest: Manifest, host: &Host) -> Manifest {
    if !host.has_cache() {
        return manifest;
    }
    let files = manifest.files.into_iter().map(|entry| with_rule(entry, host)).collect();
    Manifest { files, ..manifest }
}

fn with_rule(entry: Entry, host: &Host) -> Entry {
    let matching: Vec<&Rule> = host.rules.iter().filter(|rule| rule.glob.matches(&entry.path)).collect();
    let cache = matching.iter().rev().find_map(|rule| rule.cache.clone());
    let media = matching.iter().rev().find_map(|rule| rule.media.clone());
    Entry {
        cache: cache.unwrap_or_else(|| default_of(&entry).to_owned()),
        media: media.unwrap_or_else(|| entry.media.clone()),
        ..entry
    }
}

/// Without a rule.
pub fn default_of(entry: &Entry) -> &'static str {
    match entry.kind {
        Kind::Asset => HASHED,
        Kind::File => FILE,
        Kind::Data => DATA,
        Kind::Document | Kind::Redirect | Kind::Page | Kind::Host => PAGE,
    }
}
