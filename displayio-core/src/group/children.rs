//! Children that come, go and change their order while they are shown.

use core::{
    cell::{Cell, RefCell},
    fmt,
};

use displayio_allocators::{Buf, OutOfMemory, Purpose, Rejected};

use crate::{Area, Damage, Layer, Node, Part, PixelFormat, Place, Strip, Strips, Visible};

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

/// Why children were not looked at or not put in another order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ListError {
    /// There is no child of that number.
    OutOfRange {
        /// How many there are.
        len: usize,
    },
    /// The children are being collected, painted, looked at or put in order.
    Busy,
}

impl fmt::Display for ListError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfRange { len } => write!(f, "no such child among {len}"),
            Self::Busy => f.write_str("the children are in use"),
        }
    }
}

impl core::error::Error for ListError {}

/// A list that [`Children`] may change: a `Vec` of heapless 0.9, a [`Buf`], or an `Option` of one child.
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

    /// The items.
    fn as_slice(&self) -> &[Self::Item];

    /// The items, to be put in another order.
    fn as_mut_slice(&mut self) -> &mut [Self::Item];

    /// Number of items.
    fn len(&self) -> usize {
        self.as_slice().len()
    }

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

    fn as_slice(&self) -> &[T] {
        self
    }

    fn as_mut_slice(&mut self) -> &mut [T] {
        self
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

    fn as_slice(&self) -> &[T] {
        self
    }

    fn as_mut_slice(&mut self) -> &mut [T] {
        self
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

    fn as_slice(&self) -> &[T] {
        Self::as_slice(self)
    }

    fn as_mut_slice(&mut self) -> &mut [T] {
        Self::as_mut_slice(self)
    }
}

/// Children that come and go while they are shown; what departs is erased from the panel at the next refresh. Children in another
/// order are painted anew only where they overlap.
///
/// ```
/// use displayio_core::{Children, Group, Node, Rgb565};
/// let empty = Group::new(());
/// let page = Group::new(Children::<heapless::Vec<&dyn Node<Rgb565>, 8>>::default());
/// page.children().push(&empty).unwrap();
/// assert_eq!(page.children().len(), 1);
/// ```
///
/// A list may own its children, which change while they are in it:
///
/// ```
/// use displayio_core::{Children, Depth, FlashPalette, Group, Image, Rgb565, TileGrid};
/// static COIN: Image = Image::new(8, 1, Depth::Bpp1, &[0b0011_1100, 0, 0, 0]);
/// static GOLD: FlashPalette<Rgb565> = FlashPalette::new(&Rgb565.raws([0, 0xff_d030])).with_transparent(Some(0));
/// let coins = Group::new(Children::new(heapless::Vec::<_, 8>::new()));
/// for x in [40, 0, 20] {
///     coins.children().push(TileGrid::new(&COIN, &GOLD).at(x, 0)).unwrap();
/// }
/// coins.children().with(0, |coin| coin.move_to(10, 5))?;
/// coins.children().sort_by_key(|coin| coin.position())?;
/// assert_eq!(coins.children().read(|coins| coins.iter().position(|coin| coin.position().1 == 5)), Ok(Some(1)));
/// # Ok::<(), displayio_core::ListError>(())
/// ```
///
/// Children of several kinds are in boxes. A child that is refused comes back with the error, which goes on without it:
///
/// ```
/// use core::mem::MaybeUninit;
/// use displayio_allocators::{Boxed, Buf, LinkedListHeap};
/// use displayio_core::{Children, Circle, ColorConverter, Colorspace, FONT_6X12, Group, Label, Node, Rgb565};
/// let mut region = [MaybeUninit::uninit(); 2048];
/// let heap = LinkedListHeap::new(&mut region);
/// let page = Group::new(Children::new(Buf::<Boxed<dyn Node<Rgb565>>>::new(&heap)));
/// let title = Label::new_in(&FONT_6X12, 8, &heap)?.at(4, 8);
/// title.set_text("Page 1")?;
/// let title = Boxed::<dyn Node<Rgb565>>::unsize_in(title, |node| node, &heap)?;
/// page.children().push(title).map_err(|rejected| rejected.error)?;
/// let dot = Circle::new(ColorConverter::new(Colorspace::Rgb888), 5).color(0xff);
/// let dot = Boxed::<dyn Node<Rgb565>>::unsize_in(dot, |node| node, &heap)?;
/// page.children().push(dot).map_err(|rejected| rejected.error)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
pub struct Children<L> {
    list: RefCell<L>,
    departed: Departed,
}

impl<L> Children<L> {
    /// The children in `list`.
    pub const fn new(list: L) -> Self {
        Self { list: RefCell::new(list), departed: Departed::new() }
    }
}

/// Around what departed since the last refresh, and where children overlap of which another is on top since: few areas, filled
/// from the first on.
struct Departed(Cell<[Area; 4]>);

impl Departed {
    const fn new() -> Self {
        Self(Cell::new([Area::EMPTY; 4]))
    }

    /// One more, in an area of its own or in the one that grows the least by it.
    #[inline(never)]
    fn add(&self, area: Area) {
        let mut areas = self.0.get();
        let growth = |of: &&mut Area| of.union(&area).pixels().saturating_sub(of.pixels());
        if let Some(least) = areas.iter_mut().min_by_key(growth) {
            *least = least.union(&area);
        }
        self.0.set(areas);
    }

    /// Those that there are.
    fn areas(&self) -> impl Iterator<Item = Area> {
        self.0.get().into_iter().take_while(|area| !area.is_empty())
    }

    fn clear(&self) {
        self.0.set([Area::EMPTY; 4]);
    }
}

impl Default for Departed {
    fn default() -> Self {
        Self::new()
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
        self.departed.add(child.shown());
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

    /// Takes all children out, and drops them.
    ///
    /// # Errors
    /// [`ListError::Busy`]; the children stay.
    pub fn clear(&self) -> Result<(), ListError> {
        let len = self.list.try_borrow_mut().map_err(in_use)?.len();
        // One by one: what they do as they are dropped finds a list that may be used.
        (0..len).rev().for_each(|index| drop(self.remove(index)));
        Ok(())
    }

    /// Shows the child at `index` to `f`: what changes through `&self` may be changed.
    ///
    /// # Errors
    /// [`ListError`]; `f` is not called.
    pub fn with<R>(&self, index: usize, f: impl FnOnce(&L::Item) -> R) -> Result<R, ListError> {
        self.read(|children| {
            children.get(index).map(f).ok_or(ListError::OutOfRange { len: children.len() })
        })?
    }

    /// Shows all children to `f`, the lowest first. Until it returns, they stay as many and in this order.
    ///
    /// # Errors
    /// [`ListError::Busy`] while they are put in order; `f` is not called.
    pub fn read<R>(&self, f: impl FnOnce(&[L::Item]) -> R) -> Result<R, ListError> {
        Ok(f(self.list.try_borrow().map_err(in_use)?.as_slice()))
    }

    /// Puts two children in each other's place.
    ///
    /// # Errors
    /// [`ListError`]; the order is as it was.
    pub fn swap(&self, a: usize, b: usize) -> Result<(), ListError> {
        let (low, high) = (a.min(b), a.max(b));
        self.edit(high, |children| {
            self.carry(children, low, high);
            self.carry(children, high.saturating_sub(1).max(low), low);
        })
    }

    /// Puts a child at index `to`, or on top: those between move by one.
    ///
    /// # Errors
    /// [`ListError`]; the order is as it was.
    pub fn reorder(&self, from: usize, to: usize) -> Result<(), ListError> {
        self.edit(from, |children| {
            let to = to.min(children.len().saturating_sub(1));
            self.carry(children, from, to);
        })
    }

    /// Puts children in the order of their keys, from the lowest up; those of the same key stay as they are to each other.
    ///
    /// It takes one comparison per child, and one more for each pair that was in another order: little where sprites are
    /// sorted by their lower edges at each step of a game.
    ///
    /// # Errors
    /// [`ListError::Busy`]; the order is as it was.
    pub fn sort_by_key<K: Ord>(&self, mut key: impl FnMut(&L::Item) -> K) -> Result<(), ListError> {
        let mut list = self.list.try_borrow_mut().map_err(in_use)?;
        let children = list.as_mut_slice();
        for mut upper in 1..children.len() {
            while let Some(pair) = pair_below(children, upper)
                && key(&pair[0]) > key(&pair[1])
            {
                self.exchange(pair);
                upper -= 1;
            }
        }
        Ok(())
    }

    /// Lets `f` put children in another order, if there is one at `index`.
    fn edit(&self, index: usize, f: impl FnOnce(&mut [L::Item])) -> Result<(), ListError> {
        let mut list = self.list.try_borrow_mut().map_err(in_use)?;
        let children = list.as_mut_slice();
        if index >= children.len() {
            return Err(ListError::OutOfRange { len: children.len() });
        }
        f(children);
        Ok(())
    }

    /// Has a child change places with its neighbours, until it is at `to`.
    fn carry(&self, children: &mut [L::Item], from: usize, to: usize) {
        (from..to).for_each(|lower| self.exchange_below(children, lower + 1));
        (to..from).rev().for_each(|lower| self.exchange_below(children, lower + 1));
    }

    fn exchange_below(&self, children: &mut [L::Item], upper: usize) {
        if let Some(pair) = pair_below(children, upper) {
            self.exchange(pair);
        }
    }

    /// Exchanges neighbours. Of all children, only these two are in another order: what changes is where they overlap.
    fn exchange(&self, [lower, upper]: &mut [L::Item; 2]) {
        self.departed.add(lower.shown().intersection(&upper.shown()));
        core::mem::swap(lower, upper);
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

/// The child at `upper`, and the one below it.
fn pair_below<T>(children: &mut [T], upper: usize) -> Option<&mut [T; 2]> {
    children.get_mut(upper.checked_sub(1)?..)?.first_chunk_mut()
}

/// The list is used further out.
fn in_use<E>(_: E) -> ListError {
    ListError::Busy
}

impl<L: Layer> Layer for Children<L> {
    fn collect(&self, place: &Place, damage: &mut Damage) {
        self.departed.areas().for_each(|area| damage.replace(area, Area::EMPTY));
        self.departed.clear();
        if let Ok(list) = self.list.try_borrow() {
            list.collect(place, damage);
        }
    }

    fn shown(&self) -> Area {
        let shown = self.list.try_borrow().map_or(Area::EMPTY, |list| list.shown());
        self.departed.areas().fold(shown, |all, area| all.union(&area))
    }

    fn touches(&self, area: &Area) -> bool {
        self.list.try_borrow().is_ok_and(|list| list.touches(area))
    }

    fn forget(&self) {
        self.departed.clear();
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
