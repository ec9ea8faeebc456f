//! Panels for `displayio-core`: what a display sends its strips to.
//!
//! | module | what |
//! |---|---|
//! | [`bus`] | how commands and data reach a controller: SPI with a data/command pin, I2C, interfaces of other crates (features `display-interface`, `mipidsi`); awaited, too, with feature `async` |
//! | [`mipi`] | panels that speak the MIPI display command set, start sequences |
//! | [`oled`] | monochrome and grey panels of the kind of the SSD1306 |
//! | [`epaper`] | e-paper, of one ink or more |
//! | [`memory_lcd`] | monochrome panels that are sent whole lines |
//! | [`surface`] | a picture in memory that hardware shows by itself |
//! | [`controllers`] | tables for controllers, and their usual modules |
//! | `storage` | files in flash chips, for pictures and fonts (feature `embedded-storage`) |
//! | `draw_target` | a panel over any `DrawTarget` (feature `embedded-graphics`) |
//! | `framebuffer` | a panel in memory, for tests and previews (feature `std`) |
//! | `preview` | how its pixels look (feature `std`) |
//! | `png` | its picture as a file (feature `std`) |
//! | `golden` | its picture against the one that a test expects (feature `std`) |
//! | `window` | its picture on the desktop (feature `window`) |
//! | `fake` | a panel that decodes what a driver sends, for tests (feature `std`) |
#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "std")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub mod bus;
pub mod controllers;
#[cfg(feature = "embedded-graphics")]
pub mod draw_target;
pub mod epaper;
#[cfg(feature = "std")]
pub mod fake;
#[cfg(feature = "std")]
pub mod framebuffer;
#[cfg(feature = "std")]
pub mod golden;
pub mod memory_lcd;
pub mod mipi;
pub mod oled;
#[cfg(feature = "std")]
pub mod png;
#[cfg(feature = "std")]
pub mod preview;
#[cfg(feature = "embedded-storage")]
pub mod storage;
pub mod surface;
#[cfg(feature = "window")]
pub mod window;
