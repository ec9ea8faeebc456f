//! A picture in memory that hardware, or a system, shows by itself: behind an LCD controller, an LED matrix, a display server.

use core::{convert::Infallible, fmt};

use displayio_core::{Area, AsyncPanel, BlockingPanel, Panel, PixelFormat, Size, TooSmall};

/// A panel whose pixels are in memory that the user lends, row by row, and that someone else shows.
///
/// A refresh writes to it what changed. What shows it by itself needs nothing more; what has to be told (a cache, an LED
/// matrix, a window) finds in [`take_damage`](Self::take_damage) what was written. Where the processor's writes may reach
/// memory late, they are to be waited for (a fence) or pushed out (a cache) after a refresh. A row of cells begins every
/// `stride` bytes: 8 rows where columns are packed, otherwise one. The format has one plane.
///
/// ```
/// use displayio_core::{Area, Display, Group, Palette, Rectangle, Rgb565Le, Size};
/// use displayio_hal::surface::Surface;
/// // On a board: memory that the LCD controller reads, in its format.
/// let mut memory = [0; 480 * 272 * 2];
/// let mut strip_buffer = [0; 480 * 2];
/// let surface = Surface::new(Rgb565Le, Size::new(480, 272), &mut memory).unwrap();
/// let mut display = Display::new(surface, &mut strip_buffer);
/// let mut colors = [0; 4];
/// let colors = Palette::from_buffer(1, &mut colors).unwrap();
/// let ball = Rectangle::new(&colors, 8, 8).at(100, 100);
/// let root = Group::new((&ball,));
/// display.refresh(&root).unwrap();
/// assert_eq!(display.panel_mut().take_damage(), Area::new(0, 0, 480, 272));
/// ball.move_to(104, 100);
/// display.refresh(&root).unwrap();
/// assert_eq!(display.panel_mut().take_damage(), Area::new(100, 100, 112, 108));
/// ```
pub struct Surface<'b, C> {
    format: C,
    size: Size,
    memory: &'b mut [u8],
    stride: usize,
    /// The byte where the next row of the present window begins, and its bytes in a row.
    window: usize,
    window_row: usize,
    damage: Area,
}

impl<'b, C: PixelFormat> Surface<'b, C> {
    /// A picture of `size`, whose rows of cells follow each other. Its contents are what they are until the first refresh.
    ///
    /// # Errors
    /// [`TooSmall`], with the bytes that are needed.
    pub fn new(format: C, size: Size, memory: &'b mut [u8]) -> Result<Self, TooSmall> {
        let stride = bytes_of_row(&format, size.width);
        Self::with_stride(format, size, stride, memory)
    }

    /// [`new`](Self::new), with a row of cells every `stride` bytes: what is between two rows is left alone. A stride of
    /// less than a row counts as a row.
    ///
    /// # Errors
    /// [`TooSmall`], with the bytes that are needed.
    pub fn with_stride(
        format: C,
        size: Size,
        stride: usize,
        memory: &'b mut [u8],
    ) -> Result<Self, TooSmall> {
        const { assert!(C::PLANES == 1, "a surface has one plane") };
        let row = bytes_of_row(&format, size.width);
        let stride = stride.max(row);
        let rows = usize::from(size.height.div_ceil(format.cell().height));
        let needed_bytes =
            rows.checked_sub(1).map_or(0, |above| above.saturating_mul(stride).saturating_add(row));
        if memory.len() < needed_bytes {
            return Err(TooSmall { needed_bytes, given_bytes: memory.len() });
        }
        let damage = Area::EMPTY;
        Ok(Self { format, size, memory, stride, window: 0, window_row: 0, damage })
    }

    /// The memory.
    pub const fn memory(&self) -> &[u8] {
        self.memory
    }

    /// What was written since the last call, as one area in panel space, in whole cells; empty if nothing was.
    pub const fn take_damage(&mut self) -> Area {
        core::mem::replace(&mut self.damage, Area::EMPTY)
    }

    /// The memory, without the surface.
    pub const fn release(self) -> &'b mut [u8] {
        self.memory
    }
}

/// Without what the memory holds.
impl<C: fmt::Debug> fmt::Debug for Surface<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surface")
            .field("format", &self.format)
            .field("size", &self.size)
            .field("stride", &self.stride)
            .field("damage", &self.damage)
            .finish_non_exhaustive()
    }
}

/// Bytes of a row of cells.
fn bytes_of_row<C: PixelFormat>(format: &C, width: u16) -> usize {
    let cell = format.cell();
    let pixels = usize::from(width.div_ceil(cell.width)) * usize::from(cell.width);
    pixels * usize::from(cell.height) * usize::from(C::DEPTH) / 8
}

impl<C: PixelFormat> Panel for Surface<'_, C> {
    type Format = C;
    type Error = Infallible;

    fn format(&self) -> C {
        self.format
    }

    fn size(&self) -> Size {
        self.size
    }
}

impl<C: PixelFormat> BlockingPanel for Surface<'_, C> {
    fn begin_area(&mut self, area: Area) -> Result<(), Infallible> {
        let row = usize::from(area.y1.unsigned_abs() / self.format.cell().height);
        let column = bytes_of_row(&self.format, area.x1.unsigned_abs());
        self.window = row.saturating_mul(self.stride).saturating_add(column);
        self.window_row = bytes_of_row(&self.format, area.width());
        self.damage = self.damage.union(&area);
        Ok(())
    }

    fn write(&mut self, pixels: &[u8]) -> Result<(), Infallible> {
        for row in pixels.chunks(self.window_row.max(1)) {
            let rest = self.memory.get_mut(self.window..).unwrap_or_default();
            if let Some(place) = rest.get_mut(..row.len()) {
                place.copy_from_slice(row);
            }
            self.window = self.window.saturating_add(self.stride);
        }
        Ok(())
    }
}

/// Nothing is waited for: so that a surface can be beside panels that are awaited.
impl<C: PixelFormat> AsyncPanel for Surface<'_, C> {
    async fn begin_area(&mut self, area: Area) -> Result<(), Infallible> {
        BlockingPanel::begin_area(self, area)
    }

    async fn write(&mut self, pixels: &[u8]) -> Result<(), Infallible> {
        BlockingPanel::write(self, pixels)
    }
}
