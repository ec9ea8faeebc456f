//! Pictures cut into tiles: a sheet of those that differ, and a map of which is where.

use core::{error::Error, fmt};
use std::collections::HashMap;

use displayio_core::{Depth, Size};

use crate::image::Converted;

/// The most tiles in a row of a sheet: it stays a picture that one can look at.
const MAX_SHEET_COLUMNS: u16 = 16;

/// Why a picture was not cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TilesError {
    /// Tiles of this size do not fill the picture.
    Size {
        /// Size of the picture.
        picture: Size,
        /// Size of a tile.
        tile: Size,
    },
    /// More different tiles than 16 bits can number, or than a sheet has room for.
    TooMany {
        /// How many there are.
        tiles: usize,
    },
}

impl fmt::Display for TilesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Size { picture, tile } => write!(
                f,
                "{}x{} pixels cannot be cut into tiles of {}x{}",
                picture.width, picture.height, tile.width, tile.height
            ),
            Self::TooMany { tiles } => write!(f, "{tiles} different tiles do not fit a sheet"),
        }
    }
}

impl Error for TilesError {}

/// The tiles of a picture, each once, and where they are.
///
/// ```
/// use displayio_assets::{Picture, image::Conversion, tiles::TileSet};
/// use displayio_core::Size;
/// let [red, blue] = [[255, 0, 0, 255], [0, 0, 255, 255]];
/// let level = Picture::from_rgba(4, 1, vec![red, red, blue, red])?;
/// let tiles = TileSet::cut(&Conversion::default().convert(&level)?, Size::new(1, 1))?;
/// assert_eq!((tiles.map(), tiles.tile_count()), (&[0, 0, 1, 0][..], 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct TileSet {
    sheet: Converted,
    tile: Size,
    cells: (u16, u16),
    map: Vec<u16>,
    tile_count: usize,
    mirrored_count: usize,
}

impl TileSet {
    /// Cuts a picture into tiles, numbered by first occurrence, row by row.
    ///
    /// Tiles are equal if all their values are: dither other than by the nearest colour makes most of them differ.
    ///
    /// # Errors
    /// [`TilesError`].
    pub fn cut(picture: &Converted, tile: Size) -> Result<Self, TilesError> {
        let Size { width, height } = picture.size();
        let fills = |side: u16, of: u16| side.checked_rem(of) == Some(0);
        if !fills(width, tile.width) || !fills(height, tile.height) {
            return Err(TilesError::Size { picture: picture.size(), tile });
        }
        let cells = (width / tile.width, height / tile.height);
        let mut numbers = HashMap::new();
        let mut tiles: Vec<Tile> = Vec::new();
        let mut map = Vec::new();
        for row in 0..cells.1 {
            for column in 0..cells.0 {
                let found = Tile::at(picture, tile, (column, row));
                let number = *numbers.entry(found.clone()).or_insert_with(|| {
                    tiles.push(found);
                    tiles.len() - 1
                });
                map.push(u16::try_from(number).unwrap_or(u16::MAX));
            }
        }
        let too_many = TilesError::TooMany { tiles: tiles.len() };
        if tiles.len() > 1 << 16 {
            return Err(too_many);
        }
        let sheet = sheet(picture, tile, &tiles).ok_or(too_many)?;
        let mirrored_count = mirrored_count(&tiles);
        Ok(Self { sheet, tile, cells, map, tile_count: tiles.len(), mirrored_count })
    }

    /// The unique tiles as one picture, in rows; room that is left is value 0.
    ///
    /// It is as wide as takes the fewest bytes, up to 16 tiles.
    #[must_use]
    pub const fn sheet(&self) -> &Converted {
        &self.sheet
    }

    /// Width and height of a tile.
    #[must_use]
    pub const fn tile_size(&self) -> Size {
        self.tile
    }

    /// Columns and rows of the map.
    #[must_use]
    pub const fn cells(&self) -> (u16, u16) {
        self.cells
    }

    /// Which tile each cell shows, row by row.
    #[must_use]
    pub fn map(&self) -> &[u16] {
        &self.map
    }

    /// The map as a `TileMap` stores it on little-endian machines: bytes, or pairs with the low byte first if the map
    /// [is wide](Self::is_wide).
    #[must_use]
    pub fn map_bytes(&self) -> Vec<u8> {
        let bytes_per_cell = if self.is_wide() { 2 } else { 1 };
        let cells = self.map.iter().map(|tile| tile.to_le_bytes());
        cells.flat_map(|cell| cell.into_iter().take(bytes_per_cell)).collect()
    }

    /// Number of different tiles.
    #[must_use]
    pub const fn tile_count(&self) -> usize {
        self.tile_count
    }

    /// How many of the different tiles are another one flipped. They are kept: a tile grid flips all of its tiles or none.
    #[must_use]
    pub const fn mirrored_count(&self) -> usize {
        self.mirrored_count
    }

    /// Whether a cell of the map takes two bytes.
    #[must_use]
    pub const fn is_wide(&self) -> bool {
        self.tile_count > 256
    }

    /// Bytes of the sheet's pixels and the map.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        let Size { width, height } = self.sheet.size();
        self.sheet.depth().required_bytes(width, height) + self.map_bytes().len()
    }
}

/// Values of a tile, row by row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Tile {
    values: Vec<u32>,
    width: usize,
}

impl Tile {
    fn at(picture: &Converted, size: Size, (column, row): (u16, u16)) -> Self {
        let (width, height) = (usize::from(size.width), usize::from(size.height));
        let left = usize::from(column) * width;
        let top = usize::from(row) * height;
        let rows = picture.values().chunks(picture.size().width.into()).skip(top).take(height);
        Self { values: rows.flat_map(|row| &row[left..left + width]).copied().collect(), width }
    }

    fn flipped_x(&self) -> Self {
        let rows = self.values.chunks(self.width);
        Self { values: rows.flat_map(|row| row.iter().rev()).copied().collect(), ..*self }
    }

    fn flipped_y(&self) -> Self {
        let rows = self.values.chunks(self.width).rev();
        Self { values: rows.flatten().copied().collect(), ..*self }
    }
}

/// How many tiles are a flipped form of one before them.
fn mirrored_count(tiles: &[Tile]) -> usize {
    let numbers: HashMap<_, _> = tiles.iter().zip(0..).collect();
    let is_mirrored = |&(tile, number): &(&Tile, usize)| {
        let flipped = [tile.flipped_x(), tile.flipped_y(), tile.flipped_x().flipped_y()];
        flipped.iter().any(|flipped| numbers.get(flipped).is_some_and(|&first| first < number))
    };
    tiles.iter().zip(0..).filter(is_mirrored).count()
}

/// The tiles in rows; `None` if they do not fit the largest picture.
fn sheet(picture: &Converted, tile: Size, tiles: &[Tile]) -> Option<Converted> {
    let (columns, size) = sheet_size(picture.depth(), tile, tiles.len())?;
    let (width, columns) = (usize::from(size.width), usize::from(columns));
    let mut values = vec![0; width * usize::from(size.height)];
    for (number, Tile { values: of_tile, width: tile_width }) in tiles.iter().enumerate() {
        let left = number % columns * tile_width;
        let top = number / columns * usize::from(tile.height);
        for (y, row) in (top..).zip(of_tile.chunks(*tile_width)) {
            values[y * width + left..][..*tile_width].copy_from_slice(row);
        }
    }
    Some(picture.with_values(size, values))
}

/// Columns of the sheet that takes the fewest bytes, the widest of those; and its size.
fn sheet_size(depth: Depth, tile: Size, tile_count: usize) -> Option<(u16, Size)> {
    let size = |columns: u16| {
        let rows = u16::try_from(tile_count.div_ceil(columns.into())).ok()?;
        let width = tile.width.checked_mul(columns)?;
        Some((columns, Size::new(width, tile.height.checked_mul(rows)?)))
    };
    let wide_first = (1..=MAX_SHEET_COLUMNS).rev().filter_map(size);
    wide_first.min_by_key(|(_, size)| depth.required_bytes(size.width, size.height))
}
