//! A source turned and scaled onto a bitmap, the nearest pixel taken.
//!
//! Sums and products are in single precision and in the order of the reference, so that pixels at the edges are the same.
#![expect(
    clippy::float_arithmetic,
    reason = "as in the reference; only programs that turn bitmaps contain it"
)]

use core::ops::Range;

use super::{Bitmap, BitmapError, Canvas, blit::viewed};
use crate::{Area, PixelSource, Size, View};

/// How [`Bitmap::rotozoom`] turns and scales.
///
/// The default neither turns nor scales, and puts the middle of the source onto the middle of the bitmap.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Rotozoom {
    /// Sine and cosine of the angle, which is clockwise on the panel: from [`turned`](Self::turned), or from a table.
    pub sin_cos: (f32, f32),
    /// Pixels of the bitmap per pixel of the source; 1 is taken for negative ones.
    pub scale: f32,
    /// Where in the bitmap the pivot comes to lie; its middle by default.
    pub to: Option<(i16, i16)>,
    /// The point of the source about which it turns; its middle by default.
    pub pivot: Option<(i16, i16)>,
    /// What may be drawn on; all of the bitmap by default.
    pub clip: Option<Area>,
    /// What is shown of the source; all by default.
    pub source_clip: Option<Area>,
    /// The value that is not copied.
    pub skip: Option<u32>,
}

impl Rotozoom {
    /// Turned clockwise by an angle in radians; the rest by default.
    ///
    /// This links the sine and cosine of `libm`, some kilobytes.
    #[must_use]
    pub fn turned(angle: f32) -> Self {
        Self { sin_cos: libm::sincosf(angle), ..Self::default() }
    }
}

impl Default for Rotozoom {
    fn default() -> Self {
        Self {
            sin_cos: (0.0, 1.0),
            scale: 1.0,
            to: None,
            pivot: None,
            clip: None,
            source_clip: None,
            skip: None,
        }
    }
}

impl Bitmap<'_> {
    /// Draws `source` turned and scaled, the nearest pixel for each.
    ///
    /// Nothing is drawn where the scale is 0 or anything is infinite or not a number. Viewers redraw the box around the
    /// pixels that were written. Sources are as for [`blit`](Self::blit).
    ///
    /// Cost: time in the pixels of the box around the turned source, as far as it lies in the clip.
    ///
    /// ```
    /// use displayio_core::{Bitmap, Depth, Image, Rotozoom};
    /// static DASH: Image = Image::new(3, 1, Depth::Bpp1, &[0b1110_0000, 0, 0, 0]);
    /// let mut memory = [0; Bitmap::required_bytes(9, 9, Depth::Bpp1)];
    /// let bitmap = Bitmap::from_buffer(9, 9, Depth::Bpp1, &mut memory)?;
    /// let upright = Rotozoom { scale: 2.0, ..Rotozoom::turned(core::f32::consts::FRAC_PI_2) };
    /// bitmap.rotozoom(&DASH, &upright).unwrap();
    /// assert_eq!((bitmap.get(3, 2), bitmap.get(3, 7)), (Some(1), Some(1)));
    /// # Ok::<(), displayio_core::TooSmall>(())
    /// ```
    ///
    /// # Errors
    /// [`BitmapError`]: `SourceTooDeep`, or `Busy`; the bitmap is as it was.
    pub fn rotozoom<S: PixelSource>(
        &self,
        source: &S,
        options: &Rotozoom,
    ) -> Result<(), BitmapError> {
        viewed(source, &mut |view| self.rotozoom_view(view, options))
    }

    fn rotozoom_view(&self, view: &View<'_>, options: &Rotozoom) -> Result<(), BitmapError> {
        self.check_depth(view.layout)?;
        let turn = Turn::new(options, view.size, self.size);
        turn.map_or(Ok(()), |turn| self.apply(&mut |canvas| turn.draw(canvas, view)))
    }
}

/// The source's coordinates (`u`, `v`) as functions of the bitmap's.
struct Turn {
    /// What may be written: the box around the turned source, cut to the clip.
    area: Area,
    /// What of the source may be read: columns and rows.
    columns: Range<f32>,
    rows: Range<f32>,
    skip: Option<u32>,
    /// (`u`, `v`) at the bitmap's first pixel.
    start: (f32, f32),
    /// What one column to the right adds.
    per_column: (f32, f32),
    /// What one row down adds.
    per_row: (f32, f32),
}

impl Turn {
    /// `None` where nothing is to be drawn.
    fn new(options: &Rotozoom, source: Size, dest: Size) -> Option<Self> {
        let Rotozoom { sin_cos: (sin, cos), scale, to, pivot, clip, source_clip, skip } = *options;
        let scale = if scale < 0.0 { 1.0 } else { scale };
        if scale == 0.0 || ![sin, cos, scale].into_iter().all(f32::is_finite) {
            return None;
        }
        let (to, pivot) = (to.unwrap_or(middle(dest)), pivot.unwrap_or(middle(source)));
        let (ox, oy) = (f32::from(to.0), f32::from(to.1));
        let (px, py) = (f32::from(pivot.0), f32::from(pivot.1));
        let (left, right) = (-px, f32::from(source.width) - px);
        let (top, bottom) = (-py, f32::from(source.height) - py);
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom)].map(|(u, v)| {
            (cos * u * scale - sin * v * scale + ox, sin * u * scale + cos * v * scale + oy)
        });
        let per_row = (sin / scale, cos / scale);
        let per_column = (per_row.1, -per_row.0);
        let Area { x1, y1, x2, y2 } = cut(source_clip, source);
        Some(Self {
            area: bounds(corners, cut(clip, dest)),
            columns: x1.into()..x2.into(),
            rows: y1.into()..y2.into(),
            skip,
            start: (
                px - (ox * per_row.1 + oy * per_row.0),
                py - (ox * per_column.1 + oy * per_column.0),
            ),
            per_column,
            per_row,
        })
    }

    fn draw(&self, canvas: &mut Canvas<'_>, view: &View<'_>) -> Area {
        let Area { x1, y1, x2, y2 } = self.area;
        if self.area.is_empty() {
            return Area::EMPTY;
        }
        let [x1, y1, x2, y2] = [x1, y1, x2, y2].map(i16::unsigned_abs);
        let (top, left) = (f32::from(y1), f32::from(x1));
        let mut row = (self.start.0 + top * self.per_row.0, self.start.1 + top * self.per_row.1);
        let mut at = row;
        let (columns, rows) = (x1.into()..x2.into(), y1.into()..y2.into());
        canvas.rewrite(columns, rows, &mut |_, (x, _), values| {
            if x == x1.into() {
                at = (row.0 + left * self.per_column.0, row.1 + left * self.per_column.1);
                row = (row.0 + self.per_row.0, row.1 + self.per_row.1);
            }
            let mut chosen = 0;
            for (i, value) in values.iter_mut().enumerate() {
                if let Some(found) = self.value(view, at) {
                    *value = found;
                    chosen |= 1 << i;
                }
                at = (at.0 + self.per_column.0, at.1 + self.per_column.1);
            }
            chosen
        })
    }

    /// The value at (`u`, `v`), unless it is to be left out.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "compared with the clip first, which lies in the source"
    )]
    fn value(&self, view: &View<'_>, (u, v): (f32, f32)) -> Option<u32> {
        if !self.columns.contains(&u) || !self.rows.contains(&v) {
            return None;
        }
        Some(view.get(u as usize, v as usize)).filter(|&value| Some(value) != self.skip)
    }
}

fn middle(size: Size) -> (i16, i16) {
    // Half of a u16 fits.
    let half = |length: u16| i16::try_from(length / 2).unwrap_or(i16::MAX);
    (half(size.width), half(size.height))
}

fn cut(clip: Option<Area>, size: Size) -> Area {
    let all = Area::of_size(size);
    clip.map_or(all, |clip| clip.intersection(&all))
}

/// The box around `corners`, cut to `clip`.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates, and the clip cuts")]
fn bounds(corners: [(f32, f32); 4], clip: Area) -> Area {
    let (mut min, mut max) = ((clip.x2, clip.y2), (clip.x1, clip.y1));
    for (x, y) in corners {
        if x < f32::from(min.0) {
            min.0 = x as i16;
        }
        if x > f32::from(max.0) {
            max.0 = x as i16;
        }
        if y < f32::from(min.1) {
            min.1 = y as i16;
        }
        if y > f32::from(max.1) {
            max.1 = y as i16;
        }
    }
    Area::new(min.0, min.1, max.0.saturating_add(1), max.1.saturating_add(1)).intersection(&clip)
}
