//! Glyphs in a cache: against the font itself.

use core::cell::{Cell, RefCell};

use displayio_allocators::{CompactingHeap, LinkedListHeap};
use displayio_core::{
    BdfFile, Font, FontFileError, FontMetrics, Glyph, GlyphCache, GlyphId, GlyphSource, PackedFile,
    PcfFile, Purpose, SliceFile, Storage, StorageKind,
};
use embedded_io::ErrorKind;
use proptest::prelude::*;

use crate::{
    HELVETICA_BDF, HELVETICA_PCF, SMALL_BDF, oracle::Oracle, picture, region, storage::Card,
};

type Slice = SliceFile<'static>;

fn helvetica() -> PcfFile<Slice> {
    PcfFile::open(SliceFile::new(HELVETICA_PCF)).unwrap()
}

/// A source that notes what it was asked for.
struct Noted<'n> {
    file: PcfFile<Slice>,
    asked: &'n RefCell<String>,
}

impl GlyphSource for Noted<'_> {
    fn metrics(&self) -> FontMetrics {
        self.file.metrics()
    }

    fn load(&mut self, character: char, pixels: &mut [u8]) -> Result<Option<Glyph>, FontFileError> {
        self.asked.borrow_mut().push(character);
        self.file.load(character, pixels)
    }
}

#[test]
fn the_glyph_used_longest_ago_makes_room() {
    let asked = RefCell::new(String::new());
    let mut region = region(400);
    let heap = LinkedListHeap::new(&mut region);
    let source = Noted { file: helvetica(), asked: &asked };
    let font = GlyphCache::new_in(source, 3, 30, &heap).unwrap();
    let check = |characters: &str, expected: &str, (hits, misses): (u32, u32)| {
        let before = (font.hits(), font.misses());
        characters.chars().for_each(|c| assert!(font.find(c).is_some()));
        assert_eq!(asked.take(), expected, "for {characters}");
        assert_eq!((font.hits() - before.0, font.misses() - before.1), (hits, misses));
    };
    check("abc", "abc", (0, 3));
    check("abcab", "", (5, 0));
    check("d", "d", (0, 1));
    check("abd", "", (3, 0));
    check("c", "c", (0, 1));
    check("bdcbdc", "", (6, 0));
    check("a", "a", (0, 1));
    assert!(font.view(GlyphId('d'.into()), &mut |_| ()), "by its number");
    check("ea", "e", (1, 1));
    font.glyph(GlyphId('d'.into()));
    check("f", "f", (0, 1));
    check("d", "", (1, 0));
    font.clear();
    check("d", "d", (0, 1));
}

#[test]
fn characters_without_glyph_are_remembered() {
    let asked = RefCell::new(String::new());
    let mut buffer = [0; 200];
    let font = GlyphCache::from_buffer(Noted { file: helvetica(), asked: &asked }, 30, &mut buffer);
    assert!(font.find('a').is_some());
    let eight = "αβγδεζηθ";
    for _ in 0..3 {
        eight.chars().for_each(|c| assert_eq!(font.find(c), None));
    }
    assert_eq!(asked.take(), format!("a{eight}"));
    assert_eq!((font.hits(), font.misses()), (16, 9));
    assert_eq!((font.find('ι'), font.find('β')), (None, None));
    assert_eq!(asked.take(), "ι", "it takes the place of the first one");
    assert_eq!(font.find('α'), None);
    assert_eq!(asked.take(), "α");
    assert_eq!((font.glyph(GlyphId(0xd800)), font.take_error()), (None, None), "no character");
    "abcd".chars().for_each(|c| assert!(font.find(c).is_some()));
    assert_eq!(asked.take(), "bcd");
    "κλ".chars().for_each(|c| assert_eq!(font.find(c), None));
    "abcd".chars().for_each(|c| assert!(picture(&font, c).is_some()));
    assert_eq!(asked.take(), "κλ", "they take no slots");
}

#[test]
fn what_a_cache_takes() {
    type Cache<'m> = GlyphCache<'m, PcfFile<Slice>>;
    assert_eq!(Cache::required_bytes(10, 30), 10 * (16 + 32));
    assert_eq!(Cache::required_bytes(u16::MAX, usize::MAX), usize::MAX);
    let mut region = region(500);
    let heap = LinkedListHeap::new(&mut region);
    let error = GlyphCache::new_in(helvetica(), 11, 30, &heap).unwrap_err();
    assert!(error.to_string().starts_with("out of memory: 528 bytes for a glyph cache"), "{error}");
    let part = GlyphCache::new_in(helvetica(), 10, 30, &heap).unwrap().part();
    assert_eq!((part.data_bytes, part.data_kind), (480, Some(StorageKind::Fixed)));
    let mut buffer = [0; 47];
    let without = GlyphCache::from_buffer(helvetica(), 30, &mut buffer);
    assert_eq!(without.find('a'), None);
    let error = FontFileError::GlyphTooLarge { needed_bytes: 32, given_bytes: 0 };
    assert_eq!(without.take_error(), Some(error));
}

#[test]
fn a_glyph_larger_than_a_slot_is_absent_and_named() {
    let mut buffer = [0; 200];
    let font = GlyphCache::from_buffer(helvetica(), 12, &mut buffer);
    assert!(font.find('i').is_some());
    assert_eq!(font.find('W'), None);
    let glyph = Oracle::new(HELVETICA_BDF).glyphs[&'W'].glyph;
    let needed_bytes = usize::from(glyph.width).div_ceil(8) * usize::from(glyph.height);
    let error = FontFileError::GlyphTooLarge { needed_bytes, given_bytes: 12 };
    assert_eq!((font.take_error(), font.take_error()), (Some(error), None));
    assert_eq!(error.to_string(), "a glyph of 18 bytes, where there is room for 12");
    let mut buffer = [0; 200];
    let font = GlyphCache::from_buffer(helvetica(), needed_bytes, &mut buffer);
    assert!(font.find('W').is_some());
}

#[test]
fn a_failing_card_is_reported_and_tried_again() {
    let calls_left = Cell::new(u32::MAX);
    let card = Card::new(SMALL_BDF, &calls_left);
    let mut buffer = [0; 24];
    let font = GlyphCache::from_buffer(BdfFile::open(card).unwrap(), 6, &mut buffer);
    let expected = &Oracle::new(SMALL_BDF).glyphs;
    assert_eq!(picture(&font, 'a').as_ref(), expected.get(&'a'));
    let mut calls = 0;
    loop {
        calls_left.set(calls);
        let (found, error) = (font.find('b'), font.take_error());
        if found.is_some() {
            assert_eq!(error, None);
            break;
        }
        assert_eq!(error, Some(FontFileError::Io(ErrorKind::TimedOut)));
        calls += 1;
        calls_left.set(u32::MAX);
        assert_eq!(picture(&font, 'a').as_ref(), expected.get(&'a'), "it was in the only slot");
    }
    assert!(calls > 1000, "{calls}");
    assert_eq!(picture(&font, 'b').as_ref(), expected.get(&'b'));
}

#[test]
fn a_glyph_needed_inside_a_view_is_absent_unless_it_is_there() {
    let mut buffer = [0; 200];
    let font = GlyphCache::from_buffer(helvetica(), 30, &mut buffer);
    let ids = ['a', 'b'].map(|c| font.find(c).unwrap());
    let mut seen = vec![];
    let outer = font.view(ids[0], &mut |view| {
        let before = view.bytes.to_vec();
        seen.push(font.view(ids[1], &mut |_| ()));
        seen.push(font.find('c').is_some());
        font.clear();
        assert_eq!(view.bytes, before, "the open view changed");
    });
    assert!(outer);
    assert_eq!(seen, [true, false]);
    assert_eq!(font.take_error(), Some(FontFileError::Busy));
    assert!(font.find('c').is_some());
    let inner = font.source(|source| {
        assert_eq!(font.find('d'), None, "its file is used");
        source.metrics()
    });
    assert_eq!((inner, font.take_error()), (Some(font.metrics()), Some(FontFileError::Busy)));
}

/// The same pictures from any source, whatever was looked up before; hits and misses add up.
fn check_sequence<S: GlyphSource>(font: &GlyphCache<'_, S>, oracle: &Oracle, text: &str) {
    for c in text.chars() {
        assert_eq!(picture(font, c), oracle.glyphs.get(&c).cloned(), "{c:?}");
    }
    let calls = text.chars().map(|c| if oracle.glyphs.contains_key(&c) { 3 } else { 1 });
    assert_eq!(font.hits() + font.misses(), calls.sum(), "each call counts once");
    assert_eq!(font.take_error(), None, "all could be read");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_cached_font_shows_what_the_font_shows(
        text in "[a-h]{10}[ -~α-ω]{0,60}[a-zA-Z]{30}",
        slots in 0..12_u16,
    ) {
        let mut region = region(1000);
        let heap = LinkedListHeap::new(&mut region);
        let (oracle, small) = (Oracle::new(HELVETICA_BDF), Oracle::new(SMALL_BDF));
        check_sequence(&GlyphCache::new_in(helvetica(), slots, 30, &heap).unwrap(), &oracle, &text);
        let file = BdfFile::open(SliceFile::new(SMALL_BDF)).unwrap();
        check_sequence(&GlyphCache::new_in(file, slots, 6, &heap).unwrap(), &small, &text);
        let terminal = SliceFile::new(include_bytes!("../../fonts/cell_6x12.dfn"));
        let file = PackedFile::open(terminal).unwrap();
        let font = GlyphCache::new_in(file, slots, 12, &heap).unwrap();
        for c in text.chars() {
            prop_assert_eq!(picture(&font, c), picture(&displayio_core::FONT_6X12, c));
        }
    }
}

#[test]
fn a_cache_in_a_compacting_heap_moves() {
    let mut region = region(4000);
    let heap = CompactingHeap::new(&mut region);
    let ballast = Storage::zeroed_in(1000, Purpose::Named("ballast"), &heap).unwrap();
    let font = GlyphCache::new_in(helvetica(), 4, 30, &heap).unwrap();
    let before = picture(&font, 'q');
    drop(ballast);
    let id = font.find('q').unwrap();
    assert!(font.view(id, &mut |_| _ = heap.compact_step(usize::MAX)));
    assert_eq!(heap.moved_bytes(), 0, "it moved while it was viewed");
    heap.compact_step(usize::MAX);
    assert!(heap.moved_bytes() > 0, "it did not move");
    let misses = font.misses();
    assert_eq!(picture(&font, 'q'), before);
    assert_eq!(font.misses(), misses, "glyphs move along");
    check_sequence_after_moves(&font, &heap);
}

fn check_sequence_after_moves(font: &dyn Font, heap: &CompactingHeap<'_>) {
    let oracle = Oracle::new(HELVETICA_BDF);
    for (i, c) in "the quick brown fox jumps over the lazy dog".chars().enumerate() {
        let ballast = Storage::zeroed_in(10 + i * 7, Purpose::Named("ballast"), heap);
        assert_eq!(picture(font, c).as_ref(), oracle.glyphs.get(&c), "{c:?}");
        drop(ballast);
        heap.compact_step(64);
        heap.check_invariants();
    }
}
