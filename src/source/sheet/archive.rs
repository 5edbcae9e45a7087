//! A zip archive of bounded size, from memory. The home of `miniz_oxide`.
//!
//! Sizes are checked twice: as the directory declares them, before anything is unpacked, and as they turn out. What is
//! unpacked must have the declared length and checksum, so that a damaged part is never taken for a short one.

use miniz_oxide::inflate::decompress_to_vec_with_limit;

use crate::source::crc32;

use super::bytes::{u16_at, u32_at, u64_at};
use super::error::{Kind, SheetError};

/// Most bytes of all parts, unpacked.
const MOST_UNPACKED: u64 = 512 * 1024 * 1024;
/// A part of more bytes than `SMALL` must not be packed tighter than this: deflate reaches 1:1000 on nothing but zeros.
const TIGHTEST: u64 = 200;
const SMALL: u64 = 4 * 1024 * 1024;

pub struct Archive<'a> {
    bytes: &'a [u8],
    parts: Vec<Part<'a>>,
}

struct Part<'a> {
    name: &'a [u8],
    method: u16,
    is_encrypted: bool,
    checksum: u32,
    packed: u64,
    unpacked: u64,
    start: u64,
}

impl<'a> Archive<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Self, SheetError> {
        let cut = || SheetError::damaged("压缩包的目录不完整");
        let at = end_record(bytes).ok_or_else(cut)?;
        let (count, size, start) = (u16_at(bytes, at + 10), u32_at(bytes, at + 12), u32_at(bytes, at + 16));
        let (count, size, start) = (count.ok_or_else(cut)?, size.ok_or_else(cut)?, start.ok_or_else(cut)?);
        let end = (start as usize).checked_add(size as usize).filter(|end| *end <= at).ok_or_else(cut)?;
        let mut rest = &bytes[start as usize..end];
        let mut parts = Vec::new();
        while !rest.is_empty() {
            let (part, length) = Part::read(rest).ok_or_else(cut)?;
            parts.push(part);
            rest = &rest[length..];
        }
        if parts.len() != usize::from(count) {
            return Err(cut());
        }
        let archive = Self { bytes, parts };
        archive.check()?;
        Ok(archive)
    }

    fn check(&self) -> Result<(), SheetError> {
        let bomb = |message: String| {
            SheetError::file(
                Kind::TooLarge,
                message,
                "这不像正常的表格：用 WPS 或 Excel 打开，把要公开的表另存为新文件",
            )
        };
        let total = self.parts.iter().fold(0u64, |sum, part| sum.saturating_add(part.unpacked));
        if total > MOST_UNPACKED {
            return Err(bomb(format!("表格文件解压后有 {total} 字节，超过 512 MB")));
        }
        let tight = |part: &&Part| part.unpacked > SMALL && part.unpacked / part.packed.max(1) > TIGHTEST;
        if let Some(part) = self.parts.iter().find(tight) {
            let name = String::from_utf8_lossy(part.name).into_owned();
            return Err(bomb(format!("表格文件里的 {name} 解压后膨胀超过 {TIGHTEST} 倍")));
        }
        if self.parts.iter().any(|part| part.is_encrypted) {
            return Err(SheetError::file(Kind::Encrypted, "表格文件加了密码", "去掉密码，另存后再提交"));
        }
        let mut names: Vec<Vec<u8>> = self.parts.iter().map(|part| part.name.to_ascii_lowercase()).collect();
        names.sort();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(SheetError::damaged(&format!("{} 出现两次", String::from_utf8_lossy(&pair[0])))),
            None => Ok(()),
        }
    }

    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// Whether some name ends so, in lower case.
    pub fn has_ending(&self, ending: &str) -> bool {
        self.parts.iter().any(|part| part.name.to_ascii_lowercase().ends_with(ending.as_bytes()))
    }

    /// Bytes of a part, unpacked.
    pub fn size(&self, name: &str) -> Option<u64> {
        self.find(name).map(|part| part.unpacked)
    }

    fn find(&self, name: &str) -> Option<&Part<'a>> {
        self.parts.iter().find(|part| part.name.eq_ignore_ascii_case(name.as_bytes()))
    }

    /// A part's bytes; `None` if there is no such part.
    pub fn part(&self, name: &str) -> Result<Option<Vec<u8>>, SheetError> {
        self.find(name).map(|part| self.unpack(part)).transpose()
    }

    fn unpack(&self, part: &Part) -> Result<Vec<u8>, SheetError> {
        let name = String::from_utf8_lossy(part.name);
        let broken = || SheetError::damaged(&format!("{name} 解压不出来"));
        let packed = self.packed(part).ok_or_else(broken)?;
        let bytes = match part.method {
            0 => packed.to_vec(),
            8 => decompress_to_vec_with_limit(packed, part.unpacked as usize).map_err(|_| broken())?,
            _ => return Err(broken()),
        };
        if bytes.len() as u64 != part.unpacked || crc32(&bytes) != part.checksum {
            return Err(broken());
        }
        Ok(bytes)
    }

    /// The packed bytes: behind the part's own head, whose names may be longer or shorter than in the directory.
    fn packed(&self, part: &Part) -> Option<&'a [u8]> {
        let start = usize::try_from(part.start).ok()?;
        if u32_at(self.bytes, start)? != 0x0403_4b50 {
            return None;
        }
        let head = 30
            + usize::from(u16_at(self.bytes, start.checked_add(26)?)?)
            + usize::from(u16_at(self.bytes, start + 28)?);
        let start = start.checked_add(head)?;
        self.bytes.get(start..start.checked_add(usize::try_from(part.packed).ok()?)?)
    }
}

impl<'a> Part<'a> {
    /// An entry of the directory and its length.
    fn read(rest: &'a [u8]) -> Option<(Self, usize)> {
        if u32_at(rest, 0)? != 0x0201_4b50 {
            return None;
        }
        let length = |at| u16_at(rest, at).map(usize::from);
        let (name, extra, comment) = (length(28)?, length(30)?, length(32)?);
        let part = Self {
            name: rest.get(46..46 + name)?,
            is_encrypted: u16_at(rest, 8)? & 1 == 1,
            method: u16_at(rest, 10)?,
            checksum: u32_at(rest, 16)?,
            packed: u64::from(u32_at(rest, 20)?),
            unpacked: u64::from(u32_at(rest, 24)?),
            start: u64::from(u32_at(rest, 42)?),
        };
        let end = 46 + name + extra + comment;
        let extra = rest.get(46 + name..46 + name + extra)?;
        (end <= rest.len()).then(|| part.widened(extra))?.map(|part| (part, end))
    }

    /// Some programs write sizes in 64 bits, also of small files: then the short fields are full of ones.
    fn widened(self, extra: &[u8]) -> Option<Self> {
        let is_wide = |value: u64| value == u64::from(u32::MAX);
        if ![self.unpacked, self.packed, self.start].into_iter().any(is_wide) {
            return Some(self);
        }
        let mut fields = zip64(extra)?.chunks_exact(8).map(|field| u64_at(field, 0));
        let mut wide = |value| if is_wide(value) { fields.next()? } else { Some(value) };
        let unpacked = wide(self.unpacked)?;
        let packed = wide(self.packed)?;
        let start = wide(self.start)?;
        Some(Self { unpacked, packed, start, ..self })
    }
}

/// The extra field that has sizes of 64 bits.
fn zip64(mut extra: &[u8]) -> Option<&[u8]> {
    loop {
        let (id, length) = (u16_at(extra, 0)?, usize::from(u16_at(extra, 2)?));
        let field = extra.get(4..4 + length)?;
        if id == 1 {
            return Some(field);
        }
        extra = &extra[4 + length..];
    }
}

/// The record at the end of every archive, before a comment of at most 64 KiB.
fn end_record(bytes: &[u8]) -> Option<usize> {
    let last = bytes.len().checked_sub(22)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    (first..=last).rev().find(|at| bytes[*at..].starts_with(b"PK\x05\x06"))
}
