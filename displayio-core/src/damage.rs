//! Which areas of the panel a refresh repaints.
//!
//! The list holds few areas, disjoint and grown to the panel's alignment, so that no pixel is sent twice. It belongs to
//! the display and outlives a refresh: what could not be sent stays in it.
//!
//! Two areas are merged where the pixels that this adds cost less than a window. Where the list is full, the two are
//! merged that add the least, and from then on more pixels are tolerated. So few areas are compared closely: each is first
//! asked whether it is near enough that merging could pay.

use heapless::Vec;

use crate::{
    Area, Size,
    corners::{Corners, joined, parted},
};

/// How many areas the list holds: 8 bytes each. With 8 of them, 16 small movers send more than twice as much.
pub const MAX_AREAS: usize = 16;

/// One more, which waits for room.
const ROOM: usize = MAX_AREAS + 1;

/// More pixels than a panel has.
const ALL_PIXELS: u32 = 1 << 30;

/// The areas to repaint, in panel space.
#[derive(Debug, Clone)]
pub struct Damage {
    areas: Vec<Area, ROOM, u8>,
    /// How often a node was placed anew: groups watch it to know when their bounds may have changed.
    placements: u32,
    /// Where the last of them was, and where it is.
    placed: (Corners, Corners),
    /// The panel, grown to whole cells.
    panel: Corners,
    /// Areas are multiples of one more than this, a power of two, counted from the panel's corner.
    cell_mask: u32,
    /// What one more area costs on the bus, in pixels.
    window_pixels: u32,
    /// How many pixels a merge may add, since the list was full. It starts at those of a window.
    tolerance: u32,
}

impl Damage {
    /// No damage on a panel of `size`, whose areas are multiples of `cell` pixels. A display makes its own; tests of
    /// nodes make one, too.
    pub fn new(size: Size, cell: Size, bits_per_pixel: u8, window_cost_bytes: u16) -> Self {
        let mask =
            |side: u16| i16::MAX >> (side.saturating_sub(1).leading_zeros().clamp(2, 16) - 1);
        let (x, y) = (mask(cell.width), mask(cell.height));
        let cell_mask = joined(x, y);
        let Area { x2, y2, .. } = Area::of_size(size);
        // A cell that ends beyond the range of coordinates is left out.
        let panel = Area::new(0, 0, x2.min(i16::MAX & !x), y2.min(i16::MAX & !y));
        Self {
            areas: Vec::new(),
            placements: 0,
            placed: (Corners::NONE, Corners::NONE),
            panel: Corners::of(&panel).grown(cell_mask),
            cell_mask,
            window_pixels: u32::from(window_cost_bytes) * 8 / u32::from(bits_per_pixel.max(1)),
            tolerance: 0,
        }
    }

    /// The areas gathered so far: disjoint, inside the panel (grown to whole cells), none empty.
    #[must_use]
    pub fn areas(&self) -> &[Area] {
        &self.areas
    }

    /// Adds an area; what lies off the panel counts for nothing.
    ///
    /// It is merged with others where that costs less on the bus, and cut where it overlaps them otherwise.
    #[inline(never)]
    pub fn add(&mut self, area: Area) {
        if let Some(area) = self.clipped(area) {
            self.insert(area);
        }
    }

    /// A node was placed anew: `old` is where it was, `new` where it is. Either may be empty.
    #[inline]
    pub fn replace(&mut self, old: Area, new: Area) {
        self.replace_corners(Corners::of(&old), Corners::of(&new));
    }

    /// A node changed in `part` only; it may reach over another area than before.
    pub(crate) fn add_part(&mut self, part: Area, old: &Area, new: &Area) {
        self.note_placement(Corners::of(old), Corners::of(new));
        self.add(part);
    }

    /// Keeps where a node was and is, for [`bounds_since`](Self::bounds_since).
    #[inline]
    fn note_placement(&mut self, old: Corners, new: Corners) {
        if old != new {
            self.placements = self.placements.wrapping_add(1);
            self.placed = (old, new);
        }
    }

    /// [`replace`](Self::replace), in two words for each area.
    #[inline(never)]
    fn replace_corners(&mut self, old: Corners, new: Corners) {
        self.note_placement(old, new);
        // Where many move, most are where others moved before. What the list holds is on the panel.
        let is_new = self.areas.last().is_none_or(|last| {
            let last = Corners::of(last);
            let is_inside = last.contains(&old) & last.contains(&new);
            !(is_inside & old.is_not_negative() & new.is_not_negative())
        });
        if is_new {
            self.add_both(old, new);
        }
    }

    /// Adds two areas: as one where both are on the panel, and merging costs less than a window.
    #[inline(never)]
    fn add_both(&mut self, old: Corners, new: Corners) {
        if old.is_in(&self.panel) && new.is_in(&self.panel) {
            let (from, to) = (old.grown(self.cell_mask), new.grown(self.cell_mask));
            if from.added(&to).0 <= self.window_pixels {
                return self.insert(from.around(&to));
            }
        }
        self.add(old.area());
        self.add(new.area());
    }

    /// Changes whenever a node is placed anew.
    #[inline]
    pub(crate) const fn placements(&self) -> u32 {
        self.placements
    }

    /// What is around the nodes of a group that had these bounds, now that some were placed anew since there were so many
    /// `placements`. `None` if all of them must be asked.
    pub(crate) fn bounds_since(&self, placements: u32, bounds: &Area) -> Option<Area> {
        if self.placements.wrapping_sub(placements) == 1 {
            return self.bounds_with_placed(bounds);
        }
        // All that moved is in the list.
        let inside = Corners::clipped(*bounds, &self.panel)?.shrunk();
        self.areas.iter().all(|area| inside.contains(&Corners::of(area))).then_some(*bounds)
    }

    /// The same where one node was placed anew, the last one.
    fn bounds_with_placed(&self, bounds: &Area) -> Option<Area> {
        let (old, new) = (self.placed.0.area(), self.placed.1.area());
        let around = bounds.union(&new);
        // One that is nowhere reaches no side.
        let at =
            if new.is_empty() { Area::new(i16::MAX, i16::MAX, i16::MIN, i16::MIN) } else { new };
        // Below 0 unless the node lay at a side and left it: then any other may be outermost there.
        let side = |outermost: i16, old: i16, new: i16| {
            let outermost = i32::from(outermost);
            (outermost - i32::from(old)) | (i32::from(new) - outermost - 1)
        };
        // `!` mirrors an axis, for the sides at its end.
        let is_known = side(around.x1, old.x1, at.x1)
            & side(around.y1, old.y1, at.y1)
            & side(!around.x2, !old.x2, !at.x2)
            & side(!around.y2, !old.y2, !at.y2)
            < 0
            || old.is_empty();
        is_known.then_some(around)
    }

    /// What areas are multiples of, in pixels.
    pub(crate) const fn cell(&self) -> Size {
        let (width, height) = parted(self.cell_mask);
        Size::new(width.unsigned_abs() + 1, height.unsigned_abs() + 1)
    }

    /// Everything.
    pub(crate) fn add_all(&mut self) {
        self.areas.clear();
        self.tolerance = self.window_pixels;
        let panel = self.panel.area();
        if !panel.is_empty() {
            // There is room for one.
            let _ = self.areas.push(panel);
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

    /// Adds an area of whole cells on the panel.
    #[inline(never)]
    fn insert(&mut self, area: Corners) {
        let mut settled = self.areas.len();
        if settled == 0 {
            self.tolerance = self.window_pixels;
            return self.push(area);
        }
        let sought = area.containing();
        // The largest are among those that were merged last.
        if self.areas.iter().rev().any(|other| sought.has(&Corners::of(other))) {
            return;
        }
        self.push(area);
        // What needed room was far apart; what comes later is merged with what is nearer.
        let mut tolerance = (self.tolerance / 2).max(self.window_pixels);
        while let Some(pair) = self.settle(&mut settled, tolerance) {
            // It grows each time, up to all pixels: then one area is left, and this ends.
            let more = self.tolerance + self.tolerance * 3 / 8 + 64;
            self.tolerance = more.max(2 * pair.added).min(ALL_PIXELS);
            self.unite(&pair, &mut settled);
            tolerance = self.tolerance;
        }
    }

    /// Merges the areas from `settled` on with others, then cuts them where they overlap. Where that does not fit, tells
    /// which pair had best be merged, whatever it adds.
    ///
    /// What has been cut is not merged again: merging and cutting in one loop may never end.
    fn settle(&mut self, settled: &mut usize, tolerance: u32) -> Option<Pair> {
        let mut pair = self.pair(*settled, tolerance, tolerance);
        while pair.added <= tolerance {
            self.unite(&pair, settled);
            pair = self.pair(*settled, tolerance, tolerance);
        }
        let crowded = if pair.overlap { self.cut(settled) } else { None };
        if crowded.is_none() && self.areas.len() > MAX_AREAS {
            return Some(self.pair(1, ALL_PIXELS, 0));
        }
        crowded
    }

    /// A pair of areas, one of them at `from` or behind: the first that adds at most `enough`, or else that which adds the
    /// least. Where none adds at most `most`, it is none, and adds more.
    #[inline(never)]
    fn pair(&self, from: usize, most: u32, enough: u32) -> Pair {
        let mut best = Pair { added: most + 1, at: 0, other: 0, overlap: false };
        let mut areas = &self.areas[..];
        while let [before @ .., area] = areas
            && before.len() >= from
        {
            let at = before.len();
            areas = before;
            let area = Corners::of(area);
            let near = area.near(best.added);
            let mut other_at = at;
            while other_at > 0 {
                other_at -= 1;
                let other = self.at(other_at);
                if near.has(&other) {
                    let (added, overlap) = area.added(&other);
                    if overlap {
                        best.overlap = true;
                    }
                    if added < best.added {
                        best = Pair { added, at, other: other_at, ..best };
                        if added <= enough {
                            return best;
                        }
                    }
                }
            }
        }
        best
    }

    /// Cuts the areas from `settled` on where they overlap others. Where there is no room, tells which pair to merge instead.
    #[inline(never)]
    fn cut(&mut self, settled: &mut usize) -> Option<Pair> {
        while *settled < self.areas.len() {
            let at = *settled;
            let area = self.at(at);
            let sought = area.overlapping();
            match self.areas[..at].iter().position(|other| sought.has(&Corners::of(other))) {
                Some(other) if !self.part(other, settled) => {
                    return Some(Pair { added: 0, at, other, overlap: true });
                }
                Some(_) => {}
                None => *settled += 1,
            }
        }
        None
    }

    /// The corners of the area at `at`, which is in the list.
    fn at(&self, at: usize) -> Corners {
        Corners::of(&self.areas[at])
    }

    /// There is room: the caller knows.
    fn push(&mut self, area: Corners) {
        let pushed = self.areas.push(area.area());
        debug_assert!(pushed.is_ok(), "there is room");
    }

    /// Merges two areas. What comes of them is not settled.
    #[inline(never)]
    fn unite(&mut self, &Pair { at, other, .. }: &Pair, settled: &mut usize) {
        let area = self.at(at).around(&self.at(other));
        self.take(at, settled);
        self.take(other, settled);
        self.push(area);
    }

    /// Takes an area out. The order changes only among those before `settled`, and among those behind.
    fn take(&mut self, mut at: usize, settled: &mut usize) {
        if at < *settled {
            *settled -= 1;
            self.areas.swap(at, *settled);
            at = *settled;
        }
        self.areas.swap_remove(at);
    }

    /// Parts the area at `at` from one before it that it overlaps. Tells whether there is room for the pieces.
    fn part(&mut self, other: usize, at: &mut usize) -> bool {
        let (area, hole) = (self.at(*at), self.at(other));
        if hole.contains(&area) {
            self.areas.swap_remove(*at);
            return true;
        }
        if area.contains(&hole) {
            self.take(other, at);
            return true;
        }
        let (slice, rest) = hole.sliced(area);
        if area.contains(&rest) {
            self.areas[other] = slice.area();
            return true;
        }
        let (slice, rest) = area.sliced(hole);
        if !hole.contains(&rest) {
            if self.areas.len() == ROOM {
                return false;
            }
            self.push(rest);
        }
        self.areas[*at] = slice.area();
        true
    }

    /// The part of an area on the panel, grown to whole cells.
    #[inline]
    fn clipped(&self, area: Area) -> Option<Corners> {
        Corners::clipped(area, &self.panel).map(|corners| corners.grown(self.cell_mask))
    }
}

/// Two areas of the list.
#[derive(Debug, Clone, Copy)]
struct Pair {
    /// How many pixels more are sent when they are merged.
    added: u32,
    /// The position of the later one.
    at: usize,
    /// The position of the other one.
    other: usize,
    /// Whether any that were looked at overlap.
    overlap: bool,
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

    #[test]
    fn bounds_follow_a_node_that_moved() {
        let bounds = Area::new(8, 8, 40, 40);
        for (old, new, around) in [
            (Area::new(10, 10, 20, 20), Area::new(11, 10, 21, 20), Some(bounds)),
            (Area::new(30, 10, 40, 20), Area::new(33, 10, 43, 20), Some(Area::new(8, 8, 43, 40))),
            (Area::new(10, 8, 20, 20), Area::new(20, 8, 30, 20), Some(bounds)),
            (Area::new(8, 8, 20, 20), Area::new(9, 8, 21, 20), None),
            (Area::EMPTY, Area::new(0, 10, 10, 20), Some(Area::new(0, 8, 40, 40))),
            (Area::new(8, 10, 20, 20), Area::EMPTY, None),
            (Area::new(8, 10, 20, 40), Area::EMPTY, None),
        ] {
            let mut damage = damage();
            damage.replace(old, new);
            assert_eq!(damage.bounds_since(0, &bounds), around, "from {old:?} to {new:?}");
        }
    }

    #[test]
    fn bounds_stay_where_several_moved_inside() {
        let (bounds, mut damage) = (Area::new(8, 8, 40, 40), damage());
        damage.replace(Area::new(10, 10, 20, 20), Area::new(11, 10, 21, 20));
        damage.replace(Area::new(20, 20, 30, 30), Area::new(21, 20, 31, 30));
        assert_eq!(damage.bounds_since(0, &bounds), Some(bounds));
        damage.replace(Area::new(30, 30, 40, 38), Area::new(29, 30, 39, 38));
        assert_eq!(damage.bounds_since(0, &bounds), None, "one was at a side");
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
