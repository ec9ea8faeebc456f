//! Containers of nodes are nodes: references, tuples, arrays, slices, options, boxes, vectors, and structs by a macro.

use core::cell::Cell;

use displayio_allocators::{Boxed, Buf};

use crate::{
    Area, Damage, Layer, Node, Part, PixelFormat, Place, Shown, Strip, Strips, Visible,
    geometry::Around,
};

impl<T: Layer> Layer for [T] {
    fn collect(&self, place: &Place, damage: &mut Damage) {
        for node in self {
            node.collect(place, damage);
        }
    }

    fn shown(&self) -> Area {
        self.iter().fold(Around::NOTHING, |around, node| around.with(&node.shown())).area()
    }

    fn touches(&self, area: &Area) -> bool {
        self.iter().any(|node| node.touches(area))
    }

    fn forget(&self) {
        self.iter().for_each(Layer::forget);
    }

    fn describe(&self, report: &mut dyn FnMut(Part)) {
        for node in self {
            node.describe(report);
        }
    }
}

/// Notes in a child how many siblings above it are idle. Tells how many of them it keeps.
#[inline]
fn set_idle_above<T: Layer>(child: &T, count: usize) -> usize {
    child.leaf().map_or(0, |shown| shown.set_idle_above(count))
}

/// Has painting go from a child on to another above it, or to the end of the list, past those between: so a strip is painted
/// without a look at those that are elsewhere, and without a list in memory of its own.
#[inline]
fn link<T: Layer>(children: &[T], child: &T, position: usize, next: usize) {
    let idle = next.wrapping_sub(position + 1);
    let kept = set_idle_above(child, idle);
    if kept < idle {
        link_by_steps(children, position + 1 + kept, next);
    }
}

/// The same from a child that another one leads to, for that keeps no more.
#[cold]
#[inline(never)]
fn link_by_steps<T: Layer>(children: &[T], mut position: usize, next: usize) {
    while position < next
        && let Some(child) = children.get(position)
    {
        position += 1;
        position = position.saturating_add(set_idle_above(child, next.saturating_sub(position)));
    }
}

/// Paints the child at `position` and those that follow on the way that [`link`] has made.
#[inline]
fn paint_from<C: PixelFormat, T: Node<C>>(
    children: &[T],
    mut position: usize,
    strip: &mut Strip<'_, C>,
) {
    while let Some(child) = children.get(position) {
        child.paint(strip);
        position = (position + 1).saturating_add(child.leaf().map_or(0, Shown::idle_above));
    }
}

/// Adds a child that touches the area below those from `above` on. Out of line: few do.
#[inline(never)]
fn with_child<C: PixelFormat, T: Node<C>>(
    children: &[T],
    position: usize,
    above: usize,
    visible: Visible,
    area: &Area,
) -> Visible {
    let Some(child) = children.get(position) else { return visible };
    link(children, child, position, above);
    // Beyond the count that fits, all are gone through from the lowest on: slower, and right. See `start_of`.
    let first = u16::try_from(position).unwrap_or(u16::MAX);
    Visible { first, last: visible.last.max(first), covers: child.covers(area) }
}

/// Where painting begins. A position that does not fit a [`Visible`] may be anywhere, but the way from the lowest child on
/// leads there, too; that from any other may be an earlier one.
#[inline]
fn start_of(Visible { first, .. }: Visible) -> usize {
    if first == u16::MAX { 0 } else { first.into() }
}

impl<C: PixelFormat, T: Node<C>> Node<C> for [T] {
    fn paint(&self, strip: &mut Strip<'_, C>) {
        paint_from(self, 0, strip);
    }

    fn covers(&self, area: &Area) -> bool {
        self.visible(area).covers
    }

    fn visible(&self, area: &Area) -> Visible {
        let (mut visible, mut above) = (Visible::NONE, self.len());
        for (position, node) in self.iter().enumerate().rev() {
            if node.touches(area) {
                visible = with_child(self, position, above, visible, area);
                above = position;
                if visible.covers {
                    break;
                }
            }
        }
        // A container around this one may not know where to begin.
        if above > 0
            && let Some(lowest) = self.first()
        {
            link(self, lowest, 0, above);
        }
        visible
    }

    fn paint_visible(&self, visible: Visible, strip: &mut Strip<'_, C>) {
        paint_from(self, start_of(visible), strip);
    }

    fn paint_visible_strips(&self, visible: Visible, strips: &mut Strips<'_, C>) {
        match visible.only().and_then(|position| self.get(usize::from(position))) {
            Some(node) => node.paint_strips(strips),
            None => {
                let look = |area: &Area| self.visible(area);
                strips.each_of(visible, look, |visible, strip| self.paint_visible(visible, strip));
            }
        }
    }
}

/// Forwards to what `$container` leads to as `$inner`.
macro_rules! forward {
    ([$($generics:tt)*] $container:ty => $inner:ty, $item:ident $(: ?$sized:ident)?, |$this:ident| $get:expr) => {
        impl<$($generics)* $item: $(?$sized +)? Layer> Layer for $container {
            #[inline]
            fn collect(&self, place: &Place, damage: &mut Damage) {
                let $this = self;
                <$inner as Layer>::collect($get, place, damage);
            }

            fn shown(&self) -> Area {
                let $this = self;
                <$inner as Layer>::shown($get)
            }

            fn touches(&self, area: &Area) -> bool {
                let $this = self;
                <$inner as Layer>::touches($get, area)
            }

            fn forget(&self) {
                let $this = self;
                <$inner as Layer>::forget($get);
            }

            fn describe(&self, report: &mut dyn FnMut(Part)) {
                let $this = self;
                <$inner as Layer>::describe($get, report);
            }

            fn stamp(&self) -> Option<&Cell<u32>> {
                let $this = self;
                <$inner as Layer>::stamp($get)
            }

            #[inline]
            fn leaf(&self) -> Option<&Shown> {
                let $this = self;
                <$inner as Layer>::leaf($get)
            }
        }

        impl<$($generics)* NodeFormat: PixelFormat, $item: $(?$sized +)? Node<NodeFormat>> Node<NodeFormat> for $container {
            #[inline]
            fn paint(&self, strip: &mut Strip<'_, NodeFormat>) {
                let $this = self;
                <$inner as Node<NodeFormat>>::paint($get, strip);
            }

            fn covers(&self, area: &Area) -> bool {
                let $this = self;
                <$inner as Node<NodeFormat>>::covers($get, area)
            }

            fn visible(&self, area: &Area) -> Visible {
                let $this = self;
                <$inner as Node<NodeFormat>>::visible($get, area)
            }

            fn paint_visible(&self, visible: Visible, strip: &mut Strip<'_, NodeFormat>) {
                let $this = self;
                <$inner as Node<NodeFormat>>::paint_visible($get, visible, strip);
            }

            fn paint_strips(&self, strips: &mut Strips<'_, NodeFormat>) {
                let $this = self;
                <$inner as Node<NodeFormat>>::paint_strips($get, strips);
            }

            fn paint_visible_strips(&self, visible: Visible, strips: &mut Strips<'_, NodeFormat>) {
                let $this = self;
                <$inner as Node<NodeFormat>>::paint_visible_strips($get, visible, strips);
            }
        }
    };
}

forward!([const N: usize,] [T; N] => [T], T, |array| array);
forward!([const N: usize,] heapless::Vec<T, N> => [T], T, |list| list);
forward!([] Buf<'_, T> => [T], T, |list| list);
forward!([] Option<T> => [T], T, |option| option.as_slice());
forward!([] &T => T, T: ?Sized, |node| node);
forward!([] Boxed<'_, T> => T, T: ?Sized, |boxed| boxed);
#[cfg(feature = "rc")]
forward!([] alloc::rc::Rc<T> => T, T: ?Sized, |rc| rc);

/// Makes a node of a struct whose fields are nodes, in painter's order: what is named last is on top.
///
/// Fields that are not nodes are left out. So a widget owns its parts, without references to itself.
///
/// ```
/// use displayio_core::{Bitmap, Palette, Rgb565, TileGrid, impl_node};
///
/// type Picture<'m> = TileGrid<Bitmap<'m>, Palette<'m, Rgb565>>;
///
/// struct Gauge<'m> {
///     dial: Picture<'m>,
///     needle: Picture<'m>,
///     value: u16,
/// }
///
/// impl_node!(<'m> Gauge<'m> { dial: Picture<'m>, needle: Picture<'m> });
/// ```
#[macro_export]
macro_rules! impl_node {
    (<$($generic:tt),+> $node:ty { $($field:tt: $type:ty),+ $(,)? }) => {
        $crate::impl_node!(@ [$($generic,)+] $node { $($field: $type),+ });
    };
    (@ [$($generic:tt)*] $node:ty { $($field:tt: $type:ty),+ }) => {
        impl<$($generic)*> $crate::Layer for $node
        where
            $($type: $crate::Layer),+
        {
            fn collect(&self, place: &$crate::Place, damage: &mut $crate::Damage) {
                $($crate::Layer::collect(&self.$field, place, damage);)+
            }

            fn shown(&self) -> $crate::Area {
                $crate::Area::EMPTY$(.union(&$crate::Layer::shown(&self.$field)))+
            }

            fn touches(&self, area: &$crate::Area) -> bool {
                false $(|| $crate::Layer::touches(&self.$field, area))+
            }

            fn forget(&self) {
                $($crate::Layer::forget(&self.$field);)+
            }

            fn describe(&self, report: &mut dyn FnMut($crate::Part)) {
                $($crate::Layer::describe(&self.$field, report);)+
            }
        }

        impl<$($generic)* NodeFormat: $crate::PixelFormat> $crate::Node<NodeFormat> for $node
        where
            $($type: $crate::Node<NodeFormat>),+
        {
            fn paint(&self, strip: &mut $crate::Strip<'_, NodeFormat>) {
                $($crate::Node::<NodeFormat>::paint(&self.$field, strip);)+
            }

            fn covers(&self, area: &$crate::Area) -> bool {
                $crate::Node::<NodeFormat>::visible(self, area).covers
            }

            fn visible(&self, area: &$crate::Area) -> $crate::Visible {
                let (mut position, mut visible) = (0_u16, $crate::Visible::NONE);
                $(
                    if $crate::Layer::touches(&self.$field, area) {
                        let covers = $crate::Node::<NodeFormat>::covers(&self.$field, area);
                        visible = visible.with(position, covers);
                    }
                    position += 1;
                )+
                let _ = position;
                visible
            }

            fn paint_visible(&self, visible: $crate::Visible, strip: &mut $crate::Strip<'_, NodeFormat>) {
                let mut position = 0_u16;
                $(
                    if visible.has(position) {
                        $crate::Node::<NodeFormat>::paint(&self.$field, strip);
                    }
                    position += 1;
                )+
                let _ = position;
            }

            fn paint_visible_strips(&self, visible: $crate::Visible, strips: &mut $crate::Strips<'_, NodeFormat>) {
                let (mut position, count) = (0_u16, 0_usize $(+ $crate::impl_node!(@one $field))+);
                $(
                    // Of one field, what is asked and painted strip by strip need not be compiled.
                    if visible.only() == Some(position) || count == 1 && visible.has(position) {
                        return $crate::Node::<NodeFormat>::paint_strips(&self.$field, strips);
                    }
                    position += 1;
                )+
                let _ = position;
                if count == 1 {
                    return;
                }
                strips.each_of(
                    visible,
                    |area| $crate::Node::<NodeFormat>::visible(self, area),
                    |visible, strip| $crate::Node::<NodeFormat>::paint_visible(self, visible, strip),
                );
            }
        }
    };
    (@one $field:tt) => {
        1
    };
    ($node:ty { $($field:tt: $type:ty),+ $(,)? }) => {
        $crate::impl_node!(@ [] $node { $($field: $type),+ });
    };
}

impl Layer for () {
    fn collect(&self, _: &Place, _: &mut Damage) {}

    fn shown(&self) -> Area {
        Area::EMPTY
    }

    fn forget(&self) {}
}

impl<C: PixelFormat> Node<C> for () {
    fn paint(&self, _: &mut Strip<'_, C>) {}
}

impl_node!(<A> (A,) { 0: A });
impl_node!(<A, B> (A, B) { 0: A, 1: B });
impl_node!(<A, B, D> (A, B, D) { 0: A, 1: B, 2: D });
impl_node!(<A, B, D, E> (A, B, D, E) { 0: A, 1: B, 2: D, 3: E });
impl_node!(<A, B, D, E, F> (A, B, D, E, F) { 0: A, 1: B, 2: D, 3: E, 4: F });
impl_node!(<A, B, D, E, F, G> (A, B, D, E, F, G) { 0: A, 1: B, 2: D, 3: E, 4: F, 5: G });
impl_node!(<A, B, D, E, F, G, H> (A, B, D, E, F, G, H) { 0: A, 1: B, 2: D, 3: E, 4: F, 5: G, 6: H });
impl_node!(<A, B, D, E, F, G, H, I> (A, B, D, E, F, G, H, I) { 0: A, 1: B, 2: D, 3: E, 4: F, 5: G, 6: H, 7: I });
