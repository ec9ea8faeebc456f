//! Monochrome and grey panels, on the bus that each was recorded on.

use displayio_core::Rotation;
use displayio_hal::{
    bus::{DisplayBus, I2c},
    controllers::{sh1107, ssd1306, ssd1325, ssd1327},
    fake::{BusFailure, Chip, FakePanel},
    oled::{Module, OledPanel},
};

use crate::{Case, Sent};

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
        for Sent { mark, theirs, ours } in &sent {
            println!("{mark}: {} {}", Sent::bytes(ours), Sent::bytes(theirs));
            println!("{ours:x?}");
        }
        sent
    }
}

fn i2c(fake: &FakePanel) -> I2c<displayio_hal::fake::FakeI2c> {
    I2c::new(fake.i2c(), FakePanel::ADDRESS)
}

#[test]
fn ssd1306_i2c() {
    Driver {
        chip: Chip::Ssd1306,
        module: ssd1306::GLASS_128X32,
        rotation: Rotation::Deg0,
        has_contrast: true,
    }
    .check(include_str!("bus/ssd1306_128x32_i2c.bus"), i2c);
}
#[test]
fn ssd1306_spi() {
    Driver {
        chip: Chip::Ssd1306,
        module: ssd1306::GLASS_128X64,
        rotation: Rotation::Deg0,
        has_contrast: true,
    }
    .check(include_str!("bus/ssd1306_128x64_spi.bus"), FakePanel::bus);
}
#[test]
fn sh1107_i2c() {
    Driver {
        chip: Chip::Sh1107,
        module: sh1107::GLASS_128X64,
        rotation: Rotation::Deg0,
        has_contrast: true,
    }
    .check(include_str!("bus/sh1107_128x64_i2c.bus"), i2c);
}
#[test]
fn sh1107_i2c_90() {
    Driver {
        chip: Chip::Sh1107,
        module: sh1107::GLASS_128X64,
        rotation: Rotation::Deg90,
        has_contrast: true,
    }
    .check(include_str!("bus/sh1107_64x128_r90.bus"), i2c);
}
#[test]
fn ssd1325() {
    Driver {
        chip: Chip::Ssd1325,
        module: ssd1325::GLASS_128X64,
        rotation: Rotation::Deg0,
        has_contrast: true,
    }
    .check(include_str!("bus/ssd1325_128x64.bus"), FakePanel::bus);
}
#[test]
fn ssd1327() {
    Driver {
        chip: Chip::Ssd1327,
        module: ssd1327::GLASS_128X128,
        rotation: Rotation::Deg0,
        has_contrast: false,
    }
    .check(include_str!("bus/ssd1327_128x128.bus"), i2c);
}
