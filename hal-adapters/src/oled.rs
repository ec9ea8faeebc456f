//! Monochrome and grey panels of the SSD1306's kind, over I2C or SPI.
//!
//! They differ from [`mipi`](crate::mipi) panels in two ways. Several pixels share a byte, so that areas are sent in whole
//! bytes. And parameters are sent as commands, so that nothing tells where a command begins: after a failure, the
//! controller may take the next command for the parameters of the last. [`OledPanel`] sees to both.
//!
//! What differs between controllers is a row of a table; [`controllers`](crate::controllers) has their start sequences.

#[cfg(feature = "async")]
mod awaited;

use displayio_core::{
    Area, BitOrder, BlockingPanel, Capabilities, Luma, Packed, Packing, Panel, Size,
};
use embedded_hal::delay::DelayNs;

use crate::{
    bus::{DisplayBus, ErrorType},
    mipi::{InitSequence, Step},
};

/// The commands that all these controllers have.
const DISPLAY_OFF: u8 = 0xae;
const DISPLAY_ON: u8 = 0xaf;
const INVERTED: u8 = 0xa7;

/// Where a column and a page are told one page at a time: bits of three commands.
const COLUMN_LOW: u8 = 0x00;
const COLUMN_HIGH: u8 = 0x10;
const PAGE: u8 = 0xb0;

/// How a kind of controller is spoken to.
#[derive(Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
struct Protocol {
    /// The commands that take first and last column and row. Without them, each page is addressed by itself.
    window: Option<[u8; 2]>,
    /// The command before pixels. Where there is one, parameters are data.
    write: Option<u8>,
    /// Pixels that share one column address and one row address.
    cell: Size,
    /// Sets the contrast.
    contrast: u8,
    /// Shows the memory as it is.
    as_stored: u8,
    /// Bytes that one more area, or page, takes over I2C. Over SPI it takes less, but more transactions.
    window_cost_bytes: u16,
}

const WINDOWED: Protocol = Protocol {
    window: Some([0x21, 0x22]),
    write: None,
    cell: Size::new(1, 8),
    contrast: 0x81,
    as_stored: 0xa6,
    window_cost_bytes: 16,
};
const PAGED: Protocol = Protocol { window: None, window_cost_bytes: 9, ..WINDOWED };
const GREY: Protocol =
    Protocol { window: Some([0x15, 0x75]), cell: Size::new(2, 1), as_stored: 0xa4, ..WINDOWED };
const WIDE: Protocol = Protocol {
    write: Some(0x5c),
    cell: Size::new(4, 1),
    contrast: 0xc1,
    as_stored: 0xa6,
    window_cost_bytes: 7,
    ..GREY
};

/// A controller and its glass: how it is started and addressed, and which part of its memory is seen. `BITS` are those of
/// a pixel: 1 or 4.
///
/// The controller does not turn the picture: the display turns the scene.
///
/// ```
/// use displayio_core::Size;
/// use displayio_hal::{mipi::InitSequence, oled::Module};
/// const INIT: InitSequence<'static> = InitSequence::checked(&[0xad, 1, 0x8b, 0xaf, 0x80, 100]);
/// const BADGE: Module<1> = Module::paged(Size::new(128, 64), INIT).starting_at(2, 0);
/// assert_eq!(BADGE.size().width, 128);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Module<const BITS: u8> {
    protocol: &'static Protocol,
    init: InitSequence<'static>,
    size: Size,
    column_start: u16,
    row_start: u16,
    order: BitOrder,
}

impl Module<1> {
    /// A glass at the corner of a memory that is filled window by window: SSD1305, SSD1306, SSD1309.
    ///
    /// The start sequence must choose horizontal addressing (0x20, 0).
    #[must_use]
    pub const fn windowed(size: Size, init: InitSequence<'static>) -> Self {
        Self::new(&WINDOWED, size, init)
    }

    /// A glass at the corner of a memory that is filled page by page: SH1106, SH1107, SSD0303.
    #[must_use]
    pub const fn paged(size: Size, init: InitSequence<'static>) -> Self {
        Self::new(&PAGED, size, init)
    }
}

impl Module<4> {
    /// A glass at the corner of a memory of 16 greys: SSD0323, SSD1325, SSD1327. Of two pixels, the left is in the low bits
    /// of their byte.
    #[must_use]
    pub const fn grey(size: Size, init: InitSequence<'static>) -> Self {
        Self::new(&GREY, size, init)
    }

    /// A glass at the corner of the memory of an SSD1322, whose columns are four pixels. Of two, the left is in the low bits
    /// of their byte.
    #[must_use]
    pub const fn wide_grey(size: Size, init: InitSequence<'static>) -> Self {
        Self::new(&WIDE, size, init)
    }

    /// With the left of two pixels in the high bits, as the start sequence has it.
    #[must_use]
    pub const fn high_first(self) -> Self {
        Self { order: BitOrder::HighFirst, ..self }
    }
}

impl<const BITS: u8> Module<BITS> {
    const fn new(protocol: &'static Protocol, size: Size, init: InitSequence<'static>) -> Self {
        let order = BitOrder::LowFirst;
        Self { protocol, init, size, column_start: 0, row_start: 0, order }.addressed()
    }

    /// Itself, if a byte tells its last column and row, or four bits its last page.
    const fn addressed(self) -> Self {
        let Self { protocol: Protocol { window, cell, .. }, size, column_start, row_start, .. } =
            self;
        let columns = column_start.saturating_add(size.width).div_ceil(cell.width);
        let rows = row_start.saturating_add(size.height).div_ceil(cell.height);
        assert!(columns <= 256 && rows <= if window.is_some() { 256 } else { 16 }, "too large");
        self
    }

    /// With the glass's first pixel at this column and row of the memory, in pixels.
    ///
    /// # Panics
    /// If a byte of the memory begins elsewhere: pages are 8 rows, and the bytes of grey controllers 2 or 4 columns; or if
    /// the glass ends where no address reaches. In a `const`, that does not compile.
    #[must_use]
    pub const fn starting_at(self, column: u16, row: u16) -> Self {
        let Size { width, height } = self.protocol.cell;
        let is_whole = column.is_multiple_of(width) && row.is_multiple_of(height);
        assert!(is_whole, "the glass begins within a byte of the memory");
        Self { column_start: column, row_start: row, ..self }.addressed()
    }

    /// Width and height of the glass in pixels.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// How its pixels are packed.
    #[must_use]
    pub const fn format(&self) -> Packed<Luma<BITS>> {
        let packing = if BITS == 1 { Packing::Columns } else { Packing::Rows };
        Packed { code: Luma { lowest_bit: 8 - BITS }, packing, order: self.order }
    }

    /// First and last column address, and first and last row address, of an area of whole bytes.
    #[must_use]
    pub fn window(&self, area: Area) -> [[u8; 2]; 2] {
        let Size { width, height } = self.protocol.cell;
        let address = |start: u16, at: i16, cell: u16| {
            u8::try_from(start.saturating_add_signed(at) / cell).unwrap_or(u8::MAX)
        };
        let column = |x| address(self.column_start, x, width);
        let row = |y| address(self.row_start, y, height);
        let (x, y) = (area.x2.saturating_sub(1), area.y2.saturating_sub(1));
        [[column(area.x1), column(x)], [row(area.y1), row(y)]]
    }
}

/// A monochrome or grey controller and its glass on a bus.
///
/// A window is set once per area; strips then follow as bare data. Where pages are addressed one by one, what is written is
/// cut into them. It takes 36 bytes besides the bus on a 32-bit processor, allocates nothing and copies no pixel.
///
/// When the bus failed, the controller may still wait for parameters. So the command that says how the picture is shown
/// (as stored, or inverted), which has none and changes nothing, is sent as many times before the next one.
///
/// ```
/// use displayio_core::{Display, FONT_6X12, Group, Label, Palette, Size};
/// use displayio_hal::{bus::I2c, controllers::ssd1306, fake::{Chip, FakePanel}, oled::OledPanel};
/// // On a board: its I2C, and its delay.
/// let fake = FakePanel::oled(Chip::Ssd1306);
/// let (i2c, mut delay) = (fake.i2c(), fake.delay());
///
/// let mut panel = OledPanel::new(I2c::new(i2c, 0x3c), ssd1306::GLASS_128X64);
/// panel.init(&mut delay).unwrap();
/// let (mut strip_buffer, mut glyphs) = ([0; 128 * 8], [0; 96]);
/// let mut display = Display::new(panel, &mut strip_buffer);
/// let label = Label::from_buffer(&FONT_6X12, &mut glyphs).at(4, 8);
/// label.set_text("Hello").unwrap();
/// display.refresh(&Group::new((&label,))).unwrap();
/// assert_eq!(fake.faults(), []);
/// ```
#[derive(Debug)]
pub struct OledPanel<B, const BITS: u8> {
    bus: B,
    module: Module<BITS>,
    /// What of the present area is to come, where each page is addressed by itself.
    rest: Area,
    inverted: bool,
    /// Parameters that the controller may wait for, because the bus failed.
    owed: u8,
}

const _: () = assert!(
    size_of::<OledPanel<(), 1>>() <= 9 * size_of::<usize>(),
    "as documented at `OledPanel`"
);

impl<B, const BITS: u8> OledPanel<B, BITS> {
    /// A panel on `bus`; nothing is sent yet.
    pub const fn new(bus: B, module: Module<BITS>) -> Self {
        Self { bus, module, rest: Area::EMPTY, inverted: false, owed: 0 }
    }

    /// The module.
    pub const fn module(&self) -> Module<BITS> {
        self.module
    }

    /// The bus, without the panel.
    pub fn release(self) -> B {
        self.bus
    }

    const fn inversion(&self) -> u8 {
        if self.inverted { INVERTED } else { self.module.protocol.as_stored }
    }

    /// The command and its parameters that lead to the next page of the present area.
    fn next_page(&mut self) -> (u8, [u8; 2]) {
        let [[column, _], [page, _]] = self.module.window(self.rest);
        self.rest.y1 = self.rest.y1.saturating_add(8);
        (COLUMN_HIGH | column >> 4, [COLUMN_LOW | column & 0xf, PAGE | page & 0xf])
    }

    /// Bytes of a page of the present area.
    fn page_bytes(&self) -> usize {
        usize::from(self.rest.width()).max(1)
    }
}

impl<B: DisplayBus, const BITS: u8> OledPanel<B, BITS> {
    /// Sends the start sequence, which turns the panel on: 0.1 to 0.3 seconds. The memory is what it was, or anything, until
    /// the first refresh.
    ///
    /// A module whose reset pin is connected is [reset](crate::mipi::hardware_reset) before. Can be sent again at any time:
    /// where the memory was lost, the display must be told: [`Display::invalidate`](displayio_core::Display::invalidate).
    ///
    /// # Errors
    /// The bus's own; nothing is sent after it.
    pub fn init(&mut self, delay: &mut impl DelayNs) -> Result<(), B::Error> {
        self.inverted = false;
        for Step { command, parameters, delay_ms } in self.module.init.steps() {
            self.command(command, parameters)?;
            delay.delay_ms(delay_ms.into());
        }
        Ok(())
    }

    /// Sets how bright lit pixels are. Some controllers take 7 of the 8 bits.
    ///
    /// # Errors
    /// The bus's own.
    pub fn set_contrast(&mut self, contrast: u8) -> Result<(), B::Error> {
        self.command(self.module.protocol.contrast, &[contrast])
    }

    /// Turns the panel on, or off: dark, its memory kept, at some microamperes.
    ///
    /// # Errors
    /// The bus's own.
    pub fn set_on(&mut self, on: bool) -> Result<(), B::Error> {
        self.command(if on { DISPLAY_ON } else { DISPLAY_OFF }, &[])
    }

    /// Shows complements, or not.
    ///
    /// # Errors
    /// The bus's own.
    pub fn set_inverted(&mut self, inverted: bool) -> Result<(), B::Error> {
        self.inverted = inverted;
        self.command(self.inversion(), &[])
    }

    /// Sends a command of the controller's own.
    ///
    /// # Errors
    /// The bus's own. What the command sets is undefined then, until it is sent again.
    pub fn command(&mut self, command: u8, parameters: &[u8]) -> Result<(), B::Error> {
        if self.module.protocol.write.is_some() {
            return self.bus.command(command, parameters);
        }
        while self.owed > 0 {
            self.bus.commands(self.inversion(), &[])?;
            self.owed -= 1;
        }
        self.owed = u8::try_from(parameters.len()).unwrap_or(u8::MAX);
        self.bus.commands(command, parameters)?;
        self.owed = 0;
        Ok(())
    }

    /// Sends pages to come, each with its address.
    fn write_pages(&mut self, pixels: &[u8]) -> Result<(), B::Error> {
        for bytes in pixels.chunks(self.page_bytes()) {
            let (command, parameters) = self.next_page();
            self.command(command, &parameters)?;
            self.bus.data(bytes)?;
        }
        Ok(())
    }
}

impl<B: ErrorType, const BITS: u8> Panel for OledPanel<B, BITS> {
    type Format = Packed<Luma<BITS>>;
    type Error = B::Error;

    fn format(&self) -> Self::Format {
        self.module.format()
    }

    fn size(&self) -> Size {
        self.module.size
    }

    fn capabilities(&self) -> Capabilities {
        let &Protocol { cell, window_cost_bytes, .. } = self.module.protocol;
        Capabilities { alignment: cell, window_cost_bytes, ..Capabilities::default() }
    }
}

impl<B: DisplayBus, const BITS: u8> BlockingPanel for OledPanel<B, BITS> {
    fn begin_area(&mut self, area: Area) -> Result<(), B::Error> {
        self.rest = area;
        let &Protocol { window, write, .. } = self.module.protocol;
        let Some(commands) = window else { return Ok(()) };
        for (command, bounds) in commands.into_iter().zip(self.module.window(area)) {
            self.command(command, &bounds)?;
        }
        write.map_or(Ok(()), |write| self.command(write, &[]))
    }

    fn write(&mut self, pixels: &[u8]) -> Result<(), B::Error> {
        match self.module.protocol.window {
            Some(_) => self.bus.data(pixels),
            None => self.write_pages(pixels),
        }
    }
}
