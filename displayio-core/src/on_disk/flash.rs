//! Pictures in BMP files that are in memory.

use core::{convert::Infallible, fmt};

use displayio_allocators::{Home, OutOfMemory, Purpose, TooSmall};
use embedded_io::{ErrorType, Read, Seek, SeekFrom};

use super::read_palette;
use crate::{
    BmpError, Change, Mark, Palette, PaletteRgb, Part, PixelFormat, PixelLayout, PixelSource,
    Region, Rgb888, Size, StorageKind, Tracked, View, bmp::BmpHeader,
};

/// A picture in a BMP file that is in memory, as in flash: painted from where it is.
///
/// ```
/// # static FILE: &[u8] = &[0x42, 0x4d, 70, 0, 0, 0, 0, 0, 0, 0, 62, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0,
/// #   1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 0, 0x80,
/// #   0, 0, 0, 0x40, 0, 0, 0];
/// use displayio_core::{BmpImage, Palette, PixelSource, Rgb565, Size, TileGrid};
/// let image = BmpImage::new(FILE)?; // `static FILE: &[u8] = include_bytes!("icon.bmp");`
/// assert_eq!(image.size(), Size::new(2, 2));
/// let mut colors = [0; Palette::<Rgb565>::required_bytes(2) + 1];
/// let palette = image.palette_from_buffer(Rgb565, &mut colors)?;
/// let icon = TileGrid::new(&image, &palette);
/// # Ok::<(), displayio_core::LoadError>(())
/// ```
#[derive(Clone, Copy)]
pub struct BmpImage<'f> {
    file: &'f [u8],
    header: BmpHeader,
}

impl<'f> BmpImage<'f> {
    /// Reads the headers.
    ///
    /// # Errors
    /// [`BmpError`].
    pub fn new(file: &'f [u8]) -> Result<Self, BmpError> {
        Ok(Self { file, header: BmpHeader::read(&mut SliceFile::new(file))? })
    }

    /// Number of colours in the file's palette; 0 where pixels are colours.
    #[must_use]
    pub const fn palette_len(&self) -> u16 {
        self.header.palette_len
    }

    /// The file's palette in the format of a panel.
    ///
    /// # Errors
    /// [`OutOfMemory`]; the heap is as it was.
    pub fn palette_in<'m, C: PixelFormat>(
        &self,
        format: C,
        home: impl Into<Home<'m>>,
    ) -> Result<Palette<'m, C>, OutOfMemory> {
        let palette = Palette::new_in(self.palette_len(), home)?.with_format(format);
        self.for_each_color(|index, color| _ = palette.set(index, color));
        Ok(palette)
    }

    /// The file's palette in the format of a panel, in a lent buffer as for [`Palette::from_buffer`].
    ///
    /// # Errors
    /// [`TooSmall`] with the bytes needed, alignment included.
    pub fn palette_from_buffer<'m, C: PixelFormat>(
        &self,
        format: C,
        buffer: &'m mut [u8],
    ) -> Result<Palette<'m, C>, TooSmall> {
        let palette = Palette::from_buffer(self.palette_len(), buffer)?.with_format(format);
        self.for_each_color(|index, color| _ = palette.set(index, color));
        Ok(palette)
    }

    /// The file's palette in 24 bits.
    ///
    /// # Errors
    /// [`OutOfMemory`]; the heap is as it was.
    pub fn palette_rgb_in<'m>(
        &self,
        home: impl Into<Home<'m>>,
    ) -> Result<PaletteRgb<'m>, OutOfMemory> {
        let palette = PaletteRgb::new_in(self.palette_len(), home)?;
        self.for_each_color(|index, color| _ = palette.set(index, color));
        Ok(palette)
    }

    /// The file's palette in 24 bits, in a lent buffer as for [`PaletteRgb::from_buffer`].
    ///
    /// # Errors
    /// [`TooSmall`] with the bytes needed, alignment included.
    pub fn palette_rgb_from_buffer<'m>(
        &self,
        buffer: &'m mut [u8],
    ) -> Result<PaletteRgb<'m>, TooSmall> {
        let palette = PaletteRgb::from_buffer(self.palette_len(), buffer)?;
        self.for_each_color(|index, color| _ = palette.set(index, color));
        Ok(palette)
    }

    /// Reads the file's palette.
    pub fn for_each_color(&self, f: impl FnMut(u16, Rgb888)) {
        // The palette lies in the file: its headers were checked.
        let _ = read_palette(&mut SliceFile::new(self.file), &self.header, f);
    }
}

impl Tracked for BmpImage<'_> {
    #[inline]
    fn is_seen(&self, _: &Mark) -> bool {
        true
    }

    fn since(&self, _: &Mark) -> Change {
        Change::None
    }

    fn describe(&self, report: &mut dyn FnMut(Part)) {
        let BmpHeader { size: Size { width, height }, layout, .. } = self.header;
        let what = Purpose::Bitmap { width, height, bits: layout.bits() };
        report(Part::of(self, what).with_data(self.file.len(), StorageKind::ReadOnly));
    }
}

impl PixelSource for BmpImage<'_> {
    fn size(&self) -> Size {
        self.header.size
    }

    fn layout(&self) -> PixelLayout {
        self.header.layout
    }

    #[inline]
    fn view<R>(&self, _: Region, f: impl FnOnce(View<'_>) -> R) -> Option<R> {
        let BmpHeader { size, layout, top_down, pixels_at, stride_bytes, .. } = self.header;
        let bytes = self.file.get(pixels_at as usize..).unwrap_or_default();
        Some(f(View {
            bottom_up: !top_down,
            ..View::new(bytes, stride_bytes as usize, size, layout)
        }))
    }
}

impl fmt::Debug for BmpImage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BmpImage").field(&self.header).finish()
    }
}

/// A file in memory, for what reads files: an [`OnDiskBitmap`](crate::OnDiskBitmap), fonts.
#[derive(Debug, Clone)]
pub struct SliceFile<'f> {
    bytes: &'f [u8],
    position: usize,
}

impl<'f> SliceFile<'f> {
    /// The file of these bytes, at its start.
    #[must_use]
    pub const fn new(bytes: &'f [u8]) -> Self {
        Self { bytes, position: 0 }
    }
}

impl ErrorType for SliceFile<'_> {
    type Error = Infallible;
}

impl Read for SliceFile<'_> {
    fn read(&mut self, buf: &mut [u8]) -> Result<usize, Infallible> {
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        let count = rest.len().min(buf.len());
        copy(&mut buf[..count], &rest[..count]);
        self.position += count;
        Ok(count)
    }
}

/// Copies bytes, eight words at a time if both sides lie alike to words: that takes a third of the instructions of the
/// `memcpy` that programs without a C library have.
fn copy(to: &mut [u8], from: &[u8]) {
    let (head, words, _) = bytemuck::pod_align_to_mut::<u8, u32>(to);
    let (from_head, from_words, _) = bytemuck::pod_align_to::<u8, u32>(from);
    let start = head.len();
    let mut end = start;
    if from_head.len() == start {
        let (blocks, from_blocks) = (words.as_chunks_mut().0, from_words.as_chunks().0);
        for (to, from) in blocks.iter_mut().zip(from_blocks) {
            let [a, b, c, d, e, f, g, h]: &mut [u32; 8] = to;
            let [i, j, k, l, m, n, o, p]: &[u32; 8] = from;
            // Four by four: a Cortex-M0 has no registers for eight.
            (*a, *b, *c, *d) = (*i, *j, *k, *l);
            (*e, *f, *g, *h) = (*m, *n, *o, *p);
        }
        end = start + size_of_val(from_blocks);
    }
    to[..start].copy_from_slice(&from[..start]);
    to[end..].copy_from_slice(&from[end..]);
}

impl Seek for SliceFile<'_> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64, Infallible> {
        let from = |base: usize, offset: i64| (base as u64).saturating_add_signed(offset);
        let position = match to {
            SeekFrom::Start(position) => position,
            SeekFrom::End(offset) => from(self.bytes.len(), offset),
            SeekFrom::Current(offset) => from(self.position, offset),
        };
        self.position = usize::try_from(position).unwrap_or(usize::MAX);
        Ok(position)
    }
}
