use alloc::{string::ToString, vec, vec::Vec};
use core::mem::MaybeUninit;

use proptest::prelude::*;

use super::*;
use crate::{Home, Purpose, Storage};

const TEST: Purpose = Purpose::Named("a test");

#[derive(Debug, Clone)]
enum Action {
    Movable(usize),
    Fixed(usize, usize),
    Free(prop::sample::Index),
    Step(usize),
    Compact,
    /// Allocates while every third movable block is being viewed.
    MovableUnderPins(usize),
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        6 => (0_usize..600).prop_map(Action::Movable),
        2 => (1_usize..3000).prop_map(Action::Movable),
        3 => (1_usize..100, 0_u32..5).prop_map(|(size, align)| Action::Fixed(size, 1 << align)),
        8 => any::<prop::sample::Index>().prop_map(Action::Free),
        1 => (0_usize..2000).prop_map(Action::Step),
        1 => Just(Action::Compact),
        2 => (0_usize..900).prop_map(Action::MovableUnderPins),
    ]
}

/// A live block: its bytes all hold its number.
enum Block<'h> {
    Movable(Storage<'h>, u8),
    Fixed(NonNull<u8>, Layout, u8),
}

struct Shadow<'h, 'r> {
    heap: &'h CompactingHeap<'r>,
    blocks: Vec<Block<'h>>,
    number: u8,
}

impl Shadow<'_, '_> {
    fn movable(&mut self, size: usize) {
        let largest = self.heap.info().unwrap().largest_free_bytes;
        let storage = Storage::zeroed_in(size, TEST, self.heap);
        assert_eq!(storage.is_ok(), size <= largest, "{size} bytes of at most {largest}");
        if let Ok(storage) = storage {
            storage
                .read(|bytes| assert!(bytes.iter().all(|byte| *byte == 0), "not zeroed"))
                .unwrap();
            self.number = self.number.wrapping_add(1);
            storage.write(|bytes| bytes.fill(self.number)).unwrap();
            self.blocks.push(Block::Movable(storage, self.number));
        }
    }

    fn fixed(&mut self, layout: Layout) {
        if let Ok(block) = Allocator::allocate(self.heap, layout) {
            let block = block.cast::<u8>();
            assert_eq!(block.addr().get() % layout.align(), 0, "alignment");
            self.number = self.number.wrapping_add(1);
            // SAFETY: the block was just allocated with this layout.
            unsafe { block.write_bytes(self.number, layout.size()) };
            self.blocks.push(Block::Fixed(block, layout, self.number));
        }
    }

    fn free(&mut self, index: usize) {
        if let Block::Fixed(block, layout, _) = self.blocks.swap_remove(index) {
            // SAFETY: allocated with this layout, and forgotten now.
            unsafe { self.heap.deallocate(block, layout) };
        }
    }

    /// Allocates while every third block is being viewed.
    fn movable_under_pins(&mut self, size: usize) {
        let (viewed, others): (Vec<_>, Vec<_>) = core::mem::take(&mut self.blocks)
            .into_iter()
            .enumerate()
            .partition(|(i, _)| i % 3 == 0);
        let viewed: Vec<_> = viewed.into_iter().map(|(_, block)| block).collect();
        self.blocks = others.into_iter().map(|(_, block)| block).collect();
        inside_views(&viewed, &mut || self.movable(size));
        self.blocks.extend(viewed);
    }

    fn check(&self) {
        self.heap.check_invariants();
        for block in &self.blocks {
            match block {
                Block::Movable(storage, number) => {
                    storage
                        .read(|bytes| assert!(bytes.iter().all(|byte| byte == number), "contents"))
                        .unwrap();
                }
                Block::Fixed(block, layout, number) => {
                    // SAFETY: the block is live and was filled when it was allocated.
                    let bytes =
                        unsafe { core::slice::from_raw_parts(block.as_ptr(), layout.size()) };
                    assert!(bytes.iter().all(|byte| byte == number), "contents of a fixed block");
                }
            }
        }
    }
}

/// Calls `f` inside views of all the blocks, which must not move meanwhile.
fn inside_views(blocks: &[Block<'_>], f: &mut dyn FnMut()) {
    match blocks.split_first() {
        None => f(),
        Some((Block::Fixed(..), rest)) => inside_views(rest, f),
        Some((Block::Movable(storage, number), rest)) => storage
            .read(|bytes| {
                inside_views(rest, f);
                assert!(
                    bytes.iter().all(|byte| byte == number),
                    "a block moved while it was viewed"
                );
            })
            .unwrap(),
    }
}

/// Runs a script in a region of `bytes` that starts `skip` bytes off; all sizes are times `scale`.
fn run(actions: &[Action], bytes: usize, skip: usize, scale: usize) {
    let mut region = vec![MaybeUninit::uninit(); skip + bytes * scale];
    let heap = CompactingHeap::new(&mut region[skip..]);
    let mut shadow = Shadow { heap: &heap, blocks: Vec::new(), number: 0 };
    for action in actions {
        match action {
            Action::Movable(size) => shadow.movable(size * scale),
            Action::Fixed(size, align) => {
                shadow.fixed(Layout::from_size_align(size * scale, *align).unwrap());
            }
            Action::Free(_) if shadow.blocks.is_empty() => {}
            Action::Free(index) => shadow.free(index.index(shadow.blocks.len())),
            Action::Step(budget) => {
                assert!(heap.compact_step(budget * scale) <= budget * scale, "over the budget");
            }
            Action::Compact => heap.compact(),
            Action::MovableUnderPins(size) => shadow.movable_under_pins(size * scale),
        }
        shadow.check();
    }
    while !shadow.blocks.is_empty() {
        shadow.free(0);
    }
    heap.check_invariants();
    let info = heap.info().unwrap();
    assert_eq!((info.free_bytes, info.pinned_blocks), (info.total_bytes, 0));
}

proptest! {
    #[test]
    fn behaves_as_its_shadow(actions in prop::collection::vec(action(), 1..120), bytes in 0_usize..9000, skip in 0_usize..8) {
        run(&actions, bytes, skip, 1);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn large_regions_behave_likewise(actions in prop::collection::vec(action(), 1..60), bytes in 3000_usize..9000, skip in 0_usize..40) {
        run(&actions, bytes, skip, 97); // 284 to 852 KiB: granules of 8 and 16 bytes
    }
}

#[test]
fn large_regions_have_larger_granules() {
    let mut region = vec![MaybeUninit::uninit(); 1 << 20];
    let heap = CompactingHeap::new(&mut region);
    let blocks: Vec<_> =
        (0..60).map(|_| Storage::zeroed_in(17_000, TEST, &heap).unwrap()).collect();
    drop(blocks.into_iter().step_by(2).collect::<Vec<_>>());
    heap.check_invariants();
    assert!(heap.info().unwrap().largest_free_bytes > 1_000_000);
}

#[test]
fn a_failure_tells_of_pins() {
    let mut region = [MaybeUninit::uninit(); 1024];
    let heap = CompactingHeap::new(&mut region);
    let blocks: [_; 5] = core::array::from_fn(|_| Storage::zeroed_in(150, TEST, &heap).unwrap());
    let [first, second, third, ..] = blocks;
    drop((first, third));
    let error = second.read(|_| Storage::zeroed_in(400, TEST, &heap).unwrap_err()).unwrap();
    assert_eq!(error.heap.unwrap().pinned_blocks, 1);
    assert!(error.to_string().ends_with("1 block pinned)"), "{error}");
    assert!(Storage::zeroed_in(400, TEST, &heap).is_ok(), "without the view");
}

#[test]
fn fixed_memory_pushes_movable_memory_away() {
    let mut region = [MaybeUninit::uninit(); 2048];
    let heap = CompactingHeap::new(&mut region);
    let low = Storage::zeroed_in(1500, TEST, &heap).unwrap();
    drop(Storage::zeroed_in(200, TEST, &heap).unwrap());
    let node = Storage::zeroed_in(400, TEST, Home::Fixed(&heap)).unwrap();
    heap.check_invariants();
    drop((low, node));
}

#[test]
fn what_filled_a_hole_of_fixed_memory_moves_once_that_is_gone() {
    let mut region = [MaybeUninit::uninit(); 1024];
    let heap = CompactingHeap::new(&mut region);
    let fixed = || Storage::zeroed_in(96, TEST, Home::Fixed(&heap)).unwrap();
    let (first, hole, last) = (fixed(), fixed(), fixed());
    drop(hole);
    let rest = heap.info().unwrap().largest_free_bytes;
    let high = Storage::zeroed_in(rest, TEST, &heap).unwrap();
    let low = Storage::zeroed_in(90, TEST, &heap).unwrap();
    drop((last, first, high));
    heap.check_invariants();
    let info = heap.info().unwrap();
    assert_eq!(info.largest_free_bytes + 4, info.free_bytes, "all free bytes but a header");
    drop((low, Storage::zeroed_in(info.largest_free_bytes, TEST, &heap).unwrap()));
}
