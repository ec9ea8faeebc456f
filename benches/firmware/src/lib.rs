//! What the benchmark programs share: a count of instructions, heaps that are measured by it, a panel on a bus, and a user of
//! bytes.
#![no_std]

mod instructions;
mod measured;
mod panel;
mod samples;
mod storage;

pub use instructions::{Counter, Reading, spin};
pub use measured::{HeapSamples, Measured, Pause};
pub use panel::MipiPanel;
pub use samples::{Samples, Statistics};
pub use storage::use_storage;
