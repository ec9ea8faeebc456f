//! I2C: a control byte tells commands from data.

use embedded_hal::i2c::{self, Operation};

use super::{DisplayBus, ErrorType};

/// Before each command byte: one follows, then another control byte.
const COMMAND: u8 = 0x80;
/// Before data: all that follow are.
const DATA: u8 = 0x40;
/// Command bytes in a transaction: the longest command that is known has 15 parameters.
const COMMAND_BYTES: usize = 16;

/// I2C, as monochrome and grey controllers speak it.
///
/// Parameters are commands on this bus, whether they are sent by [`command`](DisplayBus::command) or by
/// [`commands`](DisplayBus::commands). A call is a transaction. Data are sent from where they are: the control byte before
/// them is a write of its own in their transaction, and the bus does not start anew between two writes.
///
/// ```
/// use displayio_hal::{bus::{DisplayBus, I2c}, fake::{Chip, FakePanel}};
/// let fake = FakePanel::oled(Chip::Ssd1306);
/// let mut bus = I2c::new(fake.i2c(), 0x3c);
/// bus.commands(0x81, &[0xcf]).unwrap();
/// assert_eq!((fake.traffic().command_bytes, fake.traffic().overhead_bytes), (2, 3));
/// ```
#[derive(Debug)]
pub struct I2c<B> {
    i2c: B,
    address: u8,
    data_bytes: usize,
}

impl<B> I2c<B> {
    /// The display at a 7-bit address: 0x3C or 0x3D, which those who print 8 bits call 0x78 and 0x7A.
    pub const fn new(i2c: B, address: u8) -> Self {
        Self { i2c, address, data_bytes: usize::MAX }
    }

    /// With at most so many bytes of data in a transaction, and a control byte besides: where the hardware, or its driver,
    /// has a limit.
    #[must_use]
    pub fn with_max_data_bytes(self, data_bytes: usize) -> Self {
        Self { data_bytes: data_bytes.max(1), ..self }
    }

    /// The I2C, for other uses.
    pub fn release(self) -> B {
        self.i2c
    }
}

impl<B: i2c::ErrorType> ErrorType for I2c<B> {
    type Error = B::Error;
}

impl<B: i2c::I2c> DisplayBus for I2c<B> {
    fn command(&mut self, command: u8, parameters: &[u8]) -> Result<(), B::Error> {
        self.commands(command, parameters)
    }

    fn data(&mut self, bytes: &[u8]) -> Result<(), B::Error> {
        bytes.chunks(self.data_bytes).try_for_each(|bytes| {
            let operations = &mut [Operation::Write(&[DATA]), Operation::Write(bytes)];
            self.i2c.transaction(self.address, operations)
        })
    }

    fn commands(&mut self, command: u8, parameters: &[u8]) -> Result<(), B::Error> {
        let mut rest = core::iter::once(command).chain(parameters.iter().copied());
        while let (pairs, count @ 1..) = pairs(&mut rest) {
            self.i2c.write(self.address, pairs[..count].as_flattened())?;
        }
        Ok(())
    }
}

#[cfg(feature = "async")]
impl<B: embedded_hal_async::i2c::I2c> super::AsyncDisplayBus for I2c<B> {
    async fn command(&mut self, command: u8, parameters: &[u8]) -> Result<(), B::Error> {
        self.commands(command, parameters).await
    }

    async fn data(&mut self, bytes: &[u8]) -> Result<(), B::Error> {
        for bytes in bytes.chunks(self.data_bytes) {
            let operations = &mut [Operation::Write(&[DATA]), Operation::Write(bytes)];
            self.i2c.transaction(self.address, operations).await?;
        }
        Ok(())
    }

    async fn commands(&mut self, command: u8, parameters: &[u8]) -> Result<(), B::Error> {
        let mut rest = core::iter::once(command).chain(parameters.iter().copied());
        while let (pairs, count @ 1..) = pairs(&mut rest) {
            self.i2c.write(self.address, pairs[..count].as_flattened()).await?;
        }
        Ok(())
    }
}

/// The command bytes of a transaction with their control bytes, and how many there are.
fn pairs(rest: &mut impl Iterator<Item = u8>) -> ([[u8; 2]; COMMAND_BYTES], usize) {
    let (mut pairs, mut count) = ([[COMMAND, 0]; COMMAND_BYTES], 0);
    for (pair, byte) in pairs.iter_mut().zip(rest) {
        pair[1] = byte;
        count += 1;
    }
    (pairs, count)
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use alloc::{vec, vec::Vec};

    use embedded_hal::i2c::ErrorKind;

    use super::*;

    /// Writes down each transaction.
    #[derive(Default)]
    struct Transcript(Vec<Vec<u8>>);

    impl i2c::ErrorType for Transcript {
        type Error = ErrorKind;
    }

    impl i2c::I2c for Transcript {
        fn transaction(
            &mut self,
            address: u8,
            operations: &mut [Operation<'_>],
        ) -> Result<(), ErrorKind> {
            let mut bytes = vec![address];
            for operation in operations {
                match operation {
                    Operation::Write(written) => bytes.extend_from_slice(written),
                    Operation::Read(_) => return Err(ErrorKind::Other),
                }
            }
            self.0.push(bytes);
            Ok(())
        }
    }

    #[test]
    fn a_call_is_a_transaction_with_its_control_bytes() {
        let mut bus = I2c::new(Transcript::default(), 0x3c);
        bus.commands(0x21, &[0, 127]).unwrap();
        bus.command(0x81, &[9]).unwrap();
        bus.data(&[1, 2, 3]).unwrap();
        bus.data(&[]).unwrap();
        assert_eq!(
            bus.release().0,
            [
                vec![0x3c, 0x80, 0x21, 0x80, 0, 0x80, 127],
                vec![0x3c, 0x80, 0x81, 0x80, 9],
                vec![0x3c, 0x40, 1, 2, 3],
            ]
        );
    }

    #[test]
    fn long_commands_and_data_beyond_the_limit_are_cut() {
        let mut bus = I2c::new(Transcript::default(), 0x3c).with_max_data_bytes(2);
        bus.data(&[1, 2, 3]).unwrap();
        assert_eq!(bus.i2c.0, [vec![0x3c, 0x40, 1, 2], vec![0x3c, 0x40, 3]]);
        bus.i2c.0.clear();
        bus.commands(1, &[2; 31]).unwrap();
        let lengths: Vec<_> = bus.i2c.0.iter().map(Vec::len).collect();
        assert_eq!(lengths, [33, 33]);
        bus.commands(1, &[2; 16]).unwrap();
        assert_eq!(
            bus.release().0[2..],
            [[&[0x3c][..], &[0x80, 1], &[0x80, 2].repeat(15)].concat(), vec![0x3c, 0x80, 2]]
        );
    }
}
