//! The command line of `image`, and what it means.

use std::path::PathBuf;

use displayio_assets::image::{Conversion, Dither, Transparency};
use displayio_core::{Depth, Rgb888, Size};

use super::palette;
use crate::commands::{
    Failure,
    names::{extension, name_of, parse_name},
};

/// Converts pictures to Rust source or to BMP files for a display.
///
/// OUT ends in `.rs`: one file with a `static` Image of each input and its colors. In `.bmp`: a file that `OnDiskBitmap`
/// and `BmpImage` show. Otherwise it is a directory, where each input becomes a file.
///
/// A picture whose colors fit the palette is kept exactly, and the tool says so.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// PNG, JPEG, GIF (the first frame) or BMP files
    #[arg(required = true, value_name = "INPUT")]
    pub(super) inputs: Vec<PathBuf>,

    /// File ending in .rs or .bmp, or a directory; made if it is not there
    #[arg(short, long, value_name = "OUT")]
    pub(super) out: PathBuf,

    /// Write BMP files to a directory, instead of Rust source
    #[arg(long, conflicts_with = "bin")]
    bmp: bool,

    /// Write pixels to NAME.bin beside the Rust source, which includes them
    #[arg(long)]
    pub(super) bin: bool,

    /// Bits per pixel: 1 to 8 with a palette, 16 for RGB565, 24 for all colors (32 in Rust source)
    /// [default: as few as the palette needs]
    #[arg(long, value_name = "BITS", value_parser = parse_depth)]
    pub(super) depth: Option<Depth>,

    /// The most colors of the palette, a transparent one included [default: as many as the depth allows]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    colors: Option<u16>,

    /// How colors that are lost are shown [default: floyd-steinberg for photos; none for tiles and for
    /// drawings, which have 64 colors at most]
    #[arg(long, value_enum)]
    dither: Option<Dither>,

    /// Which pixels are transparent: `alpha` for those with alpha below the threshold, a color `#rrggbb` for those of
    /// that color, or `none`
    #[arg(long, value_name = "WHICH", default_value = "alpha", value_parser = parse_transparent)]
    transparent: Transparent,

    /// The least alpha of an opaque pixel
    #[arg(long, value_name = "0-255", default_value_t = 128)]
    threshold: u8,

    /// Blend pictures onto this color first: soft edges for a known background, nothing transparent
    #[arg(long, value_name = "#RRGGBB", value_parser = parse_color)]
    pub(super) background: Option<Rgb888>,

    /// Scale first: `320x240`, or `320x` or `x240` to keep the proportions
    #[arg(long, value_name = "WxH", value_parser = parse_resize)]
    pub(super) resize: Option<Resize>,

    /// Use the palette of a file: a BMP with a palette, a list of `#rrggbb`, or any picture of at most 256 colors, by
    /// first occurrence
    #[arg(long, value_name = "FILE", conflicts_with_all = ["colors", "shared"])]
    palette: Option<PathBuf>,

    /// Make one palette for all inputs: `NAME_COLORS` in Rust source
    #[arg(long)]
    pub(super) shared: bool,

    /// Name of the static [default: by the input]; with --shared, of the palette [default: SHARED]
    #[arg(long, value_parser = parse_name)]
    name: Option<String>,

    /// Cut into tiles of this size: writes each different tile once, and a map (`NAME_MAP`, or a .map file beside a BMP)
    #[arg(long, value_name = "WxH", value_parser = parse_size)]
    pub(super) tiles: Option<Size>,

    /// Tell how many tiles are another one flipped, too; they are kept, for a TileGrid flips all tiles or none
    #[arg(long, requires = "tiles")]
    pub(super) flips: bool,

    /// Write a PNG that shows the picture at 1, 2, 4, 8 and 16 bits, with bytes of flash and RAM
    #[arg(long, value_name = "SHEET.png")]
    pub(super) compare: Option<PathBuf>,
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Rust,
    Bmp,
}

impl Form {
    /// How its files end.
    pub(super) const fn extension(self) -> &'static str {
        match self {
            Self::Rust => ".rs",
            Self::Bmp => ".bmp",
        }
    }
}

/// Which pixels are transparent; the threshold is an option of its own.
#[derive(Debug, Clone, Copy)]
enum Transparent {
    None,
    Alpha,
    Color(Rgb888),
}

/// A new size; `None` for what keeps the proportions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Resize {
    width: Option<u16>,
    height: Option<u16>,
}

impl Resize {
    pub(super) fn of(self, old: Size) -> Size {
        let scaled = |side: u16, new: u16, old: u16| {
            let side = (u32::from(side) * u32::from(new)).div_ceil(u32::from(old).max(1));
            u16::try_from(side).unwrap_or(u16::MAX)
        };
        let width = self.width.unwrap_or_else(|| {
            self.height.map_or(old.width, |height| scaled(old.width, height, old.height))
        });
        let height = self.height.unwrap_or_else(|| scaled(old.height, width, old.width));
        Size::new(width, height)
    }
}

impl Args {
    /// What is written, if the options go together.
    pub(super) fn form(&self) -> Result<Form, Failure> {
        let form = match extension(&self.out).as_deref() {
            _ if self.out.is_dir() && self.bmp => Form::Bmp,
            _ if self.out.is_dir() => Form::Rust,
            Some("rs") => Form::Rust,
            Some("bmp") => Form::Bmp,
            None if self.bmp => Form::Bmp,
            None => Form::Rust,
            Some(_) => {
                let reason = "neither .rs nor .bmp, nor a directory";
                return Err(Failure::failed(self.out.display(), reason));
            }
        };
        let several = self.inputs.len() > 1;
        let is_direct = matches!(self.depth, Some(Depth::Bpp16 | Depth::Bpp32));
        let has_palette = self.colors.is_some() || self.palette.is_some() || self.shared;
        let conflict = match form {
            _ if is_direct && has_palette => "--colors, --palette and --shared need 8 bits at most",
            Form::Rust if self.bmp => "--bmp writes no Rust source",
            Form::Bmp if self.bin => "--bin is for Rust source",
            Form::Bmp if several && !self.is_out_dir() => "one BMP file for several inputs",
            _ if several && self.compare.is_some() => "--compare takes one input",
            _ if several && self.name.is_some() && !self.shared => {
                "--name takes one input, or --shared"
            }
            _ => return Ok(form),
        };
        Err(Failure::Failed(conflict.into()))
    }

    /// Whether each input becomes a file in a directory.
    pub(super) fn is_out_dir(&self) -> bool {
        self.out.is_dir() || self.out.extension().is_none()
    }

    pub(super) fn conversion(&self) -> Result<Conversion, Failure> {
        // Dither would make equal tiles differ.
        let dither = self.tiles.map(|_| Dither::None);
        Ok(Conversion {
            depth: self.depth,
            max_colors: self.colors,
            dither: self.dither.or(dither),
            transparency: match self.transparent {
                Transparent::None => Transparency::Opaque,
                Transparent::Alpha => Transparency::Alpha { opaque_from: self.threshold },
                Transparent::Color(color) => Transparency::Color(color),
            },
            palette: self.palette.as_deref().map(palette::read).transpose()?,
        })
    }

    /// The name of each input's static.
    pub(super) fn names(&self) -> Result<Vec<String>, Failure> {
        let own_name = self.name.as_ref().filter(|_| !self.shared);
        let name = |input| own_name.cloned().unwrap_or_else(|| name_of(input, "IMAGE"));
        let names: Vec<_> = self.inputs.iter().map(|input| name(input)).collect();
        for (index, name) in names.iter().enumerate() {
            if names[..index].contains(name) {
                return Err(Failure::failed(name, "two inputs have this name"));
            }
        }
        Ok(names)
    }

    /// The name of the palette that all inputs share.
    pub(super) fn shared_name(&self) -> String {
        self.name.clone().unwrap_or_else(|| "SHARED".into())
    }
}

fn parse_depth(text: &str) -> Result<Depth, String> {
    match text {
        "1" => Ok(Depth::Bpp1),
        "2" => Ok(Depth::Bpp2),
        "4" => Ok(Depth::Bpp4),
        "8" => Ok(Depth::Bpp8),
        "16" => Ok(Depth::Bpp16),
        "24" => Ok(Depth::Bpp32),
        _ => Err("1, 2, 4, 8, 16 or 24".into()),
    }
}

/// A colour, with or without `#`.
pub(super) fn parse_color(text: &str) -> Result<Rgb888, String> {
    let digits = text.strip_prefix('#').unwrap_or(text);
    match u32::from_str_radix(digits, 16) {
        Ok(value) if digits.len() == 6 && !digits.starts_with('+') => Ok(Rgb888::new(value)),
        _ => Err("six hexadecimal digits, as in #ff8000".into()),
    }
}

fn parse_transparent(text: &str) -> Result<Transparent, String> {
    match text {
        "none" => Ok(Transparent::None),
        "alpha" => Ok(Transparent::Alpha),
        color => parse_color(color)
            .map(Transparent::Color)
            .map_err(|_| "`alpha`, `none`, or a color as in #ff8000".into()),
    }
}

fn parse_resize(text: &str) -> Result<Resize, String> {
    let side = |text: &str| match text.parse() {
        _ if text.is_empty() => Ok(None),
        Ok(side @ 1..) => Ok(Some(side)),
        _ => Err("sides of 1 to 65535 pixels, as in 320x240, 320x or x240"),
    };
    let (width, height) = text.split_once('x').unwrap_or((text, "?"));
    let resize = Resize { width: side(width)?, height: side(height)? };
    if resize.width.or(resize.height).is_none() {
        return Err("a width, a height, or both".into());
    }
    Ok(resize)
}

fn parse_size(text: &str) -> Result<Size, String> {
    match parse_resize(text) {
        Ok(Resize { width: Some(width), height: Some(height) }) => Ok(Size::new(width, height)),
        _ => Err("sides of 1 to 65535 pixels, as in 16x16".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_keep_proportions() {
        let size = |text| parse_resize(text).map(|resize| resize.of(Size::new(400, 300)));
        assert_eq!(size("20x10"), Ok(Size::new(20, 10)));
        assert_eq!(size("200x"), Ok(Size::new(200, 150)));
        assert_eq!(size("x30"), Ok(Size::new(40, 30)));
        assert_eq!(size("1x"), Ok(Size::new(1, 1)));
        for text in ["x", "", "20", "0x4", "-3x4", "4x4x4", "65536x1"] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn colours_have_six_digits() {
        assert_eq!(parse_color("#ff8000"), Ok(Rgb888::new(0xff_8000)));
        assert_eq!(parse_color("00000a"), Ok(Rgb888::new(10)));
        assert!(["#fff", "", "+12345", "ff80000", "red"].iter().all(|c| parse_color(c).is_err()));
    }
}
