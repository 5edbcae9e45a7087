//! Documents by towns, villages and projects: who looks for a notice knows the village, not the number of the batch.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::kinds::KindId;
use super::listings::newest;
use super::select::Names;
use super::terms::AxisIndex;
use super::{Channel, DocId, Entry, TermId, named};
use crate::diag::{Code, Diagnostic};
use crate::model::block::PlacesBlock;
use crate::model::{Axis, BlockBody, OutPath, Span};

/// The folder of the towns' pages, in that of their channel.
pub const FOLDER: &str = "place";

#[derive(Clone, Debug)]
pub struct Places {
    pub kinds: Vec<KindId>,
    pub towns: Vec<Town>,
    /// Documents that name no place, newest first.
    pub rest: Vec<DocId>,
}

/// A term at the top of the axis, whatever it is called.
#[derive(Clone, Debug)]
pub struct Town {
    pub term: TermId,
    /// Its page; `None` if nothing was published about it.
    pub out: Option<OutPath>,
    /// All that concerns it, newest first.
    pub docs: Vec<DocId>,
    /// Documents that name the town and no village come first, without a term. Declared villages without documents are
    /// there, too: that there is nothing is an answer.
    pub villages: Vec<Village>,
}

#[derive(Clone, Debug)]
pub struct Village {
    pub term: Option<TermId>,
    /// Newest first.
    pub projects: Vec<Project>,
}

#[derive(Clone, Debug)]
pub struct Project {
    /// `None`: a document that names no project, and is one by itself.
    pub name: Option<Box<str>>,
    /// By kind, newest first.
    pub docs: Vec<Vec<DocId>>,
}

impl Village {
    /// Its documents, each once.
    pub fn docs(&self) -> usize {
        self.projects.iter().flat_map(|project| &project.docs).map(Vec::len).sum()
    }
}

/// Whether a channel has pages of towns.
pub fn has_pages(channel: &Channel) -> bool {
    let blocks = channel.file.blocks.as_deref().unwrap_or_default();
    blocks.iter().any(|block| matches!(block.body, BlockBody::Places(_)))
}

/// `None` if what the block names is unknown, which is told.
pub fn resolve(
    (block, span): (&PlacesBlock, Span),
    docs: &[Entry],
    channel: &Channel,
    names: &Names,
    findings: &mut Vec<Diagnostic>,
) -> Option<Places> {
    let file = channel.file.source.as_str();
    let blocks = channel.file.blocks.as_deref().unwrap_or_default();
    let first = blocks.iter().find(|other| matches!(other.body, BlockBody::Places(_)));
    if first.is_some_and(|first| first.span != span) {
        let message = "一个栏目只能有一个 places 区块：它们的网页是同样的网址";
        let finding = Diagnostic::new(Code::G061, file, span, message);
        findings.push(finding.help("把信息类型写进一个区块，或另建栏目"));
        return None;
    }
    let kinds = named::kinds(&block.kinds, file, names.kinds, findings)?;
    if let Some(field) = &block.project
        && !named::has_field(field, &kinds, names.kinds, file, findings)
    {
        return None;
    }
    let project = block.project.as_ref().map(|field| &*field.value);
    let is_chosen = |doc: &Entry| doc.kind.is_some_and(|kind| kinds.contains(&kind));
    let chosen = (0..).zip(docs).filter(|(_, doc)| is_chosen(doc)).map(|(id, _)| id);
    let chosen = newest(chosen.collect(), docs);
    let index = &names.axes[Axis::Place.index()];
    let mut by_village = ByVillage::new();
    let mut rest = Vec::new();
    for id in chosen {
        let places = places(&docs[id as usize], index);
        if places.is_empty() {
            rest.push(id);
        }
        places.into_iter().for_each(|place| by_village.entry(place).or_default().push(id));
    }
    let maker = Maker { docs, kinds: &kinds, names, project };
    let mut below: BTreeMap<TermId, Vec<TermId>> = BTreeMap::new();
    for (id, term) in (0..).zip(&index.terms) {
        match term.parent {
            None => _ = below.entry(id).or_default(),
            // those below villages count with them
            Some(parent) => below.entry(parent).or_default().push(id),
        }
    }
    let tops = below.iter().filter(|(id, _)| index.term(**id).parent.is_none());
    let mut towns: Vec<Town> = tops.filter_map(|(id, below)| maker.town(*id, below, &by_village, channel)).collect();
    towns.sort_by_key(|town| index.order(town.term));
    if let Some(town) = towns.iter().find(|town| town.out.is_none() && !town.docs.is_empty()) {
        let message = format!("“{}”的网址太长", index.term(town.term).full);
        findings.push(Diagnostic::new(Code::G061, file, span, message).help("缩短栏目的文件夹名，或地域表里的 slug"));
        return None;
    }
    Some(Places { kinds, towns, rest })
}

/// Towns and villages of a document; a town by itself only if none of its villages is named.
fn places(doc: &Entry, index: &AxisIndex) -> BTreeSet<(TermId, Option<TermId>)> {
    let lines = doc.terms_of(Axis::Place).map(|term| index.line(term));
    let places: BTreeSet<(TermId, Option<TermId>)> = lines.map(|line| (line[0], line.get(1).copied())).collect();
    let has_village = |town: TermId| places.iter().any(|(other, village)| *other == town && village.is_some());
    places.iter().copied().filter(|(town, village)| village.is_some() || !has_village(*town)).collect()
}

/// Documents by town and village.
type ByVillage = BTreeMap<(TermId, Option<TermId>), Vec<DocId>>;

struct Maker<'a> {
    docs: &'a [Entry],
    kinds: &'a [KindId],
    names: &'a Names<'a>,
    /// The field that names the project.
    project: Option<&'a str>,
}

impl Maker<'_> {
    /// `None`: a town that the table does not name, and that has no document here.
    fn town(&self, term: TermId, below: &[TermId], by_village: &ByVillage, channel: &Channel) -> Option<Town> {
        let index = &self.names.axes[Axis::Place.index()];
        let of_town = by_village.range((term, None)..=(term, Some(TermId::MAX)));
        let mut docs: Vec<DocId> = of_town.flat_map(|(_, ids)| ids.iter().copied()).collect();
        docs.sort_unstable();
        docs.dedup();
        if docs.is_empty() && !index.term(term).declared {
            return None;
        }
        let is_shown = |id: &TermId| index.term(*id).declared || by_village.contains_key(&(term, Some(*id)));
        let mut villages: Vec<TermId> = below.iter().copied().filter(is_shown).collect();
        villages.sort_by_key(|id| index.order(*id));
        let village = |village: Option<TermId>| Village {
            term: village,
            projects: by_village.get(&(term, village)).map_or(Vec::new(), |ids| self.projects(ids)),
        };
        let own = by_village.contains_key(&(term, None)).then(|| village(None));
        let out = page(channel, &index.term(term).out).ok().filter(|_| !docs.is_empty());
        let villages = own.into_iter().chain(villages.into_iter().map(|id| village(Some(id)))).collect();
        Some(Town { term, out, docs: newest(docs, self.docs), villages })
    }

    /// Documents that name the same project, and each that names none; in the order of the newest of each.
    fn projects(&self, ids: &[DocId]) -> Vec<Project> {
        let mut projects: Vec<Project> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for id in ids {
            let doc = &self.docs[*id as usize];
            let name = self.project.and_then(|field| named::text(doc, field, self.names.kinds));
            let next = projects.len();
            let at = match &name {
                Some(name) => *known.entry(name.chars().filter(|c| !c.is_whitespace()).collect()).or_insert(next),
                None => next,
            };
            if at == next {
                projects.push(Project { name: name.map(Into::into), docs: vec![Vec::new(); self.kinds.len()] });
            }
            let kind = self.kinds.iter().position(|kind| Some(*kind) == doc.kind).expect("chosen by its kind");
            projects[at].docs[kind].push(*id);
        }
        projects
    }
}

/// The page of a town, whose folder in the catalogue ends with its slug.
fn page(channel: &Channel, folder: &str) -> Result<OutPath, &'static str> {
    let slug = folder.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    OutPath::new(format!("{}{FOLDER}/{slug}.html", channel.out))
}
