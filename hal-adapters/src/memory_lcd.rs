//! Memory LCDs: monochrome panels that keep each line, and are sent whole lines.

use core::{error::Error, fmt};

use displayio_core::{Area, BitOrder, BlockingPanel, Capabilities, Mono, Packing, Panel, Size};
use embedded_hal::{
    digital::{self, OutputPin},
    spi::{self, Operation, SpiDevice},
};

/// Bits of the first byte, in the order in which SPI sends them: what follows, and the polarity of the common voltage.
const WRITE: u8 = 0x80;
const COMMON: u8 = 0x40;
const CLEAR: u8 = 0x20;
/// After a line, and once more after the last.
const TRAILER: [u8; 2] = [0; 2];

/// How long chip select is high before the first byte and after the last, at least.
const SETUP_NS: u32 = 6_000;
const HOLD_NS: u32 = 2_000;

/// A memory LCD: Sharp's LS011B7DH03, LS013B7DH05, LS027B7DH01 and the like, over SPI of mode 0 at 1 to 2 MHz.
///
/// Their chip select is high while they are used: give the SPI device an [`ActiveHigh`] pin. What changed is sent in whole
/// lines, each of its width in bits and 32 bits more: a frame of 400x240 pixels is 13 kB. The strip buffer has to hold a line,
/// a byte per pixel, of the next power of two: 512 bytes for 400 pixels.
///
/// A panel whose common voltage stays the same is spoiled in time. Where its EXTCOMIN pin is not driven by a timer,
/// [`invert_common`](Self::invert_common) is to be called once a second, or more often. Its DISP pin turns it on.
///
/// ```
/// use displayio_core::{Display, Group, Size};
/// use displayio_hal::{fake::FakePanel, memory_lcd::MemoryLcd};
/// // On a board: `ExclusiveDevice::new(bus, ActiveHigh(pin), delay)` of embedded-hal-bus, or the like.
/// let spi = FakePanel::new(Size::new(400, 240)).spi();
/// let mut strip_buffer = [0; 512 * 4];
/// let mut display = Display::new(MemoryLcd::new(spi, Size::new(400, 240)), &mut strip_buffer);
/// display.refresh(&Group::new(())).unwrap();
/// display.panel_mut().invert_common().unwrap();
/// ```
#[derive(Debug)]
pub struct MemoryLcd<SPI> {
    spi: SPI,
    size: Size,
    /// The next line, counted from 1, and the bytes that a line of the present area comes in.
    line: u8,
    line_bytes: usize,
    /// [`COMMON`] in every other call.
    common: u8,
}

/// What went wrong with a [`MemoryLcd`]: the SPI's own error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MemoryLcdError<E>(pub E);

impl<E: fmt::Debug> fmt::Display for MemoryLcdError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "spi: {:?}", self.0)
    }
}

impl<E: fmt::Debug> Error for MemoryLcdError<E> {}

impl<SPI> MemoryLcd<SPI> {
    /// A panel of `size` on an SPI device; nothing is sent yet.
    ///
    /// # Panics
    /// If there are more than 255 lines, or if lines are no whole bytes or longer than 16 384 pixels. In a `const`, that does
    /// not compile.
    pub const fn new(spi: SPI, size: Size) -> Self {
        assert!(size.height <= 255, "a byte does not number so many lines");
        assert!(size.width.is_multiple_of(8), "lines are whole bytes");
        assert!(size.width <= 1 << 14, "coordinates do not reach so far");
        Self { spi, size, line: 1, line_bytes: 1, common: 0 }
    }

    /// The SPI device, without the panel.
    pub fn release(self) -> SPI {
        self.spi
    }
}

impl<SPI: SpiDevice> MemoryLcd<SPI> {
    /// Changes the polarity of the common voltage. Two bytes are sent.
    ///
    /// # Errors
    /// The SPI's own.
    pub fn invert_common(&mut self) -> Result<(), MemoryLcdError<SPI::Error>> {
        let inverted = self.common ^ COMMON;
        self.transaction(&[inverted, 0], &[], &[])?;
        self.common = inverted;
        Ok(())
    }

    /// Makes all pixels white, the colour of the glass. The display knows nothing of it.
    ///
    /// # Errors
    /// The SPI's own.
    pub fn clear(&mut self) -> Result<(), MemoryLcdError<SPI::Error>> {
        self.transaction(&[CLEAR | self.common, 0], &[], &[])
    }

    fn transaction(
        &mut self,
        head: &[u8],
        line: &[u8],
        trailer: &[u8],
    ) -> Result<(), MemoryLcdError<SPI::Error>> {
        let operations = &mut [
            Operation::DelayNs(SETUP_NS),
            Operation::Write(head),
            Operation::Write(line),
            Operation::Write(trailer),
            Operation::DelayNs(HOLD_NS),
        ];
        self.spi.transaction(operations).map_err(MemoryLcdError)
    }
}

impl<SPI: spi::ErrorType> Panel for MemoryLcd<SPI> {
    type Format = Mono;
    type Error = MemoryLcdError<SPI::Error>;

    fn format(&self) -> Mono {
        Mono::new(Packing::Rows, BitOrder::HighFirst)
    }

    fn size(&self) -> Size {
        self.size
    }

    /// Whole lines: areas reach beyond the glass to the next power of two.
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            alignment: Size::new(self.size.width.next_power_of_two(), 1),
            window_cost_bytes: 0,
            ..Capabilities::default()
        }
    }
}

impl<SPI: SpiDevice> BlockingPanel for MemoryLcd<SPI> {
    fn begin_area(&mut self, area: Area) -> Result<(), Self::Error> {
        self.line = u8::try_from(area.y1).unwrap_or(u8::MAX).saturating_add(1);
        self.line_bytes = usize::from(area.width() / 8).max(1);
        Ok(())
    }

    /// A transaction for each line.
    fn write(&mut self, pixels: &[u8]) -> Result<(), Self::Error> {
        let seen = usize::from(self.size.width / 8);
        for line in pixels.chunks(self.line_bytes) {
            // The number's lowest bit comes first.
            let head = [WRITE | self.common, self.line.reverse_bits()];
            self.transaction(&head, line.get(..seen).unwrap_or(line), &TRAILER)?;
            self.line = self.line.saturating_add(1);
        }
        Ok(())
    }
}

/// A pin whose levels are exchanged: chip select of a device that is used while it is high.
#[derive(Debug, Clone, Copy)]
pub struct ActiveHigh<P>(pub P);

impl<P: digital::ErrorType> digital::ErrorType for ActiveHigh<P> {
    type Error = P::Error;
}

impl<P: OutputPin> OutputPin for ActiveHigh<P> {
    fn set_low(&mut self) -> Result<(), P::Error> {
        self.0.set_high()
    }

    fn set_high(&mut self) -> Result<(), P::Error> {
        self.0.set_low()
    }
}
