//! Glyphs that were taken of a font, and the bytes that they become.

use core::fmt;

use displayio_core::{CharRange, FontHeader, FontWriter, Glyph};

use super::{
    Boxes, Characters, FontSource, Subset, SubsetError,
    glyph::{Bounds, LevelGlyph},
};

/// The most bytes of pixels: offsets have 24 bits.
const MAX_PIXELS_BYTES: usize = 1 << 24;

/// Glyphs of a font, at one size.
#[derive(Clone)]
pub struct GlyphSet {
    header: FontHeader,
    /// By rising characters, each in its final box.
    glyphs: Vec<(char, LevelGlyph)>,
    missing: Characters,
    pub(crate) origin: Origin,
}

/// Where glyphs are from, for those who read the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    pub name: Option<String>,
    pub file_name: Option<String>,
    pub license: Option<String>,
    /// Of outlines.
    pub size_px: Option<u8>,
}

impl GlyphSet {
    pub(super) fn take(subset: &Subset, source: &FontSource) -> Result<Self, SubsetError> {
        if !matches!(subset.bits, 1 | 2 | 4) {
            return Err(SubsetError::Bits(subset.bits));
        }
        let size_px = subset.checked_size(source)?;
        let wanted = subset.characters.clone().unwrap_or_else(|| {
            if source.is_outline() { Characters::printable_ascii() } else { source.characters() }
        });
        let mut set = Self {
            header: FontHeader { bits: subset.bits, ..source.header(size_px) },
            glyphs: Vec::new(),
            missing: Characters::default(),
            origin: Origin {
                name: source.name().map(Into::into),
                file_name: source.file_name().map(Into::into),
                license: source.license().map(Into::into),
                size_px: subset.size_px,
            },
        };
        set.add(&wanted, source, size_px)?;
        match set.glyphs.is_empty() {
            _ if !set.missing.is_empty() && !subset.allow_missing => {
                Err(SubsetError::Missing(set.missing))
            }
            true => Err(SubsetError::Empty),
            false => set.in_boxes(subset.boxes),
        }
    }

    /// Adds glyphs, trimmed.
    fn add(
        &mut self,
        wanted: &Characters,
        source: &FontSource,
        size_px: u8,
    ) -> Result<(), SubsetError> {
        let mut pixels_bytes = 0;
        for character in wanted.iter() {
            let Some(glyph) = source.glyph(character, size_px, self.header.bits) else {
                self.missing.extend([character]);
                continue;
            };
            let glyph = glyph.map_err(|_| SubsetError::GlyphTooLarge { character })?.trimmed();
            pixels_bytes += pixels_bytes_of(&glyph.measures, self.header.bits);
            self.glyphs.push((character, glyph));
            if pixels_bytes > MAX_PIXELS_BYTES || self.glyphs.len() > usize::from(u16::MAX) {
                return Err(SubsetError::TooLarge);
            }
        }
        Ok(())
    }

    fn in_boxes(mut self, boxes: Boxes) -> Result<Self, SubsetError> {
        if boxes == Boxes::Ink {
            self.header.box_size.0 = self.reach()?;
            if let Some(cell) = self.smaller_cell() {
                self.place_all(cell);
            }
            return Ok(self);
        }
        let bounds = self.ink().union(self.font_box());
        let cell = bounds.measures(self.max_advance()).map_err(|_| SubsetError::CellTooLarge)?;
        if self.pixels_bytes_in(&cell) > MAX_PIXELS_BYTES {
            return Err(SubsetError::TooLarge);
        }
        self.header.box_size = (cell.width, cell.height);
        self.header.box_place = Some((cell.left, cell.bottom));
        self.place_all(cell);
        if boxes == Boxes::CellOnBaseline {
            self.raise(Glyph { bottom: 0, ..cell });
        }
        Ok(self)
    }

    /// A box for all glyphs, if they differ in nothing else, and the measures that are saved outweigh the pixels that are
    /// added.
    fn smaller_cell(&self) -> Option<Glyph> {
        let (count, advance) = (saturated(self.glyphs.len()), self.max_advance());
        let is_uniform = self.glyphs.iter().all(|(_, glyph)| glyph.measures.advance == advance);
        let cell = self.ink().measures(advance).ok().filter(|_| is_uniform)?;
        let apart = FontWriter::required_bytes(0, count, false, self.pixels_bytes());
        let together = FontWriter::required_bytes(0, count, true, self.pixels_bytes_in(&cell));
        (together < apart).then_some(cell)
    }

    /// Moves all glyphs, which fill one cell, to the baseline.
    fn raise(&mut self, cell: Glyph) {
        self.glyphs.iter_mut().for_each(|(_, glyph)| glyph.measures = cell);
        self.header.cell = Some(cell);
        (self.header.ascent, self.header.descent) = (cell.height, 0);
        // Ascent and descent tell as much.
        self.header.box_place = None;
    }

    fn place_all(&mut self, cell: Glyph) {
        self.glyphs.iter_mut().for_each(|(_, glyph)| *glyph = glyph.placed(cell));
        self.header.cell = Some(cell);
    }

    /// The box around the ink of all glyphs.
    fn ink(&self) -> Bounds {
        let inked = self.glyphs.iter().filter(|(_, glyph)| !glyph.is_blank());
        let bounds = inked.map(|(_, glyph)| Bounds::of(&glyph.measures));
        bounds.reduce(Bounds::union).unwrap_or(Bounds { left: 0, bottom: 0, right: 0, top: 0 })
    }

    /// The box that the font has for all of its glyphs; of outlines, their advance between ascent and descent.
    fn font_box(&self) -> Bounds {
        let FontHeader { ascent, descent, box_size, box_place, .. } = self.header;
        if let Some((left, bottom)) = box_place {
            let (width, height) = box_size;
            return Bounds::of(&Glyph { width, height, left, bottom, advance: 0 });
        }
        let (bottom, top) = (-i32::from(descent), i32::from(ascent));
        Bounds { left: 0, bottom, right: self.max_advance().into(), top }
    }

    /// The width of a box around the ink and the advances of all glyphs.
    fn reach(&self) -> Result<u8, SubsetError> {
        let ink = self.ink();
        let right = ink.right.max(self.max_advance().into());
        u8::try_from(right - ink.left.min(0)).map_err(|_| SubsetError::CellTooLarge)
    }

    fn max_advance(&self) -> u8 {
        self.glyphs.iter().map(|(_, glyph)| glyph.measures.advance).max().unwrap_or(0)
    }

    /// The measures of the font, as the flash format has them. Lines follow each other by the height of its box: the line
    /// height of the font.
    #[must_use]
    pub const fn header(&self) -> &FontHeader {
        &self.header
    }

    /// The characters that have glyphs.
    #[must_use]
    pub fn characters(&self) -> Characters {
        self.glyphs.iter().map(|&(character, _)| character).collect()
    }

    /// The characters that were wanted, but the font has no glyph for.
    #[must_use]
    pub const fn missing(&self) -> &Characters {
        &self.missing
    }

    /// Characters, their glyphs' measures and pixels: a level for each, row by row from the top.
    pub fn glyphs(&self) -> impl Iterator<Item = (char, Glyph, &[u8])> {
        self.glyphs.iter().map(|(character, glyph)| (*character, glyph.measures, &glyph.levels[..]))
    }

    pub(super) fn level_glyphs(&self) -> &[(char, LevelGlyph)] {
        &self.glyphs
    }

    /// Bytes of the pixels of all glyphs.
    fn pixels_bytes(&self) -> usize {
        let bits = self.header.bits;
        self.glyphs.iter().map(|(_, glyph)| pixels_bytes_of(&glyph.measures, bits)).sum()
    }

    /// The same if all glyphs were in one cell.
    fn pixels_bytes_in(&self, cell: &Glyph) -> usize {
        self.glyphs.len() * pixels_bytes_of(cell, self.header.bits)
    }

    /// Bytes of [`pack`](Self::pack), all of them in flash.
    #[must_use]
    pub fn packed_bytes(&self) -> usize {
        let ranges = self.characters().ranges().len();
        let is_of_one_cell = self.header.cell.is_some();
        FontWriter::required_bytes(
            saturated(ranges),
            saturated(self.glyphs.len()),
            is_of_one_cell,
            self.pixels_bytes(),
        )
    }

    /// The font as `FlashFont` and `PackedFont` read it. The same glyphs give the same bytes, on every platform.
    #[must_use]
    pub fn pack(&self) -> Vec<u8> {
        let mut bytes = vec![0; self.packed_bytes()];
        let ranges = self.characters().ranges();
        let (range_count, glyph_count) = (saturated(ranges.len()), saturated(self.glyphs.len()));
        if let Some(mut writer) =
            FontWriter::new(&mut bytes, &self.header, range_count, glyph_count)
        {
            let mut glyph = 0;
            for (first, last) in ranges {
                let count = saturated((first..=last).count());
                writer.push_range(CharRange { first: first.into(), glyph, count });
                glyph += count;
            }
            for (_, glyph) in &self.glyphs {
                if let Some(pixels) = writer.push_glyph(&glyph.measures) {
                    glyph.pack(self.header.bits, pixels);
                }
            }
        }
        bytes
    }
}

impl fmt::Debug for GlyphSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GlyphSet")
            .field("header", &self.header)
            .field("characters", &self.characters())
            .finish_non_exhaustive()
    }
}

fn pixels_bytes_of(glyph: &Glyph, bits: u8) -> usize {
    (usize::from(glyph.width) * usize::from(bits)).div_ceil(8) * usize::from(glyph.height)
}

/// A number of glyphs, of which there are 65 535 at most.
fn saturated(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}
