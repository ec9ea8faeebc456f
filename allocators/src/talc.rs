//! Boundary tags and size classes over a lent region, by the `talc` crate.

use core::{cell::Cell, fmt, marker::PhantomData, mem::MaybeUninit, ptr::NonNull};

use talc::{TalcCell, source::Manual};

use crate::{AllocError, Allocator, HeapInfo, Layout, Memory, memory::largest_by_trial};

/// A heap as fast as [`TlsfHeap`](crate::TlsfHeap) that resizes blocks in place, for programs with a global allocator.
///
/// `talc` asks for the `alloc` crate, which links only beside a `#[global_allocator]`: take another heap where there is
/// none. Each block costs one word, rounded up to four words. 95 lists (380 bytes on a 32-bit target) lie at the start of
/// the region; a region without room for them refuses everything.
///
/// ```
/// use core::mem::MaybeUninit;
/// use displayio_allocators::{Buf, TalcHeap};
/// let mut region = [MaybeUninit::uninit(); 2048];
/// let heap = TalcHeap::new(&mut region);
/// let list = Buf::<u16>::with_capacity(100, &heap)?;
/// # Ok::<(), displayio_allocators::OutOfMemory>(())
/// ```
pub struct TalcHeap<'r> {
    talc: TalcCell<Manual>,
    /// Free bytes of the empty heap.
    total_bytes: usize,
    /// Bytes asked for in live blocks.
    live_bytes: Cell<usize>,
    region: PhantomData<&'r mut [MaybeUninit<u8>]>,
}

impl<'r> TalcHeap<'r> {
    /// Makes a heap of `region`; what was in it is lost.
    #[must_use]
    pub fn new(region: &'r mut [MaybeUninit<u8>]) -> Self {
        let talc = TalcCell::new(Manual);
        // SAFETY: the region is borrowed mutably for `'r`, as long as the heap lives.
        let end = unsafe { talc.claim(region.as_mut_ptr().cast(), region.len()) };
        let total_bytes = end.map_or(0, |end| {
            // SAFETY: `claim` has just given this end, and the heap was not resized.
            let lists = unsafe { talc.reserved(end) };
            end.addr().get() - lists.up_to.addr().get()
        });
        Self { talc, total_bytes, live_bytes: Cell::new(0), region: PhantomData }
    }

    /// Counts a block that came, and one of `old_bytes` that it replaces.
    fn count(
        &self,
        block: Result<NonNull<[u8]>, AllocError>,
        old_bytes: usize,
    ) -> Result<NonNull<[u8]>, AllocError> {
        let new_bytes = block?.len();
        self.live_bytes.set(self.live_bytes.get() - old_bytes + new_bytes);
        block
    }
}

// SAFETY: blocks come from the region, disjoint and aligned as `talc` promises; they stay until they are freed, for moving
// the heap does not move the region. `TalcCell` gives blocks of exactly the size asked for, and answers empty layouts
// itself.
unsafe impl Allocator for TalcHeap<'_> {
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        self.count(self.talc.allocate(layout), 0)
    }

    unsafe fn deallocate(&self, ptr: NonNull<u8>, layout: Layout) {
        self.live_bytes.set(self.live_bytes.get() - layout.size());
        // SAFETY: the caller promises a block of this heap and its layout.
        unsafe { self.talc.deallocate(ptr, layout) }
    }

    unsafe fn grow(
        &self,
        ptr: NonNull<u8>,
        old_layout: Layout,
        new_layout: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: the caller's promises are those that `talc` asks for.
        let block = unsafe { self.talc.grow(ptr, old_layout, new_layout) };
        self.count(block, old_layout.size())
    }

    unsafe fn shrink(
        &self,
        ptr: NonNull<u8>,
        old_layout: Layout,
        new_layout: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: the caller's promises are those that `talc` asks for.
        let block = unsafe { self.talc.shrink(ptr, old_layout, new_layout) };
        self.count(block, old_layout.size())
    }
}

// SAFETY: `movable` is always `None`.
unsafe impl Memory for TalcHeap<'_> {
    /// The largest free block is found by trial; free bytes include what blocks cost besides.
    fn info(&self) -> Option<HeapInfo> {
        let free_bytes = self.total_bytes - self.live_bytes.get();
        let largest_free_bytes = largest_by_trial(free_bytes, |layout| {
            let block = self.talc.allocate(layout);
            // SAFETY: just allocated with this layout.
            block.map(|block| unsafe { self.talc.deallocate(block.cast(), layout) }).is_ok()
        });
        Some(HeapInfo {
            total_bytes: self.total_bytes,
            free_bytes,
            largest_free_bytes,
            ..HeapInfo::default()
        })
    }
}

impl fmt::Debug for TalcHeap<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TalcHeap").field("info", &self.info()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(size: usize) -> Layout {
        Layout::from_size_align(size, 4).unwrap()
    }

    #[test]
    fn regions_without_room_refuse() {
        for bytes in 0..96 * size_of::<usize>() {
            let mut region = alloc::vec![MaybeUninit::uninit(); bytes];
            let heap = TalcHeap::new(&mut region);
            assert!(heap.allocate(layout(4)).is_err(), "{bytes} bytes hold the lists alone");
            assert_eq!(heap.info(), Some(HeapInfo::default()));
        }
    }

    #[test]
    fn a_block_with_room_behind_it_grows_in_place() {
        let mut region = [MaybeUninit::uninit(); 4096];
        let heap = TalcHeap::new(&mut region);
        let block = heap.allocate(layout(100)).unwrap().cast::<u8>();
        // SAFETY: allocated above with this layout; the new one is larger.
        let grown = unsafe { heap.grow(block, layout(100), layout(2000)) }.unwrap();
        assert_eq!((grown.cast(), grown.len()), (block, 2000));
        // SAFETY: allocated above with this layout; the new one is smaller.
        let shrunk = unsafe { heap.shrink(block, layout(2000), layout(8)) }.unwrap();
        assert_eq!((shrunk.cast(), heap.live_bytes.get()), (block, 8));
    }
}
