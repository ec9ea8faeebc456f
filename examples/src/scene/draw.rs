//! Drawing on the bitmaps of a live scene.

use alloc::rc::Rc;
use std::{
    fs::File,
    io::{BufReader, Seek, SeekFrom},
    path::Path,
};

use displayio_core::{Bitmap, BitmapError, Blend, PixelSource, RawFormat, View};
use embedded_io_adapters::std::FromStd;

use super::{BitmapId, Drawing, Mixture, PlayError, build::AnyBitmap};

/// Draws on a bitmap.
///
/// # Errors
/// [`PlayError::Failed`] for a file that cannot be read, or for want of memory.
pub(super) fn draw(
    bitmaps: &[AnyBitmap<'_>],
    target: BitmapId,
    drawing: &Drawing,
) -> Result<(), PlayError> {
    let (AnyBitmap::InMemory(bitmap), Drawing::ReadInto { path, offset, format }) =
        (&bitmaps[target.0], drawing)
    else {
        let drawn = draw_on(bitmaps, target, drawing);
        return drawn.map_err(|error| PlayError::failed("a bitmap", error));
    };
    read_into(bitmap, path, *offset, *format)
        .map_err(|error| PlayError::failed(path.display(), error))
}

fn draw_on(
    bitmaps: &[AnyBitmap<'_>],
    target: BitmapId,
    drawing: &Drawing,
) -> Result<(), BitmapError> {
    let Some(bitmap) = in_memory(bitmaps, target) else { return Ok(()) };
    let from = |id: BitmapId, draw: &mut Draw<'_>| with_pixels(bitmaps, target, id, draw);
    match drawing {
        Drawing::Fill(value) => bitmap.fill(*value),
        Drawing::Set { x, y, value } => bitmap.set(*x, *y, *value),
        Drawing::FillRegion(area, value) => bitmap.fill_region(*area, *value),
        Drawing::Line { from, to, value } => bitmap.draw_line(*from, *to, *value),
        Drawing::Polygon { points, value, close } => bitmap.draw_polygon(points, *value, *close),
        Drawing::Circle { center, radius, value } => bitmap.draw_circle(*center, *radius, *value),
        Drawing::ReplaceColor { old, new } => bitmap.replace_color(*old, *new),
        Drawing::BoundaryFill { at, value, replaced } => {
            let size = bitmap.size();
            let mut scratch = vec![0; Bitmap::fill_scratch_bytes(size.width, size.height)];
            bitmap.boundary_fill(*at, *value, *replaced, &mut scratch)
        }
        Drawing::Blit { source: id, region, to, skip } if *id == target => {
            bitmap.copy_within(*region, *to, *skip)
        }
        Drawing::Blit { source: id, region, to, skip } => {
            from(*id, &mut |source| bitmap.blit(source, *region, *to, *skip))
        }
        Drawing::Rotozoom { source, options } => {
            from(*source, &mut |source| bitmap.rotozoom(source, options))
        }
        Drawing::ArrayBlit { area, values, skip } => bitmap.array_blit(*area, values, *skip),
        Drawing::AlphaBlend(mixture) => {
            let Mixture { sources: [first, second], colorspace, mask, options } = &**mixture;
            from(*first, &mut |first| {
                from(*second, &mut |second| match mask {
                    None => bitmap.alpha_blend(first, second, *colorspace, options),
                    Some(mask) => from(*mask, &mut |mask| {
                        let options = Blend { mask: Some(*mask), ..*options };
                        bitmap.alpha_blend(first, second, *colorspace, &options)
                    }),
                })
            })
        }
        Drawing::Dither { source, colorspace, diffusion } => {
            let mut scratch = vec![0; Bitmap::dither_scratch_len(bitmap.size().width)];
            from(*source, &mut |source| {
                bitmap.dither(source, *colorspace, *diffusion, &mut scratch)
            })
        }
        Drawing::ReadInto { .. } => Ok(()),
    }
}

fn in_memory<'b, 'm>(bitmaps: &'b [AnyBitmap<'m>], id: BitmapId) -> Option<&'b Rc<Bitmap<'m>>> {
    match &bitmaps[id.0] {
        AnyBitmap::InMemory(bitmap) => Some(bitmap),
        AnyBitmap::OnDisk(_) => None,
    }
}

type Draw<'d> = dyn FnMut(&View<'_>) -> Result<(), BitmapError> + 'd;

/// Draws from the pixels of a bitmap: a copy of them where it is the one that is drawn on.
fn with_pixels(
    bitmaps: &[AnyBitmap<'_>],
    target: BitmapId,
    id: BitmapId,
    draw: &mut Draw<'_>,
) -> Result<(), BitmapError> {
    let Some(bitmap) = in_memory(bitmaps, id) else { return Ok(()) };
    if id != target {
        return bitmap.read(|view| draw(&view))?;
    }
    let copy = bitmap.read(|view| view.bytes.to_vec())?;
    let stride_bytes = bitmap.depth().stride_bytes(bitmap.size().width);
    draw(&View::new(&copy, stride_bytes, bitmap.size(), bitmap.layout()))
}

fn read_into(
    bitmap: &Bitmap<'_>,
    path: &Path,
    offset: u64,
    format: RawFormat,
) -> Result<(), Box<dyn core::error::Error>> {
    let mut file = BufReader::new(File::open(path)?);
    file.seek(SeekFrom::Start(offset))?;
    Ok(bitmap.read_into(&mut FromStd::new(file), format)?)
}
