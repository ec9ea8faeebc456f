//! The board: what is on it, wired up, and what happens when all is lost.
//!
//! Only what the program uses, and only as far as QEMU shows whether it works; it was not tried on the real board. All
//! runs from the oscillator that the chip starts with.

mod buttons;
mod gpio;
mod registers;
mod serial;
mod spi;

use core::{fmt::Write as _, panic::PanicInfo};

use cortex_m::{asm, peripheral::SYST};
use cortex_m_rt::{ExceptionFrame, exception};
use displayio_core::Size;
use displayio_hal::{bus::FourWire, mipi::InitSequence, oled::Module};
use embedded_hal::delay::DelayNs;
use embedded_hal_bus::spi::{ExclusiveDevice, NoDelay};

pub(crate) use self::buttons::Button;
use self::{buttons::Buttons, gpio::Output, registers::Block, serial::Serial, spi::Spi};

/// The oscillator's rate.
const CLOCK_HZ: u32 = 12_000_000;

/// Registers that start the clocks of peripherals and of pins.
const CLOCKS: u16 = 0x104;
const PIN_CLOCKS: u16 = 0x108;

/// The panel: an SSD0323, which the library knows by its kind, but not by its start sequence.
pub(crate) const GLASS: Module<4> =
    Module::grey(Size::new(128, 64), InitSequence::checked(START)).high_first();

/// Each command with the number of its parameters, and these.
const START: &[u8] = &[
    0xae, 0, // display off
    0xa8, 1, 0x3f, // rows of the glass
    0xa1, 1, 0x00, // first row on top
    0xa2, 1, 0x40, // offset
    0xa0, 1, 0x52, // the left pixel in the high bits; rows upwards, in turn on either side
    0x81, 1, 0x40, // contrast
    0xa4, 0, // as stored
    0xaf, 0, // display on
];

/// SPI to the panel, with its chip select and its D/C pin.
pub(crate) type OledBus = FourWire<ExclusiveDevice<Spi, Output, NoDelay>, Output>;

/// What is on the board.
pub(crate) struct Board {
    pub(crate) oled: OledBus,
    pub(crate) buttons: Buttons,
    pub(crate) serial: Serial,
    /// An LED, where a relay would be.
    pub(crate) heater: Output,
    pub(crate) delay: Delay,
}

impl Board {
    /// Everything, started; `None` when it was taken before.
    pub(crate) fn take() -> Option<Self> {
        let core = cortex_m::Peripherals::take()?;
        // Serial port and SPI, then all pins. Reading back gives the clocks time to start.
        Block::SYSTEM.set_bits(CLOCKS, 1 << 0 | 1 << 4);
        Block::SYSTEM.set_bits(PIN_CLOCKS, 0x7f);
        Block::SYSTEM.read(PIN_CLOCKS);
        // The card slot shares the bus of the panel; high deselects the card.
        let _card = Output::new(Block::GPIO_D, 0, true);
        let select = Output::new(Block::GPIO_A, 3, true);
        let data_command = Output::new(Block::GPIO_C, 7, false);
        let Ok(device) = ExclusiveDevice::new_no_delay(Spi::start(), select);
        Some(Self {
            oled: FourWire::new(device, data_command),
            buttons: Buttons::start(),
            serial: Serial::start(),
            heater: cold_heater(),
            delay: Delay::start(core.SYST),
        })
    }
}

/// The heater, switched off.
fn cold_heater() -> Output {
    Output::new(Block::GPIO_F, 0, false)
}

/// Waits by the processor's timer.
pub(crate) struct Delay(cortex_m::delay::Delay);

impl Delay {
    fn start(timer: SYST) -> Self {
        Self(cortex_m::delay::Delay::new(timer, CLOCK_HZ))
    }
}

impl DelayNs for Delay {
    fn delay_ns(&mut self, ns: u32) {
        self.0.delay_us(ns.div_ceil(1000));
    }
}

/// Does nothing more; above all, it does not heat.
pub(crate) fn halt() -> ! {
    cold_heater();
    loop {
        asm::wfi();
    }
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    let mut serial = Serial::start();
    let _ = writeln!(serial, "error: {}", info.message());
    if let Some(place) = info.location() {
        let _ = writeln!(serial, "at {place}");
    }
    halt()
}

#[exception]
unsafe fn HardFault(frame: &ExceptionFrame) -> ! {
    let _ = writeln!(Serial::start(), "error: hard fault at {:#010x}", frame.pc());
    halt()
}
