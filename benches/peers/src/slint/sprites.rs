//! 40 sprites over tiles.

use std::rc::Rc;

use slint::{Model, ModelRc, VecModel};

use super::{
    run,
    scenes::{Game, Place},
};
use crate::{
    assets::MAP,
    measure::{Outcome, Stage},
    scene::{self, MOVING_SPRITE, SPRITES},
};

pub fn show(stage: &mut Stage<'_>) -> Outcome {
    let sprites: VecModel<Place> =
        (0..SPRITES).map(|index| place(scene::sprite_position(index))).collect();
    let sprites = Rc::new(sprites);
    let make = || {
        let game = Game::new()?;
        let tiles: VecModel<i32> = MAP.iter().map(|&tile| tile.into()).collect();
        game.set_tiles(ModelRc::new(tiles));
        game.set_sprites(sprites.clone().into());
        Ok(game)
    };
    run(stage, make, |_, step| {
        sprites.set_row_data(MOVING_SPRITE, place(scene::moved_sprite(step)));
    })
}

fn place((x, y): (i16, i16)) -> Place {
    Place { x: x.into(), y: y.into() }
}
