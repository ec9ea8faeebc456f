//! Bitmaps and colours that a step exchanges while they are shown.

use core::cell::{Cell, RefCell};

use displayio_core::{
    Change, Colors, Mark, PixelFormat, PixelLayout, PixelSource, Region, Shader, Size, Tracked,
    View,
};

/// What a single node shows, until it is [replaced](Self::replace).
#[derive(Debug)]
pub(super) struct Exchange<T> {
    value: RefCell<T>,
    /// The node has not seen this value yet: its mark belongs to another one.
    is_new: Cell<bool>,
}

impl<T> Exchange<T> {
    pub(super) const fn new(value: T) -> Self {
        Self { value: RefCell::new(value), is_new: Cell::new(true) }
    }

    pub(super) fn replace(&self, value: T) {
        self.value.replace(value);
        self.is_new.set(true);
    }
}

impl<T: Tracked> Tracked for Exchange<T> {
    fn is_seen(&self, mark: &Mark) -> bool {
        !self.is_new.get() && self.value.borrow().is_seen(mark)
    }

    fn since(&self, mark: &Mark) -> Change {
        let change = self.value.borrow().since(mark);
        if self.is_new.take() { Change::All } else { change }
    }
}

impl<T: PixelSource> PixelSource for Exchange<T> {
    const STREAMED: bool = T::STREAMED;

    fn size(&self) -> Size {
        self.value.borrow().size()
    }

    fn layout(&self) -> PixelLayout {
        self.value.borrow().layout()
    }

    fn is_ready(&self) -> bool {
        self.value.borrow().is_ready()
    }

    fn view<R>(&self, region: Region, f: impl FnOnce(View<'_>) -> R) -> Option<R> {
        self.value.borrow().view(region, f)
    }
}

impl<C: PixelFormat, T: Shader<C>> Shader<C> for Exchange<T> {
    fn colors<R>(&self, f: impl FnOnce(Colors<'_, C>) -> R) -> Option<R> {
        self.value.borrow().colors(f)
    }

    fn is_opaque(&self, max_value: u32) -> bool {
        self.value.borrow().is_opaque(max_value)
    }
}
