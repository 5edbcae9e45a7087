//! Indexes of the catalogue, the site map and the records of a channel in pages of bounded length, however many terms, cells or channels there are.
//! Unlike archive pages they are counted from the first entry: a new entry moves what stands behind it.

use std::ops::Range;

use crate::catalogue::{Catalogue, ChannelId, Crossing, TermId};
use crate::model::Axis;

/// An index: what it lists is divided into pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Index {
    /// The terms of an axis.
    Axis(Axis),
    /// The terms below one. The first page of these is the term's own.
    Below(Axis, TermId),
    /// The cells of a crossing: as a matrix, or one after the other.
    Crossing(usize),
    /// All channels: the site map.
    Channels,
    /// The records of a channel; the first page is the channel's own.
    Records(ChannelId),
}

/// Entries on a page.
const LEAF: usize = 200;
/// Terms that an axis shows on one page with all that are below them; with more it shows its top level.
const WHOLE: usize = 400;
/// Channels on a page of the site map.
const MAP: usize = 400;
/// Columns of the widest matrix, and cells of a page of it.
const WIDEST: usize = 50;
const MATRIX: usize = 2000;

impl Index {
    /// Page `number` of the index, from the site's root, not encoded.
    pub fn out(self, number: usize, catalogue: &Catalogue) -> String {
        let folder = match self {
            Index::Axis(axis) => format!("catalogue/{}/", axis.key()),
            Index::Below(axis, term) => catalogue.axis(axis).term(term).out.to_string(),
            Index::Crossing(at) => format!("catalogue/{}/", catalogue.crossings[at].key()),
            Index::Channels if number == 1 => return "sitemap.html".into(),
            Index::Channels => return format!("sitemap_{number}.html"),
            Index::Records(id) if number == 1 => catalogue.channel(id).out.to_string(),
            Index::Records(id) => return format!("{}records_{number}.html", catalogue.channel(id).out),
        };
        if number == 1 { format!("{folder}index.html") } else { format!("{folder}terms_{number}.html") }
    }
}

impl Catalogue {
    /// How many pages an index has; at least one.
    pub fn leaves(&self, index: Index) -> usize {
        let (entries, size) = self.extent(index);
        entries.div_ceil(size).max(1)
    }

    /// How many entries an index has that is divided into pages.
    pub fn entries(&self, index: Index) -> usize {
        match index {
            Index::Crossing(at) => self.crossings[at].order.len(),
            _ => self.extent(index).0,
        }
    }

    /// The entries of a page, counted from 1: places among the terms at the top or below one, rows of a matrix, cells in
    /// reading order, or channels but for the home page.
    pub fn leaf(&self, index: Index, number: usize) -> Range<usize> {
        let (entries, size) = self.extent(index);
        ((number - 1) * size).min(entries)..(number * size).min(entries)
    }

    /// (entries, entries of a page)
    fn extent(&self, index: Index) -> (usize, usize) {
        match index {
            Index::Axis(axis) => {
                let top = self.axis(axis).children(None).len();
                (top, if self.is_whole(axis) { top.max(1) } else { LEAF })
            }
            Index::Below(axis, term) => (self.axis(axis).children(Some(term)).len(), LEAF),
            Index::Crossing(at) if self.crossings[at].is_matrix() => {
                let terms = &self.crossings[at].terms;
                (terms[0].len(), MATRIX / terms[1].len().max(1))
            }
            Index::Crossing(at) => (self.crossings[at].order.len(), LEAF),
            Index::Channels => (self.channels.len().saturating_sub(1), MAP),
            Index::Records(id) => (self.records.get(&id).map_or(0, |records| records.rows.len()), LEAF),
        }
    }

    /// Whether an axis shows all its terms on one page, below each other.
    pub fn is_whole(&self, axis: Axis) -> bool {
        self.axis(axis).used() <= WHOLE
    }

    /// The page of a channel's list on which a record stands, from the site's root, not encoded.
    pub fn list_of_record(&self, channel: ChannelId, row: usize) -> String {
        Index::Records(channel).out(row / LEAF + 1, self)
    }

    /// The page of the site map on which a channel stands.
    pub fn on_site_map(&self, channel: ChannelId) -> String {
        let place = (channel as usize).saturating_sub(1);
        Index::Channels.out(place / MAP + 1, self)
    }
}

impl Crossing {
    /// Whether two axes are crossed of which the second is short enough for the columns of a table.
    pub fn is_matrix(&self) -> bool {
        self.axes.len() == 2 && self.terms[1].len() <= WIDEST
    }
}
