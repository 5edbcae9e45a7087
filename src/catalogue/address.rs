//! Where documents and redirects stand, and that no two outputs are one file.

use std::collections::HashMap;

use rayon::prelude::*;

use super::channels::{self, Channel};
use super::files::FileEntry;
use super::gate::{Placed, Reason, Withheld};
use super::pending;
use super::places;
use super::records;
use super::withdrawn::Tombstone;
use super::{DocId, Entry};
use crate::diag::{Code, Diagnostic};
use crate::model::{Field, Front, Hash128, OutPath, SourcePath, Span, path, slug};

/// The address of every document: its folder, and its slug with `.html`. A bundle `dk-31/index.md` is `dk-31.html`.
pub fn documents(admitted: &[Placed], findings: &mut Vec<Diagnostic>) -> Vec<OutPath> {
    let address = |doc: &Placed| {
        let mut findings = Vec::new();
        (document(doc, &mut findings), findings)
    };
    let addresses: Vec<(OutPath, Vec<Diagnostic>)> = admitted.par_iter().map(address).collect();
    let tell = |(out, problems)| {
        findings.extend(problems);
        out
    };
    addresses.into_iter().map(tell).collect()
}

/// The address of a document.
pub fn document(doc: &Placed, findings: &mut Vec<Diagnostic>) -> OutPath {
    let (folder, name) = place(&doc.source);
    let own = doc.front.text(Field::Slug);
    let mut push = |message: String, help: &str| {
        findings
            .push(Diagnostic::new(Code::G056, doc.source.as_str(), doc.front.span(Field::Slug), message).help(help));
    };
    let chosen = match own {
        Some(own) if !is_slug(own) => {
            push(format!("网址名“{own}”不能用"), "只用英文字母、数字、- 和 _，如 bmys-2014");
            slug::slug(name)
        }
        Some(own) => own.to_owned(),
        None => slug::slug(name),
    };
    let chosen = match slug::is_reserved(&chosen) {
        true => {
            push(format!("“{chosen}”是网站自己的文件名"), "换一个文件名，或用 slug 另起网址名");
            format!("{chosen}-1")
        }
        false => chosen,
    };
    let out = format!("{}{chosen}.html", channels::out_folder(folder));
    OutPath::new(out.as_str()).unwrap_or_else(|problem| {
        push(format!("网址“{out}”不能用：{problem}"), "缩短文件夹名或 slug");
        // stands in, so that what else is wrong is found too; an error keeps it from ever being written
        OutPath::of_checked(format!("{}.html", Hash128::of_bytes(out.as_bytes())))
    })
}

/// Folder and name that a document's address is made from.
fn place(source: &SourcePath) -> (&str, &str) {
    let path = source.in_content();
    let path =
        if source.is_bundle() { path.strip_suffix("/index.md").unwrap_or(path) } else { &path[..path.len() - 3] };
    path.rsplit_once('/').unwrap_or(("", path))
}

/// Where the files beside a document stand: a folder of sources, as an address with a closing `/`.
pub fn files_folder(folder: &str) -> String {
    channels::out_folder(folder)
}

fn is_slug(text: &str) -> bool {
    slug::is_plain(text)
        && slug::name_problem(text).is_none()
        && !text.starts_with(['.', '-'])
        && text.len() <= 120
        && !text.contains("..")
}

/// An old address that leads to its document's page.
#[derive(Debug)]
pub struct Redirect {
    pub out: OutPath,
    pub doc: DocId,
    /// Where the document says so.
    span: Span,
}

/// The redirects of `aliases:`.
pub fn redirects(docs: &[Entry], findings: &mut Vec<Diagnostic>) -> Vec<Redirect> {
    let mut redirects = Vec::new();
    for (id, doc) in docs.iter().enumerate() {
        let outs = aliases(&doc.source, &doc.front, findings);
        redirects.extend(outs.into_iter().map(|(out, span)| Redirect { out, doc: id as DocId, span }));
    }
    redirects
}

/// A document's old addresses, each with its place.
pub fn aliases(source: &SourcePath, front: &Front, findings: &mut Vec<Diagnostic>) -> Vec<(OutPath, Span)> {
    let mut outs = Vec::new();
    for alias in front.list(Field::Aliases) {
        match redirect(&alias.value) {
            Ok(out) => outs.push((out, alias.span)),
            Err(problem) => {
                let message = format!("旧网址“{}”不能用：{problem}", alias.value);
                findings.push(
                    Diagnostic::new(Code::G057, source.as_str(), alias.span, message)
                        .help("写网站内的路径，以 .html、.htm 或 / 结尾，如 /art/2014/12/4/art_1_2.html"),
                );
            }
        }
    }
    outs
}

fn redirect(alias: &str) -> Result<OutPath, &'static str> {
    let decoded = path::decode(alias).ok_or("百分号编码有误")?;
    let below = decoded.strip_prefix('/').unwrap_or(&decoded);
    if below.split('/').any(|name| name.starts_with('.') && name != ".well-known") {
        return Err("有以点开头的名称");
    }
    if below.contains("//") || decoded.contains(['?', '#']) || decoded.contains("://") {
        return Err("只能是网站内的路径，不带参数");
    }
    let file = match below {
        "" => return Err("这是首页"),
        _ if below.ends_with('/') => format!("{below}index.html"),
        _ if below.ends_with(".html") || below.ends_with(".htm") => below.to_owned(),
        _ => return Err("要以 .html、.htm 或 / 结尾"),
    };
    OutPath::new(file.as_str())
}

/// What would stand at an address: for messages, and to find two of one address.
struct Claim<'a> {
    out: &'a OutPath,
    source: &'a SourcePath,
    /// Where in its source the address is said, if it is.
    span: Option<Span>,
    /// Why it stands there only later.
    later: Option<Reason>,
}

/// Where a document that is not public yet will stand, and its old addresses.
pub struct Later<'a> {
    held: &'a Withheld,
    outs: Vec<(OutPath, Option<Span>)>,
}

impl<'a> Later<'a> {
    pub fn new(held: &'a Withheld, findings: &mut Vec<Diagnostic>) -> Self {
        let doc = &held.doc;
        let own = (document(doc, findings), doc.front.get(Field::Slug).map(|slug| slug.span));
        let aliases = aliases(&doc.source, &doc.front, findings).into_iter().map(|(out, span)| (out, Some(span)));
        Self { held, outs: [own].into_iter().chain(aliases).collect() }
    }
}

/// No two outputs may be one file on any host (case and Unicode form do not tell names apart everywhere), and the names
/// that the site gives its own files are not to be had, whether there is such a file today or not.
pub fn check_collisions(
    docs: &[Entry],
    channels: &[Channel],
    files: &[FileEntry],
    redirects: &[Redirect],
    (tombstones, later): (&[Tombstone], &[Later]),
) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let documents = docs.iter().map(|doc| {
        let span = doc.front.get(Field::Slug).map(|slug| slug.span);
        Claim { out: &doc.out, source: &doc.source, span, later: None }
    });
    let files = files
        .iter()
        .filter_map(|file| Some(Claim { out: file.out.as_ref()?, source: &file.source, span: None, later: None }));
    let redirects = redirects.iter().map(|redirect| {
        let source = &docs[redirect.doc as usize].source;
        Claim { out: &redirect.out, source, span: Some(redirect.span), later: None }
    });
    let later = later.iter().flat_map(|Later { held, outs }| {
        let source = &held.doc.source;
        outs.iter().map(|(out, span)| Claim { out, source, span: *span, later: Some(held.reason) })
    });
    let tombstones = tombstones.iter().filter(|tombstone| tombstone.has_page()).flat_map(|tombstone| {
        let claim = |out, span| Claim { out, source: &tombstone.source, span, later: None };
        let aliases = tombstone.aliases.iter().map(move |(out, span)| claim(out, Some(*span)));
        std::iter::once(claim(&tombstone.out, tombstone.slug)).chain(aliases)
    });
    let owned = Owned::new(channels);
    let indexes: Vec<OutPath> =
        channels.iter().map(|channel| OutPath::of_checked(format!("{}index.html", channel.out))).collect();
    let mut claims: HashMap<String, Claim> = HashMap::with_capacity(docs.len());
    for (out, channel) in indexes.iter().zip(channels) {
        let claim = Claim { out, source: &channel.file.source, span: None, later: None };
        if let Some(owner) = owned.owner(channel.out.trim_end_matches('/')) {
            let message = format!("栏目的网址 /{} 是{owner}", channel.out);
            claim.tell(message, "换一个文件夹名", &mut findings);
        }
        match claims.get(&out.collision_key()) {
            Some(first) => {
                let message = format!("栏目的网址 /{} 与 {} 冲突", channel.out, first.source);
                claim.tell(message, "改其中一个文件夹名；只有大小写不同的，在有的服务器上是同一个", &mut findings);
            }
            None => _ = claims.insert(out.collision_key(), claim),
        }
    }
    for claim in documents.chain(files).chain(tombstones).chain(redirects).chain(later) {
        let key = claim.out.collision_key();
        if let Some(owner) = owned.folder(&key).or_else(|| owned.owner(&key)) {
            let message = format!("网址 /{} 是{owner}", claim.out);
            claim.tell(message, "换一个文件名、slug 或旧网址", &mut findings);
            continue;
        }
        match claims.get(&key) {
            None => {
                claims.insert(key, claim);
            }
            Some(first) if first.source == claim.source => {
                let message = format!("旧网址 /{} 已经是这份文件的网址", claim.out);
                claim.tell(message, "删去这个旧网址", &mut findings);
            }
            Some(first) => {
                // the one that chose its address can choose another
                let is_chosen = first.span.is_some() && claim.span.is_none() && first.later.is_none();
                let (blamed, other) = if is_chosen { (first, &claim) } else { (&claim, first) };
                let message = format!("网址 /{} 与 {} 冲突", blamed.out, other.source);
                blamed.tell(message, "给其中一份写上不同的 slug，或改文件名、旧网址", &mut findings);
            }
        }
    }
    // a file and a folder of one name cannot stand side by side
    for (key, claim) in &claims {
        let above = std::iter::successors(key.rsplit_once('/'), |(above, _)| above.rsplit_once('/'));
        for file in above.filter_map(|(above, _)| claims.get(above)) {
            // blamed is what comes later, so that a document's day breaks nothing that stands
            let (blamed, other) = if file.later.is_some() { (file, claim) } else { (claim, file) };
            let message = format!("网址 /{} 与 {} 冲突：同一个名称不能既是文件又是文件夹", blamed.out, other.source);
            blamed.tell(message, "改文件夹名、slug 或旧网址", &mut findings);
        }
    }
    findings
}

impl Claim<'_> {
    fn tell(&self, message: String, help: &str, findings: &mut Vec<Diagnostic>) {
        let finding = Diagnostic::new(Code::G051, self.source.as_str(), self.span, message).help(help);
        match self.later {
            Some(reason) => pending::tell(reason, findings, |findings| findings.push(finding)),
            None => findings.push(finding),
        }
    }
}

/// The addresses that the site itself needs.
struct Owned<'a> {
    /// Channels by their folders, for comparison.
    channels: HashMap<String, &'a Channel>,
}

impl<'a> Owned<'a> {
    fn new(channels: &'a [Channel]) -> Self {
        Self { channels: channels.iter().map(|channel| (channel.out.to_lowercase(), channel)).collect() }
    }

    /// The channel whose folder a file would be.
    fn folder(&self, key: &str) -> Option<String> {
        let channel = self.channels.get(&format!("{key}/"))?;
        Some(format!("栏目“{}”的文件夹（{}）", channel.title(), channel.file.source))
    }

    /// Whose address it is, or whose it would lie below; `None`: anyone's who comes first.
    fn owner(&self, key: &str) -> Option<String> {
        let ends = key.match_indices('/').map(|(at, _)| at).chain([key.len()]);
        let mut start = 0;
        for end in ends {
            let (folder, name) = (&key[..start], &key[start..end]);
            if folder.is_empty() && is_sites_own(name) {
                return Some("网站自己的".into());
            }
            let is_own =
                |channel: &&&Channel| is_listings_own(name) || (channel.file.records.is_some() && is_records_own(name));
            if let Some(channel) = self.channels.get(folder).filter(is_own) {
                return Some(format!("栏目“{}”自己的（{}）", channel.title(), channel.file.source));
            }
            if name == places::FOLDER
                && let Some(channel) = self.channels.get(folder).filter(|channel| places::has_pages(channel))
            {
                let (title, source) = (channel.title(), &channel.file.source);
                return Some(format!("栏目“{title}”各镇街的网页所用（{source} 的 places 区块）"));
            }
            start = (end + 1).min(key.len());
        }
        None
    }
}

/// Files and folders at the root that the site makes.
fn is_sites_own(name: &str) -> bool {
    let is_sitemap = name
        .strip_prefix("sitemap")
        .is_some_and(|rest| rest == ".html" || rest == ".xml" || (rest.starts_with('-') && rest.ends_with(".xml")));
    is_sitemap || ["catalogue", "assets", "404.html", "robots.txt"].contains(&name)
}

/// Files that a channel's listing has, or will have when it grows.
fn is_listings_own(name: &str) -> bool {
    let Some((stem, extension)) = name.split_once('.') else { return false };
    match extension {
        "html" => stem == "index" || is_numbered(stem, "list_"),
        "json" | "csv" => stem == "index" || is_numbered(stem, "data_"),
        "xml" => stem == "rss",
        _ => false,
    }
}

/// Files and the folder of a channel's records.
fn is_records_own(name: &str) -> bool {
    let (stem, extension) = name.split_once('.').unwrap_or((name, ""));
    match extension {
        "html" => is_numbered(stem, "records_"),
        "json" | "csv" => stem == "records",
        _ => name == records::FOLDER,
    }
}

fn is_numbered(stem: &str, prefix: &str) -> bool {
    let number = stem.strip_prefix(prefix);
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}
