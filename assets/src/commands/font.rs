//! `displayio-assets font`: fonts, or some of their characters, to flash.

mod options;
mod report;

use displayio_assets::font::{FontSource, GlyphSet, OpenFontError, SourceError};

pub(crate) use self::options::Args;
use self::{
    options::Form,
    report::{describe, whole},
};
use super::{Failure, outputs::Outputs, print};

/// Where source begins.
const HEADER: &str = "// Made by displayio-assets.\n\n";

impl From<OpenFontError> for Failure {
    fn from(error: OpenFontError) -> Self {
        match error.error {
            SourceError::Read(_) => Self::Failed(error.to_string()),
            _ => Self::Refused(error.to_string()),
        }
    }
}

pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    let form = args.form()?;
    let subset = args.subset()?;
    let source = FontSource::open(&args.input)?;
    let refused = |error: &dyn core::fmt::Display| Failure::refused(args.input.display(), error);
    let set = subset.take(&source).map_err(|error| refused(&error))?;
    let mut outputs = Outputs::default();
    outputs.add(args.out.clone(), bytes(args, form, &set))?;
    let mut text = describe(args, &set, whole(&subset, &source).as_ref());
    match &args.preview {
        Some(path) if path.as_os_str() == "-" => text += &set.preview_text(),
        Some(path) => {
            let picture = set.preview().map_err(|error| refused(&error))?;
            outputs.add(path.clone(), picture.to_png().map_err(|error| refused(&error))?)?;
        }
        None => {}
    }
    let mut inputs = vec![args.input.clone()];
    inputs.extend(args.from_file.iter().cloned());
    outputs.write(&inputs)?;
    print(&text)
}

fn bytes(args: &Args, form: Form, set: &GlyphSet) -> Vec<u8> {
    match form {
        Form::Packed => set.pack(),
        Form::Rust => (HEADER.to_owned() + &set.to_rust(&args.name())).into_bytes(),
    }
}
