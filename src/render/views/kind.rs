//! What the fields of a document's kind say: rows below those of every document, and tables.

use serde::Serialize;

use super::super::World;
use crate::catalogue::{Entry, Fact, FactValue};
use crate::model::{KindField, Shape};

/// A table field.
#[derive(Hash, Serialize)]
pub struct TableView<'a> {
    label: &'a str,
    columns: Vec<ColumnView<'a>>,
    rows: Vec<Vec<CellView<'a>>>,
}

#[derive(Hash, Serialize)]
struct ColumnView<'a> {
    label: &'a str,
    unit: &'a str,
}

#[derive(Hash, Serialize)]
struct CellView<'a> {
    text: &'a str,
    /// Whether it stands at the right, as figures do.
    number: bool,
}

/// The facts that readers see, with their fields.
fn shown<'a>(doc: &'a Entry, world: &'a World) -> impl Iterator<Item = (&'a KindField, &'a Fact)> {
    let kind = doc.kind.map(|kind| world.catalogue.kinds.get(kind));
    let field = move |fact: &'a Fact| Some((&kind?.fields[usize::from(fact.field)], fact));
    doc.facts.iter().filter_map(field).filter(|(field, _)| field.public)
}

/// A field that is no table.
#[derive(Hash, Serialize)]
pub struct RowView<'a> {
    label: &'a str,
    text: String,
}

/// A row for each field but tables, in the kind's order.
pub fn rows<'a>(doc: &'a Entry, world: &'a World) -> Vec<RowView<'a>> {
    shown(doc, world).filter_map(|(field, fact)| row(field, &fact.value)).collect()
}

/// A field with its value and unit; none for a table.
pub fn row<'a>(field: &'a KindField, value: &FactValue) -> Option<RowView<'a>> {
    let unit = field.shape.unit();
    let text = match value {
        FactValue::Table(_) | FactValue::Annual(_) => return None,
        FactValue::Number(_) if unit == "%" => format!("{}%", value.shown()),
        FactValue::Number(_) if !unit.is_empty() => format!("{} {unit}", value.shown()),
        value => value.shown().into(),
    };
    Some(RowView { label: &field.label, text })
}

/// The table fields, in the kind's order.
pub fn tables<'a>(doc: &'a Entry, world: &'a World) -> Vec<TableView<'a>> {
    let table = |(field, fact): (&'a KindField, &'a Fact)| match (&field.shape, &fact.value) {
        (Shape::Table(columns), FactValue::Table(rows)) => {
            let is_number = |at: usize| matches!(columns[at].shape, Shape::Money(_) | Shape::Number(_));
            let cell = |(at, text): (usize, &'a crate::model::Text)| CellView { text, number: is_number(at) };
            Some(TableView {
                label: &field.label,
                columns: columns
                    .iter()
                    .map(|column| ColumnView { label: &column.label, unit: column.shape.unit() })
                    .collect(),
                rows: rows.iter().map(|row| row.iter().enumerate().map(cell).collect()).collect(),
            })
        }
        _ => None,
    };
    shown(doc, world).filter_map(table).collect()
}
