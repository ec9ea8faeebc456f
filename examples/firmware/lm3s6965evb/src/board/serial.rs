//! The serial port (UART 0, a PL011): lines from a sensor, and what the program tells.

use core::{fmt, mem};

use heapless::String;

use super::{CLOCK_HZ, gpio, registers::Block};

const DATA: u16 = 0x00;
const FLAGS: u16 = 0x18;
const DIVISOR: u16 = 0x24;
const DIVISOR_FRACTION: u16 = 0x28;
const LINE_CONTROL: u16 = 0x2c;
const CONTROL: u16 = 0x30;

/// Eight bits, no parity; queues of 16 bytes; sends and receives.
const EIGHT_BITS_QUEUED: u32 = 0x70;
const ENABLE: u32 = 0x301;

/// Flags: nothing received, no room to send.
const EMPTY: u32 = 0x10;
const FULL: u32 = 0x20;

/// The rate in 64ths of a sixteenth of the clock.
const BAUD: u32 = 115_200;
const DIVISOR_64THS: u32 = CLOCK_HZ * 4 / BAUD;

/// The longest line: there is no event of as many bytes.
const LINE_BYTES: usize = 16;

/// The port, and the line that is arriving.
#[derive(Debug)]
pub(crate) struct Serial(String<LINE_BYTES>);

impl Serial {
    /// Pins A0 and A1.
    pub(super) fn start() -> Self {
        gpio::lend(Block::GPIO_A, 1 << 0 | 1 << 1);
        Block::UART_0.write(DIVISOR, DIVISOR_64THS / 64);
        Block::UART_0.write(DIVISOR_FRACTION, DIVISOR_64THS % 64);
        Block::UART_0.write(LINE_CONTROL, EIGHT_BITS_QUEUED);
        Block::UART_0.write(CONTROL, ENABLE);
        Self(String::new())
    }

    /// A line that is complete, without its end, and not empty. Never waits.
    pub(crate) fn line(&mut self) -> Option<String<LINE_BYTES>> {
        while Block::UART_0.read(FLAGS) & EMPTY == 0 {
            let [byte, ..] = Block::UART_0.read(DATA).to_le_bytes();
            match byte {
                // Sensors send either or both; keyboards, the first.
                b'\r' | b'\n' if self.0.is_empty() => {}
                b'\r' | b'\n' => return Some(mem::take(&mut self.0)),
                // What is too long stands for nothing anyway.
                _ => {
                    let _ = self.0.push(byte.into());
                }
            }
        }
        None
    }

    fn send(byte: u8) {
        while Block::UART_0.read(FLAGS) & FULL != 0 {}
        Block::UART_0.write(DATA, byte.into());
    }
}

impl fmt::Write for Serial {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            // Terminals want both.
            if byte == b'\n' {
                Self::send(b'\r');
            }
            Self::send(byte);
        }
        Ok(())
    }
}
