//! Glyphs onto strips.

use super::{
    Glyph, PackedFont, TextBounds,
    layout::{PlacedGlyph, turned_size},
};
use crate::{
    Area, Axes, Mapping, PixelFormat, PixelLayout, Size, Strip, Transform, View,
    mapping::{Local, Turn},
    spans::ink_eight,
};

/// How the glyphs of a label are turned and scaled on the panel, as acknowledged.
#[derive(Clone, Copy)]
pub(super) struct Placement {
    pub(super) transform: Transform,
    pub(super) turn: Turn,
}

impl Placement {
    /// Whether a glyph's pixels are the panel's.
    pub(super) fn is_plain(&self) -> bool {
        self.transform.axes == Axes::IDENTITY && self.turn == Turn::NONE
    }

    /// Where a glyph lies on the panel.
    pub(super) fn area(&self, placed: &PlacedGlyph, glyph: &Glyph) -> Area {
        let Size { width, height } = turned_size(glyph, self.turn);
        self.transform.area(placed.x.into(), placed.y.into(), width, height)
    }

    /// Where a part of a picture lies that has its own `size`, and is at `area`.
    pub(super) fn panel_of(&self, area: Area, size: Size, part: &TextBounds) -> Area {
        let at = |v: i16| usize::from(v.max(0).unsigned_abs());
        let part = Local::at(at(part.x), at(part.y), (part.width.into(), part.height.into()));
        self.mapping(area, (size.width.into(), size.height.into())).panel_of(&part)
    }

    #[inline(never)]
    pub(super) fn mapping(&self, area: Area, size: (usize, usize)) -> Mapping {
        Mapping::new(area, &self.transform.axes, self.turn, size, 1)
    }
}

/// Paints upright glyphs of one bit per pixel in the rows of `clip`, straight from the font's rows.
///
/// Row by row, so that what belongs to a row of the strip is found once for all glyphs. Cost: about 40 instructions per row
/// of a glyph, and 30 per eight pixels with ink.
#[inline(never)]
pub(super) fn paint_plain<C: PixelFormat>(
    strip: &mut Strip<'_, C>,
    clip: &Area,
    origin: (i16, i16),
    font: &PackedFont<'_>,
    placed: impl Iterator<Item = PlacedGlyph> + Clone,
    raw: C::Raw,
) {
    let area = strip.area();
    let left = i32::from(origin.0) - i32::from(area.x1);
    let glyphs = font.glyphs();
    for y in clip.y1..clip.y2 {
        let line = strip.row(y, area.x1, area.x2);
        let from_top = i32::from(y) - i32::from(origin.1);
        for PlacedGlyph { id, x, y } in placed.clone() {
            // Rows above a glyph are far below it, without their sign.
            let row = (from_top - i32::from(y)).cast_unsigned() as usize;
            match glyphs.row(id, row) {
                Some((_, [] | [0])) | None => {}
                Some((width, bits)) => {
                    ink(line, left + i32::from(x), width.into(), bits, raw);
                }
            }
        }
    }
}

/// Sets the pixels of a row from column `x` on, which may be outside, where bits are set. Bits beyond its width are no pixels.
#[inline]
fn ink<T: Copy>(line: &mut [T], x: i32, width: usize, bits: &[u8], raw: T) {
    // Columns left of the line are far right of it, without their sign.
    let x = (x as isize).cast_unsigned();
    // What most glyphs have: without a loop.
    if let [byte] = bits {
        return ink_byte(line, x, u32::from(*byte) & 0xff00 >> width.min(8), raw);
    }
    for (i, byte) in bits.iter().enumerate() {
        let width = width.saturating_sub(8 * i);
        ink_byte(line, x.wrapping_add(8 * i), u32::from(*byte) & 0xff00 >> width.min(8), raw);
    }
}

/// Sets the pixels of a byte from column `x` on.
#[inline]
fn ink_byte<T: Copy>(line: &mut [T], x: usize, ink: u32, raw: T) {
    match line.get_mut(x..).and_then(<[T]>::first_chunk_mut) {
        Some(eight) => ink_eight(eight, ink, raw),
        None => ink_cut(line, x, ink, raw),
    }
}

/// The same for eight pixels that are not all in the line.
#[cold]
fn ink_cut<T: Copy>(line: &mut [T], x: usize, ink: u32, raw: T) {
    for i in 0..8 {
        if let Some(pixel) = line.get_mut(x.wrapping_add(i))
            && ink & 0x80 >> i != 0
        {
            *pixel = raw;
        }
    }
}

/// Paints a glyph however it is turned, scaled or shaded.
#[inline(never)]
pub(super) fn paint_glyph<C: PixelFormat>(
    strip: &mut Strip<'_, C>,
    placement: &Placement,
    area: Area,
    view: &View<'_>,
    raw: C::Raw,
) {
    let size = (view.size.width.into(), view.size.height.into());
    paint_coverage(strip, &placement.mapping(area, size), view, raw);
}

/// Paints a picture of coverages however it is turned, scaled or shaded: what is there is mixed with `raw` by coverage.
///
/// It goes from pixel to pixel of the picture, and not of the panel: most of a glyph is blank. Cost: about 25 instructions per
/// pixel of the picture in the strip, and 100 per pixel of ink.
#[inline(never)]
pub(super) fn paint_coverage<C: PixelFormat>(
    strip: &mut Strip<'_, C>,
    mapping: &Mapping,
    view: &View<'_>,
    raw: C::Raw,
) {
    let (clip, format) = (mapping.area.intersection(&strip.area()), strip.format());
    if clip.is_empty() {
        return;
    }
    let Local { x1, y1, x2, y2 } = mapping.local_of(&clip);
    for y in y1..y2 {
        for x in x1..x2 {
            let coverage = view.get(x, y);
            if coverage == 0 {
                continue;
            }
            let pixel = Local::at(x, y, (1, 1));
            let area = mapping.panel_of(&pixel).intersection(&clip);
            if coverage == view.layout.max_value() {
                strip.fill(area, raw);
                continue;
            }
            let weight = weight(coverage, view.layout);
            for y in area.y1..area.y2 {
                for pixel in strip.row(y, area.x1, area.x2) {
                    *pixel = format.mix(*pixel, raw, weight);
                }
            }
        }
    }
}

/// A coverage in 256 parts.
fn weight(coverage: u32, layout: PixelLayout) -> u16 {
    u16::try_from(coverage * 256 / layout.max_value().max(1)).unwrap_or(256)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_beyond_the_width_are_no_pixels() {
        for x in -9..9 {
            let mut line = [0; 8];
            ink(&mut line, x, 3, &[0xff], 1);
            let expected: [u8; 8] = core::array::from_fn(|column| {
                u8::from((x..x + 3).any(|pixel| usize::try_from(pixel) == Ok(column)))
            });
            assert_eq!(line, expected, "at {x}");
        }
    }
}
