//! Changes of what several nodes share: counted, not flagged.
//!
//! A bitmap or a palette is never acknowledged by one viewer for the others. It counts generations, and each viewer
//! keeps the generation it saw: so several grids, on several displays, show one bitmap and none loses an update.

use core::cell::Cell;

use crate::{Area, Part};

/// What a viewer has missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Change {
    /// Nothing.
    None,
    /// At most this area, in the source's own pixels; of a palette, these entries, as pixels of its only row.
    Part(Area),
    /// Perhaps everything.
    All,
}

/// The generation of a source that a viewer has seen; 0 for none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mark(Cell<u32>);

impl Mark {
    /// A viewer that has seen nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(Cell::new(0))
    }
}

/// The change count of a source: 12 bytes.
///
/// The generation moves on at the first change after somebody has seen the present one; until then changes gather in one
/// area. So a viewer one generation behind needs that area only, and an older one everything.
#[derive(Debug)]
pub struct Changes {
    /// Counts up in steps of two; bit 0 tells whether anyone has seen the present generation.
    generation: Cell<u32>,
    area: Cell<Area>,
}

const SEEN: u32 = 1;
const STEP: u32 = 2;

impl Changes {
    /// A source that nobody has seen: all of it is new to everyone.
    #[must_use]
    pub const fn new() -> Self {
        Self { generation: Cell::new(2 * STEP), area: Cell::new(Area::EMPTY) }
    }

    /// Notes that `area` changed, in the source's own pixels.
    pub fn touch(&self, area: Area) {
        let generation = self.generation.get();
        if generation & SEEN == 0 {
            self.area.set(self.area.get().union(&area));
        } else {
            self.move_on();
            self.area.set(area);
        }
    }

    /// Notes that perhaps everything changed.
    pub fn touch_all(&self) {
        // A viewer that is two generations behind is told no area.
        self.move_on();
        self.move_on();
    }

    fn move_on(&self) {
        // Generation 0 stands for a viewer that has seen nothing; it is skipped when the count wraps.
        let next = (self.generation.get() & !SEEN).wrapping_add(STEP);
        self.generation.set(if next == 0 { STEP } else { next });
    }

    /// Whether the viewer with `mark` has seen the present generation.
    #[inline]
    #[must_use]
    pub const fn is_seen(&self, mark: &Mark) -> bool {
        self.generation.get() == mark.0.get()
    }

    /// What changed since the viewer's mark, which is brought up to date.
    pub fn since(&self, mark: &Mark) -> Change {
        if self.is_seen(mark) {
            return Change::None;
        }
        let generation = self.generation.get() | SEEN;
        self.generation.set(generation);
        match generation.wrapping_sub(mark.0.replace(generation)) {
            0 => Change::None,
            STEP => Change::Part(self.area.get()),
            _ => Change::All,
        }
    }

    /// The same of a source that has no areas: nothing of it changed, or everything.
    pub(crate) fn since_as_whole(&self, mark: &Mark) -> Change {
        match self.since(mark) {
            Change::None => Change::None,
            Change::Part(_) | Change::All => Change::All,
        }
    }
}

impl Default for Changes {
    fn default() -> Self {
        Self::new()
    }
}

/// Something whose changes its viewers follow.
pub trait Tracked {
    /// Whether the viewer with `mark` has seen all changes. Cheap: asked of every node at every refresh.
    fn is_seen(&self, mark: &Mark) -> bool;

    /// What changed since the viewer's mark, which is brought up to date.
    fn since(&self, mark: &Mark) -> Change;

    /// Describes itself to a [`MemoryReport`](crate::MemoryReport).
    fn describe(&self, report: &mut dyn FnMut(Part)) {
        let _ = report;
    }
}

macro_rules! forward_to_target {
    ($pointer:ty) => {
        impl<T: Tracked + ?Sized> Tracked for $pointer {
            #[inline]
            fn is_seen(&self, mark: &Mark) -> bool {
                (**self).is_seen(mark)
            }

            fn since(&self, mark: &Mark) -> Change {
                (**self).since(mark)
            }

            fn describe(&self, report: &mut dyn FnMut(Part)) {
                (**self).describe(report);
            }
        }
    };
}

forward_to_target!(&T);
#[cfg(feature = "rc")]
forward_to_target!(alloc::rc::Rc<T>);

#[cfg(test)]
mod tests {
    use super::*;

    const A: Area = Area::new(0, 0, 2, 2);
    const B: Area = Area::new(5, 5, 6, 6);

    #[test]
    fn each_viewer_learns_of_every_change_once() {
        let (changes, first, second) = (Changes::new(), Mark::new(), Mark::new());
        assert_eq!(changes.since(&first), Change::All);
        changes.touch(A);
        assert!(!changes.is_seen(&first), "a change is pending");
        changes.touch(B);
        assert_eq!(changes.since(&first), Change::Part(A.union(&B)));
        assert_eq!(changes.since(&first), Change::None);
        assert!(changes.is_seen(&first), "all seen");
        assert_eq!(changes.since(&second), Change::All, "never looked before");
        changes.touch(A);
        assert_eq!(
            (changes.since(&second), changes.since(&first)),
            (Change::Part(A), Change::Part(A))
        );
    }

    #[test]
    fn a_viewer_two_generations_behind_redraws_everything() {
        let (changes, fast, slow) = (Changes::new(), Mark::new(), Mark::new());
        changes.since(&slow);
        for area in [A, B] {
            changes.touch(area);
            assert_eq!(changes.since(&fast) == Change::All, area == A, "the first look sees all");
        }
        assert_eq!(changes.since(&slow), Change::All);
    }

    #[test]
    fn everything_may_have_changed() {
        let (changes, mark) = (Changes::new(), Mark::new());
        for is_seen in [true, false] {
            changes.touch(A);
            if is_seen {
                changes.since(&mark);
            }
            changes.touch_all();
            changes.touch(B);
            assert_eq!(changes.since(&mark), Change::All, "seen: {is_seen}");
            assert_eq!(changes.since(&mark), Change::None);
        }
    }

    #[test]
    fn the_count_may_wrap() {
        let (changes, mark) = (Changes::new(), Mark::new());
        changes.generation.set(u32::MAX - 1);
        changes.since(&mark);
        changes.touch(A);
        assert_ne!(changes.since(&mark), Change::None);
        assert_ne!(changes.generation.get() & !SEEN, 0);
    }
}
