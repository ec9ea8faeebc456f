//! SH1107: 128x128 pixels of 1 bit, 1.1 to 1.5 inch, I2C or SPI.

use displayio_core::Size;

use crate::{mipi::InitSequence, oled::Module};

/// The same commands and delays as in CircuitPython's driver.
const fn start(offset: u8) -> [u8; 33] {
    [
        0xae, 0, // display off
        0xdc, 1, 0x00, // first row on top
        0x81, 1, 0x4f, // contrast
        0x20, 0, // page addressing
        0xa0, 0, // segments rightwards
        0xc0, 0, // rows downwards
        0xa8, 1, 0x7f, // rows of the glass
        0xd3, 1, offset, // the first of them
        0xd9, 1, 0x22, // pre-charge
        0xdb, 1, 0x35, // common voltage
        0xa4, 0, // show the memory
        0xa6, 0, // as stored
        0xaf, 0x80, 100, // display on
    ]
}

const START_64: [u8; 33] = start(0x60);
const START_128: [u8; 33] = start(0);

/// 1.3 inch, sold as 64x128 by some: pages run along the long side.
pub const GLASS_128X64: Module<1> =
    Module::paged(Size::new(128, 64), InitSequence::checked(&START_64));
/// 1.12 and 1.5 inch.
pub const GLASS_128X128: Module<1> =
    Module::paged(Size::new(128, 128), InitSequence::checked(&START_128));
