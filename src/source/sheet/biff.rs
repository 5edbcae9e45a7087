//! Records of a workbook stream (BIFF8), and the texts in them.

use super::bytes::{u16_at, u32_at};

/// A record, with those that continue it.
pub struct Record<'a> {
    pub id: u16,
    pub data: &'a [u8],
    pub more: Vec<&'a [u8]>,
}

/// Records from a place in the stream. `None` in place of a record that is cut short, and no more after it.
pub struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

const CONTINUE: u16 = 0x3c;

impl<'a> Records<'a> {
    pub fn new(stream: &'a [u8], at: usize) -> Self {
        Self { stream, at }
    }

    fn one(&mut self) -> Option<(u16, &'a [u8])> {
        let (id, length) = (u16_at(self.stream, self.at)?, usize::from(u16_at(self.stream, self.at + 2)?));
        let data = self.stream.get(self.at + 4..self.at + 4 + length)?;
        self.at += 4 + length;
        Some((id, data))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Option<Record<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.stream.len() {
            return None;
        }
        let Some((id, data)) = self.one() else {
            self.at = self.stream.len();
            return Some(None);
        };
        let mut more = Vec::new();
        while u16_at(self.stream, self.at) == Some(CONTINUE) {
            let Some((_, data)) = self.one() else { break };
            more.push(data);
        }
        Some(Some(Record { id, data, more }))
    }
}

impl<'a> Record<'a> {
    pub fn u16(&self, at: usize) -> Option<u16> {
        u16_at(self.data, at)
    }

    pub fn u32(&self, at: usize) -> Option<u32> {
        u32_at(self.data, at)
    }

    /// A cursor at a place of the record's first piece.
    pub fn cursor(&self, at: usize) -> Cursor<'a, '_> {
        Cursor { piece: self.data, at, rest: &self.more }
    }
}

/// Reads on from a record into those that continue it.
pub struct Cursor<'a, 'r> {
    piece: &'a [u8],
    at: usize,
    rest: &'r [&'a [u8]],
}

/// What stands before the characters of a text.
struct Head {
    is_wide: bool,
    /// Bytes behind the characters: fonts of parts, and readings.
    behind: usize,
}

impl Cursor<'_, '_> {
    fn next_piece(&mut self) -> Option<()> {
        let (first, rest) = self.rest.split_first()?;
        (self.piece, self.at, self.rest) = (first, 0, rest);
        Some(())
    }

    pub fn u8(&mut self) -> Option<u8> {
        while self.at >= self.piece.len() {
            self.next_piece()?;
        }
        self.at += 1;
        Some(self.piece[self.at - 1])
    }

    pub fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.u8()?, self.u8()?]))
    }

    pub fn u32(&mut self) -> Option<u32> {
        Some(u32::from(self.u16()?) | u32::from(self.u16()?) << 16)
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > self.piece.len().saturating_sub(self.at) {
            count -= self.piece.len().saturating_sub(self.at);
            self.next_piece()?;
        }
        self.at += count;
        Some(())
    }

    /// A text with its length in 16 bits.
    pub fn text(&mut self) -> Option<String> {
        let length = usize::from(self.u16()?);
        self.characters(length)
    }

    /// A text with its length in 8 bits.
    pub fn short_text(&mut self) -> Option<String> {
        let length = usize::from(self.u8()?);
        self.characters(length)
    }

    fn characters(&mut self, length: usize) -> Option<String> {
        let flags = self.u8()?;
        let fonts = if flags & 8 == 0 { 0 } else { usize::from(self.u16()?) };
        let readings = if flags & 4 == 0 { 0 } else { self.u32()? as usize };
        let head = Head { is_wide: flags & 1 == 1, behind: (fonts * 4).checked_add(readings)? };
        let mut units: Vec<u16> = Vec::with_capacity(length.min(self.piece.len()));
        let mut is_wide = head.is_wide;
        while units.len() < length {
            if self.at >= self.piece.len() {
                // a piece that goes on with characters says again how wide they are
                self.next_piece()?;
                is_wide = self.u8()? & 1 == 1;
                continue;
            }
            units.push(if is_wide { self.u16()? } else { u16::from(self.u8()?) });
        }
        self.skip(head.behind)?;
        String::from_utf16(&units).ok()
    }
}
