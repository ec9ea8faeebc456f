//! Counts the instructions of each workload's refresh.
//!
//! Prints `calibration,TICKS` (ticks of the timer in a million instructions) and `check,INSTRUCTIONS` (of a loop of
//! 2000), then a line `WORKLOAD,BUFFER_BYTES,INSTRUCTIONS,PIXELS` for each measurement. For `view-*`, which open and close
//! views of bytes, views take the place of pixels; for `scale-poll-*` nodes, and for other `scale-*` a 0: what counts is all
//! of them. `tool-NAME-BITS` are bitmap tools. A failure is a panic, which ends QEMU with an error.
#![no_std]
#![no_main]

mod tools;

use core::{hint::black_box, mem::MaybeUninit};

use cortex_m_rt::entry;
use displayio_allocators::{CompactingHeap, LinkedListHeap, OutOfMemory, Purpose, Storage};
use displayio_bench_firmware::{Counter, spin};
use displayio_benches::{CountingPanel, Observer, Workload};
use displayio_core::{
    BlockingPanel, Damage, Display, Layer, Node, Place, RefreshError, RefreshStats, Rgb565,
};
use semihosting::{println, process};

/// A row of 320 pixels, and a few.
const BUFFERS_BYTES: [usize; 2] = [640, 4096];

const HEAP_BYTES: usize = 240 * 1024;

/// How many views are opened and closed.
const VIEWS: u32 = 1000;

/// Memory for the longest strip, aligned to words.
#[repr(align(4))]
struct Strip([u8; 4096]);

/// Counts the instructions of what it watches.
struct InstructionCount<'c> {
    counter: &'c Counter,
    /// Those of the last call.
    instructions: u32,
    /// Those of the one before.
    before: u32,
}

impl InstructionCount<'_> {
    const fn note(&mut self, instructions: u32) {
        self.before = core::mem::replace(&mut self.instructions, instructions);
    }
}

impl Observer for InstructionCount<'_> {
    fn refresh<P: BlockingPanel<Format = Rgb565>, N: Node<Rgb565>>(
        &mut self,
        display: &mut Display<'_, P>,
        root: &N,
    ) -> Result<RefreshStats, RefreshError<P::Error>> {
        let start = Counter::read();
        let result = display.refresh(root);
        self.note(self.counter.since(start));
        result
    }

    fn collect<N: Layer>(&mut self, root: &N, place: &Place, damage: &mut Damage) {
        let start = Counter::read();
        root.collect(place, damage);
        self.note(self.counter.since(start));
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
            let buffer = &mut STRIP.0[..bytes];
            let (count, stats) = measure(workload, &counter, REGION, buffer);
            let (name, instructions) = (workload.name(), count.instructions);
            println!("{name},{bytes},{instructions},{}", stats.pixels);
        }
    }
    for workload in Workload::SCALE {
        let [bytes, _] = BUFFERS_BYTES;
        let (count, _) = measure(workload, &counter, REGION, &mut STRIP.0[..bytes]);
        print_scale(workload, bytes, &count);
    }
    if let Err(error) = measure_views(&counter, REGION) {
        println!("view: {error}");
        process::exit(1)
    }
    if let Err(error) = tools::measure(&counter, &LinkedListHeap::new(REGION)) {
        println!("tools: {error}");
        process::exit(1)
    }
    process::exit(0)
}

/// Instructions of views of bytes in each kind of memory that can be written.
fn measure_views(counter: &Counter, region: &mut [MaybeUninit<u8>]) -> Result<(), OutOfMemory> {
    const PURPOSE: Purpose = Purpose::Named("views");
    print_views("lent", counter, &Storage::from_buffer(&mut [0; 16]));
    let fixed = LinkedListHeap::new(region);
    print_views("fixed", counter, &Storage::zeroed_in(16, PURPOSE, &fixed)?);
    let movable = CompactingHeap::new(region);
    print_views("compacting", counter, &Storage::zeroed_in(16, PURPOSE, &movable)?);
    Ok(())
}

fn print_views(name: &str, counter: &Counter, storage: &Storage<'_>) {
    let start = Counter::read();
    pass_bytes(storage);
    let empty = counter.since(start);
    let start = Counter::read();
    view_bytes(storage);
    println!("view-{name},0,{},{VIEWS}", counter.since(start) - empty);
}

/// Compiled once, as a compositor is: it finds out about the kind of memory at each view.
#[inline(never)]
fn view_bytes(storage: &Storage<'_>) {
    for _ in 0..VIEWS {
        let _ = black_box(storage).read(|bytes| {
            black_box(bytes);
        });
    }
}

/// What of `view_bytes` is not the view.
#[inline(never)]
fn pass_bytes(storage: &Storage<'_>) {
    for _ in 0..VIEWS {
        black_box(storage);
        black_box::<&[u8]>(&[]);
    }
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

/// What was counted, and what the last refresh sent.
fn measure<'c>(
    workload: Workload,
    counter: &'c Counter,
    region: &mut [MaybeUninit<u8>],
    buffer: &mut [u8],
) -> (InstructionCount<'c>, RefreshStats) {
    let heap = LinkedListHeap::new(region);
    let mut count = InstructionCount { counter, instructions: 0, before: 0 };
    let panel = CountingPanel::new(workload.panel_size());
    match workload.run(panel, buffer, &heap, &mut count) {
        Ok(stats) => (count, stats),
        Err(error) => {
            println!("{}: {error}", workload.name());
            process::exit(1)
        }
    }
}

/// A poll by the node, or what a change costs beyond the poll.
fn print_scale(workload: Workload, bytes: usize, count: &InstructionCount<'_>) {
    let (name, &InstructionCount { instructions, before, .. }) = (workload.name(), count);
    match workload {
        Workload::PollValues | Workload::PollTuples | Workload::PollReferences => {
            println!("{name},{bytes},{instructions},{}", Workload::POLLED_NODES);
        }
        Workload::Changed200 => {
            println!("{name}-collect,{bytes},{before},0");
            println!("{name},{bytes},{instructions},0");
        }
        _ => println!("{name},{bytes},{},0", instructions - before),
    }
}
