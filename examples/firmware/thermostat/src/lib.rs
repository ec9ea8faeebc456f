//! A room thermostat for a panel of 128 by 64 pixels: what it shows, and what its buttons do.
//!
//! It knows no board and no heap, and takes any format of pixels. On the desktop,
//! `cargo run -p displayio-examples --bin thermostat -- target/thermostat` writes its pictures; the packages beside this one
//! are boards that run it.
#![no_std]
#![forbid(unsafe_code)]

mod curve;
mod error;
mod event;
mod flame;
mod tenths;

use core::cell::Cell;

use displayio_core::{
    Anchor, FONT_6X12, Heap, Image, Label, Palette, PixelFormat, Rectangle, Size, TileGrid,
    impl_node,
};

use self::{curve::Curve, flame::FLAMES, tenths::Tenths};
pub use self::{
    error::Error,
    event::{Event, UnknownEvent},
};

/// The panel that it is made for.
pub const PANEL: Size = Size::new(128, 64);

/// An evening, as [events](Event) between spaces: for the desktop, and for tests of boards.
pub const EVENING: &str = include_str!("evening.txt");

/// Temperatures that can be asked for, in tenths of a degree, and how far a button goes.
const TARGETS: (i16, i16) = (160, 235);
const STEP: i16 = 5;

/// The greys of text, of the bar, and of what the bar lies on.
const TEXT: u32 = 0xaa_aaaa;
const BAR: u16 = 12;
const TROUGH: u16 = 3;
const BAR_WIDTH: u16 = 32;

/// Sixteen greys, by their number.
///
/// # Errors
/// [`Error::Memory`].
pub fn greys_in<C: PixelFormat>(heap: Heap<'_>) -> Result<Palette<'_, C>, Error> {
    let greys = Palette::new_in(16, heap)?;
    (0..16).try_for_each(|grey: u16| greys.set(grey, u32::from(grey) * 0x11_1111))?;
    Ok(greys)
}

/// The instrument: a node to show, and the state behind it.
#[derive(Debug)]
pub struct Thermostat<'a, 'm, C> {
    /// In tenths of a degree, as is the target.
    measured: Cell<Option<i16>>,
    target: Cell<i16>,
    is_on: Cell<bool>,
    reading: Label<'static, 'm>,
    unit: Label<'static, 'm>,
    wanted: Label<'static, 'm>,
    flame: TileGrid<&'static Image, &'a Palette<'m, C>>,
    trough: Rectangle<&'a Palette<'m, C>>,
    bar: Rectangle<&'a Palette<'m, C>>,
    curve: Curve<'a, 'm, C>,
}

impl_node!(<'a, 'm, C> Thermostat<'a, 'm, C> {
    reading: Label<'static, 'm>,
    unit: Label<'static, 'm>,
    wanted: Label<'static, 'm>,
    flame: TileGrid<&'static Image, &'a Palette<'m, C>>,
    trough: Rectangle<&'a Palette<'m, C>>,
    bar: Rectangle<&'a Palette<'m, C>>,
    curve: Curve<'a, 'm, C>,
});

impl<'a, 'm, C: PixelFormat> Thermostat<'a, 'm, C> {
    /// An instrument that is on, wants 20 degrees, and has measured nothing. All the memory that it will ever need comes
    /// from `heap`, here: 1.7 KiB, most of it for the curve.
    ///
    /// # Errors
    /// [`Error::Memory`].
    pub fn new_in(greys: &'a Palette<'m, C>, heap: Heap<'m>) -> Result<Self, Error> {
        let text = |glyphs| Label::new_in(&FONT_6X12, glyphs, heap);
        let block = |width| Rectangle::new(greys, width, 4).at(94, 32);
        let thermostat = Self {
            measured: Cell::new(None),
            target: Cell::new(200),
            is_on: Cell::new(true),
            reading: text(4)?.scaled(3).anchored(Anchor::RIGHT, 74, 18),
            unit: text(1)?.colored(TEXT, None).at(76, 10),
            wanted: text(4)?.colored(TEXT, None).anchored(Anchor::CENTER, 110, 24),
            flame: TileGrid::new(&FLAMES, greys).tiles(16, 16).at(102, 1),
            trough: block(BAR_WIDTH).color(TROUGH),
            bar: block(0).color(BAR),
            curve: Curve::new_in(greys, heap)?,
        };
        thermostat.reading.set_text("--.-")?;
        thermostat.unit.set_text("C")?;
        thermostat.show_target()?;
        Ok(thermostat)
    }

    /// Takes note of what happened. What it changes on the panel is sent by the next refresh.
    ///
    /// # Errors
    /// [`Error`]; what could not be shown stays as it was.
    pub fn handle(&self, event: Event) -> Result<(), Error> {
        match event {
            Event::Measured(tenths) => self.measure(tenths)?,
            Event::Up => self.aim(STEP)?,
            Event::Down => self.aim(-STEP)?,
            Event::Power => {
                self.is_on.set(!self.is_on.get());
                self.show_target()?;
            }
        }
        self.show_power();
        Ok(())
    }

    /// How strongly to heat, in percent: all there is from a degree below the target on, nothing above it.
    #[must_use]
    pub fn power(&self) -> u16 {
        match self.measured.get() {
            Some(measured) if self.is_on.get() => {
                (self.target.get() - measured).clamp(0, 10).unsigned_abs() * 10
            }
            _ => 0,
        }
    }

    fn measure(&self, tenths: i16) -> Result<(), Error> {
        // What four characters can tell.
        let tenths = tenths.clamp(-99, 999);
        self.measured.set(Some(tenths));
        self.reading.set_text(Tenths(tenths))?;
        self.curve.push(tenths)
    }

    fn aim(&self, by: i16) -> Result<(), Error> {
        if self.is_on.get() {
            self.target.set((self.target.get() + by).clamp(TARGETS.0, TARGETS.1));
        }
        self.show_target()
    }

    fn show_target(&self) -> Result<(), Error> {
        let target = self.is_on.get().then(|| self.target.get());
        self.curve.mark(target);
        match target {
            Some(target) => self.wanted.set_text(Tenths(target))?,
            None => self.wanted.set_text("off")?,
        }
        Ok(())
    }

    fn show_power(&self) {
        let power = self.power();
        self.bar.set_size(BAR_WIDTH * power / 100, 4);
        self.flame.set_tile(power.div_ceil(50));
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use core::mem::MaybeUninit;
    use std::format;

    use displayio_allocators::LinkedListHeap;
    use displayio_core::Rgb565;

    use super::*;

    /// Power after events, starting at a target of 20.0.
    fn power_after(events: &str) -> u16 {
        let mut region = [MaybeUninit::uninit(); 4096];
        let heap = LinkedListHeap::new(&mut region);
        let greys: Palette<'_, Rgb565> = greys_in(&heap).unwrap();
        let thermostat = Thermostat::new_in(&greys, &heap).unwrap();
        for event in events.split_whitespace() {
            thermostat.handle(event.parse().unwrap()).unwrap();
        }
        thermostat.power()
    }

    #[test]
    fn it_heats_while_it_is_on_and_colder_than_wanted() {
        assert_eq!(power_after(""), 0, "nothing was measured");
        assert_eq!(power_after("150"), 100);
        assert_eq!(power_after("197"), 30);
        assert_eq!(power_after("197 up"), 80);
        assert_eq!(power_after("197 down"), 0);
        assert_eq!(power_after("150 power"), 0);
        assert_eq!(power_after("150 power power"), 100);
        assert_eq!(power_after("197 power up power"), 30, "buttons do nothing while it is off");
    }

    #[test]
    fn targets_have_limits() {
        let downs = ["down"; 20].join(" ");
        assert_eq!(power_after(&format!("157 {downs}")), 30, "16.0");
        let ups = ["up"; 20].join(" ");
        assert_eq!(power_after(&format!("232 {ups}")), 30, "23.5");
    }

    #[test]
    fn no_measurement_is_too_strange() {
        assert_eq!(power_after("-32768"), 100);
        assert_eq!(power_after("32767 197"), 30);
        assert_eq!("hot".parse::<Event>(), Err(UnknownEvent));
        assert_eq!("32768".parse::<Event>(), Err(UnknownEvent));
    }
}
