//! A document as it is after reading its file alone.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::annual::Part;
use super::block::Block;
use super::front::Front;
use super::hash::Hash128;
use super::path::SourcePath;
use super::records::RecordsSpec;
use super::span::{Located, Span, Text};
use super::statute;

/// 公开信息: one `.md` file under `content/` that is no channel's `_index.md`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Document {
    pub source: SourcePath,
    /// Hash of the file's bytes.
    pub hash: Hash128,
    pub front: Arc<Front>,
    pub body: Arc<Body>,
}

/// What later stages must know of a body without holding its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// Where in the file the body begins, in bytes.
    pub start: u32,
    /// How long it is, in bytes.
    pub length: u32,
    pub headings: Box<[Heading]>,
    /// Links and images whose target lies in the site, in the order of the text; external links are not listed.
    pub links: Box<[Link]>,
    /// Tables and charts, in the order of the text.
    pub data: Box<[DataBlock]>,
    /// Names of the counts that stand in the text: `{count: 名称}`.
    pub figures: Box<[Located<Text>]>,
}

impl Body {
    /// Whether it shows anything that other documents decide.
    pub fn asks(&self) -> bool {
        !self.figures.is_empty() || self.data.iter().any(|block| block.ask.is_some())
    }
}

/// 自动计数: a number of documents, by the name under which a text shows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Count {
    pub name: Located<Text>,
    /// Any of these suffices.
    pub select: Vec<Select>,
}

/// What a block asks the whole site.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Ask {
    /// How many documents these rules hold for (all, if there are none), divided in some way; whether they are listed.
    Documents { select: Vec<Select>, by: Option<Division>, lists: bool },
    /// The figures of a series: of these fields of its kind, in its last issues.
    Series { name: Located<Text>, fields: Vec<Located<Text>>, last: usize },
}

/// How documents that were counted are divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Division {
    /// By the terms at the top of an axis.
    Axis(super::words::Axis),
    /// By the month of publication.
    Month,
    Kind,
    Channel,
    /// By the working days between writing and publication.
    Timeliness,
}

/// Data that a body shows: rows of a spreadsheet, or rows written in the block, as a table or as a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DataBlock {
    /// Where the block begins, in the file.
    pub span: Span,
    /// Which of the body's links is its file; that link leads nowhere if the rows are written in the block.
    pub link: u32,
    /// Name or number, from 1; the first if left out.
    pub sheet: Option<Text>,
    /// `A2:D20`
    pub range: Option<Text>,
    /// Rows that are written in the block, the first of them the head.
    pub rows: Box<[Box<[Text]>]>,
    /// Rows of its head.
    pub head: u8,
    /// The file's name if empty.
    pub caption: Text,
    pub unit: Text,
    pub total: Option<Total>,
    /// A table if there is none.
    pub chart: Option<ChartLook>,
    /// A table of the annual report, whose figures stand in the front matter.
    pub annual: Option<Part>,
    /// Where the rows come from if they are neither in a file nor written here.
    pub ask: Option<Ask>,
}

/// How data is drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ChartLook {
    pub kind: ChartKind,
    /// The column of the labels, by what its head says; the first if left out.
    pub labels: Option<Located<Text>>,
    /// The columns that are drawn; all others if there are none.
    pub series: Box<[Located<Text>]>,
    pub source: Text,
    /// Bars have the colours of the classes of the AQI.
    pub is_aqi: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ChartKind {
    #[default]
    Line,
    Bar,
    Stacked,
    Pie,
    Multiples,
}

/// The row of a table that must be the sum of the others.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Total {
    pub is_last: bool,
    /// What its first cell says, unless it is the last row.
    pub label: Text,
    pub span: Span,
}

/// A heading that a link may lead to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Heading {
    /// Stable and unique in its document, prefixed so that it clobbers no name of the page.
    pub id: Text,
    /// The text without mark-up.
    pub text: Text,
    /// 2 to 6: the title of the page is the only heading of level 1.
    pub level: u8,
}

/// An internal link or image of a body, as written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub kind: LinkKind,
    /// The destination as the author wrote it, percent-encoding and all.
    pub target: Located<Text>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LinkKind {
    Link,
    Image,
}

/// 栏目: a folder under `content/` with an `_index.md`, as that file states it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChannelFile {
    pub source: SourcePath,
    pub hash: Hash128,
    pub title: Located<Text>,
    /// Whether all of it could be read: what documents lack, a part that could not may give them.
    pub is_whole: bool,
    /// 栏目类别 (国办发〔2017〕47号), an open list.
    pub column_type: Option<Text>,
    pub description: Option<Text>,
    pub keywords: Vec<Text>,
    /// Fields for the documents below that leave them out.
    pub defaults: Front,
    pub sort: Sort,
    /// Place among its siblings; those without come after, by folder name.
    pub position: Option<i32>,
    pub page_size: Option<usize>,
    /// 组配: rules that list further documents here; any of them suffices.
    pub select: Vec<Select>,
    pub blocks: Option<Vec<Block>>,
    /// 法定依据: the items of arts. 20 and 21 that its documents answer to.
    pub articles: Vec<statute::Item>,
    /// Counts that the introduction shows.
    pub counts: Vec<Count>,
    /// A spreadsheet whose rows it shows.
    pub records: Option<Box<RecordsSpec>>,
    /// An introduction shown above the list.
    pub body: Body,
}

/// By what a listing is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Sort {
    pub key: SortKey,
    /// Oldest (smallest) first, instead of newest first.
    pub ascending: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SortKey {
    #[default]
    Published,
    Written,
    Title,
    IndexNo,
    Issue,
}

/// One `select:` rule: all conditions must hold; of the values of one condition any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Select {
    pub span: Span,
    pub conditions: Vec<(Condition, Vec<Located<Text>>)>,
    /// Published on or after this day.
    pub from: Option<super::moment::Moment>,
    /// Published on or before this day.
    pub to: Option<super::moment::Moment>,
}

/// What a condition of a rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Condition {
    Axis(super::words::Axis),
    Kind,
    Series,
    Keyword,
    /// The channel and all below it.
    Channel,
}
