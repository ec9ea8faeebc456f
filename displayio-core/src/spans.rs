//! The inner loops: runs of source pixels become runs of raw pixels.
//!
//! The unit of work is a span: pixels of one strip row that come from one row (or column) of one tile. Everything that is
//! the same for a span (storage, transparency, kind of colours) is decided before its loop. Each loop exists once per
//! pixel format.

mod straight;
mod turned;

use core::slice;

use bytemuck::Pod;

pub(crate) use self::straight::ink_eight;
use self::{
    straight::{Bytes, Converted, Few, Ink, OpaqueBits, OpaqueBytes, OpaqueNibbles, bgr24, rgb565},
    turned::{column, stretch, widened},
};
use crate::{
    Colors, Colorspace, Conversion, Depth, Picture, PixelFormat, PixelLayout, PixelSource, Strip,
    Table, View,
    picture::{PaintRun, PaintTiles},
};

/// For `BITS`: how pixels are stored is known from views only, not from the type of their source.
const ANY: u8 = 0;

/// How the pixels of a view are stored. Its source is of `BITS` per pixel; or it is any, and the view tells.
#[inline]
pub(crate) const fn layout_of<const BITS: u8>(view: &View<'_>) -> PixelLayout {
    match const { PixelLayout::of_bits(BITS) } {
        Some(layout) => layout,
        None => view.layout,
    }
}

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

/// Paints what a grid has in a strip.
type AnyPicture<C> = fn(&Picture<'_, C>, &mut Strip<'_, C>);

/// All loops for sources of one depth, or of any.
pub(crate) struct AllLoops<C: PixelFormat> {
    any_ready: AnySpan<C>,
    any_rgb: AnySpan<C>,
    any_converted: AnySpan<C>,
    single: AnyPicture<C>,
    cells: AnyPicture<C>,
    /// Paints a grid that is scaled, transposed or mirrored left to right.
    pub turned: AnyPicture<C>,
}

impl<C: PixelFormat> AllLoops<C> {
    /// For a source, as far as its type tells. In a constant, others are not compiled.
    pub(crate) const fn of<S: PixelSource>() -> Self {
        match S::LAYOUT {
            Some(PixelLayout::Packed(Depth::Bpp1)) => Self::of_bits::<1>(),
            Some(PixelLayout::Packed(Depth::Bpp2)) => Self::of_bits::<2>(),
            Some(PixelLayout::Packed(Depth::Bpp4)) => Self::of_bits::<4>(),
            Some(PixelLayout::Packed(Depth::Bpp8)) => Self::of_bits::<8>(),
            Some(PixelLayout::Packed(Depth::Bpp16)) => Self::of_bits::<16>(),
            Some(PixelLayout::Packed(Depth::Bpp32)) => Self::of_bits::<32>(),
            Some(PixelLayout::Bgr24) => Self::of_bits::<24>(),
            // Those without a loop of their own.
            Some(PixelLayout::Bgrx32 | PixelLayout::Rgb555 | PixelLayout::Rgb565) | None => {
                Self::of_bits::<ANY>()
            }
        }
    }

    const fn of_bits<const BITS: u8>() -> Self {
        Self {
            any_ready: any_ready::<BITS, C>,
            any_rgb: any_rgb::<BITS, C>,
            any_converted: any_converted::<BITS, C>,
            single: paint_straight::<BITS, true, C>,
            cells: paint_straight::<BITS, false, C>,
            turned: |picture, strip| picture.paint_turned::<BITS>(strip),
        }
    }
}

/// Loops for one kind of colours, and for one cell or more.
///
/// Pointers, chosen where it is known what a source, a shader and a grid have: programs then need not have the loops of
/// others.
#[derive(Clone, Copy)]
pub(crate) struct Loops<C: PixelFormat> {
    pub any: AnySpan<C>,
    convert: Option<Convert<C>>,
    /// Paints a grid that is neither scaled nor transposed, nor mirrored left to right.
    pub straight: AnyPicture<C>,
}

impl<C: PixelFormat> Loops<C> {
    #[inline]
    pub(crate) fn new<S: PixelSource>(
        colors: &Colors<'_, C>,
        layout: PixelLayout,
        is_single: bool,
    ) -> Self {
        use Colorspace::{Rgb565, Rgb888};
        let all = const { AllLoops::<C>::of::<S>() };
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
            Colors::Ready(_) => all.any_ready,
            Colors::Rgb { .. } => all.any_rgb,
            Colors::Convert(_) => all.any_converted,
        };
        Self { any, convert, straight: if is_single { all.single } else { all.cells } }
    }
}

fn any_ready<const BITS: u8, C: PixelFormat>(
    picture: &Picture<'_, C>,
    _: C,
    dst: &mut [C::Raw],
    heading: Heading,
    start: Start,
) {
    if let Colors::Ready(table) = picture.colors {
        stretch::<BITS, _>(dst, picture.view, heading, start, |value, _, _| table.get(value));
    }
}

fn any_rgb<const BITS: u8, C: PixelFormat>(
    picture: &Picture<'_, C>,
    format: C,
    dst: &mut [C::Raw],
    heading: Heading,
    start: Start,
) {
    if let Colors::Rgb { table, dither } = picture.colors {
        let conversion = Conversion::of_rgb(dither);
        stretch::<BITS, _>(dst, picture.view, heading, start, |value, x, y| {
            conversion.raw(format, table.get(value)?, x, y)
        });
    }
}

fn any_converted<const BITS: u8, C: PixelFormat>(
    picture: &Picture<'_, C>,
    format: C,
    dst: &mut [C::Raw],
    heading: Heading,
    start: Start,
) {
    if let Colors::Convert(conversion) = picture.colors {
        stretch::<BITS, _>(dst, picture.view, heading, start, |value, x, y| {
            conversion.raw(format, value, x, y)
        });
    }
}

/// Paints a grid that is neither scaled nor transposed, nor mirrored left to right, by the best loop for its pixels.
fn paint_straight<const BITS: u8, const IS_SINGLE: bool, C: PixelFormat>(
    picture: &Picture<'_, C>,
    strip: &mut Strip<'_, C>,
) {
    let format = strip.format();
    let by = Straight::<BITS, IS_SINGLE, C> { picture, strip };
    if matches!(BITS, ANY | 16 | 24)
        && let Some(convert) = picture.loops.convert
    {
        return by.paint(&Converted { convert, format });
    }
    let layout = layout_of::<BITS>(picture.view);
    let (Colors::Ready(table), PixelLayout::Packed(depth)) = (&picture.colors, layout) else {
        return by.paint_slowly();
    };
    match depth {
        _ if table.colors.is_empty() => {}
        Depth::Bpp8 => match opaque_256(table) {
            Some(colors) => by.paint_tiles(&OpaqueBytes(colors)),
            None => by.paint_tiles(&Bytes(table)),
        },
        Depth::Bpp4 => {
            let completed: [_; 16];
            let colors = match table.colors.first_chunk() {
                Some(colors) => colors,
                None => {
                    completed = complete(table);
                    &completed
                }
            };
            match clear_values::<16>(table) {
                0 => by.paint_tiles(&OpaqueNibbles(colors)),
                clear => by.paint(&Few::<_, 4, 16> { colors, clear }),
            }
        }
        Depth::Bpp2 => {
            let clear = clear_values::<4>(table);
            by.paint(&Few::<[_; 4], 2, 4> { colors: complete(table), clear });
        }
        Depth::Bpp1 => {
            let [zero, one] = complete(table);
            // Value 0 is on top.
            match clear_values::<2>(table) >> 30 {
                0b00 => by.paint(&OpaqueBits([[zero; 2], [zero, one], [one, zero], [one; 2]])),
                0b10 => by.paint(&Ink { color: one, blank: 0 }),
                0b01 => by.paint(&Ink { color: zero, blank: 0xff }),
                _ => {}
            }
        }
        Depth::Bpp16 | Depth::Bpp32 => by.paint_slowly(),
    }
}

/// A grid whose pixels are the panel's, about to be painted in a strip.
struct Straight<'p, 's, const BITS: u8, const IS_SINGLE: bool, C: PixelFormat> {
    picture: &'p Picture<'p, C>,
    strip: &'p mut Strip<'s, C>,
}

impl<const BITS: u8, const IS_SINGLE: bool, C: PixelFormat> Straight<'_, '_, BITS, IS_SINGLE, C> {
    #[inline]
    fn paint(self, fast: &impl PaintRun<C::Raw>) {
        if IS_SINGLE {
            self.paint_one(fast);
        } else {
            self.paint_cells(Some(fast), None);
        }
    }

    #[inline]
    fn paint_tiles(self, fast: &(impl PaintRun<C::Raw> + PaintTiles<C::Raw>)) {
        if IS_SINGLE {
            self.paint_one(fast);
        } else {
            self.paint_cells(Some(fast), Some(fast));
        }
    }

    fn paint_slowly(self) {
        if IS_SINGLE {
            self.picture.paint_turned::<BITS>(self.strip);
        } else {
            self.paint_cells(None, None);
        }
    }

    #[inline]
    fn paint_one(self, fast: &dyn PaintRun<C::Raw>) {
        if !self.picture.paint_one(self.strip, fast) {
            self.paint_slowly();
        }
    }

    fn paint_cells(
        self,
        fast: Option<&dyn PaintRun<C::Raw>>,
        by_tiles: Option<&dyn PaintTiles<C::Raw>>,
    ) {
        loop {
            self.picture.paint_cells(self.strip, fast, by_tiles);
            if !self.strip.advance_in(&self.picture.mapping.area) {
                return;
            }
        }
    }
}

/// Paints spans of a grid that is scaled, transposed or mirrored.
pub(crate) struct Painter<'a, const BITS: u8, C: PixelFormat> {
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

impl<'a, const BITS: u8, C: PixelFormat> Painter<'a, BITS, C> {
    #[inline]
    pub(crate) const fn new(picture: &'a Picture<'a, C>, format: C, heading: Heading) -> Self {
        let Heading { vertical, backward, scale } = heading;
        let opaque = match (&picture.colors, layout_of::<BITS>(picture.view)) {
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
            _ if !matches!(BITS, ANY | 8) => false,
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
    let transparent = match table.transparent {
        [] => 0,
        [byte] => u32::from(*byte),
        [first, second, ..] => u16::from_le_bytes([*first, *second]).into(),
    };
    let beyond = if table.colors.len() < N { u32::MAX << table.colors.len() } else { 0 };
    ((transparent | beyond) & (u32::MAX >> (32 - N))).reverse_bits()
}

/// A table with a colour for each value of a byte.
const fn opaque_256<'t, T>(table: &Table<'t, T>) -> Option<&'t [T; 256]> {
    if table.transparent.is_empty() { table.colors.first_chunk() } else { None }
}

/// One colour, by words if pixels fill them: a third of an instruction per pixel of 16 bits on a Cortex-M4, and some 25 for
/// where the run begins and ends.
#[inline(never)]
pub(crate) fn fill<T: Pod>(dst: &mut [T], raw: T) {
    let mut word = 0;
    let Ok(pixels_of_word) = bytemuck::try_cast_slice_mut(slice::from_mut(&mut word)) else {
        return dst.iter_mut().for_each(|pixel| *pixel = raw);
    };
    pixels_of_word.iter_mut().for_each(|pixel| *pixel = raw);
    // Two pixels to a word: only the first and the last may be beside the words.
    let has_halves = pixels_of_word.len() == 2;
    if has_halves {
        fill_ends::<_, 1>(dst, raw);
    }
    let (head, words, tail) = bytemuck::pod_align_to_mut(dst);
    if !has_halves {
        head.iter_mut().chain(tail).for_each(|pixel| *pixel = raw);
    }
    fill_words(words, word);
}

/// Eight words at a time, spelt out for compilers that keep programs small. Returns those that are left.
#[inline]
pub(crate) fn fill_eights(words: &mut [u32], word: u32) -> &mut [u32] {
    let (eights, rest) = words.as_chunks_mut();
    for [a, b, c, d, e, f, g, h] in eights {
        (*a, *b, *c, *d) = (word, word, word, word);
        (*e, *f, *g, *h) = (word, word, word, word);
    }
    rest
}

/// Short runs, as shapes have, without a loop.
#[inline]
fn fill_words(words: &mut [u32], word: u32) {
    if words.len() >= 32 {
        return fill_many(words, word);
    }
    let _ = fill_ends::<_, 16>(words, word)
        || fill_ends::<_, 8>(words, word)
        || fill_ends::<_, 4>(words, word)
        || fill_ends::<_, 2>(words, word)
        || fill_ends::<_, 1>(words, word);
}

/// Apart: in one function with its loop, short runs take more instructions.
#[inline(never)]
fn fill_many(words: &mut [u32], word: u32) {
    fill_eights(words, word).iter_mut().for_each(|last| *last = word);
}

/// Fills the first `N` and the last `N`, unless there are fewer: all, where there are less than twice as many.
#[inline]
fn fill_ends<T: Copy, const N: usize>(dst: &mut [T], value: T) -> bool {
    let Some(first) = dst.first_chunk_mut::<N>() else { return false };
    *first = [value; N];
    if let (_, [.., last]) = dst.as_rchunks_mut::<N>() {
        *last = [value; N];
    }
    true
}

/// As many pixels as both have, eight at a time: 1 instruction per pixel on a Cortex-M4. What the compiler brings for bare targets
/// takes more than twice as many.
#[inline(never)]
pub(crate) fn copy<T: Copy>(dst: &mut [T], src: &[T]) {
    let count = dst.len().min(src.len());
    let (dst_eights, dst_rest) = dst[..count].as_chunks_mut::<8>();
    let (src_eights, src_rest) = src[..count].as_chunks::<8>();
    for ([a, b, c, d, e, f, g, h], src) in dst_eights.iter_mut().zip(src_eights) {
        // One by one: an assignment of all would make the loop a call of that `memcpy`.
        [*a, *b, *c, *d, *e, *f, *g, *h] = *src;
    }
    // Two at a time, for the same reason.
    let (dst_twos, dst_last) = dst_rest.as_chunks_mut::<2>();
    let (src_twos, src_last) = src_rest.as_chunks::<2>();
    for ([a, b], src) in dst_twos.iter_mut().zip(src_twos) {
        [*a, *b] = *src;
    }
    if let ([dst], [src]) = (dst_last, src_last) {
        *dst = *src;
    }
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
                        Picture::of_view::<View<'_>>(&mapping, &view, colors)
                            .paint::<View<'_>>(&mut strip);
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
    fn fills_reach_every_pixel_of_a_run_and_none_beside_it() {
        fn check<T: Pod + PartialEq + core::fmt::Debug + Default>(raw: T) {
            for start in 0..5 {
                for end in start..100 {
                    let mut pixels = [T::default(); 100];
                    fill(&mut pixels[start..end], raw);
                    let is_filled = |at: usize| pixels[at] == raw;
                    assert!((start..end).all(is_filled), "{raw:?}: {start} to {end}");
                    assert!(
                        !(0..start).chain(end..100).any(is_filled),
                        "{raw:?}: {start} to {end}"
                    );
                }
            }
        }
        check(7_u8);
        check(0x1234_u16);
        check([1_u8, 2, 3]);
        check(0x1234_5678_u32);
        check(0x1234_5678_9abc_u64);
    }

    #[test]
    fn as_many_are_copied_as_both_have() {
        let src: [u16; 20] = core::array::from_fn(|i| u16::try_from(i).unwrap() + 1);
        for (room, given) in (0..20).flat_map(|room| (0..20).map(move |given| (room, given))) {
            let mut dst = [0; 20];
            copy(&mut dst[..room], &src[..given]);
            let count = room.min(given);
            assert_eq!(dst[..count], src[..count], "{room} of {given}");
            assert_eq!(dst[count..], [0; 20][count..], "{room} of {given}");
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
        let picture = Picture::of_view::<View<'_>>(&mapping, &view, colors);
        let check = |heading: Heading, start: Start, expected: [u16; 6]| {
            let mut dst = [0; 6];
            Painter::<'_, ANY, _>::new(&picture, Rgb565Le, heading).paint(&mut dst, start);
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
