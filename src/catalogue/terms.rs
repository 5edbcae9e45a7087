//! The axes: their terms, closed or open, and under which of them each document stands.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::gate::Placed;
use super::{DocId, Entry, TermId};
use crate::diag::{Code, Diagnostic, suggest};
use crate::model::table::{Organization, Table, TermSpec};
use crate::model::{Axis, Field, Front, Located, Span, Text, Validity, slug};

/// Between the levels of a term's name.
const SEPARATORS: [char; 3] = ['/', '\\', '／'];
/// Levels of a term that a document names.
const MOST_LEVELS: usize = 6;

/// Where a document stands on the axes.
pub type Places = Box<[(Axis, TermId)]>;

/// An axis with the documents under each of its terms.
#[derive(Debug, Serialize, Deserialize)]
pub struct AxisIndex {
    pub axis: Axis,
    /// Parents before children.
    pub terms: Vec<Term>,
    /// Terms with documents in reading order: those at the top, then those below each term.
    below: Vec<Vec<TermId>>,
    /// The place of each term among its siblings with documents.
    places: Vec<usize>,
}

/// 类目: a value on an axis.
#[derive(Debug, Serialize, Deserialize)]
pub struct Term {
    pub name: Arc<str>,
    /// With the names above it: `综合政务/政务公开`.
    pub full: Arc<str>,
    /// What readers see: the name, or `2014年`.
    pub label: Arc<str>,
    pub parent: Option<TermId>,
    /// Folder in addresses, with a closing `/`: `catalogue/subject/zhzw/zwgk/`.
    pub out: Arc<str>,
    pub organization: Organization,
    /// Whether its table names it.
    pub declared: bool,
    /// Documents under the term or one below it, in the order of the listing: oldest first.
    #[serde(skip)]
    pub docs: Vec<DocId>,
}

impl AxisIndex {
    fn new(axis: Axis, terms: Vec<Term>) -> Self {
        let mut below = vec![Vec::new(); terms.len() + 1];
        for (id, term) in terms.iter().enumerate().filter(|(_, term)| !term.docs.is_empty()) {
            below[slot(term.parent)].push(id as TermId);
        }
        let term = |id: TermId| &terms[id as usize];
        for siblings in &mut below {
            match axis {
                Axis::Year => siblings.sort_by(|a, b| term(*b).name.cmp(&term(*a).name)),
                _ => siblings
                    .sort_by_key(|id| if term(*id).declared { (*id, "") } else { (TermId::MAX, &*term(*id).out) }),
            }
        }
        let mut places = vec![usize::MAX; terms.len()];
        for (place, id) in below.iter().flat_map(|siblings| siblings.iter().enumerate()) {
            places[*id as usize] = place;
        }
        Self { axis, terms, below, places }
    }

    pub fn term(&self, id: TermId) -> &Term {
        &self.terms[id as usize]
    }

    /// The term and those above it, from the top down.
    pub fn line(&self, id: TermId) -> Vec<TermId> {
        let mut line: Vec<TermId> = std::iter::successors(Some(id), |id| self.term(*id).parent).collect();
        line.reverse();
        line
    }

    /// Terms directly below one (`None`: at the top) that hold documents: those of the table in its order, then the
    /// others by their addresses; years from the newest.
    pub fn children(&self, parent: Option<TermId>) -> &[TermId] {
        &self.below[slot(parent)]
    }

    /// The place of a term among its siblings as `children` has them; for none that holds no document.
    pub fn place(&self, id: TermId) -> usize {
        self.places[id as usize]
    }

    /// By what terms are ordered, whether they hold documents or not: those of the table in its order, then the others by
    /// their addresses.
    pub fn order(&self, id: TermId) -> (TermId, &str) {
        if self.term(id).declared { (id, "") } else { (TermId::MAX, &self.term(id).out) }
    }

    /// How many terms hold documents.
    pub fn used(&self) -> usize {
        self.below.iter().map(Vec::len).sum()
    }

    /// Whether any document stands on the axis.
    pub fn is_used(&self) -> bool {
        !self.children(None).is_empty()
    }
}

/// Where the terms below one (`None`: at the top) stand.
fn slot(parent: Option<TermId>) -> usize {
    parent.map_or(0, |parent| parent as usize + 1)
}

/// An axis before its documents are counted.
pub struct Terms {
    pub axis: Axis,
    closed: bool,
    source: Arc<str>,
    nodes: Vec<Node>,
    /// Full names (`综合政务/政务公开`) and aliases.
    by_name: HashMap<Arc<str>, TermId>,
    /// Slugs in lower case, below each term.
    slugs: HashSet<(Option<TermId>, String)>,
}

struct Node {
    name: Arc<str>,
    full: Arc<str>,
    label: Arc<str>,
    slug: String,
    parent: Option<TermId>,
    organization: Organization,
    declared: bool,
}

impl Terms {
    fn of_table(axis: Axis, table: Table) -> Self {
        let mut terms = Self {
            axis,
            closed: !table.open,
            source: table.source,
            nodes: Vec::new(),
            by_name: HashMap::new(),
            slugs: HashSet::new(),
        };
        terms.declare(table.terms, None, "");
        terms
    }

    fn declare(&mut self, specs: Vec<TermSpec>, parent: Option<TermId>, above: &str) {
        for spec in specs {
            let name = format!("{above}{}", spec.name.value);
            let slug = spec.slug();
            let id = self.add(&name, &spec.name.value, &spec.name.value, slug, parent, Some(spec.organization));
            for alias in &spec.aliases {
                self.by_name.entry(format!("{above}{alias}").into()).or_insert(id);
            }
            self.declare(spec.children, Some(id), &format!("{name}/"));
        }
    }

    /// `table`: what the table says of it, if it stands in one.
    fn add(
        &mut self,
        full: &str,
        name: &str,
        label: &str,
        slug: String,
        parent: Option<TermId>,
        table: Option<Organization>,
    ) -> TermId {
        let declared = table.is_some();
        let organization = table.unwrap_or_default();
        let id = self.nodes.len() as TermId;
        self.slugs.insert((parent, slug.to_ascii_lowercase()));
        self.nodes.push(Node {
            name: name.into(),
            full: full.into(),
            label: label.into(),
            slug,
            parent,
            organization,
            declared,
        });
        self.by_name.entry(full.into()).or_insert(id);
        id
    }

    /// The term of a name as a document writes it; on an open axis it is made if it is new.
    fn term(&mut self, written: &str) -> Option<TermId> {
        if let Some(id) = self.by_name.get(written) {
            return Some(*id);
        }
        let name = self.full_name(written);
        if let Some(id) = self.by_name.get(name.as_str()) {
            return Some(*id);
        }
        (!self.closed && !name.is_empty()).then(|| self.open(&name))
    }

    /// Whether a document may write the name.
    fn admits(&self, written: &str) -> bool {
        let is_known = |name: &str| self.by_name.contains_key(name);
        is_known(written) || is_known(&self.full_name(written)) || !(self.closed || self.full_name(written).is_empty())
    }

    /// A name with its levels joined as in `Node::full`.
    fn full_name(&self, written: &str) -> String {
        match self.is_nested() {
            true => {
                written.split(SEPARATORS).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
            }
            false => written.to_owned(),
        }
    }

    /// `G021` for a name with too many levels.
    fn too_deep(&self, written: &Located<Text>, path: &str) -> Option<Diagnostic> {
        let is_deep = self.is_nested() && written.value.split(SEPARATORS).count() > MOST_LEVELS;
        is_deep.then(|| {
            let message = format!("{}超过 {MOST_LEVELS} 层", self.axis.label());
            Diagnostic::new(Code::G021, path, written.span, message).help("写两三层，如 马头镇/桑庄村")
        })
    }

    fn open(&mut self, full: &str) -> TermId {
        if let Some(id) = self.by_name.get(full) {
            return *id;
        }
        let (above, name) = if self.is_nested() { full.rsplit_once('/').unwrap_or(("", full)) } else { ("", full) };
        let parent = (!above.is_empty()).then(|| self.open(above));
        let label = if self.axis == Axis::Year { format!("{name}年") } else { name.to_owned() };
        let mut slug = slug::slug(name);
        // an open name may meet the slug that the table gave to another term
        if self.slugs.contains(&(parent, slug.to_ascii_lowercase())) || slug::is_reserved(&slug) {
            slug = format!("{slug}-{}", &crate::model::Hash128::of_bytes(name.as_bytes()).to_string()[..6]);
        }
        self.add(full, name, &label, slug, parent, None)
    }

    fn is_nested(&self) -> bool {
        matches!(self.axis, Axis::Subject | Axis::Place | Axis::Category | Axis::Audience)
    }

    /// `G021` for a name that is not in the closed table.
    fn unknown(&self, written: &Located<Text>, path: &str) -> Diagnostic {
        let bare = written.value.rsplit(['/', '\\']).next().unwrap_or(&written.value);
        let mut names: Vec<&str> = self.by_name.keys().map(|name| &**name).collect();
        names.sort_unstable();
        let same_end = names.iter().find(|name| name.rsplit('/').next() == Some(bare)).copied();
        let nearest = suggest::nearest(&written.value, names.iter().copied());
        let help = match same_end.or(nearest) {
            Some(name) => format!("你是不是想写“{name}”？"),
            None if self.source.contains('/') => format!("可用的类目见 {}；确需新类目就加到那里", self.source),
            None => format!("可用的类目见网站的 catalogue/{}/，或 gongkai explain G021", self.axis.key()),
        };
        let message = format!("{}里没有“{}”", self.axis.label(), written.value);
        Diagnostic::new(Code::G021, path, written.span, message).help(help)
    }
}

/// The field from which a document's terms on an axis come.
pub fn field(axis: Axis) -> Field {
    match axis {
        Axis::Issuer => Field::Issuer,
        Axis::Subject => Field::Subject,
        Axis::Genre => Field::Genre,
        Axis::Category => Field::Category,
        Axis::Audience => Field::Audience,
        Axis::Place => Field::Place,
        Axis::Year => Field::Published,
        Axis::Validity => Field::Validity,
    }
}

/// The terms of every axis, and for each document where it stands on them.
pub fn classify(
    admitted: &[Placed],
    validity: &[Option<Validity>],
    tables: Vec<(Axis, Table)>,
    findings: &mut Vec<Diagnostic>,
) -> (Vec<Terms>, Vec<Places>) {
    let mut declared: HashMap<Axis, Table> = tables.into_iter().collect();
    let mut axes: Vec<Terms> = Axis::ALL
        .into_iter()
        .map(|axis| {
            let open = || Table { open: true, terms: Vec::new(), source: "".into() };
            Terms::of_table(axis, declared.remove(&axis).unwrap_or_else(open))
        })
        .collect();
    for state in Validity::ALL {
        let label = state.label();
        axes[Axis::Validity.index()].add(label, label, label, state.key().into(), None, Some(Organization::default()));
    }
    let docs = admitted.iter().zip(validity).map(|(doc, validity)| {
        let mut terms = Vec::with_capacity(8);
        for axis in &mut axes {
            of_document(axis, doc, *validity, &mut terms, findings);
        }
        terms.into()
    });
    let docs = docs.collect();
    (axes, docs)
}

fn of_document(
    axis: &mut Terms,
    doc: &Placed,
    validity: Option<Validity>,
    terms: &mut Vec<(Axis, TermId)>,
    findings: &mut Vec<Diagnostic>,
) {
    let path = doc.source.as_str();
    for written in written(axis.axis, &doc.front, validity) {
        // of a channel's default the channel is told
        let mut push = |finding| findings.extend(written.span.is_somewhere().then_some(finding));
        if let Some(finding) = axis.too_deep(&written, path) {
            push(finding);
            continue;
        }
        match axis.term(&written.value) {
            Some(term) if terms.contains(&(axis.axis, term)) => {}
            Some(term) => terms.push((axis.axis, term)),
            None => push(axis.unknown(&written, path)),
        }
    }
}

/// What a document says of its place on an axis.
fn written(axis: Axis, front: &Front, validity: Option<Validity>) -> Vec<Located<Text>> {
    let one = |field| front.text(field).map(|text| Located::new(text.into(), front.span(field)));
    let bare = |text: String| Located::new(text.into(), Span::default());
    match axis {
        Axis::Year => front.moment(Field::Published).map(|day| bare(day.year().to_string())).into_iter().collect(),
        Axis::Validity => validity.map(|state| bare(state.label().into())).into_iter().collect(),
        Axis::Issuer => one(Field::Issuer).into_iter().chain(front.list(Field::CoIssuers).iter().cloned()).collect(),
        Axis::Genre => one(Field::Genre).into_iter().collect(),
        _ => front.list(field(axis)).to_vec(),
    }
}

/// Tells what is wrong with the terms of a document that is not public, or of a channel's defaults; it opens no term.
pub fn check(axes: &[Terms], front: &Front, path: &str, findings: &mut Vec<Diagnostic>) {
    for axis in axes {
        for written in written(axis.axis, front, None).into_iter().filter(|written| written.span.is_somewhere()) {
            match axis.too_deep(&written, path) {
                Some(finding) => findings.push(finding),
                None if axis.admits(&written.value) => {}
                None => findings.push(axis.unknown(&written, path)),
            }
        }
    }
}

/// The issuer's canonical name (an alias in the table leads to it).
pub fn issuer_name(axes: &[Terms], terms: &[(Axis, TermId)], front: &Front) -> Arc<str> {
    match terms.iter().find(|(axis, _)| *axis == Axis::Issuer) {
        Some((_, term)) => axes[Axis::Issuer.index()].nodes[*term as usize].name.clone(),
        None => front.text(Field::Issuer).unwrap_or_default().into(),
    }
}

/// The axes with their documents. Terms of closed tables keep the table's order; years run from the newest.
pub fn index(axes: Vec<Terms>, docs: &[Entry]) -> Vec<AxisIndex> {
    let mut order: Vec<DocId> = (0..docs.len() as DocId).collect();
    order.sort_by_key(|id| (docs[*id as usize].published, *id));
    axes.into_par_iter()
        .map(|axis| {
            let mut outs: Vec<Arc<str>> = Vec::with_capacity(axis.nodes.len());
            for node in &axis.nodes {
                let above = match node.parent {
                    Some(parent) => outs[parent as usize].to_string(),
                    None => format!("catalogue/{}/", axis.axis.key()),
                };
                outs.push(format!("{above}{}/", node.slug).into());
            }
            let mut terms: Vec<Term> = axis
                .nodes
                .into_iter()
                .zip(outs)
                .map(|(node, out)| Term {
                    name: node.name,
                    full: node.full,
                    label: node.label,
                    parent: node.parent,
                    out,
                    organization: node.organization,
                    declared: node.declared,
                    docs: Vec::new(),
                })
                .collect();
            for id in &order {
                for term in docs[*id as usize].terms_of(axis.axis) {
                    let mut above = Some(term);
                    while let Some(term) = above {
                        let list = &mut terms[term as usize].docs;
                        if list.last() != Some(id) {
                            list.push(*id);
                        }
                        above = terms[term as usize].parent;
                    }
                }
            }
            AxisIndex::new(axis.axis, terms)
        })
        .collect()
}
