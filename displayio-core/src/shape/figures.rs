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
/// use displayio_core::{ColorConverter, Rectangle};
/// let white = ColorConverter::default();
/// let bar = Rectangle::new(&white, 100, 8).at(10, 10).color(0xffff);
/// bar.set_size(40, 8);
/// assert!(bar.contains(49, 17) && !bar.contains(50, 17));
/// ```
pub type Rectangle<P> = Shape<Oblong, P>;

/// The figure of a [`Circle`]: pixels (x, y) with x² + y² ≤ r².
#[derive(Debug)]
pub struct Disc {
    radius: Cell<u16>,
}

/// The longest radius: a circle's width fits in 16 bits.
const MAX_RADIUS: u16 = 32767;

impl<P> Circle<P> {
    /// A circle of this radius in pixels, at most 32 767, around (0, 0), in colour 0.
    pub fn new(shader: P, radius: u16) -> Self {
        Self::of(Disc { radius: Cell::new(radius.min(MAX_RADIUS)) }, shader)
    }

    /// Makes it larger or smaller; at most 32 767.
    pub fn set_radius(&self, radius: u16) {
        let radius = radius.min(MAX_RADIUS);
        if self.figure.radius.replace(radius) != radius {
            self.shown.touch();
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
        if let Some(half) = half_length(self.radius.get().into(), at.unsigned_abs()) {
            span(-half, half + 1);
        }
    }
}

/// Pixels on each side of the middle, in a line that is `at` from a circle's centre: the root of r² - y².
fn half_length(radius: u32, at: u32) -> Option<i32> {
    let square = radius.checked_sub(at)? * (radius + at);
    Some(square.isqrt().cast_signed())
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
            self.shown.touch();
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
