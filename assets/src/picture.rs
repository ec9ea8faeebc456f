//! Pictures as they are read from files.

use core::{error::Error, fmt};
use std::{
    fs::File,
    io::{self, Cursor, Read},
    path::{Path, PathBuf},
};

use displayio_core::{BmpImage, PixelLayout, PixelSource, Region, Rgb888, Size};
use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbaImage, imageops,
    metadata::Orientation,
};

use crate::image::palette_of_bmp;

/// The most pixels of a picture: 32 Mi, 128 MiB while it is converted.
pub const MAX_PIXELS: u32 = 1 << 25;

/// The most bytes of a file: no picture of that many pixels needs more.
const MAX_FILE_BYTES: u64 = 1 << 28;

/// Why a file is no picture.
#[derive(Debug)]
#[non_exhaustive]
pub enum PictureError {
    /// It cannot be read.
    Read(io::Error),
    /// It has more bytes than a picture should.
    FileTooLarge {
        /// The most that are read.
        max_bytes: u64,
    },
    /// It is none of PNG, JPEG, GIF and BMP.
    UnknownFormat,
    /// It is damaged, or of a kind that is not supported.
    Decode(ImageError),
    /// It has no pixels, a side above 65 535, or more than [`MAX_PIXELS`].
    Dimensions {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
}

impl fmt::Display for PictureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(error) => error.fmt(f),
            Self::FileTooLarge { max_bytes } => write!(f, "more than {max_bytes} bytes"),
            Self::UnknownFormat => f.write_str("not a PNG, JPEG, GIF or BMP file"),
            Self::Decode(error) => error.fmt(f),
            Self::Dimensions { width, height } => write!(
                f,
                "{width}x{height} pixels: sides must be 1 to 65535, and at most {MAX_PIXELS} pixels"
            ),
        }
    }
}

impl Error for PictureError {}

/// A file that could not be used, by name.
#[derive(Debug)]
pub struct OpenError {
    /// The file.
    pub path: PathBuf,
    /// What is the matter with it.
    pub error: PictureError,
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.error)
    }
}

impl Error for OpenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.error)
    }
}

/// Pixels of red, green, blue and alpha, 8 bits each, row by row from the top.
///
/// ```
/// use displayio_assets::Picture;
/// let dot = Picture::from_rgba(1, 1, vec![[255, 0, 0, 128]]).unwrap();
/// assert_eq!(dot.blended_onto(0xff_ffff.into()).pixels(), [[255, 127, 127, 255]]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    size: Size,
    pixels: Vec<[u8; 4]>,
}

impl Picture {
    /// A picture of given pixels, row by row from the top.
    ///
    /// # Errors
    /// [`PictureError::Dimensions`] when there are none, too many, or not `width * height`.
    pub fn from_rgba(width: u16, height: u16, pixels: Vec<[u8; 4]>) -> Result<Self, PictureError> {
        let size = checked_size(width.into(), height.into())?;
        if pixels.len() != usize::from(width) * usize::from(height) {
            return Err(PictureError::Dimensions { width: width.into(), height: height.into() });
        }
        Ok(Self { size, pixels })
    }

    /// A picture whose size was checked.
    pub(crate) const fn of_size(size: Size, pixels: Vec<[u8; 4]>) -> Self {
        Self { size, pixels }
    }

    /// Reads a file of any supported format.
    ///
    /// # Errors
    /// [`OpenError`] with the name of the file.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let path = path.as_ref();
        read_file(path)
            .and_then(|bytes| Self::decode(&bytes))
            .map_err(|error| OpenError { path: path.into(), error })
    }

    /// Decodes the bytes of a file: the first frame of it, upright as its camera says.
    ///
    /// The size is checked before memory is taken for the pixels.
    ///
    /// # Errors
    /// [`PictureError`], except [`Read`](PictureError::Read).
    pub fn decode(file: &[u8]) -> Result<Self, PictureError> {
        match decode_by_format(file) {
            // Of 2 bits, for example.
            Err(PictureError::Decode(error)) => {
                decode_as_displayed(file).ok_or(PictureError::Decode(error))
            }
            result => result,
        }
    }

    /// The picture as a PNG file.
    ///
    /// # Errors
    /// The encoder's own.
    pub fn to_png(&self) -> Result<Vec<u8>, ImageError> {
        let mut file = Cursor::new(Vec::new());
        to_image(self.size, self.pixels.clone()).write_to(&mut file, ImageFormat::Png)?;
        Ok(file.into_inner())
    }

    /// Width and height.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// Red, green, blue and alpha of each pixel, row by row from the top.
    #[must_use]
    pub fn pixels(&self) -> &[[u8; 4]] {
        &self.pixels
    }

    /// The picture scaled to another size, smoothly (Lanczos).
    ///
    /// # Errors
    /// [`PictureError::Dimensions`].
    pub fn resized(&self, width: u16, height: u16) -> Result<Self, PictureError> {
        let size = checked_size(width.into(), height.into())?;
        // Transparent pixels must not lend their colour to their neighbours.
        let weighted =
            self.pixels.iter().map(|&[r, g, b, a]| [scaled(r, a), scaled(g, a), scaled(b, a), a]);
        let image = to_image(self.size, weighted.collect());
        let image = imageops::resize(&image, width.into(), height.into(), imageops::Lanczos3);
        let pixels = image.pixels().map(|pixel| {
            let [r, g, b, a] = pixel.0;
            [unscaled(r, a), unscaled(g, a), unscaled(b, a), a]
        });
        Ok(Self { size, pixels: pixels.collect() })
    }

    /// The picture as it looks in front of a colour: opaque.
    #[must_use]
    pub fn blended_onto(&self, background: Rgb888) -> Self {
        let below = background.channels();
        let pixels = self.pixels.iter().map(|&pixel| {
            let [red, green, blue] = blend(pixel, below);
            [red, green, blue, 255]
        });
        Self { size: self.size, pixels: pixels.collect() }
    }
}

/// Reads a file of a sensible size.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>, PictureError> {
    let mut bytes = Vec::new();
    let mut file = File::open(path).map_err(PictureError::Read)?.take(MAX_FILE_BYTES + 1);
    file.read_to_end(&mut bytes).map_err(PictureError::Read)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(PictureError::FileTooLarge { max_bytes: MAX_FILE_BYTES });
    }
    Ok(bytes)
}

fn decode_by_format(file: &[u8]) -> Result<Picture, PictureError> {
    let mut reader =
        ImageReader::new(Cursor::new(file)).with_guessed_format().map_err(PictureError::Read)?;
    if reader.format().is_none() {
        return Err(PictureError::UnknownFormat);
    }
    reader.limits(limits());
    let mut decoder = reader.into_decoder().map_err(PictureError::Decode)?;
    let (width, height) = decoder.dimensions();
    checked_size(width, height)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(PictureError::Decode)?;
    image.apply_orientation(orientation);
    let size = checked_size(image.width(), image.height())?;
    Ok(Picture { size, pixels: image.into_rgba8().pixels().map(|pixel| pixel.0).collect() })
}

/// A BMP file as the display stack reads it.
fn decode_as_displayed(file: &[u8]) -> Option<Picture> {
    let bmp = BmpImage::new(file).ok()?;
    let Size { width, height } = bmp.size();
    let size = checked_size(width.into(), height.into()).ok()?;
    let palette = palette_of_bmp(file)?;
    let color = |value: u32| match bmp.layout() {
        PixelLayout::Packed(_) => palette.get(value as usize).copied().unwrap_or_default(),
        _ => Rgb888::new(value),
    };
    let pixel = |value| {
        let [red, green, blue] = color(value).channels();
        [red, green, blue, 255]
    };
    let pixels = bmp.view(Region { x: 0, y: 0, size }, |view| {
        let rows = 0..usize::from(height);
        let pixels = rows.flat_map(|y| (0..usize::from(width)).map(move |x| view.get(x, y)));
        pixels.map(pixel).collect()
    })?;
    Some(Picture { size, pixels })
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(u16::MAX.into());
    limits.max_image_height = Some(u16::MAX.into());
    // Pixels of at most 8 bytes, and as much to work with.
    limits.max_alloc = Some(u64::from(MAX_PIXELS) * 16);
    limits
}

fn checked_size(width: u32, height: u32) -> Result<Size, PictureError> {
    match (u16::try_from(width), u16::try_from(height)) {
        (Ok(w @ 1..), Ok(h @ 1..)) if u32::from(w) * u32::from(h) <= MAX_PIXELS => {
            Ok(Size::new(w, h))
        }
        _ => Err(PictureError::Dimensions { width, height }),
    }
}

/// An image for the `image` crate; black where pixels are missing.
fn to_image(size: Size, pixels: Vec<[u8; 4]>) -> RgbaImage {
    let (width, height) = (u32::from(size.width), u32::from(size.height));
    RgbaImage::from_raw(width, height, pixels.into_flattened())
        .unwrap_or_else(|| RgbaImage::new(width, height))
}

/// The colour of a pixel in front of another colour.
pub(crate) fn blend([red, green, blue, alpha]: [u8; 4], below: [u8; 3]) -> [u8; 3] {
    let over = |above, below| scaled(above, alpha).saturating_add(scaled(below, 255 - alpha));
    [over(red, below[0]), over(green, below[1]), over(blue, below[2])]
}

/// `channel * alpha / 255`, rounded.
#[expect(clippy::cast_possible_truncation, reason = "at most the channel")]
const fn scaled(channel: u8, alpha: u8) -> u8 {
    ((channel as u16 * alpha as u16 + 127) / 255) as u8
}

/// The inverse of [`scaled`], as far as there is one.
fn unscaled(channel: u8, alpha: u8) -> u8 {
    let (channel, alpha) = (u16::from(channel), u16::from(alpha));
    u8::try_from((channel * 255 + alpha / 2) / alpha.max(1)).unwrap_or(u8::MAX)
}
