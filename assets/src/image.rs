//! Pictures reduced to what a display shows.

use core::{error::Error, fmt};
use std::collections::HashSet;

use displayio_core::{Canvas, Depth, Rgb888, Size};

use crate::{
    Picture,
    color::widen_565,
    dither::{Available, dither},
    histogram::Histogram,
    quantize::{from_dark_to_bright, quantize},
};
pub use crate::{bmp::palette as palette_of_bmp, dither::Dither};

/// The colour of the transparent index where the picture names none: one that is noticed when it is shown by mistake.
pub const TRANSPARENT_KEY: Rgb888 = Rgb888::new(0xff_00ff);

/// The most colours of a palette.
const MAX_COLORS: u16 = 256;

/// The most colours of a picture that is taken for a drawing.
const MAX_DRAWING_COLORS: usize = 64;

/// Which pixels are transparent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transparency {
    /// None: alpha is ignored.
    Opaque,
    /// Those whose alpha is below a threshold; the others are opaque.
    Alpha {
        /// The least alpha of an opaque pixel, 0 to 255.
        opaque_from: u8,
    },
    /// Those of this colour; alpha is ignored.
    Color(Rgb888),
}

impl Default for Transparency {
    /// Alpha below 128.
    fn default() -> Self {
        Self::Alpha { opaque_from: 128 }
    }
}

impl Transparency {
    /// The colour of an opaque pixel.
    fn color(self, [red, green, blue, alpha]: [u8; 4]) -> Option<Rgb888> {
        let color = Rgb888::from_channels(red, green, blue);
        match self {
            Self::Opaque => Some(color),
            Self::Alpha { opaque_from } => (alpha >= opaque_from).then_some(color),
            Self::Color(key) => (color != key).then_some(color),
        }
    }

    /// The colour that the transparent index gets.
    const fn key(self) -> Rgb888 {
        match self {
            Self::Color(key) => key,
            Self::Opaque | Self::Alpha { .. } => TRANSPARENT_KEY,
        }
    }
}

/// Why a picture was not converted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConvertError {
    /// The number of colours is not 2 to 256, or 1 where nothing is transparent.
    ColorCount(usize),
    /// The given palette has more colours than a pixel of the given depth can name.
    PaletteTooLarge {
        /// Colours of the palette.
        colors: usize,
        /// The most that fit.
        max_colors: usize,
    },
    /// Pixels are transparent, and the given palette has no entry for them.
    NoTransparentEntry {
        /// The colour of the entry that it should have.
        key: Rgb888,
    },
    /// All values of RGB565 or RGB888 are in use, and none is left for transparent pixels.
    NoUnusedValue,
}

impl fmt::Display for ConvertError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ColorCount(colors) => {
                write!(f, "{colors} colors: a palette has 2 to 256, a transparent one included")
            }
            Self::PaletteTooLarge { colors, max_colors } => {
                write!(f, "palette of {colors} colors where pixels name at most {max_colors}")
            }
            Self::NoTransparentEntry { key } => write!(
                f,
                "pixels are transparent, but the palette has no #{:06x} to stand for them",
                key.value()
            ),
            Self::NoUnusedValue => f.write_str("no unused color is left for transparent pixels"),
        }
    }
}

impl Error for ConvertError {}

/// What is made of a picture.
///
/// ```
/// use displayio_assets::{Picture, image::Conversion};
/// let flag = Picture::from_rgba(2, 1, vec![[255, 0, 0, 255], [0, 0, 0, 0]])?;
/// let flag = Conversion::default().convert(&flag)?;
/// assert_eq!((flag.depth().bits(), flag.transparent()), (1, Some(0)));
/// assert_eq!(flag.palette()[1].value(), 0xff0000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Conversion {
    /// Bits per pixel: 1 to 8 for numbers of a palette, 16 for RGB565, 32 for `0xRRGGBB`. `None` for the fewest bits that
    /// name the colours of the palette.
    pub depth: Option<Depth>,
    /// The most colours of the palette, the transparent one included: 2 to 256. `None` for as many as the depth allows.
    pub max_colors: Option<u16>,
    /// How colours that are lost are shown. `None` for what suits the picture: error diffusion for a photo, the nearest
    /// colour for a drawing, which has 64 colours at most.
    pub dither: Option<Dither>,
    /// Which pixels are transparent. A palette gets an entry for them, number 0, only if there are any; a given one must
    /// have the colour in question, or [`TRANSPARENT_KEY`].
    pub transparency: Transparency,
    /// The palette to use instead of the best one, in this order.
    pub palette: Option<Vec<Rgb888>>,
}

impl Conversion {
    /// Converts one picture. A picture that has few enough colours is kept exactly.
    ///
    /// # Errors
    /// [`ConvertError`].
    pub fn convert(&self, picture: &Picture) -> Result<Converted, ConvertError> {
        let pixels = self.pixels(picture);
        let palette = self.palette_for(&[&pixels])?;
        self.with_palette(picture.size(), &pixels, &palette)
    }

    /// Converts pictures that share one palette, the best for all of them. Without a palette, as one by one.
    ///
    /// # Errors
    /// [`ConvertError`].
    pub fn convert_all(&self, pictures: &[&Picture]) -> Result<Vec<Converted>, ConvertError> {
        let pixels: Vec<_> = pictures.iter().map(|picture| self.pixels(picture)).collect();
        let palette = self.palette_for(&pixels.iter().map(Vec::as_slice).collect::<Vec<_>>())?;
        let pictures = pictures.iter().zip(&pixels);
        pictures
            .map(|(picture, pixels)| self.with_palette(picture.size(), pixels, &palette))
            .collect()
    }

    /// The colour of each pixel, `None` for transparent.
    fn pixels(&self, picture: &Picture) -> Vec<Option<Rgb888>> {
        picture.pixels().iter().map(|&pixel| self.transparency.color(pixel)).collect()
    }

    fn dither_for(&self, pixels: &[Option<Rgb888>]) -> Dither {
        let suited = || {
            let mut colors = HashSet::new();
            let mut is_new = |color: &Rgb888| colors.insert(color.value());
            let new = pixels.iter().flatten().filter(|color| is_new(color));
            let is_photo = new.count() > MAX_DRAWING_COLORS;
            if is_photo { Dither::FloydSteinberg } else { Dither::None }
        };
        self.dither.unwrap_or_else(suited)
    }

    /// The palette for some pictures; none where pixels are colours.
    fn palette_for(&self, pictures: &[&[Option<Rgb888>]]) -> Result<Colors, ConvertError> {
        let max_colors = match self.depth {
            Some(Depth::Bpp16 | Depth::Bpp32) => return Ok(Colors::default()),
            Some(depth) => depth.max_value() as usize + 1,
            None => MAX_COLORS.into(),
        };
        let any_transparent = pictures.iter().any(|pixels| pixels.contains(&None));
        if let Some(colors) = &self.palette {
            return self.given_palette(colors, max_colors, any_transparent);
        }
        let wanted = self.max_colors.map_or(max_colors, usize::from);
        if !(1 + usize::from(any_transparent)..=MAX_COLORS.into()).contains(&wanted) {
            return Err(ConvertError::ColorCount(wanted));
        }
        let room = wanted.min(max_colors) - usize::from(any_transparent);
        let histogram = Histogram::of(pictures.iter().copied().flatten().copied().flatten());
        let best = if histogram.len() <= room {
            from_dark_to_bright(histogram.colors().collect())
        } else {
            let is_mixed = pictures.iter().any(|pixels| self.dither_for(pixels) != Dither::None);
            quantize(&histogram, room, is_mixed)
        };
        let key = any_transparent.then(|| self.transparency.key());
        Ok(Colors { colors: key.into_iter().chain(best).collect(), transparent: key.map(|_| 0) })
    }

    fn given_palette(
        &self,
        colors: &[Rgb888],
        max_colors: usize,
        any_transparent: bool,
    ) -> Result<Colors, ConvertError> {
        if colors.is_empty() || colors.len() > MAX_COLORS.into() {
            return Err(ConvertError::ColorCount(colors.len()));
        }
        if colors.len() > max_colors {
            return Err(ConvertError::PaletteTooLarge { colors: colors.len(), max_colors });
        }
        let key = self.transparency.key();
        let entry = colors.iter().position(|&color| color == key);
        let transparent = match entry {
            _ if !any_transparent => None,
            Some(entry) => u16::try_from(entry).ok(),
            None => return Err(ConvertError::NoTransparentEntry { key }),
        };
        Ok(Colors { colors: colors.to_vec(), transparent })
    }

    fn with_palette(
        &self,
        size: Size,
        pixels: &[Option<Rgb888>],
        palette: &Colors,
    ) -> Result<Converted, ConvertError> {
        let Colors { colors, transparent } = palette.clone();
        let count = u32::try_from(colors.len()).unwrap_or(u32::MAX);
        let depth = self.depth.unwrap_or_else(|| Depth::for_values(count));
        let how = self.dither_for(pixels);
        let values = match depth {
            Depth::Bpp32 => pixels.iter().map(|color| color.map(Rgb888::value)).collect(),
            Depth::Bpp16 => dither(pixels, size, &Available::Rgb565, how),
            _ => dither(pixels, size, &Available::palette(&colors, transparent), how),
        };
        let transparent = match transparent {
            None if values.contains(&None) => {
                Some(unused_value(&values, self.transparency.key(), depth)?)
            }
            entry => entry.map(u32::from),
        };
        let values = values.into_iter().map(|value| value.or(transparent).unwrap_or(0)).collect();
        let mut converted =
            Converted { size, depth, values, palette: colors, transparent, is_exact: false };
        converted.is_exact = converted.colors().eq(pixels.iter().copied());
        Ok(converted)
    }
}

/// A palette.
#[derive(Debug, Clone, Default)]
struct Colors {
    colors: Vec<Rgb888>,
    transparent: Option<u16>,
}

/// The first value that no pixel has, from that of the key on: of RGB565 or RGB888.
fn unused_value(values: &[Option<u32>], key: Rgb888, depth: Depth) -> Result<u32, ConvertError> {
    let (first, count) = match depth {
        Depth::Bpp16 => (u32::from(key.to_rgb565()), 1 << 16),
        _ => (key.value(), 1 << 24),
    };
    let mut used = vec![false; count as usize];
    for &value in values.iter().flatten() {
        used[(value % count) as usize] = true;
    }
    (0..count)
        .map(|step| (first + step) % count)
        .find(|&value| !used[value as usize])
        .ok_or(ConvertError::NoUnusedValue)
}

/// A picture as values of one depth, with the palette that they are numbers of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    size: Size,
    depth: Depth,
    /// Row by row from the top.
    values: Vec<u32>,
    /// Empty where values are colours.
    palette: Vec<Rgb888>,
    transparent: Option<u32>,
    is_exact: bool,
}

impl Converted {
    /// Width and height.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// Bits per pixel: 1 to 8 for numbers of the palette, 16 for RGB565, 32 for `0xRRGGBB`.
    #[must_use]
    pub const fn depth(&self) -> Depth {
        self.depth
    }

    /// The value of each pixel, row by row from the top.
    #[must_use]
    pub fn values(&self) -> &[u32] {
        &self.values
    }

    /// The colours; empty where values are colours.
    #[must_use]
    pub fn palette(&self) -> &[Rgb888] {
        &self.palette
    }

    /// The value of transparent pixels, if there are any.
    #[must_use]
    pub const fn transparent(&self) -> Option<u32> {
        self.transparent
    }

    /// Whether every opaque pixel has the colour that it had in the picture.
    #[must_use]
    pub const fn is_exact(&self) -> bool {
        self.is_exact
    }

    /// The rows as an `Image` and a `Bitmap` have them: padded to four bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let Size { width, height } = self.size;
        let stride_bytes = self.depth.stride_bytes(width);
        let mut bytes = vec![0; self.depth.required_bytes(width, height)];
        let mut canvas =
            Canvas { bytes: &mut bytes, stride_bytes, size: self.size, depth: self.depth };
        let width = usize::from(width);
        for (index, &value) in self.values.iter().enumerate() {
            canvas.set(index % width, index / width, value);
        }
        bytes
    }

    /// The colour that each pixel is shown in; `None` for transparent.
    pub fn colors(&self) -> impl Iterator<Item = Option<Rgb888>> {
        self.values.iter().map(|&value| {
            (self.transparent != Some(value)).then(|| match self.depth {
                Depth::Bpp16 => widen_565(u16::try_from(value).unwrap_or(u16::MAX)),
                Depth::Bpp32 => Rgb888::new(value),
                _ => self.palette.get(value as usize).copied().unwrap_or_default(),
            })
        })
    }

    /// The picture as it is shown.
    #[must_use]
    pub fn to_picture(&self) -> Picture {
        let pixels = self.colors().map(|color| {
            let [red, green, blue] = color.unwrap_or_default().channels();
            [red, green, blue, if color.is_some() { 255 } else { 0 }]
        });
        Picture::of_size(self.size, pixels.collect())
    }

    /// The same values with more bits per pixel, where those of fewer are not wanted. Never fewer bits than before, nor
    /// more than 8 for numbers of a palette.
    #[must_use]
    pub fn widened(self, depth: Depth) -> Self {
        let fits = self.depth.bits() <= depth.bits() && depth.bits() <= 8;
        Self { depth: if fits { depth } else { self.depth }, ..self }
    }

    /// The same colours with other pixels.
    pub(crate) fn with_values(&self, size: Size, values: Vec<u32>) -> Self {
        Self { size, values, palette: self.palette.clone(), ..*self }
    }
}
