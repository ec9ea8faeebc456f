//! What the benchmark programs share: a count of instructions, heaps that are measured by it, the stack that a call needs,
//! a panel on a bus, a picture to show on it, and users of bytes and of bitmap tools.
#![no_std]

mod instructions;
mod measured;
mod panel;
mod picture;
mod samples;
mod stack;
mod storage;
mod tools;

/// Defines a panic handler that loops: the least there can be, for programs that are measured by their size.
#[macro_export]
macro_rules! halt_on_panic {
    () => {
        #[panic_handler]
        fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
            loop {}
        }
    };
}

pub use instructions::{Counter, Reading, spin};
pub use measured::{HeapSamples, Measured, Pause};
pub use panel::MipiPanel;
pub use picture::{Failed, TRIANGLE, picture, show_moving};
pub use samples::{Samples, Statistics};
pub use stack::stack_bytes;
pub use storage::use_storage;
pub use tools::{ANGLE, Scratch, use_tools};
