//! Pictures in BMP files: on slow storage, and in flash.

mod flash;

use core::{
    cell::{Cell, RefCell},
    fmt,
};

use displayio_allocators::{Home, OutOfMemory, Purpose, Storage, TooSmall};
use embedded_io::{ErrorKind, Read, Seek};

pub use self::flash::{BmpImage, SliceFile};
use crate::{
    BmpError, Change, Changes, Mark, Palette, PaletteRgb, Part, PixelFormat, PixelLayout,
    PixelSource, Region, Rgb888, Size, Tracked, View,
    bmp::{BmpHeader, read_at},
};

/// Why a picture or its palette was not loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum LoadError {
    /// The file.
    Bmp(BmpError),
    /// The memory for it.
    OutOfMemory(OutOfMemory),
    /// The buffer that was lent for it.
    TooSmall(TooSmall),
}

impl From<BmpError> for LoadError {
    fn from(error: BmpError) -> Self {
        Self::Bmp(error)
    }
}

impl From<OutOfMemory> for LoadError {
    fn from(error: OutOfMemory) -> Self {
        Self::OutOfMemory(error)
    }
}

impl From<TooSmall> for LoadError {
    fn from(error: TooSmall) -> Self {
        Self::TooSmall(error)
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bmp(error) => error.fmt(f),
            Self::OutOfMemory(error) => error.fmt(f),
            Self::TooSmall(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for LoadError {}

/// A picture in a BMP file that is read row segment by row segment while it is painted.
///
/// 1, 2, 4 and 8 bits per pixel with a palette; 16, 24 and 32 bits; rows in either order. The only RAM is a row buffer
/// of fixed size; the larger it is, the fewer reads. Tiles, flips, scale and rotation work as for a bitmap.
///
/// A file is whatever implements `Read` and `Seek` of embedded-io 0.7: those of file systems for cards do, that of the
/// standard library does in a `FromStd` of embedded-io-adapters, and a [`SliceFile`] is in memory.
///
/// Where a read fails, pixels of value 0 are shown, as by CircuitPython; [`take_error`](Self::take_error) tells, and the next
/// refresh tries again.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let mut region = [core::mem::MaybeUninit::uninit(); 4096];
/// # let heap = displayio_allocators::LinkedListHeap::new(&mut region);
/// use displayio_core::{OnDiskBitmap, Rgb565, TileGrid};
/// # type File = displayio_core::SliceFile<'static>;
/// # let file = File::new(&[]);
/// let photo = OnDiskBitmap::new_in(file, 512, &heap)?;
/// let palette = photo.palette_in(Rgb565, &heap)?;
/// let background = TileGrid::new(&photo, &palette);
/// # Ok(()) }
/// ```
pub struct OnDiskBitmap<'m, F> {
    file: RefCell<F>,
    header: BmpHeader,
    /// Row segments as they are in the file.
    buffer: Storage<'m>,
    changes: Changes,
    error: Cell<Option<BmpError>>,
}

/// The row buffer holds at least this: a few pixels of any depth.
const MIN_BUFFER_BYTES: usize = 4;

/// The file or its row buffer is used further out.
fn in_use<E>(_: E) -> BmpError {
    BmpError::Io(ErrorKind::Other)
}

impl<'m, F: Read + Seek> OnDiskBitmap<'m, F> {
    /// Opens a file, with a row buffer of `buffer_bytes` from a heap; fewer than 4 are taken for 4.
    ///
    /// # Errors
    /// [`LoadError`]; the heap is as it was.
    pub fn new_in(
        mut file: F,
        buffer_bytes: usize,
        home: impl Into<Home<'m>>,
    ) -> Result<Self, LoadError> {
        let header = BmpHeader::read(&mut file)?;
        let size_bytes = buffer_bytes.max(MIN_BUFFER_BYTES);
        let buffer = Storage::zeroed_in(size_bytes, Purpose::Named("a row buffer"), home)?;
        Ok(Self::new(file, header, buffer))
    }

    /// Opens a file, with a lent row buffer of 4 bytes or more. Whole rows are read faster than parts of them, and several at
    /// once faster still, mostly where the buffer is aligned to 4 bytes.
    ///
    /// ```
    /// # static FILE: &[u8] = &[0x42, 0x4d, 70, 0, 0, 0, 0, 0, 0, 0, 62, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0,
    /// #   1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 0, 0x80,
    /// #   0, 0, 0, 0x40, 0, 0, 0];
    /// # type File = displayio_core::SliceFile<'static>;
    /// # let file = File::new(FILE);
    /// use displayio_core::{OnDiskBitmap, Palette, Rgb565, TileGrid};
    /// let (mut row, mut colors) = ([0; 1024], [0; Palette::<Rgb565>::required_bytes(256) + 1]);
    /// let photo = OnDiskBitmap::from_buffer(file, &mut row)?;
    /// let palette = photo.palette_from_buffer(Rgb565, &mut colors)?;
    /// let background = TileGrid::new(&photo, &palette);
    /// # Ok::<(), displayio_core::LoadError>(())
    /// ```
    ///
    /// # Errors
    /// [`LoadError`]: the file, or a buffer that is too small.
    pub fn from_buffer(mut file: F, buffer: &'m mut [u8]) -> Result<Self, LoadError> {
        let (needed_bytes, given_bytes) = (MIN_BUFFER_BYTES, buffer.len());
        if given_bytes < needed_bytes {
            return Err(TooSmall { needed_bytes, given_bytes }.into());
        }
        let header = BmpHeader::read(&mut file)?;
        Ok(Self::new(file, header, Storage::from_buffer(buffer)))
    }

    const fn new(file: F, header: BmpHeader, buffer: Storage<'m>) -> Self {
        Self {
            file: RefCell::new(file),
            header,
            buffer,
            changes: Changes::new(),
            error: Cell::new(None),
        }
    }

    /// Shows another file in the place of the present one, which comes back: picture after picture by one row buffer.
    ///
    /// Nodes that show the picture are made anew, for it may have another size, and pixels of another kind. That takes no
    /// memory of a heap:
    ///
    /// ```
    /// # use displayio_core::*;
    /// # fn show<P: BlockingPanel<Format = Rgb565>>(display: &mut Display<'_, P>, files: [SliceFile<'_>; 2], heap: Heap<'_>)
    /// # -> Result<(), Box<dyn std::error::Error>> where P::Error: std::error::Error + 'static {
    /// let [first, second] = files;
    /// let mut photo = OnDiskBitmap::new_in(first, 512, heap)?;
    /// let colors = ColorConverter::new(Colorspace::Rgb888);
    /// display.refresh(&Group::new((TileGrid::new(&photo, &colors),)))?;
    /// photo.replace_file(second)?;
    /// display.refresh(&Group::new((TileGrid::new(&photo, &colors),)))?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`BmpError`]; the old file stays.
    pub fn replace_file(&mut self, mut file: F) -> Result<F, BmpError> {
        self.header = BmpHeader::read(&mut file)?;
        self.touch();
        Ok(self.file.replace(file))
    }

    /// The file's pixels changed: whoever shows it redraws.
    pub fn touch(&self) {
        self.changes.touch_all();
    }

    /// The last error of a read, if any since this was asked.
    pub fn take_error(&self) -> Option<BmpError> {
        self.error.take()
    }

    /// Number of colours in the file's palette; 0 where pixels are colours, for a [`ColorConverter`](crate::ColorConverter).
    #[must_use]
    pub const fn palette_len(&self) -> u16 {
        self.header.palette_len
    }

    /// The file's palette in the format of a panel; without colours where [`palette_len`](Self::palette_len) is 0.
    ///
    /// # Errors
    /// [`LoadError`]; the heap is as it was.
    pub fn palette_in<C: PixelFormat>(
        &self,
        format: C,
        home: impl Into<Home<'m>>,
    ) -> Result<Palette<'m, C>, LoadError> {
        let palette = Palette::new_in(self.palette_len(), home)?.with_format(format);
        self.for_each_color(|index, color| _ = palette.set(index, color))?;
        Ok(palette)
    }

    /// The file's palette in 24 bits.
    ///
    /// # Errors
    /// [`LoadError`]; the heap is as it was.
    pub fn palette_rgb_in(&self, home: impl Into<Home<'m>>) -> Result<PaletteRgb<'m>, LoadError> {
        let palette = PaletteRgb::new_in(self.palette_len(), home)?;
        self.for_each_color(|index, color| _ = palette.set(index, color))?;
        Ok(palette)
    }

    /// The file's palette in the format of a panel, in a lent buffer as for [`Palette::from_buffer`].
    ///
    /// # Errors
    /// [`LoadError`]: the file, or a buffer that is too small.
    pub fn palette_from_buffer<'b, C: PixelFormat>(
        &self,
        format: C,
        buffer: &'b mut [u8],
    ) -> Result<Palette<'b, C>, LoadError> {
        let palette = Palette::from_buffer(self.palette_len(), buffer)?.with_format(format);
        self.for_each_color(|index, color| _ = palette.set(index, color))?;
        Ok(palette)
    }

    /// The file's palette in 24 bits, in a lent buffer as for [`PaletteRgb::from_buffer`].
    ///
    /// # Errors
    /// [`LoadError`]: the file, or a buffer that is too small.
    pub fn palette_rgb_from_buffer<'b>(
        &self,
        buffer: &'b mut [u8],
    ) -> Result<PaletteRgb<'b>, LoadError> {
        let palette = PaletteRgb::from_buffer(self.palette_len(), buffer)?;
        self.for_each_color(|index, color| _ = palette.set(index, color))?;
        Ok(palette)
    }

    /// Reads the file's palette.
    ///
    /// # Errors
    /// [`BmpError`].
    pub fn for_each_color(&self, f: impl FnMut(u16, Rgb888)) -> Result<(), BmpError> {
        let mut file = self.file.try_borrow_mut().map_err(in_use)?;
        read_palette(&mut *file, &self.header, f)
    }

    /// Loads the beginning of `region` into the row buffer.
    fn load(&self, region: Region) -> Result<Loaded, BmpError> {
        let loaded = Loaded::plan(&self.header, region, self.buffer.len());
        let mut file = self.file.try_borrow_mut().map_err(in_use)?;
        let read = |bytes: &mut [u8]| loaded.read(&self.header, &mut *file, bytes);
        self.buffer.write(read).map_err(in_use)??;
        Ok(loaded)
    }
}

/// Calls `f` with each colour.
fn read_palette<F: Read + Seek>(
    file: &mut F,
    header: &BmpHeader,
    mut f: impl FnMut(u16, Rgb888),
) -> Result<(), BmpError> {
    if header.palette_at == 0 && header.palette_len == 2 {
        f(0, Rgb888::BLACK);
        f(1, Rgb888::WHITE);
        return Ok(());
    }
    for index in 0..header.palette_len {
        let mut color = [0; 4];
        read_at(file, u64::from(header.palette_at) + 4 * u64::from(index), &mut color)?;
        f(index, Rgb888::from_channels(color[2], color[1], color[0]));
    }
    Ok(())
}

/// Which part of a region is in the row buffer.
struct Loaded {
    region: Region,
    /// First byte of the segment in a row of the file.
    start_bytes: u32,
    /// Bytes of the segment.
    segment_bytes: usize,
    /// Pixels at the start of the segment that are not in the region.
    skip: u8,
    /// Bytes at the start of the buffer that are left free, so that segments lie to words as they do in the file: files
    /// are copied from blocks, by words where both sides allow it, at a quarter of the cost.
    lead_bytes: usize,
}

impl Loaded {
    /// As much of `region` as a buffer holds: whole rows of it, or a part of the first.
    ///
    /// It divides where a row does not fit or several are asked for: a Cortex-M0 does that by a call.
    fn plan(header: &BmpHeader, Region { x, y, size }: Region, buffer_bytes: usize) -> Self {
        let clamped = |v: u32| u16::try_from(v).unwrap_or(u16::MAX);
        let buffer_bytes = u32::try_from(buffer_bytes).unwrap_or(u32::MAX);
        let bits = u32::from(header.layout.bits());
        let start_bits = u32::from(x) * bits;
        let skip_bits = start_bits % 8;
        let room_bits = buffer_bytes.saturating_mul(8).saturating_sub(skip_bits);
        let fits = u32::from(size.width) * bits <= room_bits;
        let width = if fits { size.width } else { clamped(room_bits / bits) };
        let segment_bytes = (skip_bits + u32::from(width) * bits).div_ceil(8);
        let height = if fits && size.height > 1 {
            clamped(buffer_bytes / segment_bytes.max(1)).clamp(1, size.height)
        } else {
            1
        };
        let start_bytes = start_bits / 8;
        let lead_bytes = header.pixels_at.wrapping_add(start_bytes) % 4;
        let has_room = segment_bytes * u32::from(height) + lead_bytes <= buffer_bytes;
        Self {
            region: Region { x, y, size: Size::new(width, height) },
            start_bytes,
            segment_bytes: segment_bytes as usize,
            lead_bytes: if has_room { lead_bytes as usize } else { 0 },
            skip: u8::try_from(if skip_bits > 0 { skip_bits / bits } else { 0 }).unwrap_or(0),
        }
    }

    /// Reads the segments in the file's order, which is kind to its cache.
    fn read<F: Read + Seek>(
        &self,
        header: &BmpHeader,
        file: &mut F,
        bytes: &mut [u8],
    ) -> Result<(), BmpError> {
        let (y, rows) = (self.region.y, self.region.size.height);
        let first_row = if header.top_down {
            y
        } else {
            header.size.height.saturating_sub(y.saturating_add(rows))
        };
        let stride = u64::from(header.stride_bytes);
        let at =
            |row: u64| u64::from(header.pixels_at) + row * stride + u64::from(self.start_bytes);
        let bytes = bytes.get_mut(self.lead_bytes..).unwrap_or_default();
        // Whole rows lie without gaps: they are one read.
        let (read_bytes, reads) = if stride == self.segment_bytes as u64 {
            (self.segment_bytes * usize::from(rows), 1)
        } else {
            (self.segment_bytes, rows)
        };
        for (row, segment) in
            (u64::from(first_row)..).zip(bytes.chunks_mut(read_bytes.max(1)).take(reads.into()))
        {
            read_at(file, at(row), segment)?;
        }
        Ok(())
    }

    fn view<'v>(&self, header: &BmpHeader, bytes: &'v [u8]) -> View<'v> {
        let bytes = bytes.get(self.lead_bytes..).unwrap_or_default();
        View {
            bottom_up: !header.top_down,
            skip: self.skip,
            origin: (self.region.x, self.region.y),
            ..View::new(bytes, self.segment_bytes, self.region.size, header.layout)
        }
    }
}

impl<F> Tracked for OnDiskBitmap<'_, F> {
    #[inline]
    fn is_seen(&self, mark: &Mark) -> bool {
        self.changes.is_seen(mark)
    }

    fn since(&self, mark: &Mark) -> Change {
        self.changes.since(mark)
    }

    fn describe(&self, report: &mut dyn FnMut(Part)) {
        let what = Purpose::Named("a file, by its row buffer");
        report(Part::of(self, what).with_data(self.buffer.len(), self.buffer.kind()));
    }
}

impl<F: Read + Seek> PixelSource for OnDiskBitmap<'_, F> {
    const STREAMED: bool = true;

    fn size(&self) -> Size {
        self.header.size
    }

    fn layout(&self) -> PixelLayout {
        self.header.layout
    }

    fn view<R>(&self, region: Region, f: impl FnOnce(View<'_>) -> R) -> Option<R> {
        match self.load(region) {
            Ok(loaded) => self.buffer.read(|bytes| f(loaded.view(&self.header, bytes))).ok(),
            Err(error) => {
                self.error.set(Some(error));
                None
            }
        }
    }
}

impl<F> fmt::Debug for OnDiskBitmap<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnDiskBitmap")
            .field("header", &self.header)
            .field("buffer", &self.buffer)
            .finish_non_exhaustive()
    }
}
