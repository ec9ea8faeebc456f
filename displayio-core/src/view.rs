//! Pixels as they lie in memory, and where they come from.

use core::ops::Range;

use crate::{Change, Mark, Size, Tracked};

/// Bits per pixel of a bitmap. Below 8 bits the leftmost pixel is in the high bits of its byte; 16- and 32-bit pixels
/// are little-endian. Rows start at multiples of four bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Depth {
    /// 2 values, 8 pixels per byte.
    Bpp1,
    /// 4 values, 4 pixels per byte.
    Bpp2,
    /// 16 values, 2 pixels per byte.
    Bpp4,
    /// 256 values.
    Bpp8,
    /// 65 536 values.
    Bpp16,
    /// 32-bit values.
    Bpp32,
}

impl Depth {
    /// All of them, from 1 to 32 bits.
    pub const ALL: [Self; 6] =
        [Self::Bpp1, Self::Bpp2, Self::Bpp4, Self::Bpp8, Self::Bpp16, Self::Bpp32];

    /// Bits per pixel: 1 to 32.
    #[must_use]
    pub const fn bits(self) -> u8 {
        1 << self as u8
    }

    /// The smallest depth that holds the values below `count`.
    #[must_use]
    pub fn for_values(count: u32) -> Self {
        let bits = u32::BITS - count.saturating_sub(1).leading_zeros();
        Self::ALL.into_iter().find(|depth| u32::from(depth.bits()) >= bits).unwrap_or(Self::Bpp32)
    }

    /// The largest value.
    #[must_use]
    pub const fn max_value(self) -> u32 {
        u32::MAX >> (32 - self.bits())
    }

    /// Bytes from one row to the next: a multiple of 4.
    #[must_use]
    pub const fn stride_bytes(self, width: u16) -> usize {
        (width as usize * self.bits() as usize).div_ceil(32) * 4
    }

    /// Bytes that `width` by `height` pixels take.
    #[must_use]
    pub const fn required_bytes(self, width: u16, height: u16) -> usize {
        self.stride_bytes(width) * height as usize
    }

    pub(crate) fn from_tag(tag: u8) -> Self {
        Self::ALL.get(usize::from(tag)).copied().unwrap_or(Self::Bpp32)
    }
}

/// How the pixels of a [`View`] are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum PixelLayout {
    /// Values of one [`Depth`].
    Packed(Depth),
    /// Three bytes, blue first; the value is `0xRRGGBB`.
    Bgr24,
    /// Four bytes, blue first, the fourth ignored; the value is `0xRRGGBB`.
    Bgrx32,
    /// 16 bits, 5 per channel, red in bits 10 to 14; the value is `0xRRGGBB` with low bits zero.
    Rgb555,
    /// 16 bits, 5, 6 and 5 per channel, red on top; the value is `0xRRGGBB` with low bits zero.
    Rgb565,
}

impl PixelLayout {
    /// The layout of pixels of 1, 2, 4, 8, 16 or 32 bits in a bitmap, or of 24 bits in a file.
    pub(crate) const fn of_bits(bits: u8) -> Option<Self> {
        match bits {
            1 => Some(Self::Packed(Depth::Bpp1)),
            2 => Some(Self::Packed(Depth::Bpp2)),
            4 => Some(Self::Packed(Depth::Bpp4)),
            8 => Some(Self::Packed(Depth::Bpp8)),
            16 => Some(Self::Packed(Depth::Bpp16)),
            24 => Some(Self::Bgr24),
            32 => Some(Self::Packed(Depth::Bpp32)),
            _ => None,
        }
    }

    /// Bits per pixel.
    #[must_use]
    pub const fn bits(self) -> u8 {
        match self {
            Self::Packed(depth) => depth.bits(),
            Self::Bgr24 => 24,
            Self::Bgrx32 => 32,
            Self::Rgb555 | Self::Rgb565 => 16,
        }
    }

    /// Bits of the values that pixels have: 24 for colours.
    #[must_use]
    pub const fn value_bits(self) -> u8 {
        match self {
            Self::Packed(depth) => depth.bits(),
            _ => 24,
        }
    }

    /// The largest value that a pixel can have.
    #[must_use]
    pub const fn max_value(self) -> u32 {
        u32::MAX >> (32 - self.value_bits())
    }
}

/// Pixels in memory, open for reading.
///
/// All of a source, or the part that a [streamed](PixelSource::STREAMED) source has loaded; positions in a view count
/// from its own corner. What lies outside its bytes reads as 0.
#[derive(Debug, Clone, Copy)]
pub struct View<'v> {
    /// The rows, one after the other.
    pub bytes: &'v [u8],
    /// Bytes from one row to the next.
    pub stride_bytes: usize,
    /// Whether the first row is the lowest.
    pub bottom_up: bool,
    /// Size of the view in pixels.
    pub size: Size,
    /// Pixels at the start of each row that do not belong to the view: it may start inside a byte.
    pub skip: u8,
    /// Where the corner of the view lies in the source: dither noise depends on it.
    pub origin: (u16, u16),
    /// How pixels are stored.
    pub layout: PixelLayout,
}

impl<'v> View<'v> {
    /// A view of whole rows from the top, as most sources have.
    #[inline]
    #[must_use]
    pub const fn new(
        bytes: &'v [u8],
        stride_bytes: usize,
        size: Size,
        layout: PixelLayout,
    ) -> Self {
        Self { bytes, stride_bytes, bottom_up: false, size, skip: 0, origin: (0, 0), layout }
    }

    /// The bytes of a row, skipped pixels included; none outside.
    #[must_use]
    pub fn row(&self, y: usize) -> &'v [u8] {
        let height = usize::from(self.size.height);
        if y >= height {
            return &[];
        }
        let y = if self.bottom_up { height - 1 - y } else { y };
        self.bytes.get(row_range(y, self.stride_bytes)).unwrap_or_default()
    }

    /// The value of a pixel; 0 outside.
    #[must_use]
    pub fn get(&self, x: usize, y: usize) -> u32 {
        if x < self.size.width.into() {
            value(self.row(y), x + usize::from(self.skip), self.layout)
        } else {
            0
        }
    }
}

/// The bytes of a row.
///
/// It wraps where a view claims more bytes than there can be, and then names other bytes or none: a check would cost a
/// Cortex-M0, which has no long multiplication, a tenth of the time of small tiles.
#[inline]
pub(crate) const fn row_range(y: usize, stride_bytes: usize) -> Range<usize> {
    let start = y.wrapping_mul(stride_bytes);
    start..start.wrapping_add(stride_bytes)
}

/// The value of pixel `x` in a row of less than 8 bits per pixel; 0 outside.
#[inline]
pub(crate) fn value_of_bits(row: &[u8], x: usize, depth: Depth) -> u32 {
    let bits = usize::from(depth.bits());
    let shift = 8 - bits - x * bits % 8;
    row.get(x * bits / 8).map_or(0, |&b| u32::from(b) >> shift & depth.max_value())
}

/// The value of pixel `x` in a row; 0 outside.
#[inline]
pub(crate) fn value(row: &[u8], x: usize, layout: PixelLayout) -> u32 {
    let half =
        || row.get(2 * x..2 * x + 2).map_or(0, |b| u32::from(u16::from_le_bytes([b[0], b[1]])));
    match layout {
        PixelLayout::Packed(Depth::Bpp8) => row.get(x).map_or(0, |&b| b.into()),
        PixelLayout::Packed(Depth::Bpp16) => half(),
        PixelLayout::Packed(Depth::Bpp32) => {
            row.get(4 * x..4 * x + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
        }
        PixelLayout::Packed(depth) => value_of_bits(row, x, depth),
        PixelLayout::Bgr24 => {
            row.get(3 * x..3 * x + 3).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], 0]))
        }
        PixelLayout::Bgrx32 => {
            row.get(4 * x..4 * x + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], 0]))
        }
        PixelLayout::Rgb555 => {
            let v = half();
            (v & 0x7c00) << 9 | (v & 0x03e0) << 6 | (v & 0x1f) << 3
        }
        PixelLayout::Rgb565 => {
            let v = half();
            (v & 0xf800) << 8 | (v & 0x07e0) << 5 | (v & 0x1f) << 3
        }
    }
}

/// A rectangle of a source, in the source's own pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Region {
    /// First column.
    pub x: u16,
    /// First row.
    pub y: u16,
    /// Width and height.
    pub size: Size,
}

impl Region {
    /// All of a source of `size`.
    #[must_use]
    pub const fn of_size(size: Size) -> Self {
        Self { x: 0, y: 0, size }
    }
}

/// Where a tile grid's pixels come from: a bitmap, an image in flash, a file.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no pixels for a tile grid",
    label = "not a source of pixels",
    note = "sources are `Bitmap`, `Image`, `BmpImage`, `OnDiskBitmap` and your own, owned, by reference or by `Rc`"
)]
pub trait PixelSource: Tracked {
    /// Whether a view holds a part of what was asked for, because the rest is on slow storage.
    const STREAMED: bool = false;

    /// How pixels are stored, where the type tells: then [`layout`](Self::layout) and all views have this one, and programs
    /// need no loops for others. See [`FixedDepth`](crate::FixedDepth).
    const LAYOUT: Option<PixelLayout> = None;

    /// Width and height in pixels.
    fn size(&self) -> Size;

    /// How pixels are stored.
    fn layout(&self) -> PixelLayout;

    /// Whether [`view`](Self::view) would succeed now.
    fn is_ready(&self) -> bool {
        true
    }

    /// Opens the pixels for reading; `None` while they cannot be read.
    ///
    /// A source in memory shows all of itself. A streamed source shows a part of `region` that begins at its corner:
    /// at least one pixel, either a part of the first row, or whole rows.
    fn view<R>(&self, region: Region, f: impl FnOnce(View<'_>) -> R) -> Option<R>;
}

macro_rules! forward_to_target {
    ($pointer:ty) => {
        impl<T: PixelSource> PixelSource for $pointer {
            const STREAMED: bool = T::STREAMED;
            const LAYOUT: Option<PixelLayout> = T::LAYOUT;

            fn size(&self) -> Size {
                (**self).size()
            }

            fn layout(&self) -> PixelLayout {
                (**self).layout()
            }

            fn is_ready(&self) -> bool {
                (**self).is_ready()
            }

            #[inline]
            fn view<R>(&self, region: Region, f: impl FnOnce(View<'_>) -> R) -> Option<R> {
                (**self).view(region, f)
            }
        }
    };
}

forward_to_target!(&T);
#[cfg(feature = "rc")]
forward_to_target!(alloc::rc::Rc<T>);

/// A view is a source, too: what it shows cannot change while it is open.
impl Tracked for View<'_> {
    fn is_seen(&self, _: &Mark) -> bool {
        true
    }

    fn since(&self, _: &Mark) -> Change {
        Change::None
    }
}

impl PixelSource for View<'_> {
    fn size(&self) -> Size {
        self.size
    }

    fn layout(&self) -> PixelLayout {
        self.layout
    }

    #[inline]
    fn view<R>(&self, _: Region, f: impl FnOnce(View<'_>) -> R) -> Option<R> {
        Some(f(*self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_for_a_count_of_values() {
        let depths =
            [1, 2, 3, 4, 5, 16, 17, 256, 257, 65536, 65537].map(|n| Depth::for_values(n).bits());
        assert_eq!(depths, [1, 1, 2, 2, 4, 4, 8, 8, 16, 16, 32]);
    }

    #[test]
    fn rows_start_at_words() {
        assert_eq!((Depth::Bpp1.stride_bytes(40), Depth::Bpp16.stride_bytes(3)), (8, 8));
        assert_eq!(Depth::Bpp8.required_bytes(320, 240), 76_800);
        assert_eq!(Depth::Bpp2.required_bytes(12, 12), 48);
    }

    #[test]
    fn values_of_every_layout() {
        let row = [0b1001_0111, 0xa5, 0x34, 0x12];
        let get = |layout, x| value(&row, x, layout);
        assert_eq!([0, 1, 3, 7].map(|x| get(PixelLayout::Packed(Depth::Bpp1), x)), [1, 0, 1, 1]);
        assert_eq!([0, 1, 2, 3].map(|x| get(PixelLayout::Packed(Depth::Bpp2), x)), [2, 1, 1, 3]);
        assert_eq!([0, 1, 2].map(|x| get(PixelLayout::Packed(Depth::Bpp4), x)), [9, 7, 10]);
        assert_eq!(get(PixelLayout::Packed(Depth::Bpp16), 1), 0x1234);
        assert_eq!(get(PixelLayout::Packed(Depth::Bpp32), 0), 0x1234_a597);
        assert_eq!(get(PixelLayout::Bgr24, 0), 0x34_a597);
        assert_eq!(get(PixelLayout::Bgrx32, 0), 0x34_a597);
        assert_eq!(get(PixelLayout::Rgb565, 1), 0x10_44a0);
        assert_eq!(get(PixelLayout::Rgb555, 1), 0x20_88a0);
        assert_eq!(get(PixelLayout::Packed(Depth::Bpp8), 4), 0, "outside");
    }
}
