//! Scenes through a memory LCD on a fake bus, against the same scenes through a framebuffer.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up fails")]
#![expect(clippy::std_instead_of_alloc, reason = "a test has std")]

#[path = "support/scenes.rs"]
mod scenes;

use core::{cell::RefCell, convert::Infallible};
use std::rc::Rc;

use displayio_core::{BitOrder, Display, Mono, Packing, RefreshError, Size};
use displayio_hal::{
    framebuffer::Framebuffer,
    memory_lcd::{MemoryLcd, MemoryLcdError},
};
use embedded_hal::{
    digital::{self, OutputPin},
    spi::{self, ErrorKind, SpiBus},
};
use scenes::{STEPS, rotation, run, with_scene};

const SIZE: Size = Size::new(144, 43);
const LINE: usize = 18;

/// The glass: what a data sheet has of it.
#[derive(Default)]
struct Glass {
    memory: Vec<u8>,
    /// Bytes since it was selected, if it is.
    selected: Option<Vec<u8>>,
    /// The polarity of the common voltage in each transaction.
    common: Vec<bool>,
    bytes: usize,
    fail_at_byte: Option<usize>,
}

impl Glass {
    fn deselect(&mut self) {
        let Some(bytes) = self.selected.take() else { return };
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

    fn panel(&self) -> MemoryLcd<Self, Self> {
        MemoryLcd::new(self.clone(), self.clone(), SIZE)
    }

    fn memory(&self) -> Vec<u8> {
        self.0.borrow().memory.clone()
    }
}

impl spi::ErrorType for Wire {
    type Error = ErrorKind;
}

impl SpiBus for Wire {
    fn write(&mut self, bytes: &[u8]) -> Result<(), ErrorKind> {
        let glass = &mut *self.0.borrow_mut();
        for &byte in bytes {
            if glass.fail_at_byte == Some(glass.bytes) {
                glass.fail_at_byte = None;
                return Err(ErrorKind::Overrun);
            }
            glass.bytes += 1;
            glass.selected.as_mut().unwrap().push(byte);
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }

    fn read(&mut self, _: &mut [u8]) -> Result<(), ErrorKind> {
        unreachable!("nothing is read")
    }

    fn transfer(&mut self, _: &mut [u8], _: &[u8]) -> Result<(), ErrorKind> {
        unreachable!("nothing is read")
    }

    fn transfer_in_place(&mut self, _: &mut [u8]) -> Result<(), ErrorKind> {
        unreachable!("nothing is read")
    }
}

impl digital::ErrorType for Wire {
    type Error = Infallible;
}

impl OutputPin for Wire {
    fn set_low(&mut self) -> Result<(), Infallible> {
        self.0.borrow_mut().deselect();
        Ok(())
    }

    fn set_high(&mut self) -> Result<(), Infallible> {
        self.0.borrow_mut().selected = Some(Vec::new());
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
                    Err(RefreshError::Panel(MemoryLcdError::Spi(ErrorKind::Overrun))) => {
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
    let error = MemoryLcdError::<_, Infallible>::Spi(ErrorKind::Overrun);
    assert_eq!(error.to_string(), "spi: Overrun");
}

#[test]
fn a_buffer_has_to_hold_a_line() {
    let wire = Wire::new();
    let mut buffer = [0; 252];
    let refused = Display::new(wire.panel(), &mut buffer).refresh(&displayio_core::Group::new(()));
    assert!(matches!(refused, Err(RefreshError::BufferTooSmall { needed_bytes: 256, .. })));
}
