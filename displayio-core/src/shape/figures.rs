//! Circles and rectangles.

use core::{cell::Cell, ops::Range};

use super::{Extent, Figure, Line, Shape};
use crate::Size;

/// A filled circle around its origin: 2r + 1 pixels wide.
///
/// ```
/// use displayio_core::{Circle, Palette, Rgb565};
/// let mut colors = [0; 8];
/// let palette = Palette::<Rgb565>::from_buffer(2, &mut colors)?;
/// let ball = Circle::new(&palette, 20).at(100, 60).color(1);
/// ball.set_radius(25);
/// assert!(ball.contains(125, 60) && !ball.contains(125, 61));
/// # Ok::<(), displayio_core::TooSmall>(())
/// ```
pub type Circle<P> = Shape<Disc, P>;

/// A filled rectangle, its top left corner at its origin.
///
/// ```
/// use displayio_core::{ColorConverter, Colorspace, Rectangle};
/// let colors = ColorConverter::new(Colorspace::Rgb565);
/// let bar = Rectangle::new(&colors, 100, 8).at(10, 10).color(0xffff); // white
/// bar.set_size(40, 8);
/// assert!(bar.contains(49, 17) && !bar.contains(50, 17));
/// ```
pub type Rectangle<P> = Shape<Oblong, P>;

/// The figure of a [`Circle`]: pixels (x, y) with x² + y² ≤ r².
#[derive(Debug)]
pub struct Disc {
    radius: Cell<u16>,
    /// The half length of the line that was asked for last: that of the next is near.
    half: Cell<u16>,
}

/// The longest radius: a circle's width fits in 16 bits.
const MAX_RADIUS: u16 = 32767;

impl<P> Circle<P> {
    /// A circle of this radius in pixels, at most 32 767, around (0, 0), in colour 0.
    pub fn new(shader: P, radius: u16) -> Self {
        Self::of(Disc { radius: Cell::new(radius.min(MAX_RADIUS)), half: Cell::new(0) }, shader)
    }

    /// Makes it larger or smaller; at most 32 767.
    pub fn set_radius(&self, radius: u16) {
        let radius = radius.min(MAX_RADIUS);
        if self.figure.radius.replace(radius) != radius {
            self.state.shown.touch();
        }
    }

    /// Its radius in pixels.
    #[must_use]
    pub const fn radius(&self) -> u16 {
        self.figure.radius.get()
    }
}

impl Figure for Disc {
    fn extent(&self) -> Extent {
        let radius = i32::from(self.radius.get());
        Extent { x1: -radius, y1: -radius, x2: radius + 1, y2: radius + 1 }
    }

    fn spans(&self, line: Line, _: Range<i32>, mut span: impl FnMut(i32, i32)) {
        let (Line::Row(at) | Line::Column(at)) = line;
        if let Some(half) = self.half_length(at.unsigned_abs()) {
            span(-half, half + 1);
        }
    }
}

impl Disc {
    /// Pixels on each side of the middle, in a line that is `at` from the centre: the root of r² - y².
    #[inline(never)]
    fn half_length(&self, at: u32) -> Option<i32> {
        let radius = u32::from(self.radius.get());
        let square = radius.checked_sub(at)? * (radius + at);
        let half = root_near(self.half.get().into(), square);
        #[expect(clippy::cast_possible_truncation, reason = "no longer than the radius")]
        self.half.set(half as u16);
        Some(half.cast_signed())
    }
}

/// The root of a number below 2³⁰, rounded down, by way of one that is near it.
///
/// A root from scratch takes a Cortex-M0+ 100 instructions, and tables of 600 bytes; the next one takes it 20. Steps
/// double, so that the way is short from anywhere.
const fn root_near(near: u32, square: u32) -> u32 {
    let (mut root, mut step) = (near, 1);
    if root * root <= square {
        while (root + step) * (root + step) <= square {
            root += step;
            step *= 2;
        }
    } else {
        root -= 1;
        while root * root > square {
            step *= 2;
            root = root.saturating_sub(step);
        }
    }
    // It is from here on, and less than a step away.
    while step > 1 {
        step /= 2;
        if (root + step) * (root + step) <= square {
            root += step;
        }
    }
    root
}

/// The figure of a [`Rectangle`].
#[derive(Debug)]
pub struct Oblong {
    size: Cell<Size>,
}

impl<P> Rectangle<P> {
    /// A rectangle of this size in pixels, at (0, 0), in colour 0.
    pub const fn new(shader: P, width: u16, height: u16) -> Self {
        Self::of(Oblong { size: Cell::new(Size::new(width, height)) }, shader)
    }

    /// Makes it larger or smaller.
    pub fn set_size(&self, width: u16, height: u16) {
        let size = Size::new(width, height);
        if self.figure.size.replace(size) != size {
            self.state.shown.touch();
        }
    }

    /// Its size in pixels.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.figure.size.get()
    }
}

impl Figure for Oblong {
    fn extent(&self) -> Extent {
        let Size { width, height } = self.size.get();
        Extent { x1: 0, y1: 0, x2: width.into(), y2: height.into() }
    }

    fn spans(&self, line: Line, _: Range<i32>, mut span: impl FnMut(i32, i32)) {
        let Extent { x2: width, y2: height, .. } = self.extent();
        match line {
            Line::Row(y) if (0..height).contains(&y) => span(0, width),
            Line::Column(x) if (0..width).contains(&x) => span(0, height),
            _ => {}
        }
    }

    fn is_full(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_are_found_from_anywhere() {
        let squares = (0..300).chain([32766 * 32766 - 1, 32766 * 32766, 32767 * 32767]);
        for square in squares {
            for near in [0, 1, 2, 15, 16, 17, 100, 32767] {
                assert_eq!(root_near(near, square), square.isqrt(), "{square} from {near}");
            }
        }
    }
}
