//! What allocations cost on emulated boards, heap by heap.

use clap::{Args, builder::PossibleValuesParser};

use crate::{
    FigureArguments,
    failure::Failure,
    figures::Columns,
    firmware::{self, Profile},
    qemu,
    toolchain::Target,
};

const COSTS: Columns = Columns {
    title: "Instructions of each operation",
    file: "heaps-on-target.csv",
    key: "heap,core,ram_kib,workload,operation",
    values: "mean,p99_9,max,failures",
};

const STEPS: Columns = Columns {
    title: "The compacting heap, with a step of compaction every 50 operations",
    file: "compact-step-on-target.csv",
    key: "core,ram_kib,workload,budget_bytes,operation",
    values: "mean,p99_9,max",
};

/// RAM of each heap, with which the tables are committed.
const COMMITTED_RAM_KIB: &str = "64";

/// What to measure, and what to do with it.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// RAM of each heap in KiB; the committed tables are for 64.
    #[arg(
        long,
        value_name = "KIB",
        default_value = COMMITTED_RAM_KIB,
        value_parser = PossibleValuesParser::new(["32", "64", "192"]),
        conflicts_with_all = ["check", "update"],
    )]
    ram: String,
    /// Instead, search for the highest utilisation that each heap sustains, in percent of its RAM.
    #[arg(long, conflicts_with_all = ["check", "update", "csv"])]
    utilisation: bool,
    #[command(flatten)]
    figures: FigureArguments,
}

/// Measures all heaps on all cores.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let ram_kib = &arguments.ram;
    if arguments.utilisation {
        // The cores do not differ in what a heap adds to a block.
        let program = firmware::build(Target::Thumbv7em, Profile::Release, "heaps")?;
        println!("heap,workload,highest target in percent of {ram_kib} KiB");
        print!("{}", qemu::run_with(&program, &["utilisation", ram_kib])?);
        return Ok(());
    }
    let (mut costs, mut steps) = (Vec::new(), Vec::new());
    for target in Target::ALL {
        let program = firmware::build(target, Profile::Release, "heaps")?;
        let core = target.core();
        for line in qemu::run_with(&program, &["costs", ram_kib])?.lines() {
            let (heap, rest) = line.split_once(',').unwrap_or((line, ""));
            costs.push(format!("{heap},{core},{ram_kib},{rest}"));
        }
        for line in qemu::run_with(&program, &["steps", ram_kib])?.lines() {
            steps.push(format!("{core},{ram_kib},{line}"));
        }
    }
    let costs = COSTS.report(&costs, &arguments.figures);
    println!();
    // Both are reported before either fails.
    costs.and(STEPS.report(&steps, &arguments.figures))
}
