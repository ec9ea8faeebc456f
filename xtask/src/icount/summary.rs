//! The table in the README, made from the committed one.

use core::fmt::Write as _;
use std::fs;

use super::{LAYOUT, reference};
use crate::{FigureArguments, failure::Failure, figures::Figure, firmware, toolchain::Target};

/// What stands around the table.
const MARKERS: (&str, &str) = ("<!-- icount -->\n", "<!-- /icount -->");

/// Workloads and what they are, in a few words. Of the last two all instructions count, of the others those per pixel.
const ROWS: [(&str, &str); 13] = [
    ("w1", "full screen, 8 bits"),
    ("w2", "a quarter of it, scaled by 2"),
    ("w3", "full screen, 1 bit"),
    ("w4", "40 sprites over tiles"),
    ("w5", "10 labels"),
    ("w6", "10 bitmap labels"),
    ("w7", "30 shapes"),
    ("w8", "BMP file, 8 bits"),
    ("w9", "BMP file, 24 bits"),
    ("w10", "full screen, RGB565"),
    ("w11", "w1, turned by 90 degrees"),
    ("w12", "one sprite moved: all"),
    ("w13", "nothing changed: all"),
];

/// Rewrites the table in the README, or complains when it is not that of the committed figures, as asked.
///
/// # Errors
/// The README cannot be read or written, has no place for the table, or another one.
pub(super) fn settle(arguments: &FigureArguments) -> Result<(), Failure> {
    if !arguments.update && !arguments.check {
        return Ok(());
    }
    let path = firmware::workspace().join("README.md");
    let fail = |error| Failure::new(format!("{}: {error}", path.display()));
    let old = fs::read_to_string(&path).map_err(fail)?;
    let new = with_table(&old, &table(&LAYOUT.committed()?)?)
        .ok_or_else(|| Failure::new(format!("{}: no place for the table", path.display())))?;
    if old == new {
        Ok(())
    } else if arguments.update {
        fs::write(&path, new).map_err(fail)
    } else {
        Err(Failure::new(format!(
            "{}: the table is not that of the committed figures; --update rewrites it",
            path.display()
        )))
    }
}

/// A text with `table` between the markers; `None` without them.
fn with_table(text: &str, table: &str) -> Option<String> {
    let (start, end) = MARKERS;
    let (before, rest) = text.split_once(start)?;
    let (_, after) = rest.split_once(end)?;
    Some([before, start, table, end, after].concat())
}

/// The table, line by line.
fn table(figures: &[Figure]) -> Result<String, Failure> {
    let mut table = String::from(
        "| workload | M4, 640 bytes | M4, 4 KiB | there | ratio | M0+, 640 bytes | there | ratio |\n\
         | :------- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for (workload, what) in ROWS {
        let ours = |target: Target, buffer_bytes| {
            let key = format!("{workload},{},{buffer_bytes}", target.core());
            let figure = figures.iter().find(|figure| figure.key == key);
            figure.map(|figure| figure.value).ok_or_else(|| Failure::new(format!("no {key}")))
        };
        let small = |target: Target| -> Result<String, Failure> {
            let (ours, theirs) = (ours(target, 640)?, reference(workload, target).unwrap_or(0.0));
            Ok(format!("{} | {}", number(theirs), number(theirs / ours)))
        };
        let (m4, m0) = (Target::Thumbv7em, Target::Thumbv6m);
        let _ = writeln!(
            table,
            "| {workload}: {what} | {} | {} | {} | {} | {} |",
            number(ours(m4, 640)?),
            number(ours(m4, 4096)?),
            small(m4)?,
            number(ours(m0, 640)?),
            small(m0)?,
        );
    }
    Ok(table)
}

/// With a digit behind the point below 10, and thousands apart.
fn number(value: f64) -> String {
    if value < 10.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{value:.0}");
    match digits.split_at(digits.len().saturating_sub(3)) {
        ("", _) => digits,
        (thousands, rest) => format!("{thousands} {rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_markers_changes() {
        let text = "before\n<!-- icount -->\n| old |\n<!-- /icount -->\nafter\n";
        let expected = "before\n<!-- icount -->\n| new |\n<!-- /icount -->\nafter\n";
        assert_eq!(with_table(text, "| new |\n").as_deref(), Some(expected));
        assert_eq!(with_table("no markers\n", ""), None);
    }

    #[test]
    fn rows_have_figures_and_ratios() {
        let mut figures = Vec::new();
        for (workload, _) in ROWS {
            for (core, buffer) in [("cortex-m4", 640), ("cortex-m4", 4096), ("cortex-m0+", 640)] {
                let key = format!("{workload},{core},{buffer}");
                figures.push(Figure { key, value: 20_000.0, reference: None });
            }
        }
        let made = table(&figures).expect("complete");
        let row = "| w12: one sprite moved: all | 20 000 | 20 000 | 92 440 | 4.6 | 20 000 | 166 480 | 8.3 |";
        assert!(made.lines().any(|line| line == row), "{made}");
        figures.remove(0);
        assert!(table(&figures).is_err(), "a figure is missing");
    }
}
