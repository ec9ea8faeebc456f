//! A strict panel: one raw pixel per pixel, unpacked from the bytes; counts how often each was sent, and fails on
//! request. It may be awaited: then it is never done when it is polled first.

use core::{future::poll_fn, task::Poll};

use displayio_core::{Area, AsyncPanel, BlockingPanel, Capabilities, Panel, PixelFormat, Size};

/// How the test unpacks what a format packs.
pub trait Unpack: PixelFormat {
    /// The pixel at (`x`, `y`) of whole packed rows of `width`.
    fn unpack(&self, bytes: &[u8], width: usize, x: usize, y: usize) -> u32;
}

#[derive(Debug)]
pub struct StrictPanel<C> {
    pub format: C,
    pub size: Size,
    pub capabilities: Capabilities,
    pub pixels: Vec<u32>,
    pub sent: Vec<u8>,
    window: Area,
    bytes: Vec<u8>,
    /// Fails when that many more bytes have come.
    pub fail_after: Option<usize>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct BusError;

impl<C: PixelFormat> StrictPanel<C> {
    pub fn new(format: C, size: Size, capabilities: Capabilities) -> Self {
        let count = usize::from(size.width) * usize::from(size.height);
        let (pixels, sent) = (vec![0xdead; count], vec![0; count]);
        Self {
            format,
            size,
            capabilities,
            pixels,
            sent,
            window: Area::EMPTY,
            bytes: vec![],
            fail_after: None,
        }
    }
}

impl<C: PixelFormat> Panel for StrictPanel<C> {
    type Format = C;
    type Error = BusError;

    fn format(&self) -> C {
        self.format
    }

    fn size(&self) -> Size {
        self.size
    }

    fn capabilities(&self) -> Capabilities {
        self.capabilities
    }
}

impl<C: Unpack> BlockingPanel for StrictPanel<C> {
    fn begin_area(&mut self, area: Area) -> Result<(), BusError> {
        if self.fail_after == Some(0) {
            self.fail_after = None;
            return Err(BusError);
        }
        let cell = self.format.cell();
        let aligned = |v: i16, cell: u16| v >= 0 && v.unsigned_abs().is_multiple_of(cell);
        assert!(
            aligned(area.x1, cell.width.max(self.capabilities.alignment.width))
                && aligned(area.x2, cell.width)
                && aligned(area.y1, cell.height)
                && aligned(area.y2, cell.height)
                && !area.is_empty(),
            "{area:?} cuts a cell"
        );
        self.window = area;
        self.bytes.clear();
        Ok(())
    }

    fn write(&mut self, pixels: &[u8]) -> Result<(), BusError> {
        let accepted = self.fail_after.map_or(pixels.len(), |left| left.min(pixels.len()));
        self.fail_after = self.fail_after.map(|left| left - accepted);
        let width = usize::from(self.window.width());
        let row_bytes = width * usize::from(self.format.cell().height) * usize::from(C::DEPTH) / 8;
        if accepted < pixels.len() {
            self.fail_after = None;
            return Err(BusError);
        }
        assert_eq!(pixels.len() % row_bytes, 0, "a write holds whole rows of its window");
        let first_row = self.bytes.len() * 8 / usize::from(C::DEPTH) / width;
        self.bytes.extend_from_slice(pixels);
        assert!(
            self.bytes.len() * 8 / usize::from(C::DEPTH) <= self.window.pixels() as usize,
            "overrun"
        );
        for y in first_row..self.bytes.len() * 8 / usize::from(C::DEPTH) / width {
            for x in 0..width {
                let panel_x = x + usize::from(self.window.x1.unsigned_abs());
                let panel_y = y + usize::from(self.window.y1.unsigned_abs());
                if panel_x < self.size.width.into() && panel_y < self.size.height.into() {
                    let at = panel_y * usize::from(self.size.width) + panel_x;
                    self.pixels[at] = self.format.unpack(&self.bytes, width, x, y);
                    self.sent[at] += 1;
                }
            }
        }
        Ok(())
    }
}

impl<C: Unpack> AsyncPanel for StrictPanel<C> {
    async fn begin_area(&mut self, area: Area) -> Result<(), BusError> {
        wait().await;
        BlockingPanel::begin_area(self, area)
    }

    async fn write(&mut self, pixels: &[u8]) -> Result<(), BusError> {
        wait().await;
        BlockingPanel::write(self, pixels)
    }
}

/// Is pending once.
async fn wait() {
    let mut polls = 0;
    poll_fn(|_| {
        polls += 1;
        if polls > 1 { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}
