//! Plays a scene from a JSON file: `cargo run --release -p displayio-examples --bin play -- scene.json out`.
//!
//! Each refresh leaves `out/frame_N.bin`, the bytes that the panel holds, and `out/frame_N.png`, the picture;
//! `out/report.json` tells what was sent. `--help` tells the rest.

use core::fmt;
use std::{
    fs::{self, File},
    io::{self, BufWriter, IsTerminal, Read, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Parser;
use displayio_examples::scene::{
    Assets, Frame, MAX_SCENE_BYTES, MemorySizes, PlayError, Scene, parse, play,
};
use displayio_hal::png;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

const EXIT_STATUS: &str = "\
Exit status:
  0  all refreshes were written
  1  a file could not be read or written, memory ran out, or the command line is wrong
  2  the scene is refused: stderr names the place in the JSON and the reason
  3  the scene needs a node or an operation that is not supported yet, named likewise;
     refreshes before the step that needs it are written";

/// Renders a scene as a panel would show it.
///
/// Builds the scene in a heap of fixed size, refreshes the display, then does each step of the scene and refreshes
/// again. Refresh N, from 0, leaves `frame_N.bin` (the bytes that the panel holds) and `frame_N.png` (the picture) in
/// OUTDIR; `report.json` lists areas, windows, pixels, bytes and the CRC-32 of the panel's bytes for each.
#[derive(Debug, Parser)]
#[command(name = "play", after_help = EXIT_STATUS, max_term_width = 100)]
struct Cli {
    /// A scene in the schema `displayio-scene/1`
    scene: PathBuf,

    /// Where to write; made if it is not there
    #[arg(value_name = "OUTDIR")]
    out_dir: PathBuf,

    /// Where to look first for the BMP files that the scene names; then in its own folder and the one around that
    #[arg(long, value_name = "DIR")]
    assets: Option<PathBuf>,

    /// Size of the buffer that strips of the picture are composed in
    #[arg(long, value_name = "BYTES", default_value_t = 512)]
    buffer: usize,

    /// Size of the heap for bitmaps, palettes, tile maps and lists of children
    #[arg(long, value_name = "BYTES", default_value_t = 262_144)]
    heap: usize,
}

/// `report.json`.
#[derive(Debug, Serialize)]
struct Report {
    scene: String,
    panel: [u16; 2],
    refreshes: Vec<Refresh>,
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
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{}: {error}", cli.scene.display());
            ExitCode::from(error.exit_status())
        }
    }
}

fn run(cli: &Cli) -> Result<(), PlayError> {
    let text = read_scene(&cli.scene).map_err(|error| failed("cannot read the scene", error))?;
    let scene = parse(&text, &Assets::of_scene(&cli.scene, cli.assets.clone()))?;
    fs::create_dir_all(&cli.out_dir).map_err(|error| failed(cli.out_dir.display(), error))?;
    let panel = scene.display.panel_size();
    let mut report = Report {
        scene: scene.name.clone(),
        panel: [panel.width, panel.height],
        refreshes: Vec::new(),
    };
    let progress = progress(&scene);
    let memory = MemorySizes { buffer_bytes: cli.buffer, heap_bytes: cli.heap };
    let played = play(&scene, memory, &mut |frame| {
        report.refreshes.push(Refresh::of(frame));
        progress.inc(1);
        write_frame(&cli.out_dir, frame)
    });
    progress.finish_and_clear();
    write_report(&cli.out_dir, &report).map_err(|error| failed("cannot write report", error))?;
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
