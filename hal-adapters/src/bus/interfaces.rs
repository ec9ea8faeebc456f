//! Interfaces of other crates as buses: what their drivers can speak over, ours can.

use core::{error::Error, fmt};

use super::{DisplayBus, ErrorType};

/// An interface of `display-interface`: SPI, I2C, 8 parallel pins, or one of your own that sends bytes as they are.
///
/// ```
/// use displayio_core::Size;
/// use displayio_hal::{bus::{DisplayBus, DisplayInterface}, fake::FakePanel};
/// use ssd1306::prelude::SPIInterface;
/// let fake = FakePanel::new(Size::new(240, 320));
/// let mut bus = DisplayInterface::new(SPIInterface::new(fake.spi(), fake.dc()));
/// bus.command(0x3a, &[0x55]).unwrap();
/// assert_eq!(fake.traffic().command_bytes, 1);
/// ```
#[cfg(feature = "display-interface")]
#[derive(Debug)]
pub struct DisplayInterface<I>(I);

/// An interface of `mipidsi` whose words are bytes: SPI, or 8 parallel pins. It may write nothing in a transaction of its own.
///
/// ```
/// use displayio_core::Size;
/// use displayio_hal::{bus::{DisplayBus, MipidsiInterface}, fake::FakePanel};
/// use mipidsi::interface::SpiInterface;
/// let (fake, mut buffer) = (FakePanel::new(Size::new(240, 320)), [0; 64]);
/// let mut bus = MipidsiInterface::new(SpiInterface::new(fake.spi(), fake.dc(), &mut buffer));
/// bus.command(0x3a, &[0x55]).unwrap();
/// assert_eq!(fake.traffic().command_bytes, 1);
/// ```
#[cfg(feature = "mipidsi")]
#[derive(Debug)]
pub struct MipidsiInterface<I>(I);

/// The error of an interface, in the words that a programmer sees: it may have no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct InterfaceError<E>(pub E);

impl<E: fmt::Debug> fmt::Display for InterfaceError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "display interface: {:?}", self.0)
    }
}

impl<E: fmt::Debug> Error for InterfaceError<E> {}

#[cfg(feature = "display-interface")]
mod display_interface {
    use ::display_interface::{DataFormat, DisplayError, WriteOnlyDataCommand};

    use super::{DisplayBus, DisplayInterface, ErrorType, InterfaceError};

    /// What interfaces take at a time: that of I2C panics beyond it.
    const COMMAND_BYTES: usize = 7;

    impl<I> DisplayInterface<I> {
        /// A bus over an interface.
        pub const fn new(interface: I) -> Self {
            Self(interface)
        }

        /// The interface, for other uses.
        pub fn release(self) -> I {
            self.0
        }
    }

    impl<I> ErrorType for DisplayInterface<I> {
        type Error = InterfaceError<DisplayError>;
    }

    impl<I: WriteOnlyDataCommand> DisplayBus for DisplayInterface<I> {
        fn command(&mut self, command: u8, parameters: &[u8]) -> Result<(), Self::Error> {
            self.0.send_commands(DataFormat::U8(&[command])).map_err(InterfaceError)?;
            self.data(parameters)
        }

        fn data(&mut self, bytes: &[u8]) -> Result<(), Self::Error> {
            if bytes.is_empty() {
                return Ok(());
            }
            self.0.send_data(DataFormat::U8(bytes)).map_err(InterfaceError)
        }

        fn commands(&mut self, command: u8, parameters: &[u8]) -> Result<(), Self::Error> {
            self.0.send_commands(DataFormat::U8(&[command])).map_err(InterfaceError)?;
            parameters.chunks(COMMAND_BYTES).try_for_each(|parameters| {
                self.0.send_commands(DataFormat::U8(parameters)).map_err(InterfaceError)
            })
        }
    }

    #[cfg(feature = "async")]
    impl<I: ::display_interface::AsyncWriteOnlyDataCommand> crate::bus::AsyncDisplayBus
        for DisplayInterface<I>
    {
        async fn command(&mut self, command: u8, parameters: &[u8]) -> Result<(), Self::Error> {
            self.0.send_commands(DataFormat::U8(&[command])).await.map_err(InterfaceError)?;
            self.data(parameters).await
        }

        async fn data(&mut self, bytes: &[u8]) -> Result<(), Self::Error> {
            if bytes.is_empty() {
                return Ok(());
            }
            self.0.send_data(DataFormat::U8(bytes)).await.map_err(InterfaceError)
        }

        async fn commands(&mut self, command: u8, parameters: &[u8]) -> Result<(), Self::Error> {
            self.0.send_commands(DataFormat::U8(&[command])).await.map_err(InterfaceError)?;
            for parameters in parameters.chunks(COMMAND_BYTES) {
                let sent = self.0.send_commands(DataFormat::U8(parameters)).await;
                sent.map_err(InterfaceError)?;
            }
            Ok(())
        }
    }
}

#[cfg(feature = "mipidsi")]
mod mipidsi {
    use ::mipidsi::interface::Interface;

    use super::{DisplayBus, ErrorType, InterfaceError, MipidsiInterface};

    impl<I> MipidsiInterface<I> {
        /// A bus over an interface.
        pub const fn new(interface: I) -> Self {
            Self(interface)
        }

        /// The interface, for other uses.
        pub fn release(self) -> I {
            self.0
        }
    }

    impl<I: Interface> ErrorType for MipidsiInterface<I> {
        type Error = InterfaceError<I::Error>;
    }

    impl<I: Interface<Word = u8>> DisplayBus for MipidsiInterface<I> {
        fn command(&mut self, command: u8, parameters: &[u8]) -> Result<(), Self::Error> {
            self.0.send_command(command, parameters).map_err(InterfaceError)
        }

        fn data(&mut self, bytes: &[u8]) -> Result<(), Self::Error> {
            if bytes.is_empty() {
                return Ok(());
            }
            self.0.send_pixels(bytes.iter().map(|&byte| [byte])).map_err(InterfaceError)
        }
    }
}
