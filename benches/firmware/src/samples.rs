//! Every measurement of a run, so that its tail is exact.

use core::cell::{Cell, RefCell};

/// Measurements in lent memory; those beyond its end are lost.
#[derive(Debug)]
pub struct Samples<'s> {
    values: RefCell<&'s mut [u32]>,
    count: Cell<usize>,
}

/// What is said of many measurements.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Statistics {
    /// The mean, rounded down.
    pub mean: u32,
    /// What 999 of 1000 do not exceed.
    pub p999: u32,
    /// The largest.
    pub max: u32,
}

impl<'s> Samples<'s> {
    /// None so far, and room for as many as `memory` holds.
    pub const fn new(memory: &'s mut [u32]) -> Self {
        Self { values: RefCell::new(memory), count: Cell::new(0) }
    }

    /// Adds a measurement.
    pub fn add(&self, value: u32) {
        let index = self.count.get();
        if let Some(place) = self.values.borrow_mut().get_mut(index) {
            *place = value;
            self.count.set(index + 1);
        }
    }

    /// Says how large they are, and forgets them. All 0 without any.
    #[must_use]
    pub fn take_statistics(&self) -> Statistics {
        let values = &mut self.values.borrow_mut()[..self.count.take()];
        values.sort_unstable();
        let sum: u64 = values.iter().copied().map(u64::from).sum();
        let mean = sum.checked_div(values.len() as u64).unwrap_or(0);
        let below = |largest: usize| values.iter().rev().nth(largest).copied().unwrap_or(0);
        Statistics {
            mean: u32::try_from(mean).unwrap_or(u32::MAX),
            p999: below(values.len() / 1000),
            max: below(0),
        }
    }
}
