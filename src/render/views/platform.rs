//! The four parts of the open-information platform, with their fixed names in their fixed order.

use serde::Serialize;

use super::super::World;
use super::channel::link;
use super::frame::Link;
use super::list::Cards;
use super::withdrawn;
use crate::catalogue::platform::Platform;
use crate::catalogue::{Catalogue, Coverage, DocId};
use crate::model::Axis;
use crate::model::statute::Scope;

/// 国办公开办函〔2019〕61号: every body calls them so.
const PARTS: [&str; 4] = ["政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "政府信息公开年报"];
/// Documents of an item of the law that no channel declares.
const FEW: usize = 3;

/// `parts` is empty in blocks of other kinds.
#[derive(Default, Hash, Serialize)]
pub struct PlatformView<'a> {
    parts: Vec<PartView<'a>>,
}

#[derive(Hash, Serialize)]
struct PartView<'a> {
    title: &'static str,
    url: String,
    /// Where to apply for what is not published; empty but beside the first part.
    request: Link,
    /// Its newest documents: of the first two parts.
    cards: Cards<'a>,
    /// Of the third.
    scopes: Vec<ScopeView<'a>>,
    /// Of the fourth.
    years: Vec<YearView>,
}

/// An article, as far as it asks one kind of body.
#[derive(Hash, Serialize)]
struct ScopeView<'a> {
    title: &'static str,
    items: Vec<ItemView<'a>>,
}

#[derive(Hash, Serialize)]
struct ItemView<'a> {
    /// `（七）`; empty where the article does not number its items.
    number: &'static str,
    title: &'static str,
    channels: Vec<Link>,
    count: usize,
    /// If no channel declares it.
    cards: Cards<'a>,
}

#[derive(Hash, Serialize)]
struct YearView {
    /// `2014年`; empty if the reports name none.
    label: String,
    reports: Vec<ReportView>,
}

#[derive(Hash, Serialize)]
struct ReportView {
    /// Whose it is, if that tells it from the others of the year; else empty.
    issuer: String,
    title: String,
    url: String,
    pending: String,
    withdrawn: &'static str,
}

pub fn view<'a>(platform: &'a Platform, world: &'a World) -> PlatformView<'a> {
    let catalogue = &world.catalogue;
    let cards = |docs: &'a [DocId]| Cards { docs: docs.into(), world };
    let part = |(at, title): (usize, &'static str)| PartView {
        title,
        url: link(platform.channels[at], catalogue).url,
        request: platform.request.filter(|_| at == 0).map(|id| link(id, catalogue)).unwrap_or_default(),
        cards: cards(platform.newest.get(at).map_or(&[], Vec::as_slice)),
        scopes: if at == 2 { scopes(&platform.items, world) } else { Vec::new() },
        years: if at == 3 { platform.reports.iter().map(|of| year(of, catalogue)).collect() } else { Vec::new() },
    };
    PlatformView { parts: PARTS.into_iter().enumerate().map(part).collect() }
}

fn scopes<'a>(items: &'a [Coverage], world: &'a World) -> Vec<ScopeView<'a>> {
    let item = |of: &'a Coverage| {
        let newest: Vec<DocId> = match of.channels.is_empty() {
            true => of.newest(&world.catalogue).take(FEW).collect(),
            false => Vec::new(),
        };
        ItemView {
            number: of.item.number(),
            title: of.item.text(),
            channels: of.channels.iter().map(|id| link(*id, &world.catalogue)).collect(),
            count: of.docs.len(),
            cards: Cards { docs: newest.into(), world },
        }
    };
    let scope = |scope: Scope| ScopeView {
        title: scope.label(),
        items: items.iter().filter(|of| of.item.scope() == scope).map(item).collect(),
    };
    Scope::ALL.map(scope).into()
}

fn year((year, ids): &(Option<i16>, Vec<DocId>), catalogue: &Catalogue) -> YearView {
    let issuer = |id: DocId| catalogue.doc(id).terms_of(Axis::Issuer).next();
    let report = |id: &DocId| {
        let doc = catalogue.doc(*id);
        let is_alone = ids.iter().filter(|other| issuer(**other) == issuer(*id)).count() == 1;
        ReportView {
            issuer: if is_alone { catalogue.card(*id).issuer_short().to_owned() } else { String::new() },
            title: doc.title().to_owned(),
            url: doc.out.encoded(),
            pending: doc.pending.map(|reason| reason.mark()).unwrap_or_default(),
            withdrawn: withdrawn::mark(doc),
        }
    };
    YearView {
        label: year.map(|year| format!("{year}年")).unwrap_or_default(),
        reports: ids.iter().map(report).collect(),
    }
}
