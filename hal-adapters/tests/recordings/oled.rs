//! Monochrome and grey panels, on the bus that each was recorded on.

use displayio_core::Rotation;
use displayio_hal::{
    bus::{DisplayBus, I2c},
    controllers::{sh1107, ssd1306, ssd1325, ssd1327},
    fake::{Chip, FakeI2c, FakePanel, Message},
    oled::{Module, OledPanel},
};

use crate::{Case, Sent, bytes};

const MONO: [u32; 4] = [0x00_0000, 0x00_0000, 0xff_ffff, 0xff_ffff];
const GREYS: [u32; 4] = [0x00_0000, 0x40_4040, 0xa0_a0a0, 0xff_ffff];

/// How a case was recorded.
struct Driver<const BITS: u8> {
    chip: Chip,
    module: Module<BITS>,
    rotation: Rotation,
    /// Whether it sets the contrast, to the highest at the start.
    has_contrast: bool,
}

impl<const BITS: u8> Driver<BITS> {
    fn check<B>(&self, recording: &'static str, bus: impl Fn(&FakePanel) -> B) -> Vec<Sent>
    where
        B: DisplayBus<Error: core::fmt::Debug>,
    {
        let [reference, ours] = [(); 2].map(|()| FakePanel::oled(self.chip));
        let mut panel = OledPanel::new(bus(&ours), self.module);
        panel.init(&mut ours.delay()).unwrap();
        if self.has_contrast {
            panel.set_contrast(0xff).unwrap();
        }
        let colors = if BITS == 1 { MONO } else { GREYS };
        let (memory, rotation) = (self.chip.memory(), self.rotation);
        let case = Case { recording, reference, ours, memory, colors, rotation };
        let sent = case.check(panel, |panel, contrast| {
            if self.has_contrast {
                panel.set_contrast(contrast).unwrap();
            }
        });
        assert_eq!(sent.len(), 6, "every step but the rotation");
        for Sent { mark, theirs, ours } in &sent {
            assert!(bytes(ours) <= bytes(theirs), "{mark}");
            match *mark {
                "full" => assert_eq!(data(ours), data(theirs), "in one window or in several"),
                "move" => assert_eq!(areas(ours), areas(theirs), "one first or the other"),
                "nothing" | "brightness 0.5" => assert_eq!(ours, theirs, "{mark}"),
                // Less is sent where letters change, and not more than all where all changes.
                _ => assert!(bytes(ours) < bytes(theirs), "{mark}"),
            }
        }
        sent
    }
}

/// The bytes of pixels, however many areas they are sent in.
fn data(messages: &[Message]) -> Vec<u8> {
    areas(messages).into_iter().flat_map(|(_, data)| data).collect()
}

/// The areas that were sent, each with its commands, in the order of these.
fn areas(messages: &[Message]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let (mut areas, mut commands) = (Vec::new(), Vec::new());
    for message in messages {
        match message {
            Message::Command(command) => commands.push(*command),
            Message::Data(data) => areas.push((core::mem::take(&mut commands), data.clone())),
            Message::DelayUs(us) => panic!("a delay of {us} us"),
        }
    }
    areas.sort();
    areas
}

fn i2c(fake: &FakePanel) -> I2c<FakeI2c> {
    I2c::new(fake.i2c(), FakePanel::ADDRESS)
}

const fn upright<const BITS: u8>(chip: Chip, module: Module<BITS>) -> Driver<BITS> {
    Driver { chip, module, rotation: Rotation::Deg0, has_contrast: true }
}

#[test]
fn an_ssd1306_holds_what_the_reference_put_there() {
    upright(Chip::Ssd1306, ssd1306::GLASS_128X32)
        .check(include_str!("bus/ssd1306_128x32_i2c.bus"), i2c);
    upright(Chip::Ssd1306, ssd1306::GLASS_128X64)
        .check(include_str!("bus/ssd1306_128x64_spi.bus"), FakePanel::bus);
}

/// Byte for byte, for each page is addressed by itself there, too.
#[test]
fn an_sh1107_holds_what_the_reference_put_there() {
    let driver = upright(Chip::Sh1107, sh1107::GLASS_128X64);
    let turned = Driver { rotation: Rotation::Deg90, ..driver };
    for sent in [
        driver.check(include_str!("bus/sh1107_128x64_i2c.bus"), i2c),
        turned.check(include_str!("bus/sh1107_64x128_r90.bus"), i2c),
    ] {
        assert_eq!(sent[0].ours, sent[0].theirs, "the full picture");
    }
}

#[test]
fn an_ssd1325_holds_what_the_reference_put_there() {
    upright(Chip::Ssd1325, ssd1325::GLASS_128X64)
        .check(include_str!("bus/ssd1325_128x64.bus"), FakePanel::bus);
}

#[test]
fn an_ssd1327_holds_what_the_reference_put_there() {
    let driver = upright(Chip::Ssd1327, ssd1327::GLASS_128X128);
    Driver { has_contrast: false, ..driver }.check(include_str!("bus/ssd1327_128x128.bus"), i2c);
}
