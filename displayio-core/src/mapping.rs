//! How a placed tile grid maps panel pixels to local pixels and those to tiles.

use crate::{
    Area, Colors, PixelFormat, Region, Size, Strip, TileView, View,
    spans::{Heading, Painter, Start},
};

/// A rectangle in a grid's own pixels, before flips: wider than [`Area`], for a grid may be 65 535 pixels wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Local {
    pub x1: usize,
    pub y1: usize,
    pub x2: usize,
    pub y2: usize,
}

impl Local {
    pub(crate) const EMPTY: Self = Self { x1: 0, y1: 0, x2: 0, y2: 0 };

    pub(crate) const fn is_empty(&self) -> bool {
        self.x1 >= self.x2 || self.y1 >= self.y2
    }

    /// The rectangle of `size` at (`dx`, `dy`) in this one.
    pub(crate) fn part(&self, dx: u16, dy: u16, size: Size) -> Self {
        let (x1, y1) = (self.x1 + usize::from(dx), self.y1 + usize::from(dy));
        Self { x1, y1, x2: x1 + usize::from(size.width), y2: y1 + usize::from(size.height) }
    }

    pub(crate) fn intersection(&self, other: &Self) -> Self {
        Self {
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
            x2: self.x2.min(other.x2),
            y2: self.y2.min(other.y2),
        }
    }

    pub(crate) fn union(&self, other: &Self) -> Self {
        if self.is_empty() {
            return *other;
        }
        Self {
            x1: self.x1.min(other.x1),
            y1: self.y1.min(other.y1),
            x2: self.x2.max(other.x2),
            y2: self.y2.max(other.y2),
        }
    }
}

/// A grid on the panel, as it was acknowledged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mapping {
    /// Where it lies, in panel space: all of it, on or off the panel.
    pub area: Area,
    /// Panel pixels per local pixel.
    pub scale: usize,
    /// Local x runs along panel y.
    pub transposed: bool,
    /// Local pixels run against the panel's x axis.
    pub mirror_x: bool,
    /// Local pixels run against the panel's y axis.
    pub mirror_y: bool,
    /// Width and height of a tile.
    pub tile: (usize, usize),
    /// Cells in a row of the grid.
    pub columns: usize,
}

/// One axis of a mapping: positions on the panel, counted from the grid's edge, to local ones.
#[derive(Debug, Clone, Copy)]
struct Axis {
    length: usize,
    scale: usize,
    mirror: bool,
}

impl Axis {
    /// The local position that panel position `u` shows, and how many panel pixels on from `u` (with it) still do.
    const fn local(self, u: usize) -> (usize, usize) {
        let p = if self.mirror { self.length - 1 - u } else { u };
        if self.scale == 1 {
            return (p, 1);
        }
        let (local, sub) = (p / self.scale, p % self.scale);
        (local, if self.mirror { sub + 1 } else { self.scale - sub })
    }

    /// The local range that the panel range shows.
    const fn to_local(self, from: usize, to: usize) -> (usize, usize) {
        let (from, to) =
            if self.mirror { (self.length - to, self.length - from) } else { (from, to) };
        // A Cortex-M0 divides by a call.
        if self.scale == 1 { (from, to) } else { (from / self.scale, to.div_ceil(self.scale)) }
    }

    /// The panel range that shows the local range, clipped to the grid.
    fn to_panel(self, from: usize, to: usize) -> (usize, usize) {
        let (from, to) = ((from * self.scale).min(self.length), (to * self.scale).min(self.length));
        if self.mirror { (self.length - to, self.length - from) } else { (from, to) }
    }
}

impl Mapping {
    const fn axis_x(&self) -> Axis {
        Axis { length: self.area.width() as usize, scale: self.scale, mirror: self.mirror_x }
    }

    const fn axis_y(&self) -> Axis {
        Axis { length: self.area.height() as usize, scale: self.scale, mirror: self.mirror_y }
    }

    /// The local pixels that show in `clip`, which lies in the mapping's area.
    pub(crate) fn local_of(&self, clip: &Area) -> Local {
        let offset = |v: i16, from: i16| usize::from(v.abs_diff(from));
        let (u1, u2) =
            self.axis_x().to_local(offset(clip.x1, self.area.x1), offset(clip.x2, self.area.x1));
        let (v1, v2) =
            self.axis_y().to_local(offset(clip.y1, self.area.y1), offset(clip.y2, self.area.y1));
        if self.transposed {
            Local { x1: v1, y1: u1, x2: v2, y2: u2 }
        } else {
            Local { x1: u1, y1: v1, x2: u2, y2: v2 }
        }
    }

    /// The local pixel that shows at (`x`, `y`) of the panel, which lies in the mapping's area.
    pub(crate) const fn local_at(&self, x: i16, y: i16) -> (usize, usize) {
        let (u, _) = self.axis_x().local(x.abs_diff(self.area.x1) as usize);
        let (v, _) = self.axis_y().local(y.abs_diff(self.area.y1) as usize);
        if self.transposed { (v, u) } else { (u, v) }
    }

    /// Where local pixels show, in panel space.
    pub(crate) fn panel_of(&self, local: &Local) -> Area {
        let Local { x1, y1, x2, y2 } = *local;
        let (along_x, along_y) =
            if self.transposed { ((y1, y2), (x1, x2)) } else { ((x1, x2), (y1, y2)) };
        let (u1, u2) = self.axis_x().to_panel(along_x.0, along_x.1);
        let (v1, v2) = self.axis_y().to_panel(along_y.0, along_y.1);
        let on_panel = |origin: i16, offset: usize| {
            i32::from(origin) + i32::try_from(offset).unwrap_or(i32::MAX / 2)
        };
        Area::clamped(
            on_panel(self.area.x1, u1),
            on_panel(self.area.y1, v1),
            on_panel(self.area.x1, u2),
            on_panel(self.area.y1, v2),
        )
    }

    /// Paints what the grid has in the strip: tiles of `view`, which holds all tiles.
    ///
    /// Cost: about 80 instructions per run of pixels from one tile, besides the [spans](crate::spans).
    pub(crate) fn paint<C: PixelFormat>(
        &self,
        view: &View<'_>,
        colors: &Colors<'_, C>,
        tiles: TileView<'_>,
        strip: &mut Strip<'_, C>,
    ) {
        let clip = self.area.intersection(&strip.area());
        if clip.is_empty() || self.tile.0 == 0 || self.tile.1 == 0 {
            return;
        }
        let sheet =
            Sheet { tile: self.tile, per_row: (usize::from(view.size.width) / self.tile.0).max(1) };
        let Self { scale, transposed: vertical, mirror_x: backward, .. } = *self;
        let heading = Heading { vertical, backward, scale };
        let painter = Painter::new(view, colors, strip.format(), heading);
        let u = usize::from(clip.x1.abs_diff(self.area.x1));
        for y in clip.y1..clip.y2 {
            let (v, _) = self.axis_y().local(usize::from(y.abs_diff(self.area.y1)));
            let pixels = strip.row(y, clip.x1, clip.x2);
            if heading.is_straight() {
                self.paint_straight(pixels, (u, v), &sheet, &painter, tiles);
            } else {
                self.paint_turned(pixels, (u, v), &sheet, &painter, tiles);
            }
        }
    }

    /// Paints a row of the panel from local (`x`, `y`) on, of a grid whose pixels run as the panel's do.
    fn paint_straight<C: PixelFormat>(
        &self,
        mut rest: &mut [C::Raw],
        (x, y): (usize, usize),
        sheet: &Sheet,
        painter: &Painter<'_, C>,
        tiles: TileView<'_>,
    ) {
        let (width, height) = self.tile;
        let (row, y) = cell_at(y, height);
        let (column, mut x) = cell_at(x, width);
        let mut cell = row * self.columns + column;
        while !rest.is_empty() {
            let (pixels, after) = rest.split_at_mut((width - x).min(rest.len()));
            // No tile: the map became smaller since the grid was acknowledged.
            if let Some(tile) = tiles.get(cell) {
                let (left, top) = sheet.origin(tile);
                painter.paint_straight(pixels, left + x, top + y);
            }
            (rest, cell, x) = (after, cell + 1, 0);
        }
    }

    /// The same for any other grid, `u` panel pixels from its edge; `fixed` is the local position across the row.
    #[inline(never)]
    fn paint_turned<C: PixelFormat>(
        &self,
        mut rest: &mut [C::Raw],
        (u, fixed): (usize, usize),
        sheet: &Sheet,
        painter: &Painter<'_, C>,
        tiles: TileView<'_>,
    ) {
        let Self { scale, transposed, mirror_x: backward, columns, .. } = *self;
        let (along, across) = if transposed { (self.tile.1, self.tile.0) } else { self.tile };
        let (fixed_cell, fixed_offset) = cell_at(fixed, across);
        let (start, mut first) = self.axis_x().local(u);
        let (mut cell, mut offset) = cell_at(start, along);
        while !rest.is_empty() {
            let left_in_tile = if backward { offset } else { along - 1 - offset };
            let count = (first + left_in_tile * scale).min(rest.len());
            let (pixels, after) = core::mem::take(&mut rest).split_at_mut(count);
            let (index, x, y) = if transposed {
                (cell * columns + fixed_cell, fixed_offset, offset)
            } else {
                (fixed_cell * columns + cell, offset, fixed_offset)
            };
            // No tile: the map became smaller since the grid was acknowledged.
            if let Some(tile) = tiles.get(index) {
                let (left, top) = sheet.origin(tile);
                painter.paint_turned(pixels, Start { x: left + x, y: top + y, first });
            }
            (rest, first) = (after, scale);
            if !backward {
                (cell, offset) = (cell + 1, 0);
            } else if cell > 0 {
                (cell, offset) = (cell - 1, along - 1);
            } else {
                break;
            }
        }
    }

    /// Splits what the grid has in the strip into pieces that lie in one tile each: local pixels, and where the source
    /// would have them. For sources that show only a part of themselves.
    pub(crate) fn for_each_piece(
        &self,
        clip: &Area,
        source: Size,
        tiles: TileView<'_>,
        mut f: impl FnMut(Local, Region),
    ) {
        let (tile_width, tile_height) = self.tile;
        if clip.is_empty() || tile_width == 0 || tile_height == 0 {
            return;
        }
        let wanted = self.local_of(clip);
        // Most grids are one tile, the first: that takes no division, which a Cortex-M0 does by a call.
        let cells = |from: usize, to: usize, size: usize| {
            if to <= size { 0..1 } else { from / size..to.div_ceil(size) }
        };
        for row in cells(wanted.y1, wanted.y2, tile_height) {
            for column in cells(wanted.x1, wanted.x2, tile_width) {
                let (left, top) = (column * tile_width, row * tile_height);
                let cell =
                    Local { x1: left, y1: top, x2: left + tile_width, y2: top + tile_height };
                let piece = cell.intersection(&wanted);
                let Some(tile) = tiles.get(row * self.columns + column) else { continue };
                let per_row =
                    if tile == 0 { 1 } else { (usize::from(source.width) / tile_width).max(1) };
                let (x, y) = Sheet { tile: self.tile, per_row }.origin(tile);
                let (x, y) = (x + piece.x1 - left, y + piece.y1 - top);
                f(piece, region(x, y, &piece));
            }
        }
    }

    /// The same placement for a part of the grid that is one tile of its own size.
    pub(crate) fn of_piece(&self, piece: &Local) -> Self {
        let tile = (piece.x2 - piece.x1, piece.y2 - piece.y1);
        Self { area: self.panel_of(piece), tile, columns: 1, ..*self }
    }
}

/// The region of `piece`'s size at (`x`, `y`), beyond the end of any source if need be.
fn region(x: usize, y: usize, piece: &Local) -> Region {
    let clamped = |v: usize| u16::try_from(v).unwrap_or(u16::MAX);
    Region {
        x: clamped(x),
        y: clamped(y),
        size: Size::new(clamped(piece.x2 - piece.x1), clamped(piece.y2 - piece.y1)),
    }
}

/// The cell of `size` pixels that `position` lies in, and where in it. Most grids have one cell: they need no division.
const fn cell_at(position: usize, size: usize) -> (usize, usize) {
    if position < size { (0, position) } else { (position / size, position % size) }
}

/// How a view is divided into tiles.
struct Sheet {
    tile: (usize, usize),
    /// Tiles in a row of the view.
    per_row: usize,
}

impl Sheet {
    /// The first pixel of a tile, in the view or below it.
    const fn origin(&self, tile: u16) -> (usize, usize) {
        if tile == 0 {
            return (0, 0);
        }
        let tile = tile as usize;
        (tile % self.per_row * self.tile.0, tile / self.per_row * self.tile.1)
    }
}
