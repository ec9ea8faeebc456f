//! What a pixel in a panel's memory looks like.

use displayio_core::{BitOrder, Gray4, Mono, PixelFormat, Rgb565, Rgb565Le, Rgb888};

/// A format whose packed pixels can be turned back into colours.
pub trait Preview: PixelFormat {
    /// The colour of pixel `index` of a packed cell, counted along its rows (or its column).
    fn color(&self, cell: &[u8], index: usize) -> Rgb888;
}

impl Preview for Rgb565 {
    fn color(&self, cell: &[u8], _: usize) -> Rgb888 {
        widen(cell.try_into().map_or(0, u16::from_be_bytes))
    }
}

impl Preview for Rgb565Le {
    fn color(&self, cell: &[u8], _: usize) -> Rgb888 {
        widen(cell.try_into().map_or(0, u16::from_le_bytes))
    }
}

impl Preview for Gray4 {
    fn color(&self, cell: &[u8], index: usize) -> Rgb888 {
        grey(field(cell, index, 4, self.order) * 17)
    }
}

impl Preview for Mono {
    fn color(&self, cell: &[u8], index: usize) -> Rgb888 {
        grey(field(cell, index, 1, self.order) * 255)
    }
}

const fn grey(level: u8) -> Rgb888 {
    Rgb888::from_channels(level, level, level)
}

/// RGB565 with the high bits repeated below, so that white is white.
#[expect(clippy::cast_possible_truncation, reason = "each channel is a byte")]
const fn widen(v: u16) -> Rgb888 {
    let (red, green, blue) = (v >> 11, v >> 5 & 63, v & 31);
    Rgb888::from_channels(
        (red << 3 | red >> 2) as u8,
        (green << 2 | green >> 4) as u8,
        (blue << 3 | blue >> 2) as u8,
    )
}

/// Field `index` of a byte.
fn field(cell: &[u8], index: usize, bits: usize, order: BitOrder) -> u8 {
    let shift = match order {
        BitOrder::LowFirst => index * bits,
        BitOrder::HighFirst => 8 - bits - index * bits,
    };
    cell.first().map_or(0, |byte| byte >> shift & (0xff >> (8 - bits)))
}
