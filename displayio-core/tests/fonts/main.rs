//! Fonts from files: against an independent reader, glyph by glyph and pixel by pixel; in memory of every kind; from storage
//! that fails; and from files that lie.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::std_instead_of_alloc,
    reason = "a test of small numbers, with nothing to export"
)]

#[cfg(any(feature = "mono-font", feature = "u8g2-fonts"))]
mod adapters;
mod cache;
mod files;
mod loaded;
mod malformed;
mod oracle;
mod storage;

use core::mem::MaybeUninit;

use displayio_core::{Font, FontFileError, Glyph, GlyphSource, View};

/// A font's file in both formats.
#[derive(Debug)]
struct Files {
    name: String,
    bdf: Vec<u8>,
    pcf: Vec<u8>,
}

/// All fonts beside this file: copy others there to test them, too.
fn all_fonts() -> Vec<Files> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fonts/files");
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let fonts: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "bdf"))
        .map(|path| Files {
            name: path.display().to_string(),
            bdf: std::fs::read(&path).unwrap(),
            pcf: std::fs::read(path.with_extension("pcf")).unwrap_or_default(),
        })
        .collect();
    assert!(fonts.len() >= 3, "fonts are missing");
    fonts
}

const SMALL_BDF: &[u8] = include_bytes!("files/4x6.bdf");
const SMALL_PCF: &[u8] = include_bytes!("files/4x6.pcf");
const HELVETICA_BDF: &[u8] = include_bytes!("files/helvR12.bdf");
const HELVETICA_PCF: &[u8] = include_bytes!("files/helvR12.pcf");

fn region(size: usize) -> Vec<MaybeUninit<u8>> {
    vec![MaybeUninit::uninit(); size]
}

/// A glyph as it is seen: its measures, and its rows as `#` and `.`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Picture {
    glyph: Glyph,
    rows: Vec<String>,
}

fn rows(view: &View<'_>) -> Vec<String> {
    let pixel = |x: u16, y: u16| if view.get(x.into(), y.into()) == 0 { '.' } else { '#' };
    (0..view.size.height).map(|y| (0..view.size.width).map(|x| pixel(x, y)).collect()).collect()
}

/// A character of a font, by its number.
fn picture(font: &dyn Font, character: char) -> Option<Picture> {
    let id = font.find(character)?;
    let mut picture = Picture { glyph: font.glyph(id)?, rows: vec![] };
    assert!(font.view(id, &mut |view| picture.rows = rows(view)), "{character:?} has no pixels");
    Some(picture)
}

/// A character of a font that is read glyph by glyph.
fn read(source: &mut impl GlyphSource, character: char) -> Result<Option<Picture>, FontFileError> {
    let mut pixels = [0xa5; 8192];
    let glyph = source.load(character, &mut pixels)?;
    Ok(glyph.map(|glyph| {
        let stride = usize::from(glyph.width).div_ceil(8);
        let bit = |x: usize, y: usize| pixels[y * stride + x / 8] >> (7 - x % 8) & 1;
        let pixel = |x, y| if bit(x, y) == 0 { '.' } else { '#' };
        let row = |y| (0..glyph.width.into()).map(|x| pixel(x, y)).collect();
        Picture { glyph, rows: (0..glyph.height.into()).map(row).collect() }
    }))
}

/// What fonts are asked for: all that the files have, and what they have not.
fn characters() -> impl Iterator<Item = char> {
    ('\0'..='\u{250}').chain('\u{2000}'..'\u{2600}').chain(['\u{10041}', char::MAX])
}
