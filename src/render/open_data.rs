//! A listing as open data: JSON and CSV, in shards of bounded size. Serializers write them, never `format!`. The home of
//! `csv`.
//!
//! `index.*` holds the newest rows, `data_K.*` 200 rows each, counted from the oldest, so that shard K never changes
//! unless its documents do.

use std::hash::Hash;

use serde::Serialize;

use super::World;
use crate::catalogue::{Card, DocId};
use crate::model::hash::Hasher128;
use crate::model::{Axis, Moment, json};
use crate::plan::{List, SHARD, shards};

/// `index.json`: what the listing is, its newest rows, and the other shards, the newest first.
#[derive(Serialize)]
struct Index<'a> {
    title: String,
    /// From the site's root.
    url: String,
    total: usize,
    rows: Vec<Row<'a>>,
    shards: Vec<String>,
}

/// `data_K.json`
#[derive(Serialize)]
struct Shard<'a> {
    title: String,
    url: String,
    number: usize,
    rows: Vec<Row<'a>>,
}

/// A document as a row; dates are `2014-12-04` or `2014-12-04 09:30`, absent values empty texts or lists.
#[derive(Serialize)]
struct Row<'a> {
    index_no: &'a str,
    title: &'a str,
    summary: &'a str,
    /// 生成日期: the day of writing, else of publication.
    formed: String,
    url: String,
    doc_no: &'a str,
    issuer: &'a str,
    written: String,
    published: String,
    effective: String,
    expires: String,
    validity: &'static str,
    subject: Vec<&'a str>,
    genre: Vec<&'a str>,
    category: Vec<&'a str>,
    audience: Vec<&'a str>,
    place: Vec<&'a str>,
    kind: &'a str,
    series: &'a str,
    issue: &'a str,
    keywords: Vec<&'a str>,
}

impl<'a> Row<'a> {
    fn of(card: Card<'a>) -> Self {
        let day = |moment: Option<Moment>| moment.map(|moment| moment.to_string()).unwrap_or_default();
        let terms = |axis: Axis| card.terms.iter().find(|(of, _)| *of == axis).map(|(_, names)| names.clone()).unwrap_or_default();
        Self {
            index_no: card.index_no,
            title: card.title,
            summary: card.summary,
            formed: card.formed().to_string(),
            url: format!("/{}", card.out),
            doc_no: card.doc_no,
            issuer: card.issuer,
            written: day(card.written),
            published: card.published.to_string(),
            effective: day(card.effective),
            expires: day(card.expires),
            validity: card.validity.map_or("", |validity| validity.label()),
            subject: terms(Axis::Subject),
            genre: terms(Axis::Genre),
            category: terms(Axis::Category),
            audience: terms(Axis::Audience),
            place: terms(Axis::Place),
            kind: card.kind,
            series: card.series,
            issue: card.issue,
            keywords: card.keywords,
        }
    }
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
    docs(list, shard, world).for_each(|id| world.catalogue.cards[id as usize].hash(hasher));
}

pub fn json(list: &List, shard: Option<usize>, world: &World) -> Vec<u8> {
    let rows = docs(list, shard, world).map(|id| Row::of(world.catalogue.card(id))).collect();
    let (title, url) = (title(list, world), format!("/{}", world.catalogue.folder(list)));
    let total = world.catalogue.list(list).docs.len();
    match shard {
        Some(number) => json::to_pretty(&Shard { title, url, number, rows }).into_bytes(),
        None => {
            let shards = (1..=shards(total)).rev().map(|number| format!("data_{number}.json")).collect();
            json::to_pretty(&Index { title, url, total, rows, shards }).into_bytes()
        }
    }
}

/// The name of a listing, as readers know it.
fn title(list: &List, world: &World) -> String {
    let catalogue = world.catalogue;
    match list {
        List::Channel(id) if catalogue.channel(*id).parent.is_none() => world.config.site.name.clone(),
        List::Channel(id) => catalogue.channel(*id).title().to_owned(),
        List::Term(axis, term) => catalogue.axis(*axis).term(*term).full.to_string(),
        List::Cell(at, terms) => {
            let axes = &catalogue.crossings[*at].axes;
            let names = axes.iter().zip(terms.iter()).map(|(axis, term)| catalogue.axis(*axis).term(*term).label.to_string());
            names.collect::<Vec<_>>().join(" · ")
        }
    }
}

/// The four statutory columns (条例 art. 12) first.
const COLUMNS: [&str; 18] = [
    "索引号", "名称", "内容概述", "生成日期", "文号", "发布机构", "公开日期", "生效日期", "有效期至", "有效性", "主题分类", "体裁分类", "组配分类",
    "服务对象", "地域", "信息类型", "关键词", "网址",
];

/// UTF-8 with a byte-order mark, so that office programs read it right.
pub fn csv(list: &List, shard: Option<usize>, world: &World) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
    let mut record = |cells: &[&str]| writer.write_record(cells).expect("writing to memory cannot fail");
    record(&COLUMNS);
    for id in docs(list, shard, world) {
        let row = Row::of(world.catalogue.card(id));
        let joined = |names: &[&str]| names.join("；");
        let cells = [
            row.index_no.to_owned(), row.title.to_owned(), row.summary.to_owned(), row.formed, row.doc_no.to_owned(),
            row.issuer.to_owned(), row.published, row.effective, row.expires, row.validity.to_owned(), joined(&row.subject),
            joined(&row.genre), joined(&row.category), joined(&row.audience), joined(&row.place), row.kind.to_owned(),
            joined(&row.keywords), row.url,
        ];
        let guarded: Vec<String> = cells.into_iter().map(guard).collect();
        record(&guarded.iter().map(String::as_str).collect::<Vec<_>>());
    }
    writer.into_inner().expect("writing to memory cannot fail")
}

/// A cell that begins like a formula would be run by a spreadsheet: an apostrophe makes it text (OWASP, CSV injection).
fn guard(cell: String) -> String {
    match cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{cell}"),
        false => cell,
    }
}

/// A plain table as CSV, for the command line.
pub fn table<'a>(header: &[&str], rows: impl Iterator<Item = Vec<&'a str>>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header).expect("writing to memory cannot fail");
    rows.for_each(|row| writer.write_record(row).expect("writing to memory cannot fail"));
    String::from_utf8(writer.into_inner().expect("writing to memory cannot fail")).expect("made of texts")
}
