//! Ordered, paged sets of cards: of channels, of terms, of crossed terms.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::select::{self, Names, Rule};
use super::terms::AxisIndex;
use super::{ChannelId, DocId, Entry, TermId, channels};
use crate::config::Config;
use crate::diag::Diagnostic;
use crate::model::{Axis, Field, Issue, Sort, SortKey};

/// A set of documents in an order, shown in pages. `docs` runs against the reading order, from what is read last (the
/// oldest) to what is read first: page K, counted from the oldest, never changes its content.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    pub docs: Vec<DocId>,
    pub page_size: usize,
}

impl Listing {
    pub fn paged(&self) -> Paged<'_> {
        Paged { docs: &self.docs, page_size: self.page_size }
    }
}

/// A listing as its pages see it.
#[derive(Clone, Copy, Debug)]
pub struct Paged<'a> {
    pub docs: &'a [DocId],
    pub page_size: usize,
}

impl<'a> Paged<'a> {
    /// How many archive pages `list_K.html` there are: page K exists once it is full.
    pub fn archive_pages(self) -> usize {
        self.docs.len() / self.page_size.max(1)
    }

    /// The documents of the index page (`None`) or of archive page K, counted from 1, in reading order.
    pub fn page(self, number: Option<usize>) -> impl Iterator<Item = DocId> + 'a {
        let (from, to) = match number {
            None => (self.docs.len().saturating_sub(self.page_size), self.docs.len()),
            Some(number) => ((number - 1) * self.page_size, number * self.page_size),
        };
        self.docs[from..to].iter().rev().copied()
    }

    /// The archive page that goes on where the index page ends: that of the newest document not on it.
    pub fn after_index(self) -> Option<usize> {
        let rest = self.docs.len().checked_sub(self.page_size + 1)?;
        Some(rest / self.page_size + 1)
    }
}

/// What a channel lists.
#[derive(Clone, Debug, Default)]
pub struct ChannelListing {
    /// Its own documents, those of `also_in:` and those of its `select:` rule.
    pub own: Listing,
    /// The newest of its own and of all below it that nobody withdrew, newest first; at most `RECENT`.
    pub recent: Vec<DocId>,
    /// Pinned documents of its own, newest first.
    pub pinned: Vec<DocId>,
}

/// As many as any block may ask for.
const RECENT: usize = 100;

/// Why a document stands in a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// The channel is the nearest folder above it.
    Own,
    AlsoIn,
    /// The n-th rule of its `select:`, from 0.
    Select(usize),
}

/// A crossing of axes with the terms that have documents in common.
#[derive(Debug)]
pub struct Crossing {
    pub axes: Vec<Axis>,
    /// By terms, one of each axis.
    pub cells: BTreeMap<Vec<TermId>, Vec<DocId>>,
    /// The cells in reading order: by the first axis, then by the second, and so on.
    pub order: Vec<Arc<[TermId]>>,
    /// The terms of each axis that have a cell, in reading order.
    pub terms: Vec<Vec<TermId>>,
}

impl Crossing {
    fn new(axes: Vec<Axis>, cells: BTreeMap<Vec<TermId>, Vec<DocId>>, of: &[AxisIndex]) -> Self {
        let place = |at: usize, term: TermId| of[axes[at].index()].place(term);
        let mut order: Vec<Arc<[TermId]>> = cells.keys().map(|terms| terms.as_slice().into()).collect();
        order.sort_by_cached_key(|terms| {
            terms.iter().enumerate().map(|(at, term)| place(at, *term)).collect::<Vec<_>>()
        });
        let of_axis = |at: usize| {
            let mut terms: Vec<TermId> = order.iter().map(|terms| terms[at]).collect();
            terms.sort_unstable_by_key(|term| place(at, *term));
            terms.dedup();
            terms
        };
        let terms = (0..axes.len()).map(of_axis).collect();
        Self { axes, cells, order, terms }
    }

    /// The cells with the same first term as one, and the place of that one among them.
    pub fn row(&self, cell: &[TermId], axes: &[AxisIndex]) -> (&[Arc<[TermId]>], usize) {
        let place = |at: usize, term: TermId| axes[self.axes[at].index()].place(term);
        let of = |terms: &[TermId]| place(0, terms[0]);
        let first = self.order.partition_point(|terms| of(terms) < of(cell));
        let row = &self.order[first..];
        let row = &row[..row.partition_point(|terms| terms[0] == cell[0])];
        let places = |terms: &[TermId]| (0..terms.len()).map(|at| place(at, terms[at])).collect::<Vec<_>>();
        let own = places(cell);
        (row, row.partition_point(|terms| places(terms) < own))
    }

    /// `issuer-year`
    pub fn key(&self) -> String {
        self.axes.iter().map(|axis| axis.key()).collect::<Vec<_>>().join("-")
    }

    /// `发布机构 × 年份`
    pub fn label(&self) -> String {
        self.axes.iter().map(|axis| axis.label()).collect::<Vec<_>>().join(" × ")
    }
}

/// The listings of all channels.
pub fn of_channels(
    docs: &[Entry],
    names: Names,
    config: &Config,
    findings: &mut Vec<Diagnostic>,
) -> Vec<ChannelListing> {
    let Names { channels, folders, kinds, .. } = names;
    let mut members: Vec<Vec<DocId>> = vec![Vec::new(); channels.len()];
    for (id, doc) in docs.iter().enumerate() {
        members[doc.channel as usize].push(id as DocId);
        for channel in channels::also_in(&doc.front, doc.source.as_str(), channels, folders, findings) {
            members[channel as usize].push(id as DocId);
        }
    }
    for (at, channel) in channels.iter().enumerate() {
        let file = channel.file.source.as_str();
        channel.file.select.iter().for_each(|rule| select::check(rule, file, docs, kinds, findings));
        let rules: Vec<Rule> =
            channel.file.select.iter().map(|select| Rule::new(select, file, &names, findings)).collect();
        if !rules.is_empty() {
            let selected =
                (0..docs.len() as DocId).filter(|id| rules.iter().any(|rule| rule.holds(&docs[*id as usize], &names)));
            members[at].extend(selected);
        }
    }
    let mut listings: Vec<ChannelListing> = members
        .into_iter()
        .zip(channels)
        .map(|(mut members, channel)| {
            members.sort_unstable();
            members.dedup();
            let is_pinned = |doc: &Entry| doc.front.flag(Field::Pinned) && doc.withdrawn.is_none();
            let pinned = members.iter().copied().filter(|id| is_pinned(&docs[*id as usize])).collect();
            let page_size = channel.file.page_size.unwrap_or(config.site.page_size);
            let own = Listing { docs: against_reading(members, docs, channel.file.sort), page_size };
            ChannelListing { own, recent: Vec::new(), pinned: newest(pinned, docs) }
        })
        .collect();
    // children come after their parents, so going backwards finds every child done
    for at in (0..channels.len()).rev() {
        let below = channels[at].children.iter().flat_map(|child| listings[*child as usize].recent.iter().copied());
        let mut all: Vec<DocId> = listings[at].own.docs.iter().copied().chain(below).collect();
        all.sort_unstable();
        all.dedup();
        // what was withdrawn is no news, though it stays in its lists
        all.retain(|id| docs[*id as usize].withdrawn.is_none());
        let mut recent = newest(all, docs);
        recent.truncate(RECENT);
        listings[at].recent = recent;
    }
    listings
}

/// A document's (newer, older).
pub type Neighbours = (Option<DocId>, Option<DocId>);

/// Of every document among those whose own channel is the same, in that channel's order.
pub fn neighbours(docs: &[Entry], listings: &[ChannelListing]) -> Vec<Neighbours> {
    let mut neighbours = vec![(None, None); docs.len()];
    for (channel, listing) in (0..).zip(listings) {
        let is_own = |id: &DocId| docs[*id as usize].channel == channel;
        let own: Vec<DocId> = listing.own.docs.iter().copied().filter(is_own).collect();
        for (at, id) in own.iter().enumerate() {
            let older = at.checked_sub(1).map(|at| own[at]);
            neighbours[*id as usize] = (own.get(at + 1).copied(), older);
        }
    }
    neighbours
}

/// Newest first: by publication, then by source path from the end.
pub fn newest(mut ids: Vec<DocId>, docs: &[Entry]) -> Vec<DocId> {
    ids.sort_by_key(|id| Reverse((docs[*id as usize].published, *id)));
    ids
}

/// A channel's order, turned round.
fn against_reading(mut ids: Vec<DocId>, docs: &[Entry], sort: Sort) -> Vec<DocId> {
    let doc = |id: &DocId| &docs[*id as usize];
    match sort.key {
        SortKey::Published => ids.sort_by_key(|id| (doc(id).published, *id)),
        SortKey::Written => {
            ids.sort_by_key(|id| (doc(id).front.moment(Field::Written).unwrap_or(doc(id).published), *id))
        }
        SortKey::Title => ids.sort_by(|a, b| doc(a).title().cmp(doc(b).title()).then(a.cmp(b))),
        SortKey::IndexNo => ids.sort_by(|a, b| doc(a).front.index_no().cmp(&doc(b).front.index_no()).then(a.cmp(b))),
        SortKey::Issue => ids.sort_by_key(|id| (issue(doc(id)), doc(id).published, *id)),
    }
    if sort.ascending {
        ids.reverse();
    }
    ids
}

/// 期号, for ordering; those that say none come first.
fn issue(doc: &Entry) -> Option<Issue> {
    Issue::parse(doc.front.text(Field::Issue)?)
}

/// The crossings that `site.toml` declares, non-empty cells only.
pub fn crossings(docs: &[Entry], axes: &[AxisIndex], declared: &[Vec<Axis>]) -> Vec<Crossing> {
    declared
        .iter()
        .map(|crossed| {
            let mut order: Vec<DocId> = (0..docs.len() as DocId).collect();
            order.sort_by_key(|id| (docs[*id as usize].published, *id));
            let mut cells: BTreeMap<Vec<TermId>, Vec<DocId>> = BTreeMap::new();
            for id in order {
                for cell in cells_of(&docs[id as usize], crossed, axes) {
                    cells.entry(cell).or_default().push(id);
                }
            }
            Crossing::new(crossed.clone(), cells, axes)
        })
        .collect()
}

/// Every combination of the document's terms on the crossed axes; a term counts with its top term (马头镇 for a village).
fn cells_of(doc: &Entry, crossed: &[Axis], axes: &[AxisIndex]) -> Vec<Vec<TermId>> {
    let mut cells = vec![Vec::new()];
    for axis in crossed {
        let index = &axes[axis.index()];
        let mut tops: Vec<TermId> = doc.terms_of(*axis).map(|term| index.line(term)[0]).collect();
        tops.sort_unstable();
        tops.dedup();
        let extended = |cell: &Vec<TermId>| {
            let cell = cell.clone();
            tops.clone().into_iter().map(move |term| cell.iter().copied().chain([term]).collect())
        };
        cells = cells.iter().flat_map(extended).collect();
    }
    cells
}

/// Why a document stands in a channel, for `why`; every reason that holds.
pub fn memberships(doc: &Entry, channel: ChannelId, names: &Names) -> Vec<Membership> {
    let file = &names.channels[channel as usize].file;
    let own = (doc.channel == channel).then_some(Membership::Own);
    let folder = &*names.channels[channel as usize].folder;
    let also = doc
        .front
        .list(Field::AlsoIn)
        .iter()
        .any(|path| path.value.trim_matches('/').trim_start_matches("content/") == folder);
    let rules = file
        .select
        .iter()
        .enumerate()
        .filter(|(_, select)| Rule::new(select, "", names, &mut Vec::new()).holds(doc, names));
    own.into_iter()
        .chain(also.then_some(Membership::AlsoIn))
        .chain(rules.map(|(at, _)| Membership::Select(at)))
        .collect()
}
