//! A box that reports exhaustion instead of aborting.

use core::{
    fmt,
    ops::{Deref, DerefMut},
    ptr::{self, NonNull},
};

use crate::{Heap, Layout, OutOfMemory, Purpose};

/// One value on a heap, possibly behind a trait.
///
/// ```
/// use core::{fmt::Display, mem::MaybeUninit};
/// use displayio_allocators::{Boxed, LinkedListHeap};
/// let mut region = [MaybeUninit::uninit(); 256];
/// let heap = LinkedListHeap::new(&mut region);
/// let shown = Boxed::<dyn Display>::unsize_in(7, |n| n, &heap)?;
/// assert_eq!(shown.to_string(), "7");
/// # Ok::<(), displayio_allocators::OutOfMemory>(())
/// ```
pub struct Boxed<'m, T: ?Sized> {
    pointer: NonNull<T>,
    heap: Heap<'m>,
}

impl<'m, T> Boxed<'m, T> {
    /// Moves `value` to the heap.
    ///
    /// # Errors
    /// [`OutOfMemory`]; `value` is dropped.
    pub fn new_in(value: T, heap: Heap<'m>) -> Result<Self, OutOfMemory> {
        let layout = Layout::new::<T>();
        let block = heap.allocate(layout).map_err(|_| OutOfMemory {
            requested_bytes: layout.size(),
            purpose: Purpose::Named("a boxed value"),
            heap: heap.info(),
        })?;
        let pointer = block.cast::<T>();
        // SAFETY: the block was just allocated with the layout of `T`.
        unsafe { pointer.write(value) };
        Ok(Self { pointer, heap })
    }
}

impl<'m, T: ?Sized> Boxed<'m, T> {
    /// Moves `value` to the heap and forgets its type: `|v| v` as `unsize` turns a `V` into a `dyn Trait`.
    ///
    /// (Coercing the box itself needs a language feature that is not stable.)
    ///
    /// # Errors
    /// [`OutOfMemory`]; `value` is dropped.
    ///
    /// # Panics
    /// When `unsize` returns anything but its argument.
    pub fn unsize_in<V>(
        value: V,
        unsize: for<'v> fn(&'v mut V) -> &'v mut T,
        heap: Heap<'m>,
    ) -> Result<Self, OutOfMemory> {
        let mut boxed = Boxed::new_in(value, heap)?;
        let pointer = NonNull::from_mut(unsize(&mut boxed));
        // SAFETY: just made from a reference.
        let size = size_of_val(unsafe { pointer.as_ref() });
        assert!(
            ptr::addr_eq(pointer.as_ptr(), boxed.pointer.as_ptr()) && size == size_of::<V>(),
            "`unsize` must return its argument"
        );
        core::mem::forget(boxed);
        Ok(Self { pointer, heap })
    }
}

impl<T: ?Sized> Deref for Boxed<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        // SAFETY: the value was written on creation and is dropped in `drop` only.
        unsafe { self.pointer.as_ref() }
    }
}

impl<T: ?Sized> DerefMut for Boxed<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as in `deref`, and `self` is borrowed mutably.
        unsafe { self.pointer.as_mut() }
    }
}

impl<T: ?Sized> Drop for Boxed<'_, T> {
    fn drop(&mut self) {
        let layout = Layout::for_value(&**self);
        // SAFETY: the value is initialised, and nothing uses it afterwards.
        unsafe { self.pointer.drop_in_place() };
        // SAFETY: the block came from this heap with the layout of this value.
        unsafe { self.heap.deallocate(self.pointer.cast(), layout) }
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Boxed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
