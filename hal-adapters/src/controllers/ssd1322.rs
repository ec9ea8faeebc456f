//! SSD1322: 480x128 pixels of 4 bits, 2.8 to 5.5 inch, SPI.
//!
//! The start sequence is from the data sheet, and was not tried on a panel yet.

use displayio_core::Size;

use crate::{mipi::InitSequence, oled::Module};

const START: &[u8] = &[
    0xfd, 1, 0x12, // take commands
    0xae, 0, // display off
    0xb3, 1, 0x91, // clock
    0xca, 1, 0x3f, // rows of the glass
    0xa2, 1, 0x00, // no offset
    0xa1, 1, 0x00, // first row on top
    0xa0, 2, 0x14,
    0x11, // columns rightwards, the left pixel in the high bits; rows upwards, both at once
    0xb5, 1, 0x00, // no inputs
    0xab, 1, 0x01, // internal regulator
    0xb4, 2, 0xa0, 0xfd, // voltage from outside, low greys enhanced
    0xc1, 1, 0x9f, // contrast
    0xc7, 1, 0x0f, // full current
    0xb9, 0, // linear greys
    0xb1, 1, 0xe2, // phases
    0xd1, 2, 0x82, 0x20, // enhancement
    0xbb, 1, 0x1f, // pre-charge voltage
    0xb6, 1, 0x08, // second pre-charge
    0xbe, 1, 0x07, // common voltage
    0xa6, 0, // as stored
    0xa9, 0, // whole picture
    0xaf, 0x80, 100, // display on
];

/// 2.8 and 3.1 inch, in the middle of the memory.
pub const GLASS_256X64: Module<4> =
    Module::wide_grey(Size::new(256, 64), InitSequence::checked(START))
        .high_first()
        .starting_at(112, 0);
