//! Arguments of calls: most are ordinary, some as far off as can be.

use arbitrary::{Arbitrary, Unstructured};
use displayio_core::{Area, Region, Size};
use embedded_graphics::{geometry::Size as TargetSize, prelude::Point, primitives::Rectangle};

/// Most are on or near the bitmap or the panel; the others have any number of bits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Coordinate(pub(crate) i32);

impl<'i> Arbitrary<'i> for Coordinate {
    fn arbitrary(bytes: &mut Unstructured<'i>) -> arbitrary::Result<Self> {
        match bytes.arbitrary::<i8>()? {
            i8::MIN => {
                let (far, shift): (i32, u8) = bytes.arbitrary()?;
                Ok(Self(far >> (shift % 32)))
            }
            i8::MAX => Ok(Self(i32::MAX)),
            near => Ok(Self(near.into())),
        }
    }
}

impl Coordinate {
    pub(crate) fn short(self) -> i16 {
        i16::try_from(self.0).unwrap_or(if self.0 < 0 { i16::MIN } else { i16::MAX })
    }

    /// As a length or an index; negative ones are the longest.
    pub(crate) fn length(self) -> u16 {
        u16::try_from(self.0).unwrap_or(u16::MAX)
    }
}

#[derive(Debug, Clone, Copy, Arbitrary)]
pub(crate) struct Position(pub(crate) Coordinate, pub(crate) Coordinate);

impl Position {
    pub(crate) fn short(self) -> (i16, i16) {
        (self.0.short(), self.1.short())
    }

    pub(crate) const fn point(self) -> Point {
        Point::new(self.0.0, self.1.0)
    }

    /// Where the arithmetic of embedded-graphics does not overflow.
    pub(crate) fn near(self) -> Point {
        let (x, y) = self.short();
        Point::new(x.into(), y.into())
    }
}

/// A corner and an extent.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub(crate) struct Frame(Position, Position);

impl Frame {
    pub(crate) const fn rectangle(self) -> Rectangle {
        let Position(Coordinate(width), Coordinate(height)) = self.1;
        Rectangle::new(self.0.point(), TargetSize::new(width.unsigned_abs(), height.unsigned_abs()))
    }

    /// From one position to the other, which may come first.
    pub(crate) fn area(self) -> Area {
        let ((x1, y1), (x2, y2)) = (self.0.short(), self.1.short());
        Area::new(x1, y1, x2, y2)
    }

    pub(crate) fn region(self) -> Region {
        let Self(Position(x, y), Position(width, height)) = self;
        let [x, y, width, height] = [x, y, width, height].map(Coordinate::length);
        Region { x, y, size: Size::new(width, height) }
    }
}

/// Most are a few sixteenths, some anything that is, or is not, a number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Float(pub(crate) f32);

impl<'i> Arbitrary<'i> for Float {
    fn arbitrary(bytes: &mut Unstructured<'i>) -> arbitrary::Result<Self> {
        match bytes.arbitrary::<i8>()? {
            i8::MIN => bytes.arbitrary().map(Self),
            near => Ok(Self(f32::from(near) / 16.0)),
        }
    }
}

/// One of `choices`, which are not empty.
pub(crate) fn chosen<T: Copy>(choices: &[T], number: u8) -> T {
    choices[usize::from(number) % choices.len()]
}
