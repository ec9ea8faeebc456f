//! Everything that can be refused is: each allocation in turn, memory that ends a byte too soon, views while others are
//! open, buffers that are too small. Each refusal is named, the panel shows what it showed, and all bytes come back.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::std_instead_of_alloc,
    reason = "a test of small numbers, with nothing to export"
)]

#[path = "support/screen.rs"]
mod screen;

use core::{
    cell::{Cell, OnceCell, RefCell},
    fmt::Debug,
    mem::MaybeUninit,
};
use std::rc::Rc;

use displayio_allocators::{
    Boxed, Buf, CompactingHeap, Counters, Failing, Instrumented, LinkedListHeap, Memory, Purpose,
    TlsfHeap,
};
use displayio_core::{
    AddError, Area, Bitmap, BitmapError, BmpError, BmpImage, Busy, Children, ColorConverter,
    Damage, Depth, Gray4, Group, Home, Image, Layer, LoadError, Mono, Node, OnDiskBitmap,
    OutOfMemory, Palette, PaletteError, PaletteRgb, PixelFormat, PixelSource, Place, Region,
    Rejected, Rgb565, Shader, Shown, SliceFile, Strip, TileError, TileGrid, TileMap, Tiles,
    TooSmall,
};
use screen::{Frame, Screen};

type Scenario<'s> = dyn Fn(Home<'_>) -> Result<(), OutOfMemory> + 's;
/// What an allocation asks for.
type Request = (usize, Purpose);

fn region() -> Vec<MaybeUninit<u8>> {
    vec![MaybeUninit::uninit(); 1 << 15]
}

/// Runs `test` on memory of each kind: two heaps whose blocks stay, movable memory, and the fixed memory beside it.
fn on_each_memory(region: &mut [MaybeUninit<u8>], test: &dyn Fn(&str, &dyn Probe, Home<'_>)) {
    let heap = Failing::new(Instrumented::new(LinkedListHeap::new(region)));
    test("first fit", &heap, Home::from(&heap));
    let heap = Failing::new(Instrumented::new(TlsfHeap::new(region)));
    test("TLSF", &heap, Home::from(&heap));
    for is_movable in [true, false] {
        let heap = Failing::new(Instrumented::new(CompactingHeap::new(region)));
        let home = if is_movable { Home::from(&heap) } else { Home::Fixed(&heap) };
        test(if is_movable { "movable" } else { "beside movable" }, &heap, home);
        heap.inner().inner().check_invariants();
    }
}

/// What the tests ask of a heap that refuses and counts.
trait Probe {
    fn counters(&self) -> Counters;
    /// Bytes that are not free, with what the heap itself takes for the blocks.
    fn used_bytes(&self) -> usize;
    fn sweep(&self, scenario: &mut dyn FnMut() -> Result<(), OutOfMemory>) -> u32;
}

impl<M: Memory> Probe for Failing<Instrumented<M>> {
    fn counters(&self) -> Counters {
        self.inner().counters()
    }

    fn used_bytes(&self) -> usize {
        let info = self.info().unwrap();
        info.total_bytes - info.free_bytes
    }

    fn sweep(&self, scenario: &mut dyn FnMut() -> Result<(), OutOfMemory>) -> u32 {
        self.sweep(scenario)
    }
}

/// Refuses each allocation of `scenario` in turn, on memory of each kind, while a picture in the same memory is shown.
///
/// The refusals must ask for what `expected` lists, in this order. After each run the picture is drawn anew and must be
/// the same; drawing must not allocate; nothing of the scenario may be left.
fn check(expected: &[Request], scenario: &Scenario<'_>) {
    on_each_memory(&mut region(), &|name, heap, home| {
        let used_at_start = heap.used_bytes();
        {
            let (root, mut buffer) = (neighbours(home), [0; 512]);
            let mut screen = Screen::new(&mut buffer, || ());
            let shown = screen.repaint(&root);
            let (standing, mut refused) = (heap.counters().live_bytes, vec![]);
            let failures = heap.sweep(&mut || {
                let result = scenario(home);
                let counters = heap.counters();
                assert_eq!(counters.live_bytes, standing, "{name}: bytes were lost");
                check_still_shows(&mut screen, &root, &shown);
                assert_eq!(heap.counters(), counters, "{name}: drawing allocated");
                refused.extend(result.err());
                result
            });
            refused.iter().for_each(check_message);
            let requests: Vec<_> = refused.iter().map(|e| (e.requested_bytes, e.purpose)).collect();
            assert_eq!(requests, expected, "{name}");
            assert_eq!(failures as usize, expected.len(), "{name}: an error without a refusal");
        }
        assert_eq!(heap.counters().live_bytes, 0, "{name}");
        assert_eq!(heap.used_bytes(), used_at_start, "{name}: the heap did not get all back");
    });
}

/// Runs `scenario` in regions of 0 to `most_bytes`, byte by byte, so that it just does not fit at each of its steps: every
/// error names one of the `expected` requests and a largest block that is less. In the last region it must succeed.
fn check_exhaustion(expected: &[Request], most_bytes: usize, scenario: &Scenario<'_>) {
    let mut region = region();
    for size in 0..=most_bytes {
        on_each_memory(&mut region[..size], &|name, heap, home| {
            let used_at_start = heap.used_bytes();
            match scenario(home) {
                Ok(()) => {
                    let needed = expected.iter().map(|request| request.0).max().unwrap();
                    assert!(size >= needed, "{name}: {needed} bytes cannot fit {size}");
                }
                Err(error) => {
                    assert!(size < most_bytes, "{name}: {error} in {size} bytes");
                    check_message(&error);
                    let request = (error.requested_bytes, error.purpose);
                    assert!(expected.contains(&request), "{name}: {error}");
                    let largest = error.heap.unwrap().largest_free_bytes;
                    // A compacting heap tells of movable memory, whose blocks need no more than four bytes' alignment.
                    let is_aligned = name.contains("movable") && [BOX, LIST].contains(&request.1);
                    let padding = if is_aligned { align_of::<usize>() - 4 } else { 0 };
                    let least = error.requested_bytes + padding;
                    assert!(largest < least, "{name}: {error} in {size} bytes");
                }
            }
            assert_eq!(heap.counters().live_bytes, 0, "{name}");
            assert_eq!(heap.used_bytes(), used_at_start, "{name}: not all came back");
        });
    }
}

fn check_message(error: &OutOfMemory) {
    let heap = error.heap.unwrap();
    let expected = format!(
        "out of memory: {} bytes for {} ({} free, largest block {}",
        error.requested_bytes, error.purpose, heap.free_bytes, heap.largest_free_bytes
    );
    assert!(error.to_string().starts_with(&expected), "{error}");
    assert!(heap.largest_free_bytes <= heap.free_bytes, "{error}");
    assert!(heap.free_bytes <= heap.total_bytes, "{error}");
}

/// Nothing changed, and all of it drawn anew is the same.
fn check_still_shows<H: Fn()>(screen: &mut Screen<'_, H>, root: &impl Node<Rgb565>, shown: &Frame) {
    assert_eq!(screen.refresh(root), 0, "nothing had changed");
    assert!(screen.frame() == *shown, "a refresh without changes changed pixels");
    assert!(screen.repaint(root) == *shown, "drawn anew, it is another picture");
}

/// A picture whose pixels, colours and tiles are in the memory that is about to refuse.
fn neighbours(home: Home<'_>) -> impl Node<Rgb565> {
    let bitmap = Bitmap::new_in(16, 16, Depth::Bpp4, home).unwrap();
    let palette = Palette::new_in(16, home).unwrap();
    let map = TileMap::new_in(6, 4, home).unwrap();
    (0..16).for_each(|i| bitmap.draw_line((i, 0), (15, i), i.unsigned_abs().into()).unwrap());
    (0..16).for_each(|i| palette.set(i, u32::from(i) * 0x0f_1b0d).unwrap());
    (0..24).for_each(|i| map.set(i % 6, i / 6, i % 16).unwrap());
    Group::new((TileGrid::new(bitmap, palette).with_map(map).tiles(4, 4).at(3, 3),))
}

/// A file of 24 by 4 pixels, of four colours in 8 bits.
fn photo_file() -> Vec<u8> {
    let mut file = b"BM".to_vec();
    file.extend([0_u32, 0, 54 + 16, 40, 24, 4].map(u32::to_le_bytes).as_flattened());
    file.extend([1, 0, 8, 0]);
    file.extend([0_u32, 0, 0, 0, 4, 0].map(u32::to_le_bytes).as_flattened());
    file.extend([0x10_2030, 0xff_8000, 0x00_60ff, 0xff_ffff].map(u32::to_le_bytes).as_flattened());
    file.extend((0..24 * 4).map(|i: u8| i % 7 % 4));
    file
}

fn open<'m>(
    file: &'m [u8],
    buffer_bytes: usize,
    home: Home<'m>,
) -> Result<OnDiskBitmap<'m, SliceFile<'m>>, OutOfMemory> {
    OnDiskBitmap::new_in(SliceFile::new(file), buffer_bytes, home).map_err(Reason::reason)
}

/// The error inside, of those that wrap one.
trait Reason: Debug + Sized {
    fn reason(self) -> OutOfMemory;
}

impl Reason for LoadError {
    fn reason(self) -> OutOfMemory {
        let Self::OutOfMemory(error) = self else { panic!("{self:?}") };
        error
    }
}

impl<T> Reason for Rejected<T, AddError> {
    fn reason(self) -> OutOfMemory {
        let AddError::OutOfMemory(error) = self.error else { panic!("{self:?}") };
        error
    }
}

const ROWS: Purpose = Purpose::Named("a row buffer");
const LIST: Purpose = Purpose::Named("a list");
const BOX: Purpose = Purpose::Named("a boxed value");

#[test]
fn constructors_name_what_was_refused() {
    for depth in Depth::ALL {
        let purpose = Purpose::Bitmap { width: 13, height: 5, bits: depth.bits() };
        let bytes = (13 * usize::from(depth.bits())).div_ceil(32) * 4 * 5;
        check(&[(bytes, purpose)], &|home| Bitmap::new_in(13, 5, depth, home).map(drop));
    }
    let colors = [(37, 17), (20, 17), (20, 17), (71, 17), (9, 4)]
        .map(|(bytes, colors)| (bytes, Purpose::Palette { colors }));
    check(&colors[..1], &|home| Palette::<Rgb565>::new_in(17, home).map(drop));
    check(&colors[1..2], &|home| Palette::<Mono>::new_in(17, home).map(drop));
    check(&colors[2..3], &|home| Palette::<Gray4>::new_in(17, home).map(drop));
    check(&colors[3..4], &|home| PaletteRgb::new_in(17, home).map(drop));
    let tiles = Purpose::TileMap { columns: 7, rows: 3 };
    check(&[(21, tiles)], &|home| TileMap::new_in(7, 3, home).map(drop));
    check(&[(42, tiles)], &|home| TileMap::new_wide_in(7, 3, home).map(drop));
    let file = photo_file();
    let image = BmpImage::new(&file).unwrap();
    check(&colors[4..], &|home| image.palette_in::<Rgb565>(home).map(drop));
}

#[test]
fn nothing_is_asked_for_what_has_no_bytes() {
    check(&[], &|home| Bitmap::new_in(0, 50_000, Depth::Bpp32, home).map(drop));
    check(&[], &|home| Palette::<Rgb565>::new_in(0, home).map(drop));
    check(&[], &|home| TileMap::new_wide_in(9, 0, home).map(drop));
    check(&[], &|home| Boxed::new_in((), home.heap()).map(drop));
    check(&[], &|home| Buf::new(home.heap()).try_push(()).map_err(|rejected| rejected.error));
}

#[test]
fn files_and_their_palettes_are_refused_one_by_one() {
    let file = photo_file();
    for (wanted, bytes) in [(100, 100), (0, 4)] {
        check(&[(bytes, ROWS)], &|home| open(&file, wanted, home).map(drop));
    }
    let colors = Purpose::Palette { colors: 4 };
    check(&[(30, ROWS), (9, colors), (17, colors)], &|home| {
        let photo = open(&file, 30, home)?;
        let palette = photo.palette_in::<Rgb565>(home).map_err(Reason::reason)?;
        let palette_rgb = photo.palette_rgb_in(home).map_err(Reason::reason)?;
        let orange = (palette.raw(1), palette_rgb.get(1));
        assert_eq!(orange, (Some(Rgb565.raw(0xff_8000.into())), Some(0xff_8000.into())));
        assert_eq!(photo.take_error(), None);
        Ok(())
    });
}

#[test]
fn refused_boxes_drop_their_value_once() {
    let value = Rc::new([0_u8; 40]);
    let size = size_of::<(Rc<[u8; 40]>, [u16; 9])>();
    check(&[(size, BOX), (size, BOX)], &|home| {
        let contents = || (Rc::clone(&value), [7_u16; 9]);
        let both = Boxed::new_in(contents(), home.heap()).and_then(|sized| {
            assert_eq!(Rc::strong_count(&value), 2, "one in the box");
            let erased = Boxed::<dyn Debug>::unsize_in(contents(), |v| v, home.heap())?;
            assert_eq!((Rc::strong_count(&value), sized.1), (3, [7; 9]));
            Ok(erased)
        });
        let result = both.map(drop);
        assert_eq!(Rc::strong_count(&value), 1, "all were dropped");
        result
    });
}

/// Lists keep what they hold, and give back what they cannot.
#[test]
fn lists_are_as_they_were() {
    let value = Rc::new(());
    let size = size_of::<(u8, Rc<()>)>();
    let requests = [3, 6, 7, 14, 100, usize::MAX / 8].map(|n| (n.saturating_mul(size), LIST));
    check(&requests[..5], &|home| {
        let mut list = Buf::with_capacity(3, home.heap())?;
        let (mut model, mut refused) = (vec![], None);
        for i in 0..8_u8 {
            // In the middle, at the end, and beyond it.
            let at = [model.len() / 2, model.len(), usize::MAX][usize::from(i % 3)];
            let mut item = (i, Rc::clone(&value));
            if i == 6 {
                refused = refused.or(list.reserve(7).err());
            }
            while let Err(rejected) = list.try_insert(at, item) {
                refused = Some(rejected.error);
                item = rejected.value;
                assert_eq!(item.0, i);
                assert!(list.iter().map(|item| item.0).eq(model.iter().copied()), "at {i}");
            }
            model.insert(at.min(model.len()), i);
            assert!(list.iter().map(|item| item.0).eq(model.iter().copied()), "at {i}");
        }
        refused = refused.or(list.reserve(100).err());
        assert_eq!(list.len(), 8);
        assert_eq!(Rc::strong_count(&value), 1 + list.len(), "each is there once");
        refused.map_or(Ok(()), Err)
    });
    assert_eq!(Rc::strong_count(&value), 1, "all were dropped");
    on_each_memory(&mut region(), &|name, _, home| {
        let mut list = Buf::<(u8, Rc<()>)>::new(home.heap());
        let error = list.reserve(usize::MAX / 8).unwrap_err();
        assert_eq!((error.requested_bytes, error.purpose), requests[5], "{name}");
    });
}

static CHECKS: Image = Image::new(8, 2, Depth::Bpp1, &[0xaa, 0, 0, 0, 0x55, 0, 0, 0]);

type Mark<'a> = TileGrid<&'a Image, &'a ColorConverter>;

fn mark(colors: &ColorConverter, x: i16) -> Mark<'_> {
    TileGrid::new(&CHECKS, colors).at(x, 3)
}

/// Children come back when the list cannot grow; the panel, its list and the child are as they were.
#[test]
fn refused_children_come_back() {
    let colors = ColorConverter::default();
    let requests = [4, 8].map(|n| (n * size_of::<&Mark<'_>>(), LIST));
    for index in [usize::MAX, 0, 2] {
        check(&requests, &|home| {
            let grids: [_; 6] = core::array::from_fn(|i| mark(&colors, 6 * i as i16));
            let page = Group::new(Children::new(Buf::<&Mark<'_>>::new(home.heap())));
            let (mut buffer, mut refused) = ([0; 200], None);
            let mut screen = Screen::new(&mut buffer, || ());
            for (count, grid) in grids.iter().enumerate() {
                let shown = screen.repaint(&page);
                if let Err(rejected) = page.children().insert(index, grid) {
                    assert!(core::ptr::eq(rejected.value, grid), "another child came back");
                    check_still_shows(&mut screen, &page, &shown);
                    assert_eq!(page.children().len(), count);
                    page.children().insert(index, rejected.value).unwrap();
                    refused = Some(rejected.reason());
                }
                assert_eq!(screen.refresh(&page), 16, "the new child");
                assert_eq!(grid.shown(), Area::new(6 * count as i16, 3, 6 * count as i16 + 8, 5));
            }
            refused.map_or(Ok(()), Err)
        });
    }
}

/// A full list needs no room to replace a child: nothing can be refused, and nothing is lost.
#[test]
fn replacing_a_child_allocates_nothing() {
    let colors = ColorConverter::default();
    check(&[(4 * size_of::<Mark<'_>>(), LIST)], &|home| {
        let mark = |x| mark(&colors, x);
        let page = Group::new(Children::new(Buf::with_capacity(4, home.heap())?));
        let (mut buffer, list) = ([0; 200], page.children());
        let mut screen = Screen::new(&mut buffer, || ());
        (0..4).for_each(|i| list.push(mark(10 * i)).unwrap());
        screen.refresh(&page);
        for i in 0..4_i16 {
            let old = list.replace(usize::from(i.unsigned_abs()), mark(10 * i + 1)).unwrap();
            assert_eq!((old.position(), old.shown().is_empty()), ((10 * i, 3), true));
        }
        let rejected = list.replace(4, mark(5)).unwrap_err();
        assert_eq!((rejected.value.position(), rejected.error), ((5, 3), AddError::Full));
        let refreshed = (screen.refresh(&page), screen.frame()).1;
        assert!(screen.repaint(&page) == refreshed, "what departed is still on the panel");
        Ok(())
    });
}

type Page<'a> = Group<Children<Buf<'a, Boxed<'a, dyn Node<Rgb565> + 'a>>>>;
type Photo<'a, 'm> = TileGrid<&'a OnDiskBitmap<'m, SliceFile<'m>>, &'a Palette<'m, Rgb565>>;
type Ground<'a, 'm> = TileGrid<&'a Bitmap<'m>, &'a PaletteRgb<'m>, TileMap<'m>>;
type Sprite<'a, 'm> = TileGrid<&'a Bitmap<'m>, &'a PaletteRgb<'m>>;

/// A program that tries again what was refused, once, and shows each step.
struct Program<'b, 'p, 'a> {
    screen: Screen<'b, fn()>,
    page: &'p Page<'a>,
    refused: Vec<OutOfMemory>,
}

impl<'a> Program<'_, '_, 'a> {
    fn attempt<T>(&mut self, step: impl Fn() -> Result<T, OutOfMemory>) -> Result<T, OutOfMemory> {
        step().or_else(|error| {
            self.check_refusal(error);
            step()
        })
    }

    /// Puts a node in a box and on the page, and shows it.
    fn show<N: Node<Rgb565> + 'a>(
        &mut self,
        node: impl Fn() -> Result<N, OutOfMemory>,
        home: Home<'a>,
    ) -> Result<(), OutOfMemory> {
        let boxed = self.attempt(|| {
            Boxed::<dyn Node<Rgb565> + 'a>::unsize_in(node()?, |node| node, home.heap())
        })?;
        let list = self.page.children();
        if let Err(rejected) = list.push(boxed) {
            let Rejected { value, error: AddError::OutOfMemory(error) } = rejected else {
                panic!("{rejected:?}")
            };
            self.check_refusal(error);
            list.push(value).map_err(Reason::reason)?;
        }
        assert!(self.screen.refresh(self.page) > 0, "something new is shown");
        Ok(())
    }

    fn check_refusal(&mut self, error: OutOfMemory) {
        self.refused.push(error);
        let shown = self.screen.frame();
        check_still_shows(&mut self.screen, self.page, &shown);
    }
}

const NO_HOOK: fn() = || ();

/// A photo from a file, a ground of tiles with sprites on it, all in boxes on one page: its picture, and what was refused
/// on the way.
fn run_program<'m>(
    file: &'m [u8],
    home: Home<'m>,
) -> Result<(Frame, Vec<OutOfMemory>), OutOfMemory> {
    let (photo, photo_colors, sheet, colors) =
        (OnceCell::new(), OnceCell::new(), OnceCell::new(), OnceCell::new());
    let page = Group::new(Children::new(Buf::new(home.heap()))).at(2, 1);
    let mut buffer = [0; 300];
    let mut screen = Screen::new(&mut buffer, NO_HOOK);
    screen.refresh(&page);
    let mut program = Program { screen, page: &page, refused: vec![] };

    let opened = program.attempt(|| open(file, 40, home))?;
    let photo = photo.get_or_init(|| opened);
    let read = program.attempt(|| photo.palette_in(home).map_err(Reason::reason))?;
    let photo_colors = photo_colors.get_or_init(|| read);
    program
        .show(|| -> Result<Photo<'_, '_>, _> { Ok(TileGrid::new(photo, photo_colors)) }, home)?;

    let drawn = program.attempt(|| Bitmap::new_in(32, 8, Depth::Bpp2, home))?;
    (0..32).for_each(|x| drawn.draw_line((x, 0), (31 - x, 7), (x % 4) as u32).unwrap());
    let sheet = sheet.get_or_init(|| drawn);
    let mixed = program.attempt(|| PaletteRgb::new_in(4, home))?;
    (0..4).for_each(|i| mixed.set(i, 0x40_1733 * u32::from(i)).unwrap());
    mixed.set_transparent(2, true).unwrap();
    let colors = colors.get_or_init(|| mixed);
    let ground = || -> Result<Ground<'_, '_>, _> {
        let map = TileMap::new_in(4, 2, home)?;
        (0..8).for_each(|i| map.set(i % 4, i / 4, i % 3).unwrap());
        Ok(TileGrid::new(sheet, colors).with_map(map).tiles(8, 8).at(3, 2))
    };
    program.show(ground, home)?;
    for i in 0..4 {
        let sprite = || -> Result<Sprite<'_, '_>, _> {
            let sprite = TileGrid::new(sheet, colors).tiles(8, 8).at(9 * i, 5 + i);
            sprite.set_tile(3);
            Ok(sprite)
        };
        program.show(sprite, home)?;
    }
    drop(program.page.children().remove(2));
    program.screen.refresh(&page);
    let shown = program.screen.frame();
    check_still_shows(&mut program.screen, &page, &shown);
    Ok((shown, program.refused))
}

const fn program_requests() -> [Request; 13] {
    const SPRITE: Request = (size_of::<Sprite<'_, '_>>(), BOX);
    const CHILD_BYTES: usize = size_of::<Boxed<'_, dyn Node<Rgb565>>>();
    [
        (40, ROWS),
        (9, Purpose::Palette { colors: 4 }),
        (size_of::<Photo<'_, '_>>(), BOX),
        (4 * CHILD_BYTES, LIST),
        (64, Purpose::Bitmap { width: 32, height: 8, bits: 2 }),
        (17, Purpose::Palette { colors: 4 }),
        (8, Purpose::TileMap { columns: 4, rows: 2 }),
        (size_of::<Ground<'_, '_>>(), BOX),
        SPRITE,
        SPRITE,
        SPRITE,
        (8 * CHILD_BYTES, LIST),
        SPRITE,
    ]
}

fn program_picture(file: &[u8]) -> Frame {
    let mut region = region();
    let heap = LinkedListHeap::new(&mut region);
    let (picture, refused) = run_program(file, Home::from(&heap)).unwrap();
    assert_eq!(refused, [], "there is room enough");
    picture
}

#[test]
fn a_program_survives_each_refusal() {
    let file = photo_file();
    let expected = program_picture(&file);
    check(&program_requests(), &|home| {
        let (picture, mut refused) = run_program(&file, home)?;
        assert!(picture == expected, "it ended with another picture");
        assert!(refused.len() <= 1, "{refused:?}");
        refused.pop().map_or(Ok(()), Err)
    });
}

#[test]
fn memory_that_ends_a_byte_too_soon_is_named() {
    let bitmap = Purpose::Bitmap { width: 20, height: 10, bits: 8 };
    check_exhaustion(&[(200, bitmap)], 400, &|home| {
        Bitmap::new_in(20, 10, Depth::Bpp8, home).map(drop)
    });
    let colors = Purpose::Palette { colors: 40 };
    check_exhaustion(&[(85, colors)], 300, &|home| Palette::<Rgb565>::new_in(40, home).map(drop));
    check_exhaustion(&[(165, colors)], 350, &|home| PaletteRgb::new_in(40, home).map(drop));
    let tiles = Purpose::TileMap { columns: 9, rows: 11 };
    check_exhaustion(&[(99, tiles)], 300, &|home| TileMap::new_in(9, 11, home).map(drop));
    check_exhaustion(&[(198, tiles)], 400, &|home| TileMap::new_wide_in(9, 11, home).map(drop));
    let file = photo_file();
    check_exhaustion(&[(60, ROWS)], 250, &|home| open(&file, 60, home).map(drop));
    check_exhaustion(&[(72, BOX)], 250, &|home| Boxed::new_in([0_u64; 9], home.heap()).map(drop));
    check_exhaustion(&[(4, LIST), (8, LIST), (16, LIST), (32, LIST)], 250, &|home| {
        let mut list = Buf::new(home.heap());
        (0..17_u8).try_for_each(|i| list.try_push(i).map_err(|rejected| rejected.error))
    });
}

#[test]
fn a_program_in_too_little_memory_says_what_did_not_fit() {
    let file = photo_file();
    let expected = program_picture(&file);
    let unnamed = RefCell::new(program_requests().to_vec());
    check_exhaustion(&program_requests(), 4000, &|home| {
        let result = run_program(&file, home);
        if let Err(error) = &result {
            let request = (error.requested_bytes, error.purpose);
            unnamed.borrow_mut().retain(|other| *other != request);
        }
        let (picture, refused) = result?;
        assert_eq!(refused, [], "an attempt that failed succeeded the second time");
        assert!(picture == expected, "it ended with another picture");
        Ok(())
    });
    assert_eq!(unnamed.into_inner(), [], "each was too much for some region");
}

const VIEWED: Busy = Busy::Viewed;

/// `change` is refused by name inside `view` and leaves the picture as it was; afterwards it succeeds and is shown.
fn check_busy<E: Debug + PartialEq>(
    root: &impl Node<Rgb565>,
    view: impl FnOnce(&mut dyn FnMut()),
    change: impl Fn() -> Result<(), E>,
    expected: E,
) {
    let mut buffer = [0; 512];
    let mut screen = Screen::new(&mut buffer, || ());
    let (shown, mut error) = (screen.repaint(root), None);
    view(&mut || error = change().err());
    assert_eq!(error, Some(expected), "in the view");
    check_still_shows(&mut screen, root, &shown);
    change().unwrap();
    assert!(screen.refresh(root) > 0, "the change was not seen");
    assert!(screen.frame() != shown, "the change is not shown");
}

#[test]
fn bitmaps_that_are_viewed_are_not_drawn_on() {
    on_each_memory(&mut region(), &|_, _, home| {
        let bitmap = Bitmap::new_in(16, 16, Depth::Bpp4, home).unwrap();
        let palette = Palette::new_in(16, home).unwrap();
        (0..16).for_each(|i| palette.set(i, u32::from(i) * 0x0f_1b0d).unwrap());
        let root = Group::new((TileGrid::new(&bitmap, &palette),));
        let draws: [&dyn Fn() -> Result<(), BitmapError>; 8] = [
            &|| bitmap.set(1, 1, 5),
            &|| bitmap.fill(6),
            &|| bitmap.replace_color(6, 7),
            &|| bitmap.fill_region(Area::new(1, 2, 3, 4), 8),
            &|| bitmap.draw_line((0, 9), (15, 3), 9),
            &|| bitmap.draw_polygon(&[(0, 0), (5, 5), (0, 5)], 10, true),
            &|| bitmap.draw_circle((8, 8), 4, 11),
            &|| {
                bitmap
                    .edit(Area::new(2, 2, 3, 3), |canvas| canvas.set(2, 2, 12))
                    .map_err(From::from)
            },
        ];
        for draw in draws {
            let read = |inside: &mut dyn FnMut()| bitmap.read(|_| inside()).unwrap();
            check_busy(&root, read, draw, BitmapError::Busy(VIEWED));
        }
        let write = |inside: &mut dyn FnMut()| bitmap.edit(Area::EMPTY, |_| inside()).unwrap();
        write(&mut || {
            assert_eq!(bitmap.read(|_| ()), Err(VIEWED));
            assert_eq!((bitmap.get(1, 1), bitmap.set(1, 1, 1).is_err()), (None, true));
        });
        assert_eq!((nested_reads(&bitmap), bitmap.get(2, 2)), (6, Some(12)));
    });
}

/// How many views nest before one is refused.
fn nested_reads(bitmap: &Bitmap<'_>) -> u32 {
    bitmap.read(|_| 1 + nested_reads(bitmap)).unwrap_or(0)
}

#[test]
fn colours_and_tiles_that_are_viewed_do_not_change() {
    on_each_memory(&mut region(), &|_, _, home| {
        let palette = Palette::<Rgb565>::new_in(2, home).unwrap();
        let palette_rgb = PaletteRgb::new_in(2, home).unwrap();
        let map = TileMap::new_in(3, 2, home).unwrap();
        let wide = TileMap::new_wide_in(3, 2, home).unwrap();
        let root = Group::new((
            TileGrid::new(&CHECKS, &palette).with_map(map).tiles(3, 2),
            TileGrid::new(&CHECKS, &palette_rgb).with_map(wide).tiles(3, 2).at(20, 9),
        ));
        palette.set(1, 0x20_ff20).unwrap();
        palette_rgb.set(1, 0x20_ff20).unwrap();
        for map in [root.children().0.map(), root.children().1.map()] {
            let view = |inside: &mut dyn FnMut()| map.view(|_| inside()).unwrap();
            check_busy(&root, view, || map.set(2, 1, 1), TileError::Busy(VIEWED));
            check_busy(&root, view, || map.edit(|cells| cells[0] = 1), VIEWED);
        }
        let busy = PaletteError::Busy(VIEWED);
        let colors = |inside: &mut dyn FnMut()| palette.colors(|_| inside()).unwrap();
        check_busy(&root, colors, || palette.set(1, 0xff_ffff), busy);
        check_busy(&root, colors, || palette.set_transparent(1, true), busy);
        let colors = |inside: &mut dyn FnMut()| {
            Shader::<Rgb565>::colors(&palette_rgb, |_| inside()).unwrap();
        };
        check_busy(&root, colors, || palette_rgb.set(1, 0xff_00ff), busy);
        check_busy(&root, colors, || palette_rgb.set_transparent(1, true), busy);
        assert_eq!(palette.is_transparent(1), Ok(true));
    });
    let flash = TileMap::from_slice(2, 1, &[3, 4]).unwrap();
    assert_eq!(flash.set(0, 0, 5), Err(TileError::Busy(Busy::ReadOnly)));
    assert_eq!(flash.edit(|cells| cells.fill(5)), Err(Busy::ReadOnly));
    assert_eq!((flash.get(0, 0), flash.is_changed()), (Some(3), false));
}

/// A row buffer holds one view: a second one is an error of that read, and the first goes on.
#[test]
fn a_streamed_picture_is_viewed_once_at_a_time() {
    let file = photo_file();
    on_each_memory(&mut region(), &|name, _, home| {
        let photo = open(&file, 40, home).unwrap();
        let all = Region { x: 0, y: 0, size: photo.size() };
        let first = photo.view(all, |view| {
            let before = view.bytes.to_vec();
            assert_eq!(photo.view(Region { y: 2, ..all }, |_| ()), None, "{name}");
            assert_eq!(view.bytes, before, "{name}: the open view changed");
        });
        assert!(first.is_some(), "{name}");
        assert!(matches!(photo.take_error(), Some(BmpError::Io(_))), "{name}: no error was kept");
        assert_eq!(photo.view(all, |view| view.get(1, 0)), Some(3 * 24 + 1).map(|i| i % 7 % 4));
        assert_eq!(photo.take_error(), None, "{name}");
    });
}

/// `make` refuses every buffer of fewer than `needed` bytes without a change to it, and works in one of just so many.
fn check_too_small(
    needed: usize,
    misaligned: usize,
    make: &dyn Fn(&mut [u8]) -> Result<(), TooSmall>,
) {
    let mut words = vec![0xa5a5_a5a5_u32; needed / 4 + 3];
    let buffer = &mut bytemuck::cast_slice_mut::<_, u8>(&mut words)[misaligned..];
    for given in 0..needed {
        let error = make(&mut buffer[..given]).unwrap_err();
        assert_eq!(
            error,
            TooSmall { needed_bytes: needed, given_bytes: given },
            "misaligned by {misaligned}"
        );
        assert!(buffer.iter().all(|byte| *byte == 0xa5), "a refused buffer was written to");
    }
    make(&mut buffer[..needed]).unwrap();
    assert!(buffer[needed..].iter().all(|byte| *byte == 0xa5), "written beyond the end");
}

#[test]
fn buffers_a_byte_too_small_are_left_alone() {
    for depth in Depth::ALL {
        check_too_small(2 * depth.stride_bytes(13), 0, &|buffer| {
            let bitmap = Bitmap::from_buffer(13, 2, depth, buffer)?;
            let kept = 0xa5a5_a5a5 >> 8_u8.saturating_sub(depth.bits()) & depth.max_value();
            assert_eq!(bitmap.get(8, 0), Some(kept), "it keeps its contents");
            bitmap.set(12, 1, 0).unwrap();
            Ok(())
        });
    }
    for misaligned in 0..4 {
        check_too_small(34 + 3 + misaligned % 2, misaligned, &|buffer| {
            let palette = Palette::<Rgb565>::from_buffer(17, buffer)?;
            palette.set_transparent(16, true).unwrap();
            assert_eq!(palette.raw(16), Some(0));
            Ok(())
        });
        check_too_small(68 + 3 + (4 - misaligned) % 4, misaligned, &|buffer| {
            let palette = PaletteRgb::from_buffer(17, buffer)?;
            palette.set_transparent(16, true).unwrap();
            assert_eq!(palette.get(16), Some(0.into()));
            Ok(())
        });
    }
    check_too_small(21, 1, &|buffer| {
        let map = TileMap::from_buffer(7, 3, buffer)?;
        assert_eq!(map.get(6, 2), Some(0xa5), "it keeps its contents");
        map.set(6, 2, 0).map_err(|error| panic!("{error}"))
    });
    let error = TileMap::from_slice(7, 3, &[0; 20]).unwrap_err();
    assert_eq!(error, TooSmall { needed_bytes: 21, given_bytes: 20 });
    let largest = Bitmap::from_buffer(u16::MAX, u16::MAX, Depth::Bpp32, &mut [0; 9]).unwrap_err();
    assert_eq!(largest.given_bytes, 9);
}

type Slot<'a> = Children<Option<&'a dyn Node<Rgb565>>>;

/// Changes the list that shows it, while that collects and paints it.
struct Meddler<'a> {
    shown: Shown,
    list: OnceCell<&'a Slot<'a>>,
    other: &'a Mark<'a>,
    attempts: Cell<u32>,
}

impl Meddler<'_> {
    fn meddle(&self) {
        let list = self.list.get().unwrap();
        assert_eq!(list.push(self.other).unwrap_err().error, AddError::Busy, "it is in use");
        assert!(list.remove(0).is_none(), "it is in use");
        list.replace(0, self.other).map(drop).unwrap_err();
        self.attempts.set(self.attempts.get() + 1);
    }
}

impl Layer for Meddler<'_> {
    fn collect(&self, place: &Place, damage: &mut Damage) {
        self.meddle();
        self.shown.collect(Area::new(0, 0, 4, 4), place, damage);
    }

    fn shown(&self) -> Area {
        self.shown.area()
    }

    fn forget(&self) {
        self.shown.forget();
    }
}

impl Node<Rgb565> for Meddler<'_> {
    fn paint(&self, strip: &mut Strip<'_, Rgb565>) {
        self.meddle();
        strip.fill(self.shown(), 0x55aa);
    }
}

#[test]
fn lists_that_are_full_or_in_use_refuse_by_name() {
    let colors = ColorConverter::default();
    let (first, second) = (mark(&colors, 3), mark(&colors, 20));
    let (vector, slot) = (Children::<heapless::Vec<&Mark<'_>, 1>>::default(), Slot::default());
    let meddler = Meddler {
        shown: Shown::new(),
        list: OnceCell::new(),
        other: &second,
        attempts: Cell::new(0),
    };
    assert!(meddler.list.set(&slot).is_ok(), "it was set before");
    let root = Group::new((&vector, &slot));
    vector.push(&first).unwrap();
    slot.push(&meddler).unwrap();
    let mut buffer = [0; 512];
    let mut screen = Screen::new(&mut buffer, || ());
    let shown = screen.repaint(&root);
    assert!(meddler.attempts.get() > 1, "it was collected and painted");
    for rejected in [vector.push(&second), vector.replace(1, &second).map(drop)] {
        let Rejected { value, error } = rejected.unwrap_err();
        assert_eq!((value.position(), error), ((20, 3), AddError::Full));
        check_still_shows(&mut screen, &root, &shown);
    }
    let errors =
        [vector.push(&first), vector.insert(0, &first), vector.replace(0, &first).map(drop)];
    assert_eq!(errors.map(|result| result.unwrap_err().error), [AddError::AlreadyShown; 3]);
    assert_eq!(slot.push(&second).unwrap_err().error, AddError::Full);
    check_still_shows(&mut screen, &root, &shown);
    assert!(slot.remove(0).is_some(), "nothing holds it any more");
    slot.push(&second).unwrap();
    assert!(screen.refresh(&root) > 0, "one went, another came");
}
