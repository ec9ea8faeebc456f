//! Counts what a heap does.

use core::{cell::Cell, ptr::NonNull};

use crate::{AllocError, Allocator, HeapInfo, Layout, Memory, Movable, Slot};

/// What passed through an [`Instrumented`] heap.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Counters {
    /// Bytes allocated now, as asked for (without what the heap adds).
    pub live_bytes: usize,
    /// The most [`live_bytes`](Self::live_bytes) has been.
    pub peak_bytes: usize,
    /// Blocks allocated now.
    pub live_blocks: usize,
    /// Allocations that succeeded; this and the counts below stop at [`u32::MAX`].
    pub allocations: u32,
    /// Allocations that failed.
    pub failures: u32,
}

/// A heap with [`Counters`] around it; free bytes and the largest free block are the inner heap's own. Around a reference,
/// it counts what one of several users of a heap does.
///
/// ```
/// use core::mem::MaybeUninit;
/// use displayio_allocators::{Buf, Instrumented, LinkedListHeap};
/// let mut region = [MaybeUninit::uninit(); 256];
/// let heap = Instrumented::new(LinkedListHeap::new(&mut region));
/// let list = Buf::<u32>::with_capacity(10, &heap)?;
/// assert_eq!(heap.counters().live_bytes, 40);
/// # Ok::<(), displayio_allocators::OutOfMemory>(())
/// ```
#[derive(Debug)]
pub struct Instrumented<M> {
    inner: M,
    counters: Cell<Counters>,
    sizes: [Cell<u32>; SIZE_CLASSES],
}

/// Powers of two that allocations are counted by.
const SIZE_CLASSES: usize = 20;

impl<M> Instrumented<M> {
    /// Counts from zero.
    pub const fn new(inner: M) -> Self {
        let counters =
            Counters { live_bytes: 0, peak_bytes: 0, live_blocks: 0, allocations: 0, failures: 0 };
        Self { inner, counters: Cell::new(counters), sizes: [const { Cell::new(0) }; SIZE_CLASSES] }
    }

    /// What has passed through so far.
    pub const fn counters(&self) -> Counters {
        self.counters.get()
    }

    /// How many allocations succeeded by size: entry `i` counts those of more than `2^(i-1)` and at most `2^i` bytes, the
    /// last one all larger ones, too.
    pub fn size_histogram(&self) -> [u32; SIZE_CLASSES] {
        self.sizes.each_ref().map(Cell::get)
    }

    /// The heap inside.
    pub const fn inner(&self) -> &M {
        &self.inner
    }
}

impl<M> Instrumented<M> {
    fn allocated<T>(&self, size: usize, result: Result<T, AllocError>) -> Result<T, AllocError> {
        let mut counters = self.counters.get();
        if result.is_ok() {
            counters.live_bytes += size;
            counters.peak_bytes = counters.peak_bytes.max(counters.live_bytes);
            counters.live_blocks += 1;
            counters.allocations = counters.allocations.saturating_add(1);
            let class = size.max(1).next_power_of_two().trailing_zeros() as usize;
            let count = &self.sizes[class.min(SIZE_CLASSES - 1)];
            count.set(count.get().saturating_add(1));
        } else {
            counters.failures = counters.failures.saturating_add(1);
        }
        self.counters.set(counters);
        result
    }

    fn freed(&self, size: usize) {
        let mut counters = self.counters.get();
        counters.live_bytes -= size;
        counters.live_blocks -= 1;
        self.counters.set(counters);
    }
}

// SAFETY: every call goes to `M` unchanged, so that `M`'s own promises are these. (`grow` and `shrink` are the trait's
// defaults: they allocate, copy and free through this type.)
unsafe impl<M: Allocator> Allocator for Instrumented<M> {
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        self.allocated(layout.size(), self.inner.allocate(layout))
    }

    unsafe fn deallocate(&self, ptr: NonNull<u8>, layout: Layout) {
        // SAFETY: the caller's promises are about blocks that `M` allocated.
        unsafe { self.inner.deallocate(ptr, layout) };
        self.freed(layout.size());
    }
}

// SAFETY: `movable` is `self` or nothing, as the inner heap's always is.
unsafe impl<M: Memory> Memory for Instrumented<M> {
    fn info(&self) -> Option<HeapInfo> {
        self.inner.info()
    }

    fn movable(&self) -> Option<&dyn Movable> {
        self.inner.movable()?;
        Some(self)
    }
}

// SAFETY: every call goes to the inner movable heap, which is the same each time (a duty of `Memory`).
unsafe impl<M: Memory> Movable for Instrumented<M> {
    fn allocate(&self, size_bytes: usize) -> Result<NonNull<Slot>, AllocError> {
        let inner = self.inner.movable().ok_or(AllocError)?;
        self.allocated(size_bytes, inner.allocate(size_bytes))
    }

    unsafe fn free(&self, slot: NonNull<Slot>, size_bytes: usize) {
        if let Some(inner) = self.inner.movable() {
            // SAFETY: the caller's promises are about blocks that `inner` allocated.
            unsafe { inner.free(slot, size_bytes) };
            self.freed(size_bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use core::mem::MaybeUninit;

    use super::*;
    use crate::{Heap, LinkedListHeap, Purpose, Storage, StorageKind, double::SlidingHeap};

    fn counts_a_life<M: Memory>(heap: &Instrumented<M>) {
        let first = Storage::zeroed_in(100, Purpose::Named("a test"), heap).unwrap();
        let second = Storage::zeroed_in(60, Purpose::Named("a test"), heap).unwrap();
        drop(first);
        Storage::zeroed_in(100_000, Purpose::Named("a test"), heap).unwrap_err();
        let counters = heap.counters();
        assert_eq!((counters.live_bytes, counters.peak_bytes, counters.live_blocks), (60, 160, 1));
        assert_eq!((counters.allocations, counters.failures), (2, 1));
        let histogram = heap.size_histogram();
        assert_eq!((histogram[6], histogram[7], histogram.iter().sum::<u32>()), (1, 1, 2));
        drop(second);
        assert_eq!(heap.counters().live_bytes, 0);
    }

    #[test]
    fn a_program_that_runs_for_months_is_counted() {
        let heap = Instrumented::new(crate::NoHeap);
        let full = Counters { allocations: u32::MAX, failures: u32::MAX, ..Counters::default() };
        heap.counters.set(full);
        heap.sizes[0].set(u32::MAX);
        assert!(Allocator::allocate(&heap, Layout::new::<()>()).is_ok(), "no bytes are needed");
        assert!(Allocator::allocate(&heap, Layout::new::<u8>()).is_err(), "there are none");
        assert_eq!(heap.counters(), Counters { live_blocks: 1, ..full });
    }

    #[test]
    fn one_heap_is_counted_by_its_users() {
        let mut region = [0; 1024];
        let heap = SlidingHeap::<8>::new(&mut region);
        let erased: Heap<'_> = &heap;
        let (one, other) = (Instrumented::new(&heap), Instrumented::new(erased));
        let kept = Storage::zeroed_in(100, Purpose::Named("a test"), &one).unwrap();
        counts_a_life(&other);
        assert_eq!((one.counters().live_bytes, other.counters().live_bytes), (100, 0));
        assert_eq!(kept.kind(), StorageKind::Movable);
    }

    #[test]
    fn fixed_blocks_are_counted() {
        let mut region = [MaybeUninit::uninit(); 1024];
        counts_a_life(&Instrumented::new(LinkedListHeap::new(&mut region)));
    }

    #[test]
    fn movable_blocks_are_counted() {
        let mut region = [0; 1024];
        counts_a_life(&Instrumented::new(SlidingHeap::<8>::new(&mut region)));
    }
}
