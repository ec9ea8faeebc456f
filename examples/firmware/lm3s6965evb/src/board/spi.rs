//! SPI (SSI 0, a PL022).

use core::convert::Infallible;

use embedded_hal::spi::{ErrorType, SpiBus};

use super::{gpio, registers::Block};

const CONTROL_0: u16 = 0x00;
const CONTROL_1: u16 = 0x04;
const DATA: u16 = 0x08;
const STATUS: u16 = 0x0c;
const PRESCALE: u16 = 0x10;

/// Eight bits, mode 0; half the clock's rate; on.
const EIGHT_BITS: u32 = 7;
const HALF: u32 = 2;
const ENABLE: u32 = 2;

/// A byte has arrived.
const RECEIVED: u32 = 4;

/// A byte at a time; a faster driver would keep the queues filled.
#[derive(Debug)]
pub(crate) struct Spi(());

impl Spi {
    /// Clock, input and output are pins A2, A4 and A5.
    pub(super) fn start() -> Self {
        gpio::lend(Block::GPIO_A, 1 << 2 | 1 << 4 | 1 << 5);
        Block::SSI_0.write(CONTROL_0, EIGHT_BITS);
        Block::SSI_0.write(PRESCALE, HALF);
        Block::SSI_0.write(CONTROL_1, ENABLE);
        Self(())
    }

    fn exchange(&mut self, sent: u8) -> u8 {
        Block::SSI_0.write(DATA, sent.into());
        while Block::SSI_0.read(STATUS) & RECEIVED == 0 {}
        let [received, ..] = Block::SSI_0.read(DATA).to_le_bytes();
        received
    }
}

impl ErrorType for Spi {
    type Error = Infallible;
}

impl SpiBus for Spi {
    fn read(&mut self, words: &mut [u8]) -> Result<(), Infallible> {
        words.fill(0xff);
        self.transfer_in_place(words)
    }

    fn write(&mut self, words: &[u8]) -> Result<(), Infallible> {
        for word in words {
            self.exchange(*word);
        }
        Ok(())
    }

    fn transfer(&mut self, read: &mut [u8], write: &[u8]) -> Result<(), Infallible> {
        for index in 0..read.len().max(write.len()) {
            let received = self.exchange(write.get(index).copied().unwrap_or(0xff));
            if let Some(word) = read.get_mut(index) {
                *word = received;
            }
        }
        Ok(())
    }

    fn transfer_in_place(&mut self, words: &mut [u8]) -> Result<(), Infallible> {
        for word in words {
            *word = self.exchange(*word);
        }
        Ok(())
    }

    /// What was received has left.
    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}
