//! What the tools draw on bitmaps: the reference's own pictures, and per-pixel models for any arguments.
//!
//! `PROPTEST_CASES=4000 cargo test --test tools` tries more arguments than the default.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::float_arithmetic,
    clippy::large_types_passed_by_value,
    clippy::missing_const_for_fn,
    clippy::too_many_lines,
    clippy::unwrap_used,
    reason = "a test of small numbers"
)]

mod edges;
mod golden;
mod models;
mod picture;
mod random;
mod scenes;
