//! Packed fonts on storage.

use core::fmt;

use embedded_io::{Read, Seek};

use super::{
    CharRange, FontError, FontFileError, FontMetrics, Glyph, GlyphSource, PackedFont,
    packed::{self, GLYPH_BYTES, HEADER_BYTES, RANGE_BYTES},
    source,
};

/// A file of the bytes that a [`FlashFont`](crate::FlashFont) has, read glyph by glyph.
///
/// A glyph takes a read of 8 bytes for each halving of the number of ranges, one for its measures and one for its pixels.
/// 32 bytes of RAM besides the file.
pub struct PackedFile<F> {
    file: F,
    file_bytes: u64,
    header: [u8; HEADER_BYTES],
}

impl<F> PackedFile<F> {
    /// The font, as far as its header tells.
    const fn header(&self) -> PackedFont<'_> {
        PackedFont::from_checked(&self.header)
    }
}

impl<F: Read + Seek> PackedFile<F> {
    /// Opens a file: reads and checks its header, and that its tables and the pixels of its last glyph are there. These end all
    /// fonts of the asset tool, so that one that is cut off anywhere is refused.
    ///
    /// The rest is not read. Where ranges are not in order, some of their characters are not found; a glyph whose pixels lie
    /// beyond the end of the file is an error when it is read.
    ///
    /// # Errors
    /// [`FontFileError`].
    pub fn open(mut file: F) -> Result<Self, FontFileError> {
        let file_bytes = source::size_of_file(&mut file)?;
        let mut header = [0; HEADER_BYTES];
        if file_bytes < HEADER_BYTES as u64 {
            return Err(FontError::NotAFont.into());
        }
        source::read_at(&mut file, 0, &mut header)?;
        match PackedFont::parse(&header) {
            // The header ends where the tables begin.
            Ok(_) | Err(FontError::Truncated { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let mut font = Self { file, file_bytes, header };
        font.check_end(font.header().pixels_at() as u64)?;
        if let Some(last) = font.header().glyph_count().checked_sub(1) {
            font.entry(last)?;
        }
        Ok(font)
    }

    /// What is to be read ends here.
    fn check_end(&self, end: u64) -> Result<(), FontFileError> {
        if end <= self.file_bytes {
            return Ok(());
        }
        let [needed_bytes, given_bytes] =
            [end, self.file_bytes].map(|bytes| usize::try_from(bytes).unwrap_or(usize::MAX));
        Err(FontError::Truncated { needed_bytes, given_bytes }.into())
    }

    /// Size of the file.
    pub(super) fn byte_count(&self) -> Result<usize, FontFileError> {
        usize::try_from(self.file_bytes).map_err(|_| FontFileError::TooLarge)
    }

    /// Reads all of the file, and checks it.
    pub(super) fn read_all(&mut self, bytes: &mut [u8]) -> Result<(), FontFileError> {
        source::read_at(&mut self.file, 0, bytes)?;
        // The file may have told something else the second time.
        let is_same = bytes.starts_with(&self.header);
        PackedFont::parse(bytes)?;
        if is_same { Ok(()) } else { Err(FontFileError::Changed) }
    }

    /// The glyph of a character, by its number.
    fn find(&mut self, character: char) -> Result<Option<usize>, FontFileError> {
        let (mut low, mut high) = (0, self.header().range_count());
        while low < high {
            let middle = usize::midpoint(low, high);
            let mut entry = [0; RANGE_BYTES];
            source::read_at(
                &mut self.file,
                (HEADER_BYTES + middle * RANGE_BYTES) as u64,
                &mut entry,
            )?;
            let CharRange { first, glyph, count } = CharRange::of_entry(entry);
            match u32::from(character).checked_sub(first) {
                None => high = middle,
                Some(place) if place < count.into() => {
                    return Ok(usize::try_from(u32::from(glyph) + place).ok());
                }
                Some(_) => low = middle + 1,
            }
        }
        Ok(None)
    }

    /// Measures of a glyph, and where its pixels are in the file; they are all there.
    fn entry(&mut self, index: usize) -> Result<Option<(Glyph, u64)>, FontFileError> {
        let font = self.header();
        let (count, pixels_at) = (font.glyph_count(), font.pixels_at());
        if index >= count {
            return Ok(None);
        }
        let (glyph, offset) = if font.is_of_one_cell() {
            let cell = font.cell();
            (cell, index * self.pixels_bytes(&cell))
        } else {
            let mut entry = [0; GLYPH_BYTES];
            let entry_at = font.glyphs_at() + index * GLYPH_BYTES;
            source::read_at(&mut self.file, entry_at as u64, &mut entry)?;
            let [o0, o1, o2, sides @ ..] = entry;
            (packed::measures(sides), u32::from_le_bytes([o0, o1, o2, 0]) as usize)
        };
        let at = (pixels_at + offset) as u64;
        self.check_end(at + self.pixels_bytes(&glyph) as u64)?;
        Ok(Some((glyph, at)))
    }

    fn pixels_bytes(&self, glyph: &Glyph) -> usize {
        self.header().stride_bytes(glyph.width) * usize::from(glyph.height)
    }
}

impl<F: Read + Seek> GlyphSource for PackedFile<F> {
    fn metrics(&self) -> FontMetrics {
        self.header().metrics()
    }

    fn bits(&self) -> u8 {
        self.header().bits()
    }

    fn load(&mut self, character: char, pixels: &mut [u8]) -> Result<Option<Glyph>, FontFileError> {
        let Some(index) = self.find(character)? else { return Ok(None) };
        let Some((glyph, at)) = self.entry(index)? else { return Ok(None) };
        let pixels = source::room(pixels, self.pixels_bytes(&glyph))?;
        source::read_at(&mut self.file, at, pixels)?;
        Ok(Some(glyph))
    }
}

impl<F> fmt::Debug for PackedFile<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PackedFile").field("font", &self.header()).finish_non_exhaustive()
    }
}
