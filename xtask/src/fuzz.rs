//! Inputs that libFuzzer makes up, tried on the targets in `fuzz/` for some seconds each.
//!
//! Coverage is counted by LLVM's own pass, which stable compilers have, too; libFuzzer comes with its crate and needs a
//! compiler for C++. Corpora, logs and findings are in `target/fuzz`; a corpus grows from run to run.

use std::{
    env,
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
};

use clap::Args;

use crate::{failure::Failure, firmware, toolchain};

/// What to fuzz, and for how long.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A target; all if none is named.
    target: Option<String>,
    /// How long each target runs.
    #[arg(long, default_value_t = 20)]
    seconds: u32,
}

/// What a target starts from and stays within.
#[derive(Debug)]
struct Target {
    name: &'static str,
    /// Folders of inputs, seen from the workspace.
    seeds: &'static [&'static str],
    dictionary: Option<&'static str>,
    /// The longest input.
    max_bytes: u32,
}

const TARGETS: [Target; 6] = [
    Target { name: "bmp", seeds: &["examples/corpus/bmp"], dictionary: None, max_bytes: 4096 },
    Target { name: "draw", seeds: &["fuzz/seeds/draw"], dictionary: None, max_bytes: 2048 },
    Target {
        name: "fonts",
        seeds: &["displayio-core/tests/fonts/files", "displayio-core/fonts"],
        dictionary: Some("fuzz/dictionaries/fonts"),
        max_bytes: 4096,
    },
    Target {
        name: "scene",
        seeds: &["examples/corpus/scenes", "fuzz/seeds/scene"],
        dictionary: Some("fuzz/dictionaries/scene"),
        max_bytes: 12_000,
    },
    Target { name: "shapes", seeds: &["fuzz/seeds/shapes"], dictionary: None, max_bytes: 1024 },
    Target {
        name: "text",
        seeds: &["fuzz/seeds/text"],
        dictionary: Some("fuzz/dictionaries/text"),
        max_bytes: 2048,
    },
];

/// Seconds that one input may take: a thousand times what most do.
const INPUT_SECONDS: u32 = 5;

/// Memory that a target may take.
const MEMORY_MEGABYTES: u32 = 512;

/// What cargo-fuzz asks for, less the sanitizer, which is of unstable compilers only, and less the tracing of compared
/// values: without that, three times as many runs reach more in 15 seconds. In one unit per crate, it builds in 80
/// seconds instead of 120.
const RUSTFLAGS: &str = "--cfg fuzzing -Ccodegen-units=1 -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table";

/// Builds the targets, and runs one or all of them.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let chosen =
        |target: &&Target| arguments.target.as_ref().is_none_or(|name| name == target.name);
    let targets: Vec<&Target> = TARGETS.iter().filter(chosen).collect();
    if targets.is_empty() {
        let names = TARGETS.map(|target| target.name).join(", ");
        return Err(Failure::new(format!("no such target; there are {names}")));
    }
    let programs = build()?;
    println!("{:8}{:>12}{:>10}{:>10}{:>8}", "target", "runs", "runs/s", "coverage", "corpus");
    let failures: Vec<String> = targets
        .into_iter()
        .filter_map(|target| fuzz(target, &programs, arguments.seconds).err())
        .map(|failure| failure.to_string())
        .collect();
    if failures.is_empty() { Ok(()) } else { Err(Failure::new(failures.join("\n"))) }
}

fn directory() -> PathBuf {
    firmware::target_directory().with_file_name("fuzz")
}

/// Builds all targets and tells where they are.
fn build() -> Result<PathBuf, Failure> {
    let compiler = env::var_os("CXX").unwrap_or_else(|| "c++".into());
    if Command::new(&compiler).arg("--version").output().is_err() {
        return Err(Failure::missing(
            "no compiler for C++, in which libFuzzer is written. Install one:\n  apt-get install g++",
        ));
    }
    let host = toolchain::host()?;
    let mut cargo = Command::new(toolchain::cargo_in_use());
    // Named as a target, so that build scripts go without the flags.
    cargo
        .args(["build", "--quiet", "--release", "--bins", "--features", "libfuzzer"])
        .args(["--target", &host, "--manifest-path"])
        .arg(firmware::workspace().join("fuzz/Cargo.toml"))
        .arg("--target-dir")
        .arg(directory())
        .env("RUSTFLAGS", RUSTFLAGS)
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    firmware::run(&mut cargo, "building the fuzz targets")?;
    Ok(directory().join(host).join("release"))
}

/// Runs a target and prints what it did.
fn fuzz(target: &Target, programs: &Path, seconds: u32) -> Result<(), Failure> {
    let (program, log_path) = (programs.join(target.name), directory().join(target.name));
    let log_path = log_path.with_extension("log");
    let mut command = command(target, &program, seconds)?;
    let log_file = File::create(&log_path).map_err(|error| cannot_write(&log_path, &error))?;
    let status = command
        .stderr(log_file)
        .status()
        .map_err(|error| Failure::new(format!("{}: {error}", program.display())))?;
    let log = fs::read(&log_path).map(|log| String::from_utf8_lossy(&log).into_owned());
    let log = log.map_err(|error| Failure::new(format!("{}: {error}", log_path.display())))?;
    if let Some(Progress { runs, coverage, corpus }) = Progress::last(&log) {
        let name = target.name;
        println!(
            "{name:8}{runs:>12}{:>10}{coverage:>10}{corpus:>8}",
            runs / u64::from(seconds.max(1))
        );
    }
    if status.success() { Ok(()) } else { Err(explain(target, &program, &log_path, &log)) }
}

fn command(target: &Target, program: &Path, seconds: u32) -> Result<Command, Failure> {
    let corpus = directory().join("corpus").join(target.name);
    let findings = directory().join("findings").join(target.name);
    for folder in [&corpus, &findings] {
        fs::create_dir_all(folder).map_err(|error| cannot_write(folder, &error))?;
    }
    let mut command = Command::new(program);
    command
        .current_dir(firmware::workspace())
        .arg(corpus)
        .args(target.seeds)
        .args(target.dictionary.map(|path| format!("-dict={path}")))
        // A path that ends in a separator is a folder.
        .arg(format!("-artifact_prefix={}", findings.join("").display()))
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-max_len={}", target.max_bytes))
        .arg(format!("-timeout={INPUT_SECONDS}"))
        .arg(format!("-rss_limit_mb={MEMORY_MEGABYTES}"));
    Ok(command)
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot write {}: {error}", path.display()))
}

/// Which input was found, why, and how to try it again.
fn explain(target: &Target, program: &Path, log_path: &Path, log: &str) -> Failure {
    let name = target.name;
    let Some(input) = log.lines().find_map(|line| line.split_once("Test unit written to ")) else {
        return Failure::new(format!("{name} failed: see {}", log_path.display()));
    };
    let input = input.1;
    let reason = log
        .lines()
        .skip_while(|line| !line.contains("panicked at") && !line.contains("ERROR: libFuzzer"))
        .take(2)
        .collect::<Vec<_>>()
        .join("\n  ");
    Failure::new(format!(
        "{name} fails:\n  {reason}\n  input: {input}\n  repeat: {} {input}\n  log: {}",
        program.display(),
        log_path.display(),
    ))
}

/// Counts in a line that libFuzzer writes now and then.
#[derive(Debug, PartialEq, Eq)]
struct Progress {
    runs: u64,
    /// Edges of the control flow that some input took.
    coverage: u64,
    /// Inputs that are kept, because each took one that the others did not.
    corpus: u64,
}

impl Progress {
    /// The last in a log.
    fn last(log: &str) -> Option<Self> {
        log.lines().rev().find_map(Self::parse)
    }

    /// As in `#2097152 DONE cov: 540 ft: 2204 corp: 301/14Kb lim: 2048 exec/s: 104857 rss: 61Mb`.
    fn parse(line: &str) -> Option<Self> {
        let mut words = line.strip_prefix('#')?.split_whitespace();
        let runs = words.next()?.parse().ok()?;
        let mut after = |name| words.by_ref().skip_while(|word| *word != name).nth(1);
        let coverage = after("cov:")?.parse().ok()?;
        let corpus = after("corp:")?.split('/').next()?.parse().ok()?;
        Some(Self { runs, coverage, corpus })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_read_from_the_last_line_that_has_it() {
        let log = "INFO: Seed: 1\n#2\tINITED cov: 9 ft: 9 corp: 1/2b exec/s: 0 rss: 31Mb\n\
             #4096\tDONE   cov: 540 ft: 2204 corp: 301/14Kb lim: 2048 exec/s: 1024 rss: 61Mb\n\
             Done 4096 runs in 4 second(s)\n";
        let expected = Progress { runs: 4096, coverage: 540, corpus: 301 };
        assert_eq!(Progress::last(log), Some(expected));
        assert_eq!(Progress::last("INFO: Seed: 1\n"), None);
    }

    #[test]
    fn a_failure_tells_the_input_and_how_to_repeat_it() {
        let log = "#8\tNEW cov: 1 ft: 1 corp: 1/1b\nthread 'x' panicked at src/draw.rs:9:5:\nleft over\n\
             artifact_prefix='f/'; Test unit written to f/crash-1\nBase64: AA==\n";
        let failure = explain(&TARGETS[1], Path::new("p/draw"), Path::new("draw.log"), log);
        assert_eq!(
            failure.to_string(),
            "draw fails:\n  thread 'x' panicked at src/draw.rs:9:5:\n  left over\n  \
             input: f/crash-1\n  repeat: p/draw f/crash-1\n  log: draw.log"
        );
    }
}
