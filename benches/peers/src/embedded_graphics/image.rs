//! A full-screen image in flash, and an icon over it.

use embedded_graphics::{
    image::{Image, ImageRawLE},
    pixelcolor::Rgb565,
    prelude::*,
    primitives::Rectangle,
};

use super::{Picture, is_seen};
use crate::{
    assets,
    scene::{self, ICON, ICON_POSITION, WIDTH},
};

static PICTURE: ImageRawLE<'static, Rgb565> = ImageRawLE::new(&assets::PICTURE, WIDTH as u32);
static ICON_SHEET: ImageRawLE<'static, Rgb565> =
    ImageRawLE::new(&assets::ICONS_RGB565, ICON as u32);

const ICON_AREA: Rectangle = Rectangle::new(
    Point::new(ICON_POSITION.0 as i32, ICON_POSITION.1 as i32),
    Size::new_equal(ICON as u32),
);

#[derive(Default)]
pub struct FullScreen {
    icon: u16,
}

impl Picture for FullScreen {
    fn draw<D: DrawTarget<Color = Rgb565>>(&self, target: &mut D) -> Result<(), D::Error> {
        // Only what the target shows: drawing all of it into each strip would read it 240 times.
        let area = target.bounding_box();
        // Where the icon changes, it covers all.
        if area.intersection(&ICON_AREA) != area {
            Image::new(&PICTURE.sub_image(&area), area.top_left).draw(target)?;
        }
        if is_seen(target, &ICON_AREA) {
            let in_sheet =
                Rectangle::new(Point::new(0, i32::from(self.icon * ICON)), ICON_AREA.size);
            Image::new(&ICON_SHEET.sub_image(&in_sheet), ICON_AREA.top_left).draw(target)?;
        }
        Ok(())
    }

    fn change(&mut self, step: usize) -> Rectangle {
        self.icon = scene::icon(step);
        ICON_AREA
    }
}
