//! Prints which heap survives a display program, and how full it may be.

mod trace;

use core::mem::MaybeUninit;
use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
    time::Instant,
};

use clap::{
    Parser,
    builder::{PossibleValuesParser, TypedValueParser},
};
use displayio_allocators::{Arena, Heap, OutOfMemory};
use displayio_benches::heaps::{
    Clock, Contender, Costs, Found, Report, Search, TextReport, TextTrial, Trial, Utilisation,
    Workload,
};
use indicatif::{ProgressBar, ProgressStyle};

/// Which heap survives a display program?
///
/// Without options, searches for the highest utilisation that each heap sustains: the largest live data, in percent of its
/// RAM (control structure included), at which 12 000 allocations and frees succeed with each of three seeds.
///
/// The workloads: a, labels with changing texts; c, an image viewer; d, pages of widgets; e, random sizes; f, a mix of
/// all. On a 64-bit desktop heaps made of pointers (linked-list, tlsf, pool) pay more per block than on a microcontroller.
#[derive(Debug, Parser)]
struct Arguments {
    /// RAM of each heap in KiB, 16 to 512; may be repeated [default: 32, 64 and 192, with --soak 64 and 192]
    #[arg(long, value_name = "KIB", value_parser = clap::value_parser!(u16).range(16..=512))]
    ram: Vec<u16>,
    /// Only this heap; may be repeated
    #[arg(long, value_name = "NAME", value_parser = heap_parser())]
    heap: Vec<Contender>,
    /// Only this workload; may be repeated [with --soak: f unless given]
    #[arg(long, value_name = "LETTER", value_parser = workload_parser())]
    workload: Vec<Workload>,
    /// Instead, run OPS allocations and frees at a target of 80 % and go on after failures
    #[arg(long, value_name = "OPS", num_args = 0..=1, default_missing_value = "1000000")]
    soak: Option<u32>,
    /// Instead, change the texts of five labels 15 000 times and count allocations; --ram and --workload do not matter
    #[arg(long, conflicts_with = "soak")]
    texts: bool,
    /// Instead, replay what a program allocated, as a `Recorder` around its heap told: the least RAM in which nothing fails, or
    /// with --ram, what fails in that much
    #[arg(long, value_name = "FILE", conflicts_with_all = ["soak", "texts", "workload"])]
    trace: Option<PathBuf>,
    /// Print comma-separated values
    #[arg(long)]
    csv: bool,
}

fn heap_parser() -> impl TypedValueParser<Value = Contender> {
    PossibleValuesParser::new(Contender::ALL.map(Contender::name))
        .try_map(|name| Contender::ALL.into_iter().find(|c| c.name() == name).ok_or("no such heap"))
}

fn workload_parser() -> impl TypedValueParser<Value = Workload> {
    PossibleValuesParser::new(Workload::ALL.map(Workload::letter)).try_map(|letter| {
        Workload::ALL.into_iter().find(|w| w.letter() == letter).ok_or("no such workload")
    })
}

/// Allocations and frees of each trial of a search.
const OPERATIONS: u32 = 12_000;
const SEEDS: [u32; 3] = [1, 2, 3];
const SOAK_TARGET: Utilisation = Utilisation::from_half_percents(2 * 80);
/// Allocations between two samples of the fragmentation in a soak.
const SAMPLE_EVERY: u32 = 64;
/// What RAM is aligned to, so that where the desktop puts it does not matter.
const ALIGN: usize = 64;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match (&arguments.trace, arguments.soak) {
        _ if arguments.texts => texts(&arguments),
        (Some(file), _) => trace::replay(&arguments, file),
        (None, None) => search(&arguments),
        (None, Some(operations)) => soak(&arguments, operations),
    };
    match outcome {
        Ok(0) => ExitCode::SUCCESS,
        Ok(count) => fail(&format!("{count} blocks or texts were damaged: a bug of a heap")),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => fail(&error.to_string()),
    }
}

fn fail(message: &str) -> ExitCode {
    // Where standard error is closed there is nobody to tell.
    let _ = writeln!(io::stderr(), "error: {message}");
    ExitCode::FAILURE
}

/// A heap, its RAM and what it shall go through.
#[derive(Debug, Clone, Copy)]
struct Job {
    ram_kib: u16,
    heap: Contender,
    workload: Workload,
}

impl Job {
    /// All combinations of what the arguments name.
    fn all(arguments: &Arguments, rams: &[u16], workloads: &[Workload]) -> Vec<Self> {
        let mut jobs = Vec::new();
        for ram_kib in or_default(&arguments.ram, rams) {
            for heap in or_default(&arguments.heap, &Contender::ALL) {
                for workload in or_default(&arguments.workload, workloads) {
                    jobs.push(Self { ram_kib: *ram_kib, heap: *heap, workload: *workload });
                }
            }
        }
        jobs
    }

    const fn ram_bytes(self) -> usize {
        1024 * self.ram_kib as usize
    }

    fn columns(self) -> [String; 3] {
        [self.heap.name().into(), self.ram_kib.to_string(), self.workload.letter().into()]
    }
}

const fn or_default<'a, T>(chosen: &'a [T], default: &'a [T]) -> &'a [T] {
    if chosen.is_empty() { default } else { chosen }
}

/// Runs `job` for each, with a progress bar on standard error where that is a terminal.
fn run_all<T>(jobs: &[Job], run: impl Fn(Job) -> Result<T, OutOfMemory>) -> io::Result<Vec<T>> {
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {msg:28}");
    let bar = ProgressBar::new(jobs.len() as u64)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let mut outcomes = Vec::new();
    for job in jobs {
        bar.set_message(job.columns().join(" "));
        outcomes.push(run(*job).map_err(io::Error::other)?);
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(outcomes)
}

/// Lends `f` RAM for a heap, and memory for the lists of a trial.
fn with_memory<T>(ram_bytes: usize, f: impl FnOnce(&mut [MaybeUninit<u8>], Heap<'_>) -> T) -> T {
    let mut ram = vec![MaybeUninit::uninit(); ram_bytes + ALIGN];
    let mut scratch = vec![MaybeUninit::uninit(); ram_bytes + 65_536];
    let skip = ram.as_ptr().align_offset(ALIGN).min(ALIGN);
    f(&mut ram[skip..][..ram_bytes], &Arena::new(&mut scratch))
}

/// Prints what the searches find; how many blocks were damaged.
fn search(arguments: &Arguments) -> io::Result<u32> {
    let jobs = Job::all(arguments, &[32, 64, 192], &Workload::ALL);
    let found = run_all(&jobs, |job| {
        let search = Search { workload: job.workload, operations: OPERATIONS, seeds: &SEEDS };
        with_memory(job.ram_bytes(), |ram, scratch| search.highest(job.heap, ram, scratch))
    })?;
    let mut out = io::stdout().lock();
    if arguments.csv {
        writeln!(out, "heap,ram_kib,workload,utilisation_percent")?;
        for (job, found) in jobs.iter().zip(&found) {
            writeln!(out, "{},{}", job.columns().join(","), found.utilisation)?;
        }
    } else {
        let workloads = or_default(&arguments.workload, &Workload::ALL);
        write_found(&mut out, workloads, &jobs, &found)?;
    }
    Ok(found.iter().map(|found| found.corruptions).sum())
}

/// One table for each size of RAM, one row for each heap.
fn write_found(
    out: &mut impl Write,
    workloads: &[Workload],
    jobs: &[Job],
    found: &[Found],
) -> io::Result<()> {
    let rows = jobs.chunks(workloads.len()).zip(found.chunks(workloads.len()));
    let mut ram_kib_before = 0;
    for (jobs, found) in rows {
        let Job { ram_kib, heap, .. } = jobs[0];
        if ram_kib != ram_kib_before {
            writeln!(out, "\n{ram_kib} KiB, highest target in percent (most live bytes)")?;
            let letters: Vec<_> = workloads.iter().map(|w| w.letter().into()).collect();
            write_row(out, "heap", &letters, "mean")?;
            ram_kib_before = ram_kib;
        }
        let cells: Vec<_> = found.iter().map(|found| cell(*found, ram_kib)).collect();
        write_row(out, heap.name(), &cells, &format!("{:.1}", mean_percent(found)))?;
    }
    Ok(())
}

fn write_row(out: &mut impl Write, name: &str, cells: &[String], last: &str) -> io::Result<()> {
    write!(out, "{name:16}")?;
    for cell in cells {
        write!(out, "{cell:>14}")?;
    }
    writeln!(out, "{last:>8}")
}

fn cell(found: Found, ram_kib: u16) -> String {
    let peak_percent = found.peak_live_bytes as f64 / 10.24 / f64::from(ram_kib);
    format!("{} ({peak_percent:.1})", found.utilisation)
}

fn mean_percent(found: &[Found]) -> f64 {
    let sum: u16 = found.iter().map(|found| found.utilisation.half_percents()).sum();
    f64::from(sum) / 2.0 / found.len() as f64
}

/// Nanoseconds since the program started; wraps around after 4 seconds.
struct HostClock(Instant);

impl Clock for HostClock {
    #[expect(clippy::cast_possible_truncation, reason = "a clock may wrap around")]
    fn now(&self) -> u32 {
        self.0.elapsed().as_nanos() as u32
    }
}

const SOAK_COLUMNS: [&str; 10] = [
    "heap",
    "ram_kib",
    "workload",
    "operations",
    "failures",
    "first_failure",
    "fragmentation_mean_percent",
    "fragmentation_max_percent",
    "allocating_ns",
    "freeing_ns",
];

/// Prints what the soaks report; how many blocks were damaged.
fn soak(arguments: &Arguments, operations: u32) -> io::Result<u32> {
    let jobs = Job::all(arguments, &[64, 192], &[Workload::Mix]);
    let clock = HostClock(Instant::now());
    let reports = run_all(&jobs, |job| {
        let target_bytes = SOAK_TARGET.target_bytes(job.ram_bytes());
        let trial = Trial {
            operations,
            stops_at_failure: false,
            sample_every: SAMPLE_EVERY,
            ..Trial::new(job.workload, target_bytes, SEEDS[0])
        };
        with_memory(job.ram_bytes(), |ram, scratch| job.heap.run(ram, &trial, &clock, scratch))
    })?;
    let mut out = io::stdout().lock();
    write_soak_row(&mut out, arguments.csv, &SOAK_COLUMNS.map(String::from))?;
    for (job, report) in jobs.iter().zip(&reports) {
        write_soak_row(&mut out, arguments.csv, &soak_columns(*job, report))?;
    }
    Ok(reports.iter().map(|report| report.corruptions).sum())
}

fn soak_columns(job: Job, report: &Report) -> [String; 10] {
    let [heap, ram_kib, workload] = job.columns();
    [
        heap,
        ram_kib,
        workload,
        report.operations.to_string(),
        report.failures.to_string(),
        report.first_failure.map_or_else(|| "none".into(), |operation| operation.to_string()),
        report.fragmentation.mean_percent().to_string(),
        report.fragmentation.max_percent().to_string(),
        costs(&report.allocating),
        costs(&report.freeing),
    ]
}

/// Mean, 99.9th percentile and maximum.
fn costs(costs: &Costs) -> String {
    format!("{}/{}/{}", costs.mean_ticks(), costs.p999_ticks(), costs.max_ticks())
}

fn write_soak_row(out: &mut impl Write, csv: bool, cells: &[String; 10]) -> io::Result<()> {
    if csv {
        return writeln!(out, "{}", cells.join(","));
    }
    for (cell, heading) in cells.iter().zip(SOAK_COLUMNS) {
        write!(out, "{cell:<width$}", width = heading.len().max(20) + 2)?;
    }
    writeln!(out)
}

/// RAM of each heap where texts change, in bytes: enough for all of them.
const TEXTS_RAM_BYTES: usize = 16 * 1024;

const TEXTS_COLUMNS: [&str; 6] =
    ["heap", "workload", "room", "first_allocations", "later_allocations", "peak_live_bytes"];

/// Prints how often labels allocate; how many texts were wrong.
fn texts(arguments: &Arguments) -> io::Result<u32> {
    let mut out = io::stdout().lock();
    let mut wrong_texts = 0;
    write_texts_row(&mut out, arguments.csv, &TEXTS_COLUMNS.map(String::from))?;
    for heap in or_default(&arguments.heap, &Contender::ALL) {
        for trial in TextTrial::all_on(*heap) {
            let run = |ram: &mut [_], scratch: Heap<'_>| trial.run_on(*heap, ram, scratch);
            let report = with_memory(TEXTS_RAM_BYTES, run).map_err(io::Error::other)?;
            wrong_texts += report.wrong_texts + report.failures;
            write_texts_row(&mut out, arguments.csv, &texts_columns(*heap, &trial, &report))?;
        }
    }
    Ok(wrong_texts)
}

fn texts_columns(heap: Contender, trial: &TextTrial, report: &TextReport) -> [String; 6] {
    [
        heap.name().into(),
        trial.kind.letter().into(),
        trial.room.name().into(),
        report.first_allocations.to_string(),
        report.later_allocations.to_string(),
        report.peak_live_bytes.to_string(),
    ]
}

fn write_texts_row(out: &mut impl Write, csv: bool, cells: &[String; 6]) -> io::Result<()> {
    if csv {
        return writeln!(out, "{}", cells.join(","));
    }
    for cell in cells {
        write!(out, "{cell:<20}")?;
    }
    writeln!(out)
}
