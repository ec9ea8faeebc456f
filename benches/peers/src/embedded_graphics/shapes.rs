//! Circles and hexagons over a rectangle.

use core::array;

use embedded_graphics::{
    pixelcolor::Rgb565,
    prelude::*,
    primitives::{Circle, PrimitiveStyle, Rectangle, Triangle},
};

use super::{Picture, is_seen, rgb565};
use crate::scene::{self, CIRCLES, HEXAGON, HEXAGONS, MOVING_CIRCLE, RADIUS, SHAPE_COLORS};

pub struct Shapes {
    circles: [(i16, i16); CIRCLES],
}

impl Shapes {
    pub fn new() -> Self {
        Self { circles: array::from_fn(scene::circle_position) }
    }
}

impl Picture for Shapes {
    fn draw<D: DrawTarget<Color = Rgb565>>(&self, target: &mut D) -> Result<(), D::Error> {
        target
            .bounding_box()
            .into_styled(PrimitiveStyle::with_fill(rgb565(SHAPE_COLORS[0])))
            .draw(target)?;
        for (index, &middle) in self.circles.iter().enumerate() {
            let circle = circle(middle);
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

    fn change(&mut self, step: usize) -> Rectangle {
        self.circles[MOVING_CIRCLE] = scene::moved_circle(step);
        let Rectangle { top_left, size } =
            circle(scene::circle_position(MOVING_CIRCLE)).bounding_box();
        // Where it was and where it is: one is a pixel further right.
        Rectangle::new(top_left, size + Size::new(1, 0))
    }
}

fn circle((x, y): (i16, i16)) -> Circle {
    Circle::with_center(Point::new(x.into(), y.into()), 2 * u32::from(RADIUS) + 1)
}

fn fill(index: usize) -> PrimitiveStyle<Rgb565> {
    PrimitiveStyle::with_fill(rgb565(SHAPE_COLORS[usize::from(scene::shape_color(index))]))
}
