//! Regions of one value, and values exchanged for others.

use super::{Bitmap, BitmapError};
use crate::{Area, Size, rows::choose};

impl Bitmap<'_> {
    /// Sets the pixels of `area`, as far as it lies in the bitmap.
    ///
    /// Cost: time in the bytes of the area.
    ///
    /// # Errors
    /// [`BitmapError`]; the bitmap is as it was.
    pub fn fill_region(&self, area: Area, value: u32) -> Result<(), BitmapError> {
        self.check(value)?;
        let area = area.intersection(&Area::of_size(self.size));
        if area.is_empty() {
            return Ok(());
        }
        let columns = usize::from(area.x1.unsigned_abs())..usize::from(area.x2.unsigned_abs());
        self.apply(&mut |canvas| {
            for y in area.y1..area.y2 {
                canvas.fill_row(columns.clone(), y.unsigned_abs().into(), value);
            }
            area
        })
    }

    /// Replaces every pixel of value `old` by `new`; viewers redraw the box around those.
    ///
    /// Cost: time in the pixels of the bitmap.
    ///
    /// # Errors
    /// [`BitmapError`]; the bitmap is as it was.
    pub fn replace_color(&self, old: u32, new: u32) -> Result<(), BitmapError> {
        self.check(old)?;
        self.check(new)?;
        if old == new {
            return Ok(());
        }
        self.apply(&mut |canvas| {
            let Size { width, height } = canvas.size;
            canvas.rewrite(0..width.into(), 0..height.into(), &mut |pixels, (x, y), values| {
                pixels.unpack(x, y, values);
                let chosen = choose(values, |value| value == old);
                values.fill(new);
                chosen
            })
        })
    }
}
