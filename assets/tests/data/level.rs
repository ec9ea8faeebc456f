// Made by displayio-assets.

/// 48x8 pixels, indexed, 4 bits each.
#[rustfmt::skip]
pub static LEVEL: ::displayio_core::Image =
    ::displayio_core::Image::new(48, 8, ::displayio_core::Depth::Bpp4, include_bytes!("level.bin"));
/// Colors of `LEVEL`, `0xRRGGBB`.
#[rustfmt::skip]
pub const LEVEL_COLORS: [u32; 5] = [
    0x60_4020, 0x80_5830, 0x40_a040, 0x70_b8f0, 0xff_d030,
];
/// The value of transparent pixels of `LEVEL`.
pub const LEVEL_TRANSPARENT: Option<u16> = None;
/// Columns and rows of `LEVEL_MAP`.
pub const LEVEL_CELLS: (u16, u16) = (8, 6);
/// Width and height of a tile of `LEVEL`.
pub const LEVEL_TILE: (u16, u16) = (8, 8);
/// Tile of each cell, as `TileGrid::with_map` shows it from flash.
pub static LEVEL_MAP: ::displayio_core::FlashTileMap =
    ::displayio_core::FlashTileMap::new(8, 6, &LEVEL_INDICES);
/// Tile of each cell, row by row.
#[rustfmt::skip]
pub static LEVEL_INDICES: [u8; 48] = [
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0,
    0, 0, 2, 3, 3, 4, 0, 0, 0, 2, 5, 5, 5, 5, 4, 0,
    3, 5, 5, 5, 5, 5, 5, 3, 5, 5, 5, 5, 5, 5, 5, 5,
];

