//! Instructions of the workloads, counted on emulated boards.

mod summary;

use crate::{
    FigureArguments,
    failure::Failure,
    figures::{Figure, Layout},
    firmware::{self, Profile},
    qemu,
    toolchain::Target,
};

const LAYOUT: Layout =
    Layout { file: "icount.csv", key: "workload,core,buffer_bytes", value: "figure" };

/// The program's loop of 2000 instructions may be counted wrongly by this much: the cost of its call varies.
const CHECK_TOLERANCE: u32 = 2;

/// A sprite of 16x16 pixels that moves by one damages this much.
const MOVED_PIXELS_MAX: u32 = 17 * 16;

/// `CircuitPython`'s displayio: instructions per pixel, or per refresh, on a Cortex-M4 (compiled with -O2) and on a
/// Cortex-M0+ (-Os), with a strip of 512 bytes.
const REFERENCE: [(&str, f64, f64); 13] = [
    ("w1", 182.4, 355.0),
    ("w2", 182.4, 349.0),
    ("w3", 194.4, 395.0),
    ("w4", 209.4, 434.0),
    ("w5", 302.7, 550.0),
    ("w6", 227.8, 459.0),
    ("w7", 200.0, 299.0),
    ("w8", 559.0, 1172.0),
    ("w9", 592.0, 1133.0),
    ("w10", 230.4, 435.0),
    ("w11", 212.1, 437.0),
    ("w12", 92_440.0, 166_480.0),
    ("w13", 8_840.0, 10_960.0),
];

/// Measures all workloads on all cores.
pub(crate) fn run(arguments: &FigureArguments) -> Result<(), Failure> {
    let mut figures = Vec::new();
    for target in Target::ALL {
        let program = firmware::build(target, Profile::Release, "icount")?;
        figures.extend(read(&qemu::run(&program)?, target)?);
    }
    LAYOUT.report(&figures, arguments)?;
    summary::settle(arguments)
}

/// Figures from what the program printed.
fn read(printed: &str, target: Target) -> Result<Vec<Figure>, Failure> {
    let mut figures = Vec::new();
    let mut is_checked = false;
    for line in printed.lines() {
        let fields: Vec<&str> = line.split(',').collect();
        let number = |index: usize| {
            let field = fields.get(index).copied().unwrap_or_default();
            field.parse::<u32>().map_err(|_| Failure::new(format!("not a measurement: {line}")))
        };
        match fields.first() {
            Some(&"calibration") => {}
            Some(&"check") => is_checked = number(1)?.abs_diff(2000) <= CHECK_TOLERANCE,
            Some(workload) => {
                let (buffer_bytes, instructions, pixels) = (number(1)?, number(2)?, number(3)?);
                if *workload == "w12" && pixels > MOVED_PIXELS_MAX {
                    return Err(Failure::new(format!("{pixels} pixels sent for a sprite")));
                }
                figures.push(Figure {
                    key: format!("{workload},{},{buffer_bytes}", target.core()),
                    value: value(workload, instructions, pixels),
                    reference: reference(workload, target),
                });
            }
            None => {}
        }
    }
    if is_checked {
        Ok(figures)
    } else {
        Err(Failure::new("the emulator's clock does not count instructions"))
    }
}

/// Instructions per pixel (of `view-*` per view, of `scale-poll-*` per node), or all of them: where the refresh is small,
/// and where the program gives a 0.
fn value(workload: &str, instructions: u32, pixels: u32) -> f64 {
    let instructions = f64::from(instructions);
    let is_small = ["w12", "w13"].contains(&workload) || pixels == 0;
    if is_small { instructions } else { instructions / f64::from(pixels) }
}

fn reference(workload: &str, target: Target) -> Option<f64> {
    let (_, m4, m0) = REFERENCE.into_iter().find(|(name, ..)| *name == workload)?;
    match target {
        Target::Thumbv7em => Some(m4),
        Target::Thumbv6m => Some(m0),
        Target::Thumbv7m | Target::Riscv32imc => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_becomes_figures() {
        let printed = "calibration,6400000\ncheck,1999\nw1,640,384000,76800\nw12,640,20000,272\n";
        let figures = read(printed, Target::Thumbv7em).expect("well-formed");
        let expected = [("w1,cortex-m4,640", 5.0, 182.4), ("w12,cortex-m4,640", 20000.0, 92440.0)];
        let expected = expected.map(|(key, value, reference)| Figure {
            key: key.into(),
            value,
            reference: Some(reference),
        });
        assert_eq!(figures, expected);
    }

    #[test]
    fn wrong_clocks_and_noise_are_refused() {
        let fails = |printed| read(printed, Target::Thumbv6m).is_err();
        assert!(fails("w1,640,384000,76800\n"), "no check");
        assert!(fails("check,2500\n"), "wrong by a quarter");
        assert!(fails("check,2000\npanicked at lib.rs\n"), "not a measurement");
        assert!(fails("check,2000\nw12,640,20000,273\n"), "a pixel too many");
    }
}
