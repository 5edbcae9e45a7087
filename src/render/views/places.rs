//! Documents by towns and villages: the index of all, and the page of a town.

use serde::Serialize;

use super::super::{Handed, World};
use super::channel;
use super::frame::Link;
use super::list::Cards;
use super::matrix::{self, DocView};
use super::page::{self, Head};
use crate::catalogue::places::{Places, Project, Town, Village};
use crate::catalogue::{Catalogue, ChannelId, TermId};
use crate::model::{Axis, path};

/// Empty in blocks of other kinds.
#[derive(Hash, Serialize)]
pub struct PlacesView<'a> {
    towns: Vec<TownView<'a>>,
    rest: Cards<'a>,
}

#[derive(Hash, Serialize)]
struct TownView<'a> {
    title: &'a str,
    /// Its page; empty if nothing was published about it.
    url: String,
    count: usize,
    villages: Vec<VillageLink<'a>>,
}

#[derive(Hash, Serialize)]
struct VillageLink<'a> {
    title: &'a str,
    /// Where on the town's page it stands; empty if nothing was published about it.
    url: String,
    count: usize,
}

/// A village on the page of its town.
#[derive(Hash, Serialize)]
struct VillageView<'a> {
    /// Empty for what names the town alone.
    title: &'a str,
    id: String,
    rows: Vec<ProjectView<'a>>,
}

#[derive(Hash, Serialize)]
struct ProjectView<'a> {
    title: &'a str,
    /// By column.
    cells: Vec<Vec<DocView>>,
}

#[derive(Hash, Serialize)]
struct PlaceView<'a> {
    title: &'a str,
    /// Its page in the catalogue, where all of it is, whatever its kind.
    all: String,
}

/// None of a block of another kind.
pub fn none(world: &World) -> PlacesView<'_> {
    PlacesView { towns: Vec::new(), rest: Cards { docs: Vec::new().into(), world } }
}

/// The index of all towns and villages.
pub fn view<'a>(places: &'a Places, world: &'a World) -> PlacesView<'a> {
    let town = |town: &'a Town| {
        let url = town.out.as_ref().map(|out| out.encoded()).unwrap_or_default();
        let named = town.villages.iter().filter_map(|village| Some((village, village.term?)));
        let link = |(village, term): (&Village, TermId)| VillageLink {
            title: label(term, &world.catalogue),
            url: if village.projects.is_empty() {
                String::new()
            } else {
                format!("{url}#{}", id(term, &world.catalogue))
            },
            count: village.docs(),
        };
        let (title, count) = (label(town.term, &world.catalogue), town.docs.len());
        TownView { title, count, villages: named.map(link).collect(), url }
    };
    let rest = Cards { docs: places.rest.as_slice().into(), world };
    PlacesView { towns: places.towns.iter().map(town).collect(), rest }
}

/// The page of a town.
pub fn hand(id: ChannelId, at: usize, world: &World, give: &mut dyn FnMut(&'static str, &dyn Handed)) {
    let catalogue = &world.catalogue;
    let Some((places, town)) = catalogue.places(id).and_then(|places| Some((places, places.towns.get(at)?))) else {
        return;
    };
    let of_channel = &world.of_channels[id as usize];
    let out = town.out.as_ref().map(|out| out.as_str()).unwrap_or_default();
    let title = label(town.term, catalogue);
    let heading = format!("{title}：{}", catalogue.channel(id).title());
    let description = format!("{}{title}{}，按村、项目列出", world.config.site.name, catalogue.channel(id).title());
    let head =
        Head { heading: &heading, description: &description, out, section: &of_channel.section, ..Head::default() };
    page::hand(head, world, give);
    give("shared_meta", &&of_channel.shared_meta);
    give("meta", &Vec::<page::Meta>::new());
    let line = catalogue.line(id).into_iter().map(|id| channel::link(id, catalogue));
    let own = Link { title: title.to_owned(), url: path::encode(out) };
    give("crumbs", &line.chain([own]).collect::<Vec<_>>());
    give("trail", &"");
    // a column for every kind that any town has, so that what one lacks is seen
    let has = |kind: usize| projects(places).any(|project| !project.docs[kind].is_empty());
    let columns: Vec<usize> = (0..places.kinds.len()).filter(|kind| has(*kind)).collect();
    let labels: Vec<&str> = columns.iter().map(|at| &*catalogue.kinds.get(places.kinds[*at]).label).collect();
    give("columns", &labels);
    let all = super::catalogue::index_url(&catalogue.axis(Axis::Place).term(town.term).out);
    give("place", &PlaceView { title, all });
    give("villages", &town.villages.iter().map(|shown| village(shown, &columns, catalogue)).collect::<Vec<_>>());
}

fn projects(places: &Places) -> impl Iterator<Item = &Project> {
    places.towns.iter().flat_map(|town| &town.villages).flat_map(|village| &village.projects)
}

fn village<'a>(village: &'a Village, columns: &[usize], catalogue: &'a Catalogue) -> VillageView<'a> {
    let row = |project: &'a Project| {
        let docs = |kind: &usize| project.docs[*kind].iter().map(|id| matrix::doc(*id, catalogue)).collect();
        let first = project.docs.iter().flatten().next().map(|id| catalogue.doc(*id).title());
        ProjectView {
            title: project.name.as_deref().or(first).unwrap_or_default(),
            cells: columns.iter().map(docs).collect(),
        }
    };
    VillageView {
        title: village.term.map(|term| label(term, catalogue)).unwrap_or_default(),
        id: village.term.map(|term| id(term, catalogue)).unwrap_or_default(),
        rows: village.projects.iter().map(row).collect(),
    }
}

fn label(term: TermId, catalogue: &Catalogue) -> &str {
    &catalogue.axis(Axis::Place).term(term).label
}

/// Its anchor: the last folder of its address, which no other village of the town has.
fn id(term: TermId, catalogue: &Catalogue) -> String {
    let out = catalogue.axis(Axis::Place).term(term).out.trim_end_matches('/');
    format!("v-{}", out.rsplit('/').next().unwrap_or_default())
}
