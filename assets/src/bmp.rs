//! BMP files that every viewer and the display stack read.
//!
//! Format: `BITMAPFILEHEADER`, `BITMAPINFOHEADER` of 40 bytes, three masks where pixels are RGB565, the palette, and rows
//! from the bottom up.

use displayio_core::{BmpImage, Depth, Rgb888, Size};

use crate::image::Converted;

const HEADERS_BYTES: usize = 14 + 40;
const RGB565_MASKS: [u32; 3] = [0xf800, 0x07e0, 0x001f];
const BIT_FIELDS: u32 = 3;
/// 72 dots per inch.
const PIXELS_PER_METRE: u32 = 2835;

impl Converted {
    /// The picture as a BMP file, for an `OnDiskBitmap` on storage or a `BmpImage` in flash.
    ///
    /// Values of 32 bits are written as 24. Transparency is not in the file: tell the palette, or the converter.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "at most 2^25 pixels of 3 bytes")]
    pub fn to_bmp(&self) -> Vec<u8> {
        let Size { width, height } = self.size();
        let bits = if self.depth() == Depth::Bpp32 { 24 } else { self.depth().bits().into() };
        let (rows, stride_bytes) = self.rows(bits);
        let masks = if bits == 16 { &RGB565_MASKS[..] } else { &[] };
        let palette = self.bmp_palette();
        let pixels_at = HEADERS_BYTES + 4 * (masks.len() + palette.len());
        let file_bytes = (pixels_at + rows.len()) as u32;

        let mut file = b"BM".to_vec();
        let words = |file: &mut Vec<u8>, words: &[u32]| {
            file.extend(words.iter().flat_map(|word| word.to_le_bytes()));
        };
        words(&mut file, &[file_bytes, 0, pixels_at as u32]);
        words(&mut file, &[40, width.into(), height.into(), 1 | u32::from(bits) << 16]);
        let compression = if masks.is_empty() { 0 } else { BIT_FIELDS };
        words(&mut file, &[compression, rows.len() as u32, PIXELS_PER_METRE, PIXELS_PER_METRE]);
        words(&mut file, &[palette.len() as u32, 0]);
        words(&mut file, masks);
        words(&mut file, &palette);
        file.extend(rows.chunks(stride_bytes).rev().flatten());
        file
    }

    /// Rows from the top, padded to four bytes; and the bytes of each.
    fn rows(&self, bits: u16) -> (Vec<u8>, usize) {
        let width = self.size().width;
        if bits != 24 {
            return (self.bytes(), self.depth().stride_bytes(width));
        }
        let stride_bytes = (usize::from(width) * 3).next_multiple_of(4);
        let mut rows = Vec::with_capacity(stride_bytes * usize::from(self.size().height));
        for row in self.values().chunks(width.into()) {
            rows.extend(row.iter().flat_map(|value| value.to_le_bytes().into_iter().take(3)));
            rows.resize(rows.len().next_multiple_of(stride_bytes), 0);
        }
        (rows, stride_bytes)
    }

    /// Two colours at least: readers take a count of one for black and white.
    fn bmp_palette(&self) -> Vec<u32> {
        let mut palette: Vec<_> = self.palette().iter().map(|color| color.value()).collect();
        if palette.len() == 1 {
            palette.push(Rgb888::BLACK.value());
        }
        palette
    }
}

/// The palette of a BMP file as the display stack reads it; `None` for a file that it refuses.
#[must_use]
pub fn palette(file: &[u8]) -> Option<Vec<Rgb888>> {
    let bmp = BmpImage::new(file).ok()?;
    let mut colors = Vec::new();
    bmp.for_each_color(|_, color| colors.push(color));
    Some(colors)
}
