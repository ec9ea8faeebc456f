//! The inner loops: runs of source pixels become runs of raw pixels.
//!
//! The unit of work is a span: pixels of one strip row that come from one row (or column) of one tile. Everything that is
//! the same for a span (storage, transparency, kind of colours) is decided before its loop. Each loop exists once per
//! pixel format.

use core::slice;

use bytemuck::Pod;

use crate::{
    Colors, Colorspace, Conversion, Depth, PixelFormat, PixelLayout, Table, View, view::value,
};

/// Which way spans run through the source, and how wide its pixels are: the same for all spans of a tile grid.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Heading {
    /// Source pixels run down or up a column instead of along a row.
    pub vertical: bool,
    /// They run up or left.
    pub backward: bool,
    /// Panel pixels per source pixel.
    pub scale: usize,
}

impl Heading {
    /// Whether source pixels are the panel's, from left to right.
    pub(crate) const fn is_straight(self) -> bool {
        self.scale == 1 && !self.vertical && !self.backward
    }
}

/// Where a span starts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Start {
    /// First source pixel.
    pub x: usize,
    /// First source pixel.
    pub y: usize,
    /// Panel pixels that the first source pixel has left, 1 to the scale.
    pub first: usize,
}

/// Paints spans of one view in one set of colours: how is decided once for all of them.
pub(crate) struct Painter<'a, C: PixelFormat> {
    view: &'a View<'a>,
    colors: &'a Colors<'a, C>,
    format: C,
    heading: Heading,
    kind: Kind<'a, C>,
    /// Paints any span, value by value. A pointer, so that programs need not have the loops of colours they never use.
    any: fn(&Self, &mut [C::Raw], Start),
}

/// The loop that paints a span.
enum Kind<'a, C: PixelFormat> {
    /// Bytes along a row, all with a colour.
    Bytes(&'a [C::Raw; 256]),
    /// Values of up to 8 bits along a row.
    Indexed(Depth, Table<'a, C::Raw>),
    /// Bytes along a row, each repeated.
    Widened(&'a [C::Raw; 256]),
    /// Bytes down or up a column.
    Column(&'a [C::Raw; 256]),
    /// Colours along a row, converted by this loop.
    Converted(fn(&mut [C::Raw], &[u8], usize, C)),
    /// All others, value by value.
    Any,
}

impl<'a, C: PixelFormat> Painter<'a, C> {
    #[inline]
    pub(crate) fn new(
        view: &'a View<'a>,
        colors: &'a Colors<'a, C>,
        format: C,
        heading: Heading,
    ) -> Self {
        let any = match colors {
            Colors::Ready(_) => Self::paint_ready,
            Colors::Rgb { .. } => Self::paint_rgb,
            Colors::Convert(_) => Self::paint_converted,
        };
        Self { view, colors, format, heading, kind: kind(view.layout, colors, heading), any }
    }

    /// Paints a span of a grid that is neither scaled nor turned, nor mirrored left to right: `dst.len()` pixels to the right
    /// from (`x`, `y`) on. Source pixels outside the view count as 0.
    #[inline]
    pub(crate) fn paint_straight(&self, dst: &mut [C::Raw], x: usize, y: usize) {
        let row = self.view.row(y);
        let first = x + usize::from(self.view.skip);
        match self.kind {
            _ if row.is_empty() => (self.any)(self, dst, Start { x, y, first: 1 }),
            Kind::Bytes(colors) => opaque_bytes(dst, row.get(first..).unwrap_or_default(), colors),
            Kind::Indexed(depth, ref table) => indexed(dst, row, first, depth, table),
            Kind::Converted(convert) => convert(dst, row, first, self.format),
            _ => (self.any)(self, dst, Start { x, y, first: 1 }),
        }
    }

    /// Paints a span of any other grid.
    #[inline]
    pub(crate) fn paint_turned(&self, dst: &mut [C::Raw], start: Start) {
        let Heading { backward, scale, .. } = self.heading;
        let is_painted = match self.kind {
            Kind::Widened(colors) => widened(dst, self.view, start, scale, colors),
            Kind::Column(colors) => column(dst, self.view, start, backward, colors),
            _ => false,
        };
        if !is_painted {
            (self.any)(self, dst, start);
        }
    }

    fn paint_ready(&self, dst: &mut [C::Raw], start: Start) {
        if let Colors::Ready(table) = *self.colors {
            stretch(dst, self.view, self.heading, start, |value, _, _| table.get(value));
        }
    }

    fn paint_rgb(&self, dst: &mut [C::Raw], start: Start) {
        if let Colors::Rgb { table, dither } = *self.colors {
            let conversion = Conversion::of_rgb(dither);
            stretch(dst, self.view, self.heading, start, |value, x, y| {
                conversion.raw(self.format, table.get(value)?, x, y)
            });
        }
    }

    fn paint_converted(&self, dst: &mut [C::Raw], start: Start) {
        if let Colors::Convert(conversion) = *self.colors {
            stretch(dst, self.view, self.heading, start, |value, x, y| {
                conversion.raw(self.format, value, x, y)
            });
        }
    }
}

/// The loop for spans that run like this.
#[inline]
fn kind<'a, C: PixelFormat>(
    layout: PixelLayout,
    colors: &Colors<'a, C>,
    heading: Heading,
) -> Kind<'a, C> {
    use Colorspace::{Rgb565, Rgb888};
    let Heading { vertical, backward, scale } = heading;
    let is_straight = heading.is_straight();
    match (*colors, layout) {
        (Colors::Ready(table), PixelLayout::Packed(Depth::Bpp8)) => match opaque_256(&table) {
            Some(colors) if is_straight => Kind::Bytes(colors),
            Some(colors) if !vertical && !backward => Kind::Widened(colors),
            Some(colors) if vertical && scale == 1 => Kind::Column(colors),
            None if is_straight => Kind::Indexed(Depth::Bpp8, table),
            _ => Kind::Any,
        },
        (Colors::Ready(table), PixelLayout::Packed(depth)) if is_straight && depth.bits() < 8 => {
            Kind::Indexed(depth, table)
        }
        (
            Colors::Convert(Conversion { input: Rgb565, dither: false, transparent: None }),
            PixelLayout::Packed(Depth::Bpp16),
        ) if is_straight => Kind::Converted(rgb565),
        (
            Colors::Convert(Conversion { input: Rgb888, dither: false, transparent: None }),
            PixelLayout::Bgr24,
        ) if is_straight => Kind::Converted(bgr24),
        _ => Kind::Any,
    }
}

/// Values of up to 8 bits along a row, one panel pixel each.
#[inline(never)]
fn indexed<T: Copy>(dst: &mut [T], row: &[u8], x: usize, depth: Depth, table: &Table<'_, T>) {
    match depth {
        Depth::Bpp8 => {
            let row = row.get(x..).unwrap_or_default();
            bytes(dst, row, |pixel, index| put_visible(pixel, index, table));
        }
        Depth::Bpp4 => fields::<4, 16, T>(dst, row, x, table),
        Depth::Bpp2 => fields::<2, 4, T>(dst, row, x, table),
        _ => match (table.colors.first_chunk(), table.transparent) {
            (Some(colors), []) if dst.len() >= WORTH_A_TABLE => opaque_bits(dst, row, x, *colors),
            _ => fields::<1, 2, T>(dst, row, x, table),
        },
    }
}

/// Pixels of one bit that are worth a table, which costs as much as about so many of them.
const WORTH_A_TABLE: usize = 48;

/// Pixels of one bit, both values with a colour: four at a time, by a table of all sixteen. 1.7 instructions per pixel on a
/// Cortex-M4.
fn opaque_bits<T: Copy>(dst: &mut [T], row: &[u8], x: usize, colors: [T; 2]) {
    let fours: [[T; 4]; 16] =
        core::array::from_fn(|bits| [3, 2, 1, 0].map(|shift| colors[bits >> shift & 1]));
    let head = ((8 - x % 8) % 8).min(dst.len());
    let (first, whole) = dst.split_at_mut(head);
    let bit = |at: usize| row.get(at / 8).map_or(0, |byte| usize::from(byte >> (7 - at % 8) & 1));
    for (at, pixel) in (x..).zip(first) {
        *pixel = colors[bit(at)];
    }
    let bytes = row.get((x + head) / 8..).unwrap_or_default();
    let (eights, rest) = whole.as_chunks_mut::<8>();
    let last = x + head + 8 * eights.len();
    for ([a, b, c, d, e, f, g, h], byte) in eights.iter_mut().zip(bytes) {
        [*a, *b, *c, *d] = fours[usize::from(byte >> 4)];
        [*e, *f, *g, *h] = fours[usize::from(byte & 15)];
    }
    for (at, pixel) in (last..).zip(rest) {
        *pixel = colors[bit(at)];
    }
}

/// A table with a colour for each value of a byte.
const fn opaque_256<'t, T>(table: &Table<'t, T>) -> Option<&'t [T; 256]> {
    if table.transparent.is_empty() { table.colors.first_chunk() } else { None }
}

/// Puts the colour of a value, unless it has none.
#[inline]
fn put_visible<T: Copy>(pixel: &mut T, index: u8, table: &Table<'_, T>) {
    if let Some(color) = table.get(index.into()) {
        *pixel = color;
    }
}

/// One value per byte, all with a colour: eight at a time, read as two words. 3.5 instructions per pixel on a Cortex-M4.
#[inline]
fn opaque_bytes<T: Copy>(dst: &mut [T], row: &[u8], colors: &[T; 256]) {
    let Some(row) = row.get(..dst.len()) else { return };
    let (dst_eights, dst_rest) = dst.as_chunks_mut::<8>();
    let (row_eights, row_rest) = row.as_chunks::<8>();
    for ([a, b, c, d, e, f, g, h], &[i, j, k, l, m, n, o, p]) in
        dst_eights.iter_mut().zip(row_eights)
    {
        let low = u32::from_le_bytes([i, j, k, l]);
        let high = u32::from_le_bytes([m, n, o, p]);
        let color = |word: u32, shift: u32| colors[(word >> shift & 0xff) as usize];
        [*a, *b, *c, *d] = [0, 8, 16, 24].map(|shift| color(low, shift));
        [*e, *f, *g, *h] = [0, 8, 16, 24].map(|shift| color(high, shift));
    }
    for (pixel, index) in dst_rest.iter_mut().zip(row_rest) {
        *pixel = colors[usize::from(*index)];
    }
}

/// One value per byte, four at a time.
#[inline]
fn bytes<T>(dst: &mut [T], row: &[u8], put: impl Fn(&mut T, u8)) {
    let (dst_fours, dst_rest) = dst.as_chunks_mut::<4>();
    let (row_fours, row_rest) = row.as_chunks::<4>();
    let row_rest = row_fours.get(dst_fours.len()).map_or(row_rest, |four| &four[..]);
    for ([a, b, c, d], indices) in dst_fours.iter_mut().zip(row_fours) {
        put(a, indices[0]);
        put(b, indices[1]);
        put(c, indices[2]);
        put(d, indices[3]);
    }
    for (pixel, index) in dst_rest.iter_mut().zip(row_rest) {
        put(pixel, *index);
    }
}

/// Values of `BITS` bits, several per byte: `COLORS` of them. On a Cortex-M4, 4 instructions per pixel for opaque values of
/// 4 bits, else 7.
#[inline]
fn fields<const BITS: usize, const COLORS: usize, T: Copy>(
    dst: &mut [T],
    row: &[u8],
    x: usize,
    table: &Table<'_, T>,
) {
    // Only the low bits of what `each_field` gives are the value: `COLORS` is a power of two.
    let value = |bits: u8| usize::from(bits) % COLORS;
    let byte = |at| table.transparent.get(at).map_or(0, |byte| u32::from(*byte));
    let mut transparent = byte(0) | byte(1) << 8;
    let padded: [T; COLORS];
    let colors = match (table.colors.first_chunk(), table.colors) {
        (Some(colors), _) => colors,
        (None, []) => return,
        // Values beyond the table are transparent.
        (None, colors @ [any, ..]) => {
            transparent |= u32::MAX << colors.len();
            padded = core::array::from_fn(|i| *colors.get(i).unwrap_or(any));
            &padded
        }
    };
    if BITS == 4 && transparent == 0 {
        each_field::<BITS, T>(dst, row, x, |pixel, bits| *pixel = colors[value(bits)]);
    } else {
        each_field::<BITS, T>(dst, row, x, |pixel, bits| {
            if transparent >> value(bits) & 1 == 0 {
                *pixel = colors[value(bits)];
            }
        });
    }
}

/// Calls `put` with each pixel and its value, above which there are other values' bits.
#[inline]
fn each_field<const BITS: usize, T>(dst: &mut [T], row: &[u8], x: usize, put: impl Fn(&mut T, u8)) {
    let per_byte = 8 / BITS;
    let skip = x % per_byte;
    let mut bytes = row.get(x / per_byte..).unwrap_or_default().iter();
    let (head, body) =
        dst.split_at_mut(if skip == 0 { 0 } else { (per_byte - skip).min(dst.len()) });
    if let (false, Some(byte)) = (head.is_empty(), if skip == 0 { None } else { bytes.next() }) {
        for (i, pixel) in head.iter_mut().enumerate() {
            put(pixel, byte >> (8 - BITS * (skip + i + 1)));
        }
    }
    let mut whole = body.chunks_exact_mut(per_byte);
    for (pixels, byte) in whole.by_ref().zip(bytes.by_ref()) {
        for (i, pixel) in pixels.iter_mut().enumerate() {
            put(pixel, byte >> (8 - BITS * (i + 1)));
        }
    }
    if let Some(byte) = bytes.next() {
        for (i, pixel) in whole.into_remainder().iter_mut().enumerate() {
            put(pixel, byte >> (8 - BITS * (i + 1)));
        }
    }
}

/// Bytes down or up a column, one panel pixel each; `false` where they are not all in the view.
#[inline(never)]
fn column<T: Copy>(
    dst: &mut [T],
    view: &View<'_>,
    Start { x, y, .. }: Start,
    backward: bool,
    colors: &[T; 256],
) -> bool {
    let (height, count) = (usize::from(view.size.height), dst.len());
    if y >= height || if backward { count > y + 1 } else { y + count > height } {
        return false;
    }
    // From the end that is first in memory.
    let (first, is_reversed) = match (view.bottom_up, backward) {
        (false, false) => (y, false),
        (false, true) => (y + 1 - count, true),
        (true, false) => (height - y - count, true),
        (true, true) => (height - 1 - y, false),
    };
    let start = first * view.stride_bytes + x + usize::from(view.skip);
    let bytes = view.bytes.get(start..).unwrap_or_default();
    if bytes.len() <= count.saturating_sub(1) * view.stride_bytes {
        return false;
    }
    let indices = bytes.iter().step_by(view.stride_bytes.max(1));
    let put = |(pixel, index): (&mut T, &u8)| *pixel = colors[usize::from(*index)];
    if is_reversed {
        dst.iter_mut().rev().zip(indices).for_each(put);
    } else {
        dst.iter_mut().zip(indices).for_each(put);
    }
    true
}

/// Bytes along a row, each repeated `scale` times; `false` where the row is not in the view.
#[inline(never)]
fn widened<T: Copy>(
    dst: &mut [T],
    view: &View<'_>,
    Start { x, y, first }: Start,
    scale: usize,
    colors: &[T; 256],
) -> bool {
    let row = view.row(y).get(x + usize::from(view.skip)..);
    let Some((index, indices)) = row.and_then(<[u8]>::split_first) else { return false };
    let (head, body) = dst.split_at_mut(first.min(dst.len()));
    head.iter_mut().for_each(|pixel| *pixel = colors[usize::from(*index)]);
    if scale == 2 {
        let (pairs, rest) = body.as_chunks_mut::<2>();
        for (pair, index) in pairs.iter_mut().zip(indices) {
            *pair = [colors[usize::from(*index)]; 2];
        }
        if let ([pixel], Some(index)) = (rest, indices.get(pairs.len())) {
            *pixel = colors[usize::from(*index)];
        }
    } else {
        for (pixels, index) in body.chunks_mut(scale).zip(indices) {
            pixels.iter_mut().for_each(|pixel| *pixel = colors[usize::from(*index)]);
        }
    }
    true
}

/// One colour, by words if pixels fill them: half an instruction per pixel of 16 bits on a Cortex-M4.
#[inline]
pub(crate) fn fill<T: Pod>(dst: &mut [T], raw: T) {
    let mut word = 0;
    let Ok(pixels_of_word) = bytemuck::try_cast_slice_mut(slice::from_mut(&mut word)) else {
        return dst.iter_mut().for_each(|pixel| *pixel = raw);
    };
    pixels_of_word.iter_mut().for_each(|pixel| *pixel = raw);
    let (head, words, tail) = bytemuck::pod_align_to_mut(dst);
    head.iter_mut().chain(tail).for_each(|pixel| *pixel = raw);
    fill_words(words, word);
}

/// Four words at a time, spelt out for compilers that keep programs small.
#[inline(never)]
fn fill_words(words: &mut [u32], word: u32) {
    let (fours, rest) = words.as_chunks_mut();
    for [a, b, c, d] in fours {
        (*a, *b, *c, *d) = (word, word, word, word);
    }
    for one in rest {
        *one = word;
    }
}

/// RGB565 values to the panel's format, four at a time.
fn rgb565<C: PixelFormat>(dst: &mut [C::Raw], row: &[u8], x: usize, format: C) {
    let raw = |low, high| format.raw_from_rgb565(u16::from_le_bytes([low, high]));
    let bytes = row.get(2 * x..).unwrap_or_default();
    let (dst_fours, dst_rest) = dst.as_chunks_mut::<4>();
    let (fours, _) = bytes.as_chunks::<8>();
    let (rest, _) = bytes.get(8 * dst_fours.len()..).unwrap_or_default().as_chunks::<2>();
    for (pixels, &[a, b, c, d, e, f, g, h]) in dst_fours.iter_mut().zip(fours) {
        *pixels = [raw(a, b), raw(c, d), raw(e, f), raw(g, h)];
    }
    for (pixel, &[low, high]) in dst_rest.iter_mut().zip(rest) {
        *pixel = raw(low, high);
    }
}

/// 24-bit colours to the panel's format: from the first that starts at a word, four at a time. 7 instructions per pixel of
/// RGB565 on a Cortex-M4.
fn bgr24<C: PixelFormat>(dst: &mut [C::Raw], row: &[u8], x: usize, format: C) {
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
        *pixel = format.raw(crate::Rgb888::from_channels(red, green, blue));
        bytes = after;
    }
    bytes
}

/// Source pixels that are gathered before they are coloured.
const CHUNK: usize = 16;

/// Any span: gathers a few values, then colours and repeats each.
fn stretch<T: Copy>(
    dst: &mut [T],
    view: &View<'_>,
    Heading { vertical, backward, scale }: Heading,
    start: Start,
    raw: impl Fn(u32, u16, u16) -> Option<T>,
) {
    let step = |from: usize, i: usize| if backward { from.wrapping_sub(i) } else { from + i };
    let skip = usize::from(view.skip);
    let mut values = [0; CHUNK];
    let (mut x, mut y, mut repeat, mut rest) = (start.x, start.y, start.first, dst);
    while !rest.is_empty() {
        let count = (1 + rest.len().saturating_sub(repeat).div_ceil(scale)).min(CHUNK);
        if vertical {
            gather(&mut values[..count], |i| value(view.row(step(y, i)), x + skip, view.layout));
        } else {
            let row = view.row(y);
            gather(&mut values[..count], |i| {
                value(row, step(x, i).wrapping_add(skip), view.layout)
            });
        }
        for value in &values[..count] {
            let room = repeat.min(rest.len());
            let (pixels, after) = core::mem::take(&mut rest).split_at_mut(room);
            if let Some(raw) =
                raw(*value, noise_coordinate(view.origin.0, x), noise_coordinate(view.origin.1, y))
            {
                pixels.iter_mut().for_each(|pixel| *pixel = raw);
            }
            rest = after;
            repeat = scale;
            if vertical { y = step(y, 1) } else { x = step(x, 1) }
        }
    }
}

#[inline]
fn gather(values: &mut [u32], get: impl Fn(usize) -> u32) {
    for (i, stored) in values.iter_mut().enumerate() {
        *stored = get(i);
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "sources are at most 65 535 pixels wide and high"
)]
const fn noise_coordinate(origin: u16, position: usize) -> u16 {
    origin.wrapping_add(position as u16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Rgb565Le, Size};

    const STRAIGHT: Heading = Heading { vertical: false, backward: false, scale: 1 };

    /// The span against one pixel at a time, for every layout, offset and length up to 20.
    #[test]
    fn fast_loops_equal_the_slow_one() {
        let row: [u8; 64] = core::array::from_fn(|i| (i * 73 + 5).to_le_bytes()[0]);
        let colors: [u16; 256] = core::array::from_fn(|i| u16::try_from(i).unwrap() + 1);
        for depth in [Depth::Bpp1, Depth::Bpp2, Depth::Bpp4, Depth::Bpp8] {
            let size = Size::new(20, 1);
            let layout = PixelLayout::Packed(depth);
            let view = View::new(&row, 64, size, layout);
            for (len, transparent) in [(256, &[][..]), (256, &[0x92; 32]), (3, &[]), (3, &[2])] {
                let table = Table { colors: &colors[..len], transparent };
                for x in 0..20 {
                    for count in 0..=20 - x {
                        let (mut fast, mut slow) = ([0; 20], [0; 20]);
                        let colors = Colors::Ready(table);
                        Painter::new(&view, &colors, Rgb565Le, STRAIGHT).paint_straight(
                            &mut fast[..count],
                            x,
                            0,
                        );
                        for (i, pixel) in slow[..count].iter_mut().enumerate() {
                            *pixel = table.get(view.get(x + i, 0)).unwrap_or(0);
                        }
                        assert_eq!(fast, slow, "{depth:?}, {count} from {x}, {len} colors");
                    }
                }
            }
        }
    }

    #[test]
    fn runs_stretch_from_any_phase_in_any_direction() {
        let bytes = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        let layout = PixelLayout::Packed(Depth::Bpp8);
        let view = View::new(&bytes, 3, Size::new(3, 3), layout);
        let colors: [u16; 10] = core::array::from_fn(|i| u16::try_from(i).unwrap());
        let table = Table { colors: &colors, transparent: &[] };
        let colors = Colors::Ready(table);
        let check = |heading: Heading, start: Start, expected: [u16; 6]| {
            let mut dst = [0; 6];
            Painter::new(&view, &colors, Rgb565Le, heading).paint_turned(&mut dst, start);
            assert_eq!(dst, expected, "{heading:?} {start:?}");
        };
        let heading = Heading { scale: 3, ..STRAIGHT };
        let start = Start { x: 0, y: 1, first: 2 };
        check(heading, start, [4, 4, 5, 5, 5, 6]);
        let backward = Heading { backward: true, ..heading };
        check(backward, Start { x: 2, ..start }, [6, 6, 5, 5, 5, 4]);
        let down = Heading { vertical: true, scale: 2, ..heading };
        check(down, Start { x: 1, y: 0, ..start }, [2, 2, 5, 5, 8, 8]);
        let up = Heading { vertical: true, ..backward };
        check(up, Start { x: 1, y: 2, first: 1 }, [8, 5, 5, 5, 2, 2]);
    }
}
