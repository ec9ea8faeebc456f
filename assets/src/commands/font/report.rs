//! What was made, in words.

use displayio_assets::font::{FontSource, GlyphSet, Subset, SubsetError};
use displayio_core::FontHeader;

use super::Args;

/// The whole font in the same form; `None` where the subset is all of it.
pub(super) fn whole(subset: &Subset, source: &FontSource) -> Option<Result<GlyphSet, SubsetError>> {
    let all = source.characters();
    let is_whole = subset.characters.as_ref().map_or(!source.is_outline(), |some| *some == all);
    let whole = Subset { characters: Some(all), allow_missing: true, ..subset.clone() };
    (!is_whole).then(|| whole.take(source))
}

/// Lines about a font: its form, what it costs, what the subset saves.
pub(super) fn describe(
    args: &Args,
    set: &GlyphSet,
    whole: Option<&Result<GlyphSet, SubsetError>>,
) -> String {
    let FontHeader { bits, ascent, descent, box_size, cell, .. } = *set.header();
    let (count, bytes) = (set.glyphs().count(), set.packed_bytes());
    let mut text = format!(
        "{}: {count} glyphs, {bits} {} per pixel; ascent {ascent}, descent {descent}, lines of {} pixels\n",
        args.input.display(),
        if bits == 1 { "bit" } else { "bits" },
        box_size.1,
    );
    if let Some(cell) = cell {
        let (width, height) = (cell.width, cell.height);
        text += &format!("  one cell of {width}x{height} pixels for all glyphs\n");
    }
    let per_glyph = bytes as f64 / count as f64;
    text += &format!("  {bytes} bytes of flash, {per_glyph:.1} per glyph; no RAM\n");
    match whole {
        Some(Ok(whole)) => {
            let (all, whole_bytes) = (whole.glyphs().count(), whole.packed_bytes());
            let saved = whole_bytes.saturating_sub(bytes);
            text += &format!("  saves {saved} of the {whole_bytes} bytes of all {all} glyphs\n");
        }
        Some(Err(error)) => {
            text += &format!("  all glyphs of the font are no font in flash: {error}\n");
        }
        None => {}
    }
    if !set.missing().is_empty() {
        let missing = SubsetError::Missing(set.missing().clone());
        text += &format!("  left out: {missing}\n");
    }
    text
}
