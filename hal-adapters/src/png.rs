//! Pictures as PNG files.

use alloc::{vec, vec::Vec};
use std::io::{BufRead, Seek, Write};

use displayio_core::{Panel, Size};
use png::{BitDepth, ColorType, Decoder, DecodingError, Encoder, EncodingError, Transformations};

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

/// Reads a PNG image of any kind: its size, and red, green and blue bytes, row by row. Transparency is left out.
///
/// # Errors
/// The reader's and the decoder's own; [`DecodingError::LimitsExceeded`] for more than 65 535 pixels along a side.
pub fn read_rgb(from: impl BufRead + Seek) -> Result<(Size, Vec<u8>), DecodingError> {
    let mut decoder = Decoder::new(from);
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let mut reader = decoder.read_info()?;
    let mut bytes = vec![0; reader.output_buffer_size().ok_or(DecodingError::LimitsExceeded)?];
    let info = reader.next_frame(&mut bytes)?;
    let side = |length: u32| u16::try_from(length).map_err(|_| DecodingError::LimitsExceeded);
    let size = Size::new(side(info.width)?, side(info.height)?);
    let greys = |step| bytes.iter().step_by(step).flat_map(|grey| [*grey; 3]).collect();
    let rgb = match info.color_type {
        ColorType::Grayscale => greys(1),
        ColorType::GrayscaleAlpha => greys(2),
        ColorType::Rgba => {
            bytes.as_chunks().0.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]).collect()
        }
        ColorType::Rgb | ColorType::Indexed => bytes,
    };
    Ok((size, rgb))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn images_of_all_kinds_are_read() {
        let kinds: [(ColorType, &[u8]); 5] = [
            (ColorType::Grayscale, &[7, 200]),
            (ColorType::GrayscaleAlpha, &[7, 255, 200, 0]),
            (ColorType::Rgb, &[7, 7, 7, 200, 200, 200]),
            (ColorType::Rgba, &[7, 7, 7, 255, 200, 200, 200, 0]),
            (ColorType::Indexed, &[1, 0]),
        ];
        for (kind, bytes) in kinds {
            let mut file = Vec::new();
            let mut encoder = Encoder::new(&mut file, 2, 1);
            encoder.set_color(kind);
            if kind == ColorType::Indexed {
                encoder.set_palette(&[200, 200, 200, 7, 7, 7][..]);
            }
            encoder.write_header().unwrap().write_image_data(bytes).unwrap();
            let read = read_rgb(Cursor::new(file)).unwrap();
            assert_eq!(read, (Size::new(2, 1), vec![7, 7, 7, 200, 200, 200]), "{kind:?}");
        }
    }
}
