use core::mem::MaybeUninit;

use super::*;
use crate::{LinkedListHeap, Memory, double::SlidingHeap};

const TEST: Purpose = Purpose::Named("a test");

#[test]
fn four_places_behave_alike() {
    let mut lent = [0; 16];
    let mut region = [MaybeUninit::uninit(); 256];
    let mut movable_region = [0; 256];
    let fixed = LinkedListHeap::new(&mut region);
    let movable = SlidingHeap::<4>::new(&mut movable_region);
    for storage in [
        Storage::from_buffer(&mut lent),
        Storage::zeroed_in(16, TEST, &fixed).unwrap(),
        Storage::zeroed_in(16, TEST, &movable).unwrap(),
    ] {
        storage.write(|bytes| bytes[3] = 7).unwrap();
        assert_eq!(storage.read(|bytes| (bytes[3], bytes.len())), Ok((7, 16)), "{storage:?}");
    }
    let flash = Storage::from_slice(&[1, 2, 3]);
    assert_eq!(flash.write(|_| ()), Err(Busy::ReadOnly));
    assert_eq!(flash.read(|bytes| bytes[2]), Ok(3));
}

#[test]
fn readers_nest_and_writers_exclude() {
    let mut bytes = [0; 4];
    let storage = Storage::from_buffer(&mut bytes).with_tag(5);
    let nested = storage.read(|a| {
        assert_eq!(storage.write(|_| ()), Err(Busy::Viewed));
        storage.read(|b| a.as_ptr() == b.as_ptr())
    });
    assert_eq!(nested, Ok(Ok(true)));
    assert!(storage.is_readable());
    let inside_writer = storage.write(|_| (storage.read(|_| ()), storage.write(|_| ())));
    assert_eq!(inside_writer, Ok((Err(Busy::Viewed), Err(Busy::Viewed))));
    assert_eq!(storage.write(|_| storage.is_readable()), Ok(false));
    assert_eq!((storage.write(|_| ()), storage.tag(), storage.len()), (Ok(()), 5, 4));
}

#[test]
fn the_seventh_reader_is_refused_and_the_others_close() {
    fn depth(storage: &Storage<'_>) -> u32 {
        storage.read(|_| 1 + depth(storage)).unwrap_or(0)
    }
    let storage = Storage::from_slice(&[]);
    assert_eq!((depth(&storage), depth(&storage)), (6, 6));
}

#[test]
fn a_block_moves_between_views_and_never_inside_one() {
    let mut region = [0; 64];
    let heap = SlidingHeap::<4>::new(&mut region);
    let gap = Storage::zeroed_in(20, TEST, &heap).unwrap();
    let kept = Storage::zeroed_in(20, TEST, &heap).unwrap();
    kept.write(|bytes| bytes.fill(9)).unwrap();
    drop(gap);
    kept.read(|bytes| {
        heap.slide();
        assert_eq!((heap.moves(), bytes), (0, &[9; 20][..]));
    })
    .unwrap();
    let big = Storage::zeroed_in(40, TEST, &heap).unwrap();
    assert_eq!((heap.moves(), kept.read(|bytes| bytes == [9; 20])), (1, Ok(true)));
    drop((kept, big));
    assert_eq!(heap.info().unwrap().free_bytes, heap.info().unwrap().total_bytes);
}

#[test]
fn refusal_names_size_and_purpose() {
    let mut region = [0; 64];
    let heap = SlidingHeap::<4>::new(&mut region);
    let refused = |size| {
        let error = Storage::zeroed_in(size, TEST, &heap).unwrap_err();
        assert_eq!((error.requested_bytes, error.purpose), (size, TEST));
        error.heap
    };
    assert_eq!(refused(100), heap.info());
    // No heap could give these.
    assert_eq!([Storage::MAX_BYTES + 1, usize::MAX].map(refused), [None; 2]);
}

#[test]
fn a_forgotten_pin_is_never_lost() {
    let mut region = [0; 64];
    let heap = SlidingHeap::<4>::new(&mut region);
    let gap = Storage::zeroed_in(8, TEST, &heap).unwrap();
    let buffer = Storage::zeroed_in(20, TEST, &heap).unwrap();
    let mut pinned = buffer.pin().unwrap();
    pinned.fill(7);
    assert_eq!((buffer.read(|_| ()), buffer.pin().err()), (Err(Busy::Viewed), Some(Busy::Viewed)));
    drop(pinned);
    assert_eq!(buffer.read(|bytes| bytes[19]), Ok(7));

    core::mem::forget(buffer.pin());
    drop((gap, buffer));
    heap.slide();
    assert_eq!(heap.moves(), 0, "a transfer may still run");
    assert_eq!(heap.info().unwrap().free_bytes, 44, "and its bytes are never freed");
}
