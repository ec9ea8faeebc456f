//! SSD1680: e-paper of up to 176x296 pixels, black, white and red, 2.13 inch, SPI.

use displayio_core::{BitOrder, Planar, Size, Tricolor};

use crate::{epaper::Module, mipi::InitSequence};

/// The same commands and delays as in CircuitPython's driver.
#[rustfmt::skip]
const START: &[u8] = &[
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

const FORMAT: Planar<Tricolor> = Planar { code: Tricolor { hue: 0 }, order: BitOrder::HighFirst };

/// 2.13 inch, in the memory from its ninth column on.
pub const GLASS_122X250: Module<Planar<Tricolor>> =
    Module::windowed(FORMAT, Size::new(122, 250), InitSequence::checked(START))
        .starting_at(8, 0)
        .updated_in_ms(15_000);
