//! A full-screen image in flash.

use embedded_graphics::{
    image::{Image, ImageRawLE},
    pixelcolor::Rgb565,
    prelude::*,
};

use super::Picture;
use crate::{assets, scene::WIDTH};

static PICTURE: ImageRawLE<'static, Rgb565> = ImageRawLE::new(&assets::PICTURE, WIDTH as u32);

pub struct FullScreen;

impl Picture for FullScreen {
    fn draw<D: DrawTarget<Color = Rgb565>>(&self, target: &mut D) -> Result<(), D::Error> {
        // Only what the target shows: drawing all of it into each strip would read it 240 times.
        let area = target.bounding_box();
        Image::new(&PICTURE.sub_image(&area), area.top_left).draw(target)
    }
}
