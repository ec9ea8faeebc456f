//! A box that reports exhaustion instead of aborting.

use core::{
    fmt, mem,
    ops::{Deref, DerefMut},
    ptr::NonNull,
};

use crate::{Heap, Layout, OutOfMemory, Purpose, memory::Block};

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
    /// (Coercing the box itself needs a language feature that is not stable.) The trait is named at the call: without
    /// `Boxed::<dyn Trait>`, the value keeps its type.
    ///
    /// # Errors
    /// [`OutOfMemory`]; `value` is dropped.
    pub fn unsize_in<V>(
        value: V,
        unsize: for<'v> fn(&'v mut Unsizing<V>) -> &'v mut Unsizing<T>,
        heap: Heap<'m>,
    ) -> Result<Self, OutOfMemory> {
        let boxed = Boxed::new_in(value, heap)?;
        // SAFETY: `new_in` wrote a `V`, which an `Unsizing` is laid out as; nothing else refers to it.
        let sized = unsafe { boxed.pointer.cast::<Unsizing<V>>().as_mut() };
        let pointer = NonNull::from_mut(&mut unsize(sized).0);
        mem::forget(boxed);
        Ok(Self { pointer, heap })
    }
}

/// A value on its way into a [`Boxed`] of another type: a reference to it can be coerced, and nothing else.
///
/// So what [`unsize_in`](Boxed::unsize_in) gets back is what it gave. A reference to a field would be dropped and freed
/// in its place, and need not have its alignment:
///
/// ```compile_fail
/// use displayio_allocators::{Boxed, NoHeap};
/// #[repr(align(64))]
/// struct Wide([u8; 64]);
/// let narrow = Boxed::<[u8]>::unsize_in(Wide([0; 64]), |wide| &mut wide.0, &NoHeap);
/// ```
#[derive(Debug)]
#[repr(transparent)]
pub struct Unsizing<T: ?Sized>(T);

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
        // Freed also when dropping the value unwinds.
        // SAFETY: the block came from this heap with the layout of this value.
        let _block = unsafe { Block::new(self.pointer.cast(), layout, self.heap) };
        // SAFETY: the value is initialised, and nothing uses it afterwards.
        unsafe { self.pointer.drop_in_place() };
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Boxed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
