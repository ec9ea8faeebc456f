//! A bitmap's pixels while they are written, and the box around what was written.

use core::ops::Range;

use crate::{
    Area, Depth, PixelLayout, Size, View,
    rows::{RUN, pack, put, runs},
    view::{row_range, value},
};

/// Looks at the canvas, is told the first pixel of a run, sets values for pixels from there on, and chooses those to write.
type Rewrite<'r> = &'r mut dyn FnMut(&View<'_>, (usize, usize), &mut [u32]) -> u32;

/// The pixels of a bitmap, open for writing by [`Bitmap::edit`](super::Bitmap::edit).
#[derive(Debug)]
pub struct Canvas<'c> {
    /// The rows, from the top.
    pub bytes: &'c mut [u8],
    /// Bytes from one row to the next.
    pub stride_bytes: usize,
    /// Size in pixels.
    pub size: Size,
    /// Bits per pixel.
    pub depth: Depth,
}

impl Canvas<'_> {
    /// The pixels, open for reading.
    #[must_use]
    #[inline(never)]
    pub const fn view(&self) -> View<'_> {
        View::new(self.bytes, self.stride_bytes, self.size, PixelLayout::Packed(self.depth))
    }

    /// The bytes of a row, padding included; none outside.
    #[must_use]
    #[inline(never)]
    pub fn row_mut(&mut self, y: usize) -> &mut [u8] {
        if y >= self.size.height.into() {
            return &mut [];
        }
        self.bytes.get_mut(row_range(y, self.stride_bytes)).unwrap_or_default()
    }

    /// The value of a pixel; 0 outside.
    #[must_use]
    #[inline(never)]
    pub fn get(&self, x: usize, y: usize) -> u32 {
        if x >= self.size.width.into() || y >= self.size.height.into() {
            return 0;
        }
        let row = self.bytes.get(row_range(y, self.stride_bytes)).unwrap_or_default();
        value(row, x, PixelLayout::Packed(self.depth))
    }

    /// Sets a pixel to the low bits of `value`; nothing outside.
    pub fn set(&mut self, x: usize, y: usize, value: u32) {
        if x < self.size.width.into() && y < self.size.height.into() {
            let row = self.bytes.get_mut(row_range(y, self.stride_bytes)).unwrap_or_default();
            put(row, x, self.depth, value);
        }
    }

    /// Writes those of at most 32 `values` whose bit in `chosen` is set, the first in bit 0 and at (`x`, `y`).
    ///
    /// All of them are in the bitmap.
    pub(super) fn write_chosen(
        &mut self,
        (x, y): (usize, usize),
        values: &[u32],
        chosen: u32,
        written: &mut Written,
    ) {
        let (depth, row) = (self.depth, self.row_mut(y));
        let mut rest = chosen;
        while rest != 0 {
            let start = rest.trailing_zeros();
            let end = start + (rest >> start).trailing_ones();
            let run = start as usize..end as usize;
            written.add(x + run.start..x + run.end, y);
            pack(row, x + run.start, depth, values.get(run).unwrap_or_default());
            // The carry of this sum clears the lowest run of ones.
            rest &= rest.wrapping_add(1 << start);
        }
    }

    /// Lets `change` look at pixels in runs of at most [`RUN`], row by row, and gives the box around what was written: those
    /// of the values it leaves behind whose bit it returns, the first in bit 0.
    ///
    /// All pixels are in the bitmap.
    #[inline(never)]
    pub(super) fn rewrite(
        &mut self,
        columns: Range<usize>,
        rows: Range<usize>,
        change: Rewrite<'_>,
    ) -> Area {
        let mut written = Written::NOTHING;
        for y in rows {
            for run in runs(columns.clone()) {
                let mut values = [0; RUN];
                let values = &mut values[..run.len()];
                let all = u32::MAX >> (RUN - run.len());
                let chosen = change(&self.view(), (run.start, y), values) & all;
                self.write_chosen((run.start, y), values, chosen, &mut written);
            }
        }
        written.area()
    }

    /// Sets the pixels of `columns`, which are in the bitmap, to `value`: whole bytes at once.
    pub(super) fn fill_row(&mut self, columns: Range<usize>, y: usize, value: u32) {
        let (depth, row) = (self.depth, self.row_mut(y));
        let bits = usize::from(depth.bits());
        let pixels_to_byte_end = |x: usize| (x * bits).next_multiple_of(8) / bits;
        let head_end = pixels_to_byte_end(columns.start).min(columns.end);
        let tail_start = (columns.end * bits / 8 * 8 / bits).max(head_end);
        // A byte has at most eight pixels.
        let edge = [value; 8];
        pack(row, columns.start, depth, &edge[..head_end - columns.start]);
        if let Some(bytes) = row.get_mut(head_end * bits / 8..tail_start * bits / 8) {
            fill_bytes(bytes, depth, value);
        }
        pack(row, tail_start, depth, &edge[..columns.end - tail_start]);
    }
}

/// Fills whole pixels.
///
/// Each arm stores pixels of one length: a copy of a length known at run time only would link `memcpy`, 330 bytes.
#[expect(clippy::cast_possible_truncation, reason = "a pixel has no more bits, a byte repeats")]
pub(super) fn fill_bytes(bytes: &mut [u8], depth: Depth, value: u32) {
    match depth {
        Depth::Bpp32 => bytes.as_chunks_mut().0.fill(value.to_le_bytes()),
        Depth::Bpp16 => bytes.as_chunks_mut().0.fill((value as u16).to_le_bytes()),
        _ => {
            let bits = u32::from(depth.bits());
            let pattern = (0..8 / bits).fold(0, |pattern, i| pattern | value << (i * bits));
            bytes.fill(pattern as u8);
        }
    }
}

/// The box around the pixels written so far.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written {
    x1: usize,
    y1: usize,
    x2: usize,
    y2: usize,
}

impl Written {
    pub(super) const NOTHING: Self = Self { x1: usize::MAX, y1: usize::MAX, x2: 0, y2: 0 };

    /// Adds the pixels of `columns`, at least one, in row `y`.
    #[inline(never)]
    pub(super) fn add(&mut self, columns: Range<usize>, y: usize) {
        self.x1 = self.x1.min(columns.start);
        self.x2 = self.x2.max(columns.end);
        self.y1 = self.y1.min(y);
        self.y2 = self.y2.max(y + 1);
    }

    #[inline(never)]
    pub(super) fn area(&self) -> Area {
        let side = |v| i32::try_from(v).unwrap_or(i32::MAX);
        Area::clamped(side(self.x1), side(self.y1), side(self.x2), side(self.y2))
    }
}
