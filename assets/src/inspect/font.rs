//! What is in a font.

use core::fmt;

use displayio_core::{FontMetrics, PackedFont};
use serde::Serialize;

use crate::font::{Characters, FontFormat, FontSource, Subset, bits_per_pixel};

/// Pixels per em at which outlines are measured.
const SAMPLE_PX: u8 = 16;

/// Where a packed font tells whether its glyphs are all of one size.
const FLAGS_AT: usize = 5;
const ONE_CELL: u8 = 1;

/// What is in a font.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FontFacts {
    /// The name that it has for itself.
    pub name: Option<String>,
    /// Copyright and licence, as it tells them.
    pub license: Option<String>,
    /// Units per em, if it has outlines; the pixels below are those at 16 pixels per em then.
    pub units_per_em: Option<u16>,
    /// Bits per pixel; `None` for outlines.
    pub bits: Option<u8>,
    /// Height of its line above the baseline, in pixels.
    pub ascent: u8,
    /// Depth of its line below the baseline, in pixels.
    pub descent: u8,
    /// From line to line, in pixels.
    pub line_height: u8,
    /// Whether all glyphs are packed as one cell.
    pub is_of_one_cell: bool,
    /// Glyphs of characters.
    pub glyphs: usize,
    /// Runs of characters, as `U+0020-U+007E`.
    pub ranges: Vec<String>,
    /// Bytes of flash of all its glyphs, 1 bit per pixel unless they have more; `None` for more than the format holds.
    pub flash_bytes: Option<usize>,
}

impl FontFacts {
    /// Explains a file, or tells why that is none.
    pub(super) fn of(format: FontFormat, file: &[u8]) -> Result<Self, String> {
        if format == FontFormat::Packed {
            let font = PackedFont::parse(file).map_err(|error| error.to_string())?;
            return Ok(Self::of_packed(&font, file));
        }
        FontSource::parse(file).map(|source| Self::of_source(&source)).map_err(|e| e.to_string())
    }

    fn of_source(source: &FontSource) -> Self {
        let size_px = source.is_outline().then_some(SAMPLE_PX);
        let characters = source.characters();
        let header = source.header(SAMPLE_PX);
        let subset = Subset { characters: Some(characters.clone()), size_px, ..Subset::default() };
        let set = subset.take(source).ok();
        Self {
            name: source.name().map(Into::into),
            license: source.license().map(Into::into),
            units_per_em: source.units_per_em(),
            bits: (!source.is_outline()).then_some(1),
            ascent: header.ascent,
            descent: header.descent,
            line_height: header.box_size.1,
            is_of_one_cell: set.as_ref().is_some_and(|set| set.header().cell.is_some()),
            glyphs: characters.len(),
            ranges: ranges(&characters),
            flash_bytes: set.map(|set| set.packed_bytes()),
        }
    }

    fn of_packed(font: &PackedFont<'_>, file: &[u8]) -> Self {
        let FontMetrics { ascent, descent, line_height, .. } = font.metrics();
        let characters: Characters = font
            .ranges()
            .flat_map(|range| (range.first..).take(range.count.into()))
            .filter_map(char::from_u32)
            .collect();
        Self {
            name: None,
            license: None,
            units_per_em: None,
            bits: Some(font.bits()),
            ascent,
            descent,
            line_height,
            is_of_one_cell: file.get(FLAGS_AT).is_some_and(|flags| flags & ONE_CELL != 0),
            glyphs: font.glyph_count(),
            ranges: ranges(&characters),
            flash_bytes: Some(file.len()),
        }
    }
}

fn ranges(characters: &Characters) -> Vec<String> {
    let range = |(first, last)| Characters::from_iter(first..=last).to_string();
    characters.ranges().into_iter().map(range).collect()
}

impl fmt::Display for FontFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MAX_RANGES: usize = 12;
        if let Some(name) = &self.name {
            writeln!(f, "  {name}")?;
        }
        if let Some(units) = self.units_per_em {
            writeln!(f, "  outlines, {units} units per em; at {SAMPLE_PX} pixels per em:")?;
        }
        if let Some(bits) = self.bits {
            writeln!(f, "  {}", bits_per_pixel(bits))?;
        }
        let Self { ascent, descent, line_height, glyphs, .. } = self;
        writeln!(f, "  ascent {ascent}, descent {descent}, lines of {line_height} pixels")?;
        let shown = self.ranges.iter().take(MAX_RANGES).map(String::as_str);
        let shown = shown.collect::<Vec<_>>().join(", ");
        let more = self.ranges.len().saturating_sub(MAX_RANGES);
        let more = if more > 0 { format!(" and {more} more ranges") } else { String::new() };
        writeln!(f, "  {glyphs} glyphs: {shown}{more}")?;
        let form = if self.is_of_one_cell { ", in one cell" } else { "" };
        match self.flash_bytes {
            Some(bytes) => writeln!(f, "  {bytes} bytes in flash{form}; no RAM")?,
            None => writeln!(f, "  more in flash than a font has; some of it is not")?,
        }
        match &self.license {
            Some(license) => writeln!(f, "  license: {license}"),
            None => Ok(()),
        }
    }
}
