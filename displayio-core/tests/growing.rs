//! Labels that make room for their texts show what labels with room show, in memory of any kind.

#![allow(missing_docs, unreachable_pub, clippy::unwrap_used, clippy::panic, reason = "a test")]

#[path = "support/screen.rs"]
mod screen;

use core::mem::MaybeUninit;

use displayio_allocators::{CompactingHeap, Failing, Home, LinkedListHeap, Memory, NoHeap};
use displayio_core::{BitmapLabel, FONT_6X12, Group, Label, Node, Rgb565, TextError};
use screen::{Frame, Screen};

/// Longer and shorter, wider and higher, and with nothing to see.
const TEXTS: [&str; 9] = ["", "7", "21.5", "-3", "3\n-\n:", "12:59 Tu", "Tue", "0\n12:59", " "];

/// A label of either kind.
trait Grows<'m>: Node<Rgb565> {
    fn set(&self, text: &str, home: Home<'m>) -> Result<(), TextError>;
}

impl<'m> Grows<'m> for Label<'_, 'm> {
    fn set(&self, text: &str, home: Home<'m>) -> Result<(), TextError> {
        self.set_text_in(text, home)
    }
}

impl<'m> Grows<'m> for BitmapLabel<'_, 'm> {
    fn set(&self, text: &str, home: Home<'m>) -> Result<(), TextError> {
        self.set_text_in(text, home)
    }
}

/// What labels with room show, text by text.
fn expected() -> Vec<Frame> {
    let mut strip = [0; 400];
    let mut screen = Screen::new(&mut strip, || ());
    let of_text = |text| {
        let mut memory = [0; 256];
        let label = Label::from_buffer(&FONT_6X12, &mut memory).at(2, 7);
        label.set_text(text).unwrap();
        screen.repaint(&label)
    };
    TEXTS.map(of_text).to_vec()
}

/// Shows all texts on a label that starts without room; `rest` between two of them.
fn check<'m>(label: impl Grows<'m>, heap: &'m impl Memory, rest: impl Fn()) {
    let mut strip = [0; 400];
    let mut screen = Screen::new(&mut strip, || ());
    let root = Group::new((label,));
    for (text, expected) in TEXTS.iter().zip(expected()) {
        root.children().0.set(text, Home::from(heap)).unwrap();
        rest();
        screen.refresh(&root);
        assert!(screen.frame() == expected, "{text:?}");
    }
}

#[test]
fn on_a_heap_of_fixed_blocks() {
    let mut region = [MaybeUninit::uninit(); 1024];
    let heap = LinkedListHeap::new(&mut region);
    check(Label::new_in(&FONT_6X12, 0, &heap).unwrap().at(2, 7), &heap, || ());
    check(BitmapLabel::new_in(&FONT_6X12, 0, &heap).unwrap().at(2, 7), &heap, || ());
}

#[test]
fn on_a_heap_that_moves_blocks() {
    let mut region = [MaybeUninit::uninit(); 1024];
    let heap = CompactingHeap::new(&mut region);
    let rest = || {
        heap.compact_step(usize::MAX);
        heap.check_invariants();
    };
    check(Label::new_in(&FONT_6X12, 0, &heap).unwrap().at(2, 7), &heap, rest);
    check(BitmapLabel::new_in(&FONT_6X12, 0, &heap).unwrap().at(2, 7), &heap, rest);
}

#[test]
fn without_memory_the_label_shows_what_it_showed() {
    let (mut glyphs, mut pixels, mut strip) = ([0; 24], [0; 36], [0; 400]);
    let label = Label::from_buffer(&FONT_6X12, &mut glyphs).at(2, 7);
    let bitmap = BitmapLabel::from_buffer(&FONT_6X12, 18, &mut pixels).at(2, 20);
    label.set_text("abc").unwrap();
    bitmap.set_text("abc").unwrap();
    let mut screen = Screen::new(&mut strip, || ());
    let scene = Group::new((label, bitmap));
    let before = screen.repaint(&scene);
    let (label, bitmap) = scene.children();
    let errors = [label.set_text_in("abcde", &NoHeap), bitmap.set_text_in("abcde", &NoHeap)];
    assert!(errors.iter().all(|error| matches!(error, Err(TextError::OutOfMemory(_)))));
    assert_eq!(screen.refresh(&scene), 0, "pixels sent");
    assert!(screen.repaint(&scene) == before);
}

#[test]
fn a_heap_without_spare_room_gives_what_the_text_needs() {
    let mut region = [MaybeUninit::uninit(); 1024];
    let heap = Failing::new(LinkedListHeap::new(&mut region));
    let label = Label::new_in(&FONT_6X12, 4, &heap).unwrap();
    let bitmap = BitmapLabel::new_in(&FONT_6X12, 4, &heap).unwrap();
    heap.fail_after(Some(0));
    label.set_text_in("abcde", &heap).unwrap();
    assert_eq!(label.capacity(), 5);
    label.set_text_in("abcdef", &heap).unwrap();
    assert_eq!(label.capacity(), 7, "half more than 5");
    heap.fail_after(Some(0));
    bitmap.set_text_in("abcde", &heap).unwrap();
    assert!(bitmap.set_text("abcdef").is_err());
    bitmap.set_text_in("abcdef", &heap).unwrap();
    bitmap.set_text("abcdefg").unwrap();
}
