//! Corners of areas on the panel, two coordinates to a word, so that areas are compared by two subtractions.
//!
//! Coordinates on a panel take 15 bits. The bit above each is free: where it is set beforehand, a subtraction clears it in
//! each half that would have been less than nothing, and neither half takes from the other.

use crate::Area;

/// The topmost bit of both halves.
const GUARDS: u32 = 0x8000_8000;
/// One in both halves.
const ONES: u32 = 0x0001_0001;

/// An area on the panel: x in the low half, y in the high one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Corners {
    first: u32,
    end: u32,
}

impl Corners {
    /// Those of no pixels.
    pub(crate) const NONE: Self = Self { first: 0, end: 0 };

    /// Those of an area whose coordinates are none below 0.
    #[inline]
    pub(crate) const fn of(area: &Area) -> Self {
        Self { first: joined(area.x1, area.y1), end: joined(area.x2, area.y2) }
    }

    /// The area between them.
    #[inline]
    pub(crate) const fn area(self) -> Area {
        let ((x1, y1), (x2, y2)) = (parted(self.first), parted(self.end));
        Area { x1, y1, x2, y2 }
    }

    /// Whether they are those of an area, not empty, on a panel that begins at (0, 0). Those of any area may be asked.
    #[inline]
    pub(crate) const fn is_in(&self, panel: &Self) -> bool {
        let is_inside = at_least(panel.end, self.end)
            & at_least(self.end, self.first.wrapping_add(ONES))
            & !(self.first | self.end);
        is_inside & GUARDS == GUARDS
    }

    /// Whether no coordinate is below 0. Those of any area may be asked.
    #[inline]
    pub(crate) const fn is_not_negative(&self) -> bool {
        (self.first | self.end) & GUARDS == 0
    }

    /// Those of the part of an area that is on a panel, if there is any. The panel begins at (0, 0).
    pub(crate) fn clipped(area: Area, panel: &Self) -> Option<Self> {
        let area = area.intersection(&panel.area());
        (!area.is_empty()).then(|| Self::of(&area))
    }

    /// Those of the smallest area of whole cells around it.
    #[inline]
    pub(crate) const fn grown(self, cell_mask: u32) -> Self {
        Self { first: self.first & !cell_mask, end: self.end.wrapping_add(cell_mask) & !cell_mask }
    }

    #[inline]
    pub(crate) const fn contains(&self, other: &Self) -> bool {
        at_least(other.first, self.first) & at_least(self.end, other.end) & GUARDS == GUARDS
    }

    /// The smallest area around both.
    #[inline]
    pub(crate) const fn around(&self, other: &Self) -> Self {
        Self { first: least(self.first, other.first), end: most(self.end, other.end) }
    }

    /// The areas that contain it.
    #[inline]
    pub(crate) const fn containing(&self) -> Sought {
        Sought::new(self.first, self.end)
    }

    /// The areas that it overlaps.
    #[inline]
    pub(crate) const fn overlapping(&self) -> Sought {
        Sought::new(self.end - ONES, self.first + ONES)
    }

    /// The areas that may be merged with it at the price of so many pixels, and some more.
    #[inline]
    pub(crate) fn near(&self, tolerance: u32) -> Sought {
        // A gap adds at least itself times the side along it.
        let size = (self.end - self.first) | ONES;
        let x = capped(tolerance >> (size >> 16).ilog2());
        let y = capped(tolerance >> (size & 0xffff).ilog2());
        let margin = x | y << 16;
        let first = at_least(self.first, margin);
        let end = self.end + margin;
        Sought::new((end | halves(end)) & !GUARDS, first & halves(first))
    }

    /// How many pixels more are sent where two areas are merged, rather than sent without what they share; and whether they
    /// overlap.
    pub(crate) const fn added(&self, other: &Self) -> (u32, bool) {
        // On each axis, what they span and what they share is as long as both.
        let (first, end) = (at_least(self.first, other.first), at_least(self.end, other.end));
        let apart = (first & halves(first)) + (end & halves(end));
        let span = other.end.wrapping_sub(self.first).wrapping_add(apart);
        let shared = (self.end | GUARDS).wrapping_sub(other.first).wrapping_sub(apart);
        let added = pixels(span).wrapping_sub(self.pixels() + other.pixels());
        if !shared & GUARDS != 0 {
            return (added, false);
        }
        let shared = pixels(shared & !GUARDS);
        (added.wrapping_add(shared), shared > 0)
    }

    /// Without its outermost pixels: where no others are left, it contains no area.
    pub(crate) const fn shrunk(self) -> Self {
        Self { first: self.first + ONES, end: self.end - ONES }
    }

    /// A slice off that side which lies outside `hole`, and what is left. It is not inside `hole`.
    pub(crate) fn sliced(self, hole: Self) -> (Self, Self) {
        for axis in [!0xffff, 0xffff] {
            let with = |corner, side| corner & !axis | side & axis;
            if self.first & axis < hole.first & axis {
                let (end, first) = (with(self.end, hole.first), with(self.first, hole.first));
                return (Self { end, ..self }, Self { first, ..self });
            }
            if self.end & axis > hole.end & axis {
                let (first, end) = (with(self.first, hole.end), with(self.end, hole.end));
                return (Self { first, ..self }, Self { end, ..self });
            }
        }
        (self, self)
    }

    #[inline]
    const fn pixels(&self) -> u32 {
        pixels(self.end - self.first)
    }
}

/// Sides take 15 bits: taken as signed, both halves are multiplied by one instruction where there is one.
#[inline]
const fn pixels(size: u32) -> u32 {
    let (width, height) = parted(size);
    (width as i32 * height as i32).cast_unsigned()
}

/// Areas that are looked for among others.
pub(crate) struct Sought {
    /// Sets the guards, added to where an area starts, where it does so too late.
    start: u32,
    /// Keeps the guards, less where an area ends, where it does so too early.
    end: u32,
}

impl Sought {
    /// Those that start at `start` at the latest and end at `end` at the earliest, on both axes.
    #[inline]
    const fn new(start: u32, end: u32) -> Self {
        // The same as a difference; but a sum with that would be taken apart, and again for each area.
        Self { start: !GUARDS ^ start, end: !GUARDS + end }
    }

    /// Whether this is one of them.
    #[inline]
    pub(crate) const fn has(&self, other: &Corners) -> bool {
        ((other.first + self.start) | (self.end - other.end)) & GUARDS == 0
    }
}

pub(crate) const fn joined(x: i16, y: i16) -> u32 {
    x.cast_unsigned() as u32 | (y.cast_unsigned() as u32) << 16
}

#[expect(clippy::cast_possible_truncation, reason = "a half each")]
pub(crate) const fn parted(corner: u32) -> (i16, i16) {
    ((corner as u16).cast_signed(), ((corner >> 16) as u16).cast_signed())
}

/// The differences of both halves; the guard of each is set where `a` is not less than `b`.
#[inline]
const fn at_least(a: u32, b: u32) -> u32 {
    (a | GUARDS).wrapping_sub(b)
}

/// All bits below the guards that are set.
#[inline]
const fn halves(guards: u32) -> u32 {
    let guards = guards & GUARDS;
    guards - (guards >> 15)
}

#[inline]
const fn least(a: u32, b: u32) -> u32 {
    let more = at_least(a, b);
    a - (more & halves(more))
}

#[inline]
const fn most(a: u32, b: u32) -> u32 {
    let more = at_least(a, b);
    b + (more & halves(more))
}

/// What is less than 2^31, at most as large as a half.
fn capped(v: u32) -> u32 {
    // One instruction, where there is one.
    v.cast_signed().clamp(0, 0x7fff).cast_unsigned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn area() -> impl Strategy<Value = Area> {
        let side = prop_oneof![0_i16..40, 0..=i16::MAX];
        (side.clone(), side.clone(), side.clone(), side)
            .prop_map(|(a, b, c, d)| Area::new(a.min(c), b.min(d), a.max(c), b.max(d)))
            .prop_filter("not empty", |area| !area.is_empty())
    }

    /// By counting: what is sent for the area around both, less what is sent for both without what they share.
    fn added(a: &Area, b: &Area) -> u32 {
        a.union(b).pixels() + a.intersection(b).pixels() - a.pixels() - b.pixels()
    }

    proptest! {
        #[test]
        fn two_words_tell_what_four_numbers_do(a in area(), b in area(), tolerance in 0_u32..2000) {
            let (first, second) = (Corners::of(&a), Corners::of(&b));
            prop_assert_eq!(first.area(), a);
            prop_assert_eq!(first.contains(&second), a.contains(&b));
            prop_assert_eq!(first.containing().has(&second), b.contains(&a));
            prop_assert_eq!(first.overlapping().has(&second), a.overlaps(&b));
            prop_assert_eq!(first.around(&second).area(), a.union(&b));
            prop_assert_eq!(first.added(&second), (added(&a, &b), a.overlaps(&b)));
            if added(&a, &b) <= tolerance || a.overlaps(&b) {
                prop_assert!(first.near(tolerance).has(&second), "{a:?} is not near {b:?}");
            }
        }

        #[test]
        fn areas_off_the_panel_are_clipped(x in -40_i16..40, y in -40_i16..40, width in 0_i16..60, height in 0_i16..60) {
            let (area, panel) = (Area::new(x, y, x + width, y + height), Area::new(0, 0, 32, 24));
            let both = area.intersection(&panel);
            let clipped = Corners::clipped(area, &Corners::of(&panel)).map(Corners::area);
            prop_assert_eq!(clipped, (!both.is_empty()).then_some(both));
        }
    }
}
