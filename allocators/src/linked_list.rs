//! First fit over a lent region, by the `linked_list_allocator` crate.

use core::{cell::RefCell, fmt, marker::PhantomData, mem::MaybeUninit, ptr::NonNull};

use linked_list_allocator::Heap as List;

use crate::{AllocError, Allocator, HeapInfo, Layout, Memory, memory::largest_by_trial};

/// A heap over a lent region: first fit in a list of holes that lives in the holes themselves.
///
/// No header per block; sizes are rounded up to one word, at least two. A hole of which one word would be left is passed
/// over: a block one word larger then fits. Allocating and freeing cost time in the number of holes. Any region will do, unaligned or tiny; one without room for a hole refuses everything.
///
/// ```
/// use core::mem::MaybeUninit;
/// use displayio_allocators::{LinkedListHeap, Memory};
/// let mut region = [MaybeUninit::uninit(); 1024];
/// let heap = LinkedListHeap::new(&mut region);
/// assert!(heap.info().unwrap().largest_free_bytes > 1000);
/// ```
pub struct LinkedListHeap<'r> {
    list: RefCell<List>,
    region: PhantomData<&'r mut [MaybeUninit<u8>]>,
}

impl<'r> LinkedListHeap<'r> {
    /// Makes a heap of `region`; what was in it is lost.
    #[must_use]
    pub fn new(region: &'r mut [MaybeUninit<u8>]) -> Self {
        let skip = region.as_ptr().align_offset(align_of::<usize>()).min(region.len());
        let room = &mut region[skip..];
        let list = if room.len() < 2 * size_of::<usize>() {
            List::empty() // the list asserts room for one hole
        } else {
            // SAFETY: the room is borrowed mutably for `'r`, and no block outlives the heap, which is bound to `'r`.
            unsafe { List::new(room.as_mut_ptr().cast(), room.len()) }
        };
        Self { list: RefCell::new(list), region: PhantomData }
    }

    /// Bytes that are not allocated.
    #[must_use]
    pub fn free_bytes(&self) -> usize {
        self.list.borrow().free()
    }
}

// SAFETY: blocks come from the region, disjoint and aligned as `linked_list_allocator` promises; they stay until they
// are freed, for moving the heap does not move the region.
unsafe impl Allocator for LinkedListHeap<'_> {
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        if layout.size() == 0 {
            // The list must not see empty layouts.
            return Ok(NonNull::slice_from_raw_parts(layout.dangling_ptr(), 0));
        }
        let mut list = self.list.try_borrow_mut().map_err(|_| AllocError)?;
        let block = list.allocate_first_fit(layout).map_err(|()| AllocError)?;
        Ok(NonNull::slice_from_raw_parts(block, layout.size()))
    }

    unsafe fn deallocate(&self, ptr: NonNull<u8>, layout: Layout) {
        if layout.size() > 0 {
            // SAFETY: the caller promises a block of this heap and its layout, and it was not empty.
            unsafe { self.list.borrow_mut().deallocate(ptr, layout) }
        }
    }
}

// SAFETY: `movable` is always `None`.
unsafe impl Memory for LinkedListHeap<'_> {
    /// The largest free block is found by trial, some 30 allocations: the list does not tell.
    fn info(&self) -> Option<HeapInfo> {
        let mut list = self.list.try_borrow_mut().ok()?;
        let (total_bytes, free_bytes) = (list.size(), list.free());
        let mut fits = |layout| {
            let block = list.allocate_first_fit(layout);
            // SAFETY: just allocated with this layout.
            block.map(|block| unsafe { list.deallocate(block, layout) }).is_ok()
        };
        let largest_free_bytes = largest_by_trial(free_bytes, |layout| {
            // What is one word short of the largest hole may be refused. No other size below that is.
            let one_less = layout.size().saturating_sub(size_of::<usize>()).max(1);
            fits(layout) && Layout::from_size_align(one_less, layout.align()).is_ok_and(&mut fits)
        });
        Some(HeapInfo { total_bytes, free_bytes, largest_free_bytes, ..HeapInfo::default() })
    }
}

impl fmt::Debug for LinkedListHeap<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkedListHeap").field("info", &self.info()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(size: usize) -> Layout {
        Layout::from_size_align(size, 4).unwrap()
    }

    #[test]
    fn any_region_works_or_refuses() {
        let mut region = [MaybeUninit::uninit(); 64];
        for start in 0..8 {
            for end in start..64 {
                let heap = LinkedListHeap::new(&mut region[start..end]);
                let blocks = (0..64).map_while(|_| heap.allocate(layout(4)).ok()).count();
                assert!(blocks * 4 <= end - start, "{blocks} blocks from {start}..{end}");
                assert_eq!(heap.info().unwrap().largest_free_bytes, 0);
            }
        }
    }

    #[test]
    fn largest_block_is_the_truth() {
        let mut region = [MaybeUninit::uninit(); 4096];
        let heap = LinkedListHeap::new(&mut region);
        let blocks: [_; 20] = core::array::from_fn(|i| heap.allocate(layout(20 + 8 * i)).unwrap());
        for (i, block) in blocks.iter().enumerate().step_by(3) {
            // SAFETY: allocated above with this layout, and freed once.
            unsafe { heap.deallocate(block.cast(), layout(20 + 8 * i)) };
        }
        let info = heap.info().unwrap();
        assert!(heap.allocate(layout(info.largest_free_bytes + 1)).is_err(), "{info:?} is too low");
        assert!(heap.allocate(layout(info.largest_free_bytes)).is_ok(), "{info:?} is too high");
    }

    #[test]
    fn empty_layouts_always_succeed() {
        let heap = LinkedListHeap::new(&mut []);
        let block = heap.allocate(Layout::from_size_align(0, 64).unwrap()).unwrap();
        assert_eq!(block.cast::<u8>().addr().get() % 64, 0);
    }
}
