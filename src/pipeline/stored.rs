//! The last site of an earlier process, as far as it was kept on disk: the fingerprints of all pages, and what the pages of
//! single documents are made from. If nothing changed but a few texts, these pages are made without putting the whole site
//! together. What comes out is what a build from nothing makes; whatever else changed, there is no shortcut.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::read::Look;
use super::{ENGINE, Given, Memory, Options, Report, Site, stops};
use crate::catalogue::{Catalogue, DocId, Excerpt, Standing, only_text_differs};
use crate::diag::Diagnostic;
use crate::emit::{self, Planned};
use crate::memory::{self, Fresh, Parsed, pack, unpack};
use crate::model::{Document, Hash128, SourcePath};
use crate::plan::{self, Page};
use crate::render::{self, World};
use crate::source::Tree;

/// Files that may have been read anew: with more of them, the whole way is as quick.
const MOST: usize = 64;

/// What is kept of a site; its documents' `Standing`s are on the heap, one after the other.
#[derive(Serialize, Deserialize)]
struct Kept {
    key: Hash128,
    of_files: Vec<Diagnostic>,
    of_all: Vec<Diagnostic>,
    documents: usize,
    withheld: usize,
    excerpt: Excerpt,
    planned: Vec<Planned>,
    /// Of each standing, in bytes.
    lengths: Vec<u32>,
}

/// A site of which only the pages of these documents need be made.
pub struct Few {
    kept: Kept,
    heap: Vec<u8>,
    /// The pages by their places among the planned, and what they are made from.
    pages: BTreeMap<usize, Page>,
    world: Option<World>,
    pub report: Report,
}

/// All that a site depends on but for what its files say.
pub fn key(options: &Options, given: &Given, tree: &Tree) -> Option<Hash128> {
    let elsewhere = Options { root: PathBuf::new(), output: PathBuf::new(), strict: false, ..options.clone() };
    Some(Hash128::of(&(elsewhere, given.hash()?, &*tree.files)))
}

/// Keeps a site for the next process.
pub fn save(options: &Options, files: &memory::Memory, site: &Site, report: &Report, planned: &[Planned]) {
    let catalogue = &site.world.catalogue;
    let ids: Vec<DocId> = (0..catalogue.docs.len() as DocId).collect();
    let (heap, lengths): (Vec<Vec<u8>>, Vec<Vec<u32>>) =
        ids.par_chunks(PIECE).map(|ids| standings(ids, catalogue)).unzip();
    let kept = Kept {
        key: site.found.key,
        of_files: site.found.of_files.clone(),
        of_all: site.found.of_all.clone(),
        documents: report.documents,
        withheld: report.withheld,
        excerpt: catalogue.excerpt(),
        planned: planned.to_vec(),
        lengths: lengths.concat(),
    };
    files.put_beside(&options.root.join(emit::STATE), ENGINE, &kept, &heap);
}

/// Documents whose standings are packed together.
const PIECE: usize = 1024;

/// The standings of documents, one after the other, and their lengths.
fn standings(ids: &[DocId], catalogue: &Catalogue) -> (Vec<u8>, Vec<u32>) {
    let mut heap = Vec::with_capacity(ids.len() * 128);
    let lengths = ids.iter().map(|id| {
        let standing = pack(&catalogue.standing(*id));
        heap.extend_from_slice(&standing);
        standing.len() as u32
    });
    let lengths = lengths.collect();
    (heap, lengths)
}

/// The shortcut, if there is one.
pub fn few(options: &Options, memory: &mut Memory, look: &Look) -> Option<Few> {
    // what is shown before its day is not kept
    if memory.has_last() || memory.whole || options.drafts || options.preview || look.fresh.len() > MOST {
        return None;
    }
    let (mut kept, heap): (Kept, _) = memory.files.beside(&options.root.join(emit::STATE), ENGINE)?;
    (kept.key == key(options, &look.given, &look.tree)?).then_some(())?;
    let is_new = |fresh: &&Fresh| {
        memory.files.reading(&fresh.path).is_none_or(|known| pack(known.as_ref()) != pack(&fresh.reading))
    };
    let changed: Vec<&Fresh> = look.fresh.iter().filter(is_new).collect();
    let is_changed = |finding: &&Diagnostic| changed.iter().any(|fresh| fresh.path.as_str() == &*finding.path);
    // what was found in a file may stand elsewhere in it now
    if kept.of_all.iter().any(|finding| is_changed(&finding)) {
        return None;
    }
    kept.of_files.retain(|finding| !is_changed(&finding));
    kept.of_files.extend(changed.iter().flat_map(|fresh| fresh.reading.findings.iter().cloned()));
    let found = [&look.given.findings, &look.tree.findings, &kept.of_files, &kept.of_all];
    let mut report = Report {
        findings: found.into_iter().flatten().cloned().collect(),
        documents: kept.documents,
        withheld: kept.withheld,
        ignored: look.tree.ignored.len(),
        read: look.fresh.len(),
        ..Report::default()
    };
    if stops(&mut report, options) {
        return None;
    }
    let mut few = Few { kept, heap, pages: BTreeMap::new(), world: None, report };
    match changed.is_empty() {
        true => Some(few),
        false => few.make(options, memory, look, &changed).map(|()| few),
    }
}

impl Few {
    pub fn planned(&self) -> &[Planned] {
        &self.kept.planned
    }

    /// The content of a planned file; no findings, but no content either if only the whole site can make it.
    pub fn content(&self, at: usize) -> Result<emit::Content, Vec<Diagnostic>> {
        let (page, world) = self.pages.get(&at).zip(self.world.as_ref()).ok_or_else(Vec::new)?;
        render::render(page, world).map(super::into_output)
    }

    /// Keeps the site for the next process, as it is now.
    pub fn save(&self, options: &Options, files: &memory::Memory) {
        files.put_beside(&options.root.join(emit::STATE), ENGINE, &self.kept, std::slice::from_ref(&self.heap));
    }

    /// Plans the pages of the documents that changed; `None` if more changed than their texts.
    fn make(&mut self, options: &Options, memory: &Memory, look: &Look, changed: &[&Fresh]) -> Option<()> {
        let (config, theme) = look.given.config.clone().zip(look.given.theme.clone())?;
        let heap = Heap::new(&self.heap, &self.kept.lengths);
        let mut known: BTreeMap<DocId, (Standing, Document)> = BTreeMap::new();
        for fresh in changed {
            let new = document(&fresh.reading.parsed)?;
            let old = memory.files.reading(&fresh.path)?;
            only_text_differs(document(&old.parsed)?, new).then_some(())?;
            let id = heap.find(&fresh.path)?;
            known.insert(id, (heap.standing(id)?, new.clone()));
        }
        let ids: Vec<DocId> = known.keys().copied().collect();
        let shown: Vec<DocId> = known.values().flat_map(|(standing, _)| standing.shown()).collect();
        for id in shown {
            if let Entry::Vacant(place) = known.entry(id) {
                let standing = heap.standing(id)?;
                let reading = memory.files.reading(standing.source())?;
                place.insert((standing, document(&reading.parsed)?.clone()));
            }
        }
        let catalogue = self.kept.excerpt.clone().catalogue(self.kept.lengths.len(), known);
        let world = World::new(catalogue, config, theme.clone(), &options.root, (None, HashMap::new()), &[]).ok()?;
        for id in ids {
            let page = plan::document(id, &world.catalogue, &theme);
            let at = self.kept.planned.binary_search_by(|planned| planned.out.cmp(&page.out)).ok()?;
            self.kept.planned[at].fingerprint = render::fingerprint(&page, &world);
            self.pages.insert(at, page);
        }
        self.world = Some(world);
        Some(())
    }
}

fn document(parsed: &Parsed) -> Option<&Document> {
    match parsed {
        Parsed::Document(document) => Some(document),
        _ => None,
    }
}

/// The standings, of which only those are unpacked that are asked for. They stand in the order of their sources.
struct Heap<'h> {
    bytes: &'h [u8],
    ends: Vec<usize>,
}

impl<'h> Heap<'h> {
    fn new(bytes: &'h [u8], lengths: &[u32]) -> Self {
        let ends = lengths.iter().scan(0, |end, length| {
            *end += *length as usize;
            Some(*end)
        });
        Self { bytes, ends: ends.collect() }
    }

    fn standing(&self, id: DocId) -> Option<Standing> {
        let at = id as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        unpack(self.bytes.get(start..*self.ends.get(at)?)?)
    }

    fn find(&self, source: &SourcePath) -> Option<DocId> {
        let (mut from, mut to) = (0, self.ends.len());
        while from < to {
            let middle = (from + to) / 2;
            match self.standing(middle as DocId)?.source().cmp(source) {
                std::cmp::Ordering::Equal => return Some(middle as DocId),
                std::cmp::Ordering::Less => from = middle + 1,
                std::cmp::Ordering::Greater => to = middle,
            }
        }
        None
    }
}

/// What was found on the way to a site.
pub struct Found {
    pub key: Hash128,
    /// In single files.
    pub of_files: Vec<Diagnostic>,
    /// When all were put together.
    pub of_all: Vec<Diagnostic>,
}
