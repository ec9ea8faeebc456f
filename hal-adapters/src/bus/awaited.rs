//! Buses that are awaited.

use embedded_hal::{digital::OutputPin, spi::Operation};
use embedded_hal_async::spi::SpiDevice;

use super::{ErrorType, FourWire, FourWireError};

/// The twin of [`DisplayBus`](super::DisplayBus) that is awaited, while DMA or interrupts do the work.
///
/// A future that is dropped may have sent a part of its bytes. The next command must be taken as one all the same.
#[expect(
    async_fn_in_trait,
    reason = "a scene belongs to one core, and so does the bus of its panel"
)]
pub trait AsyncDisplayBus: ErrorType {
    /// Sends a command and its parameters, of which there may be none.
    ///
    /// # Errors
    /// The bus's own. How much of the command arrived is not known.
    async fn command(&mut self, command: u8, parameters: &[u8]) -> Result<(), Self::Error>;

    /// Sends more data for the last command. Nothing is sent for no bytes.
    ///
    /// # Errors
    /// The bus's own. How many of the bytes arrived is not known.
    async fn data(&mut self, bytes: &[u8]) -> Result<(), Self::Error>;

    /// Sends a command whose parameters are marked as commands, too; see
    /// [`DisplayBus::commands`](super::DisplayBus::commands).
    ///
    /// # Errors
    /// The bus's own. How many of the bytes arrived is not known.
    async fn commands(&mut self, command: u8, parameters: &[u8]) -> Result<(), Self::Error> {
        self.command(command, &[]).await?;
        for &parameter in parameters {
            self.command(parameter, &[]).await?;
        }
        Ok(())
    }
}

impl<B: AsyncDisplayBus + ?Sized> AsyncDisplayBus for &mut B {
    async fn command(&mut self, command: u8, parameters: &[u8]) -> Result<(), B::Error> {
        (**self).command(command, parameters).await
    }

    async fn data(&mut self, bytes: &[u8]) -> Result<(), B::Error> {
        (**self).data(bytes).await
    }

    async fn commands(&mut self, command: u8, parameters: &[u8]) -> Result<(), B::Error> {
        (**self).commands(command, parameters).await
    }
}

impl<SPI: SpiDevice, DC: OutputPin> AsyncDisplayBus for FourWire<SPI, DC> {
    async fn command(&mut self, command: u8, parameters: &[u8]) -> Result<(), Self::Error> {
        self.data_command.set_low().map_err(FourWireError::DataCommand)?;
        self.spi.write(&[command]).await.map_err(FourWireError::Spi)?;
        self.data(parameters).await
    }

    async fn data(&mut self, bytes: &[u8]) -> Result<(), Self::Error> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.data_command.set_high().map_err(FourWireError::DataCommand)?;
        self.spi.write(bytes).await.map_err(FourWireError::Spi)
    }

    /// All bytes are one transaction.
    async fn commands(&mut self, command: u8, parameters: &[u8]) -> Result<(), Self::Error> {
        self.data_command.set_low().map_err(FourWireError::DataCommand)?;
        let command = &[command];
        let operations = &mut [Operation::Write(command), Operation::Write(parameters)];
        // Nothing empty is written.
        let count = if parameters.is_empty() { 1 } else { 2 };
        self.spi.transaction(&mut operations[..count]).await.map_err(FourWireError::Spi)
    }
}
