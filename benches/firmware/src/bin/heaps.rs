//! Counts the instructions of allocations and frees, heap by heap.
//!
//! Arguments: what to measure, and the RAM of each heap in KiB.
//! - `costs` prints lines `HEAP,WORKLOAD,OPERATION,MEAN,P99_9,MAX,FAILURES`;
//! - `steps` compacts between operations, and prints `WORKLOAD,BUDGET_BYTES,OPERATION,MEAN,P99_9,MAX`;
//! - `utilisation` searches the highest target that each heap sustains, and prints `HEAP,WORKLOAD,PERCENT`.
//!
//! A failure is a panic, which ends QEMU with an error.
#![no_std]
#![no_main]

use core::mem::MaybeUninit;

use cortex_m_rt::entry;
use displayio_allocators::{Arena, CompactingHeap, OutOfMemory};
use displayio_bench_firmware::{Counter, HeapSamples, Measured, Pause, Samples, Statistics};
use displayio_benches::heaps::{
    Blocks, BlocksUser, Contender, Homes, NoClock, Report, Search, Trial, Utilisation, Workload,
};
use semihosting::{experimental::env, println, process};

const HEAPS: [Contender; 4] =
    [Contender::Reference, Contender::LinkedList, Contender::Tlsf, Contender::Compacting];

/// Live bytes where costs are measured.
const TARGET: Utilisation = Utilisation::from_half_percents(2 * 70);
/// Allocations and frees with each seed.
const OPERATIONS: u32 = 12_000;
const SEEDS: [u32; 3] = [1, 2, 3];

/// Bytes that a compacting step may move; 0 for no steps.
const BUDGETS_BYTES: [usize; 4] = [0, 1024, 4096, 16_384];
/// Operations between two compacting steps.
const STEP_EVERY: u32 = 50;

const RAM_KIB_MAX: usize = 192;
const SCRATCH_BYTES: usize = 256 * 1024;
/// Enough for the operations with all seeds, and the frees at the end of each trial.
const SAMPLES: usize = 49_152;

/// RAM for the heaps, aligned so that where the linker puts it does not matter.
#[repr(align(64))]
struct Ram([MaybeUninit<u8>; 1024 * RAM_KIB_MAX]);

#[entry]
fn main() -> ! {
    static mut RAM: Ram = Ram([MaybeUninit::uninit(); 1024 * RAM_KIB_MAX]);
    static mut SCRATCH: [MaybeUninit<u8>; SCRATCH_BYTES] = [MaybeUninit::uninit(); SCRATCH_BYTES];
    static mut VALUES: [[u32; SAMPLES]; 4] = [[0; SAMPLES]; 4];

    let [allocating, placing, freeing, pausing] =
        VALUES.each_mut().map(|values| Samples::new(values));
    let bench = Bench {
        counter: Counter::start(),
        samples: HeapSamples { allocating, placing, freeing, pausing },
        scratch: Arena::new(SCRATCH),
    };
    match bench.run(&mut RAM.0) {
        Ok(()) => process::exit(0),
        Err(reason) => {
            println!("{reason}");
            process::exit(1)
        }
    }
}

struct Bench<'b> {
    counter: Counter,
    samples: HeapSamples<'b>,
    /// For the lists of the trials.
    scratch: Arena<'b>,
}

const TOO_LITTLE: &str = "too little memory for the lists of a trial";

impl Bench<'_> {
    /// Does what the program's arguments say.
    fn run(&self, ram: &mut [MaybeUninit<u8>]) -> Result<(), &'static str> {
        let arguments = env::args::<64>().map_err(|_| "no arguments")?;
        let mut arguments = (&arguments).filter_map(Result::ok).skip(1);
        let task = arguments.next();
        let ram_kib = arguments.next().and_then(|kib| kib.parse().ok()).unwrap_or(0);
        let ram = ram.get_mut(..1024 * ram_kib).ok_or("more RAM than there is")?;
        let result = match task {
            Some("costs") => self.costs(ram),
            Some("steps") => self.steps(ram),
            Some("utilisation") => self.utilisation(ram),
            _ => return Err("arguments: costs, steps or utilisation; KiB of RAM"),
        };
        result.map_err(|_| TOO_LITTLE)
    }

    fn costs(&self, ram: &mut [MaybeUninit<u8>]) -> Result<(), OutOfMemory> {
        for heap in HEAPS {
            for workload in Workload::ALL {
                let mut failures = 0;
                for seed in SEEDS {
                    let trial = trial(workload, ram.len(), seed);
                    failures += heap.lend(ram, Measure { bench: self, trial })??.failures;
                }
                let print = |operation, samples: &Samples<'_>, failures| {
                    let Statistics { mean, p999, max } = samples.take_statistics();
                    let (heap, letter) = (heap.name(), workload.letter());
                    println!("{heap},{letter},{operation},{mean},{p999},{max},{failures}");
                };
                print("allocate", &self.samples.allocating, failures);
                print("allocate less zeroing", &self.samples.placing, failures);
                print("free", &self.samples.freeing, 0);
            }
        }
        Ok(())
    }

    fn steps(&self, ram: &mut [MaybeUninit<u8>]) -> Result<(), OutOfMemory> {
        for workload in Workload::ALL {
            for budget_bytes in BUDGETS_BYTES {
                for seed in SEEDS {
                    self.trial_with_steps(ram, &trial(workload, ram.len(), seed), budget_bytes)?;
                }
                let print = |operation, samples: &Samples<'_>| {
                    let Statistics { mean, p999, max } = samples.take_statistics();
                    let letter = workload.letter();
                    println!("{letter},{budget_bytes},{operation},{mean},{p999},{max}");
                };
                print("allocate", &self.samples.allocating);
                print("allocate less zeroing", &self.samples.placing);
                print("free", &self.samples.freeing);
                print("step", &self.samples.pausing);
            }
        }
        Ok(())
    }

    /// A trial on a compacting heap that moves up to `budget_bytes` every so many operations.
    fn trial_with_steps(
        &self,
        ram: &mut [MaybeUninit<u8>],
        trial: &Trial,
        budget_bytes: usize,
    ) -> Result<Report, OutOfMemory> {
        let region_bytes = ram.len() - Contender::Compacting.control_bytes();
        let heap = CompactingHeap::new(&mut ram[..region_bytes]);
        let homes = Homes::new(&heap, &heap);
        let measured = Measured::new(&homes, &self.counter, &self.samples);
        if budget_bytes == 0 {
            return trial.run(&measured, &NoClock, &self.scratch);
        }
        let step = || {
            heap.compact_step(budget_bytes);
        };
        let measured = measured.with_pause(Pause { every: STEP_EVERY, work: step });
        trial.run(&measured, &NoClock, &self.scratch)
    }

    fn utilisation(&self, ram: &mut [MaybeUninit<u8>]) -> Result<(), OutOfMemory> {
        for heap in HEAPS {
            for workload in Workload::ALL {
                let search = Search { workload, operations: OPERATIONS, seeds: &SEEDS };
                let found = search.highest(heap, ram, &self.scratch)?;
                println!("{},{},{}", heap.name(), workload.letter(), found.utilisation);
            }
        }
        Ok(())
    }
}

const fn trial(workload: Workload, ram_bytes: usize, seed: u32) -> Trial {
    Trial {
        operations: OPERATIONS,
        stops_at_failure: false,
        ..Trial::new(workload, TARGET.target_bytes(ram_bytes), seed)
    }
}

/// A trial whose operations are measured.
struct Measure<'a, 'b> {
    bench: &'a Bench<'b>,
    trial: Trial,
}

impl BlocksUser for Measure<'_, '_> {
    type Output = Result<Report, OutOfMemory>;

    fn with<B: Blocks>(self, blocks: &B) -> Self::Output {
        let Bench { counter, samples, scratch } = self.bench;
        self.trial.run(&Measured::new(blocks, counter, samples), &NoClock, scratch)
    }
}
