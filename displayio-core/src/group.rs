//! Groups: a position, a scale and a container of nodes.

use core::{
    cell::{Cell, RefCell},
    fmt,
};

use displayio_allocators::{Buf, OutOfMemory, Purpose, Rejected};

use crate::{Area, Damage, Layer, Node, Part, PixelFormat, Place, Strip, Strips, Visible};

/// Places a container of nodes: position, scale and visibility for all of them.
///
/// The container decides who owns the nodes: a tuple or a slice of references, an array of values, a `heapless::Vec`, a
/// [`Buf`] of boxes. What is last is on top. A container that changes while it is shown is wrapped in [`Children`].
///
/// A node knows what it has on the panel, so it is in one place: twice in a scene, or in the scenes of two displays, it would
/// be shown at one of them only. What nodes show may be shared by any number of them: bitmaps, palettes, fonts.
///
/// ```
/// use displayio_core::{Depth, Group, Image, PaletteRgb, TileGrid};
/// static ICON: Image = Image::new(8, 1, Depth::Bpp1, &[0x5a, 0, 0, 0]);
/// let mut memory = [0; 12];
/// let palette = PaletteRgb::from_buffer(2, &mut memory)?;
/// let (left, right) = (TileGrid::new(&ICON, &palette), TileGrid::new(&ICON, &palette).at(10, 0));
/// let root = Group::new((&left, &right)).at(5, 5).scaled(2);
/// root.move_to(6, 5);
/// # Ok::<(), displayio_core::TooSmall>(())
/// ```
///
/// A node that is dropped while a group shows it does not compile:
///
/// ```compile_fail,E0505
/// use displayio_core::Group;
/// let page = Group::new(());
/// let root = Group::new((&page,));
/// drop(page);
/// root.move_to(1, 1);
/// ```
pub struct Group<T> {
    children: T,
    /// Around all that the children have on the panel.
    bounds: Cell<Area>,
    /// Which display's root this is, if any.
    stamp: Cell<u32>,
    /// The lowest child to paint in the present area, and the topmost.
    first: Cell<u16>,
    last: Cell<u16>,
    x: Cell<i16>,
    y: Cell<i16>,
    scale: Cell<u8>,
    hidden: Cell<bool>,
    changed: Cell<bool>,
    /// Whether the children know that they are hidden: then there is nothing to collect from them.
    asleep: Cell<bool>,
}

impl<T> Group<T> {
    /// A group at (0, 0) with scale 1.
    pub const fn new(children: T) -> Self {
        Self {
            children,
            bounds: Cell::new(Area::EMPTY),
            stamp: Cell::new(0),
            first: Cell::new(Visible::ALL.first),
            last: Cell::new(Visible::ALL.last),
            x: Cell::new(0),
            y: Cell::new(0),
            scale: Cell::new(1),
            hidden: Cell::new(false),
            changed: Cell::new(true),
            asleep: Cell::new(false),
        }
    }

    /// At this position.
    #[must_use]
    pub fn at(self, x: i16, y: i16) -> Self {
        self.move_to(x, y);
        self
    }

    /// With this scale.
    #[must_use]
    pub fn scaled(self, scale: u8) -> Self {
        self.set_scale(scale);
        self
    }

    /// Moves the origin, in pixels of the group around it.
    pub fn move_to(&self, x: i16, y: i16) {
        if (self.x.replace(x), self.y.replace(y)) != (x, y) {
            self.changed.set(true);
        }
    }

    /// The position of the origin.
    #[must_use]
    pub const fn position(&self) -> (i16, i16) {
        (self.x.get(), self.y.get())
    }

    /// Makes each pixel `scale` times as wide and high; 0 counts as 1. Nested scales multiply, up to 127.
    pub fn set_scale(&self, scale: u8) {
        let scale = scale.max(1);
        if self.scale.replace(scale) != scale {
            self.changed.set(true);
        }
    }

    /// The scale, 1 to 255.
    #[must_use]
    pub const fn scale(&self) -> u8 {
        self.scale.get()
    }

    /// Hides or shows all children.
    pub fn set_hidden(&self, hidden: bool) {
        if self.hidden.replace(hidden) != hidden {
            self.changed.set(true);
        }
    }

    /// Whether it is hidden (by itself, not by a group around it).
    #[must_use]
    pub const fn is_hidden(&self) -> bool {
        self.hidden.get()
    }

    /// The children.
    pub const fn children(&self) -> &T {
        &self.children
    }

    /// Those to paint in the present area, as they were looked up.
    const fn visible_children(&self) -> Visible {
        Visible { first: self.first.get(), last: self.last.get(), covers: false }
    }
}

impl<T: Layer> Layer for Group<T> {
    fn collect(&self, place: &Place, damage: &mut Damage) {
        let inner = Place {
            transform: place.transform.then(self.x.get(), self.y.get(), self.scale.get()),
            visible: place.visible && !self.hidden.get(),
            changed: self.changed.replace(false) || place.changed,
        };
        if self.asleep.replace(!inner.visible) && !inner.visible {
            return;
        }
        let placements = damage.placements();
        self.children.collect(&inner, damage);
        if inner.changed || damage.placements() != placements {
            // A new group may hold nodes that are where they were, in another group.
            let known = if inner.changed {
                None
            } else {
                damage.bounds_since(placements, &self.bounds.get())
            };
            self.bounds.set(known.unwrap_or_else(|| self.children.shown()));
        }
    }

    fn shown(&self) -> Area {
        self.bounds.get()
    }

    fn forget(&self) {
        self.bounds.set(Area::EMPTY);
        self.stamp.set(0);
        self.asleep.set(false);
        self.changed.set(true);
        self.children.forget();
    }

    fn describe(&self, report: &mut dyn FnMut(Part)) {
        report(Part::of(self, Purpose::Named("a group")));
        self.children.describe(report);
    }

    fn stamp(&self) -> Option<&Cell<u32>> {
        Some(&self.stamp)
    }
}

impl<C: PixelFormat, T: Node<C>> Node<C> for Group<T> {
    #[inline]
    fn paint(&self, strip: &mut Strip<'_, C>) {
        if self.bounds.get().overlaps(&strip.area()) {
            self.children.paint_visible(self.visible_children(), strip);
        }
    }

    fn paint_strips(&self, strips: &mut Strips<'_, C>) {
        self.children.paint_visible_strips(self.visible_children(), strips);
    }

    fn covers(&self, area: &Area) -> bool {
        if !self.bounds.get().overlaps(area) {
            return false;
        }
        let Visible { first, last, covers } = self.children.visible(area);
        self.first.set(first);
        self.last.set(last);
        covers
    }
}

impl<T: fmt::Debug> fmt::Debug for Group<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Group")
            .field("position", &self.position())
            .field("scale", &self.scale())
            .field("hidden", &self.is_hidden())
            .field("children", &self.children)
            .finish_non_exhaustive()
    }
}

/// Why a node was not added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum AddError {
    /// There is no room for another child.
    Full,
    /// The list could not grow.
    OutOfMemory(OutOfMemory),
    /// The node is on a panel already: a node is in one place. Remove it there, or [`forget`](Layer::forget) it.
    AlreadyShown,
    /// The children are being collected or painted.
    Busy,
}

impl fmt::Display for AddError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("no room for another child"),
            Self::OutOfMemory(error) => error.fmt(f),
            Self::AlreadyShown => f.write_str("the node is shown already"),
            Self::Busy => f.write_str("the children are being shown"),
        }
    }
}

impl core::error::Error for AddError {}

/// A list that [`Children`] may change.
pub trait List {
    /// One child.
    type Item;

    /// Inserts before `index`, at most at the end.
    ///
    /// # Errors
    /// The item, and why there is no room; the list is as it was.
    fn insert(
        &mut self,
        index: usize,
        item: Self::Item,
    ) -> Result<(), Rejected<Self::Item, AddError>>;

    /// Takes an item out; `None` outside the list.
    fn remove(&mut self, index: usize) -> Option<Self::Item>;

    /// Number of items.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<T, const N: usize> List for heapless::Vec<T, N> {
    type Item = T;

    fn insert(&mut self, index: usize, item: T) -> Result<(), Rejected<T, AddError>> {
        let index = index.min(self.as_slice().len());
        Self::insert(self, index, item).map_err(|value| Rejected { value, error: AddError::Full })
    }

    fn remove(&mut self, index: usize) -> Option<T> {
        (index < self.as_slice().len()).then(|| Self::remove(self, index))
    }

    fn len(&self) -> usize {
        self.as_slice().len()
    }
}

impl<T> List for Buf<'_, T> {
    type Item = T;

    fn insert(&mut self, index: usize, item: T) -> Result<(), Rejected<T, AddError>> {
        self.try_insert(index, item).map_err(|Rejected { value, error }| Rejected {
            value,
            error: AddError::OutOfMemory(error),
        })
    }

    fn remove(&mut self, index: usize) -> Option<T> {
        Buf::remove(self, index)
    }

    fn len(&self) -> usize {
        self.as_ref().len()
    }
}

impl<T> List for Option<T> {
    type Item = T;

    fn insert(&mut self, _: usize, item: T) -> Result<(), Rejected<T, AddError>> {
        if self.is_some() {
            return Err(Rejected { value: item, error: AddError::Full });
        }
        *self = Some(item);
        Ok(())
    }

    fn remove(&mut self, index: usize) -> Self {
        if index == 0 { self.take() } else { None }
    }

    fn len(&self) -> usize {
        self.is_some().into()
    }
}

/// Children that come and go while they are shown; what departs is erased from the panel at the next refresh.
///
/// ```
/// use displayio_core::{Children, Group, Node, Rgb565};
/// let empty = Group::new(());
/// let page = Group::new(Children::<heapless::Vec<&dyn Node<Rgb565>, 8>>::default());
/// page.children().push(&empty).unwrap();
/// assert_eq!(page.children().len(), 1);
/// ```
#[derive(Default)]
pub struct Children<L> {
    list: RefCell<L>,
    /// Around what departed since the last refresh.
    departed: Cell<Area>,
}

impl<L> Children<L> {
    /// The children in `list`.
    pub const fn new(list: L) -> Self {
        Self { list: RefCell::new(list), departed: Cell::new(Area::EMPTY) }
    }
}

impl<L: List> Children<L>
where
    L::Item: Layer,
{
    /// Adds a child on top.
    ///
    /// # Errors
    /// [`Rejected`] with the child; the list is as it was.
    pub fn push(&self, child: L::Item) -> Result<(), Rejected<L::Item, AddError>> {
        self.insert(usize::MAX, child)
    }

    /// Adds a child below that at `index`, or on top.
    ///
    /// # Errors
    /// [`Rejected`] with the child; the list is as it was.
    pub fn insert(&self, index: usize, child: L::Item) -> Result<(), Rejected<L::Item, AddError>> {
        if !child.shown().is_empty() {
            return Err(Rejected { value: child, error: AddError::AlreadyShown });
        }
        match self.list.try_borrow_mut() {
            Ok(mut list) => list.insert(index, child),
            Err(_) => Err(Rejected { value: child, error: AddError::Busy }),
        }
    }

    /// Takes a child out; `None` outside the list, or while it is being collected or painted.
    pub fn remove(&self, index: usize) -> Option<L::Item> {
        let child = self.list.try_borrow_mut().ok()?.remove(index)?;
        self.departed.set(self.departed.get().union(&child.shown()));
        child.forget();
        Some(child)
    }

    /// Puts a child in the place of another, which comes back.
    ///
    /// # Errors
    /// [`Rejected`] with the new child: shown elsewhere, no child at `index` ([`AddError::Full`]), or busy.
    pub fn replace(
        &self,
        index: usize,
        child: L::Item,
    ) -> Result<L::Item, Rejected<L::Item, AddError>> {
        if !child.shown().is_empty() {
            return Err(Rejected { value: child, error: AddError::AlreadyShown });
        }
        if self.list.try_borrow_mut().is_err() {
            return Err(Rejected { value: child, error: AddError::Busy });
        }
        match self.remove(index) {
            Some(old) => self.insert(index, child).map(|()| old),
            None => Err(Rejected { value: child, error: AddError::Full }),
        }
    }

    /// Number of children; 0 while they cannot be read.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.try_borrow().map_or(0, |list| list.len())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<L: Layer> Layer for Children<L> {
    fn collect(&self, place: &Place, damage: &mut Damage) {
        damage.replace(self.departed.replace(Area::EMPTY), Area::EMPTY);
        if let Ok(list) = self.list.try_borrow() {
            list.collect(place, damage);
        }
    }

    fn shown(&self) -> Area {
        let shown = self.list.try_borrow().map_or(Area::EMPTY, |list| list.shown());
        shown.union(&self.departed.get())
    }

    fn touches(&self, area: &Area) -> bool {
        self.list.try_borrow().is_ok_and(|list| list.touches(area))
    }

    fn forget(&self) {
        self.departed.set(Area::EMPTY);
        if let Ok(list) = self.list.try_borrow() {
            list.forget();
        }
    }

    fn describe(&self, report: &mut dyn FnMut(Part)) {
        report(Part::of(self, Purpose::Named("a list of children")));
        if let Ok(list) = self.list.try_borrow() {
            list.describe(report);
        }
    }
}

impl<C: PixelFormat, L: Node<C>> Node<C> for Children<L> {
    fn paint(&self, strip: &mut Strip<'_, C>) {
        self.paint_visible(Visible::ALL, strip);
    }

    fn covers(&self, area: &Area) -> bool {
        self.list.try_borrow().is_ok_and(|list| list.covers(area))
    }

    fn visible(&self, area: &Area) -> Visible {
        self.list.try_borrow().map_or(Visible::NONE, |list| list.visible(area))
    }

    fn paint_visible(&self, visible: Visible, strip: &mut Strip<'_, C>) {
        if let Ok(list) = self.list.try_borrow() {
            list.paint_visible(visible, strip);
        }
    }

    fn paint_visible_strips(&self, visible: Visible, strips: &mut Strips<'_, C>) {
        if let Ok(list) = self.list.try_borrow() {
            list.paint_visible_strips(visible, strips);
        }
    }
}

impl<L: fmt::Debug> fmt::Debug for Children<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Children").field(&self.list).finish()
    }
}
