//! 记录: the rows of a spreadsheet as a channel shows them, as its `_index.md` declares it.

use serde::{Deserialize, Serialize};

use super::span::{Located, Span, Text};

/// `records:` of a channel. Columns are named by what the head of the table says of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RecordsSpec {
    /// The key in the channel's front matter.
    pub span: Span,
    /// The file beside the `_index.md`.
    pub file: Located<Text>,
    /// Name or number, from 1; the first if left out.
    pub sheet: Option<Text>,
    /// `A2:D20`
    pub range: Option<Text>,
    /// Rows of the head.
    pub head: u8,
    /// The file's name if empty.
    pub caption: Text,
    pub unit: Text,
    /// The column that says what a record is called; the first if left out.
    pub title: Option<Located<Text>>,
    /// The column that says what a record is called in addresses.
    pub key: Option<Located<Text>>,
    /// Whether each record has a page.
    pub pages: bool,
    /// The columns of the list; some if there are none.
    pub columns: Box<[Located<Text>]>,
    /// The column whose values are the headings of the list.
    pub group: Option<Located<Text>>,
}
