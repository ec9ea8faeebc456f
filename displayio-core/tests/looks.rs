//! Which children of a list are painted, strip by strip.

#![allow(clippy::unwrap_used, reason = "a test")]

#[path = "support/panel.rs"]
mod panel;

use core::cell::RefCell;

use displayio_core::{
    Area, Damage, Display, Group, Layer, Node, Place, Rgb565, Shown, Size, Strip,
};
use panel::MemoryPanel;

/// Notes when it is painted.
struct Witness<'n> {
    number: usize,
    area: Area,
    shown: Shown,
    /// Whether it tells that it is a leaf, so that the list counts idle siblings there.
    tells: bool,
    notes: &'n RefCell<Vec<(i16, usize)>>,
}

impl Layer for Witness<'_> {
    fn collect(&self, place: &Place, damage: &mut Damage) {
        self.shown.collect(self.area, place, damage);
    }

    fn shown(&self) -> Area {
        self.shown.area()
    }

    fn forget(&self) {
        self.shown.forget();
    }

    fn leaf(&self) -> Option<&Shown> {
        self.tells.then_some(&self.shown)
    }
}

impl Node<Rgb565> for Witness<'_> {
    fn paint(&self, strip: &mut Strip<'_, Rgb565>) {
        self.notes.borrow_mut().push((strip.area().y1, self.number));
    }
}

/// Rows that a child has, by its number: scattered, most of them few.
fn rows(number: usize) -> (i16, i16) {
    let top = i16::try_from(number * 37 % 600).unwrap();
    (top, top + if number % 50 == 7 { 200 } else { 3 })
}

/// What each list paints, with strips of one row: all that is there, in order, and little else.
#[test]
fn strips_look_at_the_children_that_are_there() {
    let tellers: [fn(usize) -> bool; 4] = [|_| true, |_| false, |i| i % 3 != 0, |i| i != 0];
    for (teller, count) in tellers.iter().flat_map(|teller| [1, 2, 130, 700].map(|n| (teller, n))) {
        let notes = RefCell::new(Vec::new());
        let witness = |number| {
            let (top, bottom) = rows(number);
            let area = Area::new(0, top, 40, bottom);
            Witness { number, area, shown: Shown::new(), tells: teller(number), notes: &notes }
        };
        let mut buffer = [0; 83];
        let mut display = Display::new(MemoryPanel::new(Size::new(40, 600), Rgb565), &mut buffer);
        let children: Vec<_> = (0..count).map(witness).collect();
        // In a group, and beside another child, in a list that nobody has a place to remember a part of.
        let flat = Group::new(heapless::Vec::<_, 700>::from_iter(children));
        display.refresh(&flat).unwrap();
        let painted = notes.take();
        let beside: [_; 120] = core::array::from_fn(witness);
        display.refresh(&Group::new((witness(0), beside))).unwrap();
        for (painted, count, most) in [(painted, count, count / 8), (notes.take(), 120, 40)] {
            for y in 0..600 {
                let seen: Vec<_> =
                    painted.iter().filter(|(at, _)| *at == y).map(|(_, number)| *number).collect();
                let has_row = |number: &usize| (rows(*number).0..rows(*number).1).contains(&y);
                let there: Vec<_> = (0..count).filter(has_row).collect();
                let found: Vec<_> = seen.iter().copied().filter(has_row).collect();
                let is_doubled = found.len() == there.len() + 1 && found[..2] == [0, 0];
                assert!(found == there || is_doubled, "row {y} of {count}: {found:?}, {there:?}");
                let all_tell = (0..count).all(teller);
                assert!(!all_tell || seen.len() <= most + 8, "row {y} of {count}: {}", seen.len());
            }
        }
    }
}
