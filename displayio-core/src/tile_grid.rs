//! A grid of tiles from a bitmap, through a palette.

use core::{cell::Cell, fmt};

use displayio_allocators::Purpose;

use crate::{
    Area, Axes, Change, Damage, Layer, Mapping, Mark, Node, OneTile, Part, Picture, PixelFormat,
    PixelSource, Place, Region, Shader, Shown, Size, Strip, Strips, TileView, Tiles, Tracked, View,
    mapping::{Local, Turn},
};

/// Shows a source of pixels, or tiles of it, through a shader.
///
/// Source and shader are references, owned values or (with feature `rc`) `Rc`s; tile indices belong to the grid, and change
/// through [`map`](Self::map). Everything that changes while the grid is shown changes through `&self`.
///
/// Positions are local: in pixels of the group around it. Flips act in the bitmap's own axes, transposition after them.
/// 40 bytes on a 32-bit target with a bitmap and a palette by reference and a single tile.
///
/// ```
/// use displayio_core::{Bitmap, Depth, Palette, Rgb565, TileGrid};
/// let (mut pixels, mut colors) = ([0; 2048], [0; 36]);
/// let sheet = Bitmap::from_buffer(64, 64, Depth::Bpp4, &mut pixels)?;
/// let palette = Palette::<Rgb565>::from_buffer(16, &mut colors)?;
/// let player = TileGrid::new(&sheet, &palette).tiles(16, 16).at(10, 20);
/// player.set_tile(5);
/// player.move_to(11, 20);
/// assert!(player.contains(26, 35) && !player.contains(27, 35));
/// player.set_flip_x(true);
/// assert_eq!((player.tile(), player.is_flipped_x(), player.is_transposed()), (5, true, false));
/// # Ok::<(), displayio_core::TooSmall>(())
/// ```
///
/// What it shows lives as long as it does. This does not compile:
///
/// ```compile_fail,E0505
/// use displayio_core::{Bitmap, ColorConverter, Depth, TileGrid};
/// let mut pixels = [0; 32];
/// let sheet = Bitmap::from_buffer(8, 8, Depth::Bpp4, &mut pixels).unwrap();
/// let player = TileGrid::new(&sheet, ColorConverter::default());
/// drop(sheet);
/// player.move_to(1, 1);
/// ```
pub struct TileGrid<S, P, T = OneTile> {
    source: S,
    shader: P,
    tiles: T,
    /// Beside the number of a tile, not where it would take a word.
    flags: Cell<Flags>,
    state: State,
    source_mark: Mark,
    shader_mark: Mark,
}

/// What of a grid is the same for every source, shader and map: its code is compiled once.
struct State {
    shown: Shown,
    x: Cell<i16>,
    y: Cell<i16>,
    tile_width: u16,
    tile_height: u16,
}

/// Bits 0 to 2: how it is turned. Bit 3: hidden. Bits 4 to 6: how it was turned when it was acknowledged.
#[derive(Clone, Copy)]
struct Flags(u8);

const HIDDEN: u8 = 8;
const ACKNOWLEDGED_SHIFT: u8 = 4;

impl Flags {
    const fn has(self, flag: u8) -> bool {
        self.0 & flag != 0
    }

    const fn with(self, flag: u8, on: bool) -> Self {
        Self(if on { self.0 | flag } else { self.0 & !flag })
    }

    /// How it is turned.
    const fn turn(self) -> Turn {
        Turn::of(self.0)
    }

    /// How it was turned when it was acknowledged.
    const fn acknowledged_turn(self) -> Turn {
        Turn::of(self.0 >> ACKNOWLEDGED_SHIFT)
    }

    const fn acknowledge(self) -> Self {
        Self(self.0 & 0x0f | self.0 << ACKNOWLEDGED_SHIFT)
    }
}

impl<S: PixelSource, P> TileGrid<S, P> {
    /// All of a source, at (0, 0).
    pub fn new(source: S, shader: P) -> Self {
        let Size { width, height } = source.size();
        Self {
            source,
            shader,
            tiles: OneTile::default(),
            flags: Cell::new(Flags(0)),
            state: State {
                shown: Shown::new(),
                x: Cell::new(0),
                y: Cell::new(0),
                tile_width: width,
                tile_height: height,
            },
            source_mark: Mark::new(),
            shader_mark: Mark::new(),
        }
    }

    /// Shows the tile of this number, counted along the rows of the source; one beyond the source shows value 0.
    pub fn set_tile(&self, tile: u16) {
        if self.tiles.0.replace(tile) != tile {
            self.state.shown.touch();
        }
    }

    /// The number of the tile that it shows.
    #[must_use]
    pub const fn tile(&self) -> u16 {
        self.tiles.0.get()
    }

    /// A grid of several cells, whose tiles are in `tiles`.
    pub fn with_map<T: Tiles>(self, tiles: T) -> TileGrid<S, P, T> {
        let Self { source, shader, flags, state, source_mark, shader_mark, .. } = self;
        TileGrid { source, shader, tiles, flags, state, source_mark, shader_mark }
    }
}

impl<S: PixelSource, P, T: Tiles> TileGrid<S, P, T> {
    /// Divides the source into tiles of this size, from one pixel to all of the source; what does not fill a tile at its right
    /// and bottom is not used.
    #[must_use]
    pub fn tiles(mut self, width: u16, height: u16) -> Self {
        let Size { width: most_wide, height: most_high } = self.source.size();
        self.state.tile_width = width.clamp(1, most_wide.max(1));
        self.state.tile_height = height.clamp(1, most_high.max(1));
        self
    }

    /// Number of tiles in the source.
    #[must_use]
    pub fn tile_count(&self) -> u32 {
        let Size { width, height } = self.source.size();
        u32::from(width / self.state.tile_width.max(1))
            * u32::from(height / self.state.tile_height.max(1))
    }

    /// Width and height in local pixels, at most 65 535; exchanged while transposed.
    #[must_use]
    pub fn size(&self) -> Size {
        self.state.size(self.flags.get(), self.tiles.cells())
    }

    /// Whether the point, in coordinates of the group around the grid, lies in it; hidden or not.
    #[must_use]
    pub fn contains(&self, x: i16, y: i16) -> bool {
        let size = self.size();
        let within = |v: i16, from: i16, length: u16| {
            (0..i32::from(length)).contains(&(i32::from(v) - i32::from(from)))
        };
        within(x, self.state.x.get(), size.width) && within(y, self.state.y.get(), size.height)
    }
}

impl<S, P, T> TileGrid<S, P, T> {
    /// At this position.
    #[must_use]
    pub fn at(self, x: i16, y: i16) -> Self {
        self.move_to(x, y);
        self
    }

    /// Moves the top left corner to this position.
    pub fn move_to(&self, x: i16, y: i16) {
        if (self.state.x.replace(x), self.state.y.replace(y)) != (x, y) {
            self.state.shown.touch();
        }
    }

    /// The position of the top left corner.
    #[must_use]
    pub const fn position(&self) -> (i16, i16) {
        (self.state.x.get(), self.state.y.get())
    }

    /// Hides or shows it.
    pub fn set_hidden(&self, hidden: bool) {
        self.set_flag(HIDDEN, hidden);
    }

    /// Whether it is hidden (by itself, not by a group).
    #[must_use]
    pub const fn is_hidden(&self) -> bool {
        self.flags.get().has(HIDDEN)
    }

    /// Mirrors it left to right.
    pub fn set_flip_x(&self, flip: bool) {
        self.set_flag(Turn::FLIP_X, flip);
    }

    /// Whether it is mirrored left to right.
    #[must_use]
    pub const fn is_flipped_x(&self) -> bool {
        self.flags.get().has(Turn::FLIP_X)
    }

    /// Mirrors it top to bottom.
    pub fn set_flip_y(&self, flip: bool) {
        self.set_flag(Turn::FLIP_Y, flip);
    }

    /// Whether it is mirrored top to bottom.
    #[must_use]
    pub const fn is_flipped_y(&self) -> bool {
        self.flags.get().has(Turn::FLIP_Y)
    }

    /// Exchanges its axes.
    pub fn set_transposed(&self, transpose: bool) {
        self.set_flag(Turn::TRANSPOSE, transpose);
    }

    /// Whether its axes are exchanged.
    #[must_use]
    pub const fn is_transposed(&self) -> bool {
        self.flags.get().has(Turn::TRANSPOSE)
    }

    /// Width and height of a tile, in pixels of the source.
    #[must_use]
    pub const fn tile_size(&self) -> Size {
        Size::new(self.state.tile_width, self.state.tile_height)
    }

    fn set_flag(&self, flag: u8, on: bool) {
        if self.flags.get().has(flag) != on {
            self.flags.set(self.flags.get().with(flag, on));
            self.state.shown.touch();
        }
    }

    /// Where its pixels come from.
    pub const fn source(&self) -> &S {
        &self.source
    }

    /// What colours its pixels.
    pub const fn shader(&self) -> &P {
        &self.shader
    }

    /// Its tile indices.
    pub const fn map(&self) -> &T {
        &self.tiles
    }
}

impl<S: PixelSource, P, T: Tiles> TileGrid<S, P, T> {
    /// Reports a grid that is not quiet. Out of line: most are.
    #[inline(never)]
    fn collect_changed(&self, place: &Place, damage: &mut Damage)
    where
        P: Tracked,
    {
        let mut part = Area::EMPTY;
        match self.source.since(&self.source_mark) {
            Change::None => {}
            Change::Part(changed) => part = changed,
            Change::All => self.state.shown.touch(),
        }
        if self.shader.since(&self.shader_mark) != Change::None {
            self.state.shown.touch();
        }
        let changed_cells = self.tiles.take_changed();
        let cells = self.tiles.cells();
        let flags = self.flags.get();
        if self.state.collect(flags, cells, place, damage) {
            self.flags.set(flags.acknowledge());
            return;
        }
        if self.state.shown.area().is_empty() {
            return;
        }
        if !part.is_empty() {
            damage.add(self.mapping().panel_of(&self.cells_showing(&part)));
        }
        if !changed_cells.is_empty() {
            damage.add(self.mapping().panel_of(&self.state.scaled_to_tiles(&changed_cells)));
        }
    }

    /// The placement as acknowledged.
    fn mapping(&self) -> Mapping {
        self.state.mapping(self.flags.get().acknowledged_turn(), self.tiles.cells().0)
    }

    /// The smallest rectangle of local pixels around all that show a part of the source. Looks at every cell.
    fn cells_showing(&self, part: &Area) -> Local {
        let tile @ (width, height) = self.state.tile();
        let columns = usize::from(self.tiles.cells().0);
        let per_row = (usize::from(self.source.size().width) / width.max(1)).max(1);
        let part = Local::of(part);
        let around = |tiles: TileView<'_>| {
            let cells = usize::from(self.tiles.cells().1) * columns;
            (0..cells).fold(Local::EMPTY, |around, cell| {
                let tile_index = usize::from(tiles.get(cell).unwrap_or(0));
                let (left, top) = (tile_index % per_row * width, tile_index / per_row * height);
                let shown = Local::at(left, top, tile).intersection(&part);
                if shown.is_empty() {
                    return around;
                }
                let (x, y) = (cell % columns * width, cell / columns * height);
                around.union(&Local {
                    x1: x + shown.x1 - left,
                    y1: y + shown.y1 - top,
                    x2: x + shown.x2 - left,
                    y2: y + shown.y2 - top,
                })
            })
        };
        self.tiles.view(around).unwrap_or(Local::EMPTY)
    }

    /// Whether pieces are loaded row by row from the panel's top.
    fn is_loaded_in_order(&self) -> bool {
        self.tiles.cells() == (1, 1)
            && self.state.shown.axes() == Axes::IDENTITY
            && self.flags.get().acknowledged_turn() == Turn::NONE
    }

    /// Paints what it has in the strip, and in those that the strip leads to.
    #[inline(never)]
    fn paint_clipped<C: PixelFormat>(&self, strip: &mut Strip<'_, C>)
    where
        P: Shader<C>,
    {
        let mapping = self.mapping();
        let painted = self.tiles.view(|tiles| {
            if S::STREAMED {
                self.paint_streamed(&mapping, tiles, strip)
            } else {
                let all = Region { x: 0, y: 0, size: self.source.size() };
                self.source
                    .view(all, |view| {
                        self.shader.colors(|colors| {
                            let is_single = self.tiles.cells() == (1, 1);
                            Picture::new::<S>(&mapping, &view, colors, tiles, is_single)
                                .paint::<S>(strip);
                        })
                    })
                    .flatten()
            }
        });
        if painted.flatten().is_none() {
            // Something is being changed at this moment: show it at the next refresh.
            self.state.shown.touch();
        }
    }

    /// Paints piece by piece, as the source loads them.
    fn paint_streamed<C: PixelFormat>(
        &self,
        mapping: &Mapping,
        tiles: TileView<'_>,
        strip: &mut Strip<'_, C>,
    ) -> Option<()>
    where
        P: Shader<C>,
    {
        let clip = strip.clip_below(&mapping.area);
        let mut painted = Some(());
        mapping.for_each_piece(&clip, self.source.size(), tiles, |local, region| {
            painted = painted.and(self.paint_piece(mapping, &local, region, strip));
        });
        painted
    }

    /// Paints a piece of one tile: local pixels, from a region that may reach below the source.
    #[inline]
    fn paint_piece<C: PixelFormat>(
        &self,
        mapping: &Mapping,
        local: &Local,
        region: Region,
        strip: &mut Strip<'_, C>,
    ) -> Option<()>
    where
        P: Shader<C>,
    {
        let mut painted = Some(());
        let Size { width, height } = region.size;
        let inside = self.source.size().height.saturating_sub(region.y).min(height);
        for_each_load(Region { size: Size::new(width, inside), ..region }, |dx, dy, rest| {
            let load = |view: View<'_>| {
                let local = local.part(dx, dy, view.size);
                self.paint_view(mapping, &local, &view, strip).map(|()| view.size)
            };
            let loaded = self.source.view(rest, load).flatten();
            loaded.filter(|size| size.width > 0 && size.height > 0).unwrap_or_else(|| {
                painted = None;
                let _ = self.paint_missing(mapping, &local.part(dx, dy, rest.size), rest, strip);
                rest.size
            })
        });
        if inside < height {
            let size = Size::new(width, height - inside);
            let below = Region { y: region.y.saturating_add(inside), size, ..region };
            let local = local.part(0, inside, size);
            painted = painted.and(self.paint_missing(mapping, &local, below, strip));
        }
        painted
    }

    /// Paints what the source does not have, or cannot load, as value 0. Out of line: few grids have that.
    #[inline(never)]
    fn paint_missing<C: PixelFormat>(
        &self,
        mapping: &Mapping,
        local: &Local,
        Region { x, y, size }: Region,
        strip: &mut Strip<'_, C>,
    ) -> Option<()>
    where
        P: Shader<C>,
    {
        let view = View { origin: (x, y), ..View::new(&[], 0, size, self.source.layout()) };
        self.paint_view(mapping, local, &view, strip)
    }

    /// Paints local pixels from a view that has just these: rows, or a part of one.
    #[inline]
    fn paint_view<C: PixelFormat>(
        &self,
        mapping: &Mapping,
        local: &Local,
        view: &View<'_>,
        strip: &mut Strip<'_, C>,
    ) -> Option<()>
    where
        P: Shader<C>,
    {
        let mapping = mapping.of_piece(local);
        strip.advance_to(&mapping.area);
        self.shader.colors(|colors| Picture::of_view::<S>(&mapping, view, colors).paint::<S>(strip))
    }
}

impl State {
    const fn size(&self, flags: Flags, (columns, rows): (u16, u16)) -> Size {
        let (width, height) =
            (self.tile_width.saturating_mul(columns), self.tile_height.saturating_mul(rows));
        flags.turn().size(Size::new(width, height))
    }

    /// Reports a grid of so many cells. Tells whether it is damaged wholly.
    #[inline]
    fn collect(&self, flags: Flags, cells: (u16, u16), place: &Place, damage: &mut Damage) -> bool {
        let size = self.size(flags, cells);
        let area =
            place.transform.area(self.x.get().into(), self.y.get().into(), size.width, size.height);
        let area = if flags.has(HIDDEN) { Area::EMPTY } else { area };
        self.shown.collect(area, place, damage)
    }

    /// The placement of a grid of so many columns that is turned so.
    fn mapping(&self, turn: Turn, columns: u16) -> Mapping {
        let tile = self.tile();
        Mapping::new(self.shown.area(), &self.shown.axes(), turn, tile, columns.into())
    }

    /// The local pixels of an area of cells.
    fn scaled_to_tiles(&self, cells: &Area) -> Local {
        let ((width, height), Local { x1, y1, x2, y2 }) = (self.tile(), Local::of(cells));
        Local { x1: x1 * width, y1: y1 * height, x2: x2 * width, y2: y2 * height }
    }

    /// Width and height of a tile.
    fn tile(&self) -> (usize, usize) {
        (self.tile_width.into(), self.tile_height.into())
    }
}

/// Asks `load` for the rest of `region`, from its offset on, until it has said of all that it is done: of a part of the first
/// row, or of whole rows.
fn for_each_load(region: Region, mut load: impl FnMut(u16, u16, Region) -> Size) {
    let Size { width, height } = region.size;
    let (mut dx, mut dy) = (0, 0);
    while dy < height {
        // Behind a part of a row comes the rest of that row, alone.
        let rows = if dx == 0 { height - dy } else { 1 };
        let rest = Region { x: region.x + dx, y: region.y + dy, size: Size::new(width - dx, rows) };
        let done = load(dx, dy, rest);
        dx = dx.saturating_add(done.width);
        if dx >= width {
            (dx, dy) = (0, dy.saturating_add(done.height));
        }
    }
}

impl<S: PixelSource, P: Tracked, T: Tiles> Layer for TileGrid<S, P, T> {
    #[inline]
    fn collect(&self, place: &Place, damage: &mut Damage) {
        let quiet = self.state.shown.is_quiet(place)
            && self.source.is_seen(&self.source_mark)
            && self.shader.is_seen(&self.shader_mark)
            && !self.tiles.is_changed();
        if !quiet {
            self.collect_changed(place, damage);
        }
    }

    fn shown(&self) -> Area {
        self.state.shown.area()
    }

    fn forget(&self) {
        self.state.shown.forget();
    }

    #[inline]
    fn leaf(&self) -> Option<&Shown> {
        Some(&self.state.shown)
    }

    fn describe(&self, report: &mut dyn FnMut(Part)) {
        report(Part::of(self, Purpose::Named("a tile grid")));
        self.source.describe(report);
        self.shader.describe(report);
        self.tiles.describe(report);
    }
}

impl<C: PixelFormat, S: PixelSource, P: Shader<C>, T: Tiles> Node<C> for TileGrid<S, P, T> {
    #[inline]
    fn paint(&self, strip: &mut Strip<'_, C>) {
        if self.state.shown.area().overlaps_rarely(&strip.area()) {
            self.paint_clipped(strip);
        }
    }

    fn paint_strips(&self, strips: &mut Strips<'_, C>) {
        if S::STREAMED && !self.is_loaded_in_order() {
            strips.each(|strip| self.paint(strip));
        } else if let Some(strip) = strips.first_in(&self.state.shown.area()) {
            self.paint_clipped(strip);
        }
    }

    fn covers(&self, area: &Area) -> bool {
        self.state.shown.area().contains(area)
            && self.shader.is_opaque(self.source.layout().max_value())
            && self.source.is_ready()
            && self.tiles.view(|_| ()).is_some()
    }
}

impl<S: fmt::Debug, P: fmt::Debug, T: fmt::Debug> fmt::Debug for TileGrid<S, P, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TileGrid")
            .field("source", &self.source)
            .field("shader", &self.shader)
            .field("tiles", &self.tiles)
            .field("position", &self.position())
            .field("tile_size", &(self.state.tile_width, self.state.tile_height))
            .field("shown", &self.state.shown.area())
            .finish_non_exhaustive()
    }
}
