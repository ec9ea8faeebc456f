//! A panel in memory: holds what a real one would, counts what it is sent, and fails on request.

use alloc::{vec, vec::Vec};
use core::{error::Error, fmt};

use displayio_core::{Area, BlockingPanel, Capabilities, Panel, PixelFormat, Rgb888, Size};

use crate::preview::Preview;

/// What a [`Framebuffer`] was sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Windows that were set.
    pub windows: u64,
    /// Pixels that were written.
    pub pixels: u64,
    /// Bytes that were written.
    pub bytes: u64,
    /// Frames that were completed.
    pub frames: u64,
}

/// What a [`Framebuffer`] objects to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FramebufferError {
    /// The failure that was asked for.
    Injected {
        /// Bytes that had been written until then.
        at_byte: u64,
    },
    /// A window that is empty, cuts cells, is not aligned or lies outside the memory.
    BadWindow(Area),
    /// More bytes than the window has.
    Overrun,
}

impl fmt::Display for FramebufferError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Injected { at_byte } => write!(f, "injected failure at byte {at_byte}"),
            Self::BadWindow(area) => write!(f, "bad window {area:?}"),
            Self::Overrun => f.write_str("more bytes than the window has"),
        }
    }
}

impl Error for FramebufferError {}

/// A panel of any format and size in memory.
///
/// Its memory is whole cells, as a real panel's: a 122 pixels wide monochrome panel has 16 bytes per row. Areas that are
/// [aligned](Capabilities::alignment) more coarsely may reach beyond it, and what is beyond is dropped. Planes lie one after
/// the other.
///
/// ```
/// use displayio_core::{Display, Group, Rgb565, Size};
/// use displayio_hal::framebuffer::Framebuffer;
/// let mut buffer = [0; 64];
/// let mut display = Display::new(Framebuffer::new(Size::new(32, 8), Rgb565), &mut buffer);
/// display.refresh(&Group::new(())).unwrap();
/// assert_eq!(display.panel().traffic().pixels, 32 * 8);
/// ```
#[derive(Clone)]
pub struct Framebuffer<C> {
    format: C,
    size: Size,
    capabilities: Capabilities,
    memory: Vec<u8>,
    plane: u8,
    /// The present window, in cells, and the byte in it that comes next.
    window: Area,
    position: usize,
    traffic: Traffic,
    windows: Vec<Area>,
    /// Whether the windows are those of a complete frame.
    is_complete: bool,
    fail_at_byte: Option<u64>,
}

impl<C: PixelFormat> Framebuffer<C> {
    /// A panel of `size` whose memory is all zero.
    pub fn new(size: Size, format: C) -> Self {
        let mut panel = Self {
            format,
            size,
            capabilities: Capabilities::default(),
            memory: Vec::new(),
            plane: 0,
            window: Area::EMPTY,
            position: 0,
            traffic: Traffic::default(),
            windows: Vec::new(),
            is_complete: false,
            fail_at_byte: None,
        };
        panel.memory = vec![0; panel.plane_bytes() * usize::from(C::PLANES)];
        panel
    }

    /// With other capabilities than a MIPI panel's.
    #[must_use]
    pub fn with_capabilities(self, capabilities: Capabilities) -> Self {
        Self { capabilities, ..self }
    }

    /// What it holds: cells row by row, packed as they came.
    #[must_use]
    pub fn memory(&self) -> &[u8] {
        &self.memory
    }

    /// What it was sent since it was made, or since the last [reset](Self::reset_traffic).
    #[must_use]
    pub const fn traffic(&self) -> Traffic {
        self.traffic
    }

    /// The windows of the last frame, in panel space; of a frame that is not complete, those until now.
    #[must_use]
    pub fn windows(&self) -> &[Area] {
        &self.windows
    }

    /// Counts from zero again, without windows.
    pub fn reset_traffic(&mut self) {
        self.traffic = Traffic::default();
        self.windows.clear();
    }

    /// Fails once when that many bytes of pixels have been written, counted from the last reset; windows and ends of frames
    /// fail from there on, too. `None` works again.
    pub const fn fail_at_byte(&mut self, at_byte: Option<u64>) {
        self.fail_at_byte = at_byte;
    }

    fn cells_per_row(&self) -> usize {
        self.size.width.div_ceil(self.format.cell().width).into()
    }

    fn cell_rows(&self) -> usize {
        self.size.height.div_ceil(self.format.cell().height).into()
    }

    fn pixels_per_cell(&self) -> usize {
        usize::from(self.format.cell().width) * usize::from(self.format.cell().height)
    }

    fn bytes_per_cell(&self) -> usize {
        self.pixels_per_cell() * usize::from(C::DEPTH) / 8
    }

    fn plane_bytes(&self) -> usize {
        self.cells_per_row() * self.cell_rows() * self.bytes_per_cell()
    }

    /// `area` counted in cells, if it is one that a display may send.
    fn in_cells(&self, area: Area) -> Option<Area> {
        let (cell, alignment) = (self.format.cell(), self.capabilities.alignment);
        let range = |from: i16, to: i16, size: u16, cell: u16, alignment: u16| {
            let step = cell.max(alignment);
            let (from, to) = (u16::try_from(from).ok()?, u16::try_from(to).ok()?);
            let is_aligned = from.is_multiple_of(step) && to.is_multiple_of(step);
            let is_inside =
                from < to && size.checked_next_multiple_of(step).is_none_or(|end| to <= end);
            (is_aligned && is_inside).then(|| (i32::from(from / cell), i32::from(to / cell)))
        };
        let (x1, x2) = range(area.x1, area.x2, self.size.width, cell.width, alignment.width)?;
        let (y1, y2) = range(area.y1, area.y2, self.size.height, cell.height, alignment.height)?;
        Some(Area::clamped(x1, y1, x2, y2))
    }

    fn fail_if_due(&mut self, more_bytes: usize) -> Result<usize, FramebufferError> {
        let due = self.fail_at_byte.map(|at| at.saturating_sub(self.traffic.bytes));
        match due.and_then(|due| usize::try_from(due).ok()) {
            Some(0) => {
                self.fail_at_byte = None;
                Err(FramebufferError::Injected { at_byte: self.traffic.bytes })
            }
            Some(due) => Ok(due.min(more_bytes)),
            None => Ok(more_bytes),
        }
    }

    fn put(&mut self, byte: u8) -> Result<(), FramebufferError> {
        let bytes_per_cell = self.bytes_per_cell();
        let (cell, byte_in_cell) = (self.position / bytes_per_cell, self.position % bytes_per_cell);
        let width = usize::from(self.window.width()).max(1);
        let (column, row) = (cell % width, cell / width);
        if row >= self.window.height().into() {
            return Err(FramebufferError::Overrun);
        }
        let column = usize::from(self.window.x1.unsigned_abs()) + column;
        let row = usize::from(self.window.y1.unsigned_abs()) + row;
        if column < self.cells_per_row() && row < self.cell_rows() {
            let at = (row * self.cells_per_row() + column) * bytes_per_cell + byte_in_cell;
            let at = usize::from(self.plane) * self.plane_bytes() + at;
            *self.memory.get_mut(at).ok_or(FramebufferError::Overrun)? = byte;
        }
        self.position += 1;
        self.traffic.bytes += 1;
        Ok(())
    }
}

impl<C: Preview> Framebuffer<C> {
    /// The colour of a pixel; black outside.
    #[must_use]
    pub fn color(&self, x: u16, y: u16) -> Rgb888 {
        if x >= self.size.width || y >= self.size.height {
            return Rgb888::BLACK;
        }
        let (cell, length) = (self.format.cell(), self.bytes_per_cell());
        let (column, row) = (usize::from(x / cell.width), usize::from(y / cell.height));
        let start = (row * self.cells_per_row() + column) * length;
        let in_cell =
            usize::from(y % cell.height) * usize::from(cell.width) + usize::from(x % cell.width);
        if C::PLANES == 1 {
            return self.format.color(&self.memory[start..start + length], in_cell);
        }
        let planes = self.memory.chunks(self.plane_bytes());
        let bytes: Vec<u8> =
            planes.flat_map(|plane| &plane[start..start + length]).copied().collect();
        self.format.color(&bytes, in_cell)
    }

    /// The picture as red, green and blue bytes, row by row.
    #[must_use]
    pub fn to_rgb(&self) -> Vec<u8> {
        let Size { width, height } = self.size;
        (0..height)
            .flat_map(|y| (0..width).flat_map(move |x| self.color(x, y).channels()))
            .collect()
    }
}

/// Without what the memory holds.
impl<C: fmt::Debug> fmt::Debug for Framebuffer<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Framebuffer")
            .field("format", &self.format)
            .field("size", &self.size)
            .field("traffic", &self.traffic)
            .field("fail_at_byte", &self.fail_at_byte)
            .finish_non_exhaustive()
    }
}

impl<C: PixelFormat> Panel for Framebuffer<C> {
    type Format = C;
    type Error = FramebufferError;

    fn format(&self) -> C {
        self.format
    }

    fn size(&self) -> Size {
        self.size
    }

    fn capabilities(&self) -> Capabilities {
        self.capabilities
    }
}

impl<C: PixelFormat> BlockingPanel for Framebuffer<C> {
    fn select_plane(&mut self, plane: u8) -> Result<(), FramebufferError> {
        self.fail_if_due(0)?;
        self.plane = plane.min(C::PLANES - 1);
        Ok(())
    }

    fn begin_area(&mut self, area: Area) -> Result<(), FramebufferError> {
        self.fail_if_due(0)?;
        let window = self.in_cells(area).ok_or(FramebufferError::BadWindow(area))?;
        (self.window, self.position) = (window, 0);
        self.traffic.windows += 1;
        if core::mem::take(&mut self.is_complete) {
            self.windows.clear();
        }
        self.windows.push(area);
        Ok(())
    }

    fn write(&mut self, pixels: &[u8]) -> Result<(), FramebufferError> {
        let accepted = self.fail_if_due(pixels.len())?;
        for byte in &pixels[..accepted] {
            self.put(*byte)?;
        }
        if accepted < pixels.len() {
            self.fail_if_due(0)?;
        }
        self.traffic.pixels += (pixels.len() * 8 / usize::from(C::DEPTH)) as u64;
        Ok(())
    }

    fn end_frame(&mut self) -> Result<(), FramebufferError> {
        self.fail_if_due(0)?;
        self.is_complete = true;
        self.traffic.frames += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use displayio_core::{
        BitOrder, Depth, Display, Group, Image, Mono, Packing, Palette, Planar, RefreshError,
        Rgb565, TileGrid, Tricolor,
    };

    use super::*;

    #[test]
    fn windows_fill_row_by_row_in_any_packing() {
        let mut panel = Framebuffer::new(Size::new(4, 3), Rgb565);
        panel.begin_area(Area::new(1, 1, 3, 3)).unwrap();
        panel.write(&[0xf8, 0, 0x07, 0xe0, 0, 0x1f]).unwrap();
        panel.write(&[0xff, 0xff]).unwrap();
        assert_eq!(
            [(1, 1), (2, 1), (1, 2), (2, 2), (3, 2)].map(|(x, y)| panel.color(x, y).value()),
            [0xff_0000, 0x00_ff00, 0x00_00ff, 0xff_ffff, 0]
        );
        assert_eq!(panel.write(&[1]), Err(FramebufferError::Overrun));

        let mono = Mono::new(Packing::Columns, BitOrder::LowFirst);
        let mut panel = Framebuffer::new(Size::new(4, 16), mono);
        panel.begin_area(Area::new(1, 8, 3, 16)).unwrap();
        panel.write(&[0x01, 0x80]).unwrap();
        assert_eq!(panel.memory(), [0, 0, 0, 0, 0, 1, 0x80, 0]);
        assert_eq!(
            (panel.color(1, 8), panel.color(2, 15), panel.color(2, 14).value()),
            (Rgb888::WHITE, Rgb888::WHITE, 0)
        );
    }

    #[test]
    fn planes_are_sent_one_after_the_other() {
        let red = Planar { code: Tricolor { hue: 0 }, order: BitOrder::HighFirst };
        let mut colors = [0; 16];
        let palette = Palette::from_buffer(4, &mut colors).unwrap().with_format(red);
        (0..).zip([0, 0xff_ffff, 0xff_0000]).for_each(|(i, rgb)| palette.set(i, rgb).unwrap());
        static PIXELS: Image = Image::new(4, 1, Depth::Bpp2, &[0b00_01_10_01, 0, 0, 0]);
        let root = Group::new((TileGrid::new(&PIXELS, &palette).at(1, 1),));
        let mut buffer = [0; 8];
        let mut display = Display::new(Framebuffer::new(Size::new(12, 2), red), &mut buffer);
        let stats = display.refresh(&root).unwrap();
        assert_eq!((stats.areas, stats.windows, stats.bytes), (1, 4, 8));
        assert_eq!(display.panel().memory(), [0, 0, 0b0010_1000, 0, 0, 0, 0b0001_0000, 0]);
        let row: Vec<_> = (0..6).map(|x| display.panel().color(x, 1).value()).collect();
        assert_eq!(row, [0, 0, 0xff_ffff, 0xff_0000, 0xff_ffff, 0]);
    }

    /// Four pixels of 18 bits in nine bytes.
    #[derive(Debug, Clone, Copy, Default, PartialEq)]
    struct Dense;

    impl PixelFormat for Dense {
        type Raw = [u8; 3];
        const DEPTH: u8 = 18;

        fn raw(&self, color: Rgb888) -> [u8; 3] {
            color.channels()
        }

        fn cell(&self) -> Size {
            Size::new(4, 1)
        }

        fn pack<'p>(&self, _: u8, _: usize, pixels: &'p mut [[u8; 3]]) -> &'p [u8] {
            let length = pixels.len() / 4 * 9;
            &pixels.as_flattened()[..length]
        }
    }

    impl Preview for Dense {
        fn color(&self, cell: &[u8], index: usize) -> Rgb888 {
            Rgb888::from_channels(cell[0], cell[8], u8::try_from(index).unwrap())
        }
    }

    #[test]
    fn cells_may_have_any_size() {
        let mut panel = Framebuffer::new(Size::new(7, 2), Dense);
        panel.begin_area(Area::new(4, 1, 8, 2)).unwrap();
        panel.write(&[1, 2, 3, 4, 5, 6, 7, 8, 9]).unwrap();
        assert_eq!(panel.memory()[27..], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert_eq!([(3, 1), (5, 1)].map(|(x, y)| panel.color(x, y).value()), [3, 0x01_0901]);
    }

    #[test]
    fn bad_windows_are_refused() {
        let mut panel = Framebuffer::new(Size::new(12, 4), Mono::default());
        assert!(panel.begin_area(Area::new(8, 0, 16, 1)).is_ok(), "the memory has whole cells");
        for area in
            [Area::new(4, 0, 8, 1), Area::new(0, 0, 24, 1), Area::new(-8, 0, 8, 1), Area::EMPTY]
        {
            assert_eq!(panel.begin_area(area), Err(FramebufferError::BadWindow(area)));
        }
    }

    /// A panel of 5x3 pixels whose windows are of two columns and rows.
    #[test]
    fn aligned_areas_may_reach_beyond() {
        let mut colors = [0; 16];
        let palette = Palette::from_buffer(2, &mut colors).unwrap();
        palette.set(1, 0xff_ffff).unwrap();
        static DOT: Image = Image::new(1, 1, Depth::Bpp1, &[0x80, 0, 0, 0]);
        let dot = TileGrid::new(&DOT, &palette).at(4, 2);
        let capabilities = Capabilities { alignment: Size::new(2, 2), ..Capabilities::default() };
        let panel = Framebuffer::new(Size::new(5, 3), Rgb565).with_capabilities(capabilities);
        let (mut buffer, root) = ([0; 8], Group::new((&dot,)));
        let mut display = Display::new(panel, &mut buffer);
        display.refresh(&root).unwrap();
        let lit = |panel: &Framebuffer<_>| {
            let points = (0..3).flat_map(|y| (0..5).map(move |x| (x, y)));
            points.filter(|&(x, y)| panel.color(x, y) == Rgb888::WHITE).collect::<Vec<_>>()
        };
        assert_eq!(lit(display.panel()), [(4, 2)]);
        dot.move_to(1, 1);
        display.panel_mut().reset_traffic();
        display.refresh(&root).unwrap();
        assert_eq!(lit(display.panel()), [(1, 1)]);
        assert_eq!(display.panel().windows(), [Area::new(4, 2, 6, 4), Area::new(0, 0, 2, 2)]);
        for area in [Area::new(1, 0, 2, 2), Area::new(0, 0, 2, 1), Area::new(4, 0, 8, 2)] {
            let result = display.panel_mut().begin_area(area);
            assert_eq!(result, Err(FramebufferError::BadWindow(area)));
        }
    }

    #[test]
    fn it_fails_at_the_byte_asked_for_and_then_works() {
        let mut panel = Framebuffer::new(Size::new(4, 1), Rgb565);
        panel.fail_at_byte(Some(3));
        panel.begin_area(Area::new(0, 0, 4, 1)).unwrap();
        assert_eq!(panel.write(&[1; 8]), Err(FramebufferError::Injected { at_byte: 3 }));
        assert_eq!(panel.memory(), [1, 1, 1, 0, 0, 0, 0, 0]);
        panel.begin_area(Area::new(0, 0, 4, 1)).unwrap();
        panel.write(&[2; 8]).unwrap();
        assert_eq!(panel.memory(), [2; 8]);
    }

    #[test]
    fn the_debug_form_is_short() {
        let mut buffer = [0; 640];
        let display = Display::new(Framebuffer::new(Size::new(320, 240), Rgb565), &mut buffer);
        let text = format!("{display:?}");
        assert!(text.contains("buffer_bytes: 640") && text.contains("width: 320"), "{text}");
        assert!(text.len() < 400, "{text}");
    }

    /// However long a program runs.
    #[test]
    fn windows_are_those_of_the_last_frame() {
        let (mut buffer, root) = ([0; 8], Group::new(()));
        let mut display = Display::new(Framebuffer::new(Size::new(4, 1), Rgb565), &mut buffer);
        for _ in 0..3 {
            display.invalidate();
            display.refresh(&root).unwrap();
            display.refresh(&root).unwrap();
            assert_eq!(display.panel().windows(), [Area::new(0, 0, 4, 1)]);
        }
        assert_eq!(display.panel().traffic().windows, 3);
    }

    #[test]
    fn the_end_of_a_frame_may_fail() {
        let (mut buffer, root) = ([0; 8], Group::new(()));
        let mut display = Display::new(Framebuffer::new(Size::new(4, 1), Rgb565), &mut buffer);
        display.panel_mut().fail_at_byte(Some(8));
        let failure = RefreshError::Panel(FramebufferError::Injected { at_byte: 8 });
        assert_eq!(display.refresh(&root), Err(failure));
        assert_eq!((display.panel().traffic().frames, display.pending()), (0, &[][..]));
        assert_eq!(display.refresh(&root).map(|stats| stats.pixels), Ok(0));
        assert_eq!(display.panel().traffic().frames, 1);
    }
}
