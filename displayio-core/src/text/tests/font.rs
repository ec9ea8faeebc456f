//! Fonts as bytes.

use alloc::{string::String, vec, vec::Vec};

use proptest::prelude::*;

use crate::text::*;

/// A glyph's rows as `#` and `.`.
fn picture(font: &dyn Font, character: char) -> Vec<String> {
    let mut rows = vec![];
    let id = font.find(character).unwrap();
    let viewed = font.view(id, &mut |view| {
        let pixel = |x: u16, y: u16| if view.get(x.into(), y.into()) == 0 { '.' } else { '#' };
        let row = |y| (0..view.size.width).map(move |x| pixel(x, y)).collect();
        rows = (0..view.size.height).map(row).collect();
    });
    assert!(viewed, "{character}");
    rows
}

#[test]
fn the_built_in_font_has_the_terminals_measures() {
    let metrics = FONT_6X12.metrics();
    assert_eq!((metrics.ascent, metrics.descent, metrics.line_height), (12, 0, 12));
    assert_eq!((metrics.loose_ascent, metrics.loose_descent), (12, 0));
    let cell = Glyph { width: 6, height: 12, left: 0, bottom: 0, advance: 6 };
    for character in ' '..='~' {
        assert_eq!(FONT_6X12.glyph(FONT_6X12.find(character).unwrap()), Some(cell));
    }
    assert_eq!(
        [FONT_6X12.find('\u{1f}'), FONT_6X12.find('\u{7f}'), FONT_6X12.find('ä')],
        [None; 3]
    );
    let seven = [
        "......", "......", "#####.", "....#.", "....#.", "...#..", "...#..", "..#...", "..#...",
        "..#...", "......", "......",
    ];
    assert_eq!(picture(&FONT_6X12, '7'), seven);
}

/// 'a' is 2x1, 'b' is blank, 'z' 3x2 and below the baseline.
fn small_font(bits: u8) -> Vec<u8> {
    let header = FontHeader {
        bits,
        ascent: 7,
        descent: 2,
        box_size: (3, 9),
        box_place: Some((0, -2)),
        cell: None,
    };
    let glyphs = [(2, 1, 1, 3, 4), (0, 0, 0, 0, 3), (3, 2, -1, -2, 2)].map(
        |(width, height, left, bottom, advance)| Glyph { width, height, left, bottom, advance },
    );
    let mut bytes = vec![0; FontWriter::required_bytes(2, 3, false, 6)];
    let mut writer = FontWriter::new(&mut bytes, &header, 2, 3).unwrap();
    writer.push_range(CharRange { first: u32::from('a'), glyph: 0, count: 2 });
    writer.push_range(CharRange { first: u32::from('z'), glyph: 2, count: 1 });
    for glyph in &glyphs {
        writer.push_glyph(glyph).unwrap().fill(0b1110_0000);
    }
    bytes
}

#[test]
fn what_is_written_is_read() {
    let bytes = small_font(1);
    let font = PackedFont::parse(&bytes).unwrap();
    assert_eq!(font.metrics().loose_descent, 2);
    let sizes = ['a', 'b', 'z'].map(|c| font.glyph(font.find(c).unwrap()).unwrap());
    assert_eq!(sizes.map(|glyph| (glyph.width, glyph.bottom)), [(2, 3), (0, 0), (3, -2)]);
    assert_eq!(['c', 'y', '{', 'ä', ' '].map(|c| font.find(c)), [None; 5]);
    assert_eq!(font.view(GlyphId(2)).unwrap().get(2, 1), 1);
    assert!(font.view(GlyphId(3)).is_none(), "there are three");
}

#[test]
fn wrong_fonts_are_told_apart() {
    let bytes = small_font(2);
    let parse = |bytes: &[u8]| PackedFont::parse(bytes).map(drop);
    assert_eq!(parse(&bytes), Ok(()));
    assert_eq!(parse(&bytes[..23]), Err(FontError::NotAFont));
    let truncated = |needed_bytes, given_bytes| FontError::Truncated { needed_bytes, given_bytes };
    assert_eq!(parse(&bytes[..40]), Err(truncated(64, 40)), "the tables are cut");
    for length in 64..67 {
        assert_eq!(parse(&bytes[..length]), Err(truncated(67, length)), "the pixels are cut");
    }
    let cells = &include_bytes!("../../../fonts/cell_6x12.dfn")[..1171];
    assert_eq!(parse(cells), Err(truncated(1172, 1171)), "the last cell is cut");
    let with = |at: usize, byte: u8| {
        let mut bytes = bytes.clone();
        bytes[at] = byte;
        parse(&bytes)
    };
    assert_eq!(with(0, b'E'), Err(FontError::NotAFont));
    assert_eq!(with(4, 3), Err(FontError::Bits(3)));
    assert_eq!(with(24, b'z'), Err(FontError::Ranges), "z twice");
    assert_eq!(with(30, 4), Err(FontError::Ranges), "four glyphs of three");
    assert_eq!(with(40, 6), Err(truncated(71, 70)), "the first glyph reaches farthest");
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(
        edits in prop::collection::vec((0..70_usize, any::<u8>()), 0..6),
        length in prop_oneof![0..70_usize, Just(70)],
        id in prop_oneof![0..6_u32, any::<u32>()],
        character in prop_oneof![Just('a'), Just('z'), any::<char>()],
    ) {
        let mut bytes = small_font(4);
        for (at, byte) in edits {
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
        }
        if let Ok(font) = PackedFont::parse(&bytes[..length.min(bytes.len())]) {
            for id in font.find(character).into_iter().chain([GlyphId(id)]) {
                if let Some(view) = font.view(id) {
                    prop_assert!(view.get(254, 254) <= 15);
                    let (glyph, pixels) = font.glyph_and_pixels(id).unwrap();
                    let stride_bytes = font.stride_bytes(glyph.width);
                    prop_assert!(pixels.len() >= stride_bytes * usize::from(glyph.height));
                }
            }
            prop_assert!(font.ranges().count() <= 6);
        }
    }
}
