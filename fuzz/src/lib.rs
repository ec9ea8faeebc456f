//! Inputs that a fuzzer makes up, and what must hold for them.
//!
//! Each module has one function that takes any bytes and panics when the libraries do, or when what they did is wrong.
//! `targets/` hands them to libFuzzer, `tests/` the seeds. A new target is a module here, a program there, and a
//! line in [`TARGETS`] and in `cargo xtask fuzz`.

mod arguments;
pub mod bmp;
pub mod draw;
pub mod fonts;
mod panel;
pub mod scene;
pub mod shapes;
pub mod text;

/// Does with an input what a target does.
pub type Run = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: [(&str, Run); 6] = [
    ("bmp", bmp::run),
    ("draw", draw::run),
    ("fonts", fonts::run),
    ("scene", scene::run),
    ("shapes", shapes::run),
    ("text", text::run),
];
