//! Which heap survives a program of one's own?

use core::fmt::Display;
use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use displayio_allocators::{Heap, ReplayReport};
use displayio_benches::heaps::{Contender, Recorded};

use super::{Arguments, or_default, with_memory};

/// The most RAM that is tried, in what is live at most.
const MOST_RAM: usize = 8;

/// A list of rows, of which the first has headings.
type Table = Vec<Vec<String>>;

/// Prints how each heap does with what is in the file. No block is looked into: none is damaged.
pub(crate) fn replay(arguments: &Arguments, file: &Path) -> io::Result<u32> {
    let of_file = |error: &dyn Display| io::Error::other(format!("{}: {error}", file.display()));
    let trace = fs::read(file).map_err(|error| of_file(&error))?;
    let recorded = with_memory(64 * trace.len(), |_, scratch| Recorded::new(&trace, scratch))
        .map_err(|error| of_file(&error))?;
    let heaps = or_default(&arguments.heap, &Contender::ALL);
    let table = if arguments.ram.is_empty() {
        least_ram(&recorded, heaps)?
    } else {
        failures(&recorded, heaps, &arguments.ram)?
    };
    let mut out = io::stdout().lock();
    if arguments.csv {
        for row in table {
            writeln!(out, "{}", row.join(","))?;
        }
        return Ok(0);
    }
    let ReplayReport { allocations, peak_bytes, peak_blocks, .. } = recorded.asked();
    writeln!(
        out,
        "{allocations} allocations; at most {peak_bytes} bytes live, {peak_blocks} blocks\n"
    )?;
    for row in table {
        let cells: String = row[1..].iter().map(|cell| format!("{cell:>18}")).collect();
        writeln!(out, "{:16}{cells}", row[0])?;
    }
    Ok(0)
}

/// In how many bytes each heap survives, and how much of those is live at most.
fn least_ram(recorded: &Recorded<'_>, heaps: &[Contender]) -> io::Result<Table> {
    let peak_bytes = recorded.asked().peak_bytes;
    let most_bytes = MOST_RAM * peak_bytes + 4096;
    let mut table = vec![["heap", "least_ram_bytes", "live_percent"].map(String::from).to_vec()];
    for heap in heaps {
        let least = |ram: &mut [_], scratch: Heap<'_>| recorded.least_ram(*heap, ram, scratch);
        let least_bytes = with_memory(most_bytes, least).map_err(io::Error::other)?;
        table.push(vec![
            heap.name().into(),
            least_bytes.map_or_else(|| format!("over {most_bytes}"), |bytes| bytes.to_string()),
            least_bytes.map_or_else(String::new, |bytes| {
                format!("{:.1}", 100.0 * peak_bytes as f64 / bytes as f64)
            }),
        ]);
    }
    Ok(table)
}

/// How many allocations fail in so much RAM, and which is the first.
fn failures(recorded: &Recorded<'_>, heaps: &[Contender], rams: &[u16]) -> io::Result<Table> {
    let headings = ["heap", "ram_kib", "allocations", "failures", "first_failure"];
    let mut table = vec![headings.map(String::from).to_vec()];
    for ram_kib in rams {
        for heap in heaps {
            let run = |ram: &mut [_], scratch: Heap<'_>| recorded.run(*heap, ram, scratch);
            let report =
                with_memory(1024 * usize::from(*ram_kib), run).map_err(io::Error::other)?;
            table.push(vec![
                heap.name().into(),
                ram_kib.to_string(),
                report.allocations.to_string(),
                report.failures.to_string(),
                report.first_failure.map_or_else(|| "none".into(), |number| number.to_string()),
            ]);
        }
    }
    Ok(table)
}
