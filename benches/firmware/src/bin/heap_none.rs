//! Writes to lent bytes and reads them: what the sizes of heaps are measured from.
//!
//! `heap_*` do the same with a heap each. `TalcHeap` is not among them: it links only beside a global allocator.
#![no_std]
#![no_main]

use cortex_m_rt::entry;
use displayio_allocators::Storage;
use displayio_bench_firmware::{halt_on_panic, use_storage};

halt_on_panic!();

#[entry]
fn main() -> ! {
    static mut REGION: [u8; 1000] = [0; 1000];

    loop {
        use_storage(Ok(Storage::from_buffer(REGION)));
    }
}
