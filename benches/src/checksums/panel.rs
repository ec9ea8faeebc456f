//! A panel that keeps nothing but a checksum.

use core::convert::Infallible;

use crc32fast::Hasher;
use displayio_core::{Area, BlockingPanel, Panel, PixelFormat, Size};

/// A panel that computes CRC-32 of what it is sent: planes and windows, too, for pixels alone would not tell where they go.
#[derive(Debug)]
pub(super) struct ChecksumPanel<F> {
    format: F,
    size: Size,
    hasher: Hasher,
}

impl<F> ChecksumPanel<F> {
    /// A panel that was sent nothing.
    pub(super) fn new(format: F, size: Size) -> Self {
        Self { format, size, hasher: Hasher::new() }
    }

    /// That of all since the panel is there.
    pub(super) fn checksum(self) -> u32 {
        self.hasher.finalize()
    }
}

impl<F: PixelFormat> Panel for ChecksumPanel<F> {
    type Format = F;
    type Error = Infallible;

    fn format(&self) -> F {
        self.format
    }

    fn size(&self) -> Size {
        self.size
    }
}

impl<F: PixelFormat> BlockingPanel for ChecksumPanel<F> {
    fn select_plane(&mut self, plane: u8) -> Result<(), Infallible> {
        self.hasher.update(&[plane]);
        Ok(())
    }

    fn begin_area(&mut self, area: Area) -> Result<(), Infallible> {
        let Area { x1, y1, x2, y2 } = area;
        for side in [x1, y1, x2, y2] {
            self.hasher.update(&side.to_le_bytes());
        }
        Ok(())
    }

    fn write(&mut self, pixels: &[u8]) -> Result<(), Infallible> {
        self.hasher.update(pixels);
        Ok(())
    }
}
