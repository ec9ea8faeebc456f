//! Panels for `displayio-core`: what a display sends its strips to.
//!
//! | module | what |
//! |---|---|
//! | [`framebuffer`] | a panel in memory, for tests and previews (feature `std`) |
//! | [`png`] | its picture as a file (feature `std`) |
#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "std")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

#[cfg(feature = "std")]
pub mod framebuffer;
#[cfg(feature = "std")]
pub mod png;
#[cfg(feature = "std")]
pub mod preview;
