//! How long what may be kept, and of which type it is: by its path, then by the target's rules, later ones winning. One list
//! for all hosts, so that a server's rules and the manifest cannot say different things.

use rayon::prelude::*;

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
const DEFAULTS: [(&str, &str); 8] = [
    ("**/*.*", FILE),
    ("**/*.html", PAGE),
    ("**/*.htm", PAGE),
    ("**/*.json", DATA),
    ("**/*.csv", DATA),
    ("**/*.xml", DATA),
    ("**/*.txt", DATA),
    ("assets/**", HASHED),
];

/// All rules, the weakest first.
pub fn rules(host: &Host) -> Vec<Rule> {
    let rule = |(glob, cache): (&str, &str)| Rule {
        glob: Glob::new(glob).expect("a pattern of ours is one"),
        cache: Some(cache.to_owned()),
        media: None,
    };
    DEFAULTS.into_iter().map(rule).chain(host.rules.iter().cloned()).collect()
}

/// The manifest with what its files are served with.
pub fn with_rules(manifest: Manifest, host: &Host) -> Manifest {
    if !host.has_cache() {
        return manifest;
    }
    let rules = rules(host);
    // the strongest first
    let caches: Vec<(&Glob, &String)> =
        rules.iter().rev().filter_map(|rule| Some((&rule.glob, rule.cache.as_ref()?))).collect();
    let types: Vec<(&Glob, &String)> =
        rules.iter().rev().filter_map(|rule| Some((&rule.glob, rule.media.as_ref()?))).collect();
    let said = |rules: &[(&Glob, &String)], path: &str| {
        rules.iter().find(|(glob, _)| glob.matches(path)).map(|(_, value)| (*value).clone())
    };
    let with_rule = |entry: Entry| Entry {
        cache: said(&caches, &entry.path).unwrap_or_else(|| PAGE.to_owned()),
        media: said(&types, &entry.path).unwrap_or(entry.media),
        ..entry
    };
    Manifest { files: manifest.files.into_par_iter().map(with_rule).collect(), ..manifest }
}
