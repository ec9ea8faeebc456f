//! What a refresh sends, case by case.

#![allow(clippy::unwrap_used, clippy::std_instead_of_alloc, reason = "a test")]

#[path = "support/panel.rs"]
mod panel;

use core::{cell::RefCell, mem::MaybeUninit};
use std::rc::Rc;

use displayio_allocators::{Boxed, Buf, LinkedListHeap, double::SlidingHeap};
use displayio_core::{
    AddError, Area, BitOrder, Bitmap, BlockingPanel, Capabilities, Children, ColorConverter, Depth,
    Display, Group, Image, Layer, Mono, Node, Packing, Palette, Panel, PixelFormat, Rectangle,
    RefreshError, RefreshStats, Rgb565, Rgb565Le, Rotation, Size, TileGrid, TileMap,
};
use panel::MemoryPanel;

/// A panel of 90 by 64 pixels that lists its windows, and fails on request.
#[derive(Clone)]
struct Log(Rc<RefCell<LogState>>);

struct LogState {
    windows: Vec<Area>,
    memory: MemoryPanel<Rgb565Le>,
    fail: bool,
}

impl Log {
    fn new() -> Self {
        let memory = MemoryPanel::new(Size::new(90, 64), Rgb565Le);
        Self(Rc::new(RefCell::new(LogState { windows: vec![], memory, fail: false })))
    }

    fn take_windows(&self) -> Vec<Area> {
        core::mem::take(&mut self.0.borrow_mut().windows)
    }

    fn pixels(&self) -> Vec<u16> {
        let bytes = &self.0.borrow().memory.bytes;
        bytes.as_chunks().0.iter().map(|raw| u16::from_le_bytes(*raw)).collect()
    }
}

impl Panel for Log {
    type Format = Rgb565Le;
    type Error = &'static str;

    fn format(&self) -> Rgb565Le {
        Rgb565Le
    }

    fn size(&self) -> Size {
        self.0.borrow().memory.size()
    }
}

impl BlockingPanel for Log {
    fn begin_area(&mut self, area: Area) -> Result<(), &'static str> {
        let mut state = self.0.borrow_mut();
        if state.fail {
            return Err("bus");
        }
        state.windows.push(area);
        let Ok(()) = state.memory.begin_area(area);
        Ok(())
    }

    fn write(&mut self, pixels: &[u8]) -> Result<(), &'static str> {
        let Ok(()) = self.0.borrow_mut().memory.write(pixels);
        Ok(())
    }
}

static CHECKS: Image = Image::new(8, 2, Depth::Bpp1, &[0xaa, 0, 0, 0, 0x55, 0, 0, 0]);

/// The areas sent by a refresh of `root`, sorted.
fn sent(display: &mut Display<'_, Log>, root: &impl Node<Rgb565Le>) -> Vec<[i16; 4]> {
    display.refresh(root).unwrap();
    let mut areas: Vec<_> =
        display.panel().take_windows().iter().map(|a| [a.x1, a.y1, a.x2, a.y2]).collect();
    areas.sort_unstable();
    areas
}

/// The reference's list of cases, with its areas: two grids of 20x10 that share a bitmap and a palette. Ours may merge
/// two areas where that is cheaper on the bus.
#[test]
fn damage_follows_the_reference() {
    let mut region = [MaybeUninit::uninit(); 4096];
    let heap = LinkedListHeap::new(&mut region);
    let bitmap = Bitmap::new_in(20, 10, Depth::Bpp4, &heap).unwrap();
    let palette = Palette::new_in(16, &heap).unwrap();
    let (t0, t1) =
        (TileGrid::new(&bitmap, &palette).at(5, 5), TileGrid::new(&bitmap, &palette).at(50, 40));
    let scaled = Group::new(Children::<Option<&dyn Node<Rgb565Le>>>::default()).scaled(3);
    let root = Group::new(Children::<heapless::Vec<&dyn Node<Rgb565Le>, 4>>::default());
    root.children().push(&scaled).unwrap();
    root.children().push(&t0).unwrap();
    root.children().push(&t1).unwrap();
    let mut buffer = [0; 512];
    let mut display = Display::new(Log::new(), &mut buffer);
    assert_eq!(sent(&mut display, &root), [[0, 0, 90, 64]]);
    assert_eq!(sent(&mut display, &root), [[0_i16; 4]; 0]);

    bitmap.set(3, 2, 1).unwrap();
    bitmap.set(6, 4, 1).unwrap();
    assert_eq!(sent(&mut display, &root), [[8, 7, 12, 10], [53, 42, 57, 45]]);
    t0.move_to(8, 5);
    assert_eq!(sent(&mut display, &root), [[5, 5, 28, 15]]);
    t0.move_to(60, 5);
    assert_eq!(sent(&mut display, &root), [[8, 5, 28, 15], [60, 5, 80, 15]]);
    t1.set_hidden(true);
    assert_eq!(sent(&mut display, &root), [[50, 40, 70, 50]]);
    assert_eq!(sent(&mut display, &root), [[0_i16; 4]; 0]);
    t1.set_hidden(false);
    assert_eq!(sent(&mut display, &root), [[50, 40, 70, 50]]);
    palette.set(3, 0x12_3456).unwrap();
    assert_eq!(sent(&mut display, &root), [[50, 40, 70, 50], [60, 5, 80, 15]]);

    root.children().remove(1).unwrap();
    assert_eq!(sent(&mut display, &root), [[60, 5, 80, 15]]);
    t0.move_to(0, 5);
    scaled.children().push(&t0).unwrap();
    assert_eq!(
        sent(&mut display, &root),
        [[0, 15, 60, 45]],
        "the reference also redraws where it was before"
    );
    t0.move_to(1, 5);
    assert_eq!(
        sent(&mut display, &root),
        [[0, 15, 63, 45]],
        "the reference sends two overlapping areas"
    );
    bitmap.set(3, 2, 2).unwrap();
    assert_eq!(sent(&mut display, &root), [[12, 21, 15, 24], [53, 42, 54, 43]]);
    t0.set_flip_x(true);
    sent(&mut display, &root);
    bitmap.set(3, 2, 3).unwrap();
    assert_eq!(sent(&mut display, &root), [[51, 21, 54, 24], [53, 42, 54, 43]]);
    scaled.set_scale(2);
    assert_eq!(
        sent(&mut display, &root),
        [[2, 10, 42, 15], [2, 15, 3, 30], [3, 15, 63, 45]],
        "2015 pixels; the reference sends 2600 in two areas"
    );
}

#[test]
fn one_bitmap_on_two_displays_loses_no_update() {
    let mut region = [MaybeUninit::uninit(); 4096];
    let heap = LinkedListHeap::new(&mut region);
    let bitmap = Bitmap::new_in(16, 16, Depth::Bpp8, &heap).unwrap();
    let palette = Palette::new_in(256, &heap).unwrap();
    (0..256).for_each(|i| palette.set(i, u32::from(i) * 0x01_0203).unwrap());
    let grids: [_; 3] = core::array::from_fn(|_| TileGrid::new(&bitmap, &palette));
    grids[1].move_to(30, 3);
    let (first, second) = (Group::new((&grids[0], &grids[1])), Group::new((&grids[2],)));
    let (mut a, mut b) = ([0; 128], [0; 320]);
    let mut displays = [
        (Display::new(Log::new(), &mut a), first.stamp().unwrap()),
        (Display::new(Log::new(), &mut b), second.stamp().unwrap()),
    ];
    let expected = |x: u16, y: u16| Rgb565Le.raw((bitmap.get(x, y).unwrap() * 0x01_0203).into());
    for i in 0..200_u16 {
        bitmap.set(i * 7 % 16, i * 5 % 16, u32::from(i) % 256).unwrap();
        // Whichever refreshes first, and however seldom the other does.
        for (turn, (display, _)) in displays.iter_mut().enumerate() {
            let due = [i % 3 == 0 || i == 199, i % 5 == 2 || i == 199][turn];
            let is_first = turn == 0;
            if due && is_first {
                display.refresh(&first).unwrap();
            } else if due {
                display.refresh(&second).unwrap();
            }
            if due {
                let pixels = display.panel().pixels();
                for (x, y) in (0..16).flat_map(|x| (0..16).map(move |y| (x, y))) {
                    let at = |dx: usize, dy: usize| {
                        pixels[(usize::from(y) + dy) * 90 + usize::from(x) + dx]
                    };
                    assert_eq!(at(0, 0), expected(x, y), "round {i}, display {turn}, ({x}, {y})");
                    assert!(
                        !is_first || at(30, 3) == expected(x, y),
                        "round {i}, second grid, ({x}, {y})"
                    );
                }
            }
        }
    }
}

#[test]
fn another_root_is_noticed() {
    let mut colors = [0; 16];
    let palette = Palette::from_buffer(2, &mut colors).unwrap();
    palette.set(1, 0xff_ffff).unwrap();
    let (left, right) =
        (TileGrid::new(&CHECKS, &palette), TileGrid::new(&CHECKS, &palette).at(20, 0));
    let (one, other) = (Group::new((&left,)), Group::new((&right,)));
    let mut buffer = [0; 512];
    let mut display = Display::new(Log::new(), &mut buffer);
    for root in [&one, &other, &one] {
        assert_eq!(sent(&mut display, root), [[0, 0, 90, 64]]);
        assert_eq!(sent(&mut display, root), [[0_i16; 4]; 0]);
    }
    assert_eq!(sent(&mut display, &&left), [[0, 0, 90, 64]], "a bare grid has no stamp");
    assert_eq!(sent(&mut display, &one), [[0, 0, 90, 64]]);
}

#[test]
fn failed_areas_are_sent_next_time() {
    let mut colors = [0; 16];
    let palette = Palette::from_buffer(2, &mut colors).unwrap();
    let grid = TileGrid::new(&CHECKS, &palette);
    let root = Group::new((&grid,));
    let mut buffer = [0; 512];
    let mut display = Display::new(Log::new(), &mut buffer);
    sent(&mut display, &root);
    grid.move_to(40, 30);
    display.panel().0.borrow_mut().fail = true;
    assert_eq!(display.refresh(&root), Err(RefreshError::Panel("bus")));
    assert_eq!(display.pending().len(), 2);
    display.panel().0.borrow_mut().fail = false;
    assert_eq!(sent(&mut display, &root), [[0, 0, 8, 2], [40, 30, 48, 32]]);
}

#[test]
fn tiles_and_rotation_damage_only_their_cells() {
    let mut colors = [0; 16];
    let palette = Palette::from_buffer(2, &mut colors).unwrap();
    let mut cells = [0; 12];
    let map = TileMap::from_buffer(4, 3, &mut cells).unwrap();
    let grid = TileGrid::new(&CHECKS, &palette).with_map(map).tiles(4, 2).at(1, 1);
    let root = Group::new((&grid,)).scaled(2);
    let mut buffer = [0; 512];
    let mut display = Display::new(Log::new(), &mut buffer).rotated(Rotation::Deg90);
    assert_eq!(display.size(), Size::new(64, 90));
    sent(&mut display, &root);
    grid.map().set(2, 1, 1).unwrap();
    // Logical (18, 6) to (26, 10): at a quarter turn x runs down and y runs left from 90.
    assert_eq!(sent(&mut display, &root), [[80, 18, 84, 26]]);
}

#[test]
fn a_bitmap_may_move_between_refreshes() {
    let mut region = [0; 2048];
    let heap = SlidingHeap::<8>::new(&mut region);
    let gap = Bitmap::new_in(16, 16, Depth::Bpp8, &heap).unwrap();
    let bitmap = Bitmap::new_in(16, 16, Depth::Bpp8, &heap).unwrap();
    let palette = Palette::new_in(16, &heap).unwrap();
    (0..16).for_each(|i| palette.set(i, u32::from(i) * 0x0f_0e0d).unwrap());
    (0..16).for_each(|i| bitmap.set(i, i, u32::from(i)).unwrap());
    let root = Group::new((TileGrid::new(&bitmap, &palette),));
    let mut buffer = [0; 512];
    let mut display = Display::new(Log::new(), &mut buffer);
    display.refresh(&root).unwrap();
    let before = display.panel().pixels();
    drop(gap);
    bitmap.read(|_| heap.slide()).unwrap();
    assert_eq!(heap.moves(), 0, "the bitmap is being viewed, and the palette lies behind it");
    heap.slide();
    assert_eq!(heap.moves(), 2);
    display.invalidate();
    display.refresh(&root).unwrap();
    assert_eq!(display.panel().pixels(), before);
}

#[test]
fn a_refresh_inside_an_edit_is_made_up_for() {
    let mut region = [MaybeUninit::uninit(); 1024];
    let heap = LinkedListHeap::new(&mut region);
    let bitmap = Bitmap::new_in(8, 8, Depth::Bpp8, &heap).unwrap();
    let palette = Palette::new_in(256, &heap).unwrap();
    palette.set(0, 0xff_ffff).unwrap();
    let root = Group::new((TileGrid::new(&bitmap, &palette),));
    let mut buffer = [0; 512];
    let mut display = Display::new(Log::new(), &mut buffer);
    bitmap.edit(Area::EMPTY, |_| display.refresh(&root).map(|_| ())).unwrap().unwrap();
    assert_eq!(display.panel().pixels()[0], 0, "the bitmap could not be read");
    assert_eq!(sent(&mut display, &root).len(), 2, "the panel at first, then the grid");
    assert_eq!(display.panel().pixels()[0], 0xffff);
}

#[test]
fn a_node_is_in_one_place() {
    let mut colors = [0; 16];
    let palette = Palette::from_buffer(2, &mut colors).unwrap();
    let (grid, spare) = (TileGrid::new(&CHECKS, &palette), TileGrid::new(&CHECKS, &palette));
    let one = Children::<heapless::Vec<&dyn Node<Rgb565Le>, 1>>::default();
    let other = Children::<Option<&dyn Node<Rgb565Le>>>::default();
    let root = Group::new((one, other));
    let (one, other) = root.children();
    one.push(&grid).unwrap();
    assert_eq!(one.push(&spare).unwrap_err().error, AddError::Full);
    let mut buffer = [0; 512];
    Display::new(Log::new(), &mut buffer).refresh(&root).unwrap();
    assert_eq!(other.push(&grid).unwrap_err().error, AddError::AlreadyShown);
    one.remove(0).unwrap();
    other.push(&grid).unwrap();
}

#[test]
fn boxed_pages_come_and_go_on_a_heap() {
    let mut region = [MaybeUninit::uninit(); 1024];
    let heap = LinkedListHeap::new(&mut region);
    let mut colors = [0; 16];
    let palette = Palette::from_buffer(2, &mut colors).unwrap();
    let free = heap.free_bytes();
    {
        let root = Group::new(Children::new(Buf::<Boxed<'_, dyn Node<Rgb565Le> + '_>>::new(&heap)));
        let mut buffer = [0; 512];
        let mut display = Display::new(Log::new(), &mut buffer);
        sent(&mut display, &root);
        for x in [0, 20, 40] {
            let grid = TileGrid::new(&CHECKS, &palette).at(x, 0);
            let page =
                Boxed::<dyn Node<Rgb565Le> + '_>::unsize_in(grid, |grid| grid, &heap).unwrap();
            root.children().push(page).unwrap();
        }
        assert_eq!(sent(&mut display, &root).len(), 3);
        drop(root.children().remove(1));
        assert_eq!(sent(&mut display, &root), [[20, 0, 28, 2]]);
    }
    assert_eq!(heap.free_bytes(), free, "all bytes come back");
}

/// A monochrome panel that takes any bytes.
struct Any {
    size: Size,
    packing: Packing,
    capabilities: Capabilities,
}

impl Any {
    fn new(packing: Packing) -> Self {
        Self { size: Size::new(122, 50), packing, capabilities: Capabilities::default() }
    }
}

impl Panel for Any {
    type Format = Mono;
    type Error = core::convert::Infallible;

    fn format(&self) -> Mono {
        Mono::new(self.packing, BitOrder::LowFirst)
    }

    fn size(&self) -> Size {
        self.size
    }

    fn capabilities(&self) -> Capabilities {
        self.capabilities
    }
}

impl BlockingPanel for Any {
    fn begin_area(&mut self, _: Area) -> Result<(), Self::Error> {
        Ok(())
    }

    fn write(&mut self, _: &[u8]) -> Result<(), Self::Error> {
        Ok(())
    }
}

#[test]
fn buffers_of_any_size_work_or_say_what_is_needed() {
    for packing in [Packing::Rows, Packing::Columns] {
        for size in 0..64 {
            let mut buffer = [0_u32; 16];
            let bytes = &mut bytemuck::cast_slice_mut(&mut buffer)[..size];
            let result = Display::new(Any::new(packing), bytes).refresh(&Group::new(()));
            match result {
                Ok(stats) => {
                    assert!(size >= 8 && stats.pixels >= 122 * 50, "{stats:?} from {size} bytes");
                }
                Err(error) => {
                    let given_bytes = size / 4 * 4;
                    assert_eq!(
                        error,
                        RefreshError::BufferTooSmall { needed_bytes: 8, given_bytes }
                    );
                }
            }
        }
    }
}

#[test]
fn page_panels_set_a_window_per_strip() {
    let mut buffer = [0_u32; 256];
    let capabilities = Capabilities { window_survives_writes: false, ..Capabilities::default() };
    let panel = Any { capabilities, ..Any::new(Packing::Columns) };
    let stats = Display::new(panel, bytemuck::cast_slice_mut(&mut buffer))
        .refresh(&Group::new(()))
        .unwrap();
    assert_eq!((stats.areas, stats.windows, stats.strips), (1, 7, 7));
}

#[test]
fn a_shape_is_redrawn_for_its_own_colour_only() {
    let (mut colors, mut buffer) = ([0; 8], [0_u32; 64]);
    let colors = Palette::from_buffer(4, &mut colors).unwrap();
    let square = Rectangle::new(&colors, 8, 8).color(2);
    let root = Group::new((&square,));
    let mut display = Display::new(Any::new(Packing::Rows), bytemuck::cast_slice_mut(&mut buffer));
    let mut refresh = || display.refresh(&root).unwrap().pixels;
    refresh();
    colors.set(1, 0xff_ffff).unwrap();
    colors.set_transparent(3, true).unwrap();
    assert_eq!(refresh(), 64, "1 and 3 are told as 1 to 3");
    colors.set(1, 0).unwrap();
    assert_eq!(refresh(), 0);
    colors.set(2, 0xff_ffff).unwrap();
    assert_eq!(refresh(), 64);
    square.set_color(1);
    assert_eq!(refresh(), 64);
}

#[test]
fn panels_without_windows_get_whole_pictures_of_whole_rows() {
    let capabilities = Capabilities { sends_parts: false, ..Capabilities::default() };
    let panel = || Any { capabilities, ..Any::new(Packing::Rows) };
    let mut buffer = [0_u32; 64];
    let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut buffer);
    let mut display = Display::new(panel(), &mut bytes[..124]);
    let too_small = RefreshError::BufferTooSmall { needed_bytes: 128, given_bytes: 124 };
    assert_eq!(display.refresh(&Group::new(())), Err(too_small));

    let mut display = Display::new(panel(), bytes);
    let mut color = [0; 8];
    let palette = Palette::from_buffer(1, &mut color).unwrap();
    let dot = Rectangle::new(&palette, 1, 1);
    let root = Group::new((&dot,));
    let whole = RefreshStats { areas: 1, windows: 1, strips: 25, pixels: 128 * 50, bytes: 800 };
    assert_eq!(display.refresh(&root), Ok(whole));
    assert_eq!(display.refresh(&root), Ok(RefreshStats::default()), "nothing changed");
    dot.move_to(100, 40);
    assert_eq!(display.refresh(&root), Ok(whole));
}

/// Where the last cell would end beyond the range of coordinates, all others are shown.
#[test]
fn panels_of_any_size_are_shown_as_far_as_coordinates_reach() {
    let shown = |packing, size| {
        let mut buffer = [0_u32; 64];
        let panel = Any { size, ..Any::new(packing) };
        let mut display = Display::new(panel, bytemuck::cast_slice_mut(&mut buffer));
        let stats = display.refresh(&Group::new(())).unwrap();
        assert_eq!(stats.bytes * 8, stats.pixels, "{size:?}, {packing:?}");
        stats.pixels
    };
    for (length, seen) in
        [(0, 0), (1, 8), (32_753, 32_760), (32_760, 32_760), (32_761, 32_760), (65_535, 32_760)]
    {
        assert_eq!(shown(Packing::Rows, Size::new(length, 2)), 2 * seen, "{length} wide");
        assert_eq!(shown(Packing::Columns, Size::new(2, length)), 2 * seen, "{length} high");
    }
    assert_eq!(shown(Packing::Rows, Size::new(8, 65_535)), 8 * 32_767);
}

#[test]
fn big_endian_pixels_are_the_panels_order() {
    assert_eq!(Rgb565.raw(0xff_0000.into()).to_ne_bytes(), [0xf8, 0x00]);
}

/// A panel whose first end of frame fails.
#[derive(Default)]
struct Latched {
    ends: u32,
}

impl Panel for Latched {
    type Format = Rgb565;
    type Error = &'static str;

    fn format(&self) -> Rgb565 {
        Rgb565
    }

    fn size(&self) -> Size {
        Size::new(4, 4)
    }
}

impl BlockingPanel for Latched {
    fn begin_area(&mut self, _: Area) -> Result<(), &'static str> {
        Ok(())
    }

    fn write(&mut self, _: &[u8]) -> Result<(), &'static str> {
        Ok(())
    }

    fn end_frame(&mut self) -> Result<(), &'static str> {
        self.ends += 1;
        if self.ends == 1 { Err("busy") } else { Ok(()) }
    }
}

#[test]
fn an_end_of_frame_that_failed_is_tried_again() {
    let (mut buffer, root) = ([0_u32; 4], Group::new(()));
    let mut display = Display::new(Latched::default(), bytemuck::cast_slice_mut(&mut buffer));
    assert_eq!(display.refresh(&root), Err(RefreshError::Panel("busy")));
    assert_eq!(display.refresh(&root).map(|stats| stats.pixels), Ok(0));
    assert_eq!(display.refresh(&root).map(|_| display.panel().ends), Ok(2));
}

#[test]
fn errors_keep_the_panels_words_and_source() {
    use core::{error::Error, num::ParseIntError};
    #[derive(Debug)]
    struct Spi(ParseIntError);
    impl core::fmt::Display for Spi {
        fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
            f.write_str("bus")
        }
    }
    impl Error for Spi {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&self.0)
        }
    }
    let error = RefreshError::from(Spi("".parse::<u8>().unwrap_err()));
    assert_eq!(error.to_string(), "bus");
    assert!(error.source().is_some_and(|source| source.is::<ParseIntError>()), "{error:?}");
}

#[test]
fn the_least_buffer_of_a_colour_panel_is_a_word() {
    let (mut words, root) = ([0_u32; 1], Group::new(()));
    let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut words);
    let error = RefreshError::BufferTooSmall { needed_bytes: 4, given_bytes: 0 };
    assert_eq!(Display::new(Latched { ends: 1 }, &mut bytes[..3]).refresh(&root), Err(error));
    let stats = Display::new(Latched { ends: 1 }, bytes).refresh(&root);
    assert_eq!(stats.map(|stats| stats.pixels), Ok(16), "two pixels at a time");
}

#[test]
fn nodes_that_were_shown_are_shown_by_a_new_group() {
    let white = ColorConverter::default();
    let bar = Rectangle::new(&white, 10, 4).at(3, 2).color(0xffff);
    for _ in 0..2 {
        let log = Log::new();
        let mut buffer = [0; 640];
        let mut display = Display::new(log.clone(), &mut buffer);
        display.refresh(&Group::new((Group::new((&bar,)),))).unwrap();
        let lit = log.pixels().iter().filter(|pixel| **pixel != 0).count();
        assert_eq!(lit, 40, "the same place, another group");
    }
}

/// However they are turned: they have an area without pixels in the middle of the panel.
#[test]
fn grids_without_rows_or_columns_show_nothing() {
    static PIXELS: Image = Image::new(8, 8, Depth::Bpp8, &[1; 64]);
    let log = Log::new();
    let mut colors = [0; 516];
    let palette = Palette::<Rgb565Le>::from_buffer(2, &mut colors).unwrap();
    palette.set(1, 0xff_ffff).unwrap();
    for (columns, rows) in [(2, 0), (0, 2), (1, 0), (0, 0)] {
        for flags in 0..8 {
            let map = TileMap::from_slice(columns, rows, &[]).unwrap();
            let grid = TileGrid::new(&PIXELS, &palette).tiles(4, 4).with_map(map).at(40, 30);
            grid.set_flip_x(flags & 1 != 0);
            grid.set_flip_y(flags & 2 != 0);
            grid.set_transposed(flags & 4 != 0);
            let root = Group::new((&grid,));
            let mut strip_buffer = [0; 720];
            let mut display = Display::new(log.clone(), &mut strip_buffer);
            display.refresh(&root).unwrap();
            assert!(log.pixels().iter().all(|pixel| *pixel == 0), "{columns}x{rows}, {flags}");
        }
    }
}

#[test]
fn the_far_end_of_a_long_sheet_is_redrawn() {
    let (mut pixels, mut colors) =
        (vec![0; Bitmap::required_bytes(40_000, 1, Depth::Bpp1)], [0; 8]);
    let sheet = Bitmap::from_buffer(40_000, 1, Depth::Bpp1, &mut pixels).unwrap();
    let palette = Palette::<Rgb565Le>::from_buffer(2, &mut colors).unwrap();
    palette.set(1, 0xff_ffff).unwrap();
    let grid = TileGrid::new(&sheet, &palette).tiles(10, 1);
    grid.set_tile(3500);
    let (log, mut buffer) = (Log::new(), [0; 180]);
    let mut display = Display::new(log.clone(), &mut buffer);
    let root = Group::new((&grid,));
    display.refresh(&root).unwrap();
    log.take_windows();
    sheet.set(35_001, 0, 1).unwrap();
    assert_eq!(sent(&mut display, &root), [[0, 0, 10, 1]]);
    assert_eq!(log.pixels()[..3], [0, 0xffff, 0]);
}

/// Positions beyond 65 535 do not fit what a group keeps of its visible children.
#[test]
fn lists_of_any_length_show_all_their_children() {
    let (mut pixels, mut colors) = ([0; 8], [0; 12]);
    let bitmap = Bitmap::from_buffer(1, 1, Depth::Bpp1, &mut pixels).unwrap();
    let palette = Palette::<Rgb565Le>::from_buffer(2, &mut colors).unwrap();
    palette.set(0, 0xff_ffff).unwrap();
    let grids: Vec<_> = (0..65_800).map(|_| TileGrid::new(&bitmap, &palette).at(-9, 0)).collect();
    let root = Group::new(&grids[..]);
    let (log, mut buffer) = (Log::new(), [0; 4 * 90 * 2]);
    let mut display = Display::new(log.clone(), &mut buffer);
    display.refresh(&root).unwrap();
    let positions = [65_535, 65_700, 65_600, 0, 127, 128, 65_534, 65_536, 300, 65_799];
    let move_to_row = |y: i16| {
        for (x, position) in (0_i16..).step_by(7).zip(positions) {
            grids[position].move_to(x, y);
        }
    };
    // All of them in one area, then each in one of its own: the way from one to the next is not that of before.
    move_to_row(3);
    display.invalidate();
    display.refresh(&root).unwrap();
    for (x, position) in (0_i16..).step_by(7).zip(positions) {
        grids[position].move_to(x, 40);
        display.refresh(&root).unwrap();
    }
    let shown = log.pixels();
    let white: Vec<_> =
        (0..).zip(&shown).filter(|(_, pixel)| **pixel != 0).map(|(at, _)| at).collect();
    let expected: Vec<_> = (0..positions.len()).map(|i| 40 * 90 + 7 * i).collect();
    assert_eq!(white, expected);
}
