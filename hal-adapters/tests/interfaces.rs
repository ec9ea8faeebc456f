//! Panels over interfaces of other crates: the same bytes as over our own buses.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up fails")]

#[path = "support/awaited.rs"]
mod awaited;

use ::mipidsi::interface::SpiInterface;
use ::ssd1306::{I2CDisplayInterface, prelude::SPIInterface};
use awaited::ready;
use displayio_core::{Display, Group, Rgb565};
use displayio_hal::{
    bus::{DisplayBus, DisplayInterface, I2c, MipidsiInterface},
    controllers::{ili9341, ssd1327},
    fake::{Chip, FakePanel, Message, Power},
    mipi::MipiPanel,
    oled::OledPanel,
};

/// What is sent to start a panel and to fill it.
fn colour<B: DisplayBus<Error: core::fmt::Debug>>(bus: impl Fn(&FakePanel) -> B) -> Vec<Message> {
    let fake = FakePanel::new(ili9341::MEMORY);
    let mut panel = MipiPanel::new(bus(&fake), ili9341::GLASS_240X320, Rgb565);
    panel.init(ili9341::INIT, &mut fake.delay()).unwrap();
    let mut buffer = [0; 4096];
    Display::new(panel, &mut buffer).refresh(&Group::new(())).unwrap();
    assert_eq!((fake.faults(), fake.power()), (vec![], Power::On), "it is on");
    fake.take_messages()
}

#[test]
fn colour_panels_are_sent_the_same() {
    let ours = colour(FakePanel::bus);
    let interface = |fake: &FakePanel| SPIInterface::new(fake.spi(), fake.dc());
    assert!(colour(|fake| DisplayInterface::new(interface(fake))) == ours);
    let mipidsi = |fake: &FakePanel| {
        MipidsiInterface::new(SpiInterface::new(fake.spi(), fake.dc(), vec![0; 64].leak()))
    };
    assert!(colour(mipidsi) == ours);
}

/// One command of this controller has 15 parameters.
fn grey<B: DisplayBus<Error: core::fmt::Debug>>(bus: impl Fn(&FakePanel) -> B) -> Vec<Message> {
    let fake = FakePanel::oled(Chip::Ssd1327);
    let mut panel = OledPanel::new(bus(&fake), ssd1327::GLASS_128X128);
    panel.init(&mut fake.delay()).unwrap();
    let mut buffer = [0; 4096];
    Display::new(panel, &mut buffer).refresh(&Group::new(())).unwrap();
    assert_eq!((fake.faults(), fake.power()), (vec![], Power::On), "it is on");
    fake.take_messages()
}

#[test]
fn grey_panels_are_sent_the_same() {
    let ours = grey(|fake| I2c::new(fake.i2c(), FakePanel::ADDRESS));
    assert!(grey(|fake| DisplayInterface::new(I2CDisplayInterface::new(fake.i2c()))) == ours);
    let interface = |fake: &FakePanel| SPIInterface::new(fake.spi(), fake.dc());
    assert!(grey(|fake| DisplayInterface::new(interface(fake))) == ours);
}

#[test]
fn awaited_interfaces_are_sent_the_same() {
    let fake = FakePanel::oled(Chip::Ssd1327);
    let bus = DisplayInterface::new(I2CDisplayInterface::new(fake.i2c()));
    let mut panel = OledPanel::new(bus, ssd1327::GLASS_128X128);
    ready(panel.init_async(&mut fake.delay())).unwrap();
    let mut buffer = [0; 4096];
    ready(Display::new(panel, &mut buffer).refresh_async(&Group::new(()))).unwrap();
    assert!(fake.take_messages() == grey(|fake| I2c::new(fake.i2c(), FakePanel::ADDRESS)));

    let fake = FakePanel::new(ili9341::MEMORY);
    let bus = DisplayInterface::new(SPIInterface::new(fake.spi(), fake.dc()));
    let mut panel = MipiPanel::new(bus, ili9341::GLASS_240X320, Rgb565);
    ready(panel.init_async(ili9341::INIT, &mut fake.delay())).unwrap();
    ready(Display::new(panel, &mut buffer).refresh_async(&Group::new(()))).unwrap();
    assert!(fake.take_messages() == colour(FakePanel::bus));
}

#[test]
fn errors_of_interfaces_are_told() {
    let fake = FakePanel::new(ili9341::MEMORY);
    fake.fail_after_bytes(Some(1));
    let mut bus = DisplayInterface::new(SPIInterface::new(fake.spi(), fake.dc()));
    let error = bus.command(0x36, &[0]).unwrap_err();
    assert_eq!(error.to_string(), "display interface: BusWriteError");
    fake.fail_after_bytes(Some(0));
    let mut buffer = [0; 64];
    let mut bus = MipidsiInterface::new(SpiInterface::new(fake.spi(), fake.dc(), &mut buffer));
    let error = bus.command(0x36, &[0]).unwrap_err();
    assert_eq!(error.to_string(), "display interface: Spi(BusFailure)");
}
