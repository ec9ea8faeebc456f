//! Regions of one value, and values exchanged for others.

use super::{Bitmap, BitmapError, canvas::Written};
use crate::{
    Area,
    rows::{RUN, choose, runs},
};

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
        self.edit(area, |canvas| {
            for y in area.y1..area.y2 {
                canvas.fill_row(columns.clone(), y.unsigned_abs().into(), value);
            }
        })?;
        Ok(())
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
        self.edit_marking(|canvas| {
            let mut written = Written::NOTHING;
            for y in 0..canvas.size.height.into() {
                for columns in runs(0..canvas.size.width.into()) {
                    let mut values = [0; RUN];
                    let values = &mut values[..columns.len()];
                    canvas.view().unpack(columns.start, y, values);
                    let chosen = choose(values, |value| value == old);
                    canvas.write_chosen((columns.start, y), &[new; RUN], chosen, &mut written);
                }
            }
            written.area()
        })?;
        Ok(())
    }
}
