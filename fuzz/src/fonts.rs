//! Font files: whatever the bytes, each reader gives a font or an error, takes no more memory than the file explains,
//! and shows the same glyphs on every way.

use core::mem::MaybeUninit;

use displayio_allocators::{Instrumented, LinkedListHeap};
use displayio_core::{
    BdfFile, Font, FontFile, Glyph, GlyphCache, GlyphSource, LoadFontError, LoadedFont, PackedFile,
    PackedFont, PcfFile, SliceFile, View,
};

/// Room for the largest input as a font and as an index, and for a cache.
const HEAP_BYTES: usize = 64 << 10;
/// What a font in memory takes at most for each byte of its file, and besides them.
const BYTES_PER_BYTE: usize = 9;
const MORE_BYTES: usize = 24;

/// Looked up in each font: in most fonts, in some, in none.
const CHARACTERS: &str = "aJz 09:~\u{e9}\u{ff}\u{20ac}\u{10fff}";
/// Slots of the cache: fewer than characters.
const SLOTS: u16 = 3;
/// Larger glyphs are absent from the cache.
const GLYPH_BYTES: usize = 1 << 10;

/// A glyph's measures and pixels.
type Picture = (Glyph, Vec<u32>);

/// Reads the bytes as a file of each format.
pub fn run(bytes: &[u8]) {
    if let Ok(mut file) = BdfFile::open(SliceFile::new(bytes)) {
        load(&mut file, bytes.len());
        let mut region = [MaybeUninit::uninit(); HEAP_BYTES];
        let heap = LinkedListHeap::new(&mut region);
        let seen = see(file);
        if let Ok(indexed) =
            BdfFile::open(SliceFile::new(bytes)).expect("opened before").with_index_in(&heap)
        {
            let with_index = see(indexed);
            // An index asks for a file that is right to its end.
            assert_eq!(seen, with_index, "with and without an index");
        }
    }
    if let Ok(mut file) = PcfFile::open(SliceFile::new(bytes)) {
        load(&mut file, bytes.len());
        see(file);
    }
    let file = PackedFile::open(SliceFile::new(bytes)).map(see);
    if let Ok(font) = PackedFont::parse(bytes) {
        let pictures: Vec<_> = CHARACTERS.chars().map(|c| packed_picture(&font, c)).collect();
        assert_eq!(file.as_ref(), Ok(&pictures), "from a file and from memory");
    }
    if file.is_ok() {
        let mut region = [MaybeUninit::uninit(); HEAP_BYTES];
        let heap = Instrumented::new(LinkedListHeap::new(&mut region));
        check_loaded(LoadedFont::from_packed(SliceFile::new(bytes), &heap), &heap, bytes.len());
    }
}

/// Loads the wanted characters into memory: all, or half of them.
fn load(file: &mut dyn FontFile, file_bytes: usize) {
    let choices: [&dyn Fn(char) -> bool; 2] = [&|_| true, &|c| u32::from(c) % 2 == 0];
    for wanted in choices {
        let mut region = [MaybeUninit::uninit(); HEAP_BYTES];
        let heap = Instrumented::new(LinkedListHeap::new(&mut region));
        check_loaded(LoadedFont::load_in(file, wanted, &heap), &heap, file_bytes);
    }
}

fn check_loaded(
    font: Result<LoadedFont<'_>, LoadFontError>,
    heap: &Instrumented<LinkedListHeap<'_>>,
    file_bytes: usize,
) {
    let most = MORE_BYTES + BYTES_PER_BYTE * file_bytes;
    assert!(heap.counters().peak_bytes <= most, "{:?} for {file_bytes}", heap.counters());
    match font {
        Ok(font) => CHARACTERS.chars().for_each(|character| {
            picture(&font, character);
        }),
        Err(error) => assert_eq!(heap.counters().live_bytes, 0, "{error}"),
    }
}

/// What a cache shows of each character, looked up twice.
fn see(source: impl GlyphSource) -> Vec<Option<Picture>> {
    let mut region = [MaybeUninit::uninit(); HEAP_BYTES];
    let heap = LinkedListHeap::new(&mut region);
    let font = GlyphCache::new_in(source, SLOTS, GLYPH_BYTES, &heap).expect("room for three");
    let see = || -> Vec<_> { CHARACTERS.chars().map(|c| picture(&font, c)).collect() };
    let seen = see();
    assert_eq!(seen, see(), "what was forgotten is read again");
    seen
}

fn picture(font: &dyn Font, character: char) -> Option<Picture> {
    let id = font.find(character)?;
    let glyph = font.glyph(id)?;
    let mut shown = None;
    assert!(font.view(id, &mut |view| shown = Some(pixels(&glyph, view))), "it has measures");
    shown.map(|pixels| (glyph, pixels))
}

/// A glyph of a font that was checked: all its pixels are there. `None` for those that are absent from the cache, too.
fn packed_picture(font: &PackedFont<'_>, character: char) -> Option<Picture> {
    let id = font.find(character)?;
    let (glyph, bytes) = font.glyph_and_pixels(id).expect("a character has a glyph");
    let needed_bytes = font.stride_bytes(glyph.width) * usize::from(glyph.height);
    assert!(bytes.len() >= needed_bytes, "{glyph:?} has {} bytes", bytes.len());
    let view = font.view(id).expect("a glyph has pixels");
    (needed_bytes <= GLYPH_BYTES).then(|| (glyph, pixels(&glyph, &view)))
}

fn pixels(glyph: &Glyph, view: &View<'_>) -> Vec<u32> {
    let (columns, rows) = (usize::from(glyph.width), usize::from(glyph.height));
    let places = (0..rows).flat_map(|y| (0..columns).map(move |x| (x, y)));
    places.map(|(x, y)| view.get(x, y)).collect()
}
