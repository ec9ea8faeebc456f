//! Fonts whose files have outlines, drawn at a size: TrueType and OpenType, by the crates ttf-parser and fontdue.

use core::{cmp::Reverse, fmt, ops::RangeInclusive};
use std::panic;

use displayio_core::{FontHeader, Glyph};
use fontdue::{Font, FontSettings, Metrics};
use ttf_parser::{Face, Tag, name_id};

use super::{
    Characters, SourceError,
    glyph::LevelGlyph,
    source::{Notes, TooLarge, joined, one_line},
};

/// Pixels of the em for which curves are split into lines: the finest that is ever drawn, so that no glyph has corners.
const FLATTENED_AT_PX: f32 = 255.0;

/// An outline font, all glyphs of characters ready to be drawn.
pub(super) struct OutlineFont {
    font: Font,
    notes: Notes,
}

impl OutlineFont {
    /// Reads the first font of a file.
    pub(super) fn parse(file: &[u8]) -> Result<Self, SourceError> {
        let face = Face::parse(file, 0).map_err(|e| SourceError::Outline(e.to_string()))?;
        check_character_count(&face)?;
        let settings = FontSettings { scale: FLATTENED_AT_PX, ..FontSettings::default() };
        let file = without_needless_tables(file);
        // Of damaged fonts, fontdue trusts more than it should.
        let font = panic::catch_unwind(|| Font::from_bytes(file, settings));
        let font = font.unwrap_or(Err("damaged"));
        let font = font.map_err(|reason| SourceError::Outline(reason.to_lowercase()))?;
        Ok(Self { font, notes: notes(&face) })
    }

    pub(super) fn characters(&self) -> Characters {
        self.font.chars().keys().copied().collect()
    }

    pub(super) const fn notes(&self) -> &Notes {
        &self.notes
    }

    pub(super) fn units_per_em(&self) -> u16 {
        u16::try_from(whole(self.font.units_per_em())).unwrap_or(u16::MAX)
    }

    /// Ascent, descent and line height as the font wants them (`hhea`, or `OS/2` where its flags say so), in whole pixels: no
    /// ink of a usual glyph is outside. The width is that of no glyph yet.
    pub(super) fn header(&self, size_px: u8) -> FontHeader {
        let lines = self.font.horizontal_line_metrics(size_px.into());
        let pixels = |length: f32| u8::try_from(whole(length).max(0)).unwrap_or(u8::MAX);
        lines.map_or_else(FontHeader::default, |lines| FontHeader {
            bits: 1,
            ascent: pixels(libm::ceilf(lines.ascent)),
            descent: pixels(libm::ceilf(-lines.descent)),
            box_size: (0, pixels(libm::roundf(lines.new_line_size))),
            ..FontHeader::default()
        })
    }

    /// Draws a glyph. `None` where the font has none for the character.
    pub(super) fn glyph(
        &self,
        character: char,
        size_px: u8,
        bits: u8,
    ) -> Option<Result<LevelGlyph, TooLarge>> {
        let index = self.font.chars().get(&character)?.get();
        let metrics = self.font.metrics_indexed(index, size_px.into());
        let measures = match measures(&metrics) {
            Some(measures) => measures,
            // Before anything is drawn: a damaged font may ask for gigabytes.
            None => return Some(Err(TooLarge)),
        };
        let (_, coverage) = self.font.rasterize_indexed(index, size_px.into());
        Some(Ok(LevelGlyph { measures, levels: quantized(&coverage, bits) }))
    }
}

impl fmt::Debug for OutlineFont {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutlineFont").field("notes", &self.notes).finish_non_exhaustive()
    }
}

/// The measures of a glyph, if they fit.
fn measures(metrics: &Metrics) -> Option<Glyph> {
    Some(Glyph {
        width: u8::try_from(metrics.width).ok()?,
        height: u8::try_from(metrics.height).ok()?,
        left: i8::try_from(metrics.xmin).ok()?,
        bottom: i8::try_from(metrics.ymin).ok()?,
        advance: u8::try_from(whole(libm::roundf(metrics.advance_width))).ok()?,
    })
}

/// The file with names and kerning renamed, so that fontdue does not find them: where they are damaged, it panics.
fn without_needless_tables(file: &[u8]) -> Vec<u8> {
    let mut file = file.to_vec();
    let u32_at = |at: usize| Some(u32::from_be_bytes(*file.get(at..)?.first_chunk()?));
    // The first font of a collection has its table of contents where the collection tells.
    let is_collection = file.starts_with(b"ttcf");
    let start = if is_collection { u32_at(12) } else { Some(0) };
    let start = start.and_then(|start| usize::try_from(start).ok()).unwrap_or(0);
    let contents = file.get_mut(start..).unwrap_or_default();
    let Some((&mut [_, _, _, _, c0, c1, ..], records)) = contents.split_first_chunk_mut::<12>()
    else {
        return file;
    };
    let count = usize::from(u16::from_be_bytes([c0, c1]));
    for record in records.as_chunks_mut::<16>().0.iter_mut().take(count) {
        if record.starts_with(b"name") || record.starts_with(b"kern") {
            // One letter on, so that tables stay in order.
            record[3] += 1;
        }
    }
    file
}

/// Refuses tables of characters that name more code points than there are: walking through them would take minutes.
fn check_character_count(face: &Face<'_>) -> Result<(), SourceError> {
    const MAX_CODE_POINTS: u64 = 0x11_0000;
    let table = face.raw_face().table(Tag::from_bytes(b"cmap")).unwrap_or_default();
    let u16_at = |at: usize| Some(u16::from_be_bytes(*table.get(at..)?.first_chunk()?));
    let u32_at = |at: usize| Some(u32::from_be_bytes(*table.get(at..)?.first_chunk()?));
    let count_of = |record: u16| {
        let at = usize::try_from(u32_at(4 + 8 * usize::from(record) + 4)?).ok()?;
        match u16_at(at)? {
            // A word, length, language and the number of groups: first and last character, and a glyph.
            12 | 13 => {
                let groups = table.get(at + 16..)?.as_chunks::<12>().0;
                let groups = groups.iter().take(usize::try_from(u32_at(at + 12)?).ok()?);
                Some(groups.map(code_points).sum())
            }
            _ => Some(0),
        }
    };
    let records = 0..u16_at(2).unwrap_or(0);
    let count = records.map(|record| count_of(record).unwrap_or(0)).max();
    if count > Some(MAX_CODE_POINTS) {
        return Err(SourceError::Outline("more characters than there are".into()));
    }
    Ok(())
}

/// How many code points a group of a `cmap` table is for.
fn code_points(&[f0, f1, f2, f3, l0, l1, l2, l3, ..]: &[u8; 12]) -> u64 {
    let (first, last) =
        (u32::from_be_bytes([f0, f1, f2, f3]), u32::from_be_bytes([l0, l1, l2, l3]));
    u64::from(last.saturating_sub(first)) + 1
}

fn notes(face: &Face<'_>) -> Notes {
    let find = |id| {
        let name = face.names().into_iter().find(|name| name.name_id == id && name.is_unicode());
        name.and_then(|name| name.to_string()).map(|text| one_line(&text))
    };
    let license: Vec<_> =
        [name_id::COPYRIGHT_NOTICE, name_id::LICENSE].into_iter().filter_map(find).collect();
    Notes {
        name: find(name_id::FULL_NAME).or_else(|| find(name_id::FAMILY)),
        license: joined(&license),
    }
}

/// Levels of so many bits for coverages of 0 to 255.
fn quantized(coverage: &[u8], bits: u8) -> Vec<u8> {
    if bits == 1 {
        let least = threshold(coverage);
        return coverage.iter().map(|&coverage| u8::from(coverage >= least)).collect();
    }
    let full = (1_u16 << bits) - 1;
    let level = |&coverage: &u8| u8::try_from((u16::from(coverage) * full + 127) / 255);
    coverage.iter().map(|coverage| level(coverage).unwrap_or(u8::MAX)).collect()
}

/// The least coverage of a black pixel: about a half, such that the glyph has as many of them as its outline has area.
///
/// At half coverage exactly, thin curves that lie between two columns break, and stems double. Far from it gaps close, such as
/// the one below the dot of an `i`. A glyph that is thin everywhere keeps its darkest pixels.
fn threshold(coverage: &[u8]) -> u8 {
    const ABOUT_A_HALF: RangeInclusive<u8> = 96..=160;
    let area_in_255ths: usize = coverage.iter().map(|&coverage| usize::from(coverage)).sum();
    let error = |least: u8| {
        let black = coverage.iter().filter(|&&coverage| coverage >= least).count();
        area_in_255ths.abs_diff(black * 255)
    };
    let darkest = coverage.iter().copied().max().unwrap_or(0).max(1);
    // Of thresholds that are as good, the highest: thin rather than thick.
    let best = ABOUT_A_HALF.max_by_key(|&least| (Reverse(error(least)), least));
    best.unwrap_or(darkest).min(darkest)
}

/// The whole number that a rounded one is.
#[expect(clippy::cast_possible_truncation, reason = "saturates, which is as wrong as the font")]
const fn whole(rounded: f32) -> i32 {
    rounded as i32
}
