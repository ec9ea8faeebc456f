//! Values whose drop panics: their block is freed all the same.

#![allow(clippy::panic, clippy::unwrap_used, missing_docs, reason = "a test")]

use core::{mem::MaybeUninit, panic::AssertUnwindSafe};
use std::panic::catch_unwind;

use displayio_allocators::{Boxed, Buf, Heap, Instrumented, LinkedListHeap};

struct Panics(#[expect(dead_code, reason = "it shall have a size")] u32);

impl Drop for Panics {
    fn drop(&mut self) {
        panic!("a test");
    }
}

fn check(make_and_drop: impl FnOnce(Heap<'_>)) {
    let mut region = [MaybeUninit::uninit(); 256];
    let heap = Instrumented::new(LinkedListHeap::new(&mut region));
    catch_unwind(AssertUnwindSafe(|| make_and_drop(&heap))).unwrap_err();
    let counters = heap.counters();
    assert_eq!((counters.allocations, counters.live_blocks), (1, 0), "one block came and went");
}

#[test]
fn a_box_is_freed() {
    check(|heap| drop(Boxed::new_in(Panics(7), heap).unwrap()));
}

#[test]
fn a_list_is_freed() {
    check(|heap| assert!(Buf::new(heap).try_push(Panics(7)).is_ok(), "there is room"));
}
