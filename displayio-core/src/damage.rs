//! Which areas of the panel a refresh repaints.
//!
//! The list holds few areas, disjoint and grown to the panel's alignment, so that no pixel is sent twice. It belongs to
//! the display and outlives a refresh: what could not be sent stays in it.

use heapless::Vec;

use crate::{Area, Size};

/// How many areas the list holds: 8 bytes each. With 8 of them, a scene of many small movers sends an eighth more.
pub const MAX_AREAS: usize = 16;

/// Pieces that wait while an area is cut along others: each cut replaces one piece by at most four.
const MAX_PIECES: usize = 16;

/// The areas to repaint, in panel space.
#[derive(Debug, Clone)]
pub struct Damage {
    areas: Vec<Area, MAX_AREAS>,
    /// The panel, grown to whole cells.
    bounds: Area,
    /// Areas are multiples of this, counted from the panel's corner. Powers of two.
    cell: Size,
    bits_per_pixel: u32,
    /// What one more area costs on the bus, in bits.
    window_cost_bits: u32,
    /// How often a node was placed anew: groups watch it to know when their bounds may have changed.
    placements: u32,
}

impl Damage {
    /// No damage on a panel of `size`, whose areas are multiples of `cell` pixels. A display makes its own; tests of
    /// nodes make one, too.
    pub fn new(size: Size, cell: Size, bits_per_pixel: u8, window_cost_bytes: u16) -> Self {
        let cell = Size::new(
            cell.width.max(1).next_power_of_two(),
            cell.height.max(1).next_power_of_two(),
        );
        let mut damage = Self {
            areas: Vec::new(),
            bounds: Area::of_size(size),
            cell,
            bits_per_pixel: bits_per_pixel.into(),
            window_cost_bits: u32::from(window_cost_bytes) * 8,
            placements: 0,
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
        let mut area = area.intersection(&self.bounds);
        if area.is_empty() {
            return;
        }
        area = self.grown(area);
        while let Some(i) = self
            .areas
            .iter()
            .position(|other| other.contains(&area) || self.merging_pays(&area, other))
        {
            if self.areas[i].contains(&area) {
                return;
            }
            area = area.union(&self.areas.swap_remove(i));
        }
        self.add_uncovered(area);
    }

    /// A node was placed anew: `old` is where it was, `new` where it is. Either may be empty.
    pub fn replace(&mut self, old: Area, new: Area) {
        if old != new {
            self.placements = self.placements.wrapping_add(1);
            self.add(old);
        }
        self.add(new);
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
        self.cell
    }

    /// Everything.
    pub(crate) fn add_all(&mut self) {
        self.areas.clear();
        self.push(self.bounds);
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

    /// Bits on the bus for an area that is sent alone.
    const fn cost(&self, area: &Area) -> u64 {
        area.pixels() as u64 * self.bits_per_pixel as u64 + self.window_cost_bits as u64
    }

    /// Whether the smallest area around both costs no more than both without what they share.
    fn merging_pays(&self, a: &Area, b: &Area) -> bool {
        let shared = u64::from(a.intersection(b).pixels()) * u64::from(self.bits_per_pixel);
        self.cost(&a.union(b)) + shared <= self.cost(a) + self.cost(b)
    }

    /// Adds the parts of `area` that no other covers. They are not merged again: merging and cutting in one loop may
    /// never end.
    fn add_uncovered(&mut self, area: Area) {
        let mut pieces = Vec::<Area, MAX_PIECES>::new();
        let _ = pieces.push(area);
        while let Some(piece) = pieces.pop() {
            match self.areas.iter().position(|other| other.overlaps(&piece)) {
                None if self.areas.is_full() => self.merge_cheapest(piece),
                None => self.push(piece),
                Some(i) if pieces.len() + 4 > MAX_PIECES => {
                    let other = self.areas.swap_remove(i);
                    self.absorb(piece.union(&other));
                }
                Some(i) => pieces.extend(cut(&piece, &self.areas[i])),
            }
        }
    }

    /// Makes room for `area` by merging it with the area that grows least.
    fn merge_cheapest(&mut self, area: Area) {
        let growth = |other: &Area| area.union(other).pixels() - other.pixels();
        if let Some(i) = (0..self.areas.len()).min_by_key(|&i| growth(&self.areas[i])) {
            let other = self.areas.swap_remove(i);
            self.absorb(area.union(&other));
        }
    }

    /// Adds an area together with all that it overlaps. There is room: the caller has taken one out.
    fn absorb(&mut self, mut area: Area) {
        while let Some(i) = self.areas.iter().position(|other| other.overlaps(&area)) {
            area = area.union(&self.areas.swap_remove(i));
        }
        self.push(area);
    }

    fn push(&mut self, area: Area) {
        let pushed = self.areas.push(area);
        debug_assert!(pushed.is_ok(), "callers check that there is room");
    }

    /// The smallest area of whole cells around an area that lies on the panel.
    fn grown(&self, area: Area) -> Area {
        let down = |v: i16, cell: u16| i32::from(v) & -i32::from(cell);
        let up = |v: i16, cell: u16| (i32::from(v) + i32::from(cell) - 1) & -i32::from(cell);
        let Size { width, height } = self.cell;
        Area::clamped(
            down(area.x1, width),
            down(area.y1, height),
            up(area.x2, width),
            up(area.y2, height),
        )
    }
}

/// The parts of `area` outside `hole`: above, below, left and right of it, where not empty.
fn cut(area: &Area, hole: &Area) -> impl Iterator<Item = Area> + use<> {
    let (y1, y2) = (area.y1.max(hole.y1), area.y2.min(hole.y2));
    [
        Area { y2: y1, ..*area },
        Area { y1: y2, ..*area },
        Area { y1, y2, x2: hole.x1.max(area.x1), ..*area },
        Area { y1, y2, x1: hole.x2.min(area.x2), ..*area },
    ]
    .into_iter()
    .filter(|piece| !piece.is_empty())
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
