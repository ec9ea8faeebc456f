//! Two pictures mixed into one.

use super::{Bitmap, BitmapError, Canvas, blit::viewed};
use crate::{Area, Colorspace, Depth, PixelLayout, PixelSource, Size, View, rows::RUN};

/// The formula by which [`Bitmap::alpha_blend`] mixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum BlendMode {
    /// The second picture lies over the first.
    #[default]
    Normal,
    /// Their lights add up: never darker than either.
    Screen,
    /// [`Screen`](Self::Screen) as CircuitPython computes it, in 32 bits with a sign, which are too few where both pictures
    /// are bright and nearly opaque: for pictures that must equal its.
    ScreenOf32Bits,
}

/// How [`Bitmap::alpha_blend`] mixes.
///
/// By default both pictures count half.
#[derive(Debug, Clone, Copy)]
pub struct Blend<'v> {
    /// The formula.
    pub mode: BlendMode,
    /// How opaque the first picture is, in 256ths; more than 256 is taken for 256.
    pub factor1: u16,
    /// How opaque the second picture is, in 256ths; more than 256 is taken for 256.
    pub factor2: u16,
    /// The value that is transparent in the first picture.
    pub skip1: Option<u32>,
    /// The value that is transparent in the second picture.
    pub skip2: Option<u32>,
    /// How opaque each pixel of the second picture is, besides its factor: 8 bits each, 255 for wholly.
    pub mask: Option<View<'v>>,
}

impl Blend<'_> {
    /// The factor of an opaque picture.
    pub const OPAQUE: u16 = 256;
}

impl Default for Blend<'_> {
    fn default() -> Self {
        Self {
            mode: BlendMode::Normal,
            factor1: Self::OPAQUE / 2,
            factor2: Self::OPAQUE / 2,
            skip1: None,
            skip2: None,
            mask: None,
        }
    }
}

impl Bitmap<'_> {
    /// Mixes two pictures of its size and depth into the bitmap.
    ///
    /// Colours are [`L8`](Colorspace::L8) at 8 bits per pixel, or those of 5, 6 and 5 bits at 16. Where both pictures are
    /// transparent, the bitmap keeps its pixel; viewers redraw the box around the other pixels. Where only one is, the
    /// other is dimmed by its factor. There the 5, 6 and 5 bits are not parted, as in the reference: fractions of a channel
    /// spill into the next lower one.
    ///
    /// To mix something over the bitmap itself, see [`blend_over`](Self::blend_over).
    ///
    /// Cost: time in the pixels of the bitmap, with one division per channel.
    ///
    /// # Errors
    /// [`BitmapError`]: `WrongColorspace`, `SizeMismatch`, or `Busy`; the bitmap is as it was.
    pub fn alpha_blend<A: PixelSource, B: PixelSource>(
        &self,
        source1: &A,
        source2: &B,
        colorspace: Colorspace,
        options: &Blend<'_>,
    ) -> Result<(), BitmapError> {
        viewed(source1, &mut |view1| {
            viewed(source2, &mut |view2| self.blend(Some(view1), view2, colorspace, options))
        })
    }

    /// Mixes a picture of its size and depth over the bitmap, which is the first picture of [`alpha_blend`](Self::alpha_blend).
    ///
    /// # Errors
    /// As for [`alpha_blend`](Self::alpha_blend).
    pub fn blend_over<S: PixelSource>(
        &self,
        source: &S,
        colorspace: Colorspace,
        options: &Blend<'_>,
    ) -> Result<(), BitmapError> {
        viewed(source, &mut |view| self.blend(None, view, colorspace, options))
    }

    /// The first picture is the bitmap itself where none is given.
    fn blend(
        &self,
        view1: Option<&View<'_>>,
        view2: &View<'_>,
        colorspace: Colorspace,
        options: &Blend<'_>,
    ) -> Result<(), BitmapError> {
        let blender = Blender::new(colorspace, view2.layout, options)?;
        let own = (PixelLayout::Packed(self.depth()), self.size);
        let of = |view: &View<'_>| (view.layout, view.size);
        for (layout, size) in [view1.map_or(own, of), of(view2), own] {
            check_layout(layout, blender.depth, colorspace)?;
            check_size(size, self.size)?;
        }
        if let Some(mask) = &options.mask {
            check_layout(mask.layout, Depth::Bpp8, Colorspace::L8)?;
            check_size(mask.size, self.size)?;
        }
        self.apply(&mut |canvas| blender.run(canvas, view1, view2))
    }
}

fn check_layout(
    layout: PixelLayout,
    depth: Depth,
    colorspace: Colorspace,
) -> Result<(), BitmapError> {
    if layout == PixelLayout::Packed(depth) {
        Ok(())
    } else {
        Err(BitmapError::WrongColorspace { colorspace, bits: layout.bits() })
    }
}

pub(super) fn check_size(given: Size, needed: Size) -> Result<(), BitmapError> {
    if given == needed { Ok(()) } else { Err(BitmapError::SizeMismatch { needed, given }) }
}

/// The bits of each channel of a pixel of 5, 6 and 5 bits.
const CHANNELS_565: [u32; 3] = [0xf800, 0x07e0, 0x001f];

/// A mixture that is set up. All factors are in 256ths and at most 256, so that 32 bits hold every product.
struct Blender<'o> {
    options: &'o Blend<'o>,
    factor1: u32,
    factor2: u32,
    depth: Depth,
    swapped: bool,
}

impl<'o> Blender<'o> {
    fn new(
        colorspace: Colorspace,
        layout: PixelLayout,
        options: &'o Blend<'_>,
    ) -> Result<Self, BitmapError> {
        let (depth, swapped) = match colorspace {
            Colorspace::L8 => (Depth::Bpp8, false),
            Colorspace::Rgb565 | Colorspace::Bgr565 => (Depth::Bpp16, false),
            Colorspace::Rgb565Swapped | Colorspace::Bgr565Swapped => (Depth::Bpp16, true),
            _ => return Err(BitmapError::WrongColorspace { colorspace, bits: layout.bits() }),
        };
        let factor = |factor: u16| factor.min(Blend::OPAQUE).into();
        let (factor1, factor2) = (factor(options.factor1), factor(options.factor2));
        Ok(Self { options, factor1, factor2, depth, swapped })
    }

    fn run(&self, canvas: &mut Canvas<'_>, view1: Option<&View<'_>>, view2: &View<'_>) -> Area {
        let Size { width, height } = canvas.size;
        canvas.rewrite(0..width.into(), 0..height.into(), &mut |own, (x, y), values| {
            let (mut second, mut mask) = ([0; RUN], [255; RUN]);
            view1.unwrap_or(own).unpack(x, y, values);
            view2.unpack(x, y, &mut second);
            if let Some(view) = &self.options.mask {
                mask = [0; RUN];
                view.unpack(x, y, &mut mask);
            }
            let mut chosen = 0;
            for (i, (value, (second, mask))) in
                values.iter_mut().zip(second.into_iter().zip(mask)).enumerate()
            {
                if let Some(mixed) = self.pixel(*value, second, mask) {
                    *value = mixed;
                    chosen |= 1 << i;
                }
            }
            chosen
        })
    }

    /// The mixed pixel; `None` where the bitmap keeps its own.
    fn pixel(&self, value1: u32, value2: u32, mask: u32) -> Option<u32> {
        let (value1, value2) = (self.swap(value1), self.swap(value2));
        let factor2 = (self.factor2 * mask + 127) / 255;
        let visible1 = Some(value1) != self.options.skip1;
        let visible2 = Some(value2) != self.options.skip2 && mask != 0;
        let mixed = match (visible1, visible2) {
            (true, true) => self.mix((value1, self.factor1), (value2, factor2))?,
            (true, false) => self.dim(value1, self.factor1),
            (false, true) => self.dim(value2, factor2),
            (false, false) => return None,
        };
        Some(self.swap(mixed))
    }

    const fn swap(&self, value: u32) -> u32 {
        if self.swapped { (value & 0xff) << 8 | value >> 8 & 0xff } else { value }
    }

    /// A value by its factor; channels are not parted from the bits below them.
    fn dim(&self, value: u32, factor: u32) -> u32 {
        if self.depth == Depth::Bpp8 {
            return value * factor / 256;
        }
        CHANNELS_565.into_iter().fold(0, |dim, channel| dim | ((value & channel) * factor / 256))
    }

    /// Values with their factors; `None` for colours that are both wholly transparent.
    fn mix(&self, (v1, f1): (u32, u32), (v2, f2): (u32, u32)) -> Option<u32> {
        let total = f1 + f2 - f1 * f2 / 256;
        let channel = |p1: u32, p2: u32| {
            let (a1, a2) = (p1 * f1, p2 * f2);
            let sum = match self.options.mode {
                BlendMode::Normal => a2 + a1 * (256 - f2) / 256,
                BlendMode::Screen => a2 + a1 - a2 * a1 / 65536,
                BlendMode::ScreenOf32Bits => return overflowing_screen(a1, a2, total),
            };
            (sum / total).min(255)
        };
        match (self.depth, total) {
            // As in the reference, greys become black where colours are kept.
            (Depth::Bpp8, 0) => return Some(0),
            (_, 0) => return None,
            (Depth::Bpp8, _) => {
                return Some(channel(v1, v2).cast_signed().clamp(0, 255).cast_unsigned());
            }
            _ => {}
        }
        let red = channel(v1 >> 8 & 0xf8, v2 >> 8 & 0xf8);
        let green = channel(v1 >> 3 & 0xfc, v2 >> 3 & 0xfc);
        let blue = channel(v1 << 3 & 0xf8, v2 << 3 & 0xf8);
        Some((red << 8 & 0xf800) | (green << 3 & 0x07e0) | (blue >> 3 & 0x001f))
    }
}

/// A channel that may overflow, of which the low bits count.
const fn overflowing_screen(a1: u32, a2: u32, total: u32) -> u32 {
    let product = a2.wrapping_mul(a1).cast_signed();
    let sum = a2.cast_signed() + a1.cast_signed() - product / 65536;
    (sum / total.cast_signed()).cast_unsigned()
}
