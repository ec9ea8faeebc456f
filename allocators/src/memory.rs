//! The traits behind which every heap stands.

use core::{cell::Cell, fmt, ptr::NonNull};

use crate::{AllocError, Allocator, Layout};

/// What a heap knows about itself, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct HeapInfo {
    /// Size of the region that allocations come from.
    pub total_bytes: usize,
    /// Free bytes, in blocks of any size.
    pub free_bytes: usize,
    /// Allocations (at word alignment) of up to so many bytes would succeed now.
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

/// Where a movable block is: the word that a heap and the owner of the block share.
///
/// The heap writes the address of the block's bytes; the owner marks it as pinned while a view is open. So opening a view
/// costs no call of the heap.
#[derive(Debug)]
#[repr(transparent)]
pub struct Slot {
    /// The address, which is a multiple of 4; its lowest bit is set while the block is pinned.
    bytes: Cell<*mut u8>,
}

const PINNED: usize = 1;

impl Slot {
    /// The slot of a block whose bytes are at `bytes`, not pinned.
    #[must_use]
    pub const fn new(bytes: *mut u8) -> Self {
        Self { bytes: Cell::new(bytes) }
    }

    /// Where the bytes are.
    #[inline]
    #[must_use]
    pub fn bytes(&self) -> *mut u8 {
        self.bytes.get().map_addr(|address| address & !PINNED)
    }

    /// Whether the block must stay where it is.
    #[inline]
    #[must_use]
    pub fn is_pinned(&self) -> bool {
        self.bytes.get().addr() & PINNED != 0
    }

    /// The block was moved: it is at `bytes` now. Only for blocks that are not pinned.
    #[inline]
    pub fn set_bytes(&self, bytes: *mut u8) {
        self.bytes.set(bytes);
    }

    #[inline]
    pub(crate) fn set_pinned(&self, pinned: bool) {
        self.bytes.set(self.bytes().map_addr(|address| address | usize::from(pinned)));
    }
}

/// A heap whose blocks may move whenever they are not pinned.
///
/// # Safety
///
/// Duties of an implementor, for every block between [`allocate`](Self::allocate) and [`free`](Self::free):
///
/// - Its slot stays where it is, and holds the address of as many bytes as were asked for, aligned to 4.
/// - While the slot [is pinned](Slot::is_pinned), it is not written to and the block stays.
/// - Nothing else touches the block's bytes. Whoever moves a block moves its contents.
///
/// The callers' duties are under each method.
pub unsafe trait Movable {
    /// Allocates `size_bytes` zeroed bytes.
    ///
    /// # Errors
    /// `AllocError` when no block of that size can be made, even by moving others. No block is lost.
    fn allocate(&self, size_bytes: usize) -> Result<NonNull<Slot>, AllocError>;

    /// Frees a block.
    ///
    /// # Safety
    /// - `slot` came from `allocate(size_bytes)` of this heap and was not freed.
    /// - The block is not pinned.
    unsafe fn free(&self, slot: NonNull<Slot>, size_bytes: usize);
}

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

// SAFETY: every call goes to `M`, whose `movable` is the same each time.
unsafe impl<M: Memory + ?Sized> Memory for &M {
    fn info(&self) -> Option<HeapInfo> {
        (**self).info()
    }

    fn movable(&self) -> Option<&dyn Movable> {
        (**self).movable()
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

/// A block of a heap, freed when it is dropped.
pub(crate) struct Block<'m> {
    start: NonNull<u8>,
    layout: Layout,
    heap: Heap<'m>,
}

impl<'m> Block<'m> {
    /// # Safety
    /// - `start` came from `heap` with `layout`, is not freed, and is not used once this is dropped.
    pub(crate) unsafe fn new(start: NonNull<u8>, layout: Layout, heap: Heap<'m>) -> Self {
        Self { start, layout, heap }
    }
}

impl Drop for Block<'_> {
    fn drop(&mut self) {
        // SAFETY: the promise given to `new`.
        unsafe { self.heap.deallocate(self.start, self.layout) }
    }
}

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
