//! What the pages of single documents need of a catalogue, in a form that can be kept on disk: a process that finds nothing
//! changed but a few texts makes these pages without putting the whole site together.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    AxisIndex, Card, Catalogue, Channel, ChannelId, DocId, Entry, FileEntry, Href, InSeries, Kinds, Lead, Neighbours,
    Tombstone, facts,
};
use crate::model::{Document, Front, Hash128, SourcePath};

/// All but the documents and what lists them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Excerpt {
    channels: Arc<Vec<Channel>>,
    axes: Arc<Vec<AxisIndex>>,
    files: Arc<Vec<FileEntry>>,
    tombstones: Arc<Vec<Tombstone>>,
    kinds: Arc<Kinds>,
    nav: Arc<Vec<ChannelId>>,
    page_size: usize,
    deepest: usize,
}

/// A document's place in the site, without what its file says.
#[derive(Debug, Serialize, Deserialize)]
pub struct Standing {
    entry: Arc<Entry>,
    neighbours: Neighbours,
    in_series: Option<InSeries>,
}

impl Standing {
    pub fn source(&self) -> &SourcePath {
        &self.entry.source
    }

    /// The documents that its page shows something of.
    pub fn shown(&self) -> impl Iterator<Item = DocId> {
        let related = self.entry.relations.iter().map(|relation| relation.other);
        let linked = self.entry.links.iter().filter_map(|link| match link {
            Href::Doc(id, _) => Some(*id),
            _ => None,
        });
        let issues = self.in_series.iter().flat_map(|place| place.earlier.into_iter().chain(place.later));
        let led = self.entry.withdrawn.iter().filter_map(|banner| match banner.to {
            Some(Lead::Doc(id)) => Some(id),
            _ => None,
        });
        related.chain(led).chain(linked).chain(self.neighbours.0).chain(self.neighbours.1).chain(issues)
    }
}

impl Catalogue {
    pub fn excerpt(&self) -> Excerpt {
        Excerpt {
            channels: self.channels.clone(),
            axes: self.axes.clone(),
            files: self.files.clone(),
            tombstones: self.tombstones.clone(),
            kinds: self.kinds.clone(),
            nav: self.nav.clone(),
            page_size: self.page_size,
            deepest: self.deepest,
        }
    }

    pub fn standing(&self, id: DocId) -> Standing {
        let in_series = self.in_series.get(&id).cloned();
        Standing { entry: self.docs[id as usize].clone(), neighbours: self.neighbours[id as usize], in_series }
    }
}

impl Excerpt {
    /// What a document says, with what its channel and its kind add.
    pub fn front(&self, standing: &Standing, document: &Document) -> Arc<Front> {
        let front = document.front.clone().or(&self.channels[standing.entry.channel as usize].defaults);
        self.kinds.complete(front).0
    }

    /// A catalogue of so many documents in which only these are known: enough for the page of each document whose `shown` are
    /// among them.
    pub fn catalogue(self, count: usize, known: BTreeMap<DocId, (Standing, Document)>) -> Catalogue {
        let mut cards = vec![Hash128::default(); count];
        let mut neighbours = vec![(None, None); count];
        let mut in_series = BTreeMap::new();
        let mut docs: BTreeMap<DocId, Arc<Entry>> = BTreeMap::new();
        for (id, (standing, document)) in known {
            let front = self.front(&standing, &document);
            let facts = standing.entry.kind.map(|kind| facts::again(&front, kind, &self.kinds)).unwrap_or_default();
            let Document { hash, body, .. } = document;
            let entry = Entry { hash, front, body, facts, ..Entry::clone(&standing.entry) };
            cards[id as usize] = Hash128::of(&Card::of(&entry, &self.axes, &self.kinds));
            neighbours[id as usize] = standing.neighbours;
            in_series.extend(standing.in_series.map(|place| (id, place)));
            docs.insert(id, Arc::new(entry));
        }
        // the places of the others are held by anyone: nobody asks for them
        let anyone = docs.values().next().cloned();
        let doc = |id| docs.get(&id).or(anyone.as_ref()).cloned();
        Catalogue {
            docs: (0..count as DocId).map_while(doc).collect(),
            cards,
            withheld: Arc::default(),
            tombstones: self.tombstones,
            private: Arc::default(),
            channels: self.channels,
            listings: Arc::default(),
            neighbours: neighbours.into(),
            blocks: Arc::default(),
            intros: Arc::default(),
            axes: self.axes,
            crossings: Arc::default(),
            series: Arc::default(),
            in_series: in_series.into(),
            // what asks is never made from an excerpt
            answers: Arc::default(),
            files: self.files,
            records: Arc::default(),
            kinds: self.kinds,
            redirects: Arc::default(),
            nav: self.nav,
            page_size: self.page_size,
            deepest: self.deepest,
        }
    }
}
