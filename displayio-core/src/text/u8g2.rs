//! Fonts of the crate `u8g2-fonts`.

use core::{convert::Infallible, fmt};

use embedded_graphics_core::{
    Pixel,
    draw_target::DrawTarget,
    geometry::{OriginDimensions, Point, Size},
    pixelcolor::BinaryColor,
    primitives::Rectangle,
};
use u8g2_fonts::{
    FontRenderer,
    types::{FontColor, VerticalPosition},
};

use super::{
    FontFileError, FontMetrics, Glyph, GlyphSource,
    source::{self, WideGlyph},
};

/// A font of `u8g2-fonts`, for a [`GlyphCache`](crate::GlyphCache): its glyphs are compressed, so that each must be drawn
/// before it is shown. Each of the fonts has a licence of its own.
///
/// ```
/// # let mut region = [core::mem::MaybeUninit::uninit(); 1024];
/// # let heap = displayio_allocators::LinkedListHeap::new(&mut region);
/// use displayio_core::{Font, GlyphCache, U8g2Font};
/// use u8g2_fonts::{FontRenderer, fonts::u8g2_font_5x7_tf};
/// let source = U8g2Font::new(FontRenderer::new::<u8g2_font_5x7_tf>());
/// let font = GlyphCache::new_in(source, 20, 8, &heap)?;
/// assert!(font.find('Å').is_some());
/// # Ok::<(), displayio_core::OutOfMemory>(())
/// ```
pub struct U8g2Font {
    renderer: FontRenderer,
}

impl U8g2Font {
    /// The font that a renderer draws.
    #[must_use]
    pub const fn new(renderer: FontRenderer) -> Self {
        Self { renderer: renderer.with_ignore_unknown_chars(false) }
    }
}

impl GlyphSource for U8g2Font {
    fn metrics(&self) -> FontMetrics {
        let Rectangle { top_left, size } =
            self.renderer.get_font_bounding_box(VerticalPosition::Baseline);
        let number = |pixels: u32| i32::try_from(pixels).unwrap_or(i32::MAX);
        let (width, height) = (number(size.width), number(size.height));
        let bottom = top_left.y.saturating_add(height).saturating_neg();
        let (ascent, descent) = (self.renderer.get_ascent(), self.renderer.get_descent());
        let bounds = [width, height, top_left.x, bottom];
        let header = source::header_of_box(bounds, ascent.into(), -i32::from(descent));
        header.map(|header| source::metrics(&header)).unwrap_or_default()
    }

    fn load(&mut self, character: char, pixels: &mut [u8]) -> Result<Option<Glyph>, FontFileError> {
        let (origin, baseline) = (Point::zero(), VerticalPosition::Baseline);
        // To the renderer the one is the mark at the end of its table, the other a line without glyphs.
        if matches!(character, '\0' | '\n') {
            return Ok(None);
        }
        let Ok(dimensions) = self.renderer.get_rendered_dimensions(character, origin, baseline)
        else {
            return Ok(None);
        };
        let bounds = dimensions.bounding_box.unwrap_or(Rectangle::zero());
        let wide = |pixels: u32| i32::try_from(pixels).unwrap_or(i32::MAX);
        let (width, height) = (wide(bounds.size.width), wide(bounds.size.height));
        let bottom = bounds.top_left.y.saturating_add(height).saturating_neg();
        let (left, advance) = (bounds.top_left.x, dimensions.advance.x);
        let glyph = WideGlyph { width, height, left, bottom, advance }.narrow(character)?;
        let pixels = source::room(pixels, source::pixels_bytes(&glyph))?;
        pixels.fill(0);
        let mut canvas = Canvas { pixels, bounds, stride: source::stride_bytes(glyph.width) };
        let ink = FontColor::Transparent(BinaryColor::On);
        let drawn = self.renderer.render(character, origin, baseline, ink, &mut canvas);
        drawn.map(|_| Some(glyph)).map_err(|_| FontFileError::Changed)
    }
}

impl fmt::Debug for U8g2Font {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("U8g2Font").field("renderer", &self.renderer).finish()
    }
}

/// The pixels of a glyph while it is drawn with its origin at 0, 0.
struct Canvas<'p> {
    pixels: &'p mut [u8],
    bounds: Rectangle,
    stride: usize,
}

impl OriginDimensions for Canvas<'_> {
    fn size(&self) -> Size {
        self.bounds.size
    }
}

impl DrawTarget for Canvas<'_> {
    type Color = BinaryColor;
    type Error = Infallible;

    fn draw_iter<I: IntoIterator<Item = Pixel<BinaryColor>>>(
        &mut self,
        pixels: I,
    ) -> Result<(), Infallible> {
        for Pixel(point, color) in pixels {
            if color == BinaryColor::Off || !self.bounds.contains(point) {
                continue;
            }
            let Point { x, y } = point - self.bounds.top_left;
            let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { continue };
            if let Some(byte) = self.pixels.get_mut(y * self.stride + x / 8) {
                *byte |= 0x80 >> (x % 8);
            }
        }
        Ok(())
    }
}
