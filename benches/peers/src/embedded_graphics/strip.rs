//! A part of the screen in a small buffer.

use core::convert::Infallible;

use embedded_graphics::{pixelcolor::Rgb565, prelude::*, primitives::Rectangle};

/// As many rows of an area as fit the buffer; what is drawn elsewhere is left out.
pub struct Strip<'b> {
    area: Rectangle,
    bytes: &'b mut [u8],
}

impl<'b> Strip<'b> {
    /// The first rows of `area`.
    pub fn new(area: &Rectangle, buffer: &'b mut [u8]) -> Self {
        let row_bytes = 2 * area.size.width as usize;
        let rows = (buffer.len() / row_bytes).min(area.size.height as usize);
        let size = Size::new(area.size.width, rows as u32);
        Self { area: Rectangle::new(area.top_left, size), bytes: &mut buffer[..rows * row_bytes] }
    }

    /// The pixels, row by row, the high byte first.
    pub const fn bytes(&self) -> &[u8] {
        self.bytes
    }

    /// The pixels of a row of `area`, which lies within the strip.
    fn row(&mut self, area: &Rectangle, y: i32) -> &mut [[u8; 2]] {
        let offset = area.top_left - self.area.top_left;
        let row = (y - self.area.top_left.y) as usize;
        let start = row * self.area.size.width as usize + offset.x as usize;
        &mut self.bytes.as_chunks_mut().0[start..start + area.size.width as usize]
    }
}

impl Dimensions for Strip<'_> {
    fn bounding_box(&self) -> Rectangle {
        self.area
    }
}

impl DrawTarget for Strip<'_> {
    type Color = Rgb565;
    type Error = Infallible;

    fn draw_iter<I>(&mut self, pixels: I) -> Result<(), Infallible>
    where
        I: IntoIterator<Item = Pixel<Rgb565>>,
    {
        let (pixels_of_strip, _) = self.bytes.as_chunks_mut();
        for Pixel(point, color) in pixels {
            let Point { x, y } = point - self.area.top_left;
            let Size { width, height } = self.area.size;
            if (0..width as i32).contains(&x) && (0..height as i32).contains(&y) {
                pixels_of_strip[(y * width as i32 + x) as usize] = bytes_of(color);
            }
        }
        Ok(())
    }

    fn fill_contiguous<I>(&mut self, area: &Rectangle, colors: I) -> Result<(), Infallible>
    where
        I: IntoIterator<Item = Rgb565>,
    {
        let seen = area.intersection(&self.area);
        if seen.is_zero_sized() {
            return Ok(());
        }
        let mut colors = colors.into_iter();
        let skipped_rows = (seen.top_left.y - area.top_left.y) as usize;
        let left = (seen.top_left.x - area.top_left.x) as usize;
        let between = (area.size.width - seen.size.width) as usize;
        let mut skip = skipped_rows * area.size.width as usize + left;
        for y in seen.rows() {
            if skip > 0 {
                colors.nth(skip - 1);
            }
            for (pixel, color) in self.row(&seen, y).iter_mut().zip(&mut colors) {
                *pixel = bytes_of(color);
            }
            skip = between;
        }
        Ok(())
    }

    fn fill_solid(&mut self, area: &Rectangle, color: Rgb565) -> Result<(), Infallible> {
        let seen = area.intersection(&self.area);
        for y in seen.rows() {
            self.row(&seen, y).fill(bytes_of(color));
        }
        Ok(())
    }
}

fn bytes_of(color: Rgb565) -> [u8; 2] {
    color.into_storage().to_be_bytes()
}
