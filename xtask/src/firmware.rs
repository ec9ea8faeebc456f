//! The programs in `benches/firmware`.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    failure::Failure,
    toolchain::{Target, Toolchain},
};

/// Settings that a program is built with, as its manifest has them.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Profile {
    /// Optimised for speed.
    Release,
    /// Optimised for size.
    Size,
}

impl Profile {
    /// Its name in the manifest.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Size => "size",
        }
    }
}

/// The folder of the workspace.
pub(crate) fn workspace() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_path_buf()
}

/// Where bare targets are built: apart from the host's, because builds of the two lock each other out.
pub(crate) fn target_directory() -> PathBuf {
    let directory =
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace().join("target"), PathBuf::from);
    directory.join("bare")
}

/// Builds a program and tells where it is.
///
/// # Errors
/// No toolchain, or the program does not compile.
pub(crate) fn build(target: Target, profile: Profile, program: &str) -> Result<PathBuf, Failure> {
    build_with(target, profile, program, "")
}

/// [`build`], with features of the firmware.
///
/// # Errors
/// As for [`build`].
pub(crate) fn build_with(
    target: Target,
    profile: Profile,
    program: &str,
    features: &str,
) -> Result<PathBuf, Failure> {
    let mut cargo = Toolchain::find(target)?.cargo("build");
    cargo
        .args(["--quiet", "--bin", program, "--profile", profile.name()])
        .args(["--features", features])
        .arg("--manifest-path")
        .arg(workspace().join("benches/firmware/Cargo.toml"))
        .arg("--target-dir")
        .arg(target_directory());
    run(&mut cargo, &format!("building {program} for {}", target.triple()))?;
    Ok(target_directory().join(target.triple()).join(profile.name()).join(program))
}

/// Runs a command whose output is for the user.
///
/// # Errors
/// It cannot be started, or fails.
pub(crate) fn run(command: &mut Command, purpose: &str) -> Result<(), Failure> {
    let status =
        command.status().map_err(|error| Failure::missing(format!("{purpose}: {error}")))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("{purpose} failed"))) }
}
