//! The site map, for people: every channel.

use serde::Serialize;

use super::super::World;
use super::catalogue::{Give, tabs};
use super::channel;
use super::frame::Link;
use super::leaves;
use super::page;
use crate::catalogue::{Catalogue, ChannelId};
use crate::plan::Index;

#[derive(Hash, Serialize)]
struct ChannelNode {
    title: String,
    url: String,
    children: Vec<ChannelNode>,
}

/// Page K of the channels, in reading order, parents before children. The channels above the first one are repeated.
pub fn hand(number: usize, world: &World, give: Give) {
    let catalogue = &world.catalogue;
    page::hand_plain(&Index::Channels.out(number, catalogue), "网站地图", leaves::stated(number), "", world, give);
    let shown = catalogue.leaf(Index::Channels, number);
    // the home page is no entry
    let (first, last) = (shown.start as ChannelId + 1, shown.end as ChannelId);
    give("items", &nodes(0, first, last, catalogue));
    give("axes", &if number == 1 { tabs(catalogue, "") } else { Vec::new() });
    give("leaves", &leaves::view(Index::Channels, number, catalogue));
}

/// The channels below one that stand between two places, or have such a one below them.
fn nodes(parent: ChannelId, first: ChannelId, last: ChannelId, catalogue: &Catalogue) -> Vec<ChannelNode> {
    let children = &catalogue.channel(parent).children;
    // the last that begins before the page may reach into it
    let from = children.partition_point(|child| *child <= first).saturating_sub(1);
    let to = children.partition_point(|child| *child <= last);
    let below = children.get(from..to).unwrap_or_default().iter().filter_map(|child| {
        let children = nodes(*child, first, last, catalogue);
        let Link { title, url } = channel::link(*child, catalogue);
        (*child >= first || !children.is_empty()).then_some(ChannelNode { title, url, children })
    });
    below.collect()
}
