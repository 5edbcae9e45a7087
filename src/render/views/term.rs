//! Pages of a term's or a crossing cell's listing.

use serde::Serialize;

use super::super::World;
use super::catalogue::{self, AxisView, Give, TermNode, crumbs, index_url, labels};
use super::channel::{Item, Tree};
use super::frame::Link;
use super::leaves::{self, Leaves};
use super::page::{self, Head};
use crate::catalogue::{Catalogue, TermId};
use crate::model::Axis;
use crate::plan::{Index, List};

/// A page of a term's or a crossing cell's listing.
pub fn hand(list: &List, number: Option<usize>, world: &World, give: Give) {
    let of_all = &world.catalogue;
    let (axis, line) = match list {
        List::Term(axis, term) => of_term(*axis, *term, of_all),
        List::Cell(at, terms) => of_cell(*at, terms, of_all),
        List::Channel(_) => unreachable!("a channel has pages of its own"),
    };
    let Link { title, url } = line.last().cloned().unwrap_or_default();
    let folder = of_all.folder(list);
    let out = number.map_or_else(|| format!("{folder}index.html"), |number| format!("{folder}list_{number}.html"));
    let description = format!("{}：{}“{title}”的公开信息", world.config.site.name, axis.label);
    // the template puts the term itself at the end
    let above = line.len().saturating_sub(1);
    let rest = std::iter::once(Link { title: axis.label.clone(), url: axis.url.clone() })
        .chain(line.into_iter().take(above))
        .collect();
    let head = Head { heading: &title, description: &description, out: &out, ..Head::default() };
    page::hand(Head { number: number.unwrap_or(0), ..head }, world, give);
    page::hand_tags(page::catalogue_tags(&title, description.clone()), &crumbs(rest), world, give);
    give("axis", &axis);
    give("term", &Link { title, url });
    give("contact", &contact(list, number, of_all));
    match (number, list) {
        // what stands around a term changes with other documents, and totals with every one: on index pages only
        (Some(_), _) => {
            give("tree", &Tree::default());
            give("children", &Vec::<TermNode>::new());
            give("leaves", &Leaves::default());
            give("feeds", &super::list::no_feeds());
        }
        (None, List::Term(axis, term)) => {
            give("tree", &beside_term(*axis, *term, of_all));
            give("children", &catalogue::nodes(*axis, Some(*term), 1, false, of_all));
            give("leaves", &leaves::view(Index::Below(*axis, *term), 1, of_all));
        }
        (None, List::Cell(at, terms)) => {
            give("tree", &beside_cell(*at, terms, of_all));
            give("children", &Vec::<TermNode>::new());
            give("leaves", &Leaves::default());
        }
        (None, List::Channel(_)) => {}
    }
}

/// A line of how to reach an organization.
#[derive(Hash, Serialize)]
struct Contact {
    label: String,
    text: String,
}

/// What readers call the keys of a contact; others stand as they are written.
const LABELS: [(&str, &str); 9] = [
    ("address", "地址"),
    ("phone", "电话"),
    ("tel", "电话"),
    ("fax", "传真"),
    ("hours", "办公时间"),
    ("email", "电子邮箱"),
    ("postcode", "邮政编码"),
    ("website", "网址"),
    ("leader", "负责人"),
];

/// How to reach the organization, on the index page of its term.
fn contact(list: &List, number: Option<usize>, catalogue: &Catalogue) -> Vec<Contact> {
    let (List::Term(axis, term), None) = (list, number) else { return Vec::new() };
    let label = |key: &str| LABELS.iter().find(|(name, _)| *name == key).map_or(key, |(_, label)| label).to_owned();
    let lines = &catalogue.axis(*axis).term(*term).organization.contact;
    lines.iter().map(|(key, value)| Contact { label: label(key), text: value.to_string() }).collect()
}

/// The axis, and the term with those above it.
pub fn of_term(axis: Axis, term: TermId, catalogue: &Catalogue) -> (AxisView, Vec<Link>) {
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
    let siblings = index.children(parent);
    let shown = leaves::around(siblings.len(), index.place(term));
    let item = |id: TermId| Item {
        title: index.term(id).label.to_string(),
        url: index_url(&index.term(id).out),
        current: id == term,
        count: 0,
        children: Vec::new(),
    };
    let items: Vec<Item> = siblings[shown].iter().map(|id| item(*id)).collect();
    let (title, up) = match parent {
        Some(parent) => (index.term(parent).label.to_string(), index_url(&index.term(parent).out)),
        None => (axis.label().to_owned(), format!("catalogue/{}/index.html", axis.key())),
    };
    let more = if items.len() < siblings.len() { up.clone() } else { String::new() };
    Tree { title, url: up, items, more }
}

fn of_cell(at: usize, terms: &[TermId], catalogue: &Catalogue) -> (AxisView, Vec<Link>) {
    let crossing = &catalogue.crossings[at];
    let url = format!("catalogue/{}/index.html", crossing.key());
    let view = AxisView { key: crossing.key(), label: crossing.label(), url, intro: "" };
    let url = index_url(&catalogue.folder(&List::Cell(at, terms.into())));
    (view, vec![Link { title: labels(&crossing.axes, terms, catalogue), url }])
}

/// The cells of the same first term.
fn beside_cell(at: usize, terms: &[TermId], catalogue: &Catalogue) -> Tree {
    let crossing = &catalogue.crossings[at];
    let folder = |terms: &[TermId]| index_url(&catalogue.folder(&List::Cell(at, terms.into())));
    let (row, at_own) = crossing.row(terms, &catalogue.axes);
    let shown = leaves::around(row.len(), at_own);
    let item = |other: &[TermId]| Item {
        title: labels(&crossing.axes, other, catalogue),
        url: folder(other),
        current: other == terms,
        count: 0,
        children: Vec::new(),
    };
    let items: Vec<Item> = row[shown].iter().map(|other| item(other)).collect();
    let url = format!("catalogue/{}/index.html", crossing.key());
    let more = if items.len() < row.len() { url.clone() } else { String::new() };
    Tree { title: crossing.label(), url, items, more }
}
