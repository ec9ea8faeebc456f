//! Circles and hexagons over a rectangle.

use embedded_graphics::{
    pixelcolor::Rgb565,
    prelude::*,
    primitives::{Circle, PrimitiveStyle, Triangle},
};

use super::{Picture, is_seen, rgb565};
use crate::scene::{self, CIRCLES, HEXAGON, HEXAGONS, RADIUS, SHAPE_COLORS};

pub struct Shapes;

impl Picture for Shapes {
    fn draw<D: DrawTarget<Color = Rgb565>>(&self, target: &mut D) -> Result<(), D::Error> {
        target
            .bounding_box()
            .into_styled(PrimitiveStyle::with_fill(rgb565(SHAPE_COLORS[0])))
            .draw(target)?;
        for index in 0..CIRCLES {
            let (x, y) = scene::circle_position(index);
            let middle = Point::new(x.into(), y.into());
            let circle = Circle::with_center(middle, 2 * u32::from(RADIUS) + 1);
            if is_seen(target, &circle.bounding_box()) {
                circle.into_styled(fill(index)).draw(target)?;
            }
        }
        // There are no filled polygons: a fan of triangles.
        for index in 0..HEXAGONS {
            let (x, y) = scene::hexagon_position(index);
            let origin = Point::new(x.into(), y.into());
            let [first, rest @ ..] = HEXAGON.map(|(x, y)| origin + Point::new(x.into(), y.into()));
            for pair in rest.windows(2) {
                let triangle = Triangle::new(first, pair[0], pair[1]);
                if is_seen(target, &triangle.bounding_box()) {
                    triangle.into_styled(fill(index)).draw(target)?;
                }
            }
        }
        Ok(())
    }
}

fn fill(index: usize) -> PrimitiveStyle<Rgb565> {
    PrimitiveStyle::with_fill(rgb565(SHAPE_COLORS[usize::from(scene::shape_color(index))]))
}
