//! The firmware in `examples/firmware` on an emulated board: what its panel shows is what the desktop shows, pixel by pixel.
//!
//! The desktop's program has an evening pass and leaves a picture for each event. The same events reach the board as they
//! would reach a real one: measurements over its serial port, presses on its buttons. After each, the emulator's screen is
//! compared with the desktop's picture.

mod emulator;
mod screen;

use std::{fs, path::Path, process::Command};

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

/// What the command can do besides.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Only look for faults in the sources, with Clippy for the board's target.
    #[arg(long)]
    lint: bool,
}

/// Builds both, plays the evening, compares. Differing pictures are left in `target/board`.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.lint {
        return cargo("clippy", &["--", "-D", "warnings"]);
    }
    cargo("build", &[])?;
    let program = firmware::target_directory().join(Target::Thumbv7m.triple()).join("release");
    let directory = firmware::target_directory().with_file_name("board");
    let refreshes = pictures_of_the_desktop(&directory)?;
    let mut board = Board::start(&program.join(PROGRAM), &directory, &KEYS.map(|(_, key)| key))?;
    let events = read(&firmware::workspace().join(EVENTS))?;
    let first = board.shown()?;
    compare(&mut board, &directory, 0, &first, &refreshes)?;
    let mut count = 1;
    for event in events.split_whitespace() {
        let shown = cause(&mut board, event)
            .map_err(|failure| Failure::new(format!("event {count}, {event}: {failure}")))?;
        compare(&mut board, &directory, count, &shown, &refreshes)?;
        count += 1;
    }
    if count != refreshes.len() {
        return Err(Failure::new("the desktop shows more pictures than there are events"));
    }
    board.end()?;
    println!("{PACKAGE}: {count} pictures as on the desktop");
    Ok(())
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

/// Has the desktop's program write its pictures into an empty directory; gives how many pixels each refresh sent.
fn pictures_of_the_desktop(directory: &Path) -> Result<Vec<String>, Failure> {
    // Pictures that differed the last time are not to be taken for new ones.
    let _ = fs::remove_dir_all(directory);
    let purpose = "the desktop's program";
    let output = Command::new(toolchain::cargo_in_use())
        .args(["run", "--quiet", "--package", "displayio-examples", "--bin", PROGRAM])
        .arg("--manifest-path")
        .arg(firmware::workspace().join("Cargo.toml"))
        .arg("--")
        .arg(directory)
        .output()
        .map_err(|error| Failure::missing(format!("{purpose}: {error}")))?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::new(format!("{purpose} failed:\n{errors}")));
    }
    let printed = String::from_utf8_lossy(&output.stdout);
    Ok(printed.lines().filter_map(pixels).collect())
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

/// Compares what the board shows and what it says that it sent with the desktop's.
fn compare(
    board: &mut Board,
    directory: &Path,
    number: usize,
    shown: &str,
    refreshes: &[String],
) -> Result<(), Failure> {
    let expected = directory.join(format!("frame_{number:03}.png"));
    let actual = board.screen()?;
    if let Some(difference) = actual.difference(&Screen::read_png(&expected)?) {
        let path = expected.with_extension("actual.png");
        actual.write_png(&path)?;
        return Err(Failure::new(format!("{}: {difference}", path.display())));
    }
    let sent = pixels(shown);
    if sent.as_ref() == refreshes.get(number) {
        return Ok(());
    }
    Err(Failure::new(format!("refresh {number}: {shown}, {:?} there", refreshes.get(number))))
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| Failure::new(format!("{}: {error}", path.display())))
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
