//! Colours as light, for adding, and as they are seen, for comparing.

use std::sync::LazyLock;

use displayio_core::Rgb888;

/// Red, green and blue as amounts of light, 0 to 1: what a mixture of pixels adds up to.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Linear(pub [f32; 3]);

/// Lightness and two axes of hue, where equal distances look equally different.
///
/// Source: Ottosson, "A perceptual color space for image processing", 2020.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Oklab(pub [f32; 3]);

/// The light of each 8-bit level.
static LIGHT: LazyLock<[f32; 256]> = LazyLock::new(|| {
    let mut level = 0.0;
    [(); 256].map(|()| {
        let light = light_of(level / 255.0);
        level += 1.0;
        light
    })
});

/// The light of an sRGB channel, both 0 to 1.
fn light_of(channel: f32) -> f32 {
    if channel <= 0.04045 { channel / 12.92 } else { libm::powf((channel + 0.055) / 1.055, 2.4) }
}

/// The sRGB channel of an amount of light, both 0 to 1.
fn channel_of(light: f32) -> f32 {
    if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * libm::powf(light, 1.0 / 2.4) - 0.055 }
}

impl Linear {
    /// Brightness, 0 to 1.
    pub(crate) fn luminance(self) -> f32 {
        let [red, green, blue] = self.0;
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// This light and `part` of another.
    pub(crate) fn plus(self, part: f32, other: Self) -> Self {
        Self([0, 1, 2].map(|i| self.0[i] + part * other.0[i]))
    }

    /// This light, but at most `beyond` brighter than white or darker than black.
    pub(crate) fn clamped(self, beyond: f32) -> Self {
        Self(self.0.map(|channel| channel.clamp(-beyond, 1.0 + beyond)))
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 255")]
    fn to_rgb888(self) -> Rgb888 {
        let [red, green, blue] =
            self.clamped(0.0).0.map(|light| (channel_of(light) * 255.0).round() as u8);
        Rgb888::from_channels(red, green, blue)
    }
}

impl From<Rgb888> for Linear {
    fn from(color: Rgb888) -> Self {
        Self(color.channels().map(|level| LIGHT[usize::from(level)]))
    }
}

/// The colour that a panel shows for a code of RGB565: high bits are repeated below, so that white is white.
#[expect(clippy::cast_possible_truncation, reason = "each channel is a byte")]
pub(crate) const fn widen_565(code: u16) -> Rgb888 {
    let (red, green, blue) = (code >> 11, code >> 5 & 63, code & 31);
    Rgb888::from_channels(
        (red << 3 | red >> 2) as u8,
        (green << 2 | green >> 4) as u8,
        (blue << 3 | blue >> 2) as u8,
    )
}

/// The nearest code of RGB565.
pub(crate) fn code_565(light: Linear) -> u16 {
    /// The light of the levels halfway between the colours of one channel.
    static HALFWAY: LazyLock<[Vec<f32>; 2]> = LazyLock::new(|| {
        let between = |level: fn(u16) -> u8, count: u16| {
            let sum = |code| f32::from(level(code)) + f32::from(level(code + 1));
            (0..count - 1).map(|code| light_of(sum(code) / 510.0)).collect()
        };
        [
            between(|red| widen_565(red << 11).channels()[0], 32),
            between(|green| widen_565(green << 5).channels()[1], 64),
        ]
    });
    let [five, six] = &*HALFWAY;
    let [red, green, blue] = light.0;
    let level = |halfway: &[f32], light| {
        u16::try_from(halfway.partition_point(|&bound| bound <= light)).unwrap_or(0)
    };
    level(five, red) << 11 | level(six, green) << 5 | level(five, blue)
}

impl Oklab {
    /// Square of the distance.
    pub(crate) fn distance_squared(self, other: Self) -> f32 {
        let [l, a, b] = [0, 1, 2].map(|i| self.0[i] - other.0[i]);
        l * l + a * a + b * b
    }

    /// The nearest displayable colour.
    pub(crate) fn to_rgb888(self) -> Rgb888 {
        let [l, a, b] = self.0;
        let [l, m, s] = [
            l + 0.396_337_78 * a + 0.215_803_76 * b,
            l - 0.105_561_346 * a - 0.063_854_17 * b,
            l - 0.089_484_18 * a - 1.291_485_5 * b,
        ]
        .map(|root| root * root * root);
        Linear([
            4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_93 * s,
            -1.268_438 * l + 2.609_757_4 * m - 0.341_319_38 * s,
            -0.004_196_086_3 * l - 0.703_418_6 * m + 1.707_614_7 * s,
        ])
        .to_rgb888()
    }
}

impl From<Linear> for Oklab {
    fn from(Linear([red, green, blue]): Linear) -> Self {
        let [l, m, s] = [
            0.412_221_46 * red + 0.536_332_55 * green + 0.051_445_995 * blue,
            0.211_903_5 * red + 0.680_699_5 * green + 0.107_396_96 * blue,
            0.088_302_46 * red + 0.281_718_85 * green + 0.629_978_7 * blue,
        ]
        .map(libm::cbrtf);
        Self([
            0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
            1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
            0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
        ])
    }
}

impl From<Rgb888> for Oklab {
    fn from(color: Rgb888) -> Self {
        Linear::from(color).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_come_back() {
        for value in (0..0x100_0000).step_by(1009) {
            let color = Rgb888::new(value);
            assert_eq!(Oklab::from(color).to_rgb888(), color);
        }
    }

    #[test]
    fn codes_come_back() {
        for code in 0..=u16::MAX {
            assert_eq!(code_565(widen_565(code).into()), code);
        }
    }

    /// Values of the publication of Oklab for sRGB primaries.
    #[test]
    fn primaries_are_where_they_were_published() {
        for (rgb, expected) in [
            (0xff_ffff, [1.0, 0.0, 0.0]),
            (0xff_0000, [0.627_96, 0.224_86, 0.125_85]),
            (0x00_ff00, [0.866_44, -0.233_89, 0.179_5]),
            (0x00_00ff, [0.452_01, -0.032_46, -0.311_53]),
        ] {
            let distance = Oklab::from(Rgb888::new(rgb)).distance_squared(Oklab(expected));
            assert!(distance < 1e-6, "{rgb:06x} is off by {distance}");
        }
    }
}
