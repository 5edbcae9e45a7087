//! A listing as open data: JSON and CSV, in shards of bounded size; and the records of a channel. Serializers write them, never `format!`. The home of
//! `csv`.
//!
//! `index.*` holds the newest rows, `data_K.*` 200 rows each, counted from the oldest, so that shard K never changes
//! unless its documents do.

mod row;

use std::fmt::Write;
use std::hash::Hash;

use serde::{Serialize, Serializer};

use super::World;
use crate::catalogue::records::Record;
use crate::catalogue::{Card, ChannelId, DocId, FactValue, KindId, Records};
use crate::model::hash::Hasher128;
use crate::model::{Axis, Kind, KindField, Moment, json};
use crate::plan::{List, SHARD, shards};
use row::{Row, Url};

/// `index.json`: what the listing is, its newest rows, and the other shards, the newest first.
#[derive(Serialize)]
struct Index<'a> {
    title: String,
    /// From the site's root.
    url: String,
    total: usize,
    rows: Vec<&'a json::Ready>,
    shards: Vec<String>,
}

/// `data_K.json`
#[derive(Serialize)]
struct Shard<'a> {
    title: String,
    url: String,
    number: usize,
    rows: Vec<&'a json::Ready>,
}

/// The documents of a shard, in reading order.
fn docs<'a>(list: &List, shard: Option<usize>, world: &'a World) -> impl Iterator<Item = DocId> + use<'a> {
    let all = world.catalogue.list(list).docs;
    let (from, to) = match shard {
        Some(number) => ((number - 1) * SHARD, number * SHARD),
        None => (shards(all.len()) * SHARD, all.len()),
    };
    all[from..to].iter().rev().copied()
}

pub fn feed(list: &List, shard: Option<usize>, world: &World, hasher: &mut Hasher128) {
    title(list, world).hash(hasher);
    if shard.is_none() {
        world.catalogue.list(list).docs.len().hash(hasher);
    }
    kind(list, shard, world).map(|kind| world.catalogue.kinds.hash(kind)).hash(hasher);
    docs(list, shard, world).for_each(|id| world.catalogue.cards[id as usize].hash(hasher));
}

/// The kind of all documents of a shard, if it is one.
fn kind(list: &List, shard: Option<usize>, world: &World) -> Option<KindId> {
    let mut kinds = docs(list, shard, world).map(|id| world.catalogue.doc(id).kind);
    let first = kinds.next().flatten()?;
    kinds.all(|kind| kind == Some(first)).then_some(first)
}

/// A document's row, written once for all listings it stands in.
pub struct Written {
    json: Box<json::Ready>,
    csv: Box<[u8]>,
}

fn written(id: DocId, world: &World) -> &Written {
    world.rows.get(id as usize, || {
        let card = world.catalogue.card(id);
        Written { json: json::ready(&Row::of(card)), csv: csv_row(card).into() }
    })
}

pub fn json(list: &List, shard: Option<usize>, world: &World) -> Vec<u8> {
    let rows = docs(list, shard, world).map(|id| &*written(id, world).json).collect();
    let (title, url) = (title(list, world), format!("/{}", world.catalogue.folder(list)));
    let total = world.catalogue.list(list).docs.len();
    match shard {
        Some(number) => json::to_bytes(&Shard { title, url, number, rows }),
        None => {
            let shards = (1..=shards(total)).rev().map(|number| format!("data_{number}.json")).collect();
            json::to_bytes(&Index { title, url, total, rows, shards })
        }
    }
}

/// The name of a listing, as readers know it.
fn title(list: &List, world: &World) -> String {
    let catalogue = &world.catalogue;
    match list {
        List::Channel(id) if catalogue.channel(*id).parent.is_none() => world.config.site.name.clone(),
        List::Channel(id) => catalogue.channel(*id).title().to_owned(),
        List::Term(axis, term) => catalogue.axis(*axis).term(*term).full.to_string(),
        List::Cell(at, terms) => {
            let axes = &catalogue.crossings[*at].axes;
            let names =
                axes.iter().zip(terms.iter()).map(|(axis, term)| catalogue.axis(*axis).term(*term).label.to_string());
            names.collect::<Vec<_>>().join(" · ")
        }
    }
}

/// The four statutory columns (条例 art. 12) first.
const COLUMNS: [&str; 18] = [
    "索引号",
    "名称",
    "内容概述",
    "生成日期",
    "文号",
    "发布机构",
    "公开日期",
    "生效日期",
    "有效期至",
    "有效性",
    "主题分类",
    "体裁分类",
    "组配分类",
    "服务对象",
    "地域",
    "信息类型",
    "关键词",
    "网址",
];

/// UTF-8 with a byte-order mark, so that office programs read it right.
pub fn csv(list: &List, shard: Option<usize>, world: &World) -> Vec<u8> {
    let kind = kind(list, shard, world).map(|kind| world.catalogue.kinds.get(kind));
    let is_stated = |field: &&KindField| {
        let states = |id: DocId| world.catalogue.card(id).data().any(|(other, _)| other.name == field.name);
        // what the kind does not ask for is no column of empty cells
        kind.is_some_and(|kind| !kind.data.is_empty()) || docs(list, shard, world).any(states)
    };
    // a shard of which nothing was withdrawn has no columns for it
    let has_gone = docs(list, shard, world).any(|id| world.catalogue.card(id).withdrawn().is_some());
    let gone = WITHDRAWN.iter().filter(|_| has_gone).map(|name| (*name).to_owned());
    let fields: Vec<&KindField> = kind.into_iter().flat_map(Kind::data_fields).filter(is_stated).collect();
    let mut writer = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
    let own = fields.iter().map(|field| match field.shape.unit() {
        "" => field.label.to_string(),
        unit => format!("{}（{unit}）", field.label),
    });
    let head = COLUMNS.iter().map(|name| (*name).to_owned()).chain(gone).chain(own).map(|mut name| {
        guard(&mut name);
        name
    });
    writer.write_record(head).expect(IN_MEMORY);
    let mut out = writer.into_inner().expect(IN_MEMORY);
    let rows: Vec<(DocId, &[u8])> = docs(list, shard, world).map(|id| (id, &*written(id, world).csv)).collect();
    out.reserve_exact(rows.iter().map(|(_, row)| row.len()).sum());
    for (id, row) in rows {
        out.extend_from_slice(row);
        if has_gone || !fields.is_empty() {
            // further columns stand in the same line
            out.pop();
            out.push(b',');
            out.extend_from_slice(&own_cells(world.catalogue.card(id), has_gone, &fields));
        }
    }
    out
}

/// Columns of shards that hold something withdrawn.
const WITHDRAWN: [&str; 2] = ["撤下日期", "撤下原因"];

/// That a document was withdrawn, and what it states in the fields of its kind, as the end of a line.
fn own_cells(card: Card, has_gone: bool, fields: &[&KindField]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    if has_gone {
        let gone = card.withdrawn().map(|what| [what.day.to_string(), what.cause.label().to_owned()]);
        gone.unwrap_or_default().iter().for_each(|cell| writer.write_field(cell).expect(IN_MEMORY));
    }
    for field in fields {
        let value = card.data().find(|(other, _)| other.name == field.name).map(|(_, value)| value);
        let mut cell = value.map(|value| value.shown().to_string()).unwrap_or_default();
        // a figure may be below zero
        if !matches!(value, Some(FactValue::Number(_))) {
            guard(&mut cell);
        }
        writer.write_field(cell).expect(IN_MEMORY);
    }
    writer.write_record(None::<&[u8]>).expect(IN_MEMORY);
    writer.into_inner().expect(IN_MEMORY)
}

const IN_MEMORY: &str = "writing to memory cannot fail";

fn csv_row(card: Card) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().buffer_capacity(1024).from_writer(Vec::with_capacity(512));
    let mut cell = String::new();
    let mut field = |fill: &dyn Fn(&mut String)| {
        cell.clear();
        fill(&mut cell);
        guard(&mut cell);
        writer.write_field(&cell).expect(IN_MEMORY);
    };
    let day =
        |moment: Option<Moment>| move |cell: &mut String| moment.iter().for_each(|moment| _ = write!(cell, "{moment}"));
    field(&|cell| cell.push_str(card.index_no()));
    field(&|cell| cell.push_str(card.title()));
    field(&|cell| cell.push_str(card.summary()));
    field(&day(Some(card.formed())));
    field(&|cell| cell.push_str(card.doc_no()));
    field(&|cell| cell.push_str(card.issuer()));
    field(&day(Some(card.published())));
    field(&day(card.effective()));
    field(&day(card.expires()));
    field(&|cell| cell.push_str(card.validity().map_or("", |validity| validity.label())));
    for axis in [Axis::Subject, Axis::Genre, Axis::Category, Axis::Audience, Axis::Place] {
        field(&|cell| join(cell, card.terms(axis)));
    }
    field(&|cell| cell.push_str(card.kind_label()));
    field(&|cell| join(cell, card.keywords()));
    field(&|cell| _ = write!(cell, "/{}", card.out()));
    writer.write_record(None::<&[u8]>).expect(IN_MEMORY);
    writer.into_inner().expect(IN_MEMORY)
}

fn join<'a>(cell: &mut String, names: impl Iterator<Item = &'a str>) {
    for (at, name) in names.enumerate() {
        if at > 0 {
            cell.push('；');
        }
        cell.push_str(name);
    }
}

/// Characters that a formula begins with (OWASP, CSV injection). A Chinese spreadsheet takes the full-width ones for the
/// same; what stands behind a tab or a line break at the beginning counts, too.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n'];

/// A cell that begins like a formula would be run by a spreadsheet: an apostrophe makes it text.
fn guard(cell: &mut String) {
    if cell.starts_with(FORMULA) {
        cell.insert(0, '\'');
    }
}

/// `records.json`: all records of a channel.
#[derive(Serialize)]
struct AllRecords<'a> {
    title: &'a str,
    /// From the site's root.
    url: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    unit: &'a str,
    columns: Vec<&'a str>,
    total: usize,
    rows: Vec<RecordRow<'a>>,
}

/// A record: what stands in its columns, by their names. What is empty is left out.
#[derive(Serialize)]
struct RecordRow<'a> {
    /// Of its page.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<Url<'a>>,
    values: Values<'a>,
}

struct Values<'a>(&'a Records, &'a Record);

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let values = self.0.columns.iter().map(|column| &column.name).zip(&self.1.cells);
        serializer.collect_map(values.filter(|(_, text)| !text.is_empty()))
    }
}

/// Everything that the two files say.
pub fn feed_records(id: ChannelId, world: &World, hasher: &mut Hasher128) {
    let records = &world.catalogue.records[&id];
    (&records.caption, &records.unit, &world.catalogue.channel(id).out).hash(hasher);
    records.columns.iter().for_each(|column| column.name.hash(hasher));
    records.rows.iter().for_each(|record| (&record.cells, &record.out).hash(hasher));
}

pub fn records_json(id: ChannelId, world: &World) -> Vec<u8> {
    let records = &world.catalogue.records[&id];
    let row = |record| RecordRow { url: out(record).map(Url), values: Values(records, record) };
    json::to_bytes(&AllRecords {
        title: &records.caption,
        url: format!("/{}", world.catalogue.channel(id).out),
        unit: &records.unit,
        columns: records.columns.iter().map(|column| &*column.name).collect(),
        total: records.rows.len(),
        rows: records.rows.iter().map(row).collect(),
    })
}

fn out(record: &Record) -> Option<&str> {
    record.out.as_ref().map(|out| out.as_str())
}

pub fn records_csv(id: ChannelId, world: &World) -> Vec<u8> {
    let records = &world.catalogue.records[&id];
    let mut writer = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
    let head: Vec<&str> = records.columns.iter().map(|column| &*column.name).collect();
    let rows = records.rows.iter().map(|record| record.cells.iter().map(|cell| &**cell).collect());
    for cells in std::iter::once(head).chain(rows) {
        writer.write_record(cells.into_iter().map(guarded)).expect(IN_MEMORY);
    }
    writer.into_inner().expect(IN_MEMORY)
}

fn guarded(cell: &str) -> String {
    let mut cell = cell.to_owned();
    guard(&mut cell);
    cell
}

/// A plain table as CSV, for the command line.
pub fn table<'a>(header: &[&str], rows: impl Iterator<Item = Vec<&'a str>>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header).expect(IN_MEMORY);
    for row in rows {
        writer.write_record(row.into_iter().map(guarded)).expect(IN_MEMORY);
    }
    String::from_utf8(writer.into_inner().expect(IN_MEMORY)).expect("made of texts")
}
