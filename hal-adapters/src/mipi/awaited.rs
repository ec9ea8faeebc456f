//! MIPI panels whose bus is awaited.

use displayio_core::{Area, AsyncPanel, PixelFormat};
use embedded_hal_async::delay::DelayNs;

use super::{InitSequence, MipiPanel, Step, dcs};
use crate::bus::AsyncDisplayBus;

impl InitSequence<'_> {
    /// [`send`](Self::send) over a bus that is awaited.
    ///
    /// # Errors
    /// The bus's own; nothing is sent after it.
    pub async fn send_async<B: AsyncDisplayBus>(
        &self,
        bus: &mut B,
        delay: &mut impl DelayNs,
    ) -> Result<(), B::Error> {
        for Step { command, parameters, delay_ms } in self.steps() {
            bus.command(command, parameters).await?;
            delay.delay_ms(delay_ms.into()).await;
        }
        Ok(())
    }
}

impl<B: AsyncDisplayBus, F: PixelFormat> MipiPanel<B, F> {
    /// [`init`](Self::init) over a bus that is awaited. Dropped before its end, it is to be sent again.
    ///
    /// # Errors
    /// The bus's own; nothing is sent after it.
    pub async fn init_async(
        &mut self,
        sequence: InitSequence<'_>,
        delay: &mut impl DelayNs,
    ) -> Result<(), B::Error> {
        sequence.send_async(&mut self.bus, delay).await?;
        let mut bytes = [0; 5];
        InitSequence::checked(self.module.start(&mut bytes)).send_async(&mut self.bus, delay).await
    }

    /// [`command`](Self::command) over a bus that is awaited.
    ///
    /// # Errors
    /// The bus's own.
    pub async fn command_async(&mut self, command: u8, parameters: &[u8]) -> Result<(), B::Error> {
        self.bus.command(command, parameters).await
    }
}

impl<B: AsyncDisplayBus, F: PixelFormat> AsyncPanel for MipiPanel<B, F> {
    async fn begin_area(&mut self, area: Area) -> Result<(), B::Error> {
        for (command, parameters) in self.module.window(area) {
            self.bus.command(command, &parameters).await?;
        }
        self.bus.command(dcs::MEMORY_WRITE, &[]).await
    }

    async fn write(&mut self, pixels: &[u8]) -> Result<(), B::Error> {
        self.bus.data(pixels).await
    }
}
