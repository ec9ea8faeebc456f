//! Palettes that files bring along.

use std::{fs, path::Path};

use displayio_assets::{Picture, image::palette_of_bmp};
use displayio_core::Rgb888;

use super::options::parse_color;
use crate::commands::Failure;

/// Reads a palette: of a BMP file, a list of colours, or the colours of a picture by first occurrence.
pub(super) fn read(path: &Path) -> Result<Vec<Rgb888>, Failure> {
    let bytes = fs::read(path).map_err(|error| Failure::failed(path.display(), error))?;
    if let Some(colors) = palette_of_bmp(&bytes).filter(|colors| !colors.is_empty()) {
        return Ok(colors);
    }
    if let Ok(text) = str::from_utf8(&bytes) {
        return parse(text).map_err(|line| {
            Failure::refused(path.display(), format!("line {line} is no color such as #ff8000"))
        });
    }
    let colors = Picture::open(path).map(|picture| distinct(&picture))?;
    colors.ok_or_else(|| Failure::refused(path.display(), "more than 256 colors are no palette"))
}

/// A colour on each line that is not empty; the number of the first that is neither.
fn parse(text: &str) -> Result<Vec<Rgb888>, usize> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(number, line)| parse_color(line.trim()).map_err(|_| number)).collect()
}

/// The colours of the opaque pixels; `None` if there are too many.
fn distinct(picture: &Picture) -> Option<Vec<Rgb888>> {
    let mut colors = Vec::new();
    for &[red, green, blue, _] in picture.pixels().iter().filter(|pixel| pixel[3] == 255) {
        let color = Rgb888::from_channels(red, green, blue);
        if !colors.contains(&color) {
            colors.push(color);
        }
        if colors.len() > 256 {
            return None;
        }
    }
    Some(colors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_have_a_colour_on_each_line() {
        let colors = [Rgb888::new(0xff_8000), Rgb888::new(1)];
        assert_eq!(parse("#ff8000\r\n\n 000001 \n").as_deref(), Ok(&colors[..]));
        assert_eq!(parse("#ff8000\n\nred\n"), Err(3));
    }
}
