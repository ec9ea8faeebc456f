//! What lies in flash shows as what lies in RAM does, and takes none of it.

#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "a test of small numbers")]

#[path = "support/panel.rs"]
mod panel;

use displayio_core::{
    Depth, Display, FlashPalette, FlashPaletteRgb, FlashTileMap, Group, Image, MemoryReport,
    Palette, PaletteRgb, Rgb565, Shader, Size, StorageKind, TileGrid, TileMap, Tiles,
};
use panel::MemoryPanel;

const SIZE: Size = Size::new(40, 24);

/// 300 tiles of 2x1 pixels, 16 in a row.
const SHEET: (u16, u16) = (32, 19);
const PIXELS: [u8; 32 * 19 / 2] = bytes(numbers(89, 251));
static TILES: Image = Image::new(SHEET.0, SHEET.1, Depth::Bpp4, &PIXELS);

const COLORS: [u32; 16] = numbers(0x1d_3b57, 0xff_ffff);
const TRANSPARENT: [u16; 2] = [3, 11];
static PALETTE: FlashPalette<Rgb565> = FlashPalette::new(&Rgb565.raws(COLORS))
    .with_transparent(Some(TRANSPARENT[0]))
    .with_transparent(Some(TRANSPARENT[1]));
static PALETTE_RGB: FlashPaletteRgb = FlashPaletteRgb::new(&COLORS)
    .with_transparent(Some(TRANSPARENT[0]))
    .with_transparent(Some(TRANSPARENT[1]))
    .with_dither(true);

const CELLS: (u16, u16) = (9, 11);
static NARROW: [u8; 99] = bytes(numbers(41, 256));
static WIDE: [u16; 99] = words(numbers(41, 300));
static NARROW_MAP: FlashTileMap = FlashTileMap::new(CELLS.0, CELLS.1, &NARROW);
static WIDE_MAP: FlashTileMap = FlashTileMap::new_wide(CELLS.0, CELLS.1, &WIDE);

/// `N` numbers: multiples of `step`, less than `below`.
const fn numbers<const N: usize>(step: u32, below: u32) -> [u32; N] {
    let (mut numbers, mut i) = ([0; N], 0);
    while i < N {
        numbers[i] = i as u32 * step % below;
        i += 1;
    }
    numbers
}

const fn bytes<const N: usize>(numbers: [u32; N]) -> [u8; N] {
    let (mut bytes, mut i) = ([0; N], 0);
    while i < N {
        bytes[i] = numbers[i].to_le_bytes()[0];
        i += 1;
    }
    bytes
}

const fn words<const N: usize>(numbers: [u32; N]) -> [u16; N] {
    let (mut words, mut i) = ([0; N], 0);
    while i < N {
        words[i] = numbers[i] as u16;
        i += 1;
    }
    words
}

/// The tiles turned in all eight ways, each shown through strips of some heights.
fn frames(shader: impl Shader<Rgb565>, map: impl Tiles) -> Vec<Vec<u8>> {
    let root = Group::new((TileGrid::new(&TILES, shader).with_map(map).tiles(2, 1),)).at(3, 1);
    let turns = (0..8).flat_map(|turn| [40, 80 * 3, 80 * 24].map(|bytes| (turn, bytes)));
    let frame = |(turn, buffer_bytes)| {
        let grid = &root.children().0;
        grid.set_flip_x(turn & 1 > 0);
        grid.set_flip_y(turn & 2 > 0);
        grid.set_transposed(turn & 4 > 0);
        let mut buffer = vec![0; buffer_bytes];
        let mut display = Display::new(MemoryPanel::new(SIZE, Rgb565), &mut buffer);
        display.refresh(&root).unwrap();
        assert_eq!(display.refresh(&root).unwrap().pixels, 0, "nothing changed");
        display.panel().bytes.clone()
    };
    turns.map(frame).collect()
}

#[test]
fn flash_shows_as_ram_does() {
    let (mut colors, mut colors_rgb) = ([0; 40], [0; 80]);
    let palette = Palette::<Rgb565>::from_buffer(16, &mut colors).unwrap();
    let palette_rgb = PaletteRgb::from_buffer(16, &mut colors_rgb).unwrap();
    palette_rgb.set_dither(true);
    for (index, color) in (0..).zip(COLORS) {
        palette.set(index, color).unwrap();
        palette_rgb.set(index, color).unwrap();
    }
    for index in TRANSPARENT {
        palette.set_transparent(index, true).unwrap();
        palette_rgb.set_transparent(index, true).unwrap();
    }
    let ((columns, rows), mut narrow, mut wide) = (CELLS, NARROW, WIDE);
    let shown = frames(&palette, TileMap::from_buffer(columns, rows, &mut narrow).unwrap());
    assert!(frames(&PALETTE, &NARROW_MAP) == shown, "bytes");
    let shown = frames(&palette_rgb, TileMap::from_wide_buffer(columns, rows, &mut wide).unwrap());
    assert!(frames(&PALETTE_RGB, &WIDE_MAP) == shown, "words");
    assert!(frames(&PALETTE_RGB, &NARROW_MAP) != shown, "the maps differ");
}

#[test]
fn flash_takes_no_ram() {
    let grid = |y| TileGrid::new(&TILES, &PALETTE).with_map(&WIDE_MAP).tiles(2, 1).at(0, y);
    let report = MemoryReport::<8>::of(&(grid(0), grid(20)));
    assert_eq!(report.data_bytes_in(StorageKind::ReadOnly), PIXELS.len() + 2 * 16 + 2 * 99);
    assert_eq!(report.data_bytes(), report.data_bytes_in(StorageKind::ReadOnly));
    assert_eq!(report.parts().len(), 5, "shared by the grids");
}
