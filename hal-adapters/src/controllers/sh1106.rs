//! SH1106: 132x64 pixels of 1 bit, 1.3 inch, I2C or SPI.
//!
//! The start sequence is from the data sheet, and was not tried on a panel yet.

use displayio_core::Size;

use crate::{mipi::InitSequence, oled::Module};

const START: &[u8] = &[
    0xae, 0, // display off
    0x32, 0, // charge pump: 8 V
    0x40, 0, // first row on top
    0x81, 1, 0x80, // contrast
    0xa1, 0, // segments leftwards
    0xa4, 0, // show the memory
    0xa6, 0, // as stored
    0xa8, 1, 0x3f, // rows of the glass
    0xad, 1, 0x8b, // charge pump on
    0xc8, 0, // rows upwards
    0xd3, 1, 0x00, // no offset
    0xd5, 1, 0x80, // clock
    0xd9, 1, 0x1f, // pre-charge
    0xda, 1, 0x12, // every second row on either side
    0xdb, 1, 0x40, // common voltage
    0xaf, 0x80, 100, // display on
];

/// 1.3 inch, in the middle of the memory.
pub const GLASS_128X64: Module<1> =
    Module::paged(Size::new(128, 64), InitSequence::checked(START)).starting_at(2, 0);
