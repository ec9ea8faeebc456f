//! For programs that do not allocate.

use core::ptr::NonNull;

use crate::{AllocError, Allocator, HeapInfo, Layout, Memory};

/// A heap that always refuses, except for what needs no bytes.
///
/// ```
/// use displayio_allocators::{Buf, NoHeap};
/// assert!(Buf::<u8>::with_capacity(1, &NoHeap).is_err());
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct NoHeap;

// SAFETY: no block is ever given out.
unsafe impl Allocator for NoHeap {
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        match layout.size() {
            0 => Ok(NonNull::slice_from_raw_parts(layout.dangling_ptr(), 0)),
            _ => Err(AllocError),
        }
    }

    unsafe fn deallocate(&self, _: NonNull<u8>, _: Layout) {}
}

// SAFETY: `movable` is always `None`.
unsafe impl Memory for NoHeap {
    fn info(&self) -> Option<HeapInfo> {
        Some(HeapInfo::default())
    }
}
