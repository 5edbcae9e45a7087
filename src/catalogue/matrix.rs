//! What organizations published year by year: each year of each organization a cell, with what is missing in it.

use std::collections::{BTreeMap, BTreeSet};

use super::kinds::KindId;
use super::listings::newest;
use super::select::Names;
use super::terms::{AxisIndex, Term};
use super::{DocId, Entry, TermId, named};
use crate::diag::suggest::did_you_mean;
use crate::diag::{Code, Diagnostic};
use crate::model::block::MatrixBlock;
use crate::model::table::Organization;
use crate::model::{Axis, Located, Text};

#[derive(Clone, Debug)]
pub struct Matrix {
    pub kinds: Vec<KindId>,
    /// Newest first.
    pub years: Vec<i16>,
    pub rows: Vec<Row>,
    /// Documents of these kinds that stand in no cell: they name no year, or their issuer has no row. Newest first.
    pub rest: Vec<DocId>,
}

#[derive(Clone, Debug)]
pub struct Row {
    pub organization: TermId,
    /// By year.
    pub cells: Vec<Cell>,
}

#[derive(Clone, Debug)]
pub struct Cell {
    /// By kind.
    pub entries: Vec<CellEntry>,
}

/// The documents of one kind in a cell.
#[derive(Clone, Debug)]
pub struct CellEntry {
    /// Whether the organization owed one.
    pub is_due: bool,
    /// Newest first.
    pub docs: Vec<DocId>,
}

impl CellEntry {
    pub fn says_anything(&self) -> bool {
        self.is_due || !self.docs.is_empty()
    }
}

impl Cell {
    pub fn says_anything(&self) -> bool {
        self.entries.iter().any(CellEntry::says_anything)
    }
}

impl Row {
    /// Its documents, year by year.
    pub fn docs(&self) -> impl Iterator<Item = DocId> {
        self.cells.iter().flat_map(|cell| &cell.entries).flat_map(|entry| entry.docs.iter().copied())
    }
}

impl Matrix {
    /// (due, published of these): one of each kind in each cell.
    pub fn count(&self) -> (usize, usize) {
        let entries = self.rows.iter().flat_map(|row| &row.cells).flat_map(|cell| &cell.entries);
        let due = entries.filter(|entry| entry.is_due);
        let published = due.clone().filter(|entry| !entry.docs.is_empty()).count();
        (due.count(), published)
    }
}

/// `None` if what the block names is unknown, which is told.
pub fn resolve(
    block: &MatrixBlock,
    docs: &[Entry],
    names: &Names,
    file: &str,
    findings: &mut Vec<Diagnostic>,
) -> Option<Matrix> {
    let index = &names.axes[Axis::Issuer.index()];
    let before = findings.len();
    levels(&block.levels, index, file, findings);
    let exempt = exempt(&block.exempt, index, file, findings);
    let kinds = named::kinds(&block.kinds, file, names.kinds, findings)?;
    if let Some(field) = block.year.as_ref().filter(|field| !named::is_published(&field.value)) {
        named::has_field(field, &kinds, names.kinds, file, findings);
    }
    if findings.len() > before {
        return None;
    }
    let year = block.year.as_ref().map(|field| &*field.value);
    let mut cells: BTreeMap<(TermId, i16), Vec<Vec<DocId>>> = BTreeMap::new();
    let mut issuers: BTreeSet<TermId> = BTreeSet::new();
    let mut occurring: Vec<BTreeSet<i16>> = vec![BTreeSet::new(); kinds.len()];
    let mut all: Vec<DocId> = Vec::new();
    for (id, doc) in (0..).zip(docs) {
        let Some(kind) = doc.kind.and_then(|kind| kinds.iter().position(|other| *other == kind)) else { continue };
        let year = named::year(doc, year, names.kinds);
        let is_outside = |year: i16| block.from.is_some_and(|from| year < from) || block.to.is_some_and(|to| to < year);
        if year.is_some_and(is_outside) {
            continue;
        }
        all.push(id);
        occurring[kind].extend(year);
        issuers.extend(doc.terms_of(Axis::Issuer));
        for (term, year) in doc.terms_of(Axis::Issuer).filter_map(|term| Some((term, year?))) {
            cells.entry((term, year)).or_insert_with(|| vec![Vec::new(); kinds.len()])[kind].push(id);
        }
    }
    // final accounts come a year after budgets: what is due is asked of each kind by itself
    let due_years: Vec<BTreeSet<i16>> = occurring.iter().map(|years| due_years(block, years)).collect();
    let years: BTreeSet<i16> = due_years.iter().chain(&occurring).flatten().copied().collect();
    let years: Vec<i16> = years.into_iter().rev().collect();
    let is_row = |id: TermId, term: &Term| match block.levels.is_empty() {
        true => issuers.contains(&id),
        false => term.declared && is_of(&term.organization, &block.levels),
    };
    let mut terms: Vec<TermId> =
        (0..).zip(&index.terms).filter(|(id, term)| is_row(*id, term)).map(|(id, _)| id).collect();
    terms.sort_by_key(|id| index.order(*id));
    let mut row = |organization: TermId| {
        let is_expected = !exempt.contains(&organization);
        let cell = |year: &i16| {
            let owes = is_expected && owes(&index.term(organization).organization, *year);
            let of_kinds = cells.remove(&(organization, *year)).unwrap_or_else(|| vec![Vec::new(); kinds.len()]);
            let entry = |(kind, ids): (usize, Vec<DocId>)| CellEntry {
                is_due: owes && due_years[kind].contains(year),
                docs: newest(ids, docs),
            };
            Cell { entries: of_kinds.into_iter().enumerate().map(entry).collect() }
        };
        Row { organization, cells: years.iter().map(cell).collect() }
    };
    let says_anything = |row: &Row| row.cells.iter().any(Cell::says_anything);
    let rows: Vec<Row> = terms.into_iter().map(&mut row).filter(says_anything).collect();
    let shown: BTreeSet<DocId> = rows.iter().flat_map(Row::docs).collect();
    let rest = all.into_iter().filter(|id| !shown.contains(id)).collect();
    Some(Matrix { rest: newest(rest, docs), kinds, years, rows })
}

/// Whether an organization owed what was due for a year: it was there, and nobody had taken over from it by the year's end.
fn owes(organization: &Organization, year: i16) -> bool {
    let Organization { from, to, successor, .. } = organization;
    let has_begun = from.as_ref().is_none_or(|from| from.value.year() <= year);
    let is_there = to.as_ref().is_none_or(|to| match successor {
        Some(_) => {
            year < to.value.year() || (year == to.value.year() && to.value.day().to_string().ends_with("-12-31"))
        }
        None => year <= to.value.year(),
    });
    has_begun && is_there
}

/// The years for which a kind is due: all from the first to the last if either is stated, else those for which anyone
/// published it. Nobody is late with what nobody has begun to publish.
fn due_years(block: &MatrixBlock, occurring: &BTreeSet<i16>) -> BTreeSet<i16> {
    if block.from.is_none() && block.to.is_none() {
        return occurring.clone();
    }
    let from = block.from.or_else(|| occurring.first().copied());
    let to = block.to.or_else(|| occurring.last().copied());
    from.zip(to).map_or(BTreeSet::new(), |(from, to)| (from..=to).collect())
}

fn is_of(organization: &Organization, levels: &[Located<Text>]) -> bool {
    organization.level.as_ref().is_some_and(|level| levels.iter().any(|wanted| wanted.value == *level))
}

/// Tells levels that no organization of the table has.
fn levels(wanted: &[Located<Text>], index: &AxisIndex, file: &str, findings: &mut Vec<Diagnostic>) {
    let declared = index.terms.iter().filter(|term| term.declared);
    let known: BTreeSet<&str> = declared.filter_map(|term| term.organization.level.as_deref()).collect();
    for Located { value, span } in wanted.iter().filter(|wanted| !known.contains(&*wanted.value)) {
        let help = did_you_mean(value, known.iter().copied()).unwrap_or_else(|| match known.is_empty() {
            true => "先在 content/_data/organizations.yaml 里给机构写上 level".into(),
            false => format!("机构表里有：{}", known.iter().copied().collect::<Vec<_>>().join("、")),
        });
        let message = format!("机构表里没有级别“{value}”");
        findings.push(Diagnostic::new(Code::G061, file, *span, message).help(help));
    }
}

/// The organizations of these names; one that nobody knows is told.
fn exempt(
    written: &[Located<Text>],
    index: &AxisIndex,
    file: &str,
    findings: &mut Vec<Diagnostic>,
) -> BTreeSet<TermId> {
    let mut exempt = BTreeSet::new();
    for Located { value, span } in written {
        let is_called = |term: &Term| {
            *term.name == **value || *term.full == **value || term.organization.short.as_deref() == Some(value)
        };
        match index.terms.iter().position(is_called) {
            Some(at) => _ = exempt.insert(at as TermId),
            None => {
                let names = index.terms.iter().map(|term| &*term.name);
                let help = did_you_mean(value, names).unwrap_or_else(|| "写机构表里的名称或简称，或删去它".into());
                let message = format!("机构表里没有“{value}”");
                findings.push(Diagnostic::new(Code::G061, file, *span, message).help(help));
            }
        }
    }
    exempt
}
