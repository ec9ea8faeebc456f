//! Loops along rows whose pixels are the panel's.

use core::borrow::Borrow;

use super::Convert;
use crate::{
    PixelFormat, Rgb888, Table,
    picture::{Line, PaintCells, PaintRun},
};

/// Whether a word of `clear_values` has a value: it is the sign of a shifted word.
#[inline]
const fn is_clear(clear: u32, value: usize) -> bool {
    (clear << value).cast_signed() < 0
}

/// Pixels of one bit, both values with a colour: two at a time, by the four pairs that there are. 2 instructions per pixel on
/// a Cortex-M4, 4.4 on an M0+.
pub(super) struct OpaqueBits<T>(pub [[T; 2]; 4]);

impl<T: Copy> PaintRun<T> for OpaqueBits<T> {
    fn run(&self, dst: &mut [T], row: &[u8], x: usize) {
        let Self(pairs) = self;
        let one_by_one = |dst: &mut [T], at: usize| {
            for (at, pixel) in (at..).zip(dst) {
                let bit = row.get(at / 8).map_or(0, |byte| byte >> (7 - at % 8) & 1);
                *pixel = pairs[3 * usize::from(bit)][0];
            }
        };
        let (first, whole) = dst.split_at_mut(((8 - x % 8) % 8).min(dst.len()));
        let start = x + first.len();
        one_by_one(first, x);
        let bytes = row.get(start / 8..).unwrap_or_default();
        let (eights, rest) = whole.as_chunks_mut::<8>();
        let end = start + 8 * eights.len();
        for ([a, b, c, d, e, f, g, h], byte) in eights.iter_mut().zip(bytes) {
            let pair = |shift: u32| pairs[usize::from(byte >> shift & 3)];
            ([*a, *b], [*c, *d]) = (pair(6), pair(4));
            ([*e, *f], [*g, *h]) = (pair(2), pair(0));
        }
        one_by_one(rest, end);
    }
}

impl<T: Copy> PaintCells<T> for OpaqueBits<T> {}

/// Values of `BITS` bits, `N` in all, of which some have no colour. 6 to 7 instructions per pixel on a Cortex-M4.
pub(super) struct Few<A, const BITS: usize, const N: usize> {
    /// `N` colours, its own or borrowed.
    pub colors: A,
    /// Those without a colour: see [`is_clear`].
    pub clear: u32,
}

impl<T: Copy, A: Borrow<[T; N]>, const BITS: usize, const N: usize> PaintRun<T>
    for Few<A, BITS, N>
{
    fn run(&self, dst: &mut [T], row: &[u8], x: usize) {
        let colors = self.colors.borrow();
        fields::<BITS, T>(dst, row, x, |pixel, value| {
            if !is_clear(self.clear, value) {
                *pixel = colors[value % N];
            }
        });
    }
}

impl<T: Copy, A: Borrow<[T; N]>, const BITS: usize, const N: usize> PaintCells<T>
    for Few<A, BITS, N>
{
}

/// One value per byte, all with a colour: eight at a time. 3.4 instructions per pixel on a Cortex-M4.
pub(super) struct OpaqueBytes<'c, T>(pub &'c [T; 256]);

impl<T: Copy> OpaqueBytes<'_, T> {
    #[inline]
    fn eight(&self, [a, b, c, d, e, f, g, h]: &mut [T; 8], [i, j, k, l, m, n, o, p]: &[u8; 8]) {
        let color = |value: &u8| self.0[usize::from(*value)];
        (*a, *b, *c, *d) = (color(i), color(j), color(k), color(l));
        (*e, *f, *g, *h) = (color(m), color(n), color(o), color(p));
    }
}

impl<T: Copy> PaintRun<T> for OpaqueBytes<'_, T> {
    fn run(&self, dst: &mut [T], row: &[u8], x: usize) {
        let (dst_eights, dst_rest) = dst.as_chunks_mut();
        let (row_eights, row_rest) = row.get(x..).unwrap_or_default().as_chunks();
        let row_rest = row_eights.get(dst_eights.len()).map_or(row_rest, |eight| &eight[..]);
        for (pixels, values) in dst_eights.iter_mut().zip(row_eights) {
            self.eight(pixels, values);
        }
        for (pixel, value) in dst_rest.iter_mut().zip(row_rest) {
            *pixel = self.0[usize::from(*value)];
        }
    }
}

impl<T: Copy> PaintCells<T> for OpaqueBytes<'_, T> {
    fn cells(&self, dst: &mut [T], tiles: &[u8], line: &Line<'_>) -> usize {
        line.each_eight(dst, tiles, |pixels, values| self.eight(pixels, values))
    }
}

/// One value per byte, of which some may have no colour.
pub(super) struct Bytes<'t, T>(pub &'t Table<'t, T>);

impl<T: Copy> Bytes<'_, T> {
    #[inline]
    fn put(&self, pixel: &mut T, value: u8) {
        if let Some(color) = self.0.get(value.into()) {
            *pixel = color;
        }
    }
}

impl<T: Copy> PaintRun<T> for Bytes<'_, T> {
    fn run(&self, dst: &mut [T], row: &[u8], x: usize) {
        for (pixel, value) in dst.iter_mut().zip(row.get(x..).unwrap_or_default()) {
            self.put(pixel, *value);
        }
    }
}

impl<T: Copy> PaintCells<T> for Bytes<'_, T> {
    fn cells(&self, dst: &mut [T], tiles: &[u8], line: &Line<'_>) -> usize {
        line.each_eight(dst, tiles, |pixels, values: &[u8; 8]| {
            for (pixel, value) in pixels.iter_mut().zip(values) {
                self.put(pixel, *value);
            }
        })
    }
}

/// Colours, converted by a loop of their own.
pub(super) struct Converted<C: PixelFormat> {
    pub convert: Convert<C>,
    pub format: C,
}

impl<C: PixelFormat> PaintRun<C::Raw> for Converted<C> {
    fn run(&self, dst: &mut [C::Raw], row: &[u8], x: usize) {
        (self.convert)(dst, row, x, self.format);
    }
}

impl<C: PixelFormat> PaintCells<C::Raw> for Converted<C> {}

/// Values of 4 bits, all with a colour. 4 instructions per pixel on a Cortex-M4.
pub(super) struct OpaqueNibbles<'c, T>(pub &'c [T; 16]);

impl<T: Copy> PaintRun<T> for OpaqueNibbles<'_, T> {
    fn run(&self, dst: &mut [T], row: &[u8], x: usize) {
        fields::<4, T>(dst, row, x, |pixel, value| *pixel = self.0[value]);
    }
}

impl<T: Copy> PaintCells<T> for OpaqueNibbles<'_, T> {
    fn cells(&self, dst: &mut [T], tiles: &[u8], line: &Line<'_>) -> usize {
        line.each_eight(dst, tiles, |[a, b, c, d, e, f, g, h], [i, j, k, l]| {
            let left = |byte: &u8| self.0[usize::from(byte >> 4)];
            let right = |byte: &u8| self.0[usize::from(byte & 15)];
            (*a, *b, *c, *d) = (left(i), right(i), left(j), right(j));
            (*e, *f, *g, *h) = (left(k), right(k), left(l), right(l));
        })
    }
}

/// Values of `BITS` bits, several per byte: calls `put` with each pixel and its value.
#[inline]
fn fields<const BITS: usize, T>(
    dst: &mut [T],
    row: &[u8],
    x: usize,
    put: impl Fn(&mut T, usize) + Copy,
) {
    let per_byte = 8 / BITS;
    let bytes = row.get(x / per_byte..).unwrap_or_default();
    let skip = x % per_byte;
    let (head, body) = dst.split_at_mut(((per_byte - skip) % per_byte).min(dst.len()));
    let bytes = match bytes.split_first() {
        Some((byte, bytes)) if skip > 0 => {
            fields_of_byte::<BITS, T>(head, *byte, skip, put);
            bytes
        }
        _ => bytes,
    };
    let whole = body.len() / per_byte;
    let mut pixels = body.chunks_exact_mut(per_byte);
    for (pixels, byte) in pixels.by_ref().zip(bytes) {
        for (i, pixel) in pixels.iter_mut().enumerate() {
            put(pixel, field::<BITS>(*byte, i));
        }
    }
    let rest = pixels.into_remainder();
    if let (false, Some(byte)) = (rest.is_empty(), bytes.get(whole)) {
        fields_of_byte::<BITS, T>(rest, *byte, 0, put);
    }
}

/// The pixels of a byte from number `skip` on.
#[inline(never)]
fn fields_of_byte<const BITS: usize, T>(
    dst: &mut [T],
    byte: u8,
    skip: usize,
    put: impl Fn(&mut T, usize),
) {
    for (i, pixel) in (skip..8 / BITS).zip(dst) {
        put(pixel, field::<BITS>(byte, i));
    }
}

#[inline]
fn field<const BITS: usize>(byte: u8, i: usize) -> usize {
    usize::from(byte >> (8 - BITS * (i + 1)) & (0xff >> (8 - BITS)))
}

/// RGB565 values to the panel's format, two from each word and four words at a time. 1.7 instructions per pixel of RGB565
/// on a Cortex-M4, 3.2 on an M0+; those of before those words, and after, are converted one by one.
pub(super) fn rgb565<C: PixelFormat>(dst: &mut [C::Raw], row: &[u8], x: usize, format: C) {
    let bytes = row.get(2 * x..).unwrap_or_default();
    let (first, dst) = dst.split_at_mut((bytes.as_ptr().addr() % 4 / 2).min(dst.len()));
    let bytes = rgb565_singly(first, bytes, format);
    let (eights, rest) = dst.as_chunks_mut();
    let after = bytes.get(16 * eights.len()..).unwrap_or_default();
    match bytemuck::pod_align_to(bytes) {
        ([], words, _) => rgb565_eights(eights, words.as_chunks().0, u32::from_le, format),
        // They start at an odd byte.
        _ => rgb565_eights(eights, bytes.as_chunks().0.as_chunks().0, u32::from_le_bytes, format),
    }
    rgb565_singly(rest, after, format);
}

fn rgb565_eights<C: PixelFormat, W: Copy>(
    eights: &mut [[C::Raw; 8]],
    fours: &[[W; 4]],
    word: impl Fn(W) -> u32,
    format: C,
) {
    for ([a, b, c, d, e, f, g, h], &[i, j, k, l]) in eights.iter_mut().zip(fours) {
        let pair = |pair| format.raws_from_rgb565(word(pair));
        ([*a, *b], [*c, *d]) = (pair(i), pair(j));
        ([*e, *f], [*g, *h]) = (pair(k), pair(l));
    }
}

/// The same for a few; and returns the bytes of those that follow.
#[inline(never)]
fn rgb565_singly<'r, C: PixelFormat>(
    dst: &mut [C::Raw],
    mut bytes: &'r [u8],
    format: C,
) -> &'r [u8] {
    for pixel in dst {
        let Some((&color, after)) = bytes.split_first_chunk() else { break };
        [*pixel, _] = format.raws_from_rgb565(u16::from_le_bytes(color).into());
        bytes = after;
    }
    bytes
}

/// 24-bit colours to the panel's format: from the first that starts at a word, four at a time. 7 instructions per pixel of
/// RGB565 on a Cortex-M4.
pub(super) fn bgr24<C: PixelFormat>(dst: &mut [C::Raw], row: &[u8], x: usize, format: C) {
    let bytes = row.get(3 * x..).unwrap_or_default();
    // Each pixel of three bytes starts one byte earlier in its word.
    let (first, dst) = dst.split_at_mut((bytes.as_ptr().addr() % 4).min(dst.len()));
    let bytes = bgr24_singly(first, bytes, format);
    let (fours, rest) = dst.as_chunks_mut::<4>();
    let (_, words, _) = bytemuck::pod_align_to::<u8, u32>(bytes);
    for (pixels, words) in fours.iter_mut().zip(words.as_chunks().0) {
        *pixels = format.raws_from_bgr24(words.map(u32::from_le));
    }
    bgr24_singly(rest, bytes.get(12 * fours.len()..).unwrap_or_default(), format);
}

/// The same for a few, without a division by three; and returns the bytes of those that follow.
#[inline(never)]
fn bgr24_singly<'r, C: PixelFormat>(
    dst: &mut [C::Raw],
    mut bytes: &'r [u8],
    format: C,
) -> &'r [u8] {
    for pixel in dst {
        let Some((&[blue, green, red], after)) = bytes.split_first_chunk() else { break };
        *pixel = format.raw(Rgb888::from_channels(red, green, blue));
        bytes = after;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Colorspace, Rgb565, Rgb565Le};

    /// Colours that start at any byte of a word, and as many as need each part of the loops.
    #[test]
    fn colors_are_found_at_any_address() {
        let bytes: [u8; 80] = core::array::from_fn(|i| (i * 73 + 5).to_le_bytes()[0]);
        for (skip, count) in (0..8).flat_map(|skip| (0..=20).map(move |count| (skip, count))) {
            let (row, x) = (&bytes[skip % 4..], skip / 4);
            let mut pixels = [0; 20];
            rgb565(&mut pixels[..count], row, x, Rgb565);
            let expected = |i: usize| {
                let at = 2 * (x + i);
                let color = u16::from_le_bytes([row[at], row[at + 1]]);
                Rgb565.raw(Colorspace::Rgb565.to_rgb888(color.into()))
            };
            check(&pixels, count, expected);
            let mut pixels = [0; 20];
            bgr24(&mut pixels[..count], row, x, Rgb565Le);
            let expected = |i: usize| {
                let at = 3 * (x + i);
                Rgb565Le.raw(Rgb888::from_channels(row[at + 2], row[at + 1], row[at]))
            };
            check(&pixels, count, expected);
        }
    }

    fn check(pixels: &[u16; 20], count: usize, expected: impl Fn(usize) -> u16) {
        for (i, pixel) in pixels.iter().enumerate() {
            let expected = if i < count { expected(i) } else { 0 };
            assert_eq!(*pixel, expected, "pixel {i} of {count}");
        }
    }
}
