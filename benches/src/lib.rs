//! Workloads that measure displayio: the same scenes on a desktop and in firmware.
//!
//! A [`Workload`] builds its scene in memory of the caller's choice, brings it into the steady state and lets an
//! [`Observer`] watch one refresh: firmware counts the instructions, a test looks at the frame. The scenes are those by
//! which CircuitPython's displayio was measured, pixel for pixel. [`heaps`] compares heaps instead of drawing.
#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "checksums")]
mod checksums;
mod error;
mod files;
pub mod heaps;
mod panel;
mod pictures;
mod tables;
mod workload;

#[cfg(feature = "checksums")]
pub use checksums::print_checksums;
pub use error::BenchError;
pub use panel::CountingPanel;
pub use workload::{Observer, Refresh, Workload};
