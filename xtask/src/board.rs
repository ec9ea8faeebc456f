//! The firmware in `examples/firmware` on an emulated board: what its panel shows is what the desktop shows, pixel by pixel.
//!
//! The desktop's program has an evening pass and leaves a picture for each event. The same events reach the board as they
//! would reach a real one: measurements over its serial port, presses on its buttons. After each, the emulator's screen is
//! compared with the desktop's picture.

mod emulator;
mod screen;

use std::{fs, path::PathBuf, process::Command};

use self::{emulator::Board, screen::Screen};
use crate::{
    failure::Failure,
    firmware,
    toolchain::{self, Target, Toolchain},
};

/// The program, on the desktop and on the board, and the board's package.
const PROGRAM: &str = "thermostat";
const PACKAGE: &str = "lm3s6965evb";

/// What happens, below the workspace.
const EVENTS: &str = "examples/firmware/thermostat/src/evening.txt";

/// Events that are presses of buttons, and the emulator's keys for these. All others are lines on the serial port.
const KEYS: [(&str, &str); 3] = [("up", "up"), ("down", "down"), ("power", "ctrl")];

/// Builds both, plays the evening, compares. Differing pictures are left in `target/board`.
pub(crate) fn run() -> Result<(), Failure> {
    cargo("build", &[])?;
    let program = firmware::target_directory().join(Target::Thumbv7m.triple()).join("release");
    let directory = firmware::target_directory().with_file_name("board");
    let desktop = Desktop::run(directory.clone())?;
    let mut board = Board::start(&program.join(PROGRAM), &directory, &KEYS.map(|(_, key)| key))?;
    let events = firmware::workspace().join(EVENTS);
    let events = fs::read_to_string(&events)
        .map_err(|error| Failure::new(format!("{}: {error}", events.display())))?;
    let first = board.shown()?;
    desktop.compare(0, &first, &board.screen()?)?;
    for (number, event) in (1..).zip(events.split_whitespace()) {
        let shown = cause(&mut board, event)
            .map_err(|failure| Failure::new(format!("event {number}, {event}: {failure}")))?;
        desktop.compare(number, &shown, &board.screen()?)?;
    }
    board.end()?;
    println!("{PACKAGE}: {} pictures as on the desktop", 1 + events.split_whitespace().count());
    Ok(())
}

/// Clippy, for the board's target.
pub(crate) fn lint() -> Result<(), Failure> {
    cargo("clippy", &["--", "-D", "warnings"])
}

/// Cargo, for the board's package.
fn cargo(subcommand: &str, arguments: &[&str]) -> Result<(), Failure> {
    let mut cargo = Toolchain::find(Target::Thumbv7m)?.cargo(subcommand);
    cargo
        .args(["--quiet", "--release", "--package", PACKAGE, "--manifest-path"])
        .arg(firmware::workspace().join("examples/firmware/Cargo.toml"))
        .arg("--target-dir")
        .arg(firmware::target_directory())
        .args(arguments);
    firmware::run(&mut cargo, &format!("cargo {subcommand} of {PACKAGE}"))
}

/// What the desktop's program shows and tells.
struct Desktop {
    /// Where its pictures are.
    directory: PathBuf,
    /// How many pixels each refresh sent.
    pixels: Vec<String>,
}

impl Desktop {
    /// Runs it; the directory has nothing but its pictures then.
    fn run(directory: PathBuf) -> Result<Self, Failure> {
        // Pictures that differed the last time are not to be taken for new ones.
        let _ = fs::remove_dir_all(&directory);
        let purpose = "the desktop's program";
        let output = Command::new(toolchain::cargo_in_use())
            .args(["run", "--quiet", "--package", "displayio-examples", "--bin", PROGRAM])
            .arg("--manifest-path")
            .arg(firmware::workspace().join("Cargo.toml"))
            .arg("--")
            .arg(&directory)
            .output()
            .map_err(|error| Failure::missing(format!("{purpose}: {error}")))?;
        if !output.status.success() {
            let errors = String::from_utf8_lossy(&output.stderr);
            return Err(Failure::new(format!("{purpose} failed:\n{errors}")));
        }
        let printed = String::from_utf8_lossy(&output.stdout);
        Ok(Self { directory, pixels: printed.lines().filter_map(pixels).collect() })
    }

    /// Compares a picture, and what the board says that it sent for it. What differs is left beside what was expected.
    fn compare(&self, number: usize, shown: &str, screen: &Screen) -> Result<(), Failure> {
        let expected = self.directory.join(format!("frame_{number:03}.png"));
        if let Some(difference) = screen.difference(&Screen::read_png(&expected)?) {
            let actual = expected.with_extension("actual.png");
            screen.write_png(&actual)?;
            return Err(Failure::new(format!("{}: {difference}", actual.display())));
        }
        match self.pixels.get(number) {
            Some(sent) if pixels(shown).as_ref() == Some(sent) => Ok(()),
            sent => Err(Failure::new(format!("refresh {number}: {shown}, {sent:?} there"))),
        }
    }
}

/// The number in a line with `: NUMBER pixels`.
fn pixels(line: &str) -> Option<String> {
    let (_, sent) = line.split_once(": ")?;
    let (number, _) = sent.split_once(" pixels")?;
    Some(number.into())
}

/// Has an event reach the board; gives what that says when it has shown it.
fn cause(board: &mut Board, event: &str) -> Result<String, Failure> {
    let Some((_, key)) = KEYS.iter().find(|(button, _)| *button == event) else {
        board.send(event)?;
        return board.shown();
    };
    board.set_key(key, true)?;
    let shown = board.shown()?;
    board.set_key(key, false)?;
    Ok(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_are_read_from_both() {
        let desktop = " 12: 2488 pixels, 5 allocations, 54x36+20+0";
        assert_eq!(pixels(desktop), pixels("shown: 2488 pixels"));
        assert_eq!(pixels("free: 288 bytes"), None);
    }
}
