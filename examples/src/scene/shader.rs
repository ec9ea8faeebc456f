//! Palettes and converters of a scene as one type.

use alloc::rc::Rc;

use displayio_core::{
    Change, ColorConverter, Colors, Mark, Palette, PaletteError, PaletteRgb, PixelFormat, Rgb888,
    Shader, Tracked,
};

/// Any shader of a scene; cloning shares it.
#[derive(Debug)]
pub(super) enum AnyShader<'m, C: PixelFormat> {
    Palette(Rc<Palette<'m, C>>),
    /// A palette that dithers.
    PaletteRgb(Rc<PaletteRgb<'m>>),
    Converter(Rc<ColorConverter>),
}

impl<C: PixelFormat> AnyShader<'_, C> {
    /// Sets a colour of a palette; nothing for a converter.
    pub(super) fn set(&self, index: u16, color: Rgb888) -> Result<(), PaletteError> {
        match self {
            Self::Palette(palette) => palette.set(index, color),
            Self::PaletteRgb(palette) => palette.set(index, color),
            Self::Converter(_) => Ok(()),
        }
    }

    /// Makes a number of a palette, or the only one of a converter, transparent.
    pub(super) fn make_transparent(&self, value: u32) -> Result<(), PaletteError> {
        let index = u16::try_from(value).unwrap_or(u16::MAX);
        match self {
            Self::Palette(palette) => palette.set_transparent(index, true),
            Self::PaletteRgb(palette) => palette.set_transparent(index, true),
            Self::Converter(converter) => {
                converter.set_transparent(Some(value));
                Ok(())
            }
        }
    }
}

impl<C: PixelFormat> Clone for AnyShader<'_, C> {
    fn clone(&self) -> Self {
        match self {
            Self::Palette(palette) => Self::Palette(Rc::clone(palette)),
            Self::PaletteRgb(palette) => Self::PaletteRgb(Rc::clone(palette)),
            Self::Converter(converter) => Self::Converter(Rc::clone(converter)),
        }
    }
}

impl<C: PixelFormat> Tracked for AnyShader<'_, C> {
    fn is_seen(&self, mark: &Mark) -> bool {
        match self {
            Self::Palette(palette) => palette.is_seen(mark),
            Self::PaletteRgb(palette) => palette.is_seen(mark),
            Self::Converter(converter) => converter.is_seen(mark),
        }
    }

    fn since(&self, mark: &Mark) -> Change {
        match self {
            Self::Palette(palette) => palette.since(mark),
            Self::PaletteRgb(palette) => palette.since(mark),
            Self::Converter(converter) => converter.since(mark),
        }
    }
}

impl<C: PixelFormat> Shader<C> for AnyShader<'_, C> {
    fn colors<R>(&self, f: impl FnOnce(Colors<'_, C>) -> R) -> Option<R> {
        match self {
            Self::Palette(palette) => palette.colors(f),
            Self::PaletteRgb(palette) => Shader::<C>::colors(palette, f),
            Self::Converter(converter) => Shader::<C>::colors(converter, f),
        }
    }

    fn is_opaque(&self, max_value: u32) -> bool {
        match self {
            Self::Palette(palette) => palette.is_opaque(max_value),
            Self::PaletteRgb(palette) => Shader::<C>::is_opaque(palette, max_value),
            Self::Converter(converter) => Shader::<C>::is_opaque(converter, max_value),
        }
    }
}
