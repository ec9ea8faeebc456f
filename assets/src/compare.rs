//! One picture at every depth, side by side, with what each costs.

use core::convert::Infallible;

use displayio_core::{Depth, Size};
use embedded_graphics::{
    Drawable, Pixel,
    draw_target::DrawTarget,
    geometry::{OriginDimensions, Point, Size as PixelSize},
    mono_font::{
        MonoTextStyle,
        ascii::{FONT_7X13, FONT_7X13_BOLD},
    },
    pixelcolor::{Rgb888, RgbColor},
    text::{Baseline, Text},
};

use crate::{
    Picture, PictureError,
    image::{Conversion, ConvertError, Converted},
    inspect::palette_ram_bytes,
    picture::blend,
    psnr,
};

const DEPTHS: [Depth; 5] = [Depth::Bpp1, Depth::Bpp2, Depth::Bpp4, Depth::Bpp8, Depth::Bpp16];

const COLUMNS: i32 = 3;
const MARGIN: i32 = 16;
const LINE_HEIGHT: i32 = 15;
/// Lines of a caption.
const LINES: usize = 4;
/// Between a preview and its caption.
const GAP: i32 = 6;
const CAPTION_HEIGHT: i32 = GAP + 4 * LINE_HEIGHT;
/// Previews are enlarged as long as they stay below this, and reduced if they are larger than twice that.
const PREVIEW_SIDE: u16 = 240;
/// Room for the longest caption.
const MIN_PANEL_WIDTH: i32 = 238;

const PAPER: Rgb888 = Rgb888::new(0xf6, 0xf5, 0xf2);
const INK: Rgb888 = Rgb888::new(0x22, 0x24, 0x28);
const FAINT_INK: Rgb888 = Rgb888::new(0x60, 0x64, 0x6c);
/// What shows through transparent pixels.
const CHECKERS: [[u8; 3]; 2] = [[0xd8; 3], [0xec; 3]];
const CHECKER_SIDE: i32 = 8;

/// Why there is no sheet.
#[derive(Debug)]
#[non_exhaustive]
pub enum CompareError {
    /// A conversion was refused.
    Convert(ConvertError),
    /// The picture is too long and thin for a sheet.
    Sheet(PictureError),
}

impl core::fmt::Display for CompareError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Convert(error) => error.fmt(f),
            Self::Sheet(error) => write!(f, "comparison sheet: {error}"),
        }
    }
}

impl core::error::Error for CompareError {}

impl From<ConvertError> for CompareError {
    fn from(error: ConvertError) -> Self {
        Self::Convert(error)
    }
}

/// A sheet that shows the original, then 1, 2, 4, 8 and 16 bits per pixel with bytes of flash and RAM and the PSNR.
///
/// Small pictures are enlarged, pixel by pixel. Depth and palette of the conversion are not used.
///
/// # Errors
/// [`CompareError`].
pub fn sheet(picture: &Picture, conversion: &Conversion) -> Result<Picture, CompareError> {
    let mut panels = vec![original(picture)];
    for depth in DEPTHS {
        let conversion = Conversion { depth: Some(depth), palette: None, ..conversion.clone() };
        panels.push(panel(picture, &conversion.convert(picture)?));
    }
    let mut previews = Vec::new();
    for panel in &panels {
        previews.push(preview(&panel.picture).map_err(CompareError::Sheet)?);
    }
    let side = previews.first().map_or(Size::default(), Picture::size);
    let cell_width = i32::from(side.width).max(MIN_PANEL_WIDTH) + MARGIN;
    let cell_height = i32::from(side.height) + CAPTION_HEIGHT + MARGIN;
    let mut paper = Paper::new(COLUMNS * cell_width + MARGIN, 2 * cell_height + MARGIN);
    for ((index, panel), preview) in (0..).zip(&panels).zip(&previews) {
        let corner = Point::new(
            MARGIN + index % COLUMNS * cell_width,
            MARGIN + index / COLUMNS * cell_height,
        );
        paper.paste(preview, corner);
        paper.write(&panel.caption, corner + Point::new(0, i32::from(side.height) + GAP));
    }
    paper.into_picture().map_err(CompareError::Sheet)
}

/// A picture and what is said about it, the first line as a title.
struct Panel {
    picture: Picture,
    caption: [String; LINES],
}

fn original(picture: &Picture) -> Panel {
    let Size { width, height } = picture.size();
    let bytes = usize::from(width) * usize::from(height) * 3;
    let caption = [
        "original".into(),
        format!("{width}x{height} pixels"),
        format!("24 bits: {bytes} bytes"),
        String::new(),
    ];
    Panel { picture: picture.clone(), caption }
}

fn panel(picture: &Picture, converted: &Converted) -> Panel {
    let Size { width, height } = converted.size();
    let shown = converted.to_picture();
    let colors = u16::try_from(converted.palette().len()).unwrap_or(u16::MAX);
    let bits = converted.depth().bits();
    let plural = if bits == 1 { "" } else { "s" };
    let title = match colors {
        0 => format!("{bits} bits, RGB565"),
        _ => format!("{bits} bit{plural}, {colors} colors"),
    };
    let palette_bytes = 4 * usize::from(colors);
    let pixels_bytes = converted.depth().required_bytes(width, height);
    let quality = match psnr(picture, &shown) {
        _ if converted.is_exact() => "exact".into(),
        Some(decibels) => format!("PSNR {decibels:.1} dB"),
        None => String::new(),
    };
    let caption = [
        title,
        format!("flash {} bytes", pixels_bytes + palette_bytes),
        format!("RAM {} bytes (palette)", palette_ram_bytes(colors)),
        quality,
    ];
    Panel { picture: shown, caption }
}

/// The picture at a size that can be looked at.
fn preview(picture: &Picture) -> Result<Picture, PictureError> {
    let Size { width, height } = picture.size();
    let longest = width.max(height);
    let factor = PREVIEW_SIDE / longest;
    if factor > 1 {
        return Ok(enlarged(picture, factor));
    }
    let most = 2 * PREVIEW_SIDE;
    if longest <= most {
        return Ok(picture.clone());
    }
    let fit = |side: u16| {
        let side = u32::from(side) * u32::from(most) / u32::from(longest);
        u16::try_from(side.max(1)).unwrap_or(most)
    };
    picture.resized(fit(width), fit(height))
}

/// Each pixel as a square of `factor` pixels.
fn enlarged(picture: &Picture, factor: u16) -> Picture {
    let Size { width, height } = picture.size();
    let times = usize::from(factor);
    let wide = |row: &[[u8; 4]]| -> Vec<_> {
        row.iter().flat_map(|&pixel| core::iter::repeat_n(pixel, times)).collect()
    };
    let rows = picture.pixels().chunks(width.into()).map(wide);
    let pixels = rows.flat_map(|row| row.repeat(times)).collect();
    Picture::of_size(Size::new(width * factor, height * factor), pixels)
}

/// What the sheet is drawn on.
struct Paper {
    width: i32,
    height: i32,
    pixels: Vec<Rgb888>,
}

impl Paper {
    fn new(width: i32, height: i32) -> Self {
        let count = usize::try_from(width * height).unwrap_or(0);
        Self { width, height, pixels: vec![PAPER; count] }
    }

    fn set(&mut self, Point { x, y }: Point, color: Rgb888) {
        if (0..self.width).contains(&x)
            && (0..self.height).contains(&y)
            && let Ok(index) = usize::try_from(y * self.width + x)
        {
            self.pixels[index] = color;
        }
    }

    fn paste(&mut self, picture: &Picture, corner: Point) {
        let rows = picture.pixels().chunks(picture.size().width.into());
        for (y, row) in (0..).zip(rows) {
            for (x, &pixel) in (0..).zip(row) {
                let checker = CHECKERS[usize::from((x / CHECKER_SIDE + y / CHECKER_SIDE) % 2 != 0)];
                let [red, green, blue] = blend(pixel, checker);
                let color = Rgb888::new(red, green, blue);
                self.set(corner + Point::new(x, y), color);
            }
        }
    }

    fn write(&mut self, lines: &[String], corner: Point) {
        let mut style = MonoTextStyle::new(&FONT_7X13_BOLD, INK);
        for (line, row) in lines.iter().zip(0..) {
            let at = corner + Point::new(0, row * LINE_HEIGHT);
            let Ok(_) = Text::with_baseline(line, at, style, Baseline::Top).draw(self);
            style = MonoTextStyle::new(&FONT_7X13, FAINT_INK);
        }
    }

    fn into_picture(self) -> Result<Picture, PictureError> {
        let side = |side| u16::try_from(side).unwrap_or(0);
        let pixels = self.pixels.iter().map(|color| [color.r(), color.g(), color.b(), 255]);
        Picture::from_rgba(side(self.width), side(self.height), pixels.collect())
    }
}

impl OriginDimensions for Paper {
    fn size(&self) -> PixelSize {
        PixelSize::new(self.width.unsigned_abs(), self.height.unsigned_abs())
    }
}

impl DrawTarget for Paper {
    type Color = Rgb888;
    type Error = Infallible;

    fn draw_iter<I: IntoIterator<Item = Pixel<Rgb888>>>(
        &mut self,
        pixels: I,
    ) -> Result<(), Infallible> {
        for Pixel(point, color) in pixels {
            self.set(point, color);
        }
        Ok(())
    }
}
