//! Pixels copied from a source, from the bitmap itself, or from a slice.

use core::ops::Range;

use displayio_allocators::Busy;

use super::{Bitmap, BitmapError, Canvas, canvas::Written};
use crate::{
    Area, PixelLayout, PixelSource, PixelValue, Region, Size, View,
    rows::{RUN, choose},
};

/// Which pixels a copy leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Skip {
    /// The value in the source that is not copied: its transparent colour.
    pub source: Option<u32>,
    /// The value in the bitmap that is not overwritten.
    pub dest: Option<u32>,
}

impl Skip {
    /// All pixels are copied.
    pub const NONE: Self = Self { source: None, dest: None };
}

impl Bitmap<'_> {
    /// Copies `region` of `source` to where its corner is at `to`.
    ///
    /// What lies outside the source or the bitmap is left out, so `to` may be negative. Viewers redraw the box around the
    /// pixels that were written. The source is anything whose pixels are in memory: a bitmap, an [`Image`](crate::Image), a
    /// [`View`]; a streamed one does not compile. The bitmap itself is [`Busy`]: see [`copy_within`](Self::copy_within).
    ///
    /// Cost: time in the pixels copied; in their bytes where depths are equal, both sides start at whole bytes, and
    /// nothing is skipped.
    ///
    /// ```
    /// use displayio_core::{Bitmap, Depth, Image, Region, Size, Skip};
    /// static TICK: Image = Image::new(3, 1, Depth::Bpp1, &[0b1010_0000, 0, 0, 0]);
    /// let mut memory = [0; Bitmap::required_bytes(5, 5, Depth::Bpp4)];
    /// let bitmap = Bitmap::from_buffer(5, 5, Depth::Bpp4, &mut memory)?;
    /// bitmap.blit(&TICK, Region::of_size(Size::new(3, 1)), (-2, 4), Skip::NONE).unwrap();
    /// assert_eq!(bitmap.get(0, 4), Some(1));
    /// # Ok::<(), displayio_core::TooSmall>(())
    /// ```
    ///
    /// # Errors
    /// [`BitmapError`]: `SourceTooDeep`, or `Busy`; the bitmap is as it was.
    pub fn blit<S: PixelSource>(
        &self,
        source: &S,
        region: Region,
        to: (i16, i16),
        skip: Skip,
    ) -> Result<(), BitmapError> {
        viewed(source, &mut |view| self.blit_view(view, region, to, skip))
    }

    fn blit_view(
        &self,
        view: &View<'_>,
        region: Region,
        to: (i16, i16),
        skip: Skip,
    ) -> Result<(), BitmapError> {
        self.check_depth(view.layout)?;
        let place = Placement::new(view.size, region, self.size, to);
        self.apply(&mut |canvas| Copy { source: Some(view), place, skip }.run(canvas))
    }

    /// Copies `region` of the bitmap to where its corner is at `to`; both may overlap.
    ///
    /// As [`blit`](Self::blit) from a snapshot of the bitmap.
    ///
    /// # Errors
    /// [`BitmapError`]; the bitmap is as it was.
    pub fn copy_within(
        &self,
        region: Region,
        to: (i16, i16),
        skip: Skip,
    ) -> Result<(), BitmapError> {
        let place = Placement::new(self.size, region, self.size, to);
        self.apply(&mut |canvas| Copy { source: None, place, skip }.run(canvas))
    }

    /// Sets the pixels of `area`, row by row, to the low bits of `values`, except where they are `skip`.
    ///
    /// Values for pixels outside the bitmap are passed over. Viewers redraw the box around the pixels that were written.
    ///
    /// Cost: time in the pixels written.
    ///
    /// # Errors
    /// [`BitmapError`]: `TooFewValues` unless there is one for each pixel of the area, or `Busy`; the bitmap is as it was.
    pub fn array_blit<T: PixelValue>(
        &self,
        area: Area,
        values: &[T],
        skip: Option<u32>,
    ) -> Result<(), BitmapError> {
        let needed = area.pixels() as usize;
        if values.len() < needed {
            return Err(BitmapError::TooFewValues { needed, given: values.len() });
        }
        self.blit_values(area, skip, &|start, run| {
            for (to, from) in run.iter_mut().zip(values.get(start..).unwrap_or_default()) {
                *to = (*from).into();
            }
        })
    }

    /// `values` gives those from an index on.
    fn blit_values(
        &self,
        area: Area,
        skip: Option<u32>,
        values: &dyn Fn(usize, &mut [u32]),
    ) -> Result<(), BitmapError> {
        let size = Size::new(area.width(), area.height());
        let Placement { from, to, width, height } =
            Placement::new(size, Region::of_size(size), self.size, (area.x1, area.y1));
        self.apply(&mut |canvas| {
            canvas.rewrite(to.0..to.0 + width, to.1..to.1 + height, &mut |_, (x, y), run| {
                let (column, row) = (from.0 + x - to.0, from.1 + y - to.1);
                values(row * usize::from(size.width) + column, run);
                choose(run, |value| Some(value) != skip)
            })
        })
    }

    /// Whether all values of a source fit the pixels.
    pub(super) fn check_depth(&self, source: PixelLayout) -> Result<(), BitmapError> {
        let bits = self.depth().bits();
        let needed_bits = source.value_bits();
        if needed_bits > bits {
            return Err(BitmapError::SourceTooDeep { needed_bits, bits });
        }
        Ok(())
    }
}

/// Bytes that are moved at once.
const PIECE_BYTES: usize = 64;

/// Copies bytes to where some of them may lie, in the order that reads each before it is overwritten.
///
/// `copy_within` would link `memmove`, 750 bytes beside the `memcpy` that most programs have.
fn move_bytes(bytes: &mut [u8], from: usize, to: usize, count: usize) {
    let mut buffer = [0; PIECE_BYTES];
    let mut left = count;
    while left > 0 {
        let piece = left.min(PIECE_BYTES);
        let at = if to > from { left - piece } else { count - left };
        let buffer = &mut buffer[..piece];
        if let Some(source) = bytes.get(from + at..from + at + piece) {
            buffer.copy_from_slice(source);
        }
        if let Some(target) = bytes.get_mut(to + at..to + at + piece) {
            target.copy_from_slice(buffer);
        }
        left -= piece;
    }
}

/// Opens all of a source that is in memory: compiled once per source for all tools.
#[inline(never)]
pub(super) fn viewed<S: PixelSource>(
    source: &S,
    tool: &mut dyn FnMut(&View<'_>) -> Result<(), BitmapError>,
) -> Result<(), BitmapError> {
    const { assert!(!S::STREAMED, "a streamed source never shows all of itself at once") }
    source
        .view(Region::of_size(source.size()), |view| tool(&view))
        .unwrap_or(Err(BitmapError::Busy(Busy::Viewed)))
}

/// Where a region comes from and goes to, cut to both.
#[derive(Debug, Clone, Copy)]
struct Placement {
    from: (usize, usize),
    to: (usize, usize),
    width: usize,
    height: usize,
}

impl Placement {
    fn new(source: Size, region: Region, dest: Size, to: (i16, i16)) -> Self {
        let Region { x, y, size } = region;
        let (from_x, to_x, width) = overlap((x, size.width), source.width, to.0, dest.width);
        let (from_y, to_y, height) = overlap((y, size.height), source.height, to.1, dest.height);
        // Without columns there are no rows to walk.
        let height = if width == 0 { 0 } else { height };
        Self { from: (from_x, from_y), to: (to_x, to_y), width, height }
    }
}

/// On one axis: the first pixel in the source, its place in the destination, and how many there are.
fn overlap((start, length): (u16, u16), source: u16, to: i16, dest: u16) -> (usize, usize, usize) {
    let end = (u32::from(start) + u32::from(length)).min(source.into());
    // Pixels that would lie before the destination's edge.
    let before = if to < 0 { to.unsigned_abs() } else { 0 };
    let to = if to < 0 { 0 } else { to.unsigned_abs() };
    let from = u32::from(start) + u32::from(before);
    let count = end.saturating_sub(from).min(dest.saturating_sub(to).into());
    (from as usize, to.into(), count as usize)
}

/// A copy from a source, or within the canvas where there is none.
///
/// Rows and runs are taken in the order that reads each pixel before it is overwritten.
struct Copy<'s> {
    source: Option<&'s View<'s>>,
    place: Placement,
    skip: Skip,
}

impl Copy<'_> {
    fn run(&self, canvas: &mut Canvas<'_>) -> Area {
        let Placement { from, to, width, height } = self.place;
        let mut written = Written::NOTHING;
        let as_bytes = self.pixels_as_bytes(canvas);
        for row in 0..height {
            let row = if to.1 > from.1 { height - 1 - row } else { row };
            if to.0 > from.0 {
                self.copy_pixels(canvas, as_bytes..width, row, &mut written);
            }
            if self.copy_bytes(canvas, as_bytes, row) {
                written.add(to.0..to.0 + as_bytes, to.1 + row);
            } else {
                self.copy_pixels(canvas, 0..as_bytes, row, &mut written);
            }
            if to.0 <= from.0 {
                self.copy_pixels(canvas, as_bytes..width, row, &mut written);
            }
        }
        written.area()
    }

    /// How many pixels at the start of each row are whole bytes that are the same on both sides.
    fn pixels_as_bytes(&self, canvas: &Canvas<'_>) -> usize {
        let (layout, skipped) =
            self.source.map_or((PixelLayout::Packed(canvas.depth), 0), |v| (v.layout, v.skip));
        let bits = usize::from(canvas.depth.bits());
        let starts_byte = |x: usize| (x * bits).is_multiple_of(8);
        if self.skip != Skip::NONE
            || layout != PixelLayout::Packed(canvas.depth)
            || !starts_byte(self.place.from.0 + usize::from(skipped))
            || !starts_byte(self.place.to.0)
        {
            return 0;
        }
        self.place.width * bits / 8 * 8 / bits
    }

    /// Copies the bytes of so many pixels; whether there are that many in the source.
    fn copy_bytes(&self, canvas: &mut Canvas<'_>, pixels: usize, row: usize) -> bool {
        let Placement { from, to, .. } = self.place;
        let bits = usize::from(canvas.depth.bits());
        let bytes = |x: usize| x * bits / 8..(x + pixels) * bits / 8;
        let (from_y, to_y) = (from.1 + row, to.1 + row);
        if pixels == 0 {
            return false;
        }
        if let Some(view) = self.source {
            let from = view.row(from_y).get(bytes(from.0 + usize::from(view.skip)));
            let to = canvas.row_mut(to_y).get_mut(bytes(to.0));
            let (Some(from), Some(to)) = (from, to) else { return false };
            to.copy_from_slice(from);
        } else {
            let (from, to) = (bytes(from.0), bytes(to.0));
            let (from_row, to_row) = (from_y * canvas.stride_bytes, to_y * canvas.stride_bytes);
            move_bytes(canvas.bytes, from_row + from.start, to_row + to.start, from.len());
        }
        true
    }

    fn copy_pixels(
        &self,
        canvas: &mut Canvas<'_>,
        columns: Range<usize>,
        row: usize,
        written: &mut Written,
    ) {
        let Placement { from, to, .. } = self.place;
        let count = columns.len().div_ceil(RUN);
        for i in 0..count {
            let i = if to.0 > from.0 { count - 1 - i } else { i };
            let start = columns.start + i * RUN;
            let mut values = [0; RUN];
            let values = &mut values[..(columns.end - start).min(RUN)];
            let source = self.source.copied().unwrap_or_else(|| canvas.view());
            source.unpack(from.0 + start, from.1 + row, values);
            let to = (to.0 + start, to.1 + row);
            let mut chosen = choose(values, |value| Some(value) != self.skip.source);
            if self.skip.dest.is_some() {
                let mut old = [0; RUN];
                canvas.view().unpack(to.0, to.1, &mut old[..values.len()]);
                chosen &= choose(&old, |value| Some(value) != self.skip.dest);
            }
            canvas.write_chosen(to, values, chosen, written);
        }
    }
}
