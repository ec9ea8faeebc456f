//! Groups: a position, a scale and a container of nodes.

mod children;

use core::{cell::Cell, fmt};

use displayio_allocators::Purpose;

pub use self::children::{AddError, Children, List, ListError};
use crate::{Area, Damage, Layer, Node, Part, PixelFormat, Place, Strip, Strips, Visible};

/// Places a container of nodes: position, scale and visibility for all of them.
///
/// The container decides who owns the nodes: a tuple or a slice of references, an array of values, a `heapless::Vec`, a
/// [`Buf`](displayio_allocators::Buf) of boxes. Tuples have up to eight nodes, of which any may be a tuple. What is last is on
/// top. A container that changes while it is shown is wrapped in [`Children`].
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
