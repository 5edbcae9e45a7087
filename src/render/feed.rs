//! RSS 2.0: the 20 newest documents of a channel and all below it, without their texts.

use std::hash::Hash;

use super::World;
use super::xml::Xml;
use crate::catalogue::ChannelId;
use crate::model::hash::Hasher128;

/// Items of a feed.
const ITEMS: usize = 20;

pub fn feed(channel: ChannelId, world: &World, hasher: &mut Hasher128) {
    let file = &world.catalogue.channel(channel).file;
    (&world.config.site.name, &world.config.site.base_url, &file.title, &file.description).hash(hasher);
    for id in items(channel, world) {
        let own = world.catalogue.channel(world.catalogue.doc(*id).channel);
        (world.catalogue.cards[*id as usize], own.title()).hash(hasher);
    }
}

fn items(channel: ChannelId, world: &World) -> impl Iterator<Item = &u32> {
    world.catalogue.listing(channel).recent.iter().take(ITEMS)
}

pub fn rss(id: ChannelId, world: &World) -> Vec<u8> {
    let site = &world.config.site;
    let channel = world.catalogue.channel(id);
    let title = if channel.parent.is_none() { site.name.clone() } else { format!("{}_{}", channel.title(), site.name) };
    let mut xml = Xml::new("rss", &[("version", "2.0"), ("xmlns:atom", "http://www.w3.org/2005/Atom")]);
    xml.open("channel", &[]);
    xml.leaf("title", &title);
    xml.leaf("link", &format!("{}/{}", site.base_url, channel.out));
    xml.leaf("description", channel.file.description.as_deref().unwrap_or(&title));
    xml.leaf("language", "zh-cn");
    let newest = items(id, world).next().map(|id| world.catalogue.doc(*id).published.rfc822());
    xml.leaf("lastBuildDate", &newest.unwrap_or_default());
    let own = format!("{}/{}rss.xml", site.base_url, channel.out);
    xml.empty("atom:link", &[("href", &own), ("rel", "self"), ("type", "application/rss+xml")]);
    for id in items(id, world) {
        let card = world.catalogue.card(*id);
        let url = format!("{}/{}", site.base_url, crate::model::path::encode(card.out()));
        xml.open("item", &[]);
        xml.leaf("title", card.title());
        xml.leaf("link", &url);
        xml.leaf_with("guid", &[("isPermaLink", "true")], &url);
        xml.leaf("pubDate", &card.published().rfc822());
        xml.leaf("description", card.summary());
        xml.leaf("category", world.catalogue.channel(world.catalogue.doc(*id).channel).title());
        xml.close("item");
    }
    xml.close("channel");
    xml.finish("rss")
}
