//! Fonts as bytes: in flash without any RAM, or loaded into memory of the program's choice.
//!
//! ```text
//! header   24 bytes: "DFN1", bits, flags, ascent, descent, box width, height, left, bottom,
//!          ranges (2), glyphs (2), and for fonts of one cell: width, height, left, bottom, advance, 3 unused
//! ranges   8 bytes each, sorted: first character (4), glyph of it (2), characters (2)
//! glyphs   8 bytes each, none in a font of one cell: offset of the pixels (3), width, height, left, bottom, advance
//! pixels   rows from the top, each from a whole byte on, the leftmost pixel in the high bits
//! ```
//! Numbers of several bytes have the low byte first.

use core::fmt;

use super::{Font, FontMetrics, Glyph, GlyphId, font::row_bytes};
use crate::View;

pub(super) const MAGIC: [u8; 4] = *b"DFN1";
pub(super) const HEADER_BYTES: usize = 24;
pub(super) const RANGE_BYTES: usize = 8;
pub(super) const GLYPH_BYTES: usize = 8;

/// All glyphs have the size and place of one cell, and no measures of their own.
pub(super) const ONE_CELL: u8 = 1;
/// The box around all glyphs is known without its place: loose backgrounds follow ascent and descent.
pub(super) const BOX_WITHOUT_PLACE: u8 = 2;

/// Why bytes are not a font.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum FontError {
    /// They do not begin as a font.
    NotAFont,
    /// Another number of bits per pixel than 1, 2 and 4.
    Bits(u8),
    /// They end before the tables or the pixels do.
    Truncated {
        /// Bytes up to the end of the pixels, or of the tables where these are cut.
        needed_bytes: usize,
        /// Bytes there are.
        given_bytes: usize,
    },
    /// The ranges of characters are not in order, or have glyphs that are not there.
    Ranges,
}

impl fmt::Display for FontError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAFont => f.write_str("not a font"),
            Self::Bits(bits) => write!(f, "a font of {bits} bits per pixel, not of 1, 2 or 4"),
            Self::Truncated { needed_bytes, given_bytes } => {
                write!(f, "a font of at least {needed_bytes} bytes, cut off after {given_bytes}")
            }
            Self::Ranges => f.write_str(
                "a font whose characters are not in order, or have glyphs that it has not",
            ),
        }
    }
}

impl core::error::Error for FontError {}

/// Measures of a font as a whole, as its file tells them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct FontHeader {
    /// Bits per pixel: 1, 2 or 4.
    pub bits: u8,
    /// Height of most capitals above the baseline, in pixels.
    pub ascent: u8,
    /// Depth of descenders below the baseline, in pixels.
    pub descent: u8,
    /// The box around all glyphs: width and height in pixels.
    pub box_size: (u8, u8),
    /// Where the box begins right of the cursor and ends above the baseline; `None` where that is not known.
    pub box_place: Option<(i8, i8)>,
    /// What all glyphs have in common, if they are all alike.
    pub cell: Option<Glyph>,
}

/// Characters that follow each other, and so do their glyphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CharRange {
    /// The first of them.
    pub first: u32,
    /// Its glyph.
    pub glyph: u16,
    /// How many there are.
    pub count: u16,
}

impl CharRange {
    /// As a font has it.
    pub(super) const fn of_entry([a, b, c, d, e, f, g, h]: [u8; RANGE_BYTES]) -> Self {
        Self {
            first: u32::from_le_bytes([a, b, c, d]),
            glyph: u16::from_le_bytes([e, f]),
            count: u16::from_le_bytes([g, h]),
        }
    }

    /// What a font has of it.
    pub(super) const fn entry(&self) -> [u8; RANGE_BYTES] {
        let ([a, b, c, d], [e, f], [g, h]) =
            (self.first.to_le_bytes(), self.glyph.to_le_bytes(), self.count.to_le_bytes());
        [a, b, c, d, e, f, g, h]
    }
}

/// A font in bytes, open for reading. 8 bytes on a 32-bit target: nothing is kept but where the bytes are.
#[derive(Debug, Clone, Copy)]
pub struct PackedFont<'v> {
    bytes: &'v [u8],
}

impl<'v> PackedFont<'v> {
    /// Checks the tables of a font, and that the pixels of all its glyphs are there. Whoever shows the font relies on that, and
    /// checks nothing again.
    ///
    /// Cost: time in the number of ranges and glyphs, in that of ranges alone where all glyphs have one cell. None at run time
    /// for a `static`.
    ///
    /// # Errors
    /// [`FontError`].
    pub const fn parse(bytes: &'v [u8]) -> Result<Self, FontError> {
        let font = Self { bytes };
        if bytes.len() < HEADER_BYTES || !font.has_magic() {
            return Err(FontError::NotAFont);
        }
        if !matches!(bytes[4], 1 | 2 | 4) {
            return Err(FontError::Bits(bytes[4]));
        }
        let (pixels_at, given_bytes) = (font.pixels_at(), bytes.len());
        let Some((tables, _)) = bytes.split_at_checked(pixels_at) else {
            return Err(FontError::Truncated { needed_bytes: pixels_at, given_bytes });
        };
        let needed_bytes = pixels_at + font.pixels_bytes(tables);
        if needed_bytes > given_bytes {
            return Err(FontError::Truncated { needed_bytes, given_bytes });
        }
        if font.ranges_are_sorted() { Ok(font) } else { Err(FontError::Ranges) }
    }

    /// The font in bytes that [`parse`](Self::parse) accepted before, or that are known to be right: what is wrong with
    /// them only gives wrong glyphs.
    pub(super) const fn from_checked(bytes: &'v [u8]) -> Self {
        Self { bytes }
    }

    const fn has_magic(&self) -> bool {
        let mut i = 0;
        while i < MAGIC.len() {
            if self.bytes[i] != MAGIC[i] {
                return false;
            }
            i += 1;
        }
        true
    }

    const fn ranges_are_sorted(&self) -> bool {
        let (mut i, mut end) = (0, 0);
        while i < self.range_count() {
            let CharRange { first, glyph, count } = self.range(i);
            let last_glyph = glyph as usize + count as usize;
            if first < end || last_glyph > self.glyph_count() {
                return false;
            }
            end = match first.checked_add(count as u32) {
                Some(end) => end,
                None => return false,
            };
            i += 1;
        }
        true
    }

    /// Bytes from the first pixels to the end of those that reach farthest, by the tables of the font, which glyphs end.
    const fn pixels_bytes(&self, tables: &[u8]) -> usize {
        let (bits, mut glyphs_left) = (self.bits(), self.glyph_count());
        if self.is_of_one_cell() {
            let cell = self.cell();
            return glyphs_left * row_bytes(cell.width, bits) * cell.height as usize;
        }
        let (_, mut entries) = tables.as_rchunks::<GLYPH_BYTES>();
        let mut end = 0;
        // Few calls for each: compilers refuse constants that take long.
        while glyphs_left > 0
            && let [rest @ .., [a, b, c, width, height, ..]] = entries
        {
            let offset = *a as usize | (*b as usize) << 8 | (*c as usize) << 16;
            let glyph_end = offset + row_bytes(*width, bits) * *height as usize;
            if glyph_end > end {
                end = glyph_end;
            }
            (entries, glyphs_left) = (rest, glyphs_left - 1);
        }
        end
    }

    /// The header; zeros where there is none.
    #[inline]
    const fn header(&self) -> &[u8; HEADER_BYTES] {
        match self.bytes.first_chunk() {
            Some(header) => header,
            None => &[0; HEADER_BYTES],
        }
    }

    /// Two bytes of the header.
    #[inline]
    const fn half(&self, at: usize) -> u16 {
        u16::from_le_bytes([self.header()[at], self.header()[at + 1]])
    }

    pub(super) const fn range_count(&self) -> usize {
        self.half(12) as usize
    }

    /// How many glyphs it has.
    #[must_use]
    pub const fn glyph_count(&self) -> usize {
        self.half(14) as usize
    }

    pub(super) const fn is_of_one_cell(&self) -> bool {
        self.header()[5] & ONE_CELL != 0
    }

    /// The measures of all glyphs in a font of one cell.
    #[inline]
    pub(super) const fn cell(&self) -> Glyph {
        let [.., width, height, left, bottom, advance, _, _, _] = *self.header();
        measures([width, height, left, bottom, advance])
    }

    pub(super) const fn glyphs_at(&self) -> usize {
        HEADER_BYTES + self.range_count() * RANGE_BYTES
    }

    pub(super) const fn pixels_at(&self) -> usize {
        self.glyphs_at() + if self.is_of_one_cell() { 0 } else { self.glyph_count() * GLYPH_BYTES }
    }

    const fn range(&self, index: usize) -> CharRange {
        let entry = match self.bytes.split_at_checked(HEADER_BYTES + index * RANGE_BYTES) {
            Some((_, rest)) => rest.first_chunk(),
            None => None,
        };
        CharRange::of_entry(match entry {
            Some(entry) => *entry,
            None => [0; RANGE_BYTES],
        })
    }

    /// Characters and glyphs, in order.
    pub fn ranges(&self) -> impl Iterator<Item = CharRange> + use<'v> {
        let font = *self;
        (0..self.range_count()).map(move |index| font.range(index))
    }

    /// Bits per pixel: 1, 2 or 4.
    #[inline]
    #[must_use]
    pub const fn bits(&self) -> u8 {
        self.header()[4]
    }

    /// The measures of the font.
    #[must_use]
    pub const fn metrics(&self) -> FontMetrics {
        let [_, _, _, _, _, flags, ascent, descent, max_width, line_height, _, bottom, ..] =
            *self.header();
        let (loose_ascent, loose_descent) = if flags & BOX_WITHOUT_PLACE != 0 {
            (ascent, descent.cast_signed())
        } else {
            (line_height, bottom.cast_signed().saturating_neg())
        };
        FontMetrics { ascent, descent, line_height, max_width, loose_ascent, loose_descent }
    }

    /// The glyph of a character. Cost: time in the logarithm of the number of ranges.
    #[must_use]
    pub fn find(&self, character: char) -> Option<GlyphId> {
        let code = u32::from(character);
        let (mut low, mut high) = (0, self.range_count());
        while low < high {
            let middle = usize::midpoint(low, high);
            let range = self.range(middle);
            if code < range.first {
                high = middle;
            } else if code - range.first < range.count.into() {
                return Some(GlyphId(u32::from(range.glyph) + code - range.first));
            } else {
                low = middle + 1;
            }
        }
        None
    }

    /// Its glyphs, for many of them: what they have in common is read once.
    #[inline(never)]
    #[must_use]
    pub(super) fn glyphs(&self) -> Glyphs<'v> {
        let (is_of_one_cell, count) = (self.is_of_one_cell(), self.glyph_count());
        let cell = if is_of_one_cell { self.cell() } else { Glyph::default() };
        let cell_stride = self.stride_bytes(cell.width);
        let table_bytes = if is_of_one_cell { 0 } else { count * GLYPH_BYTES };
        let rest = self.bytes.get(self.glyphs_at()..).unwrap_or_default();
        let (table, pixels) = rest.split_at_checked(table_bytes).unwrap_or_default();
        Glyphs {
            cell,
            cell_bytes: cell_stride * usize::from(cell.height),
            cell_stride,
            is_of_one_cell,
            count,
            bits: self.bits(),
            table: table.as_chunks().0,
            pixels,
        }
    }

    /// Measures of a glyph.
    #[must_use]
    pub fn glyph(&self, id: GlyphId) -> Option<Glyph> {
        let index = id.0 as usize;
        if index >= self.glyph_count() {
            return None;
        }
        if self.is_of_one_cell() {
            return Some(self.cell());
        }
        let entry = self.bytes.get(self.glyphs_at() + index * GLYPH_BYTES..)?;
        let [_, _, _, sides @ ..] = *entry.first_chunk::<GLYPH_BYTES>()?;
        Some(measures(sides))
    }

    /// Measures of a glyph, and its pixels: rows of [`stride_bytes`](Self::stride_bytes) each, and what follows them.
    #[inline]
    #[must_use]
    pub fn glyph_and_pixels(&self, id: GlyphId) -> Option<(Glyph, &'v [u8])> {
        self.glyphs().get(id)
    }

    /// Bytes of a row of a glyph of this width.
    #[inline]
    #[must_use]
    pub const fn stride_bytes(&self, width: u8) -> usize {
        row_bytes(width, self.bits())
    }

    /// The pixels of a glyph.
    #[must_use]
    pub fn view(&self, id: GlyphId) -> Option<View<'v>> {
        let (glyph, bytes) = self.glyph_and_pixels(id)?;
        Some(glyph.view(self.bits(), bytes))
    }
}

/// The glyphs of a font, as they are found by their numbers.
pub(super) struct Glyphs<'v> {
    cell: Glyph,
    cell_bytes: usize,
    cell_stride: usize,
    is_of_one_cell: bool,
    count: usize,
    bits: u8,
    table: &'v [[u8; GLYPH_BYTES]],
    pixels: &'v [u8],
}

impl<'v> Glyphs<'v> {
    /// Measures of a glyph and its pixels, as in [`PackedFont::glyph_and_pixels`].
    #[inline]
    pub(super) fn get(&self, id: GlyphId) -> Option<(Glyph, &'v [u8])> {
        let index = id.0 as usize;
        if index >= self.count {
            return None;
        }
        let (glyph, offset) = if self.is_of_one_cell {
            (self.cell, index * self.cell_bytes)
        } else {
            let [a, b, c, sides @ ..] = *self.table.get(index)?;
            (measures(sides), u32::from_le_bytes([a, b, c, 0]) as usize)
        };
        Some((glyph, self.pixels.get(offset..).unwrap_or_default()))
    }

    /// The width of a glyph and the bytes of one of its rows; `None` outside of it.
    #[inline]
    pub(super) fn row(&self, id: GlyphId, row: usize) -> Option<(u8, &'v [u8])> {
        let index = id.0 as usize;
        let (width, start, stride) = if self.is_of_one_cell {
            if row >= self.cell.height.into() || index >= self.count {
                return None;
            }
            (self.cell.width, index * self.cell_bytes + row * self.cell_stride, self.cell_stride)
        } else {
            let [a, b, c, width, height, ..] = *self.table.get(index)?;
            if row >= height.into() {
                return None;
            }
            let stride = row_bytes(width, self.bits);
            (width, u32::from_le_bytes([a, b, c, 0]) as usize + row * stride, stride)
        };
        Some((width, self.pixels.get(start..start + stride)?))
    }
}

/// The measures of a glyph in the last five bytes of its entry.
#[inline]
pub(super) const fn measures(bytes: [u8; 5]) -> Glyph {
    let [width, height, left, bottom, advance] = bytes;
    let (left, bottom) = (left.cast_signed(), bottom.cast_signed());
    Glyph { width, height, left, bottom, advance }
}

/// A font in flash: `Sync`, fit for a `static`, no RAM.
///
/// The bytes come from the asset tool, as a file to include or as Rust source. [`FONT_6X12`](crate::FONT_6X12) is one.
#[derive(Debug, Clone, Copy)]
pub struct FlashFont {
    font: PackedFont<'static>,
}

impl FlashFont {
    /// The font in these bytes.
    ///
    /// # Panics
    /// When they are no font; in a `static` that is a compile error. [`PackedFont::parse`] tells why instead.
    #[must_use]
    #[expect(clippy::panic, reason = "a compile error, where it should be used")]
    pub const fn new(bytes: &'static [u8]) -> Self {
        match PackedFont::parse(bytes) {
            Ok(font) => Self { font },
            Err(_) => panic!("the bytes are not a font"),
        }
    }

    /// The font, for direct use.
    #[must_use]
    pub const fn packed(&self) -> PackedFont<'static> {
        self.font
    }
}

impl From<PackedFont<'static>> for FlashFont {
    fn from(font: PackedFont<'static>) -> Self {
        Self { font }
    }
}

impl Font for FlashFont {
    fn metrics(&self) -> FontMetrics {
        self.font.metrics()
    }

    fn find(&self, character: char) -> Option<GlyphId> {
        self.font.find(character)
    }

    fn glyph(&self, id: GlyphId) -> Option<Glyph> {
        self.font.glyph(id)
    }

    fn view(&self, id: GlyphId, f: &mut dyn FnMut(&View<'_>)) -> bool {
        self.font.view(id).map(|view| f(&view)).is_some()
    }

    fn bits(&self) -> u8 {
        self.font.bits()
    }

    fn view_all(&self, f: &mut dyn FnMut(&PackedFont<'_>)) -> bool {
        f(&self.font);
        true
    }
}
