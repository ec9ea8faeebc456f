//! SSD1305: 132x64 pixels of 1 bit, 2.2 inch, I2C or SPI.
//!
//! The start sequence is from the data sheet, and was not tried on a panel yet.

use displayio_core::Size;

use crate::{mipi::InitSequence, oled::Module};

const fn start(rows: u8) -> [u8; 42] {
    [
        0xae,
        0, // display off
        0x20,
        1,
        0x00, // horizontal addressing
        0x40,
        0, // first row on top
        0x81,
        1,
        0x80, // contrast
        0xa1,
        0, // segments leftwards
        0xa6,
        0, // as stored
        0xa4,
        0, // show the memory
        0xa8,
        1,
        rows - 1, // rows of the glass
        0xad,
        1,
        0x8e, // master configuration
        0xc8,
        0, // rows upwards
        0xd3,
        1,
        0x00, // no offset
        0xd5,
        1,
        0x80, // clock
        0xd8,
        1,
        0x05, // one colour, low power
        0xd9,
        1,
        0xd2, // pre-charge
        0xda,
        1,
        0x12, // every second row on either side
        0xaf,
        0x80,
        100, // display on
    ]
}

const START_64: [u8; 42] = start(64);
const START_32: [u8; 42] = start(32);

const fn module(height: u16, start: &'static [u8]) -> Module<1> {
    Module::windowed(Size::new(128, height), InitSequence::checked(start)).starting_at(4, 0)
}

/// On the first 128 of 132 segments, which run leftwards.
pub const GLASS_128X64: Module<1> = module(64, &START_64);
/// 2.23 inch, on the first 128 of 132 segments, which run leftwards.
pub const GLASS_128X32: Module<1> = module(32, &START_32);
