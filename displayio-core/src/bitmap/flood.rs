//! Filling what hangs together.

use displayio_allocators::TooSmall;

use super::{Bitmap, BitmapError, Canvas, canvas::Written};
use crate::{Area, Size};

impl Bitmap<'_> {
    /// Bytes that [`boundary_fill`](Self::boundary_fill) needs to be lent: two bits per pixel.
    #[must_use]
    pub const fn fill_scratch_bytes(width: u16, height: u16) -> usize {
        (width as usize * height as usize).div_ceil(4)
    }

    /// Sets to `value` the pixel `at` and all of the same value that are joined to it by sides.
    ///
    /// With `replaced`, those of that value are set, and the pixel `at` must be one of them, or nothing changes. Viewers
    /// redraw the box around the pixels that changed.
    ///
    /// Cost: time in the pixels that change, whatever their shape; stack, none that grows.
    ///
    /// ```
    /// use displayio_core::{Bitmap, Depth};
    /// let mut memory = [0; Bitmap::required_bytes(8, 8, Depth::Bpp2)];
    /// let bitmap = Bitmap::from_buffer(8, 8, Depth::Bpp2, &mut memory)?;
    /// bitmap.draw_circle((4, 4), 2, 1).unwrap();
    /// bitmap.boundary_fill((4, 4), 3, None, &mut [0; Bitmap::fill_scratch_bytes(8, 8)]).unwrap();
    /// assert_eq!((bitmap.get(5, 5), bitmap.get(7, 7)), (Some(3), Some(0)));
    /// # Ok::<(), displayio_core::TooSmall>(())
    /// ```
    ///
    /// # Errors
    /// [`BitmapError`]: `OutOfBounds`, `ValueTooLarge`, `Scratch` unless there are
    /// [`fill_scratch_bytes`](Self::fill_scratch_bytes), or `Busy`; the bitmap is as it was.
    pub fn boundary_fill(
        &self,
        at: (u16, u16),
        value: u32,
        replaced: Option<u32>,
        scratch: &mut [u8],
    ) -> Result<(), BitmapError> {
        if at.0 >= self.size.width || at.1 >= self.size.height {
            return Err(self.out_of_bounds(at.0, at.1));
        }
        self.check(value)?;
        self.check(replaced.unwrap_or(0))?;
        let needed_bytes = Self::fill_scratch_bytes(self.size.width, self.size.height);
        if scratch.len() < needed_bytes {
            return Err(TooSmall { needed_bytes, given_bytes: scratch.len() }.into());
        }
        let start = (at.0.into(), at.1.into());
        self.apply(&mut |canvas| {
            let found = canvas.get(start.0, start.1);
            if found == value || found != replaced.unwrap_or(found) {
                return Area::EMPTY;
            }
            let trail = Trail { directions: &mut *scratch, width: self.size.width.into() };
            flood(canvas, start, value, trail)
        })
    }
}

type Position = (usize, usize);

/// A step to a neighbour; 3 - direction leads back.
type Direction = u8;

/// How many there are; as a direction, none of them.
const DIRECTIONS: Direction = 4;

fn step((x, y): Position, direction: Direction, size: Size) -> Option<Position> {
    match direction {
        0 => Some((x, y.checked_sub(1)?)),
        1 => Some((x.checked_sub(1)?, y)),
        2 => Some((x + 1, y)).filter(|&(x, _)| x < size.width.into()),
        _ => Some((x, y + 1)).filter(|&(_, y)| y < size.height.into()),
    }
}

/// By which step each pixel was first reached.
///
/// A queue or a stack of pixels may grow as large as the bitmap, at several bytes each. The way back is two bits, and the
/// colour itself tells where the fill has been.
struct Trail<'s> {
    directions: &'s mut [u8],
    width: usize,
}

impl Trail<'_> {
    const fn place(&self, (x, y): Position) -> (usize, usize) {
        let index = y * self.width + x;
        (index / 4, index % 4 * 2)
    }

    fn set(&mut self, at: Position, direction: Direction) {
        let (byte, shift) = self.place(at);
        if let Some(byte) = self.directions.get_mut(byte) {
            *byte = *byte & !(3 << shift) | direction << shift;
        }
    }

    fn get(&self, at: Position) -> Direction {
        let (byte, shift) = self.place(at);
        self.directions.get(byte).map_or(0, |byte| byte >> shift & 3)
    }
}

/// Depth first from `start`, whose value is not `value`: each pixel is entered once and left once, and looks at each of its
/// neighbours but the one that it was entered from.
fn flood(canvas: &mut Canvas<'_>, start: Position, value: u32, mut trail: Trail<'_>) -> Area {
    let replaced = canvas.get(start.0, start.1);
    let mut written = Written::NOTHING;
    let mut enter = |canvas: &mut Canvas<'_>, (x, y): Position| {
        canvas.set(x, y, value);
        written.add(x..x + 1, y);
    };
    enter(canvas, start);
    let (mut at, mut direction, mut back) = (start, 0, DIRECTIONS);
    loop {
        if direction == back {
            direction += 1;
        }
        if direction < DIRECTIONS {
            match step(at, direction, canvas.size) {
                Some(next) if canvas.get(next.0, next.1) == replaced => {
                    enter(canvas, next);
                    trail.set(next, direction);
                    (at, direction, back) = (next, 0, 3 - direction);
                }
                _ => direction += 1,
            }
        } else if at == start {
            return written.area();
        } else {
            // On with the direction after that by which it came.
            direction = 4 - back;
            at = step(at, back, canvas.size).unwrap_or(start);
            back = if at == start { DIRECTIONS } else { 3 - trail.get(at) };
        }
    }
}
