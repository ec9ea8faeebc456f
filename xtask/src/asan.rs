//! The tests of the allocators under `AddressSanitizer`: the crate with all the `unsafe` code of the libraries.
//!
//! A heap over a lent region hides most errors from a sanitizer: to it, the whole region is one live allocation. What it
//! does see is what leaves the region, because the tests lend regions that are allocations of exactly that size, so that
//! the next byte is poisoned; and reads of freed or ended memory around the heaps, as by a `Buf` that outlives its block.
//! Inside a region the tests look themselves: a shadow knows the range and the contents of every block, and an unaligned
//! region has bytes in front of it that must not change. Poisoning free blocks would need the sanitizer's own interface,
//! which stable Rust does not have.

use std::process::Command;

use crate::{failure::Failure, firmware, toolchain};

/// The heaps that are not on by default are tested, too.
const FEATURES: &str = "talc,buddy";

/// Runs unit and conformance tests; documentation tests would be instrumented in part only.
pub(crate) fn run() -> Result<(), Failure> {
    // The sanitizer is part of stable toolchains; its flag is not. Named as a target, so that build scripts go without.
    let mut cargo = Command::new(toolchain::cargo_in_use());
    cargo
        .args(["test", "--quiet", "--package", "displayio-allocators", "--features", FEATURES])
        .args(["--lib", "--tests", "--target", &toolchain::host()?, "--manifest-path"])
        .arg(firmware::workspace().join("Cargo.toml"))
        .arg("--target-dir")
        .arg(firmware::target_directory().with_file_name("asan"))
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Zsanitizer=address")
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    firmware::run(&mut cargo, "tests of the allocators under AddressSanitizer")
}
