//! What makes a pixel value a colour, or leaves the pixel as it is.

use crate::{PixelFormat, Rgb888, Tracked};

/// How the values of a source are coloured: decided once per span, outside the pixel loops.
#[derive(Debug, Clone, Copy)]
pub enum Colors<'c, C: PixelFormat> {
    /// One colour of the panel's format per value.
    Ready(Table<'c, C::Raw>),
    /// One RGB888 colour per value, converted pixel by pixel.
    Rgb {
        /// The colours, `0xRRGGBB`.
        table: Table<'c, u32>,
        /// Whether noise is added.
        dither: bool,
    },
    /// The value is a colour.
    Convert(Conversion),
}

impl<C: PixelFormat> Colors<'_, C> {
    /// The raw pixel of one value, with the noise of (`x`, `y`) where it is dithered; `None` for transparent.
    #[inline]
    #[must_use]
    pub fn raw(&self, format: C, value: u32, x: u16, y: u16) -> Option<C::Raw> {
        match *self {
            Self::Ready(table) => table.get(value),
            Self::Rgb { table, dither } => {
                Conversion::of_rgb(dither).raw_of_one(format, table.get(value)?, x, y)
            }
            Self::Convert(conversion) => conversion.raw_of_one(format, value, x, y),
        }
    }
}

/// Colours by value; a value beyond the table leaves its pixel as it is.
#[derive(Debug, Clone, Copy)]
pub struct Table<'c, T> {
    /// One colour per value.
    pub colors: &'c [T],
    /// One bit per value, low bits first: set where the value is transparent. Empty where none is.
    pub transparent: &'c [u8],
}

impl<T: Copy> Table<'_, T> {
    /// Whether each value up to `max_value` has a colour.
    pub(crate) const fn is_opaque(&self, max_value: u32) -> bool {
        self.transparent.is_empty() && self.colors.len() > max_value as usize
    }

    /// The colour of a value; `None` for transparent.
    #[inline]
    #[must_use]
    pub fn get(&self, value: u32) -> Option<T> {
        let value = value as usize;
        let clear =
            self.transparent.get(value / 8).is_some_and(|bits| bits >> (value % 8) & 1 != 0);
        if clear { None } else { self.colors.get(value).copied() }
    }
}

/// How a value is read as a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Conversion {
    /// How the value is stored.
    pub input: Colorspace,
    /// The one value that is transparent, compared before the conversion.
    pub transparent: Option<u32>,
    /// Whether noise is added.
    pub dither: bool,
}

/// How a colour is stored in a pixel value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Colorspace {
    /// `0xRRGGBB`.
    #[default]
    Rgb888,
    /// 5, 6 and 5 bits, red on top; low bits are zero when widened.
    Rgb565,
    /// The same with its two bytes swapped.
    Rgb565Swapped,
    /// 5 bits each, red on top; widened by repeating the high bits.
    Rgb555,
    /// The same with its two bytes swapped.
    Rgb555Swapped,
    /// As `Rgb565` with blue on top.
    Bgr565,
    /// The same with its two bytes swapped.
    Bgr565Swapped,
    /// As `Rgb555` with blue on top.
    Bgr555,
    /// The same with its two bytes swapped.
    Bgr555Swapped,
    /// Eight bits of grey.
    L8,
}

impl Colorspace {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Rgb888,
        Self::Rgb565,
        Self::Rgb565Swapped,
        Self::Rgb555,
        Self::Rgb555Swapped,
        Self::Bgr565,
        Self::Bgr565Swapped,
        Self::Bgr555,
        Self::Bgr555Swapped,
        Self::L8,
    ];

    /// The colour that a value stands for; bits beyond the colour space are ignored.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "bits beyond the colour space are ignored")]
    pub const fn to_rgb888(self, value: u32) -> Rgb888 {
        let half = value as u16;
        let swapped = half.swap_bytes();
        match self {
            Self::Rgb888 => Rgb888::new(value),
            Self::Rgb565 => widen_565(half),
            Self::Rgb565Swapped => widen_565(swapped),
            Self::Rgb555 => widen_555(half),
            Self::Rgb555Swapped => widen_555(swapped),
            Self::Bgr565 => exchange(widen_565(half)),
            Self::Bgr565Swapped => exchange(widen_565(swapped)),
            Self::Bgr555 => exchange(widen_555(half)),
            Self::Bgr555Swapped => exchange(widen_555(swapped)),
            Self::L8 => Rgb888::new((value & 0xff) * 0x01_0101),
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "each channel is a byte")]
const fn widen_565(v: u16) -> Rgb888 {
    Rgb888::from_channels((v >> 8) as u8 & 0xf8, (v >> 3) as u8 & 0xfc, (v << 3) as u8)
}

const fn widen_555(v: u16) -> Rgb888 {
    #[expect(clippy::cast_possible_truncation, reason = "five bits become eight")]
    const fn widen(five: u16) -> u8 {
        (five << 3 | five >> 2) as u8
    }
    Rgb888::from_channels(widen(v >> 10 & 31), widen(v >> 5 & 31), widen(v & 31))
}

const fn exchange(color: Rgb888) -> Rgb888 {
    let [red, green, blue] = color.channels();
    Rgb888::from_channels(blue, green, red)
}

impl Conversion {
    /// Of `0xRRGGBB`, all of it opaque.
    pub(crate) const fn of_rgb(dither: bool) -> Self {
        Self { input: Colorspace::Rgb888, transparent: None, dither }
    }

    /// The raw pixel of `value` at (`x`, `y`) in its source; `None` for transparent.
    #[inline]
    pub(crate) fn raw<C: PixelFormat>(
        &self,
        format: C,
        value: u32,
        x: u16,
        y: u16,
    ) -> Option<C::Raw> {
        if self.transparent == Some(value) {
            return None;
        }
        let color = self.input.to_rgb888(value);
        Some(format.raw(if self.dither {
            color.dithered(x, y, format.dither_masks())
        } else {
            color
        }))
    }

    /// The same out of any loop.
    #[inline(never)]
    fn raw_of_one<C: PixelFormat>(&self, format: C, value: u32, x: u16, y: u16) -> Option<C::Raw> {
        self.raw(format, value, x, y)
    }
}

/// Colours the values of a source for a panel of format `C`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot colour a panel whose pixel format is `{C}`",
    note = "a `Palette` is made for one pixel format: `Palette::<{C}>::new_in(..)`, or use a `PaletteRgb`"
)]
pub trait Shader<C: PixelFormat>: Tracked {
    /// Shows the colours to `f`; `None` while they are being changed.
    fn colors<R>(&self, f: impl FnOnce(Colors<'_, C>) -> R) -> Option<R>;

    /// Whether every value up to `max_value` has a colour, and the colours can be read now.
    fn is_opaque(&self, max_value: u32) -> bool;
}

macro_rules! forward_to_target {
    ($pointer:ty) => {
        impl<C: PixelFormat, T: Shader<C>> Shader<C> for $pointer {
            #[inline]
            fn colors<R>(&self, f: impl FnOnce(Colors<'_, C>) -> R) -> Option<R> {
                (**self).colors(f)
            }

            fn is_opaque(&self, max_value: u32) -> bool {
                (**self).is_opaque(max_value)
            }
        }
    };
}

forward_to_target!(&T);
#[cfg(feature = "rc")]
forward_to_target!(alloc::rc::Rc<T>);
