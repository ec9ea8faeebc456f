//! Tile indices in flash.

use core::fmt;

use displayio_allocators::{Purpose, StorageKind};

use super::{TileMap, TileView, Tiles, cell};
use crate::{Area, Part};

/// Tile indices in flash, one or two bytes per cell: `Sync`, fit for a `static`, no RAM.
///
/// Grids take it by reference: any number of them may show one map, for it never changes. `displayio-assets` writes one for each
/// picture that it cuts into tiles.
///
/// ```
/// use displayio_core::{Depth, FlashTileMap, Image, PaletteRgb, TileGrid};
/// static TILES: Image = Image::new(16, 1, Depth::Bpp1, &[0b0001_1000, 0b0111_1110, 0, 0]);
/// static LEVEL: FlashTileMap = FlashTileMap::new(3, 2, &[0, 1, 0, 1, 1, 1]);
/// # let mut memory = [0; 12];
/// # let palette = PaletteRgb::from_buffer(2, &mut memory)?;
/// let grid = TileGrid::new(&TILES, &palette).tiles(8, 1).with_map(&LEVEL);
/// assert_eq!((LEVEL.get(1, 0), grid.size().width), (Some(1), 24));
/// # Ok::<(), displayio_core::TooSmall>(())
/// ```
#[derive(Clone)]
pub struct FlashTileMap {
    cells: TileView<'static>,
    columns: u16,
    rows: u16,
}

impl FlashTileMap {
    /// A map whose indices are below 256, row by row.
    ///
    /// # Panics
    /// When there are fewer bytes than cells; in a `static` that is a compile error.
    #[must_use]
    pub const fn new(columns: u16, rows: u16, cells: &'static [u8]) -> Self {
        let cell_count = TileMap::required_bytes(columns, rows);
        assert!(cells.len() >= cell_count, "too few bytes for the tile map");
        Self { cells: TileView::Bytes(cells), columns, rows }
    }

    /// A map of any indices, row by row.
    ///
    /// # Panics
    /// When there are fewer words than cells; in a `static` that is a compile error.
    #[must_use]
    pub const fn new_wide(columns: u16, rows: u16, cells: &'static [u16]) -> Self {
        let cell_count = TileMap::required_bytes(columns, rows);
        assert!(cells.len() >= cell_count, "too few words for the tile map");
        Self { cells: TileView::Words(cells), columns, rows }
    }

    /// The tile of a cell; `None` outside.
    #[must_use]
    pub fn get(&self, column: u16, row: u16) -> Option<u16> {
        self.cells.get(cell(self.cells(), column, row)?)
    }

    /// Bytes of its cells.
    const fn size_bytes(&self) -> usize {
        match self.cells {
            TileView::One(_) => 0,
            TileView::Bytes(cells) => size_of_val(cells),
            TileView::Words(cells) => size_of_val(cells),
        }
    }
}

impl Tiles for FlashTileMap {
    fn cells(&self) -> (u16, u16) {
        (self.columns, self.rows)
    }

    #[inline]
    fn view<R>(&self, f: impl FnOnce(TileView<'_>) -> R) -> Option<R> {
        Some(f(self.cells))
    }

    fn take_changed(&self) -> Area {
        Area::EMPTY
    }

    #[inline]
    fn is_changed(&self) -> bool {
        false
    }

    fn describe(&self, report: &mut dyn FnMut(Part)) {
        let what = Purpose::TileMap { columns: self.columns, rows: self.rows };
        report(Part::of(self, what).with_data(self.size_bytes(), StorageKind::ReadOnly));
    }
}

/// Of other maps, one grid would be told what changed, and all that share it would not: they are no `Tiles` by reference.
impl Tiles for &FlashTileMap {
    fn cells(&self) -> (u16, u16) {
        (**self).cells()
    }

    #[inline]
    fn view<R>(&self, f: impl FnOnce(TileView<'_>) -> R) -> Option<R> {
        (**self).view(f)
    }

    fn take_changed(&self) -> Area {
        Area::EMPTY
    }

    #[inline]
    fn is_changed(&self) -> bool {
        false
    }

    fn describe(&self, report: &mut dyn FnMut(Part)) {
        (**self).describe(report);
    }
}

impl fmt::Debug for FlashTileMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FlashTileMap({}x{}, {} bytes)", self.columns, self.rows, self.size_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static NARROW: FlashTileMap = FlashTileMap::new(3, 2, &[0, 1, 2, 3, 4, 255]);
    static WIDE: FlashTileMap = FlashTileMap::new_wide(2, 2, &[0, 256, 1000, 65535]);

    #[test]
    fn both_widths_lie_in_flash() {
        const fn is_shared<T: Sync>(_: &T) {}
        is_shared(&NARROW);
        assert_eq!([NARROW.get(2, 1), NARROW.get(3, 0), NARROW.get(0, 2)], [Some(255), None, None]);
        assert_eq!(
            [WIDE.get(1, 0), WIDE.get(1, 1), WIDE.get(2, 0)],
            [Some(256), Some(65535), None]
        );
        assert_eq!([NARROW.size_bytes(), WIDE.size_bytes()], [6, 8]);
        assert_eq!(Tiles::cells(&&WIDE), (2, 2));
    }
}
