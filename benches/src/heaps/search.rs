//! How full a heap may be.

use core::{fmt, mem::MaybeUninit};

use displayio_allocators::{Heap, OutOfMemory};

use super::{Contender, NoClock, Trial, Workload};

/// Live bytes as a share of a budget, in steps of half a percent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Utilisation {
    half_percents: u16,
}

impl Utilisation {
    /// From steps of half a percent: 200 is all of the budget.
    #[must_use]
    pub const fn from_half_percents(half_percents: u16) -> Self {
        Self { half_percents }
    }

    /// In steps of half a percent.
    #[must_use]
    pub const fn half_percents(self) -> u16 {
        self.half_percents
    }

    /// The target for a budget of `ram_bytes`.
    #[must_use]
    pub const fn target_bytes(self, ram_bytes: usize) -> usize {
        ram_bytes / 200 * self.half_percents as usize
            + ram_bytes % 200 * self.half_percents as usize / 200
    }
}

impl fmt::Display for Utilisation {
    /// As `97.5`, in percent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.half_percents / 2, self.half_percents % 2 * 5)
    }
}

/// What a [`Search`] found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Found {
    /// The highest target at which no allocation failed, with any seed.
    pub utilisation: Utilisation,
    /// The most bytes that were live at once at that target.
    pub peak_live_bytes: usize,
    /// Damaged blocks in all trials, those with failures included: a bug of the heap unless 0.
    pub corruptions: u32,
}

/// A search for the highest sustainable utilisation of a heap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Search<'s> {
    /// What is allocated.
    pub workload: Workload,
    /// Allocations and frees of each trial.
    pub operations: u32,
    /// One trial for each.
    pub seeds: &'s [u32],
}

impl Search<'_> {
    /// Bisects for the highest target without a failure, up to 99.5 % of `ram`.
    ///
    /// It takes for granted that what fits at one target fits at a lower one, which holds but for chance. Memory is as in
    /// [`Contender::run`].
    ///
    /// # Errors
    /// [`OutOfMemory`] when `scratch` is too small for the trials.
    pub fn highest(
        &self,
        contender: Contender,
        ram: &mut [MaybeUninit<u8>],
        scratch: Heap<'_>,
    ) -> Result<Found, OutOfMemory> {
        let mut found = Found::default();
        let mut failing = Utilisation::from_half_percents(200);
        while found.utilisation.half_percents + 1 < failing.half_percents {
            let middle = Utilisation::from_half_percents(u16::midpoint(
                found.utilisation.half_percents,
                failing.half_percents,
            ));
            let tried = self.try_at(middle, contender, ram, scratch)?;
            found.corruptions += tried.corruptions;
            match tried.peak_live_bytes {
                Some(peak_live_bytes) => {
                    (found.utilisation, found.peak_live_bytes) = (middle, peak_live_bytes);
                }
                None => failing = middle,
            }
        }
        Ok(found)
    }

    /// Runs a trial with each seed, up to the first failure.
    fn try_at(
        &self,
        utilisation: Utilisation,
        contender: Contender,
        ram: &mut [MaybeUninit<u8>],
        scratch: Heap<'_>,
    ) -> Result<Tried, OutOfMemory> {
        let target_bytes = utilisation.target_bytes(ram.len());
        let mut tried = Tried { peak_live_bytes: Some(0), corruptions: 0 };
        for seed in self.seeds {
            let trial = Trial {
                operations: self.operations,
                ..Trial::new(self.workload, target_bytes, *seed)
            };
            let report = contender.run(ram, &trial, &NoClock, scratch)?;
            tried.corruptions += report.corruptions;
            if report.failures > 0 {
                tried.peak_live_bytes = None;
                break;
            }
            tried.peak_live_bytes = tried.peak_live_bytes.max(Some(report.peak_live_bytes));
        }
        Ok(tried)
    }
}

/// The trials at one target: the peak of all seeds, none after a failure.
struct Tried {
    peak_live_bytes: Option<usize>,
    corruptions: u32,
}
