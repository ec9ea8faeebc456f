//! E-paper.

use displayio_core::{PixelFormat, Rotation, Size};
use displayio_hal::{
    controllers::{acep, il0373, ssd1675, ssd1680},
    epaper::{EpaperPanel, Module},
    fake::{EpaperChip, FakePanel},
    mipi::InitSequence,
};

use crate::{Case, Sent, bytes};

const BLACK_ON_WHITE: [u32; 4] = [0xff_ffff, 0xff_ffff, 0x00_0000, 0x00_0000];
const RED_ON_WHITE: [u32; 4] = [0xff_ffff, 0xff_ffff, 0xff_0000, 0x00_0000];
const GREYS: [u32; 4] = [0x00_0000, 0x40_4040, 0xa0_a0a0, 0xff_ffff];
const INKS: [u32; 4] = [0xff_ffff, 0x00_ff00, 0xff_8000, 0x00_00ff];

fn check<F: PixelFormat>(
    recording: &'static str,
    chip: EpaperChip,
    module: Module<F>,
    rotation: Rotation,
    colors: [u32; 4],
) {
    let [reference, ours] = [(); 2].map(|()| FakePanel::epaper(chip));
    let panel = EpaperPanel::new(ours.bus(), ours.delay(), module)
        .with_reset(ours.reset_pin())
        .with_busy(ours.busy_pin());
    let case = Case { recording, reference, ours, memory: chip.memory(), colors, rotation };
    let sent = case.check(panel, |_, _| {});
    assert_eq!(sent.len(), 5, "every step but the rotation");
    for Sent { mark, theirs, ours } in sent {
        assert!(bytes(&ours) <= bytes(&theirs), "{mark}");
        assert_eq!(bytes(&ours) == 0, mark == "nothing", "{mark}");
    }
}

#[test]
fn an_ssd1675_shows_what_the_reference_shows() {
    let recording = include_str!("bus/ssd1675_250x122.bus");
    let module = ssd1675::GLASS_122X250;
    check(recording, EpaperChip::Ssd1675, module, Rotation::Deg90, BLACK_ON_WHITE);
}

#[test]
fn an_ssd1680_shows_what_the_reference_shows() {
    let recording = include_str!("bus/ssd1680_250x122_red.bus");
    let module = ssd1680::RED_GLASS_122X250;
    check(recording, EpaperChip::Ssd1680, module, Rotation::Deg270, RED_ON_WHITE);
}

#[test]
fn an_il0373_shows_what_the_reference_shows() {
    let recording = include_str!("bus/il0373_152x152_red.bus");
    let module = il0373::RED_GLASS_152X152;
    check(recording, EpaperChip::Il0373, module, Rotation::Deg0, RED_ON_WHITE);
    let recording = include_str!("bus/il0373_128x296_gray.bus");
    let module = il0373::GREY_GLASS_128X296;
    check(recording, EpaperChip::Il0373, module, Rotation::Deg270, GREYS);
}

/// The recording has a glass of fewer pixels than its driver told the controller.
#[test]
fn seven_inks_are_what_the_reference_shows() {
    let recording = include_str!("bus/acep7in_64x48.bus");
    let update = InitSequence::checked(&[0x12, 1, 0x00]);
    let module = Module::whole(acep::GLASS_800X480.format(), Size::new(64, 48), acep::START)
        .starting_up_in_ms(1000)
        .updated_by(update);
    check(recording, EpaperChip::Acep, module, Rotation::Deg0, INKS);
}
