//! 40 sprites over tiles.

use core::array;

use displayio_core::{Depth, Group, Image, Palette, Rgb565, TileGrid, TileMap};

use super::{set_colors, show_all};
use crate::{
    assets,
    measure::{Outcome, Stage},
    scene::{self, COLUMNS, MOVING_SPRITE, ROW_BYTES, ROWS, SPRITES, TILE},
};

static SHEET: Image = Image::new(TILE, assets::SHEET_HEIGHT, Depth::Bpp8, &assets::SHEET_INDICES);
static SPRITE: Image = Image::new(TILE, TILE, Depth::Bpp8, &assets::SPRITE_INDICES);

const PALETTE_BYTES: usize = Palette::<Rgb565>::required_bytes(16) + 1;

pub fn run(stage: &mut Stage<'_>) -> Outcome {
    let mut strip_buffer = [0; ROW_BYTES];
    let mut colors = [[0; PALETTE_BYTES]; 2];
    stage.keep(&strip_buffer);
    stage.keep(&colors);

    let [tile_colors, sprite_colors] = &mut colors;
    let tile_palette = Palette::from_buffer(16, tile_colors)?;
    let sprite_palette = Palette::from_buffer(16, sprite_colors)?;
    set_colors(&tile_palette, &assets::PALETTE)?;
    set_colors(&sprite_palette, &assets::PALETTE)?;
    sprite_palette.set_transparent(assets::TRANSPARENT.into(), true)?;

    let map = TileMap::from_slice(COLUMNS, ROWS, &assets::MAP)?;
    let background = TileGrid::new(&SHEET, &tile_palette).tiles(TILE, TILE).with_map(map);
    let sprites: [_; SPRITES] = array::from_fn(|index| {
        let (x, y) = scene::sprite_position(index);
        TileGrid::new(&SPRITE, &sprite_palette).at(x, y)
    });
    let root = Group::new((background, sprites));
    stage.keep(&tile_palette);
    stage.keep(&sprite_palette);
    stage.keep(&root);

    let mut display = show_all(stage, &root, &mut strip_buffer)?;
    stage.update(|step| {
        let (x, y) = scene::moved_sprite(step);
        root.children().1[MOVING_SPRITE].move_to(x, y);
        display.refresh(&root)?;
        Ok(())
    })
}
