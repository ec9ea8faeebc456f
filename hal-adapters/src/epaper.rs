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
mod module;

use core::{convert::Infallible, error::Error, fmt};

use displayio_core::{Area, BlockingPanel, Capabilities, Mono, Panel, PixelFormat, Size};
use embedded_hal::{
    delay::DelayNs,
    digital::{self, InputPin, OutputPin},
};

pub use self::module::{Memory, Module};
use crate::{
    bus::{DisplayBus, ErrorType},
    mipi::{InitSequence, Step},
};

/// Commands of controllers whose memory is filled in windows: first and last column and row, and where to begin.
const COLUMNS: u8 = 0x44;
const ROWS: u8 = 0x45;
const FIRST_COLUMN: u8 = 0x4e;
const FIRST_ROW: u8 = 0x4f;
/// Their bytes for a window and its memory.
const WINDOW_BYTES: u8 = 14;

/// How long the reset pin is low, and how long the controller then has.
const RESET_MS: u32 = 10;
/// When the busy pin tells of a command at the latest.
const BUSY_AFTER_MS: u32 = 1;
/// How often the busy pin is looked at.
const POLL_MS: u32 = 10;
/// What no panel is busy for.
const LONGEST_MS: u32 = 90_000;
/// Bytes that are made and sent at a time.
const PIECE: usize = 32;

/// Where a pin is not connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
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
    /// Anything.
    Unknown,
    /// Nothing, at the least power.
    Asleep,
    /// Its memory is being filled.
    Awake,
    /// It moves ink, or may have begun to.
    Updating,
    /// It has moved ink.
    Updated,
}

/// An e-paper controller and its glass on a bus.
///
/// Without a reset pin, it is switched off, but never sleeps deeply: nothing could wake it. Without a busy pin, updates are
/// waited for by the clock.
///
/// When the bus or a pin failed, or a future was dropped, what the controller does may not be known. Then it is reset and
/// started before anything else is sent.
///
/// It takes 64 bytes besides bus, delay and pins on a 32-bit processor, allocates nothing, and copies pixels only for
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
    is_spare_filled: bool,
}

const _: () = assert!(
    size_of::<EpaperPanel<Mono, (), ()>>() <= size_of::<[&[u8]; 4]>() + 32,
    "as documented at `EpaperPanel`"
);

impl<F: PixelFormat, B, D> EpaperPanel<F, B, D> {
    /// A panel on `bus` without further pins; nothing is sent yet.
    pub const fn new(bus: B, delay: D, module: Module<F>) -> Self {
        let (reset, busy, phase) = (None, None, Phase::Unknown);
        Self { bus, delay, reset, busy, module, phase, plane: 0, is_spare_filled: false }
    }
}

impl<F: PixelFormat, B, D, R, P> EpaperPanel<F, B, D, R, P> {
    /// With a pin that resets the controller while it is low.
    pub fn with_reset<R2>(self, reset: R2) -> EpaperPanel<F, B, D, R2, P> {
        let Self { bus, delay, busy, module, phase, plane, is_spare_filled, .. } = self;
        let reset = Some(reset);
        EpaperPanel { bus, delay, reset, busy, module, phase, plane, is_spare_filled }
    }

    /// With a pin that tells whether the controller is busy.
    pub fn with_busy<P2>(self, busy: P2) -> EpaperPanel<F, B, D, R, P2> {
        let Self { bus, delay, reset, module, phase, plane, is_spare_filled, .. } = self;
        let busy = Some(busy);
        EpaperPanel { bus, delay, reset, busy, module, phase, plane, is_spare_filled }
    }

    /// The module.
    pub const fn module(&self) -> Module<F> {
        self.module
    }

    /// Replaces the start sequence, such as by one that moves the ink in another way. The next refresh that shows something
    /// sends it.
    pub const fn set_start(&mut self, start: InitSequence<'static>) {
        self.module.start = start;
        if matches!(self.phase, Phase::Awake) {
            self.phase = Phase::Unknown;
        }
    }

    /// Takes the ink as moved, where a clock of the program's own told that, and no busy pin does.
    pub const fn assume_updated(&mut self) {
        if matches!(self.phase, Phase::Updating) {
            self.phase = Phase::Updated;
        }
    }

    /// The bus, the delay and the pins, without the panel.
    pub fn release(self) -> (B, D, Option<R>, Option<P>) {
        (self.bus, self.delay, self.reset, self.busy)
    }

    /// The memory of the plane that is being sent.
    const fn memory(&self) -> Memory {
        let [first, second] = self.module.memories;
        if self.plane == 0 { first } else { second }
    }
}

/// The errors of a panel's parts.
type ErrorOf<B, R, P> =
    EpaperError<B, <R as digital::ErrorType>::Error, <P as digital::ErrorType>::Error>;

/// What both ways of waiting share.
impl<F: PixelFormat, B: ErrorType, D, R: digital::ErrorType, P: InputPin>
    EpaperPanel<F, B, D, R, P>
{
    /// Whether the panel still moves ink. After a refresh that failed or was dropped, the pin may take a millisecond to tell.
    /// Without a busy pin this is so until someone [waits](Self::wait), or [assumes](Self::assume_updated) that it is not.
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

    /// What comes of waiting for an update. One that does not end is ended by the reset pin.
    const fn note_waited(
        &mut self,
        waited: Result<(), ErrorOf<B::Error, R, P>>,
    ) -> Result<(), ErrorOf<B::Error, R, P>> {
        match waited {
            Ok(()) => self.phase = Phase::Updated,
            Err(EpaperError::StillBusy) => self.phase = Phase::Unknown,
            Err(_) => {}
        }
        waited
    }

    /// What comes of commands that may keep it busy, whether or not the bus failed: if it is for ever, it is reset.
    const fn note_busy(
        &mut self,
        sent: Result<(), ErrorOf<B::Error, R, P>>,
    ) -> Result<(), ErrorOf<B::Error, R, P>> {
        if matches!(sent, Err(EpaperError::StillBusy)) {
            self.phase = Phase::Unknown;
        }
        sent
    }

    /// What comes of other bytes, before which nothing may be known.
    fn note_sent(&mut self, sent: Result<(), B::Error>) -> Result<(), ErrorOf<B::Error, R, P>> {
        self.phase = if sent.is_ok() { Phase::Awake } else { Phase::Unknown };
        sent.map_err(EpaperError::Bus)
    }

    /// How long an update takes that no pin tells of; until the pin does, otherwise.
    const fn update_ms(&self) -> u32 {
        if self.busy.is_some() { BUSY_AFTER_MS } else { self.module.update_ms as u32 }
    }

    /// The sequence that puts a controller to sleep whose voltages are off: one that it can be woken from.
    const fn deep_sleep(&self) -> InitSequence<'static> {
        if self.reset.is_some() { self.module.deep_sleep } else { InitSequence::checked(&[]) }
    }
}

impl<F: PixelFormat, B: DisplayBus, D: DelayNs, R: OutputPin, P: InputPin>
    EpaperPanel<F, B, D, R, P>
{
    /// Waits until the panel moves no ink any more.
    ///
    /// # Errors
    /// The busy pin's own, and [`StillBusy`](EpaperError::StillBusy). After that, the next refresh resets the panel.
    pub fn wait(&mut self) -> Result<(), ErrorOf<B::Error, R, P>> {
        if self.phase != Phase::Updating {
            return Ok(());
        }
        self.delay.delay_ms(self.update_ms());
        let waited = self.wait_while_busy();
        self.note_waited(waited)
    }

    /// Waits until the panel moves no ink any more, switches its voltages off, and puts it to sleep. The next refresh wakes
    /// it.
    ///
    /// A panel of which nothing is known, such as a new one, is reset first.
    ///
    /// # Errors
    /// Those of [`wait`](Self::wait), the bus's and the reset pin's own. To be tried again.
    pub fn sleep(&mut self) -> Result<(), ErrorOf<B::Error, R, P>> {
        self.wait()?;
        match self.phase {
            Phase::Asleep => return Ok(()),
            Phase::Unknown => {
                self.is_spare_filled = false;
                self.pulse_reset()?;
            }
            _ => self.phase = Phase::Unknown,
        }
        self.send(self.module.power_off)?;
        self.wait_while_busy()?;
        self.send(self.deep_sleep())?;
        self.phase = Phase::Asleep;
        Ok(())
    }

    /// Wakes the panel, if need be, sends a command of the controller's own, and waits until it is done. What it sets lasts
    /// until the panel is woken the next time, by the refresh after the next update; what is to last is part of the [start
    /// sequence](Self::set_start).
    ///
    /// # Errors
    /// The bus's and the pins' own, and [`StillBusy`](EpaperError::StillBusy).
    pub fn command(
        &mut self,
        command: u8,
        parameters: &[u8],
    ) -> Result<(), ErrorOf<B::Error, R, P>> {
        self.wake()?;
        let sent = self.bus.command(command, parameters);
        self.delay.delay_ms(BUSY_AFTER_MS);
        let waited = self.wait_while_busy();
        self.note_sent(sent)?;
        self.note_busy(waited)
    }

    /// Wakes the panel, unless it is awake.
    fn wake(&mut self) -> Result<(), ErrorOf<B::Error, R, P>> {
        if self.phase == Phase::Awake {
            return Ok(());
        }
        self.wait()?;
        self.is_spare_filled &= self.phase != Phase::Unknown;
        self.phase = Phase::Unknown;
        self.pulse_reset()?;
        self.send(self.module.start)?;
        self.wait_while_busy()?;
        let filled = if self.is_spare_filled { Ok(()) } else { self.fill_spare() };
        self.is_spare_filled = filled.is_ok();
        self.note_sent(filled)
    }

    fn pulse_reset(&mut self) -> Result<(), ErrorOf<B::Error, R, P>> {
        if let Some(reset) = &mut self.reset {
            reset.set_low().map_err(EpaperError::Reset)?;
            self.delay.delay_ms(RESET_MS);
            reset.set_high().map_err(EpaperError::Reset)?;
            self.delay.delay_ms(RESET_MS);
        }
        self.delay.delay_ms(self.module.start_up_ms.into());
        Ok(())
    }

    /// Sends commands, each when the one before it is done.
    fn send(&mut self, sequence: InitSequence<'_>) -> Result<(), ErrorOf<B::Error, R, P>> {
        for Step { command, parameters, delay_ms } in sequence.steps_pausing(0) {
            self.wait_while_busy()?;
            let sent = self.bus.command(command, parameters);
            // It may have arrived, even if the bus failed.
            self.delay.delay_ms(u32::from(delay_ms).max(BUSY_AFTER_MS));
            sent.map_err(EpaperError::Bus)?;
        }
        Ok(())
    }

    fn wait_while_busy(&mut self) -> Result<(), ErrorOf<B::Error, R, P>> {
        for _ in 0..=LONGEST_MS / POLL_MS {
            if !self.is_busy()? {
                return Ok(());
            }
            self.delay.delay_ms(POLL_MS);
        }
        Err(EpaperError::StillBusy)
    }

    /// Sets the window where there are any, and begins to fill a memory.
    fn begin_window(&mut self, area: Area, memory: u8) -> Result<(), B::Error> {
        if self.module.has_windows {
            for (command, parameters) in window_commands(&self.module.window(area)) {
                self.bus.command(command, parameters)?;
            }
        }
        self.bus.command(memory, &[])
    }

    fn fill(&mut self, pixels: &[u8]) -> Result<(), B::Error> {
        if !self.memory().is_complemented {
            return self.bus.data(pixels);
        }
        for bytes in pixels.chunks(PIECE) {
            self.bus.data(&complement(bytes)[..bytes.len()])?;
        }
        Ok(())
    }

    fn fill_spare(&mut self) -> Result<(), B::Error> {
        let Some((memory, byte)) = self.module.spare else { return Ok(()) };
        self.begin_window(Area::of_size(self.module.size), memory)?;
        let mut rest = self.module.memory_bytes();
        while rest > 0 {
            let count = rest.min(PIECE);
            self.bus.data(&[byte; PIECE][..count])?;
            rest -= count;
        }
        Ok(())
    }
}

/// The commands that set a [window](Module::window): where it is, and where to begin.
fn window_commands((columns, rows): &([u8; 2], [u8; 4])) -> [(u8, &[u8]); 4] {
    [(COLUMNS, columns), (FIRST_COLUMN, &columns[..1]), (ROWS, rows), (FIRST_ROW, &rows[..2])]
}

/// The complements of the first bytes.
fn complement(bytes: &[u8]) -> [u8; PIECE] {
    let mut complements = [0; PIECE];
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
            window_cost_bytes: u16::from(WINDOW_BYTES) * u16::from(F::PLANES),
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
        let begun = self.begin_window(area, self.memory().command);
        self.note_sent(begun)
    }

    fn write(&mut self, pixels: &[u8]) -> Result<(), Self::Error> {
        let written = self.fill(pixels);
        self.note_sent(written)
    }

    /// Has the memory shown, and does not wait for it.
    fn end_frame(&mut self) -> Result<(), Self::Error> {
        self.wake()?;
        self.phase = Phase::Updating;
        let sent = self.send(self.module.update);
        self.note_busy(sent)
    }
}
