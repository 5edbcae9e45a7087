//! What is made for whoever serves the site, as `[publish.NAME]` asks: every file's `Cache-Control` and type, rules for
//! servers, precompressed copies.
//!
//! In comes the manifest of the site's own files; out goes the manifest of the release, which names them all. What is made
//! lies in the site's state folder, so that the output stays what was built, and is the same bytes wherever it is made.
//!
//! | module | holds |
//! |---|---|
//! | `cache` | how long what may be kept, and of which type it is |
//! | `headers` | security headers |
//! | `base` | where the site lies on its host; old addresses |
//! | `pattern` | patterns of paths in the language of servers |
//! | `nginx`, `apache`, `pages`, `stores` | rules, each for one sort of host |
//! | `pack` | compressed copies of texts |
//! | `store` | what was made, on this machine |

mod apache;
mod base;
mod cache;
mod headers;
mod nginx;
mod pack;
mod pages;
mod pattern;
mod store;
mod stores;

use std::collections::HashMap;

use super::files::Files;
use super::guards::Stop;
use super::manifest::{Entry, Kind, Manifest, totals};
use super::{Failure, Step};
use crate::config::{self, Host, Rule, Server};
use crate::emit::Target;
use crate::model::file::media_type;
use crate::model::slug::slug;
use crate::pipeline::Site;
use crate::source::Digest;

use base::{Base, Redirect};

/// Ends of names of which there are compressed copies: texts.
const PACKED: [&str; 9] = ["html", "htm", "css", "js", "json", "xml", "svg", "csv", "txt"];

/// Adds a line to a text.
macro_rules! line {
    ($out:expr) => { $out.push('\n') };
    ($out:expr, $($words:tt)*) => { writeln!($out, $($words)*).expect("a text takes everything") };
}
use line;

/// A site as its host gets it.
pub struct Dressed {
    pub manifest: Manifest,
    pub files: Files,
    /// What is to be known and stops nothing, in Chinese.
    pub notes: Vec<String>,
    pub stops: Vec<Stop>,
}

/// What rules are written from.
struct Given<'a> {
    host: &'a Host,
    /// What is said of which files, the weakest first.
    rules: Vec<Rule>,
    /// Its name.
    site: &'a str,
    base: Base,
    headers: Vec<(&'static str, String)>,
    redirects: Vec<Redirect>,
    manifest: &'a Manifest,
    /// The folder of publishing's own files in the site: withdrawn files are in it. Empty: there is none, or it is refused
    /// like all that begins with a dot.
    state: &'a str,
}

/// A file that was made for the host.
struct Made {
    /// From the site's root.
    path: String,
    bytes: Vec<u8>,
}

impl Made {
    fn text(path: &str, text: String) -> Self {
        Self { path: path.to_owned(), bytes: text.into_bytes() }
    }
}

/// Gives the site's files what the target's host is to know of them, and adds the files that are made for it.
pub fn dress(
    config: &config::Publish,
    site: &Site,
    manifest: Manifest,
    place: &Target,
    progress: &(dyn Fn(Step) + Sync),
) -> Result<Dressed, Failure> {
    let host = &config.host;
    let manifest = cache::with_rules(manifest, host);
    let Rules { made, notes, stops } = rules(config, site, &manifest);
    let (made, clashes) = without_clashes(made, &manifest);
    let stops = stops.into_iter().chain(clashes).collect();
    let folder = place.host().join(slug(&config.name));
    let (of_site, mut places) = (Files::new(place.output(), HashMap::new()), store::keep(&folder, &made)?);
    let mut entries: Vec<Entry> = made.iter().map(entry).collect();
    if host.compress.is_empty() {
        pack::forget(&folder)?;
    } else {
        let (copies, packed) = pack::copies(&host.compress, &manifest, &of_site, &folder, progress)?;
        entries.extend(copies);
        places.extend(packed);
    }
    Ok(Dressed { manifest: extended(manifest, entries), files: Files::new(place.output(), places), notes, stops })
}

/// Rules, what is to be known of them, and what stops the release.
#[derive(Default)]
struct Rules {
    made: Vec<Made>,
    notes: Vec<String>,
    stops: Vec<Stop>,
}

/// The rules that are wanted, and what has to be said about them.
fn rules(target: &config::Publish, site: &Site, manifest: &Manifest) -> Rules {
    let host = &target.host;
    if host.servers.is_empty() {
        return Rules::default();
    }
    let config = &site.world.config;
    let given = Given {
        host,
        rules: cache::rules(host),
        site: &config.site.name,
        base: Base::of(&config.site.base_url),
        headers: headers::of(host, config),
        redirects: base::redirects(&site.world.catalogue),
        manifest,
        state: target.place.inner_state().filter(|state| !has_dot(state)).unwrap_or_default(),
    };
    let mut rules = Rules { notes: readable(target).into_iter().collect(), ..Rules::default() };
    for server in &host.servers {
        let (made, note) = match server {
            Server::Nginx => nginx::make(&given),
            Server::Apache => apache::make(&given),
            Server::S3 => stores::s3(&given),
            Server::Oss => stores::oss(&given),
            Server::Pages => {
                let (made, notes, faults) = pages::make(&given);
                rules.made.extend(made);
                rules.notes.extend(notes);
                rules.stops.extend(too_long(faults));
                continue;
            }
        };
        rules.made.push(made);
        rules.notes.extend(note);
    }
    rules
}

/// Whether rules refuse it as they refuse every name that begins with a dot.
fn has_dot(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.') && part != ".well-known")
}

/// What no rule of a bucket can refuse.
fn readable(target: &config::Publish) -> Option<String> {
    let is_bucket = target.host.servers.iter().any(|server| matches!(server, Server::S3 | Server::Oss));
    let state = target.place.inner_state().filter(|_| is_bucket)?;
    Some(format!(
        "存储桶的网站规则拒绝不了文件夹 {state}，里面有撤下的旧文件：用桶的授权策略拒绝匿名读取它，或把 state 写到 path 以外"
    ))
}

/// A header that a host would cut off would protect nobody.
fn too_long(lines: Vec<String>) -> Option<Stop> {
    let advice = "缩短 csp，或从 host 里删去 pages";
    (!lines.is_empty()).then(|| Stop::new("host", "_headers 里有超过 2000 字节的行，主机不接受", lines, advice))
}

/// What the site itself has at a place is not replaced: somebody put it there.
fn without_clashes(made: Vec<Made>, manifest: &Manifest) -> (Vec<Made>, Option<Stop>) {
    let (clashing, made): (Vec<Made>, Vec<Made>) =
        made.into_iter().partition(|made| manifest.entry(&made.path).is_some());
    if clashing.is_empty() {
        return (made, None);
    }
    let list = clashing.into_iter().map(|made| format!("/{}", made.path)).collect();
    let message = "网站自己有与服务器规则同名的文件";
    let advice = "改用自己的，从 [publish] 的 host 里删去对应的一项；改用生成的，删去 static/ 里的这个文件";
    (made, Some(Stop::new("host", message, list, advice)))
}

fn entry(made: &Made) -> Entry {
    let Digest { size, sha256 } = Digest::of(&made.bytes);
    Entry {
        path: made.path.clone(),
        size,
        sha256,
        media: media_type(&made.path).to_owned(),
        cache: cache::PAGE.to_owned(),
        kind: Kind::Host,
        channel: String::new(),
        sources: Vec::new(),
        withdrawn: String::new(),
    }
}

/// The manifest with more files.
fn extended(manifest: Manifest, more: Vec<Entry>) -> Manifest {
    if more.is_empty() {
        return manifest;
    }
    let mut files = manifest.files;
    files.extend(more);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Manifest { totals: totals(&files), files, ..manifest }
}
