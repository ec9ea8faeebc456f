//! Operations on bitmaps, before the first refresh and in steps.

use displayio_core::{
    Area, Blend, BlendMode, Colorspace, Depth, Diffusion, RawFormat, Region, Rotozoom, Size, Skip,
};

use super::{Parser, Result, nodes::point, tables::colorspace};
use crate::scene::{BitmapId, BitmapSpec, Drawing, Mixture, cursor::Cursor};

impl<'v> Parser<'v> {
    /// An operation on a bitmap, whose name is item `first` of the list.
    pub(super) fn drawing(
        &mut self,
        at: &Cursor<'v>,
        first: usize,
        target: BitmapId,
    ) -> Result<Drawing> {
        let (size, depth) = self.in_memory(target, at)?;
        let name = at.item(first)?;
        let all = u64::from(size.width) * u64::from(size.height);
        let arguments = Arguments { parser: self, list: at, first: first + 1, size, depth };
        let (drawing, pixels) = match name.text()? {
            "fill" => (Drawing::Fill(arguments.value(0)?), all),
            "set" => (arguments.set()?, 1),
            "fill_region" => (arguments.fill_region()?, all),
            "draw_line" => arguments.line()?,
            "draw_polygon" => arguments.polygon()?,
            "draw_circle" => (arguments.circle()?, 8 << 16),
            "replace_color" => {
                (Drawing::ReplaceColor { old: arguments.value(0)?, new: arguments.value(1)? }, all)
            }
            "boundary_fill" => (arguments.boundary_fill()?, all),
            "blit" => (arguments.blit()?, all),
            "rotozoom" => (arguments.rotozoom()?, all),
            "arrayblit" => (arguments.array_blit()?, all),
            "alphablend" => (arguments.alpha_blend()?, 4 * all),
            "dither" => (arguments.dither()?, all),
            "readinto" => (arguments.read_into()?, all),
            other => return Err(name.refuse(format_args!("unknown bitmap operation {other:?}"))),
        };
        self.spend(pixels, at)?;
        Ok(drawing)
    }

    /// Size and depth of a bitmap that can be drawn on, or drawn from.
    fn in_memory(&self, id: BitmapId, at: &Cursor<'_>) -> Result<(Size, Depth)> {
        match self.bitmaps[id.0] {
            BitmapSpec::InMemory { size, depth, .. } => Ok((size, depth)),
            BitmapSpec::OnDisk { .. } => {
                Err(at.refuse("a picture on disk cannot be drawn on, nor from"))
            }
        }
    }
}

/// What follows the name of an operation on a bitmap.
struct Arguments<'a, 'v> {
    parser: &'a Parser<'v>,
    list: &'a Cursor<'v>,
    first: usize,
    /// Of the bitmap that is drawn on.
    size: Size,
    depth: Depth,
}

impl<'v> Arguments<'_, 'v> {
    fn get(&self, index: usize) -> Result<Cursor<'v>> {
        self.list.item(self.first + index)
    }

    /// An argument that may be absent, or be a field of a trailing object.
    fn optional(&self, index: usize, name: &'v str) -> Result<Option<Cursor<'v>>> {
        if let Some(argument) =
            self.list.items()?.nth(self.first + index).filter(|at| !at.is_object())
        {
            return Ok(Some(argument));
        }
        let options = self.list.items()?.last().filter(Cursor::is_object);
        options.map_or(Ok(None), |options| options.optional(name))
    }

    fn value(&self, index: usize) -> Result<u32> {
        self.get(index)?.integer(0..=self.depth.max_value())
    }

    /// A pixel value that may be absent; one that no pixel has is as good as none.
    fn optional_value(&self, index: usize, name: &'v str) -> Result<Option<u32>> {
        self.optional(index, name)?.map(|value| value.integer(0..=u32::MAX)).transpose()
    }

    fn coordinate(&self, index: usize) -> Result<i16> {
        self.get(index)?.integer(i16::MIN..=i16::MAX)
    }

    fn point(&self, index: usize) -> Result<(i16, i16)> {
        Ok((self.coordinate(index)?, self.coordinate(index + 1)?))
    }

    /// The pixel of the bitmap at two arguments from `index` on.
    fn pixel(&self, index: usize) -> Result<(u16, u16)> {
        let x = self.get(index)?.integer(0..=self.size.width - 1)?;
        Ok((x, self.get(index + 1)?.integer(0..=self.size.height - 1)?))
    }

    fn set(&self) -> Result<Drawing> {
        let (x, y) = self.pixel(0)?;
        Ok(Drawing::Set { x, y, value: self.value(2)? })
    }

    fn fill_region(&self) -> Result<Drawing> {
        let (width, height) = (self.size.width.cast_signed(), self.size.height.cast_signed());
        let (x1, y1) = (self.get(0)?.integer(0..=width)?, self.get(1)?.integer(0..=height)?);
        let (x2, y2) = (self.get(2)?.integer(x1..=width)?, self.get(3)?.integer(y1..=height)?);
        Ok(Drawing::FillRegion(Area::new(x1, y1, x2, y2), self.value(4)?))
    }

    /// A line, and the pixels that it takes.
    fn line(&self) -> Result<(Drawing, u64)> {
        let (from, to) = (self.point(0)?, self.point(2)?);
        Ok((Drawing::Line { from, to, value: self.value(4)? }, line_pixels(from, to)))
    }

    fn circle(&self) -> Result<Drawing> {
        let (width, height) = (self.size.width.cast_signed(), self.size.height.cast_signed());
        let center = (self.get(0)?.integer(0..=width)?, self.get(1)?.integer(0..=height)?);
        let radius = self.get(2)?.integer(0..=u16::MAX)?;
        Ok(Drawing::Circle { center, radius, value: self.value(3)? })
    }

    /// A polygon, and the pixels that it takes.
    fn polygon(&self) -> Result<(Drawing, u64)> {
        let (xs, ys) = (self.get(0)?, self.get(1)?);
        if xs.items()?.len() != ys.items()?.len() {
            return Err(ys.refuse("as many y as x coordinates are needed"));
        }
        let coordinate = |at: Cursor<'_>| at.integer(i16::MIN..=i16::MAX);
        let points = xs
            .items()?
            .zip(ys.items()?)
            .map(|(x, y)| Ok((coordinate(x)?, coordinate(y)?)))
            .collect::<Result<Vec<_>>>()?;
        let ends = points.iter().zip(points.iter().cycle().skip(1));
        let pixels = ends.map(|(&from, &to)| line_pixels(from, to)).sum();
        let close = self.optional(3, "close")?.map_or(Ok(true), |close| close.flag())?;
        Ok((Drawing::Polygon { points, value: self.value(2)?, close }, pixels))
    }

    fn boundary_fill(&self) -> Result<Drawing> {
        let replaced = self.optional(3, "replaced_color_value")?;
        let replaced = replaced.map(|at| at.integer(0..=self.depth.max_value())).transpose()?;
        Ok(Drawing::BoundaryFill { at: self.pixel(0)?, value: self.value(2)?, replaced })
    }

    /// A bitmap that is drawn from, with its size and depth.
    fn source(&self, at: &Cursor<'v>) -> Result<(BitmapId, Size, Depth)> {
        let id = self.parser.bitmap_id(at)?;
        let (size, depth) = self.parser.in_memory(id, at)?;
        Ok((id, size, depth))
    }

    /// A bitmap whose values fit into this one's.
    fn shallow_source(&self, index: usize) -> Result<(BitmapId, Size)> {
        let at = self.get(index)?;
        let (id, size, depth) = self.source(&at)?;
        if depth.bits() > self.depth.bits() {
            return Err(at.refuse("the source has more bits per pixel"));
        }
        Ok((id, size))
    }

    fn blit(&self) -> Result<Drawing> {
        let (source, from) = self.shallow_source(0)?;
        let (width, height) = (self.size.width.cast_signed(), self.size.height.cast_signed());
        let to = (self.get(1)?.integer(0..=width)?, self.get(2)?.integer(0..=height)?);
        let Area { x1, y1, x2, y2 } = self.area(3, from)?;
        let region = Region {
            x: x1.unsigned_abs(),
            y: y1.unsigned_abs(),
            size: Size::new(x1.abs_diff(x2), y1.abs_diff(y2)),
        };
        let skip = Skip {
            source: self.optional_value(7, "skip_source_index")?,
            dest: self.optional_value(8, "skip_dest_index")?,
        };
        Ok(Drawing::Blit { source, region, to, skip })
    }

    /// The area x1, y1, x2, y2 from argument `index` on, all of a picture of `size` where they are absent.
    fn area(&self, index: usize, size: Size) -> Result<Area> {
        let (width, height) = (size.width.cast_signed(), size.height.cast_signed());
        let side = |index, name, default, from, to| {
            self.optional(index, name)?.map_or(Ok(default), |at| at.integer(from..=to))
        };
        let (x1, y1) = (side(index, "x1", 0, 0, width)?, side(index + 1, "y1", 0, 0, height)?);
        let x2 = side(index + 2, "x2", width, x1, width)?;
        Ok(Area::new(x1, y1, x2, side(index + 3, "y2", height, y1, height)?))
    }

    fn rotozoom(&self) -> Result<Drawing> {
        let (source, _) = self.shallow_source(0)?;
        let pair = |x, y| -> Result<Option<(i16, i16)>> {
            let coordinate = |name| {
                self.optional(1, name)?.map(|at| at.integer(i16::MIN..=i16::MAX)).transpose()
            };
            Ok(coordinate(x)?.zip(coordinate(y)?))
        };
        let clip = |corner0, corner1| -> Result<Option<Area>> {
            let corner = |name| self.optional(1, name)?.map(|at| point(&at)).transpose();
            let corners: Option<(Corner, Corner)> = corner(corner0)?.zip(corner(corner1)?);
            Ok(corners.map(|((x1, y1), (x2, y2))| {
                Area::new(x1.min(x2), y1.min(y2), x1.max(x2), y1.max(y2))
            }))
        };
        let real = |name| self.optional(1, name)?.map(|at| single(&at)).transpose();
        let options = Rotozoom {
            scale: real("scale")?.unwrap_or(1.0),
            to: pair("ox", "oy")?,
            pivot: pair("px", "py")?,
            clip: clip("dest_clip0", "dest_clip1")?,
            source_clip: clip("source_clip0", "source_clip1")?,
            skip: self.optional_value(1, "skip_index")?,
            ..Rotozoom::turned(real("angle")?.unwrap_or(0.0))
        };
        Ok(Drawing::Rotozoom { source, options })
    }

    fn array_blit(&self) -> Result<Drawing> {
        let at = self.get(0)?;
        let values: Vec<u32> =
            at.items()?.map(|value| value.integer(0..=u32::MAX)).collect::<Result<_>>()?;
        let area = self.area(1, self.size)?;
        if values.len() < area.pixels() as usize {
            let needed = area.pixels();
            return Err(at.refuse(format_args!("{needed} values are needed")));
        }
        Ok(Drawing::ArrayBlit { area, values, skip: self.optional_value(5, "skip_index")? })
    }

    fn alpha_blend(&self) -> Result<Drawing> {
        let colorspace = self.colorspace(2)?;
        let depth = if colorspace == Colorspace::L8 { Depth::Bpp8 } else { Depth::Bpp16 };
        let like_this = |at: &Cursor<'v>, depth: Depth| {
            let (id, size, found) = self.source(at)?;
            if (size, found) == (self.size, depth) {
                return Ok(id);
            }
            let bits = depth.bits();
            Err(at.refuse(format_args!("a bitmap of the same size and {bits} bits is needed")))
        };
        if self.depth != depth {
            return Err(self.list.refuse("the bitmap does not have the bits of the color space"));
        }
        let sources = [like_this(&self.get(0)?, depth)?, like_this(&self.get(1)?, depth)?];
        let mask = self.optional(8, "mask")?.map(|at| like_this(&at, Depth::Bpp8)).transpose()?;
        let factor1 = self.optional(3, "factor1")?.map_or(Ok(0.5), |at| single(&at))?;
        let factor2 = self.optional(4, "factor2")?.map_or(Ok(1.0 - factor1), |at| single(&at))?;
        let options = Blend {
            mode: self.blend_mode()?,
            factor1: in_256ths(factor1),
            factor2: in_256ths(factor2),
            skip1: self.optional_value(6, "skip_source1_index")?,
            skip2: self.optional_value(7, "skip_source2_index")?,
            mask: None,
        };
        Ok(Drawing::AlphaBlend(Box::new(Mixture { sources, colorspace, mask, options })))
    }

    fn blend_mode(&self) -> Result<BlendMode> {
        let Some(at) = self.optional(5, "blendmode")? else { return Ok(BlendMode::Normal) };
        match at.text()? {
            "Normal" => Ok(BlendMode::Normal),
            "Screen" => Ok(BlendMode::ScreenOf32Bits),
            other => Err(at.refuse(format_args!("unknown blend mode {other:?}"))),
        }
    }

    /// A colour space in which bitmaps are mixed and dithered: of 5, 6 and 5 bits, or grey.
    fn colorspace(&self, index: usize) -> Result<Colorspace> {
        use Colorspace::{Bgr565, Bgr565Swapped, L8, Rgb565, Rgb565Swapped};
        let at = self.get(index)?;
        match colorspace(&at)? {
            known @ (L8 | Rgb565 | Rgb565Swapped | Bgr565 | Bgr565Swapped) => Ok(known),
            other => Err(at.refuse(format_args!("{other:?} cannot be used here"))),
        }
    }

    fn dither(&self) -> Result<Drawing> {
        let at = self.get(0)?;
        let (source, size, depth) = self.source(&at)?;
        let colorspace = self.colorspace(1)?;
        let needed = if colorspace == Colorspace::L8 { Depth::Bpp8 } else { Depth::Bpp16 };
        if (size, depth) != (self.size, needed) || !matches!(self.depth, Depth::Bpp1 | Depth::Bpp16)
        {
            return Err(at.refuse("the bitmaps' sizes or depths do not fit"));
        }
        let diffusion = match self.optional(2, "algorithm")? {
            None => Diffusion::Atkinson,
            Some(at) => match at.text()? {
                "Atkinson" => Diffusion::Atkinson,
                "FloydStenberg" | "FloydSteinberg" => Diffusion::FloydSteinberg,
                other => return Err(at.refuse(format_args!("unknown algorithm {other:?}"))),
            },
        };
        Ok(Drawing::Dither { source, colorspace, diffusion })
    }

    fn read_into(&self) -> Result<Drawing> {
        let path = self.parser.assets.find(&self.get(0)?)?;
        let number = |index, name, default, most| {
            self.optional(index, name)?.map_or(Ok(default), |at| at.integer(0..=most))
        };
        let flag = |name| self.optional(2, name)?.map_or(Ok(false), |at| at.flag());
        let format = RawFormat {
            bits_per_pixel: number(2, "bits_per_pixel", 8, 32)?,
            element_bytes: number(3, "element_size", 1, 4)?,
            high_bits_first: flag("reverse_pixels_in_element")?,
            big_endian: flag("swap_bytes")? || flag("swap_bytes_in_element")?,
            bottom_up: flag("reverse_rows")?,
        };
        let offset = self.optional(1, "offset")?.map_or(Ok(0), |at| at.integer(0..=i64::MAX))?;
        Ok(Drawing::ReadInto { path, offset: offset.unsigned_abs(), format })
    }
}

type Corner = (i16, i16);

/// A number in single precision.
#[expect(clippy::cast_possible_truncation, reason = "precision is lost on purpose")]
fn single(at: &Cursor<'_>) -> Result<f32> {
    Ok(at.number()? as f32)
}

/// A factor from 0 to 1.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
fn in_256ths(factor: f32) -> u16 {
    (factor.clamp(0.0, 1.0) * 256.0) as u16
}

fn line_pixels((x1, y1): (i16, i16), (x2, y2): (i16, i16)) -> u64 {
    u64::from(x1.abs_diff(x2).max(y1.abs_diff(y2))) + 1
}
