//! Text: fonts, and labels that show it.

mod bdf;
mod bitmap_label;
mod cache;
mod font;
mod growing;
mod label;
mod labels;
mod layout;
mod loaded;
mod measure;
#[cfg(feature = "mono-font")]
mod mono_font;
mod packed;
mod packed_file;
mod paint;
mod pcf;
mod raster;
mod source;
mod style;
mod text_box;
#[cfg(feature = "u8g2-fonts")]
mod u8g2;
mod wrap;
mod writer;

#[cfg(feature = "mono-font")]
pub use self::mono_font::MonoFontAdapter;
#[cfg(feature = "u8g2-fonts")]
pub use self::u8g2::U8g2Font;
pub use self::{
    bdf::BdfFile,
    bitmap_label::{Accent, BitmapLabel, Decoration},
    cache::GlyphCache,
    font::{Font, FontMetrics, Glyph, GlyphId},
    label::{Label, TextError},
    labels::Text,
    loaded::LoadedFont,
    packed::{CharRange, FlashFont, FontError, FontHeader, PackedFont},
    packed_file::PackedFile,
    pcf::PcfFile,
    source::{FontFile, FontFileError, GlyphSource, LoadFontError},
    style::{Anchor, Direction, TextBounds, TextStyle},
    text_box::{Align, TextBox},
    wrap::{Ticker, WrapChars, WrapPixels},
    writer::FontWriter,
};

/// A font of 6 by 12 pixels for the characters from space to `~`, the one that CircuitPython's terminal has: 1172 bytes of
/// flash where it is used.
///
/// All glyphs fill a cell that stands on the baseline, so that nothing descends below it. Licensed under the SIL Open Font
/// License 1.1; its text is in `fonts/OFL-1.1.txt`.
pub static FONT_6X12: FlashFont = FlashFont::new(include_bytes!("../fonts/cell_6x12.dfn"));

#[cfg(test)]
mod tests;
