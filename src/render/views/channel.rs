//! Channel pages and the home page.

use std::borrow::Cow;

use serde::Serialize;

use super::super::{Handed, World};
use super::frame::Link;
use super::leaves;
use super::list::Cards;
use super::matrix::{self, MatrixView};
use super::page::{self, Head};
use super::places::{self, PlacesView};
use super::platform::{self, PlatformView};
use crate::catalogue::blocks::Target;
use crate::catalogue::{Block, BlockContent, Catalogue, ChannelId};
use crate::model::path;

#[derive(Hash, Serialize)]
pub struct ChannelView<'a> {
    title: &'a str,
    description: &'a str,
    column_type: &'a str,
    url: String,
}

/// The left column.
#[derive(Default, Hash, Serialize)]
pub struct Tree {
    pub title: String,
    pub url: String,
    pub items: Vec<Item>,
    /// Where the others are if there are too many for a column.
    pub more: String,
}

#[derive(Hash, Serialize)]
pub struct Item {
    pub title: String,
    pub url: String,
    pub current: bool,
    pub count: usize,
    pub children: Vec<Item>,
}

#[derive(Hash, Serialize)]
pub struct BlockView<'a> {
    kind: &'static str,
    title: &'a str,
    url: String,
    cards: Cards<'a>,
    links: Vec<NotedLink<'a>>,
    terms: Vec<Link>,
    items: Vec<Group>,
    matrix: MatrixView<'a>,
    places: PlacesView<'a>,
    platform: PlatformView<'a>,
}

#[derive(Hash, Serialize)]
struct NotedLink<'a> {
    title: &'a str,
    url: String,
    /// Whether the url is complete by itself.
    external: bool,
    note: &'a str,
}

#[derive(Hash, Serialize)]
struct Group {
    title: String,
    url: String,
    children: Vec<Link>,
}

/// Most channels of a block, and most below each of them; the others are on their own page and the site map.
const MOST_CHANNELS: usize = 40;

/// An empty list.
const NONE: [&str; 0] = [];

pub fn url(id: ChannelId, catalogue: &Catalogue) -> String {
    format!("{}index.html", path::encode(&catalogue.channel(id).out))
}

pub fn link(id: ChannelId, catalogue: &Catalogue) -> Link {
    let channel = catalogue.channel(id);
    let title = if channel.parent.is_none() { "首页".to_owned() } else { channel.title().to_owned() };
    Link { title, url: url(id, catalogue) }
}

/// The channel's own fields.
pub fn of(id: ChannelId, catalogue: &Catalogue) -> ChannelView<'_> {
    let channel = catalogue.channel(id);
    ChannelView {
        title: channel.title(),
        description: channel.file.description.as_deref().unwrap_or_default(),
        column_type: channel.file.column_type.as_deref().unwrap_or_default(),
        url: url(id, catalogue),
    }
}

pub fn hand_home(world: &World, give: &mut dyn FnMut(&'static str, &dyn Handed)) {
    let home = &world.catalogue.channel(0).file;
    let description = home.description.as_deref().unwrap_or(&world.config.site.description);
    page::hand(Head { description, out: "index.html", ..Head::default() }, world, give);
    page::hand_tags([], &Vec::new(), world, give);
}

pub fn hand(id: ChannelId, number: Option<usize>, world: &World, give: &mut dyn FnMut(&'static str, &dyn Handed)) {
    let catalogue = &world.catalogue;
    let channel = catalogue.channel(id);
    let of_channel = &world.of_channels[id as usize];
    let title = channel.title();
    let out = match number {
        None => format!("{}index.html", channel.out),
        Some(number) => format!("{}list_{number}.html", channel.out),
    };
    let description = channel.file.description.as_deref().unwrap_or_default();
    let head = Head { heading: title, description, out: &out, section: &of_channel.section, ..Head::default() };
    page::hand(Head { number: number.unwrap_or(0), ..head }, world, give);
    give("shared_meta", &&of_channel.shared_meta);
    give("meta", &NONE);
    give("crumbs", &&of_channel.crumbs);
    give("trail", &"");
    give("channel", &of(id, catalogue));
    if number.is_some() {
        // only index pages introduce, pin and offer feeds
        give("intro", &String::new());
        give("pinned", &Vec::<String>::new());
        give("feeds", &super::list::no_feeds());
    } else if catalogue.blocks[id as usize].is_empty() {
        give("blocks", &Vec::<String>::new());
    }
}

/// The top-level channel with what is below it: the siblings on the way down to the channel, and its children.
pub fn tree(id: ChannelId, world: &World) -> Tree {
    let catalogue = &world.catalogue;
    let line = catalogue.line(id);
    let channel = catalogue.channel(id);
    // a channel with children shows them; a leaf shows its siblings
    let at = if channel.children.is_empty() { channel.parent.unwrap_or(0) } else { id };
    let children = &catalogue.channel(at).children;
    let shown = leaves::around(children.len(), children.binary_search(&id).unwrap_or(0));
    let more = if shown.len() < children.len() { catalogue.on_site_map(at) } else { String::new() };
    let items = children[shown].iter().map(|child| item(*child, id, &line, catalogue)).collect();
    let Link { title, url } = link(at, catalogue);
    Tree { title, url, items, more }
}

fn item(id: ChannelId, current: ChannelId, line: &[ChannelId], catalogue: &Catalogue) -> Item {
    let Link { title, url } = link(id, catalogue);
    let children = match line.contains(&id) {
        true => catalogue.channel(id).children.iter().map(|child| item(*child, current, &[], catalogue)).collect(),
        false => Vec::new(),
    };
    Item { title, url, current: id == current, count: 0, children }
}

/// The blocks of a page.
pub fn blocks<'a>(id: ChannelId, world: &'a World) -> Vec<BlockView<'a>> {
    world.catalogue.blocks[id as usize].iter().map(|block| view(block, world)).collect()
}

fn view<'a>(block: &'a Block, world: &'a World) -> BlockView<'a> {
    let catalogue = &world.catalogue;
    let mut view = BlockView {
        kind: "list",
        title: &block.title,
        url: String::new(),
        cards: Cards { docs: Cow::default(), world },
        links: Vec::new(),
        terms: Vec::new(),
        items: Vec::new(),
        matrix: matrix::none(world),
        places: places::none(world),
        platform: PlatformView::default(),
    };
    match &block.content {
        BlockContent::List { more, docs } => {
            view.url = more.map(|id| url(id, catalogue)).unwrap_or_default();
            view.cards.docs = docs.as_slice().into();
        }
        BlockContent::Terms { axis, terms } => {
            let index = catalogue.axis(*axis);
            view.kind = "terms";
            // an axis without documents has no page
            view.url = if terms.is_empty() { String::new() } else { format!("catalogue/{}/index.html", axis.key()) };
            view.terms = terms
                .iter()
                .map(|term| index.term(*term))
                .map(|term| Link {
                    title: term.label.to_string(),
                    url: format!("{}index.html", path::encode(&term.out)),
                })
                .collect();
        }
        BlockContent::Links(links) => {
            view.kind = "links";
            let one = |(title, to, note): &'a (Box<str>, Target, Box<str>)| {
                let external = matches!(to, Target::External(_));
                NotedLink { title, url: target(to, catalogue), external, note }
            };
            view.links = links.iter().map(one).collect();
        }
        BlockContent::Channels { of, more } => {
            let few = |id: ChannelId| catalogue.channel(id).children.iter().take(MOST_CHANNELS);
            let group = |id: &ChannelId| {
                let Link { title, url } = link(*id, catalogue);
                Group { title, url, children: few(*id).map(|child| link(*child, catalogue)).collect() }
            };
            view.kind = "channels";
            view.url = match catalogue.channel(*of).children.len() > MOST_CHANNELS {
                _ if *more => url(*of, catalogue),
                true => catalogue.on_site_map(*of),
                false => String::new(),
            };
            view.items = few(*of).map(group).collect();
        }
        BlockContent::Matrix(matrix) => {
            view.kind = "matrix";
            view.matrix = matrix::view(matrix, world);
        }
        BlockContent::Places(places) => {
            view.kind = "places";
            view.places = places::view(places, world);
        }
        BlockContent::Platform(platform) => {
            view.kind = "platform";
            view.platform = platform::view(platform, world);
        }
    }
    view
}

fn target(target: &Target, catalogue: &Catalogue) -> String {
    match target {
        Target::Channel(id) => url(*id, catalogue),
        Target::Doc(id) => catalogue.doc(*id).out.encoded(),
        Target::Catalogue(out) => path::encode(out),
        Target::External(address) => address.clone(),
    }
}
