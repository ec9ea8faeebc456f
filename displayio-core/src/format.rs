//! How a colour is stored while a strip is composed, and how pixels are packed for the bus.
//!
//! A strip is composed one [`Raw`](PixelFormat::Raw) per pixel, in the order of rows, and packed in place before it is
//! sent. So the loops that compose know no packing: formats under 8 bits take a byte per pixel until then.

mod packed;

use core::fmt::Debug;

use bytemuck::Pod;

pub use self::packed::{
    BitOrder, ColorCode, FourColor, Luma, Packed, Packing, Planar, Rgbd, SevenColor, SixColor,
    Tricolor,
};
use crate::{Colorspace, Rgb888, Size};

/// A pixel format of a panel.
///
/// A format is a value, zero-sized where all is fixed. A new format of whole bytes needs `raw` and `DEPTH`; one that packs
/// several pixels into a byte is a [`Packed`] of a [`ColorCode`], and one that a panel keeps in several memories a
/// [`Planar`].
pub trait PixelFormat: Copy + Default + PartialEq + Debug + 'static {
    /// One pixel while composing. Its default is what shows where the scene has nothing.
    type Raw: Pod + Default + PartialEq + Debug;

    /// Bits per pixel on the bus, in each plane.
    const DEPTH: u8;

    /// Memories that the panel keeps a pixel in: each area is sent once per plane.
    const PLANES: u8 = 1;

    /// Whether [`pack`](Self::pack) changes the pixels: where they are not on the bus as they are composed.
    const PACKS: bool = Self::DEPTH as usize != 8 * size_of::<Self::Raw>();

    /// The raw pixel nearest to `color`.
    fn raw(&self, color: Rgb888) -> Self::Raw;

    /// The raw pixels of two colours of 5, 6 and 5 bits, the first in the low half. The low bits of their channels are taken
    /// as zero.
    #[inline]
    fn raws_from_rgb565(&self, pair: u32) -> [Self::Raw; 2] {
        [pair & 0xffff, pair >> 16].map(|color| self.raw(Colorspace::Rgb565.to_rgb888(color)))
    }

    /// The raw pixels of four colours in twelve bytes, blue first, read as three little-endian words.
    #[inline]
    fn raws_from_bgr24(&self, [low, middle, high]: [u32; 3]) -> [Self::Raw; 4] {
        let values = [low, low >> 24 | middle << 8, middle >> 16 | high << 16, high >> 8];
        values.map(|value| self.raw(Rgb888::new(value)))
    }

    /// `above` over `below`, where it covers `weight` of 256 parts. Formats without shades between take the one that weighs
    /// more.
    #[inline]
    fn mix(&self, below: Self::Raw, above: Self::Raw, weight: u16) -> Self::Raw {
        if weight < 128 { below } else { above }
    }

    /// The pixels that share bytes on the bus: areas are sent in multiples of this, counted from the panel's corner. Powers
    /// of two; all pixels of a cell are whole bytes together.
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

    /// Packs `pixels`, whole rows of `width`, in place, and returns the bytes for the bus that go to `plane`. Does nothing
    /// unless [`PACKS`](Self::PACKS).
    ///
    /// Width and number of rows are multiples of the [cell](Self::cell).
    #[inline]
    fn pack<'p>(&self, plane: u8, width: usize, pixels: &'p mut [Self::Raw]) -> &'p [u8] {
        let _ = (plane, width);
        bytemuck::cast_slice(pixels)
    }
}

/// Lets a format (or code) convert colours in constants, which methods of a trait cannot: `constant_raw` for its own
/// implementation of that trait, and `raws`.
macro_rules! convert_in_constants {
    ([$($generics:tt)*] $format:ty => $raw:ty, |$this:ident, $color:ident| $convert:expr) => {
        impl<$($generics)*> $format {
            #[inline]
            const fn constant_raw(self, $color: Rgb888) -> $raw {
                let $this = self;
                $convert
            }

            /// The raw pixels of some colours, `0xRRGGBB`: in constants, too, for a [`FlashPalette`](crate::FlashPalette).
            #[must_use]
            pub const fn raws<const N: usize>(self, colors: [u32; N]) -> [$raw; N] {
                let (mut raws, mut index) = ([self.constant_raw(Rgb888::BLACK); N], 0);
                while index < N {
                    raws[index] = self.constant_raw(Rgb888::new(colors[index]));
                    index += 1;
                }
                raws
            }
        }
    };
}
pub(crate) use convert_in_constants;

convert_in_constants!([] Rgb565 => u16, |_format, color| color.to_rgb565().to_be());
convert_in_constants!([] Rgb565Le => u16, |_format, color| color.to_rgb565().to_le());
convert_in_constants!([] Bgr888 => [u8; 3], |_format, color| {
    let [red, green, blue] = color.channels();
    [blue, green, red]
});
convert_in_constants!([] Bgrx8888 => u32, |_format, color| color.value().to_le());
convert_in_constants!([] Rgb332 => u8, |_format, color| color.to_rgb332());
convert_in_constants!([] Gray8 => u8, |_format, color| color.luma());

/// 16-bit colour in the order most controllers expect on a serial bus: high byte first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Rgb565;

impl PixelFormat for Rgb565 {
    type Raw = u16;
    const DEPTH: u8 = 16;

    #[inline]
    fn raw(&self, color: Rgb888) -> u16 {
        self.constant_raw(color)
    }

    #[inline]
    fn raws_from_rgb565(&self, pair: u32) -> [u16; 2] {
        // Both at once.
        halves(if cfg!(target_endian = "big") { pair } else { pair.swap_bytes().rotate_left(16) })
    }

    #[inline]
    fn raws_from_bgr24(&self, words: [u32; 3]) -> [u16; 4] {
        fours(pairs_565(words).map(|pair| self.raws_from_rgb565(pair)))
    }

    #[inline]
    fn mix(&self, below: u16, above: u16, weight: u16) -> u16 {
        mix_565(u16::from_be(below), u16::from_be(above), weight).to_be()
    }
}

/// Four colours of 24 bits to 5, 6 and 5 bits, two in each word: the first in the low half.
#[inline]
const fn pairs_565([low, middle, high]: [u32; 3]) -> [u32; 2] {
    /// From a pixel in each half: blue with green above it, and red with anything above it.
    #[inline]
    const fn pair(blue_green: u32, red: u32) -> u32 {
        const FIVES: u32 = 0x001f_001f;
        ((red >> 3 & FIVES) << 6 | blue_green >> 10 & 0x003f_003f) << 5 | blue_green >> 3 & FIVES
    }
    const LOW: u32 = 0xffff;
    let second = low >> 24 | middle << 8;
    [
        pair(low & LOW | second << 16, low >> 16 | second & !LOW),
        pair(middle >> 16 | high << 8 & !LOW, high & LOW | high >> 8 & !LOW),
    ]
}

#[expect(clippy::cast_possible_truncation, reason = "a word is taken apart")]
const fn halves(pair: u32) -> [u16; 2] {
    [pair as u16, (pair >> 16) as u16]
}

const fn fours([[a, b], [c, d]]: [[u16; 2]; 2]) -> [u16; 4] {
    [a, b, c, d]
}

/// 5, 6 and 5 bits mixed at once: the channels are spread over 32 bits, with room for a product of 5 bits above each.
#[expect(clippy::cast_possible_truncation, reason = "both halves are folded into 16 bits")]
const fn mix_565(below: u16, above: u16, weight: u16) -> u16 {
    const MASK: u32 = 0x07e0_f81f;
    const fn spread(color: u16) -> u32 {
        (color as u32 | (color as u32) << 16) & MASK
    }
    // In 32 parts: that is as fine as the channels are.
    let weight = (weight as u32 + 4) >> 3;
    let mixed = (spread(above) * weight + spread(below) * (32 - weight)) >> 5 & MASK;
    (mixed | mixed >> 16) as u16
}

/// A byte mixed with another.
#[expect(clippy::cast_possible_truncation, reason = "a weighted mean of bytes")]
const fn mix_bytes(below: u8, above: u8, weight: u16) -> u8 {
    let (below, above, weight) = (below as u32, above as u32, weight as u32);
    ((above * weight + below * (256 - weight) + 128) >> 8) as u8
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
        self.constant_raw(color)
    }

    #[inline]
    fn raws_from_rgb565(&self, pair: u32) -> [u16; 2] {
        halves(if cfg!(target_endian = "big") { pair.swap_bytes().rotate_left(16) } else { pair })
    }

    #[inline]
    fn raws_from_bgr24(&self, words: [u32; 3]) -> [u16; 4] {
        fours(pairs_565(words).map(|pair| self.raws_from_rgb565(pair)))
    }

    #[inline]
    fn mix(&self, below: u16, above: u16, weight: u16) -> u16 {
        mix_565(u16::from_le(below), u16::from_le(above), weight).to_le()
    }
}

/// 24-bit colour as three bytes, blue first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Bgr888;

impl PixelFormat for Bgr888 {
    type Raw = [u8; 3];
    const DEPTH: u8 = 24;

    #[inline]
    fn raw(&self, color: Rgb888) -> [u8; 3] {
        self.constant_raw(color)
    }

    #[inline]
    fn mix(&self, below: [u8; 3], above: [u8; 3], weight: u16) -> [u8; 3] {
        core::array::from_fn(|i| mix_bytes(below[i], above[i], weight))
    }
}

/// 24-bit colour in 32 bits: blue first, the fourth byte 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Bgrx8888;

impl PixelFormat for Bgrx8888 {
    type Raw = u32;
    const DEPTH: u8 = 32;

    #[inline]
    fn raw(&self, color: Rgb888) -> u32 {
        self.constant_raw(color)
    }

    #[inline]
    fn mix(&self, below: u32, above: u32, weight: u16) -> u32 {
        let (below, above) = (below.to_le_bytes(), above.to_le_bytes());
        u32::from_le_bytes(core::array::from_fn(|i| mix_bytes(below[i], above[i], weight)))
    }
}

/// 3, 3 and 2 bits of red, green and blue in a byte, red on top.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Rgb332;

impl PixelFormat for Rgb332 {
    type Raw = u8;
    const DEPTH: u8 = 8;

    #[inline]
    fn raw(&self, color: Rgb888) -> u8 {
        self.constant_raw(color)
    }

    #[inline]
    fn mix(&self, below: u8, above: u8, weight: u16) -> u8 {
        let mix = |mask: u8| mix_bytes(below & mask, above & mask, weight) & mask;
        mix(0xe0) | mix(0x1c) | mix(0x03)
    }
}

/// 256 greys, a byte each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Gray8;

impl PixelFormat for Gray8 {
    type Raw = u8;
    const DEPTH: u8 = 8;

    #[inline]
    fn raw(&self, color: Rgb888) -> u8 {
        self.constant_raw(color)
    }

    #[inline]
    fn mix(&self, below: u8, above: u8, weight: u16) -> u8 {
        mix_bytes(below, above, weight)
    }
}

/// 2 greys: lit where the luma is 128 or more. Monochrome panels pack rows (e-paper, memory LCD) or columns (SSD1306).
pub type Mono = Packed<Luma<1>>;

/// 4 greys.
pub type Gray2 = Packed<Luma<2>>;

/// 16 greys (SSD1322, SSD1325, SSD1327).
pub type Gray4 = Packed<Luma<4>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_orders() {
        let orange = Rgb888::new(0xff_8000);
        assert_eq!(Rgb565.pack(0, 1, &mut [Rgb565.raw(orange)]), [0xfc, 0x00]);
        assert_eq!(Rgb565Le.pack(0, 1, &mut [Rgb565Le.raw(orange)]), [0x00, 0xfc]);
        assert_eq!(Bgr888.pack(0, 1, &mut [Bgr888.raw(orange)]), [0x00, 0x80, 0xff]);
        assert_eq!(Bgrx8888.pack(0, 1, &mut [Bgrx8888.raw(orange)]), [0x00, 0x80, 0xff, 0]);
    }

    #[test]
    fn two_colors_at_a_time_equal_one() {
        fn check<C: PixelFormat>(format: C) {
            for colors in (0..=0xffff).zip((0..=0xffff_u32).rev()) {
                let one = |color| format.raw(Colorspace::Rgb565.to_rgb888(color));
                let pair = format.raws_from_rgb565(colors.0 | colors.1 << 16);
                assert_eq!(pair, [one(colors.0), one(colors.1)], "{format:?} {colors:x?}");
            }
        }
        check(Rgb565);
        check(Rgb565Le);
        check(Bgr888);
    }

    #[test]
    fn four_colors_at_a_time_equal_one() {
        fn check<C: PixelFormat>(format: C) {
            for seed in 0..64_u32 {
                let bytes: [u8; 12] = core::array::from_fn(|i| {
                    let i = u32::try_from(i).unwrap();
                    (seed * 12 + i).wrapping_mul(0x9e37_79b9).to_be_bytes()[0]
                });
                let (words, _) = bytes.as_chunks::<4>();
                let words = [0, 1, 2].map(|i: usize| u32::from_le_bytes(words[i]));
                let one = |i: usize| {
                    format.raw(Rgb888::from_channels(bytes[i + 2], bytes[i + 1], bytes[i]))
                };
                assert_eq!(format.raws_from_bgr24(words), [0, 3, 6, 9].map(one), "{format:?}");
            }
        }
        check(Rgb565);
        check(Rgb565Le);
        check(Bgr888);
    }

    #[test]
    fn shades_between_are_monotonic_and_end_where_they_should() {
        fn check<C: PixelFormat>(format: C, order: impl Fn(C::Raw) -> u32) {
            let (black, white) = (format.raw(Rgb888::BLACK), format.raw(Rgb888::WHITE));
            let shades: [u32; 257] = core::array::from_fn(|weight| {
                order(format.mix(black, white, u16::try_from(weight).unwrap()))
            });
            assert_eq!([shades[0], shades[256]], [order(black), order(white)], "{format:?}");
            assert!(shades.is_sorted(), "{format:?}: {shades:?}");
            let orange = format.raw(Rgb888::new(0xff_8000));
            assert_eq!(format.mix(orange, orange, 77), orange, "{format:?}");
        }
        check(Rgb565, |raw| u16::from_be(raw).into());
        check(Rgb565Le, |raw| u16::from_le(raw).into());
        check(Bgr888, |[blue, green, red]| u32::from_be_bytes([0, red, green, blue]));
        check(Bgrx8888, |raw| raw);
        check(Rgb332, u32::from);
        check(Gray8, u32::from);
        check(Gray4::default(), u32::from);
        check(Mono::default(), u32::from);
        assert_eq!(Rgb565Le.mix(0xf800, 0x001f, 128), 0x780f, "half red, half blue");
    }

    #[test]
    fn dither_depends_on_depth() {
        assert_eq!(Rgb565.dither_masks(), [7, 3, 7]);
        assert_eq!(Gray4::default().dither_masks(), [0x0f; 3]);
        assert_eq!(Gray2::default().dither_masks(), [0x3f; 3]);
        assert_eq!(Mono::default().dither_masks(), [0x7f; 3]);
        assert_eq!(Planar::<Luma<2>>::default().dither_masks(), [0x7f; 3]);
        assert_eq!([Gray8.dither_masks(), Rgb332.dither_masks()], [[0; 3]; 2]);
        assert_eq!([Bgr888.dither_masks(), Bgrx8888.dither_masks()], [[0; 3]; 2]);
    }
}
