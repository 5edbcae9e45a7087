//! `page`, `meta`, `crumbs`: what the head of every page says.

use serde::Serialize;

use super::super::{Handed, World};
use super::frame::Link;
use crate::catalogue::ChannelId;
use crate::model::path;

#[derive(Hash, Serialize)]
struct PageView {
    title: String,
    heading: String,
    description: String,
    url: String,
    canonical: String,
    section: String,
    robots: &'static str,
}

/// A tag of 国办发〔2017〕47号.
#[derive(Hash, Serialize)]
pub struct Meta {
    pub name: &'static str,
    pub content: String,
}

/// What a page says of itself.
pub struct Head<'a> {
    /// Before the site's name in `<title>`.
    pub heading: String,
    pub description: &'a str,
    /// From the site's root, not encoded.
    pub out: &'a str,
    /// Url of the top-level channel it lies in.
    pub section: String,
    pub robots: &'static str,
    pub crumbs: Vec<Link>,
    /// After the three tags of the site.
    pub meta: Vec<Meta>,
}

pub fn hand(head: Head, world: &World, hand: &mut dyn FnMut(&'static str, &dyn Handed)) {
    let site = &world.config.site;
    let title = match head.heading.as_str() {
        "" => site.name.clone(),
        heading => format!("{heading}_{}", site.name),
    };
    let url = path::encode(head.out);
    let canonical = match head.robots {
        "" => format!("{}/{}", site.base_url, url.strip_suffix("index.html").filter(|folder| folder.is_empty()).unwrap_or(&url)),
        _ => String::new(),
    };
    hand(
        "page",
        &PageView {
            title,
            heading: head.heading,
            description: head.description.to_owned(),
            url,
            canonical,
            section: head.section,
            robots: head.robots,
        },
    );
    let of_site = [("SiteName", &site.name), ("SiteDomain", &site.domain), ("SiteIDCode", &site.id_code)];
    let of_site = of_site.into_iter().map(|(name, content)| Meta { name, content: content.clone() });
    let meta: Vec<Meta> = of_site.chain(head.meta).filter(|tag| !tag.content.is_empty()).collect();
    hand("meta", &meta);
    hand("crumbs", &head.crumbs);
}

/// A page with nothing to say of itself but its name.
pub fn hand_plain(
    out: &str,
    heading: &str,
    robots: &'static str,
    world: &World,
    give: &mut dyn FnMut(&'static str, &dyn Handed),
) {
    let head = Head {
        heading: heading.to_owned(),
        description: "",
        out,
        section: String::new(),
        robots,
        crumbs: vec![Link { title: "首页".into(), url: "index.html".into() }],
        meta: Vec::new(),
    };
    hand(head, world, give);
}

/// The four tags of a column. What its `_index.md` leaves out is its title, and the type of the channel above.
pub fn column_tags(id: ChannelId, world: &World) -> Vec<Meta> {
    let catalogue = world.catalogue;
    let file = &catalogue.channel(id).file;
    let title = catalogue.channel(id).title().to_owned();
    let kind = catalogue.line(id).iter().rev().find_map(|id| catalogue.channel(*id).file.column_type.as_deref());
    vec![
        Meta { name: "ColumnName", content: title.clone() },
        Meta { name: "ColumnDescription", content: file.description.as_deref().map_or_else(|| title.clone(), str::to_owned) },
        Meta { name: "ColumnKeywords", content: if file.keywords.is_empty() { title } else { file.keywords.join(",") } },
        Meta { name: "ColumnType", content: kind.unwrap_or("信息公开目录").to_owned() },
    ]
}

/// The four tags of a page of the catalogue.
pub fn catalogue_tags(name: &str, description: String) -> Vec<Meta> {
    vec![
        Meta { name: "ColumnName", content: name.to_owned() },
        Meta { name: "ColumnDescription", content: description },
        Meta { name: "ColumnKeywords", content: name.to_owned() },
        Meta { name: "ColumnType", content: "信息公开目录".into() },
    ]
}
