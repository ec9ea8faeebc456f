//! What a file is, what it would cost, and what the display stack says to it.

mod font;

use core::{error::Error, fmt};
use std::path::{Path, PathBuf};

use displayio_core::{BmpImage, Depth, Palette, Rgb565, Size};
use serde::Serialize;

use crate::{
    OpenError, Picture,
    color::{code_565, widen_565},
    font::FontFormat,
    histogram::Histogram,
    picture::read_file,
};

pub use self::font::FontFacts;

/// RAM for reading a BMP file: the row buffer that `OnDiskBitmap::from_buffer` takes.
const ROW_BUFFER_BYTES: usize = 512;

/// All that is known about a file.
///
/// Prints itself as lines of text; serialises for machines.
#[derive(Debug, Clone, Serialize)]
pub struct Inspection {
    /// Its path.
    pub file: String,
    /// Its size.
    pub file_bytes: usize,
    /// `PNG`, `JPEG`, `GIF` or `BMP`; `BDF`, `PCF`, `TrueType`, `OpenType` or `DFN`.
    pub format: &'static str,
    /// The picture, if it can be converted.
    pub picture: Option<PictureFacts>,
    /// The font, if it can be converted, or shown as it is.
    pub font: Option<FontFacts>,
    /// Why it can not.
    pub error: Option<String>,
    /// The headers, if it is a BMP file.
    pub bmp: Option<BmpFacts>,
}

/// What is in a picture.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct PictureFacts {
    /// Width in pixels.
    pub width: u16,
    /// Height in pixels.
    pub height: u16,
    /// Distinct colours of pixels that are not fully transparent.
    pub colors: usize,
    /// Pixels that are fully transparent.
    pub transparent_pixels: usize,
    /// Pixels that are partly transparent; a threshold makes them one or the other.
    pub translucent_pixels: usize,
    /// The fewest bits per pixel that keep all colours: 1 to 8 with a palette, 16 as RGB565, 32 as RGB888.
    pub lossless_bits: u8,
    /// Bytes of pixels at that depth: in flash as an `Image`, in RAM as a `Bitmap`.
    pub pixels_bytes: usize,
    /// RAM of its palette for an RGB565 panel; 0 where pixels are colours.
    pub palette_ram_bytes: usize,
}

/// What is in the headers of a BMP file.
#[derive(Debug, Clone, Serialize)]
pub struct BmpFacts {
    /// Size of the information header, which tells its version.
    pub header_bytes: u32,
    /// Name of that version.
    pub header: &'static str,
    /// How pixels are compressed.
    pub compression: &'static str,
    /// Bits per pixel.
    pub bits: u16,
    /// Whether the top row is the first in the file.
    pub top_down: bool,
    /// Whether `OnDiskBitmap` and `BmpImage` show it.
    pub is_shown: bool,
    /// The library's own words, if not.
    pub reason: Option<String>,
    /// Colours of its palette; 0 where pixels are colours.
    pub palette_colors: u16,
    /// RAM for showing it from storage on an RGB565 panel: a row buffer and the palette.
    pub ram_bytes: usize,
}

/// Why a file is not explained.
#[derive(Debug)]
#[non_exhaustive]
pub enum InspectError {
    /// It cannot be read, or is too large.
    Open(OpenError),
    /// It is neither a picture nor a font of a supported format.
    UnknownFormat(PathBuf),
}

impl fmt::Display for InspectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(error) => error.fmt(f),
            Self::UnknownFormat(path) => write!(
                f,
                "{}: not a PNG, JPEG, GIF or BMP picture, nor a BDF, PCF, TrueType, OpenType or DFN font",
                path.display(),
            ),
        }
    }
}

impl Error for InspectError {}

impl Inspection {
    /// Looks at a file.
    ///
    /// # Errors
    /// [`InspectError`] when it cannot be read, or is of no supported format. A damaged or refused file is explained.
    pub fn of(path: &Path) -> Result<Self, InspectError> {
        let named = |error| OpenError { path: path.into(), error };
        let bytes = read_file(path).map_err(|error| InspectError::Open(named(error)))?;
        if let Some(format) = FontFormat::of(&bytes) {
            let font = FontFacts::of(format, &bytes);
            return Ok(Self {
                file: path.display().to_string(),
                file_bytes: bytes.len(),
                format: format.name(),
                picture: None,
                error: font.as_ref().err().cloned(),
                font: font.ok(),
                bmp: None,
            });
        }
        let bmp = BmpFacts::of(&bytes);
        let format = match image::guess_format(&bytes) {
            Ok(image::ImageFormat::Png) => "PNG",
            Ok(image::ImageFormat::Jpeg) => "JPEG",
            Ok(image::ImageFormat::Gif) => "GIF",
            Ok(image::ImageFormat::Bmp) => "BMP",
            _ => return Err(InspectError::UnknownFormat(path.into())),
        };
        let picture = Picture::decode(&bytes);
        Ok(Self {
            file: path.display().to_string(),
            file_bytes: bytes.len(),
            format,
            picture: picture.as_ref().ok().map(PictureFacts::of),
            font: None,
            error: picture.err().map(|error| error.to_string()),
            bmp,
        })
    }
}

impl PictureFacts {
    fn of(picture: &Picture) -> Self {
        let Size { width, height } = picture.size();
        let count = |is: fn(u8) -> bool| picture.pixels().iter().filter(|p| is(p[3])).count();
        let transparent_pixels = count(|alpha| alpha == 0);
        let visible = picture.pixels().iter().filter(|pixel| pixel[3] > 0);
        let colors = Histogram::of(
            visible
                .map(|&[red, green, blue, _]| (u32::from_be_bytes([0, red, green, blue])).into()),
        );
        let entries = colors.len() + usize::from(transparent_pixels > 0);
        let depth = lossless_depth(&colors, entries);
        let palette_len = u16::try_from(entries).unwrap_or(u16::MAX);
        Self {
            width,
            height,
            colors: colors.len(),
            transparent_pixels,
            translucent_pixels: count(|alpha| 0 < alpha && alpha < 255),
            lossless_bits: depth.bits(),
            pixels_bytes: depth.required_bytes(width, height),
            palette_ram_bytes: if depth.bits() > 8 { 0 } else { palette_ram_bytes(palette_len) },
        }
    }
}

/// RAM of a palette for an RGB565 panel.
pub(crate) const fn palette_ram_bytes(colors: u16) -> usize {
    Palette::<Rgb565>::required_bytes(colors)
}

fn lossless_depth(colors: &Histogram, entries: usize) -> Depth {
    match u32::try_from(entries) {
        Ok(entries) if entries <= 256 => Depth::for_values(entries),
        _ if colors.colors().all(|color| widen_565(code_565(color.into())) == color) => {
            Depth::Bpp16
        }
        _ => Depth::Bpp32,
    }
}

impl BmpFacts {
    /// Reads the headers as they are, and asks the library what it makes of them; `None` for other files.
    fn of(file: &[u8]) -> Option<Self> {
        let u32_at = |at: usize| Some(u32::from_le_bytes(*file.get(at..)?.first_chunk()?));
        let u16_at = |at: usize| Some(u16::from_le_bytes(*file.get(at..)?.first_chunk()?));
        if !file.starts_with(b"BM") {
            return None;
        }
        let header_bytes = u32_at(14)?;
        let is_os2 = header_bytes == 12;
        let opened = BmpImage::new(file);
        let palette_colors = opened.as_ref().map_or(0, BmpImage::palette_len);
        Some(Self {
            header_bytes,
            header: header_name(header_bytes),
            compression: if is_os2 { "none" } else { compression_name(u32_at(30)?) },
            bits: u16_at(if is_os2 { 24 } else { 28 })?,
            top_down: !is_os2 && u32_at(22)?.cast_signed() < 0,
            is_shown: opened.is_ok(),
            reason: opened.as_ref().err().map(ToString::to_string),
            palette_colors,
            ram_bytes: ROW_BUFFER_BYTES + palette_ram_bytes(palette_colors),
        })
    }
}

const fn header_name(header_bytes: u32) -> &'static str {
    match header_bytes {
        12 => "OS/2 1.x",
        40 => "Windows 3",
        52 | 56 => "Windows 3 with masks",
        64 => "OS/2 2.x",
        108 => "version 4",
        124 => "version 5",
        _ => "unknown",
    }
}

const fn compression_name(compression: u32) -> &'static str {
    match compression {
        0 => "none",
        1 => "RLE8",
        2 => "RLE4",
        3 => "bit fields",
        4 => "JPEG",
        5 => "PNG",
        6 => "bit fields with alpha",
        _ => "unknown",
    }
}

impl fmt::Display for Inspection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}, {} bytes", self.file, self.format, self.file_bytes)?;
        if let Some(picture) = &self.picture {
            picture.fmt(f)?;
        }
        if let Some(bmp) = &self.bmp {
            bmp.fmt(f)?;
        }
        if let Some(font) = &self.font {
            font.fmt(f)?;
        }
        match (&self.error, &self.bmp) {
            (Some(error), _) if self.format == FontFormat::Packed.name() => {
                writeln!(f, "  FlashFont refuses it: {error}")
            }
            (Some(error), _) => writeln!(f, "  cannot be converted: {error}"),
            (None, _) if self.font.is_some() => Ok(()),
            (None, Some(BmpFacts { is_shown: true, .. })) => Ok(()),
            (None, _) => writeln!(f, "  `displayio-assets image` makes an asset of it"),
        }
    }
}

impl fmt::Display for PictureFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { width, height, colors, .. } = self;
        writeln!(f, "  {width}x{height} pixels, {colors} colors")?;
        if self.transparent_pixels > 0 || self.translucent_pixels > 0 {
            let (clear, partly) = (self.transparent_pixels, self.translucent_pixels);
            writeln!(f, "  {clear} pixels transparent, {partly} partly")?;
        }
        let how = match self.lossless_bits {
            16 => "RGB565",
            32 => "RGB888",
            _ => "indexed",
        };
        write!(f, "  without loss: {how}, {} bits per pixel; ", self.lossless_bits)?;
        write!(f, "{} bytes of pixels in flash, or in RAM as a bitmap", self.pixels_bytes)?;
        if self.palette_ram_bytes > 0 {
            write!(f, "; palette {} bytes of RAM for RGB565", self.palette_ram_bytes)?;
        }
        writeln!(f)
    }
}

impl fmt::Display for BmpFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "  header of {} bytes ({}), {} bits per pixel, compression {}, rows {}",
            self.header_bytes,
            self.header,
            self.bits,
            self.compression,
            if self.top_down { "from the top" } else { "from the bottom" },
        )?;
        match &self.reason {
            Some(reason) => writeln!(f, "  OnDiskBitmap refuses it: {reason}"),
            None => writeln!(
                f,
                "  OnDiskBitmap shows it with {} bytes of RAM: {ROW_BUFFER_BYTES} of row buffer, {} of palette",
                self.ram_bytes,
                self.ram_bytes - ROW_BUFFER_BYTES,
            ),
        }
    }
}
