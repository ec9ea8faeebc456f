//! Glyphs into the rows of a bitmap, a band of rows at a time, and where the rows differ from what they were.

use core::fmt::{self, Write};

use super::{
    Accent, Align, Decoration, Font, Glyph, GlyphId, TextBounds, TextStyle,
    measure::{Cursor, Measured, for_each_char, walk},
};
use crate::{Canvas, Depth, PixelLayout, Size, View};

/// A band is composed on the stack, then compared with the bitmap.
const BAND_BYTES: usize = 512;

/// Pixels of the text, of its outline, and where an outline is to be drawn.
const INK: u32 = 1;
const OUTLINE: u32 = 2;

/// Pixels of most fonts.
const BITS: PixelLayout = PixelLayout::Packed(Depth::Bpp1);

/// A text that is drawn into a bitmap.
pub(super) struct Raster<'t> {
    pub(super) font: &'t dyn Font,
    pub(super) style: TextStyle,
    pub(super) decoration: Decoration<'t>,
    /// Of the bitmap.
    pub(super) size: Size,
    pub(super) depth: Depth,
    /// Where the first line's cursor begins.
    pub(super) start: (i32, i32),
    /// How lines are moved in the bitmap's width, with the padding at its right; drawing then ends with the first glyph that
    /// is outside.
    pub(super) align: Option<(Align, i32)>,
}

impl Raster<'_> {
    /// Bytes of a row.
    pub(super) const fn row_bytes(width: u16, depth: Depth) -> usize {
        (width as usize * depth.bits() as usize).div_ceil(8)
    }

    /// Rows above and below a band that its outlines come from.
    fn margin(&self) -> usize {
        if self.decoration.is_outlined { self.decoration.outline_size.into() } else { 0 }
    }

    /// The greatest width of a bitmap: a row of it fits a band, and so do the rows that its outlines come from.
    pub(super) fn max_width(&self) -> u16 {
        let row_bytes = BAND_BYTES / (2 * self.margin() + 1);
        u16::try_from(row_bytes * 8 / usize::from(self.depth.bits())).unwrap_or(u16::MAX)
    }

    /// Rows in a band, margins left out.
    fn band_rows(&self) -> usize {
        let row_bytes = Self::row_bytes(self.size.width, self.depth).max(1);
        (BAND_BYTES / row_bytes).saturating_sub(2 * self.margin()).max(1)
    }

    /// Draws the text into rows of `stride_bytes`, and gives the box around the pixels that differ from before. The bitmap has
    /// at most [`max_width`](Self::max_width).
    pub(super) fn draw(
        &self,
        text: &dyn fmt::Display,
        bytes: &mut [u8],
        stride_bytes: usize,
    ) -> TextBounds {
        let row_bytes = Self::row_bytes(self.size.width, self.depth);
        let (height, margin) = (usize::from(self.size.height), self.margin());
        let mut changed = TextBounds::default();
        let band_rows = self.band_rows();
        let mut first = 0;
        while first < height {
            let rows = band_rows.min(height - first);
            let mut band = [0; BAND_BYTES];
            let above = margin.min(first);
            let all_rows = (above + rows + margin).min(height - first + above);
            let size = Size { height: u16::try_from(all_rows).unwrap_or(u16::MAX), ..self.size };
            let mut canvas =
                Canvas { bytes: &mut band, stride_bytes: row_bytes, size, depth: self.depth };
            self.compose(text, &mut canvas, first - above);
            for row in 0..rows {
                let new =
                    band.get((above + row) * row_bytes..).and_then(|band| band.get(..row_bytes));
                let start = (first + row) * stride_bytes;
                let old = bytes.get_mut(start..start + row_bytes);
                if let (Some(new), Some(old)) = (new, old) {
                    changed = changed.union(&self.replace(old, new, first + row));
                }
            }
            first += rows;
        }
        changed
    }

    /// Puts a row in place of the old one, and gives the box around what differs.
    fn replace(&self, old: &mut [u8], new: &[u8], y: usize) -> TextBounds {
        let (mut x1, mut x2) = (usize::MAX, 0);
        for (i, (old, new)) in old.iter_mut().zip(new).enumerate() {
            let differing = *old ^ *new;
            if differing != 0 {
                x1 = x1.min(8 * i + differing.leading_zeros() as usize);
                x2 = 8 * i + 8 - differing.trailing_zeros() as usize;
                *old = *new;
            }
        }
        if x2 == 0 {
            return TextBounds::default();
        }
        let bits = usize::from(self.depth.bits());
        let (x1, x2) = (x1 / bits, x2.div_ceil(bits).min(self.size.width.into()));
        let within = |v: usize| i32::try_from(v).unwrap_or(i32::MAX);
        TextBounds::new(within(x1), within(y), within(x2.saturating_sub(x1)), 1)
    }

    /// Draws what of the text is in a band whose first row is `top`.
    fn compose(&self, text: &dyn fmt::Display, canvas: &mut Canvas<'_>, top: usize) {
        let Decoration { outline_size, accents, .. } = self.decoration;
        let top = i32::try_from(top).unwrap_or(i32::MAX);
        let lowered = if accents.iter().any(|accent| accent.is_outline) { outline_size } else { 0 };
        let mut cursor = Cursor::new(self.font, &self.style, self.start.0, self.start.1);
        let (mut index, mut line, mut is_over) = (0, 0, false);
        cursor.indent(self.indent(text, line));
        for_each_char(text, &self.style, &mut |character: char| {
            if is_over {
                return;
            }
            let accent = self.decoration.accent(index);
            index += 1;
            let step = cursor.step(character, self.decoration.extra_advance(accent));
            if character == '\n' && self.align.is_some() {
                line += 1;
                cursor.indent(self.indent(text, line));
            }
            let Some((id, glyph, x, y)) = step else { return };
            // As in the reference: characters in other colours stand lower than the rest.
            let lowered = match accent {
                Some(accent) if accent.is_outline => 0,
                Some(_) => outline_size.into(),
                None => i32::from(lowered),
            };
            let y = y - i32::from(glyph.height) - i32::from(glyph.bottom) + lowered - top;
            let corner = ((x + i32::from(glyph.left)).max(0), y.max(-top));
            // Rows above the bitmap are cut off.
            let cut = (-top - y).max(0);
            let (width, height) = (i32::from(self.size.width), i32::from(self.size.height));
            is_over = self.align.is_some() && (corner.0 > width || corner.1 + top > height);
            self.put(canvas, id, &glyph, corner, cut, accent);
        });
        if self.decoration.is_outlined {
            outline(canvas, outline_size.into());
        }
    }

    /// How far a line is moved to the right.
    fn indent(&self, text: &dyn fmt::Display, line: usize) -> i32 {
        let Some((align, right_padding)) = self.align else { return 0 };
        let line = Line { text, line };
        let width = Measured::of(self.font, &self.style, &Decoration::default(), &line).width;
        let spare = i32::from(self.size.width) - width;
        match align {
            Align::Left => 0,
            Align::Center => spare.div_euclid(2),
            Align::Right => spare - right_padding,
        }
    }

    /// Draws a glyph from row `cut` on, its corner at a pixel of the canvas, which may be outside.
    fn put(
        &self,
        canvas: &mut Canvas<'_>,
        id: GlyphId,
        glyph: &Glyph,
        corner: (i32, i32),
        cut: i32,
        accent: Option<&Accent>,
    ) {
        let (left, top) = corner;
        let below = i32::from(canvas.size.height);
        if top >= below
            || top + i32::from(glyph.height) - cut + 2 * i32::from(self.decoration.outline_size)
                <= 0
        {
            return;
        }
        self.font.view(id, &mut |view| {
            let is_plain = view.layout == BITS && view.skip == 0 && !view.bottom_up;
            if is_plain && accent.is_none() && self.depth == Depth::Bpp1 {
                return put_bits(canvas, view, corner, cut);
            }
            let pen = Pen { view, cut, accent, outline_size: self.decoration.outline_size.into() };
            let margin = if accent.is_some() { 2 * pen.outline_size } else { 0 };
            let (width, height) = (i32::from(view.size.width), i32::from(view.size.height) - cut);
            for y in (-top).max(0)..(height + margin).min(below - top) {
                for x in 0..width + margin {
                    if let Some(value) = pen.value(x, y) {
                        let at = (usize::try_from(left + x), usize::try_from(top + y));
                        if let (Ok(x), Ok(y)) = at {
                            canvas.set(x, y, value);
                        }
                    }
                }
            }
        });
    }
}

/// Draws a glyph of one bit per pixel from row `cut` on into a canvas of one bit: bytes at a time.
fn put_bits(canvas: &mut Canvas<'_>, view: &View<'_>, (left, top): (i32, i32), cut: i32) {
    let at_least_0 = |v: i32| usize::try_from(v).unwrap_or(0);
    let (left, first_row) = (at_least_0(left), at_least_0(cut - top.min(0)));
    let (room, stride_bytes) = (canvas.size, canvas.stride_bytes);
    let width = usize::from(room.width).saturating_sub(left).min(view.size.width.into());
    if width == 0 {
        return;
    }
    let glyph_bytes = width.div_ceil(8).min(view.stride_bytes);
    let mut from = first_row * view.stride_bytes;
    let mut to = at_least_0(top) * stride_bytes + left / 8;
    for _ in first_row..view.size.height.into() {
        let row = canvas.bytes.get_mut(to..to + stride_bytes - left / 8);
        let (Some(row), Some(bits)) = (row, view.bytes.get(from..from + glyph_bytes)) else {
            return;
        };
        or_bits(row, left % 8, bits, width);
        (from, to) = (from + view.stride_bytes, to + stride_bytes);
    }
}

/// Sets the pixels of a row from column `x` of its first byte on where bits are set. Bits beyond the width are no pixels.
#[inline]
fn or_bits(mut row: &mut [u8], x: usize, bits: &[u8], mut width: usize) {
    for byte in bits {
        let ink = u32::from(*byte) & 0xff00 >> width.min(8);
        let [.., first, second] = (ink << 8 >> x).to_be_bytes();
        let Some((pixels, after)) = row.split_first_mut() else { return };
        *pixels |= first;
        if let Some(pixels) = after.first_mut() {
            *pixels |= second;
        }
        (row, width) = (after, width.saturating_sub(8));
    }
}

/// One line of a text.
struct Line<'t> {
    text: &'t dyn fmt::Display,
    line: usize,
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut line, mut written) = (0, Ok(()));
        walk(self.text, &mut |character: char| match character {
            '\n' => line += 1,
            other if line == self.line && written.is_ok() => written = f.write_char(other),
            _ => {}
        });
        written
    }
}

/// A glyph as it is drawn.
struct Pen<'p> {
    view: &'p View<'p>,
    /// Rows left out at its top.
    cut: i32,
    accent: Option<&'p Accent>,
    outline_size: i32,
}

impl Pen<'_> {
    /// The glyph's own pixel; 0 outside.
    fn ink(&self, x: i32, y: i32) -> u32 {
        match (usize::try_from(x), usize::try_from(y + self.cut)) {
            (Ok(x), Ok(row)) if y >= 0 => self.view.get(x, row),
            _ => 0,
        }
    }

    /// What is drawn at a pixel, counted from the corner; `None` for nothing.
    fn value(&self, x: i32, y: i32) -> Option<u32> {
        let Some(accent) = self.accent else {
            return Some(self.ink(x, y)).filter(|ink| *ink != 0);
        };
        let (foreground, background) = (accent.foreground.into(), u32::from(accent.background));
        if !accent.is_outline {
            return Some(if self.ink(x, y) == 0 { background } else { foreground });
        }
        let size = self.outline_size;
        if self.ink(x - size, y - size) != 0 {
            return Some(foreground);
        }
        // Only where the glyph is: a brush may be far larger.
        let last = |length: u16, at: i32| at.min(i32::from(length) - 1);
        let columns = (x - 2 * size).max(0)..=last(self.view.size.width, x);
        let mut rows = (y - 2 * size).max(0)..=last(self.view.size.height, y + self.cut) - self.cut;
        let is_inked = |y| columns.clone().any(|x| self.ink(x, y) != 0);
        rows.any(is_inked).then_some(background)
    }
}

/// Draws an outline of a square brush around all ink.
fn outline(canvas: &mut Canvas<'_>, size: usize) {
    let (width, height) = (usize::from(canvas.size.width), usize::from(canvas.size.height));
    for y in 0..height {
        for x in 0..width {
            if canvas.get(x, y) != INK {
                continue;
            }
            for near_y in y.saturating_sub(size)..(y + size + 1).min(height) {
                for near_x in x.saturating_sub(size)..(x + size + 1).min(width) {
                    if canvas.get(near_x, near_y) != INK {
                        canvas.set(near_x, near_y, OUTLINE);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A glyph with ink beyond its width, anywhere in a canvas and cut off at its top, against one pixel at a time.
    #[test]
    fn bytes_of_glyphs_are_their_pixels() {
        let glyph: [u8; 3 * 5] = core::array::from_fn(|i| (i * 91 + 13).to_le_bytes()[0]);
        for (width, stride_bytes) in
            [(0, 3), (1, 1), (7, 1), (8, 1), (8, 3), (9, 2), (17, 3), (24, 3)]
        {
            let view = View::new(&glyph, stride_bytes, Size::new(width, 5), BITS);
            for (canvas_width, left) in
                [1, 7, 8, 21, 32].into_iter().flat_map(|w| (0..36).map(move |x| (w, x)))
            {
                for (top, cut) in (-6..8).flat_map(|top| (0..7).map(move |cut| (top, cut))) {
                    check(&view, Size::new(canvas_width, 7), (left, top), cut);
                }
            }
        }
    }

    fn check(view: &View<'_>, size: Size, corner: (i32, i32), cut: i32) {
        let stride_bytes = Raster::row_bytes(size.width, Depth::Bpp1);
        let (mut fast, mut slow) = ([0x12; 4 * 7], [0x12; 4 * 7]);
        let canvas = |bytes| Canvas { bytes, stride_bytes, size, depth: Depth::Bpp1 };
        let used = stride_bytes * usize::from(size.height);
        put_bits(&mut canvas(&mut fast[..used]), view, corner, cut);
        let mut expected = canvas(&mut slow[..used]);
        for y in cut..view.size.height.into() {
            for x in 0..i32::from(view.size.width) {
                let is_ink =
                    view.get(usize::try_from(x).unwrap(), usize::try_from(y).unwrap()) != 0;
                let at = (usize::try_from(corner.0 + x), usize::try_from(corner.1 + y - cut));
                if let (true, (Ok(x), Ok(y))) = (is_ink, at) {
                    expected.set(x, y, INK);
                }
            }
        }
        assert_eq!(fast, slow, "at {corner:?} of {size:?}, from row {cut} on, {view:?}");
    }
}
