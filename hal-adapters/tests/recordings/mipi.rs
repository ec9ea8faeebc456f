//! Colour panels.

use displayio_core::{Rgb565, Rotation, Size};
use displayio_hal::{
    controllers::{st7735, st7789},
    fake::{FakePanel, Glass},
    mipi::{InitSequence, MipiPanel, Module},
};

use crate::{Case, Sent, bytes};

const COLORS: [u32; 4] = [0x00_0000, 0x20_40c0, 0xff_8000, 0xff_ffff];

fn check(
    recording: &'static str,
    (memory, glass): (Size, Glass),
    (init, module): (InitSequence<'_>, Module),
    rotation: Rotation,
) {
    let [reference, ours] = [(); 2].map(|()| FakePanel::new(memory).with_glass(glass));
    let mut panel = MipiPanel::new(ours.bus(), module, Rgb565);
    panel.init(init, &mut ours.delay()).unwrap();
    let case = Case { recording, reference, ours, memory, colors: COLORS, rotation };
    let sent = case.check(panel, |_, _| {});
    assert_eq!(sent.len(), 6, "every step but the rotation");
    for Sent { mark, theirs, ours } in sent {
        assert!(bytes(&ours) <= bytes(&theirs), "{mark}");
    }
}

fn check_st7735(recording: &'static str) {
    let module = Module::new(Size::new(40, 80)).mirrored(true, true);
    let memory = (st7735::MEMORY, Glass::default());
    check(recording, memory, (st7735::INIT, module), Rotation::Deg270);
}

#[test]
fn an_st7789_holds_what_the_reference_put_there() {
    let module = Module::new(Size::new(48, 64)).starting_at(53, 40).mirrored(true, true).inverted();
    let memory = (st7789::MEMORY, Glass { inverted: true, bgr: false });
    let recording = include_str!("bus/st7789_r90_off.bus");
    check(recording, memory, (st7789::INIT, module), Rotation::Deg90);
}

#[test]
fn an_st7735_holds_what_the_reference_put_there() {
    check_st7735(include_str!("bus/st7735r_80x40_bgr.bus"));
}

/// The comparison can fail: one pixel of another colour is noticed.
#[test]
#[should_panic(expected = "full: ")]
fn a_wrong_pixel_is_noticed() {
    let recording = include_str!("bus/st7735r_80x40_bgr.bus");
    check_st7735(recording.replacen("2218*8 0000*8", "2218*7 0000*9", 1).leak());
}
