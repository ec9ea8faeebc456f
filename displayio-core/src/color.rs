//! Colours: RGB888, what displays make of them, and dither.
//!
//! All arithmetic is that of CircuitPython's displayio, so that pictures are equal bit for bit.

/// A colour of 8 bits per channel, `0xRRGGBB`.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Rgb888(u32);

impl Rgb888 {
    /// All channels zero.
    pub const BLACK: Self = Self(0);
    /// All channels full.
    pub const WHITE: Self = Self(0xff_ffff);

    /// The colour `0xRRGGBB`; bits above are ignored.
    #[must_use]
    pub const fn new(rrggbb: u32) -> Self {
        Self(rrggbb & 0xff_ffff)
    }

    /// A colour by its channels, 0 to 255 each.
    #[must_use]
    pub const fn from_channels(red: u8, green: u8, blue: u8) -> Self {
        Self((red as u32) << 16 | (green as u32) << 8 | blue as u32)
    }

    /// `0xRRGGBB`.
    #[must_use]
    pub const fn value(self) -> u32 {
        self.0
    }

    /// Red, green and blue.
    #[must_use]
    pub const fn channels(self) -> [u8; 3] {
        let [blue, green, red, _] = self.0.to_le_bytes();
        [red, green, blue]
    }

    /// Brightness, 0 to 255: `(19 R + 182 G + 54 B) / 255`.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "a weighted mean of bytes")]
    pub const fn luma(self) -> u8 {
        let [red, green, blue] = self.channels();
        ((red as u32 * 19 + green as u32 * 182 + blue as u32 * 54) / 255) as u8
    }

    /// Difference of the strongest and the weakest channel, 0 to 255.
    #[must_use]
    pub fn chroma(self) -> u8 {
        let [red, green, blue] = self.channels();
        red.max(green).max(blue) - red.min(green).min(blue)
    }

    /// Hue, 0 to 239: 40 units for 60 degrees, red at 0, green at 80, blue at 160; 0 for grey.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "reduced to 0..240"
    )]
    pub fn hue(self) -> u8 {
        let [red, green, blue] = self.channels().map(i32::from);
        let chroma = i32::from(self.chroma());
        if chroma == 0 {
            return 0;
        }
        let strongest = red.max(green).max(blue);
        let hue = if strongest == red {
            (green - blue) * 40 / chroma % 240
        } else if strongest == green {
            (blue - red + 2 * chroma) * 40 / chroma
        } else {
            (red - green + 4 * chroma) * 40 / chroma
        };
        (if hue < 0 { hue + 240 } else { hue }) as u8
    }

    /// 5, 6 and 5 bits from the top of each channel.
    #[must_use]
    pub const fn to_rgb565(self) -> u16 {
        let [red, green, blue] = self.channels();
        (red as u16 >> 3) << 11 | (green as u16 >> 2) << 5 | blue as u16 >> 3
    }

    /// 3, 3 and 2 bits from the top of each channel.
    #[must_use]
    pub const fn to_rgb332(self) -> u8 {
        let [red, green, blue] = self.channels();
        red & 0xe0 | (green & 0xe0) >> 3 | blue >> 6
    }

    /// The top bit of each channel in bits 3, 2 and 1.
    #[must_use]
    pub const fn to_rgbd(self) -> u8 {
        let [red, green, blue] = self.channels();
        (red >> 7) << 3 | (green >> 7) << 2 | (blue >> 7) << 1
    }

    /// The code of the nearest ink of a six-colour panel (Spectra 6): black 0, white 1, yellow 2, red 3, blue 5, green 6.
    #[must_use]
    pub fn to_six_color(self) -> u8 {
        match self.saturated_hue() {
            None => self.luma() >> 7,
            Some(0..10 | 212..) => 3,
            Some(10..63) => 2,
            Some(63..127) => 6,
            Some(127..212) => 5,
        }
    }

    /// The code of the nearest ink of a seven-colour panel (ACeP): black 0, white 1, green 2, blue 3, red 4, yellow 5,
    /// orange 6.
    #[must_use]
    pub fn to_seven_color(self) -> u8 {
        match self.saturated_hue() {
            None => self.luma() >> 7,
            Some(0..10 | 212..) => 4,
            Some(10..31) => 6,
            Some(31..63) => 5,
            Some(63..127) => 2,
            Some(127..212) => 3,
        }
    }

    /// The hue, unless the colour is so pale that multi-colour panels show it as black or white.
    fn saturated_hue(self) -> Option<u8> {
        (self.chroma() >= 64).then(|| self.hue())
    }

    /// Adds the dither noise that belongs to the bitmap pixel (`x`, `y`), under one mask per channel; clamps at 255.
    ///
    /// The noise depends on bitmap coordinates, so that a moved sprite carries its pattern with it.
    #[must_use]
    pub fn dithered(self, x: u16, y: u16, masks: [u8; 3]) -> Self {
        let (x, y) = (u32::from(x), u32::from(y));
        let noise = [noise(x, y), noise(x + 33, y), noise(x, y + 33)];
        let [red, green, blue] = self.channels();
        Self::from_channels(
            red.saturating_add(noise[0] & masks[0]),
            green.saturating_add(noise[1] & masks[1]),
            blue.saturating_add(noise[2] & masks[2]),
        )
    }
}

impl From<u32> for Rgb888 {
    /// As [`Rgb888::new`].
    fn from(rrggbb: u32) -> Self {
        Self::new(rrggbb)
    }
}

impl core::fmt::Debug for Rgb888 {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Rgb888({:06x})", self.0)
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Rgb888 {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Rgb888({:06x})", self.0);
    }
}

/// The noise of displayio's dither at (`x`, `y`), 0 to 254.
///
/// The reference scales a 31-bit number to 0..255 in single precision; see [`scale_to_255`].
const fn noise(x: u32, y: u32) -> u8 {
    let n = x.wrapping_add(y.wrapping_mul(65535));
    let n = n >> 13 ^ n;
    let inner = n.wrapping_mul(n).wrapping_mul(60493).wrapping_add(19_990_303);
    scale_to_255(n.wrapping_mul(inner).wrapping_add(1_376_312_589) & 0x7fff_ffff)
}

/// `trunc(float32(m) / 2^31 * 255)` for `m < 2^31`, in integers: a Cortex-M0 has no floating point.
///
/// `float32(m)` rounds to 24 significant bits, half to even; dividing by a power of two is exact; the product is rounded
/// to 24 bits again before it is truncated.
#[expect(clippy::cast_possible_truncation, reason = "at most 255")]
const fn scale_to_255(m: u32) -> u8 {
    let rounded = round_to_24_bits(m as u64);
    (round_to_24_bits(rounded * 255) >> 31) as u8
}

/// `v` rounded to 24 significant bits, half to even.
const fn round_to_24_bits(v: u64) -> u64 {
    let surplus = 40_u32.saturating_sub(v.leading_zeros());
    if surplus == 0 {
        return v;
    }
    let unit = 1 << surplus;
    let half = unit >> 1;
    let down = v & !(unit - 1);
    let rest = v & (unit - 1);
    let up = rest > half || rest == half && down & unit != 0;
    if up { down + unit } else { down }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Row = (u32, u16, u8, u8, u8, u8, u8, u8, u8);

    /// Colour, RGB565, RGB332, RGBD, luma, chroma, hue, six colours, seven colours, as the reference computes them.
    const TABLE: [Row; 14] = [
        (0x00_0000, 0x0000, 0x00, 0x0, 0, 0, 0, 0, 0),
        (0xff_ffff, 0xffff, 0xff, 0xe, 255, 0, 0, 1, 1),
        (0xff_0000, 0xf800, 0xe0, 0x8, 19, 255, 0, 3, 4),
        (0x00_ff00, 0x07e0, 0x1c, 0x4, 182, 255, 80, 6, 2),
        (0x00_00ff, 0x001f, 0x03, 0x2, 54, 255, 160, 5, 3),
        (0xff_ff00, 0xffe0, 0xfc, 0xc, 201, 255, 40, 2, 5),
        (0xff_8000, 0xfc00, 0xf0, 0xc, 110, 255, 20, 2, 6),
        (0x00_ffff, 0x07ff, 0x1f, 0x6, 236, 255, 120, 6, 2),
        (0xff_00ff, 0xf81f, 0xe3, 0xa, 73, 255, 200, 5, 3),
        (0x80_8080, 0x8410, 0x92, 0xe, 128, 0, 0, 1, 1),
        (0x80_4020, 0x8204, 0x88, 0x8, 61, 96, 13, 2, 6),
        (0xff_0010, 0xf802, 0xe0, 0x8, 22, 255, 238, 3, 4),
        (0x10_ff20, 0x17e4, 0x1c, 0x4, 189, 239, 82, 6, 2),
        (0x12_3456, 0x11aa, 0x05, 0x0, 56, 68, 140, 5, 3),
    ];

    #[test]
    fn colours_match_the_reference() {
        for (rgb, rgb565, rgb332, rgbd, luma, chroma, hue, six, seven) in TABLE {
            let c = Rgb888::new(rgb);
            assert_eq!(
                (c.to_rgb565(), c.to_rgb332(), c.to_rgbd()),
                (rgb565, rgb332, rgbd),
                "{c:?}"
            );
            assert_eq!((c.luma(), c.chroma(), c.hue()), (luma, chroma, hue), "{c:?}");
            assert_eq!((c.to_six_color(), c.to_seven_color()), (six, seven), "{c:?}");
        }
    }

    #[test]
    fn noise_matches_the_reference() {
        for (x, y, expected) in [
            (0, 0, 163),
            (1, 0, 165),
            (2, 0, 168),
            (33, 0, 244),
            (0, 1, 14),
            (0, 33, 194),
            (10, 20, 185),
            (127, 63, 227),
            (319, 239, 159),
        ] {
            assert_eq!(noise(x, y), expected, "at {x}, {y}");
        }
    }

    #[test]
    fn dither_of_a_grey_matches_the_reference() {
        let dithered = |x, y| Rgb888::new(0x80_8080).dithered(x, y, [7, 3, 7]).value();
        assert_eq!(
            [dithered(0, 0), dithered(1, 0), dithered(0, 1)],
            [0x83_8082, 0x85_8080, 0x86_8287]
        );
    }

    #[test]
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the oracle"
    )]
    fn integers_scale_as_single_precision_does() {
        let mut m = 1_u32;
        for _ in 0..200_000 {
            m = m.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            for v in [m & 0x7fff_ffff, m & 0xff_ffff, 0x7fff_ffff - (m & 0xfff)] {
                assert_eq!(scale_to_255(v), (v as f32 / 2_147_483_648.0 * 255.0) as u8, "{v}");
            }
        }
    }
}
