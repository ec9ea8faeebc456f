//! Panels that speak the MIPI display command set over a bus: ST7789, ST7735, ILI9341 and their kin.
//!
//! The bytes are made in [`InitSequence`] and [`Module::window`], which know no bus; [`MipiPanel`] sends them and waits.

#[cfg(feature = "async")]
mod awaited;
pub mod dcs;
mod init;

use displayio_core::{Area, BlockingPanel, Capabilities, Panel, PixelFormat, Size};
use embedded_hal::{delay::DelayNs, digital::OutputPin};

pub use self::init::{InitSequence, MalformedInit, Step};
use crate::bus::{DisplayBus, ErrorType};

/// How a glass is wired to its controller: which part of the memory it shows, and how.
///
/// The controller does not turn the picture: the display turns the scene, so that one module has one set of offsets.
///
/// ```
/// use displayio_core::Size;
/// use displayio_hal::mipi::Module;
/// const BREAKOUT: Module = Module::new(Size::new(135, 240)).starting_at(52, 40).inverted();
/// assert_eq!(BREAKOUT.address_mode(), 0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Module {
    size: Size,
    column_start: u16,
    row_start: u16,
    alignment: Size,
    address_mode: u8,
    inverted: bool,
}

impl Module {
    /// A glass of `size` pixels at the corner of the controller's memory.
    #[must_use]
    pub const fn new(size: Size) -> Self {
        let alignment = Size::new(1, 1);
        Self { size, column_start: 0, row_start: 0, alignment, address_mode: 0, inverted: false }
    }

    /// With the glass's first pixel at this column and row of the memory, counted as the
    /// [mirrored](Self::mirrored) memory is.
    #[must_use]
    pub const fn starting_at(self, column: u16, row: u16) -> Self {
        Self { column_start: column, row_start: row, ..self }
    }

    /// With columns running leftwards, or rows upwards; both turn the picture by half.
    #[must_use]
    pub const fn mirrored(self, columns: bool, rows: bool) -> Self {
        let kept = self.address_mode & !(dcs::MIRROR_COLUMNS | dcs::MIRROR_ROWS);
        let columns = if columns { dcs::MIRROR_COLUMNS } else { 0 };
        let rows = if rows { dcs::MIRROR_ROWS } else { 0 };
        Self { address_mode: kept | columns | rows, ..self }
    }

    /// With red and blue exchanged on the glass.
    #[must_use]
    pub const fn bgr(self) -> Self {
        Self { address_mode: self.address_mode | dcs::BGR, ..self }
    }

    /// With a glass that shows complements, as IPS glass does.
    #[must_use]
    pub const fn inverted(self) -> Self {
        Self { inverted: true, ..self }
    }

    /// With windows in multiples of so many columns and rows, counted from the glass's first pixel; powers of two.
    ///
    /// Controllers of AMOLED glass (RM67162, CO5300) take even windows only: 2 by 2.
    #[must_use]
    pub const fn aligned(self, columns: u16, rows: u16) -> Self {
        Self { alignment: Size::new(columns, rows), ..self }
    }

    /// Width and height of the glass in pixels.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// The parameter of [`dcs::ADDRESS_MODE`].
    #[must_use]
    pub const fn address_mode(&self) -> u8 {
        self.address_mode
    }

    /// The end of a start sequence: the order of addresses and colours, and whether complements are shown.
    const fn start<'b>(&self, bytes: &'b mut [u8; 5]) -> &'b [u8] {
        *bytes = [dcs::ADDRESS_MODE, 1, self.address_mode, dcs::INVERSION_ON, 0];
        if self.inverted { bytes } else { bytes.split_at(3).0 }
    }

    /// The commands that set the window for `area` of the glass, with their parameters: columns, then rows.
    #[must_use]
    pub const fn window(&self, area: Area) -> [(u8, [u8; 4]); 2] {
        [
            (dcs::COLUMN_ADDRESS, bounds(self.column_start, area.x1, area.x2)),
            (dcs::ROW_ADDRESS, bounds(self.row_start, area.y1, area.y2)),
        ]
    }
}

/// First and last address of `from..to`, each high byte first.
const fn bounds(start: u16, from: i16, to: i16) -> [u8; 4] {
    let first = start.saturating_add_signed(from).to_be_bytes();
    let last = start.saturating_add_signed(to.saturating_sub(1)).to_be_bytes();
    [first[0], first[1], last[0], last[1]]
}

/// Pulls a controller's reset pin low and waits until it may be woken: 121 ms in all.
///
/// For modules that have the pin, [OLEDs](crate::oled) too. Start sequences of MIPI panels begin with a
/// [software reset](dcs::SOFTWARE_RESET), which is enough where the power came up cleanly. The panel's contents and settings are
/// lost.
///
/// # Errors
/// The pin's own. Where it did not rise again, the controller is held in reset.
///
/// ```
/// use displayio_core::{Rgb565, Size};
/// use displayio_hal::{controllers::st7789, fake::FakePanel, mipi::{self, MipiPanel}};
/// let fake = FakePanel::new(st7789::MEMORY);
/// mipi::hardware_reset(&mut fake.reset_pin(), &mut fake.delay())?;
/// MipiPanel::new(fake.bus(), st7789::GLASS_240X240, Rgb565).init(st7789::INIT, &mut fake.delay()).unwrap();
/// assert_eq!(fake.faults(), []);
/// # Ok::<(), core::convert::Infallible>(())
/// ```
pub fn hardware_reset<P: OutputPin>(pin: &mut P, delay: &mut impl DelayNs) -> Result<(), P::Error> {
    pin.set_low()?;
    // Data sheets ask for 10 us; a capacitor on the module makes that longer.
    delay.delay_ms(1);
    pin.set_high()?;
    delay.delay_ms(120);
    Ok(())
}

/// A MIPI controller and its glass on a bus.
///
/// A window costs 11 bytes and is set once per area, with memory write as its last command. Strips then follow as bare
/// data: a controller goes on where it stopped, whatever chip select does meanwhile, until the next command. (There is a
/// command to go on with, 0x3C, but the ST7735 does not know it and the others do not need it.) It takes 14 bytes besides
/// the bus, allocates nothing and copies no pixel.
///
/// Pixels must be of whole bytes; the start sequence must set the same format. That of 18 bits (0x66: all that an ILI9488
/// takes over SPI) is sent as [`Bgr888`](displayio_core::Bgr888): blue comes first then, so that [`Module::bgr`] is for a
/// glass that has red first, and left out where it has blue first.
///
/// ```
/// use displayio_core::{Display, Group, Rgb565};
/// use displayio_hal::{controllers::st7789, fake::FakePanel, mipi::MipiPanel};
/// // On a board: `FourWire::new(spi_device, data_command_pin)`, and its delay.
/// let fake = FakePanel::new(st7789::MEMORY);
/// let (bus, mut delay) = (fake.bus(), fake.delay());
///
/// let mut panel = MipiPanel::new(bus, st7789::GLASS_135X240, Rgb565);
/// panel.init(st7789::INIT, &mut delay).unwrap();
/// let mut strip_buffer = [0; 135 * 2 * 8];
/// let mut display = Display::new(panel, &mut strip_buffer);
/// display.refresh(&Group::new(())).unwrap();
/// assert_eq!(fake.faults(), []);
/// ```
#[derive(Debug)]
pub struct MipiPanel<B, F> {
    bus: B,
    module: Module,
    format: F,
}

const _: () = assert!(size_of::<Module>() <= 14, "as documented at `MipiPanel`");

impl<B, F: PixelFormat> MipiPanel<B, F> {
    /// A panel on `bus`; nothing is sent yet.
    pub const fn new(bus: B, module: Module, format: F) -> Self {
        const { assert!(F::DEPTH.is_multiple_of(8), "a MIPI panel's pixels are whole bytes") };
        Self { bus, module, format }
    }

    /// The module.
    pub const fn module(&self) -> Module {
        self.module
    }

    /// The bus, without the panel.
    pub fn release(self) -> B {
        self.bus
    }
}

impl<B: DisplayBus, F: PixelFormat> MipiPanel<B, F> {
    /// Sends the controller's start sequence, then the module's order of addresses and colours.
    ///
    /// Takes as long as the delays: 0.5 to 1.2 seconds with the sequences of [`controllers`](crate::controllers). Can be
    /// sent again at any time; the panel's contents are lost then, and the display must be told:
    /// [`Display::invalidate`](displayio_core::Display::invalidate).
    ///
    /// # Errors
    /// The bus's own; nothing is sent after it.
    pub fn init(
        &mut self,
        sequence: InitSequence<'_>,
        delay: &mut impl DelayNs,
    ) -> Result<(), B::Error> {
        sequence.send(&mut self.bus, delay)?;
        InitSequence::checked(self.module.start(&mut [0; 5])).send(&mut self.bus, delay)
    }

    /// Sends a command of the panel's own: [`dcs::DISPLAY_OFF`], [`dcs::BRIGHTNESS`]...
    ///
    /// # Errors
    /// The bus's own.
    pub fn command(&mut self, command: u8, parameters: &[u8]) -> Result<(), B::Error> {
        self.bus.command(command, parameters)
    }
}

impl<B: ErrorType, F: PixelFormat> Panel for MipiPanel<B, F> {
    type Format = F;
    type Error = B::Error;

    fn format(&self) -> F {
        self.format
    }

    fn size(&self) -> Size {
        self.module.size
    }

    #[inline]
    fn capabilities(&self) -> Capabilities {
        Capabilities { alignment: self.module.alignment, ..Capabilities::default() }
    }
}

impl<B: DisplayBus, F: PixelFormat> BlockingPanel for MipiPanel<B, F> {
    fn begin_area(&mut self, area: Area) -> Result<(), B::Error> {
        for (command, parameters) in self.module.window(area) {
            self.bus.command(command, &parameters)?;
        }
        self.bus.command(dcs::MEMORY_WRITE, &[])
    }

    fn write(&mut self, pixels: &[u8]) -> Result<(), B::Error> {
        self.bus.data(pixels)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_as_the_reference_sets_them() {
        let check = |column, row, area, columns: [u8; 4], rows: [u8; 4]| {
            let module = Module::new(Size::new(320, 240)).starting_at(column, row);
            assert_eq!(module.window(area), [(0x2a, columns), (0x2b, rows)]);
        };
        check(1, 2, Area::new(0, 0, 320, 1), [0, 1, 1, 0x40], [0, 2, 0, 2]);
        check(1, 2, Area::new(10, 1, 14, 3), [0, 0xb, 0, 0xe], [0, 3, 0, 4]);
        check(53, 40, Area::new(132, 10, 134, 13), [0, 0xb9, 0, 0xba], [0, 0x32, 0, 0x34]);
    }

    #[test]
    fn the_address_mode_is_put_together() {
        let module = Module::new(Size::new(8, 8)).bgr().mirrored(true, true).mirrored(true, false);
        assert_eq!(module.address_mode(), 0x48);
    }
}
