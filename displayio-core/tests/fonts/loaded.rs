//! Fonts loaded into memory.

use core::cell::Cell;

use displayio_allocators::{CompactingHeap, Failing, Instrumented, LinkedListHeap, Memory};
use displayio_core::{
    BdfFile, Font, FontFileError, Home, LoadFontError, LoadedFont, OutOfMemory, PackedFile,
    PackedFont, PcfFile, Purpose, SliceFile, StorageKind,
};

use crate::{
    HELVETICA_BDF, HELVETICA_PCF, SMALL_BDF, SMALL_PCF, all_fonts, characters, oracle::Oracle,
    picture, region, storage::Card,
};

const ALL: &dyn Fn(char) -> bool = &|_| true;

fn check(font: &dyn Font, oracle: &Oracle, wanted: &dyn Fn(char) -> bool, name: &str) {
    for c in characters() {
        let expected = oracle.glyphs.get(&c).filter(|_| wanted(c)).cloned();
        assert_eq!(picture(font, c), expected, "{c:?} of {name}");
    }
    let seen = font.view_all(&mut |packed| {
        let wanted = oracle.glyphs.keys().filter(|c| wanted(**c)).count();
        assert_eq!(packed.glyph_count(), wanted, "{name}");
        assert_eq!(packed.metrics(), font.metrics(), "{name}");
        assert!(packed.find('A').is_none_or(|id| font.glyph(id) == packed.glyph(id)), "{name}");
    });
    assert!(seen, "{name}");
}

#[test]
fn loaded_fonts_equal_those_of_another_reader() {
    let subsets: [&dyn Fn(char) -> bool; 5] = [
        ALL,
        &|c| c.is_ascii_digit() || c == ':',
        &|c| u32::from(c) % 3 == 0,
        &|c| c == 'é',
        &|_| false,
    ];
    for font in all_fonts() {
        let oracle = Oracle::new(&font.bdf);
        for wanted in subsets {
            let mut region = region(1 << 16);
            let heap = Instrumented::new(LinkedListHeap::new(&mut region));
            let bdf = LoadedFont::from_bdf(SliceFile::new(&font.bdf), wanted, &heap).unwrap();
            assert_eq!(heap.counters().allocations, 1);
            check(&bdf, &oracle, wanted, &font.name);
            let mut file = BdfFile::open(SliceFile::new(&font.bdf)).unwrap();
            let needed = LoadedFont::required_bytes(&mut file, wanted).unwrap();
            assert_eq!(heap.counters().live_bytes, needed);
            assert!(needed < 24 + font.bdf.len() / 2, "{needed} bytes of {}", font.name);
            let part = bdf.part();
            assert_eq!((part.data_bytes, part.data_kind), (needed, Some(StorageKind::Fixed)));
            assert_eq!(part.what, Purpose::Named("a font"));
            if !font.pcf.is_empty() {
                let pcf = LoadedFont::from_pcf(SliceFile::new(&font.pcf), wanted, &heap).unwrap();
                check(&pcf, &oracle, wanted, &font.name);
            }
        }
    }
}

#[test]
fn packed_files_are_loaded_as_they_are() {
    let mut file = BdfFile::open(SliceFile::new(HELVETICA_BDF)).unwrap();
    let mut bytes = vec![0; LoadedFont::required_bytes(&mut file, ALL).unwrap()];
    LoadedFont::load_into(&mut file, ALL, &mut bytes).unwrap();
    let mut region = region(1 << 14);
    let heap = LinkedListHeap::new(&mut region);
    let font = LoadedFont::from_packed(SliceFile::new(&bytes), &heap).unwrap();
    check(&font, &Oracle::new(HELVETICA_BDF), ALL, "the packed font");
    assert!(font.view_all(&mut |packed| {
        let ranges: Vec<_> = packed.ranges().map(|range| (range.first, range.count)).collect();
        assert_eq!(ranges, [(32, 95), (160, 96)]);
    }));
    bytes[0] = b'X';
    let error = LoadedFont::from_packed(SliceFile::new(&bytes), &heap).unwrap_err();
    assert_eq!(error.to_string(), "not a font");
}

/// Glyphs of a file, each from STARTCHAR on.
fn blocks(bdf: &[u8]) -> (String, Vec<String>) {
    let text = String::from_utf8(bdf.to_vec()).unwrap();
    let mut parts = text.strip_suffix("ENDFONT\n").unwrap().split("STARTCHAR ");
    (parts.next().unwrap().into(), parts.map(|part| format!("STARTCHAR {part}")).collect())
}

fn joined(head: &str, blocks: &[String]) -> Vec<u8> {
    format!("{head}{}ENDFONT\n", blocks.concat()).into_bytes()
}

#[test]
fn glyphs_come_in_any_order_and_the_first_of_a_character_counts() {
    let (head, mut glyphs) = blocks(HELVETICA_BDF);
    let far = |block: &str, code: u32| {
        let line = block.lines().find(|line| line.starts_with("ENCODING")).unwrap();
        block.replace(&format!("{line}\n"), &format!("ENCODING {code}\n"))
    };
    glyphs.extend([far(&glyphs[40], 0x2500), far(&glyphs[41], 0x2010), far(&glyphs[42], 0x1_0041)]);
    glyphs.reverse();
    let count = glyphs.len();
    for i in 0..count {
        glyphs.swap(i, i * 89 % count);
    }
    // Once more, all with the pixels of another one.
    let others: Vec<_> = (0..count)
        .map(|i| {
            let code = glyphs[i].lines().find(|line| line.starts_with("ENCODING ")).unwrap();
            far(&glyphs[(i + 1) % count], code[9..].parse().unwrap())
        })
        .collect();
    glyphs.extend(others);
    let text = joined(&head, &glyphs);
    let oracle = Oracle::new(&text);
    assert_eq!(oracle.glyphs.len(), count);
    let mut region = region(1 << 15);
    let heap = Instrumented::new(LinkedListHeap::new(&mut region));
    let font = LoadedFont::from_bdf(SliceFile::new(&text), ALL, &heap).unwrap();
    check(&font, &oracle, ALL, "the shuffled font");
    assert_eq!(heap.counters().allocations, 1);
    let sorted = {
        let (_, mut sorted) = blocks(&joined(&head, &glyphs[..count]));
        let code = |block: &String| -> u32 {
            block.split("ENCODING ").nth(1).unwrap().lines().next().unwrap().parse().unwrap()
        };
        sorted.sort_by_key(code);
        joined(&head, &sorted)
    };
    let mut in_order = BdfFile::open(SliceFile::new(&sorted)).unwrap();
    let needed = LoadedFont::required_bytes(&mut in_order, ALL).unwrap();
    assert_eq!(heap.counters().live_bytes, needed, "order takes no memory");
    let indexed = BdfFile::open(SliceFile::new(&text)).unwrap().with_index_in(&heap);
    let mut indexed = indexed.unwrap();
    for c in characters() {
        assert_eq!(crate::read(&mut indexed, c), Ok(oracle.glyphs.get(&c).cloned()), "{c:?}");
    }
}

#[test]
fn a_font_of_one_cell_takes_no_measures() {
    let (head, glyphs) = blocks(SMALL_BDF);
    let cell = |block: &String| block.contains("BBX 4 6 0 -1") && block.contains("DWIDTH 4 0");
    assert_eq!(glyphs.iter().filter(|block| cell(block)).count(), 95);
    let text = joined(&head, &glyphs);
    let mut file = BdfFile::open(SliceFile::new(&text)).unwrap();
    assert_eq!(LoadedFont::required_bytes(&mut file, ALL), Ok(24 + 8 + 95 * 6));
    let (head, mut glyphs) = blocks(SMALL_BDF);
    glyphs[94] = glyphs[94].replace("DWIDTH 4 0", "DWIDTH 5 0");
    let text = joined(&head, &glyphs);
    let mut file = BdfFile::open(SliceFile::new(&text)).unwrap();
    assert_eq!(LoadedFont::required_bytes(&mut file, ALL), Ok(24 + 8 + 95 * (8 + 6)));
}

#[test]
fn a_lent_buffer_is_filled_if_it_is_large_enough() {
    let mut file = PcfFile::open(SliceFile::new(SMALL_PCF)).unwrap();
    let wanted = |c: char| c.is_ascii_uppercase();
    let needed = LoadedFont::required_bytes(&mut file, &wanted).unwrap();
    let mut buffer = vec![0xa5; needed + 3];
    let error = LoadedFont::load_into(&mut file, &wanted, &mut buffer[..needed - 1]).unwrap_err();
    assert!(matches!(error, LoadFontError::TooSmall(e) if e.needed_bytes == needed), "{error}");
    assert!(buffer.iter().all(|byte| *byte == 0xa5), "a refused buffer was written to");
    let font = LoadedFont::load_into(&mut file, &wanted, &mut buffer).unwrap();
    check(&font, &Oracle::new(SMALL_BDF), &wanted, "lent");
    assert_eq!(font.part().data_kind, Some(StorageKind::Lent));
    drop(font);
    assert_eq!(buffer[needed..], [0xa5; 3]);
    assert!(PackedFont::parse(&buffer).is_ok());
}

/// Something that may be refused memory.
type Scenario<'s> = dyn FnMut() -> Result<(), OutOfMemory> + 's;

fn refused(error: LoadFontError) -> OutOfMemory {
    let LoadFontError::OutOfMemory(error) = error else { panic!("{error}") };
    error
}

#[test]
fn each_refused_allocation_is_named_and_the_heap_as_it_was() {
    let mut packed = vec![0; 602];
    let mut file = BdfFile::open(SliceFile::new(SMALL_BDF)).unwrap();
    LoadedFont::load_into(&mut file, ALL, &mut packed).unwrap();
    let check = |home: Home<'_>, sweep: &dyn Fn(&mut Scenario<'_>)| {
        let asked = Cell::new((0, Purpose::Named("")));
        let keep = |error: OutOfMemory| {
            asked.set((error.requested_bytes, error.purpose));
            error
        };
        let font = Purpose::Named("a font");
        let open = || BdfFile::open(SliceFile::new(SMALL_BDF)).unwrap();
        sweep(&mut || {
            LoadedFont::from_bdf(SliceFile::new(SMALL_BDF), ALL, home)
                .map(drop)
                .map_err(refused)
                .map_err(keep)
        });
        assert_eq!(asked.take_named(), (602, font));
        sweep(&mut || {
            LoadedFont::from_pcf(SliceFile::new(SMALL_PCF), ALL, home)
                .map(drop)
                .map_err(refused)
                .map_err(keep)
        });
        assert_eq!(asked.take_named(), (602, font));
        sweep(&mut || {
            LoadedFont::from_packed(SliceFile::new(&packed), home)
                .map(drop)
                .map_err(refused)
                .map_err(keep)
        });
        assert_eq!(asked.take_named(), (602, font));
        sweep(&mut || open().with_index_in(home).map(drop).map_err(refused).map_err(keep));
        assert_eq!(asked.take_named(), (760, Purpose::Named("an index of glyphs")));
        sweep(&mut || {
            displayio_core::GlyphCache::new_in(open(), 3, 5, home).map(drop).map_err(keep)
        });
        assert_eq!(asked.take_named(), (72, Purpose::Named("a glyph cache")));
    };
    let mut region = region(4000);
    {
        let heap = Failing::new(Instrumented::new(LinkedListHeap::new(&mut region)));
        check(Home::from(&heap), &|scenario| {
            assert_eq!(heap.sweep(&mut *scenario), 1);
            assert_eq!(heap.inner().counters().live_bytes, 0);
        });
    }
    let heap = Failing::new(Instrumented::new(CompactingHeap::new(&mut region)));
    check(Home::from(&heap), &|scenario| {
        assert_eq!(heap.sweep(&mut *scenario), 1);
        assert_eq!(heap.inner().counters().live_bytes, 0);
        heap.inner().inner().check_invariants();
    });
}

trait TakeNamed {
    fn take_named(&self) -> (usize, Purpose);
}

impl TakeNamed for Cell<(usize, Purpose)> {
    fn take_named(&self) -> (usize, Purpose) {
        self.replace((0, Purpose::Named("")))
    }
}

#[test]
fn a_loaded_font_moves_in_a_compacting_heap() {
    let mut region = region(20_000);
    let heap = CompactingHeap::new(&mut region);
    let ballast = displayio_core::Storage::zeroed_in(3000, Purpose::Named("ballast"), &heap);
    let ballast = ballast.unwrap();
    let font = LoadedFont::from_pcf(SliceFile::new(HELVETICA_PCF), ALL, &heap).unwrap();
    assert_eq!(font.part().data_kind, Some(StorageKind::Movable));
    drop(ballast);
    let moved = font.view_all(&mut |_| _ = heap.compact_step(usize::MAX));
    assert!(moved && heap.moved_bytes() == 0, "it moved while it was viewed");
    heap.compact_step(usize::MAX);
    assert!(heap.moved_bytes() > 0, "it did not move");
    check(&font, &Oracle::new(HELVETICA_BDF), ALL, "the moved font");
    heap.check_invariants();
}

/// Six views nest; the seventh is refused, and nothing panics.
#[test]
fn views_nest() {
    fn depth(font: &dyn Font) -> u32 {
        let (id, mut inside) = (font.find('a'), 0);
        let Some(id) = id else { return 0 };
        font.view(id, &mut |_| inside = depth(font));
        inside + 1
    }
    let mut region = region(2000);
    let heap = LinkedListHeap::new(&mut region);
    let font = LoadedFont::from_bdf(SliceFile::new(SMALL_BDF), &|c| c == 'a', &heap).unwrap();
    assert_eq!(depth(&font), 6);
    assert!(font.find('a').is_some());
}

#[test]
fn loading_reads_the_file_twice() {
    let calls_left = Cell::new(u32::MAX);
    let mut card = Card::new(HELVETICA_BDF, &calls_left);
    let mut region = region(20_000);
    let heap = LinkedListHeap::new(&mut region);
    LoadedFont::from_bdf(&mut card, ALL, &heap).unwrap();
    let (read, size) = (card.bytes_read(), HELVETICA_BDF.len() as u64);
    assert!(read <= 2 * size + 2000, "{read} bytes read of {size}");
}

/// A file that tells something else the second time.
struct Swapped<'f> {
    files: [&'f [u8]; 2],
    rewinds: u32,
    file: BdfFile<'f, SliceFile<'f>>,
}

impl displayio_core::FontFile for Swapped<'_> {
    fn header(&self) -> displayio_core::FontHeader {
        self.file.header()
    }

    fn file_bytes(&self) -> u64 {
        self.file.file_bytes()
    }

    fn rewind(&mut self) -> Result<(), FontFileError> {
        self.file = BdfFile::open(SliceFile::new(self.files[usize::from(self.rewinds > 0)]))?;
        self.rewinds += 1;
        self.file.rewind()
    }

    fn next(
        &mut self,
        wanted: &dyn Fn(char) -> bool,
    ) -> Result<Option<(char, displayio_core::Glyph)>, FontFileError> {
        self.file.next(wanted)
    }

    fn read_pixels(&mut self, pixels: &mut [u8]) -> Result<(), FontFileError> {
        self.file.read_pixels(pixels)
    }
}

#[test]
fn a_file_that_changes_is_refused() {
    let (head, glyphs) = blocks(HELVETICA_BDF);
    let text = |blocks: &[String]| joined(&head, blocks);
    let reversed: Vec<_> = glyphs.iter().rev().cloned().collect();
    let less = text(&glyphs[..180]);
    let gap = text(&[&glyphs[..50], &glyphs[51..]].concat());
    let other = text(&[&glyphs[1..], &glyphs[..1]].concat());
    let (all, back) = (text(&glyphs), text(&reversed));
    let load = |first: &[u8], second: &[u8]| {
        let file = BdfFile::open(SliceFile::new(first)).unwrap();
        let mut file = Swapped { files: [first, second], rewinds: 0, file };
        let mut buffer = vec![0; 20_000];
        LoadedFont::load_into(&mut file, ALL, &mut buffer).map(drop)
    };
    assert_eq!(load(&all, &all), Ok(()));
    assert_eq!(load(&back, &back), Ok(()));
    let changed = Err(LoadFontError::File(FontFileError::Changed));
    for (first, second) in
        [(&all, &less), (&less, &all), (&all, &gap), (&gap, &all), (&all, &other), (&all, &back)]
    {
        assert_eq!(load(first, second), changed);
    }
}

/// What fits the packed format's numbers, and what does not.
#[test]
fn packed_files_are_opened_by_their_header() {
    let mut bytes = b"DFN1\x01".to_vec();
    bytes.resize(24, 0);
    assert!(PackedFile::open(SliceFile::new(&bytes)).is_ok(), "no glyphs");
    bytes[14] = 1;
    let error = PackedFile::open(SliceFile::new(&bytes)).unwrap_err();
    assert_eq!(error.to_string(), "a font of at least 32 bytes, cut off after 24");
    bytes[4] = 8;
    let error = PackedFile::open(SliceFile::new(&bytes)).unwrap_err();
    assert_eq!(error.to_string(), "a font of 8 bits per pixel, not of 1, 2 or 4");
    let heap = displayio_allocators::NoHeap;
    let memory: &dyn Memory = &heap;
    assert!(LoadedFont::from_packed(SliceFile::new(&bytes[..23]), memory).is_err());
}
