//! What a panel is to the display: a window that is filled with bytes.

use crate::{Area, PixelFormat, Size};

/// What a panel can do and what it costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Capabilities {
    /// Areas are sent in multiples of this many pixels, counted from the panel's corner, besides the cell of the pixel
    /// format. Powers of two. At the right and at the bottom they may reach beyond the panel for that.
    pub alignment: Size,
    /// Bytes on the bus for setting a window: what one more area costs.
    pub window_cost_bytes: u16,
    /// Whether a window may be filled by several writes. If not, every strip sets its own.
    pub window_survives_writes: bool,
}

impl Default for Capabilities {
    /// A MIPI DCS panel: any area, 11 bytes for a window, any number of writes.
    fn default() -> Self {
        Self { alignment: Size::new(1, 1), window_cost_bytes: 11, window_survives_writes: true }
    }
}

/// A panel, however it is driven: what composing needs to know of it.
pub trait Panel {
    /// How pixels are stored.
    type Format: PixelFormat;
    /// What can go wrong on the bus.
    type Error;

    /// The pixel format.
    fn format(&self) -> Self::Format;

    /// Size in panel space, whatever the rotation of the scene. Up to 32 767 pixels each way are shown, of those the whole
    /// cells.
    fn size(&self) -> Size;

    /// What the panel can do.
    fn capabilities(&self) -> Capabilities {
        Capabilities::default()
    }
}

/// A panel that waits until the bytes are sent.
///
/// (Only sending may ever wait: a panel that is awaited instead shares everything else with this one.)
pub trait BlockingPanel: Panel {
    /// Selects the memory that the following windows lie in. Called once per area and plane where the
    /// [format](Panel::Format) has several [planes](PixelFormat::PLANES).
    ///
    /// # Errors
    /// The bus's own. The display then sends the area again at the next refresh.
    fn select_plane(&mut self, plane: u8) -> Result<(), Self::Error> {
        let _ = plane;
        Ok(())
    }

    /// Sets the window that the following [writes](Self::write) fill, row by row.
    ///
    /// `area` is in panel space, not empty, and in whole cells and multiples of the [alignment](Capabilities::alignment). It
    /// may reach beyond the panel by less than one of those.
    ///
    /// # Errors
    /// The bus's own. The display then sends the area again at the next refresh.
    fn begin_area(&mut self, area: Area) -> Result<(), Self::Error>;

    /// Sends packed pixels to the window: whole rows, or whole pages where columns are packed.
    ///
    /// # Errors
    /// The bus's own. The display then sends the area again at the next refresh.
    fn write(&mut self, pixels: &[u8]) -> Result<(), Self::Error>;

    /// The frame is complete: everything of one refresh has been sent.
    ///
    /// # Errors
    /// The panel's own.
    fn end_frame(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }
}

impl<P: Panel + ?Sized> Panel for &mut P {
    type Format = P::Format;
    type Error = P::Error;

    fn format(&self) -> P::Format {
        (**self).format()
    }

    fn size(&self) -> Size {
        (**self).size()
    }

    fn capabilities(&self) -> Capabilities {
        (**self).capabilities()
    }
}

impl<P: BlockingPanel + ?Sized> BlockingPanel for &mut P {
    fn select_plane(&mut self, plane: u8) -> Result<(), P::Error> {
        (**self).select_plane(plane)
    }

    fn begin_area(&mut self, area: Area) -> Result<(), P::Error> {
        (**self).begin_area(area)
    }

    fn write(&mut self, pixels: &[u8]) -> Result<(), P::Error> {
        (**self).write(pixels)
    }

    fn end_frame(&mut self) -> Result<(), P::Error> {
        (**self).end_frame()
    }
}
