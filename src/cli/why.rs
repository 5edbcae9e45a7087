//! `gongkai why`: every listing a document appears in, and the rule that put it there.

use super::args::Why;
use super::{Exit, report};
use crate::catalogue::blocks::{PER_CHILD, Target};
use crate::catalogue::channels::Folders;
use crate::catalogue::listings::{Membership, memberships};
use crate::catalogue::select::Names;
use crate::catalogue::{Block, BlockContent, Catalogue, Channel, DocId, Entry, Withheld, terms};
use crate::diag::suggest;
use crate::model::{Axis, BlockBody, path};
use crate::pipeline;

pub fn run(args: &Why) -> Exit {
    let options = args.site.options();
    let loaded = match pipeline::load(&options) {
        Ok(Ok(loaded)) => loaded,
        Ok(Err(report)) => {
            report::findings(&report.findings, &args.site, &options.root);
            return Exit::Findings;
        }
        Err(failure) => return report::failure(&failure),
    };
    let catalogue = &loaded.catalogue;
    let wanted = args.document.trim();
    let bare = wanted.trim_start_matches("./");
    let named = |source: &str, number: Option<&str>| {
        source == bare
            || source.strip_prefix("content/") == Some(bare)
            || number == Some(wanted)
            || bare.ends_with(&format!("/{source}"))
    };
    let number = |entry: &Entry| entry.front.index_no().map(|number| number.as_str().to_owned());
    let url = path::decode(wanted.trim_start_matches('/'));
    let is_it =
        |doc: &Entry| named(doc.source.as_str(), number(doc).as_deref()) || url.as_deref() == Some(doc.out.as_str());
    if let Some(id) = catalogue.docs.iter().position(|doc| is_it(doc)) {
        public(catalogue, id as DocId);
        return Exit::Clean;
    }
    let withheld =
        |held: &&Withheld| named(held.doc.source.as_str(), held.doc.front.index_no().map(|number| number.as_str()));
    if let Some(held) = catalogue.withheld.iter().find(withheld) {
        say!("{}\n  没有公开：{}", held.doc.source, held.reason.text());
        say!("  不出现在任何栏目、目录、订阅和数据里");
        return Exit::Clean;
    }
    let known = catalogue
        .docs
        .iter()
        .map(|doc| doc.source.as_str())
        .chain(catalogue.withheld.iter().map(|held| held.doc.source.as_str()));
    eprintln!("错误：找不到文件“{wanted}”");
    let help = suggest::did_you_mean(wanted, known)
        .unwrap_or_else(|| "写 content/ 起的路径、网址或索引号；gongkai list 列出全部".into());
    eprintln!("  = 建议: {help}");
    Exit::CouldNotRun
}

fn public(catalogue: &Catalogue, id: DocId) {
    let doc = catalogue.doc(id);
    say!("{}\n  {}\n  网址 /{}", doc.source, doc.title(), doc.out);
    if let Some(validity) = doc.validity {
        say!("  有效性 {}", validity.label());
    }
    say!("栏目");
    let folders = Folders::new(&catalogue.channels);
    let names = Names { channels: &catalogue.channels, axes: &catalogue.axes, folders: &folders };
    for channel in 0..catalogue.channels.len() as u32 {
        for membership in memberships(doc, channel, &names) {
            let channel = catalogue.channel(channel);
            let rule = match membership {
                Membership::Own => format!("文件在 {} 里", channel.file.source.as_str().trim_end_matches("_index.md")),
                Membership::AlsoIn => "文件的 also_in 写了它".into(),
                Membership::Select(at) => format!("符合 {} 的第 {} 条组配规则（select）", channel.file.source, at + 1),
            };
            say!("  /{}index.html  {}：{rule}", channel.out, channel.title());
        }
    }
    blocks(catalogue, id);
    say!("目录");
    for axis in Axis::ALL {
        let index = catalogue.axis(axis);
        for term in doc.terms_of(axis).flat_map(|term| index.line(term)) {
            let term = index.term(term);
            say!("  /{}index.html  {}“{}”：{}", term.out, axis.label(), term.full, source(axis, doc));
        }
    }
    for (at, crossing) in catalogue.crossings.iter().enumerate() {
        for (terms, _) in crossing.cells.iter().filter(|(_, docs)| docs.contains(&id)) {
            let list = crate::plan::List::Cell(at, terms.as_slice().into());
            say!("  /{}index.html  {}：site.toml 的 [[catalogue.crossing]]", catalogue.folder(&list), crossing.label());
        }
    }
    let line = catalogue.line(doc.channel);
    let feeds: Vec<String> = line.iter().rev().map(|id| format!("/{}rss.xml", catalogue.channel(*id).out)).collect();
    say!("订阅（最新 20 条之内）\n  {}", feeds.join("  "));
}

/// The blocks of home and channel pages that show the document or link to it.
fn blocks(catalogue: &Catalogue, id: DocId) {
    let all = (0..)
        .zip(catalogue.blocks.iter())
        .flat_map(|(channel, blocks)| blocks.iter().map(move |block| (channel, block)));
    let with: Vec<_> = all.filter(|(_, block)| shows(block, id)).collect();
    if !with.is_empty() {
        say!("区块");
    }
    for (channel, block) in with {
        let channel = catalogue.channel(channel);
        let title = if block.title.is_empty() { String::new() } else { format!("“{}”", block.title) };
        say!("  /{}index.html  {}的区块{title}：{}", channel.out, channel.title(), block_rule(channel, block));
    }
}

fn shows(block: &Block, id: DocId) -> bool {
    match &block.content {
        BlockContent::List { docs, .. } => docs.contains(&id),
        BlockContent::Links(links) => links.iter().any(|(_, target, _)| *target == Target::Doc(id)),
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
        _ => "写有到它的链接".into(),
    };
    format!("{takes}（{} 的第 {} 个区块）", channel.file.source, at + 1)
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
