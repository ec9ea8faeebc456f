//! A panel that knows what it shows and what it was sent.

use core::convert::Infallible;

use displayio_core::{Area, BlockingPanel, Panel, Rgb565Le, Size};

/// A value that no test paints: what has never been sent.
const NEVER_SENT: u16 = 0xdead;

/// A panel in memory that counts how often each pixel is sent.
#[derive(Debug)]
pub(crate) struct CountingPanel {
    size: Size,
    /// Row by row.
    pub(crate) pixels: Vec<u16>,
    sent: Vec<u8>,
    window: Area,
    /// Pixels of the window that were sent.
    position: usize,
}

impl CountingPanel {
    pub(crate) fn new(size: Size) -> Self {
        let count = usize::from(size.width) * usize::from(size.height);
        Self {
            size,
            pixels: vec![NEVER_SENT; count],
            sent: vec![0; count],
            window: Area::EMPTY,
            position: 0,
        }
    }

    /// A refresh is done: it has sent no pixel twice.
    pub(crate) fn check_counts(&mut self) {
        assert!(self.sent.iter().all(|&count| count <= 1), "a pixel was sent twice");
        assert_eq!(self.position, self.window.pixels() as usize, "all of a window is sent");
        self.sent.fill(0);
    }

    /// The pixels with their columns and rows.
    pub(crate) fn positions(&self) -> impl Iterator<Item = (u16, i16, i16)> {
        let Area { x2: width, y2: height, .. } = Area::of_size(self.size);
        let places = (0..height).flat_map(move |y| (0..width).map(move |x| (x, y)));
        self.pixels.iter().zip(places).map(|(&pixel, (x, y))| (pixel, x, y))
    }
}

impl Panel for CountingPanel {
    type Format = Rgb565Le;
    type Error = Infallible;

    fn format(&self) -> Rgb565Le {
        Rgb565Le
    }

    fn size(&self) -> Size {
        self.size
    }
}

impl BlockingPanel for CountingPanel {
    fn begin_area(&mut self, area: Area) -> Result<(), Infallible> {
        assert_eq!(self.position, self.window.pixels() as usize, "all of a window is sent");
        let is_inside = Area::of_size(self.size).contains(&area) && !area.is_empty();
        assert!(is_inside, "{area:?} on a panel of {:?}", self.size);
        (self.window, self.position) = (area, 0);
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Infallible> {
        let (pairs, rest) = bytes.as_chunks();
        assert!(rest.is_empty(), "whole pixels");
        let (left, top) = (self.window.x1.unsigned_abs(), self.window.y1.unsigned_abs());
        for &pair in pairs {
            let columns = usize::from(self.window.width());
            let (x, y) = (self.position % columns, self.position / columns);
            assert!(y < self.window.height().into(), "more pixels than the window has");
            let at = (usize::from(top) + y) * usize::from(self.size.width) + usize::from(left) + x;
            self.pixels[at] = u16::from_le_bytes(pair);
            self.sent[at] = self.sent[at].saturating_add(1);
            self.position += 1;
        }
        Ok(())
    }
}
