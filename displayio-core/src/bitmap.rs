//! Pixels that a program draws on, and pixels in flash.

mod blend;
mod blit;
mod canvas;
mod dither;
mod draw;
#[cfg(feature = "embedded-graphics")]
mod draw_target;
mod error;
mod fill;
mod flood;
mod read_into;
mod rotozoom;

use core::fmt;

use displayio_allocators::{Busy, Home, OutOfMemory, Purpose, Storage, TooSmall};

use self::canvas::fill_bytes;
#[cfg(feature = "embedded-graphics")]
pub use self::draw_target::{BitmapTarget, PaletteIndex};
pub use self::{
    blend::{Blend, BlendMode},
    blit::Skip,
    canvas::Canvas,
    dither::Diffusion,
    error::BitmapError,
    read_into::{RawFormat, ReadIntoError},
    rotozoom::Rotozoom,
};

use crate::{
    Area, Change, Changes, Depth, Mark, Part, PixelLayout, PixelSource, Region, Size, StorageKind,
    Tracked, View,
};

/// A rectangle of pixel values, 1 to 32 bits each, drawn on through `&self` while tile grids show it.
///
/// Its pixels are in memory of the program's choice. It may be shown any number of times, on any number of displays: each
/// viewer learns of every change. It redraws the box around what changed since its last refresh, or everything where others
/// were refreshed in between. 32 bytes on a 32-bit target, besides the pixels. A [`FixedDepth`](crate::FixedDepth) around it
/// spares code for other depths.
///
/// ```
/// use displayio_core::{Bitmap, Depth};
/// let mut memory = [0; Bitmap::required_bytes(40, 2, Depth::Bpp1)];
/// let bitmap = Bitmap::from_buffer(40, 2, Depth::Bpp1, &mut memory)?;
/// bitmap.set(33, 1, 1).unwrap();
/// assert_eq!(bitmap.get(33, 1), Some(1));
/// # Ok::<(), displayio_core::TooSmall>(())
/// ```
pub struct Bitmap<'m> {
    /// The rows; the tag is the depth.
    pixels: Storage<'m>,
    changes: Changes,
    size: Size,
}

impl<'m> Bitmap<'m> {
    /// Bytes that a bitmap takes from its memory.
    #[must_use]
    pub const fn required_bytes(width: u16, height: u16, depth: Depth) -> usize {
        depth.required_bytes(width, height)
    }

    /// A bitmap of zeros on a heap.
    ///
    /// # Errors
    /// [`OutOfMemory`]; the heap is as it was.
    pub fn new_in(
        width: u16,
        height: u16,
        depth: Depth,
        home: impl Into<Home<'m>>,
    ) -> Result<Self, OutOfMemory> {
        let purpose = Purpose::Bitmap { width, height, bits: depth.bits() };
        let pixels = Storage::zeroed_in(depth.required_bytes(width, height), purpose, home)?;
        Ok(Self::new(pixels, Size::new(width, height), depth))
    }

    /// A bitmap in a lent buffer, which keeps its contents.
    ///
    /// # Errors
    /// [`TooSmall`] unless the buffer has [`Self::required_bytes`].
    pub fn from_buffer(
        width: u16,
        height: u16,
        depth: Depth,
        buffer: &'m mut [u8],
    ) -> Result<Self, TooSmall> {
        let needed_bytes = depth.required_bytes(width, height);
        let given_bytes = buffer.len().min(Storage::MAX_BYTES);
        match buffer.get_mut(..needed_bytes) {
            Some(pixels) if needed_bytes <= Storage::MAX_BYTES => {
                Ok(Self::new(Storage::from_buffer(pixels), Size::new(width, height), depth))
            }
            _ => Err(TooSmall { needed_bytes, given_bytes }),
        }
    }

    const fn new(pixels: Storage<'m>, size: Size, depth: Depth) -> Self {
        Self { pixels: pixels.with_tag(depth as u8), changes: Changes::new(), size }
    }

    /// Makes it a bitmap of zeros of another size and depth in the same memory: one buffer for picture after picture. Nodes that
    /// show it are made anew, as for [`OnDiskBitmap::replace_file`](crate::OnDiskBitmap::replace_file).
    ///
    /// # Errors
    /// [`TooSmall`] when the memory does not hold it; the bitmap is as it was.
    pub fn reshape(&mut self, width: u16, height: u16, depth: Depth) -> Result<(), TooSmall> {
        let (needed_bytes, given_bytes) = (depth.required_bytes(width, height), self.pixels.len());
        if needed_bytes > given_bytes {
            return Err(TooSmall { needed_bytes, given_bytes });
        }
        self.pixels.set_tag(depth as u8);
        self.size = Size::new(width, height);
        // Nobody views it: it is borrowed mutably.
        let _ = self.pixels.write(|bytes| bytes.fill(0));
        self.mark(Area::of_size(self.size));
        Ok(())
    }

    /// Bits per pixel.
    #[must_use]
    pub fn depth(&self) -> Depth {
        Depth::from_tag(self.pixels.tag())
    }

    /// The value at (`x`, `y`); `None` outside, or while the pixels are being changed.
    #[must_use]
    pub fn get(&self, x: u16, y: u16) -> Option<u32> {
        if x >= self.size.width || y >= self.size.height {
            return None;
        }
        self.read(|view| view.get(x.into(), y.into())).ok()
    }

    /// Sets the value at (`x`, `y`).
    ///
    /// # Errors
    /// [`BitmapError`]; the bitmap is as it was.
    pub fn set(&self, x: u16, y: u16, value: u32) -> Result<(), BitmapError> {
        if x >= self.size.width || y >= self.size.height {
            return Err(self.out_of_bounds(x, y));
        }
        self.check(value)?;
        self.edit(pixel_area(x, y), |canvas| canvas.set(x.into(), y.into(), value))?;
        Ok(())
    }

    /// Sets all pixels.
    ///
    /// # Errors
    /// [`BitmapError`]; the bitmap is as it was.
    pub fn fill(&self, value: u32) -> Result<(), BitmapError> {
        self.check(value)?;
        self.edit(Area::of_size(self.size), |canvas| {
            fill_bytes(canvas.bytes, canvas.depth, value);
        })?;
        Ok(())
    }

    /// Shows the pixels to `f`.
    ///
    /// # Errors
    /// [`Busy`] inside [`edit`](Self::edit); `f` is not called.
    pub fn read<R>(&self, f: impl FnOnce(View<'_>) -> R) -> Result<R, Busy> {
        let depth = self.depth();
        self.pixels.read(|bytes| {
            f(View::new(
                bytes,
                depth.stride_bytes(self.size.width),
                self.size,
                PixelLayout::Packed(depth),
            ))
        })
    }

    /// Lets `f` change the pixels; `area` is what it may change, and what viewers will redraw.
    ///
    /// # Errors
    /// [`Busy`] while the pixels are viewed or when they are read-only; `f` is not called.
    pub fn edit<R>(&self, area: Area, f: impl FnOnce(&mut Canvas<'_>) -> R) -> Result<R, Busy> {
        let result = self.open(f)?;
        self.mark(area);
        Ok(result)
    }

    /// Lets `f` change the pixels; what it returns is the area that it changed, and what viewers will redraw.
    ///
    /// ```
    /// use displayio_core::{Area, Bitmap, Depth};
    /// let mut memory = [0; Bitmap::required_bytes(9, 9, Depth::Bpp1)];
    /// let bitmap = Bitmap::from_buffer(9, 9, Depth::Bpp1, &mut memory)?;
    /// // Viewers are told only where there was something to clear.
    /// bitmap.edit_marking(|canvas| {
    ///     let was_set = canvas.get(4, 4) == 1;
    ///     canvas.set(4, 4, 0);
    ///     if was_set { Area::new(4, 4, 5, 5) } else { Area::EMPTY }
    /// }).unwrap();
    /// # Ok::<(), displayio_core::TooSmall>(())
    /// ```
    ///
    /// # Errors
    /// [`Busy`] while the pixels are viewed or when they are read-only; `f` is not called.
    pub fn edit_marking(&self, f: impl FnOnce(&mut Canvas<'_>) -> Area) -> Result<(), Busy> {
        let area = self.open(f)?;
        self.mark(area);
        Ok(())
    }

    /// Lets a tool change the pixels: [`edit_marking`](Self::edit_marking), compiled once for all of them.
    #[inline(never)]
    fn apply(&self, tool: Tool<'_>) -> Result<(), BitmapError> {
        Ok(self.open_for(tool)?)
    }

    #[inline(never)]
    fn open_for(&self, tool: Tool<'_>) -> Result<(), Busy> {
        self.edit_marking(tool)
    }

    fn open<R>(&self, f: impl FnOnce(&mut Canvas<'_>) -> R) -> Result<R, Busy> {
        let (size, depth) = (self.size, self.depth());
        let stride_bytes = depth.stride_bytes(size.width);
        self.pixels.write(|bytes| f(&mut Canvas { bytes, stride_bytes, size, depth }))
    }

    fn mark(&self, area: Area) {
        let Size { width, height } = self.size;
        let area = area.intersection(&Area::of_size(self.size));
        if width.max(height) > i16::MAX.unsigned_abs() {
            // No area reaches to its end.
            self.changes.touch_all();
        } else if !area.is_empty() {
            self.changes.touch(area);
        }
    }

    const fn out_of_bounds(&self, x: u16, y: u16) -> BitmapError {
        BitmapError::OutOfBounds { x, y, size: self.size }
    }

    fn check(&self, value: u32) -> Result<(), BitmapError> {
        check_value(value, self.depth())
    }
}

/// Changes pixels, and gives the area that it changed.
type Tool<'t> = &'t mut dyn FnMut(&mut Canvas<'_>) -> Area;

const fn check_value(value: u32, depth: Depth) -> Result<(), BitmapError> {
    let max_value = depth.max_value();
    if value > max_value {
        return Err(BitmapError::ValueTooLarge { value, max_value });
    }
    Ok(())
}

fn pixel_area(x: u16, y: u16) -> Area {
    let (x, y) = (i32::from(x), i32::from(y));
    Area::clamped(x, y, x + 1, y + 1)
}

impl Tracked for Bitmap<'_> {
    #[inline]
    fn is_seen(&self, mark: &Mark) -> bool {
        self.changes.is_seen(mark)
    }

    fn since(&self, mark: &Mark) -> Change {
        self.changes.since(mark)
    }

    fn describe(&self, report: &mut dyn FnMut(Part)) {
        let Size { width, height } = self.size;
        let what = Purpose::Bitmap { width, height, bits: self.depth().bits() };
        report(Part::of(self, what).with_data(self.pixels.len(), self.pixels.kind()));
    }
}

impl PixelSource for Bitmap<'_> {
    fn size(&self) -> Size {
        self.size
    }

    fn layout(&self) -> PixelLayout {
        PixelLayout::Packed(self.depth())
    }

    fn is_ready(&self) -> bool {
        self.pixels.is_readable()
    }

    #[inline]
    fn view<R>(&self, _: Region, f: impl FnOnce(View<'_>) -> R) -> Option<R> {
        self.read(f).ok()
    }
}

impl fmt::Debug for Bitmap<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Size { width, height } = self.size;
        write!(f, "Bitmap({width}x{height}x{}, {:?})", self.depth().bits(), self.pixels)
    }
}

/// Pixels in flash, laid out as those of a [`Bitmap`]: `Sync`, fit for a `static`, no RAM.
///
/// ```
/// use displayio_core::{Depth, Image};
/// static ARROW: Image = Image::new(8, 2, Depth::Bpp1, &[0b0001_1000, 0, 0, 0, 0b0011_1100, 0, 0, 0]);
/// ```
#[derive(Clone, Copy)]
pub struct Image {
    bytes: &'static [u8],
    size: Size,
    depth: Depth,
}

impl Image {
    /// An image of `bytes`, whose rows start at multiples of four bytes.
    ///
    /// # Panics
    /// When there are fewer bytes than the image has; in a `static` that is a compile error.
    #[must_use]
    pub const fn new(width: u16, height: u16, depth: Depth, bytes: &'static [u8]) -> Self {
        assert!(bytes.len() >= depth.required_bytes(width, height), "too few bytes for the image");
        Self { bytes, size: Size::new(width, height), depth }
    }
}

impl Tracked for Image {
    #[inline]
    fn is_seen(&self, _: &Mark) -> bool {
        true
    }

    fn since(&self, _: &Mark) -> Change {
        Change::None
    }

    fn describe(&self, report: &mut dyn FnMut(Part)) {
        let Size { width, height } = self.size;
        let what = Purpose::Bitmap { width, height, bits: self.depth.bits() };
        report(Part::of(self, what).with_data(self.bytes.len(), StorageKind::ReadOnly));
    }
}

impl PixelSource for Image {
    fn size(&self) -> Size {
        self.size
    }

    fn layout(&self) -> PixelLayout {
        PixelLayout::Packed(self.depth)
    }

    #[inline]
    fn view<R>(&self, _: Region, f: impl FnOnce(View<'_>) -> R) -> Option<R> {
        let stride_bytes = self.depth.stride_bytes(self.size.width);
        Some(f(View::new(self.bytes, stride_bytes, self.size, self.layout())))
    }
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Image({}x{}x{})", self.size.width, self.size.height, self.depth.bits())
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    fn bytes_after<const N: usize>(
        width: u16,
        height: u16,
        depth: Depth,
        draw: impl FnOnce(&Bitmap<'_>),
    ) -> [u8; N] {
        let mut bytes = [0; N];
        draw(&Bitmap::from_buffer(width, height, depth, &mut bytes).unwrap());
        bytes
    }

    #[test]
    fn packing_matches_the_reference() {
        let mono = bytes_after(40, 2, Depth::Bpp1, |b| {
            b.set(0, 0, 1).unwrap();
            b.set(33, 1, 1).unwrap();
        });
        assert_eq!(mono, [0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0]);
        let two_bits = bytes_after(5, 1, Depth::Bpp2, |b| {
            (0..5).for_each(|x| b.set(x, 0, u32::from(x) % 4).unwrap());
        });
        assert_eq!(two_bits, [0x1b, 0, 0, 0]);
    }

    #[test]
    fn every_depth_keeps_its_values() {
        for depth in Depth::ALL {
            let mut bytes = [0xff; 64];
            let bitmap = Bitmap::from_buffer(4, 3, depth, &mut bytes).unwrap();
            bitmap.fill(0).unwrap();
            bitmap.set(2, 1, depth.max_value()).unwrap();
            assert_eq!(bitmap.get(2, 1), Some(depth.max_value()));
            assert_eq!(
                (bitmap.get(1, 1), bitmap.get(3, 1), bitmap.get(2, 2)),
                (Some(0), Some(0), Some(0))
            );
            bitmap.fill(depth.max_value()).unwrap();
            assert_eq!(bitmap.get(3, 2), Some(depth.max_value()));
        }
    }

    #[test]
    fn refusals_change_nothing() {
        let mut bytes = [0; 8];
        let bitmap = Bitmap::from_buffer(2, 2, Depth::Bpp4, &mut bytes).unwrap();
        let mark = Mark::new();
        bitmap.since(&mark);
        let error = |result: Result<(), BitmapError>| result.unwrap_err().to_string();
        assert_eq!(error(bitmap.set(2, 0, 1)), "no pixel (2, 0) in a bitmap of 2x2");
        assert_eq!(error(bitmap.set(0, 0, 16)), "pixel value 16, above 15");
        assert_eq!(bitmap.read(|_| bitmap.set(0, 0, 1)), Ok(Err(BitmapError::Busy(Busy::Viewed))));
        assert!(bitmap.is_seen(&mark), "nothing changed");
        bitmap.set(1, 1, 3).unwrap();
        assert_eq!(bitmap.since(&mark), Change::Part(Area::new(1, 1, 2, 2)));
    }

    #[test]
    fn buffers_of_the_wrong_size_are_refused() {
        let error = Bitmap::from_buffer(65535, 65535, Depth::Bpp32, &mut [0; 8]).unwrap_err();
        assert_eq!((error.needed_bytes, error.given_bytes), (65535 * 65535 * 4, 8));
    }

    #[test]
    fn one_buffer_holds_picture_after_picture() {
        let mut bytes = [0xff; 64];
        let mut bitmap = Bitmap::from_buffer(8, 8, Depth::Bpp8, &mut bytes).unwrap();
        let error = bitmap.reshape(8, 9, Depth::Bpp8).unwrap_err();
        assert_eq!((error.needed_bytes, bitmap.get(7, 7)), (72, Some(0xff)));
        bitmap.reshape(40, 8, Depth::Bpp1).unwrap();
        bitmap.set(39, 7, 1).unwrap();
        assert_eq!(
            (bitmap.get(39, 7), bitmap.get(38, 7), bitmap.size()),
            (Some(1), Some(0), Size::new(40, 8))
        );
    }
}
