//! Compound files (OLE), the small file systems that old Office formats live in: as much as it takes to get one stream
//! of the root folder. Every chain is followed no further than the file has sectors, so that a loop ends.

use super::bytes::{array, u16_at, u32_at};
use super::error::{Kind, SheetError};

/// Sector numbers from here on are marks, not places.
const LAST_SECTOR: u32 = 0xffff_fffa;

pub struct Ole<'a> {
    bytes: &'a [u8],
    /// Bytes of a sector.
    sector: usize,
    /// The sector behind each.
    next: Vec<u32>,
    entries: Vec<Entry>,
    /// Streams that are shorter than this live in small sectors.
    cutoff: u64,
    small: Vec<u8>,
    next_small: Vec<u32>,
}

struct Entry {
    name: String,
    is_stream: bool,
    left: u32,
    right: u32,
    child: u32,
    start: u32,
    size: u64,
}

const SMALL_SECTOR: usize = 64;

/// Why a compound file that is named xlsx is none.
pub fn as_xlsx(bytes: &[u8]) -> SheetError {
    match Ole::open(bytes) {
        Some(ole) if ole.has("EncryptedPackage") || ole.has("EncryptionInfo") => encrypted(),
        Some(ole) if ole.has("Workbook") || ole.has("Book") => SheetError::file(
            Kind::Disguised,
            "文件的扩展名是 xlsx，内容却是旧版的 xls",
            "把扩展名改回 xls；最好用 WPS 或 Excel 打开，另存为 xlsx",
        ),
        Some(_) => SheetError::file(
            Kind::Disguised,
            "文件的扩展名是 xlsx，内容却是别的旧版 Office 文件",
            "换成 WPS 或 Excel 保存的 xlsx",
        ),
        None => SheetError::damaged("复合文档的目录不完整"),
    }
}

pub fn encrypted() -> SheetError {
    SheetError::file(Kind::Encrypted, "表格文件加了密码", "去掉密码（打开密码和保护工作簿的密码），另存后再提交")
}

impl<'a> Ole<'a> {
    /// `None` if it is damaged.
    pub fn open(bytes: &'a [u8]) -> Option<Self> {
        let sector = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        if u16_at(bytes, 32)? != 6 {
            return None;
        }
        let empty = Self {
            bytes,
            sector,
            next: Vec::new(),
            entries: Vec::new(),
            cutoff: u64::from(u32_at(bytes, 56)?),
            small: Vec::new(),
            next_small: Vec::new(),
        };
        let mut next = Vec::new();
        for table in empty.tables()? {
            next.extend(numbers(empty.sector(table)?));
        }
        let with_chains = Self { next, ..empty };
        let directory = with_chains.chain(u32_at(bytes, 48)?, None)?;
        let entries: Vec<Entry> = directory.chunks_exact(128).map(Entry::read).collect::<Option<_>>()?;
        let root = entries.first()?;
        let small = if root.size == 0 { Vec::new() } else { with_chains.chain(root.start, Some(root.size))? };
        let next_small = match u32_at(bytes, 60)? {
            start if start < LAST_SECTOR => numbers(&with_chains.chain(start, None)?).collect(),
            _ => Vec::new(),
        };
        Some(Self { entries, small, next_small, ..with_chains })
    }

    /// Sectors that hold the table of chains: 109 are named in the head, others in a chain of their own.
    fn tables(&self) -> Option<Vec<u32>> {
        let mut tables: Vec<u32> = numbers(self.bytes.get(76..512)?).collect();
        let (mut at, most) = (u32_at(self.bytes, 68)?, self.bytes.len() / self.sector);
        let mut steps = 0;
        while at < LAST_SECTOR {
            let more: Vec<u32> = numbers(self.sector(at)?).collect();
            let (last, named) = more.split_last()?;
            tables.extend(named);
            at = *last;
            steps += 1;
            if steps > most {
                return None;
            }
        }
        tables.retain(|table| *table < LAST_SECTOR);
        (tables.len() <= most).then_some(tables)
    }

    fn sector(&self, number: u32) -> Option<&'a [u8]> {
        let start = (number as usize).checked_add(1)?.checked_mul(self.sector)?;
        let end = (start + self.sector).min(self.bytes.len());
        // the last sector may be cut short by programs that do not fill it up
        self.bytes.get(start..end).filter(|sector| !sector.is_empty())
    }

    /// The bytes of a chain, cut to `size`.
    fn chain(&self, start: u32, size: Option<u64>) -> Option<Vec<u8>> {
        let (mut bytes, mut at, mut steps) = (Vec::new(), start, 0);
        while at < LAST_SECTOR && size.is_none_or(|size| (bytes.len() as u64) < size) {
            bytes.extend_from_slice(self.sector(at)?);
            at = *self.next.get(at as usize)?;
            steps += 1;
            if steps > self.next.len() {
                return None;
            }
        }
        cut(bytes, size)
    }

    fn small_chain(&self, start: u32, size: u64) -> Option<Vec<u8>> {
        let (mut bytes, mut at, mut steps) = (Vec::new(), start, 0);
        while at < LAST_SECTOR && (bytes.len() as u64) < size {
            let from = (at as usize).checked_mul(SMALL_SECTOR)?;
            bytes.extend_from_slice(self.small.get(from..(from + SMALL_SECTOR).min(self.small.len()))?);
            at = *self.next_small.get(at as usize)?;
            steps += 1;
            if steps > self.next_small.len() {
                return None;
            }
        }
        cut(bytes, Some(size))
    }

    /// Entries of the root folder: streams of embedded documents are not among them.
    fn top(&self) -> Vec<&Entry> {
        let mut found = Vec::new();
        let mut seen = vec![false; self.entries.len()];
        let mut open = vec![self.entries.first().map_or(u32::MAX, |root| root.child)];
        while let Some(at) = open.pop() {
            let at = at as usize;
            let Some(entry) = self.entries.get(at).filter(|_| !seen[at]) else { continue };
            seen[at] = true;
            open.extend([entry.left, entry.right]);
            found.push(entry);
        }
        found
    }

    pub fn has(&self, name: &str) -> bool {
        self.top().iter().any(|entry| entry.is_stream && entry.name.eq_ignore_ascii_case(name))
    }

    /// A stream of the root folder; `None` if it is not there, or broken.
    pub fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let entry = *self.top().iter().find(|entry| entry.is_stream && entry.name.eq_ignore_ascii_case(name))?;
        match entry.size < self.cutoff {
            true => self.small_chain(entry.start, entry.size),
            false => self.chain(entry.start, Some(entry.size)),
        }
    }
}

fn cut(mut bytes: Vec<u8>, size: Option<u64>) -> Option<Vec<u8>> {
    if let Some(size) = size {
        if (bytes.len() as u64) < size {
            return None;
        }
        bytes.truncate(size as usize);
    }
    Some(bytes)
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).filter_map(|number| array(number, 0).map(u32::from_le_bytes))
}

impl Entry {
    fn read(bytes: &[u8]) -> Option<Self> {
        let length = usize::from(u16_at(bytes, 64)?).min(64).saturating_sub(2);
        let name: Vec<u16> = (0..length / 2).filter_map(|at| u16_at(bytes, at * 2)).collect();
        Some(Self {
            name: String::from_utf16_lossy(&name),
            is_stream: bytes[66] == 2,
            left: u32_at(bytes, 68)?,
            right: u32_at(bytes, 72)?,
            child: u32_at(bytes, 76)?,
            start: u32_at(bytes, 116)?,
            // the upper half means something in files with long sectors only, and none is so large
            size: u64::from(u32_at(bytes, 120)?),
        })
    }
}
