//! Measures the stack that each workload's refresh needs.
//!
//! Prints `check,BYTES` (of a call with a frame of 1000 bytes), then a line `WORKLOAD,BYTES` for each. The panel needs no
//! stack; a real one adds what its driver needs.
#![no_std]
#![no_main]

use core::{hint::black_box, mem::MaybeUninit};

use cortex_m_rt::entry;
use displayio_allocators::LinkedListHeap;
use displayio_bench_firmware::stack_bytes;
use displayio_benches::{CountingPanel, Observer, Workload};
use displayio_core::{BlockingPanel, Display, Node, RefreshError, RefreshStats, Rgb565};
use semihosting::{println, process};

const HEAP_BYTES: usize = 240 * 1024;

/// Memory for a strip, aligned to words. What a refresh keeps on the stack does not depend on its length.
#[repr(align(4))]
struct Strip([u8; 640]);

/// The most that a refresh needed.
#[derive(Default)]
struct StackDepth {
    bytes: usize,
}

impl Observer for StackDepth {
    fn refresh<P: BlockingPanel<Format = Rgb565>, N: Node<Rgb565>>(
        &mut self,
        display: &mut Display<'_, P>,
        root: &N,
    ) -> Result<RefreshStats, RefreshError<P::Error>> {
        let (result, bytes) = stack_bytes(|| display.refresh(root));
        self.bytes = self.bytes.max(bytes);
        result
    }
}

#[entry]
fn main() -> ! {
    static mut REGION: [MaybeUninit<u8>; HEAP_BYTES] = [MaybeUninit::uninit(); HEAP_BYTES];
    static mut STRIP: Strip = Strip([0; 640]);

    let ((), bytes) = stack_bytes(|| fill(&mut [0; 1000]));
    println!("check,{bytes}");
    for workload in Workload::ALL.into_iter().chain(Workload::TEXTS).chain(Workload::SCALE) {
        let heap = LinkedListHeap::new(REGION);
        let mut depth = StackDepth::default();
        let panel = CountingPanel::new(workload.panel_size());
        match workload.run(panel, &mut STRIP.0, &heap, &mut depth) {
            Ok(_) => println!("{},{}", workload.name(), depth.bytes),
            Err(error) => {
                println!("{}: {error}", workload.name());
                process::exit(1)
            }
        }
    }
    process::exit(0)
}

/// Writes all of its caller's array.
fn fill(bytes: &mut [u8]) {
    bytes.fill(1);
    black_box(bytes);
}
