//! Stage 4: Catalogue + Theme → `Plan`: every file the site will have, each with its declared inputs. Pure and cheap: it
//! says *what* will be handed over, `render` says what that looks like.
//!
//! A page's inputs are its dependency record: what is not listed here no template can read. `why` tells of a document
//! which pages will list it.

mod data;
mod leaves;
mod pages;
mod records;
pub mod why;
mod withdrawn;

pub use data::shards;
pub use leaves::Index;
pub use pages::document;
pub use records::has_data;

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::catalogue::{Catalogue, ChannelId, DocId, FileId, SeriesId, TermId, TombstoneId};
use crate::diag::{Code, Diagnostic};
use crate::model::{Axis, Kind, OutPath};
use crate::theme::Theme;

/// One output (产出).
#[derive(Clone, Debug)]
pub struct Page {
    pub out: OutPath,
    pub maker: Maker,
    pub inputs: Vec<Input>,
}

/// What makes an output of its inputs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Maker {
    /// A template of the theme.
    Template(Arc<str>),
    Json,
    Csv,
    Rss,
    /// A part of the sitemap.
    SitemapPart,
    SitemapIndex,
    Robots,
    /// The bytes of a file, or of an asset of the theme.
    Copy,
}

/// Something a page is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// What every template is given: the site, its strings, assets and navigation.
    Frame,
    /// A document's own fields, with its place in the channels.
    Document(DocId),
    Body(DocId),
    Related(DocId),
    /// (newer, older) in the document's own channel.
    Neighbours(Option<DocId>, Option<DocId>),
    /// A channel's own fields and its place; archive page K.
    Channel(ChannelId, Option<usize>),
    Intro(ChannelId),
    /// Siblings and children of a channel.
    Tree(ChannelId),
    Blocks(ChannelId),
    /// Page K of a channel's records, counted from 1; the first is a part of the channel's own page.
    Records(ChannelId, usize),
    /// The record in a row of a channel's records, and the two beside it.
    Record(ChannelId, usize),
    /// All records of a channel, as open data.
    AllRecords(ChannelId),
    Pinned(ChannelId),
    /// A town's page of a channel: which of the towns of its places.
    Town(ChannelId, usize),
    /// The home page.
    Home,
    /// The cards of an index page (`None`) or of archive page K.
    Cards(List, Option<usize>),
    Pager(List, Option<usize>),
    Feeds(List),
    /// The catalogue's front page.
    CatalogueHome,
    /// Page K of an index, counted from 1.
    Index(Index, usize),
    /// A term or a crossing's cell, with the terms around it; archive page K.
    Term(List, Option<usize>),
    /// A document among the issues of its series.
    InSeries(DocId),
    /// All series; or one with its issues.
    AllSeries,
    Series(SeriesId),
    /// Where the site takes applications.
    Request,
    NotFound,
    Redirect(DocId),
    /// What is left of a document that was withdrawn.
    Tombstone(TombstoneId),
    /// An address that leads there, or where a withdrawn document sends its readers.
    Moved(TombstoneId),
    /// Rows of open data: all of a listing that stand in a shard (`None`: the newest).
    Rows(List, Option<usize>),
    /// The newest documents of a channel and all below it.
    Recent(ChannelId),
    /// Addresses of a part of the sitemap.
    Addresses(Part),
    /// Parts of the sitemap.
    Parts,
    File(FileId),
    Asset(usize),
}

/// A listing: a channel's, a term's, or a crossing's (which crossing, the terms).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum List {
    Channel(ChannelId),
    Term(Axis, TermId),
    Cell(usize, Arc<[TermId]>),
}

/// A part of the sitemap: channel and catalogue pages, or the documents of a year, in runs of at most 50,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    Pages(usize),
    Year(i16, usize),
}

impl Part {
    pub fn out(self) -> OutPath {
        let (name, run) = match self {
            Part::Pages(run) => ("pages".to_owned(), run),
            Part::Year(year, run) => (year.to_string(), run),
        };
        let run = if run == 0 { String::new() } else { format!("-{}", run + 1) };
        OutPath::of_checked(format!("sitemap-{name}{run}.xml"))
    }
}

/// Everything, sorted by address.
pub struct Plan {
    pub pages: Vec<Page>,
    /// Parts of the sitemap, in their order.
    pub parts: Vec<Part>,
}

/// Rows of a shard of open data.
pub const SHARD: usize = 200;
/// Addresses of a part of the sitemap (sitemaps.org).
pub const PART: usize = 50_000;

/// Plans the whole site. Two outputs of one address are a finding.
pub fn make(catalogue: &Catalogue, theme: &Theme) -> (Plan, Vec<Diagnostic>) {
    let mut pages = Vec::with_capacity(catalogue.docs.len() * 2);
    let parts = data::parts(catalogue);
    pages::documents(catalogue, theme, &mut pages);
    withdrawn::all(catalogue, &mut pages);
    pages::channels(catalogue, &mut pages);
    records::all(catalogue, &mut pages);
    pages::catalogue(catalogue, &mut pages);
    pages::single(catalogue, &mut pages);
    data::sitemap(&parts, &mut pages);
    data::files(catalogue, theme, &mut pages);
    pages.par_sort_by(|a, b| a.out.cmp(&b.out));
    let mut findings = collisions(&pages, catalogue);
    findings.extend(missing_templates(catalogue, theme));
    findings.extend(withdrawn::faults(&pages, catalogue, theme));
    (Plan { pages, parts }, findings)
}

/// `G063`: kinds that name a template which the theme does not have.
fn missing_templates(catalogue: &Catalogue, theme: &Theme) -> Vec<Diagnostic> {
    let missing = |kind: &Kind| {
        let name = kind.template.as_deref()?;
        let file = format!("kinds/{name}.html");
        (!theme.has(&file)).then(|| {
            let message = format!("信息类型“{}”的模板 {file} 不存在", kind.label);
            let help = format!("在 templates/{file} 写这个模板，或改正 template");
            Diagnostic::new(Code::G063, kind.source.clone(), None, message).help(help)
        })
    };
    catalogue.kinds.all().filter_map(missing).collect()
}

/// The safety net below the catalogue's own check: no two outputs of one address, whatever made them.
fn collisions(pages: &[Page], catalogue: &Catalogue) -> Vec<Diagnostic> {
    let keys: Vec<String> = pages.par_iter().map(|page| page.out.collision_key()).collect();
    let mut seen: HashMap<&str, &Page> = HashMap::with_capacity(pages.len());
    let mut findings = Vec::new();
    for (page, key) in pages.iter().zip(&keys) {
        if let Some(first) = seen.insert(key, page) {
            findings.push(collision(first, page, catalogue));
        }
    }
    // a file and a folder of one name cannot stand side by side
    let mut last = "";
    for page in pages {
        let folder = page.out.folder().trim_end_matches('/');
        if folder == std::mem::replace(&mut last, folder) {
            continue;
        }
        let above = std::iter::successors(Some(folder), |folder| folder.rsplit_once('/').map(|(above, _)| above));
        let file = above
            .filter(|folder| !folder.is_empty())
            .find_map(|folder| seen.get(&*OutPath::of_checked(folder).collision_key()));
        findings.extend(file.map(|file| collision(file, page, catalogue)));
    }
    findings
}

/// Two outputs that cannot both be: one address, or one is a folder of the other.
fn collision(first: &Page, second: &Page, catalogue: &Catalogue) -> Diagnostic {
    let sources = [second, first].map(|page| source(page, catalogue));
    let path = sources.iter().flatten().next().cloned().unwrap_or_else(|| "site.toml".into());
    let name = |page: &Page| match source(page, catalogue) {
        Some(source) => format!("/{}（{source}）", page.out),
        None => format!("/{}（网站自己的）", page.out),
    };
    let message = format!("两个输出的网址冲突：{} 与 {}", name(first), name(second));
    Diagnostic::new(Code::G051, path, None, message).help("改文件名、文件夹名、slug 或旧网址")
}

/// The source that a page mainly comes from.
pub fn source(page: &Page, catalogue: &Catalogue) -> Option<Arc<str>> {
    page.inputs.iter().find_map(|input| match input {
        Input::Document(id) | Input::Redirect(id) => Some(catalogue.doc(*id).source.as_str().into()),
        Input::Tombstone(id) | Input::Moved(id) => Some(catalogue.tombstones[*id as usize].source.as_str().into()),
        Input::File(id) => Some(catalogue.file(*id).source.as_str().into()),
        Input::Channel(id, _)
        | Input::Town(id, _)
        | Input::Records(id, _)
        | Input::Record(id, _)
        | Input::AllRecords(id) => Some(catalogue.channel(*id).file.source.as_str().into()),
        _ => None,
    })
}
