//! Fonts of other crates, against what those crates draw.

use std::collections::HashSet;

use embedded_graphics_core::{
    Pixel,
    draw_target::DrawTarget,
    geometry::{OriginDimensions, Point, Size},
    pixelcolor::BinaryColor,
};

use crate::Picture;

/// A sheet of paper of any size, with the origin in its middle.
#[derive(Debug, Default)]
struct Paper {
    ink: HashSet<(i32, i32)>,
}

impl OriginDimensions for Paper {
    fn size(&self) -> Size {
        Size::new(200, 200)
    }
}

impl DrawTarget for Paper {
    type Color = BinaryColor;
    type Error = core::convert::Infallible;

    fn draw_iter<I: IntoIterator<Item = Pixel<BinaryColor>>>(
        &mut self,
        pixels: I,
    ) -> Result<(), Self::Error> {
        let inked = pixels.into_iter().filter(|pixel| pixel.1 == BinaryColor::On);
        self.ink.extend(inked.map(|Pixel(Point { x, y }, _)| (x, y)));
        Ok(())
    }
}

/// The ink of a glyph whose origin is at `x`, `y`; the row above the baseline is `y - 1`.
fn ink(picture: &Picture, (x, y): (i32, i32)) -> HashSet<(i32, i32)> {
    let glyph = picture.glyph;
    let top = y - i32::from(glyph.bottom) - i32::from(glyph.height);
    let left = x + i32::from(glyph.left);
    let rows = (top..).zip(&picture.rows);
    rows.flat_map(|(y, row)| {
        row.match_indices('#').map(move |(x, _)| (left + i32::try_from(x).unwrap(), y))
    })
    .collect()
}

#[cfg(feature = "mono-font")]
mod mono {
    use displayio_core::{Font, GlyphCache, GlyphId, MonoFontAdapter};
    use embedded_graphics::{
        Drawable,
        mono_font::{self, MonoFont, MonoTextStyle},
        prelude::Point,
        text::{Alignment, Baseline, Text, TextStyleBuilder},
    };
    use embedded_graphics_core::pixelcolor::BinaryColor;

    use super::{Paper, ink};
    use crate::picture;

    fn check(mono: &MonoFont<'_>, present: &[char], absent: &[char]) {
        let font = MonoFontAdapter::new(mono);
        let mut buffer = [0; 400];
        let cache = GlyphCache::from_buffer(font, 80, &mut buffer);
        assert_eq!(Font::metrics(&font), cache.metrics(), "of the cache");
        for &c in present {
            let mut paper = Paper::default();
            let style = MonoTextStyle::new(mono, BinaryColor::On);
            let aligned = TextStyleBuilder::new()
                .alignment(Alignment::Left)
                .baseline(Baseline::Alphabetic)
                .build();
            let text = String::from(c);
            let next = Text::with_text_style(&text, Point::new(50, 60), style, aligned)
                .draw(&mut paper)
                .unwrap();
            let seen = picture(&font, c).unwrap();
            assert_eq!(picture(&cache, c), Some(seen.clone()), "{c:?}");
            // Where embedded-graphics is given the last row above the baseline, labels are given the one below.
            assert_eq!(ink(&seen, (50, 61)), paper.ink, "{c:?}");
            assert_eq!(i32::from(seen.glyph.advance), next.x - 50, "{c:?}");
            assert!(!paper.ink.is_empty() || c.is_whitespace(), "{c:?}");
        }
        for &c in absent {
            assert_eq!((font.find(c), cache.find(c)), (None, None), "{c:?}");
        }
        assert!(!font.view(GlyphId(100_000), &mut |_| ()), "beyond the image");
        assert!(!font.view(GlyphId(u32::MAX), &mut |_| ()), "far beyond the image");
    }

    #[test]
    fn mono_fonts_are_drawn_as_embedded_graphics_draws_them() {
        let ascii: Vec<char> = (' '..='~').collect();
        check(&mono_font::ascii::FONT_4X6, &ascii, &['ä', '\u{1f600}']);
        check(&mono_font::ascii::FONT_10X20, &ascii, &['\n']);
        let latin: Vec<char> = ('\u{a0}'..='\u{ff}').collect();
        check(&mono_font::iso_8859_1::FONT_9X18_BOLD, &latin, &['ł']);
        check(&mono_font::iso_8859_2::FONT_6X13_ITALIC, &['ł', 'Ś'], &['å']);
    }

    #[test]
    fn metrics_put_capitals_on_the_baseline() {
        let metrics = Font::metrics(&MonoFontAdapter::new(&mono_font::ascii::FONT_10X20));
        assert_eq!((metrics.ascent, metrics.descent, metrics.line_height), (16, 4, 20));
        assert_eq!((metrics.loose_ascent, metrics.loose_descent), (16, 4));
    }
}

#[cfg(feature = "u8g2-fonts")]
mod u8g2 {
    use displayio_core::{Font, GlyphCache, GlyphSource, U8g2Font};
    use embedded_graphics_core::{geometry::Point, pixelcolor::BinaryColor};
    use u8g2_fonts::{
        FontRenderer, fonts,
        types::{FontColor, VerticalPosition},
    };

    use super::{Paper, ink};
    use crate::{characters, picture};

    fn check(make: impl Fn() -> FontRenderer, least: usize) {
        let (renderer, mut buffer) = (make(), vec![0; 2000]);
        let font = GlyphCache::from_buffer(U8g2Font::new(make()), 200, &mut buffer);
        let mut glyphs = 0;
        for c in characters().filter(|c| !matches!(c, '\0' | '\n')) {
            let mut paper = Paper::default();
            let (origin, color) = (Point::new(70, 60), FontColor::Transparent(BinaryColor::On));
            let drawn = renderer.render(c, origin, VerticalPosition::Baseline, color, &mut paper);
            let seen = picture(&font, c);
            assert_eq!(seen.is_some(), drawn.is_ok(), "{c:?}");
            let (Some(seen), Ok(drawn)) = (seen, drawn) else { continue };
            assert_eq!(ink(&seen, (70, 60)), paper.ink, "{c:?}");
            assert_eq!(i32::from(seen.glyph.advance), drawn.advance.x, "{c:?}");
            glyphs += 1;
        }
        assert!(glyphs >= least, "{glyphs} glyphs");
        assert_eq!(
            (font.take_error(), font.find('\n'), font.find('\0')),
            (None, None, None),
            "no glyphs"
        );
    }

    #[test]
    fn u8g2_fonts_are_drawn_as_their_crate_draws_them() {
        check(FontRenderer::new::<fonts::u8g2_font_5x7_tf>, 180);
        check(FontRenderer::new::<fonts::u8g2_font_helvR12_tf>, 180);
        check(FontRenderer::new::<fonts::u8g2_font_timB18_tr>, 95);
        check(FontRenderer::new::<fonts::u8g2_font_unifont_t_symbols>, 200);
    }

    #[test]
    fn metrics_are_those_of_the_font() {
        let renderer = FontRenderer::new::<fonts::u8g2_font_helvR12_tf>();
        let ascent = renderer.get_ascent().unsigned_abs();
        let descent = renderer.get_descent().unsigned_abs();
        let height = renderer.get_default_line_height();
        let metrics = U8g2Font::new(renderer).metrics();
        assert_eq!((metrics.ascent, metrics.descent), (ascent, descent));
        assert!(u32::from(metrics.line_height) <= height && metrics.line_height > 12);
    }
}
