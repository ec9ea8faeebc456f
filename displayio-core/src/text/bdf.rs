//! Fonts in BDF files: text, as the X Window System's font tools write it.
//!
//! Format: Adobe's Glyph Bitmap Distribution Format 2.1 and 2.2. Read leniently: keywords that do not matter are skipped,
//! lines may be of any length and end in CR LF, and what follows ENDFONT is ignored.

mod index;
mod lines;

use core::fmt;

use displayio_allocators::{Home, Purpose, Storage, TooSmall};
use embedded_io::{Read, Seek};

use self::{index::Entry, lines::Lines};
use super::{
    FontFile, FontFileError, FontHeader, FontMetrics, Glyph, GlyphSource, LoadFontError,
    source::{self, WideGlyph},
};

/// A font in a BDF file: read as a whole by [`LoadedFont`](crate::LoadedFont), or glyph by glyph.
///
/// A glyph is looked for from the first one on: time in the size of the file, and for a character that is not there, all of
/// it. With an [index](Self::with_index_in) of 8 bytes per glyph it is read from where it is. Of a character's glyphs, the
/// first one counts; glyphs whose ENCODING is no character, such as -1, do not.
///
/// About 300 bytes of RAM, most of them buffers for reading. Reads go forward, in pieces of 128 bytes.
///
/// ```
/// use displayio_core::{BdfFile, GlyphSource, SliceFile};
/// let text = b"STARTFONT 2.1\nFONTBOUNDINGBOX 3 2 0 0\nCHARS 1\nSTARTCHAR bar\nENCODING 45\nDWIDTH 4 0\n\
///     BBX 3 1 0 1\nBITMAP\nE0\nENDCHAR\nENDFONT\n";
/// let mut font = BdfFile::open(SliceFile::new(text))?;
/// let mut pixels = [0; 8];
/// let bar = font.load('-', &mut pixels)?.unwrap();
/// assert_eq!((bar.width, bar.height, bar.bottom, pixels[0]), (3, 1, 1, 0b1110_0000));
/// assert_eq!(font.load('+', &mut pixels)?, None);
/// # Ok::<(), displayio_core::FontFileError>(())
/// ```
pub struct BdfFile<'m, F> {
    lines: Lines<F>,
    file_bytes: u64,
    header: FontHeader,
    /// Where the first glyph may begin.
    glyphs_at: u64,
    /// The glyph whose rows are next.
    current: Glyph,
    index: Option<Storage<'m>>,
}

/// A glyph's lines up to BITMAP. Read in place: on the way from a strip to a card, stack is short.
#[derive(Default)]
struct Head {
    character: Option<char>,
    advance: Option<i32>,
    bounds: Option<[i32; 4]>,
    /// Where its STARTCHAR is.
    at: u64,
}

impl<'m, F: Read + Seek> BdfFile<'m, F> {
    /// Opens a file: reads up to its first glyph, and once more to the end where `FONT_ASCENT` or `FONT_DESCENT`
    /// is not there. These are then found as labels of the reference find them: from the glyphs of `M`, space, `j` and `'`.
    ///
    /// # Errors
    /// [`FontFileError`].
    pub fn open(mut file: F) -> Result<Self, FontFileError> {
        let file_bytes = source::size_of_file(&mut file)?;
        let mut lines = Lines::new(file);
        lines.seek(0)?;
        let properties = Properties::read(&mut lines)?;
        let bounds = properties.bounds.ok_or(FontFileError::Missing("FONTBOUNDINGBOX"))?;
        let (ascent, descent) = (properties.ascent, properties.descent);
        let header = source::header_of_box(bounds, ascent.unwrap_or(0), descent.unwrap_or(0))?;
        let glyphs_at = properties.glyphs_at;
        let current = Glyph::default();
        let mut font = Self { lines, file_bytes, header, glyphs_at, current, index: None };
        if ascent.is_none() || descent.is_none() {
            font.measure_glyphs()?;
        }
        Ok(font)
    }

    /// Ascent and descent of a font that does not tell them.
    fn measure_glyphs(&mut self) -> Result<(), FontFileError> {
        self.rewind()?;
        let (mut ascent, mut descent) = (0, 0);
        while let Some((_, glyph)) = self.next(&|c| matches!(c, 'M' | ' ' | 'j' | '\''))? {
            let bottom = i16::from(glyph.bottom);
            ascent = ascent.max(i16::from(glyph.height) + bottom);
            descent = descent.max(-bottom);
        }
        self.header.ascent = u8::try_from(ascent).unwrap_or(u8::MAX);
        self.header.descent = u8::try_from(descent).unwrap_or(u8::MAX);
        Ok(())
    }

    /// Bytes of an index: 8 for each glyph that has a character. Reads the file.
    ///
    /// # Errors
    /// [`FontFileError`].
    pub fn index_bytes(&mut self) -> Result<usize, FontFileError> {
        self.rewind()?;
        let (mut head, mut count) = (Head::default(), 0);
        while self.next_head(&mut head)? {
            count += usize::from(head.character.is_some());
        }
        Ok(count * size_of::<Entry>())
    }

    /// With an index of where each glyph is, in memory from a heap. Reads the file twice, and sorts the index.
    ///
    /// # Errors
    /// [`LoadFontError`]; the heap is as it was.
    pub fn with_index_in(mut self, home: impl Into<Home<'m>>) -> Result<Self, LoadFontError> {
        let size_bytes = self.index_bytes()?;
        let storage = Storage::zeroed_in(size_bytes, Purpose::Named("an index of glyphs"), home)?;
        Ok(self.with_index(storage)?)
    }

    /// With an index of where each glyph is, in a lent buffer of at least [`index_bytes`](Self::index_bytes).
    ///
    /// # Errors
    /// [`LoadFontError`].
    pub fn with_index_buffer(mut self, buffer: &'m mut [u8]) -> Result<Self, LoadFontError> {
        let (needed_bytes, given_bytes) = (self.index_bytes()?, buffer.len());
        let error = TooSmall { needed_bytes, given_bytes };
        let buffer = buffer.get_mut(..needed_bytes).ok_or(LoadFontError::TooSmall(error))?;
        Ok(self.with_index(Storage::from_buffer(buffer))?)
    }

    fn with_index(mut self, storage: Storage<'m>) -> Result<Self, FontFileError> {
        self.rewind()?;
        let fill = |bytes: &mut [u8]| {
            index::fill(bytes, || {
                let mut head = Head::default();
                while self.next_head(&mut head)? {
                    if let Some(character) = head.character {
                        return Ok(Some((character, head.at)));
                    }
                }
                Ok(None)
            })
        };
        storage.write(fill).map_err(|_| FontFileError::Busy)??;
        self.index = Some(storage);
        Ok(self)
    }

    /// Reads up to the BITMAP of the next glyph; false at the end of the font. Of a keyword that comes twice, the last one
    /// counts.
    fn next_head(&mut self, head: &mut Head) -> Result<bool, FontFileError> {
        let mut is_begun = false;
        loop {
            self.lines.advance()?;
            match (self.lines.keyword(), is_begun) {
                (b"STARTCHAR", false) => {
                    *head = Head { at: self.lines.line_at(), ..Head::default() };
                    is_begun = true;
                }
                (b"ENDFONT", false) => return Ok(false),
                (_, false) => {}
                (b"ENCODING", true) => {
                    let [code] = self.lines.numbers()?;
                    head.character = u32::try_from(code).ok().and_then(char::from_u32);
                }
                (b"DWIDTH", true) => head.advance = Some(self.lines.numbers::<1>()?[0]),
                (b"BBX", true) => head.bounds = Some(self.lines.numbers()?),
                (b"BITMAP", true) => return Ok(true),
                (b"ENDCHAR" | b"STARTCHAR" | b"ENDFONT", true) => {
                    return Err(self.lines.malformed());
                }
                (_, true) => {}
            }
        }
    }

    /// The measures in a head, which is that of `character`. They become the current glyph.
    fn enter(&mut self, head: &Head, character: char) -> Result<Glyph, FontFileError> {
        let malformed = FontFileError::Malformed { at: head.at };
        let [width, height, left, bottom] = head.bounds.ok_or(malformed)?;
        let advance = head.advance.ok_or(malformed)?;
        self.current = WideGlyph { width, height, left, bottom, advance }.narrow(character)?;
        Ok(self.current)
    }

    /// Goes to the first glyph of a character, by the index or by reading on.
    fn seek_glyph(&mut self, character: char) -> Result<Option<Glyph>, FontFileError> {
        if let Some(index) = &self.index {
            let found = index.read(|bytes| index::find(bytes, character));
            match found.map_err(|_| FontFileError::Busy)? {
                Some(at) => self.lines.seek(at)?,
                None => return Ok(None),
            }
        } else {
            self.rewind()?;
        }
        let mut head = Head::default();
        while self.next_head(&mut head)? {
            if head.character == Some(character) {
                return self.enter(&head, character).map(Some);
            }
        }
        Ok(None)
    }
}

impl<F: Read + Seek> FontFile for BdfFile<'_, F> {
    fn header(&self) -> FontHeader {
        self.header
    }

    fn file_bytes(&self) -> u64 {
        self.file_bytes
    }

    fn rewind(&mut self) -> Result<(), FontFileError> {
        self.lines.seek(self.glyphs_at)
    }

    fn next(
        &mut self,
        wanted: &dyn Fn(char) -> bool,
    ) -> Result<Option<(char, Glyph)>, FontFileError> {
        let mut head = Head::default();
        while self.next_head(&mut head)? {
            if let Some(character) = head.character.filter(|&character| wanted(character)) {
                return self.enter(&head, character).map(|glyph| Some((character, glyph)));
            }
        }
        Ok(None)
    }

    fn read_pixels(&mut self, pixels: &mut [u8]) -> Result<(), FontFileError> {
        let glyph = self.current;
        let pixels = source::room(pixels, source::pixels_bytes(&glyph))?;
        for row in pixels.chunks_exact_mut(source::stride_bytes(glyph.width).max(1)) {
            self.lines.advance()?;
            self.lines.hex(row)?;
            source::clear_padding(row, glyph.width);
        }
        Ok(())
    }
}

impl<F: Read + Seek> GlyphSource for BdfFile<'_, F> {
    fn metrics(&self) -> FontMetrics {
        source::metrics(&self.header)
    }

    fn load(&mut self, character: char, pixels: &mut [u8]) -> Result<Option<Glyph>, FontFileError> {
        let Some(glyph) = self.seek_glyph(character)? else { return Ok(None) };
        self.read_pixels(pixels)?;
        Ok(Some(glyph))
    }
}

impl<F> fmt::Debug for BdfFile<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BdfFile")
            .field("header", &self.header)
            .field("index", &self.index)
            .finish_non_exhaustive()
    }
}

/// What stands before the glyphs.
struct Properties {
    bounds: Option<[i32; 4]>,
    ascent: Option<i32>,
    descent: Option<i32>,
    glyphs_at: u64,
}

impl Properties {
    fn read<F: Read + Seek>(lines: &mut Lines<F>) -> Result<Self, FontFileError> {
        match lines.advance() {
            Ok(()) if lines.keyword() == b"STARTFONT" => {}
            Ok(()) | Err(FontFileError::Truncated) => return Err(FontFileError::NotAFont),
            Err(error) => return Err(error),
        }
        let mut properties = Self { bounds: None, ascent: None, descent: None, glyphs_at: 0 };
        loop {
            lines.advance()?;
            properties.glyphs_at = lines.line_at();
            match lines.keyword() {
                b"FONTBOUNDINGBOX" => properties.bounds = Some(lines.numbers()?),
                b"FONT_ASCENT" => properties.ascent = Some(lines.numbers::<1>()?[0]),
                b"FONT_DESCENT" => properties.descent = Some(lines.numbers::<1>()?[0]),
                b"STARTCHAR" | b"ENDFONT" => return Ok(properties),
                _ => {}
            }
        }
    }
}
