//! Bump allocation, given back in one go.

use core::{cell::Cell, fmt, marker::PhantomData, mem::MaybeUninit, ptr::NonNull};

use crate::{AllocError, Allocator, HeapInfo, Layout, Memory};

/// A heap that only counts up: for pages, parsers and everything else that ends at once.
///
/// Allocating costs some 18 instructions and no byte besides alignment. A single block comes back only if it was the last
/// one; all come back when a [`scope`](Self::scope) ends, when the arena is [`reset`](Self::reset), or when no block is
/// left.
///
/// ```
/// use core::mem::MaybeUninit;
/// use displayio_allocators::{Arena, Buf, Memory};
/// let mut region = [MaybeUninit::uninit(); 256];
/// let mut arena = Arena::new(&mut region);
/// let sum = arena.scope(|scratch| {
///     let mut list = Buf::<u32>::with_capacity(20, scratch).unwrap();
///     (1..=20).for_each(|i| list.try_push(i).unwrap());
///     list.iter().sum::<u32>()
/// });
/// assert_eq!((sum, arena.info().unwrap().free_bytes), (210, 256));
/// ```
pub struct Arena<'r> {
    start: NonNull<u8>,
    size: usize,
    used: Cell<usize>,
    live_blocks: Cell<usize>,
    region: PhantomData<&'r mut [MaybeUninit<u8>]>,
}

impl<'r> Arena<'r> {
    /// An arena over `region`; what was in it is lost.
    #[must_use]
    pub const fn new(region: &'r mut [MaybeUninit<u8>]) -> Self {
        let (start, size) = (NonNull::from_mut(region).cast(), region.len());
        Self { start, size, used: Cell::new(0), live_blocks: Cell::new(0), region: PhantomData }
    }

    /// Lends the rest of the region to `f` as an arena of its own, and takes it back when `f` ends.
    ///
    /// Nothing allocated inside can leave: it borrows the inner arena.
    pub fn scope<R>(&mut self, f: impl for<'s> FnOnce(&'s Arena<'s>) -> R) -> R {
        let used = self.used.get();
        let inner = Arena {
            // SAFETY: `used <= size`, so that this stays inside the region or at its end.
            start: unsafe { self.start.add(used) },
            size: self.size - used,
            used: Cell::new(0),
            live_blocks: Cell::new(0),
            region: PhantomData,
        };
        f(&inner)
    }

    /// Takes all blocks back; the borrow checker knows that nobody holds one.
    pub const fn reset(&mut self) {
        *self.used.get_mut() = 0;
        *self.live_blocks.get_mut() = 0;
    }
}

// SAFETY: blocks are disjoint parts of the region, which is borrowed mutably for `'r`; `used` only moves back over blocks
// that were freed.
unsafe impl Allocator for Arena<'_> {
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        if layout.size() == 0 {
            return Ok(NonNull::slice_from_raw_parts(layout.dangling_ptr(), 0));
        }
        let used = self.used.get();
        let padding = (self.start.addr().get() + used).wrapping_neg() & (layout.align() - 1);
        let end = used.checked_add(padding).and_then(|start| start.checked_add(layout.size()));
        let end = end.filter(|end| *end <= self.size).ok_or(AllocError)?;
        self.used.set(end);
        self.live_blocks.set(self.live_blocks.get() + 1);
        // SAFETY: `used + padding <= end <= size`.
        let block = unsafe { self.start.add(used + padding) };
        Ok(NonNull::slice_from_raw_parts(block, layout.size()))
    }

    unsafe fn deallocate(&self, ptr: NonNull<u8>, layout: Layout) {
        if layout.size() == 0 {
            return;
        }
        let start = ptr.addr().get() - self.start.addr().get();
        if start + layout.size() == self.used.get() {
            self.used.set(start);
        }
        self.live_blocks.set(self.live_blocks.get() - 1);
        if self.live_blocks.get() == 0 {
            self.used.set(0);
        }
    }
}

// SAFETY: `movable` is always `None`.
unsafe impl Memory for Arena<'_> {
    fn info(&self) -> Option<HeapInfo> {
        let free_bytes = self.size - self.used.get();
        let at = self.start.addr().get() + self.used.get();
        let padding = at.wrapping_neg() & (align_of::<usize>() - 1);
        let largest_free_bytes = free_bytes.saturating_sub(padding);
        Some(HeapInfo {
            total_bytes: self.size,
            free_bytes,
            largest_free_bytes,
            ..HeapInfo::default()
        })
    }
}

impl fmt::Debug for Arena<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Arena").field("info", &self.info()).finish()
    }
}
