//! E-paper: panels that keep their picture without power, and take seconds to show another.
//!
//! A refresh wakes the panel, sends what changed to its memory, and has that shown; it does not wait for it. While the
//! panel is busy, the program goes on, and asks [`EpaperPanel::is_updating`]; the next refresh waits until it is not. After
//! each update a panel should be put to [sleep](EpaperPanel::sleep): the voltages that move its ink wear it out. Makers ask
//! for some rest between two updates, often of three minutes, and for one update a day.
//!
//! Where several inks are shown, each has a memory of its own, and pixels are sent twice, once for each.
//!
//! What differs between controllers is a [`Module`]; [`controllers`](crate::controllers) has some.

#[cfg(feature = "async")]
mod awaited;

use core::{convert::Infallible, error::Error, fmt};

use displayio_core::{Area, BlockingPanel, Capabilities, Mono, Panel, PixelFormat, Size};
use embedded_hal::{
    delay::DelayNs,
    digital::{self, InputPin, OutputPin},
};

use crate::{
    bus::{DisplayBus, ErrorType},
    mipi::{InitSequence, Step},
};

/// Commands of controllers whose memory is filled in windows: first and last column and row, and where to begin.
const COLUMNS: u8 = 0x44;
const ROWS: u8 = 0x45;
const FIRST_COLUMN: u8 = 0x4e;
const FIRST_ROW: u8 = 0x4f;

/// How long the reset pin is low, and how long the controller then has.
const RESET_MS: u32 = 10;
/// When the busy pin tells of an update at the latest.
const BUSY_AFTER_MS: u32 = 1;
/// How often the busy pin is looked at.
const POLL_MS: u32 = 10;
/// What no panel is busy for.
const LONGEST_MS: u32 = 90_000;
/// Bytes that are complemented at a time.
const COMPLEMENTED: usize = 32;

/// A memory of the controller, for one plane of the pixel format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Memory {
    command: u8,
    is_complemented: bool,
}

impl Memory {
    /// The memory that is filled after a command.
    #[must_use]
    pub const fn new(command: u8) -> Self {
        Self { command, is_complemented: false }
    }

    /// With each bit the other way round.
    #[must_use]
    pub const fn complemented(self) -> Self {
        Self { is_complemented: !self.is_complemented, ..self }
    }
}

/// A controller and its glass: how it is woken, filled and shown, and which part of its memory is seen.
///
/// Sequences are those of CircuitPython's drivers, as they are: a command without a delay byte is followed by no delay.
///
/// ```
/// use displayio_core::{BitOrder, Mono, Packing, Size};
/// use displayio_hal::{epaper::Module, mipi::InitSequence};
/// const START: InitSequence<'static> =
///     InitSequence::checked(&[0x12, 0x80, 20, 0x01, 3, 199, 0, 0, 0x11, 1, 3, 0x22, 1, 0xf7]);
/// let format = Mono::new(Packing::Rows, BitOrder::HighFirst);
/// let badge = Module::windowed(format, Size::new(200, 200), START).updated_in_ms(3000);
/// assert_eq!(badge.size().width, 200);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Module<F> {
    format: F,
    size: Size,
    start: InitSequence<'static>,
    update: InitSequence<'static>,
    sleep: InitSequence<'static>,
    memories: [Memory; 2],
    has_windows: bool,
    is_high_while_busy: bool,
    column_start: u16,
    row_start: u16,
    start_up_ms: u16,
    update_ms: u16,
}

impl<F: PixelFormat> Module<F> {
    /// A controller whose memory is filled in windows, and kept while it is asleep: SSD1675, SSD1680, SSD1681 and the like.
    /// Its busy pin is high while it is busy, and an update is taken to last 5 seconds.
    ///
    /// The start sequence must have columns and then rows count upwards (0x11, 3).
    #[must_use]
    pub const fn windowed(format: F, size: Size, start: InitSequence<'static>) -> Self {
        const { assert!(F::PLANES <= 2, "there is no controller of more than two memories") };
        Self {
            format,
            size,
            start,
            update: InitSequence::checked(&[0x20, 0]),
            sleep: InitSequence::checked(&[0x10, 1, 0x01]),
            memories: [Memory::new(0x24), Memory::new(0x26)],
            has_windows: true,
            is_high_while_busy: true,
            column_start: 0,
            row_start: 0,
            start_up_ms: 0,
            update_ms: 5000,
        }
    }

    /// A controller whose memory is filled as a whole: UC8151, IL0373, those of seven inks and the like. Its busy pin is low
    /// while it is busy, and an update is taken to last 15 seconds.
    ///
    /// The strip buffer has to hold a row.
    #[must_use]
    pub const fn whole(format: F, size: Size, start: InitSequence<'static>) -> Self {
        Self {
            update: InitSequence::checked(&[0x12, 0]),
            // Border and voltage as they are without power, and power off.
            sleep: InitSequence::checked(&[0x50, 1, 0x17, 0x82, 1, 0x00, 0x02, 0]),
            memories: [Memory::new(0x10), Memory::new(0x13)],
            has_windows: false,
            is_high_while_busy: false,
            update_ms: 15_000,
            ..Self::windowed(format, size, start)
        }
    }

    /// With the glass's first pixel at this column and row of the memory, in pixels. Only windows tell.
    ///
    /// # Panics
    /// If a byte of the memory, which is 8 columns, begins elsewhere. In a `const`, that does not compile.
    #[must_use]
    pub const fn starting_at(self, column: u16, row: u16) -> Self {
        assert!(column.is_multiple_of(8), "the glass begins within a byte of the memory");
        Self { column_start: column, row_start: row, ..self }
    }

    /// With other memories for the planes of the format. Where there is one plane, the first is used.
    #[must_use]
    pub const fn with_memories(self, memories: [Memory; 2]) -> Self {
        Self { memories, ..self }
    }

    /// With another format: of another ink, such as yellow.
    #[must_use]
    pub const fn with_format(self, format: F) -> Self {
        Self { format, ..self }
    }

    /// With another sequence that has the memory shown.
    #[must_use]
    pub const fn updated_by(self, update: InitSequence<'static>) -> Self {
        Self { update, ..self }
    }

    /// With another sequence that puts the controller to sleep.
    #[must_use]
    pub const fn put_to_sleep_by(self, sleep: InitSequence<'static>) -> Self {
        Self { sleep, ..self }
    }

    /// With the time that an update takes where no pin tells, in milliseconds.
    #[must_use]
    pub const fn updated_in_ms(self, update_ms: u16) -> Self {
        Self { update_ms, ..self }
    }

    /// With a time that the controller needs before the start sequence, in milliseconds.
    #[must_use]
    pub const fn starting_up_in_ms(self, start_up_ms: u16) -> Self {
        Self { start_up_ms, ..self }
    }

    /// Width and height of the glass in pixels.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// How its pixels are packed.
    #[must_use]
    pub const fn format(&self) -> F {
        self.format
    }

    /// The parameters of a window to an area of whole bytes: first and last column, in bytes of the memory, and first and
    /// last row, low byte first.
    #[must_use]
    pub fn window(&self, area: Area) -> ([u8; 2], [u8; 4]) {
        let columns = [area.x1, area.x2.saturating_sub(1)].map(|x| {
            u8::try_from(self.column_start.saturating_add_signed(x) / 8).unwrap_or(u8::MAX)
        });
        let [[a, b], [c, d]] = [area.y1, area.y2.saturating_sub(1)]
            .map(|y| self.row_start.saturating_add_signed(y).to_le_bytes());
        (columns, [a, b, c, d])
    }
}

/// Where a pin is not connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPin {}

impl digital::ErrorType for NoPin {
    type Error = Infallible;
}

impl InputPin for NoPin {
    fn is_high(&mut self) -> Result<bool, Infallible> {
        match *self {}
    }

    fn is_low(&mut self) -> Result<bool, Infallible> {
        match *self {}
    }
}

impl OutputPin for NoPin {
    fn set_low(&mut self) -> Result<(), Infallible> {
        match *self {}
    }

    fn set_high(&mut self) -> Result<(), Infallible> {
        match *self {}
    }
}

/// What went wrong with an [`EpaperPanel`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum EpaperError<B, R, P> {
    /// The bus's own error.
    Bus(B),
    /// The reset pin's own error.
    Reset(R),
    /// The busy pin's own error.
    Busy(P),
    /// The panel was still busy after a minute and a half.
    StillBusy,
}

impl<B: fmt::Display, R: fmt::Debug, P: fmt::Debug> fmt::Display for EpaperError<B, R, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bus(error) => error.fmt(f),
            Self::Reset(error) => write!(f, "reset pin: {error:?}"),
            Self::Busy(error) => write!(f, "busy pin: {error:?}"),
            Self::StillBusy => write!(f, "the panel was still busy after {LONGEST_MS} ms"),
        }
    }
}

impl<B: Error, R: fmt::Debug, P: fmt::Debug> Error for EpaperError<B, R, P> {
    /// That of the bus's own error, whose words these are.
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Bus(error) => error.source(),
            _ => None,
        }
    }
}

/// What the controller is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing: asleep, or not known.
    Asleep,
    /// Its memory is being filled.
    Awake,
    /// It moves ink.
    Updating,
    /// It has moved ink, and could be put to sleep.
    Updated,
}

/// An e-paper controller and its glass on a bus.
///
/// Without a reset pin, a panel that sleeps deeply does not wake up: then the module is one that is put to sleep by nothing.
/// Without a busy pin, updates are waited for by the clock.
///
/// It takes 52 bytes besides bus, delay and pins on a 32-bit processor, allocates nothing, and copies pixels only for
/// memories that are complemented, 32 bytes at a time. What differs from the picture before is sent, in windows; a panel that
/// has none is sent whole.
///
/// ```
/// use displayio_core::{Display, FONT_6X12, Group, Label, Palette, Rectangle};
/// use displayio_hal::{controllers::ssd1675, epaper::EpaperPanel, fake::{EpaperChip, FakePanel}};
/// // On a board: its SPI and pins, and its delay.
/// let fake = FakePanel::epaper(EpaperChip::Ssd1675);
/// let (bus, delay, reset, busy) = (fake.bus(), fake.delay(), fake.reset_pin(), fake.busy_pin());
///
/// let panel = EpaperPanel::new(bus, delay, ssd1675::GLASS_122X250).with_reset(reset).with_busy(busy);
/// let (mut strip_buffer, mut color, mut glyphs) = ([0; 1024], [0; 8], [0; 96]);
/// let mut display = Display::new(panel, &mut strip_buffer);
/// let white = Palette::from_buffer(1, &mut color).unwrap();
/// white.set(0, 0xff_ffff).unwrap();
/// let paper = Rectangle::new(&white, 122, 250);
/// let label = Label::from_buffer(&FONT_6X12, &mut glyphs).at(4, 8).colored(0, None);
/// label.set_text("21.5 C").unwrap();
/// let root = Group::new((&paper, &label));
/// display.refresh(&root).unwrap();
/// assert!(display.panel_mut().is_updating().unwrap(), "the program goes on meanwhile");
///
/// // Later, and at once if the panel is done by then:
/// display.panel_mut().sleep().unwrap();
/// assert_eq!(fake.faults(), []);
/// ```
#[derive(Debug)]
pub struct EpaperPanel<F, B, D, R = NoPin, P = NoPin> {
    bus: B,
    delay: D,
    reset: Option<R>,
    busy: Option<P>,
    module: Module<F>,
    phase: Phase,
    plane: u8,
}

const _: () = assert!(
    size_of::<EpaperPanel<Mono, (), ()>>()
        <= (6 * size_of::<usize>() + 28).next_multiple_of(size_of::<usize>()),
    "as documented at `EpaperPanel`"
);

impl<F: PixelFormat, B, D> EpaperPanel<F, B, D> {
    /// A panel on `bus` without further pins; nothing is sent yet.
    pub const fn new(bus: B, delay: D, module: Module<F>) -> Self {
        Self { bus, delay, reset: None, busy: None, module, phase: Phase::Asleep, plane: 0 }
    }
}

impl<F, B, D, R, P> EpaperPanel<F, B, D, R, P> {
    /// With a pin that resets the controller while it is low.
    pub fn with_reset<R2>(self, reset: R2) -> EpaperPanel<F, B, D, R2, P> {
        let Self { bus, delay, busy, module, phase, plane, .. } = self;
        EpaperPanel { bus, delay, reset: Some(reset), busy, module, phase, plane }
    }

    /// With a pin that tells whether the controller is busy.
    pub fn with_busy<P2>(self, busy: P2) -> EpaperPanel<F, B, D, R, P2> {
        let Self { bus, delay, reset, module, phase, plane, .. } = self;
        EpaperPanel { bus, delay, reset, busy: Some(busy), module, phase, plane }
    }

    /// The module.
    pub const fn module(&self) -> &Module<F> {
        &self.module
    }

    /// Replaces the start sequence, from the next refresh on: another way of moving the ink, such as a fast one.
    pub const fn set_start(&mut self, start: InitSequence<'static>) {
        self.module.start = start;
    }

    /// The bus, the delay and the pins, without the panel.
    pub fn release(self) -> (B, D, Option<R>, Option<P>) {
        (self.bus, self.delay, self.reset, self.busy)
    }
}

/// The errors of a panel's parts.
type ErrorOf<B, R, P> =
    EpaperError<B, <R as digital::ErrorType>::Error, <P as digital::ErrorType>::Error>;

impl<F, B: ErrorType, D, R: digital::ErrorType, P: InputPin> EpaperPanel<F, B, D, R, P> {
    /// Whether the panel still moves ink. Without a busy pin this is so until someone [waits](Self::wait).
    ///
    /// # Errors
    /// The busy pin's own.
    pub fn is_updating(&mut self) -> Result<bool, ErrorOf<B::Error, R, P>> {
        if self.phase == Phase::Updating && self.busy.is_some() && !self.is_busy()? {
            self.phase = Phase::Updated;
        }
        Ok(self.phase == Phase::Updating)
    }

    /// What the busy pin tells; no, if there is none.
    fn is_busy(&mut self) -> Result<bool, ErrorOf<B::Error, R, P>> {
        let Some(busy) = &mut self.busy else { return Ok(false) };
        let is_high = busy.is_high().map_err(EpaperError::Busy)?;
        Ok(is_high == self.module.is_high_while_busy)
    }

    /// The memory of the plane that is being sent.
    const fn memory(&self) -> Memory {
        let [first, second] = self.module.memories;
        if self.plane == 0 { first } else { second }
    }

    /// After a failure of the bus, the next refresh starts the panel anew.
    fn or_asleep(&mut self, result: Result<(), B::Error>) -> Result<(), ErrorOf<B::Error, R, P>> {
        result.map_err(|error| {
            self.phase = Phase::Asleep;
            EpaperError::Bus(error)
        })
    }
}

impl<F, B: DisplayBus, D: DelayNs, R: OutputPin, P: InputPin> EpaperPanel<F, B, D, R, P> {
    /// Waits until the panel moves no ink any more.
    ///
    /// # Errors
    /// The busy pin's own, and [`StillBusy`](EpaperError::StillBusy). After that, the next refresh resets the panel.
    pub fn wait(&mut self) -> Result<(), ErrorOf<B::Error, R, P>> {
        if self.phase == Phase::Updating {
            self.phase = Phase::Updated;
            if self.busy.is_none() {
                self.delay.delay_ms(self.module.update_ms.into());
            }
            self.wait_while_busy()?;
        }
        Ok(())
    }

    /// Waits until the panel moves no ink any more, and puts it to sleep. The next refresh wakes it.
    ///
    /// # Errors
    /// Those of [`wait`](Self::wait), and the bus's own.
    pub fn sleep(&mut self) -> Result<(), ErrorOf<B::Error, R, P>> {
        self.wait()?;
        if self.phase != Phase::Asleep {
            self.send(self.module.sleep)?;
            self.phase = Phase::Asleep;
        }
        Ok(())
    }

    /// Wakes the panel, unless it is awake.
    fn wake(&mut self) -> Result<(), ErrorOf<B::Error, R, P>> {
        if self.phase == Phase::Awake {
            return Ok(());
        }
        self.wait()?;
        self.phase = Phase::Asleep;
        if let Some(reset) = &mut self.reset {
            reset.set_low().map_err(EpaperError::Reset)?;
            self.delay.delay_ms(RESET_MS);
            reset.set_high().map_err(EpaperError::Reset)?;
            self.delay.delay_ms(RESET_MS);
        }
        self.delay.delay_ms(self.module.start_up_ms.into());
        self.send(self.module.start)?;
        self.wait_while_busy()?;
        self.phase = Phase::Awake;
        Ok(())
    }

    /// Sends commands, each when the one before it is done.
    fn send(&mut self, sequence: InitSequence<'_>) -> Result<(), ErrorOf<B::Error, R, P>> {
        for Step { command, parameters, delay_ms } in sequence.steps_pausing(0) {
            self.wait_while_busy()?;
            self.bus.command(command, parameters).map_err(EpaperError::Bus)?;
            self.delay.delay_ms(delay_ms.into());
        }
        Ok(())
    }

    fn wait_while_busy(&mut self) -> Result<(), ErrorOf<B::Error, R, P>> {
        for _ in 0..LONGEST_MS / POLL_MS {
            if !self.is_busy()? {
                return Ok(());
            }
            self.delay.delay_ms(POLL_MS);
        }
        Err(EpaperError::StillBusy)
    }
}

impl<F: PixelFormat, B: DisplayBus, D: DelayNs, R: OutputPin, P: InputPin>
    EpaperPanel<F, B, D, R, P>
{
    /// Sets the window where there are any, and begins to fill it.
    fn begin_window(&mut self, area: Area) -> Result<(), B::Error> {
        if self.module.has_windows {
            for (command, parameters) in window_commands(&self.module.window(area)) {
                self.bus.command(command, parameters)?;
            }
        }
        self.bus.command(self.memory().command, &[])
    }

    fn fill(&mut self, pixels: &[u8]) -> Result<(), B::Error> {
        if !self.memory().is_complemented {
            return self.bus.data(pixels);
        }
        for bytes in pixels.chunks(COMPLEMENTED) {
            self.bus.data(&complement(bytes)[..bytes.len()])?;
        }
        Ok(())
    }
}

/// The commands that set a [window](Module::window): where it is, and where to begin.
fn window_commands((columns, rows): &([u8; 2], [u8; 4])) -> [(u8, &[u8]); 4] {
    [(COLUMNS, columns), (FIRST_COLUMN, &columns[..1]), (ROWS, rows), (FIRST_ROW, &rows[..2])]
}

/// The complements of up to 32 bytes.
fn complement(bytes: &[u8]) -> [u8; COMPLEMENTED] {
    let mut complements = [0; COMPLEMENTED];
    complements.iter_mut().zip(bytes).for_each(|(complement, byte)| *complement = !byte);
    complements
}

impl<F: PixelFormat, B: ErrorType, D, R: digital::ErrorType, P: digital::ErrorType> Panel
    for EpaperPanel<F, B, D, R, P>
{
    type Format = F;
    type Error = ErrorOf<B::Error, R, P>;

    fn format(&self) -> F {
        self.module.format
    }

    fn size(&self) -> Size {
        self.module.size
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            window_cost_bytes: 14,
            sends_parts: self.module.has_windows,
            ..Capabilities::default()
        }
    }
}

impl<F: PixelFormat, B: DisplayBus, D: DelayNs, R: OutputPin, P: InputPin> BlockingPanel
    for EpaperPanel<F, B, D, R, P>
{
    fn select_plane(&mut self, plane: u8) -> Result<(), Self::Error> {
        self.plane = plane;
        Ok(())
    }

    /// Wakes the panel first, if it is not awake: up to a second or two. If it still moves ink, it is waited for.
    fn begin_area(&mut self, area: Area) -> Result<(), Self::Error> {
        self.wake()?;
        let begun = self.begin_window(area);
        self.or_asleep(begun)
    }

    fn write(&mut self, pixels: &[u8]) -> Result<(), Self::Error> {
        let written = self.fill(pixels);
        self.or_asleep(written)
    }

    /// Has the memory shown, and does not wait for it.
    fn end_frame(&mut self) -> Result<(), Self::Error> {
        self.wake()?;
        self.send(self.module.update)?;
        self.phase = Phase::Updating;
        self.delay.delay_ms(BUSY_AFTER_MS);
        Ok(())
    }
}
