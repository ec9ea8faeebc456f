//! The panel that all programs send to.

use core::{
    cell::{Cell, RefCell},
    convert::Infallible,
};

use displayio_core::{Area, BlockingPanel, Panel, Rgb565, Size};

use crate::scene::{FRAME_BYTES, HEIGHT, ROW_BYTES, WIDTH};

/// Counts the bytes of pixels that it is sent, and shows them, unless only the cost of sending them matters.
pub struct PanelInMemory {
    shown: RefCell<Vec<u8>>,
    is_showing: Cell<bool>,
    bytes: Cell<usize>,
    window: Cell<Area>,
    /// Bytes that are in the window.
    position: Cell<usize>,
}

impl PanelInMemory {
    pub fn new() -> Self {
        Self {
            shown: RefCell::new(vec![0; FRAME_BYTES]),
            is_showing: Cell::new(true),
            bytes: Cell::new(0),
            window: Cell::new(Area::EMPTY),
            position: Cell::new(0),
        }
    }

    pub fn set_showing(&self, is_showing: bool) {
        self.is_showing.set(is_showing);
    }

    /// Bytes since the last call.
    pub fn take_bytes(&self) -> usize {
        self.bytes.take()
    }

    pub fn copy_to(&self, pixels: &mut [u8]) {
        pixels.copy_from_slice(&self.shown.borrow());
    }

    /// Sets the window that is written next.
    pub fn begin(&self, window: Area) {
        self.window.set(window);
        self.position.set(0);
    }

    /// Writes pixels of the window, whole rows, the high byte first.
    pub fn send(&self, pixels: &[u8]) {
        self.bytes.set(self.bytes.get() + pixels.len());
        if !self.is_showing.get() {
            return;
        }
        let window = self.window.get();
        let row_bytes = 2 * usize::from(window.width());
        let first_row = window.y1 as usize + self.position.get() / row_bytes;
        for (y, row) in (first_row..).zip(pixels.chunks_exact(row_bytes)) {
            let start = y * ROW_BYTES + 2 * window.x1 as usize;
            self.shown.borrow_mut()[start..start + row_bytes].copy_from_slice(row);
        }
        self.position.set(self.position.get() + pixels.len());
    }
}

impl Panel for &PanelInMemory {
    type Format = Rgb565;
    type Error = Infallible;

    fn format(&self) -> Rgb565 {
        Rgb565
    }

    fn size(&self) -> Size {
        Size::new(WIDTH, HEIGHT)
    }
}

impl BlockingPanel for &PanelInMemory {
    fn begin_area(&mut self, area: Area) -> Result<(), Infallible> {
        self.begin(area);
        Ok(())
    }

    fn write(&mut self, pixels: &[u8]) -> Result<(), Infallible> {
        self.send(pixels);
        Ok(())
    }
}
