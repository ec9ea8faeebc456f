//! Pixel values that are colours.

use core::cell::Cell;

use displayio_allocators::Purpose;

use crate::{
    Area, Change, Changes, Colors, Colorspace, Conversion, Mark, Part, PixelFormat, Rgb888, Shader,
    Tracked,
};

/// Takes pixel values as colours of one [`Colorspace`].
///
/// ```
/// use displayio_core::{ColorConverter, Colorspace, Rgb888};
/// let converter = ColorConverter::new(Colorspace::Rgb565);
/// assert_eq!(converter.convert(0xffff), Rgb888::new(0xf8_fcf8));
/// ```
#[derive(Debug)]
pub struct ColorConverter {
    conversion: Cell<Conversion>,
    changes: Changes,
}

impl ColorConverter {
    /// A converter without transparency or dither.
    #[must_use]
    pub const fn new(input: Colorspace) -> Self {
        let conversion = Conversion { input, transparent: None, dither: false };
        Self { conversion: Cell::new(conversion), changes: Changes::new() }
    }

    /// The colour that a value stands for.
    #[must_use]
    pub const fn convert(&self, value: u32) -> Rgb888 {
        self.conversion.get().input.to_rgb888(value)
    }

    /// Makes one pixel value transparent, or none. Whoever shows the converter redraws.
    pub fn set_transparent(&self, value: Option<u32>) {
        self.update(Conversion { transparent: value, ..self.conversion.get() });
    }

    /// Turns dither on or off. Whoever shows the converter redraws.
    pub fn set_dither(&self, dither: bool) {
        self.update(Conversion { dither, ..self.conversion.get() });
    }

    fn update(&self, conversion: Conversion) {
        if self.conversion.replace(conversion) != conversion {
            self.changes.touch(Area::EMPTY);
        }
    }
}

impl Default for ColorConverter {
    /// RGB888 values.
    fn default() -> Self {
        Self::new(Colorspace::Rgb888)
    }
}

impl Tracked for ColorConverter {
    #[inline]
    fn is_seen(&self, mark: &Mark) -> bool {
        self.changes.is_seen(mark)
    }

    fn since(&self, mark: &Mark) -> Change {
        self.changes.since_as_whole(mark)
    }

    fn describe(&self, report: &mut dyn FnMut(Part)) {
        report(Part::of(self, Purpose::Named("a color converter")));
    }
}

impl<C: PixelFormat> Shader<C> for ColorConverter {
    #[inline]
    fn colors<R>(&self, f: impl FnOnce(Colors<'_, C>) -> R) -> Option<R> {
        Some(f(Colors::Convert(self.conversion.get())))
    }

    fn is_opaque(&self, _: u32) -> bool {
        self.conversion.get().transparent.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Widening as the reference does it: 565 fills with zeros, 555 repeats.
    #[test]
    fn colour_spaces_match_the_reference() {
        let colors = |value| Colorspace::ALL.map(|space| space.to_rgb888(value).value());
        assert_eq!(
            colors(0xffff),
            [
                0x00_ffff, 0xf8_fcf8, 0xf8_fcf8, 0xff_ffff, 0xff_ffff, 0xf8_fcf8, 0xf8_fcf8,
                0xff_ffff, 0xff_ffff, 0xff_ffff
            ]
        );
        assert_eq!(
            colors(0x1234),
            [
                0x00_1234, 0x10_44a0, 0x30_8090, 0x21_8ca5, 0x6b_0094, 0xa0_4410, 0x90_8030,
                0xa5_8c21, 0x94_006b, 0x34_3434
            ]
        );
    }

    #[test]
    fn changes_are_noticed() {
        let (converter, mark) = (ColorConverter::default(), Mark::new());
        converter.since(&mark);
        converter.set_dither(false);
        assert!(converter.is_seen(&mark), "no change");
        converter.set_transparent(Some(7));
        assert_eq!(converter.since(&mark), Change::All);
        assert!(!Shader::<crate::Rgb565>::is_opaque(&converter, 255), "7 is transparent");
    }
}
