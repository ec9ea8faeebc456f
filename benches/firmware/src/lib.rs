//! What the benchmark programs share: a count of instructions, and a panel on a bus.
#![no_std]

mod instructions;
mod panel;

pub use instructions::{Counter, Reading, spin};
pub use panel::MipiPanel;
