//! Documents divided into groups and counted: by the terms of an axis, month, kind, channel or timeliness.

use std::collections::BTreeMap;

use super::channels;
use super::kinds::Kinds;
use super::terms::AxisIndex;
use super::{Channel, ChannelId, DocId, Entry};
use crate::model::{Axis, Division, Field, Moment, Workdays};

/// Documents that are counted together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub label: Box<str>,
    pub docs: Vec<DocId>,
}

/// What divisions are read from.
#[derive(Clone, Copy)]
pub struct Grounds<'a> {
    pub channels: &'a [Channel],
    pub axes: &'a [AxisIndex],
    pub kinds: &'a Kinds,
}

/// Working days between writing and publication: fewer than a quarter of the term, the term of art. 26 of the Regulations.
const SOON: usize = 5;
const TERM: usize = 20;
/// Where a document says nothing of what it is divided by.
const UNSAID: &str = "未注明";

/// What the column of groups is called.
pub fn label(by: Division) -> &'static str {
    match by {
        Division::Axis(axis) => axis.label(),
        Division::Month => "月份",
        Division::Kind => "信息类型",
        Division::Channel => "栏目",
        Division::Timeliness => "成文至公开",
    }
}

/// The groups in reading order: those of an axis with several terms of one document overlap, all others do not.
pub fn divide<'a>(ids: &[DocId], by: Division, doc: impl Fn(DocId) -> &'a Entry, on: Grounds) -> Vec<Group> {
    let docs: Vec<(DocId, &Entry)> = ids.iter().map(|id| (*id, doc(*id))).collect();
    match by {
        Division::Axis(Axis::Year) => of_time(&docs, |moment| moment.year().into(), |year| format!("{year}年")),
        Division::Axis(axis) => of_axis(&docs, &on.axes[axis.index()]),
        Division::Month => of_time(&docs, month, month_label),
        Division::Kind => of_kinds(&docs, on.kinds),
        Division::Channel => of_channels(&docs, on.channels),
        Division::Timeliness => of_timeliness(&docs, &on.kinds.workdays),
    }
}

/// By the terms at the top.
fn of_axis(docs: &[(DocId, &Entry)], index: &AxisIndex) -> Vec<Group> {
    let mut groups: BTreeMap<usize, Group> = BTreeMap::new();
    let mut add = |place: usize, label: &str, id: DocId| {
        let group = groups.entry(place).or_insert_with(|| Group { label: label.into(), docs: Vec::new() });
        if group.docs.last() != Some(&id) {
            group.docs.push(id);
        }
    };
    for (id, doc) in docs {
        let mut is_said = false;
        for term in doc.terms_of(index.axis) {
            let top = index.line(term)[0];
            add(index.place(top), &index.term(top).label, *id);
            is_said = true;
        }
        if !is_said {
            add(usize::MAX, UNSAID, *id);
        }
    }
    groups.into_values().collect()
}

/// Every year or month from the first to the last, also those without a document.
fn of_time(docs: &[(DocId, &Entry)], place: fn(Moment) -> i32, label: fn(i32) -> String) -> Vec<Group> {
    let mut by_place: BTreeMap<i32, Vec<DocId>> = BTreeMap::new();
    for (id, doc) in docs {
        by_place.entry(place(doc.published)).or_default().push(*id);
    }
    let Some((first, last)) = by_place.first_key_value().zip(by_place.last_key_value()) else { return Vec::new() };
    let (first, last) = (*first.0, *last.0);
    let group =
        |place: i32| Group { label: label(place).into(), docs: by_place.get(&place).cloned().unwrap_or_default() };
    (first..=last).map(group).collect()
}

fn month(moment: Moment) -> i32 {
    i32::from(moment.year()) * 12 + i32::from(moment.month()) - 1
}

fn month_label(month: i32) -> String {
    format!("{}年{}月", month.div_euclid(12), month.rem_euclid(12) + 1)
}

/// Those with most documents first.
fn of_kinds(docs: &[(DocId, &Entry)], kinds: &Kinds) -> Vec<Group> {
    let mut by_label: BTreeMap<&str, Vec<DocId>> = BTreeMap::new();
    for (id, doc) in docs {
        let label = match doc.kind {
            Some(kind) => &*kinds.get(kind).label,
            None => doc.front.text(Field::Kind).unwrap_or(UNSAID),
        };
        by_label.entry(label).or_default().push(*id);
    }
    let mut groups: Vec<Group> =
        by_label.into_iter().map(|(label, docs)| Group { label: label.into(), docs }).collect();
    groups.sort_by_key(|group| (&*group.label == UNSAID, std::cmp::Reverse(group.docs.len())));
    groups
}

/// By the channels just below the lowest one that all documents stand in, in the order of the tree.
fn of_channels(docs: &[(DocId, &Entry)], channels: &[Channel]) -> Vec<Group> {
    let lines: Vec<Vec<ChannelId>> = docs.iter().map(|(_, doc)| channels::line(channels, doc.channel)).collect();
    let Some(first) = lines.first() else { return Vec::new() };
    let common = |line: &Vec<ChannelId>| first.iter().zip(line).take_while(|(a, b)| a == b).count();
    let depth = lines.iter().map(common).min().unwrap_or(1).max(1);
    let above = first[depth - 1];
    let mut groups: BTreeMap<(usize, ChannelId), Vec<DocId>> = BTreeMap::new();
    let siblings = &channels[above as usize].children;
    for ((id, _), line) in docs.iter().zip(&lines) {
        let channel = line.get(depth).copied().unwrap_or(above);
        let place = siblings.iter().position(|sibling| *sibling == channel);
        groups.entry((place.unwrap_or(usize::MAX), channel)).or_default().push(*id);
    }
    let title = |channel: ChannelId| channels[channel as usize].title().into();
    groups.into_iter().map(|((_, channel), docs)| Group { label: title(channel), docs }).collect()
}

/// How fast documents became public; what was written after its publication counts as at once.
fn of_timeliness(docs: &[(DocId, &Entry)], workdays: &Workdays) -> Vec<Group> {
    let mut groups = [
        format!("{SOON} 个工作日以内"),
        format!("{} 至 {TERM} 个工作日", SOON + 1),
        format!("超过 {TERM} 个工作日"),
        "没有成文日期".into(),
    ]
    .map(|label| Group { label: label.into(), docs: Vec::new() });
    let is_within = |written: Moment, published: Moment, days: usize| {
        workdays.after(written, days).is_none_or(|due| published.day() <= due.value)
    };
    for (id, doc) in docs {
        let at = match doc.front.moment(Field::Written) {
            None => 3,
            Some(written) if is_within(written, doc.published, SOON) => 0,
            Some(written) if is_within(written, doc.published, TERM) => 1,
            Some(_) => 2,
        };
        groups[at].docs.push(*id);
    }
    let is_shown = |at: usize, group: &Group| at < 3 || !group.docs.is_empty();
    groups.into_iter().enumerate().filter(|(at, group)| is_shown(*at, group)).map(|(_, group)| group).collect()
}
