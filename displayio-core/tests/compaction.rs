//! Whatever moves in a compacting heap, whenever it moves, no pixel changes.
//!
//! A random scene is shown and edited twice: from fixed memory, drawn anew each time, and from a fragmented compacting heap
//! that is compacted, allocated from and freed to between two refreshes, between two strips of one, while a grid is painted
//! with its tiles, pixels and colours open, while a bitmap is drawn on, and while a file is read into a row buffer. Both
//! must give the same pictures. `COMPACTION_SEEDS=20000 cargo test --release --test compaction` runs more than the default.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "a test of small numbers, with nothing to export"
)]

#[path = "support/screen.rs"]
mod screen;

use core::{
    cell::{Cell, RefCell},
    convert::Infallible,
    mem::MaybeUninit,
};

use displayio_allocators::{Boxed, Buf, CompactingHeap, LinkedListHeap, Memory, Purpose, Storage};
use displayio_core::{
    Area, Bitmap, Change, Children, Colors, Depth, Group, Home, Mark, Node, OnDiskBitmap, Palette,
    PaletteRgb, PixelFormat, PixelSource, Region, Rgb565, Shader, Size, SliceFile, TileGrid,
    TileMap, TileView, Tiles, Tracked,
};
use embedded_io::{ErrorType, Read, Seek, SeekFrom};
use screen::{Frame, SIZE, Screen};

/// A small generator of random numbers (PCG-like).
struct Random(u64);

impl Random {
    const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn below(&mut self, bound: u32) -> u32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as u32) % bound.max(1)
    }

    fn small(&mut self, from: u16, to: u16) -> u16 {
        from + self.below(u32::from(to - from)) as u16
    }

    fn position(&mut self) -> (i16, i16) {
        (self.below(50) as i16 - 12, self.below(36) as i16 - 10)
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    fn item<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u32) as usize]
    }
}

/// Other objects in the heap that come, go and check their contents, and reasons for everything to move.
struct Unrest<'h> {
    heap: &'h CompactingHeap<'h>,
    random: RefCell<Random>,
    blocks: RefCell<Vec<(u8, Storage<'h>)>>,
    lists: RefCell<Vec<Buf<'h, u32>>>,
    /// Bytes that moved while a view of something was open.
    moved_beside_views: Cell<u64>,
}

impl<'h> Unrest<'h> {
    /// A heap full of blocks of which every other one is free again.
    fn new(heap: &'h CompactingHeap<'h>, seed: u64) -> Self {
        let unrest = Self {
            heap,
            random: RefCell::new(Random::new(seed ^ 0x5eed)),
            blocks: RefCell::default(),
            lists: RefCell::default(),
            moved_beside_views: Cell::new(0),
        };
        (0..30).for_each(|_| unrest.add_block());
        let mut is_kept = false;
        unrest.blocks.borrow_mut().retain(|_| {
            is_kept = !is_kept;
            is_kept
        });
        unrest
    }

    fn below(&self, bound: u32) -> u32 {
        self.random.borrow_mut().below(bound)
    }

    fn stir(&self) {
        let (before, is_viewed) = (self.heap.moved_bytes(), self.pinned_blocks() > 0);
        match self.below(12) {
            0 => self.heap.compact(),
            1..=3 => assert!(self.heap.compact_step(self.below(500) as usize) < 500, "too much"),
            4 | 5 => self.add_block(),
            6 | 7 => self.remove_block(),
            8 => self.add_list(),
            9 => drop(self.lists.borrow_mut().pop()),
            _ => return,
        }
        if is_viewed {
            let moved = self.heap.moved_bytes() - before;
            self.moved_beside_views.set(self.moved_beside_views.get() + moved);
        }
        self.check();
    }

    /// Takes from the heap only what the scene can spare.
    fn can_spare(&self) -> bool {
        self.heap.info().unwrap().free_bytes > 1500
    }

    fn pinned_blocks(&self) -> usize {
        self.heap.info().unwrap().pinned_blocks
    }

    fn add_block(&self) {
        let (size_bytes, number) = (8 + self.below(200) as usize, self.below(256) as u8);
        if self.can_spare()
            && let Ok(block) = Storage::zeroed_in(size_bytes, Purpose::Named("unrest"), self.heap)
        {
            block.write(|bytes| bytes.fill(number)).unwrap();
            self.blocks.borrow_mut().push((number, block));
        }
    }

    fn remove_block(&self) {
        let mut blocks = self.blocks.borrow_mut();
        if !blocks.is_empty() {
            let index = self.below(blocks.len() as u32) as usize;
            blocks.swap_remove(index);
        }
    }

    /// Fixed memory: what is movable makes room for it.
    fn add_list(&self) {
        let mut list = Buf::new(self.heap);
        if self.can_spare() && list.reserve(1 + self.below(20) as usize).is_ok() {
            self.lists.borrow_mut().push(list);
        }
    }

    fn check(&self) {
        self.heap.check_invariants();
        for (number, block) in &*self.blocks.borrow() {
            let is_kept = |bytes: &[u8]| bytes.iter().all(|byte| byte == number);
            assert!(block.read(is_kept).unwrap(), "contents changed");
        }
    }
}

type Stir<'s> = &'s dyn Fn();

/// A shader or a file that lets everything move whenever it is used.
struct Restless<'s, T> {
    inner: T,
    stir: Stir<'s>,
}

impl<T: Tracked> Tracked for Restless<'_, T> {
    fn is_seen(&self, mark: &Mark) -> bool {
        self.inner.is_seen(mark)
    }

    fn since(&self, mark: &Mark) -> Change {
        self.inner.since(mark)
    }
}

impl<C: PixelFormat, T: Shader<C>> Shader<C> for Restless<'_, T> {
    /// Called with tiles and pixels open.
    fn colors<R>(&self, f: impl FnOnce(Colors<'_, C>) -> R) -> Option<R> {
        (self.stir)();
        let result = self.inner.colors(|colors| {
            (self.stir)();
            f(colors)
        });
        (self.stir)();
        result
    }

    fn is_opaque(&self, max_value: u32) -> bool {
        self.inner.is_opaque(max_value)
    }
}

impl ErrorType for Restless<'_, SliceFile<'_>> {
    type Error = Infallible;
}

impl Read for Restless<'_, SliceFile<'_>> {
    /// Called with the row buffer open.
    fn read(&mut self, buf: &mut [u8]) -> Result<usize, Infallible> {
        (self.stir)();
        self.inner.read(buf)
    }
}

impl Seek for Restless<'_, SliceFile<'_>> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64, Infallible> {
        self.inner.seek(to)
    }
}

type File<'m, 's> = Restless<'s, SliceFile<'m>>;
type Ready<'a, 'm, 's> = Restless<'s, &'a Palette<'m, Rgb565>>;
type Plain<'a, 'm, 's> = TileGrid<&'a Bitmap<'m>, Ready<'a, 'm, 's>, TileMap<'m>>;
type Mixed<'a, 'm, 's> = TileGrid<&'a Bitmap<'m>, Restless<'s, &'a PaletteRgb<'m>>, TileMap<'m>>;
type Streamed<'a, 'm, 's> =
    TileGrid<&'a OnDiskBitmap<'m, File<'m, 's>>, Ready<'a, 'm, 's>, TileMap<'m>>;
type Page<'a, 'm> = Boxed<'m, dyn Node<Rgb565> + 'a>;
type Root<'a, 'm, 's> = Group<(
    Group<[Plain<'a, 'm, 's>; 3]>,
    Group<[Streamed<'a, 'm, 's>; 2]>,
    Group<[Mixed<'a, 'm, 's>; 2]>,
    Children<Option<Page<'a, 'm>>>,
)>;

/// A file of 8 bits per pixel, with four colours in its palette.
fn file(random: &mut Random) -> Vec<u8> {
    let (width, height) = (random.below(24) + 1, random.below(12) + 1);
    let mut file = b"BM".to_vec();
    file.extend([0, 0, 54 + 16, 40, width, height].map(u32::to_le_bytes).as_flattened());
    file.extend([1, 0, 8, 0]);
    file.extend([0_u32, 0, 0, 0, 4, 0].map(u32::to_le_bytes).as_flattened());
    file.extend((0..4).flat_map(|_| random.below(1 << 24).to_le_bytes()));
    file.extend((0..width.next_multiple_of(4) * height).map(|_| random.below(4) as u8));
    file
}

/// What the grids show.
struct Sources<'m, 's> {
    bitmaps: [Bitmap<'m>; 3],
    /// The first is opaque, the second has transparent colours, the others are those of the files.
    palettes: [Palette<'m, Rgb565>; 4],
    mixed: PaletteRgb<'m>,
    streams: [OnDiskBitmap<'m, File<'m, 's>>; 2],
}

impl<'m, 's> Sources<'m, 's> {
    fn new(random: &mut Random, files: &'m [Vec<u8>; 2], home: Home<'m>, stir: Stir<'s>) -> Self {
        let bitmaps = core::array::from_fn(|_| bitmap(random, home, stir));
        let streams = files.each_ref().map(|file| {
            stir();
            let file = Restless { inner: SliceFile::new(file), stir };
            OnDiskBitmap::new_in(file, 4 + random.below(50) as usize, home).unwrap()
        });
        let [opaque, clear] = [0, 40].map(|percent| {
            stir();
            let palette = Palette::new_in(256 - 64 * u16::from(percent > 0), home).unwrap();
            for i in 0..palette.len() {
                palette.set(i, random.below(1 << 24)).unwrap();
                palette.set_transparent(i, random.chance(percent)).unwrap();
            }
            palette
        });
        let mixed = PaletteRgb::new_in(16, home).unwrap();
        (0..16).for_each(|i| mixed.set(i, random.below(1 << 24)).unwrap());
        mixed.set_dither(random.chance(50));
        let [first, second] =
            streams.each_ref().map(|stream| stream.palette_in(Rgb565, home).unwrap());
        Self { bitmaps, palettes: [opaque, clear, first, second], mixed, streams }
    }
}

fn bitmap<'m>(random: &mut Random, home: Home<'m>, stir: Stir<'_>) -> Bitmap<'m> {
    stir();
    let (width, height) = (random.small(1, 22), random.small(1, 16));
    let bitmap = Bitmap::new_in(width, height, Depth::ALL[random.below(4) as usize], home).unwrap();
    draw(random, &bitmap, stir);
    bitmap
}

/// Sets some pixels while everything around moves.
fn draw(random: &mut Random, bitmap: &Bitmap<'_>, stir: Stir<'_>) {
    let Size { width, height } = bitmap.size();
    let (x1, y1) = (random.small(0, width), random.small(0, height));
    let (x2, y2) = (random.small(x1, width) + 1, random.small(y1, height) + 1);
    let area = Area::new(x1 as i16, y1 as i16, x2 as i16, y2 as i16);
    let fill = |canvas: &mut displayio_core::Canvas<'_>| {
        for y in y1..y2 {
            stir();
            (x1..x2).for_each(|x| canvas.set(x.into(), y.into(), random.below(256)));
        }
    };
    bitmap.edit(area, fill).unwrap();
}

fn map<'m>(random: &mut Random, home: Home<'m>, stir: Stir<'_>) -> TileMap<'m> {
    stir();
    let (columns, rows) = (random.small(1, 6), random.small(1, 5));
    let new = if random.chance(50) { TileMap::new_in } else { TileMap::new_wide_in };
    let map = new(columns, rows, home).unwrap();
    (0..columns * rows)
        .for_each(|cell| map.set(cell % columns, cell / columns, random.small(0, 6)).unwrap());
    map
}

/// Tiles, place and flips by chance.
fn placed<'m, S: PixelSource, P>(
    random: &mut Random,
    grid: TileGrid<S, P>,
    map: TileMap<'m>,
) -> TileGrid<S, P, TileMap<'m>> {
    let (x, y) = random.position();
    let grid = grid.with_map(map).tiles(random.small(1, 12), random.small(1, 9)).at(x, y);
    grid.set_flip_x(random.chance(30));
    grid.set_flip_y(random.chance(30));
    grid.set_transposed(random.chance(30));
    grid
}

fn root<'a, 'm, 's>(
    random: &mut Random,
    sources: &'a Sources<'m, 's>,
    home: Home<'m>,
    stir: Stir<'s>,
) -> Root<'a, 'm, 's> {
    let ready = |index: usize| Restless { inner: &sources.palettes[index], stir };
    let plain = core::array::from_fn(|i| {
        let grid = TileGrid::new(&sources.bitmaps[i], ready(random.below(2) as usize));
        let map = map(random, home, stir);
        placed(random, grid, map)
    });
    let streamed = core::array::from_fn(|i| {
        let map = map(random, home, stir);
        placed(random, TileGrid::new(&sources.streams[i], ready(2 + i)), map)
    });
    let mixed = core::array::from_fn(|_| {
        let shader = Restless { inner: &sources.mixed, stir };
        let grid = TileGrid::new(random.item(&sources.bitmaps), shader);
        let map = map(random, home, stir);
        placed(random, grid, map)
    });
    let mut scale = || random.small(1, 4) as u8;
    Group::new((
        Group::new(plain).scaled(scale()),
        Group::new(streamed).scaled(scale()),
        Group::new(mixed).scaled(scale()),
        Children::default(),
    ))
}

/// A page with pixels of its own, in a box.
fn page<'a, 'm: 'a, 's: 'a>(
    random: &mut Random,
    sources: &'a Sources<'m, 's>,
    home: Home<'m>,
    stir: Stir<'s>,
) -> Page<'a, 'm> {
    let (x, y) = random.position();
    let shader = Restless { inner: &sources.palettes[1], stir };
    let grid = TileGrid::new(bitmap(random, home, stir), shader).at(x, y);
    Boxed::<dyn Node<Rgb565> + 'a>::unsize_in(grid, |grid| grid, home.heap()).unwrap()
}

fn edit<'a, 'm: 'a, 's: 'a>(
    random: &mut Random,
    sources: &'a Sources<'m, 's>,
    root: &Root<'a, 'm, 's>,
    home: Home<'m>,
    stir: Stir<'s>,
) {
    let (plain, streamed, mixed, pages) = root.children();
    match random.below(10) {
        0 | 1 => {
            let bitmap = random.item(&sources.bitmaps);
            draw(random, bitmap, stir);
        }
        2 => {
            let palette = random.item(&sources.palettes);
            palette.set(random.small(0, palette.len()), random.below(1 << 24)).unwrap();
        }
        3 => {
            let (index, is_clear) = (random.small(0, 4), random.chance(50));
            random.item(&sources.palettes).set_transparent(index, is_clear).unwrap();
            sources.mixed.set_transparent(index, is_clear).unwrap();
        }
        4 => {
            let map = random.item(plain.children()).map();
            let (columns, rows) = map.cells();
            map.set(random.small(0, columns), random.small(0, rows), random.small(0, 6)).unwrap();
        }
        5 => random.item(mixed.children()).map().edit(|cells| cells.reverse()).unwrap(),
        6 => {
            let (x, y) = random.position();
            random.item(plain.children()).move_to(x, y);
            random.item(streamed.children()).move_to(y, x);
        }
        7 => {
            plain.set_scale(random.small(1, 4) as u8);
            mixed.move_to(random.position().0, 3);
        }
        8 => random.item(&sources.streams).touch(),
        _ => {
            drop(pages.remove(0));
            assert!(pages.push(page(random, sources, home, stir)).is_ok(), "the slot was emptied");
        }
    }
}

/// Where everything is that grids show.
fn addresses(sources: &Sources<'_, '_>, root: &Root<'_, '_, '_>) -> Vec<usize> {
    let all = Region { x: 0, y: 0, size: SIZE };
    let bitmaps = sources.bitmaps.iter().map(|bitmap| bitmap.view(all, |view| start(view.bytes)));
    let palettes = sources.palettes.iter().map(|palette| {
        palette.colors(|colors| match colors {
            Colors::Ready(table) => start(bytemuck::cast_slice(table.colors)),
            _ => unreachable!("a palette is ready"),
        })
    });
    let maps = root.children().0.children().iter().map(|grid| {
        grid.map().view(|tiles| match tiles {
            TileView::Bytes(bytes) => start(bytes),
            TileView::Words(words) => start(bytemuck::cast_slice(words)),
            TileView::One(_) => unreachable!("a map has cells"),
        })
    });
    bitmaps.chain(palettes).chain(maps).map(Option::unwrap).collect()
}

fn start(bytes: &[u8]) -> usize {
    bytes.as_ptr().addr()
}

/// What the panel showed after each refresh, and how many objects moved while it was refreshed.
struct Shown {
    frames: Vec<Frame>,
    moves: usize,
}

/// How a scene is shown.
struct Setup<'s> {
    stir: Stir<'s>,
    strip_rows: usize,
    /// Whether each refresh draws everything.
    is_drawn_anew: bool,
}

fn show(seed: u64, home: Home<'_>, setup: &Setup<'_>) -> Shown {
    let (random, stir) = (&mut Random::new(seed), setup.stir);
    let files = [file(random), file(random)];
    let sources = Sources::new(random, &files, home, stir);
    let root = root(random, &sources, home, stir);
    let mut buffer = vec![0; setup.strip_rows * usize::from(SIZE.width) * 2];
    let mut screen = Screen::new(&mut buffer, stir);
    let mut shown = Shown { frames: vec![], moves: 0 };
    for _ in 0..6 {
        let before = addresses(&sources, &root);
        if setup.is_drawn_anew {
            screen.repaint(&root);
        } else {
            screen.refresh(&root);
        }
        let after = addresses(&sources, &root);
        shown.moves += before.iter().zip(&after).filter(|(before, after)| before != after).count();
        shown.frames.push(screen.frame());
        for _ in 0..random.below(5) {
            edit(random, &sources, &root, home, stir);
            stir();
        }
    }
    assert!(sources.streams.iter().all(|stream| stream.take_error().is_none()), "seed {seed}");
    shown
}

/// What moved in all runs.
#[derive(Debug, Default)]
struct Tally {
    runs: u64,
    /// Refreshes that showed another picture than the one before.
    pictures: usize,
    /// Runs in which objects on the screen moved while it was refreshed.
    runs_with_moves: u64,
    moves: usize,
    bytes_moved: u64,
    bytes_moved_beside_views: u64,
}

/// Shows the scene of a seed from both kinds of memory.
fn check(seed: u64, tally: &mut Tally) {
    let mut region = vec![MaybeUninit::uninit(); 1 << 15];
    let heap = LinkedListHeap::new(&mut region);
    let setup = Setup { stir: &|| (), strip_rows: SIZE.height.into(), is_drawn_anew: true };
    let expected = show(seed, Home::from(&heap), &setup);

    let mut region = vec![MaybeUninit::uninit(); 8 << 10];
    let heap = CompactingHeap::new(&mut region);
    let unrest = Unrest::new(&heap, seed);
    let strip_rows = 1 + unrest.below(8) as usize;
    let setup = Setup { stir: &|| unrest.stir(), strip_rows, is_drawn_anew: false };
    let shown = show(seed, Home::from(&heap), &setup);
    for (step, (shown, expected)) in shown.frames.iter().zip(&expected.frames).enumerate() {
        let wrong = shown.iter().zip(expected).position(|(shown, expected)| shown != expected);
        assert_eq!(wrong, None, "a pixel of seed {seed}, step {step}");
    }
    tally.runs += 1;
    tally.runs_with_moves += u64::from(shown.moves > 0);
    tally.moves += shown.moves;
    tally.pictures += shown.frames.windows(2).filter(|pair| pair[0] != pair[1]).count();
    tally.bytes_moved += heap.moved_bytes();
    tally.bytes_moved_beside_views += unrest.moved_beside_views.get();
    drop(unrest);
    heap.check_invariants();
    let info = heap.info().unwrap();
    assert_eq!(info.free_bytes, info.total_bytes, "seed {seed}: not all came back");
}

#[test]
fn no_pixel_changes_whatever_moves() {
    let seeds = std::env::var("COMPACTION_SEEDS").ok().and_then(|v| v.parse().ok()).unwrap_or(1000);
    let mut tally = Tally::default();
    (0..seeds).for_each(|seed| check(seed, &mut tally));
    assert!(tally.pictures as u64 > tally.runs * 2, "too few pictures: {tally:?}");
    assert!(tally.runs_with_moves * 10 > tally.runs * 9, "too little moved: {tally:?}");
    assert!(tally.bytes_moved_beside_views > 5000 * tally.runs, "too little moved: {tally:?}");
}
