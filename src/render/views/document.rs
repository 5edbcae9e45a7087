//! A document's own page.

use std::hash::Hash;

use serde::Serialize;

use super::super::{Handed, World};
use super::channel;
use super::frame::Link;
use super::list::{self, is_example};
use super::page::{self, DocumentTags, Head, Meta};
use crate::catalogue::{DocId, Entry, Href};
use crate::diag::Diagnostic;
use crate::model::hash::Hasher128;
use crate::model::file::{FileType, readable_size};
use crate::model::{Axis, Field, LinkKind, Moment, RelationKind, Validity};
use crate::theme::{self, Value};

#[derive(Clone, Copy, Default, Hash, Serialize)]
pub struct ValidityView {
    pub key: &'static str,
    pub label: &'static str,
    pub over: bool,
}

pub fn validity(validity: Option<Validity>) -> ValidityView {
    validity.map_or(ValidityView::default(), |validity| ValidityView {
        key: validity.key(),
        label: validity.label(),
        over: validity.is_over(),
    })
}

#[derive(Hash, Serialize)]
struct DocView<'a> {
    title: &'a str,
    url: String,
    index_no: &'a str,
    doc_no: &'a str,
    issuer: &'a str,
    co_issuers: Vec<&'a str>,
    written: String,
    published: String,
    day: String,
    datetime: String,
    updated: String,
    change_note: &'a str,
    source: &'a str,
    author: &'a str,
    summary: &'a str,
    keywords: Vec<&'a str>,
    kind: &'a str,
    series: &'a str,
    issue: &'a str,
    validity: ValidityView,
    example: bool,
    channel: Link,
    attachments: Vec<AttachmentView<'a>>,
}

#[derive(Hash, Serialize)]
struct AttachmentView<'a> {
    title: &'a str,
    name: &'a str,
    url: String,
    kind: &'static str,
    size: String,
    sha256: &'a str,
}

/// The header table: rows of `{label, parts: [{text, url}], validity}`.
struct Header<'a> {
    doc: &'a Entry,
    world: &'a World<'a>,
}

/// The banner of a document that is no longer, or not yet, in force.
#[derive(Default, Hash, Serialize)]
struct Notice {
    key: &'static str,
    text: String,
    links: Vec<Link>,
}

/// Documents that bear on this one, grouped by how.
pub struct Related<'a> {
    groups: Vec<(&'static str, Vec<DocId>)>,
    world: &'a World<'a>,
}

impl Handed for Related<'_> {
    fn feed(&self, hasher: &mut Hasher128) {
        for (label, docs) in &self.groups {
            label.hash(hasher);
            docs.iter().for_each(|id| self.world.catalogue.cards[*id as usize].hash(hasher));
        }
    }

    fn value(&self) -> Result<Value, Diagnostic> {
        let group = |(label, docs): &(&'static str, Vec<DocId>)| {
            theme::map([("label", (*label).into()), ("cards", list::cards(docs, self.world))])
        };
        Ok(Value::from(self.groups.iter().map(group).collect::<Vec<_>>()))
    }
}

pub fn hand(id: DocId, world: &World, give: &mut dyn FnMut(&'static str, &dyn Handed)) {
    let doc = world.catalogue.doc(id);
    let of_channel = &world.of_channels[doc.channel as usize];
    let head = Head {
        heading: doc.title(),
        description: text(doc, Field::Summary),
        out: doc.out.as_str(),
        section: &of_channel.section,
        robots: "",
    };
    page::hand(head, world, give);
    give("meta", &DocumentTags { shared: &of_channel.meta, own: content_tags(doc, world) });
    give("crumbs", &&of_channel.crumbs);
    give("doc", &view(doc, world));
    give("header", &Header { doc, world });
    give("notice", &notice(doc, world));
}

/// What `hand` gives depends on no more than this; cheaper than making the views to hash them. Whoever shows something
/// new of a document must see that it is fed here.
pub fn feed(id: DocId, world: &World, hasher: &mut Hasher128) {
    let catalogue = world.catalogue;
    let doc = catalogue.doc(id);
    let of_channel = &world.of_channels[doc.channel as usize];
    (&of_channel.meta).feed(hasher);
    (&of_channel.crumbs).feed(hasher);
    (&of_channel.section, channel::link(doc.channel, catalogue)).hash(hasher);
    // the fields are what the file states and the channel's defaults
    (doc.hash, of_channel.defaults, &doc.out, &doc.issuer, doc.validity).hash(hasher);
    for (axis, term) in doc.terms.iter() {
        let term = catalogue.axis(*axis).term(*term);
        (axis, &term.full, &term.out).hash(hasher);
    }
    let linked = doc.links.iter().filter_map(|href| match href {
        Href::File(id) => Some(id),
        _ => None,
    });
    for file in doc.attachments.iter().chain(linked).map(|id| catalogue.file(*id)) {
        (file.source.as_str(), &file.out, file.facts.hash, file.facts.size).hash(hasher);
    }
    for relation in &doc.relations {
        (relation.kind, relation.inverse, catalogue.cards[relation.other as usize]).hash(hasher);
    }
}

fn text(doc: &Entry, field: Field) -> &str {
    doc.front.text(field).unwrap_or_default()
}

fn moment(doc: &Entry, field: Field) -> String {
    doc.front.moment(field).map(Moment::text).unwrap_or_default()
}

fn view<'a>(doc: &'a Entry, world: &'a World) -> DocView<'a> {
    let published = doc.published;
    let listed = |field| doc.front.list(field).iter().map(|item| &*item.value).collect();
    DocView {
        title: doc.title(),
        url: doc.out.encoded(),
        index_no: doc.front.index_no().map_or("", |number| number.as_str()),
        doc_no: doc.front.doc_no().map_or("", |number| number.as_str()),
        issuer: text(doc, Field::Issuer),
        co_issuers: listed(Field::CoIssuers),
        written: moment(doc, Field::Written),
        published: published.text(),
        day: published.day().text(),
        datetime: published.w3c(),
        updated: moment(doc, Field::Updated),
        change_note: text(doc, Field::ChangeNote),
        source: source(doc),
        author: text(doc, Field::Author),
        summary: text(doc, Field::Summary),
        keywords: listed(Field::Keywords),
        kind: text(doc, Field::Kind),
        series: text(doc, Field::Series),
        issue: text(doc, Field::Issue),
        validity: validity(doc.validity),
        example: is_example(doc.title()),
        channel: channel::link(doc.channel, world.catalogue),
        attachments: attachments(doc, world),
    }
}

/// 来源: as stated, else the issuer by its present name.
fn source(doc: &Entry) -> &str {
    doc.front.text(Field::Source).unwrap_or(&doc.issuer)
}

fn attachments<'a>(doc: &'a Entry, world: &'a World) -> Vec<AttachmentView<'a>> {
    let stated = doc.front.attachments().iter().zip(doc.attachments.iter());
    stated
        .filter_map(|(stated, id)| {
            let file = world.catalogue.file(*id);
            let name = file.source.name();
            Some(AttachmentView {
                title: stated.title.as_deref().unwrap_or_else(|| name.rsplit_once('.').map_or(name, |(stem, _)| stem)),
                name,
                url: file.out.as_ref()?.encoded(),
                kind: FileType::of(name).map_or("", |kind| kind.label),
                size: readable_size(file.facts.size),
                sha256: &file.facts.sha256,
            })
        })
        .collect()
}

/// The ten content tags in their order: three that must be there, then those that have a value.
fn content_tags(doc: &Entry, world: &World) -> Vec<Meta> {
    let keywords: Vec<&str> = doc.front.list(Field::Keywords).iter().map(|word| &*word.value).collect();
    let address = |out: &str| format!("{}/{out}", world.config.site.base_url);
    let images = doc.body.links.iter().zip(doc.links.iter()).filter(|(link, _)| link.kind == LinkKind::Image);
    let image = images.filter_map(|(_, href)| match href {
        Href::File(id) => world.catalogue.file(*id).out.as_ref().map(|out| address(&out.encoded())),
        _ => None,
    });
    vec![
        Meta { name: "ArticleTitle", content: doc.title().to_owned() },
        Meta { name: "PubDate", content: doc.published.text() },
        Meta { name: "ContentSource", content: source(doc).to_owned() },
        Meta { name: "Keywords", content: keywords.join(",") },
        Meta { name: "Author", content: text(doc, Field::Author).to_owned() },
        Meta { name: "Description", content: text(doc, Field::Summary).to_owned() },
        Meta { name: "Image", content: image.into_iter().next().unwrap_or_default() },
        Meta { name: "Url", content: address(&doc.out.encoded()) },
    ]
}

impl Handed for Header<'_> {
    /// `feed` of the whole document covers it.
    fn feed(&self, _: &mut Hasher128) {}

    /// The rows that have a value, in the order of official pages.
    fn value(&self) -> Result<Value, Diagnostic> {
        let Header { doc, world } = *self;
        let front = &doc.front;
        let plain = |label: &'static str, text: String| (!text.is_empty()).then(|| row(label, vec![part(&text, "")], ""));
        let day = |label, field| plain(label, moment(doc, field));
        let terms = |label: &'static str, axis: Axis| {
            let parts: Vec<Value> = doc.terms_of(axis).map(|term| world.frame.term(axis, term)).collect();
            (!parts.is_empty()).then(|| row(label, parts, ""))
        };
        let state = validity(doc.validity);
        let rows = [
            plain("索引号", front.index_no().map(|number| number.as_str().to_owned()).unwrap_or_default()),
            plain("文号", front.doc_no().map(|number| number.as_str().to_owned()).unwrap_or_default()),
            issuer_row(doc, world),
            day("成文日期", Field::Written),
            day("公开日期", Field::Published),
            doc.validity.map(|_| row("有效性", vec![part(state.label, "")], state.key)),
            day("生效日期", Field::Effective),
            day("有效期至", Field::Expires),
            day("废止日期", Field::Repealed),
            terms("主题分类", Axis::Subject),
            terms("体裁分类", Axis::Genre),
            terms("组配分类", Axis::Category),
            terms("服务对象", Axis::Audience),
            terms("地域", Axis::Place),
        ];
        Ok(Value::from(rows.into_iter().flatten().collect::<Vec<_>>()))
    }
}

/// The issuer as the document writes it (an old name stays on an old page), leading to the body it is now.
fn issuer_row(doc: &Entry, world: &World) -> Option<Value> {
    let written = text(doc, Field::Issuer);
    let index = world.catalogue.axis(Axis::Issuer);
    let parts = doc.terms_of(Axis::Issuer).enumerate().map(|(at, id)| match at {
        0 if *index.term(id).full != *written => part(written, &term_url(&index.term(id).out)),
        _ => world.frame.term(Axis::Issuer, id),
    });
    let parts: Vec<Value> = parts.collect();
    (!parts.is_empty()).then(|| row("发布机构", parts, ""))
}

fn row(label: &'static str, parts: Vec<Value>, validity: &'static str) -> Value {
    theme::map([("label", label.into()), ("parts", parts.into()), ("validity", validity.into())])
}

pub fn part(text: &str, url: &str) -> Value {
    theme::map([("text", text.into()), ("url", url.into())])
}

pub fn term_url(folder: &str) -> String {
    format!("{}index.html", crate::model::path::encode(folder))
}

/// Why the document is not (or not wholly, or not yet) in force, and which documents did it.
fn notice(doc: &Entry, world: &World) -> Notice {
    let by = |kinds: &[RelationKind]| -> Vec<Link> {
        let sources = doc.relations.iter().filter(|relation| relation.inverse && kinds.contains(&relation.kind));
        sources.map(|relation| link(Some(relation.other), world)).collect()
    };
    let on = |field, before: &str, after: &str| match doc.front.moment(field) {
        Some(day) => format!("{before}{}{after}", day.day().chinese()),
        None => String::new(),
    };
    match doc.validity {
        Some(state @ Validity::Repealed) => {
            let day = on(Field::Repealed, "已于", "");
            let text = if day.is_empty() { "本文件已经废止，仅供查阅。".into() } else { format!("本文件{day}废止，仅供查阅。") };
            Notice { key: state.key(), text, links: by(&[RelationKind::Repeals, RelationKind::Replaces]) }
        }
        Some(state @ Validity::Expired) => {
            let day = on(Field::Expires, "有效期至", "，");
            Notice { key: state.key(), text: format!("本文件{day}已经失效，仅供查阅。"), links: Vec::new() }
        }
        Some(state @ Validity::NotYet) => {
            let day = on(Field::Effective, "自", "起生效，");
            Notice { key: state.key(), text: format!("本文件{day}目前尚未生效。"), links: Vec::new() }
        }
        Some(state @ Validity::Amended) => {
            Notice { key: state.key(), text: "本文件已经修改，请一并查阅修改它的文件。".into(), links: by(&[RelationKind::Amends]) }
        }
        Some(Validity::InForce) | None => Notice::default(),
    }
}

/// Relations to and from the document, in the order of their kinds; what is newest first.
pub fn relations<'a>(id: DocId, world: &'a World<'a>) -> Related<'a> {
    let doc = world.catalogue.doc(id);
    let kinds = [true, false].into_iter().flat_map(|inverse| RelationKind::ALL.map(|kind| (kind, inverse)));
    let groups = kinds.filter_map(|(kind, inverse)| {
        let ends = doc.relations.iter().filter(|end| end.kind == kind && end.inverse == inverse);
        let mut others: Vec<DocId> = ends.map(|end| end.other).collect();
        others.sort_by_key(|id| (std::cmp::Reverse(world.catalogue.doc(*id).published), *id));
        let label = if inverse { kind.inverse_label() } else { kind.label() };
        (!others.is_empty()).then_some((label, others))
    });
    Related { groups: if doc.relations.is_empty() { Vec::new() } else { groups.collect() }, world }
}

/// Title and url of a document; both empty without one.
pub fn link(id: Option<DocId>, world: &World) -> Link {
    id.map_or(Link::default(), |id| {
        let doc = world.catalogue.doc(id);
        Link { title: doc.title().to_owned(), url: doc.out.encoded() }
    })
}

pub fn hand_redirect(id: DocId, world: &World, give: &mut dyn FnMut(&'static str, &dyn Handed)) {
    let doc = world.catalogue.doc(id);
    page::hand_plain(doc.out.as_str(), doc.title(), "noindex", world, give);
    give("target", &doc.out.encoded());
    give("target_title", &doc.title());
}
