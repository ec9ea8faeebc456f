//! A random scene in the library and in the model, edited alike, between refreshes and while they are awaited.

use core::{
    cell::Cell,
    future::Future,
    mem::{ManuallyDrop, MaybeUninit},
    pin::pin,
    task::{Context, Poll, Waker},
};

use displayio_allocators::LinkedListHeap;
use displayio_core::{
    Area, Bitmap, BmpImage, Capabilities, Change, Children, ColorConverter, Colors, Colorspace,
    Depth, Display, FixedDepth, Group, Mark, Node, OnDiskBitmap, Palette, PaletteRgb, PixelFormat,
    PixelLayout, PixelSource, RefreshError, Region, Rotation, Shader, Size, SliceFile, TileGrid,
    TileMap, Tracked, View,
};

use embedded_io::{ErrorKind, ErrorType, Read, Seek, SeekFrom};

use crate::{
    naive::{self, Child, Format, Model},
    panel::{StrictPanel, Unpack},
};

/// A small generator of random numbers (PCG-like).
pub struct Random(u64);

impl Random {
    pub const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, bound: u32) -> u32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as u32) % bound.max(1)
    }

    pub fn range(&mut self, from: i32, to: i32) -> i32 {
        from + self.below((to - from).unsigned_abs()).cast_signed()
    }

    pub fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }
}

/// A file that reads a few bytes at a time, and may fail.
pub struct Flaky<'f> {
    pub file: SliceFile<'f>,
    pub faults: &'f Faults,
}

/// What is wrong with the files of a scene.
#[derive(Default)]
pub struct Faults {
    /// How many reads succeed before all fail.
    pub reads_left: Cell<Option<u32>>,
    /// Whether any failed.
    pub met: Cell<bool>,
    /// The most bytes of a read; 0 for no limit.
    pub short: Cell<usize>,
}

impl ErrorType for Flaky<'_> {
    type Error = ErrorKind;
}

impl Read for Flaky<'_> {
    fn read(&mut self, buf: &mut [u8]) -> Result<usize, ErrorKind> {
        match self.faults.reads_left.get() {
            Some(0) => {
                self.faults.met.set(true);
                return Err(ErrorKind::TimedOut);
            }
            left => self.faults.reads_left.set(left.map(|left| left - 1)),
        }
        let most = match self.faults.short.get() {
            0 => buf.len(),
            short => short.min(buf.len()),
        };
        let Ok(count) = self.file.read(&mut buf[..most]);
        Ok(count)
    }
}

impl Seek for Flaky<'_> {
    fn seek(&mut self, position: SeekFrom) -> Result<u64, ErrorKind> {
        self.file.seek(position).map_err(|_| ErrorKind::InvalidInput)
    }
}

/// The pixels of a model's bitmap, as the library holds them.
enum Source<'m> {
    Bitmap(Bitmap<'m>),
    Image(BmpImage<'m>),
}

impl Tracked for Source<'_> {
    fn is_seen(&self, mark: &Mark) -> bool {
        match self {
            Self::Bitmap(bitmap) => bitmap.is_seen(mark),
            Self::Image(image) => image.is_seen(mark),
        }
    }

    fn since(&self, mark: &Mark) -> Change {
        match self {
            Self::Bitmap(bitmap) => bitmap.since(mark),
            Self::Image(image) => image.since(mark),
        }
    }
}

impl PixelSource for Source<'_> {
    fn size(&self) -> Size {
        match self {
            Self::Bitmap(bitmap) => bitmap.size(),
            Self::Image(image) => image.size(),
        }
    }

    fn layout(&self) -> PixelLayout {
        match self {
            Self::Bitmap(bitmap) => bitmap.layout(),
            Self::Image(image) => image.layout(),
        }
    }

    fn view<R>(&self, region: Region, f: impl FnOnce(View<'_>) -> R) -> Option<R> {
        match self {
            Self::Bitmap(bitmap) => bitmap.view(region, f),
            Self::Image(image) => image.view(region, f),
        }
    }
}

/// Any shader: written outside the library, as a user could.
enum AnyShader<'m, C> {
    Palette(Palette<'m, C>),
    Rgb(PaletteRgb<'m>),
    Converter(ColorConverter),
}

impl<C> Tracked for AnyShader<'_, C> {
    fn is_seen(&self, mark: &Mark) -> bool {
        match self {
            Self::Palette(palette) => palette.is_seen(mark),
            Self::Rgb(palette) => palette.is_seen(mark),
            Self::Converter(converter) => converter.is_seen(mark),
        }
    }

    fn since(&self, mark: &Mark) -> Change {
        match self {
            Self::Palette(palette) => palette.since(mark),
            Self::Rgb(palette) => palette.since(mark),
            Self::Converter(converter) => converter.since(mark),
        }
    }
}

impl<C: PixelFormat> Shader<C> for AnyShader<'_, C> {
    fn colors<R>(&self, f: impl FnOnce(Colors<'_, C>) -> R) -> Option<R> {
        match self {
            Self::Palette(palette) => palette.colors(f),
            Self::Rgb(palette) => palette.colors(f),
            Self::Converter(converter) => converter.colors(f),
        }
    }

    fn is_opaque(&self, max_value: u32) -> bool {
        match self {
            Self::Palette(palette) => palette.is_opaque(max_value),
            Self::Rgb(palette) => Shader::<C>::is_opaque(palette, max_value),
            Self::Converter(converter) => Shader::<C>::is_opaque(converter, max_value),
        }
    }
}

type Resident<'a, 'm, C> = TileGrid<&'a Source<'m>, &'a AnyShader<'m, C>, TileMap<'m>>;
type Fixed<'a, 'm, C, const BITS: u8> =
    TileGrid<FixedDepth<&'a Source<'m>, BITS>, &'a AnyShader<'m, C>, TileMap<'m>>;
type Streamed<'a, 'm, C> =
    TileGrid<&'a OnDiskBitmap<'m, Flaky<'m>>, &'a AnyShader<'m, C>, TileMap<'m>>;
type List<'a, C> = Children<heapless::Vec<&'a dyn Node<C>, 12>>;

/// A grid of any kind, for edits.
enum AnyGrid<'a, 'm, C> {
    Resident(Resident<'a, 'm, C>),
    Fixed4(Fixed<'a, 'm, C, 4>),
    Fixed8(Fixed<'a, 'm, C, 8>),
    Streamed(Streamed<'a, 'm, C>),
}

/// Calls the same method on any kind of grid.
macro_rules! on_grid {
    ($grid:expr, |$it:ident| $call:expr) => {
        match $grid {
            AnyGrid::Resident($it) => $call,
            AnyGrid::Fixed4($it) => $call,
            AnyGrid::Fixed8($it) => $call,
            AnyGrid::Streamed($it) => $call,
        }
    };
}

impl<C: PixelFormat> AnyGrid<'_, '_, C> {
    fn node(&self) -> &dyn Node<C> {
        on_grid!(self, |grid| grid)
    }
}

const GROUPS: usize = 4;

fn random_model(random: &mut Random) -> Model {
    let mut model = Model {
        panel: (random.range(1, 70), random.range(1, 50)),
        rotation: [Rotation::Deg0, Rotation::Deg90, Rotation::Deg180, Rotation::Deg270]
            [random.below(4) as usize],
        ..Model::default()
    };
    model.bitmaps = (0..4).map(|_| random_pixels(random)).collect();
    model.shaders = (0..5).map(|i| random_shader(random, i)).collect();
    model.groups = (0..GROUPS)
        .map(|i| naive::Group {
            x: if i == 0 { 0 } else { random.range(-20, 40) },
            y: if i == 0 { 0 } else { random.range(-20, 40) },
            scale: if i == 0 { 1 } else { random.range(1, 4) },
            hidden: random.chance(10),
            children: vec![],
        })
        .collect();
    for grid in 0..8 {
        let parent = random.below(GROUPS as u32) as usize;
        model.groups[parent].children.push(Child::Grid(grid));
        let new = random_grid(random, &model);
        model.grids.push(new);
    }
    if random.chance(30) {
        // One or two that may be alone in a band, and lead through its strips.
        let shown = random.range(1, 3) as usize;
        model.grids.iter_mut().skip(shown).for_each(|grid| grid.hidden = true);
        model.groups.iter_mut().for_each(|group| group.hidden = false);
    }
    for group in (1..GROUPS).rev() {
        let parent = random.below(group as u32) as usize;
        let at = random.below(model.groups[parent].children.len() as u32 + 1) as usize;
        model.groups[parent].children.insert(at, Child::Group(group));
    }
    model
}

fn random_pixels(random: &mut Random) -> naive::Pixels {
    let depth = Depth::ALL[random.below(5) as usize];
    let (width, height) = (random.range(1, 34), random.range(1, 24));
    let few = if random.chance(30) { 2 } else { u32::MAX };
    let values =
        (0..width * height).map(|_| random.below(65536) & (depth.max_value() % few)).collect();
    naive::Pixels { width, height, depth, values }
}

fn random_shader(random: &mut Random, kind: usize) -> naive::Shader {
    if kind == 4 {
        let transparent = random.chance(50).then(|| random.below(4));
        return naive::Shader::Converter {
            input: Colorspace::Rgb565,
            transparent,
            dither: random.chance(30),
        };
    }
    let len = [2, 16, 256, random.range(1, 300)][random.below(4) as usize];
    let colors = (0..len).map(|_| random.below(0x100_0000)).collect();
    let some = random.chance(50);
    let transparent = (0..len).map(|_| some && random.chance(30)).collect();
    naive::Shader::Palette { colors, transparent, dither: kind == 3 && random.chance(50) }
}

fn random_grid(random: &mut Random, model: &Model) -> naive::Grid {
    let bitmap = random.below(model.bitmaps.len() as u32) as usize;
    let (width, height) = (model.bitmaps[bitmap].width, model.bitmaps[bitmap].height);
    let tile = match random.below(10) {
        0..4 => (width, height),
        4 => (1, 1), // more than 256 tiles, as a rule
        _ => (random.range(1, width + 1), random.range(1, height + 1)),
    };
    let cells = if random.chance(50) { (1, 1) } else { (random.range(1, 6), random.range(1, 5)) };
    let beyond = (width / tile.0 * (height / tile.1) + 1).unsigned_abs();
    let tiles = (0..cells.0 * cells.1).map(|_| random.below(beyond) as u16).collect();
    naive::Grid {
        bitmap,
        shader: random.below(model.shaders.len() as u32) as usize,
        tile,
        cells,
        tiles,
        x: random.range(-30, 60),
        y: random.range(-30, 60),
        flip_x: random.chance(30),
        flip_y: random.chance(30),
        transpose: random.chance(30),
        hidden: random.chance(10),
    }
}

/// A bitmap as a BMP file of 8 or fewer bits without a palette to speak of, top-down or bottom-up.
fn bmp_file(pixels: &naive::Pixels, top_down: bool) -> Vec<u8> {
    let bits = u32::from(pixels.depth.bits());
    let stride = pixels.depth.stride_bytes(pixels.width.try_into().unwrap());
    let mut file = b"BM".to_vec();
    file.extend([0_u32, 0, 58, 40].map(u32::to_le_bytes).as_flattened());
    file.extend(pixels.width.to_le_bytes());
    file.extend((if top_down { -pixels.height } else { pixels.height }).to_le_bytes());
    file.extend([1, 0, bits.to_le_bytes()[0], 0]);
    file.extend([0_u32, 0, 0, 0, 1, 0, 0].map(u32::to_le_bytes).as_flattened());
    let mut rows = vec![0; stride * pixels.height.unsigned_abs() as usize];
    let bitmap = Bitmap::from_buffer(
        pixels.width.try_into().unwrap(),
        pixels.height.try_into().unwrap(),
        pixels.depth,
        &mut rows,
    );
    fill(&bitmap.unwrap(), pixels);
    let rows: Vec<&[u8]> = rows.chunks(stride).collect();
    if top_down {
        rows.iter().for_each(|row| file.extend(*row));
    } else {
        rows.iter().rev().for_each(|row| file.extend(*row));
    }
    file
}

fn fill(bitmap: &Bitmap<'_>, pixels: &naive::Pixels) {
    for (i, value) in (0..).zip(&pixels.values) {
        bitmap.set((i % pixels.width) as u16, (i / pixels.width) as u16, *value).unwrap();
    }
}

/// Shows one random scene on a display per buffer size, edits it and compares after each refresh.
pub fn run_scene<C: Unpack>(random: &mut Random, format: C, oracle: &Format, seed: u64) {
    let model = random_model(random);
    let edits_seed = u64::from(random.below(u32::MAX));
    let side = |random: &mut Random| 1 << random.below(4);
    let alignment =
        if random.chance(20) { Size::new(side(random), side(random)) } else { Size::new(1, 1) };
    let Size { width, height } = format.cell();
    let cell = Size::new(width.max(alignment.width), height.max(alignment.height));
    let row_pixels = usize::from(model.panel.0 as u16).next_multiple_of(cell.width.into());
    let raw = size_of::<C::Raw>();
    let one_cell = usize::from(cell.width) * usize::from(cell.height) * raw;
    let buffers =
        [1, 7, 64].map(|rows: usize| rows.next_multiple_of(cell.height.into()) * row_pixels * raw);
    let any = one_cell + random.below(8 * (row_pixels * raw) as u32) as usize;
    for (i, buffer_bytes) in buffers.into_iter().chain([one_cell, any]).enumerate() {
        for is_awaited in [false, true] {
            let model = model.clone();
            let mut run = Run { model, seed, buffer_bytes, alignment, is_awaited, name: i };
            run.show(&mut Random::new(edits_seed), format, oracle);
        }
    }
}

struct Run {
    model: Model,
    seed: u64,
    buffer_bytes: usize,
    alignment: Size,
    is_awaited: bool,
    name: usize,
}

impl Run {
    fn show<C: Unpack>(&mut self, random: &mut Random, format: C, oracle: &Format) {
        let mut region = vec![MaybeUninit::uninit(); 1 << 18];
        let heap = LinkedListHeap::new(&mut region);
        let files: Vec<_> =
            self.model.bitmaps.iter().map(|pixels| bmp_file(pixels, random.chance(50))).collect();
        let faults = Faults::default();
        let (bitmaps, streams) = self.sources(random, &heap, &files, &faults);
        faults.short.set(if random.chance(30) { random.range(1, 20) as usize } else { 0 });
        let shaders = self.model.shaders.iter().enumerate();
        let shaders: Vec<_> = shaders.map(|(i, s)| shader(s, i, format, &heap)).collect();
        let grids: Vec<_> = self.grids(random, &heap, &bitmaps, &streams, &shaders);
        // Groups that refer to each other: they own no memory, and need not be dropped.
        let groups: ManuallyDrop<[Group<List<'_, C>>; GROUPS]> =
            ManuallyDrop::new(core::array::from_fn(|i| {
                let group = &self.model.groups[i];
                let new = Group::new(List::default())
                    .at(group.x as i16, group.y as i16)
                    .scaled(group.scale as u8);
                new.set_hidden(group.hidden);
                new
            }));
        self.fill_groups(&*groups, &grids);
        let capabilities = Capabilities {
            window_cost_bytes: random.below(40) as u16,
            window_survives_writes: random.chance(80),
            alignment: self.alignment,
            ..Capabilities::default()
        };
        let size = Size::new(self.model.panel.0 as u16, self.model.panel.1 as u16);
        let mut buffer = vec![0_u32; self.buffer_bytes.div_ceil(4)];
        let buffer =
            &mut bytemuck::cast_slice_mut(&mut buffer)[..self.buffer_bytes.next_multiple_of(4)];
        let panel = StrictPanel::new(format, size, capabilities);
        let mut display = Display::new(panel, buffer).rotated(self.model.rotation);
        for step in 0..8 {
            if step > 0 {
                for _ in 0..random.below(6) {
                    self.edit(random, &bitmaps, &shaders, &grids, &*groups);
                }
            }
            if random.chance(15) {
                display.panel_mut().fail_after = Some(random.below(300) as usize);
            }
            faults.reads_left.set(random.chance(15).then(|| random.below(30)));
            faults.met.set(false);
            display.panel_mut().sent.fill(0);
            let mut is_edited = false;
            let shown = if self.is_awaited {
                awaited(display.refresh_async(&groups[0]), || {
                    if random.chance(10) {
                        is_edited = true;
                        self.edit(random, &bitmaps, &shaders, &grids, &*groups);
                    }
                    random.chance(99)
                })
            } else {
                Some(display.refresh(&groups[0]))
            };
            match shown {
                None => assert!(!display.pending().is_empty(), "what was dropped stays damaged"),
                // What could not be read, or was changed meanwhile, is shown by the next refresh.
                Some(Ok(_)) if faults.met.get() || is_edited => {
                    assert!(display.panel().sent.iter().all(|sent| *sent <= 1), "sent twice");
                }
                Some(Ok(stats)) => self.compare(display.panel(), oracle, step, stats.pixels),
                Some(Err(RefreshError::Panel(_))) => {
                    assert!(!display.pending().is_empty(), "what failed stays damaged");
                }
                Some(Err(error)) => panic!("{error:?}"),
            }
            display.panel_mut().fail_after = None;
        }
    }

    fn sources<'m>(
        &self,
        random: &mut Random,
        heap: &'m LinkedListHeap<'m>,
        files: &'m [Vec<u8>],
        faults: &'m Faults,
    ) -> (Vec<Source<'m>>, Vec<OnDiskBitmap<'m, Flaky<'m>>>) {
        let resident = |(pixels, file): (&naive::Pixels, &'m Vec<u8>)| {
            if pixels.depth.bits() <= 8 && random.chance(30) {
                return Source::Image(BmpImage::new(file).unwrap());
            }
            let (width, height) = (pixels.width as u16, pixels.height as u16);
            let bitmap = Bitmap::new_in(width, height, pixels.depth, heap).unwrap();
            fill(&bitmap, pixels);
            Source::Bitmap(bitmap)
        };
        let resident = self.model.bitmaps.iter().zip(files).map(resident).collect();
        let streamed =
            files.iter().enumerate().filter(|(i, _)| self.model.bitmaps[*i].depth.bits() <= 8);
        let streamed = streamed
            .map(|(_, bytes)| {
                // From parts of a row to all rows.
                let most = [8, 60, 400][random.below(3) as usize];
                let (file, buffer_bytes) = (SliceFile::new(bytes), random.below(most) as usize);
                OnDiskBitmap::new_in(Flaky { file, faults }, buffer_bytes, heap).unwrap()
            })
            .collect();
        (resident, streamed)
    }

    fn grids<'a, 'm, C: PixelFormat>(
        &self,
        random: &mut Random,
        heap: &'m LinkedListHeap<'m>,
        bitmaps: &'a [Source<'m>],
        streams: &'a [OnDiskBitmap<'m, Flaky<'m>>],
        shaders: &'a [AnyShader<'m, C>],
    ) -> Vec<AnyGrid<'a, 'm, C>> {
        let mut grids = vec![];
        for model in &self.model.grids {
            let map = tile_map(model, heap);
            let stream =
                self.model.bitmaps[..=model.bitmap].iter().filter(|b| b.depth.bits() <= 8).count();
            // A bitmap that edits draw on cannot be streamed; the images never change.
            let fixed = matches!(bitmaps[model.bitmap], Source::Image(_));
            let shader = &shaders[model.shader];
            let (width, height) = (model.tile.0 as u16, model.tile.1 as u16);
            let source = &bitmaps[model.bitmap];
            // Half of those that can tell their depth by their type do.
            let told = random.chance(50);
            let grid = if fixed && random.chance(50) {
                AnyGrid::Streamed(
                    TileGrid::new(&streams[stream - 1], shader).with_map(map).tiles(width, height),
                )
            } else if let (true, Ok(source)) = (told, FixedDepth::try_new(source)) {
                AnyGrid::Fixed4(TileGrid::new(source, shader).with_map(map).tiles(width, height))
            } else if let (true, Ok(source)) = (told, FixedDepth::try_new(source)) {
                AnyGrid::Fixed8(TileGrid::new(source, shader).with_map(map).tiles(width, height))
            } else {
                AnyGrid::Resident(TileGrid::new(source, shader).with_map(map).tiles(width, height))
            };
            on_grid!(&grid, |it| {
                it.move_to(model.x as i16, model.y as i16);
                it.set_flip_x(model.flip_x);
                it.set_flip_y(model.flip_y);
                it.set_transposed(model.transpose);
                it.set_hidden(model.hidden);
            });
            grids.push(grid);
        }
        grids
    }

    fn fill_groups<'a, C: PixelFormat>(
        &self,
        groups: &'a [Group<List<'a, C>>],
        grids: &'a [AnyGrid<'_, '_, C>],
    ) {
        for (group, model) in groups.iter().zip(&self.model.groups) {
            for child in &model.children {
                group.children().push(node(*child, groups, grids)).unwrap();
            }
        }
    }

    fn edit<'a, C: PixelFormat>(
        &mut self,
        random: &mut Random,
        bitmaps: &[Source<'_>],
        shaders: &[AnyShader<'_, C>],
        grids: &'a [AnyGrid<'_, '_, C>],
        groups: &'a [Group<List<'a, C>>],
    ) {
        match random.below(10) {
            0..=4 => self.edit_grid(random, grids),
            5 => self.edit_bitmap(random, bitmaps),
            6 => self.edit_shader(random, shaders),
            7 => self.edit_group(random, groups),
            _ => self.edit_children(random, groups, grids),
        }
    }

    fn edit_grid<C: PixelFormat>(&mut self, random: &mut Random, grids: &[AnyGrid<'_, '_, C>]) {
        let index = random.below(grids.len() as u32) as usize;
        let model = &mut self.model.grids[index];
        match random.below(8) {
            0..=2 => {
                let (dx, dy) = if random.chance(50) { (30, 30) } else { (3, 3) };
                model.x += random.range(-dx, dx);
                model.y += random.range(-dy, dy);
                on_grid!(&grids[index], |grid| grid.move_to(model.x as i16, model.y as i16));
            }
            3 => {
                model.hidden = !model.hidden;
                on_grid!(&grids[index], |grid| grid.set_hidden(model.hidden));
            }
            4 => {
                model.flip_x = random.chance(50);
                model.flip_y = random.chance(50);
                on_grid!(&grids[index], |grid| grid.set_flip_x(model.flip_x));
                on_grid!(&grids[index], |grid| grid.set_flip_y(model.flip_y));
            }
            5 => {
                model.transpose = !model.transpose;
                on_grid!(&grids[index], |grid| grid.set_transposed(model.transpose));
            }
            _ => {
                let cell = random.below(model.tiles.len() as u32) as usize;
                let tile = random.below(4) as u16;
                model.tiles[cell] = tile;
                let (column, row) = (cell as i32 % model.cells.0, cell as i32 / model.cells.0);
                on_grid!(&grids[index], |grid| grid.map().set(column as u16, row as u16, tile))
                    .unwrap();
            }
        }
    }

    fn edit_bitmap(&mut self, random: &mut Random, bitmaps: &[Source<'_>]) {
        let index = random.below(bitmaps.len() as u32) as usize;
        let (Source::Bitmap(bitmap), model) = (&bitmaps[index], &mut self.model.bitmaps[index])
        else {
            return;
        };
        let value = random.below(65536) & model.depth.max_value();
        let (x, y) = (random.range(0, model.width), random.range(0, model.height));
        if random.chance(70) {
            bitmap.set(x as u16, y as u16, value).unwrap();
            model.values[(y * model.width + x) as usize] = value;
        } else if random.chance(70) {
            let (x2, y2) = (random.range(x, model.width + 3), random.range(y, model.height + 3));
            bitmap.fill_region(Area::new(x as i16, y as i16, x2 as i16, y2 as i16), value).unwrap();
            for y in y..y2.min(model.height) {
                for x in x..x2.min(model.width) {
                    model.values[(y * model.width + x) as usize] = value;
                }
            }
        } else {
            bitmap.fill(value).unwrap();
            model.values.fill(value);
        }
    }

    fn edit_shader<C: PixelFormat>(&mut self, random: &mut Random, shaders: &[AnyShader<'_, C>]) {
        let index = random.below(shaders.len() as u32) as usize;
        match (&mut self.model.shaders[index], &shaders[index]) {
            (
                naive::Shader::Converter { transparent, dither, .. },
                AnyShader::Converter(converter),
            ) => {
                *transparent = random.chance(50).then(|| random.below(4));
                *dither = random.chance(50);
                converter.set_transparent(*transparent);
                converter.set_dither(*dither);
            }
            (naive::Shader::Palette { colors, transparent, dither }, shader) => {
                let color = random.below(colors.len() as u32) as usize;
                if random.chance(60) {
                    colors[color] = random.below(0x100_0000);
                } else {
                    transparent[color] = !transparent[color];
                }
                match shader {
                    AnyShader::Palette(palette) => {
                        palette.set(color as u16, colors[color]).unwrap();
                        palette.set_transparent(color as u16, transparent[color]).unwrap();
                    }
                    AnyShader::Rgb(palette) => {
                        palette.set(color as u16, colors[color]).unwrap();
                        palette.set_transparent(color as u16, transparent[color]).unwrap();
                        palette.set_dither(*dither);
                    }
                    AnyShader::Converter(_) => unreachable!("a palette in the model"),
                }
            }
            _ => unreachable!("a converter in the model"),
        }
    }

    fn edit_group<C: PixelFormat>(&mut self, random: &mut Random, groups: &[Group<List<'_, C>>]) {
        let index = random.below(GROUPS as u32) as usize;
        let model = &mut self.model.groups[index];
        match random.below(3) {
            0 => {
                model.x += random.range(-9, 9);
                model.y += random.range(-9, 9);
                groups[index].move_to(model.x as i16, model.y as i16);
            }
            1 => {
                model.scale = random.range(1, 4);
                groups[index].set_scale(model.scale as u8);
            }
            _ => {
                model.hidden = !model.hidden;
                groups[index].set_hidden(model.hidden);
            }
        }
    }

    /// Puts the children of a group in another order, or moves one of them elsewhere.
    fn edit_children<'a, C: PixelFormat>(
        &mut self,
        random: &mut Random,
        groups: &'a [Group<List<'a, C>>],
        grids: &'a [AnyGrid<'_, '_, C>],
    ) {
        let from = random.below(GROUPS as u32) as usize;
        let count = self.model.groups[from].children.len() as u32;
        if count == 0 {
            return;
        }
        let at = random.below(count) as usize;
        let child = self.model.groups[from].children[at];
        match random.below(8) {
            0..=2 => self.order_children(random, from, groups),
            3 => {
                // All go, and come back turned round.
                groups[from].children().clear().unwrap();
                self.model.groups[from].children.rotate_left(at);
                for child in &self.model.groups[from].children {
                    groups[from].children().push(node(*child, groups, grids)).unwrap();
                }
            }
            _ => self.move_child(random, from, at, child, groups, grids),
        }
    }

    /// Puts the children of a group in another order.
    fn order_children<C: PixelFormat>(
        &mut self,
        random: &mut Random,
        group: usize,
        groups: &[Group<List<'_, C>>],
    ) {
        let (model, list) = (&mut self.model.groups[group].children, groups[group].children());
        let [a, b] = [(); 2].map(|()| random.below(model.len() as u32) as usize);
        match random.below(3) {
            0 => {
                model.swap(a, b);
                list.swap(a, b).unwrap();
            }
            1 => {
                let child = model.remove(a);
                model.insert(b, child);
                list.reorder(a, if b == model.len() - 1 { usize::MAX } else { b }).unwrap();
            }
            _ => {
                // By where they are in memory, some alike.
                let mask = 0x70 << random.below(9);
                let key = |node: &&dyn Node<C>| address(node) & mask;
                let keys = list.read(|nodes| nodes.iter().map(key).collect::<Vec<_>>()).unwrap();
                let mut keyed: Vec<_> = keys.into_iter().zip(model.drain(..)).collect();
                keyed.sort_by_key(|(key, _)| *key);
                model.extend(keyed.into_iter().map(|(_, child)| child));
                list.sort_by_key(key).unwrap();
            }
        }
    }

    /// Moves a child from one group to another, or within its group.
    fn move_child<'a, C: PixelFormat>(
        &mut self,
        random: &mut Random,
        from: usize,
        at: usize,
        child: Child,
        groups: &'a [Group<List<'a, C>>],
        grids: &'a [AnyGrid<'_, '_, C>],
    ) {
        let to = match child {
            Child::Grid(_) => random.below(GROUPS as u32) as usize,
            Child::Group(_) => from, // no cycles
        };
        self.model.groups[from].children.remove(at);
        groups[from].children().remove(at).unwrap();
        let at = random.below(self.model.groups[to].children.len() as u32 + 1) as usize;
        self.model.groups[to].children.insert(at, child);
        groups[to].children().insert(at, node(child, groups, grids)).unwrap();
    }

    fn compare<C: PixelFormat>(
        &self,
        panel: &StrictPanel<C>,
        oracle: &Format,
        step: usize,
        pixels: u32,
    ) {
        let context = || {
            let Self { seed, name, is_awaited, .. } = self;
            format!("seed {seed}, {:?}, display {name}, {is_awaited}, step {step}", panel.format)
        };
        let (width, height) = self.model.panel;
        for (i, (&shown, &sent)) in (0..).zip(panel.pixels.iter().zip(&panel.sent)) {
            let (x, y) = (i % width, i / width);
            assert!(sent <= 1, "({x}, {y}) sent {sent} times: {}", context());
            let expected = self.model.pixel(oracle, x, y);
            assert_eq!(shown, expected, "at ({x}, {y}), {pixels} pixels sent: {}", context());
        }
        assert!(
            step > 0 || pixels >= (width * height).unsigned_abs(),
            "the first refresh sends all"
        );
    }
}

/// Polls to the end, unless what is done whenever it is pending says that it be dropped.
fn awaited<T>(refresh: impl Future<Output = T>, mut meanwhile: impl FnMut() -> bool) -> Option<T> {
    let mut refresh = pin!(refresh);
    loop {
        match refresh.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(shown) => return Some(shown),
            Poll::Pending if meanwhile() => {}
            Poll::Pending => return None,
        }
    }
}

/// Where a node is in memory.
fn address<C: PixelFormat>(node: &&dyn Node<C>) -> usize {
    core::ptr::from_ref(*node).cast::<()>().addr()
}

/// Two bytes per cell where a tile needs them.
fn tile_map<'m>(model: &naive::Grid, heap: &'m LinkedListHeap<'m>) -> TileMap<'m> {
    let (columns, rows) = (model.cells.0 as u16, model.cells.1 as u16);
    let is_wide = model.tiles.iter().any(|tile| *tile > 0xff);
    let map = if is_wide {
        TileMap::new_wide_in(columns, rows, heap)
    } else {
        TileMap::new_in(columns, rows, heap)
    };
    let map = map.unwrap();
    for (cell, tile) in (0..).zip(&model.tiles) {
        map.set(cell % columns, cell / columns, *tile).unwrap();
    }
    map
}

fn node<'a, C: PixelFormat>(
    child: Child,
    groups: &'a [Group<List<'a, C>>],
    grids: &'a [AnyGrid<'_, '_, C>],
) -> &'a dyn Node<C> {
    match child {
        Child::Grid(grid) => grids[grid].node(),
        Child::Group(group) => &groups[group],
    }
}

fn shader<'m, C: PixelFormat>(
    model: &naive::Shader,
    index: usize,
    format: C,
    heap: &'m LinkedListHeap<'m>,
) -> AnyShader<'m, C> {
    match model {
        naive::Shader::Converter { input, transparent, dither } => {
            let converter = ColorConverter::new(*input);
            converter.set_transparent(*transparent);
            converter.set_dither(*dither);
            AnyShader::Converter(converter)
        }
        naive::Shader::Palette { colors, transparent, dither } => {
            let len = colors.len() as u16;
            if index == 3 {
                let palette = PaletteRgb::new_in(len, heap).unwrap();
                palette.set_dither(*dither);
                for (i, (color, transparent)) in (0..).zip(colors.iter().zip(transparent)) {
                    palette.set(i, *color).unwrap();
                    palette.set_transparent(i, *transparent).unwrap();
                }
                return AnyShader::Rgb(palette);
            }
            let palette = Palette::new_in(len, heap).unwrap().with_format(format);
            for (i, (color, transparent)) in (0..).zip(colors.iter().zip(transparent)) {
                palette.set(i, *color).unwrap();
                palette.set_transparent(i, *transparent).unwrap();
            }
            AnyShader::Palette(palette)
        }
    }
}
