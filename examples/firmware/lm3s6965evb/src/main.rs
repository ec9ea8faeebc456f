//! A room thermostat on a Stellaris LM3S6965 evaluation board, as QEMU has it.
//!
//! What it shows and does is the package `thermostat`. Here is what makes firmware of it: memory, a panel, and where
//! events come from: buttons, and a sensor that sends tenths of a degree over the serial port, a line each.
#![no_std]
#![no_main]

mod board;

use core::{
    convert::Infallible,
    fmt::{self, Write as _},
    mem::MaybeUninit,
};

use cortex_m_rt::entry;
use displayio_allocators::LinkedListHeap;
use displayio_core::{Display, Group, MemoryReport};
use displayio_hal::{bus::ErrorType, oled::OledPanel};
use embedded_hal::digital::OutputPin as _;
use static_cell::ConstStaticCell;
use thermostat::{Event, Thermostat, greys_in};

use self::board::{Board, Button, GLASS, OledBus};

/// All memory that the scene will ever have: where it is too small, the error says what for.
static REGION: ConstStaticCell<[MaybeUninit<u8>; 2048]> =
    ConstStaticCell::new([MaybeUninit::uninit(); 2048]);

/// Where pixels are composed: eight rows of the panel, a byte each, and what aligning them to words may take. One row would do.
static STRIP: ConstStaticCell<[u8; 8 * 128 + 3]> = ConstStaticCell::new([0; 8 * 128 + 3]);

#[entry]
fn main() -> ! {
    // There is a board: nobody took it before.
    if let Some(mut board) = Board::take() {
        let Err(failure) = run(&mut board);
        let _ = writeln!(board.serial, "error: {failure}");
    }
    board::halt()
}

/// Sets everything up, and goes on for ever.
fn run(board: &mut Board) -> Result<Infallible, Failure> {
    let Board { oled, buttons, serial, heater, delay } = board;
    let mut panel = OledPanel::new(oled, GLASS);
    panel.init(delay).map_err(Failure::Oled)?;
    let mut display = Display::new(panel, STRIP.take());

    let heap = LinkedListHeap::new(REGION.take());
    let greys = greys_in(&heap).map_err(Failure::Scene)?;
    let thermostat = Thermostat::new_in(&greys, &heap).map_err(Failure::Scene)?;
    let root = Group::new((&thermostat,));
    let _ = writeln!(serial, "{}", MemoryReport::<16>::of(&root));
    let _ = writeln!(serial, "free: {} bytes", heap.free_bytes());

    loop {
        let _ = match display.refresh(&root) {
            Ok(stats) => writeln!(serial, "shown: {} pixels", stats.pixels),
            // What was not sent is sent by the next refresh.
            Err(error) => writeln!(serial, "error: {error}"),
        };
        let event = loop {
            if let Some(button) = buttons.pressed(delay) {
                break event_of(button);
            }
            match serial.line().map(|line| line.trim().parse()) {
                Some(Ok(event)) => break event,
                Some(Err(unknown)) => {
                    let _ = writeln!(serial, "ignored: {unknown}");
                }
                // A product would sleep here until an interrupt.
                None => {}
            }
        };
        if let Err(error) = thermostat.handle(event) {
            let _ = writeln!(serial, "error: {error}");
        }
        let Ok(()) = heater.set_state((thermostat.power() > 0).into());
    }
}

const fn event_of(button: Button) -> Event {
    match button {
        Button::Up => Event::Up,
        Button::Down => Event::Down,
        Button::Select => Event::Power,
    }
}

/// Why it does not even start.
enum Failure {
    Oled(<OledBus as ErrorType>::Error),
    Scene(thermostat::Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Oled(error) => write!(f, "oled: {error}"),
            Self::Scene(error) => error.fmt(f),
        }
    }
}
