//! A small display that keeps its pixels, and lets a test act in the middle of a refresh.

#[path = "panel.rs"]
mod panel;

use core::convert::Infallible;

use displayio_core::{Area, BlockingPanel, Display, Node, Panel, Rgb565, Size};
use panel::MemoryPanel;

/// Size of the panel.
pub const SIZE: Size = Size::new(40, 28);

/// The pixels of the whole panel, row by row.
pub type Frame = Vec<[u8; 2]>;

/// Keeps what is sent, and calls `hook` before and after each step of sending.
pub struct Pixels<H> {
    memory: MemoryPanel<Rgb565>,
    hook: H,
}

impl<H: Fn()> Panel for Pixels<H> {
    type Format = Rgb565;
    type Error = Infallible;

    fn format(&self) -> Rgb565 {
        self.memory.format()
    }

    fn size(&self) -> Size {
        self.memory.size()
    }
}

impl<H: Fn()> BlockingPanel for Pixels<H> {
    fn begin_area(&mut self, area: Area) -> Result<(), Infallible> {
        self.memory.begin_area(area)?;
        (self.hook)();
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Infallible> {
        (self.hook)();
        self.memory.write(bytes)?;
        (self.hook)();
        Ok(())
    }
}

/// The display.
pub struct Screen<'b, H>(Display<'b, Pixels<H>>);

impl<'b, H: Fn()> Screen<'b, H> {
    /// A display that calls `hook` at each step of a refresh.
    pub fn new(buffer: &'b mut [u8], hook: H) -> Self {
        Self(Display::new(Pixels { memory: MemoryPanel::new(SIZE, Rgb565), hook }, buffer))
    }

    /// Shows what changed; how many pixels were sent.
    pub fn refresh(&mut self, root: &impl Node<Rgb565>) -> u32 {
        let Ok(stats) = self.0.refresh(root) else { panic!("the panel never fails") };
        stats.pixels
    }

    /// Shows all of it anew, whatever was known of changes.
    pub fn repaint(&mut self, root: &impl Node<Rgb565>) -> Frame {
        self.0.invalidate();
        self.refresh(root);
        self.frame()
    }

    /// What the panel shows.
    pub fn frame(&self) -> Frame {
        self.0.panel().memory.bytes.as_chunks().0.to_vec()
    }
}
