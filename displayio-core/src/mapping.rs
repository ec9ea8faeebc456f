//! How pixels of the panel map to local ones of a tile grid or a label that lies there, and those to tiles.

use crate::{Area, Axes, Region, Size, TileView};

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

    /// What of an area has no coordinates below 0.
    #[inline]
    pub(crate) fn of(area: &Area) -> Self {
        let at = |v: i16| usize::from(v.max(0).unsigned_abs());
        Self { x1: at(area.x1), y1: at(area.y1), x2: at(area.x2), y2: at(area.y2) }
    }

    /// The rectangle of a size at (`x`, `y`).
    pub(crate) const fn at(x: usize, y: usize, (width, height): (usize, usize)) -> Self {
        Self { x1: x, y1: y, x2: x + width, y2: y + height }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.x1 >= self.x2 || self.y1 >= self.y2
    }

    /// The rectangle of `size` at (`dx`, `dy`) in this one.
    pub(crate) fn part(&self, dx: u16, dy: u16, size: Size) -> Self {
        let (x, y) = (self.x1 + usize::from(dx), self.y1 + usize::from(dy));
        Self::at(x, y, (size.width.into(), size.height.into()))
    }

    pub(crate) fn intersection(&self, other: &Self) -> Self {
        Self {
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
            x2: self.x2.min(other.x2),
            y2: self.y2.min(other.y2),
        }
    }

    /// The smallest rectangle around both, of which the other one has pixels.
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

/// How pixels are turned in the area that they cover, in bits. Flips act in their own axes, transposition after them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Turn(u8);

impl Turn {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const FLIP_X: u8 = 1;
    pub(crate) const FLIP_Y: u8 = 2;
    pub(crate) const TRANSPOSE: u8 = 4;

    /// Of bits that may say other things, too.
    pub(crate) const fn of(bits: u8) -> Self {
        Self(bits & (Self::FLIP_X | Self::FLIP_Y | Self::TRANSPOSE))
    }

    const fn has(self, bit: u8) -> bool {
        self.0 & bit != 0
    }

    /// The size that pixels of this size take.
    pub(crate) const fn size(self, Size { width, height }: Size) -> Size {
        if self.has(Self::TRANSPOSE) { Size::new(height, width) } else { Size::new(width, height) }
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
pub(crate) struct Axis {
    length: u16,
    scale: usize,
    mirror: bool,
}

impl Axis {
    /// The local position that panel position `u` shows, and how many panel pixels on from `u` (with it) still do.
    pub(crate) const fn local(self, u: usize) -> (usize, usize) {
        let p = if self.mirror { self.length as usize - 1 - u } else { u };
        if self.scale == 1 {
            return (p, 1);
        }
        let (local, sub) = (p / self.scale, p % self.scale);
        (local, if self.mirror { sub + 1 } else { self.scale - sub })
    }

    /// The local range that the panel range shows.
    const fn to_local(self, from: usize, to: usize) -> (usize, usize) {
        let length = self.length as usize;
        let (from, to) = if self.mirror { (length - to, length - from) } else { (from, to) };
        // A Cortex-M0 divides by a call.
        if self.scale == 1 { (from, to) } else { (from / self.scale, to.div_ceil(self.scale)) }
    }

    /// The panel range that shows the local range, clipped to the grid.
    fn to_panel(self, from: usize, to: usize) -> (i32, i32) {
        let length = i32::from(self.length);
        let clipped = |v: usize| (v * self.scale).min(self.length.into());
        let clipped = |v: usize| i32::try_from(clipped(v)).unwrap_or(length);
        let (from, to) = (clipped(from), clipped(to));
        if self.mirror { (length - to, length - from) } else { (from, to) }
    }
}

impl Mapping {
    /// A grid that covers `area`, in a group with these axes.
    ///
    /// They come by reference: where they are copied as a whole, they are cut out of a word again.
    #[inline]
    pub(crate) fn new(
        area: Area,
        axes: &Axes,
        turn: Turn,
        tile: (usize, usize),
        columns: usize,
    ) -> Self {
        if *axes == Axes::IDENTITY && turn == Turn::NONE {
            let (transposed, mirror_x, mirror_y) = (false, false, false);
            return Self { area, scale: 1, transposed, mirror_x, mirror_y, tile, columns };
        }
        let transposed = turn.has(Turn::TRANSPOSE) != axes.transposed;
        let (flip_x, flip_y) = (turn.has(Turn::FLIP_X), turn.has(Turn::FLIP_Y));
        let (flip_x, flip_y) = if transposed { (flip_y, flip_x) } else { (flip_x, flip_y) };
        Self {
            area,
            scale: axes.scale().max(1).into(),
            transposed,
            mirror_x: flip_x != (axes.dx < 0),
            mirror_y: flip_y != (axes.dy < 0),
            tile,
            columns,
        }
    }

    pub(crate) const fn axis_x(&self) -> Axis {
        Axis { length: self.area.width(), scale: self.scale, mirror: self.mirror_x }
    }

    pub(crate) const fn axis_y(&self) -> Axis {
        Axis { length: self.area.height(), scale: self.scale, mirror: self.mirror_y }
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

    /// The local pixel that shows at (`x`, `y`) of the panel, which lies in the area of a mapping that is neither scaled nor
    /// transposed, nor mirrored left to right.
    #[inline]
    pub(crate) const fn straight_at(&self, x: i16, y: i16) -> (usize, usize) {
        (x.abs_diff(self.area.x1) as usize, self.straight_y(y))
    }

    /// The local row of that pixel.
    #[inline]
    pub(crate) const fn straight_y(&self, y: i16) -> usize {
        let y = y.abs_diff(self.area.y1);
        // It wraps around where an area has no rows, of which no pixel is painted.
        (if self.mirror_y { self.area.height().wrapping_sub(1).wrapping_sub(y) } else { y })
            as usize
    }

    /// Where local pixels show, in panel space.
    pub(crate) fn panel_of(&self, local: &Local) -> Area {
        let Local { x1, y1, x2, y2 } = *local;
        let (along_x, along_y) =
            if self.transposed { ((y1, y2), (x1, x2)) } else { ((x1, x2), (y1, y2)) };
        let (u1, u2) = self.axis_x().to_panel(along_x.0, along_x.1);
        let (v1, v2) = self.axis_y().to_panel(along_y.0, along_y.1);
        let (x, y) = (i32::from(self.area.x1), i32::from(self.area.y1));
        Area::clamped(x + u1, y + v1, x + u2, y + v2)
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
                let piece = Local::at(left, top, self.tile).intersection(&wanted);
                let Some(tile) = tiles.get(row * self.columns + column) else { continue };
                let sheet = Sheet::new(self.tile, source.width, TileView::One(tile));
                let (x, y) = sheet.origin(tile);
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
pub(crate) const fn cell_at(position: usize, size: usize) -> (usize, usize) {
    if position < size { (0, position) } else { (position / size, position % size) }
}

/// How a source is divided into tiles.
pub(crate) struct Sheet {
    pub tile: (usize, usize),
    /// Tiles in a row of the source.
    pub per_row: usize,
}

impl Sheet {
    #[inline]
    pub(crate) fn new(tile: (usize, usize), width: u16, tiles: TileView<'_>) -> Self {
        // The first tile is found without a division, which a Cortex-M0 does not have.
        let per_row = match tiles {
            TileView::One(0) => 1,
            _ => (usize::from(width) / tile.0).max(1),
        };
        Self { tile, per_row }
    }

    /// The first pixel of a tile, in the source or below it.
    #[inline]
    pub(crate) const fn origin(&self, tile: u16) -> (usize, usize) {
        if tile == 0 {
            return (0, 0);
        }
        let tile = tile as usize;
        (tile % self.per_row * self.tile.0, tile / self.per_row * self.tile.1)
    }
}
