//! Rows of pixels, unpacked to one integer per pixel and packed again.
//!
//! Whatever works on many pixels takes them in runs of at most [`RUN`], so that how they are stored is decided once per
//! run and the work itself is compiled once for all depths.

use core::ops::Range;

use crate::{
    Canvas, Depth, PixelLayout, View,
    view::{value, value_of_bits},
};

/// The most pixels that are unpacked at once: 128 bytes of stack, and one bit each in a `u32`.
pub(crate) const RUN: usize = 32;

/// Cuts `columns` into runs.
pub(crate) fn runs(columns: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let end = columns.end;
    columns.step_by(RUN).map(move |x| x..end.min(x + RUN))
}

/// One bit for each of at most 32 values, the first in bit 0.
pub(crate) fn choose(values: &[u32], mut wanted: impl FnMut(u32) -> bool) -> u32 {
    values.iter().rev().fold(0, |chosen, &value| chosen << 1 | u32::from(wanted(value)))
}

/// The values of the pixels from `x` on; 0 beyond the row.
pub(crate) fn unpack(row: &[u8], x: usize, layout: PixelLayout, values: &mut [u32]) {
    match layout {
        PixelLayout::Packed(Depth::Bpp8) => {
            let mut bytes = row.get(x..).unwrap_or_default().iter();
            values.fill_with(|| bytes.next().map_or(0, |&byte| byte.into()));
        }
        PixelLayout::Packed(Depth::Bpp16) => {
            let mut pairs = row.get(2 * x..).unwrap_or_default().chunks_exact(2);
            let half = |b: &[u8]| u32::from(u16::from_le_bytes([b[0], b[1]]));
            values.fill_with(|| pairs.next().map_or(0, half));
        }
        PixelLayout::Packed(depth) if depth.bits() < 8 => {
            let mut columns = x..;
            values.fill_with(|| columns.next().map_or(0, |x| value_of_bits(row, x, depth)));
        }
        _ => {
            let mut columns = x..;
            values.fill_with(|| columns.next().map_or(0, |x| value(row, x, layout)));
        }
    }
}

/// Sets a pixel to the low bits of `value`; nothing beyond the row.
#[expect(clippy::cast_possible_truncation, reason = "a pixel takes the low bits of the value")]
#[inline]
pub(crate) fn put(row: &mut [u8], x: usize, depth: Depth, value: u32) {
    match depth {
        Depth::Bpp8 => {
            if let Some(pixel) = row.get_mut(x) {
                *pixel = value as u8;
            }
        }
        Depth::Bpp16 | Depth::Bpp32 => pack(row, x, depth, &[value]),
        _ => put_bits(row, x, depth, value),
    }
}

/// The same for less than 8 bits.
#[expect(clippy::cast_possible_truncation, reason = "a pixel takes the low bits of the value")]
#[inline]
fn put_bits(row: &mut [u8], x: usize, depth: Depth, value: u32) {
    let bits = usize::from(depth.bits());
    if let Some(byte) = row.get_mut(x * bits / 8) {
        let shift = 8 - bits - x * bits % 8;
        let mask = (depth.max_value() << shift) as u8;
        *byte = *byte & !mask | (value << shift) as u8 & mask;
    }
}

/// Sets the pixels from `x` on to the low bits of `values`, as far as the row reaches.
#[expect(clippy::cast_possible_truncation, reason = "a pixel takes the low bits of the value")]
pub(crate) fn pack(row: &mut [u8], x: usize, depth: Depth, values: &[u32]) {
    let bits = usize::from(depth.bits());
    if bits < 8 {
        return (x..).zip(values).for_each(|(x, &value)| put_bits(row, x, depth, value));
    }
    let pixels = row.get_mut(x * bits / 8..).unwrap_or_default();
    match depth {
        Depth::Bpp16 => {
            for (pixel, &value) in pixels.chunks_exact_mut(2).zip(values) {
                pixel.copy_from_slice(&(value as u16).to_le_bytes());
            }
        }
        Depth::Bpp32 => {
            for (pixel, &value) in pixels.chunks_exact_mut(4).zip(values) {
                pixel.copy_from_slice(&value.to_le_bytes());
            }
        }
        _ => pixels.iter_mut().zip(values).for_each(|(pixel, &value)| *pixel = value as u8),
    }
}

/// What a pixel value is copied from or to: `u8`, `u16`, `u32`, or a type of yours around one of them.
pub trait PixelValue: Copy + Into<u32> {
    /// The low bits of `value`.
    fn from_low_bits(value: u32) -> Self;
}

macro_rules! pixel_values {
    ($($integer:ty),*) => {$(
        impl PixelValue for $integer {
            #[allow(
                clippy::cast_possible_truncation,
                trivial_numeric_casts,
                reason = "the low bits are asked for; of u32 they are all"
            )]
            fn from_low_bits(value: u32) -> Self {
                value as Self
            }
        }
    )*};
}

pixel_values!(u8, u16, u32);

impl View<'_> {
    /// Copies the values of the pixels from (`x`, `y`) to the right into `values`, and tells how many there were.
    ///
    /// A `T` that is narrower than a pixel gets its low bits. For the bytes as they lie in memory see [`row`](Self::row).
    ///
    /// ```
    /// use displayio_core::{Bitmap, Depth};
    /// let mut memory = [0; Bitmap::required_bytes(4, 1, Depth::Bpp4)];
    /// let bitmap = Bitmap::from_buffer(4, 1, Depth::Bpp4, &mut memory)?;
    /// bitmap.set(3, 0, 9).unwrap();
    /// let mut values = [0_u8; 8];
    /// assert_eq!(bitmap.read(|view| view.read_row(2, 0, &mut values)), Ok(2));
    /// assert_eq!(values[..2], [0, 9]);
    /// # Ok::<(), displayio_core::TooSmall>(())
    /// ```
    pub fn read_row<T: PixelValue>(&self, x: usize, y: usize, values: &mut [T]) -> usize {
        let count = in_row(self.size, x, y).min(values.len());
        for (part, x) in values[..count].chunks_mut(RUN).zip((x..).step_by(RUN)) {
            let mut run = [0; RUN];
            self.unpack(x, y, &mut run[..part.len()]);
            for (value, wide) in part.iter_mut().zip(run) {
                *value = T::from_low_bits(wide);
            }
        }
        count
    }

    /// The values of the pixels from (`x`, `y`) on, which are in the view.
    pub(crate) fn unpack(&self, x: usize, y: usize, values: &mut [u32]) {
        unpack(self.row(y), x + usize::from(self.skip), self.layout, values);
    }
}

impl Canvas<'_> {
    /// Sets the pixels from (`x`, `y`) to the right to the low bits of `values`, and tells how many there were.
    ///
    /// For the bytes as they lie in memory see [`row_mut`](Self::row_mut).
    ///
    /// ```
    /// use displayio_core::{Area, Bitmap, Depth};
    /// let mut memory = [0; Bitmap::required_bytes(4, 1, Depth::Bpp16)];
    /// let bitmap = Bitmap::from_buffer(4, 1, Depth::Bpp16, &mut memory)?;
    /// let written = bitmap.edit(Area::new(1, 0, 3, 1), |c| c.write_row(1, 0, &[0xf800_u16, 0x001f]));
    /// assert_eq!((written, bitmap.get(2, 0)), (Ok(2), Some(0x001f)));
    /// # Ok::<(), displayio_core::TooSmall>(())
    /// ```
    pub fn write_row<T: PixelValue>(&mut self, x: usize, y: usize, values: &[T]) -> usize {
        let count = in_row(self.size, x, y).min(values.len());
        let depth = self.depth;
        for (part, x) in values[..count].chunks(RUN).zip((x..).step_by(RUN)) {
            let mut run = [0; RUN];
            for (wide, value) in run.iter_mut().zip(part) {
                *wide = (*value).into();
            }
            pack(self.row_mut(y), x, depth, &run[..part.len()]);
        }
        count
    }
}

/// Pixels from (`x`, `y`) to the end of the row.
fn in_row(size: crate::Size, x: usize, y: usize) -> usize {
    if y < size.height.into() { usize::from(size.width).saturating_sub(x) } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_cover_the_columns_once() {
        assert!(runs(5..5).next().is_none(), "no columns");
        let mut cut = runs(3..70);
        assert_eq!([cut.next(), cut.next(), cut.next()], [Some(3..35), Some(35..67), Some(67..70)]);
        assert_eq!(cut.next(), None);
    }

    #[test]
    fn packing_and_unpacking_are_inverse_at_every_place() {
        for depth in Depth::ALL {
            for x in 0..9 {
                let (mut row, mut back) = ([0xa5; 48], [0; 3]);
                let before = row;
                let values = [0x1234_5678, 0, u32::MAX];
                pack(&mut row, x, depth, &values);
                unpack(&row, x, PixelLayout::Packed(depth), &mut back);
                assert_eq!(back, values.map(|v| v & depth.max_value()), "{depth:?} at {x}");
                for other in (0..12).filter(|other| !(x..x + 3).contains(other)) {
                    let get = |row: &[u8]| value(row, other, PixelLayout::Packed(depth));
                    assert_eq!(get(&row), get(&before), "{depth:?} at {x} touched {other}");
                }
            }
        }
    }

    #[test]
    fn beyond_the_row_is_nothing() {
        for depth in Depth::ALL {
            let (mut row, mut values) = ([0xff; 4], [7; 3]);
            unpack(&row, 40, PixelLayout::Packed(depth), &mut values);
            assert_eq!(values, [0; 3], "{depth:?}");
            pack(&mut row, 40, depth, &values);
            assert_eq!(row, [0xff; 4], "{depth:?}");
        }
    }
}
