//! What operations cost: mean, tail and maximum, in little memory.

/// Counts time in ticks of any length: nanoseconds, cycles, instructions.
pub trait Clock {
    /// Ticks since some moment; wraps around.
    fn now(&self) -> u32;

    /// Ticks since `start`, which [`now`](Self::now) gave. Overridden by counters of fewer than 32 bits.
    fn since(&self, start: u32) -> u32 {
        self.now().wrapping_sub(start)
    }
}

/// A clock that stands still, for when only failures matter.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoClock;

impl Clock for NoClock {
    fn now(&self) -> u32 {
        0
    }
}

/// Durations below this have a bucket each.
const EXACT: u32 = 8;
/// Buckets of each power of two from [`EXACT`] on.
const PARTS: u32 = 4;
const BUCKETS: usize = (EXACT + (32 - EXACT.ilog2()) * PARTS) as usize;

/// Durations of operations, in ticks of a [`Clock`]: a histogram of 496 bytes with steps of at most a quarter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Costs {
    count: u32,
    sum_ticks: u64,
    max_ticks: u32,
    buckets: [u32; BUCKETS],
}

impl Default for Costs {
    fn default() -> Self {
        Self::new()
    }
}

impl Costs {
    /// None so far.
    #[must_use]
    pub const fn new() -> Self {
        Self { count: 0, sum_ticks: 0, max_ticks: 0, buckets: [0; BUCKETS] }
    }

    /// Adds one duration.
    pub fn add(&mut self, ticks: u32) {
        self.count += 1;
        self.sum_ticks += u64::from(ticks);
        self.max_ticks = self.max_ticks.max(ticks);
        self.buckets[bucket(ticks)] += 1;
    }

    /// How many were added.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// The mean, rounded down; 0 without any.
    #[must_use]
    pub fn mean_ticks(&self) -> u32 {
        let mean = self.sum_ticks.checked_div(self.count.into()).unwrap_or(0);
        u32::try_from(mean).unwrap_or(u32::MAX)
    }

    /// What 999 of 1000 do not exceed, to a quarter upwards.
    #[must_use]
    pub fn p999_ticks(&self) -> u32 {
        let longer = self.count / 1000;
        let mut above = 0;
        for index in (0..BUCKETS).rev() {
            above += self.buckets[index];
            if above > longer {
                return bucket_end(index).min(self.max_ticks);
            }
        }
        0
    }

    /// The longest.
    #[must_use]
    pub const fn max_ticks(&self) -> u32 {
        self.max_ticks
    }
}

/// Which bucket a duration falls into.
const fn bucket(ticks: u32) -> usize {
    if ticks < EXACT {
        return ticks as usize;
    }
    let octave = ticks.ilog2();
    let part = (ticks >> (octave - PARTS.ilog2())) & (PARTS - 1);
    (EXACT + (octave - EXACT.ilog2()) * PARTS + part) as usize
}

/// The longest duration of a bucket.
fn bucket_end(index: usize) -> u32 {
    let index = u32::try_from(index).unwrap_or(0);
    let Some(beyond) = index.checked_sub(EXACT) else { return index };
    let (octave, part) = (EXACT.ilog2() + beyond / PARTS, beyond % PARTS);
    let step = 1 << (octave - PARTS.ilog2());
    (PARTS + part) * step + (step - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_tile_all_durations() {
        let mut start = 0_u32;
        for index in 0..BUCKETS {
            assert_eq!((bucket(start), bucket(bucket_end(index))), (index, index));
            start = bucket_end(index).wrapping_add(1);
        }
        assert_eq!(start, 0, "the last bucket ends with u32::MAX");
    }

    #[test]
    fn tail_and_mean_of_a_known_set() {
        let mut costs = Costs::new();
        (0..1998).for_each(|_| costs.add(5));
        costs.add(1000);
        costs.add(4000);
        assert_eq!((costs.count(), costs.mean_ticks(), costs.max_ticks()), (2000, 7, 4000));
        assert_eq!(costs.p999_ticks(), 5);
        costs.add(1000);
        assert_eq!(costs.p999_ticks(), 1023);
    }
}
