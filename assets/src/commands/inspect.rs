//! `displayio-assets inspect`: what a file is and what it costs.

use std::path::PathBuf;

use displayio_assets::inspect::Inspection;

use super::{Failure, print};

/// Explains pictures and fonts: what is in them, and their cost in flash and RAM.
///
/// Of a picture: size, colors, the depth that keeps them. Of a BMP file the headers, too, and whether OnDiskBitmap shows the
/// file or why it refuses. Of a font: measures, glyphs, characters, license.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// PNG, JPEG, GIF, BMP, BDF, PCF, TrueType, OpenType or DFN files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Print a JSON array with an object for each file
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    let inspections =
        args.files.iter().map(|file| Inspection::of(file)).collect::<Result<Vec<_>, _>>()?;
    if args.json {
        let json = serde_json::to_string_pretty(&inspections);
        return print(&(json.map_err(|error| Failure::failed("JSON", error))? + "\n"));
    }
    inspections.iter().try_for_each(|inspection| print(&inspection.to_string()))
}
