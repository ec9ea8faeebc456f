//! Which areas of the panel a refresh repaints.
//!
//! The list holds few areas, disjoint and grown to the panel's alignment, so that no pixel is sent twice. It belongs to
//! the display and outlives a refresh: what could not be sent stays in it.
//!
//! Two areas are merged where the pixels that this adds cost less than a window. Where the list is full, more pixels are
//! tolerated, half as many again each time, and all areas are merged anew, until there is room. So few areas are compared
//! closely: each is first asked whether it is near enough that merging could pay.

use heapless::Vec;

use crate::{Area, Size};

/// How many areas the list holds: 8 bytes each. With 8 of them, 16 small movers send more than twice as much.
pub const MAX_AREAS: usize = 16;

/// One more, which waits for room.
const ROOM: usize = MAX_AREAS + 1;

/// The areas to repaint, in panel space.
#[derive(Debug, Clone)]
pub struct Damage {
    areas: Vec<Area, ROOM, u8>,
    /// How often a node was placed anew: groups watch it to know when their bounds may have changed.
    placements: u32,
    /// The panel, grown to whole cells.
    bounds: Area,
    /// Areas are multiples of one more than this, a power of two, counted from the panel's corner.
    cell_mask: (i16, i16),
    /// What one more area costs on the bus, in pixels.
    window_pixels: u16,
    /// How many pixels a merge may add, since the list was full. It starts at those of a window.
    tolerance: u32,
}

impl Damage {
    /// No damage on a panel of `size`, whose areas are multiples of `cell` pixels. A display makes its own; tests of
    /// nodes make one, too.
    pub fn new(size: Size, cell: Size, bits_per_pixel: u8, window_cost_bytes: u16) -> Self {
        let mask =
            |side: u16| i16::MAX >> (side.saturating_sub(1).leading_zeros().clamp(2, 16) - 1);
        let window_pixels = u32::from(window_cost_bytes) * 8 / u32::from(bits_per_pixel.max(1));
        let mut damage = Self {
            areas: Vec::new(),
            placements: 0,
            bounds: Area::of_size(size),
            cell_mask: (mask(cell.width), mask(cell.height)),
            window_pixels: u16::try_from(window_pixels).unwrap_or(u16::MAX),
            tolerance: 0,
        };
        damage.bounds = damage.grown(damage.bounds);
        damage
    }

    /// The areas gathered so far: disjoint, inside the panel (grown to whole cells), none empty.
    #[must_use]
    pub fn areas(&self) -> &[Area] {
        &self.areas
    }

    /// Adds an area; what lies off the panel counts for nothing.
    ///
    /// It is merged with others where that costs less on the bus, and cut where it overlaps them otherwise.
    pub fn add(&mut self, area: Area) {
        let area = self.clipped(area);
        self.insert(area);
    }

    /// A node was placed anew: `old` is where it was, `new` where it is. Either may be empty.
    pub fn replace(&mut self, old: Area, new: Area) {
        if old != new {
            self.placements = self.placements.wrapping_add(1);
            let (old, new) = (self.clipped(old), self.clipped(new));
            if old.is_empty() || added(&old, &new) > self.window_pixels.into() {
                self.insert(old);
                self.insert(new);
            } else {
                self.insert(old.union(&new));
            }
        } else {
            self.add(new);
        }
    }

    /// A node changed in `part` only; it may reach over another area than before.
    pub(crate) fn add_part(&mut self, part: Area, is_reshaped: bool) {
        if is_reshaped {
            self.placements = self.placements.wrapping_add(1);
        }
        self.add(part);
    }

    /// Changes whenever a node is placed anew.
    pub(crate) const fn placements(&self) -> u32 {
        self.placements
    }

    /// What areas are multiples of, in pixels.
    pub(crate) const fn cell(&self) -> Size {
        let (width, height) = self.cell_mask;
        Size::new(width.unsigned_abs() + 1, height.unsigned_abs() + 1)
    }

    /// Everything.
    pub(crate) fn add_all(&mut self) {
        self.areas.clear();
        self.tolerance = self.window_pixels.into();
        if !self.bounds.is_empty() {
            // There is room for one.
            let _ = self.areas.push(self.bounds);
        }
    }

    /// The area to send next.
    pub(crate) fn next(&self) -> Option<Area> {
        self.areas.first().copied()
    }

    /// [`next`](Self::next) is on the panel.
    pub(crate) fn next_is_sent(&mut self) {
        if !self.areas.is_empty() {
            self.areas.swap_remove(0);
        }
    }

    /// Adds an area of whole cells.
    #[inline(never)]
    fn insert(&mut self, area: Area) {
        if area.is_empty() || self.areas.iter().any(|other| other.contains(&area)) {
            return;
        }
        let mut first = self.areas.len();
        if first == 0 {
            self.tolerance = self.window_pixels.into();
        }
        let pushed = self.areas.push(area);
        debug_assert!(pushed.is_ok(), "one is free while nothing waits");
        // What needed room was far apart; what comes later is merged with what is nearer.
        let mut tolerance = (self.tolerance / 2).max(self.window_pixels.into());
        while !self.settle(first, tolerance) {
            self.tolerance = self.tolerance.saturating_add(self.tolerance / 2 + 16);
            (first, tolerance) = (0, self.tolerance);
        }
    }

    /// Merges the areas from `first` on with all before them, then cuts them where they overlap. Tells whether they fit.
    ///
    /// What has been cut is not merged again: merging and cutting in one loop may never end.
    fn settle(&mut self, first: usize, tolerance: u32) -> bool {
        let mut overlap = false;
        let mut at = first;
        while at < self.areas.len() {
            at = match self.partner(at, tolerance, &mut overlap) {
                Some(other) => self.unite(other, at),
                None => at + 1,
            };
        }
        if overlap {
            at = first.min(self.areas.len() - 1);
            while at < self.areas.len() {
                let area = &self.areas[at];
                at = match self.areas[..at].iter().position(|other| other.overlaps(area)) {
                    Some(other) => match self.part(other, at) {
                        Some(at) => at,
                        None => return false,
                    },
                    None => at + 1,
                };
            }
        }
        self.areas.len() <= MAX_AREAS
    }

    /// An area before that at `at` that had better be merged with it. `overlap` is set where it overlaps another.
    fn partner(&self, at: usize, tolerance: u32, overlap: &mut bool) -> Option<usize> {
        let area = &self.areas[at];
        // A gap adds at least itself times the side along it.
        let side = area.width().min(area.height()).max(1);
        let reach =
            i16::try_from(tolerance >> side.ilog2()).map_or(i16::MAX, |gap| gap.saturating_add(1));
        let near = Area {
            x1: area.x1.saturating_sub(reach),
            y1: area.y1.saturating_sub(reach),
            x2: area.x2.saturating_add(reach),
            y2: area.y2.saturating_add(reach),
        };
        self.areas[..at].iter().position(|other| {
            near.overlaps(other)
                && (added(area, other) <= tolerance || {
                    *overlap |= area.overlaps(other);
                    false
                })
        })
    }

    /// Merges the area at `at` with one before it. Tells where to go on: the larger area is to be settled again.
    fn unite(&mut self, other: usize, at: usize) -> usize {
        let area = self.areas.swap_remove(at);
        if self.areas[other].contains(&area) {
            return at;
        }
        let area = area.union(&self.areas[other]);
        self.areas.swap(other, at - 1);
        self.areas[at - 1] = area;
        at - 1
    }

    /// Parts the area at `at` from one before it that it overlaps. Tells where to go on; `None` if there is no room.
    fn part(&mut self, other: usize, at: usize) -> Option<usize> {
        let (area, hole) = (self.areas[at], self.areas[other]);
        if hole.contains(&area) || area.contains(&hole) {
            return Some(self.unite(other, at));
        }
        let (slice, rest) = sliced(&hole, &area);
        if area.contains(&rest) {
            self.areas[other] = slice;
            return Some(at);
        }
        let (slice, rest) = sliced(&area, &hole);
        if hole.contains(&rest) {
            self.areas[at] = slice;
        } else {
            self.areas.push(slice).ok()?;
            self.areas[at] = rest;
        }
        Some(at)
    }

    /// The part of an area on the panel, grown to whole cells.
    fn clipped(&self, area: Area) -> Area {
        let area = area.intersection(&self.bounds);
        if area.is_empty() { Area::EMPTY } else { self.grown(area) }
    }

    /// The smallest area of whole cells around an area that lies on the panel.
    const fn grown(&self, area: Area) -> Area {
        let (width, height) = self.cell_mask;
        Area {
            x1: area.x1 & !width,
            y1: area.y1 & !height,
            x2: (area.x2.saturating_add(width)) & !width,
            y2: (area.y2.saturating_add(height)) & !height,
        }
    }
}

/// How many pixels more are sent where two areas are merged, rather than sent without what they share. Neither is empty.
#[inline(never)]
fn added(a: &Area, b: &Area) -> u32 {
    // On each axis, what they span and what they share is as long as both. Where they share nothing, this is a gap.
    let axis = |a1: i16, a2: i16, b1: i16, b2: i16| {
        let (a, b) = (i32::from(a2) - i32::from(a1), i32::from(b2) - i32::from(b1));
        let span = i32::from(a2.max(b2)) - i32::from(a1.min(b1));
        (a, b, span, (a + b - span).max(0))
    };
    let (a_width, b_width, width, shared_width) = axis(a.x1, a.x2, b.x1, b.x2);
    let (a_height, b_height, height, shared_height) = axis(a.y1, a.y2, b.y1, b.y2);
    let added =
        width * height + shared_width * shared_height - a_width * a_height - b_width * b_height;
    added.unsigned_abs()
}

/// A slice off that side of `area` which lies outside `hole`, and what is left of it.
const fn sliced(area: &Area, hole: &Area) -> (Area, Area) {
    let Area { x1, y1, x2, y2 } = *hole;
    if area.y1 < y1 {
        (Area { y2: y1, ..*area }, Area { y1, ..*area })
    } else if area.y2 > y2 {
        (Area { y1: y2, ..*area }, Area { y2, ..*area })
    } else if area.x1 < x1 {
        (Area { x2: x1, ..*area }, Area { x1, ..*area })
    } else {
        (Area { x1: x2, ..*area }, Area { x2, ..*area })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn damage() -> Damage {
        Damage::new(Size::new(64, 48), Size::new(1, 1), 16, 11)
    }

    #[test]
    fn a_sprite_that_moves_by_one_pixel_is_one_area() {
        let mut damage = damage();
        damage.replace(Area::new(10, 10, 26, 26), Area::new(11, 10, 27, 26));
        assert_eq!(damage.areas(), [Area::new(10, 10, 27, 26)]);
        assert_eq!(damage.areas()[0].pixels(), 272);
    }

    #[test]
    fn far_areas_stay_apart() {
        let mut damage = damage();
        damage.replace(Area::new(0, 0, 8, 8), Area::new(40, 30, 48, 38));
        assert_eq!(damage.areas().len(), 2);
    }

    #[test]
    fn areas_grow_to_cells_even_beyond_the_panel() {
        let mut damage = Damage::new(Size::new(12, 20), Size::new(8, 1), 1, 6);
        damage.add(Area::new(9, 3, 11, 4));
        assert_eq!(damage.areas(), [Area::new(8, 3, 16, 4)]);
    }

    #[test]
    fn a_corner_overlap_is_cut() {
        let mut damage = damage();
        damage.add(Area::new(0, 0, 20, 20));
        damage.add(Area::new(18, 18, 40, 40));
        let total: u32 = damage.areas().iter().map(Area::pixels).sum();
        assert_eq!(total, 400 + 22 * 22 - 4);
    }

    fn area() -> impl Strategy<Value = Area> {
        (-9_i16..70, -9_i16..60, 0_i16..40, 0_i16..40)
            .prop_map(|(x, y, w, h)| Area::new(x, y, x + w, y + h))
    }

    proptest! {
        #[test]
        fn areas_are_disjoint_and_cover_all(
            areas in prop::collection::vec(area(), 0..40),
            cell in prop::sample::select(&[(1, 1), (8, 1), (1, 8), (2, 1)][..]),
            window_cost in 0_u16..60,
        ) {
            let mut damage = Damage::new(Size::new(64, 48), Size::new(cell.0, cell.1), 16, window_cost);
            let mut wanted = [[false; 64]; 48];
            for area in &areas {
                damage.add(*area);
                for y in area.y1.max(0)..area.y2.min(48) {
                    for x in area.x1.max(0)..area.x2.min(64) {
                        wanted[usize::from(y.unsigned_abs())][usize::from(x.unsigned_abs())] = true;
                    }
                }
            }
            for (y, row) in (0_i16..).zip(wanted) {
                for (x, wanted) in (0_i16..).zip(row) {
                    let hits = damage.areas().iter().filter(|a| a.contains_point(x, y)).count();
                    prop_assert!(hits <= 1 && (hits == 1 || !wanted), "{hits} hits at {x}, {y}");
                }
            }
            for area in damage.areas() {
                prop_assert_eq!((area.width() % cell.0, area.height() % cell.1), (0, 0));
            }
        }
    }
}
