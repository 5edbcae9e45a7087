//! Why a document stands where it stands: every listing that it appears in, with the rule that put it there.

use super::List;
use crate::catalogue::blocks::{PER_CHILD, Target};
use crate::catalogue::channels::Folders;
use crate::catalogue::listings::{Membership, memberships};
use crate::catalogue::select::Names;
use crate::catalogue::{Block, BlockContent, Catalogue, Channel, ChannelId, DocId, Entry, terms};
use crate::model::{Axis, BlockBody};

/// A page that lists a document or links to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// From the site's root, not encoded.
    pub out: String,
    pub title: String,
    /// In Chinese.
    pub rule: String,
}

/// Everywhere that a document appears.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Why {
    pub channels: Vec<Place>,
    pub blocks: Vec<Place>,
    pub catalogue: Vec<Place>,
    /// Feeds that have it while it is among the newest, from the nearest channel up.
    pub feeds: Vec<String>,
}

/// Where a public document appears.
pub fn why(catalogue: &Catalogue, id: DocId) -> Why {
    let members = members(catalogue, id);
    Why {
        feeds: if catalogue.doc(id).withdrawn.is_some() { Vec::new() } else { feeds(catalogue, &members) },
        channels: members.into_iter().map(|(_, place)| place).collect(),
        blocks: blocks(catalogue, id),
        catalogue: terms_and_crossings(catalogue, id),
    }
}

fn index(folder: &str) -> String {
    format!("{folder}index.html")
}

/// The feeds of the channels that list the document, and of those above them.
fn feeds(catalogue: &Catalogue, members: &[(ChannelId, Place)]) -> Vec<String> {
    let mut feeds = Vec::new();
    for channel in members.iter().flat_map(|(channel, _)| catalogue.line(*channel).into_iter().rev()) {
        let feed = format!("{}rss.xml", catalogue.channel(channel).out);
        if !feeds.contains(&feed) {
            feeds.push(feed);
        }
    }
    feeds
}

/// The channels that list the document, its own first.
fn members(catalogue: &Catalogue, id: DocId) -> Vec<(ChannelId, Place)> {
    let doc = catalogue.doc(id);
    let folders = Folders::new(&catalogue.channels);
    let names =
        Names { channels: &catalogue.channels, axes: &catalogue.axes, folders: &folders, kinds: &catalogue.kinds };
    let mut places = Vec::new();
    for of in 0..catalogue.channels.len() as ChannelId {
        for membership in memberships(doc, of, &names) {
            let channel = catalogue.channel(of);
            let rule = match membership {
                Membership::Own => format!("文件在 {} 里", channel.file.source.as_str().trim_end_matches("_index.md")),
                Membership::AlsoIn => "文件的 also_in 写了它".into(),
                Membership::Select(at) => format!("符合 {} 的第 {} 条组配规则（select）", channel.file.source, at + 1),
            };
            places.push((of, Place { out: index(&channel.out), title: channel.title().to_owned(), rule }));
        }
    }
    places.sort_by_key(|(channel, _)| *channel != doc.channel);
    places
}

/// The blocks of home and channel pages that show the document or link to it.
fn blocks(catalogue: &Catalogue, id: DocId) -> Vec<Place> {
    let all = (0..).zip(catalogue.blocks.iter());
    let all = all.flat_map(|(channel, blocks)| blocks.iter().map(move |block| (channel, block)));
    let with = all.filter(|(_, block)| shows(block, id));
    with.flat_map(|(channel, block)| {
        let channel = catalogue.channel(channel);
        let title = if block.title.is_empty() { String::new() } else { format!("“{}”", block.title) };
        let title = format!("{}的区块{title}", channel.title());
        let own = Place { out: index(&channel.out), title, rule: block_rule(channel, block) };
        std::iter::once(own).chain(towns(catalogue, channel, block, id))
    })
    .collect()
}

/// The pages of towns that tell of the document.
fn towns<'a>(
    catalogue: &'a Catalogue,
    channel: &'a Channel,
    block: &'a Block,
    id: DocId,
) -> impl Iterator<Item = Place> + 'a {
    let towns = match &block.content {
        BlockContent::Places(places) => places.towns.as_slice(),
        _ => &[],
    };
    towns.iter().filter(move |town| town.docs.contains(&id)).filter_map(move |town| {
        let title = format!("{}：{}", channel.title(), catalogue.axis(Axis::Place).term(town.term).label);
        Some(Place { out: town.out.as_ref()?.to_string(), title, rule: block_rule(channel, block) })
    })
}

fn shows(block: &Block, id: DocId) -> bool {
    match &block.content {
        BlockContent::List { docs, .. } => docs.contains(&id),
        BlockContent::Links(links) => links.iter().any(|(_, target, _)| *target == Target::Doc(id)),
        BlockContent::Matrix(matrix) => {
            matrix.rest.contains(&id) || matrix.rows.iter().any(|row| row.docs().any(|other| other == id))
        }
        BlockContent::Places(places) => {
            places.rest.contains(&id) || places.towns.iter().any(|town| town.docs.contains(&id))
        }
        BlockContent::Platform(platform) => {
            let reports = platform.reports.iter().flat_map(|(_, ids)| ids);
            platform.newest.iter().flatten().chain(reports).any(|other| *other == id)
        }
        BlockContent::Terms { .. } | BlockContent::Channels { .. } => false,
    }
}

/// Which block of which file it is, and what it takes in.
fn block_rule(channel: &Channel, block: &Block) -> String {
    let Some(at) = block.declared else {
        return format!("下级栏目最新的 {PER_CHILD} 条之内（{} 没有写 blocks）", channel.file.source);
    };
    let declared = channel.file.blocks.as_ref().and_then(|blocks| blocks.get(at));
    let takes = match declared.map(|block| &block.body) {
        Some(BlockBody::List { select, limit, .. }) if select.is_empty() => format!("最新的 {limit} 条之内"),
        Some(BlockBody::List { limit, .. }) => format!("符合组配规则（select）的最新 {limit} 条之内"),
        Some(BlockBody::Matrix(_)) => "它的信息类型、机构和年度".into(),
        Some(BlockBody::Places(_)) => "它的信息类型和地域".into(),
        Some(BlockBody::Platform(_)) => "平台的四部分".into(),
        _ => "写有到它的链接".into(),
    };
    format!("{takes}（{} 的第 {} 个区块）", channel.file.source, at + 1)
}

fn terms_and_crossings(catalogue: &Catalogue, id: DocId) -> Vec<Place> {
    let doc = catalogue.doc(id);
    let mut places = Vec::new();
    for axis in Axis::ALL {
        let of_axis = catalogue.axis(axis);
        for term in doc.terms_of(axis).flat_map(|term| of_axis.line(term)) {
            let term = of_axis.term(term);
            let title = format!("{}“{}”", axis.label(), term.full);
            places.push(Place { out: index(&term.out), title, rule: source(axis, doc) });
        }
    }
    for (at, crossing) in catalogue.crossings.iter().enumerate() {
        for (terms, _) in crossing.cells.iter().filter(|(_, docs)| docs.contains(&id)) {
            let list = List::Cell(at, terms.as_slice().into());
            let rule = "site.toml 的 [[catalogue.crossing]]".into();
            places.push(Place { out: index(&catalogue.folder(&list)), title: crossing.label(), rule });
        }
    }
    places
}

/// The field, or the rule, from which the document's term comes.
fn source(axis: Axis, doc: &Entry) -> String {
    let field = terms::field(axis);
    let spec = field.spec();
    match axis {
        Axis::Year => "公开日期（published）的年份".into(),
        Axis::Validity if doc.front.validity() != doc.validity => "由日期和关联算出".into(),
        _ if doc.front.span(field).end == 0 => format!("栏目 defaults 的 {}（{}）", spec.key, spec.labels[0]),
        _ => format!("字段 {}（{}）", spec.key, spec.labels[0]),
    }
}
