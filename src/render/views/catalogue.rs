//! Index pages of the catalogue: its front page, axes, crossings, and the terms below a term.

use serde::Serialize;

use super::super::{Handed, World};
use super::frame::Link;
use super::leaves::{self, Leaves};
use super::page::{self, Head};
use crate::catalogue::{Catalogue, Crossing, TermId};
use crate::model::{Axis, path};
use crate::plan::{Index, List};

#[derive(Hash, Serialize)]
pub struct AxisView {
    pub key: String,
    pub label: String,
    pub url: String,
    pub intro: &'static str,
}

#[derive(Hash, Serialize)]
pub struct Tab {
    label: String,
    url: String,
    current: bool,
}

#[derive(Hash, Serialize)]
pub struct TermNode {
    pub title: String,
    pub url: String,
    pub count: usize,
    pub children: Vec<TermNode>,
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

pub type Give<'g> = &'g mut dyn FnMut(&'static str, &dyn Handed);

const HOME: &str = "catalogue/index.html";

pub fn index_url(folder: &str) -> String {
    format!("{}index.html", path::encode(folder))
}

pub fn crumbs(rest: Vec<Link>) -> Vec<Link> {
    let top =
        [Link { title: "首页".into(), url: "index.html".into() }, Link { title: "公开目录".into(), url: HOME.into() }];
    top.into_iter().chain(rest).collect()
}

/// Head and tabs: what all index pages of the catalogue share.
fn hand_index(label: &str, folder: &str, key: &str, number: usize, world: &World, give: Give) {
    let url = index_url(folder);
    let rest = if key.is_empty() { Vec::new() } else { vec![Link { title: label.to_owned(), url: url.clone() }] };
    let description = format!("{}按{label}编排的公开目录", world.config.site.name);
    let heading = if key.is_empty() { "政府信息公开目录".into() } else { format!("按{label}查公开目录") };
    let out = if number == 1 { format!("{folder}index.html") } else { format!("{folder}terms_{number}.html") };
    let head = Head { heading: &heading, description: &description, out: &out, ..Head::default() };
    page::hand(Head { number: leaves::stated(number), ..head }, world, give);
    page::hand_tags(page::catalogue_tags(label, description.clone()), &crumbs(rest), world, give);
    give("axis", &AxisView { key: key.to_owned(), label: label.to_owned(), url, intro: "" });
    let catalogue = &world.catalogue;
    give("axes", &tabs(catalogue, key));
    let crossings = catalogue.crossings.iter().filter(|crossing| !crossing.cells.is_empty()).map(|crossing| Tab {
        label: crossing.label(),
        url: format!("catalogue/{}/index.html", crossing.key()),
        current: crossing.key() == key,
    });
    let series = (!catalogue.series.is_empty()).then(|| Tab {
        label: "期刊".to_owned(),
        url: "catalogue/series/index.html".to_owned(),
        current: false,
    });
    give("crossings", &crossings.chain(series).collect::<Vec<_>>());
}

/// Terms of each axis on the front page.
const FRONT: usize = 12;

/// The front page: every axis with its first terms.
pub fn hand_home(world: &World, give: Give) {
    hand_index("分类", "catalogue/", "", 1, world, give);
    let axes = world.catalogue.axes.iter().filter(|index| index.is_used());
    let nodes = axes.map(|index| TermNode {
        title: index.axis.label().to_owned(),
        url: format!("catalogue/{}/index.html", index.axis.key()),
        count: 0,
        children: index
            .children(None)
            .iter()
            .take(FRONT)
            .map(|id| node(index.axis, *id, false, &world.catalogue))
            .collect(),
    });
    give("terms", &nodes.collect::<Vec<_>>());
    give("matrix", &Matrix::default());
    give("leaves", &Leaves::default());
}

/// Page K of an index.
pub fn hand_page(index: Index, number: usize, world: &World, give: Give) {
    let catalogue = &world.catalogue;
    match index {
        Index::Axis(axis) => {
            hand_index(axis.label(), &format!("catalogue/{}/", axis.key()), axis.key(), number, world, give);
            give("terms", &nodes(axis, None, number, catalogue.is_whole(axis), catalogue));
            give("matrix", &Matrix::default());
        }
        Index::Crossing(at) => {
            let crossing = &catalogue.crossings[at];
            let key = crossing.key();
            hand_index(&crossing.label(), &format!("catalogue/{key}/"), &key, number, world, give);
            let is_matrix = crossing.is_matrix();
            give("terms", &if is_matrix { Vec::new() } else { cells(at, number, crossing, catalogue) });
            give("matrix", &if is_matrix { matrix(at, number, crossing, catalogue) } else { Matrix::default() });
        }
        Index::Below(axis, term) => {
            hand_below(axis, term, number, world, give);
            give("terms", &nodes(axis, Some(term), number, false, catalogue));
            give("matrix", &Matrix::default());
        }
        Index::Records(_) => unreachable!("the records of a channel are an input of their own"),
        Index::Channels => return super::site_map::hand(number, world, give),
    }
    give("leaves", &leaves::view(index, number, catalogue));
}

/// Head of a further page of the terms below one.
fn hand_below(axis: Axis, term: TermId, number: usize, world: &World, give: Give) {
    let catalogue = &world.catalogue;
    let (view, line) = super::term::of_term(axis, term, catalogue);
    let title = line.last().map(|link| link.title.clone()).unwrap_or_default();
    let heading = format!("{title}：下级类目");
    let description = format!("{}：{}“{title}”的下级类目", world.config.site.name, axis.label());
    let out = Index::Below(axis, term).out(number, catalogue);
    let head = Head { heading: &heading, description: &description, out: &out, number, ..Head::default() };
    page::hand(head, world, give);
    let own = Link { title: "下级类目".into(), url: path::encode(&out) };
    let rest = std::iter::once(Link { title: view.label.clone(), url: view.url.clone() }).chain(line).chain([own]);
    page::hand_tags(page::catalogue_tags(&title, description.clone()), &crumbs(rest.collect()), world, give);
    give("axis", &view);
    give("axes", &Vec::<Tab>::new());
    give("crossings", &Vec::<Tab>::new());
}

/// Page K of the terms at the top of an axis or below one; with all that is below them if the index is whole.
pub fn nodes(axis: Axis, parent: Option<TermId>, number: usize, whole: bool, catalogue: &Catalogue) -> Vec<TermNode> {
    let index = parent.map_or(Index::Axis(axis), |parent| Index::Below(axis, parent));
    let terms = &catalogue.axis(axis).children(parent)[catalogue.leaf(index, number)];
    terms.iter().map(|id| node(axis, *id, whole, catalogue)).collect()
}

fn node(axis: Axis, id: TermId, whole: bool, catalogue: &Catalogue) -> TermNode {
    let index = catalogue.axis(axis);
    let term = index.term(id);
    let below = if whole { index.children(Some(id)) } else { &[] };
    TermNode {
        title: term.label.to_string(),
        url: index_url(&term.out),
        count: term.docs.len(),
        children: below.iter().map(|id| node(axis, *id, whole, catalogue)).collect(),
    }
}

/// Page K of a crossing's cells, below their first terms.
fn cells(at: usize, number: usize, crossing: &Crossing, catalogue: &Catalogue) -> Vec<TermNode> {
    let shown = &crossing.order[catalogue.leaf(Index::Crossing(at), number)];
    let first = catalogue.axis(crossing.axes[0]);
    let rows = shown.chunk_by(|a, b| a[0] == b[0]).map(|row| TermNode {
        title: first.term(row[0][0]).label.to_string(),
        url: index_url(&first.term(row[0][0]).out),
        count: 0,
        children: row
            .iter()
            .map(|terms| TermNode {
                title: labels(&crossing.axes[1..], &terms[1..], catalogue),
                url: index_url(&catalogue.folder(&List::Cell(at, terms.clone()))),
                count: crossing.cells[&**terms].len(),
                children: Vec::new(),
            })
            .collect(),
    });
    rows.collect()
}

pub fn labels(axes: &[Axis], terms: &[TermId], catalogue: &Catalogue) -> String {
    let labels = axes.iter().zip(terms).map(|(axis, term)| catalogue.axis(*axis).term(*term).label.to_string());
    labels.collect::<Vec<_>>().join(" · ")
}

/// Page K of the rows of a crossing.
fn matrix(at: usize, number: usize, crossing: &Crossing, catalogue: &Catalogue) -> Matrix {
    let (first, second) = (catalogue.axis(crossing.axes[0]), catalogue.axis(crossing.axes[1]));
    let (rows, columns) = (&crossing.terms[0][catalogue.leaf(Index::Crossing(at), number)], &crossing.terms[1]);
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
        rows: rows.iter().copied().map(row).collect(),
        columns: columns.iter().map(|term| second.term(*term).label.to_string()).collect(),
    }
}

/// The axes that hold documents.
pub fn tabs(catalogue: &Catalogue, current: &str) -> Vec<Tab> {
    let used = catalogue.axes.iter().filter(|index| index.is_used());
    used.map(|index| Tab {
        label: index.axis.label().to_owned(),
        url: format!("catalogue/{}/index.html", index.axis.key()),
        current: index.axis.key() == current,
    })
    .collect()
}
