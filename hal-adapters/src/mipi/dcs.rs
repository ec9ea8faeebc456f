//! Commands of the MIPI display command set, as the ST7789, the ILI9341 and their kin take them.

/// Back to the defaults, asleep. 5 ms until the next command, 120 ms until [`SLEEP_OUT`].
pub const SOFTWARE_RESET: u8 = 0x01;
/// Power off, memory kept. 5 ms until the next command, 120 ms until [`SLEEP_OUT`].
pub const SLEEP_IN: u8 = 0x10;
/// Power on. 5 ms until the next command, 120 ms until [`SLEEP_IN`].
pub const SLEEP_OUT: u8 = 0x11;
/// No partial area.
pub const NORMAL_MODE: u8 = 0x13;
/// Colours as stored.
pub const INVERSION_OFF: u8 = 0x20;
/// Colours complemented: right for most IPS glass.
pub const INVERSION_ON: u8 = 0x21;
/// Blank, memory kept.
pub const DISPLAY_OFF: u8 = 0x28;
/// Shows the memory.
pub const DISPLAY_ON: u8 = 0x29;
/// First and last column of the window, 16 bits each, high byte first.
pub const COLUMN_ADDRESS: u8 = 0x2a;
/// First and last row of the window, likewise.
pub const ROW_ADDRESS: u8 = 0x2b;
/// Pixels from the window's corner on, as many bytes as follow.
pub const MEMORY_WRITE: u8 = 0x2c;
/// Mirroring and order of colours: `MADCTL`, one byte.
pub const ADDRESS_MODE: u8 = 0x36;
/// Bits per pixel: `COLMOD`, one byte, 0x55 for 16.
pub const PIXEL_FORMAT: u8 = 0x3a;
/// Pixels from where the last write stopped. The ST7735 does not know it.
pub const MEMORY_WRITE_CONTINUE: u8 = 0x3c;
/// Brightness where the controller has a backlight output, one byte. [`CONTROL_DISPLAY`] turns that output on.
pub const BRIGHTNESS: u8 = 0x51;
/// What [`BRIGHTNESS`] acts on: `WRCTRLD`, one byte, 0x2c for a backlight that is on and fades.
pub const CONTROL_DISPLAY: u8 = 0x53;

/// Bit of [`ADDRESS_MODE`]: rows run upwards.
pub const MIRROR_ROWS: u8 = 0x80;
/// Bit of [`ADDRESS_MODE`]: columns run leftwards.
pub const MIRROR_COLUMNS: u8 = 0x40;
/// Bit of [`ADDRESS_MODE`]: columns and rows are exchanged.
pub const EXCHANGE_AXES: u8 = 0x20;
/// Bit of [`ADDRESS_MODE`]: the glass has blue where red is expected.
pub const BGR: u8 = 0x08;
