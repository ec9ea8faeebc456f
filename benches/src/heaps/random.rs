//! Random numbers that are the same on every machine.

/// A PCG generator (XSH-RR, 64 bits of state).
#[derive(Debug, Clone)]
pub(super) struct Random {
    state: u64,
}

const MULTIPLIER: u64 = 6_364_136_223_846_793_005;
const INCREMENT: u64 = 1_442_695_040_888_963_407;

impl Random {
    pub(super) const fn new(seed: u32) -> Self {
        let mut random = Self { state: (seed as u64).wrapping_add(INCREMENT) };
        random.next();
        random
    }

    #[expect(clippy::cast_possible_truncation, reason = "the generator takes these 32 bits")]
    const fn next(&mut self) -> u32 {
        let state = self.state;
        self.state = state.wrapping_mul(MULTIPLIER).wrapping_add(INCREMENT);
        let mixed = (((state >> 18) ^ state) >> 27) as u32;
        mixed.rotate_right((state >> 59) as u32)
    }

    /// A number from 0 to `count - 1`; 0 when `count` is 0.
    pub(super) const fn below(&mut self, count: usize) -> usize {
        if count == 0 { 0 } else { self.next() as usize % count }
    }

    /// A number from `low` to `high`, both included; `low` when the range is empty.
    pub(super) const fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below((high + 1).saturating_sub(low))
    }

    /// A number from `low` (not 0) to `high`, each power of two in between as likely as the next.
    pub(super) fn log_between(&mut self, low: usize, high: usize) -> usize {
        let high = high.max(low);
        let octave = self.between(low.ilog2() as usize, high.ilog2() as usize);
        let start = 1 << octave;
        self.between(low.max(start), high.min(2 * start - 1))
    }

    /// True in `percent` of 100 cases.
    pub(super) const fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_kept_and_reached() {
        let mut random = Random::new(1);
        let (mut seen, mut log_seen) = ([0; 8], [0; 41]);
        for _ in 0..10_000 {
            seen[random.between(3, 7)] += 1;
            log_seen[random.log_between(8, 40)] += 1;
        }
        assert!(seen[..3].iter().all(|n| *n == 0) && seen[3..].iter().all(|n| *n > 1000));
        assert!(log_seen[8] > 0 && log_seen[40] > 0 && log_seen[..8].iter().all(|n| *n == 0));
    }

    #[test]
    fn empty_ranges_give_their_start() {
        let mut random = Random::new(1);
        assert_eq!((random.below(0), random.between(5, 2), random.log_between(9, 3)), (0, 5, 9));
    }
}
