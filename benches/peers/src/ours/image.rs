//! A full-screen image in flash, and an icon over it.

use displayio_core::{ColorConverter, Colorspace, Depth, Group, Image, TileGrid};

use super::show_all;
use crate::{
    assets,
    measure::{Outcome, Stage},
    scene::{self, HEIGHT, ICON, ICON_POSITION, ICONS, ROW_BYTES, WIDTH},
};

static PICTURE: Image = Image::new(WIDTH, HEIGHT, Depth::Bpp16, &assets::PICTURE);
static ICON_SHEET: Image = Image::new(ICON, ICONS * ICON, Depth::Bpp16, &assets::ICONS_RGB565);

pub fn run(stage: &mut Stage<'_>) -> Outcome {
    let mut strip_buffer = [0; ROW_BYTES];
    stage.keep(&strip_buffer);

    let converter = ColorConverter::new(Colorspace::Rgb565);
    let (x, y) = ICON_POSITION;
    let icon = TileGrid::new(&ICON_SHEET, &converter).tiles(ICON, ICON).at(x, y);
    let root = Group::new((TileGrid::new(&PICTURE, &converter), icon));
    stage.keep(&converter);
    stage.keep(&root);

    let mut display = show_all(stage, &root, &mut strip_buffer)?;
    stage.update(|step| {
        root.children().1.set_tile(scene::icon(step));
        display.refresh(&root)?;
        Ok(())
    })
}
