//! Lines and outlines. Each call marks the box around the pixels it set.

use core::ops::RangeInclusive;

use super::{Bitmap, BitmapError, Canvas, canvas::Written};
use crate::Size;

impl Bitmap<'_> {
    /// Draws a line that includes both ends, by Bresenham's algorithm; what lies outside the bitmap is left out.
    ///
    /// Cost: time in the longer of the line's extents, at most 65 536 steps.
    ///
    /// # Errors
    /// [`BitmapError`]; the bitmap is as it was.
    pub fn draw_line(
        &self,
        from: (i16, i16),
        to: (i16, i16),
        value: u32,
    ) -> Result<(), BitmapError> {
        self.draw_polygon(&[from, to], value, false)
    }

    /// Draws the lines that join `points`, and, when `close`, one from the last to the first.
    ///
    /// # Errors
    /// [`BitmapError`]; the bitmap is as it was.
    pub fn draw_polygon(
        &self,
        points: &[(i16, i16)],
        value: u32,
        close: bool,
    ) -> Result<(), BitmapError> {
        let sides = |side: fn(&(i16, i16)) -> i16| {
            let (first, last) = (points.iter().map(side).min(), points.iter().map(side).max());
            first.unwrap_or(i16::MAX).into()..=last.unwrap_or(i16::MIN).into()
        };
        self.plot(sides(|p| p.0), sides(|p| p.1), value, &Figure::Lines { points, close })
    }

    /// Draws a circle's outline by the midpoint algorithm; what lies outside the bitmap is left out.
    ///
    /// # Errors
    /// [`BitmapError`]; the bitmap is as it was.
    pub fn draw_circle(
        &self,
        center: (i16, i16),
        radius: u16,
        value: u32,
    ) -> Result<(), BitmapError> {
        let (x, y, radius) = (i32::from(center.0), i32::from(center.1), i32::from(radius));
        let (columns, rows) = (x - radius..=x + radius, y - radius..=y + radius);
        self.plot(columns, rows, value, &Figure::Circle { center, radius })
    }

    /// Sets the pixels of a figure that lies within these columns and rows.
    fn plot(
        &self,
        columns: RangeInclusive<i32>,
        rows: RangeInclusive<i32>,
        value: u32,
        figure: &Figure<'_>,
    ) -> Result<(), BitmapError> {
        self.check(value)?;
        let meets = |positions: RangeInclusive<i32>, length: u16| {
            *positions.start() < length.into() && *positions.end() >= 0
        };
        if !meets(columns, self.size.width) || !meets(rows, self.size.height) {
            return Ok(());
        }
        self.apply(&mut |canvas| {
            let mut plotter = Plotter { canvas, value, written: Written::NOTHING };
            match *figure {
                Figure::Lines { points, close } => plotter.lines(points, close),
                Figure::Circle { center, radius } => plotter.circle(center, radius),
            }
            plotter.written.area()
        })
    }
}

/// What is drawn in pixels of one value.
enum Figure<'p> {
    Lines { points: &'p [(i16, i16)], close: bool },
    Circle { center: (i16, i16), radius: i32 },
}

/// Sets pixels, and keeps the box around them.
struct Plotter<'p, 'c> {
    canvas: &'p mut Canvas<'c>,
    value: u32,
    written: Written,
}

impl Plotter<'_, '_> {
    /// Sets a pixel; nothing outside.
    #[inline(never)]
    fn set(&mut self, x: i32, y: i32) {
        let Size { width, height } = self.canvas.size;
        if let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y))
            && x < width.into()
            && y < height.into()
        {
            self.canvas.set(x, y, self.value);
            self.written.add(x..x + 1, y);
        }
    }

    fn lines(&mut self, points: &[(i16, i16)], close: bool) {
        let mut from = points.last().copied().filter(|_| close);
        for &to in points {
            if let Some(from) = from.replace(to) {
                self.line(from, to);
            }
        }
    }

    /// Bresenham's line, walked towards the larger coordinate of the longer axis, so that both directions give the same
    /// pixels.
    fn line(&mut self, from: (i16, i16), to: (i16, i16)) {
        let wide = |(x, y): (i16, i16)| (i32::from(x), i32::from(y));
        let ((mut x1, mut y1), (mut x2, mut y2)) = (wide(from), wide(to));
        let steep = (y2 - y1).abs() > (x2 - x1).abs();
        if steep {
            (x1, y1, x2, y2) = (y1, x1, y2, x2);
        }
        if x1 > x2 {
            (x1, y1, x2, y2) = (x2, y2, x1, y1);
        }
        let (run, rise, step) = (x2 - x1, (y2 - y1).abs(), if y1 < y2 { 1 } else { -1 });
        let (mut error, mut y) = (run / 2, y1);
        for x in x1..=x2 {
            if steep {
                self.set(y, x);
            } else {
                self.set(x, y);
            }
            error -= rise;
            if error < 0 {
                y += step;
                error += run;
            }
        }
    }

    /// The midpoint circle: one octant, mirrored.
    fn circle(&mut self, center: (i16, i16), radius: i32) {
        let (cx, cy) = (i32::from(center.0), i32::from(center.1));
        let (mut x, mut y, mut decision) = (0, radius, 3 - 2 * radius);
        while x <= y {
            for (dx, dy) in [(x, y), (y, x)] {
                for (sx, sy) in [(1, 1), (-1, 1), (1, -1), (-1, -1)] {
                    self.set(cx + sx * dx, cy + sy * dy);
                }
            }
            if decision <= 0 {
                decision += 4 * x + 6;
            } else {
                decision += 4 * (x - y) + 10;
                y -= 1;
            }
            x += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Area, Change, Depth, Mark, Tracked};

    /// The bitmap as rows of `#` and `.`, and the area marked.
    fn drawn<const W: usize, const H: usize>(
        draw: impl FnOnce(&Bitmap<'_>) -> Result<(), BitmapError>,
    ) -> ([[u8; W]; H], Change) {
        let mut bytes = [0; 4096];
        let (width, height) = (u16::try_from(W).unwrap(), u16::try_from(H).unwrap());
        let bitmap = Bitmap::from_buffer(width, height, Depth::Bpp8, &mut bytes).unwrap();
        let mark = Mark::new();
        bitmap.since(&mark);
        draw(&bitmap).unwrap();
        let mut picture = [[b'.'; W]; H];
        for (y, row) in (0..).zip(&mut picture) {
            for (x, cell) in (0..).zip(row) {
                *cell = if bitmap.get(x, y) == Some(1) { b'#' } else { b'.' };
            }
        }
        (picture, bitmap.since(&mark))
    }

    #[test]
    fn circle_and_the_area_it_marks() {
        let (picture, change) = drawn(|b| b.draw_circle((3, 3), 3, 1));
        assert_eq!(
            picture.map(|row: [u8; 7]| row),
            [
                *b"..###..",
                *b".#...#.",
                *b"#.....#",
                *b"#.....#",
                *b"#.....#",
                *b".#...#.",
                *b"..###.."
            ]
        );
        assert_eq!(change, Change::Part(Area::new(0, 0, 7, 7)));
    }

    #[test]
    fn lines_are_the_same_both_ways() {
        let (there, _) = drawn::<12, 8>(|b| b.draw_line((1, 1), (10, 5), 1));
        let (back, _) = drawn::<12, 8>(|b| b.draw_line((10, 5), (1, 1), 1));
        assert_eq!(there, back);
    }

    #[test]
    fn extremes_end_soon_and_stay_inside() {
        let ends = (i16::MIN, i16::MAX);
        drawn::<8, 8>(|b| b.draw_line((ends.0, ends.0), (ends.1, ends.1), 1));
        let (picture, change) = drawn::<8, 8>(|b| b.draw_circle((4, 4), u16::MAX, 1));
        assert!(
            picture.iter().flatten().all(|&c| c == b'.') && change != Change::All,
            "far outside"
        );
        let (_, change) = drawn::<8, 8>(|b| b.draw_polygon(&[(20, 20), (30, 30)], 1, true));
        assert_eq!(change, Change::None);
        let far = [(2, 1), (i16::MAX, 1)];
        let (picture, change) = drawn::<8, 4>(|b| b.draw_polygon(&far, 1, false));
        assert_eq!((picture[1], change), (*b"..######", Change::Part(Area::new(2, 1, 8, 2))));
        let around = [(-5, 1), (i16::MAX, 1), (i16::MAX, 6), (-5, 6)];
        let (picture, _) = drawn::<8, 8>(|b| b.draw_polygon(&around, 1, true));
        assert_eq!([1, 2, 6].map(|y| picture[y]), [*b"########", *b"........", *b"########"]);
    }
}
