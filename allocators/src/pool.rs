//! Blocks of one size.

use core::{cell::Cell, fmt, marker::PhantomData, mem::MaybeUninit, ptr::NonNull};

use crate::{AllocError, Allocator, HeapInfo, Layout, Memory};

/// A heap whose blocks all have the same size: constant time, and no fragmentation, ever.
///
/// For many nodes of one kind. What is larger than a block, or aligned wider than it, is refused.
///
/// ```
/// use core::mem::MaybeUninit;
/// use displayio_allocators::{Boxed, Pool};
/// let mut region = [MaybeUninit::uninit(); 256];
/// let pool = Pool::new(&mut region, 32);
/// let nodes: [_; 4] = core::array::from_fn(|i| Boxed::new_in([i; 4], &pool).unwrap());
/// assert!(Boxed::new_in([0_u64; 5], &pool).is_err(), "larger than a block");
/// ```
pub struct Pool<'r> {
    /// The first block.
    start: NonNull<u8>,
    /// A multiple of the alignment; at least a pointer.
    block_bytes: usize,
    block_count: usize,
    free_count: Cell<usize>,
    /// The first free block; each free block holds the next.
    free: Cell<Option<NonNull<u8>>>,
    region: PhantomData<&'r mut [MaybeUninit<u8>]>,
}

/// What every block is aligned to: enough for all but vector types.
const ALIGN: usize = 8;

impl<'r> Pool<'r> {
    /// Divides `region` into blocks of `block_bytes`, rounded up to a multiple of 8; what was in it is lost. A region that
    /// is smaller than a block refuses everything.
    #[must_use]
    pub fn new(region: &'r mut [MaybeUninit<u8>], block_bytes: usize) -> Self {
        let skip = region.as_ptr().align_offset(ALIGN).min(region.len());
        let room = &mut region[skip..];
        // No region holds more than so many bytes.
        let most = isize::MAX.cast_unsigned();
        let block_bytes = block_bytes.clamp(ALIGN, most).next_multiple_of(ALIGN);
        let block_count = room.len() / block_bytes;
        let pool = Self {
            start: NonNull::from_mut(room).cast(),
            block_bytes,
            block_count,
            free_count: Cell::new(0),
            free: Cell::new(None),
            region: PhantomData,
        };
        for block in (0..block_count).rev() {
            // SAFETY: `block_count` blocks lie in the room.
            pool.put(unsafe { pool.start.add(block * block_bytes) });
        }
        pool
    }

    fn put(&self, block: NonNull<u8>) {
        // SAFETY: a free block belongs to the pool, is aligned to 8, and has room for a pointer.
        unsafe { block.cast::<Option<NonNull<u8>>>().write(self.free.get()) };
        self.free.set(Some(block));
        self.free_count.set(self.free_count.get() + 1);
    }
}

// SAFETY: a block is in the free list or given out, never both; blocks are disjoint parts of the region, which is borrowed
// mutably for `'r`.
unsafe impl Allocator for Pool<'_> {
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        if layout.size() == 0 {
            return Ok(NonNull::slice_from_raw_parts(layout.dangling_ptr(), 0));
        }
        if layout.size() > self.block_bytes || layout.align() > ALIGN {
            return Err(AllocError);
        }
        let block = self.free.get().ok_or(AllocError)?;
        // SAFETY: `put` wrote the next free block here, and nobody else has this block.
        self.free.set(unsafe { block.cast::<Option<NonNull<u8>>>().read() });
        self.free_count.set(self.free_count.get() - 1);
        Ok(NonNull::slice_from_raw_parts(block, layout.size()))
    }

    unsafe fn deallocate(&self, ptr: NonNull<u8>, layout: Layout) {
        if layout.size() > 0 {
            self.put(ptr);
        }
    }
}

// SAFETY: `movable` is always `None`.
unsafe impl Memory for Pool<'_> {
    fn info(&self) -> Option<HeapInfo> {
        let free_bytes = self.free_count.get() * self.block_bytes;
        Some(HeapInfo {
            total_bytes: self.block_count * self.block_bytes,
            free_bytes,
            largest_free_bytes: free_bytes.min(self.block_bytes),
            ..HeapInfo::default()
        })
    }
}

impl fmt::Debug for Pool<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("block_bytes", &self.block_bytes)
            .field("info", &self.info())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_any_size_divide_any_region() {
        let mut region = [MaybeUninit::uninit(); 100];
        for block_bytes in [0, 1, 9, 100, 101, usize::MAX / 2, usize::MAX / 2 + 1, usize::MAX] {
            let pool = Pool::new(&mut region[1..], block_bytes);
            let info = pool.info().unwrap();
            assert!(info.total_bytes < 100, "{info:?} with blocks of {block_bytes}");
            assert_eq!(info.largest_free_bytes > 0, block_bytes < 92, "blocks of {block_bytes}");
        }
    }
}
