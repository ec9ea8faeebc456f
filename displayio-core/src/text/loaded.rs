//! Fonts in memory of the program's choice, loaded from files.

mod census;

use displayio_allocators::{Home, Purpose, Storage, TooSmall};
use embedded_io::{Read, Seek};

use self::census::{Census, Runs};
use super::{
    BdfFile, Font, FontFile, FontFileError, FontHeader, FontMetrics, FontWriter, Glyph, GlyphId,
    GlyphSource, LoadFontError, PackedFile, PackedFont, PcfFile, packed::GLYPH_BYTES, source,
    writer,
};
use crate::{Part, View};

/// A font in memory: loaded once, painted from where it is, as fast as one in flash.
///
/// Loading reads the file twice: it counts the glyphs that are wanted, asks for exactly the bytes that they take, and fills
/// them: `24 + 8 * ranges + 8 * glyphs + pixels`, where a range is a run of characters that follow each other, and rows
/// begin at whole bytes. Where all glyphs are alike, the 8 bytes of each are saved. Time in the size of the file. A BDF file
/// whose characters do not rise is read twice for each 2048 code points in a row that have some, and twice more. Of a
/// character's glyphs, the first one counts.
///
/// Memory: at most nine times the file's size, whatever the file says; less than half of it for BDF files that do not lie.
/// The stack holds the file's reader, and 256 bytes more where characters do not rise.
///
/// ```
/// # let text = b"STARTFONT 2.1\nFONTBOUNDINGBOX 3 2 0 0\nCHARS 1\nSTARTCHAR bar\nENCODING 45\nDWIDTH 4 0\n\
/// #     BBX 3 1 0 1\nBITMAP\nE0\nENDCHAR\nENDFONT\n";
/// # let mut region = [core::mem::MaybeUninit::uninit(); 4096];
/// # let heap = displayio_allocators::LinkedListHeap::new(&mut region);
/// use displayio_core::{Font, LoadedFont, SliceFile};
/// let file = SliceFile::new(text); // or a file on a card
/// let font = LoadedFont::from_bdf(file, &|c| matches!(c, ' '..='~' | '°'), &heap)?;
/// assert!(font.find('-').is_some());
/// # Ok::<(), displayio_core::LoadFontError>(())
/// ```
#[derive(Debug)]
pub struct LoadedFont<'m> {
    bytes: Storage<'m>,
    metrics: FontMetrics,
    bits: u8,
}

const PURPOSE: Purpose = Purpose::Named("a font");

impl<'m> LoadedFont<'m> {
    /// Loads the `wanted` characters of a BDF file.
    ///
    /// # Errors
    /// [`LoadFontError`]; the heap is as it was.
    pub fn from_bdf<F: Read + Seek>(
        file: F,
        wanted: &dyn Fn(char) -> bool,
        home: impl Into<Home<'m>>,
    ) -> Result<Self, LoadFontError> {
        Self::load_in(&mut BdfFile::open(file)?, wanted, home)
    }

    /// Loads the `wanted` characters of a PCF file.
    ///
    /// # Errors
    /// [`LoadFontError`]; the heap is as it was.
    pub fn from_pcf<F: Read + Seek>(
        file: F,
        wanted: &dyn Fn(char) -> bool,
        home: impl Into<Home<'m>>,
    ) -> Result<Self, LoadFontError> {
        Self::load_in(&mut PcfFile::open(file)?, wanted, home)
    }

    /// Loads a file of the bytes that a [`FlashFont`](crate::FlashFont) has, all of it.
    ///
    /// # Errors
    /// [`LoadFontError`]; the heap is as it was.
    pub fn from_packed<F: Read + Seek>(
        file: F,
        home: impl Into<Home<'m>>,
    ) -> Result<Self, LoadFontError> {
        let mut file = PackedFile::open(file)?;
        let bytes = Storage::zeroed_in(file.byte_count()?, PURPOSE, home)?;
        bytes.write(|bytes| file.read_all(bytes)).map_err(|_| FontFileError::Busy)??;
        Ok(Self { bytes, metrics: file.metrics(), bits: file.bits() })
    }

    /// Bytes that the `wanted` characters of a file take. Reads the file.
    ///
    /// # Errors
    /// [`FontFileError`].
    pub fn required_bytes<F: FontFile + ?Sized>(
        file: &mut F,
        wanted: &dyn Fn(char) -> bool,
    ) -> Result<usize, FontFileError> {
        Census::take(file, wanted).map(|census| census.required_bytes())
    }

    /// Loads the `wanted` characters of an open file.
    ///
    /// # Errors
    /// [`LoadFontError`]; the heap is as it was.
    pub fn load_in<F: FontFile + ?Sized>(
        file: &mut F,
        wanted: &dyn Fn(char) -> bool,
        home: impl Into<Home<'m>>,
    ) -> Result<Self, LoadFontError> {
        let census = Census::take(file, wanted)?;
        let bytes = Storage::zeroed_in(census.required_bytes(), PURPOSE, home)?;
        Ok(Self::fill(file, wanted, &census, bytes)?)
    }

    /// Loads the `wanted` characters of an open file into a lent buffer, of at least
    /// [`required_bytes`](Self::required_bytes).
    ///
    /// # Errors
    /// [`LoadFontError`].
    pub fn load_into<F: FontFile + ?Sized>(
        file: &mut F,
        wanted: &dyn Fn(char) -> bool,
        buffer: &'m mut [u8],
    ) -> Result<Self, LoadFontError> {
        let census = Census::take(file, wanted)?;
        let (needed_bytes, given_bytes) = (census.required_bytes(), buffer.len());
        let error = TooSmall { needed_bytes, given_bytes };
        let buffer = buffer.get_mut(..needed_bytes).ok_or(LoadFontError::TooSmall(error))?;
        Ok(Self::fill(file, wanted, &census, Storage::from_buffer(buffer))?)
    }

    fn fill<F: FontFile + ?Sized>(
        file: &mut F,
        wanted: &dyn Fn(char) -> bool,
        census: &Census,
        bytes: Storage<'m>,
    ) -> Result<Self, FontFileError> {
        let header = file.header();
        bytes
            .write(|bytes| fill(file, wanted, census, bytes))
            .map_err(|_| FontFileError::Busy)??;
        Ok(Self { bytes, metrics: source::metrics(&header), bits: 1 })
    }

    /// What it is in a [`MemoryReport`](crate::MemoryReport).
    #[must_use]
    pub fn part(&self) -> Part {
        Part::of(self, PURPOSE).with_data(self.bytes.len(), self.bytes.kind())
    }

    /// Opens the font; `None` inside six views of it.
    fn open<R>(&self, f: impl FnOnce(PackedFont<'_>) -> R) -> Option<R> {
        self.bytes.read(|bytes| f(PackedFont::from_checked(bytes))).ok()
    }
}

impl Font for LoadedFont<'_> {
    fn metrics(&self) -> FontMetrics {
        self.metrics
    }

    fn find(&self, character: char) -> Option<GlyphId> {
        self.open(|font| font.find(character))?
    }

    fn glyph(&self, id: GlyphId) -> Option<Glyph> {
        self.open(|font| font.glyph(id))?
    }

    fn view(&self, id: GlyphId, f: &mut dyn FnMut(&View<'_>)) -> bool {
        self.open(|font| font.view(id).map(|view| f(&view)).is_some()) == Some(true)
    }

    fn bits(&self) -> u8 {
        self.bits
    }

    fn view_all(&self, f: &mut dyn FnMut(&PackedFont<'_>)) -> bool {
        self.open(|font| f(&font)).is_some()
    }
}

/// Fills the bytes of a font from the file that was counted.
fn fill<F: FontFile + ?Sized>(
    file: &mut F,
    wanted: &dyn Fn(char) -> bool,
    census: &Census,
    bytes: &mut [u8],
) -> Result<(), FontFileError> {
    let header = FontHeader { bits: 1, cell: census.cell, ..file.header() };
    bytes.fill(0);
    let writer = FontWriter::new(bytes, &header, census.ranges, census.glyphs);
    let writer = writer.ok_or(FontFileError::Changed)?;
    let glyphs = if census.is_sorted {
        fill_in_order(file, wanted, writer)?
    } else {
        write_ranges(file, wanted, writer)?;
        Tables::split(bytes, census)?.fill(file, wanted)?
    };
    // The file may have told something else the second time.
    let font = PackedFont::parse(bytes).map_err(|_| FontFileError::Changed)?;
    let characters = font.ranges().map(|range| usize::from(range.count)).sum();
    if [glyphs, characters] == [usize::from(census.glyphs); 2] {
        Ok(())
    } else {
        Err(FontFileError::Changed)
    }
}

/// Adds ranges and glyphs in one pass over a file whose characters rise. Gives the number of glyphs.
fn fill_in_order<F: FontFile + ?Sized>(
    file: &mut F,
    wanted: &dyn Fn(char) -> bool,
    mut writer: FontWriter<'_>,
) -> Result<usize, FontFileError> {
    let (mut runs, mut glyphs) = (Runs::default(), 0);
    file.rewind()?;
    while let Some((character, glyph)) = file.next(wanted)? {
        if let Some(range) = runs.push(character.into()) {
            writer.push_range(range);
        }
        file.read_pixels(writer.push_glyph(&glyph).ok_or(FontFileError::Changed)?)?;
        glyphs += 1;
    }
    runs.end().into_iter().for_each(|range| writer.push_range(range));
    Ok(glyphs)
}

/// Adds the ranges of a file whose characters do not rise.
fn write_ranges<F: FontFile + ?Sized>(
    file: &mut F,
    wanted: &dyn Fn(char) -> bool,
    mut writer: FontWriter<'_>,
) -> Result<(), FontFileError> {
    let mut runs = Runs::default();
    let mut push = |code| runs.push(code).into_iter().for_each(|range| writer.push_range(range));
    census::for_each_code(file, wanted, &mut |_| (), &mut push)?;
    runs.end().into_iter().for_each(|range| writer.push_range(range));
    Ok(())
}

/// The parts of a font whose ranges are written, while glyphs are added in any order.
struct Tables<'b> {
    /// All of the font before its glyphs.
    ranges: &'b [u8],
    glyphs: &'b mut [[u8; GLYPH_BYTES]],
    pixels: &'b mut [u8],
    /// Bytes of pixels so far.
    pixels_bytes: usize,
}

/// The entry of a glyph that was not read yet: no pixels are there.
const MISSING: [u8; GLYPH_BYTES] = [0xff; GLYPH_BYTES];

impl<'b> Tables<'b> {
    fn split(bytes: &'b mut [u8], census: &Census) -> Result<Self, FontFileError> {
        let ranges_bytes = FontWriter::required_bytes(census.ranges, 0, false, 0);
        let glyphs_bytes = usize::from(census.glyphs) * GLYPH_BYTES;
        let split = bytes.split_at_mut_checked(ranges_bytes).and_then(|(ranges, rest)| {
            let (glyphs, pixels) = rest.split_at_mut_checked(glyphs_bytes)?;
            let glyphs = glyphs.as_chunks_mut::<GLYPH_BYTES>().0;
            glyphs.fill(MISSING);
            Some(Self { ranges, glyphs, pixels, pixels_bytes: 0 })
        });
        split.ok_or(FontFileError::Changed)
    }

    /// Adds the first glyph of each character. Gives the number of glyphs.
    fn fill<F: FontFile + ?Sized>(
        mut self,
        file: &mut F,
        wanted: &dyn Fn(char) -> bool,
    ) -> Result<usize, FontFileError> {
        let mut glyphs = 0;
        file.rewind()?;
        while let Some((character, glyph)) = file.next(wanted)? {
            let offset = u32::try_from(self.pixels_bytes).map_err(|_| FontFileError::TooLarge)?;
            let (entry, pixels) = self.place(character).ok_or(FontFileError::Changed)?;
            if *entry == MISSING {
                *entry = writer::glyph_entry(offset, &glyph);
                file.read_pixels(pixels)?;
                self.pixels_bytes += source::pixels_bytes(&glyph);
                glyphs += 1;
            }
        }
        Ok(glyphs)
    }

    /// The entry of a character's glyph, and the rest of the room for pixels.
    fn place(&mut self, character: char) -> Option<(&mut [u8; GLYPH_BYTES], &mut [u8])> {
        let id = PackedFont::from_checked(self.ranges).find(character)?;
        let entry = self.glyphs.get_mut(usize::try_from(id.0).ok()?)?;
        Some((entry, self.pixels.get_mut(self.pixels_bytes..)?))
    }
}
