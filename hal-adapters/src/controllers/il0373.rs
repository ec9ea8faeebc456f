//! IL0373: e-paper of up to 160x296 pixels, black, white and red or four greys, 1.54 to 2.9 inch, SPI.

use displayio_core::{BitOrder, Luma, Planar, Size, Tricolor};

use super::BLACK_WHITE_RED;
use crate::{
    epaper::{Memory, Module},
    mipi::InitSequence,
};

const START_BYTES: usize = 33;

/// What differs where ink is moved as registers say, rather than as the controller has it.
struct Mode {
    drive_voltage: u8,
    panel: u8,
    border: u8,
    clock: u8,
}

const THREE_INKS: Mode = Mode { drive_voltage: 0x09, panel: 0xcf, border: 0x77, clock: 0x29 };
const FOUR_GREYS: Mode = Mode { drive_voltage: 0x13, panel: 0xbf, border: 0x57, clock: 0x3c };

/// The same commands and delays as in CircuitPython's driver.
#[rustfmt::skip]
const fn start(mode: &Mode, size: Size) -> [u8; START_BYTES] {
    let [_, width] = size.width.to_be_bytes();
    let [high, low] = size.height.to_be_bytes();
    [
        0x01, 5, 0x03, 0x00, 0x2b, 0x2b, mode.drive_voltage, // power
        0x06, 3, 0x17, 0x17, 0x17, // booster
        0x04, 0x80, 200, // power on
        0x00, 1, mode.panel,
        0x50, 1, mode.border,
        0x30, 1, mode.clock,
        0x61, 3, width, high, low, // resolution
        0x82, 0x81, 0x12, 50, // common voltage
    ]
}

/// How the common electrode, and ink of each grey, are moved: the first bytes of registers 0x20 to 0x24; the others are 0.
#[rustfmt::skip]
const WAVES: [[u8; 24]; 5] = [
    [
        0x00, 0x0a, 0x00, 0x00, 0x00, 0x01, 0x60, 0x14, 0x14, 0x00, 0x00, 0x01,
        0x00, 0x14, 0x00, 0x00, 0x00, 0x01, 0x00, 0x13, 0x0a, 0x01, 0x00, 0x01,
    ],
    [
        0x40, 0x0a, 0x00, 0x00, 0x00, 0x01, 0x90, 0x14, 0x14, 0x00, 0x00, 0x01,
        0x10, 0x14, 0x0a, 0x00, 0x00, 0x01, 0xa0, 0x13, 0x01, 0x00, 0x00, 0x01,
    ],
    [
        0x40, 0x0a, 0x00, 0x00, 0x00, 0x01, 0x90, 0x14, 0x14, 0x00, 0x00, 0x01,
        0x00, 0x14, 0x0a, 0x00, 0x00, 0x01, 0x99, 0x0c, 0x01, 0x03, 0x04, 0x01,
    ],
    [
        0x40, 0x0a, 0x00, 0x00, 0x00, 0x01, 0x90, 0x14, 0x14, 0x00, 0x00, 0x01,
        0x00, 0x14, 0x0a, 0x00, 0x00, 0x01, 0x99, 0x0b, 0x04, 0x04, 0x01, 0x01,
    ],
    [
        0x80, 0x0a, 0x00, 0x00, 0x00, 0x01, 0x90, 0x14, 0x14, 0x00, 0x00, 0x01,
        0x20, 0x14, 0x0a, 0x00, 0x00, 0x01, 0x50, 0x13, 0x01, 0x00, 0x00, 0x01,
    ],
];
const FIRST_WAVE: u8 = 0x20;
const WAVE_BYTES: u8 = 42;
const GREY_START_BYTES: usize = START_BYTES + WAVES.len() * (2 + WAVE_BYTES as usize);

const fn grey_start(size: Size) -> [u8; GREY_START_BYTES] {
    let mut bytes = [0; GREY_START_BYTES];
    let (head, mut rest) = bytes.split_at_mut(START_BYTES);
    head.copy_from_slice(&start(&FOUR_GREYS, size));
    let (mut register, mut waves) = (FIRST_WAVE, WAVES.as_slice());
    while let ([wave, below @ ..], [command, count, parameters @ ..]) = (waves, rest) {
        (*command, *count) = (register, WAVE_BYTES);
        parameters.split_at_mut(wave.len()).0.copy_from_slice(wave);
        rest = parameters.split_at_mut(WAVE_BYTES as usize).1;
        (register, waves) = (register + 1, below);
    }
    bytes
}

/// Border and common voltage as they are without power, and power off.
const POWER_OFF: InitSequence<'static> =
    InitSequence::checked(&[0x50, 1, 0x17, 0x82, 1, 0x00, 0x02, 0x80, 100]);

const fn red(size: Size, start: &'static [u8]) -> Module<Planar<Tricolor>> {
    Module::whole(BLACK_WHITE_RED, size, InitSequence::checked(start))
        .with_memories([Memory::new(0x10), Memory::new(0x13).complemented()])
        .powered_off_by(POWER_OFF)
}

const SIZE_152X152: Size = Size::new(152, 152);
const SIZE_104X212: Size = Size::new(104, 212);
const SIZE_128X296: Size = Size::new(128, 296);

/// 1.54 inch, black, white and red.
pub const RED_GLASS_152X152: Module<Planar<Tricolor>> =
    red(SIZE_152X152, &start(&THREE_INKS, SIZE_152X152));
/// 2.13 inch, black, white and red.
pub const RED_GLASS_104X212: Module<Planar<Tricolor>> =
    red(SIZE_104X212, &start(&THREE_INKS, SIZE_104X212));
/// 2.9 inch, black, white and red.
pub const RED_GLASS_128X296: Module<Planar<Tricolor>> =
    red(SIZE_128X296, &start(&THREE_INKS, SIZE_128X296));
/// 2.9 inch, black and white, in four greys.
pub const GREY_GLASS_128X296: Module<Planar<Luma<2>>> = Module::whole(
    Planar { code: Luma::new(), order: BitOrder::HighFirst },
    SIZE_128X296,
    InitSequence::checked(&grey_start(SIZE_128X296)),
)
.with_memories([Memory::new(0x13), Memory::new(0x10)])
.powered_off_by(POWER_OFF);
