//! The least that a colour panel needs.

use core::{convert::Infallible, ptr};

use displayio_core::{Area, BlockingPanel, Panel, Rgb565, Size};

/// Data register of the board's SPI controller; what is written to it while the controller is off is lost.
const DATA: usize = 0x4002_0008;

const SET_COLUMNS: u8 = 0x2a;
const SET_ROWS: u8 = 0x2b;
const WRITE_MEMORY: u8 = 0x2c;

/// A panel of 320x240 pixels with the usual commands, on a bus that nobody listens to.
#[derive(Debug, Clone, Copy, Default)]
pub struct MipiPanel;

impl MipiPanel {
    fn send(bytes: &[u8]) {
        for &byte in bytes {
            // SAFETY: a register of the board; writing it has no effect on memory.
            unsafe { ptr::with_exposed_provenance_mut::<u32>(DATA).write_volatile(byte.into()) }
        }
    }

    fn set_range(command: u8, from: i16, to: i16) {
        let [from_high, from_low] = from.to_be_bytes();
        let [to_high, to_low] = (to - 1).to_be_bytes();
        Self::send(&[command, from_high, from_low, to_high, to_low]);
    }
}

impl Panel for MipiPanel {
    type Format = Rgb565;
    type Error = Infallible;

    fn format(&self) -> Rgb565 {
        Rgb565
    }

    fn size(&self) -> Size {
        Size::new(320, 240)
    }
}

impl BlockingPanel for MipiPanel {
    fn begin_area(&mut self, area: Area) -> Result<(), Infallible> {
        Self::set_range(SET_COLUMNS, area.x1, area.x2);
        Self::set_range(SET_ROWS, area.y1, area.y2);
        Self::send(&[WRITE_MEMORY]);
        Ok(())
    }

    fn write(&mut self, pixels: &[u8]) -> Result<(), Infallible> {
        Self::send(pixels);
        Ok(())
    }
}
