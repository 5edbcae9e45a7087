//! What organizations published year by year.

use serde::Serialize;

use super::super::World;
use super::catalogue::index_url;
use super::list::Cards;
use super::withdrawn;
use crate::catalogue::matrix::{Cell, CellEntry, Matrix, Row};
use crate::catalogue::{Catalogue, DocId};
use crate::model::Axis;

/// Columns of a table: as many as can be taken in at once; older years are in further tables below.
const YEARS: usize = 10;

/// Empty in blocks of other kinds.
#[derive(Hash, Serialize)]
pub struct MatrixView<'a> {
    /// Documents that were due, those of them that are there, and those that are not.
    due: usize,
    published: usize,
    missing: usize,
    /// Whether several kinds share a cell, so that each must say what it is.
    several: bool,
    parts: Vec<Part<'a>>,
    rest: Cards<'a>,
}

/// A table: some years, and whoever owed or published anything in them.
#[derive(Hash, Serialize)]
struct Part<'a> {
    /// `2013—2022`, or each year where some between have no column.
    label: String,
    years: Vec<i16>,
    rows: Vec<RowView<'a>>,
}

#[derive(Hash, Serialize)]
struct RowView<'a> {
    title: &'a str,
    /// What the catalogue has of the organization; empty if that is nothing.
    url: String,
    cells: Vec<CellView<'a>>,
}

#[derive(Hash, Serialize)]
struct CellView<'a> {
    year: i16,
    entries: Vec<EntryView<'a>>,
}

/// The documents of one kind in a cell; if there are none and one was due, it is missing. Nothing that was neither due nor
/// published has an entry.
#[derive(Hash, Serialize)]
struct EntryView<'a> {
    kind: &'a str,
    due: bool,
    docs: Vec<DocView>,
}

/// A document where its place in a table says what it is.
#[derive(Hash, Serialize)]
pub struct DocView {
    title: String,
    url: String,
    day: String,
    /// As on cards, `""` if the document is public.
    pending: String,
    /// As on cards, `""` if nobody withdrew it.
    withdrawn: &'static str,
}

pub fn doc(id: DocId, catalogue: &Catalogue) -> DocView {
    let doc = catalogue.doc(id);
    DocView {
        title: doc.title().to_owned(),
        url: doc.out.encoded(),
        day: doc.published.day().to_string(),
        pending: doc.pending.map(|reason| reason.mark()).unwrap_or_default(),
        withdrawn: withdrawn::mark(doc),
    }
}

/// None of a block of another kind.
pub fn none(world: &World) -> MatrixView<'_> {
    let rest = Cards { docs: Vec::new().into(), world };
    MatrixView { due: 0, published: 0, missing: 0, several: false, parts: Vec::new(), rest }
}

pub fn view<'a>(matrix: &'a Matrix, world: &'a World) -> MatrixView<'a> {
    let (due, published) = matrix.count();
    let starts = (0..matrix.years.len()).step_by(YEARS);
    let parts = starts.map(|start| part(matrix, start, &world.catalogue)).filter(|part| !part.rows.is_empty());
    MatrixView {
        due,
        published,
        missing: due - published,
        several: matrix.kinds.len() > 1,
        parts: parts.collect(),
        rest: Cards { docs: matrix.rest.as_slice().into(), world },
    }
}

fn part<'a>(matrix: &'a Matrix, start: usize, catalogue: &'a Catalogue) -> Part<'a> {
    let years = &matrix.years[start..matrix.years.len().min(start + YEARS)];
    let labels: Vec<&str> = matrix.kinds.iter().map(|kind| &*catalogue.kinds.get(*kind).label).collect();
    let index = catalogue.axis(Axis::Issuer);
    let row = |row: &'a Row| {
        let cells = &row.cells[start..start + years.len()];
        let term = index.term(row.organization);
        cells.iter().any(Cell::says_anything).then(|| RowView {
            title: term.organization.short.as_deref().unwrap_or(&term.label),
            url: if term.docs.is_empty() { String::new() } else { index_url(&term.out) },
            cells: years.iter().zip(cells).map(|(year, shown)| cell(*year, shown, &labels, catalogue)).collect(),
        })
    };
    let (last, first) = (years[0], years[years.len() - 1]);
    // years of which nothing is due have no column, and are no part of what the table says
    let is_whole = usize::try_from(last - first).is_ok_and(|span| span + 1 == years.len());
    let label = match years {
        [year] => year.to_string(),
        _ if is_whole => format!("{first}—{last}"),
        _ => years.iter().rev().map(i16::to_string).collect::<Vec<_>>().join("、"),
    };
    Part { label, years: years.to_vec(), rows: matrix.rows.iter().filter_map(row).collect() }
}

fn cell<'a>(year: i16, shown: &Cell, labels: &[&'a str], catalogue: &Catalogue) -> CellView<'a> {
    let entries = labels.iter().zip(&shown.entries).filter(|(_, entry)| entry.says_anything());
    let view = |(kind, entry): (&&'a str, &CellEntry)| EntryView {
        kind,
        due: entry.is_due,
        docs: entry.docs.iter().map(|id| doc(*id, catalogue)).collect(),
    };
    CellView { year, entries: entries.map(view).collect() }
}
