//! A full-screen image in flash, and an icon over it.

use embedded_gui::prelude::{ImageFit, ImageRef, Rect, Style};

use super::{Gui, SCREEN, failure, run};
use crate::{
    assets,
    measure::{Outcome, Stage},
    scene::{self, HEIGHT, ICON, ICON_POSITION, ICONS, WIDTH},
};

static PICTURE: ImageRef<'static> =
    ImageRef::new(WIDTH as u32, HEIGHT as u32, &assets::PICTURE_PIXELS);

pub fn show(stage: &mut Stage<'_>) -> Outcome {
    let mut gui = Gui::<{ 1 + ICONS as usize }>::new(SCREEN);
    let picture =
        gui.add_image(SCREEN, PICTURE, ImageFit::Center, Style::new()).map_err(failure)?;
    // A widget keeps its image, so there is one for each icon.
    let (x, y) = ICON_POSITION;
    let place = Rect::new(x.into(), y.into(), ICON.into(), ICON.into());
    let mut add_icon = |pixels| {
        let image = ImageRef::new(ICON.into(), ICON.into(), pixels);
        gui.add_image(place, image, ImageFit::Center, Style::new()).map_err(failure)
    };
    let (first, second) = assets::ICONS_PIXELS.split_at(assets::ICONS_PIXELS.len() / 2);
    let icons = [add_icon(first)?, add_icon(second)?];
    gui.set_hidden(icons[1], true).map_err(failure)?;

    run(stage, gui, picture, |gui, step| {
        let shown = usize::from(scene::icon(step));
        gui.set_hidden(icons[shown], false)?;
        gui.set_hidden(icons[1 - shown], true)
    })
}
