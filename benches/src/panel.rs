//! A panel that costs nothing.

use core::convert::Infallible;

use displayio_core::{Area, BlockingPanel, Panel, Rgb565, Size};

/// A panel that counts what it is sent and forgets it: what is measured is composing alone.
///
/// ```
/// use displayio_benches::CountingPanel;
/// use displayio_core::{BlockingPanel, Size};
/// let mut panel = CountingPanel::new(Size::new(320, 240));
/// panel.write(&[0; 640])?;
/// assert_eq!(panel.bytes(), 640);
/// # Ok::<(), core::convert::Infallible>(())
/// ```
#[derive(Debug)]
pub struct CountingPanel {
    size: Size,
    bytes: usize,
}

impl CountingPanel {
    /// A panel of this size that was sent nothing.
    #[must_use]
    pub const fn new(size: Size) -> Self {
        Self { size, bytes: 0 }
    }

    /// Bytes of pixels that were sent.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.bytes
    }
}

impl Panel for CountingPanel {
    type Format = Rgb565;
    type Error = Infallible;

    fn format(&self) -> Rgb565 {
        Rgb565
    }

    fn size(&self) -> Size {
        self.size
    }
}

impl BlockingPanel for CountingPanel {
    fn begin_area(&mut self, _: Area) -> Result<(), Infallible> {
        Ok(())
    }

    fn write(&mut self, pixels: &[u8]) -> Result<(), Infallible> {
        self.bytes += pixels.len();
        Ok(())
    }
}
