//! The inner loops: runs of source pixels become runs of raw pixels.
//!
//! The unit of work is a span: pixels of one strip row that come from one row (or column) of one tile. Everything that is
//! the same for a span (storage, transparency, kind of colours) is decided before its loop. Each loop exists once per
//! pixel format.

use core::slice;

use bytemuck::Pod;

use crate::{
    Colors, Colorspace, Conversion, Depth, Picture, PixelFormat, PixelLayout, Strip, Table, View,
    picture::{Line, PaintCells, PaintRun},
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

/// Paints a span of a picture, value by value.
type AnySpan<C> = fn(&Picture<'_, C>, C, &mut [<C as PixelFormat>::Raw], Heading, Start);

/// Paints a span of a straight grid that shows colours, from the bytes of its row and its first pixel in those.
type Convert<C> = fn(&mut [<C as PixelFormat>::Raw], &[u8], usize, C);

/// Loops for one kind of colours, and for one cell or more.
///
/// Pointers, chosen where it is known what a shader and a grid have: programs then need not have the loops of others.
#[derive(Clone, Copy)]
pub(crate) struct Loops<C: PixelFormat> {
    pub any: AnySpan<C>,
    convert: Option<Convert<C>>,
    /// Paints a grid that is neither scaled nor transposed, nor mirrored left to right.
    pub straight: fn(&Picture<'_, C>, &mut Strip<'_, C>),
}

impl<C: PixelFormat> Loops<C> {
    #[inline]
    pub(crate) fn new(colors: &Colors<'_, C>, layout: PixelLayout, is_single: bool) -> Self {
        use Colorspace::{Rgb565, Rgb888};
        let convert: Option<Convert<C>> = match (colors, layout) {
            (
                Colors::Convert(Conversion { input: Rgb565, dither: false, transparent: None }),
                PixelLayout::Packed(Depth::Bpp16),
            ) => Some(rgb565),
            (
                Colors::Convert(Conversion { input: Rgb888, dither: false, transparent: None }),
                PixelLayout::Bgr24,
            ) => Some(bgr24),
            _ => None,
        };
        let any = match colors {
            Colors::Ready(_) => any_ready,
            Colors::Rgb { .. } => any_rgb,
            Colors::Convert(_) => any_converted,
        };
        let straight =
            if is_single { paint_straight::<true, C> } else { paint_straight::<false, C> };
        Self { any, convert, straight }
    }
}

fn any_ready<C: PixelFormat>(
    picture: &Picture<'_, C>,
    _: C,
    dst: &mut [C::Raw],
    heading: Heading,
    start: Start,
) {
    if let Colors::Ready(table) = picture.colors {
        stretch(dst, picture.view, heading, start, |value, _, _| table.get(value));
    }
}

fn any_rgb<C: PixelFormat>(
    picture: &Picture<'_, C>,
    format: C,
    dst: &mut [C::Raw],
    heading: Heading,
    start: Start,
) {
    if let Colors::Rgb { table, dither } = picture.colors {
        let conversion = Conversion::of_rgb(dither);
        stretch(dst, picture.view, heading, start, |value, x, y| {
            conversion.raw(format, table.get(value)?, x, y)
        });
    }
}

fn any_converted<C: PixelFormat>(
    picture: &Picture<'_, C>,
    format: C,
    dst: &mut [C::Raw],
    heading: Heading,
    start: Start,
) {
    if let Colors::Convert(conversion) = picture.colors {
        stretch(dst, picture.view, heading, start, |value, x, y| {
            conversion.raw(format, value, x, y)
        });
    }
}

/// Paints a grid that is neither scaled nor transposed, nor mirrored left to right, by the best loop for its pixels.
fn paint_straight<const IS_SINGLE: bool, C: PixelFormat>(
    picture: &Picture<'_, C>,
    strip: &mut Strip<'_, C>,
) {
    let format = strip.format();
    let by = Straight::<IS_SINGLE, C> { picture, strip };
    if let Some(convert) = picture.loops.convert {
        return by.paint(&Converted { convert, format });
    }
    let (Colors::Ready(table), PixelLayout::Packed(depth)) = (picture.colors, picture.view.layout)
    else {
        return by.paint_slowly();
    };
    match depth {
        _ if table.colors.is_empty() => {}
        Depth::Bpp8 => match opaque_256(&table) {
            Some(colors) => by.paint(&OpaqueBytes(colors)),
            None => by.paint(&Bytes(&table)),
        },
        Depth::Bpp4 => {
            let completed: [_; 16];
            let colors = match table.colors.first_chunk() {
                Some(colors) => colors,
                None => {
                    completed = complete(&table);
                    &completed
                }
            };
            match clear_values::<16>(&table) {
                0 => by.paint(&OpaqueNibbles(colors)),
                clear => by.paint(&Nibbles { colors, clear }),
            }
        }
        Depth::Bpp2 => {
            by.paint(&Twos { colors: complete(&table), clear: clear_values::<4>(&table) });
        }
        Depth::Bpp1 => {
            let colors @ [zero, one] = complete(&table);
            match clear_values::<2>(&table) {
                0 => by.paint(&OpaqueBits([[zero; 2], [zero, one], [one, zero], [one; 2]])),
                clear => by.paint(&Bits { colors, clear }),
            }
        }
        Depth::Bpp16 | Depth::Bpp32 => by.paint_slowly(),
    }
}

/// A grid whose pixels are the panel's, about to be painted in a strip.
struct Straight<'p, 's, const IS_SINGLE: bool, C: PixelFormat> {
    picture: &'p Picture<'p, C>,
    strip: &'p mut Strip<'s, C>,
}

impl<const IS_SINGLE: bool, C: PixelFormat> Straight<'_, '_, IS_SINGLE, C> {
    #[inline]
    fn paint(self, fast: &impl PaintCells<C::Raw>) {
        if IS_SINGLE {
            self.picture.paint_one(self.strip, Some(fast));
        } else {
            self.picture.paint_cells(self.strip, Some(fast));
        }
    }

    fn paint_slowly(self) {
        if IS_SINGLE {
            self.picture.paint_one(self.strip, None);
        } else {
            self.picture.paint_cells(self.strip, None);
        }
    }
}

/// Paints spans of a grid that is scaled, transposed or mirrored.
pub(crate) struct Painter<'a, C: PixelFormat> {
    picture: &'a Picture<'a, C>,
    format: C,
    heading: Heading,
    kind: Kind<'a, C::Raw>,
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
    pub(crate) const fn new(picture: &'a Picture<'a, C>, format: C, heading: Heading) -> Self {
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
        Self { picture, format, heading, kind }
    }

    #[inline]
    pub(crate) fn paint(&self, dst: &mut [C::Raw], start: Start) {
        let (view, Heading { backward, scale, .. }) = (self.picture.view, self.heading);
        let is_painted = match self.kind {
            Kind::Widened(colors) => widened(dst, view, start, scale, colors),
            Kind::Column(colors) => column(dst, view, start, backward, colors),
            Kind::Any => false,
        };
        if !is_painted {
            (self.picture.loops.any)(self.picture, self.format, dst, self.heading, start);
        }
    }
}

/// The first `N` colours, as far as there are any.
fn complete<T: Copy + Default, const N: usize>(table: &Table<'_, T>) -> [T; N] {
    core::array::from_fn(|value| table.colors.get(value).copied().unwrap_or_default())
}

/// A bit for each of the first `N` values, at most 16, that is transparent or beyond the table: from the top, value 0 first.
#[inline]
fn clear_values<const N: usize>(table: &Table<'_, impl Copy>) -> u32 {
    let byte = |at| table.transparent.get(at).map_or(0, |byte| u32::from(*byte));
    let beyond = if table.colors.len() < N { u32::MAX << table.colors.len() } else { 0 };
    ((byte(0) | byte(1) << 8 | beyond) & (u32::MAX >> (32 - N))).reverse_bits()
}

/// Whether [`clear_values`] has a value: it is the sign of a shifted word.
#[inline]
const fn is_clear(clear: u32, value: usize) -> bool {
    (clear << value).cast_signed() < 0
}

/// Pixels of one bit, both values with a colour: two at a time, by the four pairs that there are. 1.6 instructions per pixel
/// on a Cortex-M4.
struct OpaqueBits<T>([[T; 2]; 4]);

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

/// Pixels of one bit, of which one value or both have no colour.
struct Bits<T> {
    colors: [T; 2],
    clear: u32,
}

impl<T: Copy> PaintRun<T> for Bits<T> {
    fn run(&self, dst: &mut [T], row: &[u8], x: usize) {
        fields::<1, T>(dst, row, x, |pixel, value| {
            if !is_clear(self.clear, value) {
                *pixel = self.colors[value];
            }
        });
    }
}

impl<T: Copy> PaintCells<T> for Bits<T> {}

/// Values of 2 bits, of which some may have no colour. 7 instructions per pixel on a Cortex-M4.
struct Twos<T> {
    colors: [T; 4],
    clear: u32,
}

impl<T: Copy> PaintRun<T> for Twos<T> {
    fn run(&self, dst: &mut [T], row: &[u8], x: usize) {
        fields::<2, T>(dst, row, x, |pixel, value| {
            if !is_clear(self.clear, value) {
                *pixel = self.colors[value];
            }
        });
    }
}

impl<T: Copy> PaintCells<T> for Twos<T> {}

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
}

impl<T: Copy> PaintCells<T> for OpaqueBytes<'_, T> {
    fn cells(&self, dst: &mut [T], tiles: &[u8], line: &Line<'_>) -> usize {
        line.each_eight(dst, tiles, |pixels, values| self.eight(pixels, values))
    }
}

/// One value per byte, of which some may have no colour.
struct Bytes<'t, T>(&'t Table<'t, T>);

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
struct Converted<C: PixelFormat> {
    convert: Convert<C>,
    format: C,
}

impl<C: PixelFormat> PaintRun<C::Raw> for Converted<C> {
    fn run(&self, dst: &mut [C::Raw], row: &[u8], x: usize) {
        (self.convert)(dst, row, x, self.format);
    }
}

impl<C: PixelFormat> PaintCells<C::Raw> for Converted<C> {}

/// Values of 4 bits, all with a colour. 4 instructions per pixel on a Cortex-M4.
struct OpaqueNibbles<'c, T>(&'c [T; 16]);

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

/// Values of 4 bits, of which some have no colour. 6 instructions per pixel on a Cortex-M4.
struct Nibbles<'c, T> {
    colors: &'c [T; 16],
    clear: u32,
}

impl<T: Copy> PaintRun<T> for Nibbles<'_, T> {
    fn run(&self, dst: &mut [T], row: &[u8], x: usize) {
        fields::<4, T>(dst, row, x, |pixel, value| {
            if !is_clear(self.clear, value) {
                *pixel = self.colors[value];
            }
        });
    }
}

impl<T: Copy> PaintCells<T> for Nibbles<'_, T> {}

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
    let Some(last) = count.checked_sub(1) else { return true };
    // One to four pixels are left: the last byte has no whole row behind it.
    let whole = last / 4 * 4;
    let color = |index: u8| colors[usize::from(index)];
    let put = |(pixel, index): (&mut T, &u8)| *pixel = color(*index);
    if is_reversed {
        let (rest, fours) = dst.split_at_mut(count - whole);
        let fours = fours.as_chunks_mut().0.iter_mut().rev();
        let bytes = each_four(fours, bytes, stride, |[d, c, b, a], rows| {
            [*a, *b, *c, *d] = rows.map(color);
        });
        rest.iter_mut().rev().zip(bytes.iter().step_by(stride)).for_each(put);
    } else {
        let (fours, rest) = dst.split_at_mut(whole);
        let fours = fours.as_chunks_mut().0.iter_mut();
        let bytes = each_four(fours, bytes, stride, |four, rows| *four = rows.map(color));
        rest.iter_mut().zip(bytes.iter().step_by(stride)).for_each(put);
    }
    true
}

/// Calls `put` with each four pixels and their bytes, which are `stride` apart. Returns what is behind those.
#[inline(never)]
fn each_four<'b, T: 'b>(
    fours: impl Iterator<Item = &'b mut [T; 4]>,
    mut bytes: &'b [u8],
    stride: usize,
    put: impl Fn(&mut [T; 4], [u8; 4]),
) -> &'b [u8] {
    for four in fours {
        let Some((block, after)) = bytes.split_at_checked(4 * stride) else { break };
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

/// As many pixels as both have, eight at a time: 1 instruction per pixel on a Cortex-M4. What the compiler brings for bare targets
/// takes more than twice as many.
#[inline(never)]
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
    use crate::{Area, Mapping, Rgb565Le, Size, Strip};

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
                        let colors = Colors::Ready(table);
                        Picture::of_view(&mapping, &view, colors).paint(&mut strip);
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
        let picture = Picture::of_view(&mapping, &view, colors);
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
