//! A panel in memory.

use core::convert::Infallible;

use displayio_core::{Area, BlockingPanel, Panel, PixelFormat, Size};

/// Keeps what it shows, in a format whose pixels are whole bytes.
pub(crate) struct MemoryPanel<C> {
    format: C,
    size: Size,
    /// What it shows, row by row.
    pub(crate) bytes: Vec<u8>,
    window: Area,
    /// How many pixels of the window were sent.
    position: usize,
}

impl<C: PixelFormat> MemoryPanel<C> {
    /// A panel that shows what no scene does.
    pub(crate) fn new(size: Size, format: C) -> Self {
        let pixels = usize::from(size.width) * usize::from(size.height);
        let bytes = [0xde, 0xad].into_iter().cycle().take(pixels * Self::pixel_bytes()).collect();
        Self { format, size, bytes, window: Area::EMPTY, position: 0 }
    }

    fn pixel_bytes() -> usize {
        usize::from(C::DEPTH) / 8
    }
}

impl<C: PixelFormat> Panel for MemoryPanel<C> {
    type Format = C;
    type Error = Infallible;

    fn format(&self) -> C {
        self.format
    }

    fn size(&self) -> Size {
        self.size
    }
}

impl<C: PixelFormat> BlockingPanel for MemoryPanel<C> {
    fn begin_area(&mut self, area: Area) -> Result<(), Infallible> {
        (self.window, self.position) = (area, 0);
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Infallible> {
        let (left, top) = (self.window.x1.unsigned_abs(), self.window.y1.unsigned_abs());
        let width = usize::from(self.window.width());
        for pixel in bytes.chunks(Self::pixel_bytes()) {
            let x = usize::from(left) + self.position % width;
            let y = usize::from(top) + self.position / width;
            let start = (y * usize::from(self.size.width) + x) * pixel.len();
            self.bytes[start..][..pixel.len()].copy_from_slice(pixel);
            self.position += 1;
        }
        Ok(())
    }
}
