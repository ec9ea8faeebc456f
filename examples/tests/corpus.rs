//! Replays recorded scenes and compares every frame with the reference's, byte for byte.
//!
//! `corpus/README.md` tells what is recorded. A frame that differs is left as a picture (expected, difference, actual)
//! in the target directory.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a failure to read the corpus is a failed test"
)]

#[path = "corpus/import.rs"]
mod import;

use std::{
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use displayio_core::{Area, Size, TextBounds};
use displayio_examples::scene::{
    Assets, DisplaySpec, HeapKind, LabelReport, PlayError, Scene, SceneMemory, parse, play,
};
use displayio_hal::png;
use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};
use serde::Deserialize;

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus");

/// The corpus stays small enough for plain git.
const MAX_CORPUS_BYTES: u64 = 1 << 20;

/// Frames that differ from the reference on purpose: scene, step, why.
const DEVIATIONS: [(&str, usize, &str); 1] = [(
    "odb_i8_top",
    0,
    "the reference takes the negative height of rows stored from the top as 65515 and shows almost nothing",
)];

/// What all steps may cost of what the reference's do.
const MOST_DAMAGE_PERCENT: u64 = 82;

/// What setting a window costs on a MIPI panel, in bytes.
const WINDOW_COST_BYTES: u64 = 11;

/// A scene and what the reference makes of it.
struct Case {
    name: String,
    scene: Scene,
    expected: Vec<Vec<u8>>,
}

/// One refresh of ours.
struct Played {
    bytes: Vec<u8>,
    areas: Vec<Area>,
    labels: Vec<LabelReport>,
}

/// One refresh of the reference.
#[derive(Deserialize)]
struct Damage {
    /// Clipped to the panel.
    areas: Vec<[i16; 4]>,
    /// Not counted where it stays right by its nature, on panels of less than 16 bits.
    stale_pixels: Option<u64>,
}

fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn scene_path(name: &str) -> PathBuf {
    Path::new(CORPUS).join("scenes").join(name).with_extension("json")
}

fn load_scene(name: &str) -> Result<Scene, PlayError> {
    let path = scene_path(name);
    parse(&fs::read(&path).unwrap(), &Assets::of_scene(&path, None))
}

/// Names of all scenes.
fn names() -> Vec<String> {
    let files = fs::read_dir(Path::new(CORPUS).join("scenes")).unwrap();
    let name = |path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    let mut names: Vec<_> = files.map(|file| name(file.unwrap().path())).collect();
    names.sort();
    names
}

fn is_refused_by_reference(name: &str) -> bool {
    let scene: serde_json::Value =
        serde_json::from_slice(&fs::read(scene_path(name)).unwrap()).unwrap();
    scene.get("expect_error").is_some()
}

fn cases() -> Vec<Case> {
    let shown = names().into_iter().filter(|name| !is_refused_by_reference(name));
    shown.map(|name| load(&name).unwrap_or_else(|error| panic!("{name}: {error}"))).collect()
}

/// The first frames of all scenes, text included: their labels are reduced to tile grids and groups. Where they differ on
/// purpose, the expanded scene has the numbers that the reference made of it.
fn expanded_cases() -> Vec<Case> {
    let scenes = inflate(&Path::new(CORPUS).join("expanded.zlib")).unwrap();
    let scenes: serde_json::Map<String, serde_json::Value> =
        serde_json::from_slice(&scenes).unwrap();
    let case = |(name, scene): (String, serde_json::Value)| {
        let assets = Assets::of_scene(&scene_path(&name), None);
        let scene = parse(scene.to_string().as_bytes(), &assets)
            .unwrap_or_else(|error| panic!("{name}, expanded: {error}"));
        let frames = load_frames(&name, scene.display.empty_frame().len()).unwrap();
        Case { name, scene, expected: frames[..1].to_vec() }
    };
    let deviates = |name: &str| DEVIATIONS.iter().any(|(other, ..)| *other == name);
    scenes.into_iter().filter(|(name, _)| !deviates(name)).map(case).collect()
}

fn load(name: &str) -> Result<Case, String> {
    let scene = load_scene(name).map_err(|error| error.to_string())?;
    let expected = load_frames(name, scene.display.empty_frame().len())?;
    Ok(Case { name: name.into(), scene, expected })
}

fn load_frames(name: &str, frame_bytes: usize) -> Result<Vec<Vec<u8>>, String> {
    let frames = inflate(&Path::new(CORPUS).join(format!("expected/{name}.zlib")))
        .map_err(|error| format!("no expected frames: {error}"))?;
    if !frames.len().is_multiple_of(frame_bytes) {
        return Err(format!("{} bytes are no whole frames of {frame_bytes}", frames.len()));
    }
    Ok(frames.chunks(frame_bytes).map(<[u8]>::to_vec).collect())
}

fn inflate(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    ZlibDecoder::new(fs::File::open(path)?).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn play_case(case: &Case, buffer_bytes: usize, heap_kind: HeapKind) -> Result<Vec<Played>, String> {
    let memory = SceneMemory { buffer_bytes, heap_bytes: 256 << 10, heap_kind };
    let mut frames = Vec::new();
    let played = play(&case.scene, memory, &mut |frame| {
        frames.push(Played {
            bytes: frame.bytes.to_vec(),
            areas: frame.areas.clone(),
            labels: frame.labels.clone(),
        });
        Ok(())
    });
    played.map_err(|error| format!("{error} after {} frames", frames.len()))?;
    Ok(frames)
}

/// Pixels at which two frames differ.
fn differing(display: &DisplaySpec, expected: &[u8], actual: &[u8]) -> Vec<(u16, u16)> {
    let width = display.panel_size().width;
    let (expected, actual) = (display.to_rgb(expected), display.to_rgb(actual));
    let pixels = expected.chunks(3).zip(actual.chunks(3)).enumerate();
    pixels
        .filter(|(_, (expected, actual))| expected != actual)
        .map(|(i, _)| position(i, width))
        .collect()
}

fn position(index: usize, width: u16) -> (u16, u16) {
    let at = |v: usize| u16::try_from(v).unwrap();
    (at(index % usize::from(width)), at(index / usize::from(width)))
}

/// Compares a frame with the expected one; one that differs leaves a picture and a message.
fn check_frame(
    label: &str,
    display: &DisplaySpec,
    expected: Option<&[u8]>,
    actual: &[u8],
) -> Result<(), String> {
    let expected = expected.ok_or_else(|| format!("{label}: no expected frame"))?;
    if expected == actual {
        return Ok(());
    }
    let path = write_comparison(label, display, expected, actual);
    let pixels = differing(display, expected, actual);
    let width = usize::from(display.panel_size().width);
    let (expected, actual) = (display.to_rgb(expected), display.to_rgb(actual));
    let mut message = format!("{label}: {} pixels differ, see {}", pixels.len(), path.display());
    for &(x, y) in pixels.iter().take(8) {
        let start = 3 * (usize::from(y) * width + usize::from(x));
        let color = |rgb: &[u8]| {
            rgb[start..start + 3].iter().map(|channel| format!("{channel:02x}")).collect::<String>()
        };
        message +=
            &format!("\n  ({x}, {y}): expected {}, got {}", color(&expected), color(&actual));
    }
    Err(message)
}

/// Writes expected frame, difference and actual frame side by side.
fn write_comparison(label: &str, display: &DisplaySpec, expected: &[u8], actual: &[u8]) -> PathBuf {
    let Size { width, height } = display.panel_size();
    let (expected, actual) = (display.to_rgb(expected), display.to_rgb(actual));
    let row_bytes = 3 * usize::from(width);
    let rows = expected.chunks(row_bytes).zip(actual.chunks(row_bytes));
    let rgb: Vec<u8> = rows
        .flat_map(|(expected, actual)| {
            let pixels = expected.chunks(3).zip(actual.chunks(3));
            let difference = pixels.flat_map(|(a, b)| [if a == b { 0 } else { 255 }; 3]);
            let row = expected.iter().copied().chain(difference);
            row.chain(actual.iter().copied()).collect::<Vec<_>>()
        })
        .collect();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("corpus");
    fs::create_dir_all(&target).unwrap();
    let path = target.join(format!("{label}.png"));
    png::write_rgb(fs::File::create(&path).unwrap(), Size::new(3 * width, height), &rgb).unwrap();
    path
}

fn check_case(case: &Case, buffer_bytes: usize, heap_kind: HeapKind) -> Result<(), String> {
    let frames = play_case(case, buffer_bytes, heap_kind)
        .map_err(|error| format!("{} in {buffer_bytes} bytes: {error}", case.name))?;
    for (step, frame) in frames.iter().enumerate() {
        if DEVIATIONS.iter().any(|&(name, at, _)| (name, at) == (&case.name, step)) {
            continue;
        }
        let label = format!("{}.step{step}", case.name);
        let expected = case.expected.get(step).map(Vec::as_slice);
        check_frame(&label, &case.scene.display, expected, &frame.bytes)?;
    }
    Ok(())
}

/// Every buffer size with every kind of heap.
fn check_all(cases: &[Case]) {
    let failures: Vec<_> = [64, 512, 4096]
        .into_iter()
        .flat_map(|buffer_bytes| HeapKind::ALL.map(|heap_kind| (buffer_bytes, heap_kind)))
        .flat_map(|memory| cases.iter().map(move |case| check_case(case, memory.0, memory.1)))
        .filter_map(Result::err)
        .collect();
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_frame_is_the_references_in_any_memory() {
    check_all(&cases());
}

#[test]
fn first_frames_of_all_scenes_are_the_references_in_any_memory() {
    check_all(&expanded_cases());
}

#[test]
fn areas_are_disjoint_and_cover_every_change() {
    for case in cases() {
        let frames = play_case(&case, 64, HeapKind::List).unwrap();
        let mut before = case.scene.display.empty_frame();
        for (step, frame) in frames.iter().enumerate() {
            let label = format!("{} step {step}", case.name);
            for (i, area) in frame.areas.iter().enumerate() {
                let overlaps = frame.areas[..i].iter().any(|other| other.overlaps(area));
                assert!(!overlaps, "{label}: pixels of {area:?} are sent twice");
            }
            for (x, y) in differing(&case.scene.display, &before, &frame.bytes) {
                let (x_, y_) = (x.cast_signed(), y.cast_signed());
                let covered = frame.areas.iter().any(|area| area.contains_point(x_, y_));
                assert!(covered, "{label}: ({x}, {y}) changed outside of all areas");
            }
            before.clone_from(&frame.bytes);
        }
    }
}

/// What the reference says of a label.
#[derive(Deserialize)]
struct Measures {
    x: i16,
    y: i16,
    ascent: u8,
    descent: u8,
    bounding_box: (i16, i16, u16, u16),
}

#[test]
fn labels_are_where_the_references_are() {
    let mut count = 0;
    for case in cases() {
        let Ok(expected) = fs::read(format!("{CORPUS}/labels/{}.json", case.name)) else {
            continue;
        };
        let expected: Vec<Measures> = serde_json::from_slice(&expected).unwrap();
        let first = play_case(&case, 4096, HeapKind::Compacting).unwrap().swap_remove(0);
        assert_eq!(first.labels.len(), expected.len(), "{}", case.name);
        for (index, (label, expected)) in first.labels.iter().zip(&expected).enumerate() {
            let TextBounds { x, y, width, height } = label.bounds;
            let found = (label.position, (x, y, width, height), label.ascent, label.descent);
            let Measures { x, y, ascent, descent, bounding_box } = *expected;
            let expected = ((x, y), bounding_box, ascent, descent);
            assert_eq!(found, expected, "{}, label {index}", case.name);
            count += 1;
        }
    }
    assert!(count > 100, "{count} labels only");
}

/// Bytes on the bus of a 16-bit panel.
fn cost_bytes(areas: impl IntoIterator<Item = Area>) -> u64 {
    areas.into_iter().map(|area| 2 * u64::from(area.pixels()) + WINDOW_COST_BYTES).sum()
}

/// Each step costs at most what the reference's does; a label gathers what changed in one rectangle, so that single steps
/// of scenes with text may cost more, but all of them together less.
#[test]
fn damage_costs_less_than_the_references() {
    let (mut ours, mut theirs) = (0, 0);
    for case in cases() {
        let Ok(damage) = fs::read(format!("{CORPUS}/damage/{}.json", case.name)) else { continue };
        let damage: Vec<Damage> = serde_json::from_slice(&damage).unwrap();
        let frames = play_case(&case, 4096, HeapKind::List).unwrap();
        for (step, (frame, damage)) in frames.iter().zip(&damage).enumerate().skip(1) {
            let areas = damage.areas.iter().map(|&[x1, y1, x2, y2]| Area::new(x1, y1, x2, y2));
            let (cost, limit) = (cost_bytes(frame.areas.iter().copied()), cost_bytes(areas));
            println!("{:<16} step {step}: {cost:>6} bytes, reference {limit:>6}", case.name);
            if damage.stale_pixels.unwrap_or(0) == 0 {
                let fits = cost <= limit || !frame.labels.is_empty();
                assert!(fits, "{} step {step}: {:?}", case.name, frame.areas);
                (ours, theirs) = (ours + cost, theirs + limit);
            }
        }
    }
    println!("in all: {ours} bytes, reference {theirs}");
    assert!(ours > 0 && ours * 100 <= theirs * MOST_DAMAGE_PERCENT, "{ours} of {theirs} bytes");
}

#[test]
fn what_the_reference_refuses_is_refused() {
    let refused: Vec<_> =
        names().into_iter().filter(|name| is_refused_by_reference(name)).collect();
    assert!(!refused.is_empty(), "no scene to refuse");
    for name in refused {
        let error = load_scene(&name).expect_err(&name);
        assert_eq!(error.exit_status(), 2, "{name}: {error}");
    }
}

#[test]
fn one_wrong_pixel_is_noticed() {
    let case = load("core_bits_4").unwrap();
    let mut corrupted = case.expected[0].clone();
    corrupted[2 * (5 * 48 + 7)] ^= 0x10;
    let display = &case.scene.display;
    let check = |expected| check_frame("one_wrong_pixel", display, expected, &case.expected[0]);
    let message = check(Some(&corrupted)).unwrap_err();
    assert!(message.contains("1 pixels differ") && message.contains("(7, 5)"), "{message}");
    assert!(check(None).is_err(), "a missing frame must fail");
    assert!(load_frames("no_such_scene", 1).is_err(), "missing frames must fail");
    assert_eq!(check(Some(&case.expected[0])), Ok(()));
}

#[test]
fn deviations_are_real() {
    for (name, step, why) in DEVIATIONS {
        let case = load(name).unwrap();
        let frames = play_case(&case, 512, HeapKind::List).unwrap();
        assert_ne!(frames[step].bytes, case.expected[step], "{name}, no longer so: {why}");
    }
}

#[test]
fn the_corpus_is_small() {
    let size = directory_bytes(Path::new(CORPUS));
    assert!(size <= MAX_CORPUS_BYTES, "{size} bytes");
}

fn directory_bytes(path: &Path) -> u64 {
    let entries = fs::read_dir(path).unwrap().map(Result::unwrap);
    entries
        .map(|entry| match entry.metadata().unwrap() {
            directory if directory.is_dir() => directory_bytes(&entry.path()),
            file => file.len(),
        })
        .sum()
}
