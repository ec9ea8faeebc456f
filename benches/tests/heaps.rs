//! Heaps under the allocations of display programs: who wins, and whether the benchmark would notice a broken one.

use core::{cell::RefCell, mem::MaybeUninit};

use displayio_allocators::{
    Arena, CompactingHeap, HeapInfo, Home, LinkedListHeap, NoHeap, OutOfMemory, Purpose, Recorder,
    Storage, TraceError,
};
use displayio_benches::heaps::{
    Blocks, Contender, Found, Homes, Kind, NoClock, Recorded, RecordedError, Report, Search, Trial,
    Workload,
};

const RAM_BYTES: usize = 64 * 1024;

/// RAM whose place does not matter, because its alignment is always the same.
fn with_ram<T>(f: impl FnOnce(&mut [MaybeUninit<u8>]) -> T) -> T {
    let mut ram = vec![MaybeUninit::uninit(); RAM_BYTES + 64];
    let skip = ram.as_ptr().align_offset(64);
    f(&mut ram[skip..][..RAM_BYTES])
}

fn highest(contender: Contender, workload: Workload, seed: u32) -> Result<Found, OutOfMemory> {
    let mut scratch = vec![MaybeUninit::uninit(); 256 * 1024];
    let search = Search { workload, operations: 3000, seeds: &[seed] };
    let found = with_ram(|ram| search.highest(contender, ram, &Arena::new(&mut scratch)))?;
    assert_eq!(found.corruptions, 0, "{} on {workload:?}", contender.name());
    Ok(found)
}

fn run(trial: &Trial, blocks: &impl Blocks) -> Result<Report, OutOfMemory> {
    let mut scratch = vec![MaybeUninit::uninit(); 256 * 1024];
    trial.run(blocks, &NoClock, &Arena::new(&mut scratch))
}

#[test]
fn moving_blocks_lets_an_image_viewer_use_far_more_of_its_ram() {
    let half_percents =
        |contender| highest(contender, Workload::Images, 1).unwrap().utilisation.half_percents();
    let compacting = half_percents(Contender::Compacting);
    assert!(compacting >= 2 * 96, "{compacting} half percents");
    for fixed in [Contender::Reference, Contender::LinkedList, Contender::Tlsf] {
        let other = half_percents(fixed);
        assert!(compacting >= other + 2 * 20, "{}: {other} half percents", fixed.name());
    }
}

#[test]
fn same_seed_finds_the_same_figure() {
    for contender in Contender::ALL {
        let found = [5, 5, 6].map(|seed| highest(contender, Workload::Mix, seed).unwrap());
        assert_eq!(found[0], found[1], "{}", contender.name());
        assert_ne!(found[0].peak_live_bytes, found[2].peak_live_bytes, "seeds must differ");
    }
}

#[test]
fn no_heap_damages_a_block() {
    let mut scratch = vec![MaybeUninit::uninit(); 256 * 1024];
    for contender in Contender::ALL {
        for workload in Workload::ALL {
            let trial = Trial {
                operations: 5000,
                stops_at_failure: false,
                sample_every: 100,
                ..Trial::new(workload, RAM_BYTES * 95 / 100, 1)
            };
            let scratch = Arena::new(&mut scratch);
            let report = with_ram(|ram| contender.run(ram, &trial, &NoClock, &scratch).unwrap());
            assert_eq!(report.corruptions, 0, "{} on {workload:?}", contender.name());
            let spread = report.fragmentation;
            assert!(spread.mean_percent() <= spread.max_percent(), "{spread:?}");
        }
    }
}

#[test]
fn live_bytes_come_close_to_the_target_and_stay_below() {
    let mut ram = vec![MaybeUninit::uninit(); 8 * RAM_BYTES];
    for workload in Workload::ALL {
        for target_bytes in [RAM_BYTES / 2, 3 * RAM_BYTES] {
            let heap = LinkedListHeap::new(&mut ram);
            let homes = Homes::new(&heap, &heap);
            let report = run(&Trial::new(workload, target_bytes, 1), &homes).unwrap();
            let peak = report.peak_live_bytes;
            assert!(peak <= target_bytes, "{workload:?}: {peak} of {target_bytes}");
            assert!(peak >= target_bytes * 8 / 10, "{workload:?}: {peak} of {target_bytes}");
            assert_eq!(report.failures, 0, "{workload:?}");
        }
    }
}

#[test]
fn targets_that_leave_nothing_to_do_end() {
    for workload in Workload::ALL {
        let report = run(&Trial::new(workload, 0, 1), &Homes::new(&NoHeap, &NoHeap)).unwrap();
        assert_eq!(report.peak_live_bytes, 0, "{workload:?}");
    }
}

#[test]
fn a_refusal_is_counted_and_ends_the_trial_on_request() {
    let trial = Trial::new(Workload::Random, RAM_BYTES, 1);
    let homes = Homes::new(&NoHeap, &NoHeap);
    let report = run(&trial, &homes).unwrap();
    assert_eq!((report.operations, report.failures, report.first_failure), (1, 1, Some(1)));
    let report = run(&Trial { stops_at_failure: false, ..trial }, &homes).unwrap();
    assert_eq!((report.operations, report.failures), (12_000, 12_000));
}

/// A broken heap: all blocks are the same bytes.
struct Overlapping(RefCell<Vec<u8>>);

impl Blocks for Overlapping {
    type Block = usize;

    fn allocate(&self, size_bytes: usize, _kind: Kind) -> Option<usize> {
        Some(size_bytes)
    }

    fn free(&self, _size_bytes: usize) {}

    fn write(&self, size_bytes: &usize, f: impl FnOnce(&mut [u8])) {
        f(&mut self.0.borrow_mut()[..*size_bytes]);
    }

    fn info(&self) -> HeapInfo {
        HeapInfo::default()
    }
}

#[test]
fn a_broken_heap_is_found() {
    let heap = Overlapping(RefCell::new(vec![0; RAM_BYTES]));
    for workload in Workload::ALL {
        let report = run(&Trial::new(workload, RAM_BYTES, 1), &heap).unwrap();
        assert!(report.corruptions > 1000, "{workload:?}: {}", report.corruptions);
    }
}

/// What a program allocates that frees every other of 40 small blocks and then wants half of all in one.
fn trace_of_holes() -> Vec<u8> {
    let (mut ram, trace) = (vec![MaybeUninit::uninit(); RAM_BYTES], RefCell::new(Vec::new()));
    let heap = Recorder::new(CompactingHeap::new(&mut ram), |event| {
        trace.borrow_mut().extend_from_slice(event);
    });
    let block = |bytes| Storage::zeroed_in(bytes, Purpose::Named("a block"), Home::from(&heap));
    let mut blocks: Vec<_> = (0..40).map(|_| block(200).ok()).collect();
    blocks.iter_mut().step_by(2).for_each(|block| *block = None);
    blocks.push(block(4000).ok());
    assert_eq!(blocks.iter().flatten().count(), 21, "all fit");
    drop(blocks);
    trace.into_inner()
}

#[test]
fn a_recorded_program_needs_the_least_ram_where_blocks_move() {
    let trace = trace_of_holes();
    let mut scratch = vec![MaybeUninit::uninit(); 64 * 1024];
    let scratch = Arena::new(&mut scratch);
    let recorded = Recorded::new(&trace, &scratch).unwrap();
    assert_eq!((recorded.asked().allocations, recorded.asked().peak_bytes), (41, 8000));
    let least_bytes = Contender::ALL.map(|contender| {
        with_ram(|ram| {
            let least_bytes = recorded.least_ram(contender, ram, &scratch).unwrap().unwrap();
            let mut failures = |bytes: usize| {
                recorded.run(contender, &mut ram[..bytes], &scratch).unwrap().failures
            };
            assert_eq!(failures(least_bytes), 0, "{}", contender.name());
            assert_ne!(failures(least_bytes - 16), 0, "{}", contender.name());
            least_bytes
        })
    });
    let [fixed @ .., compacting] = least_bytes;
    assert!(compacting < 9000, "{compacting}");
    assert!(fixed.iter().all(|bytes| *bytes > 11_000), "{fixed:?}");
    let none = |ram: &mut [_]| recorded.least_ram(Contender::Tlsf, &mut ram[..9000], &scratch);
    assert_eq!(with_ram(none), Ok(None));
}

#[test]
fn what_is_no_trace_is_refused() {
    let scratch = LinkedListHeap::new(&mut []);
    let new = |trace| Recorded::new(trace, &scratch).map(|recorded| recorded.asked());
    assert_eq!(new(&[9]), Err(RecordedError::Trace(TraceError::Malformed { at_byte: 0 })));
    let memory = new(&trace_of_holes()).unwrap_err();
    assert!(matches!(memory, RecordedError::OutOfMemory(_)), "{memory}");
}
