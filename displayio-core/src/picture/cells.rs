//! Grids of more than one cell: rows of whole tiles by one loop, all else block by block.

use super::{Blocks, PaintRun, Picture, Rows};
use crate::{
    PixelFormat, Strip, TileView,
    mapping::{Sheet, cell_at},
};

/// A row of all tiles of a view that are beside each other, each some times eight pixels wide.
#[derive(Clone, Copy)]
pub(crate) struct Line<'v> {
    /// Up to the end of the view.
    bytes: &'v [u8],
    tile_width: usize,
    /// Tiles in a row of the view.
    per_row: usize,
    /// 65536 / tiles in a row of the view, rounded up: exact for the quotients of bytes.
    per_row_inverse: usize,
    /// Bytes from a row of tiles to the next below. It wraps around.
    down: usize,
    /// First byte of the row in the tiles at the top.
    start: usize,
}

impl<'v> Line<'v> {
    /// Pixels of each tile.
    #[inline]
    pub(crate) const fn tile_width(&self) -> usize {
        self.tile_width
    }

    /// The row's bytes, `count` of them, in a tile. None if that is not in the view, whose end is not passed by wrapping around:
    /// see [`Picture::line`].
    #[inline]
    fn of_tile(&self, tile: u8, count: usize) -> Option<&'v [u8]> {
        let tile = usize::from(tile);
        let above = (tile * self.per_row_inverse) >> 16;
        // From behind a row of tiles to the next below.
        let to_next = self.down.wrapping_sub(self.per_row * count);
        let first = self.start.wrapping_add(tile * count).wrapping_add(above.wrapping_mul(to_next));
        self.bytes.get(first..)?.get(..count)
    }

    /// Calls `put` with the pixels and the bytes of each tile, which is `N` pixels wide, up to one that is not in the view.
    /// Returns how many tiles that were. Finding a tile takes 22 instructions on a Cortex-M4.
    #[inline]
    pub(crate) fn each_tile<T, const N: usize, const BYTES: usize>(
        &self,
        dst: &mut [T],
        tiles: &[u8],
        put: impl Fn(&mut [T; N], &[u8; BYTES]),
    ) -> usize {
        let mut count = 0;
        for (pixels, tile) in dst.as_chunks_mut().0.iter_mut().zip(tiles) {
            let Some(bytes) = self.of_tile(*tile, BYTES).and_then(<[u8]>::first_chunk) else {
                break;
            };
            put(pixels, bytes);
            count += 1;
        }
        count
    }

    /// The same for tiles of any width, with each eight pixels. One loop for tiles and pixels: two would cost half as much again.
    #[inline]
    pub(crate) fn each_eight<T, const BYTES: usize>(
        &self,
        dst: &mut [T],
        tiles: &[u8],
        put: impl Fn(&mut [T; 8], &[u8; BYTES]),
    ) -> usize {
        let eights_per_tile = self.tile_width() / 8;
        let (mut eights, mut tiles) = (dst.as_chunks_mut().0.iter_mut(), tiles.iter());
        let (mut row, mut count) = (&[][..], 0);
        loop {
            if row.is_empty() {
                if eights.len() < eights_per_tile {
                    break;
                }
                let tile =
                    tiles.next().and_then(|tile| self.of_tile(*tile, eights_per_tile * BYTES));
                let Some(bytes) = tile else { break };
                (row, count) = (bytes, count + 1);
            }
            let Some((pixels, (values, after))) = eights.next().zip(row.split_first_chunk()) else {
                break;
            };
            put(pixels, values);
            row = after;
        }
        count
    }
}

/// A loop that paints a row of many tiles.
pub(crate) trait PaintTiles<T> {
    /// Paints whole tiles, up to one that is not in the view. Returns how many it painted.
    fn tiles(&self, dst: &mut [T], tiles: &[u8], line: &Line<'_>) -> usize;
}

/// A grid of cells that is about to be painted.
struct Cells<'c, C: PixelFormat> {
    blocks: Blocks<'c, C>,
    sheet: Sheet,
    fast: Option<(&'c dyn PaintRun<C::Raw>, Rows<'c>)>,
}

impl<C: PixelFormat> Cells<'_, C> {
    /// Paints `height` rows of the first `width` of `pixels`: from pixel (`x`, `y`) of cell number `cell` on, and of those after it.
    #[inline(never)]
    fn paint(
        &self,
        mut pixels: &mut [C::Raw],
        mut width: usize,
        mut cell: usize,
        (mut x, y): (usize, usize),
        height: usize,
    ) {
        while width > 0 {
            let count = (self.sheet.tile.0 - x).min(width);
            // No tile: the map became smaller since the grid was acknowledged.
            if let Some(tile) = self.blocks.picture.tiles.get(cell) {
                let (left, top) = self.sheet.origin(tile);
                let (size, start) = ((count, height), (left + x, top + y));
                match &self.fast {
                    Some((fast, rows)) if self.blocks.has_tile(left, top) => {
                        self.blocks.paint(pixels, size, start, *fast, rows);
                    }
                    _ => self.blocks.paint_by_value(pixels, size, start),
                }
            }
            pixels = pixels.get_mut(count..).unwrap_or_default();
            (width, x, cell) = (width - count, 0, cell + 1);
        }
    }

    /// Paints one row: whole tiles by `by_tiles`, as long as they are in the view.
    fn paint_line(
        &self,
        mut pixels: &mut [C::Raw],
        mut cell: usize,
        (x, y): (usize, usize),
        tiles: &[u8],
        by_tiles: &dyn PaintTiles<C::Raw>,
        line: &Line<'_>,
    ) {
        let tile_width = self.sheet.tile.0;
        if x > 0 {
            let (first, rest) = pixels.split_at_mut(tile_width - x);
            self.paint(first, first.len(), cell, (x, y), 1);
            (pixels, cell) = (rest, cell + 1);
        }
        loop {
            let count = by_tiles.tiles(pixels, tiles.get(cell..).unwrap_or_default(), line);
            pixels = pixels.get_mut(count * tile_width..).unwrap_or_default();
            if pixels.is_empty() {
                return;
            }
            let (next, rest) = pixels.split_at_mut(tile_width.min(pixels.len()));
            self.paint(next, next.len(), cell + count, (0, y), 1);
            (pixels, cell) = (rest, cell + count + 1);
        }
    }
}

/// Divides. A Cortex-M0 does that by a call of 110 instructions, and most sheets are powers of two.
#[inline]
const fn quotient(dividend: usize, divisor: usize) -> usize {
    if divisor.is_power_of_two() {
        dividend >> divisor.trailing_zeros()
    } else {
        dividend / divisor
    }
}

impl<C: PixelFormat> Picture<'_, C> {
    /// Paints a grid whose rows run as the panel's do: whole tiles by `by_tiles`, all other blocks by `fast`, if these are there,
    /// or value by value.
    #[inline(never)]
    pub(crate) fn paint_cells(
        &self,
        strip: &mut Strip<'_, C>,
        fast: Option<&dyn PaintRun<C::Raw>>,
        by_tiles: Option<&dyn PaintTiles<C::Raw>>,
    ) {
        let (mapping, rows) = (self.mapping, Rows::new(self.view));
        let (tile_width, tile_height) = mapping.tile;
        let clip = strip.clip(&mapping.area);
        let (x, y) = mapping.straight_at(clip.x1, clip.y1);
        let (first_column, first_x) = cell_at(x, tile_width);
        let mut row = quotient(y, tile_height);
        let mut y = y - row * tile_height;
        let (width, mut height_left) = (usize::from(clip.width()), usize::from(clip.height()));
        let format = strip.format();
        let (mut pixels, pitch) = strip.pixels_from(clip.x1, clip.y1);
        let blocks = Blocks { picture: self, format, pitch };
        let per_row = quotient(self.view.size.width.into(), tile_width).max(1);
        let sheet = Sheet { tile: mapping.tile, per_row };
        let cells = Cells { blocks, sheet, fast: fast.zip(rows) };
        // Rows of two whole tiles and more are painted one by one.
        let mut lines = match (self.tiles, by_tiles, &cells.fast) {
            (TileView::Bytes(tiles), Some(by_tiles), Some((_, rows)))
                if width + first_x >= 3 * tile_width =>
            {
                self.line(rows, &cells.sheet).map(|line| (tiles, by_tiles, rows, line))
            }
            _ => None,
        };
        if height_left == 0 {
            return;
        }
        loop {
            let cell = row * mapping.columns + first_column;
            let height = if let Some((tiles, by_tiles, rows, line)) = &mut lines {
                line.start = rows.start(y);
                let pixels = pixels.get_mut(..width).unwrap_or_default();
                cells.paint_line(pixels, cell, (first_x, y), tiles, *by_tiles, line);
                1
            } else {
                let height =
                    if mapping.mirror_y { y + 1 } else { tile_height - y }.min(height_left);
                cells.paint(pixels, width, cell, (first_x, y), height);
                height
            };
            height_left -= height;
            if height_left == 0 {
                return;
            }
            pixels = pixels.get_mut(height * pitch..).unwrap_or_default();
            (row, y) = match mapping.mirror_y {
                true if height > y => (row.wrapping_sub(1), tile_height - 1),
                true => (row, y - height),
                false if y + height >= tile_height => (row + 1, 0),
                false => (row, y + height),
            };
        }
    }

    /// Rows of whole tiles, if a loop for these may paint them.
    #[inline]
    fn line<'v>(&self, rows: &Rows<'v>, sheet: &Sheet) -> Option<Line<'v>> {
        let (view, &Sheet { tile: (tile_width, height), per_row }) = (self.view, sheet);
        let is_in_view = tile_width <= view.size.width.into() && height <= view.size.height.into();
        // Then 256 tiles and one more, in one column and from either end, are not as many bytes as there are positions.
        let are_positions_unique = rows.bytes.len() <= usize::MAX / 512;
        (tile_width % 8 == 0 && view.skip == 0 && is_in_view && are_positions_unique).then(|| {
            Line {
                bytes: rows.bytes,
                tile_width,
                per_row,
                per_row_inverse: quotient(0xffff, per_row) + 1,
                down: rows.down.wrapping_mul(height),
                start: 0,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        Area, Colors, Depth, Mapping, Picture, PixelLayout, Rgb565Le, Size, Strip, Table, TileView,
        View,
    };

    /// Width and height of the grid's area, in pixels.
    const SIZE: (i16, i16) = (96, 40);

    /// Tiles of some widths, of which the last are not in the view, from any pixel on and upside down in both ways, against one
    /// pixel at a time.
    #[test]
    fn rows_of_tiles_equal_single_pixels() {
        let bytes: [u8; 64 * 36] = core::array::from_fn(|i| (i * 73 + 5).to_le_bytes()[0]);
        let colors: [u16; 256] = core::array::from_fn(|i| u16::try_from(i).unwrap() + 1);
        let map: [u8; 60] = core::array::from_fn(|i| [0, 3, 1, 9, 2, 13, 250, 5][i % 8]);
        for (depth, width) in [(Depth::Bpp8, 16), (Depth::Bpp8, 24), (Depth::Bpp4, 8)] {
            for (transparent, flips) in [(&[][..], 0..4), (&[0x92; 32], 0..1)] {
                for (bottom_up, mirror_y) in flips.map(|flip| (flip & 1 > 0, flip & 2 > 0)) {
                    let size = Size::new(60, 36);
                    let view = View::new(&bytes, 64, size, PixelLayout::Packed(depth));
                    let view = View { bottom_up, ..view };
                    let table = Table { colors: &colors, transparent };
                    check(&view, table, TileView::Bytes(&map), (width, 8), mirror_y);
                }
            }
        }
    }

    fn check(
        view: &View<'_>,
        table: Table<'_, u16>,
        tiles: TileView<'_>,
        tile: (usize, usize),
        mirror_y: bool,
    ) {
        let columns = 96 / tile.0;
        let mapping = Mapping {
            area: Area::new(0, 0, SIZE.0, SIZE.1),
            scale: 1,
            transposed: false,
            mirror_x: false,
            mirror_y,
            tile,
            columns,
        };
        for (x, y, height) in (0..20).flat_map(|x| [(x, 0, 1), (x, 5, 1), (x, 3, 30)]) {
            let area = Area::new(x, y, SIZE.0 - x / 2, y + height);
            let (mut fast, mut slow) = ([0; 96 * 30], [0; 96 * 30]);
            let mut strip = Strip::new(area, &mut fast, Rgb565Le).unwrap();
            let picture =
                Picture::new::<View<'_>>(&mapping, view, Colors::Ready(table), tiles, false);
            picture.paint::<View<'_>>(&mut strip);
            let places = (area.y1..area.y2).flat_map(|y| (area.x1..area.x2).map(move |x| (x, y)));
            for ((x, y), pixel) in places.zip(&mut slow) {
                let y = if mirror_y { SIZE.1 - 1 - y } else { y };
                let (x, y) = (usize::try_from(x).unwrap(), usize::try_from(y).unwrap());
                let tile_number: usize =
                    tiles.get(y / tile.1 * columns + x / tile.0).unwrap().into();
                let per_row = usize::from(view.size.width) / tile.0;
                let left = tile_number % per_row * tile.0 + x % tile.0;
                let top = tile_number / per_row * tile.1 + y % tile.1;
                *pixel = table.get(view.get(left, top)).unwrap_or(0);
            }
            assert_eq!(fast, slow, "{area:?} of {mapping:?}, {view:?}");
        }
    }
}
