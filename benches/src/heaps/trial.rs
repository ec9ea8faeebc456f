//! A workload with its size, length and seed.

use displayio_allocators::{Heap, OutOfMemory};

use super::{Blocks, Clock, Report, Workload, session::Session};

/// One run of a [`Workload`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trial {
    /// What is allocated.
    pub workload: Workload,
    /// The most bytes that are live at once, as asked for (without what the heap adds). Below 8 KiB the labels of the
    /// workloads a and f exceed it.
    pub target_bytes: usize,
    /// Allocations and frees until it ends.
    pub operations: u32,
    /// Chooses the sequence of sizes: the same seed, the same sequence.
    pub seed: u32,
    /// Ends with the first failed allocation.
    pub stops_at_failure: bool,
    /// Samples the fragmentation each so many allocations, outside the measured time; 0 for never.
    pub sample_every: u32,
}

impl Trial {
    /// 12 000 operations or the first failure, without samples.
    #[must_use]
    pub const fn new(workload: Workload, target_bytes: usize, seed: u32) -> Self {
        Self {
            workload,
            target_bytes,
            operations: 12_000,
            seed,
            stops_at_failure: true,
            sample_every: 0,
        }
    }

    /// Runs it on `blocks`, and frees everything at the end.
    ///
    /// The lists of what is live come from `scratch`: some 24 bytes (on a 32-bit machine) per 128 bytes of the target
    /// and 20 KiB, all of it free again afterwards.
    ///
    /// # Errors
    /// [`OutOfMemory`] when `scratch` is too small; a failure of `blocks` is a count in the report instead.
    pub fn run<B: Blocks, C: Clock>(
        &self,
        blocks: &B,
        clock: &C,
        scratch: Heap<'_>,
    ) -> Result<Report, OutOfMemory> {
        let mut session = Session::new(self, blocks, clock);
        self.workload.run(&mut session, scratch)?;
        Ok(session.report)
    }
}
