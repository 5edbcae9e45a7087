//! A block of a home or channel page (区块), as `_index.md` declares it.

use serde::{Deserialize, Serialize};

use super::document::Select;
use super::span::{Located, Span, Text};
use super::words::Axis;

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Block {
    pub span: Span,
    pub title: Option<Text>,
    pub body: BlockBody,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BlockBody {
    /// The newest documents of a channel and all below it, or of a rule.
    List {
        channel: Option<Located<Text>>,
        select: Vec<Select>,
        limit: usize,
    },
    /// The terms of an axis as plain links.
    Terms {
        axis: Axis,
        limit: usize,
    },
    /// Hand-picked links: (title, target, note).
    Links(Vec<BlockLink>),
    /// The child channels of a channel.
    Channels {
        channel: Option<Located<Text>>,
    },
    Matrix(MatrixBlock),
    Places(PlacesBlock),
    Platform(PlatformBlock),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BlockLink {
    pub title: Text,
    /// A channel path or `catalogue/…` ending in `/`, or a document's path from `content/`.
    pub to: Located<Text>,
    pub note: Option<Text>,
}

/// What organizations published year by year, and what they did not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MatrixBlock {
    pub kinds: Vec<Located<Text>>,
    /// The field of these kinds that says the year.
    pub year: Option<Located<Text>>,
    /// First and last year; those that occur if left out.
    pub from: Option<i16>,
    pub to: Option<i16>,
    /// Levels of organizations of which all are expected; without them, whoever published any.
    pub levels: Vec<Located<Text>>,
    /// Organizations of which nothing is expected.
    pub exempt: Vec<Located<Text>>,
}

/// Documents by towns, villages and projects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PlacesBlock {
    pub kinds: Vec<Located<Text>>,
    /// The field that names the project to which a document belongs.
    pub project: Option<Located<Text>>,
}

/// The four parts of the open-information platform (国办公开办函〔2019〕61号), each a channel.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PlatformBlock {
    /// 指南, 制度, 法定主动公开内容, 年报.
    pub parts: [Located<Text>; 4],
    /// Where to apply for what is not published.
    pub request: Option<Located<Text>>,
}
