//! Lists of children that cannot grow, are full or are in use, while a panel shows them.

use core::cell::{Cell, OnceCell};

use displayio_allocators::Buf;
use displayio_core::{
    AddError, Area, Children, Damage, Group, Image, Layer, ListError, Node, PaletteRgb, Place,
    Rejected, Rgb565, Shown, Strip, TileGrid,
};

use crate::{CHECKS, LIST, Reason, check, check_still_shows, colors, screen::Screen};

type Mark<'a> = TileGrid<&'a Image, &'a PaletteRgb<'a>>;

fn mark<'a>(colors: &'a PaletteRgb<'a>, x: i16) -> Mark<'a> {
    TileGrid::new(&CHECKS, colors).at(x, 3)
}

/// Children come back when the list cannot grow; the panel, the list and the child are as they were.
#[test]
fn refused_children_come_back() {
    let mut memory = [0; 12];
    let colors = colors(&mut memory);
    let requests = [4, 8].map(|n| (n * size_of::<&Mark<'_>>(), LIST));
    for index in [usize::MAX, 0, 2] {
        check(&requests, &|home| {
            // They overlap, so that their order shows; the others are what a list that never refuses would show.
            let [grids, others]: [[_; 6]; 2] =
                core::array::from_fn(|_| core::array::from_fn(|i| mark(&colors, 5 * i as i16)));
            let page = Group::new(Children::new(Buf::<&Mark<'_>>::new(home.heap())));
            let (mut buffers, mut expected, mut refused) = ([[0; 200]; 2], vec![], None);
            let [mut screen, mut other] = buffers.each_mut().map(|b| Screen::new(b, || ()));
            for (grid, twin) in grids.iter().zip(&others) {
                let shown = screen.repaint(&page);
                if let Err(rejected) = page.children().insert(index, grid) {
                    assert!(core::ptr::eq(rejected.value, grid), "another child came back");
                    check_still_shows(&mut screen, &page, &shown);
                    assert_eq!(page.children().len(), expected.len());
                    page.children().insert(index, rejected.value).unwrap();
                    refused = Some(rejected.reason());
                }
                expected.insert(index.min(expected.len()), twin);
                assert_eq!(screen.refresh(&page), 16, "the new child");
                let root = Group::new(expected.as_slice());
                assert!(screen.frame() == other.repaint(&root), "not where it was to go");
            }
            refused.map_or(Ok(()), Err)
        });
    }
}

/// A full list needs no room to replace a child: nothing can be refused, and nothing is lost.
#[test]
fn replacing_a_child_allocates_nothing() {
    let mut memory = [0; 12];
    let colors = colors(&mut memory);
    check(&[(4 * size_of::<Mark<'_>>(), LIST)], &|home| {
        let mark = |x| mark(&colors, x);
        let page = Group::new(Children::new(Buf::with_capacity(4, home.heap())?));
        let (mut buffer, list) = ([0; 200], page.children());
        let mut screen = Screen::new(&mut buffer, || ());
        (0..4).for_each(|i| list.push(mark(10 * i)).unwrap());
        screen.refresh(&page);
        for i in 0..4_i16 {
            let old = list.replace(usize::from(i.unsigned_abs()), mark(10 * i + 1)).unwrap();
            assert_eq!((old.position(), old.shown().is_empty()), ((10 * i, 3), true));
        }
        let rejected = list.replace(4, mark(5)).unwrap_err();
        assert_eq!((rejected.value.position(), rejected.error), ((5, 3), AddError::Full));
        let refreshed = (screen.refresh(&page), screen.frame()).1;
        assert!(screen.repaint(&page) == refreshed, "what departed is still on the panel");
        Ok(())
    });
}

type Slot<'a> = Children<Option<&'a dyn Node<Rgb565>>>;

/// Changes the list that shows it, while that collects and paints it.
struct Meddler<'a> {
    shown: Shown,
    list: OnceCell<&'a Slot<'a>>,
    other: &'a Mark<'a>,
    attempts: Cell<u32>,
}

impl Meddler<'_> {
    fn meddle(&self) {
        let list = self.list.get().unwrap();
        assert_eq!(list.push(self.other).unwrap_err().error, AddError::Busy, "it is in use");
        assert!(list.remove(0).is_none(), "it is in use");
        let error = list.replace(0, self.other).map(drop).unwrap_err().error;
        assert_eq!(error, AddError::Busy, "it is in use");
        let refused = [list.clear(), list.swap(0, 0), list.reorder(0, 0)];
        assert_eq!(refused, [Err(ListError::Busy); 3], "it is in use");
        assert_eq!(list.read(<[_]>::len), Ok(1), "others may look");
        self.attempts.set(self.attempts.get() + 1);
    }
}

impl Layer for Meddler<'_> {
    fn collect(&self, place: &Place, damage: &mut Damage) {
        self.meddle();
        self.shown.collect(Area::new(0, 0, 4, 4), place, damage);
    }

    fn shown(&self) -> Area {
        self.shown.area()
    }

    fn forget(&self) {
        self.shown.forget();
    }
}

impl Node<Rgb565> for Meddler<'_> {
    fn paint(&self, strip: &mut Strip<'_, Rgb565>) {
        self.meddle();
        strip.fill(self.shown(), 0x55aa);
    }
}

#[test]
fn lists_that_are_full_or_in_use_refuse_by_name() {
    let mut memory = [0; 12];
    let colors = colors(&mut memory);
    let (first, second) = (mark(&colors, 3), mark(&colors, 20));
    let (vector, slot) = (Children::<heapless::Vec<&Mark<'_>, 1>>::default(), Slot::default());
    let meddler = Meddler {
        shown: Shown::new(),
        list: OnceCell::new(),
        other: &second,
        attempts: Cell::new(0),
    };
    assert!(meddler.list.set(&slot).is_ok(), "it was set before");
    let root = Group::new((&vector, &slot));
    vector.push(&first).unwrap();
    slot.push(&meddler).unwrap();
    let mut buffer = [0; 512];
    let mut screen = Screen::new(&mut buffer, || ());
    let shown = screen.repaint(&root);
    assert!(meddler.attempts.get() > 1, "it was collected and painted");
    for rejected in [vector.push(&second), vector.replace(1, &second).map(drop)] {
        let Rejected { value, error } = rejected.unwrap_err();
        assert_eq!((value.position(), error), ((20, 3), AddError::Full));
        check_still_shows(&mut screen, &root, &shown);
    }
    let errors =
        [vector.push(&first), vector.insert(0, &first), vector.replace(0, &first).map(drop)];
    assert_eq!(errors.map(|result| result.unwrap_err().error), [AddError::AlreadyShown; 3]);
    assert_eq!(slot.push(&second).unwrap_err().error, AddError::Full);
    check_still_shows(&mut screen, &root, &shown);
    assert!(slot.remove(0).is_some(), "nothing holds it any more");
    slot.push(&second).unwrap();
    assert!(screen.refresh(&root) > 0, "one went, another came");
}
