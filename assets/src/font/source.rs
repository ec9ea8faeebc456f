//! Fonts as they are read from files.

use core::{error::Error, fmt};
use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use displayio_core::{FontFileError, FontHeader};

use super::{Characters, bitmap::BitmapFont, glyph::LevelGlyph, outline::OutlineFont};

/// The most bytes of a file; the largest fonts for all of Unicode have a tenth of it.
const MAX_FILE_BYTES: u64 = 1 << 28;

/// Formats of fonts, told from their first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FontFormat {
    /// BDF, text.
    Bdf,
    /// PCF, what BDF is compiled to.
    Pcf,
    /// Outlines of quadratic curves (TTF), or a collection of such fonts.
    TrueType,
    /// Outlines of cubic curves (OTF).
    OpenType,
    /// The display stack's own, of a `FlashFont`. It is explained, but not read for subsets.
    Packed,
}

impl FontFormat {
    /// The format of a file that begins so.
    #[must_use]
    pub fn of(file: &[u8]) -> Option<Self> {
        // A BDF file may begin with empty lines.
        if file.trim_ascii_start().starts_with(b"STARTFONT") {
            return Some(Self::Bdf);
        }
        match file.first_chunk()? {
            b"\x01fcp" => Some(Self::Pcf),
            b"\0\x01\0\0" | b"true" | b"ttcf" => Some(Self::TrueType),
            b"OTTO" => Some(Self::OpenType),
            b"DFN1" => Some(Self::Packed),
            _ => None,
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bdf => "BDF",
            Self::Pcf => "PCF",
            Self::TrueType => "TrueType",
            Self::OpenType => "OpenType",
            Self::Packed => "DFN",
        }
    }
}

/// Why a file is no font.
#[derive(Debug)]
#[non_exhaustive]
pub enum SourceError {
    /// It cannot be read.
    Read(io::Error),
    /// It has more bytes than a font should.
    FileTooLarge {
        /// The most that are read.
        max_bytes: u64,
    },
    /// It is none of BDF, PCF, TrueType and OpenType.
    UnknownFormat,
    /// It is a gzip file, as distributions have PCF fonts.
    Compressed,
    /// It is packed already.
    Packed,
    /// A BDF or PCF file is damaged, or of a kind that is not supported.
    Bitmap(FontFileError),
    /// A TrueType or OpenType file is damaged, or of a kind that is not supported; in the parser's words.
    Outline(String),
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(error) => error.fmt(f),
            Self::FileTooLarge { max_bytes } => write!(f, "more than {max_bytes} bytes"),
            Self::UnknownFormat => f.write_str("not a BDF, PCF, TrueType or OpenType font"),
            Self::Compressed => f.write_str("compressed; `gunzip` it first"),
            Self::Packed => f.write_str("a packed font; make it again from the font it came from"),
            Self::Bitmap(error) => error.fmt(f),
            Self::Outline(reason) => write!(f, "not a font that can be read: {reason}"),
        }
    }
}

impl Error for SourceError {}

/// A font file that could not be used, by name.
#[derive(Debug)]
pub struct OpenFontError {
    /// The file.
    pub path: PathBuf,
    /// What is the matter with it.
    pub error: SourceError,
}

impl fmt::Display for OpenFontError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.error)
    }
}

impl Error for OpenFontError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.error)
    }
}

/// A font of a BDF, PCF, TrueType or OpenType file, all of it in memory.
#[derive(Debug)]
pub struct FontSource {
    kind: Kind,
    file_name: Option<String>,
}

#[derive(Debug)]
enum Kind {
    Bitmap(BitmapFont),
    Outline(Box<OutlineFont>),
}

/// What a font says about itself, on one line each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Notes {
    pub name: Option<String>,
    /// Copyright and licence.
    pub license: Option<String>,
}

impl FontSource {
    /// Reads a file. Its name will be in what [`to_rust`](super::GlyphSet::to_rust) writes, its directory will not.
    ///
    /// # Errors
    /// [`OpenFontError`] with the name of the file.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenFontError> {
        let path = path.as_ref();
        let mut source = read_file(path)
            .and_then(|bytes| Self::parse(&bytes))
            .map_err(|error| OpenFontError { path: path.into(), error })?;
        source.file_name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(source)
    }

    /// Parses the bytes of a file. Of a collection, the first font.
    ///
    /// # Errors
    /// [`SourceError`], except [`Read`](SourceError::Read).
    pub fn parse(file: &[u8]) -> Result<Self, SourceError> {
        let kind = match FontFormat::of(file) {
            Some(FontFormat::Bdf) => Kind::Bitmap(BitmapFont::from_bdf(file)?),
            Some(FontFormat::Pcf) => Kind::Bitmap(BitmapFont::from_pcf(file)?),
            Some(FontFormat::TrueType | FontFormat::OpenType) => {
                Kind::Outline(Box::new(OutlineFont::parse(file)?))
            }
            Some(FontFormat::Packed) => return Err(SourceError::Packed),
            None if file.starts_with(&[0x1f, 0x8b]) => return Err(SourceError::Compressed),
            None => return Err(SourceError::UnknownFormat),
        };
        Ok(Self { kind, file_name: None })
    }

    /// Whether it has outlines, and so any size.
    #[must_use]
    pub const fn is_outline(&self) -> bool {
        matches!(self.kind, Kind::Outline(_))
    }

    /// All characters that it has a glyph for.
    #[must_use]
    pub fn characters(&self) -> Characters {
        match &self.kind {
            Kind::Bitmap(font) => font.glyphs().keys().copied().collect(),
            Kind::Outline(font) => font.characters(),
        }
    }

    /// The name that the font has for itself.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.notes().name.as_deref()
    }

    /// Copyright and licence, as the font tells them, on one line. A PCF file's are not read.
    #[must_use]
    pub fn license(&self) -> Option<&str> {
        self.notes().license.as_deref()
    }

    pub(super) const fn notes(&self) -> &Notes {
        match &self.kind {
            Kind::Bitmap(font) => font.notes(),
            Kind::Outline(font) => font.notes(),
        }
    }

    pub(super) fn file_name(&self) -> Option<&str> {
        self.file_name.as_deref()
    }

    /// Measures of the font: of a bitmap font as its file has them, of an outline font at this size.
    #[must_use]
    pub fn header(&self, size_px: u8) -> FontHeader {
        match &self.kind {
            Kind::Bitmap(font) => font.header(),
            Kind::Outline(font) => font.header(size_px),
        }
    }

    /// The glyph of a character, in levels of 0 to `2^bits - 1`; `None` where there is none.
    ///
    /// # Errors
    /// [`TooLarge`] when its measures do not fit the flash format.
    pub(super) fn glyph(
        &self,
        character: char,
        size_px: u8,
        bits: u8,
    ) -> Option<Result<LevelGlyph, TooLarge>> {
        match &self.kind {
            Kind::Bitmap(font) => font.glyph(character, bits).map(Ok),
            Kind::Outline(font) => font.glyph(character, size_px, bits),
        }
    }

    /// Units of outlines per em, the height that a size is for; `None` for a bitmap font.
    #[must_use]
    pub fn units_per_em(&self) -> Option<u16> {
        match &self.kind {
            Kind::Bitmap(_) => None,
            Kind::Outline(font) => Some(font.units_per_em()),
        }
    }
}

/// A glyph is above 255 pixels in a direction, or farther than 127 from its origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooLarge;

fn read_file(path: &Path) -> Result<Vec<u8>, SourceError> {
    let mut bytes = Vec::new();
    let mut file = File::open(path).map_err(SourceError::Read)?.take(MAX_FILE_BYTES + 1);
    file.read_to_end(&mut bytes).map_err(SourceError::Read)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(SourceError::FileTooLarge { max_bytes: MAX_FILE_BYTES });
    }
    Ok(bytes)
}

/// Sentences on one line.
pub(super) fn joined(sentences: &[String]) -> Option<String> {
    let sentences: Vec<_> =
        sentences.iter().map(|text| text.trim().trim_end_matches('.')).collect();
    (!sentences.is_empty()).then(|| one_line(&sentences.join(". ")))
}

/// Text on one line, shortened.
pub(super) fn one_line(text: &str) -> String {
    const MAX_CHARS: usize = 240;
    let words: Vec<_> = text.split(|c: char| c.is_whitespace() || c.is_control()).collect();
    let line = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None => line,
    }
}
