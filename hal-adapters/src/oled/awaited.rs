//! Monochrome and grey panels whose bus is awaited.

use displayio_core::{Area, AsyncPanel};
use embedded_hal_async::delay::DelayNs;

use super::{DISPLAY_OFF, DISPLAY_ON, OledPanel, Protocol};
use crate::{bus::AsyncDisplayBus, mipi::Step};

impl<B: AsyncDisplayBus, const BITS: u8> OledPanel<B, BITS> {
    /// [`init`](Self::init) over a bus that is awaited. Dropped before its end, it is to be sent again.
    ///
    /// # Errors
    /// The bus's own; nothing is sent after it.
    pub async fn init_async(&mut self, delay: &mut impl DelayNs) -> Result<(), B::Error> {
        self.inverted = false;
        for Step { command, parameters, delay_ms } in self.module.init.steps() {
            self.command_async(command, parameters).await?;
            delay.delay_ms(delay_ms.into()).await;
        }
        Ok(())
    }

    /// [`set_contrast`](Self::set_contrast) over a bus that is awaited.
    ///
    /// # Errors
    /// The bus's own.
    pub async fn set_contrast_async(&mut self, contrast: u8) -> Result<(), B::Error> {
        self.command_async(self.module.protocol.contrast, &[contrast]).await
    }

    /// [`set_on`](Self::set_on) over a bus that is awaited.
    ///
    /// # Errors
    /// The bus's own.
    pub async fn set_on_async(&mut self, on: bool) -> Result<(), B::Error> {
        self.command_async(if on { DISPLAY_ON } else { DISPLAY_OFF }, &[]).await
    }

    /// [`set_inverted`](Self::set_inverted) over a bus that is awaited.
    ///
    /// # Errors
    /// The bus's own.
    pub async fn set_inverted_async(&mut self, inverted: bool) -> Result<(), B::Error> {
        self.inverted = inverted;
        self.command_async(self.inversion(), &[]).await
    }

    /// [`command`](Self::command) over a bus that is awaited. Dropped before its end, what it sets is undefined, too.
    ///
    /// # Errors
    /// The bus's own. What the command sets is undefined then, until it is sent again.
    pub async fn command_async(&mut self, command: u8, parameters: &[u8]) -> Result<(), B::Error> {
        if self.module.protocol.write.is_some() {
            return self.bus.command(command, parameters).await;
        }
        while self.owed > 0 {
            self.bus.commands(self.inversion(), &[]).await?;
            self.owed -= 1;
        }
        self.owed = u8::try_from(parameters.len()).unwrap_or(u8::MAX);
        self.bus.commands(command, parameters).await?;
        self.owed = 0;
        Ok(())
    }
}

impl<B: AsyncDisplayBus, const BITS: u8> AsyncPanel for OledPanel<B, BITS> {
    async fn begin_area(&mut self, area: Area) -> Result<(), B::Error> {
        self.rest = area;
        let &Protocol { window, write, .. } = self.module.protocol;
        let Some(commands) = window else { return Ok(()) };
        for (command, bounds) in commands.into_iter().zip(self.module.window(area)) {
            self.command_async(command, &bounds).await?;
        }
        match write {
            Some(write) => self.command_async(write, &[]).await,
            None => Ok(()),
        }
    }

    async fn write(&mut self, pixels: &[u8]) -> Result<(), B::Error> {
        if self.module.protocol.window.is_some() {
            return self.bus.data(pixels).await;
        }
        for bytes in pixels.chunks(self.page_bytes()) {
            let (command, parameters) = self.next_page();
            self.command_async(command, &parameters).await?;
            self.bus.data(bytes).await?;
        }
        Ok(())
    }
}
