//! The four parts of the open-information platform, as a block shows them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::listings::ChannelListing;
use super::select::Names;
use super::statute::{self, Coverage};
use super::{ChannelId, DocId, Entry, channels, named};
use crate::diag::Diagnostic;
use crate::model::block::PlatformBlock;
use crate::model::{Axis, Located, Text};

#[derive(Clone, Debug)]
pub struct Platform {
    /// 指南, 制度, 法定主动公开内容, 年报.
    pub channels: [ChannelId; 4],
    /// Where to apply for what is not published.
    pub request: Option<ChannelId>,
    /// The newest of 指南 and of 制度.
    pub newest: [Vec<DocId>; 2],
    pub items: Vec<Coverage>,
    /// Reports by the years that they are about, newest first, organizations in the order of their table; `None`: it names none.
    pub reports: Vec<(Option<i16>, Vec<DocId>)>,
}

/// Documents of a part.
const FEW: usize = 6;

/// `None` if a channel is unknown, which is told of all of them.
pub fn resolve(
    block: &PlatformBlock,
    docs: &[Entry],
    listings: &[ChannelListing],
    names: &Names,
    file: &str,
    findings: &mut Vec<Diagnostic>,
) -> Option<Platform> {
    let mut find =
        |path: &Located<Text>| channels::find(&path.value, path.span, file, names.channels, names.folders, findings);
    let parts = block.parts.each_ref().map(&mut find);
    let request = block.request.as_ref().map(&mut find);
    let [Some(guide), Some(rules), Some(content), Some(reports)] = parts else { return None };
    if request == Some(None) {
        return None;
    }
    let newest = [guide, rules].map(|id| listings[id as usize].recent.iter().copied().take(FEW).collect());
    Some(Platform {
        channels: [guide, rules, content, reports],
        request: request.flatten(),
        newest,
        items: statute::coverage(docs.iter(), names.channels, names.kinds),
        reports: by_year(reports, docs, names),
    })
}

/// The reports of a channel and all below it.
fn by_year(channel: ChannelId, docs: &[Entry], names: &Names) -> Vec<(Option<i16>, Vec<DocId>)> {
    let index = &names.axes[Axis::Issuer.index()];
    let ids = 0..names.channels.len() as ChannelId;
    let below: Vec<bool> = ids.map(|id| channels::line(names.channels, id).contains(&channel)).collect();
    let mut years: BTreeMap<Reverse<Option<i16>>, Vec<DocId>> = BTreeMap::new();
    for (id, doc) in (0..).zip(docs).filter(|(_, doc)| below[doc.channel as usize]) {
        years.entry(Reverse(named::year(doc, None, names.kinds))).or_default().push(id);
    }
    let in_order = |(Reverse(year), mut ids): (Reverse<Option<i16>>, Vec<DocId>)| {
        ids.sort_by_key(|id| {
            let doc = &docs[*id as usize];
            (doc.terms_of(Axis::Issuer).next().map(|term| index.order(term)), Reverse(doc.published), *id)
        });
        (year, ids)
    };
    years.into_iter().map(in_order).collect()
}
