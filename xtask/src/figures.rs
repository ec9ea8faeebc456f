//! Tables of figures: measured, committed, compared, printed.

mod columns;

use core::fmt::Write as _;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

pub(crate) use self::columns::Columns;
use crate::{FigureArguments, failure::Failure, firmware};

/// A figure may grow by this much before it counts as worse.
const TOLERANCE: f64 = 0.02;

/// A measurement: what, and how much.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Figure {
    /// Comma-separated fields that name what was measured.
    pub(crate) key: String,
    /// How much; less is better.
    pub(crate) value: f64,
    /// The reference's figure, where it has one.
    pub(crate) reference: Option<f64>,
}

/// How a table is kept and shown.
#[derive(Debug)]
pub(crate) struct Layout {
    /// File name in `benches/results`.
    pub(crate) file: &'static str,
    /// Comma-separated names of the fields of a key.
    pub(crate) key: &'static str,
    /// Name of the value.
    pub(crate) value: &'static str,
}

impl Layout {
    /// The committed figures.
    ///
    /// # Errors
    /// The table cannot be read.
    pub(crate) fn committed(&self) -> Result<Vec<Figure>, Failure> {
        let path = path(self.file);
        parse(&fs::read_to_string(&path).map_err(|error| unusable(&path, &error))?)
    }

    fn csv(&self, figures: &[Figure]) -> String {
        let mut csv = format!("{},{}\n", self.key, self.value);
        for figure in figures {
            let _ = writeln!(csv, "{},{}", figure.key, rounded(figure.value));
        }
        csv
    }

    /// Prints the figures, and compares or commits them as asked.
    ///
    /// # Errors
    /// A figure grew or is missing, or the committed table cannot be read or written.
    pub(crate) fn report(
        &self,
        figures: &[Figure],
        arguments: &FigureArguments,
    ) -> Result<(), Failure> {
        if arguments.csv {
            print!("{}", self.csv(figures));
        } else {
            print!("{}", aligned(&self.rows(figures)));
        }
        settle(self.file, &self.csv(figures), figures, parse, arguments)
    }

    fn rows(&self, figures: &[Figure]) -> Vec<Vec<String>> {
        let header = self.key.split(',').chain([self.value, "reference", "reference/ours"]);
        let mut rows = vec![header.map(str::to_owned).collect()];
        for figure in figures {
            let mut row: Vec<String> = figure.key.split(',').map(str::to_owned).collect();
            row.push(rounded(figure.value));
            row.push(figure.reference.map(rounded).unwrap_or_default());
            let ratio = figure.reference.map(|reference| reference / figure.value);
            row.push(ratio.map(|ratio| format!("{ratio:.1}")).unwrap_or_default());
            rows.push(row);
        }
        rows
    }
}

/// Compares measured figures with the committed table `file`, or commits them as `csv`, as asked.
fn settle(
    file: &str,
    csv: &str,
    measured: &[Figure],
    parse: impl FnOnce(&str) -> Result<Vec<Figure>, Failure>,
    arguments: &FigureArguments,
) -> Result<(), Failure> {
    let path = path(file);
    let fail = |error| unusable(&path, &error);
    if arguments.update {
        fs::write(&path, csv).map_err(fail)?;
    }
    if arguments.check {
        let complaints = compare(&parse(&fs::read_to_string(&path).map_err(fail)?)?, measured);
        if !complaints.is_empty() {
            let complaints = complaints.join("\n");
            return Err(Failure::new(format!("{}:\n{complaints}", path.display())));
        }
    }
    Ok(())
}

/// Where a table is committed.
fn path(file: &str) -> PathBuf {
    firmware::workspace().join("benches/results").join(file)
}

fn unusable(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("{}: {error}", path.display()))
}

/// Two digits behind the point, or none where they would be zero.
fn rounded(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

/// Keys and values of a committed table: the first line is the header.
fn parse(csv: &str) -> Result<Vec<Figure>, Failure> {
    read(csv.split_once('\n').map_or("", |(_, lines)| lines))
}

/// Figures from lines of a key and a value, the last field.
///
/// # Errors
/// A line is none of these.
pub(crate) fn read(lines: &str) -> Result<Vec<Figure>, Failure> {
    let figure = |line: &str| {
        let (key, value) = line.rsplit_once(',')?;
        Some(Figure { key: key.into(), value: value.trim().parse().ok()?, reference: None })
    };
    lines
        .lines()
        .map(|line| figure(line).ok_or_else(|| Failure::new(format!("not a figure: {line}"))))
        .collect()
}

/// What is wrong with the measured figures; nothing if all is well.
fn compare(committed: &[Figure], measured: &[Figure]) -> Vec<String> {
    let find = |figures: &[Figure], key: &str| {
        figures.iter().find(|figure| figure.key == key).map(|figure| figure.value)
    };
    let mut complaints = Vec::new();
    for Figure { key, value, .. } in measured {
        match find(committed, key) {
            None => complaints.push(format!("{key}: {} is not in the table", rounded(*value))),
            Some(old) if *value > old * (1.0 + TOLERANCE) => {
                let percent = (value / old - 1.0) * 100.0;
                let (old, new) = (rounded(old), rounded(*value));
                complaints.push(format!("{key}: grew from {old} to {new} ({percent:+.1} %)"));
            }
            Some(_) => {}
        }
    }
    for Figure { key, .. } in committed {
        if find(measured, key).is_none() {
            complaints.push(format!("{key}: no longer measured"));
        }
    }
    complaints
}

/// Rows as text, in columns; those of numbers are aligned to the right.
pub(crate) fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let cell = |row: &Vec<String>, column| row.get(column).map_or(0, String::len);
    let widths: Vec<usize> =
        (0..columns).map(|c| rows.iter().map(|row| cell(row, c)).max().unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (field, &width) in row.iter().zip(&widths) {
            let is_number = field.starts_with(|c: char| c.is_ascii_digit());
            let _ = if is_number {
                write!(line, "{field:>width$}  ")
            } else {
                write!(line, "{field:<width$}  ")
            };
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(key: &str, value: f64) -> Figure {
        Figure { key: key.into(), value, reference: None }
    }

    #[test]
    fn growth_beyond_the_tolerance_is_noticed() {
        let committed = [figure("w1,m4", 100.0)];
        let complain = |value| compare(&committed, &[figure("w1,m4", value)]);
        assert_eq!(complain(102.0), [""; 0]);
        assert_eq!(complain(50.0), [""; 0]);
        assert_eq!(complain(102.1), ["w1,m4: grew from 100 to 102.10 (+2.1 %)"]);
    }

    #[test]
    fn figures_must_be_on_both_sides() {
        let (old, new) = ([figure("w1", 1.0)], [figure("w2", 2.0)]);
        assert_eq!(compare(&old, &new), ["w2: 2 is not in the table", "w1: no longer measured"]);
    }

    #[test]
    fn tables_survive_being_written() {
        let layout = Layout { file: "", key: "workload,core", value: "figure" };
        let figures = [figure("w1,m4", 5.25), figure("w13,m4", 927.0)];
        let csv = layout.csv(&figures);
        assert_eq!(csv, "workload,core,figure\nw1,m4,5.25\nw13,m4,927\n");
        assert_eq!(parse(&csv), Ok(figures.to_vec()));
        assert!(parse("header\nw1,m4,fast").is_err(), "not a number");
    }

    #[test]
    fn columns_are_aligned() {
        let rows = [["name", "value"], ["w1", "5"], ["w10", "12.50"]];
        let rows = rows.map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(aligned(&rows), "name  value\nw1        5\nw10   12.50\n");
    }
}
