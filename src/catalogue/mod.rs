//! Stage 3: everything that was read → `Catalogue`: which documents are public, where each will stand, under which terms
//! and in which listings, how they bear on each other. Pure: no IO, no clock. What the gate holds back no later stage
//! ever sees.
//!
//! | module | decides |
//! |---|---|
//! | `channels` | the tree of channels, their addresses and inherited defaults |
//! | `gate` | which documents are public, and why the others are not |
//! | `withdrawn` | what is left of documents that were withdrawn, and where their readers are sent |
//! | `pending` | that a draft or scheduled document will break nothing on its day |
//! | `address` | where documents and redirects stand; collisions |
//! | `terms` | the axes and each document's terms |
//! | `kinds` | the kinds of the site, by all their names |
//! | `air`, `water` | whether an index of air, a class of water follows from what was measured |
//! | `annual` | the tables of annual reports: what they state, whether it adds up and follows from the year before |
//! | `facts`, `shapes` | what each document states in the fields of its kind |
//! | `deadlines`, `notices` | whether it was public by the day that its kind sets, and shown as long |
//! | `files` | attachments and images: what may be published, who refers to it |
//! | `relations` | interprets, amends, repeals, replaces; validity |
//! | `records` | the rows of spreadsheets that channels show |
//! | `links` | where the links of bodies lead |
//! | `select` | 组配: which rule lists a document where |
//! | `series` | documents that came out one after the other, and what is missing between them |
//! | `tally`, `asked`, `stats` | documents divided and counted; what texts ask of the whole site; the numbers of a year |
//! | `listings` | ordered, paged sets of cards |
//! | `blocks` | what the blocks of home and channel pages hold |
//! | `matrix`, `places`, `platform` | the larger ones: years of organizations, villages, the four parts of the platform |
//! | `named` | kinds and fields that blocks name |
//! | `statute` | what falls under each item of arts. 20 and 21 |
//! | `card` | all that another page may see of a document |
//! | `excerpt` | what pages of single documents need of a catalogue, to be kept on disk |
//! | `renew` | a catalogue of which only texts and titles changed, made from the one before |

pub mod address;
mod air;
mod annual;
pub mod asked;
pub mod blocks;
pub mod card;
pub mod channels;
mod deadlines;
mod excerpt;
pub mod facts;
pub mod files;
pub mod kinds;
mod gate;
pub mod links;
pub mod listings;
mod lookup;
pub mod matrix;
mod named;
mod notices;
mod pending;
pub mod places;
pub mod platform;
mod renew;
pub mod records;
pub mod relations;
pub mod select;
pub mod series;
mod shapes;
pub mod stats;
pub mod statute;
pub mod tally;
pub mod terms;
mod water;
pub mod withdrawn;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

pub use address::Redirect;
pub use asked::{Answer, Answers};
pub use blocks::{Block, BlockContent};
pub use card::Card;
pub use channels::Channel;
pub use excerpt::{Excerpt, Standing};
pub use facts::{Fact, FactValue};
pub use files::FileEntry;
pub use gate::{Reason, Withheld};
pub use kinds::{KindId, Kinds};
pub use links::Href;
pub use listings::{ChannelListing, Crossing, Listing, Neighbours, Paged};
pub use matrix::Matrix;
pub use places::Places;
pub use platform::Platform;
pub use records::Records;
pub use relations::Relation;
pub use renew::only_text_differs;
pub use series::{InSeries, Series, SeriesId};
pub use statute::Coverage;
pub use terms::{AxisIndex, Term};
pub use withdrawn::{Banner, Lead, Tombstone, TombstoneId};

use crate::config::Config;
use crate::diag::Diagnostic;
use crate::model::file::FileFacts;
use crate::model::table::Table;
use crate::model::{
    Axis, Body, ChannelFile, Document, Field, Front, Hash128, Kind, Moment, OutPath, SourcePath, Validity, Workdays,
    YearOfWork, path,
};

/// Place of a document in `Catalogue::docs`; the order is that of the source paths.
pub type DocId = u32;
/// Place of a channel in `Catalogue::channels`; 0 is the home page.
pub type ChannelId = u32;
/// Place of a term in its axis.
pub type TermId = u32;
/// Place of a file in `Catalogue::files`.
pub type FileId = u32;

/// All that stage 1 and 2 found.
pub struct Sources {
    pub documents: Vec<Document>,
    pub channels: Vec<ChannelFile>,
    pub tables: Vec<(Axis, Table)>,
    pub kinds: Vec<Kind>,
    /// Years of working days that the site declares.
    pub calendar: Vec<YearOfWork>,
    pub files: Vec<(SourcePath, FileFacts)>,
    /// The spreadsheets that channels show.
    pub sheets: records::Sheets,
}

/// What the build depends on besides the files.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// "Today".
    pub as_of: Moment,
    /// Whether drafts are shown.
    pub drafts: bool,
    /// Whether drafts and what is scheduled are shown, each with its mark.
    pub preview: bool,
}

/// A public document with everything that is known of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    pub source: SourcePath,
    /// Of the source file's bytes.
    #[serde(skip)]
    pub hash: Hash128,
    /// With the channel's defaults.
    #[serde(skip)]
    pub front: Arc<Front>,
    #[serde(skip)]
    pub body: Arc<Body>,
    pub kind: Option<KindId>,
    /// What it states in the fields of its kind.
    #[serde(skip)]
    pub facts: Arc<[Fact]>,
    pub channel: ChannelId,
    /// Why it is not public yet, though it is shown: in previews only.
    #[serde(skip)]
    pub pending: Option<Reason>,
    /// It was withdrawn, and stays to be read.
    pub withdrawn: Option<Box<Banner>>,
    pub out: OutPath,
    /// (axis, term), in the order of the axes.
    pub terms: Box<[(Axis, TermId)]>,
    /// The issuer's canonical name if its table knows it, else as written.
    pub issuer: Arc<str>,
    pub published: Moment,
    pub validity: Option<Validity>,
    pub relations: Box<[Relation]>,
    /// For each of the body's links where it leads.
    pub links: Box<[Href]>,
    /// For each of the front matter's attachments its file.
    pub attachments: Box<[FileId]>,
    /// The latest of published, updated, withdrawn and the dates of relations.
    pub lastmod: Moment,
}

impl Entry {
    /// Only a draft may have none; it is seen in previews alone.
    pub fn title(&self) -> &str {
        self.front.text(Field::Title).unwrap_or(if self.pending.is_some() { "（没有标题）" } else { "" })
    }

    pub fn terms_of(&self, axis: Axis) -> impl Iterator<Item = TermId> {
        self.terms.iter().filter(move |(of, _)| *of == axis).map(|(_, term)| *term)
    }
}

/// The whole site, before a single page is made. A catalogue that differs in a few documents shares all else (`renewed`).
#[derive(Clone, Debug)]
pub struct Catalogue {
    pub docs: Vec<Arc<Entry>>,
    /// Hash of each document's card, by document.
    pub cards: Vec<Hash128>,
    pub withheld: Arc<Vec<Withheld>>,
    /// What is left of those that were withdrawn, by source.
    pub tombstones: Arc<Vec<Tombstone>>,
    /// Sources of which nothing may be left anywhere, and the addresses that they had, each beginning with `/`.
    pub private: Arc<BTreeSet<String>>,
    pub channels: Arc<Vec<Channel>>,
    /// What each channel lists, by channel.
    pub listings: Arc<Vec<ChannelListing>>,
    /// (newer, older) of each document among those whose own channel is the same, in that channel's order.
    pub neighbours: Arc<Vec<Neighbours>>,
    /// The blocks of each channel's page, by channel.
    pub blocks: Arc<Vec<Vec<Block>>>,
    /// Where the links of each channel's introduction lead, by channel.
    pub intros: Arc<Vec<Box<[Href]>>>,
    /// In the order of `Axis::ALL`.
    pub axes: Arc<Vec<AxisIndex>>,
    pub crossings: Arc<Vec<Crossing>>,
    /// By name.
    pub series: Arc<Vec<Series>>,
    /// Of each document that belongs to one.
    pub in_series: Arc<BTreeMap<DocId, InSeries>>,
    /// What texts ask of the whole site, by the files that ask.
    pub answers: Arc<BTreeMap<SourcePath, Answers>>,
    pub files: Arc<Vec<FileEntry>>,
    /// The records of the channels that have any.
    pub records: Arc<BTreeMap<ChannelId, Records>>,
    pub kinds: Arc<Kinds>,
    /// Redirects of `aliases`.
    pub redirects: Arc<Vec<Redirect>>,
    /// Channels of the main navigation.
    pub nav: Arc<Vec<ChannelId>>,
    /// Cards of a page of a term's or crossing's listing.
    pub page_size: usize,
    /// How deep the deepest page of a document or redirect lies.
    pub deepest: usize,
}

impl Catalogue {
    pub fn doc(&self, id: DocId) -> &Entry {
        &self.docs[id as usize]
    }

    pub fn channel(&self, id: ChannelId) -> &Channel {
        &self.channels[id as usize]
    }

    pub fn listing(&self, id: ChannelId) -> &ChannelListing {
        &self.listings[id as usize]
    }

    pub fn file(&self, id: FileId) -> &FileEntry {
        &self.files[id as usize]
    }

    pub fn axis(&self, axis: Axis) -> &AxisIndex {
        &self.axes[axis.index()]
    }

    /// What other pages may see of a document.
    pub fn card(&self, id: DocId) -> Card<'_> {
        Card::of(self.doc(id), &self.axes, &self.kinds)
    }

    /// The places of a channel's page, if it has a block of them.
    pub fn places(&self, id: ChannelId) -> Option<&Places> {
        self.blocks.get(id as usize)?.iter().find_map(|block| match &block.content {
            BlockContent::Places(places) => Some(places),
            _ => None,
        })
    }

    /// The towns of a channel's places that have a page.
    pub fn towns(&self, id: ChannelId) -> impl Iterator<Item = &places::Town> {
        self.places(id).into_iter().flat_map(|places| &places.towns).filter(|town| town.out.is_some())
    }

    /// The channel and those above it, from the home page down.
    pub fn line(&self, id: ChannelId) -> Vec<ChannelId> {
        channels::line(&self.channels, id)
    }
}

/// Makes the catalogue. With an error among the findings it is not fit to be published, but complete enough to tell
/// everything that is wrong.
pub fn build(sources: Sources, config: &Config, frame: Frame) -> (Catalogue, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    let Sources { documents, channels, tables, kinds, calendar, files, sheets } = sources;
    let kinds = Kinds::new(kinds, Workdays::with(&calendar));
    kinds.clashes(&mut findings);
    let channels = channels::tree(channels, &mut findings);
    let folders = channels::Folders::new(&channels);
    let (admitted, withheld) = gate::admit(documents, &channels, &folders, &kinds, frame, &mut findings);
    let outs = address::documents(&admitted, &mut findings);
    let finder = lookup::Finder::new(&admitted, &withheld, &mut findings);

    let base_url = config.site.base_url.as_str();
    let leads = withdrawn::Looking {
        admitted: &admitted,
        withheld: &withheld,
        outs: &outs,
        finder: &finder,
        base_url,
        as_of: frame.as_of,
    }
    .leads(&mut findings);
    let tombstones = leads.tombstones(&withheld, &mut findings);
    let banners = leads.banners(&admitted);
    let relations = relations::resolve(&admitted, &withheld, &finder, frame.as_of, &mut findings);
    let files = files::publish(files, &admitted, &withheld, &channels, &mut findings);
    let when = gate::When::Day(frame.as_of);
    let known = files::Files::new(&files);
    let resolver = links::Resolver {
        admitted: &admitted,
        withheld: &withheld,
        folders: &folders,
        finder: &finder,
        files: &known,
        tombstones: &tombstones,
        when,
    };
    let attachments = files::attachments(&admitted, &known, when, &mut findings);
    let links = links::documents(&resolver, &mut findings);
    let intros = links::intros(&channels, &resolver, &mut findings);
    let (records, used) = records::resolve(&channels, sheets, &resolver, &mut findings);
    files::warn_unused(&files, config, (&attachments, &used), &links, &intros, &mut findings);

    let (axes, terms) = terms::classify(&admitted, &relations.validity, tables, &mut findings);
    channels::check_defaults(&channels, &axes, &folders, &kinds, &mut findings);
    let later = pending::check(&channels, &axes, &withheld, &resolver, &mut findings);
    let docs = entries((admitted, banners), outs, &axes, terms, relations, links, attachments);
    annual::check_years(&docs, &kinds, &mut findings);
    annual::check_intros(&channels, &mut findings);
    let redirects = address::redirects(&docs, &mut findings);
    // the axes and what is listed under them know nothing of addresses, and both take one thread
    let check = || address::check_collisions(&docs, &channels, &files, &redirects, (&tombstones, &later));
    let (collisions, (axes, cards)) = rayon::join(check, || {
        let axes = terms::index(axes, &docs);
        let cards = docs.par_iter().map(|doc| Hash128::of(&Card::of(doc, &axes, &kinds))).collect();
        (axes, cards)
    });
    findings.extend(collisions);
    drop(later);
    let names = select::Names { channels: &channels, axes: &axes, folders: &folders, kinds: &kinds };
    let listings = listings::of_channels(&docs, names, config, &mut findings);
    let neighbours = listings::neighbours(&docs, &listings);
    let blocks = blocks::resolve(&docs, &listings, names, &finder, &mut findings);
    let series = series::of(&docs, &kinds, &mut findings);
    let in_series = series::places(&series);
    let answers = asked::Asked { docs: &docs, series: &series, names }.answers(&mut findings);
    let crossings = listings::crossings(&docs, &axes, &config.catalogue.crossings);
    let nav = channels::nav(&channels, &folders, config, &mut findings);
    let page_size = config.site.page_size;
    let outs = docs.iter().map(|doc| &doc.out).chain(redirects.iter().map(|redirect| &redirect.out));
    let outs = outs.chain(tombstones.iter().flat_map(Tombstone::outs));
    let private = withdrawn::private(&withheld, &tombstones, &files);
    let of_records = records.keys().map(|id| Records::depth(&channels[*id as usize].out));
    let deepest = outs.map(|out| path::depth(out.as_str())).chain(of_records).max().unwrap_or(0);
    let catalogue = Catalogue {
        docs: docs.into_par_iter().map(Arc::new).collect(),
        cards,
        withheld: withheld.into(),
        tombstones: tombstones.into(),
        private: private.into(),
        channels: channels.into(),
        listings: listings.into(),
        neighbours: neighbours.into(),
        blocks: blocks.into(),
        intros: intros.into(),
        axes: axes.into(),
        crossings: crossings.into(),
        series: series.into(),
        in_series: in_series.into(),
        answers: answers.into(),
        files: files.into(),
        records: records.into(),
        kinds: kinds.into(),
        redirects: redirects.into(),
        nav: nav.into(),
        page_size,
        deepest,
    };
    (catalogue, findings)
}

/// Puts together what was found out of each document.
fn entries(
    (admitted, banners): (Vec<gate::Placed>, Vec<Option<Box<Banner>>>),
    outs: Vec<OutPath>,
    axes: &[terms::Terms],
    terms: Vec<Box<[(Axis, TermId)]>>,
    relations: relations::Resolved,
    links: Vec<Box<[Href]>>,
    attachments: Vec<Box<[FileId]>>,
) -> Vec<Entry> {
    let parts = outs
        .into_iter()
        .zip(terms)
        .zip(relations.relations)
        .zip(relations.validity)
        .zip(relations.lastmod)
        .zip(links)
        .zip(attachments)
        .zip(banners);
    admitted
        .into_iter()
        .zip(parts)
        .map(|(admitted, (((((((out, terms), relations), validity), lastmod), links), attachments), withdrawn))| {
            Entry {
                issuer: terms::issuer_name(axes, &terms, &admitted.front),
                published: admitted.front.moment(Field::Published).unwrap_or(lastmod),
                source: admitted.source,
                hash: admitted.hash,
                front: admitted.front,
                body: admitted.body,
                kind: admitted.kind,
                facts: admitted.facts,
                channel: admitted.channel,
                pending: admitted.pending,
                out,
                terms,
                validity,
                relations,
                links,
                attachments,
                lastmod: withdrawn.as_ref().map_or(lastmod, |banner| lastmod.max(banner.what.day)),
                withdrawn,
            }
        })
        .collect()
}
