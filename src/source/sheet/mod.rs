//! Spreadsheets: bytes of an xlsx, xls or csv → the grid of one sheet, as the office program shows it.
//!
//! In: a file below the site's root, or its bytes and name, and which sheet and range are wanted. Out: a `Grid`, with
//! notes about what is hidden; or one `SheetError` that says where and what to do. What a file is, its content says;
//! its name must agree.
//!
//! | file | holds |
//! |---|---|
//! | `error` | refusals, notes, places |
//! | `checked` | what keeps a sheet from being shown |
//! | `range`, `pick`, `collect` | which part is wanted; cells → grid |
//! | `archive`, `xml`, `xlsx`, `sheet_xml` | xlsx |
//! | `ole`, `biff`, `xls` | xls |
//! | `delimited` | csv in UTF-8 or GB18030 |
//! | `format/` | number formats |
//!
//! Why no library reads the two Excel formats: what matters here is what calamine 0.38 leaves out (number formats of xls
//! as more than "a date or not", hidden rows and columns, the number as it is stored) or does not promise (no panic on
//! broken records, bounds on what is unpacked). Both files would have been read twice. It is also twenty crates, one of a
//! licence that is not on our list (zlib-rs).
//!
//! Limits: BIFF8 only (Excel 97 and later); xlsx in UTF-8; formulas are never computed, their stored results are shown;
//! conditional formats are not looked at.

mod archive;
mod biff;
mod bytes;
mod checked;
mod collect;
mod delimited;
mod error;
mod format;
mod ole;
mod pick;
mod range;
mod sheet_xml;
mod xls;
mod xlsx;
mod xml;

use std::io::Read;
use std::path::Path;

pub use checked::{Fault, checked};
pub use error::{Kind, Note, NoteKind, Place, SheetError};
pub use format::{Format, builtin};

use super::read;
use crate::diag;
use crate::model::grid::Grid;
use range::Window;

/// Largest table.
pub const MOST_ROWS: u32 = 20_000;
pub const MOST_COLUMNS: u32 = 200;
/// Largest file; one that is larger holds no table of that size.
const LARGEST_FILE: u64 = 64 * 1024 * 1024;

/// The part of a file that becomes the table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Wanted {
    /// The first visible sheet if not given.
    pub sheet: Option<Choice>,
    /// `A1:F20`, `A:F`, `3:20`; all that is used if not given.
    pub range: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Choice {
    Name(String),
    /// From 1, among the sheets that are not hidden.
    Number(usize),
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub grid: Grid,
    pub notes: Vec<Note>,
}

/// Reads a file; `path` is from the site's root.
pub fn open(root: &Path, path: &str, wanted: &Wanted) -> Result<Sheet, SheetError> {
    let unreadable = |error: std::io::Error| {
        let message = format!("文件无法读取：{}", diag::io::reason(&error));
        SheetError::file(Kind::Unreadable, message, "检查文件是否存在，以及它的权限")
    };
    let file = read::open(root, path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    // one byte more than allowed, whatever the size was that the system told
    file.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    self::read_bytes(&bytes, path, wanted)
}

/// Reads bytes; the name tells by its extension what they should be.
pub fn read_bytes(bytes: &[u8], name: &str, wanted: &Wanted) -> Result<Sheet, SheetError> {
    if bytes.len() as u64 > LARGEST_FILE {
        let message = format!("表格文件超过 {} MiB", LARGEST_FILE / 1024 / 1024);
        return Err(SheetError::file(Kind::TooLarge, message, "删去不公开的工作表和图片，或分成几个文件"));
    }
    let window = wanted.range.as_deref().map_or(Ok(Window::ALL), Window::parse)?;
    let choice = wanted.sheet.as_ref();
    match (Named::of(name), Content::of(bytes)) {
        (None, _) => {
            Err(SheetError::file(Kind::Disguised, "扩展名不是 xlsx、xls、csv", "用 WPS 或 Excel 打开，另存为 xlsx"))
        }
        (_, Content::Empty) => Err(SheetError::file(Kind::Empty, "文件是空的", "换成有内容的文件")),
        (Some(Named::Xlsx), Content::Zip) => xlsx::read(bytes, choice, window),
        (Some(Named::Xlsx), Content::Ole) => Err(ole::as_xlsx(bytes)),
        (Some(Named::Xls), Content::Ole) => xls::read(bytes, choice, window),
        (Some(Named::Csv), Content::Text) if choice.is_some() => {
            Err(SheetError::file(Kind::NoSheet, "csv 文件里没有工作表", "删去 sheet"))
        }
        (Some(Named::Csv), Content::Text) => delimited::read(bytes, window),
        (Some(named), content) => Err(disguised(named, content)),
    }
}

/// What a name promises.
#[derive(Clone, Copy, PartialEq)]
enum Named {
    Xlsx,
    Xls,
    Csv,
}

impl Named {
    fn of(name: &str) -> Option<Self> {
        match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "xlsx" => Some(Self::Xlsx),
            "xls" => Some(Self::Xls),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Xls => "xls",
            Self::Csv => "csv",
        }
    }
}

/// What the first bytes are.
#[derive(Clone, Copy, PartialEq)]
enum Content {
    Empty,
    Zip,
    Ole,
    Html,
    Xml,
    Old,
    Pdf,
    Text,
    Binary,
}

impl Content {
    fn of(bytes: &[u8]) -> Self {
        let head = &bytes[..bytes.len().min(1024)];
        let shown = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start().to_ascii_lowercase();
        let starts = |magic: &[u8]| head.starts_with(magic);
        let tags: [&[u8]; 8] =
            [b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<meta", b"<style", b"mime-version:"];
        match () {
            _ if bytes.is_empty() => Self::Empty,
            _ if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") => Self::Zip,
            _ if starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") => Self::Ole,
            _ if starts(b"%PDF-") => Self::Pdf,
            _ if tags.iter().any(|tag| shown.starts_with(tag)) => Self::Html,
            _ if shown.starts_with(b"<?xml") && contains(&shown, b"<html") => Self::Html,
            _ if shown.starts_with(b"<?xml") => Self::Xml,
            // the records that began a file before there were compound files: BIFF2 to BIFF4
            _ if starts(b"\x09\x00") || starts(b"\x09\x02") || starts(b"\x09\x04") => Self::Old,
            // a text in UTF-16 is named by the reader of texts
            _ if starts(b"\xff\xfe") || starts(b"\xfe\xff") || !bytes.contains(&0) => Self::Text,
            _ => Self::Binary,
        }
    }

    fn named(self) -> &'static str {
        match self {
            Self::Empty => "空的",
            Self::Zip => "压缩包（xlsx 就是压缩包）",
            Self::Ole => "旧版 Office 文件（xls）",
            Self::Html => "网页（HTML）",
            Self::Xml => "XML",
            Self::Old => "Excel 97 以前的格式",
            Self::Pdf => "PDF",
            Self::Text => "文本",
            Self::Binary => "别的数据，或已损坏",
        }
    }
}

fn contains(text: &[u8], wanted: &[u8]) -> bool {
    text.windows(wanted.len()).any(|window| window == wanted)
}

fn disguised(named: Named, content: Content) -> SheetError {
    let message = format!("文件的扩展名是 {}，内容却是{}", named.extension(), content.named());
    let advice = match content {
        Content::Html => "这是改了扩展名的网页：用 WPS 或 Excel 打开，另存为 xlsx",
        _ => "不要只改扩展名：用 WPS 或 Excel 打开，另存为 xlsx",
    };
    SheetError::file(Kind::Disguised, message, advice)
}

/// Formats by the number that styles name them by → the place of each style's format, and the formats, each parsed once.
fn format_table<'a>(ids: &[u16], code: impl Fn(u16) -> Option<&'a str>) -> (Vec<usize>, Vec<Format>) {
    let mut known = std::collections::BTreeMap::new();
    let mut formats = Vec::new();
    let places = ids
        .iter()
        .map(|id| {
            *known.entry(*id).or_insert_with(|| {
                formats.push(Format::parse(code(*id).unwrap_or_else(|| builtin(*id))));
                formats.len() - 1
            })
        })
        .collect();
    (places, formats)
}
