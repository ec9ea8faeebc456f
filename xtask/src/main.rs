//! What cargo cannot do alone: building for bare targets, counting instructions, weighing code, fuzzing.
//!
//! `cargo xtask help` lists the commands. Exit status: 0 for success, 1 for a failure or a figure that grew, 2 for wrong
//! arguments, 3 when this machine lacks a core library, an emulator or valgrind; the message then says what to install.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "output is what commands are for")]

mod asan;
mod bare;
mod board;
mod elf;
mod failure;
mod figures;
mod firmware;
mod fuzz;
mod heaps_on_target;
mod host;
mod icount;
mod lint;
mod pictures;
mod qemu;
mod rustc;
mod size;
mod stack;
mod toolchain;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// Tasks of the displayio workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Run the tests of the allocators with a sanitizer that watches every access.
    Asan,
    /// Build the libraries for bare targets, and prove that no `alloc` is linked.
    Bare,
    /// Run the firmware of the examples on an emulated board, and compare its screen with the desktop's pictures.
    Board,
    /// Try inputs that libFuzzer makes up on readers, the scene player and drawing.
    Fuzz(fuzz::Arguments),
    /// Count instructions of allocations and frees on emulated boards, heap by heap.
    HeapsOnTarget(heaps_on_target::Arguments),
    /// Count instructions of the workloads on this machine, and time them.
    Host(FigureArguments),
    /// Count instructions of the workloads on emulated boards.
    Icount(FigureArguments),
    /// Lint each feature of the libraries by itself, and firmware.
    Lint,
    /// Compare what emulated boards send to panels with what this machine sends.
    Pictures,
    /// Weigh the code of small programs and the structs of the library.
    Size(FigureArguments),
    /// Measure the stack that a refresh of each workload needs.
    Stack(FigureArguments),
}

/// What to do with figures once they are measured.
#[derive(Debug, Args)]
struct FigureArguments {
    /// Fail when a figure grew by more than 2 % over the committed one, or is missing.
    #[arg(long, conflicts_with = "update")]
    check: bool,
    /// Rewrite the committed table.
    #[arg(long)]
    update: bool,
    /// Print comma-separated lines instead of a table.
    #[arg(long)]
    csv: bool,
}

fn main() -> ExitCode {
    if let Some(compiled) = rustc::run() {
        return compiled;
    }
    let result = match Arguments::parse().task {
        Task::Asan => asan::run(),
        Task::Bare => bare::run(),
        Task::Board => board::run(),
        Task::Fuzz(arguments) => fuzz::run(&arguments),
        Task::HeapsOnTarget(arguments) => heaps_on_target::run(&arguments),
        Task::Host(arguments) => host::run(&arguments),
        Task::Icount(arguments) => icount::run(&arguments),
        Task::Lint => lint::run(),
        Task::Pictures => pictures::run(),
        Task::Size(arguments) => size::run(&arguments),
        Task::Stack(arguments) => stack::run(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            failure.exit_code()
        }
    }
}
