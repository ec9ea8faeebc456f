//! The scenes with displayio: a scene is kept and refreshed through a buffer of 640 bytes.

pub mod dashboard;
pub mod image;
pub mod shapes;
pub mod sprites;

use displayio_core::{Palette, PaletteError, Rgb565};

/// Fills a palette.
fn set_colors(palette: &Palette<'_, Rgb565>, colors: &[u32]) -> Result<(), PaletteError> {
    (0..).zip(colors).try_for_each(|(index, &color)| palette.set(index, color))
}
