//! Controllers that need nothing but a table, and the modules that are sold with them.
//!
//! Each has an `INIT` sequence for 16-bit pixels, the size of its `MEMORY` in pixels, and a `GLASS` for each usual module,
//! for [`MipiPanel::new`](crate::mipi::MipiPanel::new). Any other module is a [`Module`](crate::mipi::Module) of your own.

pub mod ili9341;
pub mod st7735;
pub mod st7789;
