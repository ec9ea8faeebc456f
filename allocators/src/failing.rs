//! A heap that fails on request: for programs that want to see their own error paths.

use core::{cell::Cell, ptr::NonNull};

use crate::{AllocError, Allocator, HeapInfo, Layout, Memory, Movable, Slot};

/// Passes every call to the heap inside, but for one allocation that it refuses.
///
/// Run a scenario once for each `n` from 0 on until it no longer fails, and every allocation has been the one that failed:
/// that is what [`sweep`](Self::sweep) does.
///
/// ```
/// use core::mem::MaybeUninit;
/// use displayio_allocators::{Buf, Failing, LinkedListHeap};
/// let mut region = [MaybeUninit::uninit(); 1024];
/// let heap = Failing::new(LinkedListHeap::new(&mut region));
/// let failures = heap.sweep(|| {
///     let mut lists = (Buf::<u8>::with_capacity(8, &heap)?, Buf::<u8>::with_capacity(8, &heap)?);
///     lists.0.reserve(100)
/// });
/// assert_eq!(failures, 3);
/// ```
#[derive(Debug)]
pub struct Failing<M> {
    inner: M,
    /// Allocations until the one that fails.
    left: Cell<Option<u32>>,
}

impl<M> Failing<M> {
    /// A heap that fails never, until it is told to.
    pub const fn new(inner: M) -> Self {
        Self { inner, left: Cell::new(None) }
    }

    /// The heap inside.
    pub const fn inner(&self) -> &M {
        &self.inner
    }

    /// Refuses the allocation after the next `n`, or none. It refuses once.
    pub fn fail_after(&self, n: Option<u32>) {
        self.left.set(n);
    }

    /// Runs `scenario` with the first allocation refused, then the second, and so on, until none was refused. Tells how
    /// many runs were refused one.
    ///
    /// # Panics
    /// When `scenario` returns `Ok` although an allocation was refused (it lost an error), or `Err` although none was.
    pub fn sweep<T, E>(&self, mut scenario: impl FnMut() -> Result<T, E>) -> u32 {
        for n in 0.. {
            self.fail_after(Some(n));
            let result = scenario();
            if self.left.take().is_some() {
                assert!(result.is_ok(), "the scenario fails although no allocation was refused");
                return n;
            }
            assert!(result.is_err(), "allocation {n} was refused and nobody said so");
        }
        u32::MAX
    }

    fn is_refused(&self) -> bool {
        let left = self.left.get();
        self.left.set(left.and_then(|left| left.checked_sub(1)));
        left == Some(0)
    }
}

// SAFETY: every call goes to `M` unchanged or is refused.
unsafe impl<M: Allocator> Allocator for Failing<M> {
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        if layout.size() > 0 && self.is_refused() {
            Err(AllocError)
        } else {
            self.inner.allocate(layout)
        }
    }

    unsafe fn deallocate(&self, ptr: NonNull<u8>, layout: Layout) {
        // SAFETY: the caller's promises are about blocks that `M` allocated.
        unsafe { self.inner.deallocate(ptr, layout) }
    }
}

// SAFETY: `movable` is `self` or nothing, as the inner heap's always is.
unsafe impl<M: Memory> Memory for Failing<M> {
    fn info(&self) -> Option<HeapInfo> {
        self.inner.info()
    }

    fn movable(&self) -> Option<&dyn Movable> {
        self.inner.movable()?;
        Some(self)
    }
}

// SAFETY: every call goes to the inner movable heap, which is the same each time (a duty of `Memory`), or is refused.
unsafe impl<M: Memory> Movable for Failing<M> {
    fn allocate(&self, size_bytes: usize) -> Result<NonNull<Slot>, AllocError> {
        let inner = self.inner.movable().ok_or(AllocError)?;
        if self.is_refused() { Err(AllocError) } else { inner.allocate(size_bytes) }
    }

    unsafe fn free(&self, slot: NonNull<Slot>, size_bytes: usize) {
        if let Some(inner) = self.inner.movable() {
            // SAFETY: the caller's promises are about blocks that `inner` allocated.
            unsafe { inner.free(slot, size_bytes) }
        }
    }
}
