//! Children that a list owns: reached, put in order and taken out while they are shown.

#![allow(
    unreachable_pub,
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::std_instead_of_alloc,
    reason = "a test"
)]

#[path = "support/screen.rs"]
mod screen;

use core::cell::Cell;
use std::rc::Rc;

use displayio_allocators::{Buf, LinkedListHeap};
use displayio_core::{
    AddError, Children, Depth, FlashPalette, Group, Image, Layer, ListError, Node, Rgb565,
    TileGrid, impl_node,
};
use screen::Screen;

static SQUARE: Image = Image::new(8, 8, Depth::Bpp1, &[0xff; 32]);
static COLORS: [FlashPalette<Rgb565>; 3] = [
    FlashPalette::new(&Rgb565.raws([0, 0xff_0000])),
    FlashPalette::new(&Rgb565.raws([0, 0x00_ff00])),
    FlashPalette::new(&Rgb565.raws([0, 0x00_00ff])),
];

type Square = TileGrid<&'static Image, &'static FlashPalette<Rgb565>>;

fn square(color: usize, x: i16) -> Square {
    TileGrid::new(&SQUARE, &COLORS[color]).at(x, 4)
}

/// A list of three squares; each overlaps the next by 8x4 pixels.
type Row = Group<Children<heapless::Vec<Square, 4>>>;

fn row() -> Row {
    let squares = [(0, 4), (1, 8), (2, 12)].map(|(color, x)| square(color, x));
    Group::new(Children::new(heapless::Vec::from_iter(squares)))
}

fn positions(row: &Row) -> Vec<i16> {
    row.children().read(|squares| squares.iter().map(|it| it.position().0).collect()).unwrap()
}

/// Refreshes what changed, and checks that it is all; how many pixels were sent.
fn refresh<H: Fn()>(screen: &mut Screen<'_, H>, row: &impl Node<Rgb565>) -> u32 {
    let pixels = screen.refresh(row);
    let shown = screen.frame();
    assert!(screen.repaint(row) == shown, "not all that changed was sent");
    pixels
}

#[test]
fn an_owned_child_changes_in_its_place() {
    let (row, mut buffer) = (row(), [0; 200]);
    let mut screen = Screen::new(&mut buffer, || ());
    screen.repaint(&row);
    row.children().with(1, |square| square.move_to(30, 4)).unwrap();
    assert_eq!((refresh(&mut screen, &row), positions(&row)), (2 * 64, vec![4, 30, 12]));
    let error = row.children().with(3, |_| ()).unwrap_err();
    assert_eq!(
        (error, error.to_string()),
        (ListError::OutOfRange { len: 3 }, "no such child among 3".into())
    );
}

#[test]
fn only_overlaps_are_painted_anew() {
    let (row, mut buffer) = (row(), [0; 200]);
    let mut screen = Screen::new(&mut buffer, || ());
    screen.repaint(&row);
    let list = row.children();
    list.swap(1, 0).unwrap();
    assert_eq!((refresh(&mut screen, &row), positions(&row)), (4 * 8, vec![8, 4, 12]));
    list.reorder(0, usize::MAX).unwrap();
    assert_eq!((refresh(&mut screen, &row), positions(&row)), (8 * 8, vec![4, 12, 8]));
    list.swap(0, 1).unwrap();
    assert_eq!((refresh(&mut screen, &row), positions(&row)), (0, vec![12, 4, 8]));
    list.swap(2, 2).unwrap();
    list.reorder(1, 1).unwrap();
    assert_eq!(refresh(&mut screen, &row), 0, "nothing to do");
    list.sort_by_key(|square| square.position()).unwrap();
    assert_eq!((refresh(&mut screen, &row), positions(&row)), (4 * 8, vec![4, 8, 12]));
    list.sort_by_key(|square| square.position().1).unwrap();
    assert_eq!((refresh(&mut screen, &row), positions(&row)), (0, vec![4, 8, 12]));
    let none = ListError::OutOfRange { len: 3 };
    assert_eq!([list.swap(0, 3), list.swap(3, 3), list.reorder(3, 0)], [Err(none); 3]);
    assert_eq!(positions(&row), [4, 8, 12]);
}

#[test]
fn all_may_go_at_once() {
    let (row, mut buffer) = (row(), [0; 200]);
    let mut screen = Screen::new(&mut buffer, || ());
    let empty = screen.repaint(&Group::new(()));
    screen.repaint(&row);
    row.children().clear().unwrap();
    assert_eq!((refresh(&mut screen, &row), screen.frame() == empty), (16 * 8, true));
    row.children().clear().unwrap();
    assert!(row.children().is_empty() && refresh(&mut screen, &row) == 0, "none are left");
    // By reference, they may be shown again.
    let squares = [0, 1].map(|color| square(color, 9));
    let list = Group::new(Children::new(heapless::Vec::<&Square, 2>::from_iter(&squares)));
    screen.repaint(&list);
    list.children().clear().unwrap();
    squares.iter().for_each(|square| list.children().push(square).unwrap());
    screen.refresh(&list);
    assert!(squares.iter().all(|square| !square.shown().is_empty()), "shown again");
}

#[test]
fn what_departs_far_apart_is_erased_piece_by_piece() {
    let corners = [(0, 0), (32, 0), (0, 20), (32, 20), (16, 10)];
    let squares = corners.map(|(x, y)| TileGrid::new(&SQUARE, &COLORS[0]).at(x, y));
    let list = Group::new(Children::new(heapless::Vec::<_, 5>::from_iter(squares)));
    let mut buffer = [0; 200];
    let mut screen = Screen::new(&mut buffer, || ());
    screen.repaint(&list);
    let removed = [3, 0].map(|index| list.children().remove(index).unwrap());
    assert_eq!(refresh(&mut screen, &list), 2 * 64);
    removed.into_iter().for_each(|square| list.children().push(square).unwrap());
    refresh(&mut screen, &list);
    list.children().clear().unwrap();
    assert!(refresh(&mut screen, &list) < 40 * 28, "five, of which some are erased together");
}

/// Counts when it is dropped.
struct Noted(Square, Rc<Cell<u32>>);

impl_node!(Noted { 0: Square });

impl Drop for Noted {
    fn drop(&mut self) {
        self.1.set(self.1.get() + 1);
    }
}

#[test]
fn cleared_children_are_dropped() {
    let mut region = [core::mem::MaybeUninit::uninit(); 2048];
    let heap = LinkedListHeap::new(&mut region);
    let drops = Rc::new(Cell::new(0));
    let list = Children::new(Buf::new(&heap));
    (0..3).for_each(|color| list.push(Noted(square(color, 0), drops.clone())).unwrap());
    list.clear().unwrap();
    assert_eq!((drops.get(), list.len()), (3, 0));
}

#[test]
fn lists_in_use_refuse_and_stay() {
    let row = row();
    let list = row.children();
    let refused = list.with(0, |_| {
        let added = list.push(square(0, 0)).unwrap_err().error;
        assert_eq!((added, list.remove(0).is_some()), (AddError::Busy, false));
        assert_eq!((list.len(), list.with(1, |square| square.position())), (3, Ok((8, 4))));
        [
            list.clear(),
            list.swap(0, 1),
            list.reorder(0, 1),
            list.sort_by_key(|square| square.position()),
        ]
    });
    assert_eq!(refused, Ok([Err(ListError::Busy); 4]));
    let mut looks = vec![];
    list.sort_by_key(|square| {
        looks.push((list.read(<[_]>::len), list.len()));
        square.position()
    })
    .unwrap();
    assert_eq!((looks.len(), looks[0]), (4, (Err(ListError::Busy), 0)));
    assert_eq!(positions(&row), [4, 8, 12]);
}
