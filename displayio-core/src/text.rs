//! Text: fonts, and labels that show it.

mod bitmap_label;
mod font;
mod label;
mod layout;
mod measure;
mod packed;
mod paint;
mod raster;
mod style;
mod writer;

pub use self::{
    bitmap_label::{Accent, BitmapLabel, Decoration},
    font::{Font, FontMetrics, Glyph, GlyphId},
    label::{Label, TextError},
    packed::{CharRange, FlashFont, FontError, FontHeader, PackedFont},
    style::{Anchor, Direction, TextBounds, TextStyle},
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
