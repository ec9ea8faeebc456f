//! ST7735R: 132x162 pixels of memory, 0.96 to 1.8 inch.

use displayio_core::Size;

use crate::mipi::{InitSequence, Module};

/// Width and height of its memory in pixels.
pub const MEMORY: Size = Size::new(132, 162);

/// Wakes it up with 16-bit pixels, in 0.9 seconds.
///
/// The same commands and delays as in CircuitPython's driver for the ST7735R.
pub const INIT: InitSequence<'static> = InitSequence::checked(&[
    0x01, 0x80, 150, // software reset
    0x11, 0x80, 255, // sleep out
    0xb1, 3, 0x01, 0x2c, 0x2d, // frame rate, normal
    0xb2, 3, 0x01, 0x2c, 0x2d, // frame rate, idle
    0xb3, 6, 0x01, 0x2c, 0x2d, 0x01, 0x2c, 0x2d, // frame rate, partial
    0xb4, 1, 0x07, // no line inversion
    0xc0, 3, 0xa2, 0x02, 0x84, // power control 1: -4.6 V
    0xc1, 1, 0xc5, // power control 2
    0xc2, 2, 0x0a, 0x00, // power control 3, normal
    0xc3, 2, 0x8a, 0x2a, // power control 4, idle
    0xc4, 2, 0x8a, 0xee, // power control 5, partial
    0xc5, 1, 0x0e, // common voltage
    0x20, 0, // colours as stored
    0x36, 1, 0x18, // address mode; the module's follows
    0x3a, 1, 0x05, // 16 bits per pixel
    0xe0, 16, 0x02, 0x1c, 0x07, 0x12, 0x37, 0x32, 0x29, 0x2d, 0x29, 0x25, 0x2b, 0x39, 0x00, 0x01,
    0x03, 0x10, // positive gamma
    0xe1, 16, 0x03, 0x1d, 0x07, 0x06, 0x2e, 0x2c, 0x29, 0x2d, 0x2e, 0x2e, 0x37, 0x3f, 0x00, 0x00,
    0x02, 0x10, // negative gamma
    0x13, 0x80, 10, // normal mode
    0x29, 0x80, 100, // display on
]);

/// 1.8 inch, upright with the connector above.
pub const GLASS_128X160: Module = Module::new(Size::new(128, 160)).mirrored(true, true);
/// 0.96 inch, whose IPS glass is in the middle of the memory and has blue first.
pub const GLASS_80X160: Module =
    Module::new(Size::new(80, 160)).starting_at(26, 1).mirrored(true, true).bgr().inverted();
