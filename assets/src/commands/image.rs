//! `displayio-assets image`: pictures to Rust source or BMP files.

mod options;
mod palette;
mod report;

use core::time::Duration;
use std::{
    fs,
    io::{self, IsTerminal},
    path::{Path, PathBuf},
};

use displayio_assets::{
    Picture, compare,
    image::{Conversion, Converted},
    tiles::TileSet,
};
use displayio_core::{Depth, Size};
use indicatif::{ProgressBar, ProgressStyle};

pub(crate) use self::options::Args;
use self::{options::Form, report::describe};
use super::{Failure, outputs::Outputs, print};

/// Inputs with more bytes than this, together, are worth a progress bar.
const WORTH_A_BAR_BYTES: u64 = 1 << 18;

/// Where source begins.
const HEADER: &str = "// Made by displayio-assets.\n\n";

/// A picture on its way through the tool.
struct Job<'a> {
    input: &'a Path,
    /// Name of the static, and of the file where inputs have one each.
    name: String,
    picture: Picture,
}

/// What a job became.
struct Asset<'j> {
    job: &'j Job<'j>,
    converted: Converted,
    tiles: Option<TileSet>,
}

impl Asset<'_> {
    /// The pixels to be written: of the sheet, if there is one.
    fn pixels(&self) -> &Converted {
        self.tiles.as_ref().map_or(&self.converted, TileSet::sheet)
    }
}

pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    let form = args.form()?;
    let conversion = args.conversion()?;
    let progress = progress(&args.inputs);
    let mut jobs = Vec::new();
    for (input, name) in args.inputs.iter().zip(args.names()?) {
        progress.set_message(input.display().to_string());
        jobs.push(Job { input, name, picture: read(args, input)? });
        progress.inc(1);
    }
    let converted = convert(args, &conversion, &jobs, &progress)?;
    progress.finish_and_clear();
    let mut assets = Vec::new();
    for (job, converted) in jobs.iter().zip(converted) {
        assets.push(cut(args, form, job, converted)?);
    }
    let mut outputs = Outputs::default();
    add_outputs(args, form, &assets, &mut outputs)?;
    if let (Some(path), [job]) = (&args.compare, &jobs[..]) {
        outputs.add(path.clone(), comparison(job, &conversion)?)?;
    }
    outputs.write(&args.inputs)?;
    assets.iter().try_for_each(|asset| print(&describe(asset, args.flips)))
}

/// Reads a picture and does what comes before the conversion.
fn read(args: &Args, input: &Path) -> Result<Picture, Failure> {
    let mut picture = Picture::open(input)?;
    if let Some(resize) = args.resize {
        let Size { width, height } = resize.of(picture.size());
        picture = picture
            .resized(width, height)
            .map_err(|error| Failure::refused(input.display(), error))?;
    }
    Ok(match args.background {
        Some(background) => picture.blended_onto(background),
        None => picture,
    })
}

fn convert(
    args: &Args,
    conversion: &Conversion,
    jobs: &[Job<'_>],
    progress: &ProgressBar,
) -> Result<Vec<Converted>, Failure> {
    if args.shared {
        progress.set_message("one palette for all");
        let pictures: Vec<_> = jobs.iter().map(|job| &job.picture).collect();
        let converted = conversion.convert_all(&pictures);
        return converted.map_err(|error| Failure::refused("--shared", error));
    }
    let convert = |job: &Job<'_>| {
        progress.set_message(job.input.display().to_string());
        let converted = conversion.convert(&job.picture);
        progress.inc(1);
        converted.map_err(|error| Failure::refused(job.input.display(), error))
    };
    jobs.iter().map(convert).collect()
}

fn cut<'j>(
    args: &Args,
    form: Form,
    job: &'j Job<'j>,
    converted: Converted,
) -> Result<Asset<'j>, Failure> {
    // Two bits are read by the display stack, but by few viewers.
    let converted = match converted.depth() {
        Depth::Bpp2 if form == Form::Bmp && args.depth.is_none() => converted.widened(Depth::Bpp4),
        _ => converted,
    };
    let tiles = match args.tiles {
        Some(tile) => Some(
            TileSet::cut(&converted, tile)
                .map_err(|error| Failure::refused(job.input.display(), error))?,
        ),
        None => None,
    };
    Ok(Asset { job, converted, tiles })
}

/// Adds what is made of all assets: one Rust source, or files for each.
fn add_outputs(
    args: &Args,
    form: Form,
    assets: &[Asset<'_>],
    outputs: &mut Outputs,
) -> Result<(), Failure> {
    if form == Form::Rust && !args.is_out_dir() {
        let shared_name = args.shared.then(|| args.shared_name());
        let mut source = HEADER.to_owned();
        for asset in assets {
            source += &rust(args, asset, &args.out, shared_name.as_deref(), outputs)?;
        }
        if let (Some(name), Some(first)) = (shared_name, assets.first()) {
            source += &first.pixels().colors_to_rust(&name);
        }
        return outputs.add(args.out.clone(), source.into_bytes());
    }
    assets.iter().try_for_each(|asset| add_files(args, form, asset, outputs))
}

/// Adds the files of one asset.
fn add_files(
    args: &Args,
    form: Form,
    asset: &Asset<'_>,
    outputs: &mut Outputs,
) -> Result<(), Failure> {
    let path = if args.is_out_dir() {
        args.out.join(asset.job.name.to_lowercase() + form.extension())
    } else {
        args.out.clone()
    };
    if form == Form::Rust {
        let source = HEADER.to_owned() + &rust(args, asset, &path, None, outputs)?;
        return outputs.add(path, source.into_bytes());
    }
    if let Some(tiles) = &asset.tiles {
        outputs.add(path.with_extension("map"), tiles.map_bytes())?;
    }
    outputs.add(path, asset.pixels().to_bmp())
}

/// The source of an asset that is written to `file`; its pixels beside that, if they are wanted apart.
fn rust(
    args: &Args,
    asset: &Asset<'_>,
    file: &Path,
    shared_name: Option<&str>,
    outputs: &mut Outputs,
) -> Result<String, Failure> {
    let (name, pixels) = (&asset.job.name, asset.pixels());
    let mut source = if args.bin {
        let bin = format!("{}.bin", name.to_lowercase());
        outputs.add(file.with_file_name(&bin), pixels.bytes())?;
        pixels.pixels_to_rust_including(name, &bin)
    } else {
        pixels.pixels_to_rust(name)
    };
    if shared_name.is_none() {
        source += &pixels.colors_to_rust(name);
    }
    if let Some(tiles) = &asset.tiles {
        source += &tiles.map_to_rust(name);
    }
    Ok(source + "\n")
}

fn comparison(job: &Job<'_>, conversion: &Conversion) -> Result<Vec<u8>, Failure> {
    let refused = |error: &dyn core::fmt::Display| Failure::refused(job.input.display(), error);
    let sheet = compare::sheet(&job.picture, conversion).map_err(|error| refused(&error))?;
    sheet.to_png().map_err(|error| refused(&error))
}

/// A bar on stderr, where there is someone to see it and something to wait for.
fn progress(inputs: &[PathBuf]) -> ProgressBar {
    let size = |input: &PathBuf| fs::metadata(input).map_or(0, |file| file.len());
    let bytes: u64 = inputs.iter().map(size).sum();
    if bytes < WORTH_A_BAR_BYTES || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} {wide_bar} {pos}/{len} {msg}");
    // Each is read, and then converted.
    let bar = ProgressBar::new(2 * inputs.len() as u64)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}
