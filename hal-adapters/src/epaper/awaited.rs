//! E-paper whose bus, delays and ink are awaited.

use displayio_core::{Area, AsyncPanel, PixelFormat};
use embedded_hal::digital::{InputPin, OutputPin};
use embedded_hal_async::delay::DelayNs;

use super::{
    BUSY_AFTER_MS, EpaperError, EpaperPanel, ErrorOf, LONGEST_MS, PIECE, POLL_MS, Phase, RESET_MS,
    complement, window_commands,
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
        if self.phase != Phase::Updating {
            return Ok(());
        }
        self.delay.delay_ms(self.update_ms()).await;
        let waited = self.wait_while_busy_async().await;
        self.note_waited(waited)
    }

    /// [`sleep`](Self::sleep), awaited. Dropped before its end, it is to be tried again.
    ///
    /// # Errors
    /// Those of [`wait_async`](Self::wait_async), the bus's and the reset pin's own. To be tried again.
    pub async fn sleep_async(&mut self) -> Result<(), ErrorOf<B::Error, R, P>> {
        self.wait_async().await?;
        match self.phase {
            Phase::Asleep => return Ok(()),
            Phase::Unknown => {
                self.is_spare_filled = false;
                self.pulse_reset_async().await?;
            }
            _ => self.phase = Phase::Unknown,
        }
        self.send_async(self.module.power_off).await?;
        self.wait_while_busy_async().await?;
        self.send_async(self.deep_sleep()).await?;
        self.phase = Phase::Asleep;
        Ok(())
    }

    /// [`command`](Self::command), awaited.
    ///
    /// # Errors
    /// The bus's and the pins' own, and [`StillBusy`](EpaperError::StillBusy).
    pub async fn command_async(
        &mut self,
        command: u8,
        parameters: &[u8],
    ) -> Result<(), ErrorOf<B::Error, R, P>> {
        self.wake_async().await?;
        self.phase = Phase::Unknown;
        let sent = self.bus.command(command, parameters).await;
        self.delay.delay_ms(BUSY_AFTER_MS).await;
        let waited = self.wait_while_busy_async().await;
        self.note_sent(sent)?;
        self.note_busy(waited)
    }

    async fn wake_async(&mut self) -> Result<(), ErrorOf<B::Error, R, P>> {
        if self.phase == Phase::Awake {
            return Ok(());
        }
        self.wait_async().await?;
        self.is_spare_filled &= self.phase != Phase::Unknown;
        self.phase = Phase::Unknown;
        self.pulse_reset_async().await?;
        self.send_async(self.module.start).await?;
        self.wait_while_busy_async().await?;
        let filled = if self.is_spare_filled { Ok(()) } else { self.fill_spare_async().await };
        self.is_spare_filled = filled.is_ok();
        self.note_sent(filled)
    }

    async fn pulse_reset_async(&mut self) -> Result<(), ErrorOf<B::Error, R, P>> {
        if let Some(reset) = &mut self.reset {
            reset.set_low().map_err(EpaperError::Reset)?;
            self.delay.delay_ms(RESET_MS).await;
            reset.set_high().map_err(EpaperError::Reset)?;
            self.delay.delay_ms(RESET_MS).await;
        }
        self.delay.delay_ms(self.module.start_up_ms.into()).await;
        Ok(())
    }

    async fn send_async(
        &mut self,
        sequence: InitSequence<'_>,
    ) -> Result<(), ErrorOf<B::Error, R, P>> {
        for Step { command, parameters, delay_ms } in sequence.steps_pausing(0) {
            self.wait_while_busy_async().await?;
            let sent = self.bus.command(command, parameters).await;
            // It may have arrived, even if the bus failed.
            self.delay.delay_ms(u32::from(delay_ms).max(BUSY_AFTER_MS)).await;
            sent.map_err(EpaperError::Bus)?;
        }
        Ok(())
    }

    async fn wait_while_busy_async(&mut self) -> Result<(), ErrorOf<B::Error, R, P>> {
        for _ in 0..=LONGEST_MS / POLL_MS {
            if !self.is_busy()? {
                return Ok(());
            }
            self.delay.delay_ms(POLL_MS).await;
        }
        Err(EpaperError::StillBusy)
    }

    async fn begin_window_async(&mut self, area: Area, memory: u8) -> Result<(), B::Error> {
        if self.module.has_windows {
            for (command, parameters) in window_commands(&self.module.window(area)) {
                self.bus.command(command, parameters).await?;
            }
        }
        self.bus.command(memory, &[]).await
    }

    async fn fill_async(&mut self, pixels: &[u8]) -> Result<(), B::Error> {
        if !self.memory().is_complemented {
            return self.bus.data(pixels).await;
        }
        for bytes in pixels.chunks(PIECE) {
            self.bus.data(&complement(bytes)[..bytes.len()]).await?;
        }
        Ok(())
    }

    async fn fill_spare_async(&mut self) -> Result<(), B::Error> {
        let Some((memory, byte)) = self.module.spare else { return Ok(()) };
        self.begin_window_async(Area::of_size(self.module.size), memory).await?;
        let mut rest = self.module.memory_bytes();
        while rest > 0 {
            let count = rest.min(PIECE);
            self.bus.data(&[byte; PIECE][..count]).await?;
            rest -= count;
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
        // Dropped from here on, it is reset, as after a failure.
        self.phase = Phase::Unknown;
        let begun = self.begin_window_async(area, self.memory().command).await;
        self.note_sent(begun)
    }

    async fn write(&mut self, pixels: &[u8]) -> Result<(), Self::Error> {
        self.phase = Phase::Unknown;
        let written = self.fill_async(pixels).await;
        self.note_sent(written)
    }

    async fn end_frame(&mut self) -> Result<(), Self::Error> {
        self.wake_async().await?;
        self.phase = Phase::Updating;
        let sent = self.send_async(self.module.update).await;
        self.note_busy(sent)
    }
}
