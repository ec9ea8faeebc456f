//! Pictures of 128 by 64 pixels: from the emulator, and in PNG files.

use std::{fs::File, io::BufReader, path::Path};

use crate::failure::Failure;

const SIZE: [u32; 2] = [128, 64];
const WIDTH: usize = SIZE[0] as usize;
const HEIGHT: usize = SIZE[1] as usize;

/// The emulator shows each pixel as a square.
const SCALE: usize = 4;

/// Red, green and blue of each pixel, row by row.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Screen(Vec<[u8; 3]>);

impl Screen {
    /// From a PPM image of the emulator's.
    ///
    /// # Errors
    /// It is none of that size, or has pixels that are no squares.
    pub(super) fn from_ppm(ppm: &[u8]) -> Result<Self, Failure> {
        let (width, height) = (WIDTH * SCALE, HEIGHT * SCALE);
        let header = format!("P6\n{width} {height}\n255\n");
        let pixels = ppm.strip_prefix(header.as_bytes()).map(|rgb| rgb.as_chunks::<3>().0);
        let pixels = pixels
            .filter(|pixels| pixels.len() == width * height)
            .ok_or_else(|| Failure::new("the emulator's screen is none of 128 by 64 pixels"))?;
        let at = |x, y| pixels[y * width + x];
        let corner = |index| at(index % WIDTH * SCALE, index / WIDTH * SCALE);
        let screen = Self((0..WIDTH * HEIGHT).map(corner).collect());
        let is_square = |x, y| at(x, y) == at(x / SCALE * SCALE, y / SCALE * SCALE);
        if (0..height).all(|y| (0..width).all(|x| is_square(x, y))) {
            Ok(screen)
        } else {
            Err(Failure::new("the emulator's screen has pixels that are no squares"))
        }
    }

    /// From a file of 8 bits per channel.
    ///
    /// # Errors
    /// There is no such file.
    pub(super) fn read_png(path: &Path) -> Result<Self, Failure> {
        let fail =
            |error: &dyn core::fmt::Display| Failure::new(format!("{}: {error}", path.display()));
        let file = File::open(path).map_err(|error| fail(&error))?;
        let mut reader =
            png::Decoder::new(BufReader::new(file)).read_info().map_err(|error| fail(&error))?;
        let mut rgb = vec![0; WIDTH * HEIGHT * 3];
        let info = reader.next_frame(&mut rgb).map_err(|error| fail(&error))?;
        if info.buffer_size() != rgb.len() {
            return Err(fail(&"a picture of another size"));
        }
        Ok(Self(rgb.as_chunks().0.to_vec()))
    }

    /// Into a file.
    ///
    /// # Errors
    /// The file system's.
    pub(super) fn write_png(&self, path: &Path) -> Result<(), Failure> {
        let write = || {
            let mut encoder = png::Encoder::new(File::create(path)?, SIZE[0], SIZE[1]);
            encoder.set_color(png::ColorType::Rgb);
            encoder.write_header()?.write_image_data(self.0.as_flattened())
        };
        write().map_err(|error| Failure::new(format!("{}: {error}", path.display())))
    }

    /// How many pixels differ from what was expected, and the first of them; nothing where all are equal.
    pub(super) fn difference(&self, expected: &Self) -> Option<String> {
        let pairs = || self.0.iter().zip(&expected.0).enumerate().filter(|(_, (a, b))| a != b);
        let (index, (actual, expected)) = pairs().next()?;
        let (x, y, count) = (index % WIDTH, index / WIDTH, pairs().count());
        Some(format!(
            "{count} pixels differ, the first at ({x}, {y}): {actual:?} instead of {expected:?}"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A black screen as the emulator has it.
    fn ppm() -> Vec<u8> {
        let mut ppm = b"P6\n512 256\n255\n".to_vec();
        ppm.resize(ppm.len() + 512 * 256 * 3, 0);
        ppm
    }

    fn set(ppm: &mut [u8], x: usize, y: usize) {
        ppm[15 + (y * 512 + x) * 3..][..3].fill(17);
    }

    #[test]
    fn one_differing_pixel_is_found() {
        let black = Screen::from_ppm(&ppm()).expect("black");
        assert_eq!(black.difference(&black), None);
        let mut dotted = ppm();
        for (x, y) in (0..4).flat_map(|y| (0..4).map(move |x| (20 + x, 252 + y))) {
            set(&mut dotted, x, y);
        }
        let dotted = Screen::from_ppm(&dotted).expect("squares");
        let expected = "1 pixels differ, the first at (5, 63): [17, 17, 17] instead of [0, 0, 0]";
        assert_eq!(dotted.difference(&black).as_deref(), Some(expected));
    }

    #[test]
    fn other_screens_are_refused() {
        assert!(Screen::from_ppm(b"P6\n2 1\n255\n123456").is_err(), "of another size");
        let mut cut = ppm();
        cut.pop();
        assert!(Screen::from_ppm(&cut).is_err(), "too short");
        let mut torn = ppm();
        set(&mut torn, 511, 255);
        assert!(Screen::from_ppm(&torn).is_err(), "a quarter of a pixel");
    }

    #[test]
    fn files_are_read_as_they_were_written() {
        let path = std::env::temp_dir().join(format!("xtask-{}-screen.png", std::process::id()));
        let mut screen = Screen::from_ppm(&ppm()).expect("black");
        screen.0[1] = [1, 2, 3];
        screen.write_png(&path).expect("writable");
        let read = Screen::read_png(&path);
        let _ = std::fs::remove_file(&path);
        assert_eq!(read, Ok(screen));
    }
}
