//! One suite for every heap: random scripts against a shadow that knows only ranges and contents.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test")]

use core::{mem::MaybeUninit, ptr::NonNull};

use displayio_allocators::{
    Arena, CompactingHeap, Failing, Instrumented, Layout, LinkedListHeap, Memory, Pool, TlsfHeap,
};
use proptest::{prelude::*, sample::Index};

#[derive(Debug, Clone)]
enum Action {
    Allocate {
        size: usize,
        align: usize,
    },
    Free(Index),
    /// Grows or shrinks a block.
    Resize(Index, usize),
}

fn action() -> impl Strategy<Value = Action> {
    let layout = (prop_oneof![0_usize..64, 0_usize..700], 0_u32..6);
    prop_oneof![
        5 => layout.prop_map(|(size, align)| Action::Allocate { size, align: 1 << align }),
        4 => any::<Index>().prop_map(Action::Free),
        1 => (any::<Index>(), 0_usize..400).prop_map(|(index, size)| Action::Resize(index, size)),
    ]
}

struct Block {
    start: NonNull<u8>,
    layout: Layout,
    number: u8,
}

impl Block {
    const fn bytes(&self) -> &[u8] {
        // SAFETY: the block is live, and was filled when it was made.
        unsafe { core::slice::from_raw_parts(self.start.as_ptr(), self.layout.size()) }
    }

    fn check_contents(&self, len: usize) {
        assert!(self.bytes()[..len].iter().all(|byte| *byte == self.number), "contents changed");
    }
}

/// What the heap promises about `info`.
struct Promises {
    /// The largest block is the truth.
    largest_is_true: bool,
    /// All bytes are free once all blocks are.
    all_comes_back: bool,
}

struct Shadow<'h> {
    heap: &'h dyn Memory,
    region: core::ops::Range<usize>,
    blocks: Vec<Block>,
    number: u8,
}

impl Shadow<'_> {
    fn adopt(&mut self, block: NonNull<[u8]>, layout: Layout) {
        let start = block.cast::<u8>();
        assert!(block.len() >= layout.size(), "too short");
        assert_eq!(start.addr().get() % layout.align(), 0, "alignment of {layout:?}");
        let range = start.addr().get()..start.addr().get() + layout.size();
        if layout.size() > 0 {
            assert!(
                self.region.start <= range.start && range.end <= self.region.end,
                "outside the region"
            );
        }
        for other in &self.blocks {
            let other = other.start.addr().get()..other.start.addr().get() + other.layout.size();
            assert!(
                range.is_empty() || range.end <= other.start || other.end <= range.start,
                "overlap"
            );
        }
        self.number = self.number.wrapping_add(1);
        // SAFETY: the block was just allocated with this layout.
        unsafe { start.write_bytes(self.number, layout.size()) };
        self.blocks.push(Block { start, layout, number: self.number });
    }

    fn allocate(&mut self, layout: Layout) {
        if let Ok(block) = self.heap.allocate(layout) {
            self.adopt(block, layout);
        } else {
            assert!(layout.size() > 0, "an empty layout was refused");
        }
    }

    fn free(&mut self, index: usize) {
        let block = self.blocks.swap_remove(index);
        block.check_contents(block.layout.size());
        // SAFETY: allocated from this heap with this layout, and forgotten now.
        unsafe { self.heap.deallocate(block.start, block.layout) };
    }

    fn resize(&mut self, index: usize, size: usize) {
        let block = self.blocks.swap_remove(index);
        let layout = Layout::from_size_align(size, block.layout.align()).unwrap();
        let result = if size >= block.layout.size() {
            // SAFETY: allocated from this heap with this layout; the new one is no smaller.
            unsafe { self.heap.grow(block.start, block.layout, layout) }
        } else {
            // SAFETY: allocated from this heap with this layout; the new one is no larger.
            unsafe { self.heap.shrink(block.start, block.layout, layout) }
        };
        let kept = size.min(block.layout.size());
        match result {
            Ok(moved) => {
                let moved_block = Block { start: moved.cast(), layout, number: block.number };
                moved_block.check_contents(kept);
                self.adopt(moved, layout);
            }
            Err(_) => {
                block.check_contents(block.layout.size());
                self.blocks.push(block);
            }
        }
    }

    fn check(&mut self, promises: &Promises) {
        self.blocks.iter().for_each(|block| block.check_contents(block.layout.size()));
        if promises.largest_is_true {
            let largest = self.heap.info().unwrap().largest_free_bytes;
            let fits = |size| {
                let layout = Layout::from_size_align(size, align_of::<usize>()).unwrap();
                let block = self.heap.allocate(layout);
                // SAFETY: just allocated with this layout.
                block.map(|block| unsafe { self.heap.deallocate(block.cast(), layout) }).is_ok()
            };
            for size in [largest, largest.saturating_sub(size_of::<usize>())] {
                assert!(fits(size), "{size} of at most {largest} bytes do not fit");
            }
            assert!(!fits(largest + 1), "more than {largest} bytes fit");
        }
    }
}

fn run(
    heap: &dyn Memory,
    region: core::ops::Range<usize>,
    actions: &[Action],
    promises: &Promises,
) {
    let before = heap.info().unwrap();
    let mut shadow = Shadow { heap, region, blocks: vec![], number: 0 };
    for action in actions {
        match action {
            Action::Allocate { size, align } => {
                shadow.allocate(Layout::from_size_align(*size, *align).unwrap());
            }
            Action::Free(_) | Action::Resize(..) if shadow.blocks.is_empty() => {}
            Action::Free(index) => shadow.free(index.index(shadow.blocks.len())),
            Action::Resize(index, size) => shadow.resize(index.index(shadow.blocks.len()), *size),
        }
        shadow.check(promises);
    }
    while !shadow.blocks.is_empty() {
        shadow.free(0);
    }
    if promises.all_comes_back {
        assert_eq!(heap.info().unwrap().free_bytes, before.free_bytes, "bytes were lost");
        assert_eq!(
            heap.info().unwrap().largest_free_bytes,
            before.largest_free_bytes,
            "bytes stayed in pieces"
        );
    }
}

/// What lies in front of a region.
const CANARY: u8 = 0xa5;

/// A test of a heap that is made of a region.
macro_rules! conforms {
    ($name:ident, |$region:ident| $heap:expr, $promises:expr) => {
        proptest! {
            #[test]
            fn $name(actions in prop::collection::vec(action(), 1..100), bytes in 0_usize..5000, skip in 0_usize..16) {
                // An allocation of exactly this size: a sanitizer sees what leaves it.
                let mut memory = vec![MaybeUninit::new(CANARY); skip + bytes];
                let range = memory[skip..].as_ptr_range();
                let range = range.start.addr()..range.end.addr();
                let $region = &mut memory[skip..];
                run(&$heap, range, &actions, &$promises);
                // SAFETY: these bytes were initialised, and no heap has them.
                let is_whole = |byte: &MaybeUninit<u8>| unsafe { byte.assume_init() } == CANARY;
                assert!(memory[..skip].iter().all(is_whole), "written before the region");
            }
        }
    };
}

const HONEST: Promises = Promises { largest_is_true: true, all_comes_back: true };

conforms!(linked_list, |region| LinkedListHeap::new(region), HONEST);
conforms!(tlsf, |region| TlsfHeap::new(region), HONEST);
#[cfg(feature = "talc")]
conforms!(talc, |region| displayio_allocators::TalcHeap::new(region), HONEST);
#[cfg(feature = "buddy")]
conforms!(buddy, |region| displayio_allocators::BuddyHeap::new(region), HONEST);
conforms!(arena, |region| Arena::new(region), HONEST);
conforms!(pool, |region| Pool::new(region, 48), HONEST);
conforms!(instrumented, |region| Instrumented::new(LinkedListHeap::new(region)), HONEST);
conforms!(failing, |region| Failing::new(TlsfHeap::new(region)), HONEST);
// Its largest block is that of movable memory; the heap's own tests check it.
conforms!(
    compacting,
    |region| CompactingHeap::new(region),
    Promises { largest_is_true: false, all_comes_back: true }
);
