//! What a font is to text: metrics, and pixels of one glyph at a time.

use core::fmt;

use super::PackedFont;
use crate::{Depth, PixelLayout, Size, View};

/// A glyph of a font, by the font's own number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct GlyphId(pub u32);

/// Measures of a glyph, in pixels.
///
/// The origin is on the baseline, where the cursor stands; y counts downwards on the panel, but [`bottom`](Self::bottom)
/// upwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Glyph {
    /// Width of its pixels; 0 for a blank.
    pub width: u8,
    /// Height of its pixels.
    pub height: u8,
    /// Where its pixels begin, right of the cursor.
    pub left: i8,
    /// Where its lowest row ends above the baseline: negative for descenders.
    pub bottom: i8,
    /// How far the cursor moves on.
    pub advance: u8,
}

impl Glyph {
    /// Width, height, left and bottom. One by one: `map` compiles to a loop.
    pub(super) fn sides(&self) -> [i32; 4] {
        [self.width.into(), self.height.into(), self.left.into(), self.bottom.into()]
    }

    /// Its pixels in a font of so many bits per pixel: rows of [`row_bytes`] each.
    pub(super) fn view<'v>(&self, bits: u8, pixels: &'v [u8]) -> View<'v> {
        let size = Size::new(self.width.into(), self.height.into());
        let layout = PixelLayout::Packed(depth_of(bits));
        View::new(pixels, row_bytes(self.width, bits), size, layout)
    }
}

/// Bytes of a row of a glyph: each begins a byte.
#[inline]
pub(super) const fn row_bytes(width: u8, bits: u8) -> usize {
    (width as usize * bits as usize).div_ceil(8)
}

/// The depth of fonts of 1, 2 or 4 bits per pixel.
pub(super) const fn depth_of(bits: u8) -> Depth {
    match bits {
        0 | 1 => Depth::Bpp1,
        2 => Depth::Bpp2,
        _ => Depth::Bpp4,
    }
}

/// Measures that all glyphs of a font share, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct FontMetrics {
    /// Height of most capitals above the baseline.
    pub ascent: u8,
    /// Depth of descenders below the baseline.
    pub descent: u8,
    /// Height of the box around all glyphs: lines follow each other by this times the line spacing.
    pub line_height: u8,
    /// Width of the box around all glyphs.
    pub max_width: u8,
    /// What a loose background reaches above the baseline.
    pub loose_ascent: u8,
    /// What a loose background reaches below it.
    pub loose_descent: i8,
}

/// Something that gives glyphs: a [`FlashFont`](crate::FlashFont), fonts loaded or streamed from storage, or one of your own.
///
/// Labels hold it as `&dyn Font`, so that they are compiled once.
///
/// A label leaves out characters that the font does not have, and tells nobody: the rest of the text moves up. A program that
/// does not know its texts asks before, [`find`](Self::find) being cheap for fonts in memory. Line breaks need no glyph, and a
/// tab is shown as spaces. From storage, a glyph that cannot be read is missing, too:
/// [`GlyphCache::take_error`](crate::GlyphCache::take_error) tells the two apart.
///
/// ```
/// use displayio_core::{FONT_6X12, Font, Label};
/// let mut memory = [0; Label::required_bytes(16)];
/// let label = Label::from_buffer(&FONT_6X12, &mut memory);
/// let is_shown = |c: char| matches!(c, '\n' | '\t') || label.font().find(c).is_some();
/// let text = "21.5 °C\n";
/// assert_eq!(text.chars().find(|&c| !is_shown(c)), Some('°'));
/// label.set_text(text)?;
/// assert_eq!(label.bounds().width, 6 * 6, "21.5 C");
/// // Something that the font has, instead.
/// label.set_text(text.replace(|c| !is_shown(c), "?"))?;
/// assert_eq!(label.bounds().width, 7 * 6, "21.5 ?C");
/// # Ok::<(), displayio_core::TextError>(())
/// ```
pub trait Font {
    /// The measures of the font.
    fn metrics(&self) -> FontMetrics;

    /// The glyph of a character; `None` where the font has none.
    fn find(&self, character: char) -> Option<GlyphId>;

    /// Measures of a glyph; `None` for one of another font, or where it cannot be read.
    fn glyph(&self, id: GlyphId) -> Option<Glyph>;

    /// Shows a glyph's pixels to `f`, as wide and high as the glyph: 0 for nothing, the largest value of the view's depth
    /// for full ink, what is between for a part. Tells whether it did.
    fn view(&self, id: GlyphId, f: &mut dyn FnMut(&View<'_>)) -> bool;

    /// Bits per pixel: 1, or 2 or 4 for smooth edges.
    fn bits(&self) -> u8 {
        1
    }

    /// Shows all of the font to `f`, where it lies in memory in one piece: the fast way to paint many glyphs. Tells whether
    /// it did.
    fn view_all(&self, f: &mut dyn FnMut(&PackedFont<'_>)) -> bool {
        let _ = f;
        false
    }
}

impl dyn Font + '_ {
    /// The glyph of a character, and its measures.
    pub(super) fn find_glyph(&self, character: char) -> Option<(GlyphId, Glyph)> {
        let id = self.find(character)?;
        Some((id, self.glyph(id)?))
    }
}

impl fmt::Debug for dyn Font + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Font({:?})", self.metrics())
    }
}
