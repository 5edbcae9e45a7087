//! What falls under each item of arts. 20 and 21: the channels that declare it, and the documents.

use std::cmp::Reverse;

use super::kinds::Kinds;
use super::{Catalogue, Channel, ChannelId, DocId, Entry};
use crate::model::statute::Item;

/// An item of the law, and what answers to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    pub item: Item,
    /// The channels that declare it, in reading order.
    pub channels: Vec<ChannelId>,
    /// Public documents whose kind declares it, or whose channel or one above it; in the order of their ids.
    pub docs: Vec<DocId>,
}

impl Coverage {
    /// Its documents that nobody withdrew, newest first.
    pub fn newest(&self, catalogue: &Catalogue) -> impl Iterator<Item = DocId> {
        let is_news = |id: &DocId| catalogue.doc(*id).withdrawn.is_none();
        let mut docs: Vec<DocId> = self.docs.iter().copied().filter(is_news).collect();
        docs.sort_by_key(|id| Reverse((catalogue.doc(*id).published, *id)));
        docs.into_iter()
    }
}

impl Catalogue {
    /// Every item of arts. 20 and 21 in its order.
    pub fn coverage(&self) -> Vec<Coverage> {
        coverage(self.docs.iter().map(|doc| &**doc), &self.channels, &self.kinds)
    }
}

/// The same of the parts of a catalogue.
pub fn coverage<'e>(docs: impl Iterator<Item = &'e Entry>, channels: &[Channel], kinds: &Kinds) -> Vec<Coverage> {
    let none = |item| Coverage { item, channels: Vec::new(), docs: Vec::new() };
    let mut all: Vec<Coverage> = Item::all().map(none).collect();
    // parents come before their children
    let mut inherited: Vec<Vec<Item>> = Vec::with_capacity(channels.len());
    for (id, channel) in (0..).zip(channels) {
        for item in &channel.file.articles {
            all[item.index()].channels.push(id);
        }
        let above = channel.parent.map_or(Vec::new(), |parent| inherited[parent as usize].clone());
        inherited.push(above.into_iter().chain(channel.file.articles.iter().copied()).collect());
    }
    for (id, doc) in (0..).zip(docs).filter(|(_, doc)| doc.pending.is_none()) {
        let of_kind = doc.kind.map_or(&[][..], |kind| &kinds.get(kind).articles);
        for item in of_kind.iter().chain(&inherited[doc.channel as usize]) {
            let docs = &mut all[item.index()].docs;
            if docs.last() != Some(&id) {
                docs.push(id);
            }
        }
    }
    all
}
