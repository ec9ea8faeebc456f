//! Prints checksums of what the workloads send to their panels.
//!
//! `cargo xtask pictures` compares them with those that emulated boards print.
#![expect(clippy::print_stdout, reason = "output is what the program is for")]

use core::mem::MaybeUninit;

use displayio_benches::{BenchError, print_checksums};

const HEAP_BYTES: usize = 240 * 1024;

fn main() -> Result<(), BenchError> {
    let mut region = vec![MaybeUninit::uninit(); HEAP_BYTES];
    print_checksums(&mut region, &mut |text| print!("{text}"))
}
