//! Runs of pixels in the rows of a bitmap: set by whole bytes, without a check per pixel.

use core::ops::Range;

use super::Canvas;
use crate::{Area, Depth};

impl Canvas<'_> {
    /// Sets the pixels of `area` to the low bits of `value`, as far as it lies in the bitmap.
    ///
    /// Cost: time in the bytes that are set.
    pub fn fill(&mut self, area: Area, value: u32) {
        let area = area.intersection(&Area::of_size(self.size));
        if area.is_empty() {
            return;
        }
        let (pattern, bits) = (pattern(self.depth, value), usize::from(self.depth.bits()));
        let columns = columns(&area);
        for y in rows(&area) {
            fill_bits(self.row_mut(y), columns.start * bits..columns.end * bits, pattern);
        }
    }

    /// Sets the pixels of `columns` in row `y` to the low bits of `values`, from the left, as far as either goes and the
    /// row lies in the bitmap; tells how many were set.
    ///
    /// Cost: time in the pixels that are set; no check of each position.
    pub fn set_run(
        &mut self,
        y: usize,
        columns: Range<usize>,
        values: impl Iterator<Item = u32>,
    ) -> u16 {
        let columns = columns.start..columns.end.min(self.size.width.into());
        if columns.is_empty() || y >= self.size.height.into() {
            return 0;
        }
        let (depth, row) = (self.depth, self.row_mut(y));
        let count = match depth {
            Depth::Bpp8 => set_bytes::<1>(row, columns, values),
            Depth::Bpp16 => set_bytes::<2>(row, columns, values),
            Depth::Bpp32 => set_bytes::<4>(row, columns, values),
            Depth::Bpp1 | Depth::Bpp2 | Depth::Bpp4 => set_bits(row, columns, depth, values),
        };
        u16::try_from(count).unwrap_or(u16::MAX)
    }

    /// The bytes of a row of the bitmap.
    fn row_mut(&mut self, y: usize) -> &mut [u8] {
        let start = y * self.stride_bytes;
        self.bytes.get_mut(start..start + self.stride_bytes).unwrap_or_default()
    }
}

/// Fills a whole bitmap, padding and all.
pub(super) fn fill_all(bytes: &mut [u8], depth: Depth, value: u32) {
    repeat(bytes, pattern(depth, value));
}

/// The columns of an area in a bitmap.
pub(super) fn columns(area: &Area) -> Range<usize> {
    area.x1.unsigned_abs().into()..area.x2.unsigned_abs().into()
}

/// The rows of an area in a bitmap.
pub(super) fn rows(area: &Area) -> Range<usize> {
    area.y1.unsigned_abs().into()..area.y2.unsigned_abs().into()
}

/// Four bytes of pixels of one value.
const fn pattern(depth: Depth, value: u32) -> [u8; 4] {
    // For 4 bits: 0xffff_ffff / 0xf = 0x1111_1111.
    let ones = u32::MAX / depth.max_value();
    ((value & depth.max_value()) * ones).to_le_bytes()
}

/// Sets a range of bits, the highest of a byte first, to those of a pattern.
///
/// The range starts at a pixel of that pattern; below 8 bits, all its bytes are the same.
fn fill_bits(row: &mut [u8], bits: Range<usize>, pattern: [u8; 4]) {
    let (first, last) = (bits.start / 8, bits.end / 8);
    let (from_start, to_end) = (0xff_u8 >> (bits.start % 8), !(0xff_u8 >> (bits.end % 8)));
    let mut merge = |at: usize, mask: u8| {
        if let Some(byte) = row.get_mut(at) {
            *byte = *byte & !mask | pattern[0] & mask;
        }
    };
    if first == last {
        return merge(first, from_start & to_end);
    }
    if from_start != 0xff {
        merge(first, from_start);
    }
    if to_end != 0 {
        merge(last, to_end);
    }
    repeat(row.get_mut(bits.start.div_ceil(8)..last).unwrap_or_default(), pattern);
}

/// Fills bytes with a pattern.
fn repeat(bytes: &mut [u8], pattern: [u8; 4]) {
    if pattern == [pattern[0]; 4] {
        bytes.fill(pattern[0]);
        return;
    }
    let (words, rest) = bytes.as_chunks_mut();
    words.fill(pattern);
    rest.iter_mut().zip(pattern).for_each(|(byte, of_pattern)| *byte = of_pattern);
}

/// Pixels of `N` bytes.
fn set_bytes<const N: usize>(
    row: &mut [u8],
    columns: Range<usize>,
    values: impl Iterator<Item = u32>,
) -> usize {
    let (pixels, _) = row.as_chunks_mut::<N>();
    let pixels = pixels.get_mut(columns).unwrap_or_default();
    pixels.iter_mut().zip(values).fold(0, |count, (pixel, value)| {
        pixel.copy_from_slice(&value.to_le_bytes()[..N]);
        count + 1
    })
}

/// Pixels that share a byte.
#[expect(clippy::cast_possible_truncation, reason = "a pixel takes the low bits of the value")]
fn set_bits(
    row: &mut [u8],
    columns: Range<usize>,
    depth: Depth,
    mut values: impl Iterator<Item = u32>,
) -> usize {
    let bits = usize::from(depth.bits());
    let max_value = depth.max_value() as u8;
    let bytes = columns.start * bits / 8..(columns.end * bits).div_ceil(8);
    let mut x = columns.start;
    for byte in row.get_mut(bytes).unwrap_or_default() {
        let end = (x + 1).next_multiple_of(8 / bits).min(columns.end);
        while x < end {
            let Some(value) = values.next() else { return x - columns.start };
            let shift = 8 - bits - x * bits % 8;
            *byte = *byte & !(max_value << shift) | (value as u8 & max_value) << shift;
            x += 1;
        }
    }
    x - columns.start
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Size;

    /// Two canvases of noise: one is drawn on by `fast`, the other pixel by pixel.
    fn check(
        (size, depth): (Size, Depth),
        fast: impl FnOnce(&mut Canvas<'_>),
        slow: impl FnOnce(&mut Canvas<'_>),
    ) -> Result<(), TestCaseError> {
        let (stride_bytes, bytes) =
            (depth.stride_bytes(size.width), depth.required_bytes(size.width, size.height));
        let mut of_fast: [u8; 2048] = core::array::from_fn(|i| (i * 89 % 251).to_le_bytes()[0]);
        let mut of_slow = of_fast;
        fast(&mut Canvas { bytes: &mut of_fast[..bytes], stride_bytes, size, depth });
        slow(&mut Canvas { bytes: &mut of_slow[..bytes], stride_bytes, size, depth });
        prop_assert_eq!(of_fast, of_slow);
        Ok(())
    }

    fn canvas() -> impl Strategy<Value = (Size, Depth)> {
        let depth = prop::sample::select(Depth::ALL.to_vec());
        (0..70_u16, 0..5_u16, depth).prop_map(|(w, h, depth)| (Size::new(w, h), depth))
    }

    proptest! {
        #[test]
        fn fills_equal_pixel_by_pixel(
            canvas in canvas(),
            corners in (-3..75_i16, -3..6_i16, -3..75_i16, -3..6_i16),
            value: u32,
        ) {
            let area = Area::new(corners.0, corners.1, corners.2, corners.3);
            check(canvas, |canvas| canvas.fill(area, value), |canvas| {
                for (x, y) in (area.x1..area.x2).flat_map(|x| (area.y1..area.y2).map(move |y| (x, y))) {
                    if let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) {
                        canvas.set(x, y, value);
                    }
                }
            })?;
        }

        #[test]
        fn runs_equal_pixel_by_pixel(
            (size, depth) in canvas(),
            a in prop_oneof![9 => 0..70_usize, 1 => Just(usize::MAX)],
            b in prop_oneof![9 => 0..70_usize, 1 => Just(usize::MAX)],
            y in prop_oneof![9 => 0..5_usize, 1 => Just(usize::MAX)],
            values in prop::collection::vec(any::<u32>(), 0..70),
        ) {
            let columns = a..b;
            let visible = (a..b.min(size.width.into())).len().min(values.len());
            let expected = if y < size.height.into() { visible } else { 0 };
            let mut count = 0;
            check(
                (size, depth),
                |canvas| count = canvas.set_run(y, columns.clone(), values.iter().copied()),
                |canvas| columns.clone().zip(&values).for_each(|(x, &v)| canvas.set(x, y, v)),
            )?;
            prop_assert_eq!(usize::from(count), expected);
        }
    }
}
