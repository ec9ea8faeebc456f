//! The bitmaps, palettes and tables of the workloads, made by formula.

use displayio_core::{Area, Bitmap, Canvas, Depth, Heap, Palette, Rgb565, Size, TileMap};

use crate::{BenchError, tables};

/// Side of a tile and of a sprite, in pixels.
pub(crate) const TILE: u16 = 16;

/// Columns and rows of the background of tiles.
pub(crate) const MAP_CELLS: (u16, u16) = (20, 15);

/// A picture for a palette of the full-screen pictures; one bit deep, it is a pattern of vertical stripes.
pub(crate) fn indexed(size: Size, depth: Depth, heap: Heap<'_>) -> Result<Bitmap<'_>, BenchError> {
    let step = if depth == Depth::Bpp1 { 1 } else { 7 };
    ramps(size, depth, step, tables::FULL_COLUMN.map(u32::from), heap)
}

/// A picture in RGB565.
pub(crate) fn rgb565(size: Size, heap: Heap<'_>) -> Result<Bitmap<'_>, BenchError> {
    ramps(size, Depth::Bpp16, 0x1003, tables::RGB565_COLUMN.map(u32::from), heap)
}

/// 16 tiles.
pub(crate) fn sheet(heap: Heap<'_>) -> Result<Bitmap<'_>, BenchError> {
    let size = Size::new(4 * TILE, 4 * TILE);
    ramps(size, Depth::Bpp8, 7, tables::SHEET_COLUMN.map(u32::from), heap)
}

/// A bitmap whose rows start with a value of `column` and grow by `step` per pixel.
fn ramps(
    size: Size,
    depth: Depth,
    step: u32,
    column: impl IntoIterator<Item = u32>,
    heap: Heap<'_>,
) -> Result<Bitmap<'_>, BenchError> {
    let bitmap = Bitmap::new_in(size.width, size.height, depth, heap)?;
    bitmap.edit(Area::of_size(size), |canvas| {
        for (y, first) in (0..size.height).zip(column) {
            for x in 0..size.width {
                let value = first + step * u32::from(x);
                canvas.set(x.into(), y.into(), value & depth.max_value());
            }
        }
    })?;
    Ok(bitmap)
}

/// A disc of values 1 to 15 on the transparent 0.
pub(crate) fn sprite(heap: Heap<'_>) -> Result<Bitmap<'_>, BenchError> {
    let size = Size::new(TILE, TILE);
    let bitmap = Bitmap::new_in(TILE, TILE, Depth::Bpp4, heap)?;
    bitmap.edit(Area::of_size(size), draw_disc)?;
    Ok(bitmap)
}

fn draw_disc(canvas: &mut Canvas<'_>) {
    // Twice the distance from the middle, which lies between pixels.
    let from_middle = |v: u16| u32::from((2 * v).abs_diff(TILE - 1));
    for y in 0..TILE {
        for x in 0..TILE {
            let is_inside = from_middle(x).pow(2) + from_middle(y).pow(2) < 225;
            let value = if is_inside { 1 + u32::from((x + y) % 15) } else { 0 };
            canvas.set(x.into(), y.into(), value);
        }
    }
}

/// A palette of RGB888 colours.
pub(crate) fn palette<'m>(
    colors: &[u32],
    heap: Heap<'m>,
) -> Result<Palette<'m, Rgb565>, BenchError> {
    let palette = Palette::new_in(u16::try_from(colors.len()).unwrap_or(u16::MAX), heap)?;
    for (index, &color) in (0..).zip(colors) {
        palette.set(index, color)?;
    }
    Ok(palette)
}

/// Which of the 16 tiles each cell of the background shows.
pub(crate) fn tile_map(heap: Heap<'_>) -> Result<TileMap<'_>, BenchError> {
    let (columns, rows) = MAP_CELLS;
    let map = TileMap::new_in(columns, rows, heap)?;
    map.edit(|cells| {
        let places = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
        for (cell, (column, row)) in cells.iter_mut().zip(places) {
            *cell = u8::try_from((3 * column + 5 * row) % 16).unwrap_or_default();
        }
    })?;
    Ok(map)
}

/// How many labels there are.
pub(crate) const LABELS: usize = 10;

/// What each label says.
pub(crate) const TEXT: &str = "Hello World 12345678";

/// What a label says that changed in its last character.
pub(crate) const CHANGED_TEXT: &str = "Hello World 12345679";

/// Characters of [`TEXT`].
pub(crate) const TEXT_GLYPHS: u16 = 20;

fn coordinate(v: usize) -> i16 {
    i16::try_from(v).unwrap_or_default()
}

/// Where label number `index` is.
pub(crate) fn label_position(index: usize) -> (i16, i16) {
    (coordinate(10 + 8 * index), coordinate(10 + 23 * index))
}

/// Its colour, each darker than the one before.
pub(crate) fn label_color(index: usize) -> u32 {
    0xff_ffff - 0x08_1818 * u32::try_from(index).unwrap_or_default()
}

/// The background of labels that have one.
pub(crate) const LABEL_FIELD: u32 = 0x20_2060;

/// Corners of the hexagons.
pub(crate) const HEXAGON: [(i16, i16); 6] =
    [(0, 10), (15, 0), (35, 5), (40, 25), (20, 40), (3, 30)];

/// Where shape number `index` is, each a step from the one before it.
#[must_use]
pub(crate) fn scattered(index: usize, step: (usize, usize)) -> (i16, i16) {
    (coordinate(step.0 * index % 280), coordinate(step.1 * index % 200))
}

/// Its number in a palette whose first colour is the background's.
#[must_use]
pub(crate) fn color_of_shape(index: usize) -> u16 {
    u16::try_from(1 + index % 7).unwrap_or_default()
}

/// Where sprite number `index` is.
#[must_use]
pub(crate) fn sprite_position(index: usize) -> (i16, i16) {
    (coordinate(37 * index % 304), coordinate(53 * index % 224))
}

/// Where sprite number `index` is that leaves the first 40 rows of the panel alone.
#[must_use]
pub(crate) fn position_below(index: usize) -> (i16, i16) {
    (coordinate(37 * index % 303), coordinate(40 + 53 * index % 184))
}
