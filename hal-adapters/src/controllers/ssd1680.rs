//! SSD1680: e-paper of up to 176x296 pixels, black and white, or red, too, 2.13 and 2.9 inch, SPI.

use displayio_core::{Mono, Planar, Size, Tricolor};

use super::{BLACK_WHITE, BLACK_WHITE_RED};
use crate::{epaper::Module, mipi::InitSequence};

/// The same commands and delays as in CircuitPython's driver.
#[rustfmt::skip]
const RED: &[u8] = &[
    0x12, 0x80, 20, // reset
    0x11, 1, 0x03, // columns, then rows, upwards
    0x3c, 1, 0x03, // border
    0x2c, 1, 0x36, // common voltage
    0x03, 1, 0x17, // gate voltage
    0x04, 3, 0x41, 0x00, 0x32, // source voltages
    0x4e, 1, 0x01, // first column
    0x4f, 2, 0x00, 0x00, // first row
    0x01, 3, 0xf9, 0x00, 0x00, // rows of the glass
    0x22, 1, 0xf4, // what an update does
];

/// From the data sheet; not compared with another driver's recording.
#[rustfmt::skip]
const fn start(rows: u16) -> [u8; 24] {
    let [low, high] = (rows - 1).to_le_bytes();
    [
        0x12, 0x80, 20, // reset
        0x01, 3, low, high, 0x00, // rows of the glass
        0x11, 1, 0x03, // columns, then rows, upwards
        0x3c, 1, 0x05, // border
        0x21, 2, 0x00, 0x80, // columns from the ninth source on
        0x18, 1, 0x80, // temperature from within
        0x22, 1, 0xf7, // what an update does
    ]
}

const START_250: [u8; 24] = start(250);
const START_296: [u8; 24] = start(296);

/// 2.13 inch, black and white.
pub const GLASS_122X250: Module<Mono> =
    Module::windowed(BLACK_WHITE, Size::new(122, 250), InitSequence::checked(&START_250));
/// 2.9 inch, black and white.
pub const GLASS_128X296: Module<Mono> =
    Module::windowed(BLACK_WHITE, Size::new(128, 296), InitSequence::checked(&START_296));
/// 2.13 inch, black, white and red, in the memory from its ninth column on.
pub const RED_GLASS_122X250: Module<Planar<Tricolor>> =
    Module::windowed(BLACK_WHITE_RED, Size::new(122, 250), InitSequence::checked(RED))
        .starting_at(8, 0)
        .updated_in_ms(15_000);
