//! Fonts whose files have pixels: BDF and PCF, read by the display stack's own readers.

use alloc::collections::{BTreeMap, btree_map::Entry};

use displayio_core::{
    BdfFile, Depth, FontFile, FontFileError, FontHeader, Glyph, PcfFile, PixelLayout, Size,
    SliceFile, View,
};

use super::{
    SourceError,
    glyph::LevelGlyph,
    source::{Notes, joined, one_line},
};

/// Room for the pixels of any glyph: 255 rows of 255 bits.
const MAX_GLYPH_BYTES: usize = 255 * 32;

/// All glyphs of a file, levels of 0 and 1.
#[derive(Debug)]
pub(super) struct BitmapFont {
    header: FontHeader,
    glyphs: BTreeMap<char, LevelGlyph>,
    notes: Notes,
}

impl BitmapFont {
    pub(super) fn from_bdf(file: &[u8]) -> Result<Self, SourceError> {
        let mut reader = BdfFile::open(SliceFile::new(file)).map_err(SourceError::Bitmap)?;
        Self::read(&mut reader, notes_of_bdf(file)).map_err(SourceError::Bitmap)
    }

    pub(super) fn from_pcf(file: &[u8]) -> Result<Self, SourceError> {
        let mut reader = PcfFile::open(SliceFile::new(file)).map_err(SourceError::Bitmap)?;
        Self::read(&mut reader, Notes::default()).map_err(SourceError::Bitmap)
    }

    /// Reads all glyphs. Of a character's glyphs, the first one counts, as it does for readers on a device.
    fn read(reader: &mut impl FontFile, notes: Notes) -> Result<Self, FontFileError> {
        let mut glyphs = BTreeMap::new();
        let mut pixels = vec![0; MAX_GLYPH_BYTES];
        reader.rewind()?;
        while let Some((character, measures)) = reader.next(&|_| true)? {
            if let Entry::Vacant(entry) = glyphs.entry(character) {
                reader.read_pixels(&mut pixels)?;
                entry.insert(LevelGlyph { measures, levels: unpacked(&measures, &pixels) });
            }
        }
        Ok(Self { header: reader.header(), glyphs, notes })
    }

    pub(super) const fn glyphs(&self) -> &BTreeMap<char, LevelGlyph> {
        &self.glyphs
    }

    pub(super) const fn header(&self) -> FontHeader {
        self.header
    }

    pub(super) const fn notes(&self) -> &Notes {
        &self.notes
    }

    /// A glyph in levels of these bits: nothing and full ink.
    pub(super) fn glyph(&self, character: char, bits: u8) -> Option<LevelGlyph> {
        let mut glyph = self.glyphs.get(&character)?.clone();
        let full = (1_u8 << bits) - 1;
        glyph.levels.iter_mut().for_each(|level| *level *= full);
        Some(glyph)
    }
}

/// A level for each bit of a glyph.
fn unpacked(measures: &Glyph, pixels: &[u8]) -> Vec<u8> {
    let size = Size::new(measures.width.into(), measures.height.into());
    let stride = usize::from(measures.width).div_ceil(8);
    let view = View::new(pixels, stride, size, PixelLayout::Packed(Depth::Bpp1));
    let rows = 0..usize::from(measures.height);
    let positions = rows.flat_map(|y| (0..usize::from(measures.width)).map(move |x| (x, y)));
    positions.map(|(x, y)| u8::from(view.get(x, y) != 0)).collect()
}

/// Name, copyright and notice, from the lines before the first glyph.
fn notes_of_bdf(file: &[u8]) -> Notes {
    let text = String::from_utf8_lossy(file);
    let head = text.lines().take_while(|line| !line.starts_with("STARTCHAR"));
    let (mut name, mut license) = (None, Vec::new());
    for line in head {
        let (keyword, value) = line.split_once(' ').unwrap_or((line, ""));
        let value = value.trim().trim_matches('"');
        match keyword {
            "FAMILY_NAME" => name = Some(one_line(value)),
            // The name by which the X Window System knows it, if there is no better one.
            "FONT" => name = name.or_else(|| Some(one_line(value))),
            "COPYRIGHT" | "NOTICE" if !value.is_empty() => license.push(value.to_owned()),
            _ => {}
        }
    }
    Notes { name: name.filter(|name| !name.is_empty()), license: joined(&license) }
}
