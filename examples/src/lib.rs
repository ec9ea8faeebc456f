//! What the example programs share.
#![forbid(unsafe_code)]

extern crate alloc;

pub mod scene;
pub mod showcase;
