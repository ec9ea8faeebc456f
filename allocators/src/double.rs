//! A movable heap small enough to check by eye, for tests of code that opens views.

use core::{cell::Cell, fmt, ptr::NonNull};

use crate::{AllocError, Allocator, HeapInfo, Layout, Memory, Movable, Slot};

/// At most `N` blocks in order of address over a lent region; [`slide`](Self::slide) closes the gaps between those that
/// are not pinned, and an allocation that finds no room at the end does the same.
///
/// A test double, not a heap for programs: as an [`Allocator`] it refuses everything.
pub struct SlidingHeap<'r, const N: usize> {
    region: &'r [Cell<u8>],
    blocks: [Cell<Block>; N],
    slots: [Slot; N],
    moves: Cell<u32>,
}

/// One that is not `used` is free.
#[derive(Debug, Clone, Copy, Default)]
struct Block {
    start: usize,
    len: usize,
    used: bool,
}

impl Block {
    /// At least four bytes from the start, so that no two blocks start at one place.
    const fn end(&self) -> usize {
        self.start + if self.len == 0 { 4 } else { self.len.next_multiple_of(4) }
    }
}

impl<'r, const N: usize> SlidingHeap<'r, N> {
    /// Makes a heap of as much of `region` as lies between multiples of 4.
    #[must_use]
    pub fn new(region: &'r mut [u8]) -> Self {
        let skip = region.as_ptr().align_offset(4).min(region.len());
        let end = skip + (region.len() - skip) / 4 * 4;
        let region = &Cell::from_mut(region).as_slice_of_cells()[skip..end];
        Self {
            region,
            blocks: [const { Cell::new(Block { start: 0, len: 0, used: false }) }; N],
            slots: [const { Slot::new(core::ptr::null_mut()) }; N],
            moves: Cell::new(0),
        }
    }

    /// How many blocks have moved so far.
    #[must_use]
    pub const fn moves(&self) -> u32 {
        self.moves.get()
    }

    /// Moves every block that is not pinned down to its neighbour. Pinned blocks stay.
    pub fn slide(&self) {
        let mut free = 0;
        for index in self.by_address() {
            let mut block = self.blocks[index].get();
            if !self.slots[index].is_pinned() && block.start != free {
                for i in 0..block.len {
                    self.region[free + i].set(self.region[block.start + i].get());
                }
                block.start = free;
                self.put(index, block);
                self.moves.set(self.moves.get() + 1);
            }
            free = block.end();
        }
    }

    /// Writes down where a block is.
    fn put(&self, index: usize, block: Block) {
        self.blocks[index].set(block);
        let bytes = self.region[block.start..].as_ptr();
        self.slots[index].set_bytes(bytes.cast::<u8>().cast_mut());
    }

    /// The numbers of the blocks in use.
    fn by_address(&self) -> impl Iterator<Item = usize> {
        let mut from = 0;
        core::iter::from_fn(move || {
            let is_next =
                |i: &usize| self.blocks[*i].get().used && self.blocks[*i].get().start >= from;
            let next = (0..N).filter(is_next).min_by_key(|i| self.blocks[*i].get().start)?;
            from = self.blocks[next].get().start + 1;
            Some(next)
        })
    }

    fn end(&self) -> usize {
        self.by_address().last().map_or(0, |index| self.blocks[index].get().end())
    }
}

// SAFETY: no block is ever given out.
unsafe impl<const N: usize> Allocator for SlidingHeap<'_, N> {
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        match layout.size() {
            0 => Ok(NonNull::slice_from_raw_parts(layout.dangling_ptr(), 0)),
            _ => Err(AllocError),
        }
    }

    unsafe fn deallocate(&self, _: NonNull<u8>, _: Layout) {}
}

// SAFETY: `movable` is always `self`.
unsafe impl<const N: usize> Memory for SlidingHeap<'_, N> {
    fn info(&self) -> Option<HeapInfo> {
        let used: usize = self
            .by_address()
            .map(|index| self.blocks[index].get())
            .map(|block| block.end() - block.start)
            .sum();
        let free_bytes = self.region.len() - used;
        let largest_free_bytes = self.region.len() - self.end();
        Some(HeapInfo {
            total_bytes: self.region.len(),
            free_bytes,
            largest_free_bytes,
            ..HeapInfo::default()
        })
    }

    fn movable(&self) -> Option<&dyn Movable> {
        Some(self)
    }
}

// SAFETY: blocks are disjoint parts of the region, which is 4-aligned; `slide` moves contents along and leaves pinned
// blocks alone; the region is borrowed mutably for as long as this heap lives, so that nothing else touches it. Whoever
// holds a block borrows this heap, so that the slots stay where they are.
unsafe impl<const N: usize> Movable for SlidingHeap<'_, N> {
    fn allocate(&self, size_bytes: usize) -> Result<NonNull<Slot>, AllocError> {
        let index = self.blocks.iter().position(|b| !b.get().used).ok_or(AllocError)?;
        let fits = |start: usize| start.saturating_add(size_bytes.max(1)) <= self.region.len();
        if !fits(self.end()) {
            self.slide();
        }
        let start = self.end();
        if !fits(start) {
            return Err(AllocError);
        }
        self.region[start..start + size_bytes].iter().for_each(|byte| byte.set(0));
        self.put(index, Block { start, len: size_bytes, used: true });
        Ok(NonNull::from_ref(&self.slots[index]))
    }

    unsafe fn free(&self, slot: NonNull<Slot>, size_bytes: usize) {
        let index = self.slots.iter().position(|other| core::ptr::eq(other, slot.as_ptr()));
        let block = index.map(|index| self.blocks[index].take()).unwrap_or_default();
        assert!(block.used && block.len == size_bytes, "freed wrongly: {block:?}");
    }
}

impl<const N: usize> fmt::Debug for SlidingHeap<'_, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SlidingHeap").field("info", &self.info()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_region_and_any_size_add_up() {
        let mut region = [0; 40];
        for (start, end) in (0..4).flat_map(|start| (start..40).map(move |end| (start, end))) {
            let heap = SlidingHeap::<3>::new(&mut region[start..end]);
            let total = heap.info().unwrap().total_bytes;
            let sizes = [0, 5, end - start - 5.min(end - start)];
            let blocks = sizes.map(|size| Movable::allocate(&heap, size));
            let taken = sizes.iter().zip(&blocks).filter(|(_, block)| block.is_ok());
            let taken: usize = taken.map(|(size, _)| size.next_multiple_of(4).max(4)).sum();
            assert_eq!(heap.info().unwrap().free_bytes, total - taken, "{start}..{end}");
        }
    }
}
