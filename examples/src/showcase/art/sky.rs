//! What hangs in the sky.

use super::{Inks, Picture};

/// Planet, ring and moon.
pub(in crate::showcase) const INKS: Inks = Inks {
    legend: ".abcdefrst",
    colors: [
        0x00_0000, 0x2d_1b4e, 0x5a_2a6e, 0x9c_3f78, 0xdb_6a6c, 0xf7_a072, 0xff_d8a0, 0x6f_6aa8,
        0xa9_b0e0, 0xe8_ecff, 0, 0, 0, 0, 0, 0,
    ],
};

/// 29x17 pixels.
pub(in crate::showcase) const PLANET: Picture = &[
    ".............................",
    "............dddcb............",
    "..........deeeddcca..........",
    ".........efffffeedca.........",
    "........efffffeedcbaatttttss.",
    "........fffffeeddbbaa..rrtts.",
    ".......effeeeedccbaaaa..rtss.",
    "......sdeeededdcdcbaaa.rtss..",
    "....strddededdddccbaarrts....",
    "..sstr.ceedeeddccbarrts......",
    ".sstr..bdeddddbbrrtssa.......",
    ".sttrr..dddcrrttssaaa........",
    ".ssttttttttsssaaaaaaa........",
    ".........ababaaaaaaa.........",
    "..........aaaaaaaaa..........",
    "............aaaaa............",
    ".............................",
];

/// 7x7 pixels.
pub(in crate::showcase) const MOON: Picture = &[
    "..ttt..", //
    ".tttss.", "tttssss", "ttssssr", "tssssrr", ".sssrr.", "..srr..",
];

/// 5x5 pixels of 2 bits: nothing, tip, arm, heart.
pub(in crate::showcase) const STAR: [&str; 5] = ["..1..", "..2..", "12321", "..2..", "..1.."];
