//! What readers are told of withdrawn documents.

use serde::Serialize;

use super::super::{Handed, World};
use super::frame::Link;
use super::list::is_example;
use super::notice::citation;
use super::page::{self, Head, Meta};
use crate::catalogue::{Banner, Entry, Lead, Tombstone, TombstoneId};
use crate::model::{Remains, Withdrawal};

/// What is left of a document.
#[derive(Hash, Serialize)]
struct GoneView<'a> {
    title: &'a str,
    index_no: &'a str,
    day: String,
    date: String,
    reason: &'static str,
    note: &'a str,
    link: Link,
    example: bool,
}

/// Where readers are sent; both empty if nowhere.
pub fn lead(to: Option<&Lead>, world: &World) -> Link {
    let catalogue = &world.catalogue;
    match to {
        None => Link::default(),
        Some(Lead::Doc(id)) => {
            let doc = catalogue.doc(*id);
            Link { title: citation(doc), url: doc.out.encoded() }
        }
        Some(Lead::Page(out)) => {
            let is_it = |folder: &str| out.as_str().strip_prefix(folder) == Some("index.html");
            let channel = catalogue.channels.iter().find(|channel| is_it(&channel.out));
            let title = channel.map_or_else(|| format!("/{out}"), |channel| channel.title().to_owned());
            Link { title, url: out.encoded() }
        }
    }
}

/// The beginning of a banner, and what more there is to read.
pub fn banner(banner: &Banner, note: &str, world: &World) -> (String, Option<Link>) {
    let Withdrawal { day, cause, .. } = banner.what;
    let text = format!("本文件已于{}撤下，原因：{}。{note}", day.chinese(), cause.label());
    (text, banner.to.as_ref().map(|to| lead(Some(to), world)))
}

pub fn hand(id: TombstoneId, world: &World, give: &mut dyn FnMut(&'static str, &dyn Handed)) {
    let gone = &world.catalogue.tombstones[id as usize];
    let Tombstone { out, what, title, index_no, note, to, .. } = gone;
    let of_channel = &world.of_channels[gone.channel as usize];
    let heading = if title.is_empty() { MARK.to_owned() } else { format!("{MARK}：{title}") };
    let head = Head {
        heading: &heading,
        out: out.as_str(),
        section: &of_channel.section,
        robots: "noindex",
        ..Head::default()
    };
    page::hand(head, world, give);
    give("shared_meta", &&of_channel.shared_meta);
    give("meta", &Vec::<Meta>::new());
    give("crumbs", &&of_channel.crumbs);
    give("trail", &of_channel.trail(out.as_str()));
    let view = GoneView {
        title,
        index_no,
        day: what.day.text(),
        date: what.day.chinese(),
        reason: what.cause.label(),
        note,
        link: lead(to.as_ref(), world),
        example: is_example(title),
    };
    give("gone", &view);
}

/// The mark beside a title.
pub const MARK: &str = "已撤下";

/// The mark of a document that was withdrawn and stays to be read; of others none.
pub fn mark(doc: &Entry) -> &'static str {
    if doc.withdrawn.is_some() { MARK } else { "" }
}

/// An address that leads to what is left, or straight to where readers are sent.
pub fn hand_moved(id: TombstoneId, world: &World, give: &mut dyn FnMut(&'static str, &dyn Handed)) {
    let gone = &world.catalogue.tombstones[id as usize];
    let target = match gone.what.remains {
        Remains::Tombstone => Link { title: gone.title.to_string(), url: gone.out.encoded() },
        _ => lead(gone.to.as_ref(), world),
    };
    page::hand_plain(gone.out.as_str(), MARK, 0, "noindex", world, give);
    give("target", &target.url);
    give("target_title", &target.title);
}
