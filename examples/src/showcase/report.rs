//! What the show took: pixels and bytes by phase, and the heap.

use core::fmt;

use displayio_allocators::{Counters, HeapInfo};
use displayio_core::{PixelFormat, RefreshStats};

use super::{
    Frame, Options, Phase,
    scene::{HEIGHT, WIDTH},
};

/// Sums of one phase.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Frames played.
    pub frames: u64,
    /// Areas sent.
    pub areas: u64,
    /// Pixels sent.
    pub pixels: u64,
    /// Bytes sent.
    pub bytes: u64,
}

impl Totals {
    fn add(&mut self, stats: &RefreshStats) {
        self.frames += 1;
        self.areas += u64::from(stats.areas);
        self.pixels += u64::from(stats.pixels);
        self.bytes += u64::from(stats.bytes);
    }

    /// Pixels sent per frame, in tenths of a per cent of all pixels.
    const fn per_mille(&self) -> u64 {
        let all = WIDTH as u64 * HEIGHT as u64;
        let frames = if self.frames == 0 { 1 } else { self.frames };
        (self.pixels * 1000 + all * frames / 2) / (all * frames)
    }
}

/// What the show took so far. Its `Display` is the table.
#[derive(Debug, Clone)]
pub struct Report {
    phases: [Totals; Phase::ALL.len()],
    heap_bytes: usize,
    buffer_bytes: usize,
    bits_per_pixel: u8,
    heap: Counters,
    info: Option<HeapInfo>,
}

impl Report {
    pub(super) fn new(options: &Options, bits_per_pixel: u8) -> Self {
        Self {
            phases: [Totals::default(); Phase::ALL.len()],
            heap_bytes: options.heap_bytes,
            buffer_bytes: options.buffer_bytes,
            bits_per_pixel,
            heap: Counters::default(),
            info: None,
        }
    }

    pub(super) fn add<C: PixelFormat>(&mut self, frame: &Frame<'_, C>, info: Option<HeapInfo>) {
        if let Some(totals) = self.phases.get_mut(frame.phase as usize) {
            totals.add(&frame.stats);
        }
        (self.heap, self.info) = (frame.heap, info);
    }

    /// The sums of a phase.
    #[must_use]
    pub fn of_phase(&self, phase: Phase) -> Totals {
        self.phases.get(phase as usize).copied().unwrap_or_default()
    }

    /// The sums of all phases.
    #[must_use]
    pub fn total(&self) -> Totals {
        self.phases.iter().fold(Totals::default(), |sum, phase| Totals {
            frames: sum.frames + phase.frames,
            areas: sum.areas + phase.areas,
            pixels: sum.pixels + phase.pixels,
            bytes: sum.bytes + phase.bytes,
        })
    }

    fn write_row(f: &mut fmt::Formatter<'_>, name: &str, totals: &Totals) -> fmt::Result {
        let Totals { frames, areas, pixels, bytes } = totals;
        let share = totals.per_mille();
        let (per_cent, tenth) = (share / 10, share % 10);
        writeln!(
            f,
            "{name:<16} {frames:>6} {areas:>6} {pixels:>10} {per_cent:>8}.{tenth} % {bytes:>10}"
        )
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = ["phase", "frames", "areas", "pixels", "mean frame", "bytes"];
        let [phase, frames, areas, pixels, share, bytes] = head;
        writeln!(f, "{phase:<16} {frames:>6} {areas:>6} {pixels:>10} {share:>12} {bytes:>10}")?;
        for (phase, totals) in Phase::ALL.iter().zip(&self.phases) {
            Self::write_row(f, phase.name(), totals)?;
        }
        Self::write_row(f, "total", &self.total())?;
        writeln!(f)?;
        let full_frame = u32::from(WIDTH) * u32::from(HEIGHT) * u32::from(self.bits_per_pixel) / 8;
        writeln!(
            f,
            "strip buffer     {:>6} bytes; a framebuffer would be {full_frame}",
            self.buffer_bytes
        )?;
        writeln!(
            f,
            "heap             {:>6} bytes, the strip buffer in it: live {}, peak {}, in {} allocations",
            self.heap_bytes, self.heap.live_bytes, self.heap.peak_bytes, self.heap.allocations
        )?;
        let largest = self.info.map_or(0, |info| info.largest_free_bytes);
        writeln!(f, "largest free     {largest:>6} bytes in one block")
    }
}
