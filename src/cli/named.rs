//! The forms in which a clerk has a document at hand: the path that the shell completed, a path from `content/`, the address
//! that stands in the browser, the 索引号.

use std::fs;
use std::path::{Component, Path};

use crate::model::path;
use crate::serve::IpAddr;

/// What a document may be called, made of what was typed.
pub struct Named {
    /// Its source, from the site's root; the first is meant before the second.
    sources: Vec<String>,
    number: String,
    /// Its address from the site's root, decoded.
    url: Option<String>,
    /// Whether it is an address on another site.
    pub is_elsewhere: bool,
}

impl Named {
    pub fn new(typed: &str, root: &Path, base_url: &str) -> Self {
        let typed = typed.trim();
        let is_whole = without_scheme(typed).is_some();
        let below = below(typed, base_url);
        let is_elsewhere = is_whole && below.is_none();
        let address = below.map(|below| below.split(['?', '#']).next().unwrap_or_default()).unwrap_or(typed);
        let number = ["索引号:", "索引号："].iter().find_map(|label| typed.strip_prefix(label)).unwrap_or(typed);
        let bare = typed.trim_start_matches("./").to_owned();
        let sources = if is_whole { Vec::new() } else { here(typed, root).into_iter().chain([bare]).collect() };
        let url = (!is_elsewhere).then(|| path::decode(address.trim_start_matches('/'))).flatten();
        Self { sources, number: number.trim().to_owned(), url, is_elsewhere }
    }

    /// The place of the document that is meant, in a list of (source, 索引号, address).
    pub fn find<'a>(
        &self,
        all: impl Iterator<Item = (&'a str, Option<&'a str>, Option<&'a str>)> + Clone,
    ) -> Option<usize> {
        let of_source = |wanted: &String| all.clone().position(|(source, ..)| is_source(wanted, source));
        let is_it = |(_, number, url): (&str, Option<&str>, Option<&str>)| {
            number == Some(&self.number) || (url.is_some() && url == self.url.as_deref())
        };
        self.sources.iter().find_map(of_source).or_else(|| all.clone().position(is_it))
    }
}

/// With or without `content/`, or after the path of the site's folder.
fn is_source(wanted: &str, source: &str) -> bool {
    source == wanted
        || source.strip_prefix("content/") == Some(wanted)
        || wanted.strip_suffix(source).is_some_and(|before| before.ends_with('/'))
}

/// A file that lies there, as seen from the current folder, by its path from the site's root.
fn here(typed: &str, root: &Path) -> Option<String> {
    let path = Path::new(typed);
    path.is_file().then_some(())?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // only the folders: a document that is itself a link is known by its own name
    let (folder, root) = (fs::canonicalize(folder).ok()?, fs::canonicalize(root).ok()?);
    let below = folder.strip_prefix(root).ok()?.join(path.file_name()?);
    let names = below.components().map(|part| match part {
        Component::Normal(name) => name.to_str(),
        _ => None,
    });
    Some(names.collect::<Option<Vec<_>>>()?.join("/"))
}

fn without_scheme(address: &str) -> Option<&str> {
    ["https://", "http://"].iter().find_map(|scheme| strip_prefix(address, scheme))
}

/// What stands after the site's own address, or after that of a preview on this machine or another.
fn below<'a>(address: &'a str, base_url: &str) -> Option<&'a str> {
    let rest = without_scheme(address)?;
    let own = strip_prefix(rest, without_scheme(base_url)?).filter(|below| below.is_empty() || below.starts_with('/'));
    own.or_else(|| {
        let (authority, _) = rest.split_once('/')?;
        let host = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => authority,
        };
        let is_preview =
            host.eq_ignore_ascii_case("localhost") || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
        is_preview.then(|| &rest[authority.len()..])
    })
}

/// Names of hosts and schemes have no case.
fn strip_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}
