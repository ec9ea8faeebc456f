//! Pictures in flash, made by formula: the same for all, each in the format that a library takes.

use crate::scene::{COLUMNS, FRAME_BYTES, HEIGHT, ICON, ICONS, ROWS, TILE, WIDTH};

const SIDE: usize = TILE as usize;

/// 16 tiles, one below the other.
pub const TILES: usize = 16;
pub const SHEET_HEIGHT: u16 = TILE * TILES as u16;
const SHEET_PIXELS: usize = SIDE * SIDE * TILES;

/// The value of a sprite that is not shown, and its colour in RGB565.
pub const TRANSPARENT: u8 = 0;
pub const TRANSPARENT_RGB565: u16 = PALETTE565[TRANSPARENT as usize];

/// Colours of tiles and sprites, `0xRRGGBB`, exact in RGB565.
pub const PALETTE: [u32; 16] = [
    0xff00ff, 0x083010, 0x105020, 0x207830, 0x389848, 0x60b860, 0x98d888, 0xd8f0b8, 0x301808,
    0x603010, 0x905020, 0xc07838, 0xe0a860, 0xf8d898, 0x2040a0, 0x60a0f8,
];

const PALETTE565: [u16; 16] = {
    let mut colors = [0; 16];
    let mut index = 0;
    while index < 16 {
        colors[index] = rgb565(PALETTE[index]);
        index += 1;
    }
    colors
};

/// A colour of `0xRRGGBB`, cut off as displayio does, where the conversion of embedded-graphics rounds.
pub const fn rgb565(color: u32) -> u16 {
    ((color >> 8 & 0xf800) | (color >> 5 & 0x07e0) | (color >> 3 & 0x001f)) as u16
}

/// A full-screen picture in RGB565.
pub static PICTURE_PIXELS: [u16; FRAME_BYTES / 2] = {
    let mut pixels = [0; FRAME_BYTES / 2];
    let mut pixel = 0;
    while pixel < pixels.len() {
        let (x, y) = (pixel % WIDTH as usize, pixel / WIDTH as usize);
        let color = ((y * 31 / HEIGHT as usize) << 11) | (((x ^ y) & 63) << 5) | (x / 10);
        pixels[pixel] = color as u16;
        pixel += 1;
    }
    pixels
};

const ICON_SIDE: usize = ICON as usize;
const ICON_PIXELS: usize = ICON_SIDE * ICON_SIDE;

/// Icons in RGB565, one below the other: rings, each set in other colours.
pub static ICONS_PIXELS: [u16; ICON_PIXELS * ICONS as usize] = {
    let mut pixels = [0; ICON_PIXELS * ICONS as usize];
    let mut pixel = 0;
    while pixel < pixels.len() {
        let (x, y) = (pixel % ICON_SIDE, pixel / ICON_SIDE % ICON_SIDE);
        // Twice the distance from the middle, which lies between pixels.
        let (dx, dy) = ((2 * x).abs_diff(ICON_SIDE - 1), (2 * y).abs_diff(ICON_SIDE - 1));
        let ring = (dx * dx + dy * dy) / 128;
        pixels[pixel] = PALETTE565[1 + (ring + 7 * (pixel / ICON_PIXELS)) % 15];
        pixel += 1;
    }
    pixels
};

/// Both in RGB565, the low byte first.
pub static PICTURE: [u8; FRAME_BYTES] = low_byte_first(&PICTURE_PIXELS);
pub static ICONS_RGB565: [u8; 2 * ICON_PIXELS * ICONS as usize] = low_byte_first(&ICONS_PIXELS);

const fn low_byte_first<const N: usize>(pixels: &[u16]) -> [u8; N] {
    let mut bytes = [0; N];
    let mut pixel = 0;
    while pixel < pixels.len() {
        let [low, high] = pixels[pixel].to_le_bytes();
        bytes[2 * pixel] = low;
        bytes[2 * pixel + 1] = high;
        pixel += 1;
    }
    bytes
}

/// The tiles as palette indices of 8 bits.
pub static SHEET_INDICES: [u8; SHEET_PIXELS] = {
    let mut bytes = [0; SHEET_PIXELS];
    let mut pixel = 0;
    while pixel < SHEET_PIXELS {
        let (x, y) = (pixel % SIDE, pixel / SIDE);
        let tile = y / SIDE;
        bytes[pixel] = (1 + (x * (tile + 1) + (y % SIDE) * 3 + tile) % 13) as u8;
        pixel += 1;
    }
    bytes
};

/// A disc as palette indices of 8 bits, transparent around it.
pub static SPRITE_INDICES: [u8; SIDE * SIDE] = {
    let mut bytes = [TRANSPARENT; SIDE * SIDE];
    let mut pixel = 0;
    while pixel < SIDE * SIDE {
        let (x, y) = (pixel % SIDE, pixel / SIDE);
        // Twice the distance from the middle, which lies between pixels.
        let (dx, dy) = ((2 * x).abs_diff(SIDE - 1), (2 * y).abs_diff(SIDE - 1));
        if dx * dx + dy * dy < 225 {
            bytes[pixel] = (8 + (x + y) % 8) as u8;
        }
        pixel += 1;
    }
    bytes
};

/// The same in RGB565, the low byte first.
pub static SHEET_RGB565: [u8; 2 * SHEET_PIXELS] = colored(&SHEET_INDICES);
pub static SPRITE_RGB565: [u8; 2 * SIDE * SIDE] = colored(&SPRITE_INDICES);

const fn colored<const N: usize>(indices: &[u8]) -> [u8; N] {
    let mut bytes = [0; N];
    let mut pixel = 0;
    while pixel < indices.len() {
        let [low, high] = PALETTE565[indices[pixel] as usize].to_le_bytes();
        bytes[2 * pixel] = low;
        bytes[2 * pixel + 1] = high;
        pixel += 1;
    }
    bytes
}

/// Which tile each cell of the background shows.
pub static MAP: [u8; (COLUMNS * ROWS) as usize] = {
    let mut cells = [0; (COLUMNS * ROWS) as usize];
    let mut cell = 0;
    while cell < cells.len() {
        let (column, row) = (cell % COLUMNS as usize, cell / COLUMNS as usize);
        cells[cell] = ((3 * column + 5 * row) % TILES) as u8;
        cell += 1;
    }
    cells
};
