//! One run of a workload: counts, measures and checks every operation.

use super::{Blocks, Clock, Kind, Report, Trial, random::Random, slots::Slots};

/// A trial under way.
pub(super) struct Session<'a, B, C> {
    pub(super) random: Random,
    pub(super) trial: &'a Trial,
    pub(super) report: Report,
    blocks: &'a B,
    clock: &'a C,
    live_bytes: usize,
    /// Counts [`next_step`](Self::next_step): never more than operations, unless a target leaves nothing to do.
    steps: u32,
    next_tag: u32,
}

/// A block, and what is needed to know it again.
pub(super) struct Held<B: Blocks> {
    block: B::Block,
    pub(super) size_bytes: usize,
    tag: u32,
}

/// What is written at the start of a block; the end holds its complement, where both have room.
const TAG_BYTES: usize = 4;

impl<'a, B: Blocks, C: Clock> Session<'a, B, C> {
    pub(super) fn new(trial: &'a Trial, blocks: &'a B, clock: &'a C) -> Self {
        Self {
            random: Random::new(trial.seed),
            trial,
            report: Report::default(),
            blocks,
            clock,
            live_bytes: 0,
            steps: 0,
            next_tag: 1,
        }
    }

    /// Whether nothing may be allocated any more.
    pub(super) const fn is_over(&self) -> bool {
        self.report.operations >= self.trial.operations
            || self.trial.stops_at_failure && self.report.failures > 0
    }

    /// Whether the workload shall go on; asked once per page, image or round.
    pub(super) const fn next_step(&mut self) -> bool {
        self.steps += 1;
        self.steps <= self.trial.operations && !self.is_over()
    }

    pub(super) const fn live_bytes(&self) -> usize {
        self.live_bytes
    }

    /// Whether `size_bytes` more would not exceed the target.
    pub(super) const fn fits(&self, size_bytes: usize) -> bool {
        self.live_bytes + size_bytes <= self.trial.target_bytes
    }

    /// A block; `None` when the heap has no room or the trial is over.
    pub(super) fn allocate(&mut self, size_bytes: usize, kind: Kind) -> Option<Held<B>> {
        if self.is_over() {
            return None;
        }
        let start = self.clock.now();
        let block = self.blocks.allocate(size_bytes, kind);
        let ticks = self.clock.since(start);
        self.report.operations += 1;
        let Some(block) = block else {
            self.count_failure();
            return None;
        };
        self.report.allocating.add(ticks);
        self.live_bytes += size_bytes;
        self.report.peak_live_bytes = self.report.peak_live_bytes.max(self.live_bytes);
        let tag = self.next_tag.wrapping_mul(0x9e37_79b1);
        self.next_tag += 1;
        self.blocks.write(&block, |bytes| write_tag(bytes, tag));
        self.sample_fragmentation();
        Some(Held { block, size_bytes, tag })
    }

    const fn count_failure(&mut self) {
        self.report.failures += 1;
        if self.report.first_failure.is_none() {
            self.report.first_failure = Some(self.report.operations);
        }
    }

    fn sample_fragmentation(&mut self) {
        if self.trial.sample_every != 0 && self.next_tag.is_multiple_of(self.trial.sample_every) {
            self.report.fragmentation.add(self.blocks.info());
        }
    }

    pub(super) fn free(&mut self, held: Held<B>) {
        let mut is_intact = false;
        self.blocks.write(&held.block, |bytes| {
            is_intact = bytes.len() == held.size_bytes && has_tag(bytes, held.tag);
        });
        self.report.corruptions += u32::from(!is_intact);
        let start = self.clock.now();
        self.blocks.free(held.block);
        self.report.freeing.add(self.clock.since(start));
        self.report.operations += 1;
        self.live_bytes -= held.size_bytes;
    }

    pub(super) fn free_if_any(&mut self, held: Option<Held<B>>) {
        if let Some(held) = held {
            self.free(held);
        }
    }

    /// Allocates a block into `slots`; whether that succeeded. Without a slot for it, it is freed again.
    pub(super) fn keep(
        &mut self,
        slots: &mut Slots<'_, Held<B>>,
        size_bytes: usize,
        kind: Kind,
    ) -> bool {
        let Some(held) = self.allocate(size_bytes, kind) else { return false };
        match slots.push(held) {
            Ok(()) => true,
            Err(held) => {
                self.free(held);
                false
            }
        }
    }

    /// Frees one of `slots`, any of them; its size in bytes, 0 without any.
    pub(super) fn free_any(&mut self, slots: &mut Slots<'_, Held<B>>) -> usize {
        let index = self.random.below(slots.len());
        let Some(held) = slots.swap_remove(index) else { return 0 };
        let size_bytes = held.size_bytes;
        self.free(held);
        size_bytes
    }

    /// Frees the oldest `count` of `slots`.
    pub(super) fn free_oldest(&mut self, slots: &mut Slots<'_, Held<B>>, count: usize) {
        for _ in 0..count {
            self.free_if_any(slots.remove(0));
        }
    }

    /// Frees all of `slots`.
    pub(super) fn free_all(&mut self, slots: &mut Slots<'_, Held<B>>) {
        while let Some(held) = slots.swap_remove(0) {
            self.free(held);
        }
    }
}

/// The two ends of a block that carry its tag; a block too short for two has one.
const fn ends(bytes: &mut [u8]) -> (&mut [u8], &mut [u8]) {
    if bytes.len() < 2 * TAG_BYTES {
        return (bytes, &mut []);
    }
    let (start, end) = bytes.split_at_mut(bytes.len() - TAG_BYTES);
    (start.split_at_mut(TAG_BYTES).0, end)
}

fn write_tag(bytes: &mut [u8], tag: u32) {
    let (start, end) = ends(bytes);
    fill(start, tag);
    fill(end, !tag);
}

fn fill(bytes: &mut [u8], tag: u32) {
    bytes.iter_mut().zip(tag.to_le_bytes()).for_each(|(byte, tag)| *byte = tag);
}

fn has_tag(bytes: &mut [u8], tag: u32) -> bool {
    let (start, end) = ends(bytes);
    is_filled(start, tag) && is_filled(end, !tag)
}

fn is_filled(bytes: &[u8], tag: u32) -> bool {
    bytes.iter().zip(tag.to_le_bytes()).all(|(byte, tag)| *byte == tag)
}
