//! Glyphs while they are worked on: a byte for each pixel.

use displayio_core::Glyph;

use super::source::TooLarge;

/// A glyph and its pixels, row by row from the top: 0 for nothing, up to all ones of the font's bits for full ink.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LevelGlyph {
    pub measures: Glyph,
    pub levels: Vec<u8>,
}

/// A rectangle about the origin of a glyph, in pixels; y counts upwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    pub left: i32,
    pub bottom: i32,
    pub right: i32,
    pub top: i32,
}

impl Bounds {
    pub(super) fn of(glyph: &Glyph) -> Self {
        let (left, bottom) = (i32::from(glyph.left), i32::from(glyph.bottom));
        let (width, height) = (i32::from(glyph.width), i32::from(glyph.height));
        Self { left, bottom, right: left + width, top: bottom + height }
    }

    pub(super) fn union(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            bottom: self.bottom.min(other.bottom),
            right: self.right.max(other.right),
            top: self.top.max(other.top),
        }
    }

    /// Measures of a glyph that fills the rectangle.
    pub(super) fn measures(self, advance: u8) -> Result<Glyph, TooLarge> {
        let measures = || {
            Some(Glyph {
                width: u8::try_from(self.right - self.left).ok()?,
                height: u8::try_from(self.top - self.bottom).ok()?,
                left: i8::try_from(self.left).ok()?,
                bottom: i8::try_from(self.bottom).ok()?,
                advance,
            })
        };
        measures().ok_or(TooLarge)
    }
}

impl LevelGlyph {
    /// The level of a pixel: columns from the left, rows from the top.
    pub(super) fn level(&self, x: usize, y: usize) -> u8 {
        let width = usize::from(self.measures.width);
        if x < width { self.levels.get(y * width + x).copied().unwrap_or(0) } else { 0 }
    }

    /// Whether no pixel has ink.
    pub(super) fn is_blank(&self) -> bool {
        self.levels.iter().all(|&level| level == 0)
    }

    /// The glyph without blank rows and columns at its edges; a blank glyph has no pixels, and lies on the origin.
    pub(super) fn trimmed(&self) -> Self {
        let (width, height) = (usize::from(self.measures.width), usize::from(self.measures.height));
        let is_column_inked = |&x: &usize| (0..height).any(|y| self.level(x, y) > 0);
        let is_row_inked = |&y: &usize| (0..width).any(|x| self.level(x, y) > 0);
        let ends = (
            (0..width).find(is_column_inked).zip((0..width).rfind(is_column_inked)),
            (0..height).find(is_row_inked).zip((0..height).rfind(is_row_inked)),
        );
        let (Some((left, right)), Some((top, bottom))) = ends else {
            let measures = Glyph { advance: self.measures.advance, ..Glyph::default() };
            return Self { measures, levels: Vec::new() };
        };
        let old = Bounds::of(&self.measures);
        let bounds = Bounds {
            left: old.left + pixels(left),
            right: old.left + pixels(right + 1),
            top: old.top - pixels(top),
            bottom: old.top - pixels(bottom + 1),
        };
        // What is in a box that fits may yet lie too far from the origin: then the box stays.
        let Ok(measures) = bounds.measures(self.measures.advance) else { return self.clone() };
        self.placed(measures)
    }

    /// The glyph in another box; pixels outside it are lost.
    pub(super) fn placed(&self, measures: Glyph) -> Self {
        let (old, new) = (Bounds::of(&self.measures), Bounds::of(&measures));
        let (right, down) = (new.left - old.left, old.top - new.top);
        let level = |x: i32, y: i32| match (usize::try_from(x + right), usize::try_from(y + down)) {
            (Ok(x), Ok(y)) => self.level(x, y),
            _ => 0,
        };
        let rows = 0..i32::from(measures.height);
        let pixels = rows.flat_map(|y| (0..i32::from(measures.width)).map(move |x| (x, y)));
        Self { measures, levels: pixels.map(|(x, y)| level(x, y)).collect() }
    }

    /// Packs the pixels into rows of whole bytes, the leftmost in the high bits.
    pub(super) fn pack(&self, bits: u8, bytes: &mut [u8]) {
        let (width, bits) = (usize::from(self.measures.width), usize::from(bits));
        let stride = (width * bits).div_ceil(8);
        if stride == 0 {
            return;
        }
        for (row, levels) in bytes.chunks_exact_mut(stride).zip(self.levels.chunks_exact(width)) {
            for (x, level) in levels.iter().enumerate() {
                let at = x * bits;
                row[at / 8] |= level << (8 - bits - at % 8);
            }
        }
    }
}

/// A side of a glyph, which has at most 255 pixels.
fn pixels(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glyph(width: u8, left: i8, bottom: i8, levels: &[u8]) -> LevelGlyph {
        let height = u8::try_from(levels.len() / usize::from(width)).unwrap_or(0);
        let measures = Glyph { width, height, left, bottom, advance: 5 };
        LevelGlyph { measures, levels: levels.to_vec() }
    }

    #[test]
    fn trimming_keeps_ink_in_its_place() {
        let padded = glyph(4, -1, -2, &[0, 0, 0, 0, 0, 3, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0]);
        assert_eq!(padded.trimmed(), glyph(2, 0, -1, &[3, 1, 0, 2]));
        assert_eq!(padded.trimmed().placed(padded.measures), padded);
        assert_eq!(padded.trimmed().trimmed(), padded.trimmed());
        let blank = glyph(2, 1, 1, &[0; 4]).trimmed();
        assert_eq!(
            (blank.measures, blank.is_blank()),
            (Glyph { advance: 5, ..Glyph::default() }, true)
        );
    }

    #[test]
    fn rows_begin_at_bytes() {
        let glyph = glyph(3, 0, 0, &[3, 0, 1, 2, 3, 0]);
        let mut bytes = [0; 2];
        glyph.pack(2, &mut bytes);
        assert_eq!(bytes, [0b1100_0100, 0b1011_0000]);
        let mut bytes = [0; 4];
        glyph.pack(4, &mut bytes);
        assert_eq!(bytes, [0x30, 0x10, 0x23, 0x00]);
    }
}
