//! Stack that a refresh needs, on emulated boards.

use crate::{
    FigureArguments,
    failure::Failure,
    figures::{self, Figure, Layout},
    firmware::{self, Profile},
    qemu,
    toolchain::Target,
};

const LAYOUT: Layout = Layout { file: "stack.csv", key: "workload,core,profile", value: "bytes" };

/// What the program's call with a frame of 1000 bytes may be measured as.
const CHECK_BYTES: core::ops::Range<f64> = 1000.0..1100.0;

/// What a refresh may need at most, besides the strip buffer: 1.1 KiB.
const MOST_BYTES: f64 = 1126.0;

/// Measures all workloads on all cores, optimised for speed and for size.
pub(crate) fn run(arguments: &FigureArguments) -> Result<(), Failure> {
    let mut figures = Vec::new();
    for target in Target::ALL {
        for profile in [Profile::Release, Profile::Size] {
            let program = firmware::build(target, profile, "stack")?;
            let key = format!("{},{}", target.core(), profile.name());
            figures.extend(read(&qemu::run(&program)?, &key)?);
        }
    }
    LAYOUT.report(&figures, arguments)?;
    limit(&figures)
}

/// Refuses figures above [`MOST_BYTES`], whatever the table has.
fn limit(figures: &[Figure]) -> Result<(), Failure> {
    match figures.iter().find(|figure| figure.value > MOST_BYTES) {
        Some(Figure { key, value, .. }) => {
            Err(Failure::new(format!("{key}: {value} bytes of stack, more than {MOST_BYTES}")))
        }
        None => Ok(()),
    }
}

/// Figures from what the program printed.
fn read(printed: &str, key: &str) -> Result<Vec<Figure>, Failure> {
    let (checks, mut figures): (Vec<Figure>, Vec<Figure>) =
        figures::read(printed)?.into_iter().partition(|figure| figure.key == "check");
    for figure in &mut figures {
        figure.key = format!("{},{key}", figure.key);
    }
    match checks.as_slice() {
        [check] if CHECK_BYTES.contains(&check.value) => Ok(figures),
        _ => Err(Failure::new("the program does not measure its stack")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_becomes_figures() {
        let figures = read("check,1016\nw1,480\n", "cortex-m4,size").expect("well-formed");
        let expected = Figure { key: "w1,cortex-m4,size".into(), value: 480.0, reference: None };
        assert_eq!(figures, [expected]);
    }

    #[test]
    fn a_refresh_has_a_limit() {
        let figure = |value| Figure { key: "w1,cortex-m4,size".into(), value, reference: None };
        assert!(limit(&[figure(0.0), figure(MOST_BYTES)]).is_ok());
        assert!(limit(&[figure(0.0), figure(MOST_BYTES + 1.0)]).is_err());
    }

    #[test]
    fn wrong_measurements_and_noise_are_refused() {
        let fails = |printed| read(printed, "cortex-m4,size").is_err();
        assert!(fails("w1,480\n"), "no check");
        assert!(fails("check,20\nw1,480\n"), "a frame of 1000 bytes is not seen");
        assert!(fails("check,1016\npanicked at lib.rs\n"), "not a measurement");
    }
}
