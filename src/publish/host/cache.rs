//! How long what may be kept, and of which type it is: by its path, then by the target's rules, later ones winning. One list
//! for all hosts, so that a server's rules and the manifest cannot say different things.

use std::sync::LazyLock;

use crate::config::{Host, Rule};
use crate::model::Glob;
use crate::publish::manifest::{Entry, Manifest};

/// Pages, lists, redirects: what is corrected or withdrawn is gone from every cache within a minute, and a notice that all
/// want to read at once is still one request a minute from each cache.
pub const PAGE: &str = "public, max-age=60, must-revalidate";
/// Open data, feeds, sitemap: read by programs that come again on their own.
const DATA: &str = "public, max-age=600, must-revalidate";
/// Attachments and images: large and seldom changed, but their names stay, and a file may have to be withdrawn.
const FILE: &str = "public, max-age=3600, must-revalidate";
/// What has its hash in its name never changes.
const HASHED: &str = "public, max-age=31536000, immutable";

/// Whatever none of these matches is a page: addresses of folders are.
static DEFAULTS: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let defaults = [
        ("**/*.*", FILE),
        ("**/*.html", PAGE),
        ("**/*.htm", PAGE),
        ("**/*.json", DATA),
        ("**/*.csv", DATA),
        ("**/*.xml", DATA),
        ("**/*.txt", DATA),
        ("assets/**", HASHED),
    ];
    let rule = |(glob, cache): (&str, &str)| Rule {
        glob: Glob::new(glob).expect("a pattern of ours is one"),
        cache: Some(cache.to_owned()),
        media: None,
    };
    defaults.map(rule).into()
});

/// All rules, the weakest first.
pub fn rules(host: &Host) -> impl DoubleEndedIterator<Item = &Rule> {
    DEFAULTS.iter().chain(&host.rules)
}

/// The manifest with what its files are served with.
pub fn with_rules(manifest: Manifest, host: &Host) -> Manifest {
    if !host.has_cache() {
        return manifest;
    }
    let files = manifest.files.into_iter().map(|entry| with_rule(entry, host)).collect();
    Manifest { files, ..manifest }
}

fn with_rule(entry: Entry, host: &Host) -> Entry {
    let cache = rules(host).rev().find(|rule| rule.cache.is_some() && rule.glob.matches(&entry.path));
    let media = rules(host).rev().find(|rule| rule.media.is_some() && rule.glob.matches(&entry.path));
    Entry {
        cache: cache.and_then(|rule| rule.cache.clone()).unwrap_or_else(|| PAGE.to_owned()),
        media: media.and_then(|rule| rule.media.clone()).unwrap_or(entry.media),
        ..entry
    }
}
