//! Which tile each cell of a grid shows.

mod flash;

use core::{cell::Cell, fmt};

use displayio_allocators::{Busy, Home, OutOfMemory, Purpose, Storage, TooSmall};

pub use self::flash::FlashTileMap;
use crate::{Area, Part};

/// Why a tile was not set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum TileError {
    /// There is no such cell.
    OutOfBounds {
        /// Its column.
        column: u16,
        /// Its row.
        row: u16,
        /// Width of the map in cells.
        columns: u16,
        /// Height of the map in cells.
        rows: u16,
    },
    /// The index does not fit a cell of this map.
    IndexTooLarge {
        /// The index.
        index: u16,
        /// The largest index that fits.
        max_index: u16,
    },
    /// The indices are being viewed, or read-only.
    Busy(Busy),
}

impl From<Busy> for TileError {
    fn from(busy: Busy) -> Self {
        Self::Busy(busy)
    }
}

impl fmt::Display for TileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfBounds { column, row, columns, rows } => {
                write!(f, "no cell ({column}, {row}) in a tile map of {columns}x{rows}")
            }
            Self::IndexTooLarge { index, max_index } => {
                write!(f, "tile index {index}, above {max_index}")
            }
            Self::Busy(busy) => busy.fmt(f),
        }
    }
}

impl core::error::Error for TileError {}

/// Tile indices, open for reading.
#[derive(Debug, Clone, Copy)]
pub enum TileView<'v> {
    /// The same tile in every cell.
    One(u16),
    /// A byte per cell, row by row.
    Bytes(&'v [u8]),
    /// Two bytes per cell, row by row.
    Words(&'v [u16]),
}

impl TileView<'_> {
    /// The tile of a cell; `None` outside.
    #[inline]
    #[must_use]
    pub fn get(&self, cell: usize) -> Option<u16> {
        match self {
            Self::One(tile) => Some(*tile),
            Self::Bytes(bytes) => bytes.get(cell).map(|&tile| tile.into()),
            Self::Words(words) => words.get(cell).copied(),
        }
    }
}

/// Where a grid's tile indices live.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not tell which tiles a grid shows",
    label = "no tile indices",
    note = "a grid owns its `TileMap`, for what changed is told once; a `FlashTileMap` may be shared by reference"
)]
pub trait Tiles {
    /// Columns and rows of the grid, in cells.
    fn cells(&self) -> (u16, u16);

    /// Shows the indices to `f`; `None` while they cannot be read.
    fn view<R>(&self, f: impl FnOnce(TileView<'_>) -> R) -> Option<R>;

    /// Takes the cells that changed since the last call: an area in cells, empty for none.
    fn take_changed(&self) -> Area;

    /// Whether a cell changed since [`take_changed`](Self::take_changed).
    fn is_changed(&self) -> bool;

    /// Describes itself to a [`MemoryReport`](crate::MemoryReport).
    fn describe(&self, report: &mut dyn FnMut(Part)) {
        let _ = report;
    }
}

/// A grid of one cell.
#[derive(Debug, Default)]
pub struct OneTile(pub(crate) Cell<u16>);

impl Tiles for OneTile {
    fn cells(&self) -> (u16, u16) {
        (1, 1)
    }

    #[inline]
    fn view<R>(&self, f: impl FnOnce(TileView<'_>) -> R) -> Option<R> {
        Some(f(TileView::One(self.0.get())))
    }

    fn take_changed(&self) -> Area {
        Area::EMPTY
    }

    #[inline]
    fn is_changed(&self) -> bool {
        false
    }
}

/// A table of tile indices, one or two bytes per cell, in memory of the program's choice. One that never changes may stay in
/// flash, as a [`FlashTileMap`].
///
/// ```
/// use displayio_core::TileMap;
/// let mut memory = [0; TileMap::required_bytes(20, 15)];
/// let map = TileMap::from_buffer(20, 15, &mut memory)?;
/// map.set(3, 2, 17).unwrap();
/// assert_eq!(map.get(3, 2), Some(17));
/// # Ok::<(), displayio_core::TooSmall>(())
/// ```
pub struct TileMap<'m> {
    /// Row by row, two bytes in the order of the machine; the tag is the bytes per cell.
    storage: Storage<'m>,
    changed: Cell<Area>,
    columns: u16,
    rows: u16,
}

impl<'m> TileMap<'m> {
    /// Bytes for a map whose indices are below 256.
    #[must_use]
    pub const fn required_bytes(columns: u16, rows: u16) -> usize {
        columns as usize * rows as usize
    }

    /// Bytes for a map of any index.
    #[must_use]
    pub const fn required_wide_bytes(columns: u16, rows: u16) -> usize {
        Self::required_bytes(columns, rows).saturating_mul(2)
    }

    /// A map of zeros for indices below 256, a byte per cell.
    ///
    /// # Errors
    /// [`OutOfMemory`]; the heap is as it was.
    pub fn new_in(columns: u16, rows: u16, home: impl Into<Home<'m>>) -> Result<Self, OutOfMemory> {
        Self::allocate(columns, rows, 1, home.into())
    }

    /// A map of zeros for any index, two bytes per cell.
    ///
    /// # Errors
    /// [`OutOfMemory`]; the heap is as it was.
    pub fn new_wide_in(
        columns: u16,
        rows: u16,
        home: impl Into<Home<'m>>,
    ) -> Result<Self, OutOfMemory> {
        Self::allocate(columns, rows, 2, home.into())
    }

    /// A map in a lent buffer of one byte per cell, which keeps its contents.
    ///
    /// # Errors
    /// [`TooSmall`] unless the buffer has [`Self::required_bytes`].
    pub fn from_buffer(columns: u16, rows: u16, buffer: &'m mut [u8]) -> Result<Self, TooSmall> {
        let (needed_bytes, given_bytes) = (Self::required_bytes(columns, rows), buffer.len());
        let cells = buffer.get_mut(..needed_bytes).ok_or(TooSmall { needed_bytes, given_bytes })?;
        Ok(Self::new(Storage::from_buffer(cells), columns, rows, 1))
    }

    /// A map in a lent buffer of two bytes per cell, which keeps its contents.
    ///
    /// ```
    /// use displayio_core::TileMap;
    /// let mut memory = [0; 20 * 15];
    /// let map = TileMap::from_wide_buffer(20, 15, &mut memory)?;
    /// map.set(3, 2, 1700).unwrap();
    /// assert_eq!(map.get(3, 2), Some(1700));
    /// # Ok::<(), displayio_core::TooSmall>(())
    /// ```
    ///
    /// # Errors
    /// [`TooSmall`] unless the buffer has a word per cell, [`Self::required_wide_bytes`] in all.
    pub fn from_wide_buffer(
        columns: u16,
        rows: u16,
        buffer: &'m mut [u16],
    ) -> Result<Self, TooSmall> {
        let too_small = Self::too_small_for_words(columns, rows, buffer.len());
        let cells = buffer.get_mut(..Self::required_bytes(columns, rows)).ok_or(too_small)?;
        let storage = Storage::from_buffer(bytemuck::cast_slice_mut(cells));
        Ok(Self::new(storage, columns, rows, 2))
    }

    /// A read-only map of one byte per cell.
    ///
    /// # Errors
    /// [`TooSmall`] unless there are [`Self::required_bytes`].
    pub fn from_slice(columns: u16, rows: u16, cells: &'m [u8]) -> Result<Self, TooSmall> {
        let (needed_bytes, given_bytes) = (Self::required_bytes(columns, rows), cells.len());
        let cells = cells.get(..needed_bytes).ok_or(TooSmall { needed_bytes, given_bytes })?;
        Ok(Self::new(Storage::from_slice(cells), columns, rows, 1))
    }

    /// A read-only map of two bytes per cell.
    ///
    /// # Errors
    /// [`TooSmall`] unless there is a word per cell, [`Self::required_wide_bytes`] in all.
    pub fn from_wide_slice(columns: u16, rows: u16, cells: &'m [u16]) -> Result<Self, TooSmall> {
        let too_small = Self::too_small_for_words(columns, rows, cells.len());
        let cells = cells.get(..Self::required_bytes(columns, rows)).ok_or(too_small)?;
        Ok(Self::new(Storage::from_slice(bytemuck::cast_slice(cells)), columns, rows, 2))
    }

    const fn too_small_for_words(columns: u16, rows: u16, given_words: usize) -> TooSmall {
        let needed_bytes = Self::required_wide_bytes(columns, rows);
        TooSmall { needed_bytes, given_bytes: 2 * given_words }
    }

    fn allocate(
        columns: u16,
        rows: u16,
        bytes_per_cell: u8,
        home: Home<'m>,
    ) -> Result<Self, OutOfMemory> {
        let size_bytes = Self::required_bytes(columns, rows).saturating_mul(bytes_per_cell.into());
        let storage = Storage::zeroed_in(size_bytes, Purpose::TileMap { columns, rows }, home)?;
        Ok(Self::new(storage, columns, rows, bytes_per_cell))
    }

    const fn new(storage: Storage<'m>, columns: u16, rows: u16, bytes_per_cell: u8) -> Self {
        Self {
            storage: storage.with_tag(bytes_per_cell),
            changed: Cell::new(Area::EMPTY),
            columns,
            rows,
        }
    }

    /// Whether a cell takes two bytes, so that it holds any index.
    #[must_use]
    pub const fn is_wide(&self) -> bool {
        self.storage.tag() == 2
    }

    /// The tile of a cell; `None` outside.
    #[must_use]
    pub fn get(&self, column: u16, row: u16) -> Option<u16> {
        let cell = cell(self.cells(), column, row)?;
        self.view(|tiles| tiles.get(cell)).flatten()
    }

    /// Sets the tile of a cell; the same tile again is no change. What is redrawn is one area around all cells that changed
    /// since the last refresh.
    ///
    /// # Errors
    /// [`TileError`]; the map is as it was.
    pub fn set(&self, column: u16, row: u16, tile: u16) -> Result<(), TileError> {
        let (columns, rows) = (self.columns, self.rows);
        let out_of_bounds = TileError::OutOfBounds { column, row, columns, rows };
        let cell = cell((columns, rows), column, row).ok_or(out_of_bounds)?;
        let (word, byte) = (tile.to_ne_bytes(), u8::try_from(tile).map(|byte| [byte]));
        let new = match &byte {
            _ if self.is_wide() => &word[..],
            Ok(byte) => &byte[..],
            Err(_) => return Err(TileError::IndexTooLarge { index: tile, max_index: 0xff }),
        };
        if self.get(column, row) == Some(tile) {
            return Ok(());
        }
        self.storage.write(|bytes| {
            if let Some(stored) = bytes.get_mut(cell * new.len()..(cell + 1) * new.len()) {
                stored.copy_from_slice(new);
            }
        })?;
        self.touch(Area::clamped(
            column.into(),
            row.into(),
            i32::from(column) + 1,
            i32::from(row) + 1,
        ));
        Ok(())
    }

    /// Lets `f` change the stored cells, a byte each, or two as [`u16::to_ne_bytes`] has them; all of them count as changed.
    ///
    /// # Errors
    /// [`Busy`] while the map is viewed or when it is read-only; `f` is not called.
    pub fn edit<R>(&self, f: impl FnOnce(&mut [u8]) -> R) -> Result<R, Busy> {
        let result = self.storage.write(f)?;
        self.touch(Area::clamped(0, 0, self.columns.into(), self.rows.into()));
        Ok(result)
    }

    fn touch(&self, cells: Area) {
        self.changed.set(self.changed.get().union(&cells));
    }
}

/// The position of a cell among all of a map, row by row; `None` outside.
fn cell((columns, rows): (u16, u16), column: u16, row: u16) -> Option<usize> {
    let inside = column < columns && row < rows;
    inside.then(|| usize::from(row) * usize::from(columns) + usize::from(column))
}

impl Tiles for TileMap<'_> {
    fn cells(&self) -> (u16, u16) {
        (self.columns, self.rows)
    }

    #[inline]
    fn view<R>(&self, f: impl FnOnce(TileView<'_>) -> R) -> Option<R> {
        let is_wide = self.is_wide();
        self.storage
            .read(|bytes| {
                f(if is_wide {
                    // Blocks of heaps and lent words are aligned.
                    TileView::Words(bytemuck::try_cast_slice(bytes).unwrap_or_default())
                } else {
                    TileView::Bytes(bytes)
                })
            })
            .ok()
    }

    fn take_changed(&self) -> Area {
        self.changed.replace(Area::EMPTY)
    }

    #[inline]
    fn is_changed(&self) -> bool {
        !self.changed.get().is_empty()
    }

    fn describe(&self, report: &mut dyn FnMut(Part)) {
        let what = Purpose::TileMap { columns: self.columns, rows: self.rows };
        report(Part::of(self, what).with_data(self.storage.len(), self.storage.kind()));
    }
}

impl fmt::Debug for TileMap<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TileMap({}x{}, {:?})", self.columns, self.rows, self.storage)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use core::mem::MaybeUninit;

    use displayio_allocators::LinkedListHeap;

    use super::*;

    #[test]
    fn wide_maps_hold_any_index() {
        let mut region = [MaybeUninit::uninit(); 256];
        let heap = LinkedListHeap::new(&mut region);
        let map = TileMap::new_wide_in(4, 3, &heap).unwrap();
        map.set(3, 2, 65535).unwrap();
        assert_eq!((map.get(3, 2), map.get(2, 2), map.get(4, 2)), (Some(65535), Some(0), None));
        assert_eq!(map.take_changed(), Area::new(3, 2, 4, 3));
        map.set(3, 2, 65535).unwrap();
        assert!(!map.is_changed(), "the same tile again");
    }

    #[test]
    fn lent_words_are_cells() {
        let mut memory = [7, 300, 0, 65535, 9, 1];
        let error = TileMap::from_wide_buffer(7, 1, &mut memory).unwrap_err();
        assert_eq!((error.needed_bytes, error.given_bytes), (14, 12));
        let map = TileMap::from_wide_buffer(2, 2, &mut memory).unwrap();
        assert_eq!((map.get(1, 0), map.get(1, 1), map.get(0, 2)), (Some(300), Some(65535), None));
        map.set(0, 1, 1000).unwrap();
        map.edit(|cells| cells[..2].copy_from_slice(&258_u16.to_ne_bytes())).unwrap();
        assert!(map.is_wide(), "two bytes a cell");
        drop(map);
        assert_eq!(memory, [258, 300, 1000, 65535, 9, 1]);
        let map = TileMap::from_wide_slice(3, 2, &memory).unwrap();
        assert_eq!((map.get(2, 0), map.get(2, 1)), (Some(1000), Some(1)));
        assert_eq!(map.set(0, 0, 1), Err(TileError::Busy(Busy::ReadOnly)));
        assert!(TileMap::from_wide_slice(3, 3, &memory).is_err(), "9 cells in 6 words");
    }

    #[test]
    fn narrow_maps_refuse_large_indices() {
        let map = TileMap::from_slice(2, 1, &[1, 2]).unwrap();
        let error = |result: Result<(), TileError>| result.unwrap_err().to_string();
        assert_eq!(error(map.set(0, 0, 256)), "tile index 256, above 255");
        assert_eq!(map.set(0, 0, 2), Err(TileError::Busy(Busy::ReadOnly)));
        assert_eq!(error(map.set(2, 0, 2)), "no cell (2, 0) in a tile map of 2x1");
    }
}
