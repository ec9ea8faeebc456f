//! Fonts, or some of their characters, as what a `FlashFont` shows.
//!
//! A [`FontSource`] is read from a BDF, PCF, TrueType or OpenType file. A [`Subset`] takes characters of it, and the
//! [`GlyphSet`] becomes bytes for `include_bytes!`, or Rust source. A `build.rs` does it while it builds:
//!
//! ```
//! # let dir = std::env::temp_dir().join(format!("displayio-assets-font-{}", std::process::id()));
//! # std::fs::create_dir_all(&dir)?;
//! # let out_dir = dir.display();
//! # let font = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/cell_6x12.bdf");
//! use displayio_assets::font::{FontSource, Subset};
//!
//! let digits = Subset { characters: Some("0123456789:".chars().collect()), ..Subset::default() };
//! let clock = digits.take(&FontSource::open(font)?)?;
//! std::fs::write(format!("{out_dir}/clock.dfn"), clock.pack())?;
//! std::fs::write(format!("{out_dir}/clock.rs"), clock.to_rust("CLOCK"))?;
//! println!("cargo::rerun-if-changed={font}");
//! # assert!(std::fs::read_to_string(dir.join("clock.rs"))?.contains("pub static CLOCK: "));
//! # std::fs::remove_dir_all(&dir)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! and the program does `FlashFont::new(include_bytes!(concat!(env!("OUT_DIR"), "/clock.dfn")))`, or includes the source.

mod bitmap;
mod characters;
mod glyph;
mod outline;
mod preview;
mod set;
mod source;

use core::{error::Error, fmt};

pub use self::{
    characters::Characters,
    preview::PreviewError,
    set::GlyphSet,
    source::{FontFormat, FontSource, OpenFontError, SourceError},
};

/// In what boxes glyphs are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Boxes {
    /// Around the ink of each; or around the ink of all, where all advance alike and that takes fewer bytes. What a label
    /// measures may be less than with the boxes of a bitmap font's file; lines follow each other as the font wants it.
    #[default]
    Ink,
    /// All in the box of the font, as a terminal wants them: what has another width is placed in it as it is, all advance as
    /// far as the widest, and lines follow each other by the height of the box.
    Cell,
    /// The same, with the box standing on the baseline: all of it is ascent, and nothing descends.
    CellOnBaseline,
}

/// What is taken of a font.
///
/// ```
/// use displayio_assets::font::{FontSource, Subset};
/// use displayio_core::PackedFont;
/// let bdf = b"STARTFONT 2.1\nFONTBOUNDINGBOX 3 2 0 0\nCHARS 1\nSTARTCHAR bar\nENCODING 45\nDWIDTH 4 0\n\
///     BBX 3 2 0 0\nBITMAP\nE0\n00\nENDCHAR\nENDFONT\n";
/// let bytes = Subset::default().take(&FontSource::parse(bdf)?)?.pack();
/// let font = PackedFont::parse(&bytes)?;
/// let bar = font.glyph(font.find('-').unwrap()).unwrap();
/// assert_eq!((bar.width, bar.height, bar.bottom), (3, 1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subset {
    /// The characters; `None` for all of a bitmap font, and printable ASCII of an outline font.
    pub characters: Option<Characters>,
    /// Pixels per em, 1 to 255, at which outlines are drawn. Bitmap fonts have the size that they have, and take none.
    pub size_px: Option<u8>,
    /// Bits per pixel: 1, 2 or 4. Outlines get as many levels of coverage; pixels of bitmap fonts only become wider.
    pub bits: u8,
    /// In what boxes glyphs are stored.
    pub boxes: Boxes,
    /// Whether characters without a glyph are left out, instead of being an error.
    pub allow_missing: bool,
}

impl Default for Subset {
    /// One bit per pixel, boxes around the ink.
    fn default() -> Self {
        let (characters, size_px) = (None, None);
        Self { characters, size_px, bits: 1, boxes: Boxes::Ink, allow_missing: false }
    }
}

impl Subset {
    /// Takes the glyphs of a font.
    ///
    /// Time and memory in the pixels of all glyphs; a byte for each.
    ///
    /// # Errors
    /// [`SubsetError`].
    pub fn take(&self, source: &FontSource) -> Result<GlyphSet, SubsetError> {
        GlyphSet::take(self, source)
    }

    /// The size of outlines; 0 for a bitmap font.
    const fn checked_size(&self, source: &FontSource) -> Result<u8, SubsetError> {
        match (source.is_outline(), self.size_px) {
            (true, Some(size_px @ 1..)) => Ok(size_px),
            (true, None | Some(0)) => Err(SubsetError::SizeNeeded),
            (false, None) => Ok(0),
            (false, Some(_)) => Err(SubsetError::SizeGiven),
        }
    }
}

/// Why no glyphs were taken of a font.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SubsetError {
    /// Another number of bits per pixel than 1, 2 and 4.
    Bits(u8),
    /// An outline font, and no size.
    SizeNeeded,
    /// A bitmap font, and a size.
    SizeGiven,
    /// The font has no glyph for these characters.
    Missing(Characters),
    /// No character is left.
    Empty,
    /// A glyph is above 255 pixels in a direction, or farther than 127 from its origin.
    GlyphTooLarge {
        /// Its character.
        character: char,
    },
    /// So is the box that all glyphs should fill.
    CellTooLarge,
    /// More than 65 535 glyphs, or 16 MiB of pixels.
    TooLarge,
}

impl fmt::Display for SubsetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bits(bits) => write!(f, "{bits} bits per pixel: a font has 1, 2 or 4"),
            Self::SizeNeeded => {
                f.write_str("an outline font needs a size (--size) of 1 to 255 pixels")
            }
            Self::SizeGiven => f.write_str("a bitmap font has the size that it has"),
            Self::Missing(characters) => {
                const MAX_NAMED: usize = 100;
                f.write_str("no glyph for")?;
                for (index, character) in characters.iter().take(MAX_NAMED).enumerate() {
                    f.write_str(if index > 0 { "," } else { "" })?;
                    write!(f, " {character:?} (U+{:04X})", u32::from(character))?;
                }
                match characters.len().saturating_sub(MAX_NAMED) {
                    0 => Ok(()),
                    more => write!(f, " and {more} more"),
                }
            }
            Self::Empty => f.write_str("no characters to take"),
            Self::GlyphTooLarge { character } => {
                write!(f, "the glyph of {character:?} {DOES_NOT_FIT}")
            }
            Self::CellTooLarge => write!(f, "the box around all glyphs {DOES_NOT_FIT}"),
            Self::TooLarge => f.write_str("more than 65535 glyphs or 16 MiB of pixels"),
        }
    }
}

impl Error for SubsetError {}

/// What is wrong with measures.
const DOES_NOT_FIT: &str = "is larger than 255 pixels, or farther than 127 from its origin";

/// `1 bit per pixel`, in as many words.
pub(crate) fn bits_per_pixel(bits: u8) -> String {
    format!("{bits} {} per pixel", if bits == 1 { "bit" } else { "bits" })
}
