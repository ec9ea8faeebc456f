//! Instructions of the workloads on this machine, counted by callgrind, and how long they take.
//!
//! Counts are exact, but depend on the compiler and, where the C library chooses among its `memset`s, on the processor.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::{
    FigureArguments,
    failure::Failure,
    figures::{Figure, Layout, aligned},
    firmware, toolchain,
};

const LAYOUT: Layout =
    Layout { file: "host.csv", key: "workload,buffer_bytes", value: "instructions" };

const BUFFERS_BYTES: [&str; 2] = ["640", "4096"];

/// Runs of which the fastest counts.
const TIMED_RUNS: &str = "30";

/// A workload, and what it takes `CircuitPython`'s displayio, with a strip of 512 bytes: instructions and nanoseconds, per
/// pixel or per refresh.
struct Workload {
    name: &'static str,
    is_per_refresh: bool,
    reference: (f64, f64),
}

const fn per_pixel(name: &'static str, instructions: f64, nanoseconds: f64) -> Workload {
    Workload { name, is_per_refresh: false, reference: (instructions, nanoseconds) }
}

const fn per_refresh(name: &'static str, instructions: f64, nanoseconds: f64) -> Workload {
    Workload { name, is_per_refresh: true, reference: (instructions, nanoseconds) }
}

const WORKLOADS: [Workload; 13] = [
    per_pixel("w1", 190.0, 17.1),
    per_pixel("w2", 190.0, 17.7),
    per_pixel("w3", 204.0, 18.8),
    per_pixel("w4", 219.0, 19.9),
    per_pixel("w5", 326.0, 29.6),
    per_pixel("w6", 242.0, 23.4),
    per_pixel("w7", 210.0, 17.6),
    per_pixel("w8", 528.0, 35.4),
    per_pixel("w9", 573.0, 39.7),
    per_pixel("w10", 254.0, 21.6),
    per_pixel("w11", 219.0, 19.3),
    per_refresh("w12", 99_048.0, 9800.0),
    per_refresh("w13", 9967.0, 1500.0),
];

/// Counts and times all workloads.
pub(crate) fn run(arguments: &FigureArguments) -> Result<(), Failure> {
    let program = build()?;
    let mut figures = Vec::new();
    for workload in &WORKLOADS {
        for buffer in BUFFERS_BYTES {
            figures.push(Figure {
                key: format!("{},{buffer}", workload.name),
                value: count(&program, workload, buffer)?,
                reference: Some(workload.reference.0),
            });
        }
    }
    let counts = LAYOUT.report(&figures, arguments);
    if !arguments.csv {
        println!("\nNanoseconds on this machine, for orientation: no table holds them.");
        print!("{}", aligned(&times(&program)?));
    }
    counts
}

/// Builds the program that runs a workload.
fn build() -> Result<PathBuf, Failure> {
    let mut cargo = Command::new(toolchain::cargo_in_use());
    cargo
        .args(["build", "--quiet", "--release", "--package", "displayio-benches"])
        .args(["--bin", "workloads", "--manifest-path"])
        .arg(firmware::workspace().join("Cargo.toml"))
        .arg("--target-dir")
        .arg(target_directory())
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    firmware::run(&mut cargo, "building the workloads")?;
    Ok(target_directory().join("release/workloads"))
}

/// Apart from where `cargo` builds for the host: there, flags of the user's would be those of other builds.
fn target_directory() -> PathBuf {
    firmware::target_directory().with_file_name("host")
}

/// Instructions of a workload's refresh.
fn count(program: &Path, workload: &Workload, buffer: &str) -> Result<f64, Failure> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--toggle-collect=*measured_refresh*"])
        .arg("--callgrind-out-file=/dev/null")
        .arg(program)
        .args([workload.name, "--buffer", buffer])
        .output()
        .map_err(|error| {
            Failure::missing(format!(
                "cannot run valgrind: {error}. Install it:\n  apt-get install valgrind"
            ))
        })?;
    let printed = text_of(&output, workload)?;
    let errors = String::from_utf8_lossy(&output.stderr);
    let instructions = collected(&errors)
        .ok_or_else(|| Failure::new(format!("valgrind counted nothing:\n{errors}")))?;
    let (pixels, _) = pixels_and_nanoseconds(&printed)?;
    Ok(workload.share(instructions, pixels))
}

/// A row for each workload: nanoseconds with each buffer, and the reference's.
fn times(program: &Path) -> Result<Vec<Vec<String>>, Failure> {
    let header = ["workload", "640 bytes", "4096 bytes", "reference"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    for workload in &WORKLOADS {
        let mut row = vec![workload.name.to_owned()];
        for buffer in BUFFERS_BYTES {
            let output = Command::new(program)
                .args([workload.name, "--buffer", buffer, "--runs", TIMED_RUNS])
                .output()
                .map_err(|error| Failure::new(format!("{}: {error}", program.display())))?;
            let (pixels, nanoseconds) = pixels_and_nanoseconds(&text_of(&output, workload)?)?;
            row.push(format!("{:.2}", workload.share(nanoseconds, pixels)));
        }
        row.push(format!("{:.1}", workload.reference.1));
        rows.push(row);
    }
    Ok(rows)
}

impl Workload {
    /// A total by the pixel, or as it is.
    fn share(&self, total: f64, pixels: f64) -> f64 {
        if self.is_per_refresh { total } else { total / pixels }
    }
}

/// What a program that succeeded printed.
fn text_of(output: &Output, workload: &Workload) -> Result<String, Failure> {
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(Failure::new(format!("{} failed:\n{errors}", workload.name)))
}

/// The two figures that the program prints.
fn pixels_and_nanoseconds(printed: &str) -> Result<(f64, f64), Failure> {
    let fields = printed.trim().split_once(',');
    fields
        .and_then(|(pixels, nanoseconds)| Some((pixels.parse().ok()?, nanoseconds.parse().ok()?)))
        .ok_or_else(|| Failure::new(format!("not a measurement: {printed}")))
}

/// The number in callgrind's line `==PID== Collected : INSTRUCTIONS`; none where it is 0.
fn collected(errors: &str) -> Option<f64> {
    let (_, count) = errors.lines().find_map(|line| line.split_once("Collected :"))?;
    count.trim().parse().ok().filter(|&count| count > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_found() {
        let printed = "==7== Events    : Ir\n==7== Collected : 401234\n==7== \n";
        assert_eq!(collected(printed), Some(401_234.0));
        assert_eq!(collected("==7== Collected : 0\n"), None, "the function was not found");
        assert_eq!(collected("==7== Command: workloads\n"), None);
    }

    #[test]
    fn pixels_and_times_are_read() {
        assert_eq!(pixels_and_nanoseconds("76800,123\n"), Ok((76_800.0, 123.0)));
        assert!(pixels_and_nanoseconds("panicked\n").is_err(), "not a measurement");
    }
}
