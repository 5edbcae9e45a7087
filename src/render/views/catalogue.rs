//! Catalogue pages: axes, terms, crossings; and the site map.

use serde::Serialize;

use super::super::{Handed, World};
use super::channel::{self, Item, Tree};
use super::frame::Link;
use super::page::{self, Head};
use crate::catalogue::{Catalogue, ChannelId, Crossing, TermId};
use crate::model::{Axis, path};
use crate::plan::List;

#[derive(Hash, Serialize)]
struct AxisView {
    key: String,
    label: String,
    url: String,
    intro: &'static str,
}

#[derive(Hash, Serialize)]
struct Tab {
    label: String,
    url: String,
    current: bool,
}

#[derive(Hash, Serialize)]
struct TermNode {
    title: String,
    url: String,
    count: usize,
    children: Vec<TermNode>,
}

impl TermNode {
    fn leaf(self) -> Self {
        Self { children: Vec::new(), ..self }
    }
}

/// Two axes crossed: a row per term of the first, a column per term of the second.
#[derive(Default, Hash, Serialize)]
struct Matrix {
    corner: String,
    columns: Vec<String>,
    rows: Vec<MatrixRow>,
}

#[derive(Hash, Serialize)]
struct MatrixRow {
    title: String,
    url: String,
    cells: Vec<MatrixCell>,
}

#[derive(Clone, Default, Hash, Serialize)]
struct MatrixCell {
    count: usize,
    url: String,
}

type Give<'g> = &'g mut dyn FnMut(&'static str, &dyn Handed);

const HOME: &str = "catalogue/index.html";

fn index_url(folder: &str) -> String {
    format!("{}index.html", path::encode(folder))
}

fn crumbs(rest: Vec<Link>) -> Vec<Link> {
    let top =
        [Link { title: "首页".into(), url: "index.html".into() }, Link { title: "公开目录".into(), url: HOME.into() }];
    top.into_iter().chain(rest).collect()
}

/// Head, tabs and an empty matrix: what all index pages of the catalogue share.
fn hand_index(label: &str, folder: &str, key: &str, world: &World, give: Give) {
    let url = index_url(folder);
    let rest = if key.is_empty() { Vec::new() } else { vec![Link { title: label.to_owned(), url: url.clone() }] };
    let description = format!("{}按{label}编排的公开目录", world.config.site.name);
    let heading = if key.is_empty() { "政府信息公开目录".into() } else { format!("按{label}查公开目录") };
    let out = format!("{folder}index.html");
    page::hand(Head { heading: &heading, description: &description, out: &out, section: "", robots: "" }, world, give);
    page::hand_tags(page::catalogue_tags(label, description.clone()), &crumbs(rest), world, give);
    give("axis", &AxisView { key: key.to_owned(), label: label.to_owned(), url, intro: "" });
    let catalogue = &world.catalogue;
    give("axes", &tabs(catalogue, key));
    let crossings = catalogue.crossings.iter().filter(|crossing| !crossing.cells.is_empty()).map(|crossing| Tab {
        label: crossing.label(),
        url: format!("catalogue/{}/index.html", crossing.key()),
        current: crossing.key() == key,
    });
    give("crossings", &crossings.collect::<Vec<_>>());
}

/// Terms of each axis on the front page.
const FRONT: usize = 12;

/// The front page: every axis with its first terms.
pub fn hand_home(world: &World, give: Give) {
    hand_index("分类", "catalogue/", "", world, give);
    let axes = world.catalogue.axes.iter().filter(|index| index.is_used());
    let nodes = axes.map(|index| TermNode {
        title: index.axis.label().to_owned(),
        url: format!("catalogue/{}/index.html", index.axis.key()),
        count: 0,
        children: nodes(index.axis, None, &world.catalogue).into_iter().take(FRONT).map(TermNode::leaf).collect(),
    });
    give("terms", &nodes.collect::<Vec<_>>());
    give("matrix", &Matrix::default());
}

pub fn hand_axis(axis: Axis, world: &World, give: Give) {
    hand_index(axis.label(), &format!("catalogue/{}/", axis.key()), axis.key(), world, give);
    give("terms", &nodes(axis, None, &world.catalogue));
    give("matrix", &Matrix::default());
}

fn nodes(axis: Axis, parent: Option<TermId>, catalogue: &Catalogue) -> Vec<TermNode> {
    let index = catalogue.axis(axis);
    let node = |id: TermId| {
        let term = index.term(id);
        TermNode {
            title: term.label.to_string(),
            url: index_url(&term.out),
            count: term.docs.len(),
            children: nodes(axis, Some(id), catalogue),
        }
    };
    index.children(parent).into_iter().map(node).collect()
}

pub fn hand_crossing(at: usize, world: &World, give: Give) {
    let crossing = &world.catalogue.crossings[at];
    let key = crossing.key();
    hand_index(&crossing.label(), &format!("catalogue/{key}/"), &key, world, give);
    let catalogue = &world.catalogue;
    match crossing.axes.len() {
        2 => {
            give("terms", &Vec::<TermNode>::new());
            give("matrix", &matrix(at, crossing, catalogue));
        }
        _ => {
            let nodes = crossing.cells.iter().map(|(terms, docs)| {
                let list = List::Cell(at, terms.as_slice().into());
                let (title, url) = (labels(crossing, terms, catalogue), index_url(&catalogue.folder(&list)));
                TermNode { title, url, count: docs.len(), children: Vec::new() }
            });
            give("terms", &nodes.collect::<Vec<_>>());
            give("matrix", &Matrix::default());
        }
    }
}

fn labels(crossing: &Crossing, terms: &[TermId], catalogue: &Catalogue) -> String {
    let labels =
        crossing.axes.iter().zip(terms).map(|(axis, term)| catalogue.axis(*axis).term(*term).label.to_string());
    labels.collect::<Vec<_>>().join(" · ")
}

fn matrix(at: usize, crossing: &Crossing, catalogue: &Catalogue) -> Matrix {
    let (first, second) = (catalogue.axis(crossing.axes[0]), catalogue.axis(crossing.axes[1]));
    let of = |place: usize| {
        let mut terms: Vec<TermId> = crossing.cells.keys().map(|terms| terms[place]).collect();
        terms.sort_unstable();
        terms.dedup();
        terms
    };
    let mut columns = of(1);
    if second.axis == Axis::Year {
        columns.sort_by_key(|term| std::cmp::Reverse(second.term(*term).name.clone()));
    }
    let cell = |row: TermId, column: TermId| {
        let terms = [row, column];
        let docs = crossing.cells.get(terms.as_slice())?;
        let list = List::Cell(at, terms.as_slice().into());
        Some(MatrixCell { count: docs.len(), url: index_url(&catalogue.folder(&list)) })
    };
    let row = |id: TermId| MatrixRow {
        title: first.term(id).label.to_string(),
        url: index_url(&first.term(id).out),
        cells: columns.iter().map(|column| cell(id, *column).unwrap_or_default()).collect(),
    };
    Matrix {
        corner: first.axis.label().to_owned(),
        rows: of(0).into_iter().map(row).collect(),
        columns: columns.iter().map(|term| second.term(*term).label.to_string()).collect(),
    }
}

/// A page of a term's or a crossing cell's listing.
pub fn hand_term(list: &List, number: Option<usize>, world: &World, give: Give) {
    let catalogue = &world.catalogue;
    let (axis, line) = match list {
        List::Term(axis, term) => of_term(*axis, *term, catalogue),
        List::Cell(at, terms) => of_cell(*at, terms, catalogue),
        List::Channel(_) => unreachable!("a channel has pages of its own"),
    };
    let Link { title, url } = line.last().cloned().unwrap_or_default();
    let folder = catalogue.folder(list);
    let (heading, out) = match number {
        None => (title.clone(), format!("{folder}index.html")),
        Some(number) => (format!("{title} 第{number}页"), format!("{folder}list_{number}.html")),
    };
    let description = format!("{}：{}“{title}”的公开信息", world.config.site.name, axis.label);
    // the template puts the term itself at the end
    let above = line.len().saturating_sub(1);
    let rest = std::iter::once(Link { title: axis.label.clone(), url: axis.url.clone() })
        .chain(line.into_iter().take(above))
        .collect();
    page::hand(Head { heading: &heading, description: &description, out: &out, section: "", robots: "" }, world, give);
    page::hand_tags(page::catalogue_tags(&title, description.clone()), &crumbs(rest), world, give);
    give("axis", &axis);
    give("term", &Link { title, url });
    match (number, list) {
        // what stands around a term changes with other documents, and totals with every one: on index pages only
        (Some(_), _) => {
            give("tree", &Tree { title: String::new(), url: String::new(), items: Vec::new() });
            give("children", &Vec::<TermNode>::new());
            give("feeds", &super::list::no_feeds());
        }
        (None, List::Term(axis, term)) => {
            give("tree", &beside_term(*axis, *term, catalogue));
            give("children", &nodes(*axis, Some(*term), catalogue));
        }
        (None, List::Cell(at, terms)) => {
            give("tree", &beside_cell(*at, terms, catalogue));
            give("children", &Vec::<TermNode>::new());
        }
        (None, List::Channel(_)) => {}
    }
}

/// The axis, and the term with those above it.
fn of_term(axis: Axis, term: TermId, catalogue: &Catalogue) -> (AxisView, Vec<Link>) {
    let index = catalogue.axis(axis);
    let url = format!("catalogue/{}/index.html", axis.key());
    let view = AxisView { key: axis.key().to_owned(), label: axis.label().to_owned(), url, intro: "" };
    let line = index.line(term);
    let links =
        line.iter().map(|id| Link { title: index.term(*id).label.to_string(), url: index_url(&index.term(*id).out) });
    (view, links.collect())
}

/// The terms of the same level.
fn beside_term(axis: Axis, term: TermId, catalogue: &Catalogue) -> Tree {
    let index = catalogue.axis(axis);
    let parent = index.term(term).parent;
    let items: Vec<Item> = index
        .children(parent)
        .into_iter()
        .map(|id| Item {
            title: index.term(id).label.to_string(),
            url: index_url(&index.term(id).out),
            current: id == term,
            count: 0,
            children: Vec::new(),
        })
        .collect();
    let (title, up) = match parent {
        Some(parent) => (index.term(parent).label.to_string(), index_url(&index.term(parent).out)),
        None => (axis.label().to_owned(), format!("catalogue/{}/index.html", axis.key())),
    };
    Tree { title, url: up, items }
}

fn of_cell(at: usize, terms: &[TermId], catalogue: &Catalogue) -> (AxisView, Vec<Link>) {
    let crossing = &catalogue.crossings[at];
    let url = format!("catalogue/{}/index.html", crossing.key());
    let view = AxisView { key: crossing.key(), label: crossing.label(), url, intro: "" };
    let url = index_url(&catalogue.folder(&List::Cell(at, terms.into())));
    (view, vec![Link { title: labels(crossing, terms, catalogue), url }])
}

/// The cells of the same first term.
fn beside_cell(at: usize, terms: &[TermId], catalogue: &Catalogue) -> Tree {
    let crossing = &catalogue.crossings[at];
    let folder = |terms: &[TermId]| index_url(&catalogue.folder(&List::Cell(at, terms.into())));
    let row = crossing.cells.keys().filter(|other| other[0] == terms[0]);
    let items = row.map(|other| Item {
        title: labels(crossing, other, catalogue),
        url: folder(other),
        current: other == terms,
        count: 0,
        children: Vec::new(),
    });
    let url = format!("catalogue/{}/index.html", crossing.key());
    Tree { title: crossing.label(), url, items: items.collect() }
}

#[derive(Hash, Serialize)]
struct ChannelNode {
    title: String,
    url: String,
    children: Vec<ChannelNode>,
}

pub fn hand_site_map(world: &World, give: Give) {
    page::hand_plain("sitemap.html", "网站地图", "", world, give);
    let catalogue = &world.catalogue;
    fn node(id: ChannelId, catalogue: &Catalogue) -> ChannelNode {
        let Link { title, url } = channel::link(id, catalogue);
        let children = catalogue.channel(id).children.iter().map(|child| node(*child, catalogue)).collect();
        ChannelNode { title, url, children }
    }
    give("items", &node(0, catalogue).children);
    give("axes", &tabs(catalogue, ""));
}

/// The axes that hold documents.
fn tabs(catalogue: &Catalogue, current: &str) -> Vec<Tab> {
    let used = catalogue.axes.iter().filter(|index| index.is_used());
    used.map(|index| Tab {
        label: index.axis.label().to_owned(),
        url: format!("catalogue/{}/index.html", index.axis.key()),
        current: index.axis.key() == current,
    })
    .collect()
}
