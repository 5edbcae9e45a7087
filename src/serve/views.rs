//! What the templates of the preview see: the band, the panel, and the pages that stand in for others.

use serde::Serialize;

use super::live::Now;
use super::near::near;
use crate::catalogue::{Catalogue, DocId, Entry, Lead, TombstoneId};
use crate::diag::html::{Shown, show};
use crate::diag::{self, Diagnostic, Severity};
use crate::model::{Field, OutPath, Remains, path};
use crate::pipeline::Site;
use crate::plan::why::{self, why};
use crate::plan::{Input, List, Maker, Page};
use crate::theme::{Pages, Value, safe_html};

/// Findings that a panel shows, and errors that stand on a page.
const MOST: usize = 200;
const MOST_ON_PAGE: usize = 10;

/// The templates.
pub fn pages() -> Pages {
    Pages::new(&[
        ("head.html", include_str!("pages/head.html")),
        ("band.html", include_str!("pages/band.html")),
        ("errors.html", include_str!("pages/errors.html")),
        ("finding.html", include_str!("pages/finding.html")),
        ("panel.html", include_str!("pages/panel.html")),
        ("page.html", include_str!("pages/page.html")),
    ])
}

#[derive(Clone, Serialize)]
pub struct Link {
    pub url: String,
    pub title: String,
}

/// What stands on every page.
#[derive(Serialize)]
pub struct Band {
    /// The page's address.
    pub page: String,
    pub mark: String,
    pub digest: String,
    pub token: String,
    pub nonce: String,
    /// Why the document is not public yet.
    pub pending: String,
    /// Where the panel is to be had as a page.
    pub panel: String,
    pub label: String,
    pub errors: Errors,
}

/// The errors of the site, as far as they stand on a page.
#[derive(Serialize)]
pub struct Errors {
    pub trouble: String,
    /// Whether an older site is shown.
    pub is_stale: bool,
    pub count: usize,
    pub shown: Vec<Shown>,
    pub more: usize,
}

#[derive(Serialize)]
pub struct Panel {
    pub title: String,
    /// (label, text)
    pub about: Vec<(&'static str, String)>,
    pub groups: Vec<Group>,
    pub feeds: Vec<Link>,
    pub is_document: bool,
    /// Findings of this page's sources, and of the rest of the site.
    pub own: Vec<Shown>,
    pub others: Vec<Shown>,
    pub more: usize,
    pub counted: String,
}

/// Pages that list the document.
#[derive(Serialize)]
pub struct Group {
    pub title: &'static str,
    pub places: Vec<Place>,
}

#[derive(Serialize)]
pub struct Place {
    pub url: String,
    pub title: String,
    pub rule: String,
}

/// A page of the preview's own.
#[derive(Serialize)]
pub struct Own {
    pub title: String,
    pub lines: Vec<String>,
    pub links: Vec<Link>,
    /// HTML of the panel, or nothing.
    pub body: Value,
    /// Leads there by itself.
    pub forward: String,
}

impl Own {
    pub fn new(title: &str, lines: Vec<String>) -> Self {
        Self { title: title.into(), lines, links: Vec::new(), body: safe_html(""), forward: String::new() }
    }
}

/// Texts of files, for the excerpts. What findings name are files of the site.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

pub fn errors(now: &Now, lookup: Lookup) -> Errors {
    let all: Vec<&Diagnostic> = now.findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
    Errors {
        trouble: now.trouble.clone().unwrap_or_default(),
        is_stale: !now.is_current && now.site.is_some(),
        count: all.len(),
        shown: all.iter().take(MOST_ON_PAGE).map(|finding| show(finding, lookup)).collect(),
        more: all.len().saturating_sub(MOST_ON_PAGE),
    }
}

/// `2 个错误，1 个警告`, or nothing.
pub fn counted(findings: &[Diagnostic]) -> String {
    match diag::count(findings) {
        (0, 0) => String::new(),
        (0, warnings) => format!("{warnings} 个警告"),
        (errors, 0) => format!("{errors} 个错误"),
        (errors, warnings) => format!("{errors} 个错误，{warnings} 个警告"),
    }
}

/// The document whose page it is.
pub fn document(page: &Page) -> Option<DocId> {
    page.inputs.iter().find_map(|input| match input {
        Input::Document(id) => Some(*id),
        _ => None,
    })
}

/// The document that an old address leads to.
fn redirect(page: &Page) -> Option<DocId> {
    page.inputs.iter().find_map(|input| match input {
        Input::Redirect(id) => Some(*id),
        _ => None,
    })
}

/// The document of which the page is what is left.
pub fn withdrawn(page: &Page) -> Option<TombstoneId> {
    page.inputs.iter().find_map(|input| match input {
        Input::Tombstone(id) | Input::Moved(id) => Some(*id),
        _ => None,
    })
}

/// Where an old address leads: its output, and what that is called.
pub fn forward(page: &Page, catalogue: &Catalogue) -> Option<(OutPath, String)> {
    if let Some(doc) = redirect(page).map(|id| catalogue.doc(id)) {
        return Some((doc.out.clone(), doc.title().to_owned()));
    }
    let is_moved = page.inputs.iter().any(|input| matches!(input, Input::Moved(_)));
    let gone = &catalogue.tombstones[withdrawn(page).filter(|_| is_moved)? as usize];
    Some(match (&gone.to, gone.what.remains) {
        (Some(Lead::Doc(id)), Remains::Nothing) => {
            let doc = catalogue.doc(*id);
            (doc.out.clone(), doc.title().to_owned())
        }
        (Some(Lead::Page(out)), Remains::Nothing) => (out.clone(), String::new()),
        _ => (gone.out.clone(), gone.state()),
    })
}

/// Sources that the page is mainly made from: its document with attachments, or its channel.
fn sources(page: &Page, catalogue: &Catalogue) -> Vec<String> {
    let of = |input: &Input| match input {
        Input::Document(id) => {
            let doc = catalogue.doc(*id);
            let files = doc.attachments.iter().map(|id| catalogue.file(*id).source.as_str().to_owned());
            [doc.source.as_str().to_owned()].into_iter().chain(files).collect()
        }
        Input::Channel(id, _) => vec![catalogue.channel(*id).file.source.as_str().to_owned()],
        Input::Records(id, number) => {
            let file = catalogue.file(catalogue.records[id].file).source.as_str().to_owned();
            // the first page is the channel's, which is named already
            let channel = (*number > 1).then(|| catalogue.channel(*id).file.source.as_str().to_owned());
            channel.into_iter().chain([file]).collect()
        }
        Input::Record(id, _) => {
            let file = catalogue.file(catalogue.records[id].file);
            vec![catalogue.channel(*id).file.source.as_str().to_owned(), file.source.as_str().to_owned()]
        }
        Input::Home => vec!["content/_index.md".to_owned()],
        Input::File(id) => vec![catalogue.file(*id).source.as_str().to_owned()],
        Input::Tombstone(id) | Input::Moved(id) => vec![catalogue.tombstones[*id as usize].source.to_string()],
        _ => Vec::new(),
    };
    page.inputs.iter().flat_map(of).collect()
}

pub fn panel(now: &Now, out: &str, lookup: Lookup) -> Panel {
    let found = now.site.as_ref().and_then(|site| Some((site, site.page(out)?)));
    let sources = found.map(|(site, page)| sources(page, &site.world.catalogue)).unwrap_or_default();
    let (own, others): (Vec<_>, Vec<_>) =
        now.findings.iter().partition(|finding| sources.iter().any(|source| **source == *finding.path));
    // what is worst comes first; among equals their order stays
    let some = |mut findings: Vec<&Diagnostic>| -> Vec<Shown> {
        findings.sort_by_key(|finding| finding.severity);
        findings.into_iter().take(MOST).map(|finding| show(finding, lookup)).collect()
    };
    let more = own.len().saturating_sub(MOST) + others.len().saturating_sub(MOST);
    let document = found.and_then(|(site, page)| Some((site, document(page)?)));
    let (about, groups, feeds) = match document {
        Some((site, id)) => {
            let (groups, feeds) = listed(&site.world.catalogue, id);
            (about_document(&site.world.catalogue, id), groups, feeds)
        }
        None => {
            (found.map(|(site, page)| about_page(site, page, &sources)).unwrap_or_default(), Vec::new(), Vec::new())
        }
    };
    Panel {
        title: document.map_or_else(|| format!("/{out}"), |(site, id)| site.world.catalogue.doc(id).title().to_owned()),
        about,
        groups,
        feeds,
        is_document: document.is_some(),
        own: some(own),
        others: some(others),
        more,
        counted: counted(&now.findings),
    }
}

fn about_document(catalogue: &Catalogue, id: DocId) -> Vec<(&'static str, String)> {
    let doc = catalogue.doc(id);
    let text = |field| doc.front.text(field).unwrap_or_default().to_owned();
    let day = |field| doc.front.moment(field).map(|moment| moment.text()).unwrap_or_default();
    let withdrawn = doc.withdrawn.as_ref().map(|banner| banner.what.state());
    // of a public document that is none yet, it is still to come
    let ahead = || doc.front.withdrawal().map(|what| format!("公开，{}", what.ahead()));
    let public = || withdrawn.or_else(ahead).unwrap_or_else(|| "公开".to_owned());
    let state = doc.pending.map_or_else(public, |reason| format!("尚未公开：{}", reason.mark()));
    let rows = [
        ("源文件", doc.source.to_string()),
        ("状态", state),
        ("网址", format!("/{}", doc.out)),
        ("栏目", catalogue.channel(doc.channel).title().to_owned()),
        ("索引号", doc.front.index_no().map(|number| number.as_str().to_owned()).unwrap_or_default()),
        ("文号", doc.front.doc_no().map(|number| number.as_str().to_owned()).unwrap_or_default()),
        ("发布机构", doc.issuer.to_string()),
        ("成文日期", day(Field::Written)),
        ("公开日期", day(Field::Published)),
        ("有效性", doc.validity.map(|validity| validity.label().to_owned()).unwrap_or_default()),
        ("信息类型", text(Field::Kind)),
        ("摘要", text(Field::Summary)),
        ("最后变动", doc.lastmod.text()),
        ("旧网址", doc.front.list(Field::Aliases).iter().map(|alias| &*alias.value).collect::<Vec<_>>().join("、")),
        ("附件", format!("{} 个", doc.attachments.len())),
    ];
    rows.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

fn about_page(site: &Site, page: &Page, sources: &[String]) -> Vec<(&'static str, String)> {
    let template = match &page.maker {
        Maker::Template(template) => template.to_string(),
        _ => String::new(),
    };
    let cards = page.inputs.iter().find_map(|input| match input {
        Input::Cards(list, _) => Some(format!("{} 份", site.world.catalogue.list(list).docs.len())),
        _ => None,
    });
    let state = withdrawn(page).map(|id| site.world.catalogue.tombstones[id as usize].state()).unwrap_or_default();
    let rows = [
        ("源文件", sources.join("、")),
        ("状态", state),
        ("网址", format!("/{}", page.out)),
        ("模板", template),
        ("列出文件", cards.unwrap_or_default()),
    ];
    rows.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

fn listed(catalogue: &Catalogue, id: DocId) -> (Vec<Group>, Vec<Link>) {
    let why = why(catalogue, id);
    let place = |why::Place { out, title, rule }| Place { url: url(&out), title, rule };
    let group = |title, places: Vec<why::Place>| Group { title, places: places.into_iter().map(place).collect() };
    let groups = vec![group("栏目", why.channels), group("区块", why.blocks), group("目录", why.catalogue)];
    let feeds = why.feeds.into_iter().map(|out| Link { url: url(&out), title: format!("/{out}") });
    (groups.into_iter().filter(|group| !group.places.is_empty()).collect(), feeds.collect())
}

/// An output's address on the preview.
pub fn url(out: &str) -> String {
    format!("/{}", path::encode(out))
}

/// What to say where there is no page: whether the source of that name is not public and why, and addresses that are near.
pub fn absent(site: &Site, wanted: &str) -> Own {
    let catalogue = &site.world.catalogue;
    let bare = wanted.strip_prefix("content/").unwrap_or(wanted);
    let is_it = |source: &str| {
        let below = source.strip_prefix("content/").unwrap_or(source);
        let stem = below.strip_suffix("/index.md").or(below.strip_suffix(".md")).unwrap_or(below);
        below == bare || bare.strip_suffix(".html").unwrap_or(bare) == stem
    };
    let mut lines = vec![format!("没有这个网页：/{wanted}")];
    let mut links = Vec::new();
    for held in catalogue.withheld.iter().filter(|held| is_it(held.doc.source.as_str())) {
        lines.push(format!("{} 没有公开：{}", held.doc.source, held.reason.text()));
    }
    for doc in catalogue.docs.iter().filter(|doc| is_it(doc.source.as_str())) {
        lines.push(format!("{} 的网址是 /{}", doc.source, doc.out));
        links.push(link(doc));
    }
    for out in near(site, wanted) {
        let link = Link { url: url(&out), title: title(site, &out) };
        if !links.iter().any(|other: &Link| other.url == link.url) {
            links.push(link);
        }
    }
    if !links.is_empty() {
        lines.push("相近的网页：".into());
    }
    if !links.iter().any(|link| link.url == "/index.html") {
        links.push(Link { url: "/".into(), title: "首页".into() });
    }
    Own { links, ..Own::new("找不到这个网页", lines) }
}

fn link(doc: &Entry) -> Link {
    Link { url: url(doc.out.as_str()), title: format!("{}（/{}）", doc.title(), doc.out) }
}

/// What an address is called.
fn title(site: &Site, out: &str) -> String {
    let catalogue = &site.world.catalogue;
    let page = site.page(out);
    let name = page.and_then(|page| {
        page.inputs.iter().find_map(|input| match input {
            Input::Document(id) | Input::Redirect(id) => Some(catalogue.doc(*id).title()),
            Input::Channel(id, _) | Input::Records(id, _) => Some(catalogue.channel(*id).title()),
            Input::Record(id, row) => Some(catalogue.records[id].name(*row)),
            Input::Term(List::Term(axis, id), _) => Some(&*catalogue.axis(*axis).term(*id).label),
            Input::Home => Some("首页"),
            _ => None,
        })
    });
    name.map_or_else(|| format!("/{out}"), |name| format!("{name}（/{out}）"))
}
