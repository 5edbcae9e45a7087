//! The records of a channel: the pages of their list, and the page of each.

use serde::Serialize;

use super::super::World;
use super::catalogue::Give;
use super::channel;
use super::frame::Link;
use super::leaves;
use super::list::{Pager, no_feeds};
use super::page::{self, Head};
use crate::catalogue::records::Column;
use crate::catalogue::{Catalogue, ChannelId, Records};
use crate::model::file::{FileType, readable_size};
use crate::model::path;
use crate::plan::{Index, has_data};

/// A page of the list. What is told of all records stands on the first alone.
#[derive(Hash, Serialize)]
struct ListView<'a> {
    caption: &'a str,
    unit: &'a str,
    total: usize,
    columns: Vec<ColumnView<'a>>,
    /// Whether the records stand under headings.
    grouped: bool,
    groups: Vec<GroupView<'a>>,
    file: FileView<'a>,
    json: String,
    csv: String,
}

#[derive(Hash, Serialize)]
struct ColumnView<'a> {
    label: &'a str,
    number: bool,
    code: bool,
}

/// Records under one heading.
#[derive(Hash, Serialize)]
struct GroupView<'a> {
    title: &'a str,
    rows: Vec<Vec<CellView<'a>>>,
}

#[derive(Hash, Serialize)]
struct CellView<'a> {
    label: &'a str,
    text: &'a str,
    /// Of the record's page, on the cell that says what it is called.
    url: String,
    number: bool,
    /// Should stay in one line.
    code: bool,
}

/// The spreadsheet.
#[derive(Default, Hash, Serialize)]
struct FileView<'a> {
    title: &'a str,
    url: String,
    kind: &'static str,
    size: String,
}

#[derive(Hash, Serialize)]
struct RecordView<'a> {
    title: &'a str,
    url: String,
    caption: &'a str,
    unit: &'a str,
    /// What is empty is left out.
    fields: Vec<FieldView<'a>>,
    /// Where it stands in the list.
    list: String,
}

#[derive(Hash, Serialize)]
struct FieldView<'a> {
    label: &'a str,
    text: &'a str,
    number: bool,
}

/// Page K of the list; the first is a part of the channel's page, which is handed by itself.
pub fn hand_list(id: ChannelId, number: usize, world: &World, give: Give) {
    let catalogue = &world.catalogue;
    if number > 1 {
        hand_further(id, number, world, give);
    }
    give("records", &list(id, number, catalogue));
    give("leaves", &leaves::view(Index::Records(id), number, catalogue));
}

/// What a further page of the list has around it: it introduces nothing and lists nothing else.
fn hand_further(id: ChannelId, number: usize, world: &World, give: Give) {
    let catalogue = &world.catalogue;
    let of_channel = &world.of_channels[id as usize];
    let channel = channel::of(id, catalogue);
    let out = Index::Records(id).out(number, catalogue);
    let head = Head { heading: catalogue.channel(id).title(), out: &out, number, ..Head::default() };
    page::hand(Head { section: &of_channel.section, ..head }, world, give);
    give("shared_meta", &&of_channel.shared_meta);
    give("meta", &Vec::<String>::new());
    give("crumbs", &&of_channel.crumbs);
    give("trail", &"");
    give("channel", &channel);
    give("intro", &"");
    give("pinned", &Vec::<String>::new());
    give("cards", &Vec::<String>::new());
    give("blocks", &Vec::<String>::new());
    give("pager", &Pager::default());
    give("feeds", &no_feeds());
}

fn list(id: ChannelId, number: usize, catalogue: &Catalogue) -> ListView<'_> {
    let records = &catalogue.records[&id];
    let columns = records.shown.iter().map(|column| &records.columns[*column]);
    let rows: Vec<usize> = catalogue.leaf(Index::Records(id), number).collect();
    let groups = rows.chunk_by(|a, b| records.heading(*a) == records.heading(*b)).map(|rows| GroupView {
        title: records.heading(rows[0]).unwrap_or_default(),
        rows: rows.iter().map(|row| cells(records, *row)).collect(),
    });
    let is_first = number == 1;
    let data = |extension| match is_first && has_data(records) {
        true => path::encode(&format!("{}records.{extension}", catalogue.channel(id).out)),
        false => String::new(),
    };
    ListView {
        caption: &records.caption,
        unit: &records.unit,
        total: if is_first { records.rows.len() } else { 0 },
        columns: columns.map(head).collect(),
        grouped: records.is_grouped(),
        groups: groups.collect(),
        file: if is_first { file(records, catalogue) } else { FileView::default() },
        json: data("json"),
        csv: data("csv"),
    }
}

fn head(column: &Column) -> ColumnView<'_> {
    ColumnView { label: &column.name, number: column.is_figure, code: column.is_code }
}

/// The cells of a row of the list.
fn cells(records: &Records, row: usize) -> Vec<CellView<'_>> {
    let record = &records.rows[row];
    let cell = |column: &usize| {
        let out = record.out.as_ref().filter(|_| records.leads(*column));
        let of = &records.columns[*column];
        let url = out.map(|out| out.encoded()).unwrap_or_default();
        let text = &record.cells[*column];
        CellView { label: &of.name, text, url, number: of.is_figure, code: of.is_code }
    };
    records.shown.iter().map(cell).collect()
}

fn file<'a>(records: &Records, catalogue: &'a Catalogue) -> FileView<'a> {
    let file = catalogue.file(records.file);
    let title = file.source.name();
    FileView {
        title,
        url: file.out.as_ref().map(|out| out.encoded()).unwrap_or_default(),
        kind: FileType::of(title).map_or("", |kind| kind.label),
        size: readable_size(file.facts.size),
    }
}

/// The page of the record in a row.
pub fn hand(id: ChannelId, row: usize, world: &World, give: Give) {
    let catalogue = &world.catalogue;
    let records = &catalogue.records[&id];
    let Some(out) = &records.rows[row].out else { return };
    let of_channel = &world.of_channels[id as usize];
    let title = records.name(row);
    let description = format!("{}：{title}", catalogue.channel(id).title());
    let head = Head { heading: title, description: &description, out: out.as_str(), ..Head::default() };
    page::hand(Head { section: &of_channel.section, ..head }, world, give);
    give("shared_meta", &&of_channel.shared_meta);
    give("meta", &Vec::<String>::new());
    give("crumbs", &&of_channel.crumbs);
    give("trail", &of_channel.trail(out.as_str()));
    give("channel", &channel::of(id, catalogue));
    let stated = records.columns.iter().zip(&records.rows[row].cells).filter(|(_, text)| !text.is_empty());
    let fields = stated.map(|(column, text)| FieldView { label: &column.name, text, number: column.is_figure });
    let record = RecordView {
        title,
        url: out.encoded(),
        caption: &records.caption,
        unit: &records.unit,
        fields: fields.collect(),
        list: path::encode(&catalogue.list_of_record(id, row)),
    };
    give("record", &record);
    give("previous", &row.checked_sub(1).map(|row| link(records, row)).unwrap_or_default());
    give("next", &if row + 1 < records.rows.len() { link(records, row + 1) } else { Link::default() });
}

fn link(records: &Records, row: usize) -> Link {
    let url = records.rows[row].out.as_ref().map(|out| out.encoded()).unwrap_or_default();
    Link { title: records.name(row).to_owned(), url }
}
