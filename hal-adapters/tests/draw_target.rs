//! Random pictures and edits through an embedded-graphics target that fails once, against a framebuffer.
#![cfg(feature = "embedded-graphics")]
#![expect(clippy::unwrap_used, reason = "a test that cannot set up fails")]

use displayio_core::{
    Bitmap, BlockingPanel, Depth, Display, Group, PaletteRgb, RefreshError, Rgb565, Size, TileGrid,
};
use displayio_hal::{draw_target::DrawTargetPanel, framebuffer::Framebuffer};
use embedded_graphics::{
    Pixel,
    mock_display::MockDisplay,
    pixelcolor::{Rgb565 as Color, raw::RawU16},
    prelude::{DrawTarget, OriginDimensions, Point, RawData, Size as TargetSize},
};
use proptest::prelude::*;

/// A target that fails once after so many pixels.
struct Flaky {
    target: MockDisplay<Color>,
    pixels_left: u32,
}

impl OriginDimensions for Flaky {
    fn size(&self) -> TargetSize {
        self.target.size()
    }
}

impl DrawTarget for Flaky {
    type Color = Color;
    type Error = &'static str;

    fn draw_iter<I: IntoIterator<Item = Pixel<Color>>>(
        &mut self,
        pixels: I,
    ) -> Result<(), &'static str> {
        for pixel in pixels {
            self.pixels_left = self.pixels_left.wrapping_sub(1);
            if self.pixels_left == 0 {
                return Err("bus");
            }
            let Ok(()) = self.target.draw_iter([pixel]);
        }
        Ok(())
    }
}

/// Where the tile grid is at each refresh, and what its bitmap is filled with before.
type Step = (i16, i16, u32);

/// Shows the steps through a buffer of `buffer_bytes`, each until it is shown, and returns the panel.
fn show<P: BlockingPanel<Format = Rgb565>>(panel: P, buffer_bytes: usize, steps: &[Step]) -> P
where
    P::Error: core::fmt::Debug,
{
    let (mut pixels, mut colors, mut buffer) = ([0; 256], [0; 64], vec![0; buffer_bytes]);
    let bitmap = Bitmap::from_buffer(13, 9, Depth::Bpp2, &mut pixels).unwrap();
    let palette = PaletteRgb::from_buffer(4, &mut colors).unwrap();
    (0..4).for_each(|i| palette.set(i, u32::from(i) * 0x35_6a71).unwrap());
    let grid = TileGrid::new(&bitmap, &palette);
    let root = Group::new((&grid,));
    let mut display = Display::new(panel, &mut buffer);
    for (x, y, value) in steps {
        grid.move_to(*x, *y);
        bitmap.fill(*value).unwrap();
        bitmap.set(5, 3, 3 - value).unwrap();
        while let Err(error) = display.refresh(&root) {
            assert!(matches!(error, RefreshError::Panel(_)), "{error:?}");
        }
    }
    display.into_panel()
}

proptest! {
    #[test]
    fn a_target_that_fails_once_shows_what_a_framebuffer_shows(
        buffer_bytes in 8_usize..600,
        fails_after in 1_u32..12_000,
        steps in proptest::collection::vec((-15_i16..70, -10_i16..70, 0_u32..4), 1..5),
    ) {
        let mut target = MockDisplay::<Color>::new();
        target.set_allow_overdraw(true);
        let target = Flaky { target, pixels_left: fails_after };
        let Flaky { target, .. } = show(DrawTargetPanel::new(target), buffer_bytes, &steps).release();
        let expected = show(Framebuffer::new(Size::new(64, 64), Rgb565), buffer_bytes, &steps);
        let pixels = (0..64).flat_map(|y| (0..64).map(move |x| Point::new(x, y)));
        let shown: Vec<u8> = pixels
            .map(|point| RawU16::from(target.get_pixel(point).unwrap()).into_inner())
            .flat_map(u16::to_be_bytes)
            .collect();
        prop_assert!(shown == expected.memory());
    }
}
