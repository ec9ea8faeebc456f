//! Files that are cut, damaged or lie, and cards that fail.

use core::cell::Cell;

use displayio_allocators::{Instrumented, LinkedListHeap};
use displayio_core::{
    BdfFile, CharRange, Font, FontError, FontFile, FontFileError, FontHeader, FontWriter, Glyph,
    GlyphCache, GlyphSource, LoadFontError, LoadedFont, PackedFile, PackedFont, PcfFile, SliceFile,
};
use embedded_io::{ErrorKind, Read, Seek};
use proptest::prelude::*;

use crate::{
    HELVETICA_BDF, Picture, SMALL_BDF, SMALL_PCF, oracle::Oracle, picture, read, region,
    storage::Card,
};

const ALL: &dyn Fn(char) -> bool = &|_| true;

#[derive(Debug, Clone, Copy)]
enum Format {
    Bdf,
    Pcf,
    Packed,
}

const FORMATS: [Format; 3] = [Format::Bdf, Format::Pcf, Format::Packed];

fn small_packed() -> Vec<u8> {
    let mut file = BdfFile::open(SliceFile::new(HELVETICA_BDF)).unwrap();
    let wanted = |c: char| c.is_ascii_alphanumeric();
    let mut bytes = vec![0; LoadedFont::required_bytes(&mut file, &wanted).unwrap()];
    LoadedFont::load_into(&mut file, &wanted, &mut bytes).unwrap();
    bytes
}

impl Format {
    fn file(self) -> Vec<u8> {
        match self {
            Self::Bdf => SMALL_BDF.to_vec(),
            Self::Pcf => SMALL_PCF.to_vec(),
            Self::Packed => small_packed(),
        }
    }

    /// Loads a file and gives the pictures of some characters. Never takes more than nine times the file.
    fn load<F: Read + Seek>(
        self,
        file: F,
        size: usize,
    ) -> Result<Vec<Option<Picture>>, LoadFontError> {
        let mut region = region(100_000);
        let heap = Instrumented::new(LinkedListHeap::new(&mut region));
        let font = match self {
            Self::Bdf => LoadedFont::from_bdf(file, ALL, &heap),
            Self::Pcf => LoadedFont::from_pcf(file, ALL, &heap),
            Self::Packed => LoadedFont::from_packed(file, &heap),
        };
        let most = 24 + 9 * size;
        assert!(
            heap.counters().peak_bytes <= most,
            "{} bytes for {size}",
            heap.counters().peak_bytes
        );
        let font = font.inspect_err(|error| {
            assert!(!matches!(error, LoadFontError::OutOfMemory(_)), "{error}");
            assert_eq!(heap.counters().live_bytes, 0, "{error}");
        })?;
        Ok("aJz ~é\u{ff}".chars().map(|c| picture(&font, c)).collect())
    }

    /// Reads some glyphs one by one.
    fn read<F: Read + Seek>(self, file: F) -> Result<Vec<Option<Picture>>, FontFileError> {
        fn all(mut source: impl GlyphSource) -> Result<Vec<Option<Picture>>, FontFileError> {
            "aJz ~é\u{ff}".chars().map(|c| read(&mut source, c)).collect()
        }
        match self {
            Self::Bdf => all(BdfFile::open(file)?),
            Self::Pcf => all(PcfFile::open(file)?),
            Self::Packed => all(PackedFile::open(file)?),
        }
    }

    fn read_with_index(file: &[u8]) -> Result<(), LoadFontError> {
        let mut region = region(100_000);
        let heap = LinkedListHeap::new(&mut region);
        let mut font = BdfFile::open(SliceFile::new(file))?.with_index_in(&heap)?;
        for c in "aJz ~é\u{ff}".chars() {
            read(&mut font, c)?;
        }
        Ok(())
    }
}

/// Whether an error says that a file ends after so many bytes. With few of them it is no font.
fn tells_cut(error: LoadFontError, length: usize) -> bool {
    let LoadFontError::File(error) = error else { return false };
    match error {
        FontFileError::NotAFont | FontFileError::Packed(FontError::NotAFont) => length < 24,
        FontFileError::Packed(FontError::Truncated { given_bytes, .. }) => given_bytes == length,
        other => other == FontFileError::Truncated,
    }
}

#[test]
fn files_that_end_at_any_byte_give_an_error_or_the_same_font() {
    for format in FORMATS {
        let file = format.file();
        let expected = format.load(SliceFile::new(&file), file.len()).unwrap();
        assert_eq!(format.read(SliceFile::new(&file)).unwrap(), expected);
        let mut refused = 0;
        for length in 0..file.len() {
            let cut = &file[..length];
            match format.load(SliceFile::new(cut), length) {
                Err(error) => {
                    refused += 1;
                    assert!(tells_cut(error, length), "{format:?} cut at {length}: {error}");
                }
                Ok(pictures) => assert_eq!(pictures, expected, "{format:?} cut at {length}"),
            }
            if let Ok(pictures) = format.read(SliceFile::new(cut)) {
                assert_eq!(pictures, expected, "{format:?} cut at {length}");
            }
        }
        assert!(refused > file.len() / 3, "{format:?}: {refused} refused");
    }
}

#[test]
fn cards_that_fail_at_any_call_are_reported() {
    for format in FORMATS {
        let file = format.file();
        let expected = format.load(SliceFile::new(&file), file.len()).unwrap();
        let mut calls = 0;
        loop {
            let calls_left = Cell::new(calls);
            let result = format.load(Card::new(&file, &calls_left), file.len());
            if calls_left.get() > 0 {
                assert_eq!(result, Ok(expected));
                break;
            }
            match result {
                Err(error) => {
                    let failed = FontFileError::Io(ErrorKind::TimedOut);
                    assert_eq!(error, LoadFontError::File(failed), "{format:?} after {calls}");
                }
                Ok(pictures) => assert_eq!(pictures, expected, "it took {calls} calls"),
            }
            // The first calls each, then some.
            calls += 1 + calls / 64;
        }
        assert!(calls > 100, "{format:?}");
    }
}

#[test]
fn what_cannot_be_a_font_is_refused_by_name() {
    let bdf = |from: &str, to: &str| {
        let text = String::from_utf8(SMALL_BDF.to_vec()).unwrap();
        assert!(text.contains(from), "{from}");
        let text = text.replace(from, to);
        let error = Format::Bdf.load(SliceFile::new(text.as_bytes()), text.len()).unwrap_err();
        (error, text)
    };
    let file = |error: FontFileError| LoadFontError::File(error);
    assert_eq!(bdf("STARTFONT", "STOPFONT").0, file(FontFileError::NotAFont));
    assert_eq!(bdf("FONTBOUNDINGBOX", "BOX").0, file(FontFileError::Missing("FONTBOUNDINGBOX")));
    assert_eq!(bdf("ENDFONT", "").0, file(FontFileError::Truncated));
    let measures = |character| file(FontFileError::Measures { character });
    assert_eq!(bdf("FONTBOUNDINGBOX 4", "FONTBOUNDINGBOX 256").0, measures(None));
    assert_eq!(bdf("BBX 4 6 0 -1", "BBX 4 6 0 -129").0, measures(Some(' ')));
    assert_eq!(bdf("DWIDTH 4 0", "DWIDTH -4 0").0, measures(Some(' ')));
    for (from, to) in [
        ("ENCODING 65\n", "ENCODING A\n"),
        ("DWIDTH 4 0", "DWIDTH"),
        ("BBX 4 6 0 -1", "BBX 4 6 0"),
        ("BBX 4 6 0 -1", "BBX 4 6 0 99999999999"),
        ("ENCODING 65\n", "ENCODING 65\nENDCHAR\n"),
    ] {
        let (error, text) = bdf(from, to);
        let LoadFontError::File(FontFileError::Malformed { at }) = error else {
            panic!("{from}: {error}")
        };
        assert!(text[at as usize..].starts_with(|c: char| c.is_ascii_uppercase()), "{from}");
    }
    let (error, _) = bdf("BBX 4 6 0 -1", "BBX 255 255 0 -1");
    assert_eq!(error, file(FontFileError::TooLarge), "more pixels than the file can hold");
    let (error, _) = bdf("BBX 4 6 0 -1", "BBX 4 7 0 -1");
    assert!(matches!(error, LoadFontError::File(FontFileError::Malformed { .. })), "a row too few");
    let (error, _) = bdf("BBX 4 6 0 -1", "BBX 4 256 0 -1");
    let too_large = "is larger than 255 pixels, or farther than 127 from its origin";
    assert!(error.to_string().ends_with(too_large), "{error}");
    let (error, _) = bdf("BBX 4 6 0 -1", "BBX 9 6 0 -1");
    assert!(matches!(error, LoadFontError::File(FontFileError::Malformed { .. })), "a short row");
}

#[test]
fn pcf_files_without_a_table_are_refused_by_its_name() {
    for (kind, name) in [(4, "metrics"), (8, "bitmaps"), (32, "encodings")] {
        let error = PcfFile::open(SliceFile::new(&without_table(&[kind]))).unwrap_err();
        assert_eq!(error, FontFileError::Missing(name));
    }
    let error = PcfFile::open(SliceFile::new(&without_table(&[2, 256]))).unwrap_err();
    assert_eq!(error, FontFileError::Missing("accelerators"));
    assert!(PcfFile::open(SliceFile::new(&without_table(&[2]))).is_ok(), "the other one is there");
    let only_plain = without_table(&[256]);
    let pictures = Format::Pcf.load(SliceFile::new(&only_plain), only_plain.len()).unwrap();
    assert_eq!(pictures[0].as_ref(), Oracle::new(SMALL_BDF).glyphs.get(&'a'));
}

/// Where the entry of a table is in the table of contents, and where the table is.
fn table(kind: u32) -> (usize, usize) {
    let word = |at: usize| u32::from_le_bytes(SMALL_PCF[at..at + 4].try_into().unwrap());
    let mut entries = (0..word(4) as usize).map(|i| 8 + 16 * i);
    let entry = entries.find(|&at| word(at) == kind).unwrap();
    (entry, word(entry + 12) as usize)
}

#[test]
fn what_lies_beyond_a_table_is_not_read() {
    let load = |bytes: &[u8]| {
        PcfFile::open(SliceFile::new(bytes)).and_then(|mut file| file.load('z', &mut [0; 100]))
    };
    assert!(load(SMALL_PCF).is_ok());
    for kind in [4, 8, 32] {
        let (entry, at) = table(kind);
        let mut bytes = SMALL_PCF.to_vec();
        bytes[entry + 8..entry + 12].copy_from_slice(&100_u32.to_le_bytes());
        assert_eq!(load(&bytes), Err(FontFileError::Malformed { at: at as u64 }), "kind {kind}");
    }
    let (_, at) = table(8);
    let mut bytes = SMALL_PCF.to_vec();
    bytes[at + 4..at + 8].copy_from_slice(&90_u32.to_be_bytes());
    assert_eq!(load(&bytes), Err(FontFileError::Malformed { at: at as u64 }), "90 bitmaps");
}

#[test]
fn the_box_is_that_of_the_ink_where_the_file_knows_it() {
    let (entry, at) = table(256);
    let boxed = |bytes: &[u8]| {
        let FontHeader { box_size, box_place, .. } =
            PcfFile::open(SliceFile::new(bytes)).unwrap().header();
        (box_size, box_place)
    };
    let mut bytes = SMALL_PCF.to_vec();
    let plain = [-1_i16, 0, 0, 0, 0, 0, 9, 9, 9, 8, 2, 0];
    bytes[at + 24..at + 48].copy_from_slice(plain.map(i16::to_be_bytes).as_flattened());
    assert_eq!(boxed(&bytes), boxed(SMALL_PCF));
    for format_at in [entry + 4, at] {
        bytes[format_at..format_at + 4].copy_from_slice(&0xe_u32.to_le_bytes());
    }
    assert_eq!(boxed(&bytes), ((10, 10), Some((-1, -2))));
}

/// A font whose first glyph has the last pixels, and lacks some: nobody shows a part of it.
#[test]
fn pixels_beyond_the_end_of_a_packed_font_are_an_error() {
    let header = FontHeader { bits: 1, ascent: 2, box_size: (8, 2), ..FontHeader::default() };
    let glyph = Glyph { width: 8, height: 2, advance: 8, ..Glyph::default() };
    let mut bytes = vec![0xff; FontWriter::required_bytes(1, 2, false, 4)];
    let mut writer = FontWriter::new(&mut bytes, &header, 1, 2).unwrap();
    writer.push_range(CharRange { first: 'a'.into(), glyph: 0, count: 2 });
    assert!(writer.push_glyph(&glyph).is_some() && writer.push_glyph(&glyph).is_some());
    assert!(PackedFont::parse(&bytes).is_ok());
    bytes[32] = 3;
    let cut = FontError::Truncated { needed_bytes: 53, given_bytes: 52 };
    assert_eq!(PackedFont::parse(&bytes).map(drop), Err(cut));
    let mut file = PackedFile::open(SliceFile::new(&bytes)).unwrap();
    let mut pixels = [0x55; 2];
    assert_eq!(file.load('a', &mut pixels), Err(cut.into()));
    assert_eq!((file.load('b', &mut pixels), pixels), (Ok(Some(glyph)), [0xff; 2]));
    let mut region = region(500);
    let heap = LinkedListHeap::new(&mut region);
    let error = LoadedFont::from_packed(SliceFile::new(&bytes), &heap).unwrap_err();
    assert_eq!(error, LoadFontError::File(cut.into()));
    let cache = GlyphCache::new_in(file, 1, 2, &heap).unwrap();
    assert_eq!((cache.find('a'), cache.take_error()), (None, Some(cut.into())));
}

fn without_table(kinds: &[u32]) -> Vec<u8> {
    let mut bytes = SMALL_PCF.to_vec();
    let count = usize::from(bytes[4]);
    let entries = bytes[8..8 + 16 * count].chunks_exact_mut(16);
    for entry in entries {
        if kinds.contains(&u32::from_le_bytes(entry[..4].try_into().unwrap())) {
            entry[..4].copy_from_slice(&0x4000_u32.to_le_bytes());
        }
    }
    bytes
}

/// One edit of a file: a byte, or a word that is a number somewhere.
#[derive(Debug, Clone)]
struct Edit {
    at: prop::sample::Index,
    bytes: Vec<u8>,
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let bytes = prop_oneof![
        prop::collection::vec(any::<u8>(), 1..5),
        prop::sample::select(vec![
            b"\xff\xff\xff\xff".to_vec(),
            b"\x7f\xff\xff\xff".to_vec(),
            b"\x80\0\0\0".to_vec(),
            b"\0\0\0\0".to_vec(),
            b"\n".to_vec(),
            b" 9".to_vec(),
            b" -1\n".to_vec(),
            b"\nENDCHAR\n".to_vec(),
            b"\nBITMAP\n".to_vec(),
            b"\nBBX 255 255 0 0\n".to_vec(),
            b"\nENCODING 1114111\n".to_vec(),
        ]),
    ];
    let edit = (any::<prop::sample::Index>(), bytes).prop_map(|(at, bytes)| Edit { at, bytes });
    prop::collection::vec(edit, 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn damaged_files_give_a_font_or_an_error(
        format in prop::sample::select(FORMATS.to_vec()),
        edits in edits(),
        is_early in any::<bool>(),
    ) {
        let mut file = format.file();
        for Edit { at, bytes } in edits {
            // The heads of the tables are where most can go wrong.
            let at = at.index(if is_early { 1000 } else { file.len() });
            file.iter_mut().skip(at).zip(bytes).for_each(|(to, from)| *to = from);
        }
        let _ = format.load(SliceFile::new(&file), file.len());
        let _ = format.read(SliceFile::new(&file));
        let _ = Format::read_with_index(&file);
    }

    #[test]
    fn any_bytes_give_a_font_or_an_error(
        format in prop::sample::select(FORMATS.to_vec()),
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        kept in 0..40_usize,
    ) {
        let mut bytes = bytes;
        bytes.splice(..kept.min(bytes.len()), format.file()[..kept].iter().copied());
        let _ = format.load(SliceFile::new(&bytes), bytes.len());
        let _ = format.read(SliceFile::new(&bytes));
    }
}
