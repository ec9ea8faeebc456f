//! Files read glyph by glyph, in each format.

use displayio_allocators::LinkedListHeap;
use displayio_core::{
    BdfFile, FontFile, FontFileError, FontHeader, GlyphSource, LoadFontError, LoadedFont,
    PackedFile, PcfFile, SliceFile,
};

use crate::{
    HELVETICA_BDF, HELVETICA_PCF, SMALL_BDF, SMALL_PCF, all_fonts, characters, oracle::Oracle,
    read, region,
};

#[test]
fn glyphs_of_bdf_files_equal_those_of_another_reader() {
    for font in all_fonts() {
        let oracle = Oracle::new(&font.bdf);
        let mut plain = BdfFile::open(SliceFile::new(&font.bdf)).unwrap();
        let mut buffer = vec![0; plain.index_bytes().unwrap()];
        assert_eq!(buffer.len(), 8 * oracle.glyphs.len());
        let indexed = BdfFile::open(SliceFile::new(&font.bdf)).unwrap();
        let mut indexed = indexed.with_index_buffer(&mut buffer).unwrap();
        for (step, c) in characters().enumerate() {
            let expected = oracle.glyphs.get(&c).cloned();
            assert_eq!(read(&mut indexed, c), Ok(expected.clone()), "{c:?} of {}", font.name);
            if step % 7 == 0 {
                assert_eq!(read(&mut plain, c), Ok(expected), "{c:?} of {}", font.name);
            }
        }
        let metrics = plain.metrics();
        assert_eq!(oracle.bounds[1], metrics.line_height.into());
        assert_eq!(oracle.bounds[3], -i32::from(metrics.loose_descent));
        assert_eq!(oracle.ascent, Some(metrics.ascent.into()));
        assert_eq!(oracle.descent, Some(metrics.descent.into()));
    }
}

#[test]
fn glyphs_of_pcf_files_equal_those_of_the_bdf_file() {
    for font in all_fonts().iter().filter(|font| !font.pcf.is_empty()) {
        let oracle = Oracle::new(&font.bdf);
        let mut file = PcfFile::open(SliceFile::new(&font.pcf)).unwrap();
        for c in characters() {
            let expected = oracle.glyphs.get(&c).filter(|_| u32::from(c) <= 0xffff);
            assert_eq!(read(&mut file, c), Ok(expected.cloned()), "{c:?} of {}", font.name);
        }
        let metrics = file.metrics();
        assert_eq!(oracle.ascent, Some(metrics.ascent.into()), "{}", font.name);
        assert_eq!(oracle.descent, Some(metrics.descent.into()), "{}", font.name);
        let FontHeader { box_size, box_place, .. } = file.header();
        assert_eq!((box_size, box_place), ink_box(&oracle), "{}", font.name);
    }
}

/// The box around the pixels of all glyphs.
fn ink_box(oracle: &Oracle) -> ((u8, u8), Option<(i8, i8)>) {
    let mut edges = [i32::MAX, i32::MIN, i32::MIN, i32::MIN];
    for picture in oracle.glyphs.values() {
        let (glyph, rows) = (picture.glyph, &picture.rows);
        let inked: Vec<_> = (0_i32..).zip(rows).filter(|(_, row)| row.contains('#')).collect();
        let columns = inked
            .iter()
            .flat_map(|(_, row)| row.match_indices('#').map(|(x, _)| i32::try_from(x).unwrap()));
        // The ink of a blank glyph is the origin.
        let (first, last) = match inked[..] {
            [] => (0, 0),
            [(first, _), .., (last, _)] => (first, last + 1),
            [(only, _)] => (only, only + 1),
        };
        let top =
            if inked.is_empty() { 0 } else { i32::from(glyph.bottom) + i32::from(glyph.height) };
        let least = columns.clone().min().map_or(0, |x| x + i32::from(glyph.left));
        let most = columns.max().map_or(0, |x| x + 1 + i32::from(glyph.left));
        let (ascent, descent) = (top - first, last - top);
        edges[0] = edges[0].min(least);
        for (edge, value) in edges[1..].iter_mut().zip([most, ascent, descent]) {
            *edge = (*edge).max(value);
        }
    }
    let [left, right, ascent, descent] = edges;
    (((right - left) as u8, (ascent + descent) as u8), Some((left as i8, -descent as i8)))
}

#[test]
fn packed_files_equal_what_they_were_made_of() {
    for font in all_fonts() {
        let mut file = BdfFile::open(SliceFile::new(&font.bdf)).unwrap();
        let mut bytes = vec![0; LoadedFont::required_bytes(&mut file, &|_| true).unwrap()];
        LoadedFont::load_into(&mut file, &|_| true, &mut bytes).unwrap();
        let oracle = Oracle::new(&font.bdf);
        let mut packed = PackedFile::open(SliceFile::new(&bytes)).unwrap();
        assert_eq!((packed.metrics(), packed.bits()), (file.metrics(), 1));
        for c in characters() {
            assert_eq!(read(&mut packed, c), Ok(oracle.glyphs.get(&c).cloned()), "{c:?}");
        }
    }
    let cell = include_bytes!("../../fonts/cell_6x12.dfn");
    let mut file = PackedFile::open(SliceFile::new(cell)).unwrap();
    for c in '\0'..='\u{80}' {
        assert_eq!(read(&mut file, c), Ok(crate::picture(&displayio_core::FONT_6X12, c)), "{c:?}");
    }
}

/// As labels of the reference find them: from four glyphs, where the file does not tell.
#[test]
fn ascent_and_descent_are_found_where_the_file_does_not_tell() {
    let text = String::from_utf8(HELVETICA_BDF.to_vec()).unwrap();
    let oracle = Oracle::new(HELVETICA_BDF);
    let glyphs = ['M', ' ', 'j', '\''].map(|c| oracle.glyphs[&c].glyph);
    let ascent = glyphs.map(|g| i32::from(g.height) + i32::from(g.bottom)).into_iter().max();
    let descent = glyphs.map(|g| -i32::from(g.bottom)).into_iter().max();
    assert_eq!((ascent, descent), (Some(9), Some(3)), "of glyphs that are known");
    for missing in ["FONT_ASCENT 11\n", "FONT_DESCENT 3\n"] {
        let text = text.replace(missing, "").replace("FONT_DESCENT 3", "FONT_DESCENT 9");
        let metrics = BdfFile::open(SliceFile::new(text.as_bytes())).unwrap().metrics();
        assert_eq!((metrics.ascent, metrics.descent), (9, 3), "without {missing}");
    }
    let without_j = text.replace("FONT_ASCENT 11\n", "").replace("ENCODING 106\n", "ENCODING -1\n");
    let metrics = BdfFile::open(SliceFile::new(without_j.as_bytes())).unwrap().metrics();
    assert_eq!((metrics.ascent, metrics.descent), (9, 0));
}

#[test]
fn lines_may_end_in_cr_lf_and_be_long() {
    let text = String::from_utf8(SMALL_BDF.to_vec()).unwrap();
    let long = format!("COMMENT {}\nCHARS", "STARTCHAR ".repeat(100));
    let text = text.replace("\nCHARS", &format!("\n{long}")).replace('\n', "  \r\n");
    let text = text.replace("ENDCHAR", "00\r\nENDCHAR") + "anything";
    let mut file = BdfFile::open(SliceFile::new(text.as_bytes())).unwrap();
    let expected = &Oracle::new(SMALL_BDF).glyphs;
    for c in ' '..='~' {
        assert_eq!(read(&mut file, c).unwrap(), expected.get(&c).cloned());
    }
}

/// Rows of a file may have bits beyond the glyph's width, which are no pixels.
#[test]
fn what_is_right_of_a_glyph_is_cleared() {
    let text = "STARTFONT 2.1\nFONTBOUNDINGBOX 9 3 0 0\nFONT_ASCENT 3\nFONT_DESCENT 0\nSTARTCHAR A\n\
        ENCODING 65\nDWIDTH 9 0\nBBX 9 3 0 0\nBITMAP\nffff\nFF81\n007FFF\nENDCHAR\nENDFONT";
    let mut pixels = [0xa5; 7];
    let mut file = BdfFile::open(SliceFile::new(text.as_bytes())).unwrap();
    file.load('A', &mut pixels).unwrap();
    assert_eq!(pixels, [0xff, 0x80, 0xff, 0x80, 0x00, 0x00, 0xa5]);
    let mut pcf = HELVETICA_PCF.to_vec();
    let word = |at: usize| u32::from_le_bytes(HELVETICA_PCF[at..at + 4].try_into().unwrap());
    let entry = (0..word(4) as usize).map(|i| 8 + 16 * i).find(|&at| word(at) == 8).unwrap();
    let (table, size) = (word(entry + 12) as usize, word(entry + 8) as usize);
    pcf[table + 24 + 4 * 191..table + size].fill(0xff);
    let mut pixels = [0; 30];
    let glyph = PcfFile::open(SliceFile::new(&pcf)).unwrap().load('W', &mut pixels);
    let glyph = glyph.unwrap().unwrap();
    let row = (0xffff_u16 << (16 - glyph.width)).to_be_bytes();
    assert_eq!(pixels[..18], [row; 9].concat(), "{glyph:?}");
}

#[test]
fn a_glyph_that_has_no_room_says_how_much_it_needs() {
    let mut file = BdfFile::open(SliceFile::new(HELVETICA_BDF)).unwrap();
    let mut pixels = [0; 64];
    let glyph = file.load('W', &mut pixels).unwrap().unwrap();
    let needed_bytes = usize::from(glyph.width).div_ceil(8) * usize::from(glyph.height);
    for given_bytes in 0..needed_bytes {
        let error = file.load('W', &mut pixels[..given_bytes]);
        assert_eq!(error, Err(FontFileError::GlyphTooLarge { needed_bytes, given_bytes }));
    }
    assert_eq!(file.load('W', &mut pixels[..needed_bytes]), Ok(Some(glyph)));
}

#[test]
fn an_index_needs_its_room() {
    let open = || BdfFile::open(SliceFile::new(SMALL_BDF)).unwrap();
    let mut buffer = vec![0; 95 * 8];
    let error = open().with_index_buffer(&mut buffer[1..]).unwrap_err();
    assert_eq!(error.to_string(), "buffer too small: 760 bytes needed, 759 given");
    let mut region = region(700);
    let heap = LinkedListHeap::new(&mut region);
    let error = open().with_index_in(&heap).unwrap_err();
    assert!(matches!(error, LoadFontError::OutOfMemory(e) if e.requested_bytes == 760), "{error}");
    assert!(error.to_string().contains("760 bytes for an index of glyphs"), "{error}");
}

/// A PCF file with its bitmaps stored in another way: order of bytes and bits, unit, padding.
fn restored(pcf: &[u8], format: u32) -> Vec<u8> {
    let word = |at: usize| u32::from_le_bytes(pcf[at..at + 4].try_into().unwrap());
    let entry = (0..word(4) as usize).map(|i| 8 + 16 * i).find(|&at| word(at) == 8).unwrap();
    let (table, size) = (word(entry + 12) as usize, word(entry + 8) as usize);
    assert_eq!(word(table), 0xe, "high bits and bytes first, rows of four bytes");
    let (is_big, is_high_bit_first) = (format & 4 != 0, format & 8 != 0);
    let (unit, row_bytes) = (1 << (format >> 4 & 3), 1 << (format & 3));
    let number = |at: usize| u32::from_be_bytes(pcf[at..at + 4].try_into().unwrap());
    let store = |value: u32| if is_big { value.to_be_bytes() } else { value.to_le_bytes() };
    let count = number(table + 4);
    let pixels_at = table + 24 + 4 * count as usize;

    let mut restored = format.to_le_bytes().to_vec();
    restored.extend(store(count));
    let offsets = (table + 8..pixels_at - 16).step_by(4).map(number);
    restored.extend(offsets.flat_map(|offset| store(offset * row_bytes / 4)));
    restored.extend([0; 16]);
    for row in pcf[pixels_at..table + size].chunks(4) {
        let mut row = row.to_vec();
        row.resize(row_bytes as usize, 0);
        if !is_high_bit_first {
            row.iter_mut().for_each(|byte| *byte = byte.reverse_bits());
        }
        if is_high_bit_first != is_big {
            row.chunks_mut(unit).for_each(<[u8]>::reverse);
        }
        restored.extend(row);
    }
    let mut bytes = pcf.to_vec();
    let fields = [format, restored.len() as u32, pcf.len() as u32];
    bytes[entry + 4..entry + 16].copy_from_slice(fields.map(u32::to_le_bytes).as_flattened());
    bytes.extend(restored);
    bytes
}

#[test]
fn bitmaps_may_be_stored_in_any_way() {
    // All glyphs of the one are at most 8 pixels wide, of the other at most 16.
    for (pcf, bdf, paddings) in [(SMALL_PCF, SMALL_BDF, 0..4), (HELVETICA_PCF, HELVETICA_BDF, 1..4)]
    {
        let oracle = Oracle::new(bdf);
        for format in (0..0x40).filter(|format| paddings.contains(&(format & 3))) {
            let bytes = restored(pcf, format);
            let file = PcfFile::open(SliceFile::new(&bytes));
            let is_swapped = (format >> 2 & 1) != (format >> 3 & 1);
            if is_swapped && format >> 4 & 3 > format & 3 {
                assert_eq!(file.unwrap_err(), FontFileError::BitmapFormat(format));
                continue;
            }
            let mut file = file.unwrap();
            for c in characters().take(300) {
                let expected = oracle.glyphs.get(&c).cloned();
                assert_eq!(read(&mut file, c), Ok(expected), "{c:?} in format {format:#x}");
            }
        }
    }
    let bytes = restored(HELVETICA_PCF, 0x14e);
    let error = PcfFile::open(SliceFile::new(&bytes)).unwrap_err();
    assert_eq!(error, FontFileError::BitmapFormat(0x14e));
}
