//! SSD1681: e-paper of 200x200 pixels, black and white, 1.54 inch, SPI.

use displayio_core::{Mono, Size};

use super::BLACK_WHITE;
use crate::{epaper::Module, mipi::InitSequence};

/// From the data sheet; not compared with another driver's recording.
#[rustfmt::skip]
const START: &[u8] = &[
    0x12, 0x80, 20, // reset
    0x01, 3, 0xc7, 0x00, 0x00, // rows of the glass
    0x11, 1, 0x03, // columns, then rows, upwards
    0x3c, 1, 0x05, // border
    0x18, 1, 0x80, // temperature from within
    0x22, 1, 0xf7, // what an update does
];

/// 1.54 inch.
pub const GLASS_200X200: Module<Mono> =
    Module::windowed(BLACK_WHITE, Size::new(200, 200), InitSequence::checked(START));
