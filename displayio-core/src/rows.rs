//! Rows of pixels, unpacked to one integer per pixel and packed again.
//!
//! Whatever works on many pixels takes them in runs of at most [`RUN`], so that how they are stored is decided once per
//! run and the work itself is compiled once for all depths. On a Cortex-M4 a pixel of 4 bits is read, compared and written
//! at 31 instructions, one of 16 bits at 28 (`tool-blit-skip-*` in `benches`).

use core::ops::Range;

use crate::{Canvas, Depth, PixelLayout, View, view};

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

/// Reads the pixels from `x` on into values that are 0: those of pixels beyond the row stay so.
pub(crate) fn unpack(row: &[u8], x: usize, layout: PixelLayout, values: &mut [u32]) {
    match layout {
        PixelLayout::Packed(Depth::Bpp1) => unpack_bytes::<1, 8>(row, x, layout, values),
        PixelLayout::Packed(Depth::Bpp4) => unpack_bytes::<4, 2>(row, x, layout, values),
        PixelLayout::Packed(Depth::Bpp8) => {
            for (value, &byte) in values.iter_mut().zip(row.get(x..).unwrap_or_default()) {
                *value = byte.into();
            }
        }
        PixelLayout::Packed(Depth::Bpp16) => {
            let pairs = row.get(2 * x..).unwrap_or_default().as_chunks().0;
            for (value, &pair) in values.iter_mut().zip(pairs) {
                *value = u16::from_le_bytes(pair).into();
            }
        }
        _ => unpack_singly(row, x, layout, values),
    }
}

/// The same for pixels of `BITS` bits, `N` in a byte: byte by byte, but for those that are not all of one.
fn unpack_bytes<const BITS: usize, const N: usize>(
    row: &[u8],
    x: usize,
    layout: PixelLayout,
    values: &mut [u32],
) {
    let (first, rest) = values.split_at_mut((x.wrapping_neg() % N).min(values.len()));
    unpack_singly(row, x, layout, first);
    let (whole, last) = rest.as_chunks_mut::<N>();
    let x = x + first.len();
    for (pixels, byte) in whole.iter_mut().zip(row.get(x / N..).unwrap_or_default()) {
        for (i, pixel) in pixels.iter_mut().enumerate() {
            *pixel = u32::from(byte >> (8 - BITS * (i + 1))) % (1 << BITS);
        }
    }
    unpack_singly(row, x + N * whole.len(), layout, last);
}

#[inline(never)]
fn unpack_singly(row: &[u8], x: usize, layout: PixelLayout, values: &mut [u32]) {
    for (value, x) in values.iter_mut().zip(x..) {
        *value = view::value(row, x, layout);
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
    match depth {
        Depth::Bpp1 => pack_bytes::<1, 8>(row, x, depth, values),
        Depth::Bpp2 => pack_singly(row, x, depth, values),
        Depth::Bpp4 => pack_bytes::<4, 2>(row, x, depth, values),
        Depth::Bpp8 => {
            let pixels = row.get_mut(x..).unwrap_or_default();
            pixels.iter_mut().zip(values).for_each(|(pixel, &value)| *pixel = value as u8);
        }
        Depth::Bpp16 => {
            let pixels = row.get_mut(2 * x..).unwrap_or_default().as_chunks_mut().0;
            for (pixel, &value) in pixels.iter_mut().zip(values) {
                *pixel = (value as u16).to_le_bytes();
            }
        }
        Depth::Bpp32 => {
            let pixels = row.get_mut(4 * x..).unwrap_or_default().as_chunks_mut().0;
            for (pixel, &value) in pixels.iter_mut().zip(values) {
                *pixel = value.to_le_bytes();
            }
        }
    }
}

/// The same for pixels of `BITS` bits, `N` in a byte: byte by byte, but for those that are not all of one.
#[expect(clippy::cast_possible_truncation, reason = "a pixel takes the low bits of the value")]
fn pack_bytes<const BITS: usize, const N: usize>(
    row: &mut [u8],
    x: usize,
    depth: Depth,
    values: &[u32],
) {
    let (first, rest) = values.split_at((x.wrapping_neg() % N).min(values.len()));
    pack_singly(row, x, depth, first);
    let (whole, last) = rest.as_chunks::<N>();
    let x = x + first.len();
    for (byte, pixels) in row.get_mut(x / N..).unwrap_or_default().iter_mut().zip(whole) {
        *byte = pixels.iter().fold(0, |byte, pixel| (byte << BITS) | (*pixel as u8 % (1 << BITS)));
    }
    pack_singly(row, x + N * whole.len(), depth, last);
}

#[inline(never)]
fn pack_singly(row: &mut [u8], x: usize, depth: Depth, values: &[u32]) {
    for (value, x) in values.iter().zip(x..) {
        put_bits(row, x, depth, *value);
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

    /// Reads the pixels from (`x`, `y`) on, which are in the view, into values that are 0.
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
                    let get = |row: &[u8]| view::value(row, other, PixelLayout::Packed(depth));
                    assert_eq!(get(&row), get(&before), "{depth:?} at {x} touched {other}");
                }
            }
        }
    }

    #[test]
    fn beyond_the_row_is_nothing() {
        for depth in Depth::ALL {
            let (mut row, mut values) = ([0xff; 4], [0; 3]);
            unpack(&row, 40, PixelLayout::Packed(depth), &mut values);
            assert_eq!(values, [0; 3], "{depth:?}");
            pack(&mut row, 40, depth, &values);
            assert_eq!(row, [0xff; 4], "{depth:?}");
        }
    }
}
