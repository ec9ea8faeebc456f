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
    /// Whether a part of the panel can be sent. If not, a refresh that sends anything sends all of the panel, in strips of
    /// whole rows of cells. The strip buffer has to hold one as it is composed: a byte per pixel or more, of formats that
    /// are packed.
    pub sends_parts: bool,
}

impl Default for Capabilities {
    /// A MIPI DCS panel: any area, 11 bytes for a window, any number of writes.
    #[inline]
    fn default() -> Self {
        Self {
            alignment: Size::new(1, 1),
            window_cost_bytes: 11,
            window_survives_writes: true,
            sends_parts: true,
        }
    }
}

/// A panel, however it is driven: what composing needs to know of it.
///
/// None of it may change while a display has the panel.
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
/// For each damaged area a refresh calls [`select_plane`](Self::select_plane) where there are planes,
/// [`begin_area`](Self::begin_area), and [`write`](Self::write) until the window is full; at last, if it sent anything,
/// [`end_frame`](Self::end_frame). An area that is wider than the strip buffer comes in several windows. After an error
/// nothing more is called: the next refresh begins the area again, whatever is left of its window in the panel.
///
/// ```
/// use displayio_core::{Area, BitOrder, BlockingPanel, Display, Group, Mono, Packing, Panel, Size};
/// use std::io::{Error, Write};
/// /// An OLED of pages of eight rows (SSD1306), on a bus for commands and pixels alike.
/// struct Oled<W> { bus: W }
/// impl<W: Write> Panel for Oled<W> {
///     type Format = Mono;
///     type Error = Error;
///     fn format(&self) -> Mono { Mono::new(Packing::Columns, BitOrder::LowFirst) }
///     fn size(&self) -> Size { Size::new(128, 64) }
/// }
/// impl<W: Write> BlockingPanel for Oled<W> {
///     fn begin_area(&mut self, area: Area) -> Result<(), Error> {
///         // The last column and page are included. Areas are whole pages: the format's cell is one wide and eight high.
///         let window = [area.x1, area.x2 - 1, area.y1 / 8, area.y2 / 8 - 1];
///         let [left, right, top, bottom] = window.map(|v| v as u8);
///         self.bus.write_all(&[0x21, left, right, 0x22, top, bottom])
///     }
///     fn write(&mut self, pixels: &[u8]) -> Result<(), Error> {
///         self.bus.write_all(pixels)
///     }
/// }
/// let mut strip_buffer = [0; 2048];
/// let mut display = Display::new(Oled { bus: Vec::new() }, &mut strip_buffer);
/// display.refresh(&Group::new(())).unwrap();
/// let sent = display.into_panel().bus;
/// assert_eq!((&sent[..6], sent.len()), (&[0x21, 0, 127, 0x22, 0, 7][..], 6 + 128 * 64 / 8));
/// ```
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

    /// Sets the window that the following [writes](Self::write) fill, row by row: one write, where windows do not
    /// [survive](Capabilities::window_survives_writes) several.
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

/// A panel that is awaited while the bytes are sent, by DMA or by interrupts: the twin of [`BlockingPanel`], for
/// [`Display::refresh_async`](crate::Display::refresh_async).
///
/// While a [`write`](Self::write) is pending, the next strip is composed: it should have begun when it was polled first.
/// A future that is dropped may have sent a part; after that, a window is begun anew.
///
/// ```
/// use displayio_core::{Area, AsyncPanel, Display, Group, Panel, Rgb565, Size};
/// # use core::{convert::Infallible, future::Future, pin::pin, task::{Context, Poll, Waker}};
/// # struct Spi(Vec<u8>);
/// # impl Spi {
/// #     async fn command(&mut self, _: u8, _: [i16; 2]) -> Result<(), Infallible> { Ok(()) }
/// #     async fn send(&mut self, bytes: &[u8]) -> Result<(), Infallible> { self.0.extend(bytes); Ok(()) }
/// # }
/// /// A panel on an SPI that sends by DMA.
/// struct Tft { spi: Spi }
/// impl Panel for Tft {
///     type Format = Rgb565;
///     type Error = Infallible;
///     fn format(&self) -> Rgb565 { Rgb565 }
///     fn size(&self) -> Size { Size::new(128, 160) }
/// }
/// impl AsyncPanel for Tft {
///     async fn begin_area(&mut self, area: Area) -> Result<(), Infallible> {
///         self.spi.command(0x2a, [area.x1, area.x2 - 1]).await?;
///         self.spi.command(0x2b, [area.y1, area.y2 - 1]).await
///     }
///     async fn write(&mut self, pixels: &[u8]) -> Result<(), Infallible> {
///         self.spi.send(pixels).await
///     }
/// }
///
/// async fn show(display: &mut Display<'_, Tft>) -> Result<(), Box<dyn core::error::Error>> {
///     let stats = display.refresh_async(&Group::new(())).await?;
///     assert_eq!(stats.strips, 40, "four rows of eight at a time: the others are sent meanwhile");
///     Ok(())
/// }
/// # let mut buffer = [0; 128 * 8 * 2];
/// # let mut display = Display::new(Tft { spi: Spi(Vec::new()) }, &mut buffer);
/// # let shown = pin!(show(&mut display)).poll(&mut Context::from_waker(Waker::noop()));
/// # assert!(matches!(shown, Poll::Ready(Ok(()))));
/// ```
#[expect(async_fn_in_trait, reason = "a scene belongs to one core, and so does what shows it")]
pub trait AsyncPanel: Panel {
    /// See [`BlockingPanel::select_plane`].
    ///
    /// # Errors
    /// The bus's own. The display then sends the area again at the next refresh.
    async fn select_plane(&mut self, plane: u8) -> Result<(), Self::Error> {
        let _ = plane;
        Ok(())
    }

    /// See [`BlockingPanel::begin_area`].
    ///
    /// # Errors
    /// The bus's own. The display then sends the area again at the next refresh.
    async fn begin_area(&mut self, area: Area) -> Result<(), Self::Error>;

    /// See [`BlockingPanel::write`].
    ///
    /// # Errors
    /// The bus's own. The display then sends the area again at the next refresh.
    async fn write(&mut self, pixels: &[u8]) -> Result<(), Self::Error>;

    /// See [`BlockingPanel::end_frame`].
    ///
    /// # Errors
    /// The panel's own.
    async fn end_frame(&mut self) -> Result<(), Self::Error> {
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

impl<P: AsyncPanel + ?Sized> AsyncPanel for &mut P {
    async fn select_plane(&mut self, plane: u8) -> Result<(), P::Error> {
        (**self).select_plane(plane).await
    }

    async fn begin_area(&mut self, area: Area) -> Result<(), P::Error> {
        (**self).begin_area(area).await
    }

    async fn write(&mut self, pixels: &[u8]) -> Result<(), P::Error> {
        (**self).write(pixels).await
    }

    async fn end_frame(&mut self) -> Result<(), P::Error> {
        (**self).end_frame().await
    }
}
