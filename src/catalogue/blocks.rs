//! What the blocks of home and channel pages hold.

use super::channels;
use super::listings::{ChannelListing, newest};
use super::lookup::{Finder, Found};
use super::matrix::{self, Matrix};
use super::places::{self, Places};
use super::platform::{self, Platform};
use super::select::{self, Names, Rule};
use super::{ChannelId, DocId, Entry, TermId};
use crate::diag::{Code, Diagnostic, Severity};
use crate::model::block::BlockLink;
use crate::model::{self, Axis, BlockBody};

/// A block with everything in it looked up.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its place among the blocks that the channel declares; `None` if the page makes it by itself.
    pub declared: Option<usize>,
    pub title: Box<str>,
    pub content: BlockContent,
}

#[derive(Clone, Debug)]
pub enum BlockContent {
    /// Documents, newest first, and the channel that has more of them.
    List {
        more: Option<ChannelId>,
        docs: Vec<DocId>,
    },
    Terms {
        axis: Axis,
        terms: Vec<TermId>,
    },
    Links(Vec<(Box<str>, Target, Box<str>)>),
    /// The children of a channel; `more` if its own page is another than the block's.
    Channels {
        of: ChannelId,
        more: bool,
    },
    Matrix(Matrix),
    Places(Places),
    Platform(Box<Platform>),
}

/// Where a link of a block leads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    Channel(ChannelId),
    Doc(DocId),
    /// A page of the catalogue, from the site's root.
    Catalogue(String),
    /// An address outside the site.
    External(String),
}

/// Cards of each block that a channel page makes by itself.
pub const PER_CHILD: usize = 6;

/// Most blocks that a channel page makes by itself.
const MOST_BLOCKS: usize = 30;

/// The blocks of every channel's page: those it declares, else one per child channel, or of many children their newest
/// documents and names.
pub fn resolve(
    docs: &[Entry],
    listings: &[ChannelListing],
    names: Names,
    finder: &Finder,
    findings: &mut Vec<Diagnostic>,
) -> Vec<Vec<Block>> {
    let site = Site { docs, listings, names, finder };
    names
        .channels
        .iter()
        .enumerate()
        .map(|(id, channel)| match &channel.file.blocks {
            Some(blocks) => {
                let one = |(at, block)| site.block(id as ChannelId, at, block, findings);
                blocks.iter().enumerate().filter_map(one).collect()
            }
            None if channel.children.len() > MOST_BLOCKS => site.many(id as ChannelId),
            None => channel.children.iter().map(|child| site.newest_of(*child)).collect(),
        })
        .collect()
}

struct Site<'a> {
    docs: &'a [Entry],
    listings: &'a [ChannelListing],
    names: Names<'a>,
    finder: &'a Finder,
}

impl Site<'_> {
    fn many(&self, channel: ChannelId) -> Vec<Block> {
        let docs = self.listings[channel as usize].recent.iter().copied().take(PER_CHILD).collect();
        let block = |title: &str, content| Block { declared: None, title: title.into(), content };
        vec![
            block("最新公开", BlockContent::List { more: None, docs }),
            block("全部栏目", BlockContent::Channels { of: channel, more: false }),
        ]
    }

    fn newest_of(&self, channel: ChannelId) -> Block {
        let docs = self.listings[channel as usize].recent.iter().copied().take(PER_CHILD).collect();
        let title = self.names.channels[channel as usize].title().into();
        Block { declared: None, title, content: BlockContent::List { more: Some(channel), docs } }
    }

    fn block(&self, of: ChannelId, at: usize, block: &model::Block, findings: &mut Vec<Diagnostic>) -> Option<Block> {
        let file = self.names.channels[of as usize].file.source.as_str();
        let channels = self.names.channels;
        let content = match &block.body {
            BlockBody::List { channel, select, limit } => {
                let named = match channel {
                    Some(path) => {
                        Some(channels::find(&path.value, path.span, file, channels, self.names.folders, findings)?)
                    }
                    None => None,
                };
                let from = named.unwrap_or(of);
                let docs = match select.is_empty() {
                    true => self.listings[from as usize].recent.iter().copied().take(*limit).collect(),
                    false => {
                        select.iter().for_each(|rule| select::check(rule, file, self.docs, self.names.kinds, findings));
                        let rules: Vec<Rule> =
                            select.iter().map(|select| Rule::new(select, file, &self.names, findings)).collect();
                        let below = |doc: &Entry| {
                            named.is_none_or(|named| channels::line(channels, doc.channel).contains(&named))
                        };
                        let chosen = (0..self.docs.len() as DocId).filter(|id| {
                            let doc = &self.docs[*id as usize];
                            doc.withdrawn.is_none()
                                && below(doc)
                                && rules.iter().any(|rule| rule.holds(doc, &self.names))
                        });
                        newest(chosen.collect(), self.docs).into_iter().take(*limit).collect()
                    }
                };
                BlockContent::List { more: named.filter(|named| *named != of), docs }
            }
            BlockBody::Terms { axis, limit } => {
                let index = &self.names.axes[axis.index()];
                BlockContent::Terms { axis: *axis, terms: index.children(None).iter().copied().take(*limit).collect() }
            }
            BlockBody::Links(links) => {
                BlockContent::Links(links.iter().filter_map(|link| self.link(link, file, findings)).collect())
            }
            BlockBody::Channels { channel } => match channel {
                Some(path) => {
                    let named = channels::find(&path.value, path.span, file, channels, self.names.folders, findings)?;
                    BlockContent::Channels { of: named, more: named != of }
                }
                None => BlockContent::Channels { of, more: false },
            },
            BlockBody::Matrix(block) => {
                BlockContent::Matrix(matrix::resolve(block, self.docs, &self.names, file, findings)?)
            }
            BlockBody::Places(places) => {
                let channel = &channels[of as usize];
                BlockContent::Places(places::resolve((places, block.span), self.docs, channel, &self.names, findings)?)
            }
            BlockBody::Platform(block) => {
                let found = platform::resolve(block, self.docs, self.listings, &self.names, file, findings)?;
                BlockContent::Platform(found.into())
            }
        };
        let title = match (&block.title, &content) {
            (Some(title), _) => title.clone(),
            (None, BlockContent::List { more: Some(channel), .. } | BlockContent::Channels { of: channel, .. }) => {
                channels[*channel as usize].title().into()
            }
            (None, BlockContent::Terms { axis, .. }) => axis.label().into(),
            (None, BlockContent::Matrix(matrix)) => {
                let labels = matrix.kinds.iter().map(|kind| &*self.names.kinds.get(*kind).label);
                labels.collect::<Vec<_>>().join("、").into()
            }
            (None, BlockContent::Places(_)) => "按地域查".into(),
            (None, _) => "".into(),
        };
        Some(Block { declared: Some(at), title, content })
    }

    fn link(
        &self,
        link: &BlockLink,
        file: &str,
        findings: &mut Vec<Diagnostic>,
    ) -> Option<(Box<str>, Target, Box<str>)> {
        let written = link.to.value.trim();
        let bare = written.trim_start_matches('/');
        let mut broken = |message: String, help: &str| {
            findings.push(Diagnostic::new(Code::G061, file, link.to.span, message).help(help));
            None
        };
        let target = if written.starts_with("https://") || written.starts_with("http://") {
            Target::External(written.to_owned())
        } else if let Some(below) = bare.strip_prefix("catalogue/") {
            match self.catalogue(below.trim_end_matches('/')) {
                Some(out) => Target::Catalogue(out),
                None => {
                    return broken(
                        format!("公开目录里没有“{written}”"),
                        "写 catalogue/分类轴/，如 catalogue/place/；没有文件的分类轴不出网页",
                    );
                }
            }
        } else if bare.ends_with(".md") {
            match self.finder.source(bare.trim_start_matches("content/")) {
                Some(Found::Public(id)) if self.finder.is_public(id) => Target::Doc(id),
                // the withdrawal must not wait until nobody links there any more
                Some(found) if self.finder.is_withdrawn(found) => {
                    let finding =
                        Diagnostic::new(Code::G061, file, link.to.span, format!("“{written}”已撤下，不再列出"));
                    let finding = finding.help("去掉链接，或改为现在的文件");
                    findings.push(Diagnostic { severity: Severity::Warning, ..finding });
                    return None;
                }
                Some(_) => return broken(format!("“{written}”没有公开"), "公开那份文件，或去掉链接"),
                None => return broken(format!("“{written}”不存在"), "写从 content/ 起的路径，如 zwgk/zhinan/gkzn.md"),
            }
        } else {
            Target::Channel(channels::find(
                written,
                link.to.span,
                file,
                self.names.channels,
                self.names.folders,
                findings,
            )?)
        };
        Some((link.title.clone(), target, link.note.clone().unwrap_or_default()))
    }

    /// `place`, `place/matou`, or nothing for the catalogue itself.
    fn catalogue(&self, below: &str) -> Option<String> {
        if below.is_empty() {
            return Some("catalogue/index.html".into());
        }
        let index = self.names.axes.iter().find(|index| index.axis.key() == below.split('/').next().unwrap_or(""))?;
        let folder = format!("catalogue/{below}/");
        let is_axis = below == index.axis.key() && index.is_used();
        let is_term = || index.terms.iter().any(|term| *term.out == *folder && !term.docs.is_empty());
        (is_axis || is_term()).then(|| format!("{folder}index.html"))
    }
}
