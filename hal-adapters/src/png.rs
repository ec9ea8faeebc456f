//! Pictures as PNG files.

use std::io::Write;

use displayio_core::{Panel, Size};
use png::{BitDepth, ColorType, Encoder, EncodingError};

use crate::{framebuffer::Framebuffer, preview::Preview};

/// Writes what `panel` shows as a PNG image of 8 bits per channel.
///
/// # Errors
/// The writer's and the encoder's own.
pub fn write<C: Preview>(to: impl Write, panel: &Framebuffer<C>) -> Result<(), EncodingError> {
    write_rgb(to, panel.size(), &panel.to_rgb())
}

/// Writes red, green and blue bytes, row by row, as a PNG image.
///
/// # Errors
/// The writer's and the encoder's own; among them that `rgb` has not three bytes per pixel.
pub fn write_rgb(to: impl Write, size: Size, rgb: &[u8]) -> Result<(), EncodingError> {
    let mut encoder = Encoder::new(to, size.width.into(), size.height.into());
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(rgb)?;
    writer.finish()
}
