//! A panel that is not there: decodes what a driver sends, keeps the picture, and lists what a data sheet forbids.
//!
//! It stands behind the traits of embedded-hal, so any driver can be tested with it, ours or not. It is no model of the
//! code under test: it starts from bytes and the level of a pin. Everything it hands out shares one state and one clock.

mod decoder;
mod epaper;
mod oled;

use alloc::{boxed::Box, rc::Rc, vec::Vec};
use core::{cell::RefCell, convert::Infallible, error::Error, fmt};

use displayio_core::{Area, Rgb888, Size};
use embedded_hal::{
    delay::DelayNs,
    digital::{self, InputPin, OutputPin},
    i2c,
    spi::{self, Operation, SpiDevice},
};

use self::{decoder::Decoder, epaper::EpaperDecoder, oled::OledDecoder};
pub use self::{
    decoder::{Fault, Glass, Power},
    epaper::EpaperChip,
    oled::Chip,
};
use crate::bus::FourWire;

/// What crossed the bus.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Times that chip select went low and high again, or the display was addressed.
    pub transactions: u64,
    /// Bytes with the pin low.
    pub command_bytes: u64,
    /// Bytes with the pin high.
    pub data_bytes: u64,
    /// Addresses and control bytes of I2C.
    pub overhead_bytes: u64,
}

/// One thing that happened, as the panel saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// A byte with the pin low.
    Command(u8),
    /// Bytes with the pin high, however many transactions they came in.
    Data(Vec<u8>),
    /// The driver waited for so many microseconds, in one or more calls.
    DelayUs(u64),
}

/// The bus failed because the test asked for it, or because the display has another address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BusFailure;

impl fmt::Display for BusFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("bus failure, injected or by a wrong address")
    }
}

impl Error for BusFailure {}

impl spi::Error for BusFailure {
    fn kind(&self) -> spi::ErrorKind {
        spi::ErrorKind::Other
    }
}

impl i2c::Error for BusFailure {
    fn kind(&self) -> i2c::ErrorKind {
        i2c::ErrorKind::NoAcknowledge(i2c::NoAcknowledgeSource::Unknown)
    }
}

/// How long the reset pin must be low.
const RESET_PULSE_US: u64 = 10;

/// What turns bytes into pixels.
trait Controller {
    /// All but the memory is as it was at first, from a time on.
    fn reset(&mut self, now_us: u64);
    /// A byte with the pin low, at a time.
    fn command(&mut self, byte: u8, now_us: u64);
    /// A byte with the pin high.
    fn data(&mut self, byte: u8);
    /// What was wrong, and what is if nothing more comes.
    fn faults(&self) -> Vec<Fault>;
    fn power(&self) -> Power;
    /// Whether it takes no commands, at a time.
    fn is_busy(&self, _: u64) -> bool {
        false
    }
    /// The level of its busy pin while it is busy.
    fn busy_level(&self) -> bool {
        false
    }
    fn color(&self, column: u16, row: u16, glass: Glass) -> Rgb888;
}

/// A panel with its wires, shared by all its clones.
///
/// ```
/// use displayio_core::{Rgb888, Size};
/// use displayio_hal::{bus::DisplayBus, fake::{FakePanel, Fault}};
/// let panel = FakePanel::new(Size::new(4, 4));
/// let mut bus = panel.bus();
/// for (command, parameters) in [(0x11, &[][..]), (0x3a, &[0x55]), (0x29, &[]), (0x2c, &[0xf8, 0x00])] {
///     bus.command(command, parameters).unwrap();
/// }
/// assert_eq!(panel.color(0, 0), Rgb888::new(0xff_0000));
/// // No time was given to wake up.
/// assert_eq!(panel.faults()[0], Fault::TooEarly { command: 0x3a, missing_us: 5000 });
/// ```
#[derive(Clone)]
pub struct FakePanel(Rc<RefCell<State>>);

/// Without its picture and its messages.
impl fmt::Debug for FakePanel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakePanel")
            .field("power", &self.power())
            .field("traffic", &self.traffic())
            .field("faults", &self.faults())
            .finish_non_exhaustive()
    }
}

struct State {
    controller: Box<dyn Controller>,
    glass: Glass,
    data_command: bool,
    clock_us: u64,
    traffic: Traffic,
    messages: Vec<Message>,
    fail_after_bytes: Option<u64>,
    wire_faults: Vec<Fault>,
}

impl FakePanel {
    /// The address of [`i2c`](Self::i2c).
    pub const ADDRESS: u8 = 0x3c;

    /// A MIPI panel whose controller has `memory` pixels, all zero, and whose glass shows all of them as they are.
    #[must_use]
    pub fn new(memory: Size) -> Self {
        Self::of(Box::new(Decoder::new(memory)))
    }

    /// A monochrome or grey panel, whose memory has noise in it.
    #[must_use]
    pub fn oled(chip: Chip) -> Self {
        Self::of(Box::new(OledDecoder::new(chip)))
    }

    /// An e-paper panel, whose memory has noise in it.
    ///
    /// Its [colours](Self::color) are those of the last update, from when it began.
    #[must_use]
    pub fn epaper(chip: EpaperChip) -> Self {
        Self::of(Box::new(EpaperDecoder::new(chip)))
    }

    fn of(controller: Box<dyn Controller>) -> Self {
        Self(Rc::new(RefCell::new(State {
            controller,
            glass: Glass::default(),
            data_command: false,
            clock_us: 0,
            traffic: Traffic::default(),
            messages: Vec::new(),
            fail_after_bytes: None,
            wire_faults: Vec::new(),
        })))
    }

    /// With another glass.
    #[must_use]
    pub fn with_glass(self, glass: Glass) -> Self {
        self.0.borrow_mut().glass = glass;
        self
    }

    /// The SPI device.
    #[must_use]
    pub fn spi(&self) -> FakeSpi {
        FakeSpi(self.clone())
    }

    /// The data/command pin.
    #[must_use]
    pub fn dc(&self) -> FakePin {
        FakePin(self.clone())
    }

    /// The reset pin, which is high.
    #[must_use]
    pub fn reset_pin(&self) -> FakeReset {
        FakeReset { panel: self.clone(), low_since_us: None }
    }

    /// The busy pin, which e-paper has.
    #[must_use]
    pub fn busy_pin(&self) -> FakeBusy {
        FakeBusy(self.clone())
    }

    /// The I2C that the panel is on, at [`ADDRESS`](Self::ADDRESS).
    #[must_use]
    pub fn i2c(&self) -> FakeI2c {
        FakeI2c(self.clone())
    }

    /// A delay that takes no time but moves the panel's clock.
    #[must_use]
    pub fn delay(&self) -> FakeDelay {
        FakeDelay(self.clone())
    }

    /// Device and pin as one bus.
    #[must_use]
    pub fn bus(&self) -> FourWire<FakeSpi, FakePin> {
        FourWire::new(self.spi(), self.dc())
    }

    /// What a pixel of the memory looks like on the glass, with channels and greys of fewer bits widened to 8.
    ///
    /// Column and row are the memory's own, whatever the address mode. Black outside.
    #[must_use]
    pub fn color(&self, column: u16, row: u16) -> Rgb888 {
        let state = self.0.borrow();
        state.controller.color(column, row, state.glass)
    }

    /// The picture in an area of the memory as red, green and blue bytes, row by row: for
    /// [`png::write_rgb`](crate::png::write_rgb) and [`golden::check_rgb`](crate::golden::check_rgb).
    ///
    /// ```
    /// use displayio_core::{Area, Size};
    /// use displayio_hal::{fake::FakePanel, png};
    /// let panel = FakePanel::new(Size::new(240, 320));
    /// let size = Size::new(240, 240); // of a glass on the first rows
    /// let mut file = Vec::new(); // or a `File`
    /// png::write_rgb(&mut file, size, &panel.to_rgb(Area::of_size(size)))?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_rgb(&self, area: Area) -> Vec<u8> {
        let place = |at: i16| u16::try_from(at).unwrap_or(u16::MAX);
        let points = (area.y1..area.y2).flat_map(|y| (area.x1..area.x2).map(move |x| (x, y)));
        points.flat_map(|(x, y)| self.color(place(x), place(y)).channels()).collect()
    }

    /// Whether it is awake and showing.
    #[must_use]
    pub fn power(&self) -> Power {
        self.0.borrow().controller.power()
    }

    /// Whether it takes no commands, as its busy pin tells.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        let state = self.0.borrow();
        state.controller.is_busy(state.clock_us)
    }

    /// What drivers did wrong until now, in order; what was wrong with the reset pin or I2C comes first.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let state = self.0.borrow();
        state.wire_faults.iter().copied().chain(state.controller.faults()).collect()
    }

    /// What crossed the bus until now.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        self.0.borrow().traffic
    }

    /// What happened since the last call.
    #[must_use]
    pub fn take_messages(&self) -> Vec<Message> {
        core::mem::take(&mut self.0.borrow_mut().messages)
    }

    /// The bus fails once, when that many more bytes have arrived. `None` calls it off.
    pub fn fail_after_bytes(&self, bytes: Option<u64>) {
        self.0.borrow_mut().fail_after_bytes = bytes;
    }
}

impl State {
    /// Lets a byte arrive, unless the bus is to fail.
    const fn arrive(&mut self) -> Result<(), BusFailure> {
        match &mut self.fail_after_bytes {
            Some(0) => {
                self.fail_after_bytes = None;
                return Err(BusFailure);
            }
            Some(bytes) => *bytes -= 1,
            None => {}
        }
        Ok(())
    }

    fn receive(&mut self, byte: u8) -> Result<(), BusFailure> {
        self.arrive()?;
        if self.data_command {
            self.traffic.data_bytes += 1;
            self.controller.data(byte);
        } else {
            self.traffic.command_bytes += 1;
            self.controller.command(byte, self.clock_us);
        }
        self.log(byte);
        Ok(())
    }

    fn log(&mut self, byte: u8) {
        match self.messages.last_mut() {
            _ if !self.data_command => self.messages.push(Message::Command(byte)),
            Some(Message::Data(bytes)) => bytes.push(byte),
            _ => self.messages.push(Message::Data(alloc::vec![byte])),
        }
    }

    fn wait(&mut self, us: u64) {
        self.clock_us += us;
        match self.messages.last_mut() {
            Some(Message::DelayUs(before)) => *before += us,
            _ => self.messages.push(Message::DelayUs(us)),
        }
    }
}

/// The SPI device of a [`FakePanel`].
#[derive(Debug)]
pub struct FakeSpi(FakePanel);

impl spi::ErrorType for FakeSpi {
    type Error = BusFailure;
}

impl SpiDevice for FakeSpi {
    fn transaction(&mut self, operations: &mut [Operation<'_, u8>]) -> Result<(), BusFailure> {
        let state = &mut *self.0.0.borrow_mut();
        state.traffic.transactions += 1;
        for operation in operations {
            match operation {
                Operation::Write(bytes) | Operation::Transfer(_, bytes) => {
                    bytes.iter().try_for_each(|&byte| state.receive(byte))?;
                }
                Operation::TransferInPlace(bytes) => {
                    bytes.iter().try_for_each(|&byte| state.receive(byte))?;
                }
                Operation::Read(bytes) => bytes.fill(0),
                Operation::DelayNs(ns) => state.wait(u64::from(*ns) / 1000),
            }
        }
        Ok(())
    }
}

#[cfg(feature = "async")]
impl embedded_hal_async::spi::SpiDevice for FakeSpi {
    async fn transaction(
        &mut self,
        operations: &mut [Operation<'_, u8>],
    ) -> Result<(), BusFailure> {
        SpiDevice::transaction(self, operations)
    }
}

/// The I2C of a [`FakePanel`], which nobody else is on.
#[derive(Debug)]
pub struct FakeI2c(FakePanel);

impl i2c::ErrorType for FakeI2c {
    type Error = BusFailure;
}

/// What the next byte of an I2C transaction is.
#[derive(Clone, Copy)]
enum Expected {
    Control,
    /// A byte, before another control byte or before more of its kind.
    Byte {
        only: bool,
    },
}

impl State {
    /// An I2C byte after the address.
    fn receive_i2c(&mut self, expected: Expected, byte: u8) -> Result<Expected, BusFailure> {
        if let Expected::Byte { only } = expected {
            self.receive(byte)?;
            return Ok(if only { Expected::Control } else { expected });
        }
        self.arrive()?;
        self.traffic.overhead_bytes += 1;
        if byte & 0x3f != 0 {
            self.wire_faults.push(Fault::ControlByte(byte));
        }
        self.data_command = byte & 0x40 != 0;
        Ok(Expected::Byte { only: byte & 0x80 != 0 })
    }
}

impl i2c::I2c for FakeI2c {
    fn transaction(
        &mut self,
        address: u8,
        operations: &mut [i2c::Operation<'_>],
    ) -> Result<(), BusFailure> {
        let state = &mut *self.0.0.borrow_mut();
        if address != FakePanel::ADDRESS {
            return Err(BusFailure);
        }
        state.arrive()?;
        state.traffic.transactions += 1;
        state.traffic.overhead_bytes += 1;
        let mut expected = Expected::Control;
        for operation in operations {
            match operation {
                i2c::Operation::Write(bytes) => {
                    for &byte in *bytes {
                        expected = state.receive_i2c(expected, byte)?;
                    }
                }
                i2c::Operation::Read(bytes) => bytes.fill(0),
            }
        }
        Ok(())
    }
}

#[cfg(feature = "async")]
impl embedded_hal_async::i2c::I2c for FakeI2c {
    async fn transaction(
        &mut self,
        address: u8,
        operations: &mut [i2c::Operation<'_>],
    ) -> Result<(), BusFailure> {
        i2c::I2c::transaction(self, address, operations)
    }
}

/// The data/command pin of a [`FakePanel`].
#[derive(Debug)]
pub struct FakePin(FakePanel);

impl digital::ErrorType for FakePin {
    type Error = Infallible;
}

impl OutputPin for FakePin {
    fn set_low(&mut self) -> Result<(), Infallible> {
        self.0.0.borrow_mut().data_command = false;
        Ok(())
    }

    fn set_high(&mut self) -> Result<(), Infallible> {
        self.0.0.borrow_mut().data_command = true;
        Ok(())
    }
}

/// The reset pin of a [`FakePanel`]. Its memory is kept, everything else is as it was at first.
#[derive(Debug)]
pub struct FakeReset {
    panel: FakePanel,
    /// Since when it is low.
    low_since_us: Option<u64>,
}

impl digital::ErrorType for FakeReset {
    type Error = Infallible;
}

impl OutputPin for FakeReset {
    fn set_low(&mut self) -> Result<(), Infallible> {
        let now_us = self.panel.0.borrow().clock_us;
        self.low_since_us.get_or_insert(now_us);
        Ok(())
    }

    fn set_high(&mut self) -> Result<(), Infallible> {
        if let Some(low_since_us) = self.low_since_us.take() {
            let state = &mut *self.panel.0.borrow_mut();
            let low_us = state.clock_us - low_since_us;
            if low_us < RESET_PULSE_US {
                state.wire_faults.push(Fault::ShortReset { low_us });
            } else {
                state.controller.reset(state.clock_us);
            }
        }
        Ok(())
    }
}

/// The busy pin of a [`FakePanel`].
#[derive(Debug)]
pub struct FakeBusy(FakePanel);

impl digital::ErrorType for FakeBusy {
    type Error = Infallible;
}

impl InputPin for FakeBusy {
    fn is_high(&mut self) -> Result<bool, Infallible> {
        Ok(self.0.is_busy() == self.0.0.borrow().controller.busy_level())
    }

    fn is_low(&mut self) -> Result<bool, Infallible> {
        self.is_high().map(|is_high| !is_high)
    }
}

/// Delays on the clock of a [`FakePanel`].
#[derive(Debug)]
pub struct FakeDelay(FakePanel);

impl DelayNs for FakeDelay {
    fn delay_ns(&mut self, ns: u32) {
        self.delay_us(ns.div_ceil(1000));
    }

    fn delay_us(&mut self, us: u32) {
        self.0.0.borrow_mut().wait(us.into());
    }

    fn delay_ms(&mut self, ms: u32) {
        self.0.0.borrow_mut().wait(u64::from(ms) * 1000);
    }
}

#[cfg(feature = "async")]
impl embedded_hal_async::delay::DelayNs for FakeDelay {
    async fn delay_ns(&mut self, ns: u32) {
        DelayNs::delay_ns(self, ns);
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::bus::{DisplayBus, FourWireError};

    #[test]
    fn it_fails_once_after_the_bytes_asked_for() {
        let panel = FakePanel::new(Size::new(4, 4));
        panel.fail_after_bytes(Some(2));
        let failure = Err(FourWireError::Spi(BusFailure));
        assert_eq!(panel.bus().command(0xb0, &[1, 2, 3]), failure);
        assert_eq!(panel.take_messages(), [Message::Command(0xb0), Message::Data(vec![1])]);
        assert_eq!(panel.bus().command(0xb0, &[1, 2, 3]), Ok(()));
    }

    #[test]
    fn the_reset_pin_resets_if_it_is_low_for_long_enough() {
        let panel = FakePanel::new(Size::new(4, 4));
        let (mut bus, mut reset, mut delay) = (panel.bus(), panel.reset_pin(), panel.delay());
        reset.set_high().unwrap();
        bus.command(0x11, &[]).unwrap();
        delay.delay_ms(5);
        bus.command(0x29, &[]).unwrap();
        bus.command(0x2a, &[0]).unwrap();
        reset.set_low().unwrap();
        delay.delay_us(9);
        reset.set_high().unwrap();
        assert_eq!(panel.power(), Power::On);
        reset.set_low().unwrap();
        delay.delay_us(10);
        reset.set_high().unwrap();
        assert_eq!(panel.power(), Power::Asleep);
        bus.command(0x11, &[]).unwrap();
        let faults = panel.faults();
        let missing_us = 120_000;
        assert_eq!(
            faults,
            [Fault::ShortReset { low_us: 9 }, Fault::TooEarly { command: 0x11, missing_us }],
            "the command that was cut off is forgotten"
        );
    }

    #[test]
    fn delays_are_on_the_record_and_on_the_clock() {
        let panel = FakePanel::new(Size::new(4, 4));
        panel.bus().command(0x11, &[]).unwrap();
        panel.delay().delay_ms(4);
        panel.delay().delay_us(999);
        panel.bus().command(0x29, &[]).unwrap();
        assert_eq!(
            panel.take_messages(),
            [Message::Command(0x11), Message::DelayUs(4999), Message::Command(0x29)]
        );
        assert_eq!(panel.faults(), [Fault::TooEarly { command: 0x29, missing_us: 1 }]);
    }
}
