//! Proves that the libraries run where there is no operating system and no allocator.
//!
//! Three proofs, any of which fails when some crate says `extern crate alloc` without a feature asking for it:
//! only the core library is compiled, so that `alloc` cannot be found (unless the toolchain brings it compiled); a
//! program without a global allocator links, which the compiler refuses as soon as `alloc` is among its crates; and the
//! program has none of the symbols that lead to an allocator.

use crate::{
    elf,
    failure::Failure,
    firmware::{self, Profile},
    toolchain::{Target, Toolchain},
};

/// What is compiled by itself: packages with their features.
const LIBRARIES: [(&str, &str); 6] = [
    ("displayio-allocators", ""),
    ("displayio-allocators", "linked-list,tlsf,buddy"),
    ("displayio-core", ""),
    ("displayio-core", "embedded-graphics"),
    ("displayio-hal", ""),
    ("displayio-hal", "async,display-interface,embedded-graphics,embedded-storage,mipidsi"),
];

/// Parts of the names of functions that `alloc` calls. Short ones are inlined; `handle_alloc_error` stays.
const ALLOCATOR_SYMBOLS: [&str; 6] =
    ["__rust_alloc", "__rust_realloc", "__rust_dealloc", "__rg_", "__rdl_", "handle_alloc_error"];

/// Programs that are linked: one with static memory alone, and one with a heap that is no global allocator.
const PROGRAMS: [(&str, Profile); 2] = [("smallest", Profile::Size), ("icount", Profile::Release)];

/// Builds everything on all targets, and inspects programs where there are any.
pub(crate) fn run() -> Result<(), Failure> {
    for target in Target::ALL {
        if !build_libraries(target)?.builds_core_alone() {
            println!(
                "{}: the toolchain brings alloc; the links below are the proof",
                target.triple()
            );
        }
        for (program, profile) in PROGRAMS {
            inspect(target, profile, program)?;
            println!("{}: {program} links without an allocator", target.triple());
        }
    }
    build_libraries(Target::Riscv32imc)?;
    Ok(())
}

/// Builds all libraries, and tells with what.
fn build_libraries(target: Target) -> Result<Toolchain, Failure> {
    let toolchain = Toolchain::find(target)?;
    for (package, features) in LIBRARIES {
        build_library(&toolchain, package, features)?;
        println!("{}: {package} [{features}] builds", target.triple());
    }
    Ok(toolchain)
}

fn build_library(toolchain: &Toolchain, package: &str, features: &str) -> Result<(), Failure> {
    let mut cargo = toolchain.cargo("build");
    cargo
        .args(["--quiet", "--release", "--no-default-features"])
        .args(["--package", package, "--features", features, "--manifest-path"])
        .arg(firmware::workspace().join("Cargo.toml"))
        .arg("--target-dir")
        .arg(firmware::target_directory());
    firmware::run(&mut cargo, &format!("building {package} [{features}]"))
}

fn inspect(target: Target, profile: Profile, program: &str) -> Result<(), Failure> {
    let path = firmware::build(target, profile, program)?;
    let symbols = elf::symbols_with(&path, &ALLOCATOR_SYMBOLS)?;
    if symbols.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("{program} allocates: {}", symbols.join(", "))))
}
