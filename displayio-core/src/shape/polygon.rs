//! Polygons: the non-zero winding rule, a line at a time.

use core::ops::Range;

use heapless::Vec;

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
/// Cost of painting: per row about 12 instructions per corner and a division per edge that crosses it; more than eight
/// crossings are found eight at a time.
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

    fn spans(&self, line: Line, range: Range<i32>, span: &mut dyn FnMut(i32, i32)) {
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

/// Calls `span` for each run of a line with a winding number that is not 0, in `range`.
///
/// Along the line the winding number changes at few places, which are gathered in order, the nearest first. A few are kept
/// at a time, so that any number of corners needs the same little stack.
fn spans(points: &PointsView<'_>, line: Line, range: Range<i32>, span: &mut dyn FnMut(i32, i32)) {
    let (mut position, mut winding, mut is_first) = (range.start, 0, true);
    while position < range.end {
        let mut turns = Turns::default();
        for_each_edge(points, line, &mut |edge| {
            for (at, change) in edge.turns(line) {
                if at > position {
                    turns.insert(at, change);
                } else if is_first {
                    winding += change;
                }
            }
        });
        is_first = false;
        for (at, change) in &turns.nearest {
            if winding != 0 {
                span(position, *at);
            }
            (position, winding) = (*at, winding + change);
        }
        if !turns.is_more {
            break;
        }
    }
}

/// Calls `f` with each edge; of a row, with those that have it alone: from their top row up to, not including, the bottom
/// one.
fn for_each_edge(points: &PointsView<'_>, line: Line, f: &mut dyn FnMut(Edge)) {
    let Some(mut from) = points.len().checked_sub(1).and_then(|last| points.get(last)) else {
        return;
    };
    for to in points.iter() {
        let has_line = match line {
            Line::Row(y) => (i32::from(from.1) <= y) != (i32::from(to.1) <= y),
            Line::Column(_) => true,
        };
        if has_line {
            f(Edge::new(from, to));
        }
        from = to;
    }
}

/// How many turns are kept at a time.
const KEPT: usize = 8;

/// The nearest places at which the winding number changes, in order, and by how much.
#[derive(Default)]
struct Turns {
    nearest: Vec<(i32, i32), KEPT>,
    /// Whether there are more beyond these.
    is_more: bool,
}

impl Turns {
    fn insert(&mut self, at: i32, change: i32) {
        let index = self.nearest.iter().position(|(other, _)| *other >= at);
        let index = index.unwrap_or(self.nearest.len());
        match self.nearest.get_mut(index) {
            Some((other, sum)) if *other == at => *sum += change,
            found => {
                let is_beyond = found.is_none();
                if self.nearest.is_full() {
                    self.is_more = true;
                    if is_beyond {
                        return;
                    }
                    self.nearest.pop();
                }
                // There is room now.
                let _ = self.nearest.insert(index, (at, change));
            }
        }
    }
}

/// An edge that leads down, and whether it did so before it was turned round.
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

    /// Where on a line it changes the winding number, and by how much. A row is one of its own.
    ///
    /// An edge winds around the pixels to its left, strictly, in its rows from the top one up to, not including, the bottom
    /// one. So along a row its part ends where the edge is; along a column it begins and ends where the edge does, or
    /// where the column meets it.
    fn turns(&self, line: Line) -> impl Iterator<Item = (i32, i32)> + use<> {
        let (first, second) = match line {
            Line::Row(y) => (Some((self.end_of_row(y), -self.direction)), None),
            Line::Column(x) => {
                let Range { start, end } = self.rows_right_of(x);
                if start < end {
                    (Some((start, self.direction)), Some((end, -self.direction)))
                } else {
                    (None, None)
                }
            }
        };
        first.into_iter().chain(second)
    }

    /// The first pixel of a row that is not left of the edge. The row is one of its own.
    fn end_of_row(&self, y: i32) -> i32 {
        let ((x1, y1), (x2, y2)) = (self.top, self.bottom);
        let rows = y.abs_diff(y1);
        // At most 65 535 each: the product fits.
        let (run, rise) = (rows * x1.abs_diff(x2), y1.abs_diff(y2).max(1));
        if x2 >= x1 {
            x1 + run.div_ceil(rise).cast_signed()
        } else {
            x1 - (run / rise).cast_signed()
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
