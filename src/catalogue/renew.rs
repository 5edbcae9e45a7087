//! The same catalogue with documents that changed in nothing that decides where any document stands: their texts, titles,
//! summaries and the like. It costs next to nothing, and is what `build` would make.

use std::sync::Arc;

use super::{Card, Catalogue, DocId, Entry};
use crate::model::{Body, Document, Field, Front, Hash128, SortKey, Value};

/// Fields that only pages read: no other document's place, listing or finding depends on what they say.
const SHOWN: [Field; 5] = [Field::Title, Field::Summary, Field::Source, Field::Author, Field::ChangeNote];

impl Catalogue {
    /// The place of a public document among `docs`.
    pub fn find(&self, source: &crate::model::SourcePath) -> Option<DocId> {
        self.docs.binary_search_by(|doc| doc.source.cmp(source)).ok().map(|at| at as DocId)
    }

    /// `None` if any of the documents is not public, or changed in more than readers see. Whoever calls must know that the
    /// catalogue found nothing wrong with them before, because then nothing it could say of them has changed.
    pub fn renewed(&self, documents: &[Document]) -> Option<Self> {
        let sorted_by_title = self.channels.iter().any(|channel| channel.file.sort.key == SortKey::Title);
        let renew = |document: &Document| {
            let id = self.find(&document.source)?;
            let old = self.doc(id);
            let front = document.front.clone().or(&self.channel(old.channel).defaults);
            let (front, _) = self.kinds.complete(front);
            let stands = same_place(&old.front, &front, sorted_by_title) && same_links(&old.body, &document.body);
            let renewed = || Entry { hash: document.hash, front, body: document.body.clone(), ..old.clone() };
            stands.then(renewed).map(|entry| (id as usize, Arc::new(entry)))
        };
        let renewed: Vec<(usize, Arc<Entry>)> = documents.iter().map(renew).collect::<Option<_>>()?;
        let mut catalogue = self.clone();
        for (at, entry) in renewed {
            catalogue.cards[at] = Hash128::of(&Card::of(&entry, &self.axes, &self.kinds));
            catalogue.docs[at] = entry;
        }
        Some(catalogue)
    }
}

/// Whether the fields that place a document are the same, wherever in the file they stand.
fn same_place(old: &Front, new: &Front, sorted_by_title: bool) -> bool {
    let is_shown = |field: Field| SHOWN.contains(&field) && !(field == Field::Title && sorted_by_title);
    let is_text = |front: &Front, field| matches!(front.get(field).map(|found| &found.value), Some(Value::Text(_)));
    let same = |field: Field| match is_shown(field) {
        true => is_text(old, field) && is_text(new, field),
        false => old.get(field) == new.get(field),
    };
    old.fields().eq(new.fields()) && old.fields().all(same) && old.extras() == new.extras()
}

/// Whether no page but the document's own can tell the difference.
pub fn only_text_differs(old: &Document, new: &Document) -> bool {
    old.front == new.front && same_links(&old.body, &new.body)
}

/// Whether the body leads to the same places, others can lead into it as before, it asks nothing of the whole site, and it
/// shows the same tables of its front matter.
fn same_links(old: &Body, new: &Body) -> bool {
    let annual = |body: &Body| body.data.iter().filter_map(|block| block.annual).collect::<Vec<_>>();
    let asks = old.asks() || new.asks();
    old.headings == new.headings && old.links == new.links && !asks && annual(old) == annual(new)
}
