//! SSD1309: 128x64 pixels of 1 bit, 1.5 to 2.4 inch, I2C or SPI. The glass's voltage comes from the module.
//!
//! The start sequence is from the data sheet, and was not tried on a panel yet.

use displayio_core::Size;

use crate::{mipi::InitSequence, oled::Module};

const START: &[u8] = &[
    0xfd, 1, 0x12, // take commands
    0xae, 0, // display off
    0x20, 1, 0x00, // horizontal addressing
    0x40, 0, // first row on top
    0x81, 1, 0x7f, // contrast
    0xa1, 0, // segments leftwards
    0xa6, 0, // as stored
    0xa4, 0, // show the memory
    0xa8, 1, 0x3f, // rows of the glass
    0xc8, 0, // rows upwards
    0xd3, 1, 0x00, // no offset
    0xd5, 1, 0xa0, // clock
    0xd9, 1, 0x82, // pre-charge
    0xda, 1, 0x12, // every second row on either side
    0xdb, 1, 0x34, // common voltage
    0xaf, 0x80, 100, // display on
];

/// 1.54 and 2.42 inch.
pub const GLASS_128X64: Module<1> =
    Module::windowed(Size::new(128, 64), InitSequence::checked(START));
