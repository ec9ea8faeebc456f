//! Fonts in flash are the fonts that they were made of, glyph by glyph; and no file brings the reader down.
#![expect(clippy::unwrap_used, reason = "a failure to set up is a failed test")]

extern crate alloc;

use alloc::collections::{BTreeMap, BTreeSet};
use std::fs;

use displayio_assets::font::{
    Boxes, Characters, FontSource, GlyphSet, SourceError, Subset, SubsetError,
};
use displayio_core::{
    BdfFile, Font, FontFileError, FontMetrics, Glyph, GlyphId, GlyphSource, PackedFont, SliceFile,
};

const CELL: &str = "cell_6x12.bdf";
const PROPORTIONAL: &str = "../../../displayio-core/tests/fonts/files/helvR12";

#[expect(unreachable_pub, reason = "made for a module that is")]
mod made {
    include!("data/digits.rs");
}

fn data(name: &str) -> Vec<u8> {
    fs::read(format!("{}/tests/data/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn source(name: &str) -> FontSource {
    FontSource::parse(&data(name)).unwrap()
}

fn chars(text: &str) -> Option<Characters> {
    Some(text.chars().collect())
}

fn sized(size_px: u8, bits: u8, text: &str) -> Subset {
    Subset { characters: chars(text), size_px: Some(size_px), bits, ..Subset::default() }
}

/// Pixels with ink, by their place right of the cursor and above the baseline, and how far the cursor moves.
type Shape = (u8, BTreeMap<(i32, i32), u32>);

fn shape(glyph: &Glyph, level: impl Fn(usize, usize) -> u32) -> Shape {
    let (left, bottom) = (i32::from(glyph.left), i32::from(glyph.bottom));
    let top = bottom + i32::from(glyph.height);
    let places = (0..glyph.height).flat_map(|y| (0..glyph.width).map(move |x| (x, y)));
    let inked = places
        .map(|(x, y)| ((left + i32::from(x), top - 1 - i32::from(y)), level(x.into(), y.into())));
    (glyph.advance, inked.filter(|&(_, level)| level > 0).collect())
}

/// What a font in flash shows for a character.
fn packed(font: &PackedFont<'_>, character: char) -> Shape {
    let id = font.find(character).unwrap();
    let view = font.view(id).unwrap();
    shape(&font.glyph(id).unwrap(), |x, y| view.get(x, y))
}

/// Checks that what a set packs is the set, with every pixel in the bytes.
#[track_caller]
fn check_packed(set: &GlyphSet) {
    let bytes = set.pack();
    assert_eq!(bytes.len(), set.packed_bytes(), "as many bytes as were told");
    let font = PackedFont::parse(&bytes).unwrap();
    let counts = (set.header().bits, set.characters().len());
    assert_eq!((font.bits(), font.glyph_count()), counts, "bits and glyphs");
    for (character, glyph, levels) in set.glyphs() {
        let width = usize::from(glyph.width);
        let expected = shape(&glyph, |x, y| levels[y * width + x].into());
        assert_eq!(packed(&font, character), expected, "{character:?}");
    }
    let last = GlyphId(u32::try_from(font.glyph_count() - 1).unwrap());
    let (glyph, rest) = font.glyph_and_pixels(last).unwrap();
    let pixels_bytes = font.stride_bytes(glyph.width) * usize::from(glyph.height);
    assert_eq!(rest.len(), pixels_bytes, "the font ends with the last glyph's pixels");
}

/// Checks that all characters look as they do to a reader of the file on a device.
#[track_caller]
fn check_against_reader(reader: &mut dyn GlyphSource, set: &GlyphSet, raised: i32) {
    let bytes = set.pack();
    let font = PackedFont::parse(&bytes).unwrap();
    let full = (1_u32 << font.bits()) - 1;
    let mut pixels = [0; 8192];
    for character in set.characters().iter() {
        let glyph = reader.load(character, &mut pixels).unwrap().unwrap();
        let stride = usize::from(glyph.width).div_ceil(8);
        let bit = |x: usize, y: usize| pixels[y * stride + x / 8] >> (7 - x % 8) & 1;
        let (advance, ink) = shape(&glyph, |x, y| u32::from(bit(x, y)) * full);
        let ink = ink.into_iter().map(|((x, y), level)| ((x, y + raised), level)).collect();
        assert_eq!(packed(&font, character), (advance, ink), "{character:?}");
    }
}

#[test]
fn bitmap_fonts_keep_every_pixel() {
    for (name, raised, boxes) in [
        (CELL, 0, Boxes::Ink),
        (CELL, 0, Boxes::Cell),
        (CELL, 2, Boxes::CellOnBaseline),
        (&format!("{PROPORTIONAL}.bdf"), 0, Boxes::Ink),
    ] {
        for bits in [1, 2, 4] {
            let file = data(name);
            let set = Subset { bits, boxes, ..Subset::default() }.take(&source(name)).unwrap();
            assert_eq!(set.characters(), source(name).characters());
            check_packed(&set);
            let mut reader = BdfFile::open(SliceFile::new(&file)).unwrap();
            check_against_reader(&mut reader, &set, raised);
        }
    }
}

/// The font of the terminal in `displayio-core`, byte for byte.
#[test]
fn the_built_in_font_is_made_again() {
    let made = include_bytes!("../../displayio-core/fonts/cell_6x12.dfn");
    let subset = Subset { boxes: Boxes::CellOnBaseline, ..Subset::default() };
    assert!(subset.take(&source(CELL)).unwrap().pack() == made, "other bytes");
}

#[test]
fn pcf_and_bdf_give_the_same_glyphs() {
    let set = |end| Subset::default().take(&source(&format!("{PROPORTIONAL}.{end}"))).unwrap();
    let (bdf, pcf) = (set("bdf"), set("pcf"));
    assert!(bdf.glyphs().eq(pcf.glyphs()), "glyphs differ");
}

#[test]
fn measures_are_those_of_the_font() {
    let digits = Subset { characters: chars("0123456789"), ..Subset::default() };
    let metrics = |set: &GlyphSet| PackedFont::parse(&set.pack()).unwrap().metrics();
    let file = data(&format!("{PROPORTIONAL}.bdf"));
    let whole = BdfFile::open(SliceFile::new(&file)).unwrap().metrics();
    let some = metrics(&digits.take(&FontSource::parse(&file).unwrap()).unwrap());
    assert_eq!(some, FontMetrics { max_width: 7, ..whole });
    // Of 840, 270 and 90 units in 1024; ascent and descent are rounded up.
    let outlines = metrics(&sized(16, 1, "1g").take(&source("shapes.ttf")).unwrap());
    let expected = FontMetrics {
        ascent: 14,
        descent: 5,
        line_height: 19,
        max_width: 8,
        loose_ascent: 14,
        loose_descent: 5,
    };
    assert_eq!(outlines, expected);
}

/// Shapes of whole pixels, so that there is no doubt where they are.
#[test]
fn outlines_stand_on_the_baseline() {
    for name in ["shapes.ttf", "shapes.otf"] {
        for (scale, bits) in [(1, 1), (1, 2), (2, 4), (3, 1)] {
            let size_px = u8::try_from(16 * scale).unwrap();
            let set = sized(size_px, bits, "-1g ").take(&source(name)).unwrap();
            check_packed(&set);
            let boxes = set.glyphs().map(|(c, g, _)| {
                let [width, height] = [g.width, g.height].map(i32::from);
                (c, width, height, i32::from(g.left), i32::from(g.bottom))
            });
            let pixels = |c, [width, height, left, bottom]: [i32; 4]| {
                (c, width * scale, height * scale, left * scale, bottom * scale)
            };
            let expected = [
                pixels(' ', [0; 4]),
                pixels('-', [6, 2, 1, 4]),
                pixels('1', [2, 12, 3, 0]),
                pixels('g', [6, 6, 1, -4]),
            ];
            assert!(boxes.eq(expected), "{name} at {size_px}: {set:?}");
            let full = (1_u8 << bits) - 1;
            let is_full = |(c, _, levels): (char, _, &[u8])| {
                c == 'g' || levels.iter().all(|&level| level == full)
            };
            assert!(set.glyphs().all(is_full), "edges on pixels are sharp");
        }
    }
}

/// Half a column, which the rasteriser rounds down to 127 of 255, and a quarter of a row.
#[test]
fn coverage_is_quantised() {
    let levels = |bits| {
        let set = sized(16, bits, "\u{bd}").take(&source("shapes.ttf")).unwrap();
        let (_, glyph, levels) = set.glyphs().next().unwrap();
        (glyph.width, levels.to_vec())
    };
    assert_eq!(levels(4), (3, vec![7, 0, 0, 7, 0, 0, 7, 0, 0, 7, 0, 4]));
    assert_eq!(levels(2), (3, vec![1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 1]));
    // What is thin does not vanish.
    assert_eq!(levels(1), (1, vec![1; 4]));
}

/// As many pixels as the circle has area: 16 * pi, where half coverage is as good as any.
#[test]
fn curves_of_one_bit_have_their_area() {
    for name in ["shapes.ttf", "shapes.otf"] {
        let set = sized(16, 1, "o").take(&source(name)).unwrap();
        let (_, glyph, levels) = set.glyphs().next().unwrap();
        let black = levels.iter().filter(|&&level| level > 0).count();
        assert_eq!((glyph.width, glyph.height), (8, 8));
        assert!((48..=56).contains(&black), "{black} pixels in {name}");
    }
}

#[test]
fn a_cell_holds_every_glyph() {
    let cell = Subset { boxes: Boxes::Cell, ..sized(16, 1, "-1g o") };
    let set = cell.take(&source("shapes.ttf")).unwrap();
    check_packed(&set);
    let expected = Glyph { width: 8, height: 19, left: 0, bottom: -5, advance: 8 };
    assert_eq!(set.header().cell, Some(expected));
    assert_eq!(set.packed_bytes(), 24 + 5 * 8 + 5 * 19);
    let raised = Subset { boxes: Boxes::CellOnBaseline, ..cell };
    let set = raised.take(&source("shapes.ttf")).unwrap();
    check_packed(&set);
    assert_eq!(set.header().cell, Some(Glyph { bottom: 0, ..expected }));
    assert_eq!((set.header().ascent, set.header().descent), (19, 0));
}

/// Glyphs that advance alike share a box where that is smaller, and only there.
#[test]
fn one_cell_is_found() {
    let is_of_one_cell = |name: &str, text: &str| {
        let set = Subset { characters: chars(text), ..Subset::default() };
        set.take(&source(name)).unwrap().header().cell.is_some()
    };
    assert!(is_of_one_cell(CELL, "0123456789"), "six bytes more, eight less");
    assert!(!is_of_one_cell(&format!("{PROPORTIONAL}.bdf"), "il.W"), "they advance differently");
    let wide = Subset { characters: chars(".M"), bits: 4, ..Subset::default() };
    let wide = wide.take(&source(CELL)).unwrap();
    assert_eq!(wide.header().cell, None, "a dot in a box of 24 bytes");
}

#[test]
fn subsets_have_what_was_asked_for() {
    let subset = Subset { characters: chars("z0:~0 a"), ..Subset::default() };
    let set = subset.take(&source(CELL)).unwrap();
    assert_eq!(set.characters().to_string(), "U+0020, U+0030, U+003A, U+0061, U+007A, U+007E");
    check_packed(&set);
    let bytes = set.pack();
    assert_eq!(PackedFont::parse(&bytes).unwrap().find('b'), None);
    // A glyph is the same whatever it is taken with.
    let whole = Subset::default().take(&source(CELL)).unwrap().pack();
    let whole = PackedFont::parse(&whole).unwrap();
    let some = PackedFont::parse(&bytes).unwrap();
    set.characters().iter().for_each(|c| assert_eq!(packed(&some, c), packed(&whole, c)));
}

#[track_caller]
fn check_refused(subset: &Subset, name: &str, error: &SubsetError) {
    assert_eq!(subset.take(&source(name)).unwrap_err(), *error, "{name}");
}

#[test]
fn refusals_have_reasons() {
    let cell = |text| Subset { characters: chars(text), ..Subset::default() };
    let missing = SubsetError::Missing(chars("\u{e9}\u{20ac}").unwrap());
    check_refused(&cell("a\u{e9}b\u{20ac}"), CELL, &missing);
    let allowed = Subset { allow_missing: true, ..cell("a\u{e9}") };
    assert_eq!(allowed.take(&source(CELL)).unwrap().missing(), &chars("\u{e9}").unwrap());
    check_refused(&Subset { allow_missing: true, ..cell("\u{e9}") }, CELL, &SubsetError::Empty);
    check_refused(&cell(""), CELL, &SubsetError::Empty);
    check_refused(&Subset { bits: 3, ..cell("a") }, CELL, &SubsetError::Bits(3));
    check_refused(&sized(12, 1, "a"), CELL, &SubsetError::SizeGiven);
    check_refused(&cell("o"), "shapes.ttf", &SubsetError::SizeNeeded);
    check_refused(&sized(0, 1, "o"), "shapes.ttf", &SubsetError::SizeNeeded);
}

/// Where a table of an OpenType font has its place and size in the table of contents.
fn table_record(file: &[u8], tag: &[u8; 4]) -> usize {
    let tables = usize::from(u16::from_be_bytes([file[4], file[5]]));
    let mut records = (0..tables).map(|table| 12 + 16 * table);
    records.find(|&at| file[at..at + 4] == *tag).unwrap()
}

/// 64 units per em instead of 1024: a letter of 128 pixels becomes one of 2048.
#[test]
fn large_glyphs_are_refused() {
    let mut file = data("shapes.ttf");
    let at = table_record(&file, b"head") + 8;
    let head = u32::from_be_bytes(*file[at..].first_chunk().unwrap());
    let units_at = usize::try_from(head).unwrap() + 18;
    file[units_at..units_at + 2].copy_from_slice(&64_u16.to_be_bytes());
    let large = FontSource::parse(&file).unwrap();
    let error = sized(200, 1, " og").take(&large).unwrap_err();
    assert_eq!(error, SubsetError::GlyphTooLarge { character: ' ' });
    let error = sized(50, 1, "g").take(&large).unwrap_err();
    assert_eq!(error, SubsetError::GlyphTooLarge { character: 'g' });
}

#[test]
fn formats_that_are_none_are_told() {
    let error = |file: &[u8]| FontSource::parse(file).unwrap_err();
    assert!(matches!(error(b""), SourceError::UnknownFormat));
    assert!(matches!(error(b"GIF89a"), SourceError::UnknownFormat));
    assert!(matches!(error(b"\x1f\x8b\x08"), SourceError::Compressed));
    assert!(matches!(error(b"DFN1...."), SourceError::Packed));
    assert!(matches!(error(b"STARTFONT 2.1\n"), SourceError::Bitmap(FontFileError::Truncated)));
    assert!(matches!(error(b"\0\x01\0\0"), SourceError::Outline(_)));
}

/// The source that the tool writes is a font that a program shows.
#[test]
fn rust_source_is_the_font() {
    let set = Subset { characters: chars("0123456789:"), ..Subset::default() };
    let set = set.take(&source(CELL)).unwrap();
    let bytes = set.pack();
    let (font, expected) = (made::DIGITS.packed(), PackedFont::parse(&bytes).unwrap());
    assert_eq!(made::DIGITS.metrics(), expected.metrics());
    set.characters().iter().for_each(|c| assert_eq!(packed(&font, c), packed(&expected, c)));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let make = || sized(13, 2, "-1go \u{bd}").take(&source("shapes.ttf")).unwrap();
    assert_eq!(make().pack(), make().pack());
    assert_eq!(make().to_rust("A"), make().to_rust("A"));
    assert_eq!(make().preview_text(), make().preview_text());
}

/// Takes all of a font that may be damaged in every way.
fn take_all(file: &[u8]) {
    let Ok(source) = FontSource::parse(file) else { return };
    for (size_px, boxes) in [(1, Boxes::Ink), (17, Boxes::Cell), (255, Boxes::CellOnBaseline)] {
        let subset = Subset {
            characters: Some(source.characters()),
            size_px: source.is_outline().then_some(size_px),
            bits: 4,
            boxes,
            allow_missing: true,
        };
        if let Ok(set) = subset.take(&source) {
            check_packed(&set);
        }
    }
}

#[test]
fn cut_files_are_fonts_or_errors() {
    for name in ["shapes.ttf", "shapes.otf", CELL, &format!("{PROPORTIONAL}.pcf")] {
        let file = data(name);
        let step = file.len() / 200 + 1;
        (0..file.len()).step_by(step).for_each(|end| take_all(&file[..end]));
        if name == CELL {
            let cut = FontSource::parse(&file[..file.len() / 2]);
            assert!(matches!(cut, Err(SourceError::Bitmap(_))), "{cut:?}");
        }
    }
}

/// Bytes changed at random; `FONT_SEEDS` for more than a moment's worth.
#[test]
fn damaged_files_are_fonts_or_errors() {
    let seeds = std::env::var("FONT_SEEDS").map_or(40, |seeds| seeds.parse().unwrap());
    for name in ["shapes.ttf", "shapes.otf", CELL, &format!("{PROPORTIONAL}.pcf")] {
        let file = data(name);
        for seed in 1..=seeds {
            let mut random = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(seed);
            let mut below = |bound: usize| {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                usize::try_from(random >> 33).unwrap() % bound
            };
            let mut damaged = file.clone();
            for _ in 0..=below(4) {
                let at = below(damaged.len());
                damaged[at] = [0, 0x7f, 0x80, 0xff, below(256).to_le_bytes()[0]][below(5)];
            }
            take_all(&damaged);
        }
    }
}

#[test]
fn collections_give_their_first_font() {
    const HEADER_BYTES: u32 = 16;
    let mut font = data("shapes.ttf");
    for record in font[12..].as_chunks_mut::<16>().0.iter_mut().take(10) {
        let at = u32::from_be_bytes(*record[8..].first_chunk().unwrap());
        record[8..12].copy_from_slice(&(at + HEADER_BYTES).to_be_bytes());
    }
    assert_eq!(font[4..6], [0, 10], "ten tables were moved");
    let collection = [&b"ttcf\0\x01\0\0\0\0\0\x01\0\0\0\x10"[..], &font].concat();
    let take = |source: FontSource| sized(16, 4, "-1go").take(&source).unwrap().pack();
    assert!(take(FontSource::parse(&collection).unwrap()) == take(source("shapes.ttf")), "differ");
}

/// Names of half a character more bring the rasteriser down, where it finds them.
#[test]
fn damaged_names_do_not_matter() {
    let mut file = data("shapes.ttf");
    let at = table_record(&file, b"name") + 8;
    let names_at = usize::try_from(u32::from_be_bytes(*file[at..].first_chunk().unwrap())).unwrap();
    let count = usize::from(file[names_at + 3]);
    (0..count).for_each(|name| file[names_at + 6 + 12 * name + 9] ^= 1);
    let damaged = FontSource::parse(&file).unwrap();
    let take = |source: &FontSource| sized(16, 1, "-1go").take(source).unwrap().pack();
    assert!(take(&damaged) == take(&source("shapes.ttf")), "differ");
}

/// A table that claims four thousand million characters.
#[test]
fn endless_characters_are_refused() {
    let mut file = data("shapes.ttf");
    let record = table_record(&file, b"cmap");
    let mut cmap = vec![0, 0, 0, 1, 0, 3, 0, 10, 0, 0, 0, 12, 0, 12, 0, 0, 0, 0, 0, 28];
    cmap.extend([0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1]);
    let (at, len) = (u32::try_from(file.len()).unwrap(), u32::try_from(cmap.len()).unwrap());
    file[record + 8..record + 12].copy_from_slice(&at.to_be_bytes());
    file[record + 12..record + 16].copy_from_slice(&len.to_be_bytes());
    file.extend(cmap);
    let error = FontSource::parse(&file).unwrap_err().to_string();
    assert!(error.contains("more characters than there are"), "{error}");
}

#[test]
fn previews_show_boxes_and_the_baseline() {
    let set = sized(16, 1, "g").take(&source("shapes.ttf")).unwrap();
    let text = "'g' U+0067: 6x6 at 1, -4; advance 8\n   |######|\n  _|######|\n   |    ##|\n   |    ##|\n   \
                |    ##|\n   |    ##|\n";
    assert_eq!(set.preview_text(), text);
    let picture = set.preview().unwrap();
    let width = usize::from(picture.size().width);
    assert_eq!(picture.pixels().len(), width * usize::from(picture.size().height));
    let colors: BTreeSet<_> = picture.pixels().iter().collect();
    assert_eq!(colors.len(), 4, "paper, box, baseline and ink");
}
