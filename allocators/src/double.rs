//! A movable heap small enough to check by eye, for tests of code that opens views.

use core::{cell::Cell, fmt, ptr::NonNull};

use crate::{AllocError, Allocator, Handle, HeapInfo, Layout, Memory, Movable};

/// At most `N` blocks in order of address over a lent region; [`slide`](Self::slide) closes the gaps between those that
/// are not pinned, and an allocation that finds no room at the end does the same.
///
/// A test double, not a heap for programs: as an [`Allocator`] it refuses everything.
pub struct SlidingHeap<'r, const N: usize> {
    region: &'r [Cell<u8>],
    blocks: [Cell<Block>; N],
    moves: Cell<u32>,
}

/// `pins` counts open views; a free slot has length 0 and `used` false.
#[derive(Debug, Clone, Copy, Default)]
struct Block {
    start: usize,
    len: usize,
    pins: u32,
    used: bool,
}

impl Block {
    const fn end(&self) -> usize {
        self.start + self.len.next_multiple_of(4)
    }
}

impl<'r, const N: usize> SlidingHeap<'r, N> {
    /// Makes a heap of `region`, which it aligns to 4 bytes.
    #[must_use]
    pub fn new(region: &'r mut [u8]) -> Self {
        let skip = region.as_ptr().align_offset(4).min(region.len());
        let region = Cell::from_mut(region).as_slice_of_cells().get(skip..).unwrap_or_default();
        Self {
            region,
            blocks: [const { Cell::new(Block { start: 0, len: 0, pins: 0, used: false }) }; N],
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
        for slot in self.by_address() {
            let mut block = slot.get();
            if block.pins == 0 && block.start != free {
                for i in 0..block.len {
                    self.region[free + i].set(self.region[block.start + i].get());
                }
                block.start = free;
                slot.set(block);
                self.moves.set(self.moves.get() + 1);
            }
            free = block.end();
        }
    }

    fn by_address(&self) -> impl Iterator<Item = &Cell<Block>> {
        let mut from = 0;
        core::iter::from_fn(move || {
            let next = self.blocks.iter().filter(|b| b.get().used && b.get().start >= from);
            let next = next.min_by_key(|b| b.get().start)?;
            from = next.get().start + 1;
            Some(next)
        })
    }

    fn end(&self) -> usize {
        self.by_address().last().map_or(0, |block| block.get().end())
    }

    fn slot(&self, handle: Handle) -> &Cell<Block> {
        &self.blocks[usize::from(handle.0)]
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
        let used: usize = self.by_address().map(|b| b.get().end() - b.get().start).sum();
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
// blocks alone; the region is borrowed mutably for as long as this heap lives, so that nothing else touches it.
unsafe impl<const N: usize> Movable for SlidingHeap<'_, N> {
    fn allocate(&self, size_bytes: usize) -> Result<Handle, AllocError> {
        let slot = self.blocks.iter().position(|b| !b.get().used).ok_or(AllocError)?;
        let fits = |start: usize| start.saturating_add(size_bytes) <= self.region.len();
        if !fits(self.end()) {
            self.slide();
        }
        let start = self.end();
        if !fits(start) {
            return Err(AllocError);
        }
        self.region[start..start + size_bytes].iter().for_each(|byte| byte.set(0));
        self.blocks[slot].set(Block { start, len: size_bytes, pins: 0, used: true });
        u16::try_from(slot).map(Handle).map_err(|_| AllocError)
    }

    unsafe fn free(&self, handle: Handle, size_bytes: usize) {
        let block = self.slot(handle).take();
        assert!(
            block.used && block.pins == 0 && block.len == size_bytes,
            "freed wrongly: {block:?}"
        );
    }

    unsafe fn pin(&self, handle: Handle) -> NonNull<u8> {
        let mut block = self.slot(handle).get();
        assert!(block.used, "pinned after free");
        block.pins += 1;
        self.slot(handle).set(block);
        NonNull::from_ref(&self.region[block.start..]).cast()
    }

    unsafe fn unpin(&self, handle: Handle) {
        let mut block = self.slot(handle).get();
        assert!(block.pins > 0, "unpinned too often");
        block.pins -= 1;
        self.slot(handle).set(block);
    }
}

impl<const N: usize> fmt::Debug for SlidingHeap<'_, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SlidingHeap").field("info", &self.info()).finish_non_exhaustive()
    }
}
