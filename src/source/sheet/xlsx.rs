//! xlsx: a zip archive of XML parts. The workbook says which sheets there are; one of them is read.
//!
//! A default row height of zero (`zeroHeight`), by which a file can hide all rows it does not name, is not looked at:
//! such rows are empty.

use super::archive::Archive;
use super::error::{Kind, SheetError};
use super::format::{Format, builtin};
use super::pick::{self, Listed};
use super::range::Window;
use super::sheet_xml;
use super::xml::{Node, Xml};
use super::{Choice, Sheet};

/// What all sheets of a workbook share.
pub struct Shared {
    pub strings: Vec<Box<str>>,
    /// Number formats by a cell's style.
    pub styles: Vec<usize>,
    pub formats: Vec<Format>,
    pub is_1904: bool,
}

pub fn read(bytes: &[u8], choice: Option<&Choice>, window: Window) -> Result<Sheet, SheetError> {
    let archive = Archive::open(bytes)?;
    check(&archive)?;
    let workbook = Workbook::read(&archive)?;
    let listed: Vec<Listed> = workbook.sheets.iter().map(|sheet| sheet.listed.clone()).collect();
    let (at, notes) = pick::pick(&listed, choice)?;
    let sheet = &workbook.sheets[at];
    let target = workbook.target(&sheet.relation, "/worksheet", &sheet.listed.name)?;
    let missing = || SheetError::damaged(&format!("工作表“{}”的数据（{target}）不在文件里", sheet.listed.name));
    let part = archive.part(&target)?.ok_or_else(missing)?;
    let shared = workbook.shared(&archive)?;
    sheet_xml::read(&part, &sheet.listed.name, &shared, window)?.finish(notes)
}

fn check(archive: &Archive) -> Result<(), SheetError> {
    let disguised = |message: &str, advice: &str| Err(SheetError::file(Kind::Disguised, message, advice));
    if archive.has("xl/workbook.bin") {
        return disguised("文件其实是 xlsb（二进制工作簿）", "用 WPS 或 Excel 打开，另存为 xlsx");
    }
    if archive.has("content.xml") && archive.has("mimetype") {
        return disguised("文件其实是 ods（OpenDocument）", "用 WPS 或 Excel 打开，另存为 xlsx");
    }
    if archive.has_ending("vbaproject.bin") {
        return disguised("文件里带有宏（xlsm）", "用 WPS 或 Excel 打开，另存为不带宏的 xlsx");
    }
    if !archive.has("xl/workbook.xml") {
        return disguised("文件是压缩包，里面没有工作簿，不是 xlsx", "换成 WPS 或 Excel 保存的 xlsx");
    }
    Ok(())
}

struct Workbook {
    sheets: Vec<Entry>,
    relations: Vec<Relation>,
    is_1904: bool,
}

struct Entry {
    listed: Listed,
    relation: String,
}

struct Relation {
    id: String,
    kind: String,
    target: String,
    is_external: bool,
}

impl Workbook {
    fn read(archive: &Archive) -> Result<Self, SheetError> {
        let name = "xl/workbook.xml";
        let bytes = archive.part(name)?.unwrap_or_default();
        let relations = relations(archive)?;
        let (mut sheets, mut is_1904) = (Vec::new(), false);
        let mut xml = Xml::new(&bytes, name);
        loop {
            match xml.next()? {
                Node::Open(tag) if tag.is(b"workbookPr") => is_1904 = tag.is_set(b"date1904"),
                Node::Open(tag) if tag.is(b"sheet") => {
                    let (Some(name), Some(relation)) = (tag.get(b"name"), tag.get(b"id")) else {
                        return Err(SheetError::damaged("工作簿里有没有名称的工作表"));
                    };
                    let is_hidden = tag.get(b"state").is_some_and(|state| state != "visible");
                    let is_table = relations.iter().any(|r| r.id == relation && r.kind.ends_with("/worksheet"));
                    let target = relations.iter().find(|r| r.id == relation && !r.is_external);
                    let is_empty = target.is_some_and(|r| is_empty(archive, &part_name(&r.target)));
                    sheets.push(Entry { listed: Listed { name, is_hidden, is_table, is_empty }, relation });
                }
                Node::End => break,
                _ => {}
            }
        }
        Ok(Self { sheets, relations, is_1904 })
    }

    /// The part that a relation leads to.
    fn target(&self, id: &str, kind: &str, name: &str) -> Result<String, SheetError> {
        let found = self.relations.iter().find(|relation| relation.id == id && relation.kind.ends_with(kind));
        let Some(relation) = found else {
            return Err(SheetError::damaged(&format!("工作表“{name}”的数据不在文件里")));
        };
        if relation.is_external {
            let message = format!("工作表“{name}”的数据在别的文件里");
            return Err(SheetError::file(Kind::NoSheet, message, "把数据复制到这个文件里，另存后再提交"));
        }
        Ok(part_name(&relation.target))
    }

    fn shared(&self, archive: &Archive) -> Result<Shared, SheetError> {
        let part = |kind: &str| -> Result<Option<(String, Vec<u8>)>, SheetError> {
            let relation = self.relations.iter().find(|r| r.kind.ends_with(kind) && !r.is_external);
            let Some(name) = relation.map(|r| part_name(&r.target)) else { return Ok(None) };
            Ok(archive.part(&name)?.map(|bytes| (name, bytes)))
        };
        let strings = match part("/sharedStrings")? {
            Some((name, bytes)) => strings(&bytes, &name)?,
            None => Vec::new(),
        };
        let (styles, formats) = match part("/styles")? {
            Some((name, bytes)) => styles(&bytes, &name)?,
            None => (Vec::new(), Vec::new()),
        };
        // number 0 stands for a cell without a style
        let general = [Format::parse(builtin(0))];
        let formats = general.into_iter().chain(formats).collect();
        Ok(Shared {
            strings,
            styles: styles.into_iter().map(|format| format + 1).collect(),
            formats,
            is_1904: self.is_1904,
        })
    }
}

fn relations(archive: &Archive) -> Result<Vec<Relation>, SheetError> {
    let name = "xl/_rels/workbook.xml.rels";
    let Some(bytes) = archive.part(name)? else { return Err(SheetError::damaged(&format!("缺少 {name}"))) };
    let mut relations = Vec::new();
    let mut xml = Xml::new(&bytes, name);
    loop {
        match xml.next()? {
            Node::Open(tag) if tag.is(b"Relationship") => {
                if let (Some(id), Some(kind), Some(target)) = (tag.get(b"Id"), tag.get(b"Type"), tag.get(b"Target")) {
                    let is_external = tag.get(b"TargetMode").is_some_and(|mode| mode.eq_ignore_ascii_case("external"));
                    relations.push(Relation { id, kind, target, is_external });
                }
            }
            Node::End => return Ok(relations),
            _ => {}
        }
    }
}

/// Whether a sheet is known to have no cell with something in it. Large ones are not looked into: they are hardly empty.
fn is_empty(archive: &Archive, name: &str) -> bool {
    const SMALL: u64 = 256 * 1024;
    let is_cell = |window: &[u8]| matches!(window, b"<v>" | b"<v " | b"<is" | b":v>" | b":is");
    archive.size(name).is_some_and(|size| size <= SMALL)
        && archive.part(name).ok().flatten().is_some_and(|bytes| !bytes.windows(3).any(is_cell))
}

/// The name in the archive of a target that is written from `xl/`, or from the root.
fn part_name(target: &str) -> String {
    let whole = match target.strip_prefix('/') {
        Some(rest) => rest.to_owned(),
        None => format!("xl/{target}"),
    };
    let mut steps = Vec::new();
    for step in whole.split(['/', '\\']) {
        match step {
            "" | "." => {}
            ".." => _ = steps.pop(),
            _ => steps.push(step),
        }
    }
    steps.join("/")
}

/// Texts that cells refer to by number. What is written above characters (rPh, their reading) is no part of them.
fn strings(bytes: &[u8], name: &str) -> Result<Vec<Box<str>>, SheetError> {
    let mut xml = Xml::new(bytes, name);
    let (mut strings, mut text) = (Vec::new(), String::new());
    loop {
        match xml.next()? {
            Node::Open(tag) if tag.is(b"si") => {
                sheet_xml::rich_text(&mut xml, &mut text)?;
                strings.push(text.as_str().into());
            }
            Node::End => return Ok(strings),
            _ => {}
        }
    }
}

/// The format of every style, and the formats: many styles share one.
fn styles(bytes: &[u8], name: &str) -> Result<(Vec<usize>, Vec<Format>), SheetError> {
    let mut xml = Xml::new(bytes, name);
    let (mut codes, mut ids, mut is_cells) = (Vec::<(u16, String)>::new(), Vec::<u16>::new(), false);
    loop {
        match xml.next()? {
            Node::Open(tag) if tag.is(b"numFmt") => {
                // differential formats (dxf) have such elements, too, but stand behind all others
                if let (Some(id), Some(code)) = (tag.number(b"numFmtId"), tag.get(b"formatCode"))
                    && !codes.iter().any(|(known, _)| *known == id)
                    && codes.len() < usize::from(u16::MAX)
                {
                    codes.push((id, code));
                }
            }
            Node::Open(tag) if tag.is(b"cellXfs") => is_cells = true,
            Node::Open(tag) if tag.is(b"cellStyles") || tag.is(b"dxfs") => is_cells = false,
            Node::Open(tag) if tag.is(b"xf") && is_cells => ids.push(tag.number(b"numFmtId").unwrap_or(0)),
            Node::End => break,
            _ => {}
        }
    }
    Ok(super::format_table(&ids, |id| codes.iter().find(|(known, _)| *known == id).map(|(_, code)| code.as_str())))
}
