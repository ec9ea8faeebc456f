//! Runs a program on an emulated board.

use std::{io, path::Path, process::Command};

use crate::failure::Failure;

pub(crate) const EMULATOR: &str = "qemu-system-arm";

/// Each instruction takes 2^8 ns of virtual time: the program's timer then ticks 6.4 times an instruction.
const ICOUNT: &str = "shift=8";

/// Runs a program to its end and gives what it printed.
///
/// # Errors
/// No emulator (exit status 3), or the program ended with an error.
pub(crate) fn run(program: &Path) -> Result<String, Failure> {
    run_with(program, &[])
}

/// [`run`], with arguments for the program.
///
/// # Errors
/// As for [`run`].
pub(crate) fn run_with(program: &Path, arguments: &[&str]) -> Result<String, Failure> {
    let mut semihosting = String::from("enable=on,target=native");
    if !arguments.is_empty() {
        // By convention, the first argument is the program.
        let all = ["program"].iter().chain(arguments);
        all.for_each(|argument| semihosting.extend([",arg=", argument]));
    }
    let output = Command::new(EMULATOR)
        .args(["-machine", "mps2-an386", "-nographic", "-monitor", "none", "-serial", "none"])
        .args(["-icount", ICOUNT, "-semihosting-config", &semihosting, "-kernel"])
        .arg(program)
        .output()
        .map_err(|error| missing(&error))?;
    let (printed, errors) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.success() {
        Ok(printed.into_owned())
    } else {
        Err(Failure::new(format!("{} failed:\n{printed}{errors}", program.display())))
    }
}

/// There is no emulator.
pub(crate) fn missing(error: &io::Error) -> Failure {
    Failure::missing(format!(
        "cannot run {EMULATOR}: {error}. Install it:\n  apt-get install qemu-system-arm"
    ))
}
