//! Lints that clippy does not reach from the workspace: each feature by itself, and firmware, for a bare target.

use std::{fs, process::Command};

use crate::{
    board,
    failure::Failure,
    firmware,
    toolchain::{self, Target, Toolchain},
};

/// The public packages, and where they are.
const PACKAGES: [(&str, &str); 4] = [
    ("displayio-allocators", "allocators"),
    ("displayio-assets", "assets"),
    ("displayio-core", "displayio-core"),
    ("displayio-hal", "hal-adapters"),
];

/// Lints each public package without features and with each of them, and firmware with all.
pub(crate) fn run() -> Result<(), Failure> {
    for (package, folder) in PACKAGES {
        let path = firmware::workspace().join(folder).join("Cargo.toml");
        let manifest = fs::read_to_string(&path)
            .map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
        for feature in [""].into_iter().chain(features(&manifest)) {
            lint(package, feature)?;
        }
    }
    lint_firmware()?;
    board::lint()
}

/// Features that a manifest names, but for the default.
fn features(manifest: &str) -> impl Iterator<Item = &str> {
    let (_, section) = manifest.split_once("[features]\n").unwrap_or_default();
    let lines = section.lines().take_while(|line| !line.starts_with('['));
    lines
        .filter_map(|line| line.split_once(" = ["))
        .map(|(name, _)| name)
        .filter(|name| *name != "default" && !name.starts_with('#'))
}

fn lint(package: &str, feature: &str) -> Result<(), Failure> {
    let mut cargo = Command::new(toolchain::cargo_in_use());
    cargo
        .args(["clippy", "--quiet", "--package", package, "--no-default-features"])
        .args(["--features", feature, "--manifest-path"])
        .arg(firmware::workspace().join("Cargo.toml"))
        .args(["--", "-Dwarnings"]);
    firmware::run(&mut cargo, &format!("linting {package} [{feature}]"))
}

/// For Cortex-M0+: what is for a single core is for that one.
fn lint_firmware() -> Result<(), Failure> {
    let mut clippy = Toolchain::find(Target::Thumbv6m)?.cargo("clippy");
    clippy
        .args(["--quiet", "--lib", "--bins", "--all-features", "--release", "--manifest-path"])
        .arg(firmware::workspace().join("benches/firmware/Cargo.toml"))
        .arg("--target-dir")
        .arg(firmware::target_directory())
        .args(["--", "-Dwarnings"]);
    firmware::run(&mut clippy, "linting firmware")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_found() {
        let manifest = "[package]\nname = \"a\"\n\n[features]\ndefault = []\n# One = [\none = []\n\
                        two = [\n    \"one\",\n]\n\n[dependencies]\nb = [\n";
        assert!(features(manifest).eq(["one", "two"]));
        assert_eq!(features("[package]\n").count(), 0);
    }
}
