//! The traits behind which every heap stands.

use core::{fmt, ptr::NonNull};

use crate::{AllocError, Allocator, Layout};

/// What a heap knows about itself, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct HeapInfo {
    /// Size of the region that allocations come from.
    pub total_bytes: usize,
    /// Free bytes, in blocks of any size.
    pub free_bytes: usize,
    /// The largest allocation (at word alignment) that would succeed now.
    pub largest_free_bytes: usize,
    /// Blocks that cannot move now, because they are being viewed; 0 where nothing moves anyway.
    pub pinned_blocks: usize,
}

impl HeapInfo {
    /// How much of the free memory is not in the largest block, in per cent: 0 is one block. Says little when little is
    /// free.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "at most 100")]
    pub const fn fragmentation_percent(&self) -> u8 {
        if self.free_bytes == 0 || self.largest_free_bytes >= self.free_bytes {
            return 0;
        }
        let elsewhere = (self.free_bytes - self.largest_free_bytes) as u64;
        (elsewhere * 100 / self.free_bytes as u64) as u8
    }
}

/// An allocator that may describe itself.
///
/// Object-safe, so that objects hold a [`Heap`] and are not generic over it. Wrap an allocator that does not implement
/// this trait in an [`Adapter`].
///
/// # Safety
///
/// - [`movable`](Self::movable) gives the same heap each time, or always `None`.
pub unsafe trait Memory: Allocator {
    /// Total, free and largest free block, where the heap can tell. May be slow: it is asked for reports and errors.
    fn info(&self) -> Option<HeapInfo> {
        None
    }

    /// The part of this heap whose blocks move, if it has one.
    fn movable(&self) -> Option<&dyn Movable> {
        None
    }
}

/// A heap of any kind, lent for `'m`.
pub type Heap<'m> = &'m dyn Memory;

impl fmt::Debug for dyn Memory + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").field("info", &self.info()).finish_non_exhaustive()
    }
}

/// A block of a [`Movable`] heap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handle(pub u16);

/// A heap that hands out handles; a block may move whenever it is not pinned.
///
/// # Safety
///
/// Duties of an implementor, for every handle between [`allocate`](Self::allocate) and [`free`](Self::free):
///
/// - The block has the size asked for and is aligned to 4 bytes.
/// - From the first `pin` to the matching `unpin` the block stays where `pin` said, and nothing else touches its bytes.
/// - Whoever moves a block moves its contents.
///
/// The callers' duties are under each method.
pub unsafe trait Movable {
    /// Allocates `size_bytes` zeroed bytes.
    ///
    /// # Errors
    /// `AllocError` when no block of that size can be made, even by moving others. No block is lost.
    fn allocate(&self, size_bytes: usize) -> Result<Handle, AllocError>;

    /// Frees a block.
    ///
    /// # Safety
    /// - `handle` came from `allocate(size_bytes)` of this heap and was not freed.
    /// - The block is not pinned.
    unsafe fn free(&self, handle: Handle, size_bytes: usize);

    /// Keeps a block in place until the matching [`unpin`](Self::unpin), and tells where it is. Nests.
    ///
    /// # Safety
    /// - `handle` came from `allocate` of this heap and was not freed.
    unsafe fn pin(&self, handle: Handle) -> NonNull<u8>;

    /// Undoes one [`pin`](Self::pin).
    ///
    /// # Safety
    /// - The block is pinned.
    /// - No pointer that this `pin` gave is used afterwards.
    unsafe fn unpin(&self, handle: Handle);
}

/// `pin` and `unpin` of a wrapper around a heap: they go to the movable part of `self.inner`, unchanged.
macro_rules! forward_pins {
    () => {
        unsafe fn pin(&self, handle: $crate::Handle) -> core::ptr::NonNull<u8> {
            match self.inner.movable() {
                // SAFETY: the caller's promises are about blocks that the inner heap allocated.
                Some(inner) => unsafe { inner.pin(handle) },
                None => core::ptr::NonNull::dangling(), // no handle was ever given
            }
        }

        unsafe fn unpin(&self, handle: $crate::Handle) {
            if let Some(inner) = self.inner.movable() {
                // SAFETY: the caller's promises are about blocks that the inner heap allocated.
                unsafe { inner.unpin(handle) }
            }
        }
    };
}
pub(crate) use forward_pins;

/// Where bytes shall live: in fixed memory, or in memory that may move between two views.
///
/// Made from a reference to any heap; a heap that [has a movable part](Memory::movable) then gives movable memory.
#[derive(Clone, Copy)]
pub enum Home<'m> {
    /// Bytes that stay where they are.
    Fixed(Heap<'m>),
    /// Bytes that may move while no view is open.
    Movable(Heap<'m>, &'m dyn Movable),
}

impl<'m> Home<'m> {
    /// The heap behind it, whichever kind of memory is asked for.
    #[must_use]
    pub const fn heap(&self) -> Heap<'m> {
        match self {
            Self::Fixed(heap) | Self::Movable(heap, _) => *heap,
        }
    }
}

impl fmt::Debug for Home<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if matches!(self, Self::Fixed(_)) { "Fixed" } else { "Movable" };
        f.debug_tuple(kind).field(&self.heap()).finish()
    }
}

impl<'m> From<Heap<'m>> for Home<'m> {
    fn from(heap: Heap<'m>) -> Self {
        match heap.movable() {
            Some(movable) => Self::Movable(heap, movable),
            None => Self::Fixed(heap),
        }
    }
}

impl<'m, M: Memory> From<&'m M> for Home<'m> {
    fn from(heap: &'m M) -> Self {
        let heap: Heap<'m> = heap;
        Self::from(heap)
    }
}

/// Makes a [`Memory`] of any allocator; it then has nothing to say about itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Adapter<A>(pub A);

// SAFETY: every call goes to `A` unchanged, so that `A`'s own promises are these.
unsafe impl<A: Allocator> Allocator for Adapter<A> {
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        self.0.allocate(layout)
    }

    unsafe fn deallocate(&self, ptr: NonNull<u8>, layout: Layout) {
        // SAFETY: the caller's promises are about blocks that `A` allocated.
        unsafe { self.0.deallocate(ptr, layout) }
    }
}

// SAFETY: `movable` is always `None`.
unsafe impl<A: Allocator> Memory for Adapter<A> {}

/// The largest block that `fits`, by trial: for heaps that do not tell. `fits` allocates and frees.
#[cfg(any(feature = "buddy", feature = "linked-list", feature = "talc", feature = "tlsf"))]
pub(crate) fn largest_by_trial(free_bytes: usize, mut fits: impl FnMut(Layout) -> bool) -> usize {
    let (mut good, mut too_much) = (0, free_bytes.saturating_add(1));
    while good + 1 < too_much {
        let middle = usize::midpoint(good, too_much);
        match Layout::from_size_align(middle, align_of::<usize>()) {
            Ok(layout) if fits(layout) => good = middle,
            _ => too_much = middle,
        }
    }
    good
}
