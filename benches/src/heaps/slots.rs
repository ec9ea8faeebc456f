//! Lists of fixed capacity for what a workload holds on to.

use displayio_allocators::{Buf, Heap, OutOfMemory};

/// At most so many values as there was room for at the start: the lists of a trial never allocate while it runs.
#[derive(Debug)]
pub(super) struct Slots<'s, T> {
    items: Buf<'s, T>,
}

impl<'s, T> Slots<'s, T> {
    pub(super) fn try_with_capacity(count: usize, scratch: Heap<'s>) -> Result<Self, OutOfMemory> {
        Ok(Self { items: Buf::with_capacity(count, scratch)? })
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    pub(super) fn is_full(&self) -> bool {
        self.items.len() == self.items.capacity()
    }

    /// Appends a value, or hands it back when there is no slot for it.
    pub(super) fn push(&mut self, value: T) -> Result<(), T> {
        if self.is_full() {
            return Err(value);
        }
        self.items.try_push(value).map_err(|rejected| rejected.value)
    }

    /// Removes a value and keeps the order of the rest.
    pub(super) fn remove(&mut self, index: usize) -> Option<T> {
        self.items.remove(index)
    }

    /// Removes a value; the last one takes its place.
    pub(super) fn swap_remove(&mut self, index: usize) -> Option<T> {
        let last = self.items.len().checked_sub(1)?;
        self.items.swap(index, last);
        self.items.remove(last)
    }
}
