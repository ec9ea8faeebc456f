//! The small programs: what they show, what each refresh sends, and that they allocate nothing once they run.
#![expect(clippy::unwrap_used, reason = "a failure to set up is a failed test")]

use core::mem::MaybeUninit;
use std::{
    env,
    fs::{self, File},
    io::BufReader,
    path::Path,
    process::{Command, Output},
};

use displayio_allocators::{LinkedListHeap, replay};
use displayio_hal::{golden, png};

const DASHBOARD: &str = env!("CARGO_BIN_EXE_dashboard");
const MENU: &str = env!("CARGO_BIN_EXE_menu");
const SIGN: &str = env!("CARGO_BIN_EXE_sign");
const THERMOSTAT: &str = env!("CARGO_BIN_EXE_thermostat");

fn run(program: &str, arguments: &[&Path]) -> Output {
    Command::new(program).args(arguments).output().unwrap()
}

/// What a program tells of a refresh: pixels, allocations so far, and areas.
struct Refresh {
    pixels: u32,
    allocations: u32,
    areas: Vec<String>,
}

impl Refresh {
    /// From `N: P pixels, A allocations, AREA, ...`.
    fn parse(line: &str) -> Self {
        let mut parts = line.split(", ").map(|part| part.split_once(':').map_or(part, |(_, v)| v));
        let mut number = || parts.next().unwrap().split_whitespace().next().unwrap().parse();
        let (pixels, allocations) = (number().unwrap(), number().unwrap());
        Self { pixels, allocations, areas: parts.map(String::from).collect() }
    }
}

/// Runs a program, compares its last picture with `tests/golden/NAME.png`, and gives what it tells.
fn check(program: &str, name: &str) -> Vec<Refresh> {
    let directory = tempfile::tempdir().unwrap();
    let Output { status, stdout, stderr } = run(program, &[directory.path()]);
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    let refreshes: Vec<_> = str::from_utf8(&stdout).unwrap().lines().map(Refresh::parse).collect();
    let last = directory.path().join(format!("frame_{:03}.png", refreshes.len() - 1));
    let (size, rgb) = png::read_rgb(BufReader::new(File::open(last).unwrap())).unwrap();
    let golden = Path::new("tests/golden").join(name).with_extension("png");
    let compared = golden::check_rgb(size, &rgb, golden, env::var_os(golden::UPDATE).is_some());
    assert_eq!(compared.map_err(|error| error.to_string()), Ok(()), "the last picture");
    let first = &refreshes[0];
    for (number, refresh) in refreshes.iter().enumerate() {
        assert_eq!(refresh.allocations, first.allocations, "nothing is allocated by {number}");
    }
    let first_areas = &first.areas;
    assert!(first_areas.iter().all(|area| area == &first_areas[0]), "the first refresh sends all");
    refreshes
}

#[test]
fn the_dashboard_sends_digits_and_bars() {
    let refreshes = check(DASHBOARD, "dashboard");
    assert_eq!(refreshes.len(), 96);
    assert_eq!(refreshes[0].pixels, 320 * 240);
    // A digit of the clock, the end of the curve, then digits and bars, from right to left.
    let changed = ["12x12+296+8", "4x34+247+190", "18x36+178+50", "18x36+73+50", "35x8+12+92"];
    assert_eq!(refreshes[77].areas, changed);
    let sum: u32 = refreshes[1..].iter().map(|refresh| refresh.pixels).sum();
    assert!(sum / 95 < 320 * 240 / 19, "{} pixels a refresh", sum / 95);
}

#[test]
fn the_dashboard_tells_what_it_allocates() {
    let directory = tempfile::tempdir().unwrap();
    assert!(run(DASHBOARD, &[directory.path()]).status.success());
    let trace = fs::read(directory.path().join("heap.trace")).unwrap();
    let mut region = [MaybeUninit::uninit(); 8192];
    let heap = LinkedListHeap::new(&mut region);
    let report = replay(&trace, &heap, &mut [const { None }; 16]).unwrap();
    assert_eq!((report.allocations, report.failures, report.peak_blocks), (16, 0, 16));
}

#[test]
fn the_menu_sends_what_moves() {
    let refreshes = check(MENU, "menu");
    assert_eq!(refreshes[0].pixels, 160 * 128);
    assert_eq!(refreshes[3].areas, ["144x12+8+114"], "the hint runs");
    assert_eq!(refreshes[4].areas, ["160x32+0+16", "144x12+8+114"], "the highlight moves");
    assert_eq!(refreshes[5].areas, ["8x8+8+36"], "a switch");
    assert_eq!(refreshes[14].pixels, 0, "a hint that fits stands still");
    let scrolled = &refreshes[22];
    assert!(scrolled.areas.iter().all(|area| !area.starts_with("160x")), "the highlight stays");
    assert!(scrolled.pixels < 160 * 128 / 3, "{} pixels", scrolled.pixels);
}

/// Each area is sent for black and for red.
#[test]
fn the_sign_sends_its_band_and_what_comes_next() {
    let refreshes = check(SIGN, "sign");
    assert_eq!((refreshes[0].pixels, refreshes[0].areas.len()), (2 * 128 * 250, 2));
    let changed = ["128x56+0+62", "128x56+0+62", "64x12+8+134", "64x12+8+134"];
    assert_eq!(refreshes[3].areas, changed, "who was in has gone");
}

#[test]
fn the_thermostat_sends_a_step_of_its_curve() {
    let refreshes = check(THERMOSTAT, "thermostat");
    assert_eq!(refreshes[0].pixels, 128 * 64);
    assert_eq!(refreshes[29].areas, ["8x26+84+38"], "as warm as before");
    assert_eq!(refreshes[30].areas, ["18x36+56+0", "8x26+88+38"], "a digit");
    assert_eq!(refreshes[4].areas, ["6x12+116+18", "128x1+0+48", "128x1+0+50"], "a target");
}

#[test]
fn wrong_arguments_are_refused() {
    for program in [DASHBOARD, MENU, SIGN, THERMOSTAT] {
        let file = Path::new("Cargo.toml");
        for (arguments, complaint) in [
            (&[][..], "one argument is needed"),
            (&[file, file], "one argument is needed"),
            (&[Path::new("--nonsense")], "one argument is needed"),
            (&[file], "Cargo.toml: "),
        ] {
            let Output { status, stderr, .. } = run(program, arguments);
            let stderr = String::from_utf8_lossy(&stderr);
            assert!(!status.success() && stderr.contains(complaint), "{arguments:?}: {stderr}");
        }
    }
}

#[test]
fn a_picture_that_cannot_be_written_is_named() {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("frame_000.png")).unwrap();
    for program in [DASHBOARD, MENU] {
        let Output { status, stderr, .. } = run(program, &[directory.path()]);
        let stderr = String::from_utf8_lossy(&stderr);
        assert!(!status.success() && stderr.contains("frame_000.png: "), "{stderr}");
    }
}
