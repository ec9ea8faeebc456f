//! What the programs with bitmap tools do with them.

use core::hint::black_box;

use displayio_core::{
    Area, Bitmap, BitmapError, Blend, Colorspace, Diffusion, PixelSource, RawFormat, Region,
    Rotozoom, Size, Skip, SliceFile,
};

/// Memory that tools borrow.
#[derive(Debug)]
pub struct Scratch<'s> {
    /// For [`Bitmap::boundary_fill`].
    pub fill: &'s mut [u8],
    /// For [`Bitmap::dither`].
    pub dither: &'s mut [i16],
}

/// The sine and cosine of 30 degrees, as from a table.
pub const ANGLE: (f32, f32) = (0.5, 0.866);

/// Calls every tool once.
///
/// # Errors
/// [`BitmapError`]: of the first tool that fails.
pub fn use_tools<S: PixelSource>(
    bitmap: &Bitmap<'_>,
    source: &S,
    scratch: &mut Scratch<'_>,
) -> Result<(), BitmapError> {
    let all = Region { x: 0, y: 0, size: source.size() };
    bitmap.fill(1)?;
    bitmap.fill_region(Area::new(2, 2, 30, 20), 2)?;
    bitmap.draw_line((0, 0), (40, 30), 3)?;
    bitmap.draw_polygon(&[(5, 5), (30, 8), (20, 28)], 3, true)?;
    bitmap.draw_circle((20, 20), 12, 3)?;
    bitmap.boundary_fill((20, 20), 4, None, scratch.fill)?;
    bitmap.replace_color(4, 5)?;
    bitmap.blit(source, all, (4, 4), Skip::default())?;
    bitmap.copy_within(Region { size: Size::new(8, 8), ..all }, (24, 4), Skip::default())?;
    bitmap.array_blit(Area::new(0, 0, 4, 1), &[1_u8, 2, 3, 4], None)?;
    bitmap.rotozoom(
        source,
        &Rotozoom { sin_cos: black_box(ANGLE), scale: 1.5, ..Rotozoom::default() },
    )?;
    bitmap.alpha_blend(source, source, Colorspace::Rgb565, &Blend::default())?;
    bitmap.blend_over(source, Colorspace::Rgb565, &Blend::default())?;
    bitmap.dither(source, Colorspace::Rgb565, Diffusion::FloydSteinberg, scratch.dither)?;
    // Its error is of another type: what a stream lacks is of no interest here.
    let _ = bitmap.read_into(&mut SliceFile::new(&[0; 16]), RawFormat::new(16));
    Ok(())
}
