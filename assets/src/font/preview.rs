//! Glyphs for people to look at.

use core::{error::Error, fmt};

use displayio_core::{Glyph, Size};

use super::{GlyphSet, glyph::Bounds};
use crate::{MAX_PIXELS, Picture};

/// Side of a pixel, where lines are not too high for that.
const MAX_SCALE: usize = 6;
/// About the height of a line, enlarged.
const LINE_SIDE: usize = 96;
/// Between glyphs, in pixels of the font.
const GAP: usize = 2;
/// About the width of a picture, in its own pixels.
const PICTURE_WIDTH: usize = 960;

const PAPER: [u8; 4] = [0xff, 0xff, 0xff, 0xff];
/// Inside the box of a glyph.
const BOX: [u8; 4] = [0xdc, 0xe6, 0xf2, 0xff];
/// The lowest row above the baseline is tinted from the origin to where the cursor goes.
const BASELINE: [u8; 4] = [0xf4, 0xc8, 0xb8, 0xff];
const INK: [u8; 4] = [0x18, 0x1a, 0x1e, 0xff];

/// There are too many pixels for a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PreviewError;

impl fmt::Display for PreviewError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a preview of more than {MAX_PIXELS} pixels")
    }
}

impl Error for PreviewError {}

impl GlyphSet {
    /// All glyphs as text: a line of measures each, then its pixels, ` `, `.`, `+` and `#` by their ink, with `_` at the row on
    /// the baseline.
    #[must_use]
    pub fn preview_text(&self) -> String {
        let full = (1_u8 << self.header().bits) - 1;
        let mut text = String::new();
        for (character, glyph, levels) in self.glyphs() {
            text += &format!(
                "{character:?} U+{:04X}: {}x{} at {}, {}; advance {}\n",
                u32::from(character),
                glyph.width,
                glyph.height,
                glyph.left,
                glyph.bottom,
                glyph.advance,
            );
            let rows = levels.chunks_exact(usize::from(glyph.width).max(1));
            for (y, row) in (0..).zip(rows) {
                let is_on_baseline = Bounds::of(&glyph).top - 1 == y;
                text.push_str(if is_on_baseline { "  _|" } else { "   |" });
                text.extend(row.iter().map(|&level| shade(level, full)));
                text.push_str("|\n");
            }
        }
        text
    }

    /// All glyphs as a picture: enlarged, their boxes blue, the row on the baseline red as far as the cursor moves.
    ///
    /// # Errors
    /// [`PreviewError`].
    pub fn preview(&self) -> Result<Picture, PreviewError> {
        let sheet = Sheet::of(self);
        let size = sheet.size()?;
        let mut pixels = vec![PAPER; usize::from(size.width) * usize::from(size.height)];
        for (index, (_, glyph)) in self.level_glyphs().iter().enumerate() {
            for y in 0..sheet.cell.1 {
                for x in 0..sheet.cell.0 {
                    let (column, row) = sheet.place_of(x, y);
                    let color = self.color(&glyph.measures, &glyph.levels, column, row);
                    sheet.fill(index, (x, y), color, &mut pixels);
                }
            }
        }
        Ok(Picture::of_size(size, pixels))
    }

    /// The colour at a place right of the origin and above the baseline.
    fn color(&self, glyph: &Glyph, levels: &[u8], column: i32, row: i32) -> [u8; 4] {
        let bounds = Bounds::of(glyph);
        let is_inside = (bounds.left..bounds.right).contains(&column)
            && (bounds.bottom..bounds.top).contains(&row);
        let below = match row {
            0 if (0..i32::from(glyph.advance)).contains(&column) => BASELINE,
            _ if is_inside => BOX,
            _ => return PAPER,
        };
        if !is_inside {
            return below;
        }
        let place = (bounds.top - 1 - row) * i32::from(glyph.width) + column - bounds.left;
        let level = usize::try_from(place).ok().and_then(|place| levels.get(place)).copied();
        mixed(below, level.unwrap_or(0), (1 << self.header().bits) - 1)
    }
}

/// A character that is as dark as a level of `full`.
const fn shade(level: u8, full: u8) -> char {
    match level {
        0 => ' ',
        _ if level == full => '#',
        _ if level <= full / 2 => '.',
        _ => '+',
    }
}

/// Ink over a colour: `level` parts of `full`.
fn mixed(below: [u8; 4], level: u8, full: u16) -> [u8; 4] {
    let mut color = below;
    for (channel, ink) in color.iter_mut().zip(INK) {
        let (over, under) =
            (u16::from(level) * u16::from(ink), (full - u16::from(level)) * u16::from(*channel));
        *channel = u8::try_from((over + under) / full).unwrap_or(u8::MAX);
    }
    color
}

/// Where glyphs are on a preview: in cells of equal size.
struct Sheet {
    /// What a cell shows, around the origin.
    bounds: Bounds,
    /// Columns and rows of a cell, in pixels of the font.
    cell: (usize, usize),
    /// Side of a pixel.
    scale: usize,
    /// Cells of a row, and of a column.
    cells: (usize, usize),
}

impl Sheet {
    fn of(set: &GlyphSet) -> Self {
        let reach = |glyph: &Glyph| {
            let right = i32::from(glyph.advance);
            Bounds::of(glyph).union(Bounds { left: 0, bottom: 0, right, top: 1 })
        };
        let all = set.level_glyphs();
        let bounds = all.iter().map(|(_, glyph)| reach(&glyph.measures)).reduce(Bounds::union);
        let bounds = bounds.unwrap_or(Bounds { left: 0, bottom: 0, right: 1, top: 1 });
        let side = |length: i32| usize::try_from(length).unwrap_or(0) + GAP;
        let cell = (side(bounds.right - bounds.left), side(bounds.top - bounds.bottom));
        let scale = (LINE_SIDE / cell.1).clamp(1, MAX_SCALE);
        let columns = (PICTURE_WIDTH / (cell.0 * scale)).clamp(1, all.len().max(1));
        Self { bounds, cell, scale, cells: (columns, all.len().div_ceil(columns)) }
    }

    fn size(&self) -> Result<Size, PreviewError> {
        let side = |cells: usize, cell: usize| u16::try_from(cells * cell * self.scale).ok();
        let size = side(self.cells.0, self.cell.0).zip(side(self.cells.1, self.cell.1));
        match size {
            Some((width, height)) if u32::from(width) * u32::from(height) <= MAX_PIXELS => {
                Ok(Size::new(width, height))
            }
            _ => Err(PreviewError),
        }
    }

    /// What is at a place of a cell: columns right of the origin, rows above the baseline.
    fn place_of(&self, x: usize, y: usize) -> (i32, i32) {
        let before = |place: usize| i32::try_from(place).unwrap_or(i32::MAX) - 1;
        (self.bounds.left + before(x), self.bounds.top - 1 - before(y))
    }

    /// Fills the square of a pixel of a glyph.
    fn fill(&self, index: usize, (x, y): (usize, usize), color: [u8; 4], pixels: &mut [[u8; 4]]) {
        let width = self.cells.0 * self.cell.0 * self.scale;
        let (column, row) = (index % self.cells.0, index / self.cells.0);
        let (left, top) = (column * self.cell.0 + x, row * self.cell.1 + y);
        for line in top * self.scale..(top + 1) * self.scale {
            let start = line * width + left * self.scale;
            if let Some(pixels) = pixels.get_mut(start..start + self.scale) {
                pixels.fill(color);
            }
        }
    }
}
