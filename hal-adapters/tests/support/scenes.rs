//! Scenes that are edited at random, on any panel.
#![allow(dead_code, reason = "each test uses some of it")]

use displayio_core::{
    Bitmap, BlockingPanel, Circle, Depth, Display, Group, Node, PaletteRgb, PixelFormat, Rgb888,
    Rotation, Size, TileGrid,
};

/// Edits of a scene, and pictures.
pub(crate) const STEPS: usize = 5;

const ROTATIONS: [Rotation; 4] =
    [Rotation::Deg0, Rotation::Deg90, Rotation::Deg180, Rotation::Deg270];

/// What is seen of a module: all its pixels, row by row.
pub(crate) type Picture = Vec<Rgb888>;

/// Numbers that look random.
struct Noise(u64);

impl Noise {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        u32::try_from(self.0 >> 33).unwrap() % end
    }

    /// A coordinate on a panel, or a little beyond.
    fn place(&mut self, size: Size) -> i16 {
        let reach = size.width.max(size.height) + 8;
        i16::try_from(self.below(reach.into())).unwrap() - 8
    }
}

/// Makes a scene with tiles, transparency, scale and a circle, and hands it out with what edits it at random.
pub(crate) fn with_scene<C: PixelFormat>(
    size: Size,
    seed: u64,
    show: impl FnOnce(&dyn Node<C>, &mut dyn FnMut()),
) {
    let noise = &mut Noise(seed);
    let mut memory = [[0; 1024]; 3];
    let [tiles, colors, see_through] = &mut memory;
    let tiles = Bitmap::from_buffer(32, 32, Depth::Bpp4, tiles).unwrap();
    let [colors, see_through] =
        [colors, see_through].map(|memory| PaletteRgb::from_buffer(16, memory).unwrap());
    for (y, x) in (0..32).flat_map(|y| (0..32).map(move |x| (y, x))) {
        tiles.set(x, y, noise.below(16)).unwrap();
    }
    (0..16).for_each(|i| colors.set(i, noise.below(0x100_0000)).unwrap());
    (0..16).for_each(|i| see_through.set(i, noise.below(0x100_0000)).unwrap());
    (0..8).for_each(|i| see_through.set_transparent(2 * i, true).unwrap());

    let background = TileGrid::new(&tiles, &colors);
    let player = TileGrid::new(&tiles, &colors).tiles(8, 8);
    let overlay = TileGrid::new(&tiles, &see_through);
    let ball = Circle::new(&colors, 6);
    let back = Group::new((&background,)).scaled(8);
    let root = Group::new((&back, &player, &overlay, &ball));
    show(&root, &mut || {
        player.move_to(noise.place(size), noise.place(size));
        player.set_tile(u16::try_from(noise.below(16)).unwrap());
        overlay.set_hidden(noise.below(3) == 0);
        match noise.below(3) {
            0 => overlay.move_to(noise.place(size), noise.place(size)),
            1 => ball.move_to(noise.place(size), noise.place(size)),
            _ => tiles.set(5, 6, noise.below(16)).unwrap(),
        }
    });
}

/// How the scene of a seed is turned.
pub(crate) fn rotation(seed: u64) -> Rotation {
    ROTATIONS[usize::try_from(Noise(!seed).below(4)).unwrap()]
}

/// Shows a scene and its edits, through a buffer of at least `least_bytes`, calling `seen` after each refresh.
pub(crate) fn run<P: BlockingPanel<Error: core::fmt::Debug>, T>(
    panel: P,
    seed: u64,
    least_bytes: usize,
    mut seen: impl FnMut(&P) -> T,
) -> Vec<T> {
    let more_bytes = usize::try_from(Noise(seed ^ 0x55).below(1200)).unwrap();
    let mut buffer = vec![0; least_bytes + more_bytes];
    let mut pictures = Vec::new();
    with_scene(panel.size(), seed, |root, edit| {
        let mut display = Display::new(panel, &mut buffer).rotated(rotation(seed));
        for _ in 0..STEPS {
            edit();
            display.refresh(root).unwrap();
            pictures.push(seen(display.panel()));
        }
    });
    pictures
}

/// The colours of a module's pixels.
pub(crate) fn picture(size: Size, color: impl Fn(u16, u16) -> Rgb888) -> Picture {
    let points = (0..size.height).flat_map(|y| (0..size.width).map(move |x| (x, y)));
    points.map(|(x, y)| color(x, y)).collect()
}
