//! Containers of nodes are nodes: tuples, arrays, slices, options, boxes, vectors, and structs by a macro.

use core::cell::Cell;

use displayio_allocators::{Boxed, Buf};

use crate::{Area, Damage, Layer, Node, Part, PixelFormat, Place, Strip};

impl<T: Layer> Layer for [T] {
    fn collect(&self, place: &Place, damage: &mut Damage) {
        for node in self {
            node.collect(place, damage);
        }
    }

    fn shown(&self) -> Area {
        self.iter().fold(Area::EMPTY, |shown, node| shown.union(&node.shown()))
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

impl<C: PixelFormat, T: Node<C>> Node<C> for [T] {
    fn paint(&self, strip: &mut Strip<'_, C>) {
        self.paint_from(0, strip);
    }

    fn covering(&self, area: &Area) -> Option<u16> {
        let top = self.iter().rposition(|node| node.covering(area).is_some())?;
        // Beyond the count that fits, painting starts lower: slower, and right.
        Some(u16::try_from(top).unwrap_or(u16::MAX))
    }

    fn paint_from(&self, first: u16, strip: &mut Strip<'_, C>) {
        for node in self.iter().skip(first.into()) {
            node.paint(strip);
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
        }

        impl<$($generics)* NodeFormat: PixelFormat, $item: $(?$sized +)? Node<NodeFormat>> Node<NodeFormat> for $container {
            #[inline]
            fn paint(&self, strip: &mut Strip<'_, NodeFormat>) {
                let $this = self;
                <$inner as Node<NodeFormat>>::paint($get, strip);
            }

            fn covering(&self, area: &Area) -> Option<u16> {
                let $this = self;
                <$inner as Node<NodeFormat>>::covering($get, area)
            }

            fn paint_from(&self, first: u16, strip: &mut Strip<'_, NodeFormat>) {
                let $this = self;
                <$inner as Node<NodeFormat>>::paint_from($get, first, strip);
            }
        }
    };
}

forward!([const N: usize,] [T; N] => [T], T, |array| array);
forward!([const N: usize,] heapless::Vec<T, N> => [T], T, |list| list);
forward!([] Buf<'_, T> => [T], T, |list| list);
forward!([] Option<T> => [T], T, |option| option.as_slice());
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

            fn covering(&self, area: &$crate::Area) -> Option<u16> {
                let (mut position, mut top) = (0_u16, None);
                $(
                    if $crate::Node::<NodeFormat>::covering(&self.$field, area).is_some() {
                        top = Some(position);
                    }
                    position += 1;
                )+
                let _ = position;
                top
            }

            fn paint_from(&self, first: u16, strip: &mut $crate::Strip<'_, NodeFormat>) {
                let mut position = 0_u16;
                $(
                    if position >= first {
                        $crate::Node::<NodeFormat>::paint(&self.$field, strip);
                    }
                    position += 1;
                )+
                let _ = position;
            }
        }
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
