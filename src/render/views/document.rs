//! A document's own page.

use std::hash::Hash;

use serde::{Serialize, Serializer};

use super::super::{Handed, World};
use super::channel;
use super::frame::Link;
use super::kind;
use super::list::{Cards, Encoded, is_example};
use super::notice;
use super::page::{self, Head, Meta};
use super::withdrawn;
use crate::catalogue::{DocId, Entry, Href, Reason};
use crate::diag::Diagnostic;
use crate::model::file::{FileType, readable_size};
use crate::model::hash::Hasher128;
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

#[derive(Serialize)]
struct DocView<'a> {
    title: &'a str,
    url: Encoded<'a>,
    index_no: &'a str,
    doc_no: &'a str,
    issuer: &'a str,
    co_issuers: Vec<&'a str>,
    written: Day,
    published: Moment,
    day: Moment,
    datetime: String,
    updated: Day,
    change_note: &'a str,
    source: &'a str,
    author: &'a str,
    summary: &'a str,
    keywords: Vec<&'a str>,
    kind: &'a str,
    series: &'a str,
    issue: &'a str,
    validity: &'a Value,
    example: bool,
    pending: String,
    channel: &'a Value,
    attachments: Vec<AttachmentView<'a>>,
}

impl Handed for DocView<'_> {
    /// `feed` of the whole document covers it.
    fn feed(&self, _: &mut Hasher128) {}

    fn value(&self) -> Result<Value, Diagnostic> {
        Ok(theme::value(self))
    }
}

/// A date, or an empty text.
struct Day(Option<Moment>);

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(moment) => moment.serialize(serializer),
            None => serializer.serialize_str(""),
        }
    }
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

/// The header table.
struct Header<'a> {
    doc: &'a Entry,
    world: &'a World,
}

#[derive(Serialize)]
pub struct Row<'a> {
    pub label: &'static str,
    pub text: Text<'a>,
    pub url: &'a str,
    /// Further values.
    pub more: Vec<&'a Value>,
    pub validity: &'static str,
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum Text<'a> {
    Plain(&'a str),
    Day(Moment),
}

/// A further value of a row.
#[derive(Serialize)]
pub struct Part<'a> {
    pub text: &'a str,
    pub url: &'a str,
}

/// Documents that bear on this one in the same way.
#[derive(Hash, Serialize)]
pub struct Related<'a> {
    label: &'static str,
    cards: Cards<'a>,
}

pub fn hand(id: DocId, world: &World, give: &mut dyn FnMut(&'static str, &dyn Handed)) {
    let doc = world.catalogue.doc(id);
    let of_channel = &world.of_channels[doc.channel as usize];
    let head = Head {
        heading: doc.title(),
        description: text(doc, Field::Summary),
        out: doc.out.as_str(),
        section: &of_channel.section,
        robots: if doc.withdrawn.is_some() { "noindex" } else { "" },
        ..Head::default()
    };
    page::hand(head, world, give);
    give("shared_meta", &&of_channel.shared_meta);
    give("meta", &content_tags(doc, world));
    give("crumbs", &&of_channel.crumbs);
    give("trail", &of_channel.trail(doc.out.as_str()));
    give("doc", &view(doc, world));
    give("header", &Header { doc, world });
    give("own", &kind::rows(doc, world));
    give("tables", &kind::tables(doc, world));
    give("notice", &notice::of(doc, world));
}

/// What `hand` gives depends on no more than this; cheaper than making the views to hash them. Whoever shows something
/// new of a document must see that it is fed here.
pub fn feed(id: DocId, world: &World, hasher: &mut Hasher128) {
    let catalogue = &world.catalogue;
    let doc = catalogue.doc(id);
    let of_channel = &world.of_channels[doc.channel as usize];
    (&of_channel.shared_meta).feed(hasher);
    (&of_channel.crumbs).feed(hasher);
    of_channel.trail(doc.out.as_str()).feed(hasher);
    (&of_channel.section, channel::link(doc.channel, catalogue)).hash(hasher);
    // the fields are what the file states and the channel's defaults
    (doc.hash, of_channel.defaults, &doc.out, &doc.issuer, doc.validity, doc.pending).hash(hasher);
    doc.withdrawn.as_ref().map(|banner| (banner.what, withdrawn::lead(banner.to.as_ref(), world))).hash(hasher);
    doc.kind.map(|kind| catalogue.kinds.hash(kind)).hash(hasher);
    for (axis, term) in doc.terms.iter() {
        (axis, world.frame.term(*axis, *term).hash).hash(hasher);
    }
    let linked = doc.links.iter().filter_map(|href| match href {
        Href::File(id) => Some(id),
        _ => None,
    });
    for file in doc.attachments.iter().chain(linked).map(|id| catalogue.file(*id)) {
        (file.source.as_str(), &file.out, file.facts.hash, file.facts.size).hash(hasher);
    }
    // a reference of its kind shows the title of the other document
    for href in doc.links.iter().skip(doc.body.links.len()) {
        match href {
            Href::Doc(id, _) => catalogue.cards[*id as usize].hash(hasher),
            other => other.hash(hasher),
        }
    }
    for relation in &doc.relations {
        (relation.kind, relation.inverse, catalogue.cards[relation.other as usize]).hash(hasher);
    }
}

fn text(doc: &Entry, field: Field) -> &str {
    doc.front.text(field).unwrap_or_default()
}

fn view<'a>(doc: &'a Entry, world: &'a World) -> DocView<'a> {
    let published = doc.published;
    let listed = |field| doc.front.list(field).iter().map(|item| &*item.value).collect();
    DocView {
        title: doc.title(),
        url: Encoded(doc.out.as_str()),
        index_no: doc.front.index_no().map_or("", |number| number.as_str()),
        doc_no: doc.front.doc_no().map_or("", |number| number.as_str()),
        issuer: text(doc, Field::Issuer),
        co_issuers: listed(Field::CoIssuers),
        written: Day(doc.front.moment(Field::Written)),
        published,
        day: published.day(),
        datetime: published.w3c(),
        updated: Day(doc.front.moment(Field::Updated)),
        change_note: text(doc, Field::ChangeNote),
        source: source(doc),
        author: text(doc, Field::Author),
        summary: text(doc, Field::Summary),
        keywords: listed(Field::Keywords),
        kind: text(doc, Field::Kind),
        series: text(doc, Field::Series),
        issue: text(doc, Field::Issue),
        validity: world.frame.validity(doc.validity),
        example: is_example(doc.title()),
        pending: doc.pending.map(Reason::mark).unwrap_or_default(),
        channel: &world.of_channels[doc.channel as usize].link,
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
fn content_tags<'a>(doc: &'a Entry, world: &World) -> Vec<Meta<'a>> {
    let keywords: Vec<&str> = doc.front.list(Field::Keywords).iter().map(|word| &*word.value).collect();
    let address = |out: &str| format!("{}/{out}", world.config.site.base_url);
    let images = doc.body.links.iter().zip(doc.links.iter()).filter(|(link, _)| link.kind == LinkKind::Image);
    let image = images.filter_map(|(_, href)| match href {
        Href::File(id) => world.catalogue.file(*id).out.as_ref().map(|out| address(&out.encoded())),
        _ => None,
    });
    let tags = [
        Meta { name: "ArticleTitle", content: doc.title().into() },
        Meta { name: "PubDate", content: doc.published.text().into() },
        Meta { name: "ContentSource", content: source(doc).into() },
        Meta { name: "Keywords", content: keywords.join(",").into() },
        Meta { name: "Author", content: text(doc, Field::Author).into() },
        Meta { name: "Description", content: text(doc, Field::Summary).into() },
        Meta { name: "Image", content: image.into_iter().next().unwrap_or_default().into() },
        Meta { name: "Url", content: address(&doc.out.encoded()).into() },
    ];
    tags.into_iter().filter(|tag| !tag.content.is_empty()).collect()
}

impl Handed for Header<'_> {
    /// `feed` of the whole document covers it.
    fn feed(&self, _: &mut Hasher128) {}

    /// The rows that have a value, in the order of official pages.
    fn value(&self) -> Result<Value, Diagnostic> {
        let Header { doc, world } = *self;
        let front = &doc.front;
        let row =
            |label, text: Text, validity| Some(theme::value(&Row { label, text, url: "", more: Vec::new(), validity }));
        let plain = |label, text: Option<&str>| row(label, Text::Plain(text.filter(|text| !text.is_empty())?), "");
        let day = |label, field| row(label, Text::Day(front.moment(field)?), "");
        let state = |state: Validity| row("有效性", Text::Plain(state.label()), state.key());
        let rows = [
            plain("索引号", front.index_no().map(|number| number.as_str())),
            plain("文号", front.doc_no().map(|number| number.as_str())),
            issuer_row(doc, world),
            day("成文日期", Field::Written),
            day("公开日期", Field::Published),
            doc.validity.and_then(state),
            day("生效日期", Field::Effective),
            day("有效期至", Field::Expires),
            day("废止日期", Field::Repealed),
            terms_row(Axis::Subject, doc, world),
            terms_row(Axis::Genre, doc, world),
            terms_row(Axis::Category, doc, world),
            terms_row(Axis::Audience, doc, world),
            terms_row(Axis::Place, doc, world),
        ];
        Ok(Value::from(rows.into_iter().flatten().collect::<Vec<_>>()))
    }
}

/// The document's terms on an axis; most documents have one, whose row they share.
fn terms_row(axis: Axis, doc: &Entry, world: &World) -> Option<Value> {
    let first = doc.terms_of(axis).next()?;
    match doc.terms_of(axis).nth(1) {
        Some(_) => Some(long_row(axis, &world.catalogue.axis(axis).term(first).full, doc, world)),
        None => Some(world.frame.term(axis, first).row.clone()),
    }
}

/// The issuer as the document writes it (an old name stays on an old page), leading to the body it is now.
fn issuer_row(doc: &Entry, world: &World) -> Option<Value> {
    let written = text(doc, Field::Issuer);
    let first = world.catalogue.axis(Axis::Issuer).term(doc.terms_of(Axis::Issuer).next()?);
    if *first.full == *written {
        return terms_row(Axis::Issuer, doc, world);
    }
    Some(long_row(Axis::Issuer, written, doc, world))
}

/// The row of all terms of a document on an axis, of which the first is called `text`.
fn long_row(axis: Axis, text: &str, doc: &Entry, world: &World) -> Value {
    let mut terms = doc.terms_of(axis);
    let url = terms.next().map(|first| term_url(&world.catalogue.axis(axis).term(first).out)).unwrap_or_default();
    let more = terms.map(|term| &world.frame.term(axis, term).part).collect();
    theme::value(&Row { label: axis.label(), text: Text::Plain(text), url: &url, more, validity: "" })
}

pub fn term_url(folder: &str) -> String {
    format!("{}index.html", crate::model::path::encode(folder))
}

/// Relations to and from the document, in the order of their kinds; what is newest first.
pub fn relations<'a>(id: DocId, world: &'a World) -> Vec<Related<'a>> {
    let doc = world.catalogue.doc(id);
    if doc.relations.is_empty() {
        return Vec::new();
    }
    let kinds = [true, false].into_iter().flat_map(|inverse| RelationKind::ALL.map(|kind| (kind, inverse)));
    let groups = kinds.filter_map(|(kind, inverse)| {
        let ends = doc.relations.iter().filter(|end| end.kind == kind && end.inverse == inverse);
        let mut others: Vec<DocId> = ends.map(|end| end.other).collect();
        others.sort_by_key(|id| (std::cmp::Reverse(world.catalogue.doc(*id).published), *id));
        let label = if inverse { kind.inverse_label() } else { kind.label() };
        (!others.is_empty()).then_some(Related { label, cards: Cards { docs: others.into(), world } })
    });
    groups.collect()
}

/// What `link` makes depends on no more than this.
pub fn feed_link(id: Option<DocId>, world: &World, hasher: &mut Hasher128) {
    let doc = id.map(|id| world.catalogue.doc(id));
    doc.map(|doc| (doc.title(), &doc.out)).hash(hasher);
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
    page::hand_plain(doc.out.as_str(), doc.title(), 0, "noindex", world, give);
    give("target", &doc.out.encoded());
    give("target_title", &doc.title());
}
