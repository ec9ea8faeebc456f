//! Fonts of the crate `embedded-graphics`.

use core::fmt;

use embedded_graphics::{
    geometry::{OriginDimensions, Point},
    image::GetPixel,
    mono_font::MonoFont,
    pixelcolor::BinaryColor,
};

use super::{
    Font, FontFileError, FontHeader, FontMetrics, Glyph, GlyphId, GlyphSource,
    source::{self, pixels_bytes},
};
use crate::View;

/// A `MonoFont` of `embedded-graphics`, for labels.
///
/// As a [`Font`] it needs no RAM: each glyph is copied to the stack, pixel by pixel, whenever it is viewed; glyphs of more than
/// 128 bytes (such as 32 by 32 pixels) are left out. In a [`GlyphCache`](crate::GlyphCache) each is copied once, and may be
/// of any size.
///
/// A `MonoFont` shows its replacement glyph for what it does not have, and does not tell. So a character is absent here if
/// its glyph is that of U+FFFF, which is no character, and it is not `?`.
///
/// ```
/// use displayio_core::{Font, MonoFontAdapter};
/// use embedded_graphics::mono_font::ascii::FONT_6X10;
/// let font = MonoFontAdapter::new(&FONT_6X10);
/// assert!(font.find('A').is_some() && font.find('ä').is_none());
/// assert_eq!(font.metrics().line_height, 10);
/// ```
#[derive(Clone, Copy)]
pub struct MonoFontAdapter<'f> {
    font: &'f MonoFont<'f>,
}

/// The largest glyph that is copied to the stack.
const STACK_BYTES: usize = 128;

impl<'f> MonoFontAdapter<'f> {
    /// The font for labels.
    #[must_use]
    pub const fn new(font: &'f MonoFont<'f>) -> Self {
        Self { font }
    }

    /// The measures that all glyphs have; `None` for those above 255 pixels.
    fn cell(&self) -> Option<Glyph> {
        let size = self.font.character_size;
        let bottom = i64::from(self.font.baseline) + 1 - i64::from(size.height);
        Some(Glyph {
            width: u8::try_from(size.width).ok()?,
            height: u8::try_from(size.height).ok()?,
            left: 0,
            bottom: i8::try_from(bottom).ok()?,
            advance: u8::try_from(size.width.checked_add(self.font.character_spacing)?).ok()?,
        })
    }

    /// The number of glyphs in a row of the font's image.
    fn columns(&self) -> Option<u32> {
        self.font.image.size().width.checked_div(self.font.character_size.width)
    }

    /// The number of a character's glyph.
    fn index(&self, character: char) -> Option<u32> {
        let index = self.font.glyph_mapping.index(character);
        let is_replaced = character != '?' && index == self.font.glyph_mapping.index('\u{ffff}');
        u32::try_from(index).ok().filter(|_| !is_replaced)
    }

    /// Copies the pixels of a glyph; `None` for one that is not in the image.
    fn copy(&self, index: u32, cell: Glyph, pixels: &mut [u8]) -> Option<()> {
        let columns = self.columns()?;
        let (column, row) = (index.checked_rem(columns)?, index.checked_div(columns)?);
        let (width, height) = (u32::from(cell.width), u32::from(cell.height));
        let top = i32::try_from(row.checked_mul(height)?).ok()?;
        let left = i32::try_from(column.checked_mul(width)?).ok()?;
        if row.checked_add(1)?.checked_mul(height)? > self.font.image.size().height {
            return None;
        }
        let rows = pixels.chunks_exact_mut(source::stride_bytes(cell.width).max(1));
        for (y, row) in (top..).zip(rows) {
            row.fill(0);
            for (x, offset) in (left..).zip(0..usize::from(cell.width)) {
                if self.font.image.pixel(Point::new(x, y))? == BinaryColor::On {
                    row[offset / 8] |= 0x80 >> (offset % 8);
                }
            }
        }
        Some(())
    }
}

impl Font for MonoFontAdapter<'_> {
    fn metrics(&self) -> FontMetrics {
        GlyphSource::metrics(self)
    }

    fn find(&self, character: char) -> Option<GlyphId> {
        self.index(character).map(GlyphId)
    }

    fn glyph(&self, _: GlyphId) -> Option<Glyph> {
        self.cell()
    }

    fn view(&self, id: GlyphId, f: &mut dyn FnMut(&View<'_>)) -> bool {
        let mut pixels = [0; STACK_BYTES];
        let mut show = || {
            let cell = self.cell()?;
            let pixels = pixels.get_mut(..pixels_bytes(&cell))?;
            self.copy(id.0, cell, pixels)?;
            f(&cell.view(1, pixels));
            Some(())
        };
        show().is_some()
    }
}

impl GlyphSource for MonoFontAdapter<'_> {
    fn metrics(&self) -> FontMetrics {
        let Some(Glyph { width, height, bottom, .. }) = self.cell() else {
            return FontMetrics::default();
        };
        let descent = bottom.min(0).unsigned_abs();
        source::metrics(&FontHeader {
            bits: 1,
            ascent: height.saturating_sub(descent),
            descent,
            box_size: (width, height),
            box_place: None,
            cell: None,
        })
    }

    fn load(&mut self, character: char, pixels: &mut [u8]) -> Result<Option<Glyph>, FontFileError> {
        let (Some(index), Some(cell)) = (self.index(character), self.cell()) else {
            return Ok(None);
        };
        let pixels = source::room(pixels, pixels_bytes(&cell))?;
        Ok(self.copy(index, cell, pixels).map(|()| cell))
    }
}

impl fmt::Debug for MonoFontAdapter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MonoFontAdapter").field(self.font).finish()
    }
}
