//! The inner loops: runs of source pixels become runs of raw pixels.
//!
//! The unit of work is a span: pixels of one strip row that come from one row (or column) of one tile. Everything that is
//! the same for a span (storage, transparency, kind of colours) is decided before its loop. Each loop exists once per
//! pixel format.

use crate::{
    Colors, Colorspace, Conversion, Depth, Picture, PixelFormat, PixelLayout, Strip, Table, View,
    picture::{Line, PaintRun, RunLoop},
    view::value,
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
    /// Source pixels are the panel's, from left to right.
    pub(crate) const STRAIGHT: Self = Self { vertical: false, backward: false, scale: 1 };
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

/// Paints a grid that is neither scaled nor transposed, nor mirrored left to right. Source pixels outside the view count
/// as 0.
#[inline]
pub(crate) fn paint_straight<C: PixelFormat>(picture: &Picture<'_, C>, strip: &mut Strip<'_, C>) {
    use Colorspace::{Rgb565, Rgb888};
    let (format, any) = (strip.format(), any_span(&picture.colors));
    let mut paint = |fast: &dyn PaintRun<C::Raw>| picture.paint_straight(strip, Some(fast), any);
    let mut paint_by = |fast: &RunLoop<'_, C::Raw>| paint(&fast);
    match (picture.colors, picture.view.layout) {
        (Colors::Ready(Table { colors: [], .. }), _) => {}
        (Colors::Ready(table), PixelLayout::Packed(Depth::Bpp8)) => match opaque_256(&table) {
            Some(colors) => paint(&OpaqueBytes(colors)),
            None => paint_by(&|dst, row, x| bytes(dst, row, x, &table)),
        },
        (Colors::Ready(table), PixelLayout::Packed(Depth::Bpp4)) => {
            let completed: [_; 16];
            let colors = match table.colors.first_chunk() {
                Some(colors) => colors,
                None => {
                    completed = complete(&table);
                    &completed
                }
            };
            match clear_values::<16>(&table) {
                0 => paint(&OpaqueNibbles(colors)),
                one if one.is_power_of_two() => {
                    let clear = one.trailing_zeros() as usize;
                    paint(&Nibbles { colors, clear });
                }
                clear => paint_by(&|dst, row, x| few::<4, _, _>(dst, row, x, colors, clear)),
            }
        }
        (Colors::Ready(table), PixelLayout::Packed(Depth::Bpp2)) => {
            let (colors, clear): ([_; 4], _) = (complete(&table), clear_values::<4>(&table));
            paint_by(&|dst, row, x| few::<2, _, _>(dst, row, x, &colors, clear));
        }
        (Colors::Ready(table), PixelLayout::Packed(Depth::Bpp1)) => {
            let ([zero, one], clear) = (complete(&table), clear_values::<2>(&table));
            if clear == 0 {
                let pairs = [[zero; 2], [zero, one], [one, zero], [one; 2]];
                paint_by(&|dst, row, x| opaque_bits(dst, row, x, &pairs));
            } else {
                paint_by(&|dst, row, x| few::<1, _, _>(dst, row, x, &[zero, one], clear));
            }
        }
        (
            Colors::Convert(Conversion { input: Rgb565, dither: false, transparent: None }),
            PixelLayout::Packed(Depth::Bpp16),
        ) => paint_by(&|dst, row, x| rgb565(dst, row, x, format)),
        (
            Colors::Convert(Conversion { input: Rgb888, dither: false, transparent: None }),
            PixelLayout::Bgr24,
        ) => paint_by(&|dst, row, x| bgr24(dst, row, x, format)),
        _ => picture.paint_straight(strip, None, any),
    }
}

/// Paints a span of the picture, turned and scaled as it may be, value by value.
pub(crate) type AnySpan<C> = fn(&Picture<'_, C>, C, &mut [<C as PixelFormat>::Raw], Heading, Start);

/// The one for these colours: a pointer, so that programs need not have the loops of colours they never use.
#[inline]
fn any_span<C: PixelFormat>(colors: &Colors<'_, C>) -> AnySpan<C> {
    match colors {
        Colors::Ready(_) => |picture, _, dst, heading, start| {
            if let Colors::Ready(table) = picture.colors {
                stretch(dst, &picture.view, heading, start, |value, _, _| table.get(value));
            }
        },
        Colors::Rgb { .. } => |picture, format, dst, heading, start| {
            if let Colors::Rgb { table, dither } = picture.colors {
                let conversion = Conversion::of_rgb(dither);
                stretch(dst, &picture.view, heading, start, |value, x, y| {
                    conversion.raw(format, table.get(value)?, x, y)
                });
            }
        },
        Colors::Convert(_) => |picture, format, dst, heading, start| {
            if let Colors::Convert(conversion) = picture.colors {
                stretch(dst, &picture.view, heading, start, |value, x, y| {
                    conversion.raw(format, value, x, y)
                });
            }
        },
    }
}

/// Paints spans of a grid that is scaled, transposed or mirrored.
pub(crate) struct Painter<'a, C: PixelFormat> {
    picture: &'a Picture<'a, C>,
    format: C,
    heading: Heading,
    kind: Kind<'a, C::Raw>,
    any: AnySpan<C>,
}

/// The loop that paints a span.
enum Kind<'a, T> {
    /// Bytes along a row, each repeated.
    Widened(&'a [T; 256]),
    /// Bytes down or up a column.
    Column(&'a [T; 256]),
    /// All others, value by value.
    Any,
}

impl<'a, C: PixelFormat> Painter<'a, C> {
    #[inline]
    pub(crate) fn new(picture: &'a Picture<'a, C>, format: C, heading: Heading) -> Self {
        let Heading { vertical, backward, scale } = heading;
        let opaque = match (&picture.colors, picture.view.layout) {
            (Colors::Ready(table), PixelLayout::Packed(Depth::Bpp8)) => opaque_256(table),
            _ => None,
        };
        let kind = match opaque {
            Some(colors) if !vertical && !backward => Kind::Widened(colors),
            Some(colors) if vertical && scale == 1 => Kind::Column(colors),
            _ => Kind::Any,
        };
        Self { picture, format, heading, kind, any: any_span(&picture.colors) }
    }

    #[inline]
    pub(crate) fn paint(&self, dst: &mut [C::Raw], start: Start) {
        let (view, Heading { backward, scale, .. }) = (&self.picture.view, self.heading);
        let is_painted = match self.kind {
            Kind::Widened(colors) => widened(dst, view, start, scale, colors),
            Kind::Column(colors) => column(dst, view, start, backward, colors),
            Kind::Any => false,
        };
        if !is_painted {
            (self.any)(self.picture, self.format, dst, self.heading, start);
        }
    }
}

/// The first `N` colours, as far as there are any.
fn complete<T: Copy + Default, const N: usize>(table: &Table<'_, T>) -> [T; N] {
    core::array::from_fn(|value| table.colors.get(value).copied().unwrap_or_default())
}

/// A bit for each of the first `N` values, at most 16, that is transparent or beyond the table.
#[inline]
fn clear_values<const N: usize>(table: &Table<'_, impl Copy>) -> u32 {
    let byte = |at| table.transparent.get(at).map_or(0, |byte| u32::from(*byte));
    let beyond = if table.colors.len() < N { u32::MAX << table.colors.len() } else { 0 };
    (byte(0) | byte(1) << 8 | beyond) & (u32::MAX >> (32 - N))
}

/// Pixels of one bit, both values with a colour: two at a time, by a table of all four pairs. 1.7 instructions per pixel on
/// a Cortex-M4.
fn opaque_bits<T: Copy>(dst: &mut [T], row: &[u8], x: usize, pairs: &[[T; 2]; 4]) {
    let bit = |at: usize| row.get(at / 8).map_or(0, |byte| usize::from(byte >> (7 - at % 8) & 1));
    let (first, whole) = dst.split_at_mut(((8 - x % 8) % 8).min(dst.len()));
    let start = x + first.len();
    for (at, pixel) in (x..).zip(first) {
        *pixel = pairs[3 * bit(at)][0];
    }
    let bytes = row.get(start / 8..).unwrap_or_default();
    let (eights, rest) = whole.as_chunks_mut::<8>();
    let end = start + 8 * eights.len();
    for ([a, b, c, d, e, f, g, h], byte) in eights.iter_mut().zip(bytes) {
        let pair = |shift: u32| pairs[usize::from(byte >> shift & 3)];
        [*a, *b] = pair(6);
        [*c, *d] = pair(4);
        [*e, *f] = pair(2);
        [*g, *h] = pair(0);
    }
    for (at, pixel) in (end..).zip(rest) {
        *pixel = pairs[3 * bit(at)][0];
    }
}

/// A table with a colour for each value of a byte.
const fn opaque_256<'t, T>(table: &Table<'t, T>) -> Option<&'t [T; 256]> {
    if table.transparent.is_empty() { table.colors.first_chunk() } else { None }
}

/// One value per byte, all with a colour: eight at a time. 3.5 instructions per pixel on a Cortex-M4.
struct OpaqueBytes<'c, T>(&'c [T; 256]);

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

    fn cells(&self, dst: &mut [T], tiles: &[u8], line: &Line<'_>) -> usize {
        line.each_eight(dst, tiles, |pixels, values| self.eight(pixels, values))
    }
}

/// One value per byte.
fn bytes<T: Copy>(dst: &mut [T], row: &[u8], x: usize, table: &Table<'_, T>) {
    for (pixel, value) in dst.iter_mut().zip(row.get(x..).unwrap_or_default()) {
        if let Some(color) = table.get((*value).into()) {
            *pixel = color;
        }
    }
}

/// Values of 4 bits, all with a colour. 4 instructions per pixel on a Cortex-M4.
struct OpaqueNibbles<'c, T>(&'c [T; 16]);

impl<T: Copy> PaintRun<T> for OpaqueNibbles<'_, T> {
    fn run(&self, dst: &mut [T], row: &[u8], x: usize) {
        fields::<4, T>(dst, row, x, |pixel, value| *pixel = self.0[value]);
    }

    fn cells(&self, dst: &mut [T], tiles: &[u8], line: &Line<'_>) -> usize {
        line.each_eight(dst, tiles, |pixels, values: &[u8; 4]| self.run(pixels, values, 0))
    }
}

/// Values of 4 bits, of which one has no colour. 5 instructions per pixel on a Cortex-M4.
struct Nibbles<'c, T> {
    colors: &'c [T; 16],
    clear: usize,
}

impl<T: Copy> PaintRun<T> for Nibbles<'_, T> {
    fn run(&self, dst: &mut [T], row: &[u8], x: usize) {
        fields::<4, T>(dst, row, x, |pixel, value| {
            if value != self.clear {
                *pixel = self.colors[value];
            }
        });
    }

    fn cells(&self, dst: &mut [T], tiles: &[u8], line: &Line<'_>) -> usize {
        line.each_eight(dst, tiles, |pixels, values: &[u8; 4]| self.run(pixels, values, 0))
    }
}

/// Values of `BITS` bits, `N` in all, of which some have no colour. 7 instructions per pixel on a Cortex-M4.
fn few<const BITS: usize, const N: usize, T: Copy>(
    dst: &mut [T],
    row: &[u8],
    x: usize,
    colors: &[T; N],
    clear: u32,
) {
    fields::<BITS, T>(dst, row, x, |pixel, value| {
        if clear >> value & 1 == 0 {
            *pixel = colors[value % N];
        }
    });
}

/// Values of `BITS` bits, several per byte: calls `put` with each pixel and its value.
#[inline]
fn fields<const BITS: usize, T>(dst: &mut [T], row: &[u8], x: usize, put: impl Fn(&mut T, usize)) {
    let per_byte = 8 / BITS;
    let value = |byte: u8, i| usize::from(byte >> (8 - BITS * (i + 1)) & (0xff >> (8 - BITS)));
    let bytes = row.get(x / per_byte..).unwrap_or_default();
    let skip = x % per_byte;
    let (head, body) = dst.split_at_mut(((per_byte - skip) % per_byte).min(dst.len()));
    let (first, bytes) =
        if skip == 0 { (&[][..], bytes) } else { bytes.split_at(1.min(bytes.len())) };
    for byte in first {
        for (i, pixel) in (skip..).zip(head.iter_mut()) {
            put(pixel, value(*byte, i));
        }
    }
    let whole = body.len() / per_byte;
    let mut pixels = body.chunks_exact_mut(per_byte);
    for (pixels, byte) in pixels.by_ref().zip(bytes) {
        for (i, pixel) in pixels.iter_mut().enumerate() {
            put(pixel, value(*byte, i));
        }
    }
    if let Some(byte) = bytes.get(whole) {
        for (i, pixel) in pixels.into_remainder().iter_mut().enumerate() {
            put(pixel, value(*byte, i));
        }
    }
}

/// Bytes down or up a column, one panel pixel each, four at a time: 4.8 instructions per pixel on a Cortex-M4. `false` where
/// they are not all in the view.
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
    let stride = view.stride_bytes.max(1);
    let bytes = view.bytes.get(first * stride + x + usize::from(view.skip)..).unwrap_or_default();
    if bytes.len() <= count.saturating_sub(1) * stride {
        return false;
    }
    let color = |index: u8| colors[usize::from(index)];
    let put = |(pixel, index): (&mut T, &u8)| *pixel = color(*index);
    if is_reversed {
        let (rest, fours) = dst.as_rchunks_mut();
        let bytes = each_four(fours.iter_mut().rev(), bytes, stride, |[d, c, b, a], rows| {
            [*a, *b, *c, *d] = rows.map(color);
        });
        rest.iter_mut().rev().zip(bytes.iter().step_by(stride)).for_each(put);
    } else {
        let (fours, rest) = dst.as_chunks_mut();
        let bytes =
            each_four(fours.iter_mut(), bytes, stride, |four, rows| *four = rows.map(color));
        rest.iter_mut().zip(bytes.iter().step_by(stride)).for_each(put);
    }
    true
}

/// Calls `put` with each four pixels and their bytes, which are `stride` apart. Returns what is behind those.
#[inline]
fn each_four<'b, T: 'b>(
    fours: impl Iterator<Item = &'b mut [T; 4]>,
    mut bytes: &'b [u8],
    stride: usize,
    put: impl Fn(&mut [T; 4], [u8; 4]),
) -> &'b [u8] {
    for four in fours {
        let Some((block, after)) = bytes.split_at_checked(4 * stride) else {
            // Behind the last byte of all there is no whole row.
            put(four, [0, 1, 2, 3].map(|row| bytes.get(row * stride).copied().unwrap_or_default()));
            return &[];
        };
        // Its length is what bounds these: they are not checked.
        put(four, [block[0], block[stride], block[2 * stride], block[3 * stride]]);
        bytes = after;
    }
    bytes
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
        let double = |index: &u8| [colors[usize::from(*index)]; 2];
        let (eights, rest) = body.as_chunks_mut::<8>();
        let (fours, _) = indices.as_chunks::<4>();
        for ([a, b, c, d, e, f, g, h], [i, j, k, l]) in eights.iter_mut().zip(fours) {
            ([*a, *b], [*c, *d]) = (double(i), double(j));
            ([*e, *f], [*g, *h]) = (double(k), double(l));
        }
        let indices = indices.get(4 * eights.len()..).unwrap_or_default();
        for (pixels, index) in rest.chunks_mut(2).zip(indices) {
            pixels.fill(colors[usize::from(*index)]);
        }
    } else {
        for (pixels, index) in body.chunks_mut(scale).zip(indices) {
            pixels.iter_mut().for_each(|pixel| *pixel = colors[usize::from(*index)]);
        }
    }
    true
}

/// One colour, eight pixels at a time: 1 instruction per pixel on a Cortex-M4.
pub(crate) fn fill<T: Copy>(dst: &mut [T], raw: T) {
    let (eights, rest) = dst.as_chunks_mut::<8>();
    eights.iter_mut().for_each(|eight| *eight = [raw; 8]);
    rest.iter_mut().for_each(|pixel| *pixel = raw);
}

/// As many pixels as both have, eight at a time: 1 instruction per pixel on a Cortex-M4. What the compiler brings for bare targets
/// takes more than twice as many.
pub(crate) fn copy<T: Copy>(dst: &mut [T], src: &[T]) {
    let (dst_eights, dst_rest) = dst.as_chunks_mut::<8>();
    let (src_eights, _) = src.as_chunks::<8>();
    let src_rest = src.get(8 * dst_eights.len()..).unwrap_or_default();
    for ([a, b, c, d, e, f, g, h], src) in dst_eights.iter_mut().zip(src_eights) {
        // One by one: an assignment of all would make the loop a call of that `memcpy`.
        [*a, *b, *c, *d, *e, *f, *g, *h] = *src;
    }
    dst_rest.iter_mut().zip(src_rest).for_each(|(dst, src)| *dst = *src);
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

/// 24-bit colours to the panel's format: four at a time, read as three words.
fn bgr24<C: PixelFormat>(dst: &mut [C::Raw], row: &[u8], x: usize, format: C) {
    let raw = |value: u32| format.raw(crate::Rgb888::new(value));
    let bytes = row.get(3 * x..).unwrap_or_default();
    let (dst_fours, dst_rest) = dst.as_chunks_mut::<4>();
    let (fours, _) = bytes.as_chunks::<12>();
    let (rest, _) = bytes.get(12 * dst_fours.len()..).unwrap_or_default().as_chunks::<3>();
    for (pixels, &[a, b, c, d, e, f, g, h, i, j, k, l]) in dst_fours.iter_mut().zip(fours) {
        let low = u32::from_le_bytes([a, b, c, d]);
        let middle = u32::from_le_bytes([e, f, g, h]);
        let high = u32::from_le_bytes([i, j, k, l]);
        let values = [low, low >> 24 | middle << 8, middle >> 16 | high << 16, high >> 8];
        *pixels = values.map(raw);
    }
    for (pixel, &[blue, green, red]) in dst_rest.iter_mut().zip(rest) {
        *pixel = raw(u32::from_le_bytes([blue, green, red, 0]));
    }
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
    use crate::{Area, Mapping, Rgb565Le, Size, Strip, TileView};

    const fn span(x1: i16, x2: i16) -> Area {
        Area::new(x1, 0, x2, 1)
    }

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
                    for count in 1..=20 - x {
                        let (mut fast, mut slow) = ([0; 20], [0; 20]);
                        let mapping = Mapping {
                            area: span(-x, 20 - x),
                            scale: 1,
                            transposed: false,
                            mirror_x: false,
                            mirror_y: false,
                            tile: (20, 1),
                            columns: 1,
                        };
                        let mut strip = Strip::new(span(0, count), &mut fast, Rgb565Le).unwrap();
                        let (colors, tiles) = (Colors::Ready(table), TileView::One(0));
                        Picture { mapping, view, colors, tiles }.paint(&mut strip);
                        for (x, pixel) in (x..x + count).zip(&mut slow) {
                            let x = usize::try_from(x).unwrap();
                            *pixel = table.get(view.get(x, 0)).unwrap_or(0);
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
        let mapping = Mapping {
            area: span(0, 3),
            scale: 1,
            transposed: false,
            mirror_x: false,
            mirror_y: false,
            tile: (3, 3),
            columns: 1,
        };
        let picture = Picture { mapping, view, colors, tiles: TileView::One(0) };
        let check = |heading: Heading, start: Start, expected: [u16; 6]| {
            let mut dst = [0; 6];
            Painter::new(&picture, Rgb565Le, heading).paint(&mut dst, start);
            assert_eq!(dst, expected, "{heading:?} {start:?}");
        };
        let heading = Heading { scale: 3, ..Heading::STRAIGHT };
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
