//! SSD1327: 128x128 pixels of 4 bits, 1.1 to 1.5 inch, I2C or SPI.

use displayio_core::Size;

use crate::{mipi::InitSequence, oled::Module};

/// The same commands and delays as in CircuitPython's driver.
const START: &[u8] = &[
    0xae, 0, // display off
    0x81, 1, 0x80, // contrast
    0xa0, 1,
    0x53, // columns leftwards, and so the pixels of a byte; rows upwards, in turn on either side
    0xa1, 1, 0x00, // first row on top
    0xa2, 1, 0x00, // no offset
    0xa4, 0, // as stored
    0xa8, 1, 0x7f, // rows of the glass
    0xb1, 1, 0x11, // phases
    0xb8, 15, 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x10, 0x18, 0x20, 0x2f, 0x38,
    0x3f, // greys
    0xb3, 1, 0x00, // clock
    0xab, 1, 0x01, // internal regulator
    0xb6, 1, 0x04, // second pre-charge
    0xbe, 1, 0x0f, // common voltage
    0xbc, 1, 0x08, // pre-charge voltage
    0xd5, 1, 0x62, // second pre-charge on
    0xfd, 1, 0x12, // take commands
    0xaf, 0, // display on
];

/// 1.5 inch.
pub const GLASS_128X128: Module<4> =
    Module::grey(Size::new(128, 128), InitSequence::checked(START));
