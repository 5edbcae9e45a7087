//! Sitemap (sitemaps.org 0.9): an index of parts with true `lastmod`, and robots.txt.

use std::hash::Hash;

use super::World;
use super::xml::Xml;
use crate::catalogue::DocId;
use crate::model::Moment;
use crate::model::hash::Hasher128;
use crate::model::path;
use crate::plan::{Index, List, PART, Part};

const NAMESPACE: (&str, &str) = ("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9");

pub fn feed(part: Part, world: &World, hasher: &mut Hasher128) {
    world.config.site.base_url.hash(hasher);
    addresses(part, world).hash(hasher);
}

/// (address, lastmod) of a part.
fn addresses(part: Part, world: &World) -> Vec<(String, Option<Moment>)> {
    let catalogue = &world.catalogue;
    match part {
        Part::Year(year, run) => {
            let docs = catalogue.docs.iter().filter(|doc| doc.withdrawn.is_none() && doc.published.year() == year);
            docs.skip(run * PART).take(PART).map(|doc| (doc.out.encoded(), Some(doc.lastmod))).collect()
        }
        Part::Pages(run) => index_pages(world).chain(record_pages(world)).skip(run * PART).take(PART).collect(),
    }
}

/// The index pages of channels, axes, terms and crossings; each changed when a document on it did.
fn index_pages<'a>(world: &'a World) -> impl Iterator<Item = (String, Option<Moment>)> + 'a {
    let catalogue = &world.catalogue;
    let latest = |docs: &mut dyn Iterator<Item = DocId>| docs.map(|id| catalogue.doc(id).lastmod).max();
    let address =
        |folder: &str| if folder.is_empty() { String::new() } else { path::encode(&format!("{folder}index.html")) };
    let channels =
        catalogue.channels.iter().zip(catalogue.listings.iter()).map(move |(channel, listing)| {
            (address(&channel.out), latest(&mut listing.recent.iter().copied().take(20)))
        });
    let front = (!catalogue.docs.is_empty()).then(|| ("catalogue/index.html".to_owned(), None));
    let axes = catalogue.axes.iter().filter(|index| index.is_used()).flat_map(move |index| {
        let own = (format!("catalogue/{}/index.html", index.axis.key()), None);
        let terms = index.terms.iter().filter(|term| !term.docs.is_empty());
        let newest = move |docs: &[DocId]| latest(&mut docs.iter().rev().copied().take(20));
        std::iter::once(own).chain(terms.map(move |term| (address(&term.out), newest(&term.docs))))
    });
    let crossings = catalogue.crossings.iter().enumerate().filter(|(_, crossing)| !crossing.cells.is_empty());
    let crossings = crossings.flat_map(move |(at, crossing)| {
        let own = (format!("catalogue/{}/index.html", crossing.key()), None);
        let cells = crossing.cells.iter().map(move |(terms, docs)| {
            let list = List::Cell(at, terms.as_slice().into());
            (address(&catalogue.folder(&list)), latest(&mut docs.iter().rev().copied().take(20)))
        });
        std::iter::once(own).chain(cells)
    });
    let towns = (0..catalogue.channels.len() as u32).flat_map(move |id| catalogue.towns(id));
    let towns = towns.filter_map(move |town| {
        let newest = latest(&mut town.docs.iter().copied().take(20));
        Some((town.out.as_ref()?.encoded(), newest))
    });
    let all_series = (!catalogue.series.is_empty()).then(|| ("catalogue/series/index.html".to_owned(), None));
    let series = catalogue.series.iter().map(move |series| {
        let ids = series.issues().rev().map(|(_, _, id)| id).chain(series.unnumbered.iter().copied());
        (address(&series.out), latest(&mut ids.take(20)))
    });
    channels.chain(towns).chain(front).chain(axes).chain(all_series).chain(series).chain(crossings)
}

/// The pages of records: further ones of their lists, and those of single records. Nobody says when a record changed.
fn record_pages(world: &World) -> impl Iterator<Item = (String, Option<Moment>)> + '_ {
    let catalogue = &world.catalogue;
    let pages = catalogue.records.iter().flat_map(move |(id, records)| {
        let index = Index::Records(*id);
        let lists = (2..=catalogue.leaves(index)).map(move |number| path::encode(&index.out(number, catalogue)));
        lists.chain(records.rows.iter().filter_map(|record| Some(record.out.as_ref()?.encoded())))
    });
    pages.map(|address| (address, None))
}

pub fn part(part: Part, world: &World) -> Vec<u8> {
    let mut xml = Xml::new("urlset", &[NAMESPACE]);
    for (address, lastmod) in addresses(part, world) {
        xml.open("url", &[]);
        xml.leaf("loc", &format!("{}/{address}", world.config.site.base_url));
        xml.leaf("lastmod", &lastmod.map(|moment| moment.day().text()).unwrap_or_default());
        xml.close("url");
    }
    xml.finish("urlset")
}

pub fn index(world: &World) -> Vec<u8> {
    let mut xml = Xml::new("sitemapindex", &[NAMESPACE]);
    for part in world.parts.iter().copied() {
        let lastmod = addresses(part, world).into_iter().filter_map(|(_, lastmod)| lastmod).max();
        xml.open("sitemap", &[]);
        xml.leaf("loc", &format!("{}/{}", world.config.site.base_url, part.out()));
        xml.leaf("lastmod", &lastmod.map(|moment| moment.day().text()).unwrap_or_default());
        xml.close("sitemap");
    }
    xml.finish("sitemapindex")
}

/// Everything that is published may be read by everyone.
pub fn robots(world: &World) -> Vec<u8> {
    ["User-agent: *", "Allow: /", "", &format!("Sitemap: {}/sitemap.xml", world.config.site.base_url), ""]
        .join("\n")
        .into_bytes()
}
