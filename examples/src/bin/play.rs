//! Plays scenes from JSON files: `cargo run --release -p displayio-examples --bin play -- scene.json out`, or many with
//! `--out DIR`.
//!
//! Each refresh leaves `out/frame_N.bin`, the bytes that the panel holds, and `out/frame_N.png`, the picture;
//! `out/report.json` tells what was sent and what the heap gave. `--help` tells the rest.

use core::fmt;
use std::{
    collections::HashSet,
    fs::{self, File},
    io::{self, BufWriter, IsTerminal, Read, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, ValueEnum};
use displayio_allocators::Counters;
use displayio_examples::scene::{
    Assets, Frame, HeapKind, MAX_SCENE_BYTES, PlayError, Scene, SceneMemory, parse, play,
};
use displayio_hal::png;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

const EXIT_STATUS: &str = "\
Exit status (of several scenes, the highest):
  0  all refreshes were written
  1  a file could not be read or written, memory ran out, or the command line is wrong
  2  the scene is refused: stderr names the place in the JSON and the reason
  3  the scene needs a node or an operation that is not supported yet, named likewise;
     refreshes before the step that needs it are written";

/// Renders scenes as a panel would show them.
///
/// Builds the scene in a heap of fixed size, refreshes the display, then does each step of the scene and refreshes
/// again. Refresh N, from 0, leaves `frame_N.bin` (the bytes that the panel holds) and `frame_N.png` (the picture) in
/// OUTDIR; `report.json` lists areas, windows, pixels, bytes and the CRC-32 of the panel's bytes for each, and what the
/// heap gave.
#[derive(Debug, Parser)]
#[command(
    name = "play",
    override_usage = "play [OPTIONS] SCENE OUTDIR\n       play [OPTIONS] --out DIR SCENE...",
    after_help = EXIT_STATUS,
    max_term_width = 100
)]
struct Cli {
    /// A scene in the schema `displayio-scene/1`, and where to write; with `--out`, any number of scenes
    #[arg(value_name = "SCENE", required = true)]
    paths: Vec<PathBuf>,

    /// Write each scene to a folder of its own in DIR, named as its file without the extension
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Where to look first for the BMP files that a scene names; then in its own folder and the one around that
    #[arg(long, value_name = "DIR")]
    assets: Option<PathBuf>,

    /// Size of the buffer that strips of the picture are composed in
    #[arg(long, value_name = "BYTES", default_value_t = 512)]
    buffer: usize,

    /// Size of the heap for bitmaps, palettes, tile maps, corners and lists of children
    #[arg(long, value_name = "BYTES", default_value_t = 262_144)]
    heap: usize,

    /// How the heap works
    #[arg(long, value_name = "KIND", value_enum, default_value_t = Kind::List)]
    heap_kind: Kind,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    /// A list of holes, first fit
    List,
    /// Constant time
    Tlsf,
    /// Moves blocks when no hole fits
    Compacting,
}

impl Cli {
    const fn memory(&self) -> SceneMemory {
        let heap_kind = match self.heap_kind {
            Kind::List => HeapKind::List,
            Kind::Tlsf => HeapKind::Tlsf,
            Kind::Compacting => HeapKind::Compacting,
        };
        SceneMemory { buffer_bytes: self.buffer, heap_bytes: self.heap, heap_kind }
    }

    /// The scenes, and where each is written.
    fn jobs(&self) -> Result<Vec<(&Path, PathBuf)>, String> {
        match (&self.out, self.paths.as_slice()) {
            (None, [scene, out]) => Ok(vec![(scene, out.clone())]),
            (None, _) => Err("a scene and a folder are needed, or --out DIR".into()),
            (Some(out), scenes) => {
                let stem = |scene: &Path| scene.file_stem().unwrap_or_default().to_owned();
                let mut stems = HashSet::new();
                if let Some(twice) = scenes.iter().find(|scene| !stems.insert(stem(scene))) {
                    return Err(format!("two scenes are called {}", twice.display()));
                }
                Ok(scenes.iter().map(|scene| (&**scene, out.join(stem(scene)))).collect())
            }
        }
    }
}

/// `report.json`.
#[derive(Debug, Serialize)]
struct Report {
    scene: String,
    panel: [u16; 2],
    heap: Heap,
    refreshes: Vec<Refresh>,
}

/// What the heap gave, in bytes as asked for.
#[derive(Debug, Default, Serialize)]
struct Heap {
    /// After the last refresh.
    live_bytes: usize,
    /// At most, at any time.
    peak_bytes: usize,
}

/// What one refresh sent.
#[derive(Debug, Serialize)]
struct Refresh {
    /// Left, top, right, bottom in panel space; right and bottom are just outside.
    areas: Vec<[i16; 4]>,
    windows: u32,
    pixels: u32,
    bytes: u32,
    /// Of the panel's bytes afterwards.
    crc32: u32,
}

impl Refresh {
    fn of(frame: &Frame<'_>) -> Self {
        Self {
            areas: frame.areas.iter().map(|area| [area.x1, area.y1, area.x2, area.y2]).collect(),
            windows: frame.stats.windows,
            pixels: frame.stats.pixels,
            bytes: frame.stats.bytes,
            crc32: frame.crc32(),
        }
    }
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Nothing is left to tell if even that cannot be written.
            let _ = error.print();
            return ExitCode::from(u8::from(error.use_stderr()));
        }
    };
    let jobs = match cli.jobs() {
        Ok(jobs) => jobs,
        Err(message) => {
            let _ = writeln!(io::stderr(), "play: {message}");
            return ExitCode::FAILURE;
        }
    };
    let statuses = jobs.iter().map(|(scene, out_dir)| {
        let played = play_one(scene, out_dir, &cli);
        played.map_or_else(
            |error| {
                let _ = writeln!(io::stderr(), "{}: {error}", scene.display());
                error.exit_status()
            },
            |()| 0,
        )
    });
    ExitCode::from(statuses.max().unwrap_or(0))
}

fn play_one(path: &Path, out_dir: &Path, cli: &Cli) -> Result<(), PlayError> {
    let text = read_scene(path).map_err(|error| failed("cannot read the scene", error))?;
    let scene = parse(&text, &Assets::of_scene(path, cli.assets.clone()))?;
    fs::create_dir_all(out_dir).map_err(|error| failed(out_dir.display(), error))?;
    let panel = scene.display.panel_size();
    let mut report = Report {
        scene: scene.name.clone(),
        panel: [panel.width, panel.height],
        heap: Heap::default(),
        refreshes: Vec::new(),
    };
    let progress = progress(&scene);
    let played = play(&scene, cli.memory(), &mut |frame| {
        report.refreshes.push(Refresh::of(frame));
        let Counters { live_bytes, peak_bytes, .. } = frame.heap;
        report.heap = Heap { live_bytes, peak_bytes };
        progress.inc(1);
        write_frame(out_dir, frame)
    });
    progress.finish_and_clear();
    write_report(out_dir, &report).map_err(|error| failed("cannot write report", error))?;
    played
}

fn failed(what: impl fmt::Display, error: impl fmt::Display) -> PlayError {
    PlayError::Failed(format!("{what}: {error}"))
}

/// Reads a file of a sensible size.
fn read_scene(path: &Path) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    File::open(path)?.take(MAX_SCENE_BYTES + 1).read_to_end(&mut text)?;
    if text.len() as u64 > MAX_SCENE_BYTES {
        return Err(io::Error::other(format!("larger than {MAX_SCENE_BYTES} bytes")));
    }
    Ok(text)
}

/// A bar on stderr, where there is someone to see it and something to wait for.
fn progress(scene: &Scene) -> ProgressBar {
    const WORTH_A_BAR: usize = 20;
    if scene.refresh_count() < WORTH_A_BAR || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} refreshes, {eta} left");
    ProgressBar::new(scene.refresh_count() as u64)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        .with_message(scene.name.clone())
}

fn write_frame(out_dir: &Path, frame: &Frame<'_>) -> io::Result<()> {
    fs::write(out_dir.join(format!("frame_{}.bin", frame.index)), frame.bytes)?;
    let picture = File::create(out_dir.join(format!("frame_{}.png", frame.index)))?;
    png::write_rgb(BufWriter::new(picture), frame.panel_size, &frame.to_rgb())
        .map_err(io::Error::other)
}

fn write_report(out_dir: &Path, report: &Report) -> io::Result<()> {
    let mut text = serde_json::to_string_pretty(report)?;
    text.push('\n');
    fs::write(out_dir.join("report.json"), text)
}
