//! What the programs that are measured by their size show.

use core::error::Error;

use displayio_core::{Bitmap, Depth, Display, Node, Palette, Rgb565};

use crate::MipiPanel;

/// Corners of a polygon.
pub const TRIANGLE: [(i16, i16); 3] = [(0, 0), (40, 10), (10, 30)];

/// Something failed; what it was is of no interest to a program that is measured by its size.
#[derive(Debug)]
pub struct Failed;

impl<E: Error> From<E> for Failed {
    fn from(_: E) -> Self {
        Self
    }
}

/// A bitmap of 64x64 pixels, 4 bits each, in the second of 16 colours; `None` where its memory is too small.
#[inline]
pub fn picture<'m>(
    pixels: &'m mut [u8],
    colors: &'m mut [u8],
) -> Option<(Bitmap<'m>, Palette<'m, Rgb565>)> {
    let bitmap = Bitmap::from_buffer(64, 64, Depth::Bpp4, pixels).ok()?;
    let palette = Palette::from_buffer(16, colors).ok()?;
    let _ = palette.set(1, 0xff_8000);
    let _ = bitmap.fill(1);
    Some((bitmap, palette))
}

/// Shows a scene for ever, each time after `change` has moved something in it, from left to right over the panel.
///
/// Always inlined: programs are weighed as if they had this in their own code.
#[inline(always)]
pub fn show_moving<N: Node<Rgb565>>(root: &N, strip: &mut [u8], mut change: impl FnMut(i16)) -> ! {
    let mut display = Display::new(MipiPanel, strip);
    for x in (0..256).cycle() {
        change(x);
        let _ = display.refresh(root);
    }
    loop {}
}
