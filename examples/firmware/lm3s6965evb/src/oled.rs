//! A panel with an SSD0323: 16 greys, two pixels in a byte.

use displayio_core::{Area, BitOrder, BlockingPanel, Capabilities, Gray4, Packing, Panel, Size};
use displayio_hal::bus::DisplayBus;

/// Commands, with their parameters: they are told from pixels by the D/C pin, too.
const START: [u8; 12] = [
    0xae, // off
    0xa0, 0x52, // the wiring of the glass
    0xa8, 0x3f, // 64 rows
    0xa1, 0x00, // from the first
    0xa2, 0x40, // at the top
    0x81, 0x40, // contrast
    0xaf, // on
];

const COLUMNS: u8 = 0x15;
const ROWS: u8 = 0x75;

/// The panel on its bus.
pub(crate) struct Oled<B> {
    bus: B,
    size: Size,
}

impl<B: DisplayBus> Oled<B> {
    pub(crate) const fn new(bus: B, size: Size) -> Self {
        Self { bus, size }
    }

    /// Starts the controller.
    pub(crate) fn init(&mut self) -> Result<(), B::Error> {
        self.commands(&START)
    }

    fn commands(&mut self, bytes: &[u8]) -> Result<(), B::Error> {
        bytes.iter().try_for_each(|byte| self.bus.command(*byte, &[]))
    }
}

impl<B: DisplayBus> Panel for Oled<B> {
    type Format = Gray4;
    type Error = B::Error;

    fn format(&self) -> Gray4 {
        Gray4::new(Packing::Rows, BitOrder::HighFirst)
    }

    fn size(&self) -> Size {
        self.size
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { window_cost_bytes: 6, ..Capabilities::default() }
    }
}

impl<B: DisplayBus> BlockingPanel for Oled<B> {
    fn begin_area(&mut self, area: Area) -> Result<(), B::Error> {
        // Addresses of columns are those of bytes.
        let address = |v: i16| u8::try_from(v).unwrap_or(u8::MAX);
        let columns = [address(area.x1 / 2), address(area.x2 / 2 - 1)];
        self.commands(&[COLUMNS, columns[0], columns[1]])?;
        self.commands(&[ROWS, address(area.y1), address(area.y2 - 1)])
    }

    fn write(&mut self, pixels: &[u8]) -> Result<(), B::Error> {
        self.bus.data(pixels)
    }
}
