//! Labels whose texts change: how often they allocate, to the last one, on heaps of any kind.

#![allow(clippy::unwrap_used, reason = "a test")]

use core::mem::MaybeUninit;

use displayio_allocators::{
    Arena, BuddyHeap, CompactingHeap, Instrumented, LinkedListHeap, Memory, Pool, TlsfHeap,
};
use displayio_benches::heaps::{Contender, LabelKind, Room, TextReport, TextTrial};

const RAM_BYTES: usize = 16 * 1024;

type Ram = [MaybeUninit<u8>; RAM_BYTES];

const fn ram() -> Ram {
    [MaybeUninit::uninit(); RAM_BYTES]
}

/// Texts until no label has grown for long.
const CHANGES: u32 = 1_500;

/// Runs all trials on a heap each, which `make` makes; `rest` between two texts.
fn check<M: Memory>(make: impl Fn(&'static mut Ram) -> M, rest: impl Fn(&M)) {
    for trial in TextTrial::all_on(Contender::LinkedList) {
        let heap = Instrumented::new(make(Box::leak(Box::new(ram()))));
        let trial = TextTrial { changes: CHANGES, ..trial };
        let report = trial.run(&heap, || rest(heap.inner())).unwrap();
        let (first_allocations, later_allocations) = match trial.room {
            Room::Given => (5, 0),
            Room::None => (0, 14),
        };
        let peak_live_bytes = match (trial.kind, trial.room) {
            (LabelKind::Bitmaps, Room::Given) => 5 * 30 * 12,
            (LabelKind::Glyphs, Room::Given) => 5 * 40 * 8,
            (LabelKind::Bitmaps, Room::None) => 2574,
            (LabelKind::Glyphs, Room::None) => 2216,
        };
        let expected = TextReport {
            first_allocations,
            later_allocations,
            failures: 0,
            peak_live_bytes,
            wrong_texts: 0,
        };
        assert_eq!(report, expected, "{trial:?}");
        assert_eq!(heap.counters().live_blocks, 0, "{trial:?}");
    }
}

#[test]
fn fixed_heaps_see_a_few_allocations_or_none() {
    check(|ram| LinkedListHeap::new(ram), |_| ());
    check(|ram| TlsfHeap::new(ram), |_| ());
    check(|ram| BuddyHeap::new(ram), |_| ());
    check(|ram| Arena::new(ram), |_| ());
    check(|ram| Pool::new(ram, 1024), |_| ());
}

#[test]
fn a_compacting_heap_stays_sound_while_labels_grow_in_it() {
    check(
        |ram| CompactingHeap::new(ram),
        |heap| {
            heap.compact_step(64);
            heap.check_invariants();
        },
    );
}

#[test]
fn labels_that_start_without_memory_say_so() {
    let heap = Instrumented::new(displayio_allocators::NoHeap);
    for room in Room::ALL {
        let trial = TextTrial::new(LabelKind::Glyphs, room);
        assert!(trial.run(&heap, || ()).is_err(), "{room:?}");
    }
}

/// What `cargo run -p displayio-benches --release --bin heaps -- --texts --csv` prints.
#[test]
fn committed_table_is_what_the_trials_find() {
    let mut rows = include_str!("../results/label-texts.csv").lines().skip(1);
    for heap in Contender::ALL {
        for trial in TextTrial::all_on(heap) {
            let mut scratch = [MaybeUninit::uninit(); RAM_BYTES];
            let report = trial.run_on(heap, &mut ram(), &Arena::new(&mut scratch)).unwrap();
            let TextReport { first_allocations, later_allocations, peak_live_bytes, .. } = report;
            let (heap, kind, room) = (heap.name(), trial.kind.letter(), trial.room.name());
            let counts = format!("{first_allocations},{later_allocations},{peak_live_bytes}");
            assert_eq!(rows.next(), Some(&*format!("{heap},{kind},{room},{counts}")));
            assert_eq!((report.failures, report.wrong_texts), (0, 0), "{heap}");
        }
    }
    assert_eq!(rows.next(), None, "rows of nothing");
}
