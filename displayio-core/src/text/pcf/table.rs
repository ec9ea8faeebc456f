//! Tables of a PCF file.

use embedded_io::{Read, Seek};

use super::super::{FontFileError, source};

/// A table: where it is, and how its numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Table {
    pub at: u64,
    pub size_bytes: u32,
    pub format: Format,
}

/// A table's format word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Format(pub u32);

impl Format {
    /// Accelerators are followed by the bounds of ink; metrics are of one byte each.
    pub(super) const fn is_variant(self) -> bool {
        self.0 & 0x100 != 0
    }

    pub(super) const fn has_high_byte_first(self) -> bool {
        self.0 & 4 != 0
    }

    pub(super) const fn has_high_bit_first(self) -> bool {
        self.0 & 8 != 0
    }

    /// Rows of bitmaps are multiples of this.
    pub(super) const fn row_bytes(self) -> usize {
        1 << (self.0 & 3)
    }

    /// Groups of bytes that are stored in reverse, because the order of bytes is not that of bits; of one byte where it is.
    pub(super) const fn swapped_bytes(self) -> usize {
        let is_swapped = self.has_high_byte_first() != self.has_high_bit_first();
        if is_swapped { 1 << (self.0 >> 4 & 3) } else { 1 }
    }
}

/// One kind of table, as the table of contents names it.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Accelerators = 2,
    Metrics = 4,
    Bitmaps = 8,
    Encodings = 32,
    BdfAccelerators = 256,
}

/// A file with more tables than there are kinds, twice over, is none.
const MOST_TABLES: u32 = 18;
const CONTENTS_AT: u64 = 8;
const CONTENTS_BYTES: usize = 16;

/// Checks the file's first bytes; gives its number of tables.
pub(super) fn count<F: Read + Seek>(file: &mut F, file_bytes: u64) -> Result<u32, FontFileError> {
    let mut start = [0; 8];
    if file_bytes < start.len() as u64 {
        return Err(FontFileError::NotAFont);
    }
    source::read_at(file, 0, &mut start)?;
    let [magic @ .., c0, c1, c2, c3] = start;
    let count = u32::from_le_bytes([c0, c1, c2, c3]);
    if magic != *b"\x01fcp" || count > MOST_TABLES {
        return Err(FontFileError::NotAFont);
    }
    Ok(count)
}

impl Table {
    /// Looks a table up among `count`. What it claims to hold may lie beyond the end of the file.
    pub(super) fn find<F: Read + Seek>(
        file: &mut F,
        count: u32,
        kind: Kind,
    ) -> Result<Option<Self>, FontFileError> {
        for index in 0..count {
            let mut entry = [0; CONTENTS_BYTES];
            let entry_at = CONTENTS_AT + u64::from(index) * CONTENTS_BYTES as u64;
            source::read_at(file, entry_at, &mut entry)?;
            let words = entry.as_chunks::<4>().0;
            let word = |index: usize| words.get(index).copied().map_or(0, u32::from_le_bytes);
            if word(0) != kind as u32 {
                continue;
            }
            // Sizes cannot be held against the file's: bdftopcf claims 28 bytes too many for accelerators, at its end.
            let (size_bytes, at) = (word(2), u64::from(word(3)));
            let mut format = [0; 4];
            let table = Self { at, size_bytes, format: Format(word(1)) };
            table.read(file, 0, &mut format)?;
            return if format == word(1).to_le_bytes() {
                Ok(Some(table))
            } else {
                Err(table.malformed())
            };
        }
        Ok(None)
    }

    pub(super) const fn malformed(&self) -> FontFileError {
        FontFileError::Malformed { at: self.at }
    }

    /// Fills `bytes` from `offset` bytes into the table on.
    pub(super) fn read<F: Read + Seek>(
        &self,
        file: &mut F,
        offset: u64,
        bytes: &mut [u8],
    ) -> Result<(), FontFileError> {
        if offset + bytes.len() as u64 > self.size_bytes.into() {
            return Err(self.malformed());
        }
        source::read_at(file, self.at + offset, bytes)
    }

    /// Numbers of 16 bits.
    pub(super) fn halves<F: Read + Seek, const N: usize>(
        &self,
        file: &mut F,
        offset: u64,
    ) -> Result<[u16; N], FontFileError> {
        let mut bytes = [[0; 2]; N];
        self.read(file, offset, bytes.as_flattened_mut())?;
        let is_big = self.format.has_high_byte_first();
        Ok(bytes.map(|b| if is_big { u16::from_be_bytes(b) } else { u16::from_le_bytes(b) }))
    }

    /// Numbers of 32 bits.
    pub(super) fn words<F: Read + Seek, const N: usize>(
        &self,
        file: &mut F,
        offset: u64,
    ) -> Result<[u32; N], FontFileError> {
        let mut bytes = [[0; 4]; N];
        self.read(file, offset, bytes.as_flattened_mut())?;
        let is_big = self.format.has_high_byte_first();
        Ok(bytes.map(|b| if is_big { u32::from_be_bytes(b) } else { u32::from_le_bytes(b) }))
    }
}
