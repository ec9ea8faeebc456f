//! Bitmaps as targets of embedded-graphics.

use core::marker::PhantomData;

use embedded_graphics_core::{
    Pixel,
    draw_target::DrawTarget,
    geometry::{OriginDimensions, Point, Size as TargetSize},
    pixelcolor::{
        IntoStorage, PixelColor,
        raw::{RawData, RawU16},
    },
    primitives::Rectangle,
};

use super::{Bitmap, BitmapError, Canvas, check_value};
use crate::{
    Area, Depth,
    rows::{RUN, runs},
};

/// The number of a colour in a palette, as a colour of embedded-graphics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PaletteIndex(pub u16);

impl PixelColor for PaletteIndex {
    type Raw = RawU16;
}

impl From<RawU16> for PaletteIndex {
    fn from(raw: RawU16) -> Self {
        Self(raw.into_inner())
    }
}

impl From<PaletteIndex> for RawU16 {
    fn from(index: PaletteIndex) -> Self {
        Self::new(index.0)
    }
}

/// A bitmap on which embedded-graphics draws: a [`DrawTarget`] for colours of type `C`, made by [`Bitmap::draw_target`].
///
/// What lies outside the bitmap is left out. Each call marks the box of the pixels that it sets. An error of
/// [`ValueTooLarge`](BitmapError::ValueTooLarge) leaves what was drawn before the colour that is too large;
/// [`Busy`](BitmapError::Busy) leaves the bitmap as it was. Iterators that are drawn from cannot read the bitmap.
///
/// Cost: one view per call. Solid areas are set by whole bytes, contiguous colours row by row, pixels one at a time.
/// Colours of an area that are not visible are passed over with `Iterator::nth`.
#[derive(Debug)]
pub struct BitmapTarget<'b, C> {
    bitmap: &'b Bitmap<'b>,
    colors: PhantomData<C>,
}

impl Bitmap<'_> {
    /// The bitmap as a target of embedded-graphics: feature `embedded-graphics`.
    ///
    /// A colour becomes the pixel value that has its bits, and the shader of a tile grid makes it a colour again:
    ///
    /// | colours                                | bits of the bitmap | shader                             |
    /// | -------------------------------------- | ------------------ | ---------------------------------- |
    /// | [`PaletteIndex`]                       | any                | a palette                          |
    /// | `BinaryColor`, `Gray2`, `Gray4`        | 1, 2, 4            | a palette of 2, 4, 16 colours      |
    /// | `Gray8`                                | 8                  | `Colorspace::L8`                   |
    /// | `Rgb565`, `Bgr565`                     | 16                 | the `Colorspace` of that name      |
    /// | `Rgb555`, `Bgr555`                     | 16                 | the `Colorspace` of that name      |
    /// | `Rgb888`                               | 32                 | `Colorspace::Rgb888`               |
    ///
    /// A bitmap of more bits does as well. On one of fewer, the first colour that does not fit is an error.
    ///
    /// ```
    /// use displayio_core::{Bitmap, ColorConverter, Colorspace, Depth, Group, TileGrid};
    /// use embedded_graphics::{
    ///     mono_font::{MonoTextStyle, ascii::FONT_6X10},
    ///     pixelcolor::Rgb565,
    ///     prelude::*,
    ///     primitives::{Circle, PrimitiveStyle},
    ///     text::Text,
    /// };
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut memory = [0; Bitmap::required_bytes(40, 20, Depth::Bpp16)];
    /// let bitmap = Bitmap::from_buffer(40, 20, Depth::Bpp16, &mut memory)?;
    /// let colors = ColorConverter::new(Colorspace::Rgb565);
    /// let scene = Group::new(TileGrid::new(&bitmap, &colors).at(10, 10));
    ///
    /// // Before or after the scene is shown: a refresh repaints the box of what was drawn.
    /// let red = PrimitiveStyle::with_fill(Rgb565::RED);
    /// Circle::new(Point::new(2, 2), 16).into_styled(red).draw(&mut bitmap.draw_target())?;
    /// let style = MonoTextStyle::new(&FONT_6X10, Rgb565::WHITE);
    /// Text::new("on", Point::new(22, 12), style).draw(&mut bitmap.draw_target())?;
    /// assert_eq!(bitmap.get(10, 10), Some(0xf800));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub const fn draw_target<C>(&self) -> BitmapTarget<'_, C> {
        BitmapTarget { bitmap: self, colors: PhantomData }
    }
}

impl<C> OriginDimensions for BitmapTarget<'_, C> {
    fn size(&self) -> TargetSize {
        TargetSize::new(self.bitmap.size.width.into(), self.bitmap.size.height.into())
    }
}

impl<C> DrawTarget for BitmapTarget<'_, C>
where
    C: PixelColor<Raw: From<C> + RawData<Storage: Into<u32>>>,
{
    type Color = C;
    type Error = BitmapError;

    fn draw_iter<I>(&mut self, pixels: I) -> Result<(), BitmapError>
    where
        I: IntoIterator<Item = Pixel<C>>,
    {
        let whole = Area::of_size(self.bitmap.size);
        self.bitmap.draw(|canvas, drawn| {
            for Pixel(Point { x, y }, color) in pixels {
                let (Ok(left), Ok(top)) = (i16::try_from(x), i16::try_from(y)) else { continue };
                if !whole.contains_point(left, top) {
                    continue;
                }
                let value = value_of(color, canvas.depth)?;
                canvas.set(left.unsigned_abs().into(), top.unsigned_abs().into(), value);
                *drawn = drawn.union(&Area::new(left, top, left + 1, top + 1));
            }
            Ok(())
        })
    }

    fn fill_contiguous<I>(&mut self, area: &Rectangle, colors: I) -> Result<(), BitmapError>
    where
        I: IntoIterator<Item = C>,
    {
        let visible = self.visible(area);
        if visible.is_empty() {
            return Ok(());
        }
        self.bitmap.draw(|canvas, drawn| {
            let mut colors = colors.into_iter().fuse();
            let above = area.top_left.y.abs_diff(visible.y1.into());
            let mut gap = area.top_left.x.abs_diff(visible.x1.into());
            let _ = (0..above).all(|_| skip(&mut colors, area.size.width));
            for y in visible.y1..visible.y2 {
                skip(&mut colors, gap);
                gap = area.size.width.saturating_sub(visible.width().into());
                let (end, set) = set_row(canvas, &visible, y, &mut colors);
                *drawn = drawn.union(&Area::new(visible.x1, y, end, y + 1));
                set?;
            }
            Ok(())
        })
    }

    fn fill_solid(&mut self, area: &Rectangle, color: C) -> Result<(), BitmapError> {
        let visible = self.visible(area);
        if visible.is_empty() {
            return Ok(());
        }
        self.bitmap.fill_region(visible, color.into_storage().into())
    }

    fn clear(&mut self, color: C) -> Result<(), BitmapError> {
        self.bitmap.fill(color.into_storage().into())
    }
}

impl<C> BitmapTarget<'_, C> {
    /// The part of `area` that is in the bitmap.
    fn visible(&self, area: &Rectangle) -> Area {
        let Rectangle { top_left: Point { x, y }, size: TargetSize { width, height } } = *area;
        let (right, bottom) = (x.saturating_add_unsigned(width), y.saturating_add_unsigned(height));
        Area::clamped(x, y, right, bottom).intersection(&Area::of_size(self.bitmap.size))
    }
}

impl Bitmap<'_> {
    /// Lets `draw` change pixels and gather the area that they are in, which is marked even if it fails midway.
    fn draw(
        &self,
        draw: impl FnOnce(&mut Canvas<'_>, &mut Area) -> Result<(), BitmapError>,
    ) -> Result<(), BitmapError> {
        let mut drawn = Area::EMPTY;
        let result = self.open(|canvas| draw(canvas, &mut drawn))?;
        self.mark(drawn);
        result
    }
}

/// The pixel value of a colour.
fn value_of<C>(color: C, depth: Depth) -> Result<u32, BitmapError>
where
    C: IntoStorage<Storage: Into<u32>>,
{
    let value = color.into_storage().into();
    check_value(value, depth)?;
    Ok(value)
}

/// Sets the pixels of a row of `visible` to colours, and tells where they ended and whether one was too large.
fn set_row<C>(
    canvas: &mut Canvas<'_>,
    visible: &Area,
    y: i16,
    colors: &mut impl Iterator<Item = C>,
) -> (i16, Result<(), BitmapError>)
where
    C: IntoStorage<Storage: Into<u32>>,
{
    let (depth, mut refused, mut end) = (canvas.depth, Ok(()), visible.x1);
    let at = |v: i16| usize::from(v.max(0).unsigned_abs());
    for columns in runs(at(visible.x1)..at(visible.x2)) {
        let (mut values, mut count) = ([0; RUN], 0);
        for (value, color) in values[..columns.len()].iter_mut().zip(&mut *colors) {
            match value_of(color, depth) {
                Ok(found) => (*value, count) = (found, count + 1),
                Err(error) => {
                    refused = Err(error);
                    break;
                }
            }
        }
        canvas.write_row(columns.start, at(y), &values[..count]);
        end = end.saturating_add_unsigned(u16::try_from(count).unwrap_or(u16::MAX));
        if count < columns.len() {
            break;
        }
    }
    (end, refused)
}

/// Passes over `count` colours; tells whether there were as many.
fn skip(colors: &mut impl Iterator, count: u32) -> bool {
    count.checked_sub(1).is_none_or(|last| colors.nth(last as usize).is_some())
}
