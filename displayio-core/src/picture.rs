//! A tile grid that is being painted: its pixels, run by run.

use crate::{
    Colors, Mapping, PixelFormat, PixelSource, Strip, TileView, View,
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

/// A row of all tiles of a view that are beside each other.
pub(crate) struct Line<'v> {
    rows: Rows<'v>,
    /// First byte of the row in the tiles at the top.
    start: usize,
    sheet: &'v Sheet,
    /// Tiles in the view.
    count: usize,
    /// 65536 / `per_row`, rounded up: exact for the quotients of bytes.
    per_row_inverse: usize,
}

impl<'v> Line<'v> {
    const fn new(rows: Rows<'v>, sheet: &'v Sheet, y: usize, height: usize) -> Self {
        let count = sheet.per_row * height.div_ceil(sheet.tile.1);
        let per_row_inverse = 0xffff / sheet.per_row + 1;
        Self { rows, start: rows.start(y), sheet, count, per_row_inverse }
    }

    /// Calls `put` for each eight pixels of whole tiles, which take `BYTES`, up to a tile that is not in the view. Returns how
    /// many pixels that were. One loop for tiles and pixels: two would cost half as much again.
    #[inline]
    pub(crate) fn each_eight<T, const BYTES: usize>(
        &self,
        dst: &mut [T],
        tiles: &[u8],
        put: impl Fn(&mut [T; 8], &[u8; BYTES]),
    ) -> usize {
        let Sheet { tile: (width, height), per_row } = *self.sheet;
        let bytes_per_tile = width / 8 * BYTES;
        let step = self.rows.down.wrapping_mul(height);
        let (mut tiles, mut row, mut painted) = (tiles.iter(), &[][..], 0);
        for pixels in dst.as_chunks_mut().0 {
            if row.is_empty() {
                let Some(tile) = tiles.next() else { break };
                let tile = usize::from(*tile);
                let above = (tile * self.per_row_inverse) >> 16;
                let left = (tile - above * per_row) * bytes_per_tile;
                let first = self.start.wrapping_add(above.wrapping_mul(step)).wrapping_add(left);
                let bytes = self.rows.bytes.get(first..first.wrapping_add(bytes_per_tile));
                let Some(bytes) = bytes.filter(|_| tile < self.count) else { break };
                row = bytes;
            }
            let Some((values, rest)) = row.split_first_chunk() else { break };
            put(pixels, values);
            (row, painted) = (rest, painted + 8);
        }
        painted
    }
}

/// A loop that paints runs of pixels.
pub(crate) trait PaintRun<T> {
    /// Paints a run from the bytes of a row of the view; `x` is its first pixel in those.
    fn run(&self, dst: &mut [T], row: &[u8], x: usize);
}

/// A loop that may know how to paint runs of many tiles.
pub(crate) trait PaintCells<T>: PaintRun<T> {
    /// Paints pixels of tiles in one row, as far as that is faster than their blocks. Returns how many it painted.
    fn cells(&self, dst: &mut [T], tiles: &[u8], line: &Line<'_>) -> usize {
        let _ = (dst, tiles, line);
        0
    }
}

/// Paints the blocks of a picture in a strip.
struct Blocks<'b, C: PixelFormat> {
    picture: &'b Picture<'b, C>,
    format: C,
    /// Pixels from a row of the strip to the next.
    pitch: usize,
    fast: Option<(&'b dyn PaintRun<C::Raw>, Rows<'b>)>,
}

impl<C: PixelFormat> Blocks<'_, C> {
    /// Paints pixels of one tile, from (`x`, `y`) of the view on, into the first `width` by `height` of `pixels`.
    #[inline]
    fn paint(
        &self,
        pixels: &mut [C::Raw],
        (width, height): (usize, usize),
        (x, y): (usize, usize),
    ) {
        let Self { picture, format, pitch, fast } = *self;
        let (view, mirror_y) = (picture.view, picture.mapping.mirror_y);
        let Some(lower_rows) = height.checked_sub(1) else { return };
        let pixels = pixels.get_mut(..lower_rows * pitch + width).unwrap_or_default();
        let lowest = if mirror_y { y } else { y + lower_rows };
        let (view_width, view_height) = (view.size.width.into(), view.size.height.into());
        match fast {
            Some((fast, rows)) if lowest < view_height && x + width <= view_width => {
                let (mut start, x) = (rows.start(y), x + usize::from(view.skip));
                let step = if mirror_y { rows.down.wrapping_neg() } else { rows.down };
                for pixels in pixels.chunks_mut(pitch) {
                    let pixels = pixels.get_mut(..width);
                    if let (Some(pixels), Some(row)) = (pixels, rows.bytes.get(start..)) {
                        fast.run(pixels, row, x);
                    }
                    start = start.wrapping_add(step);
                }
            }
            _ => {
                for (i, row) in pixels.chunks_mut(pitch).enumerate() {
                    let y = if mirror_y { y.wrapping_sub(i) } else { y + i };
                    let run = row.get_mut(..width).unwrap_or_default();
                    let start = Start { x, y, first: 1 };
                    (picture.loops.any)(picture, format, run, Heading::STRAIGHT, start);
                }
            }
        }
    }
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

    /// Paints what the grid has in the strip, from a view of this source.
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

    /// Paints a grid of one cell, whose rows run as the panel's do: by `fast`, or value by value where there is none and where
    /// the view does not have all pixels.
    #[inline(never)]
    pub(crate) fn paint_one(&self, strip: &mut Strip<'_, C>, fast: Option<&dyn PaintRun<C::Raw>>) {
        let clip = strip.clip(&self.mapping.area);
        let (x, y) = self.mapping.straight_at(clip.x1, clip.y1);
        let sheet = Sheet::new(self.mapping.tile, self.view.size.width, self.tiles);
        // No tile: the map became smaller since the grid was acknowledged.
        let Some(tile) = self.tiles.get(0) else { return };
        let (left, top) = sheet.origin(tile);
        let start = (left + x, top + y);
        let (format, fast) = (strip.format(), fast.zip(Rows::new(self.view)));
        let (pixels, pitch) = strip.pixels_from(clip.x1, clip.y1);
        let blocks = Blocks { picture: self, format, pitch, fast };
        blocks.paint(pixels, (clip.width().into(), clip.height().into()), start);
    }

    /// The same for any other.
    #[inline(never)]
    pub(crate) fn paint_cells(
        &self,
        strip: &mut Strip<'_, C>,
        fast: Option<&dyn PaintCells<C::Raw>>,
    ) {
        let Self { mapping, view, tiles, .. } = *self;
        let Mapping { tile: (tile_width, tile_height), columns, mirror_y, .. } = *mapping;
        let clip = strip.clip(&mapping.area);
        let (x, y) = mapping.straight_at(clip.x1, clip.y1);
        let (first_column, first_x) = cell_at(x, tile_width);
        let (mut row, mut y) = cell_at(y, tile_height);
        let sheet = Sheet::new(mapping.tile, view.size.width, tiles);
        let (clip_width, mut height_left) = (usize::from(clip.width()), usize::from(clip.height()));
        let (format, rows) = (strip.format(), Rows::new(view));
        let (mut pixels, pitch) = strip.pixels_from(clip.x1, clip.y1);
        let runs = fast.map(|fast| -> &dyn PaintRun<C::Raw> { fast });
        let blocks = Blocks { picture: self, format, pitch, fast: runs.zip(rows) };
        let has_eights =
            tile_width % 8 == 0 && view.skip == 0 && tile_width <= view.size.width.into();
        while height_left > 0 {
            let mut height = if mirror_y { y + 1 } else { tile_height - y }.min(height_left);
            let (mut left, mut x, mut cell) = (0, first_x, row * columns + first_column);
            if let (true, TileView::Bytes(tiles), Some(fast), Some(rows)) =
                (has_eights && x == 0, tiles, fast, rows)
            {
                let line = Line::new(rows, &sheet, y, view.size.height.into());
                let pixels = pixels.get_mut(..clip_width).unwrap_or_default();
                left = fast.cells(pixels, tiles.get(cell..).unwrap_or_default(), &line);
                if left > 0 {
                    height = 1;
                }
                if left < clip_width {
                    let (cells, offset) = cell_at(left, tile_width);
                    (cell, x) = (cell + cells, offset);
                }
            }
            while left < clip_width {
                let width = (tile_width - x).min(clip_width - left);
                // No tile: as above.
                if let (Some(tile), Some(pixels)) = (tiles.get(cell), pixels.get_mut(left..)) {
                    let (tile_x, tile_y) = sheet.origin(tile);
                    blocks.paint(pixels, (width, height), (tile_x + x, tile_y + y));
                }
                (left, x, cell) = (left + width, 0, cell + 1);
            }
            pixels = pixels.get_mut(height * pitch..).unwrap_or_default();
            height_left -= height;
            (row, y) = match mirror_y {
                true if height > y => (row.wrapping_sub(1), tile_height - 1),
                true => (row, y - height),
                false if y + height >= tile_height => (row + 1, 0),
                false => (row, y + height),
            };
        }
    }

    /// Paints a grid that is scaled, transposed or mirrored left to right, row by row.
    #[inline(never)]
    pub(crate) fn paint_turned<const BITS: u8>(&self, strip: &mut Strip<'_, C>) {
        let Mapping { area, scale, transposed: vertical, mirror_x: backward, .. } = *self.mapping;
        let clip = area.intersection(&strip.area());
        if clip.is_empty() {
            return;
        }
        let sheet = Sheet::new(self.mapping.tile, self.view.size.width, self.tiles);
        let heading = Heading { vertical, backward, scale };
        let painter = Painter::<'_, BITS, C>::new(self, strip.format(), heading);
        let is_opaque = scale > 1 && self.is_opaque::<BITS>();
        let u = usize::from(clip.x1.abs_diff(area.x1));
        // The local row that the last row of the strip shows in full: below it may be a copy.
        let mut copied = None;
        for y in clip.y1..clip.y2 {
            let (v, _) = self.mapping.axis_y().local(usize::from(y.abs_diff(area.y1)));
            if copied == Some(v) {
                strip.repeat_row(y, clip.x1, clip.x2);
            } else {
                let pixels = strip.row(y, clip.x1, clip.x2);
                let is_full = self.paint_row(pixels, (u, v), &sheet, &painter);
                copied = (is_full && is_opaque).then_some(v);
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

    /// Paints a row of the panel, `u` panel pixels from the grid's edge; `fixed` is the local position across the row.
    /// Tells whether there was a tile for each pixel.
    fn paint_row<const BITS: u8>(
        &self,
        mut rest: &mut [C::Raw],
        (u, fixed): (usize, usize),
        sheet: &Sheet,
        painter: &Painter<'_, BITS, C>,
    ) -> bool {
        let Mapping { tile, scale, transposed, mirror_x: backward, columns, .. } = *self.mapping;
        let (along, across) = if transposed { (tile.1, tile.0) } else { tile };
        let (fixed_cell, fixed_offset) = cell_at(fixed, across);
        let (start, mut first) = self.mapping.axis_x().local(u);
        let (mut cell, mut offset) = cell_at(start, along);
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
