//! Fonts in files: what readers of all formats have in common, and what can be wrong with a file.

use core::fmt;

use displayio_allocators::{OutOfMemory, TooSmall};
use embedded_io::{Error, ErrorKind, Read, ReadExactError, Seek, SeekFrom};

use super::{FontError, FontHeader, FontMetrics, Glyph, font::row_bytes};

/// Why a font in a file, or a glyph of it, cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum FontFileError {
    /// Reading or seeking failed.
    Io(ErrorKind),
    /// The file does not begin as a font of this format.
    NotAFont,
    /// The file ends before the font does.
    Truncated,
    /// What stands here is not what the format asks for, and more follows.
    Malformed {
        /// Where, in bytes from the start of the file: a line of a BDF file, a table of a PCF file.
        at: u64,
    },
    /// A part without which there is no font: a keyword or the name of a table.
    Missing(&'static str),
    /// The pixels are stored in a way that is not supported; this is the table's format word.
    BitmapFormat(u32),
    /// A glyph, or the box around all of them, is above 255 pixels in a direction, or farther than 127 from its origin.
    Measures {
        /// The glyph's character; `None` for the box.
        character: Option<char>,
    },
    /// More glyphs than 65 535, or more pixels than 16 MiB, or than the file can hold.
    TooLarge,
    /// The file was another one when it was read again.
    Changed,
    /// A glyph has more pixels than there is room for.
    GlyphTooLarge {
        /// Bytes of its pixels.
        needed_bytes: usize,
        /// Bytes that there were for them.
        given_bytes: usize,
    },
    /// A glyph is needed from storage while another one of the same cache is viewed.
    Busy,
    /// The tables of a packed font.
    Packed(FontError),
}

impl fmt::Display for FontFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(kind) => write!(f, "cannot read the font: {kind:?}"),
            Self::NotAFont => f.write_str("not a font of this format"),
            Self::Truncated => f.write_str("the font file is cut short"),
            Self::Malformed { at } => write!(f, "the font file makes no sense at byte {at}"),
            Self::Missing(part) => write!(f, "a font without {part}"),
            Self::BitmapFormat(format) => write!(f, "PCF bitmaps of format {format:#x}"),
            Self::Measures { character } => {
                match character {
                    Some(character) => write!(f, "the glyph of {character:?}")?,
                    None => f.write_str("the box of the font")?,
                }
                f.write_str(" is larger than 255 pixels, or farther than 127 from its origin")
            }
            Self::TooLarge => f.write_str(
                "a font of more than 65535 glyphs, than 16 MiB of pixels, or than its file can hold",
            ),
            Self::Changed => f.write_str("the font file changed while it was read"),
            Self::GlyphTooLarge { needed_bytes, given_bytes } => {
                write!(f, "a glyph of {needed_bytes} bytes, where there is room for {given_bytes}")
            }
            Self::Busy => f.write_str("a glyph is read while another one is viewed"),
            Self::Packed(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for FontFileError {}

impl From<FontError> for FontFileError {
    fn from(error: FontError) -> Self {
        Self::Packed(error)
    }
}

/// Why a font was not loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum LoadFontError {
    /// The file.
    File(FontFileError),
    /// The memory for it.
    OutOfMemory(OutOfMemory),
    /// The buffer that was lent for it.
    TooSmall(TooSmall),
}

impl From<FontFileError> for LoadFontError {
    fn from(error: FontFileError) -> Self {
        Self::File(error)
    }
}

impl From<OutOfMemory> for LoadFontError {
    fn from(error: OutOfMemory) -> Self {
        Self::OutOfMemory(error)
    }
}

impl fmt::Display for LoadFontError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => error.fmt(f),
            Self::OutOfMemory(error) => error.fmt(f),
            Self::TooSmall(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for LoadFontError {}

/// A font that is read glyph by glyph: for a [`GlyphCache`](crate::GlyphCache), which makes a [`Font`](crate::Font) of it.
///
/// ```
/// use displayio_core::{FontFileError, FontMetrics, Glyph, GlyphSource};
/// /// Has a full block, and nothing else.
/// struct Blocks;
/// impl GlyphSource for Blocks {
///     fn metrics(&self) -> FontMetrics {
///         FontMetrics { ascent: 8, line_height: 8, loose_ascent: 8, ..FontMetrics::default() }
///     }
///     fn load(&mut self, c: char, pixels: &mut [u8]) -> Result<Option<Glyph>, FontFileError> {
///         if c != '█' {
///             return Ok(None);
///         }
///         let given_bytes = pixels.len();
///         let error = FontFileError::GlyphTooLarge { needed_bytes: 8, given_bytes };
///         pixels.get_mut(..8).ok_or(error)?.fill(0xff);
///         Ok(Some(Glyph { width: 8, height: 8, advance: 8, ..Glyph::default() }))
///     }
/// }
/// ```
pub trait GlyphSource {
    /// The measures of the font.
    fn metrics(&self) -> FontMetrics;

    /// Bits per pixel: 1, 2 or 4.
    fn bits(&self) -> u8 {
        1
    }

    /// Reads the glyph of a character: its measures, and its pixels into the start of `pixels`, row by row from the top,
    /// each from a whole byte on, the leftmost pixel in the high bits. `None` where the font has no such glyph; `pixels` is
    /// as it was then.
    ///
    /// # Errors
    /// [`FontFileError`]; `pixels` may hold anything then. [`FontFileError::GlyphTooLarge`] tells what would be enough.
    fn load(&mut self, character: char, pixels: &mut [u8]) -> Result<Option<Glyph>, FontFileError>;
}

impl<S: GlyphSource + ?Sized> GlyphSource for &mut S {
    fn metrics(&self) -> FontMetrics {
        (**self).metrics()
    }

    fn bits(&self) -> u8 {
        (**self).bits()
    }

    fn load(&mut self, character: char, pixels: &mut [u8]) -> Result<Option<Glyph>, FontFileError> {
        (**self).load(character, pixels)
    }
}

/// A font file that is read from one end to the other: for [`LoadedFont`](crate::LoadedFont). [`BdfFile`](crate::BdfFile)
/// and [`PcfFile`](crate::PcfFile) are such files.
pub trait FontFile {
    /// Measures of the font as a whole; glyphs have one bit per pixel.
    fn header(&self) -> FontHeader;

    /// Size of the file in bytes: what it claims to hold is not believed beyond that.
    fn file_bytes(&self) -> u64;

    /// Goes back to the first glyph.
    ///
    /// # Errors
    /// [`FontFileError`].
    fn rewind(&mut self) -> Result<(), FontFileError>;

    /// Goes to the next glyph of a `wanted` character, in the file's order. `None` at the end of the font.
    ///
    /// # Errors
    /// [`FontFileError`]; [`rewind`](Self::rewind) before going on.
    fn next(
        &mut self,
        wanted: &dyn Fn(char) -> bool,
    ) -> Result<Option<(char, Glyph)>, FontFileError>;

    /// Reads the pixels of the glyph that [`next`](Self::next) gave, once, into the start of `pixels`, as
    /// [`GlyphSource::load`] has them.
    ///
    /// # Errors
    /// As for [`GlyphSource::load`].
    fn read_pixels(&mut self, pixels: &mut [u8]) -> Result<(), FontFileError>;
}

/// Bytes of a row of one bit per pixel.
pub(super) const fn stride_bytes(width: u8) -> usize {
    row_bytes(width, 1)
}

/// Bytes of a glyph's pixels, one bit each.
pub(super) const fn pixels_bytes(glyph: &Glyph) -> usize {
    stride_bytes(glyph.width) * glyph.height as usize
}

/// The first `needed_bytes` of a room for pixels.
pub(super) fn room(pixels: &mut [u8], needed_bytes: usize) -> Result<&mut [u8], FontFileError> {
    let given_bytes = pixels.len();
    let error = FontFileError::GlyphTooLarge { needed_bytes, given_bytes };
    pixels.get_mut(..needed_bytes).ok_or(error)
}

/// Clears what is right of a row's last pixel.
pub(super) const fn clear_padding(row: &mut [u8], width: u8) {
    if let (Some(last), 1..) = (row.last_mut(), width % 8) {
        *last &= 0xff << (8 - width % 8);
    }
}

pub(super) fn size_of_file(file: &mut impl Seek) -> Result<u64, FontFileError> {
    file.seek(SeekFrom::End(0)).map_err(|e| FontFileError::Io(e.kind()))
}

/// Fills `bytes` from `position` on.
pub(super) fn read_at<F: Read + Seek>(
    file: &mut F,
    position: u64,
    bytes: &mut [u8],
) -> Result<(), FontFileError> {
    file.seek(SeekFrom::Start(position)).map_err(|e| FontFileError::Io(e.kind()))?;
    file.read_exact(bytes).map_err(|e| match e {
        ReadExactError::UnexpectedEof => FontFileError::Truncated,
        ReadExactError::Other(e) => FontFileError::Io(e.kind()),
    })
}

/// Measures as files have them, before they are known to fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WideGlyph {
    pub width: i32,
    pub height: i32,
    pub left: i32,
    pub bottom: i32,
    pub advance: i32,
}

impl WideGlyph {
    pub(super) fn narrow(self, character: char) -> Result<Glyph, FontFileError> {
        let narrow = || {
            Some(Glyph {
                width: u8::try_from(self.width).ok()?,
                height: u8::try_from(self.height).ok()?,
                left: i8::try_from(self.left).ok()?,
                bottom: i8::try_from(self.bottom).ok()?,
                advance: u8::try_from(self.advance).ok()?,
            })
        };
        narrow().ok_or(FontFileError::Measures { character: Some(character) })
    }
}

/// The header of a font with this box: width, height, left and bottom.
pub(super) fn header_of_box(
    [width, height, left, bottom]: [i32; 4],
    ascent: i32,
    descent: i32,
) -> Result<FontHeader, FontFileError> {
    let narrow = || {
        Some(FontHeader {
            bits: 1,
            ascent: clamp(ascent),
            descent: clamp(descent),
            box_size: (u8::try_from(width).ok()?, u8::try_from(height).ok()?),
            box_place: Some((i8::try_from(left).ok()?, i8::try_from(bottom).ok()?)),
            cell: None,
        })
    };
    narrow().ok_or(FontFileError::Measures { character: None })
}

/// The nearest number of pixels that a header holds.
fn clamp(pixels: i32) -> u8 {
    u8::try_from(pixels.max(0)).unwrap_or(u8::MAX)
}

/// What a [`PackedFont`](super::PackedFont) with this header would tell.
pub(super) const fn metrics(header: &FontHeader) -> FontMetrics {
    let (ascent, descent) = (header.ascent, header.descent);
    let (max_width, line_height) = header.box_size;
    let (loose_ascent, loose_descent) = match header.box_place {
        None => (ascent, descent.cast_signed()),
        Some((_, bottom)) => (line_height, bottom.saturating_neg()),
    };
    FontMetrics { ascent, descent, line_height, max_width, loose_ascent, loose_descent }
}
