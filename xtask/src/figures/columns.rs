//! Tables with several figures in a line.

use super::{Figure, aligned, settle};
use crate::{FigureArguments, failure::Failure};

/// How a table with several figures in a line is kept and shown.
#[derive(Debug)]
pub(crate) struct Columns {
    /// What the aligned table is headed with.
    pub(crate) title: &'static str,
    /// File name in `benches/results`.
    pub(crate) file: &'static str,
    /// Comma-separated names of the fields of a key.
    pub(crate) key: &'static str,
    /// Comma-separated names of the figures, in which less is better.
    pub(crate) values: &'static str,
}

impl Columns {
    /// Prints lines of keys and figures, and compares or commits them as asked.
    ///
    /// # Errors
    /// A line is none of this table, a figure grew or is missing, or the committed table cannot be read or written.
    pub(crate) fn report(
        &self,
        lines: &[String],
        arguments: &FigureArguments,
    ) -> Result<(), Failure> {
        let csv = self.csv(lines);
        let figures = self.parse(&csv)?;
        if arguments.csv {
            print!("{csv}");
        } else {
            println!("{}", self.title);
            let fields = |line: &str| line.split(',').map(str::to_owned).collect();
            print!("{}", aligned(&csv.lines().map(fields).collect::<Vec<_>>()));
        }
        settle(self.file, &csv, &figures, |committed| self.parse(committed), arguments)
    }

    fn csv(&self, lines: &[String]) -> String {
        let header = format!("{},{}\n", self.key, self.values);
        lines.iter().fold(header, |csv, line| csv + line + "\n")
    }

    /// Each figure by itself: its key is the line's and the name of its column.
    fn parse(&self, csv: &str) -> Result<Vec<Figure>, Failure> {
        let mut figures = Vec::new();
        for line in csv.lines().skip(1) {
            let line_figures = self.figures_of(line);
            figures
                .extend(line_figures.ok_or_else(|| Failure::new(format!("not figures: {line}")))?);
        }
        Ok(figures)
    }

    fn figures_of(&self, line: &str) -> Option<Vec<Figure>> {
        let names: Vec<&str> = self.values.split(',').collect();
        let fields: Vec<&str> = line.split(',').collect();
        let key_fields = self.key.split(',').count();
        if fields.len() != key_fields + names.len() {
            return None;
        }
        let (key, values) = fields.split_at(key_fields);
        let figure = |(name, value): (&&str, &&str)| {
            let key = format!("{},{name}", key.join(","));
            Some(Figure { key, value: value.parse().ok()?, reference: None })
        };
        names.iter().zip(values).map(figure).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: Columns =
        Columns { title: "", file: "", key: "heap,workload", values: "mean,max" };

    #[test]
    fn lines_become_figures() {
        let csv = COLUMNS.csv(&["tlsf,a,147,169".into(), "tlsf,c,156,169".into()]);
        assert_eq!(csv, "heap,workload,mean,max\ntlsf,a,147,169\ntlsf,c,156,169\n");
        let figures = COLUMNS.parse(&csv).expect("well-formed");
        let expected = [
            ("tlsf,a,mean", 147.0),
            ("tlsf,a,max", 169.0),
            ("tlsf,c,mean", 156.0),
            ("tlsf,c,max", 169.0),
        ];
        let expected =
            expected.map(|(key, value)| Figure { key: key.into(), value, reference: None });
        assert_eq!(figures, expected);
    }

    #[test]
    fn other_lines_are_refused() {
        let fails = |line: &str| COLUMNS.parse(&COLUMNS.csv(&[line.into()])).is_err();
        assert!(fails("tlsf,a,147"), "a figure short");
        assert!(fails("tlsf,a,147,169,0"), "a figure too many");
        assert!(fails("tlsf,a,147,many"), "not a number");
    }
}
