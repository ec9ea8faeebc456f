//! SSD1306: 128x64 pixels of 1 bit, 0.42 to 1.3 inch, I2C or SPI.

use displayio_core::Size;

use crate::{mipi::InitSequence, oled::Module};

/// Every second row of the glass on either side of the controller, or all rows in order.
const ALTERNATING: u8 = 0x12;
const IN_ORDER: u8 = 0x02;

/// The same commands and delays as in CircuitPython's driver.
const fn start(rows: u8, com_pins: u8) -> [u8; 34] {
    [
        0xae,
        0, // display off
        0x20,
        1,
        0x00, // horizontal addressing
        0x81,
        1,
        0xcf, // contrast
        0xa1,
        0, // segments leftwards
        0xa6,
        0, // as stored
        0xc8,
        0, // rows upwards
        0xa8,
        1,
        rows - 1, // rows of the glass
        0xd5,
        1,
        0x80, // clock
        0xd9,
        1,
        0xf1, // pre-charge
        0xda,
        1,
        com_pins, // order of rows
        0xdb,
        1,
        0x40, // common voltage
        0x8d,
        1,
        0x14, // charge pump: the glass gets its voltage from the controller
        0xaf,
        0, // display on
    ]
}

const START_64: [u8; 34] = start(64, ALTERNATING);
const START_48: [u8; 34] = start(48, ALTERNATING);
const START_40: [u8; 34] = start(40, ALTERNATING);
const START_32: [u8; 34] = start(32, IN_ORDER);
const START_16: [u8; 34] = start(16, IN_ORDER);

const fn module(width: u16, height: u16, start: &'static [u8]) -> Module<1> {
    Module::windowed(Size::new(width, height), InitSequence::checked(start))
}

/// 0.96 and 1.3 inch.
pub const GLASS_128X64: Module<1> = module(128, 64, &START_64);
/// 0.91 inch.
pub const GLASS_128X32: Module<1> = module(128, 32, &START_32);
/// 0.69 inch.
pub const GLASS_96X16: Module<1> = module(96, 16, &START_16);
/// 0.66 inch, in the middle of the memory.
pub const GLASS_64X48: Module<1> = module(64, 48, &START_48).starting_at(32, 0);
/// 0.42 inch, in the middle of the memory.
pub const GLASS_72X40: Module<1> = module(72, 40, &START_40).starting_at(28, 0);
