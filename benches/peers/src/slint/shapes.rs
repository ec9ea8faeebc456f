//! Circles and hexagons over a rectangle.

use std::rc::Rc;

use slint::{Model, ModelRc, VecModel};

use super::{
    color, run,
    scenes::{Shape, Shapes},
};
use crate::{
    measure::{Outcome, Stage},
    scene::{self, CIRCLES, HEXAGONS, MOVING_CIRCLE, SHAPE_COLORS},
};

pub fn show(stage: &mut Stage<'_>) -> Outcome {
    let circles: VecModel<Shape> =
        (0..CIRCLES).map(|index| shape(index, scene::circle_position(index))).collect();
    let circles = Rc::new(circles);
    let make = || {
        let shapes = Shapes::new()?;
        let hexagons: VecModel<Shape> =
            (0..HEXAGONS).map(|index| shape(index, scene::hexagon_position(index))).collect();
        shapes.set_hexagons(ModelRc::new(hexagons));
        shapes.set_circles(circles.clone().into());
        Ok(shapes)
    };
    run(stage, make, |_, step| {
        circles.set_row_data(MOVING_CIRCLE, shape(MOVING_CIRCLE, scene::moved_circle(step)));
    })
}

fn shape(index: usize, (x, y): (i16, i16)) -> Shape {
    let number = usize::from(scene::shape_color(index));
    Shape { x: x.into(), y: y.into(), color: color(SHAPE_COLORS[number]) }
}
