//! Polygons: the non-zero winding rule, a line at a time.

use core::{cell::Cell, ops::Range};

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
/// Cost of painting: about 80 instructions with two divisions per row that two edges cross, and 15 per corner in the first
/// row and in those of corners. More than two crossings, and those of a scene on its side, are found two at a time.
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
    /// The band in which the last row was that it was asked for.
    band: Cell<Band>,
}

impl<P, V: Points> Polygon<P, V> {
    /// A polygon at (0, 0), in colour 0. Fewer than three corners show nothing.
    pub const fn new(shader: P, points: V) -> Self {
        Self::of(Ngon { points, band: Cell::new(Band::NONE) }, shader)
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
        // Whatever changed, this is asked for before the next row: the corners may be others.
        self.band.set(Band::NONE);
        self.points.view(|points| extent(&points)).unwrap_or_default()
    }

    #[inline]
    fn spans(&self, line: Line, range: Range<i32>, mut span: impl FnMut(i32, i32)) {
        if let Line::Row(row) = line
            && let (start, end) = self.ends_of_row(row)
            && start <= end
        {
            span(start, end);
        } else {
            self.for_each_run(line, range.end, &mut span);
        }
    }

    fn describe(&self, report: &mut dyn FnMut(Part)) {
        self.points.describe(report);
    }
}

impl<V: Points> Ngon<V> {
    /// Where a row begins and ends, or [`NO_ENDS`].
    #[inline]
    fn ends_of_row(&self, row: i32) -> (i32, i32) {
        let ends = |points: PointsView<'_>| match points {
            PointsView::Pairs(corners) => ends_of_row(corners, row, &self.band),
            PointsView::Bytes(corners) => ends_of_row(corners, row, &self.band),
        };
        self.points.view(ends).unwrap_or(NO_ENDS)
    }

    /// Calls `span` for each run of a line, until `end`: any number of them.
    ///
    /// Through `dyn`, so that painting has it once: finding a run takes much longer than the call.
    #[inline(never)]
    fn for_each_run(&self, line: Line, end: i32, span: &mut dyn FnMut(i32, i32)) {
        self.points.view(|points| {
            let mut runs = Runs::new(points, line);
            while let Some((from, to)) = runs.next()
                && from < end
            {
                span(from, to);
            }
        });
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

/// Rows from one with a corner to the next with one: the same edges cross all of them.
///
/// A polygon keeps the band in which the last row was that it was asked for, and most likely the next one is: a look at all
/// edges takes longer than what crosses the row. It follows from the corners and the row alone, so that it is the same in
/// any order of rows, and wherever the polygon is.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Band {
    /// First row.
    y1: i16,
    /// One past the last row.
    y2: i16,
    /// The edges that cross it, if they are two: the one that leads down and the one that leads up, each by the corner that
    /// it leads to. Otherwise the same corner twice.
    sides: [u16; 2],
}

impl Band {
    /// No rows.
    const NONE: Self = Self { y1: 0, y2: 0, sides: [0; 2] };

    /// The one that a row is in; none if there are more corners than can be told apart.
    #[inline(never)]
    fn around<T: Corner>(corners: &[T], row: i32) -> Self {
        if corners.len() > usize::from(u16::MAX) {
            return Self::NONE;
        }
        let is_below = |corner: &T| i32::from(corner.y()) > row;
        let (mut y1, mut y2) = (i16::MIN, i16::MAX);
        let (mut sides, mut count) = ([0; 2], 0);
        let mut was_below = corners.last().is_some_and(is_below);
        for (to, corner) in (0..u16::MAX).zip(corners) {
            let is_below = is_below(corner);
            if is_below {
                y2 = y2.min(corner.y());
            } else {
                y1 = y1.max(corner.y());
            }
            if is_below != was_below {
                sides[usize::from(was_below)] = to;
                count += 1;
            }
            was_below = is_below;
        }
        Self { y1, y2, sides: if count == 2 { sides } else { [0; 2] } }
    }

    fn has(&self, row: i32) -> bool {
        i32::from(self.y1) <= row && row < i32::from(self.y2)
    }

    /// Where a row of it begins and ends, if two edges cross it.
    fn ends<T: Corner>(&self, corners: &[T], row: i32) -> Option<(i32, i32)> {
        let [down, up] = self.sides;
        if down == up {
            return None;
        }
        let (top, bottom) = edge_to(corners, down)?;
        let one = end_in_row(top, bottom, row)?;
        let (bottom, top) = edge_to(corners, up)?;
        let other = end_in_row(top, bottom, row)?;
        Some((one.min(other), one.max(other)))
    }
}

/// The ends of the edge that leads to a corner.
fn edge_to<T: Corner>(corners: &[T], to: u16) -> Option<(&T, &T)> {
    let to = usize::from(to);
    let from = corners.get(to.wrapping_sub(1)).or(corners.last());
    Some((from?, corners.get(to)?))
}

/// Where a row begins and ends that two edges cross, as they do in most polygons; otherwise [`NO_ENDS`].
#[inline(never)]
fn ends_of_row<T: Corner>(corners: &[T], row: i32, band: &Cell<Band>) -> (i32, i32) {
    let mut kept = band.get();
    if !kept.has(row) {
        kept = Band::around(corners, row);
        band.set(kept);
    }
    kept.ends(corners, row).unwrap_or(NO_ENDS)
}

/// For a row that no edge or more than two cross: no option, so that ends are returned in registers.
const NO_ENDS: (i32, i32) = (0, -1);

/// The first pixel in a row that is not left of an edge, whose upper end is `top`, if the edge crosses the row.
fn end_in_row<T: Corner>(top: &T, bottom: &T, row: i32) -> Option<i32> {
    let [rows, height] = [row, bottom.y().into()].map(|y| y.wrapping_sub(top.y().into()));
    let (rows, height) = (rows.cast_unsigned(), height.cast_unsigned());
    if rows >= height {
        return None;
    }
    let (top, bottom) = (i32::from(top.x()), i32::from(bottom.x()));
    // At most 65 534 by 65 535, and another 65 534: that fits. It wraps where corners changed and nobody was told.
    let run = rows.wrapping_mul(top.abs_diff(bottom));
    Some(if bottom >= top {
        top.wrapping_add((run.wrapping_add(height - 1) / height).cast_signed())
    } else {
        top.wrapping_sub((run / height).cast_signed())
    })
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
        for_each_edge(points, |from, to| {
            let edge = Edge::new(from, to);
            let Range { start, end } = match line {
                // Left of it, from the beginning of the row on.
                Line::Row(_) => {
                    i32::MIN..end_in_row(&edge.top, &edge.bottom, at.into()).unwrap_or(i32::MIN)
                }
                Line::Column(_) => edge.rows_right_of(at.into()),
            };
            if start < end {
                for (at, change) in [(start, edge.direction), (end, -edge.direction)] {
                    turns.insert(position, at, change);
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
    top: (i16, i16),
    bottom: (i16, i16),
    /// 1 for down, -1 for up.
    direction: i32,
}

impl Edge {
    const fn new(from: (i16, i16), to: (i16, i16)) -> Self {
        if from.1 <= to.1 {
            Self { top: from, bottom: to, direction: 1 }
        } else {
            Self { top: to, bottom: from, direction: -1 }
        }
    }

    /// Its rows in which the pixel of a column is left of it.
    fn rows_right_of(&self, x: i32) -> Range<i32> {
        let [(x1, y1), (x2, y2)] =
            [self.top, self.bottom].map(|(x, y)| (i32::from(x), i32::from(y)));
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

    /// Numbers from -bound to bound.
    fn random(state: &mut u32, bound: i32) -> i16 {
        *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let value = (*state >> 8).cast_signed();
        i16::try_from(value % (2 * bound + 1) - bound).unwrap()
    }

    /// Polygons of any shape, small and as large as can be, and rows in any order: what the edges of a band say, kept from row
    /// to row, is what a look at the row's own says, and what turns of the winding number say.
    #[test]
    fn bands_tell_the_runs_of_any_row() {
        let (mut state, mut found) = (1, 0);
        for round in 0..2000 {
            let bound = [3, 10, 32767][round % 3];
            let mut coordinate = || random(&mut state, bound);
            let corners: [_; 7] = core::array::from_fn(|_| (coordinate(), coordinate()));
            let corners = &corners[..round % 8];
            let band = Cell::new(Band::NONE);
            let near = random(&mut state, bound);
            // The rows after each other, and then any.
            let rows = (-20..20).map(|by| i32::from(near) + by);
            for y in rows.chain((0..20).map(|_| random(&mut state, bound).into())) {
                let (start, end) = ends_of_row(corners, y, &band);
                assert_eq!((start, end), ends_of_row(corners, y, &Cell::new(Band::NONE)));
                let mut runs = Runs::new(PointsView::Pairs(corners), Line::Row(y));
                if start <= end {
                    let expected = (start < end).then_some((start, end));
                    assert_eq!([runs.next(), runs.next()], [expected, None], "{y} of {corners:?}");
                    found += i32::from(start < end);
                }
            }
        }
        assert!(found > 10_000, "only {found} runs");
    }

    #[test]
    fn squares_may_have_more_corners_than_are_told_apart() {
        for (count, expected) in [(60_000, (0, 9)), (70_000, NO_ENDS)] {
            let mut corners = alloc::vec![(0, 0); count];
            corners.extend([(9, 0), (9, 9), (0, 9)]);
            assert_eq!(ends_of_row(&corners, 4, &Cell::new(Band::NONE)), expected);
            assert_eq!(Runs::new(PointsView::Pairs(&corners), Line::Row(4)).next(), Some((0, 9)));
        }
    }
}
