//! Pins (PL061).

use core::convert::Infallible;

use embedded_hal::digital::{ErrorType, InputPin, OutputPin};

use super::registers::Block;

const DIRECTION: u16 = 0x400;
const LATCHED: u16 = 0x414;
const CLEAR: u16 = 0x41c;
const ALTERNATE: u16 = 0x420;
const PULL_UP: u16 = 0x510;
const DIGITAL: u16 = 0x51c;

/// Gives the pins of this mask to a peripheral.
pub(super) fn lend(port: Block, mask: u32) {
    port.set_bits(ALTERNATE, mask);
    port.set_bits(DIGITAL, mask);
}

/// A pin of a port.
#[derive(Debug)]
struct Pin {
    port: Block,
    bit: u8,
}

impl Pin {
    const fn mask(&self) -> u32 {
        1 << self.bit
    }

    /// The register of this pin alone: its address tells which pins of the port are meant.
    const fn data(&self) -> u16 {
        4 << self.bit
    }
}

/// A pin that drives a line.
#[derive(Debug)]
pub(crate) struct Output(Pin);

impl Output {
    pub(super) fn new(port: Block, bit: u8, is_high: bool) -> Self {
        let pin = Pin { port, bit };
        port.set_bits(DIRECTION, pin.mask());
        port.set_bits(DIGITAL, pin.mask());
        let mut output = Self(pin);
        let Ok(()) = output.set_state(is_high.into());
        output
    }
}

impl ErrorType for Output {
    type Error = Infallible;
}

impl OutputPin for Output {
    fn set_low(&mut self) -> Result<(), Infallible> {
        self.0.port.write(self.0.data(), 0);
        Ok(())
    }

    fn set_high(&mut self) -> Result<(), Infallible> {
        self.0.port.write(self.0.data(), self.0.mask());
        Ok(())
    }
}

/// A pin that reads a line, which is high where nothing pulls it down.
#[derive(Debug)]
pub(super) struct Input(Pin);

impl Input {
    pub(super) fn new(port: Block, bit: u8) -> Self {
        let pin = Pin { port, bit };
        port.set_bits(PULL_UP, pin.mask());
        port.set_bits(DIGITAL, pin.mask());
        Self(pin)
    }

    /// Whether the line fell since this was asked last: the port keeps that, so that nothing is missed.
    pub(super) fn has_fallen(&mut self) -> bool {
        let Pin { port, .. } = self.0;
        let fallen = port.read(LATCHED) & self.0.mask();
        // Only what was seen: it may fall at this moment.
        port.write(CLEAR, fallen);
        fallen != 0
    }
}

impl ErrorType for Input {
    type Error = Infallible;
}

impl InputPin for Input {
    fn is_high(&mut self) -> Result<bool, Infallible> {
        Ok(self.0.port.read(self.0.data()) != 0)
    }

    fn is_low(&mut self) -> Result<bool, Infallible> {
        self.is_high().map(|is_high| !is_high)
    }
}
