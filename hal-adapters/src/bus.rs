//! How a command and its data reach a display controller.
//!
//! A bus only sends. Which bytes make up a window or a start sequence is decided by the panel's module (as
//! [`mipi`](crate::mipi)), in functions that know no bus. So a bus that is awaited instead of waited for (feature `async`)
//! has a twin of [`DisplayBus`] and of the few lines that call it, nothing else.

#[cfg(feature = "async")]
mod awaited;

mod i2c;
#[cfg(any(feature = "display-interface", feature = "mipidsi"))]
mod interfaces;

use core::{error::Error, fmt};

use embedded_hal::{
    digital::{self, OutputPin},
    spi::{self, Operation, SpiDevice},
};

#[cfg(feature = "async")]
pub use self::awaited::AsyncDisplayBus;
pub use self::i2c::I2c;
#[cfg(feature = "display-interface")]
pub use self::interfaces::DisplayInterface;
#[cfg(any(feature = "display-interface", feature = "mipidsi"))]
pub use self::interfaces::InterfaceError;
#[cfg(feature = "mipidsi")]
pub use self::interfaces::MipidsiInterface;

/// What a bus has in common, be it waited for or awaited.
pub trait ErrorType {
    /// What can go wrong.
    type Error;
}

impl<B: ErrorType + ?Sized> ErrorType for &mut B {
    type Error = B::Error;
}

/// A bus that tells commands from data.
///
/// Each call returns when its bytes have left. Implement it for DMA or for a peripheral of your own; [`FourWire`] and [`I2c`]
/// are the usual ones. Interfaces of other crates, parallel ones among them, become buses by features `display-interface` and
/// `mipidsi`.
///
/// ```
/// use displayio_hal::bus::{DisplayBus, ErrorType};
/// /// Writes down what it should send.
/// struct Transcript(String);
/// impl ErrorType for Transcript {
///     type Error = std::fmt::Error;
/// }
/// impl DisplayBus for Transcript {
///     fn command(&mut self, command: u8, parameters: &[u8]) -> Result<(), Self::Error> {
///         use std::fmt::Write;
///         write!(self.0, "C{command:02x} ")?;
///         self.data(parameters)
///     }
///     fn data(&mut self, bytes: &[u8]) -> Result<(), Self::Error> {
///         use std::fmt::Write;
///         bytes.iter().try_for_each(|byte| write!(self.0, "{byte:02x} "))
///     }
/// }
/// let mut bus = Transcript(String::new());
/// bus.command(0x3a, &[0x55]).unwrap();
/// assert_eq!(bus.0, "C3a 55 ");
/// ```
pub trait DisplayBus: ErrorType {
    /// Sends a command and its parameters, of which there may be none.
    ///
    /// # Errors
    /// The bus's own. How much of the command arrived is not known.
    fn command(&mut self, command: u8, parameters: &[u8]) -> Result<(), Self::Error>;

    /// Sends more data for the last command. Nothing is sent for no bytes.
    ///
    /// # Errors
    /// The bus's own. How many of the bytes arrived is not known.
    fn data(&mut self, bytes: &[u8]) -> Result<(), Self::Error>;

    /// Sends a command whose parameters are marked as commands, too: so monochrome and grey controllers want it. Several
    /// commands may be sent in one call.
    ///
    /// Each byte is a [command](Self::command) of its own, unless the bus knows better.
    ///
    /// # Errors
    /// The bus's own. How many of the bytes arrived is not known.
    fn commands(&mut self, command: u8, parameters: &[u8]) -> Result<(), Self::Error> {
        self.command(command, &[])?;
        parameters.iter().try_for_each(|&parameter| self.command(parameter, &[]))
    }
}

impl<B: DisplayBus + ?Sized> DisplayBus for &mut B {
    fn command(&mut self, command: u8, parameters: &[u8]) -> Result<(), B::Error> {
        (**self).command(command, parameters)
    }

    fn data(&mut self, bytes: &[u8]) -> Result<(), B::Error> {
        (**self).data(bytes)
    }

    fn commands(&mut self, command: u8, parameters: &[u8]) -> Result<(), B::Error> {
        (**self).commands(command, parameters)
    }
}

/// SPI with a data/command pin: low for commands, high for data.
///
/// Each command byte and each run of data is a transaction of its own, so chip select rises in between. Controllers
/// take that as a pause ("data transfer pause" in their data sheets), not as an end.
///
/// ```
/// use displayio_core::Size;
/// use displayio_hal::{bus::{DisplayBus, FourWire}, fake::FakePanel, mipi::dcs};
/// let fake = FakePanel::new(Size::new(240, 320));
/// let mut bus = FourWire::new(fake.spi(), fake.dc());
/// bus.command(dcs::PIXEL_FORMAT, &[0x55]).unwrap();
/// assert_eq!(fake.traffic().command_bytes, 1);
/// ```
#[derive(Debug)]
pub struct FourWire<SPI, DC> {
    spi: SPI,
    data_command: DC,
}

impl<SPI, DC> FourWire<SPI, DC> {
    /// A bus over an SPI device that handles chip select, and the data/command pin.
    pub const fn new(spi: SPI, data_command: DC) -> Self {
        Self { spi, data_command }
    }

    /// The device and the pin, for other uses.
    pub fn release(self) -> (SPI, DC) {
        (self.spi, self.data_command)
    }
}

impl<SPI: spi::ErrorType, DC: digital::ErrorType> ErrorType for FourWire<SPI, DC> {
    type Error = FourWireError<SPI::Error, DC::Error>;
}

impl<SPI: SpiDevice, DC: OutputPin> DisplayBus for FourWire<SPI, DC> {
    fn command(&mut self, command: u8, parameters: &[u8]) -> Result<(), Self::Error> {
        self.data_command.set_low().map_err(FourWireError::DataCommand)?;
        self.spi.write(&[command]).map_err(FourWireError::Spi)?;
        self.data(parameters)
    }

    fn data(&mut self, bytes: &[u8]) -> Result<(), Self::Error> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.data_command.set_high().map_err(FourWireError::DataCommand)?;
        self.spi.write(bytes).map_err(FourWireError::Spi)
    }

    /// All bytes are one transaction.
    fn commands(&mut self, command: u8, parameters: &[u8]) -> Result<(), Self::Error> {
        self.data_command.set_low().map_err(FourWireError::DataCommand)?;
        let command = &[command];
        let operations = &mut [Operation::Write(command), Operation::Write(parameters)];
        // Nothing empty is written.
        let count = if parameters.is_empty() { 1 } else { 2 };
        self.spi.transaction(&mut operations[..count]).map_err(FourWireError::Spi)
    }
}

/// What went wrong on a [`FourWire`] bus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum FourWireError<S, D> {
    /// The SPI device's own error.
    Spi(S),
    /// The data/command pin's own error.
    DataCommand(D),
}

impl<S: fmt::Debug, D: fmt::Debug> fmt::Display for FourWireError<S, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spi(error) => write!(f, "spi: {error:?}"),
            Self::DataCommand(error) => write!(f, "data/command pin: {error:?}"),
        }
    }
}

impl<S: fmt::Debug, D: fmt::Debug> Error for FourWireError<S, D> {}

#[cfg(all(test, feature = "std"))]
mod tests {
    use alloc::{rc::Rc, string::ToString, vec, vec::Vec};
    use core::cell::RefCell;

    use embedded_hal::{digital::ErrorKind as PinError, spi::ErrorKind as SpiError};

    use super::*;

    #[derive(Debug, PartialEq, Eq)]
    enum Seen {
        Level(bool),
        Written(Vec<u8>),
    }

    /// Both halves of a bus that writes down what happens and fails at call `fail_at`.
    #[derive(Clone, Default)]
    struct Half(Rc<RefCell<Vec<Seen>>>, Option<usize>);

    impl Half {
        fn see<E>(&self, seen: Seen, error: E) -> Result<(), E> {
            if self.1 == Some(self.0.borrow().len()) {
                return Err(error);
            }
            self.0.borrow_mut().push(seen);
            Ok(())
        }
    }

    impl spi::ErrorType for Half {
        type Error = SpiError;
    }

    impl SpiDevice for Half {
        fn transaction(&mut self, operations: &mut [Operation<'_, u8>]) -> Result<(), SpiError> {
            operations.iter().try_for_each(|operation| match operation {
                Operation::Write(bytes) => {
                    self.see(Seen::Written(bytes.to_vec()), SpiError::Overrun)
                }
                _ => Ok(()),
            })
        }
    }

    impl digital::ErrorType for Half {
        type Error = PinError;
    }

    impl OutputPin for Half {
        fn set_low(&mut self) -> Result<(), PinError> {
            self.see(Seen::Level(false), PinError::Other)
        }

        fn set_high(&mut self) -> Result<(), PinError> {
            self.see(Seen::Level(true), PinError::Other)
        }
    }

    fn bus(fail_at: Option<usize>) -> (Half, FourWire<Half, Half>) {
        let half = Half(Rc::default(), fail_at);
        (half.clone(), FourWire::new(half.clone(), half))
    }

    #[test]
    fn the_pin_is_low_for_commands_only_and_nothing_empty_is_written() {
        let (seen, mut bus) = bus(None);
        bus.command(0x2a, &[1, 2]).unwrap();
        bus.command(0x11, &[]).unwrap();
        bus.data(&[]).unwrap();
        bus.data(&[3]).unwrap();
        assert_eq!(
            *seen.0.borrow(),
            [
                Seen::Level(false),
                Seen::Written(vec![0x2a]),
                Seen::Level(true),
                Seen::Written(vec![1, 2]),
                Seen::Level(false),
                Seen::Written(vec![0x11]),
                Seen::Level(true),
                Seen::Written(vec![3]),
            ]
        );
    }

    #[test]
    fn the_pin_stays_low_for_parameters_that_are_commands() {
        let (seen, mut bus) = bus(None);
        bus.commands(0x21, &[0, 127]).unwrap();
        bus.commands(0xaf, &[]).unwrap();
        assert_eq!(
            *seen.0.borrow(),
            [
                Seen::Level(false),
                Seen::Written(vec![0x21]),
                Seen::Written(vec![0, 127]),
                Seen::Level(false),
                Seen::Written(vec![0xaf]),
            ]
        );
    }

    #[test]
    fn both_causes_are_kept() {
        let check = |fail_at, expected: &str| {
            let error = bus(Some(fail_at)).1.command(0x2a, &[1]).unwrap_err();
            assert_eq!(error.to_string(), expected);
        };
        check(0, "data/command pin: Other");
        check(1, "spi: Overrun");
        check(2, "data/command pin: Other");
        check(3, "spi: Overrun");
    }
}
