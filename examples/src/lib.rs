//! What the example programs share.
#![forbid(unsafe_code)]

extern crate alloc;

/// The code of the README runs.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

pub mod desktop;
pub mod scene;
pub mod showcase;
