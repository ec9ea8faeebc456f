//! A full-screen image in flash.

use displayio_core::{ColorConverter, Colorspace, Depth, Group, Image, TileGrid};

use super::show_all;
use crate::{
    assets,
    measure::{Outcome, Stage},
    scene::{HEIGHT, ROW_BYTES, WIDTH},
};

static PICTURE: Image = Image::new(WIDTH, HEIGHT, Depth::Bpp16, &assets::PICTURE);

pub fn run(stage: &mut Stage<'_>) -> Outcome {
    let mut strip_buffer = [0; ROW_BYTES];
    stage.keep(&strip_buffer);

    let converter = ColorConverter::new(Colorspace::Rgb565);
    let root = Group::new((TileGrid::new(&PICTURE, &converter),));
    stage.keep(&converter);
    stage.keep(&root);

    show_all(stage, &root, &mut strip_buffer)?;
    Ok(())
}
