//! A list that reports exhaustion instead of aborting.

use core::{
    fmt,
    ops::{Deref, DerefMut},
    ptr::{self, NonNull},
    slice,
};

use crate::{Heap, Layout, OutOfMemory, Purpose, Rejected, memory::Block};

/// A growable list on a heap: `Vec` without the operations that abort.
///
/// It only grows: a list that became shorter keeps its room, so that filling it again allocates nothing. Growing copies
/// the elements, and for a moment both blocks are live.
///
/// ```
/// use core::mem::MaybeUninit;
/// use displayio_allocators::{Buf, LinkedListHeap};
/// let mut region = [MaybeUninit::uninit(); 256];
/// let heap = LinkedListHeap::new(&mut region);
/// let mut list = Buf::new(&heap);
/// list.try_push(7).unwrap();
/// assert_eq!(list[..], [7]);
/// let refused = list.reserve(1000).unwrap_err();
/// assert_eq!(refused.requested_bytes, 4000);
/// ```
pub struct Buf<'m, T> {
    pointer: NonNull<T>,
    len: u32,
    capacity: u32,
    heap: Heap<'m>,
}

impl<'m, T> Buf<'m, T> {
    /// An empty list; allocates nothing.
    #[must_use]
    pub const fn new(heap: Heap<'m>) -> Self {
        Self { pointer: NonNull::dangling(), len: 0, capacity: 0, heap }
    }

    /// An empty list with room for `count` elements.
    ///
    /// # Errors
    /// [`OutOfMemory`]; nothing is allocated.
    pub fn with_capacity(count: usize, heap: Heap<'m>) -> Result<Self, OutOfMemory> {
        let mut list = Self::new(heap);
        list.reserve(count)?;
        Ok(list)
    }

    /// Elements there is room for.
    #[must_use]
    pub const fn capacity(&self) -> usize {
        self.capacity as usize
    }

    /// Makes room for `count` elements in all.
    ///
    /// # Errors
    /// [`OutOfMemory`]; the list is as it was.
    pub fn reserve(&mut self, count: usize) -> Result<(), OutOfMemory> {
        if count <= self.capacity() {
            return Ok(());
        }
        let (new, capacity) = self.allocate(count).ok_or_else(|| OutOfMemory {
            requested_bytes: count.saturating_mul(size_of::<T>()),
            purpose: Purpose::Named("a list"),
            heap: self.heap.info(),
        })?;
        // SAFETY: the old block holds `len` elements, the new one is another block with room for more of them.
        unsafe { ptr::copy_nonoverlapping(self.pointer.as_ptr(), new.as_ptr(), self.len()) };
        drop(self.block());
        self.pointer = new;
        self.capacity = capacity;
        Ok(())
    }

    fn allocate(&self, count: usize) -> Option<(NonNull<T>, u32)> {
        let capacity = u32::try_from(count).ok()?;
        let block = self.heap.allocate(Layout::array::<T>(count).ok()?).ok()?;
        Some((block.cast(), capacity))
    }

    /// The block, if there is one: the caller drops it, and sets `pointer` or is done with it.
    fn block(&self) -> Option<Block<'m>> {
        if self.capacity == 0 {
            return None;
        }
        let layout = Layout::array::<T>(self.capacity()).ok()?;
        // SAFETY: `allocate` made the block on this heap with this layout.
        Some(unsafe { Block::new(self.pointer.cast(), layout, self.heap) })
    }

    /// Appends a value, doubling the room (at least four elements) when there is none.
    ///
    /// # Errors
    /// [`Rejected`] with the value when the room cannot grow; the list is as it was.
    pub fn try_push(&mut self, value: T) -> Result<(), Rejected<T>> {
        self.try_insert(self.len(), value)
    }

    /// Inserts a value before position `index`, at most at the end. Moves the elements behind it.
    ///
    /// # Errors
    /// [`Rejected`] with the value when the room cannot grow; the list is as it was.
    pub fn try_insert(&mut self, index: usize, value: T) -> Result<(), Rejected<T>> {
        if self.len == self.capacity
            && let Err(error) = self.reserve((self.capacity() * 2).max(4))
        {
            return Err(Rejected { value, error });
        }
        let index = index.min(self.len());
        // SAFETY: `index <= len < capacity`, so that this stays inside the block.
        let at = unsafe { self.pointer.add(index) };
        // SAFETY: `len - index` elements from `at` are initialised, and there is room for one more behind them.
        unsafe { ptr::copy(at.as_ptr(), at.as_ptr().wrapping_add(1), self.len() - index) };
        // SAFETY: the element that was here has moved.
        unsafe { at.write(value) };
        self.len += 1;
        Ok(())
    }

    /// Removes the value at `index` and closes the gap; `None` outside the list.
    pub fn remove(&mut self, index: usize) -> Option<T> {
        if index >= self.len() {
            return None;
        }
        // SAFETY: `index < len`, so that this stays inside the block.
        let at = unsafe { self.pointer.add(index) };
        // SAFETY: the element is initialised, and the copy below overwrites it or `len` excludes it.
        let value = unsafe { at.read() };
        self.len -= 1;
        // SAFETY: `len - index` initialised elements follow `at`.
        unsafe { ptr::copy(at.as_ptr().wrapping_add(1), at.as_ptr(), self.len() - index) };
        Some(value)
    }

    /// Drops all elements and keeps the room.
    pub fn clear(&mut self) {
        let elements: *mut [T] = &raw mut **self;
        self.len = 0;
        // SAFETY: the elements were initialised, and with `len` 0 nobody reaches them any more.
        unsafe { ptr::drop_in_place(elements) }
    }
}

impl<T> Deref for Buf<'_, T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        // SAFETY: the first `len` elements of the block are initialised (a dangling pointer has `len` 0).
        unsafe { slice::from_raw_parts(self.pointer.as_ptr(), self.len as usize) }
    }
}

impl<T> DerefMut for Buf<'_, T> {
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: as in `deref`, and `self` is borrowed mutably.
        unsafe { slice::from_raw_parts_mut(self.pointer.as_ptr(), self.len as usize) }
    }
}

impl<T> Drop for Buf<'_, T> {
    fn drop(&mut self) {
        // Freed also when dropping an element unwinds.
        let _block = self.block();
        self.clear();
    }
}

impl<T: fmt::Debug> fmt::Debug for Buf<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use core::{cell::Cell, mem::MaybeUninit};

    use super::*;
    use crate::{Instrumented, LinkedListHeap};

    struct Counted<'c>(&'c Cell<u32>);
    impl Drop for Counted<'_> {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }

    #[test]
    fn elements_survive_growth_and_all_are_dropped_once() {
        let mut region = [MaybeUninit::uninit(); 2048];
        let heap = Instrumented::new(LinkedListHeap::new(&mut region));
        let drops = Cell::new(0);
        let mut list = Buf::new(&heap);
        for _ in 0..20 {
            list.try_push(Counted(&drops)).unwrap();
        }
        drop(list.remove(3));
        assert!(list.remove(19).is_none(), "only 19 are left");
        assert_eq!((list.len(), drops.get()), (19, 1));
        drop(list);
        assert_eq!((drops.get(), heap.counters().live_bytes), (20, 0));
    }

    #[test]
    fn refused_value_comes_back_and_the_list_is_unchanged() {
        let mut region = [MaybeUninit::uninit(); 64];
        let heap = LinkedListHeap::new(&mut region);
        let mut list = Buf::new(&heap);
        let rejected = (0_usize..100).find_map(|i| list.try_push(i).err()).unwrap();
        assert_eq!(rejected.value, list.len());
        assert!(list.iter().copied().eq(0..list.len()), "contents changed");
    }

    #[test]
    fn insert_and_remove_behave_as_vec() {
        let mut region = [MaybeUninit::uninit(); 1024];
        let heap = LinkedListHeap::new(&mut region);
        let (mut list, mut model) = (Buf::new(&heap), [0; 10]);
        for i in 0..10_usize {
            list.try_insert(i / 2, i).unwrap();
            model.copy_within(i / 2..9, i / 2 + 1);
            model[i / 2] = i;
        }
        assert_eq!(list[..], model);
    }

    #[test]
    fn zero_sized_elements_need_no_room() {
        let heap = LinkedListHeap::new(&mut []);
        let mut list = Buf::new(&heap);
        for _ in 0..9 {
            list.try_push(()).unwrap();
        }
        assert_eq!(list.len(), 9);
    }
}
