//! What the benchmark programs share: a count of instructions, a panel on a bus, and a user of bytes.
#![no_std]

mod instructions;
mod panel;
mod storage;

pub use instructions::{Counter, Reading, spin};
pub use panel::MipiPanel;
pub use storage::use_storage;
