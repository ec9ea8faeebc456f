//! Two-level segregated fit over a lent region, by the `rlsf` crate.

use core::{
    cell::{Cell, RefCell},
    fmt,
    marker::PhantomData,
    mem::MaybeUninit,
    ptr::NonNull,
};

use rlsf::Tlsf;

use crate::{AllocError, Allocator, HeapInfo, Layout, Memory, memory::largest_by_trial};

/// Size classes: 14 powers of two, each in 8 parts. Blocks of up to 256 KiB, 480 bytes of control structure.
type Lists<'r> = Tlsf<'r, u16, u8, 14, 8>;

/// A heap in constant time: allocating and freeing take some 100 instructions, whatever is in it.
///
/// Each block costs two words more than asked for, rounded up to four words. Good for speed; it does not pack better than
/// first fit: an empty heap of 64 KiB gives at most 60 KiB in one block.
///
/// ```
/// use core::mem::MaybeUninit;
/// use displayio_allocators::{Buf, TlsfHeap};
/// let mut region = [MaybeUninit::uninit(); 1024];
/// let heap = TlsfHeap::new(&mut region);
/// let list = Buf::<u16>::with_capacity(100, &heap)?;
/// # Ok::<(), displayio_allocators::OutOfMemory>(())
/// ```
pub struct TlsfHeap<'r> {
    lists: RefCell<Lists<'r>>,
    total_bytes: usize,
    /// Bytes asked for in live blocks: the lists do not count.
    live_bytes: Cell<usize>,
    region: PhantomData<&'r mut [MaybeUninit<u8>]>,
}

impl<'r> TlsfHeap<'r> {
    /// Makes a heap of `region`; what was in it is lost. A region without room for a block refuses everything.
    #[must_use]
    pub fn new(region: &'r mut [MaybeUninit<u8>]) -> Self {
        let length = region.len();
        let mut lists = Lists::new();
        // SAFETY: the region is borrowed mutably for `'r`, as long as the lists live.
        let inserted = unsafe {
            lists.insert_free_block_ptr(NonNull::slice_from_raw_parts(
                NonNull::from_mut(region).cast(),
                length,
            ))
        };
        let total_bytes = inserted.map_or(0, core::num::NonZero::get);
        Self {
            lists: RefCell::new(lists),
            total_bytes,
            live_bytes: Cell::new(0),
            region: PhantomData,
        }
    }
}

// SAFETY: blocks come from the region, disjoint and aligned as `rlsf` promises; they stay until they are freed, for moving
// the heap does not move the region.
unsafe impl Allocator for TlsfHeap<'_> {
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        if layout.size() == 0 {
            return Ok(NonNull::slice_from_raw_parts(layout.dangling_ptr(), 0));
        }
        let mut lists = self.lists.try_borrow_mut().map_err(|_| AllocError)?;
        let block = lists.allocate(layout).ok_or(AllocError)?;
        self.live_bytes.set(self.live_bytes.get() + layout.size());
        Ok(NonNull::slice_from_raw_parts(block, layout.size()))
    }

    unsafe fn deallocate(&self, ptr: NonNull<u8>, layout: Layout) {
        if layout.size() > 0 {
            // SAFETY: the caller promises a block of this heap and its layout, and it was not empty.
            unsafe { self.lists.borrow_mut().deallocate(ptr, layout.align()) };
            self.live_bytes.set(self.live_bytes.get() - layout.size());
        }
    }
}

// SAFETY: `movable` is always `None`.
unsafe impl Memory for TlsfHeap<'_> {
    /// The largest free block is found by trial; free bytes include what blocks cost besides.
    fn info(&self) -> Option<HeapInfo> {
        let mut lists = self.lists.try_borrow_mut().ok()?;
        let free_bytes = self.total_bytes.saturating_sub(self.live_bytes.get());
        let largest_free_bytes = largest_by_trial(free_bytes, |layout| {
            let block = lists.allocate(layout);
            // SAFETY: just allocated with this alignment.
            block.map(|block| unsafe { lists.deallocate(block, layout.align()) }).is_some()
        });
        Some(HeapInfo {
            total_bytes: self.total_bytes,
            free_bytes,
            largest_free_bytes,
            ..HeapInfo::default()
        })
    }
}

impl fmt::Debug for TlsfHeap<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsfHeap").field("info", &self.info()).finish_non_exhaustive()
    }
}
