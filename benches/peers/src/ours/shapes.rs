//! Circles and hexagons over a rectangle.

use core::array;

use displayio_core::{Circle, Group, Palette, Polygon, Rectangle, Rgb565};

use super::{set_colors, show_all};
use crate::{
    measure::{Outcome, Stage},
    scene::{
        self, CIRCLES, HEIGHT, HEXAGON, HEXAGONS, MOVING_CIRCLE, RADIUS, ROW_BYTES, SHAPE_COLORS,
        WIDTH,
    },
};

pub fn run(stage: &mut Stage<'_>) -> Outcome {
    let mut strip_buffer = [0; ROW_BYTES];
    let mut colors = [0; Palette::<Rgb565>::required_bytes(8) + 1];
    stage.keep(&strip_buffer);
    stage.keep(&colors);

    let palette = Palette::from_buffer(8, &mut colors)?;
    set_colors(&palette, &SHAPE_COLORS)?;
    let background = Rectangle::new(&palette, WIDTH, HEIGHT);
    let circles: [_; CIRCLES] = array::from_fn(|index| {
        let (x, y) = scene::circle_position(index);
        Circle::new(&palette, RADIUS).at(x, y).color(scene::shape_color(index))
    });
    let hexagons: [_; HEXAGONS] = array::from_fn(|index| {
        let (x, y) = scene::hexagon_position(index);
        Polygon::new(&palette, &HEXAGON).at(x, y).color(scene::shape_color(index))
    });
    let root = Group::new((background, circles, hexagons));
    stage.keep(&palette);
    stage.keep(&root);

    let mut display = show_all(stage, &root, &mut strip_buffer)?;
    stage.update(|step| {
        let (x, y) = scene::moved_circle(step);
        root.children().1[MOVING_CIRCLE].move_to(x, y);
        display.refresh(&root)?;
        Ok(())
    })
}
