//! Loops along rows whose pixels are the panel's.

use core::borrow::Borrow;

use bytemuck::Pod;

use super::Convert;
use crate::{
    PixelFormat, Rgb888, Table,
    picture::{Line, PaintRun, PaintTiles},
};

/// Whether a word of `clear_values` has a value: it is the sign of a shifted word.
#[inline]
const fn is_clear(clear: u32, value: usize) -> bool {
    (clear << value).cast_signed() < 0
}

/// Pixels of one bit, both values with a colour: two at a time, by the four pairs that there are, and by words where the
/// pixels lie so. 1.6 instructions per pixel on a Cortex-M4, 2.6 by words on an M0+.
#[repr(align(4))]
pub(super) struct OpaqueBits<T>(pub [[T; 2]; 4]);

impl<T: Pod> PaintRun<T> for OpaqueBits<T> {
    fn run(&self, dst: &mut [T], row: &[u8], x: usize) {
        let Self(pairs) = self;
        let one = |pixel: &mut T, value: usize| *pixel = pairs[3 * value][0];
        let (eights, bytes) = split_eights(dst, row, x, one);
        let by_words = (bytemuck::try_cast_slice_mut(eights), bytemuck::try_cast_ref(pairs));
        if let (Ok(eights), Ok(words)) = by_words {
            pairs_of_bits::<u32>(eights, bytes, words);
        } else {
            pairs_of_bits(bytemuck::cast_slice_mut(eights), bytes, pairs);
        }
    }
}

/// Eight pixels of each byte, from the last: then one register is enough to find pixels by.
#[inline]
fn pairs_of_bits<P: Copy>(fours: &mut [[P; 4]], bytes: &[[u8; 1]], pairs: &[P; 4]) {
    for ([a, b, c, d], [byte]) in fours.iter_mut().zip(bytes).rev() {
        let pair = |shift: u32| pairs[usize::from(byte >> shift & 3)];
        (*a, *b, *c, *d) = (pair(6), pair(4), pair(2), pair(0));
    }
}

/// Pixels of one bit, of which one value has a colour. 3.7 instructions per pixel on a Cortex-M4.
pub(super) struct Ink<T> {
    pub color: T,
    /// A byte of pixels without a colour.
    pub blank: u8,
}

impl<T: Copy> PaintRun<T> for Ink<T> {
    fn run(&self, dst: &mut [T], row: &[u8], x: usize) {
        let one = |pixel: &mut T, value: usize| {
            if value != usize::from(self.blank & 1) {
                *pixel = self.color;
            }
        };
        eights(dst, row, x, one, |pixels, [byte]| {
            ink_eight(pixels, (byte ^ self.blank).into(), self.color);
        });
    }
}

/// Sets those of eight pixels whose bits are set, the first in bit 7.
#[inline]
pub(crate) fn ink_eight<T: Copy>(pixels: &mut [T; 8], ink: u32, color: T) {
    for (i, pixel) in pixels.iter_mut().enumerate() {
        if ink & 0x80 >> i != 0 {
            *pixel = color;
        }
    }
}

/// Values of `BITS` bits, `N` in all, of which some have no colour. 5.7 instructions per pixel on a Cortex-M4.
pub(super) struct Few<A, const BITS: usize, const N: usize> {
    /// `N` colours, its own or borrowed.
    pub colors: A,
    /// Those without a colour: see [`is_clear`].
    pub clear: u32,
}

impl<A, const BITS: usize, const N: usize> Few<A, BITS, N> {
    /// Paints a pixel, by its value.
    #[inline]
    fn one<'a, T: Copy + 'a>(&'a self) -> impl Fn(&mut T, usize) + Copy
    where
        A: Borrow<[T; N]>,
    {
        let (colors, clear) = (self.colors.borrow(), self.clear);
        move |pixel, value| {
            if !is_clear(clear, value) {
                *pixel = colors[value % N];
            }
        }
    }
}

impl<T: Copy, A: Borrow<[T; N]>, const BITS: usize, const N: usize> PaintRun<T>
    for Few<A, BITS, N>
{
    fn run(&self, dst: &mut [T], row: &[u8], x: usize) {
        let one = self.one();
        eights(dst, row, x, one, |pixels, bytes: &[u8; BITS]| {
            let mut word = [0; 4];
            word[..BITS].copy_from_slice(bytes);
            let word = u32::from_be_bytes(word);
            for (i, pixel) in pixels.iter_mut().enumerate() {
                one(pixel, (word >> (32 - BITS * (i + 1))) as usize % N);
            }
        });
    }
}

/// One value per byte, all with a colour: eight at a time. 3.3 instructions per pixel on a Cortex-M4.
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
        let Some(row) = row.get(x..).and_then(|row| row.get(..dst.len())) else { return };
        let ((eights, rest), (row_eights, row_rest)) = (dst.as_chunks_mut(), row.as_chunks());
        for (pixels, values) in eights.iter_mut().zip(row_eights) {
            self.eight(pixels, values);
        }
        for (pixel, value) in rest.iter_mut().zip(row_rest) {
            *pixel = self.0[usize::from(*value)];
        }
    }
}

impl<T: Copy> PaintTiles<T> for OpaqueBytes<'_, T> {
    fn tiles(&self, dst: &mut [T], tiles: &[u8], line: &Line<'_>) -> usize {
        if line.tile_width() == 16 {
            line.each_tile(dst, tiles, |pixels: &mut [T; 16], values: &[u8; 16]| {
                for (pixels, values) in
                    pixels.as_chunks_mut().0.iter_mut().zip(values.as_chunks::<8>().0)
                {
                    self.eight(pixels, values);
                }
            })
        } else {
            line.each_eight(dst, tiles, |pixels, values| self.eight(pixels, values))
        }
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

impl<T: Copy> PaintTiles<T> for Bytes<'_, T> {
    fn tiles(&self, dst: &mut [T], tiles: &[u8], line: &Line<'_>) -> usize {
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

/// Values of 4 bits, all with a colour. 4 instructions per pixel on a Cortex-M4.
pub(super) struct OpaqueNibbles<'c, T>(pub &'c [T; 16]);

impl<T: Copy> OpaqueNibbles<'_, T> {
    #[inline]
    fn eight(&self, [a, b, c, d, e, f, g, h]: &mut [T; 8], [i, j, k, l]: &[u8; 4]) {
        let left = |byte: &u8| self.0[usize::from(byte >> 4)];
        let right = |byte: &u8| self.0[usize::from(byte & 15)];
        (*a, *b, *c, *d) = (left(i), right(i), left(j), right(j));
        (*e, *f, *g, *h) = (left(k), right(k), left(l), right(l));
    }
}

impl<T: Copy> PaintRun<T> for OpaqueNibbles<'_, T> {
    fn run(&self, dst: &mut [T], row: &[u8], x: usize) {
        // The few that are painted one by one are by the loop of others: there need be no second one.
        let few = Few::<&[T; 16], 4, 16> { colors: self.0, clear: 0 };
        eights(dst, row, x, few.one(), |pixels, bytes| self.eight(pixels, bytes));
    }
}

impl<T: Copy> PaintTiles<T> for OpaqueNibbles<'_, T> {
    fn tiles(&self, dst: &mut [T], tiles: &[u8], line: &Line<'_>) -> usize {
        line.each_eight(dst, tiles, |pixels, bytes| self.eight(pixels, bytes))
    }
}

/// Values of `BITS` bits: calls `eight` with eight pixels and their bytes, and `one` with each of the others, and its value.
#[inline]
fn eights<const BITS: usize, T>(
    dst: &mut [T],
    row: &[u8],
    x: usize,
    one: impl Fn(&mut T, usize) + Copy,
    eight: impl Fn(&mut [T; 8], &[u8; BITS]),
) {
    let (eights, bytes) = split_eights(dst, row, x, one);
    // From the last: then one register is enough to find pixels by.
    for (pixels, bytes) in eights.iter_mut().zip(bytes).rev() {
        eight(pixels, bytes);
    }
}

/// Values of `BITS` bits: each eight pixels and their bytes; `one` is called with each pixel, and its value, of those before
/// the first whole byte and of those that are left.
#[inline]
fn split_eights<'d, 'r, const BITS: usize, T>(
    dst: &'d mut [T],
    row: &'r [u8],
    x: usize,
    one: impl Fn(&mut T, usize) + Copy,
) -> (&'d mut [[T; 8]], &'r [[u8; BITS]]) {
    let per_byte = 8 / BITS;
    let before = if dst.len() < 8 { dst.len() } else { (per_byte - x % per_byte) % per_byte };
    let (first, whole) = dst.split_at_mut(before);
    if !first.is_empty() {
        singly::<BITS, T>(first, row, x, one);
    }
    let x = x + first.len();
    let (eights, rest) = whole.as_chunks_mut();
    if !rest.is_empty() {
        singly::<BITS, T>(rest, row, x + 8 * eights.len(), one);
    }
    (eights, row.get(x / per_byte..).unwrap_or_default().as_chunks().0)
}

/// Up to seven pixels, those from number `x` of a row on.
#[inline(never)]
fn singly<const BITS: usize, T>(dst: &mut [T], row: &[u8], x: usize, one: impl Fn(&mut T, usize)) {
    let per_byte = 8 / BITS;
    let mut word = word_at(row, x / per_byte) << (x % per_byte * BITS);
    for pixel in dst {
        one(pixel, (word >> (32 - BITS)) as usize);
        word <<= BITS;
    }
}

/// Four bytes, the first on top; where there are fewer, zeros follow.
#[inline(never)]
fn word_at(bytes: &[u8], first: usize) -> u32 {
    let bytes = bytes.get(first..).unwrap_or_default();
    match bytes.first_chunk() {
        Some(four) => u32::from_be_bytes(*four),
        None => bytes.iter().rev().fold(0, |word, byte| word >> 8 | u32::from(*byte) << 24),
    }
}

/// RGB565 values to the panel's format, two from each word and four words at a time. 1.4 instructions per pixel of RGB565
/// on a Cortex-M4, 3.3 on an M0+; those of before those words, and after, are converted one by one.
pub(super) fn rgb565<C: PixelFormat>(dst: &mut [C::Raw], row: &[u8], x: usize, format: C) {
    let one = |color| {
        let [raw, _] = format.raws_from_rgb565(u16::from_le_bytes(color).into());
        raw
    };
    let bytes = row.get(2 * x..).unwrap_or_default();
    let (first, dst) = dst.split_at_mut((bytes.as_ptr().addr() % 4 / 2).min(dst.len()));
    let bytes = convert_singly(first, bytes, one);
    let (eights, rest) = dst.as_chunks_mut();
    let after = bytes.get(16 * eights.len()..).unwrap_or_default();
    match bytemuck::pod_align_to(bytes) {
        ([], words, _) => rgb565_eights(eights, words.as_chunks().0, u32::from_le, format),
        // They start at an odd byte.
        _ => rgb565_eights(eights, bytes.as_chunks().0.as_chunks().0, u32::from_le_bytes, format),
    }
    convert_singly(rest, after, one);
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

/// 24-bit colours to the panel's format: from the first that starts at a word, four at a time. 7 instructions per pixel of
/// RGB565 on a Cortex-M4, 13 on an M0+.
pub(super) fn bgr24<C: PixelFormat>(dst: &mut [C::Raw], row: &[u8], x: usize, format: C) {
    let one = |[blue, green, red]: [u8; 3]| format.raw(Rgb888::from_channels(red, green, blue));
    let bytes = row.get(3 * x..).unwrap_or_default();
    // Each pixel of three bytes starts one byte earlier in its word.
    let (first, dst) = dst.split_at_mut((bytes.as_ptr().addr() % 4).min(dst.len()));
    let bytes = convert_singly(first, bytes, one);
    let (fours, rest) = dst.as_chunks_mut::<4>();
    let (_, words, _) = bytemuck::pod_align_to::<u8, u32>(bytes);
    // As many as there are pixels: else the number of threes would be found by a division.
    let Some(words) = words.get(..3 * fours.len()) else {
        convert_singly(dst, bytes, one);
        return;
    };
    let (threes, _) = words.as_chunks();
    let raws = |words: &[u32; 3]| format.raws_from_bgr24(words.map(u32::from_le));
    // A Cortex-M0 stores words only where they lie so: two instructions per pixel less than halves of them take.
    match bytemuck::try_cast_slice_mut::<_, [u32; 2]>(fours) {
        Ok(pairs) if size_of::<C::Raw>() == 2 => {
            for (pair, words) in pairs.iter_mut().zip(threes) {
                *pair = bytemuck::cast(raws(words));
            }
        }
        _ => {
            for (pixels, words) in fours.iter_mut().zip(threes) {
                *pixels = raws(words);
            }
        }
    }
    convert_singly(rest, bytes.get(12 * fours.len()..).unwrap_or_default(), one);
}

/// A few colours of `BYTES` bytes, without a division by those; and returns the bytes of those that follow.
#[inline(never)]
fn convert_singly<'r, T, const BYTES: usize>(
    dst: &mut [T],
    mut bytes: &'r [u8],
    raw: impl Fn([u8; BYTES]) -> T,
) -> &'r [u8] {
    for pixel in dst {
        let Some((color, after)) = bytes.split_first_chunk() else { break };
        *pixel = raw(*color);
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
