//! Colours that move while the pixels stay.

use displayio_core::{Palette, PixelFormat, Rgb888};

use super::{art::logo, assets::STAR_PALETTES, motion::Clock, script::Phase};

const CYCLING: [Phase; 2] = [Phase::Everything, Phase::Palettes];

/// A palette whose first value is transparent, with the given colours behind it.
fn paint<C: PixelFormat>(palette: &Palette<'_, C>, colors: impl IntoIterator<Item = u32>) {
    let _ = palette.set_transparent(0, true);
    for (index, color) in (1..).zip(colors) {
        let _ = palette.set(index, color);
    }
}

/// Colour `from` and `to`, mixed: `part` out of `whole` of the second.
fn mix(from: u32, to: u32, part: u8, whole: u8) -> u32 {
    let (from, to) = (Rgb888::new(from).channels(), Rgb888::new(to).channels());
    let (part, whole) = (i32::from(part), i32::from(whole.max(1)));
    let [red, green, blue] = core::array::from_fn(|i| {
        let (a, b) = (i32::from(from[i]), i32::from(to[i]));
        u8::try_from(a + (b - a) * part / whole).unwrap_or(0)
    });
    Rgb888::from_channels(red, green, blue).value()
}

/// Light runs over the word mark.
pub(super) fn shine<C: PixelFormat>(palette: &Palette<'_, C>, clock: Clock) {
    const GOLD: [u32; logo::STEPS as usize] = [
        0xff_8a3a, 0xff_923c, 0xff_9d42, 0xff_aa4b, 0xff_bb5c, 0xff_ce76, 0xff_e09a, 0xff_f2d0,
        0xff_ffff, 0xff_f2d0, 0xff_e09a, 0xff_ce76, 0xff_bb5c, 0xff_aa4b, 0xff_9d42, 0xff_923c,
    ];
    let turned = GOLD.len() - clock.ticks(&CYCLING) as usize % GOLD.len();
    let letters = GOLD.into_iter().cycle().skip(turned).take(GOLD.len());
    paint(palette, core::iter::once(0x12_0d26).chain(letters));
}

/// Glints run over the water.
pub(super) fn flow<C: PixelFormat>(palette: &Palette<'_, C>, clock: Clock) {
    const STILL: [u32; 7] =
        [0xb8_fff0, 0x4f_d0d8, 0x1f_a0b8, 0x18_7fa0, 0x14_5f86, 0x12_4570, 0x10_2f5a];
    const GLINTS: [u32; 8] =
        [0xe8_fffb, 0x9f_f3ea, 0x4f_d0d8, 0x1f_a0b8, 0x1f_a0b8, 0x1f_a0b8, 0x4f_d0d8, 0x9f_f3ea];
    let turned = GLINTS.len() - clock.ticks(&CYCLING) as usize / 2 % GLINTS.len();
    paint(palette, STILL.into_iter().chain(GLINTS.into_iter().cycle().skip(turned).take(8)));
}

/// Energy runs through the bar.
pub(super) fn glow<C: PixelFormat>(palette: &Palette<'_, C>, clock: Clock) {
    const ENERGY: [u8; 8] = [0, 1, 2, 3, 4, 3, 2, 1];
    let turned = ENERGY.len() - clock.ticks(&CYCLING) as usize % ENERGY.len();
    let energy = ENERGY.into_iter().cycle().skip(turned).take(ENERGY.len());
    let colors = energy.map(|level| mix(0x14_8070, 0xa0_f0a0, level, 4));
    paint(palette, [0x57_468c, 0x12_0d26].into_iter().chain(colors));
}

/// Stars grow bright and dim, those of one palette at a time.
pub(super) fn twinkle<C: PixelFormat>(palettes: &[Palette<'_, C>; STAR_PALETTES], clock: Clock) {
    const LIGHT: [u8; 8] = [4, 3, 2, 1, 0, 1, 2, 3];
    const SKY: u32 = 0x46_5c86;
    let ticks = clock.ticks(&[Phase::Everything, Phase::Palettes, Phase::Twinkling]) as usize;
    for (number, palette) in palettes.iter().enumerate() {
        let step = (ticks + number) / STAR_PALETTES + 3 * number;
        let light = LIGHT[step % LIGHT.len()];
        let tip = mix(SKY, 0x8f_a8e8, light, 8);
        let arm = mix(SKY, 0xcf_dcff, light + 1, 6);
        let heart = mix(0xa8_bcf0, 0xff_ffff, light, 4);
        paint(palette, [tip, arm, heart]);
    }
}
