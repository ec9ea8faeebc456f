//! The inner loops: runs of source pixels become runs of raw pixels.
//!
//! The unit of work is a span: pixels of one strip row that come from one row (or column) of one tile. Everything that is
//! the same for a span (storage, transparency, kind of colours) is decided before its loop. Each loop exists once per
//! pixel format.

use crate::{
    Colors, Colorspace, Conversion, Depth, PixelFormat, PixelLayout, Table, View, view::value,
};

/// Which way a span runs through the source, and how wide its pixels are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    /// First source pixel.
    pub x: usize,
    /// First source pixel.
    pub y: usize,
    /// Source pixels run down or up a column instead of along a row.
    pub vertical: bool,
    /// They run up or left.
    pub backward: bool,
    /// Panel pixels per source pixel.
    pub scale: usize,
    /// Panel pixels that the first source pixel has left, 1 to `scale`.
    pub first: usize,
}

/// Paints a span. Source pixels outside the view count as 0.
pub(crate) fn paint<C: PixelFormat>(
    dst: &mut [C::Raw],
    view: &View<'_>,
    run: &Run,
    colors: &Colors<'_, C>,
    format: C,
) {
    if !paint_common(dst, view, run, colors, format) {
        paint_any(dst, view, run, colors, format);
    }
}

/// Paints the commonest spans, by loops of their own; `false` for all others.
#[inline]
fn paint_common<C: PixelFormat>(
    dst: &mut [C::Raw],
    view: &View<'_>,
    run: &Run,
    colors: &Colors<'_, C>,
    format: C,
) -> bool {
    use Colorspace::{Rgb565, Rgb888};
    let (row, x) = (view.row(run.y), run.x + usize::from(view.skip));
    let is_along_row = !run.vertical && !run.backward && !row.is_empty();
    let is_straight = is_along_row && run.scale == 1;
    match (colors, view.layout) {
        (Colors::Ready(table), PixelLayout::Packed(depth)) if is_straight && depth.bits() <= 8 => {
            indexed(dst, row, x, depth, table);
        }
        (Colors::Ready(table), PixelLayout::Packed(Depth::Bpp8)) => {
            return match opaque_256(table) {
                Some(colors) if is_along_row => widened(dst, row, x, run, colors),
                Some(colors) if run.vertical && run.scale == 1 => column(dst, view, run, colors),
                _ => false,
            };
        }
        (
            Colors::Convert(Conversion { input: Rgb565, dither: false, transparent: None }),
            PixelLayout::Packed(Depth::Bpp16),
        ) if is_straight => rgb565(dst, row, x, format),
        (
            Colors::Convert(Conversion { input: Rgb888, dither: false, transparent: None }),
            PixelLayout::Bgr24,
        ) if is_straight => bgr24(dst, row, x, format),
        _ => return false,
    }
    true
}

/// Paints any span, value by value.
fn paint_any<C: PixelFormat>(
    dst: &mut [C::Raw],
    view: &View<'_>,
    run: &Run,
    colors: &Colors<'_, C>,
    format: C,
) {
    match *colors {
        Colors::Ready(table) => stretch(dst, view, run, |value, _, _| table.get(value)),
        Colors::Rgb { table, dither } => {
            let conversion = Conversion::of_rgb(dither);
            stretch(dst, view, run, |value, x, y| conversion.raw(format, table.get(value)?, x, y));
        }
        Colors::Convert(conversion) => {
            stretch(dst, view, run, |value, x, y| conversion.raw(format, value, x, y));
        }
    }
}

/// Values of up to 8 bits along a row, one panel pixel each.
#[inline(never)]
fn indexed<T: Copy>(dst: &mut [T], row: &[u8], x: usize, depth: Depth, table: &Table<'_, T>) {
    match depth {
        Depth::Bpp8 => {
            let row = row.get(x..).unwrap_or_default();
            match opaque_256(table) {
                Some(colors) => opaque_bytes(dst, row, colors),
                None => bytes(dst, row, |pixel, index| put_visible(pixel, index, table)),
            }
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

/// One value per byte, all with a colour: four at a time, read as a word.
#[inline]
fn opaque_bytes<T: Copy>(dst: &mut [T], row: &[u8], colors: &[T; 256]) {
    let (dst_fours, dst_rest) = dst.as_chunks_mut::<4>();
    let (row_fours, row_rest) = row.as_chunks::<4>();
    let row_rest = row_fours.get(dst_fours.len()).map_or(row_rest, |four| &four[..]);
    for (pixels, indices) in dst_fours.iter_mut().zip(row_fours) {
        let word = u32::from_le_bytes(*indices);
        *pixels = [0, 8, 16, 24].map(|shift| colors[(word >> shift & 0xff) as usize]);
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

/// Values of `BITS` bits, several per byte, through a table that has `COLORS` colours, if it is complete.
#[inline]
fn fields<const BITS: usize, const COLORS: usize, T: Copy>(
    dst: &mut [T],
    row: &[u8],
    x: usize,
    table: &Table<'_, T>,
) {
    // Only the low bits of what `each_field` gives are the value: `COLORS` is a power of two.
    let value = |bits: u8| usize::from(bits) % COLORS;
    match (table.colors.first_chunk::<COLORS>(), table.transparent) {
        (Some(colors), []) => {
            each_field::<BITS, T>(dst, row, x, |pixel, bits| *pixel = colors[value(bits)]);
        }
        (Some(colors), [low, more @ ..]) => {
            let transparent =
                u32::from(*low) | more.first().map_or(0, |high| u32::from(*high) << 8);
            each_field::<BITS, T>(dst, row, x, |pixel, bits| {
                if transparent >> value(bits) & 1 == 0 {
                    *pixel = colors[value(bits)];
                }
            });
        }
        (None, _) => each_field::<BITS, T>(dst, row, x, |pixel, bits| {
            put_visible(pixel, bits & (0xff >> (8 - BITS)), table);
        }),
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
fn column<T: Copy>(dst: &mut [T], view: &View<'_>, run: &Run, colors: &[T; 256]) -> bool {
    let (height, count) = (usize::from(view.size.height), dst.len());
    let is_inside =
        run.y < height && if run.backward { count <= run.y + 1 } else { run.y + count <= height };
    if !is_inside {
        return false;
    }
    // From the end that is first in memory.
    let (first, is_reversed) = match (view.bottom_up, run.backward) {
        (false, false) => (run.y, false),
        (false, true) => (run.y + 1 - count, true),
        (true, false) => (height - run.y - count, true),
        (true, true) => (height - 1 - run.y, false),
    };
    let start = first * view.stride_bytes + run.x + usize::from(view.skip);
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

/// Bytes along a row, each repeated. Always `true`: it paints any such span.
#[inline(never)]
fn widened<T: Copy>(dst: &mut [T], row: &[u8], x: usize, run: &Run, colors: &[T; 256]) -> bool {
    let mut indices = row.get(x..).unwrap_or_default().iter();
    let (head, body) = dst.split_at_mut(run.first.min(dst.len()));
    let mut color = || indices.next().map(|index| colors[usize::from(*index)]);
    if let Some(color) = color() {
        head.fill(color);
    }
    if run.scale == 2 {
        let (pairs, rest) = body.as_chunks_mut::<2>();
        pairs
            .iter_mut()
            .zip(core::iter::from_fn(&mut color))
            .for_each(|(pair, color)| *pair = [color; 2]);
        rest.iter_mut()
            .zip(core::iter::from_fn(&mut color))
            .for_each(|(pixel, color)| *pixel = color);
    } else {
        for (pixels, color) in body.chunks_mut(run.scale).zip(core::iter::from_fn(&mut color)) {
            pixels.iter_mut().for_each(|pixel| *pixel = color);
        }
    }
    true
}

/// RGB565 values to the panel's format.
fn rgb565<C: PixelFormat>(dst: &mut [C::Raw], row: &[u8], x: usize, format: C) {
    let (pixels, _) = row.get(2 * x..).unwrap_or_default().as_chunks::<2>();
    for (dst, pixel) in dst.iter_mut().zip(pixels) {
        *dst = format.raw_from_rgb565(u16::from_le_bytes(*pixel));
    }
}

/// 24-bit colours to the panel's format.
fn bgr24<C: PixelFormat>(dst: &mut [C::Raw], row: &[u8], x: usize, format: C) {
    let (pixels, _) = row.get(3 * x..).unwrap_or_default().as_chunks::<3>();
    for (dst, [blue, green, red]) in dst.iter_mut().zip(pixels) {
        *dst = format.raw(crate::Rgb888::from_channels(*red, *green, *blue));
    }
}

/// Source pixels that are gathered before they are coloured.
const CHUNK: usize = 16;

/// Any span: gathers a few values, then colours and repeats each.
fn stretch<T: Copy>(
    dst: &mut [T],
    view: &View<'_>,
    run: &Run,
    raw: impl Fn(u32, u16, u16) -> Option<T>,
) {
    let step = |from: usize, i: usize| if run.backward { from.wrapping_sub(i) } else { from + i };
    let skip = usize::from(view.skip);
    let mut values = [0; CHUNK];
    let (mut x, mut y, mut repeat, mut rest) = (run.x, run.y, run.first, dst);
    while !rest.is_empty() {
        let count = (1 + rest.len().saturating_sub(repeat).div_ceil(run.scale)).min(CHUNK);
        if run.vertical {
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
            repeat = run.scale;
            if run.vertical { y = step(y, 1) } else { x = step(x, 1) }
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
                        let run =
                            Run { x, y: 0, vertical: false, backward: false, scale: 1, first: 1 };
                        let (mut fast, mut slow) = ([0; 20], [0; 20]);
                        paint(&mut fast[..count], &view, &run, &Colors::Ready(table), Rgb565Le);
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
        let check = |run: Run, expected: [u16; 6]| {
            let mut dst = [0; 6];
            paint(&mut dst, &view, &run, &Colors::Ready(table), Rgb565Le);
            assert_eq!(dst, expected, "{run:?}");
        };
        let run = Run { x: 0, y: 1, vertical: false, backward: false, scale: 3, first: 2 };
        check(run, [4, 4, 5, 5, 5, 6]);
        check(Run { x: 2, backward: true, ..run }, [6, 6, 5, 5, 5, 4]);
        check(Run { x: 1, y: 0, vertical: true, scale: 2, ..run }, [2, 2, 5, 5, 8, 8]);
        check(
            Run { x: 1, y: 2, vertical: true, backward: true, first: 1, scale: 3 },
            [8, 5, 5, 5, 2, 2],
        );
    }
}
