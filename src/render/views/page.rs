//! `page`, `meta`, `crumbs`: what the head of every page says.

use std::borrow::Cow;

use serde::Serialize;

use super::super::{Handed, World};
use super::channel;
use super::frame::{Link, Shared};
use crate::catalogue::{Catalogue, ChannelId};
use crate::config::Config;
use crate::diag::Diagnostic;
use crate::model::hash::Hasher128;
use crate::model::{Hash128, path};
use crate::theme::{self, Value};

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
pub struct Head<'a> {
    /// Before the site's name in `<title>`.
    pub heading: &'a str,
    pub description: &'a str,
    /// From the site's root, not encoded.
    pub out: &'a str,
    /// Url of the top-level channel it lies in.
    pub section: &'a str,
    pub robots: &'static str,
}

pub fn hand(head: Head, world: &World, hand: &mut dyn FnMut(&'static str, &dyn Handed)) {
    let site = &world.config.site;
    let title = match head.heading {
        "" => site.name.clone(),
        heading => [heading, "_", &site.name].concat(),
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
    let meta: Vec<Meta> = site_tags(world.config).chain(tags).filter(|tag| !tag.content.is_empty()).collect();
    hand("meta", &meta);
    hand("crumbs", crumbs);
}

/// What all pages of a channel share, made once.
pub struct OfChannel {
    /// The tags of site and column.
    pub meta: Shared,
    pub crumbs: Shared,
    /// Its title and url.
    pub link: Value,
    /// Url of the top-level channel.
    pub section: String,
    /// Hash of the fields that documents inherit.
    pub defaults: Hash128,
}

impl OfChannel {
    pub fn new(id: ChannelId, catalogue: &Catalogue, config: &Config) -> Self {
        let tags = site_tags(config).chain(column_tags(id, catalogue)).filter(|tag| !tag.content.is_empty());
        let line = catalogue.line(id);
        let crumbs: Vec<Link> = line.iter().map(|id| channel::link(*id, catalogue)).collect();
        Self {
            meta: Shared::new(&tags.collect::<Vec<_>>()),
            crumbs: Shared::new(&crumbs),
            link: theme::value(&channel::link(id, catalogue)),
            defaults: Hash128::of(&catalogue.channel(id).defaults),
            section: line.get(1).map(|id| channel::url(*id, catalogue)).unwrap_or_default(),
        }
    }
}

/// The tags of a channel's document: those it shares with its neighbours, then its own.
pub struct DocumentTags<'a> {
    pub shared: &'a Shared,
    pub own: Vec<Meta<'a>>,
}

impl Handed for DocumentTags<'_> {
    fn feed(&self, hasher: &mut Hasher128) {
        (&self.shared).feed(hasher);
        std::hash::Hash::hash(&self.own, hasher);
    }

    fn value(&self) -> Result<Value, Diagnostic> {
        let own = self.own.iter().filter(|tag| !tag.content.is_empty()).map(theme::value);
        Ok(Value::from(self.shared.elements().iter().cloned().chain(own).collect::<Vec<_>>()))
    }
}

/// A page with nothing to say of itself but its name.
pub fn hand_plain(
    out: &str,
    heading: &str,
    robots: &'static str,
    world: &World,
    give: &mut dyn FnMut(&'static str, &dyn Handed),
) {
    hand(Head { heading, description: "", out, section: "", robots }, world, give);
    hand_tags([], &vec![Link { title: "首页".into(), url: "index.html".into() }], world, give);
}

/// The four tags of a column. What its `_index.md` leaves out is its title, and the type of the channel above.
pub fn column_tags(id: ChannelId, catalogue: &Catalogue) -> Vec<Meta<'static>> {
    let file = &catalogue.channel(id).file;
    let title = catalogue.channel(id).title().to_owned();
    let kind = catalogue.line(id).iter().rev().find_map(|id| catalogue.channel(*id).file.column_type.as_deref());
    vec![
        Meta { name: "ColumnName", content: title.clone().into() },
        Meta { name: "ColumnDescription", content: file.description.as_deref().map_or_else(|| title.clone(), str::to_owned).into() },
        Meta { name: "ColumnKeywords", content: if file.keywords.is_empty() { title } else { file.keywords.join(",") }.into() },
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
