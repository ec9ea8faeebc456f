//! Fonts and labels against the reference's numbers.

mod font;
mod label;
mod wrap;

use alloc::{vec, vec::Vec};

use super::*;

/// The built-in font with its baseline two rows up, as a BDF file has it.
fn bdf_like_font() -> Vec<u8> {
    let cell = Glyph { width: 6, height: 12, left: 0, bottom: -2, advance: 6 };
    let header = FontHeader {
        bits: 1,
        ascent: 10,
        descent: 2,
        box_size: (6, 12),
        box_place: Some((0, -2)),
        cell: Some(cell),
    };
    let mut bytes = vec![0; FontWriter::required_bytes(1, 95, true, 95 * 12)];
    let mut writer = FontWriter::new(&mut bytes, &header, 1, 95).unwrap();
    writer.push_range(CharRange { first: 0x20, glyph: 0, count: 95 });
    for id in 0..95 {
        let rows = FONT_6X12.packed().glyph_and_pixels(GlyphId(id)).unwrap().1;
        writer.push_glyph(&cell).unwrap().copy_from_slice(&rows[..12]);
    }
    bytes
}
