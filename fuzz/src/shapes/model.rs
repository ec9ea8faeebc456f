//! What shapes are, one pixel at a time.

use arbitrary::Arbitrary;
use displayio_core::{Rotation, Size};

use crate::arguments::{Coordinate, Position};

pub(super) const COLORS: [u16; 4] = [0x1111, 0x2222, 0x3333, 0x4444];

/// The number of a colour that is transparent; the next one is not in the palette.
pub(super) const TRANSPARENT: u16 = 4;

/// The longest radius.
const MAX_RADIUS: i64 = 32_767;

#[derive(Debug, Clone, Arbitrary)]
pub(super) enum Figure {
    Circle(Coordinate),
    Rectangle(Position),
    Polygon(Vec<Position>),
}

#[derive(Debug, Arbitrary)]
pub(super) struct Model {
    pub(super) figure: Figure,
    pub(super) at: Position,
    pub(super) color: u8,
    pub(super) hidden: bool,
    pub(super) is_scaled: bool,
    pub(super) is_see_through: bool,
}

#[derive(Debug)]
pub(super) struct GroupModel {
    pub(super) at: Position,
    pub(super) scale: u8,
    pub(super) hidden: bool,
}

impl GroupModel {
    /// The pixel of the panel that the topmost shape makes.
    pub(super) fn pixel(
        &self,
        shapes: &[Model],
        rotation: Rotation,
        panel: Size,
        at: (i16, i16),
    ) -> u16 {
        let top = shapes.iter().rev().find_map(|shape| shape.pixel(self, rotation, panel, at));
        top.filter(|_| !self.hidden).unwrap_or(0)
    }
}

impl Model {
    /// A polygon with more corners than there is room for is refused: it has none.
    pub(super) fn forget_excess(&mut self, most: usize) {
        if let Figure::Polygon(corners) = &mut self.figure
            && corners.len() > most
        {
            corners.clear();
        }
    }

    pub(super) fn color(&self) -> u16 {
        u16::from(self.color) % (TRANSPARENT + 2)
    }

    /// What it makes of a pixel of the panel: nothing, or a colour.
    fn pixel(
        &self,
        group: &GroupModel,
        rotation: Rotation,
        panel: Size,
        (x, y): (i16, i16),
    ) -> Option<u16> {
        let scale = i64::from(group.scale.clamp(1, 127));
        let (right, bottom) = (i64::from(panel.width), i64::from(panel.height));
        let (corner, (dx, dy), transposed) = match rotation {
            Rotation::Deg0 => ((0, 0), (1, 1), false),
            Rotation::Deg90 => ((right, 0), (-1, 1), true),
            Rotation::Deg180 => ((right, bottom), (-1, -1), false),
            Rotation::Deg270 => ((0, bottom), (1, -1), true),
        };
        let swap = |(a, b): (i64, i64)| if transposed { (b, a) } else { (a, b) };
        let wide = |at: Position| swap((at.0.short().into(), at.1.short().into()));
        let (group_at, at) = (wide(group.at), wide(self.at));
        let along = |pixel: i16, corner: i64, step: i64, group_at: i64, at: i64| {
            // What leaves 16 bits is off the panel.
            let group_at = clamp(corner + step * group_at);
            let distance = i64::from(pixel) - clamp(group_at + step * scale * at);
            let distance = if step < 0 { -distance - 1 } else { distance };
            if self.is_scaled { distance.div_euclid(scale) } else { distance }
        };
        let u = along(x, corner.0, dx, group_at.0, at.0);
        let v = along(y, corner.1, dy, group_at.1, at.1);
        if self.hidden || !self.includes(swap((u, v))) {
            return None;
        }
        let color = COLORS.get(usize::from(self.color())).copied();
        if self.is_see_through { color } else { color.or(Some(0)) }
    }

    /// The definition: whether the figure has a pixel of its own coordinates.
    fn includes(&self, (x, y): (i64, i64)) -> bool {
        match &self.figure {
            Figure::Circle(radius) => {
                let radius = i64::from(radius.length()).min(MAX_RADIUS);
                x * x + y * y <= radius * radius
            }
            Figure::Rectangle(Position(width, height)) => {
                (0..width.length().into()).contains(&x) && (0..height.length().into()).contains(&y)
            }
            Figure::Polygon(corners) => is_inside(corners, x, y),
        }
    }
}

fn clamp(v: i64) -> i64 {
    v.clamp(i16::MIN.into(), i16::MAX.into())
}

/// The non-zero winding rule, with the strict inequalities and the missing edge of the reference.
fn is_inside(corners: &[Position], x: i64, y: i64) -> bool {
    let corners: Vec<(i64, i64)> = corners
        .iter()
        .map(|corner| corner.short())
        .map(|(x, y)| (i64::from(x), i64::from(y)))
        .collect();
    let next = corners.iter().cycle().skip(1);
    let winding: i64 = corners
        .iter()
        .zip(next)
        .map(|(&(x1, y1), &(x2, y2))| {
            let side = (x - x1) * (y2 - y1) - (y - y1) * (x2 - x1);
            if y1 <= y && y < y2 && side < 0 {
                1
            } else if y2 <= y && y < y1 && side > 0 {
                -1
            } else {
                0
            }
        })
        .sum();
    let is_before = |last: Option<i64>, v| last.is_some_and(|last| v < last);
    winding != 0
        && is_before(corners.iter().map(|corner| corner.0).max(), x)
        && is_before(corners.iter().map(|corner| corner.1).max(), y)
}
