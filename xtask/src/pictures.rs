//! Whether emulated boards show what this machine shows: checksums of all that workloads send to their panels.
//!
//! Pictures are right here: tests compare them with references. A board has other words, other loops and other alignment.

use std::process::Command;

use crate::{
    failure::Failure,
    firmware::{self, Profile},
    qemu,
    toolchain::{self, Target},
};

/// The program, on either side, and the feature that it needs.
const PROGRAM: &str = "checksums";

/// Compares all boards with this machine.
pub(crate) fn run() -> Result<(), Failure> {
    let here = checksums_of_this_machine()?;
    let mut complaints = Vec::new();
    for target in Target::ALL {
        let program = firmware::build_with(target, Profile::Release, PROGRAM, PROGRAM)?;
        let there = qemu::run(&program)?;
        println!("{}: {} checksums", target.core(), there.lines().count());
        complaints.extend(differences(&here, &there, target.core()));
    }
    if complaints.is_empty() { Ok(()) } else { Err(Failure::new(complaints.join("\n"))) }
}

/// What the program prints on this machine. It is built as tests are: with checks for overflow.
fn checksums_of_this_machine() -> Result<String, Failure> {
    let purpose = "computing checksums";
    let output = Command::new(toolchain::cargo_in_use())
        .args(["run", "--quiet", "--package", "displayio-benches", "--bin", PROGRAM])
        .args(["--features", PROGRAM, "--manifest-path"])
        .arg(firmware::workspace().join("Cargo.toml"))
        .output()
        .map_err(|error| Failure::missing(format!("{purpose}: {error}")))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(Failure::new(format!("{purpose} failed:\n{errors}")))
}

/// What differs in lines `PICTURE,BUFFER_BYTES,CRC`, or is here and not there.
fn differences(here: &str, there: &str, board: &str) -> Vec<String> {
    let there: Vec<_> = there.lines().filter_map(|line| line.rsplit_once(',')).collect();
    let mut complaints = Vec::new();
    for (picture, checksum) in here.lines().filter_map(|line| line.rsplit_once(',')) {
        match there.iter().find(|(other, _)| *other == picture) {
            Some((_, other)) if *other == checksum => {}
            Some((_, other)) => {
                complaints.push(format!("{picture}: {other} on {board}, {checksum} here"));
            }
            None => complaints.push(format!("{picture}: nothing from {board}")),
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_named() {
        let here = "w1,640,16ac70e9\nw1,4096,16ac70e9\nw2,640,851d410c\n";
        assert_eq!(differences(here, here, "cortex-m4"), [""; 0]);
        let there = "w1,640,16ac70e9\nw1,4096,00000000\n";
        let expected =
            ["w1,4096: 00000000 on cortex-m4, 16ac70e9 here", "w2,640: nothing from cortex-m4"];
        assert_eq!(differences(here, there, "cortex-m4"), expected);
    }
}
