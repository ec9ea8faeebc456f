//! Random shapes and edits against the definitions of vectorio, one pixel at a time.

use displayio_core::{
    Capabilities, Circle, Display, Group, Node, Palette, PointList, Polygon, Rectangle, Rgb565Le,
    Rotation, Size,
};

use crate::{panel::StrictPanel, world::Random};

const COLORS: [u16; 4] = [0x1111, 0x2222, 0x3333, 0x4444];
/// A number that is transparent, and one that is not in the palette, besides the colours above.
const TRANSPARENT: u16 = 4;
const SHAPES: usize = 9;
const MAX_CORNERS: u16 = 24;

#[derive(Debug, Clone)]
enum Kind {
    Circle(i32),
    Rectangle(i32, i32),
    Polygon(Vec<(i16, i16)>),
}

#[derive(Debug, Clone)]
struct Model {
    kind: Kind,
    x: i32,
    y: i32,
    color: u16,
    hidden: bool,
    is_scaled: bool,
    is_see_through: bool,
}

#[derive(Debug, Clone, Copy)]
struct GroupModel {
    x: i32,
    y: i32,
    scale: i32,
}

enum Shape<'a> {
    Circle(Circle<&'a Palette<'a, Rgb565Le>>),
    Rectangle(Rectangle<&'a Palette<'a, Rgb565Le>>),
    Polygon(Polygon<&'a Palette<'a, Rgb565Le>, PointList<'a>>),
}

macro_rules! on_shape {
    ($shape:expr, |$it:ident| $call:expr) => {
        match $shape {
            Shape::Circle($it) => $call,
            Shape::Rectangle($it) => $call,
            Shape::Polygon($it) => $call,
        }
    };
}

impl Shape<'_> {
    fn node(&self) -> &dyn Node<Rgb565Le> {
        on_shape!(self, |shape| shape)
    }
}

fn random_kind(random: &mut Random) -> Kind {
    match random.below(4) {
        0 => Kind::Circle(random.range(0, 24)),
        1 => Kind::Rectangle(random.range(0, 40), random.range(0, 40)),
        _ => {
            let most = if random.chance(80) { 7 } else { MAX_CORNERS.into() };
            let reach = if random.chance(90) { 30 } else { 32767 };
            let corner = |random: &mut Random| random.range(-reach - 1, reach) as i16;
            let count = random.range(0, most);
            Kind::Polygon((0..count).map(|_| (corner(random), corner(random))).collect())
        }
    }
}

fn random_shape(random: &mut Random) -> Model {
    Model {
        kind: random_kind(random),
        x: random.range(-20, 60),
        y: random.range(-20, 50),
        color: random.below(6) as u16,
        hidden: random.chance(10),
        is_scaled: random.chance(50),
        is_see_through: random.chance(50),
    }
}

impl Model {
    /// The definition: whether the figure has the pixel (px, py) of its own coordinates.
    fn includes(&self, px: i32, py: i32) -> bool {
        match &self.kind {
            Kind::Circle(r) => px * px + py * py <= r * r,
            Kind::Rectangle(w, h) => (0..*w).contains(&px) && (0..*h).contains(&py),
            Kind::Polygon(points) => is_inside(points, px, py),
        }
    }

    /// What it makes of a pixel: nothing, or a colour.
    fn pixel(
        &self,
        group: GroupModel,
        rotation: Rotation,
        panel: (i32, i32),
        x: i32,
        y: i32,
    ) -> Option<u16> {
        let (w, h) = panel;
        let (ox, oy, dx, dy, transpose) = match rotation {
            Rotation::Deg0 => (0, 0, 1, 1, false),
            Rotation::Deg90 => (w, 0, -1, 1, true),
            Rotation::Deg180 => (w, h, -1, -1, false),
            Rotation::Deg270 => (0, h, 1, -1, true),
        };
        let at = (group.x + group.scale * self.x, group.y + group.scale * self.y);
        let at = if transpose { (at.1, at.0) } else { at };
        let (mut u, mut v) = (x - ox - dx * at.0, y - oy - dy * at.1);
        if dx < 0 {
            u = -u - 1;
        }
        if dy < 0 {
            v = -v - 1;
        }
        if self.is_scaled {
            (u, v) = (u.div_euclid(group.scale), v.div_euclid(group.scale));
        }
        let (px, py) = if transpose { (v, u) } else { (u, v) };
        if self.hidden || !self.includes(px, py) {
            return None;
        }
        match COLORS.get(usize::from(self.color)) {
            Some(color) => Some(*color),
            None if self.is_see_through => None,
            None => Some(0),
        }
    }
}

/// The non-zero winding rule, with the strict inequalities and the missing edge of the reference.
fn is_inside(points: &[(i16, i16)], px: i32, py: i32) -> bool {
    let wide = |(x, y): (i16, i16)| (i64::from(x), i64::from(y));
    let (px, py) = (i64::from(px), i64::from(py));
    let mut winding = 0;
    for (i, &from) in points.iter().enumerate() {
        let ((x1, y1), (x2, y2)) = (wide(from), wide(points[(i + 1) % points.len()]));
        let side = (px - x1) * (y2 - y1) - (py - y1) * (x2 - x1);
        if y1 <= py && y2 > py && side < 0 {
            winding += 1;
        } else if y1 > py && y2 <= py && side > 0 {
            winding -= 1;
        }
    }
    let (xs, ys) = (points.iter().map(|p| i64::from(p.0)), points.iter().map(|p| i64::from(p.1)));
    winding != 0 && Some(px) < xs.max() && Some(py) < ys.max()
}

fn build<'a>(model: &Model, palette: &'a Palette<'a, Rgb565Le>, memory: &'a mut [u8]) -> Shape<'a> {
    macro_rules! dressed {
        ($shape:expr) => {{
            let shape = $shape.at(model.x as i16, model.y as i16).color(model.color);
            let shape = if model.is_scaled { shape.scaled() } else { shape };
            let shape = if model.is_see_through { shape.see_through() } else { shape };
            shape.set_hidden(model.hidden);
            shape
        }};
    }
    match &model.kind {
        Kind::Circle(r) => Shape::Circle(dressed!(Circle::new(palette, *r as u16))),
        Kind::Rectangle(w, h) => {
            Shape::Rectangle(dressed!(Rectangle::new(palette, *w as u16, *h as u16)))
        }
        Kind::Polygon(points) => {
            let mut list = PointList::from_buffer(memory);
            list.set(points).unwrap();
            Shape::Polygon(dressed!(Polygon::new(palette, list)))
        }
    }
}

fn edit(random: &mut Random, model: &mut Model, shape: &Shape<'_>) {
    match random.below(5) {
        0 => {
            model.x += random.range(-9, 9);
            model.y += random.range(-9, 9);
            on_shape!(shape, |it| it.move_to(model.x as i16, model.y as i16));
        }
        1 => {
            model.color = random.below(6) as u16;
            on_shape!(shape, |it| it.set_color(model.color));
        }
        2 => {
            model.hidden = !model.hidden;
            on_shape!(shape, |it| it.set_hidden(model.hidden));
        }
        _ => match (random_kind(random), shape) {
            (Kind::Circle(r), Shape::Circle(circle)) => {
                circle.set_radius(r as u16);
                model.kind = Kind::Circle(r);
            }
            (Kind::Rectangle(w, h), Shape::Rectangle(rectangle)) => {
                rectangle.set_size(w as u16, h as u16);
                model.kind = Kind::Rectangle(w, h);
            }
            (Kind::Polygon(points), Shape::Polygon(polygon)) => {
                polygon.set_points(&points).unwrap();
                model.kind = Kind::Polygon(points);
            }
            _ => {}
        },
    }
}

fn run_scene(random: &mut Random, buffer_bytes: usize, seed: u64) {
    let panel = (random.range(1, 70), random.range(1, 50));
    let rotation = [Rotation::Deg0, Rotation::Deg90, Rotation::Deg180, Rotation::Deg270]
        [random.below(4) as usize];
    let mut colors = [0; 32];
    let palette = Palette::<Rgb565Le>::from_buffer(5, &mut colors).unwrap();
    for (index, color) in (0..).zip(COLORS) {
        let [red, green, blue] =
            [color >> 11 << 3, color >> 5 << 2, color << 3].map(|v| u32::from(v & 0xff));
        palette.set(index, red << 16 | green << 8 | blue).unwrap();
    }
    palette.set_transparent(TRANSPARENT, true).unwrap();
    let mut group =
        GroupModel { x: random.range(-9, 20), y: random.range(-9, 20), scale: random.range(1, 4) };
    let mut models: Vec<_> = (0..SHAPES).map(|_| random_shape(random)).collect();
    let mut memory = [[0; PointList::required_bytes(MAX_CORNERS)]; SHAPES];
    let shapes: Vec<_> = models
        .iter()
        .zip(&mut memory)
        .map(|(model, memory)| build(model, &palette, memory))
        .collect();
    let nodes: [&dyn Node<Rgb565Le>; SHAPES] = core::array::from_fn(|i| shapes[i].node());
    let root = Group::new(nodes).at(group.x as i16, group.y as i16).scaled(group.scale as u8);
    let size = Size::new(panel.0 as u16, panel.1 as u16);
    let mut buffer = vec![0; buffer_bytes];
    let panel_of = StrictPanel::new(Rgb565Le, size, Capabilities::default());
    let mut display = Display::new(panel_of, &mut buffer).rotated(rotation);
    for step in 0..6 {
        display.panel_mut().sent.fill(0);
        display.refresh(&root).unwrap();
        let strict = display.panel();
        for (i, (&shown, &sent)) in (0..).zip(strict.pixels.iter().zip(&strict.sent)) {
            let (x, y) = (i % panel.0, i / panel.0);
            let top = models.iter().rev().find_map(|m| m.pixel(group, rotation, panel, x, y));
            let context = || {
                format!("seed {seed}, step {step}, ({x}, {y}): {models:?} {group:?} {rotation:?}")
            };
            assert!(sent <= 1, "sent {sent} times, {}", context());
            assert_eq!(shown, top.unwrap_or(0).into(), "{}", context());
        }
        for _ in 0..random.below(5) {
            let index = random.below(SHAPES as u32) as usize;
            edit(random, &mut models[index], &shapes[index]);
        }
        if random.chance(20) {
            group.x += random.range(-5, 5);
            root.move_to(group.x as i16, group.y as i16);
        }
    }
}

#[test]
fn shapes_have_the_pixels_that_their_definitions_say() {
    let seeds = std::env::var("MODEL_SEEDS").ok().and_then(|v| v.parse().ok()).unwrap_or(400);
    for seed in 0..seeds {
        for buffer_bytes in [4, 140, 4096] {
            run_scene(&mut Random::new(seed), buffer_bytes, seed);
        }
    }
}
