//! The program of `heap_none` with its bytes from a `TlsfHeap`, for the size of that heap.
#![no_std]
#![no_main]

use core::{hint::black_box, mem::MaybeUninit};

use cortex_m_rt::entry;
use displayio_allocators::{Purpose, Storage, TlsfHeap};
use displayio_bench_firmware::{halt_on_panic, use_storage};

halt_on_panic!();

#[entry]
fn main() -> ! {
    static mut REGION: [MaybeUninit<u8>; 4096] = [MaybeUninit::uninit(); 4096];

    let heap = TlsfHeap::new(REGION);
    loop {
        use_storage(Storage::zeroed_in(black_box(1000), Purpose::Named("bytes"), &heap));
    }
}
