//! Counts the instructions of each workload's refresh.
//!
//! Prints `calibration,TICKS` (ticks of the timer in a million instructions) and `check,INSTRUCTIONS` (of a loop of
//! 2000), then a line `WORKLOAD,BUFFER_BYTES,INSTRUCTIONS,PIXELS` for each measurement. A failure is a panic, which ends
//! QEMU with an error.
#![no_std]
#![no_main]

use core::{hint::black_box, mem::MaybeUninit};

use cortex_m_rt::entry;
use displayio_allocators::LinkedListHeap;
use displayio_bench_firmware::{Counter, spin};
use displayio_benches::{CountingPanel, Observer, Workload};
use displayio_core::{BlockingPanel, Display, Node, RefreshError, RefreshStats, Rgb565};
use semihosting::{println, process};

/// A row of 320 pixels, and a few.
const BUFFERS_BYTES: [usize; 2] = [640, 4096];

const HEAP_BYTES: usize = 160 * 1024;

/// Memory for the longest strip, aligned to words.
#[repr(align(4))]
struct Strip([u8; 4096]);

/// Counts the instructions of the refresh that it watches.
struct InstructionCount<'c> {
    counter: &'c Counter,
    instructions: u32,
}

impl Observer for InstructionCount<'_> {
    fn refresh<P: BlockingPanel<Format = Rgb565>, N: Node<Rgb565>>(
        &mut self,
        display: &mut Display<'_, P>,
        root: &N,
    ) -> Result<RefreshStats, RefreshError<P::Error>> {
        let start = Counter::read();
        let result = display.refresh(root);
        self.instructions = self.counter.since(start);
        result
    }
}

#[entry]
fn main() -> ! {
    static mut REGION: [MaybeUninit<u8>; HEAP_BYTES] = [MaybeUninit::uninit(); HEAP_BYTES];
    static mut STRIP: Strip = Strip([0; 4096]);

    let counter = Counter::start();
    println!("calibration,{}", counter.ticks_per_million());
    println!("check,{}", check(&counter));
    for workload in Workload::ALL {
        for bytes in BUFFERS_BYTES {
            measure(workload, &counter, REGION, &mut STRIP.0[..bytes]);
        }
    }
    process::exit(0)
}

/// Instructions of a loop of 2000, its call left out.
fn check(counter: &Counter) -> u32 {
    let start = Counter::read();
    spin(black_box(500));
    let short = counter.since(start);
    let start = Counter::read();
    spin(black_box(1500));
    counter.since(start) - short
}

fn measure(
    workload: Workload,
    counter: &Counter,
    region: &mut [MaybeUninit<u8>],
    buffer: &mut [u8],
) {
    let heap = LinkedListHeap::new(region);
    let mut observer = InstructionCount { counter, instructions: 0 };
    let buffer_bytes = buffer.len();
    let panel = CountingPanel::new(workload.panel_size());
    match workload.run(panel, buffer, &heap, &mut observer) {
        Ok(stats) => {
            let (name, instructions) = (workload.name(), observer.instructions);
            println!("{name},{buffer_bytes},{instructions},{}", stats.pixels);
        }
        Err(error) => {
            println!("{}: {error}", workload.name());
            process::exit(1)
        }
    }
}
