//! What a scene is made of: layers that report damage, nodes that paint.
//!
//! A refresh walks the scene twice. [`Layer::collect`] compares each node with what the panel shows, adds the difference
//! to the damage and acknowledges it. [`Node::paint`] then composes strips **only from what was acknowledged**, never
//! from a node's live position or visibility: a node that moves between the two, or while a transfer is awaited, is
//! painted where it was collected, and the next refresh moves it.

use core::cell::Cell;

use crate::{Area, Axes, Damage, Part, PixelFormat, Strip, Strips, Transform};

/// Handed down while collecting: where a node's group is, and what happened to it.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// From the group's coordinates to the panel's.
    pub transform: Transform,
    /// Whether all groups around are visible.
    pub visible: bool,
    /// Whether a group around was changed, so that the node is damaged even where it was.
    pub changed: bool,
}

/// A part of a scene, as far as damage goes: no pixel format is involved.
///
/// Leaves keep a [`Shown`], forward to it, and give it as [`leaf`](Self::leaf).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a part of a scene",
    label = "not a layer",
    note = "tile grids, shapes, labels, groups and containers of them are layers; `impl_node!` makes a struct of them one"
)]
pub trait Layer {
    /// Adds what changed since the last call to `damage`, and acknowledges it.
    fn collect(&self, place: &Place, damage: &mut Damage);

    /// An area around all it has on the panel, as acknowledged: the smallest, as far as it lies on the panel.
    ///
    /// In panel space, however the scene is turned, as touch panels tell places: what lies there is found by
    /// `node.shown().contains_point(x, y)`, from the topmost node down.
    fn shown(&self) -> Area;

    /// Whether it may have anything in `area`, as acknowledged.
    fn touches(&self, area: &Area) -> bool {
        self.shown().overlaps_rarely(area)
    }

    /// It has nothing on the panel any more: the next [`collect`](Self::collect) starts afresh.
    fn forget(&self);

    /// The [`Shown`] of a leaf.
    ///
    /// A list of nodes counts there how many siblings right above the leaf have nothing where painting is going to be, and goes
    /// on past them. What stands above a node that gives none is looked at in each strip.
    fn leaf(&self) -> Option<&Shown> {
        None
    }

    /// Describes itself and what it shows to a [`MemoryReport`](crate::MemoryReport).
    fn describe(&self, report: &mut dyn FnMut(Part)) {
        let _ = report;
    }

    /// Where a root keeps its display's stamp. A root without one is repainted wholly at each refresh.
    fn stamp(&self) -> Option<&Cell<u32>> {
        None
    }
}

/// A part of a scene that a panel of format `C` can show.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a node that a panel of pixel format `{C}` can show",
    label = "not a node for `{C}`",
    note = "tile grids need a source and a shader for `{C}`; groups need a container of nodes: of tuples, up to eight"
)]
pub trait Node<C: PixelFormat>: Layer {
    /// Paints its part of the strip, over what is there.
    fn paint(&self, strip: &mut Strip<'_, C>);

    /// Whether it surely covers `area` with opaque pixels.
    ///
    /// Asked once per area, before its strips are painted.
    fn covers(&self, area: &Area) -> bool {
        let _ = area;
        false
    }

    /// Which children are to be painted in `area`. A container has it looked up once per area.
    fn visible(&self, area: &Area) -> Visible {
        Visible { covers: self.covers(area), ..Visible::ALL }
    }

    /// Paints these children only: those below are covered, those above are elsewhere.
    fn paint_visible(&self, visible: Visible, strip: &mut Strip<'_, C>) {
        let _ = visible;
        self.paint(strip);
    }

    /// Paints its part of all these strips, in which no other node has a part: so what it opens for that is opened once.
    fn paint_strips(&self, strips: &mut Strips<'_, C>) {
        strips.each(|strip| self.paint(strip));
    }

    /// [`paint_strips`](Self::paint_strips) of these children only.
    fn paint_visible_strips(&self, visible: Visible, strips: &mut Strips<'_, C>) {
        let _ = visible;
        self.paint_strips(strips);
    }
}

/// Which children of a container have a part in an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visible {
    /// Position of the lowest one.
    pub first: u16,
    /// Position of the topmost one; [`u16::MAX`] for all from `first` on.
    pub last: u16,
    /// Whether the lowest one surely covers the area with opaque pixels.
    pub covers: bool,
}

impl Visible {
    /// Perhaps all of them.
    pub const ALL: Self = Self { first: 0, last: u16::MAX, covers: false };

    /// None of them.
    pub const NONE: Self = Self { first: 1, last: 0, covers: false };

    /// Adds a child above those before, which touches the area.
    #[must_use]
    pub const fn with(self, position: u16, covers: bool) -> Self {
        let is_first = covers || self.first > self.last;
        Self {
            first: if is_first { position } else { self.first },
            last: position,
            covers: covers || self.covers,
        }
    }

    /// The position of the only one, if there is one.
    #[must_use]
    pub const fn only(&self) -> Option<u16> {
        if self.first == self.last && self.last != u16::MAX { Some(self.first) } else { None }
    }

    /// Whether the child at `position` is one of them.
    #[must_use]
    pub const fn has(&self, position: u16) -> bool {
        self.first <= position && position <= self.last
    }
}

/// What a leaf has on the panel, and the protocol of damage in one place. 12 bytes.
///
/// ```
/// use displayio_core::{Area, Damage, Layer, Node, PixelFormat, Place, Rgb888, Shown, Strip};
///
/// /// A white square of 10 by 10 pixels.
/// struct Square {
///     shown: Shown,
/// }
///
/// impl Layer for Square {
///     fn collect(&self, place: &Place, damage: &mut Damage) {
///         self.shown.collect(place.transform.area(0, 0, 10, 10), place, damage);
///     }
///     fn shown(&self) -> Area {
///         self.shown.area()
///     }
///     fn forget(&self) {
///         self.shown.forget();
///     }
///     fn leaf(&self) -> Option<&Shown> {
///         Some(&self.shown)
///     }
/// }
///
/// impl<C: PixelFormat> Node<C> for Square {
///     fn paint(&self, strip: &mut Strip<'_, C>) {
///         let white = strip.format().raw(Rgb888::WHITE);
///         strip.fill(self.shown.area(), white);
///     }
/// }
/// ```
#[derive(Debug)]
pub struct Shown {
    area: Cell<Area>,
    axes: Cell<Axes>,
    /// Whether it changed, in the top bit; idle siblings above it.
    state: Cell<u8>,
}

/// In the state of [`Shown`].
const CHANGED: u8 = 0x80;

/// As many idle siblings as it keeps.
const MAX_IDLE: u8 = CHANGED - 1;

impl Shown {
    /// Nothing is on the panel.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            area: Cell::new(Area::EMPTY),
            axes: Cell::new(Axes::IDENTITY),
            state: Cell::new(CHANGED),
        }
    }

    /// The node changed: it is damaged wholly, where it was and where it is.
    pub fn touch(&self) {
        self.state.set(self.state.get() | CHANGED);
    }

    /// The acknowledged area, in panel space; empty while hidden.
    #[inline]
    #[must_use]
    pub const fn area(&self) -> Area {
        self.area.get()
    }

    /// The acknowledged directions and scale.
    #[inline]
    #[must_use]
    pub const fn axes(&self) -> Axes {
        self.axes.get()
    }

    /// Whether neither the node nor a group around it changed: collecting has nothing to do.
    #[inline]
    #[must_use]
    pub const fn is_quiet(&self, place: &Place) -> bool {
        !place.changed && self.state.get() < CHANGED
    }

    /// Reports the node at `area` and acknowledges it. Tells whether it is damaged wholly.
    pub fn collect(&self, area: Area, place: &Place, damage: &mut Damage) -> bool {
        let new = if place.visible { area } else { Area::EMPTY };
        if self.is_quiet(place) && new == self.area() {
            return false;
        }
        self.state.set(0);
        self.axes.set(place.transform.axes);
        damage.replace(self.area.replace(new), new);
        true
    }

    /// As [`collect`](Self::collect), for a node that changed in `part` only and now reaches over `area`: unless anything
    /// else changed, that part alone is damaged. Tells whether the node is damaged wholly.
    pub fn collect_part(&self, area: Area, part: Area, place: &Place, damage: &mut Damage) -> bool {
        if !self.is_quiet(place) {
            return self.collect(area, place, damage);
        }
        if place.visible && !self.area().is_empty() {
            damage.add_part(part, &self.area.replace(area), &area);
            return false;
        }
        self.collect(area, place, damage)
    }

    /// Nothing is on the panel any more.
    pub fn forget(&self) {
        self.area.set(Area::EMPTY);
        self.state.set(CHANGED);
    }

    /// How many siblings right above it have nothing where painting is going on: of a leaf that was placed anew since they
    /// were counted, none.
    #[inline]
    pub(crate) const fn idle_above(&self) -> usize {
        (self.state.get() & MAX_IDLE) as usize
    }

    /// Notes how many siblings right above it have nothing where painting is going to be. Tells how many of them it keeps: up
    /// to 127.
    #[inline]
    pub(crate) fn set_idle_above(&self, count: usize) -> usize {
        let kept = count.min(MAX_IDLE.into());
        #[expect(clippy::cast_possible_truncation, reason = "it is at most 127")]
        self.state.set(self.state.get() & CHANGED | kept as u8);
        kept
    }
}

impl Default for Shown {
    fn default() -> Self {
        Self::new()
    }
}
