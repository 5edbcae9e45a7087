//! Pages that are made by templates.

use std::sync::Arc;

use rayon::prelude::*;

use super::{Index, Input, List, Maker, Page, data};
use crate::catalogue::{Catalogue, ChannelId, DocId, Paged};
use crate::model::{Field, OutPath};
use crate::theme::Theme;

/// A page of a template.
pub fn page(out: String, template: &str, inputs: Vec<Input>) -> Page {
    Page { out: OutPath::of_checked(out), maker: Maker::Template(template.into()), inputs }
}

/// A page per document, and a redirect per old address.
pub fn documents(catalogue: &Catalogue, theme: &Theme, pages: &mut Vec<Page>) {
    let default: Arc<str> = DOCUMENT.into();
    pages.par_extend(
        (0..catalogue.docs.len() as DocId).into_par_iter().map(|id| of_document(id, catalogue, theme, &default)),
    );
    for redirect in catalogue.redirects.iter() {
        pages.push(Page {
            out: redirect.out.clone(),
            maker: Maker::Template("redirect.html".into()),
            inputs: vec![Input::Frame, Input::Redirect(redirect.doc)],
        });
    }
}

/// The template of documents whose kind has none of its own.
const DOCUMENT: &str = "document.html";

/// The page of a document.
pub fn document(id: DocId, catalogue: &Catalogue, theme: &Theme) -> Page {
    of_document(id, catalogue, theme, &DOCUMENT.into())
}

fn of_document(id: DocId, catalogue: &Catalogue, theme: &Theme, default: &Arc<str>) -> Page {
    let doc = catalogue.doc(id);
    let shared = doc.kind.and_then(|kind| catalogue.kinds.get(kind).template.as_deref());
    let kind = shared.or(doc.front.text(Field::Kind)).map(|kind| format!("kinds/{kind}.html"));
    let template = kind.filter(|template| theme.has(template)).map_or_else(|| default.clone(), Arc::from);
    let (newer, older) = catalogue.neighbours[id as usize];
    let mut inputs =
        vec![Input::Frame, Input::Document(id), Input::Body(id), Input::Related(id), Input::Neighbours(newer, older)];
    if catalogue.in_series.contains_key(&id) {
        inputs.push(Input::InSeries(id));
    }
    if &*template != DOCUMENT {
        inputs.push(Input::Request);
    }
    Page { out: doc.out.clone(), maker: Maker::Template(template), inputs }
}

/// The home page, and for every channel its index, archive pages, open data and feed.
pub fn channels(catalogue: &Catalogue, pages: &mut Vec<Page>) {
    for (id, channel) in catalogue.channels.iter().enumerate() {
        let id = id as ChannelId;
        let list = List::Channel(id);
        let listing = catalogue.listing(id).own.paged();
        let index = format!("{}index.html", channel.out);
        if channel.parent.is_none() {
            let inputs =
                vec![Input::Frame, Input::Home, Input::Intro(id), Input::Blocks(id), Input::Feeds(list.clone())];
            pages.push(page(index, "home.html", inputs));
        } else {
            let mut inputs = vec![
                Input::Frame,
                Input::Channel(id, None),
                Input::Intro(id),
                Input::Tree(id),
                Input::Pinned(id),
                Input::Cards(list.clone(), None),
                Input::Pager(list.clone(), None),
                Input::Feeds(list.clone()),
            ];
            let has_blocks = !catalogue.blocks[id as usize].is_empty();
            if has_blocks {
                inputs.push(Input::Blocks(id));
            }
            let has_records = catalogue.records.contains_key(&id);
            if has_records {
                inputs.push(Input::Records(id, 1));
            }
            let template = match (has_records, has_blocks) {
                (true, _) => "records.html",
                (false, true) => "channel.html",
                (false, false) => "list.html",
            };
            pages.push(page(index, template, inputs));
        }
        archive(&channel.out, listing, pages, "list.html", |number| {
            let own = vec![Input::Channel(id, Some(number)), Input::Tree(id)];
            (own, list.clone())
        });
        towns(id, catalogue, pages);
        data::listing(&channel.out, &list, listing.docs.len(), pages);
        data::rss(id, &channel.out, pages);
    }
}

/// The page of every town of a channel's places.
fn towns(id: ChannelId, catalogue: &Catalogue, pages: &mut Vec<Page>) {
    let Some(places) = catalogue.places(id) else { return };
    for (at, out) in places.towns.iter().enumerate().filter_map(|(at, town)| Some((at, town.out.clone()?))) {
        let inputs = vec![Input::Frame, Input::Town(id, at), Input::Tree(id)];
        pages.push(Page { out, maker: Maker::Template("place.html".into()), inputs });
    }
}

/// The pages `list_K.html` of a listing.
fn archive(
    folder: &str,
    listing: Paged,
    pages: &mut Vec<Page>,
    template: &str,
    inputs: impl Fn(usize) -> (Vec<Input>, List),
) {
    for number in 1..=listing.archive_pages() {
        let (own, list) = inputs(number);
        let shared = [Input::Frame, Input::Cards(list.clone(), Some(number)), Input::Pager(list, Some(number))];
        pages.push(page(format!("{folder}list_{number}.html"), template, own.into_iter().chain(shared).collect()));
    }
}

/// The catalogue: its front page, an index per axis and crossing, and the listing of every term and cell.
pub fn catalogue(catalogue: &Catalogue, pages: &mut Vec<Page>) {
    if catalogue.channels.is_empty() {
        return;
    }
    // every page links to it, even before there is a document
    pages.push(page("catalogue/index.html".into(), "catalogue.html", vec![Input::Frame, Input::CatalogueHome]));
    for index in catalogue.axes.iter().filter(|index| index.is_used()) {
        index_pages(Index::Axis(index.axis), 1, "catalogue.html", catalogue, pages);
        for (id, term) in index.terms.iter().enumerate().filter(|(_, term)| !term.docs.is_empty()) {
            term_pages(catalogue, &term.out, List::Term(index.axis, id as u32), pages);
            // the first page of the terms below it is its own
            index_pages(Index::Below(index.axis, id as u32), 2, "catalogue.html", catalogue, pages);
        }
    }
    if !catalogue.series.is_empty() {
        pages.push(page("catalogue/series/index.html".into(), "series.html", vec![Input::Frame, Input::AllSeries]));
    }
    for (id, series) in (0..).zip(catalogue.series.iter()) {
        let inputs = vec![Input::Frame, Input::Series(id)];
        pages.push(page(format!("{}index.html", series.out), "series.html", inputs));
    }
    for (at, crossing) in catalogue.crossings.iter().enumerate().filter(|(_, crossing)| !crossing.cells.is_empty()) {
        index_pages(Index::Crossing(at), 1, "catalogue.html", catalogue, pages);
        for terms in crossing.cells.keys() {
            let list = List::Cell(at, terms.as_slice().into());
            term_pages(catalogue, &catalogue.folder(&list), list, pages);
        }
    }
}

/// The pages of an index from page K on.
fn index_pages(index: Index, from: usize, template: &str, catalogue: &Catalogue, pages: &mut Vec<Page>) {
    for number in from..=catalogue.leaves(index) {
        pages.push(page(index.out(number, catalogue), template, vec![Input::Frame, Input::Index(index, number)]));
    }
}

fn term_pages(catalogue: &Catalogue, folder: &str, list: List, pages: &mut Vec<Page>) {
    let listing = catalogue.list(&list);
    let inputs = vec![
        Input::Frame,
        Input::Term(list.clone(), None),
        Input::Cards(list.clone(), None),
        Input::Pager(list.clone(), None),
        Input::Feeds(list.clone()),
    ];
    pages.push(page(format!("{folder}index.html"), "term.html", inputs));
    archive(folder, listing, pages, "term.html", |number| {
        (vec![Input::Term(list.clone(), Some(number))], list.clone())
    });
    data::listing(folder, &list, listing.docs.len(), pages);
}

/// Site map page, 404, robots.txt.
pub fn single(catalogue: &Catalogue, pages: &mut Vec<Page>) {
    if catalogue.channels.is_empty() {
        return;
    }
    index_pages(Index::Channels, 1, "sitemap.html", catalogue, pages);
    pages.push(page("404.html".into(), "404.html", vec![Input::Frame, Input::NotFound]));
}

impl Catalogue {
    /// A listing by its name.
    pub fn list(&self, list: &List) -> Paged<'_> {
        match list {
            List::Channel(id) => self.listing(*id).own.paged(),
            List::Term(axis, term) => Paged { docs: &self.axis(*axis).term(*term).docs, page_size: self.page_size },
            List::Cell(at, terms) => Paged { docs: &self.crossings[*at].cells[&**terms], page_size: self.page_size },
        }
    }

    /// The folder of a listing's pages, with a closing `/` (nothing for the home page's).
    pub fn folder(&self, list: &List) -> String {
        match list {
            List::Channel(id) => self.channel(*id).out.to_string(),
            List::Term(axis, term) => self.axis(*axis).term(*term).out.to_string(),
            List::Cell(at, terms) => {
                let crossing = &self.crossings[*at];
                let slugs = crossing.axes.iter().zip(terms.iter()).map(|(axis, term)| {
                    let out = &self.axis(*axis).term(*term).out;
                    out.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned()
                });
                format!("catalogue/{}/{}/", crossing.key(), slugs.collect::<Vec<_>>().join("/"))
            }
        }
    }
}
