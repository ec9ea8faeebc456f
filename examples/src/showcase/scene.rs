//! The nodes of the show, and what they have in common with no other scene.

use displayio_core::{
    Anchor, Bitmap, FONT_6X12, Group, Heap, Label, OutOfMemory, Palette, PaletteRgb, PixelFormat,
    TileGrid, TileMap, impl_node,
};

use super::{
    art::tiles::LEVEL_ROWS,
    assets::{Assets, Photo, STAR_PALETTES, WATER},
};

/// Size of the scene, whatever the rotation.
pub(super) const WIDTH: u16 = 320;
/// Size of the scene, whatever the rotation.
pub(super) const HEIGHT: u16 = 240;

/// Side of a tile, of ground and of photo, in pixels.
pub(super) const TILE: u16 = 16;

/// Columns of ground that the screen shows, one of them in part.
pub(super) const COLUMNS: u16 = WIDTH / TILE + 1;

/// Row of pixels where the ground begins; what stands on it is a tile higher.
pub(super) const GROUND: i16 = 176;

/// Width of the pool with what the shores hide of it, in pixels.
const POOL_WIDTH: u16 = 64;

/// Columns and rows of tiles that the photo is cut into.
pub(super) const PHOTO_TILES: (u16, u16) = (WIDTH / TILE, 11);

/// Where the stars are.
const STARS: [(i16, i16); 11] = [
    (48, 58),
    (69, 49),
    (176, 10),
    (199, 33),
    (206, 86),
    (111, 63),
    (136, 98),
    (262, 92),
    (184, 122),
    (82, 136),
    (268, 12),
];

/// How many coins hang over the pool.
pub(super) const COINS: usize = 5;

/// One tile of a sheet.
pub(super) type Sprite<'a, 'm, C> = TileGrid<&'a Bitmap<'m>, &'a Palette<'m, C>>;

/// Tiles of a sheet, by a map.
pub(super) type Ground<'a, 'm, C> = TileGrid<&'a Bitmap<'m>, &'a Palette<'m, C>, TileMap<'m>>;

/// The photo, as tiles of itself.
pub(super) type Backdrop<'a, 'm> = TileGrid<&'a Photo<'m>, &'a PaletteRgb<'m>, TileMap<'m>>;

/// A flame and the ship before it.
pub(super) type Ship<'a, 'm, C> = Group<(Sprite<'a, 'm, C>, Sprite<'a, 'm, C>)>;

/// A ship twice as large as its wingman, in one group.
pub(super) type Fleet<'a, 'm, C> = Group<(Ship<'a, 'm, C>, Ship<'a, 'm, C>)>;

/// A moon behind, the planet twice as large, and the same moon before it.
pub(super) type Planet<'a, 'm, C> =
    Group<(Sprite<'a, 'm, C>, Group<(Sprite<'a, 'm, C>,)>, Sprite<'a, 'm, C>)>;

/// A sprite in a group that scales it.
pub(super) type Scaled<'a, 'm, C> = Group<(Sprite<'a, 'm, C>,)>;

/// Numbers beside the energy bar.
pub(super) type Text<'m> = Label<'static, 'm>;

/// Everything on the screen, from the back to the front.
pub(super) struct Scene<'a, 'm, C> {
    pub photo: Backdrop<'a, 'm>,
    pub stars: [Sprite<'a, 'm, C>; STARS.len()],
    pub planet: Planet<'a, 'm, C>,
    pub logo: Scaled<'a, 'm, C>,
    pub water: Ground<'a, 'm, C>,
    pub land: Ground<'a, 'm, C>,
    pub coins: Group<[Sprite<'a, 'm, C>; COINS]>,
    pub hero: Sprite<'a, 'm, C>,
    pub fleet: Fleet<'a, 'm, C>,
    pub saucer: Scaled<'a, 'm, C>,
    pub purse: Sprite<'a, 'm, C>,
    pub bar: Sprite<'a, 'm, C>,
    pub count: Text<'m>,
    pub distance: Text<'m>,
}

impl_node!(<'a, 'm, C> Scene<'a, 'm, C> {
    photo: Backdrop<'a, 'm>,
    stars: [Sprite<'a, 'm, C>; STARS.len()],
    planet: Planet<'a, 'm, C>,
    logo: Scaled<'a, 'm, C>,
    water: Ground<'a, 'm, C>,
    land: Ground<'a, 'm, C>,
    coins: Group<[Sprite<'a, 'm, C>; COINS]>,
    hero: Sprite<'a, 'm, C>,
    fleet: Fleet<'a, 'm, C>,
    saucer: Scaled<'a, 'm, C>,
    purse: Sprite<'a, 'm, C>,
    bar: Sprite<'a, 'm, C>,
    count: Text<'m>,
    distance: Text<'m>,
});

impl<'a, 'm, C: PixelFormat> Scene<'a, 'm, C> {
    /// Places what never moves; [`Pose`](super::script::Pose) does the rest. Tile maps and the room of labels come from the heap.
    pub(super) fn new_in(assets: &'a Assets<'m, C>, heap: Heap<'m>) -> Result<Self, OutOfMemory> {
        let (columns, rows) = PHOTO_TILES;
        let sprite = |bitmap| TileGrid::new(bitmap, &assets.sprite_colors);
        let moon = || TileGrid::new(&assets.moon, &assets.sky_colors);
        let planet = TileGrid::new(&assets.planet, &assets.sky_colors).at(-14, -8);
        let water = TileGrid::new(&assets.water, &assets.water_colors);
        let text = |glyphs| Label::new_in(&FONT_6X12, glyphs, heap);
        Ok(Self {
            photo: TileGrid::new(&assets.photo, &assets.photo_colors)
                .tiles(TILE, TILE)
                .with_map(TileMap::new_in(columns, rows, heap)?),
            stars: core::array::from_fn(|i| star(assets, i)),
            planet: Group::new((moon(), Group::new((planet,)).scaled(2), moon())).at(256, 52),
            logo: Group::new((TileGrid::new(&assets.logo, &assets.logo_colors),))
                .at(46, 8)
                .scaled(2),
            water: water.with_map(TileMap::new_in(POOL_WIDTH / WATER.0, 1, heap)?),
            land: TileGrid::new(&assets.tiles, &assets.tile_colors)
                .tiles(TILE, TILE)
                .with_map(TileMap::new_in(COLUMNS, LEVEL_ROWS, heap)?),
            coins: Group::new(core::array::from_fn(|_| sprite(&assets.coin).tiles(12, 12))),
            hero: sprite(&assets.hero).tiles(16, 16),
            fleet: Group::new((ship(assets), ship(assets).scaled(2))),
            saucer: Group::new((sprite(&assets.saucer).tiles(20, 11),)).scaled(2),
            purse: sprite(&assets.coin).tiles(12, 12).at(10, 225),
            bar: TileGrid::new(&assets.bar, &assets.bar_colors).at(26, 227),
            count: text(2)?.colored(0xff_d060, None).at(115, 231),
            distance: text(12)?.anchored(Anchor::RIGHT, 312, 231),
        })
    }
}

fn star<'a, 'm, C: PixelFormat>(assets: &'a Assets<'m, C>, number: usize) -> Sprite<'a, 'm, C> {
    let (x, y) = STARS.get(number).copied().unwrap_or_default();
    TileGrid::new(&assets.star, &assets.star_colors[number % STAR_PALETTES]).at(x, y)
}

fn ship<'a, 'm, C: PixelFormat>(assets: &'a Assets<'m, C>) -> Ship<'a, 'm, C> {
    let sprite = |bitmap| TileGrid::new(bitmap, &assets.sprite_colors);
    Group::new((sprite(&assets.flame).tiles(10, 7).at(-8, 3), sprite(&assets.ship)))
}
