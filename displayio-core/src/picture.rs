//! A tile grid that is being painted: its pixels, run by run.

mod cells;

pub(crate) use self::cells::{Line, PaintTiles};
use crate::{
    Area, Colors, Mapping, PixelFormat, PixelSource, Strip, TileView, View,
    mapping::{Sheet, cell_at},
    spans::{AllLoops, Heading, Loops, Painter, Start, layout_of},
};

/// The rows of a view in the order of the panel's.
#[derive(Clone, Copy)]
struct Rows<'v> {
    /// Up to the end of the view.
    bytes: &'v [u8],
    /// First byte of row 0.
    first: usize,
    /// Bytes from a row to the next below. It wraps around, as other positions do, where views are upside down.
    down: usize,
}

impl<'v> Rows<'v> {
    /// None where there are fewer bytes than rows: what is missing reads as 0.
    #[inline]
    fn new(view: &View<'v>) -> Option<Self> {
        let stride = view.stride_bytes;
        let bytes = view.bytes.get(..usize::from(view.size.height) * stride)?;
        let (first, down) = if view.bottom_up {
            (bytes.len().wrapping_sub(stride), stride.wrapping_neg())
        } else {
            (0, stride)
        };
        (!bytes.is_empty()).then_some(Self { bytes, first, down })
    }

    #[inline]
    const fn start(&self, y: usize) -> usize {
        self.first.wrapping_add(y.wrapping_mul(self.down))
    }
}

/// A loop that paints runs of pixels.
pub(crate) trait PaintRun<T> {
    /// Paints a run from the bytes of a row of the view; `x` is its first pixel in those.
    fn run(&self, dst: &mut [T], row: &[u8], x: usize);
}

/// Paints blocks of a picture, each of one tile, in a strip.
struct Blocks<'b, C: PixelFormat> {
    picture: &'b Picture<'b, C>,
    format: C,
    /// Pixels from a row of the strip to the next.
    pitch: usize,
}

impl<C: PixelFormat> Blocks<'_, C> {
    /// Whether the view has all of the tile at (`left`, `top`).
    #[inline]
    const fn has_tile(&self, left: usize, top: usize) -> bool {
        let ((width, height), size) = (self.picture.mapping.tile, self.picture.view.size);
        left + width <= size.width as usize && top + height <= size.height as usize
    }

    /// Paints pixels from (`x`, `y`) of the view on, all in it, into the first `width` by `height` of `pixels`.
    ///
    /// Inlined twice: a call would be 20 instructions more for each grid of one cell.
    #[inline(always)]
    fn paint(
        &self,
        pixels: &mut [C::Raw],
        (width, height): (usize, usize),
        (x, y): (usize, usize),
        fast: &dyn PaintRun<C::Raw>,
        rows: &Rows<'_>,
    ) {
        let Picture { mapping, view, .. } = *self.picture;
        let (mut start, x) = (rows.start(y), x + usize::from(view.skip));
        let step = if mapping.mirror_y { rows.down.wrapping_neg() } else { rows.down };
        for pixels in pixels.chunks_mut(self.pitch).take(height) {
            if let (Some(pixels), Some(row)) = (pixels.get_mut(..width), rows.bytes.get(start..)) {
                fast.run(pixels, row, x);
            }
            start = start.wrapping_add(step);
        }
    }

    /// The same, value by value: perhaps not all are in the view.
    #[inline(never)]
    fn paint_by_value(
        &self,
        pixels: &mut [C::Raw],
        (width, height): (usize, usize),
        (x, y): (usize, usize),
    ) {
        let Self { picture, format, pitch, .. } = *self;
        for (i, row) in pixels.chunks_mut(pitch).take(height).enumerate() {
            let y = if picture.mapping.mirror_y { y.wrapping_sub(i) } else { y + i };
            let run = row.get_mut(..width).unwrap_or_default();
            let start = Start { x, y, first: 1 };
            (picture.loops.any)(picture, format, run, Heading::STRAIGHT, start);
        }
    }
}

/// Where a row of the panel starts, along it.
struct RowStart {
    cell: usize,
    /// First pixel in the tile.
    offset: usize,
    /// Panel pixels that this has left.
    first: usize,
}

/// All that is needed to paint a grid: where it is, its tiles and their pixels and colours.
pub(crate) struct Picture<'p, C: PixelFormat> {
    pub mapping: &'p Mapping,
    /// Holds all tiles.
    pub view: &'p View<'p>,
    pub colors: Colors<'p, C>,
    pub tiles: TileView<'p>,
    pub loops: Loops<C>,
}

impl<'p, C: PixelFormat> Picture<'p, C> {
    /// All of a view of a source, in one cell.
    #[inline]
    pub(crate) fn of_view<S: PixelSource>(
        mapping: &'p Mapping,
        view: &'p View<'p>,
        colors: Colors<'p, C>,
    ) -> Self {
        Self::new::<S>(mapping, view, colors, TileView::One(0), true)
    }

    /// Tiles of a view of a source, in one cell (`is_single`) or more.
    #[inline]
    pub(crate) fn new<S: PixelSource>(
        mapping: &'p Mapping,
        view: &'p View<'p>,
        colors: Colors<'p, C>,
        tiles: TileView<'p>,
        is_single: bool,
    ) -> Self {
        let loops = Loops::new::<S>(&colors, view.layout, is_single);
        Self { mapping, view, colors, tiles, loops }
    }

    /// Paints what the grid has in the strip, and in those that it leads to, from a view of this source.
    ///
    /// Cost: some 40 instructions per run of pixels from one tile, besides the [spans](crate::spans).
    pub(crate) fn paint<S: PixelSource>(&self, strip: &mut Strip<'_, C>) {
        let Mapping { tile, scale, transposed, mirror_x, .. } = *self.mapping;
        if tile.0 == 0 || tile.1 == 0 {
            return;
        }
        if scale == 1 && !transposed && !mirror_x {
            (self.loops.straight)(self, strip);
        } else {
            (const { AllLoops::<C>::of::<S>() }.turned)(self, strip);
        }
    }

    /// Paints a grid of one cell, whose rows run as the panel's do. False where the view does not have all of its tile.
    #[inline(never)]
    pub(crate) fn paint_one(&self, strip: &mut Strip<'_, C>, fast: &dyn PaintRun<C::Raw>) -> bool {
        let area = &self.mapping.area;
        let sheet = Sheet::new(self.mapping.tile, self.view.size.width, self.tiles);
        let blocks = Blocks { picture: self, format: strip.format(), pitch: strip.pitch() };
        let (Some(number), Some(rows)) = (self.tiles.get(0), Rows::new(self.view)) else {
            return false;
        };
        let (left, top) = sheet.origin(number);
        if !blocks.has_tile(left, top) {
            return false;
        }
        // All strips have the same columns.
        let Area { x1, x2, .. } = strip.clip(area);
        let (width, x) = (usize::from(x1.abs_diff(x2)), left + usize::from(x1.abs_diff(area.x1)));
        let column = usize::from(x1.abs_diff(strip.area().x1));
        loop {
            let (row, height) = strip.rows_of(area);
            let y = top + self.mapping.straight_y(strip.area().y1.max(area.y1));
            let first = row * blocks.pitch + column;
            let pixels = strip.pixels().get_mut(first..).unwrap_or_default();
            blocks.paint(pixels, (width, height), (x, y), fast, &rows);
            if !strip.advance_in(area) {
                return true;
            }
        }
    }

    /// Paints any grid, row by row: one that is scaled, transposed or mirrored left to right, or whose view lacks pixels.
    #[inline(never)]
    pub(crate) fn paint_turned<const BITS: u8>(&self, strip: &mut Strip<'_, C>) {
        let Mapping { ref area, scale, tile, transposed: vertical, mirror_x: backward, .. } =
            *self.mapping;
        // All strips have the same columns.
        let clip = strip.clip(area);
        if clip.is_empty() {
            return;
        }
        let (x, first) = self.mapping.axis_x().local(clip.x1.abs_diff(area.x1).into());
        let (cell, offset) = cell_at(x, if vertical { tile.1 } else { tile.0 });
        let start = RowStart { cell, offset, first };
        let sheet = Sheet::new(self.mapping.tile, self.view.size.width, self.tiles);
        let heading = Heading { vertical, backward, scale };
        let painter = Painter::<'_, BITS, C>::new(self, strip.format(), heading);
        let is_opaque = scale > 1 && self.is_opaque::<BITS>();
        let keeps_row = strip.keeps_row();
        // The local row that the row above shows in full: below it may be a copy.
        let mut copied = None;
        loop {
            if !keeps_row {
                copied = None;
            }
            let bounds = strip.area();
            for y in bounds.y1.max(area.y1)..bounds.y2.min(area.y2) {
                let (v, _) = self.mapping.axis_y().local(usize::from(y.abs_diff(area.y1)));
                if copied != Some(v) {
                    let pixels = strip.row(y, clip.x1, clip.x2);
                    let is_full = self.paint_row(pixels, &start, v, &sheet, &painter);
                    copied = (is_full && is_opaque).then_some(v);
                } else if !keeps_row {
                    strip.repeat_row(y, clip.x1, clip.x2);
                }
            }
            if !strip.advance_in(area) {
                return;
            }
        }
    }

    /// Whether each value has a colour.
    const fn is_opaque<const BITS: u8>(&self) -> bool {
        let max_value = layout_of::<BITS>(self.view).max_value();
        match &self.colors {
            Colors::Ready(table) => table.is_opaque(max_value),
            Colors::Rgb { table, .. } => table.is_opaque(max_value),
            Colors::Convert(conversion) => conversion.transparent.is_none(),
        }
    }

    /// Paints a row of the panel; `fixed` is the local position across it. Tells whether there was a tile for each pixel.
    fn paint_row<const BITS: u8>(
        &self,
        mut rest: &mut [C::Raw],
        &RowStart { mut cell, mut offset, mut first }: &RowStart,
        fixed: usize,
        sheet: &Sheet,
        painter: &Painter<'_, BITS, C>,
    ) -> bool {
        let Mapping { tile, scale, transposed, mirror_x: backward, columns, .. } = *self.mapping;
        let (along, across) = if transposed { (tile.1, tile.0) } else { tile };
        let (fixed_cell, fixed_offset) = cell_at(fixed, across);
        let mut is_full = true;
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
            if let Some(tile) = self.tiles.get(index) {
                let (left, top) = sheet.origin(tile);
                painter.paint(pixels, Start { x: left + x, y: top + y, first });
            } else {
                is_full = false;
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
        is_full
    }
}
