//! A full-screen image in flash, and an icon over it.

use super::{run, scenes::FullScreen};
use crate::{
    measure::{Outcome, Stage},
    scene,
};

pub fn show(stage: &mut Stage<'_>) -> Outcome {
    run(stage, FullScreen::new, |screen, step| screen.set_icon_number(scene::icon(step).into()))
}
