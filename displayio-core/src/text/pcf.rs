//! Fonts in PCF files: what the X Window System compiles BDF files to, with a place for each glyph.
//!
//! Format: as the X.Org libXfont reader has it. Bits and bytes of bitmaps may be in either order, and rows of any padding;
//! characters are those of the first 65 536 code points.

mod table;

use core::fmt;

use embedded_io::{Read, Seek};

use self::table::{Kind, Table};
use super::{
    FontFile, FontFileError, FontHeader, FontMetrics, Glyph, GlyphSource,
    source::{self, WideGlyph},
};

/// A font in a PCF file: read as a whole by [`LoadedFont`](crate::LoadedFont), or glyph by glyph, each from where it is.
///
/// A glyph takes three short reads, and one for each 128 bytes of its pixels as they are stored. Read as a whole, each wanted
/// code that is encoded takes a read, whether it has a glyph or not. 96 bytes of RAM besides the file.
///
/// The box of the font is that of the ink of all its glyphs, where the file knows it.
pub struct PcfFile<F> {
    file: F,
    file_bytes: u64,
    header: FontHeader,
    metrics: Table,
    bitmaps: Table,
    encodings: Table,
    codes: Codes,
    /// How many glyphs there are.
    glyph_count: u32,
    /// Code that [`FontFile::next`] tries next, by its number.
    next_code: u32,
    /// The glyph whose pixels are next, and its number.
    current: (u16, Glyph),
}

/// Measures of a glyph: five numbers of 16 bits, and attributes.
const METRICS_BYTES: u64 = 12;
/// The same where they are compressed: five bytes.
const COMPRESSED_BYTES: usize = 5;
/// Sizes of all bitmaps, one for each padding.
const BITMAP_SIZES_BYTES: u64 = 16;
/// What an encoding is for a character without glyph.
const NO_GLYPH: u16 = 0xffff;
/// What is read of a bitmap at once: four of the longest rows, of 255 pixels.
const BUFFER_BYTES: usize = 128;

impl<F: Read + Seek> PcfFile<F> {
    /// Opens a file: reads its table of contents, and the heads of four tables.
    ///
    /// # Errors
    /// [`FontFileError`].
    pub fn open(mut file: F) -> Result<Self, FontFileError> {
        let file_bytes = source::size_of_file(&mut file)?;
        let table_count = table::count(&mut file, file_bytes)?;
        let mut find = |kind| Table::find(&mut file, table_count, kind);
        let accelerators = match find(Kind::BdfAccelerators)? {
            Some(table) => Some(table),
            None => find(Kind::Accelerators)?,
        };
        let accelerators = accelerators.ok_or(FontFileError::Missing("accelerators"))?;
        let metrics = find(Kind::Metrics)?.ok_or(FontFileError::Missing("metrics"))?;
        let bitmaps = find(Kind::Bitmaps)?.ok_or(FontFileError::Missing("bitmaps"))?;
        let encodings = find(Kind::Encodings)?.ok_or(FontFileError::Missing("encodings"))?;
        let format = bitmaps.format;
        if format.0 >> 6 != 0 || format.swapped_bytes() > format.row_bytes() {
            return Err(FontFileError::BitmapFormat(format.0));
        }
        let [glyph_count] = bitmaps.words(&mut file, 4)?;
        Ok(Self {
            header: header(&mut file, &accelerators)?,
            codes: Codes::read(&mut file, &encodings)?,
            file,
            file_bytes,
            metrics,
            bitmaps,
            encodings,
            glyph_count,
            next_code: 0,
            current: (0, Glyph::default()),
        })
    }

    /// Goes to the glyph of the code with this number, if it has one.
    fn enter(&mut self, number: u32, character: char) -> Result<Option<Glyph>, FontFileError> {
        let offset = Codes::HEAD_BYTES + 2 * u64::from(number);
        let [index] = self.encodings.halves(&mut self.file, offset)?;
        if index == NO_GLYPH {
            return Ok(None);
        }
        let glyph = self.measures(index)?.narrow(character)?;
        self.current = (index, glyph);
        Ok(Some(glyph))
    }

    fn measures(&mut self, index: u16) -> Result<WideGlyph, FontFileError> {
        // They stand behind the table's format and their number, of two bytes where they are compressed.
        let (table, index) = (&self.metrics, u64::from(index));
        let [left, right, advance, ascent, descent] = if table.format.is_variant() {
            let mut bytes = [0; COMPRESSED_BYTES];
            table.read(&mut self.file, 6 + index * COMPRESSED_BYTES as u64, &mut bytes)?;
            bytes.map(|byte| i32::from(byte) - 0x80)
        } else {
            let halves = table.halves(&mut self.file, 8 + index * METRICS_BYTES)?;
            halves.map(|half: u16| half.cast_signed().into())
        };
        Ok(WideGlyph {
            width: right - left,
            height: ascent + descent,
            left,
            bottom: -descent,
            advance,
        })
    }

    /// Where in its table the bitmap of a glyph begins.
    fn bitmap_offset(&mut self, index: u16) -> Result<u64, FontFileError> {
        if u32::from(index) >= self.glyph_count {
            return Err(self.bitmaps.malformed());
        }
        let [offset] = self.bitmaps.words(&mut self.file, 8 + 4 * u64::from(index))?;
        let head_bytes = 8 + 4 * u64::from(self.glyph_count) + BITMAP_SIZES_BYTES;
        Ok(head_bytes + u64::from(offset))
    }
}

/// The header of a font: ascent, descent, and the box around the least and the greatest measures of its glyphs.
fn header<F: Read + Seek>(file: &mut F, table: &Table) -> Result<FontHeader, FontFileError> {
    // Behind the format and eight flags stand ascent and descent, behind these and another number the least and the greatest
    // measures of glyphs, and behind them those of ink, if it differs.
    let [ascent, descent] = table.words(file, 12)?;
    let bounds_at = if table.format.is_variant() { 48 } else { 24 };
    let [left, _, _, _, _] = table.halves(file, bounds_at)?;
    let [_, right, _, highest, deepest] = table.halves(file, bounds_at + METRICS_BYTES)?;
    let [left, right, highest, deepest] =
        [left, right, highest, deepest].map(|half| i32::from(half.cast_signed()));
    let bounds = [right - left, highest + deepest, left, -deepest];
    source::header_of_box(bounds, ascent.cast_signed(), descent.cast_signed())
}

/// Which codes the encodings are for: a rectangle of first and second bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Codes {
    least: [u8; 2],
    columns: u16,
    rows: u16,
}

impl Codes {
    /// The table's format, five numbers.
    const HEAD_BYTES: u64 = 14;

    fn read<F: Read + Seek>(file: &mut F, table: &Table) -> Result<Self, FontFileError> {
        let [min_column, max_column, min_row, max_row] = table.halves(file, 4)?;
        let range = |min: u16, max: u16| {
            let (min, max) = (u8::try_from(min).ok()?, u8::try_from(max).ok()?);
            Some((min, u16::from(max.checked_sub(min)?) + 1))
        };
        let (Some((column, columns)), Some((row, rows))) =
            (range(min_column, max_column), range(min_row, max_row))
        else {
            return Err(table.malformed());
        };
        let codes = Self { least: [row, column], columns, rows };
        if Self::HEAD_BYTES + 2 * u64::from(codes.count()) > table.size_bytes.into() {
            return Err(table.malformed());
        }
        Ok(codes)
    }

    fn count(&self) -> u32 {
        u32::from(self.columns) * u32::from(self.rows)
    }

    /// The character of a code; none for surrogates.
    fn character(&self, number: u32) -> Option<char> {
        let (row, column) = (number / u32::from(self.columns), number % u32::from(self.columns));
        let [least_row, least_column] = self.least.map(u32::from);
        char::from_u32((least_row + row) << 8 | (least_column + column))
    }

    /// The number of a character's code.
    fn number(&self, character: char) -> Option<u32> {
        let [row, column] = u16::try_from(u32::from(character)).ok()?.to_be_bytes();
        let row = u16::from(row.checked_sub(self.least[0])?);
        let column = u16::from(column.checked_sub(self.least[1])?);
        (row < self.rows && column < self.columns)
            .then(|| u32::from(row) * u32::from(self.columns) + u32::from(column))
    }
}

impl<F: Read + Seek> FontFile for PcfFile<F> {
    fn header(&self) -> FontHeader {
        self.header
    }

    fn file_bytes(&self) -> u64 {
        self.file_bytes
    }

    fn rewind(&mut self) -> Result<(), FontFileError> {
        self.next_code = 0;
        Ok(())
    }

    fn next(
        &mut self,
        wanted: &dyn Fn(char) -> bool,
    ) -> Result<Option<(char, Glyph)>, FontFileError> {
        while self.next_code < self.codes.count() {
            let number = self.next_code;
            self.next_code += 1;
            let Some(character) = self.codes.character(number).filter(|&c| wanted(c)) else {
                continue;
            };
            if let Some(glyph) = self.enter(number, character)? {
                return Ok(Some((character, glyph)));
            }
        }
        Ok(None)
    }

    fn read_pixels(&mut self, pixels: &mut [u8]) -> Result<(), FontFileError> {
        let (index, glyph) = self.current;
        let pixels = source::room(pixels, source::pixels_bytes(&glyph))?;
        let format = self.bitmaps.format;
        let stride = source::stride_bytes(glyph.width);
        let padded = stride.next_multiple_of(format.row_bytes());
        let mut offset = self.bitmap_offset(index)?;
        let mut stored = [0; BUFFER_BYTES];
        let rows_at_once = BUFFER_BYTES / padded.max(1);
        let swap = format.swapped_bytes() - 1;
        for rows in pixels.chunks_mut((stride * rows_at_once).max(1)) {
            let stored_bytes = rows.len() / stride.max(1) * padded;
            let stored = stored.get_mut(..stored_bytes).unwrap_or_default();
            self.bitmaps.read(&mut self.file, offset, stored)?;
            offset += stored_bytes as u64;
            for (row, stored) in rows.chunks_exact_mut(stride).zip(stored.chunks_exact(padded)) {
                for (x, byte) in row.iter_mut().enumerate() {
                    let bits = stored.get(x ^ swap).copied().unwrap_or(0);
                    *byte = if format.has_high_bit_first() { bits } else { bits.reverse_bits() };
                }
                source::clear_padding(row, glyph.width);
            }
        }
        Ok(())
    }
}

impl<F: Read + Seek> GlyphSource for PcfFile<F> {
    fn metrics(&self) -> FontMetrics {
        source::metrics(&self.header)
    }

    fn load(&mut self, character: char, pixels: &mut [u8]) -> Result<Option<Glyph>, FontFileError> {
        let Some(number) = self.codes.number(character) else { return Ok(None) };
        let Some(glyph) = self.enter(number, character)? else { return Ok(None) };
        self.read_pixels(pixels)?;
        Ok(Some(glyph))
    }
}

impl<F> fmt::Debug for PcfFile<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PcfFile").field("header", &self.header).finish_non_exhaustive()
    }
}
