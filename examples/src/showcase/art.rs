//! Pixel art as text: a character per pixel, drawn into bitmaps once.

pub(super) mod logo;
pub(super) mod sky;
pub(super) mod sprites;
pub(super) mod tiles;

use displayio_core::{Area, Bitmap, Busy, Palette, PaletteError, PixelFormat};

/// One picture: rows of characters that a legend turns into pixel values.
pub(super) type Picture = &'static [&'static str];

/// Sixteen colours and the characters that stand for them; the first is transparent.
#[derive(Debug)]
pub(super) struct Inks {
    /// The character of each value.
    pub legend: &'static str,
    /// `0xRRGGBB` of each value.
    pub colors: [u32; 16],
}

impl Inks {
    /// Sets all colours of a palette, and makes the first transparent.
    pub(super) fn fill<C: PixelFormat>(
        &self,
        palette: &Palette<'_, C>,
    ) -> Result<(), PaletteError> {
        for (index, color) in (0..palette.len()).zip(self.colors) {
            palette.set(index, color)?;
        }
        palette.set_transparent(0, true)
    }

    fn value(&self, ink: u8) -> u32 {
        let position = self.legend.bytes().position(|of_legend| of_legend == ink);
        position.and_then(|value| u32::try_from(value).ok()).unwrap_or(0)
    }

    /// Draws pictures of `width` pixels side by side, as a sheet of tiles, from the top left corner on.
    pub(super) fn draw(
        &self,
        sheet: &Bitmap<'_>,
        pictures: &[Picture],
        (width, height): (usize, usize),
    ) -> Result<(), Busy> {
        sheet.edit(WHOLE, |canvas| {
            let per_row = (usize::from(canvas.size.width) / width).max(1);
            for (tile, picture) in pictures.iter().enumerate() {
                let (left, top) = (tile % per_row * width, tile / per_row * height);
                for (y, row) in picture.iter().enumerate() {
                    for (x, ink) in row.bytes().enumerate() {
                        canvas.set(left + x, top + y, self.value(ink));
                    }
                }
            }
        })
    }
}

/// Any bitmap of the showcase: what is drawn first changes all of it.
pub(super) const WHOLE: Area = Area::new(0, 0, 1024, 1024);

#[cfg(test)]
mod tests {
    use super::*;

    fn check(inks: &Inks, pictures: &[Picture], width: usize, height: usize) {
        for (number, picture) in pictures.iter().enumerate() {
            assert_eq!(picture.len(), height, "rows of picture {number}");
            for (y, row) in picture.iter().enumerate() {
                assert_eq!(row.len(), width, "row {y} of picture {number}");
                let unknown =
                    row.bytes().find(|ink| !inks.legend.bytes().any(|known| known == *ink));
                assert_eq!(unknown, None, "row {y} of picture {number}");
            }
        }
    }

    #[test]
    fn pictures_are_rectangles_of_known_inks() {
        check(&tiles::INKS, &tiles::PICTURES, 16, 16);
        check(&sprites::INKS, &sprites::SHIP, 24, 13);
        check(&sprites::INKS, &sprites::FLAME, 10, 7);
        check(&sprites::INKS, &sprites::SAUCER, 20, 11);
        check(&sprites::INKS, &sprites::COIN, 12, 12);
        check(&sprites::INKS, &sprites::HERO, 16, 16);
        check(&sky::INKS, &[sky::PLANET], 29, 17);
        check(&sky::INKS, &[sky::MOON], 7, 7);
    }
}
