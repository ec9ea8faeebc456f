//! How a colour is stored while a strip is composed, and how pixels are packed for the bus.
//!
//! A strip is composed one [`Raw`](PixelFormat::Raw) per pixel, in the order of rows, and packed in place before it is
//! sent. So the loops that compose know no packing: formats under 8 bits take a byte per pixel until then.

use core::fmt::Debug;

use bytemuck::Pod;

use crate::{Rgb888, Size};

/// A pixel format of a panel.
///
/// A format is a value, zero-sized where all is fixed. A new format needs `raw` and `DEPTH`; one that packs several
/// pixels into a byte also `cell` and `pack`. Formats of e-paper compose a small colour code per pixel.
pub trait PixelFormat: Copy + Default + PartialEq + Debug + 'static {
    /// One pixel while composing. Its default is what shows where the scene has nothing.
    type Raw: Pod + Default + PartialEq + Debug;

    /// Bits per pixel on the bus.
    const DEPTH: u8;

    /// The raw pixel nearest to `color`.
    fn raw(&self, color: Rgb888) -> Self::Raw;

    /// The raw pixel of a colour of 5, 6 and 5 bits, the low bits of its channels taken as zero.
    #[inline]
    fn raw_from_rgb565(&self, color: u16) -> Self::Raw {
        self.raw(crate::Colorspace::Rgb565.to_rgb888(color.into()))
    }

    /// The pixels that share bytes on the bus: areas are sent in multiples of this, counted from the panel's corner.
    fn cell(&self) -> Size {
        Size::new(1, 1)
    }

    /// Which bits of the noise dither the channels (red, green, blue).
    fn dither_masks(&self) -> [u8; 3] {
        match Self::DEPTH {
            16 => [7, 3, 7],
            depth => [0xff_u8.checked_shr(depth.into()).unwrap_or(0); 3],
        }
    }

    /// Packs `pixels`, whole rows of `width`, in place, and returns the bytes for the bus.
    ///
    /// Width and number of rows are multiples of the [cell](Self::cell).
    #[inline]
    fn pack<'p>(&self, width: usize, pixels: &'p mut [Self::Raw]) -> &'p [u8] {
        let _ = width;
        bytemuck::cast_slice(pixels)
    }
}

/// 16-bit colour in the order most controllers expect on a serial bus: high byte first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Rgb565;

impl PixelFormat for Rgb565 {
    type Raw = u16;
    const DEPTH: u8 = 16;

    #[inline]
    fn raw(&self, color: Rgb888) -> u16 {
        color.to_rgb565().to_be()
    }

    #[inline]
    fn raw_from_rgb565(&self, color: u16) -> u16 {
        color.to_be()
    }
}

/// 16-bit colour, low byte first: framebuffers of little-endian machines, parallel panels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Rgb565Le;

impl PixelFormat for Rgb565Le {
    type Raw = u16;
    const DEPTH: u8 = 16;

    #[inline]
    fn raw(&self, color: Rgb888) -> u16 {
        color.to_rgb565().to_le()
    }

    #[inline]
    fn raw_from_rgb565(&self, color: u16) -> u16 {
        color.to_le()
    }
}

/// Which pixel of a byte is in its low bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum BitOrder {
    /// The first pixel (leftmost, or topmost) is in the low bits.
    #[default]
    LowFirst,
    /// The first pixel is in the high bits.
    HighFirst,
}

impl BitOrder {
    /// How far pixel `index` of a byte with `count` pixels of `bits` each is shifted up.
    const fn shift(self, index: usize, count: usize, bits: usize) -> usize {
        match self {
            Self::LowFirst => index * bits,
            Self::HighFirst => (count - 1 - index) * bits,
        }
    }
}

/// 16 greys, two pixels of a row per byte (SSD1322, SSD1325, SSD1327).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Gray4 {
    /// Which of the two pixels is in the low bits.
    pub order: BitOrder,
}

impl PixelFormat for Gray4 {
    type Raw = u8;
    const DEPTH: u8 = 4;

    #[inline]
    fn raw(&self, color: Rgb888) -> u8 {
        color.luma() >> 4
    }

    fn cell(&self) -> Size {
        Size::new(2, 1)
    }

    fn pack<'p>(&self, _width: usize, pixels: &'p mut [u8]) -> &'p [u8] {
        pack_rows::<2>(pixels, self.order)
    }
}

/// Which pixels of a monochrome panel share a byte.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Packing {
    /// Eight neighbours of a row (e-paper, memory LCD).
    #[default]
    Rows,
    /// Eight neighbours of a column: bytes run along a page of eight rows (SSD1306, SH1107).
    Columns,
}

/// Black and white: lit where the luma is 128 or more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Mono {
    /// Which pixels share a byte.
    pub packing: Packing,
    /// Which of them is in the low bit.
    pub order: BitOrder,
}

impl PixelFormat for Mono {
    type Raw = u8;
    const DEPTH: u8 = 1;

    #[inline]
    fn raw(&self, color: Rgb888) -> u8 {
        color.luma() >> 7
    }

    fn cell(&self) -> Size {
        match self.packing {
            Packing::Rows => Size::new(8, 1),
            Packing::Columns => Size::new(1, 8),
        }
    }

    fn pack<'p>(&self, width: usize, pixels: &'p mut [u8]) -> &'p [u8] {
        match self.packing {
            Packing::Rows => pack_rows::<8>(pixels, self.order),
            Packing::Columns => pack_columns(pixels, width, self.order),
        }
    }
}

/// Packs `COUNT` neighbours of a row into a byte. Each byte is written at or before the pixels it came from.
fn pack_rows<const COUNT: usize>(pixels: &mut [u8], order: BitOrder) -> &[u8] {
    let bits = 8 / COUNT;
    let bytes = pixels.len() / COUNT;
    for i in 0..bytes {
        let Some(cell) = pixels.get(i * COUNT..(i + 1) * COUNT) else { break };
        let packed = cell
            .iter()
            .enumerate()
            .fold(0, |byte, (k, &pixel)| byte | pixel << order.shift(k, COUNT, bits));
        pixels[i] = packed;
    }
    &pixels[..bytes]
}

/// Packs eight neighbours of a column into a byte. The byte of page `p` goes to where row `p` was, whose pixels have
/// been packed by then (or are being: those of page 0).
fn pack_columns(pixels: &mut [u8], width: usize, order: BitOrder) -> &[u8] {
    let pages = pixels.len() / (8 * width).max(1);
    for page in 0..pages {
        for column in 0..width {
            let rows =
                pixels[page * 8 * width + column..].iter().step_by(width).take(8).enumerate();
            pixels[page * width + column] =
                rows.fold(0, |byte, (k, &pixel)| byte | pixel << order.shift(k, 8, 1));
        }
    }
    &pixels[..pages * width]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 16x16 pixels, lit at (1, 0), (0, 2) and (9, 10): the bytes that are not zero, as the reference packs them.
    #[test]
    fn mono_packing_matches_the_reference() {
        let check = |packing, order, expected: &[(usize, u8)]| {
            let mut pixels = [0; 256];
            for (x, y) in [(1, 0), (0, 2), (9, 10)] {
                pixels[y * 16 + x] = 1;
            }
            let mut bytes = [0; 32];
            expected.iter().for_each(|&(i, byte)| bytes[i] = byte);
            assert_eq!(
                Mono { packing, order }.pack(16, &mut pixels),
                bytes,
                "{packing:?} {order:?}"
            );
        };
        check(Packing::Columns, BitOrder::LowFirst, &[(0, 0x04), (1, 0x01), (25, 0x04)]);
        check(Packing::Rows, BitOrder::LowFirst, &[(0, 0x02), (4, 0x01), (21, 0x02)]);
        check(Packing::Columns, BitOrder::HighFirst, &[(0, 0x20), (1, 0x80), (25, 0x20)]);
        check(Packing::Rows, BitOrder::HighFirst, &[(0, 0x40), (4, 0x80), (21, 0x40)]);
    }

    #[test]
    fn grey_pairs_share_a_byte() {
        assert_eq!(Gray4::default().pack(4, &mut [1, 2, 3, 15]), [0x21, 0xf3]);
        assert_eq!(Gray4 { order: BitOrder::HighFirst }.pack(4, &mut [1, 2, 3, 15]), [0x12, 0x3f]);
    }

    #[test]
    fn byte_orders_of_rgb565() {
        let orange = Rgb888::new(0xff_8000);
        assert_eq!(Rgb565.pack(1, &mut [Rgb565.raw(orange)]), [0xfc, 0x00]);
        assert_eq!(Rgb565Le.pack(1, &mut [Rgb565Le.raw(orange)]), [0x00, 0xfc]);
    }

    #[test]
    fn dither_depends_on_depth() {
        assert_eq!(Rgb565.dither_masks(), [7, 3, 7]);
        assert_eq!(Gray4::default().dither_masks(), [0x0f; 3]);
        assert_eq!(Mono::default().dither_masks(), [0x7f; 3]);
    }
}
