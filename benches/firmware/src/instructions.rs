//! Instructions, counted by a timer of the board.
//!
//! QEMU with `-icount shift=N` lets one instruction take 2^N ns of virtual time. The mps2-an386's first APB timer ticks
//! every 40 ns of it, 6.4 times an instruction with N = 8, and its 32 bits last for 671 million instructions; `SysTick`
//! ticks at the same rate, but its 24 bits overflow within a frame. The factor is measured, not assumed.

use core::{arch::asm, hint::black_box, ptr};

/// Registers of CMSDK APB timer 0: control, value, reload.
const CONTROL: usize = 0x4000_0000;
const VALUE: usize = 0x4000_0004;
const RELOAD: usize = 0x4000_0008;

/// Iterations of the loop that the timer is measured by: long, to make rounding vanish.
const CALIBRATION: u32 = 100_000;

/// The timer's value, which counts down.
#[derive(Debug, Clone, Copy)]
pub struct Reading(u32);

/// Counts instructions between two readings.
#[derive(Debug)]
pub struct Counter {
    /// Ticks that two readings cost with nothing between.
    empty_ticks: u32,
    /// Ticks of `2 * CALIBRATION` instructions.
    calibrated_ticks: u32,
}

impl Counter {
    /// Starts the timer and measures it.
    #[must_use]
    pub fn start() -> Self {
        write(RELOAD, u32::MAX);
        write(VALUE, u32::MAX);
        write(CONTROL, 1);
        let start = Self::read();
        let empty_ticks = start.ticks_until(Self::read());
        let once = ticks_of_loop(CALIBRATION);
        let twice = ticks_of_loop(2 * CALIBRATION);
        Self { empty_ticks, calibrated_ticks: twice - once }
    }

    /// Reads the timer.
    #[inline(always)]
    #[must_use]
    pub fn read() -> Reading {
        // SAFETY: a register of the board, whose reading has no effect.
        Reading(unsafe { ptr::with_exposed_provenance::<u32>(VALUE).read_volatile() })
    }

    /// Instructions since `start`, without those of reading.
    #[inline(always)]
    #[must_use]
    pub fn since(&self, start: Reading) -> u32 {
        self.instructions(start.ticks_until(Self::read()))
    }

    /// Not inlined, and behind a black box: or else this arithmetic sinks into the next region that is measured.
    #[inline(never)]
    fn instructions(&self, ticks: u32) -> u32 {
        let ticks = ticks.saturating_sub(self.empty_ticks);
        let instructions = u64::from(ticks) * 2 * u64::from(CALIBRATION);
        let rounded = instructions + u64::from(self.calibrated_ticks / 2);
        let instructions = rounded / u64::from(self.calibrated_ticks.max(1));
        black_box(u32::try_from(instructions).unwrap_or(u32::MAX))
    }

    /// Ticks of the timer in a million instructions.
    #[must_use]
    pub const fn ticks_per_million(&self) -> u32 {
        self.calibrated_ticks * (1_000_000 / (2 * CALIBRATION))
    }
}

impl Reading {
    const fn ticks_until(self, end: Self) -> u32 {
        self.0.wrapping_sub(end.0)
    }
}

/// Not inlined, so that it costs the same for any count.
#[inline(never)]
fn ticks_of_loop(count: u32) -> u32 {
    let start = Counter::read();
    spin(count);
    black_box(start.ticks_until(Counter::read()))
}

fn write(register: usize, value: u32) {
    // SAFETY: a register of a timer that only this module uses.
    unsafe { ptr::with_exposed_provenance_mut::<u32>(register).write_volatile(value) }
}

/// Executes `2 * count` instructions and a few that do not depend on `count`, which is at least 1.
#[inline(never)]
pub fn spin(count: u32) {
    // SAFETY: touches the given register and the flags alone, and ends when the register has come down to 0.
    unsafe { asm!("2: subs {0}, #1", "bne 2b", inout(reg) count => _, options(nostack)) }
}
