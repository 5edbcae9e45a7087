//! What the fields of a document's kind say: rows below those of every document, and tables.

use serde::Serialize;

use super::super::World;
use crate::catalogue::{Entry, Fact, FactValue, Href};
use crate::model::file::{FileType, readable_size};
use crate::model::{KindField, OutPath, Shape};

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
    /// Where it leads, from the site's root; empty if nowhere.
    url: String,
}

/// A row for each field but tables, in the kind's order.
pub fn rows<'a>(doc: &'a Entry, world: &'a World) -> Vec<RowView<'a>> {
    // what fields lead to stands after what the body leads to
    let mut leads = doc.links[doc.body.links.len().min(doc.links.len())..].iter();
    let kind = doc.kind.map(|kind| world.catalogue.kinds.get(kind));
    let field = |fact: &'a Fact| {
        let field = kind.map(|kind| &kind.fields[usize::from(fact.field)]).filter(|field| field.public)?;
        let href = matches!(fact.value, FactValue::Link(_)).then(|| leads.next()).flatten();
        let is_named = kind.is_some_and(|kind| kind.header.is_empty() || kind.header.contains(&field.name));
        if !is_named {
            return None;
        }
        let row = row(field, &fact.value)?;
        Some(match href {
            Some(href) => lead(row, href, world),
            None => row,
        })
    };
    doc.facts.iter().filter_map(field).collect()
}

/// A field that leads to a document, by its title, or to a file.
fn lead<'a>(row: RowView<'a>, href: &Href, world: &World) -> RowView<'a> {
    match href {
        Href::Doc(id, _) => {
            let doc = world.catalogue.doc(*id);
            RowView { text: doc.title().to_owned(), url: doc.out.encoded(), ..row }
        }
        Href::Withdrawn(id) => {
            let gone = &world.catalogue.tombstones[*id as usize];
            let url = if gone.has_page() { gone.out.encoded() } else { String::new() };
            RowView { text: "已撤下的文件".into(), url, ..row }
        }
        Href::File(id) => {
            let file = world.catalogue.file(*id);
            let label = FileType::of(file.source.name()).map_or("", |kind| kind.label);
            let text = format!("{}（{label}，{}）", file.source.name(), readable_size(file.facts.size));
            RowView { text, url: file.out.as_ref().map(OutPath::encoded).unwrap_or_default(), ..row }
        }
        _ => row,
    }
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
    Some(RowView { label: &field.label, text, url: String::new() })
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
