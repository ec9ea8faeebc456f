//! Bytes that are reached only by views, so that it does not matter where they are nor that they move.

use core::{
    cell::Cell,
    fmt,
    marker::PhantomData,
    ops::{Deref, DerefMut},
    ptr::NonNull,
    slice,
};

use crate::{Busy, Heap, Home, Layout, Movable, OutOfMemory, Purpose, Slot};

/// Bytes in one of four places: read-only (flash), lent, owned in fixed memory, or owned in movable memory.
///
/// [`read`](Self::read) and [`write`](Self::write) open a view for the length of a closure. Up to six readers may nest;
/// a view nested against a writer is [`Busy`], never a panic. Opening a view costs a few instructions, and a few more where
/// the memory is movable. 16 bytes on a 32-bit target; at most [`Storage::MAX_BYTES`] long. Storage that
/// it owns or borrows from a heap is aligned to 4 bytes.
pub struct Storage<'m> {
    place: Place,
    owner: Owner<'m>,
    state: Cell<State>,
    /// Lent bytes are borrowed mutably, and nothing here may be shared between threads.
    lent: PhantomData<&'m mut [u8]>,
}

/// Which field is valid follows from [`Kind`]: `slot` for `Movable`, `pointer` for the others.
#[derive(Clone, Copy)]
union Place {
    pointer: NonNull<u8>,
    slot: NonNull<Slot>,
}

/// Which field is valid follows from [`Kind`]: `heap` for `Fixed`, `movable` for `Movable`, none for the others.
#[derive(Clone, Copy)]
union Owner<'m> {
    none: (),
    heap: Heap<'m>,
    movable: &'m dyn Movable,
}

/// Where the bytes of a [`Storage`] are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Kind {
    /// Borrowed and read-only, as in flash.
    ReadOnly,
    /// Lent by the program.
    Lent,
    /// On a heap, where they stay.
    Fixed,
    /// On a heap that may move them between views.
    Movable,
}

/// Length (24 bits), a tag that belongs to the object around it (3), open views (3) and [`Kind`] (2), in one word.
#[derive(Clone, Copy)]
struct State(u32);

const LEN_MASK: u32 = (1 << 24) - 1;
const TAG_SHIFT: u32 = 24;
const VIEWS_SHIFT: u32 = 27;
const KIND_SHIFT: u32 = 30;
const ONE_VIEW: u32 = 1 << VIEWS_SHIFT;
/// The count of views that stands for one writer.
const WRITER: u32 = 7;
const MOST_READERS: u32 = 6;

impl State {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "every caller has checked `len` against MAX_BYTES"
    )]
    const fn new(len: usize, kind: Kind) -> Self {
        Self((len as u32 & LEN_MASK) | (kind as u32) << KIND_SHIFT)
    }
    const fn len(self) -> usize {
        (self.0 & LEN_MASK) as usize
    }
    const fn views(self) -> u32 {
        self.0 >> VIEWS_SHIFT & 7
    }
    const fn kind(self) -> Kind {
        match self.0 >> KIND_SHIFT {
            0 => Kind::ReadOnly,
            1 => Kind::Lent,
            2 => Kind::Fixed,
            _ => Kind::Movable,
        }
    }
}

impl<'m> Storage<'m> {
    /// The longest storage, in bytes.
    pub const MAX_BYTES: usize = LEN_MASK as usize;

    /// Read-only bytes, as in flash; bytes beyond [`Self::MAX_BYTES`] are left out.
    #[must_use]
    pub const fn from_slice(bytes: &'m [u8]) -> Self {
        let len = if bytes.len() > Self::MAX_BYTES { Self::MAX_BYTES } else { bytes.len() };
        let pointer = NonNull::from_ref(bytes).cast();
        Self::new(Place { pointer }, Owner { none: () }, State::new(len, Kind::ReadOnly))
    }

    /// Lent bytes; bytes beyond [`Self::MAX_BYTES`] are left out. The contents stay as they are.
    #[must_use]
    pub const fn from_buffer(bytes: &'m mut [u8]) -> Self {
        let len = if bytes.len() > Self::MAX_BYTES { Self::MAX_BYTES } else { bytes.len() };
        let pointer = NonNull::from_mut(bytes).cast();
        Self::new(Place { pointer }, Owner { none: () }, State::new(len, Kind::Lent))
    }

    /// `size_bytes` zeroed bytes from a heap.
    ///
    /// # Errors
    /// [`OutOfMemory`] with `purpose`; the heap is as it was.
    pub fn zeroed_in(
        size_bytes: usize,
        purpose: Purpose,
        home: impl Into<Home<'m>>,
    ) -> Result<Self, OutOfMemory> {
        let home = home.into();
        Self::allocate(size_bytes, home).ok_or_else(|| OutOfMemory {
            requested_bytes: size_bytes,
            purpose,
            // Beyond the longest storage, no heap is to blame.
            heap: if size_bytes > Self::MAX_BYTES { None } else { home.heap().info() },
        })
    }

    const fn new(place: Place, owner: Owner<'m>, state: State) -> Self {
        Self { place, owner, state: Cell::new(state), lent: PhantomData }
    }

    fn allocate(size_bytes: usize, home: Home<'m>) -> Option<Self> {
        match size_bytes {
            0 => return Some(Self::from_buffer(&mut [])),
            1..=Self::MAX_BYTES => {}
            _ => return None,
        }
        match home {
            Home::Fixed(heap) => {
                let pointer = heap.allocate_zeroed(layout(size_bytes)?).ok()?.cast();
                let state = State::new(size_bytes, Kind::Fixed);
                Some(Self::new(Place { pointer }, Owner { heap }, state))
            }
            Home::Movable(_, movable) => {
                let slot = movable.allocate(size_bytes).ok()?;
                let state = State::new(size_bytes, Kind::Movable);
                Some(Self::new(Place { slot }, Owner { movable }, state))
            }
        }
    }

    /// Length in bytes.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.state.get().len()
    }

    /// Whether it has no bytes.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the bytes may be written at all.
    #[must_use]
    pub const fn is_writable(&self) -> bool {
        !matches!(self.state.get().kind(), Kind::ReadOnly)
    }

    /// Where the bytes are.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.state.get().kind()
    }

    /// Three bits that belong to the object around the storage and cost it no room.
    #[must_use]
    pub const fn tag(&self) -> u8 {
        (self.state.get().0 >> TAG_SHIFT & 7) as u8
    }

    /// Sets the [tag](Self::tag); only its low three bits count.
    #[must_use]
    pub const fn with_tag(mut self, tag: u8) -> Self {
        self.set_tag(tag);
        self
    }

    /// Sets the [tag](Self::tag) of a storage that is in use.
    pub const fn set_tag(&mut self, tag: u8) {
        let state = self.state.get_mut();
        *state = State(state.0 & !(7 << TAG_SHIFT) | (tag as u32 & 7) << TAG_SHIFT);
    }

    /// Whether [`read`](Self::read) would show the bytes now.
    #[inline]
    #[must_use]
    pub const fn is_readable(&self) -> bool {
        self.state.get().views() < MOST_READERS
    }

    /// Shows the bytes to `f`.
    ///
    /// # Errors
    /// [`Busy::Viewed`] inside a writer, or inside six readers; `f` is not called.
    #[inline]
    pub fn read<R>(&self, f: impl FnOnce(&[u8]) -> R) -> Result<R, Busy> {
        let state = self.state.get();
        if state.views() >= MOST_READERS {
            return Err(Busy::Viewed);
        }
        let view = self.open(state, ONE_VIEW);
        // SAFETY: `open` gives a pointer to `len` initialised bytes that stay there until `view` is dropped, and the
        // count of views keeps writers away until then.
        Ok(f(unsafe { slice::from_raw_parts(view.pointer.as_ptr(), state.len()) }))
    }

    /// Lets `f` change the bytes.
    ///
    /// # Errors
    /// [`Busy::Viewed`] inside any other view, [`Busy::ReadOnly`] for bytes in flash; `f` is not called.
    #[inline]
    pub fn write<R>(&self, f: impl FnOnce(&mut [u8]) -> R) -> Result<R, Busy> {
        let state = self.state.get();
        if state.kind() == Kind::ReadOnly {
            return Err(Busy::ReadOnly);
        }
        if state.views() != 0 {
            return Err(Busy::Viewed);
        }
        let view = self.open(state, WRITER * ONE_VIEW);
        // SAFETY: `open` gives a pointer to `len` initialised bytes that stay there until `view` is dropped; the bytes
        // are borrowed mutably or owned, and a count of WRITER keeps all other views away until then.
        Ok(f(unsafe { slice::from_raw_parts_mut(view.pointer.as_ptr(), state.len()) }))
    }

    /// Keeps the bytes in place, exclusively, for as long as the guard lives: for transfers by DMA.
    ///
    /// A guard that is lost by `mem::forget` unpins nothing: the bytes stay where they are, busy, and are never freed, so
    /// that a transfer which still runs hits no other object. (Lent bytes go back to their lender all the same.)
    ///
    /// # Errors
    /// As for [`write`](Self::write).
    pub fn pin(&self) -> Result<Pinned<'_, 'm>, Busy> {
        let state = self.state.get();
        if state.kind() == Kind::ReadOnly {
            return Err(Busy::ReadOnly);
        }
        if state.views() != 0 {
            return Err(Busy::Viewed);
        }
        Ok(Pinned { view: self.open(state, WRITER * ONE_VIEW) })
    }

    #[inline]
    fn open(&self, state: State, views: u32) -> View<'_, 'm> {
        self.state.set(State(state.0 + views));
        let pointer = if state.kind() == Kind::Movable {
            let slot = self.slot();
            slot.set_pinned(true);
            // SAFETY: a live block's slot holds the address of its bytes.
            unsafe { NonNull::new_unchecked(slot.bytes()) }
        } else {
            // SAFETY: `pointer` is the valid field for every kind but `Movable`.
            unsafe { self.place.pointer }
        };
        View { storage: self, views, pointer }
    }

    /// The slot of a `Movable` storage.
    #[inline]
    fn slot(&self) -> &Slot {
        debug_assert!(self.state.get().kind() == Kind::Movable, "asked of the wrong kind");
        // SAFETY: `slot` is the valid field for kind `Movable`, which all callers have checked.
        let slot = unsafe { self.place.slot };
        // SAFETY: the slot came from `allocate`, and stays where it is until the block is freed, in `drop` only.
        unsafe { slot.as_ref() }
    }
}

/// The layout of a fixed block: one place, so that freeing uses the layout that allocating used.
const fn layout(size_bytes: usize) -> Option<Layout> {
    match Layout::from_size_align(size_bytes, 4) {
        Ok(layout) => Some(layout),
        Err(_) => None,
    }
}

/// An open view; closing it is what `drop` does, also when the closure unwinds.
struct View<'s, 'm> {
    storage: &'s Storage<'m>,
    views: u32,
    pointer: NonNull<u8>,
}

impl Drop for View<'_, '_> {
    #[inline]
    fn drop(&mut self) {
        let state = State(self.storage.state.get().0 - self.views);
        self.storage.state.set(state);
        if state.kind() == Kind::Movable && state.views() == 0 {
            self.storage.slot().set_pinned(false);
        }
    }
}

/// Bytes that stay in place: see [`Storage::pin`].
pub struct Pinned<'s, 'm> {
    view: View<'s, 'm>,
}

impl Deref for Pinned<'_, '_> {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        // SAFETY: the view's `open` gave a pointer to `len` initialised bytes that stay there until the view is dropped, and
        // excluded all other views.
        unsafe { slice::from_raw_parts(self.view.pointer.as_ptr(), self.view.storage.len()) }
    }
}

impl DerefMut for Pinned<'_, '_> {
    fn deref_mut(&mut self) -> &mut [u8] {
        // SAFETY: as in `deref`, and the guard is borrowed mutably.
        unsafe { slice::from_raw_parts_mut(self.view.pointer.as_ptr(), self.view.storage.len()) }
    }
}

impl fmt::Debug for Pinned<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pinned").field(self.view.storage).finish()
    }
}

impl Drop for Storage<'_> {
    fn drop(&mut self) {
        let state = self.state.get();
        if state.views() != 0 {
            return; // a guard was forgotten: a transfer may still run
        }
        match state.kind() {
            Kind::ReadOnly | Kind::Lent => {}
            Kind::Fixed => {
                // SAFETY: `heap` is the valid field for kind `Fixed`.
                let heap = unsafe { self.owner.heap };
                // SAFETY: `pointer` is the valid field for kind `Fixed`.
                let pointer = unsafe { self.place.pointer };
                if let Some(layout) = layout(state.len()) {
                    // SAFETY: the block came from this heap with this layout in `allocate`.
                    unsafe { heap.deallocate(pointer, layout) }
                }
            }
            Kind::Movable => {
                // SAFETY: `movable` is the valid field for kind `Movable`.
                let movable = unsafe { self.owner.movable };
                // SAFETY: `slot` is the valid field for kind `Movable`.
                let slot = unsafe { self.place.slot };
                // SAFETY: the slot came from this heap in `allocate`, and no view is open: checked above.
                unsafe { movable.free(slot, state.len()) }
            }
        }
    }
}

impl fmt::Debug for Storage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Storage")
            .field("kind", &self.kind())
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
