//! Pictures that tests expect, in PNG files.

use core::{error::Error, fmt};
use std::{
    env,
    fs::{self, File},
    io::{self, BufReader, BufWriter},
    path::{Path, PathBuf},
};

use displayio_core::{Panel, Size};
use png::{DecodingError, EncodingError};

use crate::{
    framebuffer::Framebuffer,
    png::{read_rgb, write_rgb},
    preview::Preview,
};

/// Set to anything, it has pictures that differ replace those that were expected.
pub const UPDATE: &str = "UPDATE_GOLDEN";

/// Compares what `panel` shows with a PNG file, pixel by pixel in 8 bits per channel.
///
/// Where they differ, what is shown is left beside the file, as `NAME.actual.png`; with [`UPDATE_GOLDEN`](UPDATE) in the
/// environment it takes the place of the file instead, and all is well.
///
/// ```no_run
/// use displayio_core::{Display, Group, Rgb565, Size};
/// use displayio_hal::{framebuffer::Framebuffer, golden};
/// let mut buffer = [0; 64];
/// let mut display = Display::new(Framebuffer::new(Size::new(32, 8), Rgb565), &mut buffer);
/// display.refresh(&Group::new(()))?;
/// golden::check(display.panel(), "tests/golden/empty.png")?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`GoldenError`]: the pictures differ, there is none to compare with, or a file cannot be read or written.
pub fn check<C: Preview>(
    panel: &Framebuffer<C>,
    golden: impl AsRef<Path>,
) -> Result<(), GoldenError> {
    check_rgb(panel.size(), &panel.to_rgb(), golden, env::var_os(UPDATE).is_some())
}

/// The same for red, green and blue bytes, row by row; `update` has them replace what was expected.
///
/// # Errors
/// As [`check`]; [`GoldenError::Encode`] where `rgb` has not three bytes per pixel.
pub fn check_rgb(
    size: Size,
    rgb: &[u8],
    golden: impl AsRef<Path>,
    update: bool,
) -> Result<(), GoldenError> {
    let golden = golden.as_ref();
    let Some(difference) = difference(size, rgb, golden)? else { return Ok(()) };
    let path = if update { golden.into() } else { golden.with_extension("actual.png") };
    let of_file = |error| GoldenError::Io { path: path.clone(), error };
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).map_err(of_file)?;
    }
    let file = File::create(&path).map_err(of_file)?;
    write_rgb(BufWriter::new(file), size, rgb)
        .map_err(|error| GoldenError::Encode { path: path.clone(), error })?;
    if update { Ok(()) } else { Err(GoldenError::Differs { difference, actual: path }) }
}

/// How a picture differs from the one in a file.
fn difference(size: Size, rgb: &[u8], golden: &Path) -> Result<Option<Difference>, GoldenError> {
    let file = match File::open(golden) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(Some(Difference::Missing));
        }
        Err(error) => return Err(GoldenError::Io { path: golden.into(), error }),
    };
    let (expected_size, expected) = read_rgb(BufReader::new(file))
        .map_err(|error| GoldenError::Decode { path: golden.into(), error })?;
    if expected_size != size || expected.len() != rgb.len() {
        return Ok(Some(Difference::Size { expected: expected_size, actual: size }));
    }
    let (pixels, _) = rgb.as_chunks::<3>();
    let differing = || {
        let pairs = pixels.iter().zip(expected.as_chunks::<3>().0);
        pairs.enumerate().filter(|(_, (actual, expected))| actual != expected)
    };
    Ok(differing().next().map(|(index, (actual, expected))| {
        let width = usize::from(size.width);
        Difference::Pixels {
            count: differing().count(),
            first: (index % width, index / width),
            expected: *expected,
            actual: *actual,
        }
    }))
}

/// How a picture differs from the one that was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// There is none to compare with.
    Missing,
    /// It has another width and height.
    Size {
        /// Of the picture in the file.
        expected: Size,
        /// Of what is shown.
        actual: Size,
    },
    /// Some pixels are others.
    Pixels {
        /// How many.
        count: usize,
        /// The x and y of the first, row by row.
        first: (usize, usize),
        /// Red, green and blue of that in the file.
        expected: [u8; 3],
        /// Red, green and blue of that which is shown.
        actual: [u8; 3],
    },
}

/// Why a picture is not the one that was expected.
#[derive(Debug)]
#[non_exhaustive]
pub enum GoldenError {
    /// It differs.
    Differs {
        /// How.
        difference: Difference,
        /// Where it was left.
        actual: PathBuf,
    },
    /// A file cannot be opened or made.
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A file is not a PNG image.
    Decode {
        /// Which.
        path: PathBuf,
        /// Why.
        error: DecodingError,
    },
    /// A file cannot be written.
    Encode {
        /// Which.
        path: PathBuf,
        /// Why.
        error: EncodingError,
    },
}

impl fmt::Display for GoldenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Differs { difference, actual } => {
                match difference {
                    Difference::Missing => f.write_str("no picture to compare with")?,
                    Difference::Size { expected, actual } => {
                        let [width, height] = [actual.width, actual.height];
                        write!(f, "{width}x{height} pixels instead of ")?;
                        write!(f, "{}x{}", expected.width, expected.height)?;
                    }
                    Difference::Pixels { count, first: (x, y), expected, actual } => {
                        let [expected, actual] =
                            [expected, actual].map(|[r, g, b]| u32::from_be_bytes([0, *r, *g, *b]));
                        write!(
                            f,
                            "{count} pixels differ, the first at ({x}, {y}): {actual:06x} instead of {expected:06x}"
                        )?;
                    }
                }
                write!(f, "; see {}, or set {UPDATE}", actual.display())
            }
            Self::Io { path, error } => write!(f, "{}: {error}", path.display()),
            Self::Decode { path, error } => write!(f, "{}: {error}", path.display()),
            Self::Encode { path, error } => write!(f, "{}: {error}", path.display()),
        }
    }
}

impl Error for GoldenError {}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    const SIZE: Size = Size::new(2, 1);

    #[test]
    fn pictures_are_left_where_they_differ_and_taken_over_on_request() {
        let directory = tempfile::tempdir().unwrap();
        let golden = directory.path().join("new").join("golden.png");
        let actual = golden.with_extension("actual.png");
        let differs = |rgb: &[u8], size| match check_rgb(size, rgb, &golden, false) {
            Err(GoldenError::Differs { difference, .. }) => difference,
            other => panic!("{other:?}"),
        };
        assert_eq!(differs(&[1; 6], SIZE), Difference::Missing);
        check_rgb(SIZE, &[1; 6], &actual, false).unwrap();
        check_rgb(SIZE, &[2; 6], &golden, true).unwrap();
        check_rgb(SIZE, &[2; 6], &golden, false).unwrap();
        let pixel =
            Difference::Pixels { count: 1, first: (1, 0), expected: [2, 2, 2], actual: [2, 2, 3] };
        assert_eq!(differs(&[2, 2, 2, 2, 2, 3], SIZE), pixel);
        let turned = Size::new(1, 2);
        let size = Difference::Size { expected: SIZE, actual: turned };
        assert_eq!(differs(&[2; 6], turned), size);
        assert!(matches!(
            check_rgb(SIZE, &[2; 5], &golden, false),
            Err(GoldenError::Encode { .. })
        ));
        let message = check_rgb(turned, &[2; 6], &golden, false).unwrap_err().to_string();
        let expected = "1x2 pixels instead of 2x1; see ";
        assert!(message.starts_with(expected), "{message}");
        fs::write(&golden, "no picture").unwrap();
        let error = check_rgb(SIZE, &[2; 6], &golden, false).unwrap_err();
        assert!(matches!(error, GoldenError::Decode { .. }), "{error}");
        let error = check_rgb(SIZE, &[2; 6], directory.path(), false).unwrap_err();
        assert!(matches!(error, GoldenError::Decode { .. } | GoldenError::Io { .. }), "{error}");
    }
}
