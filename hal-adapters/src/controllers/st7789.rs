//! ST7789: 240x320 pixels of 16 bits, mostly behind IPS glass.

use displayio_core::Size;

use crate::mipi::{InitSequence, Module};

/// Width and height of its memory in pixels.
pub const MEMORY: Size = Size::new(240, 320);

/// Wakes it up with 16-bit pixels, in 1.2 seconds.
///
/// The same commands and delays as in CircuitPython's driver.
pub const INIT: InitSequence<'static> = InitSequence::checked(&[
    0x01, 0x80, 150, // software reset
    0x11, 0x80, 255, // sleep out
    0x3a, 0x81, 0x55, 10, // 16 bits per pixel
    0x36, 1, 0x08, // address mode; the module's follows
    0x13, 0x80, 10, // normal mode
    0x29, 0x80, 255, // display on
]);

/// 2.0 and 2.4 inch.
pub const GLASS_240X320: Module = Module::new(MEMORY).inverted();
/// 1.3 and 1.54 inch: the first 240 rows.
pub const GLASS_240X240: Module = Module::new(Size::new(240, 240)).inverted();
/// 1.14 inch.
pub const GLASS_135X240: Module = Module::new(Size::new(135, 240)).starting_at(52, 40).inverted();
/// 1.9 inch.
pub const GLASS_170X320: Module = Module::new(Size::new(170, 320)).starting_at(35, 0).inverted();
