//! Long lists of small squares, of which most are elsewhere: strips step from one that is there to the next.

use core::{mem::ManuallyDrop, ops::Range};

use displayio_core::{
    Area, Bitmap, Capabilities, Children, Damage, Depth, Display, Group, Layer, Node, Palette,
    Place, Rgb565, Size, Strip, TileGrid,
};

use crate::{panel::StrictPanel, world::Random};

const WIDTH: i32 = 70;
const HEIGHT: i32 = 90;
/// Pixels of a square; its number is its colour, 0 for none.
const SIDE: i32 = 8;
const SQUARES: u32 = 6;
const MOST: usize = 420;

type List<'a> = Children<heapless::Vec<&'a dyn Node<Rgb565>, MOST>>;
type Grid<'a> = TileGrid<&'a Bitmap<'a>, &'a Palette<'a, Rgb565>>;

/// A user's node, which does not keep how many above it are idle.
struct Plain<'a>(&'a Grid<'a>);

impl Layer for Plain<'_> {
    fn collect(&self, place: &Place, damage: &mut Damage) {
        self.0.collect(place, damage);
    }

    fn shown(&self) -> Area {
        self.0.shown()
    }

    fn forget(&self) {
        self.0.forget();
    }
}

impl Node<Rgb565> for Plain<'_> {
    fn paint(&self, strip: &mut Strip<'_, Rgb565>) {
        self.0.paint(strip);
    }
}

/// A square as the oracle knows it.
#[derive(Clone, Copy)]
struct Square {
    x: i32,
    y: i32,
    number: u32,
    hidden: bool,
}

impl Square {
    fn random(random: &mut Random) -> Self {
        // A few are gathered, most are off the panel or all over.
        let (x, y) = if random.chance(30) {
            (random.range(0, 20), random.range(0, HEIGHT))
        } else {
            (random.range(-60, 2 * WIDTH), random.range(-60, 2 * HEIGHT))
        };
        Self { x, y, number: random.below(SQUARES), hidden: random.chance(20) }
    }

    fn show(&self, grid: &Grid<'_>) {
        grid.move_to(self.x as i16, self.y as i16);
        grid.set_tile(self.number as u16);
        grid.set_hidden(self.hidden);
    }

    const fn has(&self, x: i32, y: i32) -> bool {
        let (x, y) = (x - self.x, y - self.y);
        !self.hidden && self.number > 0 && x >= 0 && y >= 0 && x < SIDE && y < SIDE
    }
}

/// Nodes of many kinds that hold all grids, and which of them each holds.
fn random_children<'g>(
    random: &mut Random,
    grids: &'g [Grid<'g>],
) -> Vec<(Box<dyn Node<Rgb565> + 'g>, Range<usize>)> {
    let mut children: Vec<(Box<dyn Node<Rgb565> + 'g>, Range<usize>)> = vec![];
    let mut at = 0;
    while at < grids.len() {
        let end =
            grids.len().min(at + if random.chance(5) { random.range(2, 40) as usize } else { 1 });
        let part = &grids[at..end];
        let child: Box<dyn Node<Rgb565> + 'g> = match (part, random.below(10)) {
            ([grid], 0) => Box::new(Plain(grid)),
            ([grid], 1) => Box::new((grid,)),
            ([grid], 2) => Box::new(Some(grid)),
            ([grid], 3) => Box::new(Group::new((grid,))),
            ([grid], _) => Box::new(grid),
            (_, 0..5) => Box::new(Group::new(part)),
            _ => Box::new((part, ())),
        };
        children.push((child, at..end));
        at = end;
    }
    children
}

/// Shows a scene and changes it.
fn run(seed: u64) {
    let random = &mut Random::new(seed);
    let (mut pixels, mut colors) = ([0; 8 * 48], [0; 20]);
    let sheet = Bitmap::from_buffer(48, 8, Depth::Bpp8, &mut pixels).unwrap();
    let palette = Palette::<Rgb565>::from_buffer(6, &mut colors).unwrap();
    for number in 0..SQUARES as u16 {
        let x = number as i16 * SIDE as i16;
        sheet.fill_region(Area::new(x, 0, x + SIDE as i16, SIDE as i16), number.into()).unwrap();
        palette.set(number, u32::from(number) << 3).unwrap();
    }
    palette.set_transparent(0, true).unwrap();
    let count = [3, 130, 400][random.below(3) as usize];
    let mut squares: Vec<_> = (0..count).map(|_| Square::random(random)).collect();
    let grids: Vec<Grid<'_>> = squares
        .iter()
        .map(|square| {
            let grid = TileGrid::new(&sheet, &palette).tiles(SIDE as u16, SIDE as u16);
            square.show(&grid);
            grid
        })
        .collect();
    let children = random_children(random, &grids);
    let mut order: Vec<usize> = (0..children.len()).collect();
    // It owns no memory.
    let root: ManuallyDrop<Group<List<'_>>> = ManuallyDrop::new(Group::new(Children::default()));
    for (child, _) in &children {
        root.children().push(&**child).unwrap();
    }
    let capabilities =
        Capabilities { window_survives_writes: random.chance(80), ..Capabilities::default() };
    let size = Size::new(WIDTH as u16, HEIGHT as u16);
    let mut buffer = vec![0; [4, 2 * 70, 2 * 70 * 3, 2 * 70 * 90][random.below(4) as usize]];
    let mut display = Display::new(StrictPanel::new(Rgb565, size, capabilities), &mut buffer);
    for step in 0..12 {
        for _ in 0..random.below(8) {
            if random.chance(30) {
                let (from, to) =
                    (random.below(order.len() as u32), random.below(order.len() as u32));
                let child = order.remove(from as usize);
                order.insert(to as usize, child);
                if random.chance(50) {
                    root.children().reorder(from as usize, to as usize).unwrap();
                } else {
                    root.children().remove(from as usize).unwrap();
                    root.children().insert(to as usize, &*children[child].0).unwrap();
                }
            } else {
                let index = random.below(count as u32) as usize;
                squares[index] = Square::random(random);
                squares[index].show(&grids[index]);
            }
        }
        display.panel_mut().sent.fill(0);
        display.refresh(&*root).unwrap();
        let panel = display.panel();
        let painted: Vec<Square> =
            order.iter().flat_map(|child| &squares[children[*child].1.clone()]).copied().collect();
        for (at, (&shown, &sent)) in (0..).zip(panel.pixels.iter().zip(&panel.sent)) {
            let (x, y) = (at % WIDTH, at / WIDTH);
            let expected = painted.iter().rev().find(|square| square.has(x, y));
            let expected = expected.map_or(0, |square| square.number);
            assert!(sent <= 1, "({x}, {y}) sent {sent} times: seed {seed}, step {step}");
            assert_eq!(shown, expected, "at ({x}, {y}): seed {seed}, step {step}");
        }
    }
}

#[test]
fn long_lists_show_what_the_oracle_says() {
    let seeds = std::env::var("MODEL_SEEDS").ok().and_then(|v| v.parse().ok()).unwrap_or(40);
    (0..seeds).for_each(run);
}
