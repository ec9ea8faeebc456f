//! What the programs that are measured by their size show.

use displayio_core::{Bitmap, Depth, Palette, Rgb565};

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
