//! Makes the bytes of a font, glyph by glyph.

use super::{
    CharRange, FontHeader, Glyph,
    font::row_bytes,
    packed::{BOX_WITHOUT_PLACE, GLYPH_BYTES, HEADER_BYTES, MAGIC, ONE_CELL, RANGE_BYTES},
};

/// Writes a font into a buffer whose size was found before: for readers of font files, and for the asset tool.
///
/// ```
/// use displayio_core::{CharRange, FontHeader, FontWriter, Glyph, PackedFont};
/// let header = FontHeader { bits: 1, ascent: 2, box_size: (2, 2), ..FontHeader::default() };
/// let mut bytes = [0; FontWriter::required_bytes(1, 1, false, 2)];
/// let mut writer = FontWriter::new(&mut bytes, &header, 1, 1).unwrap();
/// writer.push_range(CharRange { first: u32::from('x'), glyph: 0, count: 1 });
/// let glyph = Glyph { width: 2, height: 2, advance: 3, ..Glyph::default() };
/// writer.push_glyph(&glyph).unwrap().copy_from_slice(&[0x80, 0x40]);
/// let font = PackedFont::parse(&bytes).unwrap();
/// assert_eq!(font.glyph(font.find('x').unwrap()), Some(glyph));
/// ```
#[derive(Debug)]
pub struct FontWriter<'b> {
    bytes: &'b mut [u8],
    bits: u8,
    /// The next range's place, and where the ranges end.
    range_at: usize,
    ranges_end: usize,
    /// The next glyph's place; none in a font of one cell.
    glyph_at: Option<usize>,
    /// Where all pixels begin.
    pixels_at: usize,
    /// Bytes of pixels so far.
    pixels_bytes: usize,
}

impl<'b> FontWriter<'b> {
    /// Bytes of a font with so many ranges of characters, glyphs and bytes of pixels, each row of which begins a byte.
    #[must_use]
    pub const fn required_bytes(
        ranges: u16,
        glyphs: u16,
        is_of_one_cell: bool,
        pixels_bytes: usize,
    ) -> usize {
        let glyphs_bytes = if is_of_one_cell { 0 } else { GLYPH_BYTES * glyphs as usize };
        HEADER_BYTES + RANGE_BYTES * ranges as usize + glyphs_bytes + pixels_bytes
    }

    /// Begins a font; `None` when the buffer does not hold its tables.
    pub fn new(bytes: &'b mut [u8], header: &FontHeader, ranges: u16, glyphs: u16) -> Option<Self> {
        let is_of_one_cell = header.cell.is_some();
        let pixels_at = Self::required_bytes(ranges, glyphs, is_of_one_cell, 0);
        let ranges_end = HEADER_BYTES + RANGE_BYTES * usize::from(ranges);
        if bytes.len() < pixels_at {
            return None;
        }
        let cell = header.cell.unwrap_or_default();
        let (left, bottom) = header.box_place.unwrap_or_default();
        let flags = if is_of_one_cell { ONE_CELL } else { 0 }
            | if header.box_place.is_none() { BOX_WITHOUT_PLACE } else { 0 };
        let [m0, m1, m2, m3] = MAGIC;
        let ([r0, r1], [g0, g1]) = (ranges.to_le_bytes(), glyphs.to_le_bytes());
        #[rustfmt::skip]
        let fields = [
            m0, m1, m2, m3, header.bits, flags, header.ascent, header.descent,
            header.box_size.0, header.box_size.1, left.cast_unsigned(), bottom.cast_unsigned(), r0, r1, g0, g1,
            cell.width, cell.height, cell.left.cast_unsigned(), cell.bottom.cast_unsigned(), cell.advance, 0, 0, 0,
        ];
        *bytes.first_chunk_mut::<HEADER_BYTES>()? = fields;
        Some(Self {
            bytes,
            bits: header.bits,
            range_at: HEADER_BYTES,
            ranges_end,
            glyph_at: (!is_of_one_cell).then_some(ranges_end),
            pixels_at,
            pixels_bytes: 0,
        })
    }

    /// Adds a range of characters. Ranges come in order; one too many is left out.
    pub fn push_range(&mut self, range: CharRange) {
        if self.range_at == self.ranges_end {
            return;
        }
        if let Some(entry) = self.bytes.get_mut(self.range_at..self.range_at + RANGE_BYTES) {
            entry.copy_from_slice(&range.entry());
            self.range_at += RANGE_BYTES;
        }
    }

    /// Adds the next glyph, and gives the place of its pixels: its rows one after the other. `None` when there is no room.
    pub fn push_glyph(&mut self, glyph: &Glyph) -> Option<&mut [u8]> {
        let stride = row_bytes(glyph.width, self.bits);
        let start = self.pixels_at + self.pixels_bytes;
        let end = start + stride * usize::from(glyph.height);
        if end > self.bytes.len() {
            return None;
        }
        if let Some(at) = self.glyph_at.filter(|at| at + GLYPH_BYTES <= self.pixels_at) {
            let entry = glyph_entry(u32::try_from(self.pixels_bytes).ok()?, glyph);
            self.bytes.get_mut(at..at + GLYPH_BYTES)?.copy_from_slice(&entry);
            self.glyph_at = Some(at + GLYPH_BYTES);
        }
        self.pixels_bytes = end - self.pixels_at;
        self.bytes.get_mut(start..end)
    }
}

/// The entry of a glyph whose pixels lie `offset` bytes from the first ones, below 16 MiB.
pub(super) const fn glyph_entry(offset: u32, glyph: &Glyph) -> [u8; GLYPH_BYTES] {
    let [o0, o1, o2, _] = offset.to_le_bytes();
    let (left, bottom) = (glyph.left.cast_unsigned(), glyph.bottom.cast_unsigned());
    [o0, o1, o2, glyph.width, glyph.height, left, bottom, glyph.advance]
}
