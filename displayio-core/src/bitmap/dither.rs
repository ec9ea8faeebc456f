//! Grey made of black and white.

use displayio_allocators::TooSmall;

use super::{Bitmap, BitmapError, Canvas, blend::check_size, blit::viewed};
use crate::{
    Area, Colorspace, PixelLayout, PixelSource, Size, View,
    geometry::clamp,
    rows::{RUN, runs},
};

/// How [`Bitmap::dither`] spreads what a black or white pixel is too dark or too bright.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Diffusion {
    /// Five eighths of it to five neighbours, one of the classic six left out as in the reference: more contrast.
    #[default]
    Atkinson,
    /// All of it to four neighbours, by Floyd and Steinberg.
    FloydSteinberg,
}

/// Accumulators before and after each row, for errors that fall over its ends.
const PAD: usize = 2;

/// Errors reach two rows down.
const ROWS: usize = 3;

impl Bitmap<'_> {
    /// Integers that [`dither`](Self::dither) needs to be lent: three rows.
    #[must_use]
    pub const fn dither_scratch_len(width: u16) -> usize {
        ROWS * (width as usize + 2 * PAD)
    }

    /// Draws a picture of its size in black and white: value 0 and the largest value of the bitmap.
    ///
    /// The picture is of grey at 8 bits per pixel, of a colour space of 16 bits at 16, or RGB888; rows are walked to the
    /// right and to the left in turn. Viewers redraw the whole bitmap. Scratch memory holds
    /// [`dither_scratch_len`](Self::dither_scratch_len) integers.
    ///
    /// Cost: time in the pixels of the bitmap.
    ///
    /// # Errors
    /// [`BitmapError`]: `WrongColorspace`, `SizeMismatch`, `Scratch`, or `Busy`; the bitmap is as it was.
    pub fn dither<S: PixelSource>(
        &self,
        source: &S,
        colorspace: Colorspace,
        diffusion: Diffusion,
        scratch: &mut [i16],
    ) -> Result<(), BitmapError> {
        viewed(source, &mut |view| self.dither_view(view, colorspace, diffusion, scratch))
    }

    fn dither_view(
        &self,
        view: &View<'_>,
        colorspace: Colorspace,
        diffusion: Diffusion,
        scratch: &mut [i16],
    ) -> Result<(), BitmapError> {
        if !is_stored_as(colorspace, view.layout) {
            return Err(BitmapError::WrongColorspace { colorspace, bits: view.layout.bits() });
        }
        check_size(view.size, self.size)?;
        let (needed, given) = (Self::dither_scratch_len(self.size.width), scratch.len());
        if given < needed {
            let integer = size_of::<i16>();
            return Err(
                TooSmall { needed_bytes: needed * integer, given_bytes: given * integer }.into()
            );
        }
        let filter = Filter::of(diffusion);
        self.apply(&mut |canvas| {
            Ditherer { view, colorspace, filter, sums: &mut *scratch }.run(canvas)
        })
    }
}

const fn is_stored_as(colorspace: Colorspace, layout: PixelLayout) -> bool {
    let bits = match colorspace {
        Colorspace::Rgb888 => return layout.value_bits() >= 24,
        Colorspace::L8 => 8,
        _ => 16,
    };
    layout.value_bits() == bits
}

/// Where an error goes, in 256ths.
#[derive(Clone, Copy)]
struct Filter {
    /// To the next pixel of the row, and from the last one of a row to the first of the next.
    carried: i32,
    /// To a pixel so many columns on and rows down.
    spread: &'static [(isize, usize, i32)],
}

impl Filter {
    const fn of(diffusion: Diffusion) -> Self {
        match diffusion {
            Diffusion::Atkinson => {
                Self { carried: 32, spread: &[(2, 0, 32), (-1, 1, 32), (0, 1, 32), (0, 2, 32)] }
            }
            Diffusion::FloydSteinberg => {
                Self { carried: 112, spread: &[(-1, 1, 48), (0, 1, 80), (1, 1, 16)] }
            }
        }
    }
}

struct Ditherer<'s> {
    view: &'s View<'s>,
    colorspace: Colorspace,
    filter: Filter,
    /// Luminance and errors of this row and the next two, `PAD` unused ones around each; row `y` is at `y % ROWS`.
    sums: &'s mut [i16],
}

impl Ditherer<'_> {
    fn run(&mut self, canvas: &mut Canvas<'_>) -> Area {
        for y in 0..ROWS - 1 {
            self.load(y);
        }
        let mut carry = 0;
        let (Size { width, height }, white) = (canvas.size, canvas.depth.max_value());
        canvas.rewrite(0..width.into(), 0..height.into(), &mut |_, (x, y), values| {
            if x == 0 {
                self.load(y + ROWS - 1);
                carry = self.diffuse(y, carry);
            }
            let sums = self.sums.get(self.start(y) + x..).unwrap_or_default();
            for (value, &sum) in values.iter_mut().zip(sums) {
                *value = if sum == 0 { 0 } else { white };
            }
            u32::MAX
        })
    }

    const fn start(&self, y: usize) -> usize {
        y % ROWS * (self.view.size.width as usize + 2 * PAD) + PAD
    }

    /// Fills a row with luminance; what lies below the picture is never looked at.
    fn load(&mut self, y: usize) {
        let Size { width, height } = self.view.size;
        if y >= height.into() {
            return;
        }
        for columns in runs(0..width.into()) {
            let mut values = [0; RUN];
            let values = &mut values[..columns.len()];
            self.view.unpack(columns.start, y, values);
            let start = self.start(y) + columns.start;
            let sums = self.sums.get_mut(start..).unwrap_or_default();
            for (sum, &value) in sums.iter_mut().zip(&*values) {
                *sum = luminance(self.colorspace, value);
            }
        }
    }

    /// Makes each sum of a row 0 or 1, with `carry` from the row before; gives what the last pixel carries on.
    fn diffuse(&mut self, y: usize, mut carry: i32) -> i32 {
        let (start, width) = (self.start(y), usize::from(self.view.size.width));
        for i in 0..width {
            let (x, ahead) = if y.is_multiple_of(2) { (i, 1) } else { (width - 1 - i, -1) };
            let Some(sum) = self.sums.get_mut(start + x) else { return carry };
            let level = i32::from(*sum) + carry;
            let white = level >= 128;
            *sum = white.into();
            let error = if white { level - 255 } else { level };
            for &(columns, rows, part) in self.filter.spread {
                let place = (self.start(y + rows) + x).wrapping_add_signed(columns * ahead);
                if let Some(sum) = self.sums.get_mut(place) {
                    *sum = clamp(i32::from(*sum) + part * error / 256);
                }
            }
            carry = error * self.filter.carried / 256;
        }
        carry
    }
}

/// From 0 to 255, with weights other than those of the panels' greys.
fn luminance(colorspace: Colorspace, value: u32) -> i16 {
    if colorspace == Colorspace::L8 {
        return (value & 0xff) as i16;
    }
    let [red, green, blue] = colorspace.to_rgb888(value).channels();
    let sum = 78 * u32::from(red) + 154 * u32::from(green) + 29 * u32::from(blue);
    (sum / 256).min(255) as i16
}
