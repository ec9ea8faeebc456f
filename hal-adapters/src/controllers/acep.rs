//! E-paper of seven inks (`ACeP`), 7.3 inch, SPI.

use displayio_core::{BitOrder, Packed, Packing, SevenColor, Size};

use crate::{epaper::Module, mipi::InitSequence};

/// The same commands and delays as in CircuitPython's driver.
#[rustfmt::skip]
const COMMANDS: &[u8] = &[
    0xaa, 6, 0x49, 0x55, 0x20, 0x08, 0x09, 0x18, // take commands
    0x01, 6, 0x3f, 0x00, 0x32, 0x2a, 0x0e, 0x2a, // power
    0x00, 2, 0x5f, 0x69, // panel
    0x03, 4, 0x00, 0x54, 0x00, 0x44, // power off
    0x05, 4, 0x40, 0x1f, 0x1f, 0x2c, // booster
    0x06, 4, 0x6f, 0x1f, 0x16, 0x25,
    0x08, 4, 0x6f, 0x1f, 0x1f, 0x22,
    0x13, 2, 0x00, 0x04, // interface
    0x30, 1, 0x02, // clock
    0x41, 1, 0x00, // temperature
    0x50, 1, 0x3f, // border
    0x60, 2, 0x02, 0x00, // width of gates
    0x61, 4, 0x03, 0x20, 0x01, 0xe0, // resolution
    0x82, 1, 0x1e, // common voltage
    0x84, 1, 0x00,
    0x86, 1, 0x00,
    0xe3, 1, 0x2f, // power saving
    0xe0, 1, 0x00,
    0xe6, 1, 0x00,
    0x04, 0x80, 200, // power on
];

/// Wakes a controller of 800x480 pixels.
pub const START: InitSequence<'static> = InitSequence::checked(COMMANDS);

const FORMAT: Packed<SevenColor> =
    Packed { code: SevenColor, packing: Packing::Rows, order: BitOrder::HighFirst };

const UPDATE: InitSequence<'static> = InitSequence::checked(&[0x12, 1, 0x00]);
const POWER_OFF: InitSequence<'static> = InitSequence::checked(&[0x02, 0x81, 0x00, 100]);

/// 7.3 inch.
pub const GLASS_800X480: Module<Packed<SevenColor>> =
    Module::whole(FORMAT, Size::new(800, 480), START)
        .starting_up_in_ms(1000)
        .updated_by(UPDATE)
        .updated_in_ms(40_000)
        .powered_off_by(POWER_OFF);
