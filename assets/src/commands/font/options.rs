//! The command line of `font`, and what it means.

use std::{fs, path::PathBuf};

use displayio_assets::font::{Boxes, Characters, Subset};

use crate::commands::{
    Failure,
    names::{extension, name_of, parse_name},
};

/// Makes a font in flash, for a `FlashFont`: all of a font, or the characters that are named.
///
/// OUT ends in `.dfn`: bytes for `FlashFont::new(include_bytes!(..))`, or for `LoadedFont` and `PackedFile`. Or in `.rs`: a
/// `static` of that type.
///
/// Characters of --chars, --range and --from-file are taken together. Without any of them: all characters of a bitmap
/// font (BDF, PCF), and printable ASCII of an outline font (TrueType, OpenType).
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A BDF, PCF, TrueType or OpenType font
    #[arg(value_name = "FONT")]
    pub(super) input: PathBuf,

    /// File ending in .dfn or .rs
    #[arg(short, long, value_name = "OUT")]
    pub(super) out: PathBuf,

    /// Draw outlines at so many pixels per em
    #[arg(long, value_name = "PX", value_parser = clap::value_parser!(u8).range(1..))]
    size: Option<u8>,

    /// Take these characters
    #[arg(long, value_name = "CHARS", allow_hyphen_values = true)]
    chars: Vec<String>,

    /// Take the characters of a range, as in 0x20-0x7e or U+2190-U+2193; may be given again
    #[arg(long, value_name = "FIRST-LAST", value_parser = parse_range)]
    range: Vec<(char, char)>,

    /// Take all characters of a text file, except control characters; may be given again
    #[arg(long, value_name = "TEXT")]
    pub(super) from_file: Vec<PathBuf>,

    /// Leave out characters that the font has no glyph for
    #[arg(long)]
    allow_missing: bool,

    /// Bits per pixel: 1, or 2 or 4 for smooth edges of outlines
    #[arg(long, value_name = "BITS", default_value_t = 1, value_parser = parse_bits)]
    bits: u8,

    /// Give all glyphs the box of the font, and the advance of the widest
    #[arg(long)]
    cell: bool,

    /// Where the cells stand
    #[arg(long, value_enum, requires = "cell", default_value = "font")]
    baseline: Baseline,

    /// Name of the static [default: by the input]
    #[arg(long, value_parser = parse_name)]
    name: Option<String>,

    /// Show all glyphs with their boxes and the baseline: a PNG file, or `-` for text
    #[arg(long, value_name = "FILE.png")]
    pub(super) preview: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Baseline {
    /// As the font has it
    Font,
    /// At the bottom of the cells: nothing descends
    Bottom,
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Packed,
    Rust,
}

impl Args {
    pub(super) fn form(&self) -> Result<Form, Failure> {
        match extension(&self.out).as_deref() {
            Some("dfn") => Ok(Form::Packed),
            Some("rs") => Ok(Form::Rust),
            _ => Err(Failure::failed(self.out.display(), "neither .dfn nor .rs")),
        }
    }

    pub(super) fn subset(&self) -> Result<Subset, Failure> {
        Ok(Subset {
            characters: self.characters()?,
            size_px: self.size,
            bits: self.bits,
            boxes: match (self.cell, self.baseline) {
                (false, _) => Boxes::Ink,
                (true, Baseline::Font) => Boxes::Cell,
                (true, Baseline::Bottom) => Boxes::CellOnBaseline,
            },
            allow_missing: self.allow_missing,
        })
    }

    /// The characters that are named; `None` if none of the options is there.
    fn characters(&self) -> Result<Option<Characters>, Failure> {
        if self.chars.is_empty() && self.range.is_empty() && self.from_file.is_empty() {
            return Ok(None);
        }
        let mut characters: Characters = self.chars.iter().flat_map(|text| text.chars()).collect();
        self.range.iter().for_each(|&(first, last)| characters.extend(first..=last));
        for path in &self.from_file {
            let text = fs::read_to_string(path);
            let text = text.map_err(|error| Failure::failed(path.display(), error))?;
            characters.extend(text.chars().filter(|c| !c.is_control() && *c != '\u{feff}'));
        }
        Ok(Some(characters))
    }

    /// The name of the static.
    pub(super) fn name(&self) -> String {
        self.name.clone().unwrap_or_else(|| name_of(&self.input, "FONT"))
    }
}

fn parse_bits(text: &str) -> Result<u8, String> {
    match text {
        "1" => Ok(1),
        "2" => Ok(2),
        "4" => Ok(4),
        _ => Err("1, 2 or 4".into()),
    }
}

fn parse_range(text: &str) -> Result<(char, char), String> {
    let error = || "first and last code point, as in 0x20-0x7e".to_owned();
    let code_point = |text: &str| {
        let hex = ["0x", "0X", "U+", "u+"].iter().find_map(|prefix| text.strip_prefix(prefix));
        let (digits, radix) = hex.map_or((text, 10), |hex| (hex, 16));
        let is_number = digits.chars().all(|digit| digit.is_digit(radix));
        let code = u32::from_str_radix(digits, radix).ok().filter(|_| is_number)?;
        char::from_u32(code)
    };
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (code_point(first), code_point(last)) {
        (Some(first), Some(last)) if first <= last => Ok((first, last)),
        _ => Err(error()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_of_code_points() {
        assert_eq!(parse_range("0x20-0x7e"), Ok((' ', '~')));
        assert_eq!(parse_range("U+2190-u+2193"), Ok(('\u{2190}', '\u{2193}')));
        assert_eq!(parse_range("48-57"), Ok(('0', '9')));
        assert_eq!(parse_range("0xb0"), Ok(('\u{b0}', '\u{b0}')));
        for text in ["", "-", "0x7e-0x20", "0xd800-0xdfff", "0x+1", "a-z", "1-2-3", "0x110000"] {
            assert!(parse_range(text).is_err(), "{text}");
        }
    }
}
