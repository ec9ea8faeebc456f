//! All that the show needs bytes for, on one heap: pixels, colours, a row buffer.

use std::fs::File;

use displayio_core::{
    Bitmap, Depth, Heap, LoadError, OnDiskBitmap, OutOfMemory, Palette, PaletteRgb, PixelFormat,
};
use embedded_io_adapters::std::FromStd;

use super::art::{Inks, Picture, WHOLE, logo, sky, sprites, tiles};

/// The photo, where it lies.
pub(super) type Photo<'m> = OnDiskBitmap<'m, FromStd<File>>;

/// Bytes of the photo that are in memory at a time: a tile of 16 by 16 pixels.
const ROW_BUFFER_BYTES: usize = 256;

/// Width and height of the pool's water, which is repeated.
pub(super) const WATER: (u16, u16) = (32, 52);

/// Width and height of the energy bar with its frame.
pub(super) const BAR: (u16, u16) = (84, 8);

/// How many palettes the stars share: each twinkles by itself.
pub(super) const STAR_PALETTES: usize = 4;

/// Bitmaps and palettes of the show. Nodes refer to them.
#[derive(Debug)]
pub(super) struct Assets<'m, C> {
    pub photo: Photo<'m>,
    pub photo_colors: PaletteRgb<'m>,
    pub tiles: Bitmap<'m>,
    pub tile_colors: Palette<'m, C>,
    pub water: Bitmap<'m>,
    pub water_colors: Palette<'m, C>,
    pub ship: Bitmap<'m>,
    pub flame: Bitmap<'m>,
    pub saucer: Bitmap<'m>,
    pub coin: Bitmap<'m>,
    pub hero: Bitmap<'m>,
    pub sprite_colors: Palette<'m, C>,
    pub planet: Bitmap<'m>,
    pub moon: Bitmap<'m>,
    pub sky_colors: Palette<'m, C>,
    pub star: Bitmap<'m>,
    pub star_colors: [Palette<'m, C>; STAR_PALETTES],
    pub logo: Bitmap<'m>,
    pub logo_colors: Palette<'m, C>,
    pub bar: Bitmap<'m>,
    pub bar_colors: Palette<'m, C>,
}

impl<'m, C: PixelFormat> Assets<'m, C> {
    /// Makes all of them; `photo` is an open BMP file with a palette.
    pub(super) fn new_in(photo: File, heap: Heap<'m>) -> Result<Self, LoadError> {
        let photo = OnDiskBitmap::new_in(FromStd::new(photo), ROW_BUFFER_BYTES, heap)?;
        let photo_colors = photo.palette_rgb_in(heap)?;
        suit::<C>(&photo_colors);
        let sheet = |inks, pictures, size| sheet_in(inks, pictures, size, heap);
        let colors = |inks| colors_in(inks, heap);
        Ok(Self {
            photo,
            photo_colors,
            tiles: sheet(&tiles::INKS, &tiles::PICTURES, (16, 16))?,
            tile_colors: colors(&tiles::INKS)?,
            water: water_in(heap)?,
            water_colors: Palette::new_in(16, heap)?,
            ship: sheet(&sprites::INKS, &sprites::SHIP, (24, 13))?,
            flame: sheet(&sprites::INKS, &sprites::FLAME, (10, 7))?,
            saucer: sheet(&sprites::INKS, &sprites::SAUCER, (20, 11))?,
            coin: sheet(&sprites::INKS, &sprites::COIN, (12, 12))?,
            hero: sheet(&sprites::INKS, &sprites::HERO, (16, 16))?,
            sprite_colors: colors(&sprites::INKS)?,
            planet: sheet(&sky::INKS, &[sky::PLANET], (29, 17))?,
            moon: sheet(&sky::INKS, &[sky::MOON], (7, 7))?,
            sky_colors: colors(&sky::INKS)?,
            star: star_in(heap)?,
            star_colors: star_colors_in(heap)?,
            logo: logo_in(heap)?,
            logo_colors: Palette::new_in(logo::STEPS + 2, heap)?,
            bar: Bitmap::new_in(BAR.0, BAR.1, Depth::Bpp4, heap)?,
            bar_colors: Palette::new_in(16, heap)?,
        })
    }
}

/// Makes the photo's colours fit for a panel of few: noise in the place of banding, and more contrast where black and
/// white is all there is.
fn suit<C: PixelFormat>(colors: &PaletteRgb<'_>) {
    colors.set_dither(C::DEPTH < 16);
    if C::DEPTH == 1 {
        for (index, color) in (0..).map_while(|index| Some((index, colors.get(index)?))) {
            let luma = u32::from(color.luma());
            // The noise brightens: what is half black stays below half.
            let _ = colors.set(index, (luma * luma / 200).min(255) * 0x01_0101);
        }
    }
}

/// A bitmap with pictures of one size side by side.
fn sheet_in<'m>(
    inks: &Inks,
    pictures: &[Picture],
    (width, height): (u16, u16),
    heap: Heap<'m>,
) -> Result<Bitmap<'m>, OutOfMemory> {
    let count = u16::try_from(pictures.len()).unwrap_or(u16::MAX);
    let sheet = Bitmap::new_in(width * count, height, Depth::Bpp4, heap)?;
    // Nothing views a new bitmap, so that it is never busy.
    let _ = inks.draw(&sheet, pictures, (width.into(), height.into()));
    Ok(sheet)
}

fn colors_in<'m, C: PixelFormat>(
    inks: &Inks,
    heap: Heap<'m>,
) -> Result<Palette<'m, C>, OutOfMemory> {
    let palette = Palette::new_in(16, heap)?;
    let _ = inks.fill(&palette);
    Ok(palette)
}

/// The far bank, then water. Values 1 and 2: surface; 3 to 7: ever deeper; 8 to 15: glints, by position.
fn water_in(heap: Heap<'_>) -> Result<Bitmap<'_>, OutOfMemory> {
    let water = Bitmap::new_in(WATER.0, WATER.1, Depth::Bpp4, heap)?;
    let _ = water.edit(WHOLE, |canvas| {
        for y in 0..usize::from(WATER.1) {
            for x in 0..usize::from(WATER.0) {
                canvas.set(x, y, water_value(x, y));
            }
        }
    });
    Ok(water)
}

fn water_value(x: usize, y: usize) -> u32 {
    let in_low_half = |from: usize| (x + from) % 16 < 7;
    let glint = |x: usize| u32::try_from(8 + x / 2 % 8).unwrap_or(8);
    // A dither where one depth meets the next.
    let depth = (2 * y + (x + y) % 2 * 9).saturating_sub(16) / 22;
    match y {
        0..3 => 7,
        3 => glint(x),
        4 => 1,
        5 => 2,
        8 if in_low_half(3) => glint(x + 5),
        11 if in_low_half(11) => glint(31 - x),
        15 if in_low_half(6) => glint(x + 2),
        20 if in_low_half(14) => glint(31 - x),
        _ => u32::try_from(3 + depth.min(4)).unwrap_or(3),
    }
}

fn star_in(heap: Heap<'_>) -> Result<Bitmap<'_>, OutOfMemory> {
    let star = Bitmap::new_in(5, 5, Depth::Bpp2, heap)?;
    let _ = star.edit(WHOLE, |canvas| {
        for (y, row) in sky::STAR.iter().enumerate() {
            for (x, ink) in row.bytes().enumerate() {
                canvas.set(x, y, if ink == b'.' { 0 } else { u32::from(ink - b'0') });
            }
        }
    });
    Ok(star)
}

fn star_colors_in<C: PixelFormat>(
    heap: Heap<'_>,
) -> Result<[Palette<'_, C>; STAR_PALETTES], OutOfMemory> {
    let colors = || Palette::new_in(4, heap);
    Ok([colors()?, colors()?, colors()?, colors()?])
}

fn logo_in(heap: Heap<'_>) -> Result<Bitmap<'_>, OutOfMemory> {
    let bitmap = Bitmap::new_in(logo::SIZE.0, logo::SIZE.1, Depth::Bpp8, heap)?;
    let _ = logo::draw(&bitmap);
    Ok(bitmap)
}
