//! Polygons: the non-zero winding rule, a line at a time.

use core::ops::Range;

use super::{
    Extent, Figure, Line, PointList, Points, PointsError, PointsView, Shape, points::Corner,
};
use crate::Part;

/// A filled polygon: corners from its origin on, the last joined with the first. Where it overlaps itself, the non-zero
/// winding rule counts.
///
/// Exactly as in CircuitPython, pixels of the rightmost column and the lowest row that a corner lies on are not part of it:
/// corners at (0, 0), (6, 0), (6, 4) and (0, 4) make 6 by 4 pixels.
///
/// The corners are held by value: an array, a slice, or a [`PointList`] that changes while the polygon is shown.
///
/// Cost of painting: per row about 10 instructions per corner, and 40 with a division per edge that crosses it; more than
/// two crossings, and those of a scene on its side, are found two at a time.
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
        self.state.shown.touch();
        Ok(())
    }
}

impl<V: Points> Figure for Ngon<V> {
    fn extent(&self) -> Extent {
        self.points.view(|points| extent(&points)).unwrap_or_default()
    }

    fn spans(&self, line: Line, range: Range<i32>, span: impl FnMut(i32, i32)) {
        self.points.view(|points| spans(points, line, range, span));
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
#[inline]
fn spans(points: PointsView<'_>, line: Line, range: Range<i32>, mut span: impl FnMut(i32, i32)) {
    if let Line::Row(y) = line {
        let ends = match points {
            PointsView::Pairs(corners) => ends_of_row(corners, y),
            PointsView::Bytes(corners) => ends_of_row(corners, y),
        };
        if let Some((start, end)) = ends {
            return span(start, end);
        }
    }
    let mut runs = Runs::new(points, line);
    while let Some((start, end)) = runs.next()
        && start < range.end
    {
        span(start, end);
    }
}

/// Where a row begins and ends that two edges cross, as they do in most polygons; the same twice if none does, and `None`
/// if there are more.
#[inline(never)]
fn ends_of_row<T: Corner>(corners: &[T], y: i32) -> Option<(i32, i32)> {
    // Beyond all corners there is nothing.
    let Ok(row) = i16::try_from(y) else { return Some((0, 0)) };
    // Negative for corners above the row or in it.
    let depth = |corner: &T| i32::from(corner.y()) - i32::from(row) - 1;
    let Some(mut from) = corners.last() else { return Some((0, 0)) };
    let mut before = depth(from);
    let (mut ends, mut count) = ([0; 2], 0);
    for to in corners {
        let after = depth(to);
        if before ^ after < 0 {
            *ends.get_mut(count)? = end_in_row(from, to, row);
            count += 1;
        }
        (from, before) = (to, after);
    }
    let [one, other] = ends;
    Some((one.min(other), one.max(other)))
}

/// The first pixel in a row that is not left of an edge, which crosses the row.
#[inline(never)]
fn end_in_row<T: Corner>(from: &T, to: &T, row: i16) -> i32 {
    let (top, bottom) = if from.y() < to.y() { (from, to) } else { (to, from) };
    let [rows, height] = [row, bottom.y()].map(|y| i32::from(y) - i32::from(top.y()));
    let (rows, height) = (rows.cast_unsigned(), height.cast_unsigned());
    let (top, bottom) = (i32::from(top.x()), i32::from(bottom.x()));
    let run = rows * top.abs_diff(bottom);
    // At most 65 534 by 65 535, and another 65 534: that fits. The height is not 0.
    if bottom >= top {
        top + (run + height - 1).checked_div(height).unwrap_or_default().cast_signed()
    } else {
        top - run.checked_div(height).unwrap_or_default().cast_signed()
    }
}

/// Calls `f` with the corners that each edge leads from and to.
#[inline]
fn for_each_edge(points: PointsView<'_>, mut f: impl FnMut((i16, i16), (i16, i16))) {
    let Some(mut from) = points.len().checked_sub(1).and_then(|last| points.get(last)) else {
        return;
    };
    for to in points.iter() {
        f(from, to);
        from = to;
    }
}

/// The runs of a line with a winding number that is not 0, one after the other.
///
/// Along the line the winding number changes at few places, which are gathered in order, the nearest first. Two are kept
/// at a time, so that any number of corners needs no memory.
struct Runs<'p> {
    points: PointsView<'p>,
    line: Line,
    position: i32,
    winding: i32,
    turns: Turns,
    /// Which of the turns is next.
    turn: usize,
}

impl<'p> Runs<'p> {
    fn new(points: PointsView<'p>, line: Line) -> Self {
        let turns = Turns::beyond(i32::MIN, points, line);
        Self { points, line, position: i32::MIN, winding: 0, turns, turn: 0 }
    }

    #[inline(never)]
    fn next(&mut self) -> Option<(i32, i32)> {
        loop {
            if self.turn == self.turns.nearest.len() {
                if !self.turns.is_more {
                    return None;
                }
                self.turns = Turns::beyond(self.position, self.points, self.line);
                self.turn = 0;
            }
            let Turn { at, change } = *self.turns.nearest.get(self.turn)?;
            let (start, before) = (self.position, self.winding);
            (self.position, self.winding) = (at, before + change);
            self.turn += 1;
            if before != 0 {
                return Some((start, at));
            }
        }
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
    fn beyond(position: i32, points: PointsView<'_>, line: Line) -> Self {
        let mut turns = Self { nearest: [Turn::NONE; 2], is_more: false };
        let (Line::Row(at) | Line::Column(at)) = line;
        // Beyond all corners there is nothing.
        let Ok(at) = i16::try_from(at) else { return turns };
        for_each_edge(points, |from, to| match line {
            Line::Row(_) => {
                let change = i32::from(from.1 > at) - i32::from(to.1 > at);
                if change != 0 {
                    turns.insert(position, end_in_row(&from, &to, at), change);
                }
            }
            Line::Column(_) => {
                let edge = Edge::new(from, to);
                let Range { start, end } = edge.rows_right_of(at.into());
                if start < end {
                    turns.insert(position, start, edge.direction);
                    turns.insert(position, end, -edge.direction);
                }
            }
        });
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Polygons of any shape, small and as large as can be: what one look at the edges finds is what turns of the winding
    /// number say.
    #[test]
    fn one_look_finds_the_runs_of_a_row() {
        let mut state = 1_u32;
        let mut random = |bound: i32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let value = (state >> 8).cast_signed();
            i16::try_from(value % (2 * bound + 1) - bound).unwrap()
        };
        let mut found = 0;
        for round in 0..2000 {
            let bound = [3, 10, 32767][round % 3];
            let corners: [_; 7] = core::array::from_fn(|_| (random(bound), random(bound)));
            let corners = &corners[..round % 8];
            for y in (-bound - 1..=bound).step_by(bound.unsigned_abs().div_ceil(20) as usize) {
                let Some((start, end)) = ends_of_row(corners, y) else { continue };
                let mut runs = Runs::new(PointsView::Pairs(corners), Line::Row(y));
                let expected = (start < end).then_some((start, end));
                assert_eq!([runs.next(), runs.next()], [expected, None], "{y} of {corners:?}");
                found += i32::from(start < end);
            }
        }
        assert!(found > 10_000, "only {found} runs");
    }
}
