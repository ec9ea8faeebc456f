//! Instructions of bitmap tools.

use core::hint::black_box;

use displayio_allocators::LinkedListHeap;
use displayio_bench_firmware::{ANGLE, Counter};
use displayio_benches::BenchError;
use displayio_core::{
    Area, Bitmap, BitmapError, Blend, Colorspace, Depth, Diffusion, Region, Rotozoom, Size, Skip,
};
use semihosting::println;

/// Width and height of the bitmaps, in pixels.
const SIDE: u16 = 64;

/// Width and height of what is copied from one to the other where it does not lie to bytes.
const SHIFTED_SIDE: u16 = 60;

const fn pixels(side: u16) -> u32 {
    side as u32 * side as u32
}

/// Bitmaps of one depth, and what counts.
struct Bench<'b> {
    counter: &'b Counter,
    bitmap: Bitmap<'b>,
    source: Bitmap<'b>,
}

/// Measures the tools on bitmaps of 4 and of 16 bits.
pub(crate) fn measure(counter: &Counter, heap: &LinkedListHeap<'_>) -> Result<(), BenchError> {
    for depth in [Depth::Bpp4, Depth::Bpp16] {
        let bitmap = Bitmap::new_in(SIDE, SIDE, depth, heap)?;
        let source = Bitmap::new_in(SIDE, SIDE, depth, heap)?;
        let bench = Bench { counter, bitmap, source };
        bench.draw()?;
        bench.copy()?;
        bench.fill()?;
        if depth == Depth::Bpp16 {
            bench.mix()?;
        }
    }
    Ok(())
}

impl Bench<'_> {
    /// Counts a tool that sets so many pixels.
    fn count(
        &self,
        name: &str,
        pixels: u32,
        tool: impl FnOnce(&Bitmap<'_>) -> Result<(), BitmapError>,
    ) -> Result<(), BitmapError> {
        let start = Counter::read();
        tool(black_box(&self.bitmap))?;
        let instructions = self.counter.since(start);
        println!("tool-{name}-{},0,{instructions},{pixels}", self.bitmap.depth().bits());
        Ok(())
    }

    fn draw(&self) -> Result<(), BitmapError> {
        self.count("set", 1, |bitmap| bitmap.set(5, 5, 1))?;
        self.count("line", 61, |bitmap| bitmap.draw_line((0, 0), (60, 33), 1))?;
        let (middle, radius) = ((30, 30), 20);
        // Eight octants, up to where the sides are equal.
        self.count("circle", 8 * 15, |bitmap| bitmap.draw_circle(middle, radius, 1))?;
        let inside = Area::new(1, 1, 61, 61);
        self.count("fill-region", inside.pixels(), |bitmap| bitmap.fill_region(inside, 1))
    }

    fn copy(&self) -> Result<(), BitmapError> {
        let (source, all) = (&self.source, Region::of_size(Size::new(SIDE, SIDE)));
        self.count("blit", pixels(SIDE), |bitmap| bitmap.blit(source, all, (0, 0), Skip::NONE))?;
        let shifted = Region { x: 1, y: 1, size: Size::new(SHIFTED_SIDE, SHIFTED_SIDE) };
        self.count("blit-shifted", pixels(SHIFTED_SIDE), |bitmap| {
            bitmap.blit(source, shifted, (2, 2), Skip::NONE)
        })?;
        let skip = Skip { source: Some(1), ..Skip::NONE };
        self.count("blit-skip", pixels(SIDE), |bitmap| bitmap.blit(source, all, (0, 0), skip))?;
        let turned = Rotozoom { sin_cos: black_box(ANGLE), scale: 1.5, ..Rotozoom::default() };
        self.count("rotozoom", pixels(SIDE), |bitmap| bitmap.rotozoom(source, &turned))
    }

    fn fill(&self) -> Result<(), BitmapError> {
        self.bitmap.fill(0)?;
        self.count("replace-color", pixels(SIDE), |bitmap| bitmap.replace_color(0, 1))?;
        let mut scratch = [0; Bitmap::fill_scratch_bytes(SIDE, SIDE)];
        self.count("boundary-fill", pixels(SIDE), |bitmap| {
            bitmap.boundary_fill((20, 20), 0, None, &mut scratch)
        })
    }

    /// Tools for colours.
    fn mix(&self) -> Result<(), BitmapError> {
        let source = &self.source;
        self.count("blend-over", pixels(SIDE), |bitmap| {
            bitmap.blend_over(source, Colorspace::Rgb565, &Blend::default())
        })?;
        let mut sums = [0; Bitmap::dither_scratch_len(SIDE)];
        self.count("dither", pixels(SIDE), |bitmap| {
            bitmap.dither(source, Colorspace::Rgb565, Diffusion::FloydSteinberg, &mut sums)
        })
    }
}
