//! What a pixel in a panel's memory looks like.

use displayio_core::{
    Bgr888, Bgrx8888, BitOrder, ColorCode, FourColor, Gray8, Luma, Packed, PixelFormat, Planar,
    Rgb332, Rgb565, Rgb565Le, Rgb888, Rgbd, SevenColor, SixColor, Tricolor,
};

/// A format whose packed pixels can be turned back into colours.
pub trait Preview: PixelFormat {
    /// The colour of pixel `index` of a packed cell, counted along its rows (or its column). A cell of several planes has
    /// the bytes of one after those of another. Bytes and pixels that a cell has not count as zero.
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

impl Preview for Bgr888 {
    fn color(&self, cell: &[u8], _: usize) -> Rgb888 {
        bgr(cell)
    }
}

impl Preview for Bgrx8888 {
    fn color(&self, cell: &[u8], _: usize) -> Rgb888 {
        bgr(cell)
    }
}

impl Preview for Rgb332 {
    fn color(&self, cell: &[u8], _: usize) -> Rgb888 {
        let byte = cell.first().copied().unwrap_or(0);
        let three = |bits: u8| bits << 5 | bits << 2 | bits >> 1;
        Rgb888::from_channels(three(byte >> 5), three(byte >> 2 & 7), (byte & 3) * 85)
    }
}

impl Preview for Gray8 {
    fn color(&self, cell: &[u8], _: usize) -> Rgb888 {
        grey(cell.first().copied().unwrap_or(0))
    }
}

impl<K: Inks> Preview for Packed<K> {
    fn color(&self, cell: &[u8], index: usize) -> Rgb888 {
        let byte = cell.first().copied().unwrap_or(0);
        self.code.ink(field(byte, index, K::BITS, self.order))
    }
}

impl<K: Inks> Preview for Planar<K> {
    fn color(&self, cell: &[u8], index: usize) -> Rgb888 {
        let planes = cell.iter().map(|&byte| field(byte, index, 1, self.order));
        self.code.ink(planes.fold(0, |code, bit| code << 1 | bit))
    }
}

/// Codes whose colours are known.
pub trait Inks: ColorCode {
    /// The colour of a code, near what the panel shows.
    fn ink(&self, code: u8) -> Rgb888;
}

impl<const BITS: u8> Inks for Luma<BITS> {
    fn ink(&self, code: u8) -> Rgb888 {
        grey(code.saturating_mul(0xff / (0xff >> (8 - BITS))))
    }
}

impl Inks for Rgbd {
    fn ink(&self, code: u8) -> Rgb888 {
        let channel = |bit: u8| (code >> bit & 1) * 0xff;
        Rgb888::from_channels(channel(3), channel(2), channel(1))
    }
}

impl Inks for SixColor {
    fn ink(&self, code: u8) -> Rgb888 {
        match code {
            0 => Rgb888::BLACK,
            2 => Rgb888::new(0xff_ff00),
            3 => Rgb888::new(0xff_0000),
            5 => Rgb888::new(0x00_00ff),
            6 => Rgb888::new(0x00_ff00),
            _ => Rgb888::WHITE,
        }
    }
}

impl Inks for SevenColor {
    fn ink(&self, code: u8) -> Rgb888 {
        match code {
            0 => Rgb888::BLACK,
            2 => Rgb888::new(0x00_ff00),
            3 => Rgb888::new(0x00_00ff),
            4 => Rgb888::new(0xff_0000),
            5 => Rgb888::new(0xff_ff00),
            6 => Rgb888::new(0xff_8000),
            _ => Rgb888::WHITE,
        }
    }
}

impl Inks for Tricolor {
    fn ink(&self, code: u8) -> Rgb888 {
        match code {
            0 => Rgb888::BLACK,
            1 => of_hue(self.hue),
            _ => Rgb888::WHITE,
        }
    }
}

impl Inks for FourColor {
    fn ink(&self, code: u8) -> Rgb888 {
        match code {
            0 => Rgb888::BLACK,
            1 => Rgb888::WHITE,
            _ => of_hue(self.hues[usize::from(code & 1)]),
        }
    }
}

/// The strongest colour of a hue, 0 to 239.
fn of_hue(hue: u8) -> Rgb888 {
    let rising = |from: u8| u8::try_from(u16::from(hue - from) * 255 / 40).unwrap_or(0xff);
    match hue {
        0..40 => Rgb888::from_channels(0xff, rising(0), 0),
        40..80 => Rgb888::from_channels(0xff - rising(40), 0xff, 0),
        80..120 => Rgb888::from_channels(0, 0xff, rising(80)),
        120..160 => Rgb888::from_channels(0, 0xff - rising(120), 0xff),
        160..200 => Rgb888::from_channels(rising(160), 0, 0xff),
        _ => Rgb888::from_channels(0xff, 0, 0xff - rising(200)),
    }
}

fn bgr(cell: &[u8]) -> Rgb888 {
    match *cell {
        [blue, green, red, ..] => Rgb888::from_channels(red, green, blue),
        _ => Rgb888::BLACK,
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

/// Field `index` of a byte; 0 where the byte has fewer.
fn field(byte: u8, index: usize, bits: u8, order: BitOrder) -> u8 {
    let count = usize::from(8 / bits);
    if index >= count {
        return 0;
    }
    let at = match order {
        BitOrder::LowFirst => index,
        BitOrder::HighFirst => count - 1 - index,
    };
    byte >> (at * usize::from(bits)) & (0xff >> (8 - bits))
}

#[cfg(test)]
mod tests {
    use displayio_core::{Mono, Packing};

    use super::*;

    fn check(format: impl Inks, colors: &[u32]) {
        for &color in colors {
            let color = Rgb888::new(color);
            assert_eq!(format.ink(format.code(color)), color, "{format:?}");
        }
    }

    #[test]
    fn what_a_cell_has_not_is_zero() {
        let white = Rgb888::WHITE;
        for order in [BitOrder::LowFirst, BitOrder::HighFirst] {
            let mono = Mono::new(Packing::Rows, order);
            assert_eq!(
                [7, 8, usize::MAX].map(|i| mono.color(&[0xff], i)),
                [white, Rgb888::BLACK, Rgb888::BLACK]
            );
            let grey = Planar { code: Luma::<2>::default(), order };
            assert_eq!(grey.color(&[0xff; 2], 8), Rgb888::BLACK);
        }
        assert_eq!(Mono::default().color(&[], 0), Rgb888::BLACK);
        assert_eq!(Luma::<4>::default().ink(0xff), white);
        assert_eq!(Rgb565.color(&[], 0), Rgb888::BLACK);
    }

    #[test]
    fn a_panel_shows_its_own_inks_as_they_are() {
        const BASIC: [u32; 6] = [0, 0xff_ffff, 0xff_ff00, 0xff_0000, 0x00_00ff, 0x00_ff00];
        check(Rgbd, &BASIC);
        check(SixColor, &BASIC);
        check(SevenColor, &BASIC);
        check(SevenColor, &[0xff_8000]);
        check(Luma::<1>::default(), &BASIC[..2]);
        check(Luma::<4>::default(), &[0, 0x11_1111, 0xff_ffff]);
        for ink in [0xff_0000, 0xff_ff00, 0x00_ff00, 0x00_ffff, 0x00_00ff, 0xff_00ff] {
            check(Tricolor { hue: Rgb888::new(ink).hue() }, &[0, 0xff_ffff, ink]);
        }
        check(FourColor { hues: [0, 40] }, &[0, 0xff_ffff, 0xff_0000, 0xff_ff00]);
    }
}
