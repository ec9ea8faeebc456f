//! The scheme of CircuitPython's heap, for comparison.

use core::cell::Cell;

use displayio_allocators::{HeapInfo, Storage};

use super::{Blocks, Kind};

/// The unit of allocation, in bytes.
const UNIT_BYTES: usize = 16;
/// Units described by one byte of the map.
const UNITS_PER_BYTE: usize = 4;

/// First fit over units of 16 bytes with two bits each in a map, as CircuitPython's garbage-collected heap places objects.
///
/// Blocks are freed by hand, at once: the original finds out later, in a collection, so that this is its best case. The map
/// (and, as in the original, one more bit per unit for finalisers) lies in front of the units. The search starts behind
/// the units that are known to be used; only allocations of one unit move that start up.
#[derive(Debug)]
pub struct ReferenceHeap<'m> {
    memory: Storage<'m>,
    /// One byte for each four units; the map starts `memory`.
    map_bytes: usize,
    /// Where the units start in `memory`.
    units_start: usize,
    unit_count: usize,
    /// No unit below this is free (in units, a multiple of four).
    search_start: Cell<usize>,
}

/// What the map says of a unit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Free,
    /// The first of a block.
    Head,
    /// Another one of a block.
    Tail,
}

/// A block of a [`ReferenceHeap`].
#[derive(Debug)]
pub struct ReferenceBlock {
    first_unit: usize,
    size_bytes: usize,
}

impl<'m> ReferenceHeap<'m> {
    /// Makes a heap in `memory`; what was in it is lost. Memory without room for a unit refuses everything.
    #[must_use]
    pub fn new(memory: Storage<'m>) -> Self {
        // Per byte of the map: itself, half a byte for finalisers, four units.
        let map_bytes = memory.len() * 2 / (2 + 1 + 2 * UNITS_PER_BYTE * UNIT_BYTES);
        let finaliser_bytes = map_bytes.div_ceil(2);
        let units_start = (map_bytes + finaliser_bytes).next_multiple_of(UNIT_BYTES);
        let room = memory.len().saturating_sub(units_start) / UNIT_BYTES;
        let unit_count = room.min(map_bytes * UNITS_PER_BYTE);
        let _ = memory.write(|bytes| bytes.fill(0));
        Self { memory, map_bytes, units_start, unit_count, search_start: Cell::new(0) }
    }

    /// The first unit of the first run of `count` free ones.
    fn first_fit(&self, map: &[u8], count: usize) -> Option<usize> {
        let (mut unit, mut run) = (self.search_start.get(), 0);
        for byte in &map[unit / UNITS_PER_BYTE..] {
            for place in 0..UNITS_PER_BYTE {
                run = if byte >> (2 * place) & 3 == 0 { run + 1 } else { 0 };
                unit += 1;
                if unit > self.unit_count {
                    return None;
                }
                if run == count {
                    return Some(unit - count);
                }
            }
        }
        None
    }

    /// Marks a run of units as a block and zeroes it, from its first unit on.
    fn take(&self, bytes: &mut [u8], count: usize) -> Option<usize> {
        let first = self.first_fit(&bytes[..self.map_bytes], count)?;
        set(bytes, first, Unit::Head);
        (first + 1..first + count).for_each(|unit| set(bytes, unit, Unit::Tail));
        if count == 1 {
            self.search_start.set((first + 1) / UNITS_PER_BYTE * UNITS_PER_BYTE);
        }
        bytes[self.units_start + first * UNIT_BYTES..][..count * UNIT_BYTES].fill(0);
        Some(first)
    }

    fn release(&self, bytes: &mut [u8], first: usize) {
        let mut unit = first;
        loop {
            set(bytes, unit, Unit::Free);
            unit += 1;
            if unit == self.unit_count || state(bytes, unit) != Unit::Tail {
                break;
            }
        }
        let start = first / UNITS_PER_BYTE * UNITS_PER_BYTE;
        self.search_start.set(self.search_start.get().min(start));
    }

    /// Free units, and the longest run of them.
    fn free_units(&self, map: &[u8]) -> (usize, usize) {
        let (mut free, mut run, mut longest) = (0, 0, 0);
        for unit in 0..self.unit_count {
            let is_free = state(map, unit) == Unit::Free;
            free += usize::from(is_free);
            run = if is_free { run + 1 } else { 0 };
            longest = longest.max(run);
        }
        (free, longest)
    }
}

const fn state(map: &[u8], unit: usize) -> Unit {
    match map[unit / UNITS_PER_BYTE] >> (2 * (unit % UNITS_PER_BYTE)) & 3 {
        0 => Unit::Free,
        1 => Unit::Head,
        _ => Unit::Tail,
    }
}

const fn set(map: &mut [u8], unit: usize, state: Unit) {
    let shift = 2 * (unit % UNITS_PER_BYTE);
    let byte = &mut map[unit / UNITS_PER_BYTE];
    *byte = *byte & !(3 << shift) | (state as u8) << shift;
}

impl Blocks for ReferenceHeap<'_> {
    type Block = ReferenceBlock;

    fn allocate(&self, size_bytes: usize, _kind: Kind) -> Option<ReferenceBlock> {
        let count = size_bytes.div_ceil(UNIT_BYTES).max(1);
        let first_unit = self.memory.write(|bytes| self.take(bytes, count)).ok()??;
        Some(ReferenceBlock { first_unit, size_bytes })
    }

    fn free(&self, block: ReferenceBlock) {
        // No other view is ever open.
        let _ = self.memory.write(|bytes| self.release(bytes, block.first_unit));
    }

    fn write(&self, block: &ReferenceBlock, f: impl FnOnce(&mut [u8])) {
        let start = self.units_start + block.first_unit * UNIT_BYTES;
        // No other view is ever open; were one, the check of the contents would find that nothing was written.
        let _ = self.memory.write(|bytes| f(&mut bytes[start..][..block.size_bytes]));
    }

    fn info(&self) -> HeapInfo {
        let (free, longest) = self.memory.read(|bytes| self.free_units(bytes)).unwrap_or_default();
        HeapInfo {
            total_bytes: self.unit_count * UNIT_BYTES,
            free_bytes: free * UNIT_BYTES,
            largest_free_bytes: longest * UNIT_BYTES,
            pinned_blocks: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(heap: &ReferenceHeap<'_>, counts: &[usize]) -> [Option<usize>; 4] {
        let mut counts = counts.iter();
        core::array::from_fn(|_| {
            let bytes = counts.next()? * UNIT_BYTES;
            Some(heap.allocate(bytes, Kind::Fixed)?.first_unit)
        })
    }

    #[test]
    fn first_run_that_fits_is_taken() {
        let mut memory = [0; 1024];
        let heap = ReferenceHeap::new(Storage::from_buffer(&mut memory));
        assert_eq!(units(&heap, &[2, 1, 3, 1]), [Some(0), Some(2), Some(3), Some(6)]);
        heap.free(ReferenceBlock { first_unit: 0, size_bytes: 32 });
        heap.free(ReferenceBlock { first_unit: 3, size_bytes: 48 });
        assert_eq!(units(&heap, &[3, 2, 1]), [Some(3), Some(0), Some(7), None]);
    }

    #[test]
    fn every_unit_is_given_and_none_twice() {
        let mut memory = [0; 1000];
        let heap = ReferenceHeap::new(Storage::from_buffer(&mut memory));
        let total = heap.info().total_bytes;
        assert!(total > 950, "{total} bytes of 1000");
        let mut count = 0;
        while let Some(block) = heap.allocate(1, Kind::Movable) {
            assert_eq!(block.first_unit, count);
            count += 1;
        }
        assert_eq!((count * UNIT_BYTES, heap.info().free_bytes), (total, 0));
    }

    #[test]
    fn tiny_memory_refuses() {
        for size in 0..64 {
            let mut memory = [0; 64];
            let heap = ReferenceHeap::new(Storage::from_buffer(&mut memory[..size]));
            assert!(heap.allocate(64, Kind::Fixed).is_none(), "64 bytes of {size}");
        }
    }
}
