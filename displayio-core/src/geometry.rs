//! Sizes, areas and the transform from a node's coordinates to the panel's.
//!
//! Two coordinate spaces matter. _Panel space_ is the panel's memory: (0, 0) is the first pixel it holds, whatever the
//! rotation. _Local space_ is where a node's position counts, in pixels of its group. A [`Transform`] leads from one to
//! the other. Coordinates are `i16`; what would leave that range is clamped to its end, so that far-off nodes are simply
//! not on the panel.

use core::hint::cold_path;

/// A width and a height in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Size {
    /// Width in pixels.
    pub width: u16,
    /// Height in pixels.
    pub height: u16,
}

impl Size {
    /// `width` by `height` pixels.
    #[must_use]
    pub const fn new(width: u16, height: u16) -> Self {
        Self { width, height }
    }
}

/// A half-open rectangle: from (`x1`, `y1`) up to, not including, (`x2`, `y2`).
///
/// It is empty unless `x1 < x2` and `y1 < y2`; all empty areas are alike.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
#[repr(C, align(4))]
pub struct Area {
    /// First column.
    pub x1: i16,
    /// First row.
    pub y1: i16,
    /// One past the last column.
    pub x2: i16,
    /// One past the last row.
    pub y2: i16,
}

impl Area {
    /// No pixels.
    pub const EMPTY: Self = Self { x1: 0, y1: 0, x2: 0, y2: 0 };

    /// The area from (`x1`, `y1`) up to (`x2`, `y2`).
    #[must_use]
    pub const fn new(x1: i16, y1: i16, x2: i16, y2: i16) -> Self {
        Self { x1, y1, x2, y2 }
    }

    /// The area of `size` at the origin.
    #[must_use]
    pub fn of_size(size: Size) -> Self {
        Self::clamped(0, 0, size.width.into(), size.height.into())
    }

    /// An area whose corners are clamped to the range of `i16`.
    #[must_use]
    pub fn clamped(x1: i32, y1: i32, x2: i32, y2: i32) -> Self {
        Self { x1: clamp(x1), y1: clamp(y1), x2: clamp(x2), y2: clamp(y2) }
    }

    /// Whether it has no pixels.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.x1 >= self.x2 || self.y1 >= self.y2
    }

    /// Width in pixels; 0 if the corners are the wrong way round.
    #[must_use]
    pub const fn width(&self) -> u16 {
        if self.x1 < self.x2 { self.x1.abs_diff(self.x2) } else { 0 }
    }

    /// Height in pixels; 0 if the corners are the wrong way round.
    #[must_use]
    pub const fn height(&self) -> u16 {
        if self.y1 < self.y2 { self.y1.abs_diff(self.y2) } else { 0 }
    }

    /// Number of pixels.
    #[must_use]
    pub const fn pixels(&self) -> u32 {
        self.width() as u32 * self.height() as u32
    }

    /// What lies in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self {
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
            x2: self.x2.min(other.x2),
            y2: self.y2.min(other.y2),
        }
    }

    /// The smallest area that contains both; empty areas count for nothing.
    #[inline(never)]
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        if self.is_empty() {
            return *other;
        }
        if other.is_empty() {
            return *self;
        }
        Self {
            x1: self.x1.min(other.x1),
            y1: self.y1.min(other.y1),
            x2: self.x2.max(other.x2),
            y2: self.y2.max(other.y2),
        }
    }

    /// Whether they share a pixel.
    #[inline]
    #[must_use]
    pub const fn overlaps(&self, other: &Self) -> bool {
        // A branch per axis, on the signs of both differences.
        let (above, below) = (self.y1 as i32 - other.y2 as i32, other.y1 as i32 - self.y2 as i32);
        let (left, right) = (self.x1 as i32 - other.x2 as i32, other.x1 as i32 - self.x2 as i32);
        above & below < 0 && left & right < 0
    }

    /// The same, where few do: most nodes are above or below an area or a strip, and are told by 3 or 6 instructions.
    #[inline]
    pub(crate) const fn overlaps_rarely(&self, other: &Self) -> bool {
        // Without the hints, all four sides are compared before a branch.
        if self.y1 < other.y2 {
            cold_path();
            if self.y2 > other.y1 {
                cold_path();
                return self.x1 < other.x2 && self.x2 > other.x1;
            }
        }
        false
    }

    /// Whether they have rows in common, if neither is empty.
    pub(crate) const fn overlaps_rows(&self, other: &Self) -> bool {
        self.y1 < other.y2 && self.y2 > other.y1
    }

    /// Whether every pixel of `other` is in this area.
    #[must_use]
    pub const fn contains(&self, other: &Self) -> bool {
        let (top, bottom) = (other.y1 as i32 - self.y1 as i32, self.y2 as i32 - other.y2 as i32);
        let (left, right) = (other.x1 as i32 - self.x1 as i32, self.x2 as i32 - other.x2 as i32);
        top | bottom | left | right >= 0
    }

    /// Whether the pixel (`x`, `y`) is in this area.
    #[must_use]
    pub const fn contains_point(&self, x: i16, y: i16) -> bool {
        self.x1 <= x && x < self.x2 && self.y1 <= y && y < self.y2
    }
}

impl core::fmt::Debug for Area {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "[{}, {}, {}, {}]", self.x1, self.y1, self.x2, self.y2)
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Area {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "[{}, {}, {}, {}]", self.x1, self.y1, self.x2, self.y2);
    }
}

/// The smallest area around several, while they are gathered: sides in words of their own, so that each is compared at once.
#[derive(Clone, Copy)]
pub(crate) struct Around {
    x1: i32,
    y1: i32,
    x2: i32,
    y2: i32,
}

impl Around {
    /// Around nothing.
    pub(crate) const NOTHING: Self =
        Self { x1: i32::MAX, y1: i32::MAX, x2: i32::MIN, y2: i32::MIN };

    /// Around one more.
    #[inline]
    pub(crate) fn with(self, area: &Area) -> Self {
        let (x1, y1, x2, y2) = (area.x1.into(), area.y1.into(), area.x2.into(), area.y2.into());
        let is_inside = x1 >= self.x1 && y1 >= self.y1 && x2 <= self.x2 && y2 <= self.y2;
        if is_inside || area.is_empty() {
            return self;
        }
        Self { x1: self.x1.min(x1), y1: self.y1.min(y1), x2: self.x2.max(x2), y2: self.y2.max(y2) }
    }

    /// What is around all of them.
    pub(crate) fn area(self) -> Area {
        if self.x1 < self.x2 {
            Area::clamped(self.x1, self.y1, self.x2, self.y2)
        } else {
            Area::EMPTY
        }
    }
}

/// How the scene is turned on the panel, clockwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Rotation {
    /// As the panel is.
    #[default]
    Deg0,
    /// A quarter turn.
    Deg90,
    /// Upside down.
    Deg180,
    /// Three quarter turns.
    Deg270,
}

impl Rotation {
    /// The rotation by `degrees`, a multiple of 90 in 0..360.
    #[must_use]
    pub const fn from_degrees(degrees: u16) -> Option<Self> {
        match degrees {
            0 => Some(Self::Deg0),
            90 => Some(Self::Deg90),
            180 => Some(Self::Deg180),
            270 => Some(Self::Deg270),
            _ => None,
        }
    }

    /// Whether width and height change places.
    #[must_use]
    pub const fn swaps_axes(self) -> bool {
        matches!(self, Self::Deg90 | Self::Deg270)
    }
}

/// Which way a node's axes run on the panel, and how large its pixels are there.
///
/// `dx` is the step along the panel's x axis that one local pixel makes on the axis that runs along it (the local y
/// axis if `transposed`), `dy` likewise. Their magnitudes are equal: the scale, 1 to 127.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Axes {
    /// Signed scale along the panel's x axis.
    pub dx: i8,
    /// Signed scale along the panel's y axis.
    pub dy: i8,
    /// Whether the local x axis runs along the panel's y axis.
    pub transposed: bool,
}

impl Axes {
    /// Unscaled, unturned.
    pub const IDENTITY: Self = Self { dx: 1, dy: 1, transposed: false };

    /// Panel pixels per local pixel on each axis.
    #[must_use]
    pub const fn scale(&self) -> u8 {
        self.dx.unsigned_abs()
    }
}

/// From local to panel space: where the local origin lies on the panel, and which way the axes run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Transform {
    /// The local origin on the panel's x axis.
    pub x: i16,
    /// The local origin on the panel's y axis.
    pub y: i16,
    /// Directions and scale.
    pub axes: Axes,
}

impl Transform {
    /// Local space is panel space.
    pub const IDENTITY: Self = Self { x: 0, y: 0, axes: Axes::IDENTITY };

    /// The root of a scene that is turned on a panel of `size`.
    #[must_use]
    pub fn rotated(rotation: Rotation, size: Size) -> Self {
        let (width, height) = (clamp(size.width.into()), clamp(size.height.into()));
        let (x, y, dx, dy, transposed) = match rotation {
            Rotation::Deg0 => (0, 0, 1, 1, false),
            Rotation::Deg90 => (width, 0, -1, 1, true),
            Rotation::Deg180 => (width, height, -1, -1, false),
            Rotation::Deg270 => (0, height, 1, -1, true),
        };
        Self { x, y, axes: Axes { dx, dy, transposed } }
    }

    /// The transform of what lies at (`x`, `y`) in this space with pixels `scale` times as large.
    ///
    /// Scales multiply up to 127 and stay there.
    #[must_use]
    pub fn then(&self, x: i16, y: i16, scale: u8) -> Self {
        let Axes { dx, dy, transposed } = self.axes;
        let (x, y) = if transposed { (y, x) } else { (x, y) };
        let factor = i8::try_from(scale).unwrap_or(i8::MAX);
        let scaled = |d: i8| d.saturating_mul(factor).max(-i8::MAX);
        Self {
            x: clamp(i32::from(self.x) + i32::from(dx) * i32::from(x)),
            y: clamp(i32::from(self.y) + i32::from(dy) * i32::from(y)),
            axes: Axes { dx: scaled(dx), dy: scaled(dy), transposed },
        }
    }

    /// Where the local rectangle at (`x`, `y`) of `width` by `height` pixels lies on the panel.
    #[must_use]
    pub fn area(&self, x: i32, y: i32, width: u16, height: u16) -> Area {
        let (width, height) = (i32::from(width), i32::from(height));
        if self.axes == Axes::IDENTITY {
            let (x, y) = (i32::from(self.x) + x, i32::from(self.y) + y);
            return Area::clamped(x, y, x + width, y + height);
        }
        let (x, y, width, height) =
            if self.axes.transposed { (y, x, height, width) } else { (x, y, width, height) };
        let (x1, x2) = Self::range(self.x, self.axes.dx, x, width);
        let (y1, y2) = Self::range(self.y, self.axes.dy, y, height);
        Area::clamped(x1, y1, x2, y2)
    }

    fn range(origin: i16, step: i8, start: i32, length: i32) -> (i32, i32) {
        let at = |i: i32| i32::from(origin) + i32::from(step) * i;
        if step < 0 { (at(start + length), at(start)) } else { (at(start), at(start + length)) }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to the range of i16 first")]
pub(crate) fn clamp(v: i32) -> i16 {
    v.clamp(i16::MIN.into(), i16::MAX.into()) as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_areas_count_for_nothing() {
        let (area, inverted) = (Area::new(1, 2, 5, 9), Area::new(5, 0, 1, 9));
        assert_eq!(area.union(&inverted), area);
        assert_eq!(inverted.union(&area), area);
        assert_eq!((inverted.width(), inverted.pixels()), (0, 0));
        assert!(!area.overlaps(&Area::new(5, 2, 9, 9)), "half open");
    }

    #[test]
    fn extremes_neither_overflow_nor_wrap() {
        let all = Area::new(i16::MIN, i16::MIN, i16::MAX, i16::MAX);
        assert_eq!((all.width(), all.pixels()), (65535, 65535 * 65535));
        let far = Transform::IDENTITY.then(30_000, 30_000, 100).then(30_000, -30_000, 100);
        assert_eq!((far.x, far.y, far.axes.scale()), (i16::MAX, i16::MIN, 127));
        assert!(far.area(i32::from(i16::MAX), 0, u16::MAX, u16::MAX).is_empty(), "off the panel");
    }

    #[test]
    fn rotations_keep_the_logical_corner() {
        let size = Size::new(100, 60);
        for (rotation, corner) in [
            (Rotation::Deg0, Area::new(0, 0, 1, 1)),
            (Rotation::Deg90, Area::new(99, 0, 100, 1)),
            (Rotation::Deg180, Area::new(99, 59, 100, 60)),
            (Rotation::Deg270, Area::new(0, 59, 1, 60)),
        ] {
            assert_eq!(Transform::rotated(rotation, size).area(0, 0, 1, 1), corner, "{rotation:?}");
        }
    }

    #[test]
    fn nested_groups_scale_about_their_origins() {
        let inner =
            Transform::rotated(Rotation::Deg90, Size::new(64, 48)).then(3, 4, 2).then(5, 6, 3);
        // Logical (x, y) is panel (64 - y, x) at a quarter turn.
        assert_eq!(inner.area(0, 0, 2, 1), Area::new(64 - 16 - 6, 13, 64 - 16, 13 + 12));
    }
}
