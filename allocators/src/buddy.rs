//! Powers of two over a lent region, by the `buddy_system_allocator` crate.

use core::{cell::RefCell, fmt, marker::PhantomData, mem::MaybeUninit, ptr::NonNull};

use buddy_system_allocator::Heap as Lists;

use crate::{AllocError, Allocator, HeapInfo, Layout, Memory, memory::largest_by_trial};

/// Block sizes up to 16 MiB, which is as long as a [`Storage`](crate::Storage) may be.
const ORDERS: usize = 25;

/// A heap whose blocks are powers of two: no header, and halves merge as soon as both are free.
///
/// Each block is rounded up to a power of two, which wastes a third on average, and lies at an address that its size
/// divides: a region of 64 KiB gives a block of 33 KiB only if the region is aligned to 64 KiB. Allocating costs time in
/// the number of sizes, freeing in the number of free blocks of one size. A region without room for a word refuses
/// everything.
///
/// ```
/// use core::mem::MaybeUninit;
/// use displayio_allocators::{BuddyHeap, Memory};
/// let mut region = [MaybeUninit::uninit(); 1024];
/// let heap = BuddyHeap::new(&mut region);
/// assert!(heap.info().unwrap().largest_free_bytes.is_power_of_two());
/// ```
pub struct BuddyHeap<'r> {
    lists: RefCell<Lists<ORDERS>>,
    region: PhantomData<&'r mut [MaybeUninit<u8>]>,
}

impl<'r> BuddyHeap<'r> {
    /// Makes a heap of `region`; what was in it is lost.
    #[must_use]
    pub fn new(region: &'r mut [MaybeUninit<u8>]) -> Self {
        let skip = region.as_ptr().align_offset(align_of::<usize>()).min(region.len());
        let room = &mut region[skip..];
        let mut lists = Lists::new();
        if room.len() >= size_of::<usize>() {
            // The lists make pointers of addresses.
            let start = room.as_mut_ptr().expose_provenance();
            // SAFETY: the room is borrowed mutably for `'r`, and no block outlives the heap, which is bound to `'r`.
            unsafe { lists.init(start, room.len()) };
        }
        Self { lists: RefCell::new(lists), region: PhantomData }
    }
}

// SAFETY: blocks come from the region, disjoint and aligned to their size as `buddy_system_allocator` promises; they stay
// until they are freed, for moving the heap does not move the region.
unsafe impl Allocator for BuddyHeap<'_> {
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        if layout.size() == 0 {
            return Ok(NonNull::slice_from_raw_parts(layout.dangling_ptr(), 0));
        }
        let mut lists = self.lists.try_borrow_mut().map_err(|_| AllocError)?;
        let block = lists.alloc(layout).map_err(|()| AllocError)?;
        Ok(NonNull::slice_from_raw_parts(block, layout.size()))
    }

    unsafe fn deallocate(&self, ptr: NonNull<u8>, layout: Layout) {
        if layout.size() > 0 {
            // SAFETY: the caller promises a block of this heap and its layout, and it was not empty.
            unsafe { self.lists.borrow_mut().dealloc(ptr, layout) }
        }
    }
}

// SAFETY: `movable` is always `None`.
unsafe impl Memory for BuddyHeap<'_> {
    /// Free bytes are those of whole free blocks; the largest of them is found by trial.
    fn info(&self) -> Option<HeapInfo> {
        let mut lists = self.lists.try_borrow_mut().ok()?;
        let total_bytes = lists.stats_total_bytes();
        let free_bytes = total_bytes - lists.stats_alloc_actual();
        let largest_free_bytes = largest_by_trial(free_bytes, |layout| {
            let block = lists.alloc(layout);
            // SAFETY: just allocated with this layout.
            block.map(|block| unsafe { lists.dealloc(block, layout) }).is_ok()
        });
        Some(HeapInfo { total_bytes, free_bytes, largest_free_bytes, ..HeapInfo::default() })
    }
}

impl fmt::Debug for BuddyHeap<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BuddyHeap").field("info", &self.info()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A region aligned to more than its blocks.
    #[repr(align(4096))]
    struct Region([MaybeUninit<u8>; 8192]);

    fn layout(size: usize) -> Layout {
        Layout::from_size_align(size, 4).unwrap()
    }

    #[test]
    fn tiny_and_unaligned_regions_refuse() {
        let mut region = Region([MaybeUninit::uninit(); 8192]);
        let word = size_of::<usize>();
        for start in 1..=word {
            for bytes in 0..word {
                let heap = BuddyHeap::new(&mut region.0[start..start + bytes]);
                assert!(heap.allocate(layout(1)).is_err(), "{bytes} bytes are less than a word");
                assert_eq!(heap.info(), Some(HeapInfo::default()));
            }
        }
        assert_eq!(BuddyHeap::new(&mut []).info(), Some(HeapInfo::default()));
    }

    #[test]
    fn powers_of_two_are_all_there_is() {
        let mut region = Region([MaybeUninit::uninit(); 8192]);
        let heap = BuddyHeap::new(&mut region.0[..6144]);
        assert!(heap.allocate(layout(4097)).is_err(), "6144 bytes are blocks of 4096 and 2048");
        let block = heap.allocate(layout(2049)).unwrap();
        let info = heap.info().unwrap();
        assert_eq!((info.free_bytes, info.largest_free_bytes), (2048, 2048));
        // SAFETY: allocated above with this layout.
        unsafe { heap.deallocate(block.cast(), layout(2049)) };
        assert_eq!(heap.info().unwrap().largest_free_bytes, 4096);
    }

    #[test]
    fn the_largest_sizes_are_refused() {
        let mut region = Region([MaybeUninit::uninit(); 8192]);
        let heap = BuddyHeap::new(&mut region.0);
        for size in [1 << 24, 1 << 25, 1 << (usize::BITS - 2), isize::MAX.cast_unsigned() - 3] {
            assert!(heap.allocate(layout(size)).is_err(), "{size} bytes");
        }
    }
}
