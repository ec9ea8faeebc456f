//! Scenes through a memory LCD on a fake bus, against the same scenes through a framebuffer.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up fails")]
#![expect(clippy::std_instead_of_alloc, reason = "a test has std")]

#[path = "support/scenes.rs"]
mod scenes;

use core::cell::RefCell;
use std::rc::Rc;

use displayio_core::{BitOrder, Display, Group, Mono, Packing, RefreshError, Size};
use displayio_hal::{
    framebuffer::Framebuffer,
    memory_lcd::{ActiveHigh, MemoryLcd, MemoryLcdError},
};
use embedded_hal::{
    digital::OutputPin,
    spi::{self, ErrorKind, Operation, SpiDevice},
};
use scenes::{STEPS, rotation, run, with_scene};

const SIZE: Size = Size::new(144, 43);
const LINE: usize = 18;

/// The glass: what a data sheet has of it.
#[derive(Default)]
struct Glass {
    memory: Vec<u8>,
    /// The polarity of the common voltage in each transaction.
    common: Vec<bool>,
    bytes: usize,
    fail_at_byte: Option<usize>,
}

impl Glass {
    /// What it takes over when chip select is low again.
    fn receive(&mut self, bytes: &[u8]) {
        let Some((mode, lines)) = bytes.split_first() else { return };
        self.common.push(mode & 0x40 != 0);
        if mode & 0x20 != 0 {
            self.memory.fill(0xff);
        }
        if mode & 0x80 != 0 {
            // One that was cut off is not taken over.
            for line in lines.chunks_exact(LINE + 2) {
                let number = usize::from(line[0].reverse_bits());
                let place = (number - 1) * LINE;
                self.memory[place..place + LINE].copy_from_slice(&line[1..=LINE]);
                assert_eq!(line[LINE + 1], 0, "after a line");
            }
        }
    }
}

#[derive(Clone)]
struct Wire(Rc<RefCell<Glass>>);

impl Wire {
    fn new() -> Self {
        let memory = vec![0xa5; LINE * usize::from(SIZE.height)];
        Self(Rc::new(RefCell::new(Glass { memory, ..Glass::default() })))
    }

    fn panel(&self) -> MemoryLcd<Self> {
        MemoryLcd::new(self.clone(), SIZE)
    }

    fn memory(&self) -> Vec<u8> {
        self.0.borrow().memory.clone()
    }
}

impl spi::ErrorType for Wire {
    type Error = ErrorKind;
}

impl SpiDevice for Wire {
    fn transaction(&mut self, operations: &mut [Operation<'_, u8>]) -> Result<(), ErrorKind> {
        let glass = &mut *self.0.borrow_mut();
        let ends = [&operations[0], &operations[operations.len() - 1]];
        let waits =
            |operation: &&Operation<'_, u8>| matches!(operation, Operation::DelayNs(2000..));
        assert!(ends.iter().all(waits), "chip select is given time");
        let written = operations.iter().flat_map(|operation| match operation {
            Operation::Write(bytes) => *bytes,
            _ => &[],
        });
        let mut received = Vec::new();
        for &byte in written {
            if glass.fail_at_byte == Some(glass.bytes) {
                glass.fail_at_byte = None;
                glass.receive(&received);
                return Err(ErrorKind::Overrun);
            }
            glass.bytes += 1;
            received.push(byte);
        }
        glass.receive(&received);
        Ok(())
    }
}

fn expected(seed: u64) -> Vec<Vec<u8>> {
    let format = Mono::new(Packing::Rows, BitOrder::HighFirst);
    run(Framebuffer::new(SIZE, format), seed, 256, |panel| panel.memory().to_vec())
}

#[test]
fn lines_are_what_a_framebuffer_has() {
    for seed in 0..12 {
        let wire = Wire::new();
        let seen = run(wire.panel(), seed, 256, |_| wire.memory());
        assert!(seen == expected(seed), "seed {seed}");
    }
}

/// A refresh that fails at byte N, for every N, leaves everything to the next one.
#[test]
fn a_failed_refresh_is_made_up_for() {
    let expected = expected(7);
    for byte in 0.. {
        let wire = Wire::new();
        let mut buffer = [0; 256 * 3];
        let mut display = Display::new(wire.panel(), &mut buffer).rotated(rotation(7));
        wire.0.borrow_mut().fail_at_byte = Some(byte);
        with_scene(SIZE, 7, |root, edit| {
            for expected in &expected {
                edit();
                match display.refresh(root) {
                    Ok(_) => {}
                    Err(RefreshError::Panel(MemoryLcdError(ErrorKind::Overrun))) => {
                        display.refresh(root).unwrap();
                    }
                    Err(error) => unreachable!("{error}"),
                }
                assert!(wire.memory() == *expected, "byte {byte}");
            }
        });
        if wire.0.borrow().fail_at_byte.is_some() {
            assert!(byte > 1000, "{byte} bytes in {STEPS} refreshes");
            break;
        }
    }
}

#[test]
fn the_common_voltage_changes_when_told_and_the_glass_is_cleared() {
    let wire = Wire::new();
    let mut panel = wire.panel();
    panel.invert_common().unwrap();
    panel.invert_common().unwrap();
    panel.invert_common().unwrap();
    assert_eq!(
        (wire.0.borrow().common.as_slice(), wire.0.borrow().bytes),
        (&[true, false, true][..], 6)
    );
    panel.clear().unwrap();
    assert!(wire.memory().iter().all(|&byte| byte == 0xff), "white");
    assert_eq!(wire.0.borrow().common.last(), Some(&true), "as it was");
    wire.0.borrow_mut().fail_at_byte = Some(9);
    let error = panel.invert_common().unwrap_err();
    assert_eq!(error.to_string(), "spi: Overrun");
    panel.invert_common().unwrap();
    assert_eq!(wire.0.borrow().common.last(), Some(&false), "at the second try");
}

#[test]
fn a_buffer_has_to_hold_a_line() {
    let wire = Wire::new();
    let mut buffer = [0; 252];
    let refused = Display::new(wire.panel(), &mut buffer).refresh(&Group::new(()));
    assert!(matches!(refused, Err(RefreshError::BufferTooSmall { needed_bytes: 256, .. })));
}

/// Keeps its level.
struct Pin(bool);

impl embedded_hal::digital::ErrorType for Pin {
    type Error = core::convert::Infallible;
}

impl OutputPin for Pin {
    fn set_low(&mut self) -> Result<(), Self::Error> {
        self.0 = false;
        Ok(())
    }

    fn set_high(&mut self) -> Result<(), Self::Error> {
        self.0 = true;
        Ok(())
    }
}

#[test]
fn a_pin_is_high_for_what_is_selected() {
    let mut select = ActiveHigh(Pin(false));
    select.set_low().unwrap();
    assert!(select.0.0);
    select.set_high().unwrap();
    assert!(!select.0.0);
}

#[test]
#[should_panic(expected = "so many lines")]
fn lines_that_no_byte_numbers_are_refused() {
    let _ = MemoryLcd::new(Wire::new(), Size::new(16, 256));
}
