//! The showcase: a photo from a file, a world of tiles, sprites and running palettes, in 64 KiB.
//!
//! `cargo run` at the root plays 120 frames, writes them under `target/showcase/` and prints what they took: how much of
//! the panel each part of the show redrew, and what is left of the heap. `cargo run -- --help` tells the rest.

use core::error::Error;
use std::{
    io::{self, Write, stderr, stdout},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, ValueEnum};
use displayio_core::{Gray4, Mono, Rgb565, Rotation};
use displayio_examples::showcase::{self, Options, Program, record::Recorder, report::Report};
use displayio_hal::{preview::Preview, window::Window};
use indicatif::{ProgressBar, ProgressStyle};

/// Shows a photo, a scrolling world and sprites on a 320x240 panel, from a small heap through a smaller buffer.
///
/// Writes each frame as a PNG file, all of them as one animation, and prints what was redrawn and what memory was used.
#[derive(Debug, Parser)]
struct Arguments {
    /// Pixel format of the panel
    #[arg(long, value_enum, default_value_t = Format::Rgb565)]
    format: Format,

    /// Degrees by which the scene is turned on the panel, clockwise
    #[arg(long, value_parser = rotation, default_value = "0", value_name = "0|90|180|270")]
    rotation: Rotation,

    /// Memory for everything: pixels, colours, tile maps and the strip buffer
    #[arg(long, default_value_t = 65_536, value_name = "BYTES")]
    #[arg(value_parser = clap::value_parser!(u32).range(..=MAX_HEAP_BYTES))]
    heap: u32,

    /// Size of the strip buffer, which is part of the heap
    #[arg(long, default_value_t = 4096, value_name = "BYTES")]
    buffer: usize,

    /// Length of the show
    #[arg(long, default_value_t = 120)]
    frames: u32,

    /// Keep the ground still and move all else at once: the picture of the README
    #[arg(long)]
    poster: bool,

    /// Where the pictures go [default: target/showcase of this workspace]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Width and height of a panel pixel in the animation and in the window
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=8))]
    scale: u8,

    /// Show the frames in a window as they come, and write no pictures
    #[arg(long)]
    window: bool,
}

/// Pixel formats that panels have.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// 65 536 colours, two bytes per pixel
    Rgb565,
    /// 16 greys, two pixels per byte
    Gray4,
    /// Black and white, eight pixels per byte
    Mono,
}

/// The largest heap: 256 MiB.
const MAX_HEAP_BYTES: i64 = 0x1000_0000;

/// How long a frame is shown.
const FRAME_MILLIS: u16 = 50;

/// The same in refreshes of the window, 60 a second.
const WINDOW_REFRESHES: usize = 3;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(stderr().lock(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn rotation(degrees: &str) -> Result<Rotation, String> {
    let degrees = degrees.parse().ok().and_then(Rotation::from_degrees);
    degrees.ok_or_else(|| "not one of 0, 90, 180 and 270".into())
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    match arguments.format {
        Format::Rgb565 => run_in::<Rgb565>(arguments),
        Format::Gray4 => run_in::<Gray4>(arguments),
        Format::Mono => run_in::<Mono>(arguments),
    }
}

fn run_in<C: Preview>(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    if arguments.window { present::<C>(arguments) } else { record::<C>(arguments) }
}

fn options(arguments: &Arguments) -> Options {
    Options {
        heap_bytes: arguments.heap as usize,
        buffer_bytes: arguments.buffer,
        program: if arguments.poster { Program::Poster } else { Program::Show },
        frames: arguments.frames,
        rotation: arguments.rotation,
        ..Options::default()
    }
}

/// Plays the show into files.
fn record<C: Preview>(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let directory = arguments.out.clone().unwrap_or_else(default_directory);
    let mut recorder = Recorder::new(&directory, arguments.scale.into(), FRAME_MILLIS)?;
    let bar = progress_bar(arguments.frames)?;
    let report = showcase::play::<C>(&options(arguments), |frame| {
        bar.set_message(frame.phase.name());
        bar.set_position(u64::from(frame.number) + 1);
        recorder.add(frame.number, frame.panel)
    });
    bar.finish_and_clear();
    let report = report?;
    let animation = if arguments.frames > 0 { Some(recorder.finish()?) } else { None };
    tell(&report, &directory, animation.as_deref())?;
    Ok(())
}

/// Plays the show in a window, again and again until that is closed.
fn present<C: Preview>(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let options = options(arguments);
    let size = showcase::panel_size(options.rotation);
    let mut window = Window::open("displayio", size, arguments.scale)?;
    loop {
        let report = showcase::play::<C>(&options, |frame| {
            for _ in 0..WINDOW_REFRESHES {
                if window.is_open() {
                    window.show(frame.panel).map_err(io::Error::other)?;
                }
            }
            Ok(())
        })?;
        if !window.is_open() || options.frames == 0 {
            write!(stdout().lock(), "{report}")?;
            return Ok(());
        }
    }
}

/// `target/showcase` of this workspace, wherever the program was started.
fn default_directory() -> PathBuf {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR"));
    examples.parent().unwrap_or(examples).join("target/showcase")
}

fn progress_bar(frames: u32) -> Result<ProgressBar, Box<dyn Error>> {
    let style = ProgressStyle::with_template("{bar:40.cyan/blue} {pos}/{len} {msg}")?;
    Ok(ProgressBar::new(frames.into()).with_style(style.progress_chars("##-")))
}

fn tell(report: &Report, directory: &Path, animation: Option<&Path>) -> io::Result<()> {
    let mut out = stdout().lock();
    writeln!(out, "{report}")?;
    writeln!(out, "frames           {}", directory.join("frame_*.png").display())?;
    if let Some(animation) = animation {
        writeln!(out, "animation        {}", animation.display())?;
    }
    Ok(())
}
