//! Memory LCDs: monochrome panels that keep each line, and are sent whole lines.
//!
//! Sharp's LS011B7DH03, LS013B7DH05, LS027B7DH01 and the like, over SPI with a chip select that is high while it is used: an
//! [`SpiBus`] and a pin, not an [`SpiDevice`](embedded_hal::spi::SpiDevice).

use core::{error::Error, fmt};

use displayio_core::{Area, BitOrder, BlockingPanel, Capabilities, Mono, Packing, Panel, Size};
use embedded_hal::{
    digital::{self, OutputPin},
    spi::{self, SpiBus},
};

/// Bits of the first byte, in the order in which SPI sends them: what follows, and the polarity of the common voltage.
const WRITE: u8 = 0x80;
const COMMON: u8 = 0x40;
const CLEAR: u8 = 0x20;
/// After each line, and once more after the last.
const TRAILER: u8 = 0;

/// A memory LCD, with up to 255 lines of whole bytes.
///
/// What changed is sent in whole lines, each of its width in bits and 16 bits more: a frame of 400x240 pixels is 12.5 kB.
/// The strip buffer has to hold a line, a byte per pixel, of the next power of two: 512 bytes for 400 pixels.
///
/// A panel whose common voltage stays the same is spoiled in time. Where its EXTCOMIN pin is not driven by a timer,
/// [`invert_common`](Self::invert_common) is to be called once a second, or more often.
///
/// ```
/// use displayio_core::{Display, Group, Size};
/// use displayio_hal::memory_lcd::MemoryLcd;
/// # use core::convert::Infallible;
/// # struct Bus;
/// # impl embedded_hal::spi::ErrorType for Bus { type Error = Infallible; }
/// # impl embedded_hal::spi::SpiBus for Bus {
/// #     fn read(&mut self, _: &mut [u8]) -> Result<(), Infallible> { Ok(()) }
/// #     fn write(&mut self, _: &[u8]) -> Result<(), Infallible> { Ok(()) }
/// #     fn transfer(&mut self, _: &mut [u8], _: &[u8]) -> Result<(), Infallible> { Ok(()) }
/// #     fn transfer_in_place(&mut self, _: &mut [u8]) -> Result<(), Infallible> { Ok(()) }
/// #     fn flush(&mut self) -> Result<(), Infallible> { Ok(()) }
/// # }
/// # struct Pin;
/// # impl embedded_hal::digital::ErrorType for Pin { type Error = Infallible; }
/// # impl embedded_hal::digital::OutputPin for Pin {
/// #     fn set_low(&mut self) -> Result<(), Infallible> { Ok(()) }
/// #     fn set_high(&mut self) -> Result<(), Infallible> { Ok(()) }
/// # }
/// # let (spi, select) = (Bus, Pin);
/// let mut strip_buffer = [0; 512 * 4];
/// let panel = MemoryLcd::new(spi, select, Size::new(400, 240));
/// let mut display = Display::new(panel, &mut strip_buffer);
/// display.refresh(&Group::new(())).unwrap();
/// display.panel_mut().invert_common().unwrap();
/// ```
#[derive(Debug)]
pub struct MemoryLcd<SPI, CS> {
    spi: SPI,
    select: CS,
    size: Size,
    /// The next line, and the bytes that a line of the present area comes in.
    line: u16,
    line_bytes: usize,
    /// [`COMMON`] in every other call.
    common: u8,
}

/// What went wrong with a [`MemoryLcd`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum MemoryLcdError<S, C> {
    /// The SPI's own error.
    Spi(S),
    /// The chip select pin's own error.
    Select(C),
}

impl<S: fmt::Debug, C: fmt::Debug> fmt::Display for MemoryLcdError<S, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spi(error) => write!(f, "spi: {error:?}"),
            Self::Select(error) => write!(f, "chip select pin: {error:?}"),
        }
    }
}

impl<S: fmt::Debug, C: fmt::Debug> Error for MemoryLcdError<S, C> {}

type ErrorOf<SPI, CS> =
    MemoryLcdError<<SPI as spi::ErrorType>::Error, <CS as digital::ErrorType>::Error>;

impl<SPI, CS> MemoryLcd<SPI, CS> {
    /// A panel of `size` on an SPI of mode 0; nothing is sent yet. Pixels of a last byte that is not whole are not sent.
    pub const fn new(spi: SPI, select: CS, size: Size) -> Self {
        Self { spi, select, size, line: 0, line_bytes: 0, common: 0 }
    }

    /// The SPI and the pin, without the panel.
    pub fn release(self) -> (SPI, CS) {
        (self.spi, self.select)
    }
}

impl<SPI: SpiBus, CS: OutputPin> MemoryLcd<SPI, CS> {
    /// Changes the polarity of the common voltage. Two bytes are sent.
    ///
    /// # Errors
    /// The SPI's or the pin's own.
    pub fn invert_common(&mut self) -> Result<(), ErrorOf<SPI, CS>> {
        self.common ^= COMMON;
        self.send(0, &[])
    }

    /// Makes all pixels white, the colour of the glass. The display knows nothing of it.
    ///
    /// # Errors
    /// The SPI's or the pin's own.
    pub fn clear(&mut self) -> Result<(), ErrorOf<SPI, CS>> {
        self.send(CLEAR, &[])
    }

    /// One transaction: what follows, and lines of pixels from the next on.
    fn send(&mut self, mode: u8, pixels: &[u8]) -> Result<(), ErrorOf<SPI, CS>> {
        self.select.set_high().map_err(MemoryLcdError::Select)?;
        let sent = self.send_selected(mode, pixels).map_err(MemoryLcdError::Spi);
        self.select.set_low().map_err(MemoryLcdError::Select)?;
        sent
    }

    fn send_selected(&mut self, mode: u8, pixels: &[u8]) -> Result<(), SPI::Error> {
        self.spi.write(&[mode | self.common])?;
        for line in pixels.chunks(self.line_bytes.max(1)) {
            self.line = self.line.saturating_add(1);
            // Counted from 1, the lowest bit first.
            let number = u8::try_from(self.line).unwrap_or(u8::MAX).reverse_bits();
            self.spi.write(&[number])?;
            let seen = usize::from(self.size.width / 8);
            self.spi.write(line.get(..seen).unwrap_or(line))?;
            self.spi.write(&[TRAILER])?;
        }
        self.spi.write(&[TRAILER])?;
        self.spi.flush()
    }
}

impl<SPI: spi::ErrorType, CS: digital::ErrorType> Panel for MemoryLcd<SPI, CS> {
    type Format = Mono;
    type Error = ErrorOf<SPI, CS>;

    fn format(&self) -> Mono {
        Mono::new(Packing::Rows, BitOrder::HighFirst)
    }

    fn size(&self) -> Size {
        self.size
    }

    /// Whole lines: areas reach beyond the glass to the next power of two.
    fn capabilities(&self) -> Capabilities {
        let line = self.size.width.checked_next_power_of_two().unwrap_or(1 << 15);
        Capabilities {
            alignment: Size::new(line, 1),
            window_cost_bytes: 2,
            ..Capabilities::default()
        }
    }
}

impl<SPI: SpiBus, CS: OutputPin> BlockingPanel for MemoryLcd<SPI, CS> {
    fn begin_area(&mut self, area: Area) -> Result<(), Self::Error> {
        self.line = area.y1.unsigned_abs();
        self.line_bytes = usize::from(area.width() / 8);
        Ok(())
    }

    fn write(&mut self, pixels: &[u8]) -> Result<(), Self::Error> {
        self.send(WRITE, pixels)
    }
}
