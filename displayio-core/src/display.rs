//! A panel, a strip buffer and the refresh that leads a scene through one to the other.

mod awaited;

use core::{
    fmt,
    hint::black_box,
    mem,
    sync::atomic::{AtomicU32, Ordering},
};

use bytemuck::Zeroable;

use crate::{
    Area, BlockingPanel, Damage, Node, Panel, PixelFormat, Place, Rotation, Size, Strips,
    Transform, spans, strip::Below,
};

/// What one refresh sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct RefreshStats {
    /// Areas that were damaged, after merging.
    pub areas: u32,
    /// Windows that were set on the panel.
    pub windows: u32,
    /// Strips that were composed.
    pub strips: u32,
    /// Pixels that were sent, each once, and once per plane of the panel.
    pub pixels: u32,
    /// Bytes of pixels that were sent.
    pub bytes: u32,
}

/// Why a refresh did not send everything. What it did not send stays damaged, and the next refresh sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum RefreshError<E> {
    /// The panel's own error.
    Panel(E),
    /// The strip buffer has no room for one cell of pixels, or for a row where the panel [takes whole
    /// ones](crate::Capabilities::sends_parts).
    BufferTooSmall {
        /// The least that would do.
        needed_bytes: usize,
        /// What there is, once aligned.
        given_bytes: usize,
    },
}

impl<E> From<E> for RefreshError<E> {
    fn from(error: E) -> Self {
        Self::Panel(error)
    }
}

impl<E: fmt::Display> fmt::Display for RefreshError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panel(error) => error.fmt(f),
            Self::BufferTooSmall { needed_bytes, given_bytes } => {
                write!(
                    f,
                    "strip buffer too small: {needed_bytes} bytes needed, {given_bytes} given, once aligned"
                )
            }
        }
    }
}

impl<E: core::error::Error> core::error::Error for RefreshError<E> {
    /// That of the panel's own error, whose words these are.
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Panel(error) => error.source(),
            Self::BufferTooSmall { .. } => None,
        }
    }
}

/// Shows a scene on a panel, redrawing what changed through one small buffer.
///
/// A refresh allocates nothing. The buffer is used from the first to the last multiple of 4 bytes in it, and may have any
/// size from one cell of pixels on: 4 bytes for RGB565, 8 for a monochrome panel (which is composed a byte per pixel), and 3
/// more where it may begin at any address; of a panel that [takes whole pictures](crate::Capabilities::sends_parts), a row. A
/// row of the panel or a few are a good size.
///
/// A scene is shown by one display. Two that were given the same root in turn would redraw all of it each time; each is given
/// nodes of its own, which may share bitmaps, palettes and fonts.
///
/// ```
/// use displayio_core::*;
/// # struct Null;
/// # impl Panel for Null { type Format = Rgb565; type Error = core::convert::Infallible;
/// #     fn format(&self) -> Rgb565 { Rgb565 } fn size(&self) -> Size { Size::new(160, 120) } }
/// # impl BlockingPanel for Null {
/// #     fn begin_area(&mut self, _: Area) -> Result<(), Self::Error> { Ok(()) }
/// #     fn write(&mut self, _: &[u8]) -> Result<(), Self::Error> { Ok(()) } }
/// # let panel = Null;
/// # let (mut pixels, mut colors, mut strip_buffer) = ([0; 2048], [0; 36], [0; 640]);
/// let sheet = Bitmap::from_buffer(64, 64, Depth::Bpp4, &mut pixels).unwrap();
/// let palette = Palette::from_buffer(16, &mut colors).unwrap();
/// let player = TileGrid::new(&sheet, &palette).tiles(16, 16).at(10, 20);
/// let root = Group::new((&player,));
/// let mut display = Display::new(panel, &mut strip_buffer);
/// assert_eq!(display.refresh(&root).unwrap().pixels, 160 * 120);
/// player.move_to(11, 20);
/// assert_eq!(display.refresh(&root).unwrap().pixels, 17 * 16);
/// ```
pub struct Display<'b, P> {
    panel: P,
    buffer: &'b mut [u8],
    damage: Damage,
    rotation: Rotation,
    /// What the present root carries; 0 for no root.
    stamp: u32,
    /// Whether all nodes must be placed anew.
    changed: bool,
    /// Whether something was sent that no end of frame has followed.
    frame_open: bool,
}

/// Stamps name the root that a display showed last. A plain load and store: a scene belongs to one core, so that two
/// stamps made at once on two cores never meet.
static NEXT_STAMP: AtomicU32 = AtomicU32::new(1);

fn next_stamp() -> u32 {
    let stamp = NEXT_STAMP.load(Ordering::Relaxed);
    NEXT_STAMP.store(stamp.wrapping_add(1).max(1), Ordering::Relaxed);
    stamp
}

impl<'b, P: Panel> Display<'b, P> {
    /// A display whose panel shows nothing of a scene yet.
    pub fn new(panel: P, buffer: &'b mut [u8]) -> Self {
        let (cell, capabilities) = (panel.format().cell(), panel.capabilities());
        let cell = Size::new(
            cell.width.max(capabilities.alignment.width),
            cell.height.max(capabilities.alignment.height),
        );
        let bits_per_pixel = P::Format::DEPTH * P::Format::PLANES;
        let mut display = Self {
            damage: Damage::new(panel.size(), cell, bits_per_pixel, capabilities.window_cost_bytes),
            panel,
            buffer,
            rotation: Rotation::Deg0,
            stamp: 0,
            changed: true,
            frame_open: false,
        };
        display.invalidate();
        display
    }

    /// With the scene turned on the panel.
    #[must_use]
    pub fn rotated(mut self, rotation: Rotation) -> Self {
        self.set_rotation(rotation);
        self
    }

    /// Turns the scene on the panel; the next refresh redraws everything.
    pub fn set_rotation(&mut self, rotation: Rotation) {
        if self.rotation != rotation {
            self.rotation = rotation;
            self.changed = true;
            self.invalidate();
        }
    }

    /// How the scene is turned.
    pub const fn rotation(&self) -> Rotation {
        self.rotation
    }

    /// Size of the scene: that of the panel, exchanged at a quarter turn.
    pub fn size(&self) -> Size {
        let Size { width, height } = self.panel.size();
        if self.rotation.swaps_axes() { Size::new(height, width) } else { Size::new(width, height) }
    }

    /// Takes the panel's contents as lost: the next refresh redraws everything.
    pub fn invalidate(&mut self) {
        self.damage.add_all();
    }

    /// The areas that a failed refresh left for the next one, in panel space.
    pub fn pending(&self) -> &[Area] {
        self.damage.areas()
    }

    /// The panel.
    pub const fn panel(&self) -> &P {
        &self.panel
    }

    /// The panel, for commands of its own. What changes its contents needs [`invalidate`](Self::invalidate).
    pub const fn panel_mut(&mut self) -> &mut P {
        &mut self.panel
    }

    /// The panel, without the display.
    pub fn into_panel(self) -> P {
        self.panel
    }

    /// Adds what changed in the scene to the damage, and acknowledges it: what changes from now on belongs to the next
    /// refresh.
    fn collect<N: Node<P::Format> + ?Sized>(&mut self, root: &N) {
        let is_same =
            root.stamp().is_some_and(|stamp| stamp.get() == self.stamp && self.stamp != 0);
        if !is_same {
            self.stamp = 0;
            if let Some(stamp) = root.stamp() {
                self.stamp = next_stamp();
                stamp.set(self.stamp);
            }
            self.invalidate();
        }
        let transform = Transform::rotated(self.rotation, self.panel.size());
        let place = Place { transform, visible: true, changed: self.changed || !is_same };
        self.changed = false;
        root.collect(&place, &mut self.damage);
        if !self.panel.capabilities().sends_parts {
            self.complete_damage();
        }
    }

    /// Makes damage be of the whole panel. An end of frame that failed may have cost what the panel holds.
    fn complete_damage(&mut self) {
        if self.frame_open || !self.damage.areas().is_empty() {
            self.invalidate();
        }
    }
}

impl<P: BlockingPanel> Display<'_, P> {
    /// Brings the panel up to date with the scene.
    ///
    /// The root should be a [`Group`](crate::Group): it remembers which display shows it, so that another root is
    /// noticed. Any other node is redrawn wholly each time.
    ///
    /// Cost: the walk, 15 to 30 instructions for a node that did not change; then the damaged pixels, composed and sent.
    ///
    /// # Errors
    /// [`RefreshError`]; what was not sent stays damaged.
    pub fn refresh<N: Node<P::Format> + ?Sized>(
        &mut self,
        root: &N,
    ) -> Result<RefreshStats, RefreshError<P::Error>> {
        self.collect(root);
        let mut stats = RefreshStats::default();
        while let Some(area) = self.damage.next() {
            self.send_area(root, area, &mut stats)?;
            self.damage.next_is_sent();
        }
        if self.frame_open {
            self.panel.end_frame()?;
            self.frame_open = false;
        }
        Ok(stats)
    }

    /// Composes and sends an area, for all planes of the panel.
    fn send_area<N: Node<P::Format> + ?Sized>(
        &mut self,
        root: &N,
        area: Area,
        stats: &mut RefreshStats,
    ) -> Result<(), RefreshError<P::Error>> {
        let cell = least_cell(self.damage.cell(), &area, &self.panel);
        let pixels = aligned::<P::Format>(self.buffer);
        let plan = Plan::new(area, pixels.len(), cell)
            .ok_or_else(|| too_small::<P::Format, P::Error>(cell, pixels))?;
        let covered = root.covers(&area);
        stats.areas += 1;
        self.frame_open = true;
        for plane in 0..P::Format::PLANES {
            if P::Format::PLANES > 1 {
                self.panel.select_plane(plane)?;
            }
            self.send_plane(root, &plan, plane, covered, stats)?;
        }
        Ok(())
    }

    /// Composes and sends an area, for one plane of the panel.
    fn send_plane<N: Node<P::Format> + ?Sized>(
        &mut self,
        root: &N,
        plan: &Plan,
        plane: u8,
        covered: bool,
        stats: &mut RefreshStats,
    ) -> Result<(), P::Error> {
        let pixels = aligned::<P::Format>(self.buffer);
        let (format, capabilities) = (self.panel.format(), self.panel.capabilities());
        for area in plan.bands() {
            if capabilities.window_survives_writes {
                self.panel.begin_area(area)?;
                stats.windows += 1;
            }
            let mut band = Band {
                panel: &mut self.panel,
                plane,
                end: area.y2,
                strip_height: plan.strip_height,
                is_one_window: capabilities.window_survives_writes,
                covered,
                strips: 0,
                bytes: 0,
                result: Ok(()),
            };
            // The strip above the first, which is as high as any and has no rows.
            let (mut strip, mut pixels) = (area, &mut *pixels);
            strip.y2 = area.y1.saturating_add(plan.strip_height);
            cut(&mut pixels, &strip);
            strip.y2 = area.y1;
            if band.begin(&mut strip, &mut pixels)? {
                let mut strips = Strips::new(strip, pixels, format, &mut band);
                root.paint_strips(&mut strips);
                strips.finish();
            }
            band.result?;
            stats.windows += if capabilities.window_survives_writes { 0 } else { band.strips };
            stats.strips += band.strips;
            stats.pixels += area.pixels();
            stats.bytes += u32::try_from(band.bytes).unwrap_or(u32::MAX);
        }
        Ok(())
    }
}

/// Without what the strip buffer holds.
impl<P: fmt::Debug> fmt::Debug for Display<'_, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Display")
            .field("panel", &self.panel)
            .field("buffer_bytes", &self.buffer.len())
            .field("rotation", &self.rotation)
            .field("pending", &self.damage.areas())
            .finish_non_exhaustive()
    }
}

/// A band that is being sent to one plane of the panel.
struct Band<'d, P: Panel> {
    panel: &'d mut P,
    plane: u8,
    /// Where the last strip ends.
    end: i16,
    strip_height: i16,
    /// Whether all of it is sent to one window, rather than each strip to one of its own.
    is_one_window: bool,
    /// Whether a node surely paints all pixels.
    covered: bool,
    /// How many strips were begun.
    strips: u32,
    /// Bytes of pixels that were sent.
    bytes: usize,
    result: Result<(), P::Error>,
}

impl<P: BlockingPanel> Band<'_, P> {
    /// Makes of a strip the one below it, in the same pixels, which are those of a whole strip. False where none is below.
    fn begin(&mut self, strip: &mut Area, pixels: &mut &mut [Raw<P>]) -> Result<bool, P::Error> {
        let y = strip.y2;
        if y >= self.end {
            return Ok(false);
        }
        (strip.y1, strip.y2) = (y, y.wrapping_add(self.strip_height));
        if i32::from(y) + i32::from(self.strip_height) > self.end.into() {
            // The last may be lower.
            strip.y2 = self.end;
            cut(pixels, strip);
        }
        self.strips += 1;
        if !self.is_one_window {
            self.panel.begin_area(*strip)?;
        }
        if !self.covered {
            clear::<P::Format>(pixels);
        }
        Ok(true)
    }

    fn send(&mut self, strip: &Area, pixels: &mut [Raw<P>]) -> Result<(), P::Error> {
        let bytes = self.panel.format().pack(self.plane, strip.width().into(), pixels);
        self.panel.write(bytes)?;
        self.bytes += bytes.len();
        Ok(())
    }
}

impl<P: BlockingPanel> Below<P::Format> for Band<'_, P> {
    fn begin_next(&mut self, strip: &mut Area, pixels: &mut &mut [Raw<P>]) -> bool {
        let begun = self.send(strip, pixels).and_then(|()| self.begin(strip, pixels));
        begun.unwrap_or_else(|error| {
            self.result = Err(error);
            false
        })
    }

    fn keeps_pixels(&self) -> bool {
        self.covered && !P::Format::PACKS
    }

    fn end(&self) -> i16 {
        self.end
    }
}

type Raw<P> = <<P as Panel>::Format as PixelFormat>::Raw;

/// Bytes of a cell while it is composed, in whole words.
fn bytes_of_cell<C: PixelFormat>(cell: Size) -> usize {
    let pixels = usize::from(cell.width) * usize::from(cell.height);
    (pixels * size_of::<C::Raw>()).next_multiple_of(size_of::<u32>())
}

/// What is said of a buffer without room for a cell.
fn too_small<C: PixelFormat, E>(cell: Size, pixels: &[C::Raw]) -> RefreshError<E> {
    let needed_bytes = bytes_of_cell::<C>(cell);
    RefreshError::BufferTooSmall { needed_bytes, given_bytes: size_of_val(pixels) }
}

/// The part of the buffer that raw pixels can lie in, aligned to words.
fn aligned<C: PixelFormat>(buffer: &mut [u8]) -> &mut [C::Raw] {
    let (_, words, _) = bytemuck::pod_align_to_mut::<u8, u32>(buffer);
    let bytes: &mut [u8] = bytemuck::cast_slice_mut(words);
    let whole = bytes.len() / size_of::<C::Raw>().max(1) * size_of::<C::Raw>();
    bytes
        .get_mut(..whole)
        .and_then(|bytes| bytemuck::try_cast_slice_mut(bytes).ok())
        .unwrap_or_default()
}

/// Leaves the pixels of a strip, if there are as many.
fn cut<T>(pixels: &mut &mut [T], strip: &Area) {
    let room = mem::take(pixels);
    *pixels = room.get_mut(..strip.pixels() as usize).unwrap_or_default();
}

/// Out of the way, for most areas are covered.
#[inline(never)]
fn clear<C: PixelFormat>(pixels: &mut [C::Raw]) {
    let blank = C::Raw::default();
    if blank != C::Raw::zeroed() {
        return pixels.fill(blank);
    }
    // Of a value that the compiler knows it would make calls of `memset`, which take three times as long.
    let word = black_box(0);
    let (head, words, tail) = bytemuck::pod_align_to_mut(pixels);
    spans::fill_eights(words, word).iter_mut().for_each(|pixels| *pixels = word);
    head.iter_mut().chain(tail).for_each(|pixel| *pixel = blank);
}

/// The least of an area that can be composed at a time: a cell, or a row of them.
fn least_cell<P: Panel>(cell: Size, area: &Area, panel: &P) -> Size {
    if panel.capabilities().sends_parts { cell } else { Size::new(area.width(), cell.height) }
}

/// How an area is cut: into bands as wide as the buffer allows, and those into strips.
struct Plan {
    area: Area,
    band_width: i16,
    /// Rows that the buffer holds at the width of a band: whole cells.
    strip_height: i16,
}

impl Plan {
    /// `None` when the buffer does not hold one cell.
    fn new(area: Area, capacity_pixels: usize, cell: Size) -> Option<Self> {
        let (cell_width, cell_height) = (usize::from(cell.width), usize::from(cell.height));
        let fitting_width = capacity_pixels / cell_height / cell_width * cell_width;
        let band_width = fitting_width.min(area.width().into());
        if band_width == 0 {
            return None;
        }
        let strip_height = capacity_pixels / band_width / cell_height * cell_height;
        let limit = |v: usize| i16::try_from(v).unwrap_or(i16::MAX);
        Some(Self { area, band_width: limit(band_width), strip_height: limit(strip_height) })
    }

    /// From left to right, each as high as the area.
    fn bands(&self) -> impl Iterator<Item = Area> + use<> {
        let (mut rest, width) = (self.area, self.band_width);
        core::iter::from_fn(move || {
            let x = rest.x1.saturating_add(width).min(rest.x2);
            let band = Area { x2: x, ..rest };
            rest.x1 = x;
            (!band.is_empty()).then_some(band)
        })
    }
}
