//! What all programs show: sizes, places, colours and texts.

use embedded_graphics::mono_font::{MonoFont, ascii};

pub const WIDTH: u16 = 320;
pub const HEIGHT: u16 = 240;

/// Bytes of one row, and of the strip buffers.
pub const ROW_BYTES: usize = 2 * WIDTH as usize;

/// Bytes of all rows.
pub const FRAME_BYTES: usize = ROW_BYTES * HEIGHT as usize;

/// The icon over the picture: its side, and where it is.
pub const ICON: u16 = 32;
pub const ICON_POSITION: (i16, i16) = (144, 104);

/// How many icons there are.
pub const ICONS: u16 = 2;

/// Which icon is shown after so many updates: in turn.
pub fn icon(step: usize) -> u16 {
    (step % usize::from(ICONS)) as u16
}

/// Side of a tile and of a sprite.
pub const TILE: u16 = 16;
pub const COLUMNS: u16 = WIDTH / TILE;
pub const ROWS: u16 = HEIGHT / TILE;

pub const SPRITES: usize = 40;

/// The sprite that moves.
pub const MOVING_SPRITE: usize = 20;

/// Where sprite number `index` is at first.
pub fn sprite_position(index: usize) -> (i16, i16) {
    ((37 * index % 303) as i16, (53 * index % 224) as i16)
}

/// Where it is after so many updates: a pixel further right, or back.
pub fn moved_sprite(step: usize) -> (i16, i16) {
    let (x, y) = sprite_position(MOVING_SPRITE);
    (x + (step % 2) as i16, y)
}

/// The font of all programs.
pub const FONT: &MonoFont<'static> = &ascii::FONT_6X10;

pub const LABELS: usize = 5;
pub const NAMES: [&str; LABELS] = ["Temperature", "Humidity", "Pressure", "Battery", "Uptime"];
pub const NUMBERS: [u16; LABELS] = [215, 48, 1013, 87, 1204];

/// The number that changes.
pub const CHANGING: usize = 2;

/// What it is after so many updates: the last two digits differ, or are back.
pub fn changed(step: usize) -> u16 {
    NUMBERS[CHANGING] + 7 * (step % 2) as u16
}

/// Where the name of a label is, and its number.
pub fn label_position(index: usize) -> (i16, i16) {
    (20, 20 + 40 * index as i16)
}
pub fn number_position(index: usize) -> (i16, i16) {
    (120, 20 + 40 * index as i16)
}

/// `0xRRGGBB`.
pub const BACKGROUND: u32 = 0x20_3040;
pub const NAME_COLOR: u32 = 0xc0_c0c0;
pub const NUMBER_COLOR: u32 = 0xff_ff00;

pub const CIRCLES: usize = 20;
pub const RADIUS: u16 = 20;
pub const HEXAGONS: usize = 10;
pub const HEXAGON: [(i16, i16); 6] = [(0, 10), (15, 0), (35, 5), (40, 25), (20, 40), (3, 30)];

/// The background of the shapes, and the colours that they take in turn.
pub const SHAPE_COLORS: [u32; 8] =
    [0x20_3040, 0xe0_4040, 0x40_c040, 0x40_60e0, 0xe0_c040, 0xc0_40c0, 0x40_c0c0, 0xf0_f0f0];

/// Number in [`SHAPE_COLORS`] of shape number `index`.
pub fn shape_color(index: usize) -> u16 {
    1 + (index % 7) as u16
}

/// The middle of a circle at first.
pub fn circle_position(index: usize) -> (i16, i16) {
    (20 + (47 * index % 280) as i16, 20 + (31 * index % 200) as i16)
}

/// The circle that moves.
pub const MOVING_CIRCLE: usize = 9;

/// Its middle after so many updates: a pixel further right, or back.
pub fn moved_circle(step: usize) -> (i16, i16) {
    let (x, y) = circle_position(MOVING_CIRCLE);
    (x + (step % 2) as i16, y)
}

/// The origin of a hexagon.
pub fn hexagon_position(index: usize) -> (i16, i16) {
    ((61 * index % 280) as i16, (43 * index % 200) as i16)
}
