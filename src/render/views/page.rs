//! `page`, `meta`, `crumbs`: what the head of every page says.

use std::borrow::Cow;

use serde::Serialize;

use super::super::{Handed, World};
use super::channel;
use super::frame::{Link, Shared};
use crate::catalogue::{Catalogue, ChannelId};
use crate::config::Config;
use crate::diag::Diagnostic;
use crate::model::{Hash128, path};
use crate::theme::{self, Context, Theme, Value};

#[derive(Hash, Serialize)]
struct PageView<'a> {
    title: String,
    heading: &'a str,
    description: &'a str,
    url: String,
    canonical: String,
    section: &'a str,
    robots: &'static str,
}

/// A tag of 国办发〔2017〕47号.
#[derive(Hash, Serialize)]
pub struct Meta<'a> {
    pub name: &'static str,
    pub content: Cow<'a, str>,
}

/// What a page says of itself.
#[derive(Default)]
pub struct Head<'a> {
    /// Before the site's name in `<title>`.
    pub heading: &'a str,
    pub description: &'a str,
    /// From the site's root, not encoded.
    pub out: &'a str,
    /// Which of several pages it is, for `<title>`; the first needs not say so.
    pub number: usize,
    /// Url of the top-level channel it lies in.
    pub section: &'a str,
    pub robots: &'static str,
}

pub fn hand(head: Head, world: &World, hand: &mut dyn FnMut(&'static str, &dyn Handed)) {
    let site = &world.config.site;
    let title = match (head.heading, head.number) {
        ("", _) => site.name.clone(),
        (heading, 0) => [heading, "_", &site.name].concat(),
        (heading, number) => format!("{heading} 第{number}页_{}", site.name),
    };
    let url = path::encode(head.out);
    let canonical = match head.robots {
        "" => [site.base_url.as_str(), "/", if url == "index.html" { "" } else { &url }].concat(),
        _ => String::new(),
    };
    let Head { heading, description, section, robots, .. } = head;
    hand("page", &PageView { title, heading, description, url, canonical, section, robots });
}

/// The three tags of the site; one that is not configured is left out.
fn site_tags(config: &Config) -> impl Iterator<Item = Meta<'_>> {
    let site = &config.site;
    let tags = [("SiteName", &site.name), ("SiteDomain", &site.domain), ("SiteIDCode", &site.id_code)];
    tags.map(|(name, content)| Meta { name, content: content.as_str().into() }).into_iter()
}

/// `meta` and `crumbs` of a page that is one of few.
pub fn hand_tags<'a>(
    tags: impl IntoIterator<Item = Meta<'a>>,
    crumbs: &Vec<Link>,
    world: &'a World,
    hand: &mut dyn FnMut(&'static str, &dyn Handed),
) {
    let meta: Vec<Meta> = site_tags(&world.config).chain(tags).filter(|tag| !tag.content.is_empty()).collect();
    hand("shared_meta", &"");
    hand("meta", &meta);
    hand("crumbs", crumbs);
    hand("trail", &"");
}

/// What all pages of a channel share, made once.
pub struct OfChannel {
    /// The tags of site and column, as HTML.
    pub shared_meta: Shared,
    pub crumbs: Shared,
    /// The crumbs of documents as HTML: of those as deep as the channel, one deeper, and so on.
    trails: Vec<Shared>,
    depth: usize,
    /// Its title and url.
    pub link: Value,
    /// Url of the top-level channel.
    pub section: String,
    /// Hash of the fields that documents inherit.
    pub defaults: Hash128,
}

impl OfChannel {
    /// A finding if a part of the theme cannot be rendered. No page lies deeper than `deepest`.
    pub fn new(
        id: ChannelId,
        catalogue: &Catalogue,
        config: &Config,
        theme: &Theme,
        deepest: usize,
    ) -> Result<Self, Diagnostic> {
        let tags = site_tags(config).chain(column_tags(id, catalogue)).filter(|tag| !tag.content.is_empty());
        let line = catalogue.line(id);
        let crumbs: Vec<Link> = line.iter().map(|id| channel::link(*id, catalogue)).collect();
        let crumbs = Shared::new(&crumbs);
        let depth = path::depth(&catalogue.channel(id).out);
        let trail = |depth: usize| {
            let values = [("root", Value::from("../".repeat(depth))), ("crumbs", crumbs.to_value())];
            Shared::part(TRAIL, &context(values), theme)
        };
        Ok(Self {
            shared_meta: Shared::part(META, &context([("meta", theme::value(&tags.collect::<Vec<_>>()))]), theme)?,
            trails: (depth..=deepest).map(trail).collect::<Result<_, _>>()?,
            depth,
            link: theme::value(&channel::link(id, catalogue)),
            section: line.get(1).map(|id| channel::url(*id, catalogue)).unwrap_or_default(),
            defaults: Hash128::of(&catalogue.channel(id).defaults),
            crumbs,
        })
    }

    /// The crumbs of a document as HTML.
    pub fn trail(&self, out: &str) -> &Shared {
        &self.trails[path::depth(out) - self.depth]
    }
}

const META: &str = "partials/meta.html";
const TRAIL: &str = "partials/trail.html";

fn context<const N: usize>(values: [(&'static str, Value); N]) -> Context {
    let mut context = Context::new();
    values.into_iter().for_each(|(name, value)| context.insert_value(name, value));
    context
}

/// A page with nothing to say of itself but its name.
pub fn hand_plain(
    out: &str,
    heading: &str,
    number: usize,
    robots: &'static str,
    world: &World,
    give: &mut dyn FnMut(&'static str, &dyn Handed),
) {
    hand(Head { heading, out, number, robots, ..Head::default() }, world, give);
    let home = Link { title: "首页".into(), url: "index.html".into() };
    hand_tags([], &vec![home, Link { title: heading.to_owned(), url: path::encode(out) }], world, give);
}

/// The four tags of a column. What its `_index.md` leaves out is its title, and the type of the channel above.
pub fn column_tags(id: ChannelId, catalogue: &Catalogue) -> Vec<Meta<'static>> {
    let file = &catalogue.channel(id).file;
    let title = catalogue.channel(id).title().to_owned();
    let kind = catalogue.line(id).iter().rev().find_map(|id| catalogue.channel(*id).file.column_type.as_deref());
    vec![
        Meta { name: "ColumnName", content: title.clone().into() },
        Meta {
            name: "ColumnDescription",
            content: file.description.as_deref().map_or_else(|| title.clone(), str::to_owned).into(),
        },
        Meta {
            name: "ColumnKeywords",
            content: if file.keywords.is_empty() { title } else { file.keywords.join(",") }.into(),
        },
        Meta { name: "ColumnType", content: kind.unwrap_or("信息公开目录").to_owned().into() },
    ]
}

/// The four tags of a page of the catalogue.
pub fn catalogue_tags(name: &str, description: String) -> Vec<Meta<'static>> {
    vec![
        Meta { name: "ColumnName", content: name.to_owned().into() },
        Meta { name: "ColumnDescription", content: description.into() },
        Meta { name: "ColumnKeywords", content: name.to_owned().into() },
        Meta { name: "ColumnType", content: "信息公开目录".into() },
    ]
}
