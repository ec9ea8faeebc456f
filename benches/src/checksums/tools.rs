//! Every bitmap tool, on bitmaps of every depth.

use crc32fast::Hasher;
use displayio_core::{
    Area, Bitmap, BitmapError, Blend, Colorspace, Depth, Diffusion, Heap, PixelSource, RawFormat,
    Region, Rotozoom, Size, Skip, SliceFile,
};

use super::{Print, noise};
use crate::BenchError;

/// Sizes of the bitmap and of what is copied onto it: rows end in the middle of bytes and of words.
const SIZE: Size = Size::new(61, 43);
const SOURCE_SIZE: Size = Size::new(53, 40);

/// What is read as a raw picture: any bytes do, and those of a font are at hand.
const RAW: &[u8] = include_bytes!("../../../displayio-core/tests/fonts/files/helvR12.pcf");

/// Draws on the first; the second is a source.
type Tool = fn(&Bitmap<'_>, &Bitmap<'_>) -> Result<(), BitmapError>;

/// Each draws on what those before it drew.
const TOOLS: [(&str, Tool); 11] = [
    ("fill-region", |bitmap, _| bitmap.fill_region(Area::new(3, 2, 58, 40), 1)),
    ("blit", |bitmap, source| bitmap.blit(source, part(0), (0, 0), Skip::NONE)),
    ("blit-shifted", |bitmap, source| bitmap.blit(source, part(3), (6, 5), Skip::NONE)),
    ("blit-skip", |bitmap, source| {
        bitmap.blit(source, part(1), (2, -3), Skip { source: Some(1), ..Skip::NONE })
    }),
    ("copy-within", |bitmap, _| bitmap.copy_within(part(5), (8, 6), Skip::NONE)),
    ("line", |bitmap, _| bitmap.draw_line((0, 0), (60, 33), 1)),
    ("polygon", |bitmap, _| bitmap.draw_polygon(&[(5, 5), (50, 8), (20, 38)], 0, true)),
    ("circle", |bitmap, _| bitmap.draw_circle((30, 20), 17, 1)),
    ("boundary-fill", |bitmap, _| {
        let mut scratch = [0; Bitmap::fill_scratch_bytes(SIZE.width, SIZE.height)];
        bitmap.boundary_fill((30, 20), 1, None, &mut scratch)
    }),
    ("replace-color", |bitmap, _| bitmap.replace_color(1, 0)),
    ("rotozoom", |bitmap, source| {
        bitmap.rotozoom(source, &Rotozoom { scale: 1.3, ..Rotozoom::turned(0.7) })
    }),
];

/// Tools for colours of 16 bits.
const COLOR_TOOLS: [(&str, Tool); 3] = [
    ("alpha-blend", |bitmap, source| {
        bitmap.alpha_blend(source, source, Colorspace::Rgb565, &Blend::default())
    }),
    ("blend-over", |bitmap, source| {
        bitmap.blend_over(source, Colorspace::Rgb565, &Blend::default())
    }),
    ("dither", |bitmap, source| {
        let mut scratch = [0; Bitmap::dither_scratch_len(SIZE.width)];
        bitmap.dither(source, Colorspace::Rgb565, Diffusion::FloydSteinberg, &mut scratch)
    }),
];

/// Prints a line for each depth and tool.
pub(super) fn print_all(heap: Heap<'_>, print: Print<'_>) -> Result<(), BenchError> {
    for depth in Depth::ALL {
        let (bitmap, source) = (noise(SIZE, depth, heap)?, noise(SOURCE_SIZE, depth, heap)?);
        for (name, tool) in TOOLS {
            print_tool(name, &bitmap, print, || tool(&bitmap, &source))?;
        }
        print_tool("read-into", &bitmap, print, || {
            // Its error is of another type; what is not read shows.
            let format = RawFormat::new(depth.bits());
            let _ = bitmap.read_into(&mut SliceFile::new(RAW), format);
            Ok(())
        })?;
    }
    let (bitmap, source) = (noise(SIZE, Depth::Bpp16, heap)?, noise(SIZE, Depth::Bpp16, heap)?);
    for (name, tool) in COLOR_TOOLS {
        print_tool(name, &bitmap, print, || tool(&bitmap, &source))?;
    }
    Ok(())
}

fn print_tool(
    name: &str,
    bitmap: &Bitmap<'_>,
    print: Print<'_>,
    tool: impl FnOnce() -> Result<(), BitmapError>,
) -> Result<(), BenchError> {
    print(format_args!("tool-{name}-{},0,", bitmap.depth().bits()));
    tool()?;
    print(format_args!("{:08x}\n", checksum(bitmap)));
    Ok(())
}

/// Values, not bytes: each is four bytes of what is summed up, low ones first.
fn checksum(bitmap: &Bitmap<'_>) -> u32 {
    let Size { width, height } = bitmap.size();
    let mut hasher = Hasher::new();
    for y in 0..height {
        for x in 0..width {
            hasher.update(&bitmap.get(x, y).unwrap_or_default().to_le_bytes());
        }
    }
    hasher.finalize()
}

/// What is left of the source from (`from`, `from`) on.
const fn part(from: u16) -> Region {
    let size = Size::new(SOURCE_SIZE.width - from, SOURCE_SIZE.height - from);
    Region { x: from, y: from, size }
}
