//! E-paper whose bus, delays and ink are awaited.

use displayio_core::{Area, AsyncPanel, PixelFormat};
use embedded_hal::digital::{InputPin, OutputPin};
use embedded_hal_async::delay::DelayNs;

use super::{
    BUSY_AFTER_MS, COMPLEMENTED, EpaperError, EpaperPanel, ErrorOf, LONGEST_MS, POLL_MS, Phase,
    RESET_MS, complement, window_commands,
};
use crate::{
    bus::AsyncDisplayBus,
    mipi::{InitSequence, Step},
};

impl<F: PixelFormat, B: AsyncDisplayBus, D: DelayNs, R: OutputPin, P: InputPin>
    EpaperPanel<F, B, D, R, P>
{
    /// [`wait`](Self::wait), awaited: the busy pin is looked at every 10 milliseconds.
    ///
    /// # Errors
    /// The busy pin's own, and [`StillBusy`](EpaperError::StillBusy). After that, the next refresh resets the panel.
    pub async fn wait_async(&mut self) -> Result<(), ErrorOf<B::Error, R, P>> {
        if self.phase == Phase::Updating {
            if self.busy.is_none() {
                self.delay.delay_ms(self.module.update_ms.into()).await;
            }
            let waited = self.wait_while_busy_async().await;
            self.phase = Phase::Updated;
            waited?;
        }
        Ok(())
    }

    /// [`sleep`](Self::sleep), awaited.
    ///
    /// # Errors
    /// Those of [`wait_async`](Self::wait_async), and the bus's own.
    pub async fn sleep_async(&mut self) -> Result<(), ErrorOf<B::Error, R, P>> {
        self.wait_async().await?;
        if self.phase != Phase::Asleep {
            self.send_async(self.module.sleep).await?;
            self.phase = Phase::Asleep;
        }
        Ok(())
    }

    async fn wake_async(&mut self) -> Result<(), ErrorOf<B::Error, R, P>> {
        if self.phase == Phase::Awake {
            return Ok(());
        }
        self.wait_async().await?;
        self.phase = Phase::Asleep;
        if let Some(reset) = &mut self.reset {
            reset.set_low().map_err(EpaperError::Reset)?;
            self.delay.delay_ms(RESET_MS).await;
            reset.set_high().map_err(EpaperError::Reset)?;
            self.delay.delay_ms(RESET_MS).await;
        }
        self.delay.delay_ms(self.module.start_up_ms.into()).await;
        self.send_async(self.module.start).await?;
        self.wait_while_busy_async().await?;
        self.phase = Phase::Awake;
        Ok(())
    }

    async fn send_async(
        &mut self,
        sequence: InitSequence<'_>,
    ) -> Result<(), ErrorOf<B::Error, R, P>> {
        for Step { command, parameters, delay_ms } in sequence.steps_pausing(0) {
            self.wait_while_busy_async().await?;
            self.bus.command(command, parameters).await.map_err(EpaperError::Bus)?;
            self.delay.delay_ms(delay_ms.into()).await;
        }
        Ok(())
    }

    async fn wait_while_busy_async(&mut self) -> Result<(), ErrorOf<B::Error, R, P>> {
        for _ in 0..LONGEST_MS / POLL_MS {
            if !self.is_busy()? {
                return Ok(());
            }
            self.delay.delay_ms(POLL_MS).await;
        }
        Err(EpaperError::StillBusy)
    }

    async fn begin_window_async(&mut self, area: Area) -> Result<(), B::Error> {
        if self.module.has_windows {
            for (command, parameters) in window_commands(&self.module.window(area)) {
                self.bus.command(command, parameters).await?;
            }
        }
        self.bus.command(self.memory().command, &[]).await
    }

    async fn fill_async(&mut self, pixels: &[u8]) -> Result<(), B::Error> {
        if !self.memory().is_complemented {
            return self.bus.data(pixels).await;
        }
        for bytes in pixels.chunks(COMPLEMENTED) {
            self.bus.data(&complement(bytes)[..bytes.len()]).await?;
        }
        Ok(())
    }
}

impl<F: PixelFormat, B: AsyncDisplayBus, D: DelayNs, R: OutputPin, P: InputPin> AsyncPanel
    for EpaperPanel<F, B, D, R, P>
{
    async fn select_plane(&mut self, plane: u8) -> Result<(), Self::Error> {
        self.plane = plane;
        Ok(())
    }

    async fn begin_area(&mut self, area: Area) -> Result<(), Self::Error> {
        self.wake_async().await?;
        let begun = self.begin_window_async(area).await;
        self.or_asleep(begun)
    }

    async fn write(&mut self, pixels: &[u8]) -> Result<(), Self::Error> {
        let written = self.fill_async(pixels).await;
        self.or_asleep(written)
    }

    async fn end_frame(&mut self) -> Result<(), Self::Error> {
        self.wake_async().await?;
        // Dropped from here on, it may have begun.
        self.phase = Phase::Updating;
        if let Err(error) = self.send_async(self.module.update).await {
            self.phase = Phase::Awake;
            return Err(error);
        }
        self.delay.delay_ms(BUSY_AFTER_MS).await;
        Ok(())
    }
}
