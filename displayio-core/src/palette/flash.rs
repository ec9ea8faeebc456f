//! Colours in flash.

use core::fmt;

use displayio_allocators::{Purpose, StorageKind};

use crate::{Change, Colors, Mark, Part, PixelFormat, Rgb888, Shader, Table, Tracked};

/// Colours of either kind, and which of them are transparent.
#[derive(Clone)]
struct Entries<T: 'static> {
    colors: &'static [T],
    /// One bit per colour, low bits first; not looked at unless there is one.
    transparent: [u8; 32],
    is_any_transparent: bool,
}

impl<T: Copy> Entries<T> {
    const fn new(colors: &'static [T]) -> Self {
        Self { colors, transparent: [0; 32], is_any_transparent: false }
    }

    const fn with_transparent(mut self, index: Option<u16>) -> Self {
        if let Some(index) = index {
            let index = index as usize;
            assert!(index < self.colors.len() && index < 256, "no such color among the first 256");
            self.transparent[index / 8] |= 1 << (index % 8);
            self.is_any_transparent = true;
        }
        self
    }

    #[inline]
    const fn table(&self) -> Table<'_, T> {
        let transparent: &[u8] = if self.is_any_transparent { &self.transparent } else { &[] };
        Table { colors: self.colors, transparent }
    }

    fn part<P>(&self, palette: &P) -> Part {
        let colors = u16::try_from(self.colors.len()).unwrap_or(u16::MAX);
        let part = Part::of(palette, Purpose::Palette { colors });
        part.with_data(size_of_val(self.colors), StorageKind::ReadOnly)
    }
}

/// Colours in flash in the format of one kind of panel, ready to be copied: `Sync`, fit for a `static`, no RAM.
///
/// It is painted as a [`Palette`](crate::Palette) is, and opened faster: it never changes, and is never busy. Formats have a
/// constant function `raws` for its colours; `displayio-assets` writes colours as that takes them. The codes of inks are written
/// as they are.
///
/// ```
/// use displayio_core::{Depth, FlashPalette, Image, Rgb565, TileGrid};
/// // As `displayio-assets` writes them:
/// static SHIP: Image = Image::new(8, 1, Depth::Bpp1, &[0b0011_1100, 0, 0, 0]);
/// const SHIP_COLORS: [u32; 2] = [0xff_00ff, 0x80_a0c0];
/// const SHIP_TRANSPARENT: Option<u16> = Some(0);
///
/// static PALETTE: FlashPalette<Rgb565> =
///     FlashPalette::new(&Rgb565.raws(SHIP_COLORS)).with_transparent(SHIP_TRANSPARENT);
/// let ship = TileGrid::new(&SHIP, &PALETTE);
/// assert_eq!(PALETTE.raw(1), Some(0x8518_u16.to_be()));
/// ```
#[derive(Clone)]
pub struct FlashPalette<C: PixelFormat> {
    entries: Entries<C::Raw>,
}

impl<C: PixelFormat> FlashPalette<C> {
    /// Opaque colours, as panels store them.
    #[must_use]
    pub const fn new(colors: &'static [C::Raw]) -> Self {
        Self { entries: Entries::new(colors) }
    }

    /// Makes one of the first 256 transparent, besides those that are; `None` changes nothing.
    ///
    /// # Panics
    /// When there is no such colour; in a `static` that is a compile error.
    #[must_use]
    pub const fn with_transparent(self, index: Option<u16>) -> Self {
        Self { entries: self.entries.with_transparent(index) }
    }

    /// Number of colours.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.entries.colors.len()
    }

    /// Whether it has no colours.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries.colors.is_empty()
    }

    /// The colour of a number, as the panel stores it; transparent or not.
    #[must_use]
    pub fn raw(&self, index: u16) -> Option<C::Raw> {
        self.entries.colors.get(usize::from(index)).copied()
    }
}

impl<C: PixelFormat> Tracked for FlashPalette<C> {
    #[inline]
    fn is_seen(&self, _: &Mark) -> bool {
        true
    }

    fn since(&self, _: &Mark) -> Change {
        Change::None
    }

    fn describe(&self, report: &mut dyn FnMut(Part)) {
        report(self.entries.part(self));
    }
}

impl<C: PixelFormat> Shader<C> for FlashPalette<C> {
    #[inline]
    fn colors<R>(&self, f: impl FnOnce(Colors<'_, C>) -> R) -> Option<R> {
        Some(f(Colors::Ready(self.entries.table())))
    }

    fn is_opaque(&self, max_value: u32) -> bool {
        self.entries.table().is_opaque(max_value)
    }
}

impl<C: PixelFormat> fmt::Debug for FlashPalette<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FlashPalette({} colors of {:?})", self.len(), C::default())
    }
}

/// Colours of 24 bits in flash, converted pixel by pixel: for any panel, and for dithered colours. `Sync`, fit for a `static`, no
/// RAM; a [`FlashPalette`] is painted faster.
///
/// ```
/// use displayio_core::{FlashPaletteRgb, Rgb888};
/// static PALETTE: FlashPaletteRgb =
///     FlashPaletteRgb::new(&[0, 0xff_8000, 0xff_ffff]).with_transparent(Some(0)).with_dither(true);
/// assert_eq!(PALETTE.get(1), Some(Rgb888::new(0xff_8000)));
/// ```
#[derive(Clone)]
pub struct FlashPaletteRgb {
    entries: Entries<u32>,
    dither: bool,
}

impl FlashPaletteRgb {
    /// Opaque colours, `0xRRGGBB`.
    #[must_use]
    pub const fn new(colors: &'static [u32]) -> Self {
        Self { entries: Entries::new(colors), dither: false }
    }

    /// Makes one of the first 256 transparent, besides those that are; `None` changes nothing.
    ///
    /// # Panics
    /// When there is no such colour; in a `static` that is a compile error.
    #[must_use]
    pub const fn with_transparent(self, index: Option<u16>) -> Self {
        Self { entries: self.entries.with_transparent(index), ..self }
    }

    /// Turns dither on or off.
    #[must_use]
    pub const fn with_dither(self, dither: bool) -> Self {
        Self { dither, ..self }
    }

    /// Number of colours.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.entries.colors.len()
    }

    /// Whether it has no colours.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries.colors.is_empty()
    }

    /// The colour of a number; transparent or not.
    #[must_use]
    pub fn get(&self, index: u16) -> Option<Rgb888> {
        self.entries.colors.get(usize::from(index)).copied().map(Rgb888::new)
    }
}

impl Tracked for FlashPaletteRgb {
    #[inline]
    fn is_seen(&self, _: &Mark) -> bool {
        true
    }

    fn since(&self, _: &Mark) -> Change {
        Change::None
    }

    fn describe(&self, report: &mut dyn FnMut(Part)) {
        report(self.entries.part(self));
    }
}

impl<C: PixelFormat> Shader<C> for FlashPaletteRgb {
    #[inline]
    fn colors<R>(&self, f: impl FnOnce(Colors<'_, C>) -> R) -> Option<R> {
        Some(f(Colors::Rgb { table: self.entries.table(), dither: self.dither }))
    }

    fn is_opaque(&self, max_value: u32) -> bool {
        self.entries.table().is_opaque(max_value)
    }
}

impl fmt::Debug for FlashPaletteRgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FlashPaletteRgb({} colors)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Bgr888, Bgrx8888, Gray4, Gray8, Luma, Rgb332, Rgb565, Rgb565Le};

    const COLORS: [u32; 5] = [0, 0xff_8000, 0x12_3456, 0xff_ffff, 0x00_80ff];

    static PALETTE: FlashPalette<Rgb565> =
        FlashPalette::new(&Rgb565.raws(COLORS)).with_transparent(Some(2)).with_transparent(None);

    #[test]
    fn constants_are_what_the_format_makes_of_colours() {
        fn check<C: PixelFormat>(format: C, raws: [C::Raw; 5]) {
            assert_eq!(raws, COLORS.map(|color| format.raw(Rgb888::new(color))), "{format:?}");
        }
        check(Rgb565, const { Rgb565.raws(COLORS) });
        check(Rgb565Le, const { Rgb565Le.raws(COLORS) });
        check(Bgr888, const { Bgr888.raws(COLORS) });
        check(Bgrx8888, const { Bgrx8888.raws(COLORS) });
        check(Rgb332, const { Rgb332.raws(COLORS) });
        check(Gray8, const { Gray8.raws(COLORS) });
        check(Gray4::default(), const { Luma::<4>::new().raws(COLORS) });
    }

    #[test]
    fn some_colours_are_transparent() {
        const fn is_shared<T: Sync>(_: &T) {}
        is_shared(&PALETTE);
        let shown = PALETTE.colors(|colors| match colors {
            Colors::Ready(table) => [1, 2, 5].map(|value| table.get(value)),
            _ => [Some(1); 3],
        });
        assert_eq!(shown, Some([Some(0xfc00_u16.to_be()), None, None]));
        assert_eq!([PALETTE.is_opaque(1), PALETTE.is_opaque(4)], [false; 2]);
        let opaque = FlashPalette::<Rgb565>::new(const { &Rgb565.raws(COLORS) });
        assert_eq!([opaque.is_opaque(4), opaque.is_opaque(5)], [true, false]);
        assert_eq!((opaque.len(), opaque.is_empty(), opaque.raw(5)), (5, false, None));
    }

    #[test]
    fn many_colours_may_be_transparent() {
        static ALL: [u32; 256] = [0xff_ffff; 256];
        let palette =
            FlashPaletteRgb::new(&ALL).with_transparent(Some(0)).with_transparent(Some(255));
        let count = (0..=256).filter(|&value| palette.entries.table().get(value).is_none()).count();
        assert_eq!((count, palette.get(255)), (3, Some(Rgb888::WHITE)));
    }
}
