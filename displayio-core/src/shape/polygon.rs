//! Polygons: the non-zero winding rule, a line at a time.

use core::ops::Range;

use super::{Extent, Figure, Line, PointList, Points, PointsError, PointsView, Shape};
use crate::Part;

/// A filled polygon: corners from its origin on, the last joined with the first. Where it overlaps itself, the non-zero
/// winding rule counts.
///
/// Exactly as in CircuitPython, pixels of the rightmost column and the lowest row that a corner lies on are not part of it:
/// corners at (0, 0), (6, 0), (6, 4) and (0, 4) make 6 by 4 pixels.
///
/// The corners are held by value: an array, a slice, or a [`PointList`] that changes while the polygon is shown.
///
/// Cost of painting: per row about 15 instructions per corner, and 55 with a division per edge that crosses it; more than
/// two crossings are found two at a time.
///
/// ```
/// use displayio_core::{ColorConverter, PointList, Polygon};
/// let mut memory = [0; PointList::required_bytes(3)];
/// let white = ColorConverter::default();
/// let needle = Polygon::new(&white, PointList::from_buffer(&mut memory)).at(20, 20);
/// needle.set_points(&[(-2, 0), (2, 0), (0, -15)])?;
/// assert!(needle.contains(20, 10) && !needle.contains(24, 10));
/// # Ok::<(), displayio_core::PointsError>(())
/// ```
pub type Polygon<P, V> = Shape<Ngon<V>, P>;

/// The figure of a [`Polygon`].
#[derive(Debug)]
pub struct Ngon<V> {
    points: V,
}

impl<P, V: Points> Polygon<P, V> {
    /// A polygon at (0, 0), in colour 0. Fewer than three corners show nothing.
    pub const fn new(shader: P, points: V) -> Self {
        Self::of(Ngon { points }, shader)
    }
}

impl<P> Polygon<P, PointList<'_>> {
    /// Sets all corners.
    ///
    /// # Errors
    /// [`PointsError`]; the polygon is as it was.
    pub fn set_points(&self, points: &[(i16, i16)]) -> Result<(), PointsError> {
        self.figure.points.replace(points)?;
        self.shown.touch();
        Ok(())
    }
}

impl<V: Points> Figure for Ngon<V> {
    fn extent(&self) -> Extent {
        self.points.view(|points| extent(&points)).unwrap_or_default()
    }

    fn spans(&self, line: Line, range: Range<i32>, span: impl FnMut(i32, i32)) {
        self.points.view(|points| spans(&points, line, range, span));
    }

    fn describe(&self, report: &mut dyn FnMut(Part)) {
        self.points.describe(report);
    }
}

fn extent(points: &PointsView<'_>) -> Extent {
    let of_point =
        |(x, y): (i16, i16)| Extent { x1: x.into(), y1: y.into(), x2: x.into(), y2: y.into() };
    let around = |a: Extent, b: Extent| Extent {
        x1: a.x1.min(b.x1),
        y1: a.y1.min(b.y1),
        x2: a.x2.max(b.x2),
        y2: a.y2.max(b.y2),
    };
    points.iter().map(of_point).reduce(around).unwrap_or_default()
}

/// Calls `span` for each run of a line with a winding number that is not 0, until the end of `range`.
///
/// Along the line the winding number changes at few places, and in most polygons at two, which are gathered in order, the
/// nearest first. Two are kept at a time, so that any number of corners needs no memory.
fn spans(points: &PointsView<'_>, line: Line, range: Range<i32>, mut span: impl FnMut(i32, i32)) {
    let (mut position, mut winding, mut is_more) = (i32::MIN, 0, true);
    while is_more && position < range.end {
        let turns = Turns::beyond(position, points, line);
        is_more = turns.is_more;
        for Turn { at, change } in turns.nearest {
            if winding != 0 {
                span(position, at);
            }
            (position, winding) = (at, winding + change);
        }
    }
}

/// Calls `f` with the corners that each edge leads from and to.
#[inline]
fn for_each_edge(points: &PointsView<'_>, mut f: impl FnMut((i16, i16), (i16, i16))) {
    let Some(mut from) = points.len().checked_sub(1).and_then(|last| points.get(last)) else {
        return;
    };
    for to in points.iter() {
        f(from, to);
        from = to;
    }
}

/// A place at which the winding number changes, and by how much.
#[derive(Clone, Copy)]
struct Turn {
    at: i32,
    change: i32,
}

impl Turn {
    /// Beyond all others.
    const NONE: Self = Self { at: i32::MAX, change: 0 };
}

/// The nearest turns, in order: all changes at one place are one.
struct Turns {
    nearest: [Turn; 2],
    /// Whether there are more beyond these.
    is_more: bool,
}

impl Turns {
    /// Those of a line beyond a position.
    #[inline(never)]
    fn beyond(position: i32, points: &PointsView<'_>, line: Line) -> Self {
        let mut turns = Self { nearest: [Turn::NONE; 2], is_more: false };
        let (Line::Row(at) | Line::Column(at)) = line;
        // Beyond all corners there is nothing.
        let Ok(at) = i16::try_from(at).map(i32::from) else { return turns };
        match line {
            Line::Row(_) => for_each_edge(points, |from, to| {
                // Negative for corners above the row or in it.
                let depth = |corner: (i16, i16)| i32::from(corner.1) - at - 1;
                let (before, after) = (depth(from), depth(to));
                if before ^ after < 0 {
                    let (end, change) = if before < 0 {
                        (end_of_row(from.0, to.0, !before, after - before), -1)
                    } else {
                        (end_of_row(to.0, from.0, !after, before - after), 1)
                    };
                    turns.insert(position, end, change);
                }
            }),
            Line::Column(_) => for_each_edge(points, |from, to| {
                let edge = Edge::new(from, to);
                let Range { start, end } = edge.rows_right_of(at);
                if start < end {
                    turns.insert(position, start, edge.direction);
                    turns.insert(position, end, -edge.direction);
                }
            }),
        }
        turns
    }

    #[inline]
    const fn insert(&mut self, position: i32, at: i32, change: i32) {
        let [first, second] = &mut self.nearest;
        if at <= position {
            return;
        }
        if at == first.at {
            first.change += change;
        } else if at == second.at {
            second.change += change;
        } else {
            if second.at != i32::MAX {
                self.is_more = true;
            }
            if at < first.at {
                (*first, *second) = (Turn { at, change }, *first);
            } else if at < second.at {
                *second = Turn { at, change };
            }
        }
    }
}

/// The first pixel that is not left of an edge, `rows` below its upper end; it leads from `top` to `bottom`, `height` rows
/// down.
const fn end_of_row(top: i16, bottom: i16, rows: i32, height: i32) -> i32 {
    let (top, bottom) = (top as i32, bottom as i32);
    // At most 65 535 each: the product fits.
    let run = rows.unsigned_abs() * top.abs_diff(bottom);
    let height = if height > 0 { height.unsigned_abs() } else { 1 };
    if bottom >= top {
        top + run.div_ceil(height).cast_signed()
    } else {
        top - (run / height).cast_signed()
    }
}

/// An edge that leads down, and whether it did so before it was turned round.
///
/// It winds around the pixels to its left, strictly, in its rows from the top one up to, not including, the bottom one. So
/// along a row its part ends where the edge is; along a column it begins and ends where the edge does, or where the column
/// meets it.
#[derive(Clone, Copy)]
struct Edge {
    top: (i32, i32),
    bottom: (i32, i32),
    /// 1 for down, -1 for up.
    direction: i32,
}

impl Edge {
    fn new(from: (i16, i16), to: (i16, i16)) -> Self {
        let wide = |(x, y): (i16, i16)| (i32::from(x), i32::from(y));
        if from.1 <= to.1 {
            Self { top: wide(from), bottom: wide(to), direction: 1 }
        } else {
            Self { top: wide(to), bottom: wide(from), direction: -1 }
        }
    }

    /// Its rows in which the pixel of a column is left of it.
    fn rows_right_of(&self, x: i32) -> Range<i32> {
        let ((x1, y1), (x2, y2)) = (self.top, self.bottom);
        if x < x1.min(x2) {
            return y1..y2;
        }
        if x >= x1.max(x2) {
            return 0..0;
        }
        let (run, rise) = (x.abs_diff(x1) * y1.abs_diff(y2), x1.abs_diff(x2).max(1));
        if x2 > x1 {
            y1 + (run / rise).cast_signed() + 1..y2
        } else {
            y1..(y1 + run.div_ceil(rise).cast_signed()).min(y2)
        }
    }
}
