//! What a trial found.

use displayio_allocators::HeapInfo;

use super::Costs;

/// The outcome of a [`Trial`](super::Trial).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Allocations and frees, failed allocations included.
    pub operations: u32,
    /// Allocations that failed.
    pub failures: u32,
    /// The operation, counted from 1, that failed first.
    pub first_failure: Option<u32>,
    /// Blocks whose contents were not as they had been written: a bug of the heap.
    pub corruptions: u32,
    /// The most bytes that were live at once, as asked for (without what the heap adds).
    pub peak_live_bytes: usize,
    /// What allocations that succeeded took, zeroing included.
    pub allocating: Costs,
    /// What frees took.
    pub freeing: Costs,
    /// How the free bytes were spread.
    pub fragmentation: Fragmentation,
}

/// External fragmentation over time: the share of the free bytes that is not in the largest free block.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fragmentation {
    samples: u32,
    sum_permille: u32,
    max_permille: u32,
}

impl Fragmentation {
    pub(super) fn add(&mut self, heap: HeapInfo) {
        let scattered = heap.free_bytes.saturating_sub(heap.largest_free_bytes);
        let permille = (scattered * 1000).checked_div(heap.free_bytes).unwrap_or(0);
        let permille = u32::try_from(permille).unwrap_or(1000);
        self.samples += 1;
        self.sum_permille += permille;
        self.max_permille = self.max_permille.max(permille);
    }

    /// The mean of all samples, in percent; 0 without any.
    #[must_use]
    pub const fn mean_percent(&self) -> u32 {
        match self.sum_permille.checked_div(self.samples) {
            Some(permille) => permille / 10,
            None => 0,
        }
    }

    /// The worst sample, in percent.
    #[must_use]
    pub const fn max_percent(&self) -> u32 {
        self.max_permille / 10
    }
}
