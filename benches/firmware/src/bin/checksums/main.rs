//! Prints checksums of what the workloads send to their panels, for comparison with those of a desktop.
//!
//! Nothing is measured here, so that what is measured elsewhere does not compute checksums.
#![no_std]
#![no_main]

mod alignment;

use core::mem::MaybeUninit;

use cortex_m_rt::{ExceptionFrame, entry, exception};
use displayio_benches::print_checksums;
use semihosting::{print, println, process};

const HEAP_BYTES: usize = 240 * 1024;

#[entry]
fn main() -> ! {
    static mut REGION: [MaybeUninit<u8>; HEAP_BYTES] = [MaybeUninit::uninit(); HEAP_BYTES];

    alignment::trap_unaligned();
    match print_checksums(REGION, &mut |text| print!("{text}")) {
        Ok(()) => process::exit(0),
        Err(error) => {
            println!("{error}");
            process::exit(1)
        }
    }
}

/// Ends the program where it would stand still: the line that it was at names the picture.
// SAFETY: does not return, and uses nothing of what was interrupted.
#[exception]
unsafe fn HardFault(frame: &ExceptionFrame) -> ! {
    println!("the processor faults at {:#010x}", frame.pc());
    process::exit(1)
}
