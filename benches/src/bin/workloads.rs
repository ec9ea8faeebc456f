//! Runs one workload on a desktop, so that it can be counted and timed.
//!
//! Prints `PIXELS,NANOSECONDS` of the refresh that is measured: the shortest time of several runs. `cargo xtask host` counts
//! the instructions of `measured_refresh`.

use core::{error::Error, mem::MaybeUninit, time::Duration};
use std::{
    io::{self, Write},
    time::Instant,
};

use clap::{
    Parser,
    builder::{PossibleValuesParser, TypedValueParser},
};
use displayio_allocators::LinkedListHeap;
use displayio_benches::{CountingPanel, Observer, Workload};
use displayio_core::{BlockingPanel, Display, Node, RefreshError, RefreshStats, Rgb565};

const HEAP_BYTES: usize = 240 * 1024;

/// Runs one workload.
#[derive(Debug, Parser)]
struct Arguments {
    /// Which one: w1 to w13
    #[arg(value_parser = workload_parser())]
    workload: Workload,
    /// Bytes of the strip buffer
    #[arg(long, value_name = "BYTES", default_value = "640")]
    buffer: usize,
    /// Runs, of which the fastest counts
    #[arg(long, value_name = "N", default_value = "1")]
    runs: u32,
}

fn workload_parser() -> impl TypedValueParser<Value = Workload> {
    PossibleValuesParser::new(Workload::ALL.map(Workload::name)).try_map(|name| {
        Workload::ALL.into_iter().find(|w| w.name() == name).ok_or("no such workload")
    })
}

/// Times the refresh that it watches.
struct Stopwatch {
    shortest: Duration,
}

impl Observer for Stopwatch {
    fn refresh<P: BlockingPanel<Format = Rgb565>, N: Node<Rgb565>>(
        &mut self,
        display: &mut Display<'_, P>,
        root: &N,
    ) -> Result<RefreshStats, RefreshError<P::Error>> {
        let start = Instant::now();
        let result = measured_refresh(display, root);
        self.shortest = self.shortest.min(start.elapsed());
        result
    }
}

/// Not inlined, so that its instructions can be told from others by its name.
#[inline(never)]
fn measured_refresh<P: BlockingPanel<Format = Rgb565>, N: Node<Rgb565>>(
    display: &mut Display<'_, P>,
    root: &N,
) -> Result<RefreshStats, RefreshError<P::Error>> {
    display.refresh(root)
}

fn main() -> Result<(), Box<dyn Error>> {
    let Arguments { workload, buffer, runs } = Arguments::parse();
    let mut region = vec![MaybeUninit::uninit(); HEAP_BYTES];
    let mut buffer = vec![0; buffer];
    let mut stopwatch = Stopwatch { shortest: Duration::MAX };
    let mut stats = RefreshStats::default();
    for _ in 0..runs {
        let heap = LinkedListHeap::new(&mut region);
        let panel = CountingPanel::new(workload.panel_size());
        stats = workload.run(panel, &mut buffer, &heap, &mut stopwatch)?;
    }
    writeln!(io::stdout(), "{},{}", stats.pixels, stopwatch.shortest.as_nanos())?;
    Ok(())
}
