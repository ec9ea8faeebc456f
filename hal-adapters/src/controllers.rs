//! Controllers that need nothing but a table, and the modules that are sold with them.
//!
//! Those for [`MipiPanel::new`](crate::mipi::MipiPanel::new) (ST7789, ILI9341, ST7735) have an `INIT` sequence for 16-bit
//! pixels, the size of their `MEMORY` in pixels, and a `GLASS` for each usual module. Those for
//! [`OledPanel::new`](crate::oled::OledPanel::new) (SSD1306, SH1106, SSD1327 and the like) and for
//! [`EpaperPanel::new`](crate::epaper::EpaperPanel::new) (SSD1675, SSD1680, SSD1681, IL0373, seven inks) have a `GLASS` for each usual
//! module, with its start sequence. Any other module is a [`mipi::Module`](crate::mipi::Module), an
//! [`oled::Module`](crate::oled::Module) or an [`epaper::Module`](crate::epaper::Module) of your own.

use displayio_core::{BitOrder, Luma, Mono, Packed, Packing, Planar, Tricolor};

pub mod acep;
pub mod il0373;
pub mod ili9341;
pub mod sh1106;
pub mod sh1107;
pub mod ssd1305;
pub mod ssd1306;
pub mod ssd1309;
pub mod ssd1322;
pub mod ssd1325;
pub mod ssd1327;
pub mod ssd1675;
pub mod ssd1680;
pub mod ssd1681;
pub mod st7735;
pub mod st7789;

/// How e-paper stores black and white.
const BLACK_WHITE: Mono =
    Packed { code: Luma::new(), packing: Packing::Rows, order: BitOrder::HighFirst };
/// How e-paper stores black, white and red.
const BLACK_WHITE_RED: Planar<Tricolor> =
    Planar { code: Tricolor { hue: 0 }, order: BitOrder::HighFirst };
