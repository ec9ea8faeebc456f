//! This program in the compiler's place, so that firmware is the same in whatever directory it is built.
//!
//! Cargo hands the compiler a hash of each package's path, and the compiler orders functions by it. That changes what
//! it inlines: from one checkout to another, the stack of a refresh differed by up to 5 %. Paths of source files are in
//! firmware, too. Here the compiler gets names instead of both.

use std::{
    env,
    ffi::{OsStr, OsString},
    path::Path,
    process::{Command, ExitCode},
};

/// Set where this program is to take the compiler's place.
const SWITCH: &str = "XTASK_IS_RUSTC";

/// Has cargo call this program, which is at `program`, in the compiler's place.
pub(crate) fn replace(cargo: &mut Command, program: &Path) {
    cargo.env("RUSTC_WRAPPER", program).env(SWITCH, "1");
}

/// Compiles, if this program was called in the compiler's place.
pub(crate) fn run() -> Option<ExitCode> {
    env::var_os(SWITCH)?;
    let mut arguments = env::args_os().skip(1);
    let mut rustc = Command::new(arguments.next()?);
    let arguments: Vec<OsString> = arguments.collect();
    let package = ["CARGO_PKG_NAME", "CARGO_PKG_VERSION"].map(|name| env::var(name).ok());
    rustc.args(match (package, env::var_os("CARGO_MANIFEST_DIR")) {
        ([Some(name), Some(version)], Some(directory)) => {
            placeless(arguments, &format!("{name}-{version}"), &directory)
        }
        // A question about the compiler itself.
        _ => arguments,
    });
    let code = rustc.status().ok().and_then(|status| u8::try_from(status.code()?).ok());
    Some(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// The compiler's arguments for a `package` (name and version), without what depends on its `directory`.
fn placeless(mut arguments: Vec<OsString>, package: &str, directory: &OsStr) -> Vec<OsString> {
    // What runs on this machine may be built twice, with different features: only the hashes tell these apart.
    if !arguments.iter().any(|argument| argument == "--target") {
        return arguments;
    }
    for argument in &mut arguments {
        if argument.to_str().is_some_and(|argument| argument.starts_with("metadata=")) {
            *argument = format!("metadata={package}").into();
        }
    }
    let mut remap = OsString::from("--remap-path-prefix=");
    remap.push(directory);
    remap.push(format!("={package}"));
    arguments.push(remap);
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn firmware_is_compiled_by_name() {
        let compile = |target: &[&str]| {
            let arguments = [&["-C", "metadata=1f"], target].concat();
            let arguments = arguments.into_iter().map(OsString::from).collect();
            placeless(arguments, "app-1.0.0", "/home/me/app".as_ref())
        };
        assert_eq!(
            compile(&["--target", "thumbv6m-none-eabi"]),
            [
                "-C",
                "metadata=app-1.0.0",
                "--target",
                "thumbv6m-none-eabi",
                "--remap-path-prefix=/home/me/app=app-1.0.0"
            ],
        );
        assert_eq!(compile(&[]), ["-C", "metadata=1f"]);
    }
}
