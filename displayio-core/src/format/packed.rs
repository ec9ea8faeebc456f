//! Pixels smaller than a byte: codes of 1, 2 or 4 bits, neighbours in a byte or bit by bit in planes.

use core::fmt::Debug;

use super::{PixelFormat, convert_in_constants};
use crate::{Rgb888, Size};

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
    /// How far pixel `index` of a byte with `count` pixels is shifted up.
    const fn shift(self, index: usize, count: usize) -> usize {
        match self {
            Self::LowFirst => index * (8 / count),
            Self::HighFirst => (count - 1 - index) * (8 / count),
        }
    }
}

/// Which neighbours share a byte.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Packing {
    /// Those of a row (e-paper, memory LCD, grey panels).
    #[default]
    Rows,
    /// Those of a column: bytes run along a page of as many rows as a byte has pixels (SSD1306, SH1107).
    Columns,
}

/// What a panel of few colours stores for a colour.
pub trait ColorCode: Copy + Default + PartialEq + Debug + 'static {
    /// Bits of a code: 1, 2 or 4 in a [`Packed`] format, 1 to 8 in a [`Planar`] one.
    const BITS: u8;

    /// The code of the nearest colour the panel has, below `1 << BITS`. Code 0 is what shows where the scene has nothing.
    fn code(&self, color: Rgb888) -> u8;

    /// The code of `above` over `below`, where it covers `weight` of 256 parts; by default the one that weighs more.
    #[inline]
    fn mix(&self, below: u8, above: u8, weight: u16) -> u8 {
        if weight < 128 { below } else { above }
    }
}

/// Greys: `BITS` bits of the luma.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Luma<const BITS: u8> {
    /// The lowest bit of the luma that is kept: `8 - BITS` for all greys alike. Grey e-paper that is sent in two passes
    /// has another one in each.
    pub lowest_bit: u8,
}

impl<const BITS: u8> Luma<BITS> {
    /// All greys alike.
    #[must_use]
    pub const fn new() -> Self {
        Self { lowest_bit: 8 - BITS }
    }
}

impl<const BITS: u8> Default for Luma<BITS> {
    fn default() -> Self {
        Self::new()
    }
}

convert_in_constants!([const BITS: u8] Luma<BITS> => u8, |code, color| {
    match color.luma().checked_shr(code.lowest_bit as u32) {
        Some(bits) => bits & low_bits(BITS),
        None => 0,
    }
});

impl<const BITS: u8> ColorCode for Luma<BITS> {
    const BITS: u8 = BITS;

    #[inline]
    fn code(&self, color: Rgb888) -> u8 {
        self.constant_raw(color)
    }

    #[inline]
    fn mix(&self, below: u8, above: u8, weight: u16) -> u8 {
        super::mix_bytes(below, above, weight)
    }
}

/// Eight colours in 4 bits: the top bit of red, green and blue in bits 3, 2 and 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Rgbd;

impl ColorCode for Rgbd {
    const BITS: u8 = 4;

    #[inline]
    fn code(&self, color: Rgb888) -> u8 {
        color.to_rgbd()
    }
}

/// The inks of six-colour e-paper (Spectra 6); see [`Rgb888::to_six_color`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SixColor;

impl ColorCode for SixColor {
    const BITS: u8 = 4;

    #[inline]
    fn code(&self, color: Rgb888) -> u8 {
        color.to_six_color()
    }
}

/// The inks of seven-colour e-paper (`ACeP`); see [`Rgb888::to_seven_color`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SevenColor;

impl ColorCode for SevenColor {
    const BITS: u8 = 4;

    #[inline]
    fn code(&self, color: Rgb888) -> u8 {
        color.to_seven_color()
    }
}

/// Black, white and one ink: black 0, ink 1, white 2, so that as [`Planar`] the first plane is black and white and the
/// second the ink.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Tricolor {
    /// The [hue](Rgb888::hue) of the ink: 0 for red, 40 for yellow.
    pub hue: u8,
}

impl ColorCode for Tricolor {
    const BITS: u8 = 2;

    #[inline]
    fn code(&self, color: Rgb888) -> u8 {
        if is_like(color, self.hue) { 1 } else { color.luma() >> 7 << 1 }
    }
}

/// Black, white and two inks: black 0, white 1, inks 2 and 3.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct FourColor {
    /// The [hues](Rgb888::hue) of the inks. The second wins where both are near.
    pub hues: [u8; 2],
}

impl ColorCode for FourColor {
    const BITS: u8 = 2;

    #[inline]
    fn code(&self, color: Rgb888) -> u8 {
        match self.hues.map(|hue| is_like(color, hue)) {
            [_, true] => 3,
            [true, false] => 2,
            [false, false] => color.luma() >> 7,
        }
    }
}

/// Whether a colour is shown by an ink of a hue: it is not pale, and its hue is within 10 units, or beyond 220 (the hues
/// are a circle of 240).
fn is_like(color: Rgb888, hue: u8) -> bool {
    color.chroma() > 16 && !(11..220).contains(&color.hue().abs_diff(hue))
}

/// Codes of neighbours in one byte.
///
/// A code takes 1, 2 or 4 bits; others do not compile where the format is used.
///
/// ```compile_fail
/// use displayio_core::{Luma, Packed, PixelFormat};
/// Packed::<Luma<3>>::default().cell();
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Packed<K> {
    /// What is stored for a colour.
    pub code: K,
    /// Which pixels share a byte.
    pub packing: Packing,
    /// Which of them is in the low bits.
    pub order: BitOrder,
}

impl<K: Default> Packed<K> {
    /// A format of the usual codes.
    #[must_use]
    pub fn new(packing: Packing, order: BitOrder) -> Self {
        Self { code: K::default(), packing, order }
    }
}

impl<K: ColorCode> PixelFormat for Packed<K> {
    type Raw = u8;
    const DEPTH: u8 = K::BITS;

    #[inline]
    fn raw(&self, color: Rgb888) -> u8 {
        self.code.code(color)
    }

    #[inline]
    fn mix(&self, below: u8, above: u8, weight: u16) -> u8 {
        self.code.mix(below, above, weight)
    }

    fn cell(&self) -> Size {
        const { assert!(matches!(K::BITS, 1 | 2 | 4), "a byte is shared by 8, 4 or 2 codes") };
        let count = u16::from(8 / K::BITS);
        match self.packing {
            Packing::Rows => Size::new(count, 1),
            Packing::Columns => Size::new(1, count),
        }
    }

    fn pack<'p>(&self, _: u8, width: usize, pixels: &'p mut [u8]) -> &'p [u8] {
        match (self.packing, K::BITS) {
            (Packing::Rows, 1) => pack_rows::<8>(pixels, self.order, 0),
            (Packing::Rows, 2) => pack_rows::<4>(pixels, self.order, 0),
            (Packing::Rows, _) => pack_rows::<2>(pixels, self.order, 0),
            (Packing::Columns, 1) => pack_columns::<8>(pixels, width, self.order),
            (Packing::Columns, 2) => pack_columns::<4>(pixels, width, self.order),
            (Packing::Columns, _) => pack_columns::<2>(pixels, width, self.order),
        }
    }
}

/// Codes whose bits are in memories of their own, the highest bit in plane 0; eight neighbours of a row share a byte.
///
/// [`Tricolor`] e-paper has a plane for black and white and one for its ink; grey e-paper is a `Planar<Luma<2>>`. A code
/// takes 1 to 8 bits; others do not compile where the format is used.
///
/// ```compile_fail
/// use displayio_core::{Luma, Planar, PixelFormat};
/// Planar::<Luma<9>>::default().cell();
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Planar<K> {
    /// What is stored for a colour.
    pub code: K,
    /// Which of eight pixels is in the low bit.
    pub order: BitOrder,
}

impl<K: ColorCode> PixelFormat for Planar<K> {
    type Raw = u8;
    const DEPTH: u8 = 1;
    const PLANES: u8 = K::BITS;

    #[inline]
    fn raw(&self, color: Rgb888) -> u8 {
        self.code.code(color)
    }

    #[inline]
    fn mix(&self, below: u8, above: u8, weight: u16) -> u8 {
        self.code.mix(below, above, weight)
    }

    fn cell(&self) -> Size {
        const { assert!(matches!(K::BITS, 1..=8), "codes are bytes") };
        Size::new(8, 1)
    }

    fn pack<'p>(&self, plane: u8, _: usize, pixels: &'p mut [u8]) -> &'p [u8] {
        pack_rows::<8>(pixels, self.order, K::BITS.saturating_sub(plane.saturating_add(1)))
    }
}

/// `bits` ones.
const fn low_bits(bits: u8) -> u8 {
    0xff >> (8 - bits)
}

/// Packs `COUNT` neighbours of a row into a byte, each from bit `from_bit` on. A byte is written at or before the pixels
/// it came from.
fn pack_rows<const COUNT: usize>(pixels: &mut [u8], order: BitOrder, from_bit: u8) -> &[u8] {
    let mask = 0xff >> (8 - 8 / COUNT);
    let bytes = pixels.len() / COUNT;
    for i in 0..bytes {
        let Some(cell) = pixels.get(i * COUNT..(i + 1) * COUNT) else { break };
        let packed = cell.iter().enumerate().fold(0, |byte, (k, &pixel)| {
            byte | (pixel >> from_bit & mask) << order.shift(k, COUNT)
        });
        pixels[i] = packed;
    }
    &pixels[..bytes]
}

/// Packs `COUNT` neighbours of a column into a byte. The byte of page `p` goes to where row `p` was, whose pixels have
/// been packed by then (or are being: those of page 0).
fn pack_columns<const COUNT: usize>(pixels: &mut [u8], width: usize, order: BitOrder) -> &[u8] {
    let pages = pixels.len() / (COUNT * width).max(1);
    for page in 0..pages {
        for column in 0..width {
            let rows = pixels[page * COUNT * width + column..]
                .iter()
                .step_by(width)
                .take(COUNT)
                .enumerate();
            pixels[page * width + column] =
                rows.fold(0, |byte, (k, &pixel)| byte | pixel << order.shift(k, COUNT));
        }
    }
    &pixels[..pages * width]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Gray2, Gray4, Mono};

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
            let packed = Mono::new(packing, order);
            assert_eq!(packed.pack(0, 16, &mut pixels), bytes, "{packing:?} {order:?}");
        };
        check(Packing::Columns, BitOrder::LowFirst, &[(0, 0x04), (1, 0x01), (25, 0x04)]);
        check(Packing::Rows, BitOrder::LowFirst, &[(0, 0x02), (4, 0x01), (21, 0x02)]);
        check(Packing::Columns, BitOrder::HighFirst, &[(0, 0x20), (1, 0x80), (25, 0x20)]);
        check(Packing::Rows, BitOrder::HighFirst, &[(0, 0x40), (4, 0x80), (21, 0x40)]);
    }

    #[test]
    fn greys_share_a_byte() {
        let rows = |order| Gray4::new(Packing::Rows, order);
        assert_eq!(rows(BitOrder::LowFirst).pack(0, 4, &mut [1, 2, 3, 15]), [0x21, 0xf3]);
        assert_eq!(rows(BitOrder::HighFirst).pack(0, 4, &mut [1, 2, 3, 15]), [0x12, 0x3f]);
        let columns = Gray2::new(Packing::Columns, BitOrder::LowFirst);
        assert_eq!(columns.cell(), Size::new(1, 4));
        assert_eq!(
            columns.pack(0, 2, &mut [0, 1, 1, 1, 2, 1, 3, 2]),
            [0b11_10_01_00, 0b10_01_01_01]
        );
    }

    /// Panels of 16x4 pixels with the same columns over and over, as the reference fills their memories.
    #[test]
    fn e_paper_matches_the_reference() {
        let row = |colors: &[u32], code: &dyn Fn(Rgb888) -> u8| -> [u8; 16] {
            core::array::from_fn(|x| code(Rgb888::new(colors[x % colors.len()])))
        };
        let order = BitOrder::HighFirst;
        let red = Planar { code: Tricolor { hue: Rgb888::new(0xff_0000).hue() }, order };
        let pixels = row(&[0xff_ffff, 0, 0xff_0000], &|color| red.raw(color));
        assert_eq!(red.pack(0, 16, &mut pixels.clone()), [0x92, 0x49]);
        // Recorded on a panel with inverted bits.
        assert_eq!(red.pack(1, 16, &mut pixels.clone()), [!0xdb, !0x6d]);
        let grey = Planar { code: Luma::<2>::default(), order };
        let pixels = row(&[0, 0x40_4040, 0xa0_a0a0, 0xff_ffff], &|color| grey.raw(color));
        assert_eq!(grey.pack(0, 16, &mut pixels.clone()), [0x33; 2]);
        assert_eq!(grey.pack(1, 16, &mut pixels.clone()), [0x55; 2]);
        let hues = [0xff_0000, 0xff_ff00].map(|ink| Rgb888::new(ink).hue());
        let four = Packed { code: FourColor { hues }, order, packing: Packing::Rows };
        let mut pixels = row(&[0, 0xff_ffff, 0xff_0000, 0xff_ff00], &|color| four.raw(color));
        assert_eq!(four.pack(0, 16, &mut pixels), [0x1b; 4]);
    }
}
