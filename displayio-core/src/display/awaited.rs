//! The refresh of panels that are awaited: a strip is composed while the one above it leaves.

use core::{
    future::{Future, poll_fn},
    mem,
    pin::pin,
    task::Poll,
};

use super::{
    Display, Plan, Raw, RefreshError, RefreshStats, aligned, clear, least_cell, too_small,
};
use crate::{Area, AsyncPanel, Node, PixelFormat, Strip};

impl<P: AsyncPanel> Display<'_, P> {
    /// [`refresh`](Self::refresh) of a panel that is awaited. The buffer is used in halves: while one is sent, the other is
    /// composed. If a half has no room for a cell of pixels, nothing is composed meanwhile.
    ///
    /// The scene may change while this is awaited. What changes then belongs to the next refresh, which redraws it; until
    /// then, strips that were composed before and after it may stand side by side.
    ///
    /// It may be dropped at any time: what was not sent wholly stays damaged. The panel must cope with a write that was dropped.
    ///
    /// Cost: besides that of `refresh`, a look at all nodes per strip.
    ///
    /// # Errors
    /// [`RefreshError`]; what was not sent stays damaged.
    pub async fn refresh_async<N: Node<P::Format> + ?Sized>(
        &mut self,
        root: &N,
    ) -> Result<RefreshStats, RefreshError<P::Error>> {
        self.collect(root);
        let mut stats = RefreshStats::default();
        while let Some(area) = self.damage.next() {
            self.send_area_async(root, area, &mut stats).await?;
            self.damage.next_is_sent();
        }
        if self.frame_open {
            self.panel.end_frame().await?;
            self.frame_open = false;
        }
        Ok(stats)
    }

    /// Composes and sends an area, for all planes of the panel.
    async fn send_area_async<N: Node<P::Format> + ?Sized>(
        &mut self,
        root: &N,
        area: Area,
        stats: &mut RefreshStats,
    ) -> Result<(), RefreshError<P::Error>> {
        let cell = least_cell(self.damage.cell(), &area, &self.panel);
        let pixels = aligned::<P::Format>(self.buffer);
        // Both halves begin at words.
        let half = pixels.len() / 2 / 4 * 4;
        let (plan, halves) = match Plan::new(area, half, cell) {
            Some(plan) => (plan, pixels.split_at_mut(half)),
            None => {
                let error = || too_small::<P::Format, P::Error>(cell, pixels);
                (Plan::new(area, pixels.len(), cell).ok_or_else(error)?, (pixels, &mut [][..]))
            }
        };
        stats.areas += 1;
        self.frame_open = true;
        let mut sender = Sender { panel: &mut self.panel, plane: 0, stats };
        for plane in 0..P::Format::PLANES {
            if P::Format::PLANES > 1 {
                sender.panel.select_plane(plane).await?;
            }
            sender.plane = plane;
            for band in plan.bands() {
                sender.send_band(root, band, plan.strip_height, (halves.0, halves.1)).await?;
            }
        }
        Ok(())
    }
}

/// Sends what is composed to one plane of the panel.
struct Sender<'d, P> {
    panel: &'d mut P,
    plane: u8,
    stats: &'d mut RefreshStats,
}

impl<P: AsyncPanel> Sender<'_, P> {
    /// Composes and sends strips below each other. Without a second half, one is composed after the other is sent.
    async fn send_band<N: Node<P::Format> + ?Sized>(
        &mut self,
        root: &N,
        band: Area,
        strip_height: i16,
        (mut pixels, mut next_pixels): (&mut [Raw<P>], &mut [Raw<P>]),
    ) -> Result<(), P::Error> {
        let format = self.panel.format();
        let is_one_window = self.panel.capabilities().window_survives_writes;
        if is_one_window {
            self.begin_window(band).await?;
        }
        let overlaps = !next_pixels.is_empty();
        let mut strips = strips(band, strip_height);
        let mut next = strips.next();
        if let Some(strip) = next {
            compose(root, strip, pixels, format);
        }
        while let Some(strip) = next {
            next = strips.next();
            if !is_one_window {
                self.begin_window(strip).await?;
            }
            let composed = pixels.get_mut(..strip.pixels() as usize).unwrap_or_default();
            let bytes = format.pack(self.plane, strip.width().into(), composed);
            self.stats.strips += 1;
            self.stats.pixels += strip.pixels();
            self.stats.bytes += u32::try_from(bytes.len()).unwrap_or(u32::MAX);
            let compose_next = |pixels: &mut [_]| {
                if let Some(strip) = next {
                    compose(root, strip, pixels, format);
                }
            };
            if overlaps {
                during(self.panel.write(bytes), || compose_next(next_pixels)).await?;
                mem::swap(&mut pixels, &mut next_pixels);
            } else {
                self.panel.write(bytes).await?;
                compose_next(pixels);
            }
        }
        Ok(())
    }

    async fn begin_window(&mut self, area: Area) -> Result<(), P::Error> {
        self.panel.begin_area(area).await?;
        self.stats.windows += 1;
        Ok(())
    }
}

/// Composes a strip. What is in it is looked up for this strip alone: lists of nodes may change before the next.
fn compose<C: PixelFormat, N: Node<C> + ?Sized>(
    root: &N,
    area: Area,
    pixels: &mut [C::Raw],
    format: C,
) {
    let Some(mut strip) = Strip::new(area, pixels, format) else { return };
    if !root.covers(&area) {
        clear::<C>(strip.pixels());
    }
    root.paint(&mut strip);
}

/// From top to bottom; the last may be lower.
fn strips(band: Area, height: i16) -> impl Iterator<Item = Area> {
    let mut rest = band;
    core::iter::from_fn(move || {
        let strip = Area { y2: rest.y1.saturating_add(height).min(band.y2), ..rest };
        rest.y1 = strip.y2;
        (!strip.is_empty()).then_some(strip)
    })
}

/// Begins with `sending`, does `work` while it goes on, and awaits its end.
async fn during<F: Future>(sending: F, work: impl FnOnce()) -> F::Output {
    let mut sending = pin!(sending);
    let begun = poll_fn(|context| Poll::Ready(sending.as_mut().poll(context))).await;
    work();
    match begun {
        Poll::Ready(output) => output,
        Poll::Pending => sending.await,
    }
}
