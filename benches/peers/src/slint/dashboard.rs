//! Labels with numbers.

use std::rc::Rc;

use slint::{Model, VecModel};

use super::{
    run,
    scenes::{Dashboard, Reading},
};
use crate::{
    measure::{Outcome, Stage},
    scene::{self, CHANGING, LABELS, NAMES, NUMBERS},
};

pub fn show(stage: &mut Stage<'_>) -> Outcome {
    let readings: VecModel<Reading> =
        (0..LABELS).map(|index| reading(index, NUMBERS[index])).collect();
    let readings = Rc::new(readings);
    let make = || {
        let dashboard = Dashboard::new()?;
        dashboard.set_readings(readings.clone().into());
        Ok(dashboard)
    };
    run(stage, make, |_, step| {
        readings.set_row_data(CHANGING, reading(CHANGING, scene::changed(step)));
    })
}

fn reading(index: usize, number: u16) -> Reading {
    let (name_x, y) = scene::label_position(index);
    let (number_x, _) = scene::number_position(index);
    Reading {
        name: NAMES[index].into(),
        name_x: name_x.into(),
        number: number.into(),
        number_x: number_x.into(),
        y: y.into(),
    }
}
