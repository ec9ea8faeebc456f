//! 40 sprites over tiles.

use core::array;

use embedded_graphics::{
    image::{GetPixel, Image, ImageRawLE},
    pixelcolor::{Rgb565, raw::RawU16},
    prelude::*,
    primitives::Rectangle,
};

use super::{Picture, is_seen};
use crate::{
    assets,
    scene::{self, COLUMNS, MOVING_SPRITE, SPRITES, TILE},
};

static SHEET: ImageRawLE<'static, Rgb565> = ImageRawLE::new(&assets::SHEET_RGB565, TILE as u32);
static SPRITE: ImageRawLE<'static, Rgb565> = ImageRawLE::new(&assets::SPRITE_RGB565, TILE as u32);

const CELL: Size = Size::new_equal(TILE as u32);

pub struct Game {
    sprites: [(i16, i16); SPRITES],
}

impl Game {
    pub fn new() -> Self {
        Self { sprites: array::from_fn(scene::sprite_position) }
    }
}

impl Picture for Game {
    fn draw<D: DrawTarget<Color = Rgb565>>(&self, target: &mut D) -> Result<(), D::Error> {
        let tile = i32::from(TILE);
        for (cell, &number) in (0..).zip(&assets::MAP) {
            let columns = i32::from(COLUMNS);
            let place = Point::new(cell % columns * tile, cell / columns * tile);
            if is_seen(target, &Rectangle::new(place, CELL)) {
                let in_sheet = Rectangle::new(Point::new(0, i32::from(number) * tile), CELL);
                Image::new(&SHEET.sub_image(&in_sheet), place).draw(target)?;
            }
        }
        for &(x, y) in &self.sprites {
            let place = Rectangle::new(Point::new(x.into(), y.into()), CELL);
            if is_seen(target, &place) {
                draw_sprite(place.top_left, target)?;
            }
        }
        Ok(())
    }

    fn change(&mut self, step: usize) -> Rectangle {
        self.sprites[MOVING_SPRITE] = scene::moved_sprite(step);
        let (x, y) = scene::sprite_position(MOVING_SPRITE);
        // Where it was and where it is: one is a pixel further right.
        Rectangle::new(Point::new(x.into(), y.into()), CELL + Size::new(1, 0))
    }
}

/// An image has no transparent colour, so the pixels that are shown are drawn one by one.
fn draw_sprite<D: DrawTarget<Color = Rgb565>>(
    place: Point,
    target: &mut D,
) -> Result<(), D::Error> {
    let transparent = Rgb565::from(RawU16::new(assets::TRANSPARENT_RGB565));
    let pixels = SPRITE.bounding_box().points().filter_map(|point| {
        let color = SPRITE.pixel(point).filter(|&color| color != transparent)?;
        Some(Pixel(place + point, color))
    });
    target.draw_iter(pixels)
}
