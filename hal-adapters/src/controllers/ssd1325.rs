//! SSD1325: 128x80 pixels of 4 bits, 2.7 inch, SPI. An SSD0323 takes the same windows.

use displayio_core::Size;

use crate::{mipi::InitSequence, oled::Module};

/// The same commands and delays as in CircuitPython's driver.
const START: &[u8] = &[
    0xae, 0, // display off
    0xb3, 1, 0xa1, // clock
    0xa8, 1, 0x3f, // rows of the glass
    0xa1, 1, 0x00, // first row on top
    0xa2, 1, 0x4c, // offset
    0xad, 1, 0x02, // voltage from outside
    0xa0, 1,
    0x50, // columns rightwards, the left pixel in the low bits; rows upwards, in turn on either side
    0x86, 0, // full current
    0xb8, 8, 0x01, 0x11, 0x22, 0x32, 0x43, 0x54, 0x65, 0x76, // greys
    0x81, 1, 0x7f, // contrast
    0xb2, 1, 0x51, // row period
    0xb1, 1, 0x55, // phases
    0xb4, 1, 0x02, // pre-charge compensation
    0xb0, 1, 0x28, // its enable
    0xbc, 1, 0x3f, // pre-charge voltage
    0xbe, 1, 0x1c, // common voltage
    0xbf, 1, 0x0f, // segment voltage
    0xa4, 0, // as stored
    0xaf, 0, // display on
];

/// 2.7 inch.
pub const GLASS_128X64: Module<4> = Module::grey(Size::new(128, 64), InitSequence::checked(START));
